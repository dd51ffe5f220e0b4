"""Count every question again in DuckDB: its marks, totals, account and rows, by SQL instead of by pandas.

The SQL is rendered from the question, never taken from a receipt: what a receipt holds is compared, and not run. Which
questions a figure has, it says itself; every answer is counted here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import duckdb
import pandas as pd

from iww_analysis.analysis import sql
from iww_analysis.analysis.answer import Answer, StudyTables, shared_by
from iww_analysis.analysis.overlap import Settled
from iww_analysis.analysis.question import Question
from iww_analysis.messages.errors import fail
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Table
from iww_analysis.verify.evidence import SqlTypes

Keys = tuple[str, ...]  # the values of a mark's keys, in the order of its question
Values = dict[str, Any]  # number -> its value; one that is missing is left out
RowPlaces = list[tuple[str, str, int]]  # source, source_id, row

_TYPES = {"date": "TIMESTAMP", "integer": "BIGINT"}
_ACCOUNTS = {
    "sources": dict.fromkeys(("source", "source_id", "encoding", "delimiter"), "VARCHAR"),
    "changes": {**dict.fromkeys(("source", "table", "column", "rule"), "VARCHAR"), "n": "BIGINT"},
    "set_aside": {
        **dict.fromkeys(("source", "source_id", "file", "sheet", "heading", "rule", "severity"), "VARCHAR"),
        "source_row": "BIGINT",
    },
}


def _columns(table: Table) -> dict[str, str]:
    kinds = {column.name: column.kind for column in table} | {"source_row": "integer"}
    return {name: _TYPES.get(kinds.get(name, ""), "VARCHAR") for name in table.stored}


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

    def only(self, kept: Collection[Keys]) -> "Recounted":
        """The same with these marks alone."""
        return replace(self, marks={keys: values for keys, values in self.marks.items() if keys in kept})


class Recount(StudyTables):
    """The processed tables of some sources in DuckDB: each question is counted once, whatever figures ask it."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, sources: Collection[str], settled: tuple[Settled, ...] = ()
    ) -> None:
        self.settled = settled
        self.connection, self._sources = connection, tuple(sorted(sources))
        self._counted: dict[str, Recounted] = {}  # shared, as what follows, with the same tables of fewer sources
        self._filled: dict[str, frozenset[str]] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.columns(table, TABLES[table].stored)

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def only(self, sources: Collection[str]) -> "Recount":
        """The same tables of these sources alone."""
        chosen = copy(self)
        chosen._sources = tuple(sorted({*sources} & {*self._sources}))
        return chosen

    def sources_of(self, table: str) -> frozenset[str]:
        """Name the sources that have rows in a table."""
        if table not in self._filled:
            self._filled[table] = frozenset(str(s) for (s,) in self._rows(f'SELECT DISTINCT source FROM "{table}"'))
        return self._filled[table] & {*self._sources}

    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        """Give some columns of a table, of the types in which they are built."""
        columns = ", ".join(f'"{name}"' for name in names)
        text = f'SELECT {columns} FROM "{table}" WHERE list_contains(?, source)'
        answer: Any = self.connection.sql(text, params=[list(self._sources)])
        frame: pd.DataFrame = answer.to_arrow_table().to_pandas()
        return frame.astype({c.name: "Int64" for c in TABLES[table] if c.name in names and c.kind == "integer"})

    def answer(self, question: Question) -> Answer:
        """Give the answer to a question; refuses two sources that share the label of a mark."""
        question = self.as_asked(question)
        counted = self.counted(question, self._sources)
        for n in (question.by.index(key) for key in shared_by(question) if "source" not in question.by):
            pairs = {(keys[n], source) for keys, places in counted.places.items() for source, _, _ in places}
            if len(pairs) > len({label for label, _ in pairs}):
                raise fail("labels_shared", key=", ".join(question.by), labels="…", sources=", ".join(self._sources))
        marks = [(*keys, *map(values.get, question.statistics)) for keys, values in counted.marks.items()]
        days = [key for key in question.by if key in question.derive and question.derive[key].is_number]
        numbers = pd.DataFrame(marks, columns=[*question.by, *question.statistics]).astype(dict.fromkeys(days, "int64"))
        totals = pd.DataFrame([*counted.totals.items()], columns=[question.by[0], question.unit])
        return Answer(question, numbers, totals, counted.n_in, counted.n_out, counted.left_out)

    def counted(self, question: Question, sources: Sequence[str]) -> Recounted:
        """Count a question again over these sources."""
        filled = tuple(source for source in sources if source in self.sources_of(question.table)) or (*sources, "")
        key = f"{filled} {question}"
        if key not in self._counted:
            self._counted[key] = self._count(question, filled)
        return replace(self._counted[key], sql=sql.render(question, sources))

    def _rows(self, text: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(text).fetchall()

    def _count(self, question: Question, sources: Sequence[str]) -> Recounted:
        text, n, marks = sql.render(question, sources), len(question.by), dict[Keys, Values]()
        for row in self._rows(text):
            numbers = zip(question.statistics, row[n:], strict=True)
            marks[tuple(map(str, row[:n]))] = {name: value for name, value in numbers if value is not None}
        totals = {str(first): int(units) for first, units in self._rows(sql.render_totals(question, sources))}
        places: dict[Keys, RowPlaces] = {keys: [] for keys in marks}
        for row in self._rows(sql.render_places(question, sources)):
            places[tuple(map(str, row[:n]))].append((row[n], row[n + 1], int(row[n + 2])))
        # units that were asked for, that count, and that do not per reason; what was never asked for is in none of them
        (left,) = self._rows(sql.render_account(question, sources))
        n_in, left_out = int(left[0]), dict[str, int]()
        for condition, before, after in zip(question.where, left, left[1:], strict=False):
            if condition.reason == "not_asked":
                n_in -= before - after
            else:
                left_out[condition.reason] = left_out.get(condition.reason, 0) + before - after
        return Recounted(question, text, _with_zeros(question, marks), totals, n_in, int(left[-1]), left_out, places)


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
