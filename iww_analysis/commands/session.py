"""Keep what one session needs to trace many marks: the study, the answers to its questions and the raw files that are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any

import pandas as pd

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import Question
from iww_analysis.analysis.stored_tables import StoredTables, Wanted
from iww_analysis.analysis.study import Study, recorded_in
from iww_analysis.commands import build
from iww_analysis.commands.deliveries import read_crosswalk
from iww_analysis.commands.source_sheets import sheet_finder
from iww_analysis.figures.declaration import Entry
from iww_analysis.io.disk.home import FileState, Home, file_states
from iww_analysis.io.processed.inputs import ledger_of
from iww_analysis.io.processed.long_tables import LongTables
from iww_analysis.tracing.source_sheet import FindSheet
from iww_analysis.tracing.trace import Trace, entry_of, trace

LONG = 200_000  # rows from which tables are not held
Sought = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Session:
    """What lies ready to trace marks of some sources; see `open_session`."""

    home: Home
    sources: tuple[str, ...]
    _findings: dict[tuple[str, Sought], Finding] = field(default_factory=dict)

    def trace(self, figure: str, mark: Mapping[str, str], *, internal: bool = False) -> Trace:
        """Trace a mark, or all marks that share these keys."""
        entry = entry_of(figure)
        sought = _sought(entry, mark) if self._is_long else ()
        study = self._long_study(partial(_is_wanted, dict(sought))) if sought else self.study
        finding = self._finding(entry, study, sought)
        return trace(finding, entry, study, self.find_sheet, mark, internal=internal)

    def _finding(self, entry: Entry, study: Study, sought: Sought) -> Finding:
        """The answer to the question of a figure, counted once; of a long study as far as a mark with these keys asks for."""
        if (entry.id, sought) not in self._findings:
            self._findings[entry.id, sought] = entry.ask(study)
        return self._findings[entry.id, sought]

    @cached_property
    def study(self) -> Study:
        """The sources as one study; where they are long, with tables that answer questions where they lie."""
        return self._long_study(lambda _: True) if self._is_long else build.load(self.home, self.sources)

    @cached_property
    def find_sheet(self) -> FindSheet:
        """The raw files, each opened once."""
        return sheet_finder(self.home)

    @cached_property
    def _ledgers(self) -> dict[str, Mapping[str, Any]]:
        return {source: ledger_of(self.home, source) for source in self.sources}

    @cached_property
    def _is_long(self) -> bool:
        return sum(int(sheet["rows_kept"]) for ledger in self._ledgers.values() for sheet in ledger["sheets"]) > LONG

    def _long_study(self, wanted: Wanted) -> Study:
        """The study with tables that answer the questions wanted of them; of its accounts only what tracing looks at."""
        return Study(
            StoredTables(self._database, self.sources, wanted, self._columns_apart),
            {source: build.origin_of(self.home, source) for source in self.sources},
            {source: recorded_in(ledger) for source, ledger in self._ledgers.items()},
            {source: list(ledger["sheets"]) for source, ledger in self._ledgers.items()},
            {"changes": self._changes},
        )

    @cached_property
    def _database(self) -> LongTables:
        return LongTables({source: self.home.processed(source) for source in self.sources})

    @cached_property
    def _columns_apart(self) -> dict[str, set[str]]:
        """Table -> the columns to which crosswalks give a constant beside a heading: they tell records of one row apart."""
        columns: dict[str, set[str]] = {}
        for source in self.sources:
            for sheet in read_crosswalk(self.home, source).sheets:
                for target in (target for targets in sheet.columns.values() for target in targets):
                    columns.setdefault(target.table, set()).update(name for name, _ in target.constants)
        return columns

    @cached_property
    def _changes(self) -> pd.DataFrame:
        return self._database.frame("SELECT * FROM changes", ["changes"])


def _sought(entry: Entry, mark: Mapping[str, str]) -> Sought:
    """What of a mark decides which questions are asked: its part, its keys, and the field that a question is of."""
    keys = {key: value if key in ("part", "field") else "" for key, value in mark.items()}
    return tuple(sorted(keys.items())) if entry.is_separable else ()


def _is_wanted(sought: Mapping[str, str], question: Question) -> bool:
    """Whether a question can have the mark that is sought."""
    given = {key: rule.of[0] for key, rule in question.derive.items() if rule.kind == "given"} | {"part": question.name}
    return all(key in (*question.by, "part") and value in ("", given.get(key, value)) for key, value in sought.items())


def open_session(home: Home, sources: Sequence[str]) -> Session:
    """Give the session of some sources: the one in use while no file changed in length or time, else a new one.

    What changed since the last build is built first.
    """
    sources = tuple(sources)
    _build(home, sources, file_states(home, sources))
    return _session(home, sources, file_states(home, sources))


@lru_cache(maxsize=1)
def _build(home: Home, sources: tuple[str, ...], _states: tuple[FileState, ...]) -> None:
    build.ensure_built(home, sources)


@lru_cache(maxsize=1)
def _session(home: Home, sources: tuple[str, ...], _states: tuple[FileState, ...]) -> Session:
    return Session(home, sources)
