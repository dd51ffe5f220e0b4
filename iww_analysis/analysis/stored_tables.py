"""Answer questions of tables that are too long to hold, in SQL where they lie: the same questions, the same answers.

Everything is worked out when it is asked for, so that tracing one mark does not wait for the rest of its figure.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Protocol

import pandas as pd

from iww_analysis.analysis.answer import Answer, Change, StudyTables, complete, refuse_shared_labels, shared_by
from iww_analysis.analysis.overlap import Settled
from iww_analysis.analysis.question import PROVENANCE, Question, account, looked_at, refuse_missing_keys
from iww_analysis.analysis.questions.fragments import ABOUT, VOICE
from iww_analysis.analysis.sql import quoted, render, render_account, render_rows, render_totals
from iww_analysis.tables import TABLES
from iww_analysis.tables.contract import empty


class Database(Protocol):
    """What answers SQL of the processed tables of some sources."""

    def rows_of(self, table: str) -> Mapping[str, int]:
        """How many rows each source has in a table; a source without such a table is left out."""

    def frame(self, sql: str, tables: Sequence[str], **given: pd.DataFrame) -> pd.DataFrame:
        """Give the answer. `tables` are named in the SQL; `given` are frames that it names too."""


Wanted = Callable[[Question], bool]


class StoredTables(StudyTables):
    """The tables of some sources as they lie in `data/processed`.

    `wanted` says of which questions numbers are sought; `apart`: table -> columns that tell its records in a row apart.
    """

    def __init__(
        self, tables: Database, sources: Collection[str], wanted: Wanted, apart: Mapping[str, Collection[str]],
        settled: tuple[Settled, ...] = (),
    ) -> None:  # fmt: skip
        self.settled = settled
        self._tables, self._sources, self.wanted, self._apart = tables, tuple(sorted(sources)), wanted, apart

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.columns(name, TABLES[name].stored)

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def sources_of(self, table: str) -> frozenset[str]:
        return frozenset(s for s, n in self._tables.rows_of(table).items() if n and s in self._sources)

    def only(self, sources: Collection[str]) -> "StoredTables":
        return StoredTables(self._tables, set(sources) & set(self._sources), self.wanted, self._apart, self.settled)

    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        if not self.sources_of(table):
            return empty(TABLES[table])[list(names)]
        named = ", ".join(f'"{name}"' for name in names)
        return self._tables.frame(f'SELECT {named} FROM "{table}" WHERE source IN ({self._listed})', [table])

    def alike(self, table: str, wanted: pd.DataFrame) -> pd.DataFrame:
        if not self.sources_of(table):
            return empty(TABLES[table])
        same = " AND ".join(f't."{name}" IS NOT DISTINCT FROM w."{name}"' for name in wanted)
        sql = f'SELECT t.* FROM "{table}" t SEMI JOIN wanted w ON {same} WHERE t.source IN ({self._listed})'
        return self._tables.frame(sql, [table], wanted=wanted)

    def answer(self, question: Question) -> Answer:
        return StoredAnswer(self.as_asked(question), self)

    def rows(self, question: Question, mark: Mapping[str, str]) -> pd.DataFrame:
        joined = {name for join in question.joins for name in join.columns}
        names = [*question.by, *PROVENANCE, *(name for _, _, name in looked_at(question))]
        names += [name for join in question.joins for name in join.on]
        apart = [name for name in self._apart.get(question.table, ()) if name not in joined]
        words = [f"{name}_raw" for name in names]
        known = {*TABLES[question.table].stored, *joined, *question.derive}
        voices = [*VOICE, *ABOUT] if {"perspective", "element"} <= known else []
        columns = [name for name in dict.fromkeys([*names, *apart, *words, *voices]) if name in known]
        if not self.sources_of(question.table):
            return pd.DataFrame(columns=columns)
        return self.ask(question, partial(render_rows, columns=columns, mark=mark))

    def labels(self, question: Question, key: str) -> pd.DataFrame:
        return self.ask(replace(self.as_asked(question), by=(key, "source"), numbers={}, levels={}), render)

    def ask(self, question: Question, how: Callable[[Question, Sequence[str]], str]) -> pd.DataFrame:
        """Ask a question in one of the ways of `sql.py`."""
        tables = [question.table, *(join.table for join in question.joins)]
        tables += ["cases", "case_persons"] if question.settled else []
        without = {name: empty(TABLES[name]) for name in tables if not self._tables.rows_of(name)}
        sql = how(question, sorted(self.sources_of(question.table)))
        return self._tables.frame(sql, [name for name in tables if name not in without], **without)

    @property
    def _listed(self) -> str:
        return ", ".join(map(quoted, self._sources))


class StoredAnswer(Answer):
    """One question with its answer, of which each part is counted when it is asked for; no numbers where none are sought."""

    _tables: StoredTables
    _change: Change | None

    def __init__(self, question: Question, tables: StoredTables, change: Change | None = None) -> None:
        vars(self).update(question=question, _tables=tables, _change=change)

    def with_numbers(self, change: Change) -> Answer:
        return StoredAnswer(self.question, self._tables, change)

    @cached_property
    def _sources(self) -> frozenset[str]:
        return self._tables.sources_of(self.question.table)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        question = self.question
        if not self._sources or not self._tables.wanted(question):
            return pd.DataFrame(columns=[*question.by, *question.statistics])
        if "source" not in question.by and len(self._sources) > 1:
            for key in shared_by(question):
                of_key = replace(question, by=(key,), numbers={}, levels={})
                refuse_shared_labels(of_key, self._tables.labels(question, key))
        counted = self._tables.ask(question, render)
        refuse_missing_keys(question, counted)
        numbers = complete(question, counted)
        return self._change(numbers) if self._change else numbers

    @cached_property
    def totals(self) -> pd.DataFrame:
        names = [self.question.by[0], self.question.unit]
        if not self._sources:
            return pd.DataFrame(columns=names)
        return self._tables.ask(self.question, render_totals).set_axis(names, axis=1)

    @cached_property
    def _remaining(self) -> list[int]:
        """The units before any condition, after the first, after the first two, and so on."""
        if not self._sources:
            return [0] * (len(self.question.where) + 1)
        return [int(n) for n in self._tables.ask(self.question, render_account).iloc[0]]

    @property
    def n_in(self) -> int:
        return account(self.question, self._remaining)[0]

    @property
    def n_out(self) -> int:
        return self._remaining[-1]

    @property
    def left_out(self) -> Mapping[str, int]:
        return account(self.question, self._remaining)[1]
