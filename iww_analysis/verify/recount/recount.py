"""Count every question again in DuckDB: its marks, totals, account and rows, by SQL instead of by pandas.

The SQL is rendered from the question, never taken from a receipt: what a receipt holds is compared, and not run.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import duckdb

from iww_analysis.analysis import sql
from iww_analysis.analysis.question import Question
from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed import database
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Table

Keys = tuple[str, ...]  # the values of a mark's keys, in the order of its question
Values = dict[str, Any]  # number -> its value; one that is missing is left out
Places = list[tuple[str, str, int]]  # source, source_id, row

_ACCOUNTS = {
    "sources": dict.fromkeys(("source", "source_id", "encoding", "delimiter"), "VARCHAR"),
    "changes": {**dict.fromkeys(("source", "table", "column", "rule"), "VARCHAR"), "n": "BIGINT"},
    "set_aside": dict.fromkeys(("source", "file", "sheet", "heading", "rule", "severity"), "VARCHAR"),
}
_TYPES = {"date": "TIMESTAMP", "integer": "BIGINT"}


@dataclass(frozen=True)
class Counted:
    """One question as SQL answers it. `totals`: units per value of the first key; `places`: mark -> its rows."""

    question: Question
    sql: str
    marks: Mapping[Keys, Values]
    totals: Mapping[str, int]
    n_in: int
    n_out: int
    left_out: Mapping[str, int]
    places: Mapping[Keys, Places]

    def only(self, kept: set[Keys]) -> "Counted":
        """The same with these marks alone."""
        return replace(self, marks={keys: values for keys, values in self.marks.items() if keys in kept})


@contextmanager
def opened(home: Home, sources: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database that holds the processed tables of these sources, and the accounts of their build."""
    columns = {name: _columns(table) for name, table in TABLES.items()} | _ACCOUNTS
    with database.opened([home.processed(source) for source in sources], columns) as connection:
        yield connection


def _columns(table: Table) -> dict[str, str]:
    types = {column.name: _TYPES.get(column.kind, "VARCHAR") for column in table} | {"source_row": "BIGINT"}
    return {name: types.get(name, "VARCHAR") for name in table.stored}


def counted(connection: duckdb.DuckDBPyConnection, question: Question, sources: Sequence[str]) -> Counted:
    """Count one question again over these sources."""
    text = sql.render(question, sources)
    n, names = len(question.by), list(question.statistics)
    marks = {_keys(row[:n]): _values(names, row[n:]) for row in _rows(connection, text)}
    totals = {str(first): int(units) for first, units in _rows(connection, sql.render_totals(question, sources))}
    places: dict[Keys, Places] = {keys: [] for keys in marks}
    for row in _rows(connection, sql.render_places(question, sources)):
        places[_keys(row[:n])].append((row[n], row[n + 1], int(row[n + 2])))
    n_in, n_out, left_out = _account(connection, question, sources)
    return Counted(question, text, _with_zeros(question, marks), totals, n_in, n_out, left_out, places)


def _rows(connection: duckdb.DuckDBPyConnection, text: str) -> list[tuple[Any, ...]]:
    return connection.execute(text).fetchall()


def _keys(values: Sequence[object]) -> Keys:
    return tuple(map(str, values))


def _values(names: Sequence[str], values: Sequence[object]) -> Values:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _account(
    connection: duckdb.DuckDBPyConnection, question: Question, sources: Sequence[str]
) -> tuple[int, int, dict[str, int]]:
    """Units that were asked for, that count, and that do not per reason; what was never asked for is in none of them."""
    (left,) = _rows(connection, sql.render_account(question, sources))
    n_in, left_out = int(left[0]), dict[str, int]()
    for condition, before, after in zip(question.where, left, left[1:], strict=False):
        if condition.reason == "not_asked":
            n_in -= before - after
        else:
            left_out[condition.reason] = left_out.get(condition.reason, 0) + before - after
    return n_in, int(left[-1]), left_out


def _with_zeros(question: Question, marks: Mapping[Keys, Values]) -> dict[Keys, Values]:
    """Add the agreed groups that count nothing, for every combination of the other keys that occurs."""
    counts = [name for name, statistic in question.statistics.items() if statistic.kind != "first"]
    if not question.levels or not counts or not marks:
        return dict(marks)
    others = [n for n, key in enumerate(question.by) if key not in question.levels]
    found = dict[Keys, Values]()
    for own in {tuple(keys[n] for n in others) for keys in marks}:
        given = dict(zip(others, own, strict=True))
        for keys in product(
            *([given[n]] if n in given else _levels(question, n, marks) for n in range(len(question.by)))
        ):
            if _in_order(question, keys):
                found[keys] = marks.get(keys, dict.fromkeys(counts, 0))
    return found


def _levels(question: Question, n: int, marks: Mapping[Keys, Values]) -> list[str]:
    """The agreed values of a key, and those that occur beside them."""
    return list(dict.fromkeys([*question.levels[question.by[n]], *(keys[n] for keys in marks)]))


def _in_order(question: Question, keys: Keys) -> bool:
    """Whether of two keys the one stands before the other, where the question asks so: no pair is there twice."""
    value = dict(zip(question.by, keys, strict=True))
    pairs = [(c.column, str(c.values[0])) for c in question.where if c.test == "before"]
    return all(value[one] < value[other] for one, other in pairs if one in value and other in value)
