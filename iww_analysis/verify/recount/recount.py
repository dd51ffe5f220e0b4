"""Count every question again in DuckDB: its marks, totals, account and rows, by SQL instead of by pandas.

The SQL is rendered from the question, never taken from a receipt: what a receipt holds is compared, and not run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import duckdb
import pandas as pd

from iww_analysis.analysis import sql
from iww_analysis.analysis.question import Question
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Table
from iww_analysis.verify.evidence import SqlTypes

Keys = tuple[str, ...]  # the values of a mark's keys, in the order of its question
Values = dict[str, Any]  # number -> its value; one that is missing is left out
RowPlaces = list[tuple[str, str, int]]  # source, source_id, row

_ACCOUNTS = {
    "sources": dict.fromkeys(("source", "source_id", "encoding", "delimiter"), "VARCHAR"),
    "changes": {**dict.fromkeys(("source", "table", "column", "rule"), "VARCHAR"), "n": "BIGINT"},
    "set_aside": dict.fromkeys(("source", "file", "sheet", "heading", "rule", "severity"), "VARCHAR"),
}
_TYPES = {"date": "TIMESTAMP", "integer": "BIGINT"}


def _columns(table: Table) -> dict[str, str]:
    types = {column.name: _TYPES.get(column.kind, "VARCHAR") for column in table} | {"source_row": "BIGINT"}
    return {name: types.get(name, "VARCHAR") for name in table.stored}


# Every processed table and account of a build, with the types of their columns in SQL.
TYPES_OF_COLUMNS: Mapping[str, SqlTypes] = {name: _columns(table) for name, table in TABLES.items()} | _ACCOUNTS


@dataclass(frozen=True)
class Recounted:
    """One question as SQL answers it. `totals`: units per value of the first key; `places`: mark -> its rows."""

    question: Question
    sql: str
    marks: Mapping[Keys, Values]
    totals: Mapping[str, int]
    n_in: int
    n_out: int
    left_out: Mapping[str, int]
    places: Mapping[Keys, RowPlaces]

    def only(self, kept: set[Keys]) -> "Recounted":
        """The same with these marks alone."""
        return replace(self, marks={keys: values for keys, values in self.marks.items() if keys in kept})


class Recount:
    """The processed tables of a report's sources in DuckDB: each question is counted once, whatever figures ask it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._counted: dict[str, Recounted] = {}
        self._sources: dict[str, frozenset[str]] = {}

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """Answer SQL."""
        return self.connection.execute(text).fetchall()

    def sources_of(self, table: str) -> frozenset[str]:
        """The sources that have rows in a table."""
        if table not in self._sources:
            rows = self.rows(f'SELECT DISTINCT source FROM "{table}"')
            self._sources[table] = frozenset(str(source) for (source,) in rows)
        return self._sources[table]

    def frame(self, table: str, names: Sequence[str], sources: Sequence[str]) -> pd.DataFrame:
        """Some columns of a table for some sources, of the types in which they are built."""
        columns = ", ".join(f'"{name}"' for name in names)
        text = f'SELECT {columns} FROM "{table}" WHERE list_contains(?, source)'
        answer: Any = self.connection.sql(text, params=[list(sources)])
        frame: pd.DataFrame = answer.to_arrow_table().to_pandas()
        return frame.astype(
            {column.name: "Int64" for column in TABLES[table] if column.name in names and column.kind == "integer"}
        )

    def counted(self, question: Question, sources: Sequence[str]) -> Recounted:
        """Count a question again over these sources."""
        filled = tuple(source for source in sources if source in self.sources_of(question.table)) or (*sources, "")
        key = f"{filled} {question}"
        if key not in self._counted:
            self._counted[key] = self._count(question, filled)
        return replace(self._counted[key], sql=sql.render(question, sources))

    def _count(self, question: Question, sources: Sequence[str]) -> Recounted:
        text, n, marks = sql.render(question, sources), len(question.by), dict[Keys, Values]()
        for row in self.rows(text):
            numbers = zip(question.statistics, row[n:], strict=True)
            marks[_keys(row[:n])] = {name: value for name, value in numbers if value is not None}
        totals = {str(first): int(units) for first, units in self.rows(sql.render_totals(question, sources))}
        places: dict[Keys, RowPlaces] = {keys: [] for keys in marks}
        for row in self.rows(sql.render_places(question, sources)):
            places[_keys(row[:n])].append((row[n], row[n + 1], int(row[n + 2])))
        # units that were asked for, that count, and that do not per reason; what was never asked for is in none of them
        (left,) = self.rows(sql.render_account(question, sources))
        n_in, left_out = int(left[0]), dict[str, int]()
        for condition, before, after in zip(question.where, left, left[1:], strict=False):
            if condition.reason == "not_asked":
                n_in -= before - after
            else:
                left_out[condition.reason] = left_out.get(condition.reason, 0) + before - after
        return Recounted(question, text, _with_zeros(question, marks), totals, n_in, int(left[-1]), left_out, places)


def _keys(values: Sequence[object]) -> Keys:
    return tuple(map(str, values))


def _with_zeros(question: Question, marks: Mapping[Keys, Values]) -> dict[Keys, Values]:
    """Add the agreed groups that count nothing, for every combination of the other keys that occurs.

    Of two keys of which the question asks that one stands before the other, no pair is there twice.
    """
    counts = [name for name, statistic in question.statistics.items() if statistic.kind != "first"]
    if not question.levels or not counts or not marks:
        return dict(marks)
    place = {key: n for n, key in enumerate(question.by)}
    others = [n for key, n in place.items() if key not in question.levels]
    levels = {  # the agreed values of a key, and those that occur beside them
        n: list(dict.fromkeys([*question.levels[key], *(keys[n] for keys in marks)]))
        for key, n in place.items() if key in question.levels
    }  # fmt: skip
    before = [(c.column, str(c.values[0])) for c in question.where if c.test == "before"]
    pairs = [(place[one], place[other]) for one, other in before if one in place and other in place]
    filled = dict[Keys, Values]()
    for combination in sorted({tuple(keys[n] for n in others) for keys in marks}):
        values = {**levels, **{n: [value] for n, value in zip(others, combination, strict=True)}}
        for keys in product(*(values[n] for n in range(len(question.by)))):
            if all(keys[one] < keys[other] for one, other in pairs):
                filled[keys] = marks.get(keys, dict.fromkeys(counts, 0))
    return filled
