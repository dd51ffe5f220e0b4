"""Keep what one session needs to trace many marks: the study, the questions asked of it and the raw files that are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import Question
from iww_analysis.analysis.stored_tables import Stored, Wanted
from iww_analysis.analysis.study import Study, recorded_in
from iww_analysis.commands import build
from iww_analysis.commands.deliveries import read_crosswalk
from iww_analysis.commands.source_sheets import sheet_finder
from iww_analysis.figures.declaration import Entry
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed.long_tables import LongTables
from iww_analysis.tracing.source_sheet import FindSheet
from iww_analysis.tracing.trace import Trace, entry_of, traced

LONG = 200_000  # rows from which tables are not held
Sought = tuple[tuple[str, str], ...]
State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Desk:
    """What lies ready to trace marks of some sources; see `desk`."""

    home: Home
    sources: tuple[str, ...]
    _findings: dict[tuple[str, Sought], Finding] = field(default_factory=dict)

    @cached_property
    def study(self) -> Study:
        """The sources as one study; where they are long, tables that answer questions where they lie."""
        return self._stored(lambda _: True) if self._long else build.load(self.home, self.sources)

    @cached_property
    def _ledgers(self) -> dict[str, Any]:
        return {source: files.read_json(self.home.processed(source) / "ledger.json") for source in self.sources}

    @cached_property
    def _long(self) -> bool:
        kept: list[int] = [sheet["rows_kept"] for told in self._ledgers.values() for sheet in told["sheets"]]
        return sum(kept) > LONG

    def _stored(self, wanted: Wanted) -> Study:
        """The study with tables that answer the questions wanted of them."""
        origins = {source: build.origin_of(self.home, source) for source in self.sources}
        recorded = {source: recorded_in(told) for source, told in self._ledgers.items()}
        sheets = {source: list(told["sheets"]) for source, told in self._ledgers.items()}
        tables = Stored(self._tables, self.sources, wanted, self._apart)
        return Study(tables, origins, recorded, sheets, self._accounts)

    @cached_property
    def _apart(self) -> dict[str, set[str]]:
        """Table -> the columns to which crosswalks give a constant beside a heading."""
        found: dict[str, set[str]] = {}
        for source in self.sources:
            for sheet in read_crosswalk(self.home, source).sheets:
                for target in (target for targets in sheet.columns.values() for target in targets):
                    found.setdefault(target.table, set()).update(name for name, _ in target.constants)
        return found

    @cached_property
    def _tables(self) -> LongTables:
        return LongTables({source: self.home.processed(source) for source in self.sources})

    @cached_property
    def _accounts(self) -> dict[str, pd.DataFrame]:
        """The accounts that tracing looks at."""
        return {"changes": self._tables.frame("SELECT * FROM changes", ["changes"])}

    @cached_property
    def find_sheet(self) -> FindSheet:
        """The raw files, each opened once."""
        return sheet_finder(self.home)

    def trace(self, figure: str, mark: Mapping[str, str], *, internal: bool = False) -> Trace:
        """Trace a mark, or all marks that share these keys."""
        entry = entry_of(figure)
        sought = _sought(entry, mark) if self._long else ()
        study = self._stored(partial(_is_wanted, dict(sought))) if sought else self.study
        finding = self._finding(entry, study, sought)
        return traced(finding, entry, study, self.find_sheet, mark, internal=internal)

    def _finding(self, entry: Entry, study: Study, sought: Sought) -> Finding:
        """The answer to the question of a figure, counted once; of a long study as far as a mark with these keys asks for."""
        if (entry.id, sought) not in self._findings:
            self._findings[entry.id, sought] = entry.ask(study)
        return self._findings[entry.id, sought]


def _sought(entry: Entry, mark: Mapping[str, str]) -> Sought:
    """What of a mark decides which questions are asked: its part, its keys, and the field that a question is of."""
    told = {key: value if key in ("part", "field") else "" for key, value in mark.items()}
    return tuple(sorted(told.items())) if entry.is_separable else ()


def _is_wanted(sought: Mapping[str, str], question: Question) -> bool:
    """Whether a question can have the mark that is sought."""
    given = {key: rule.of[0] for key, rule in question.derive.items() if rule.kind == "given"} | {"part": question.name}
    return all(key in (*question.by, "part") and value in ("", given.get(key, value)) for key, value in sought.items())


_IN_USE: dict[
    tuple[Path, tuple[str, ...], State], Desk
] = {}  # the desk that was used last, by what its files were then


def desk(home: Home, sources: Sequence[str]) -> Desk:
    """Give the desk for some sources: the one in use while no file changed in length or time, else a new one.

    What changed since the last build is built first.
    """
    sources = tuple(sources)
    key = (home.path, sources, _state(home, sources))
    if key not in _IN_USE:
        build.ensure_built(home, sources)
        _IN_USE.clear()
        key = (home.path, sources, _state(home, sources))
        _IN_USE[key] = Desk(home, sources)
    return _IN_USE[key]


def _state(home: Home, sources: Sequence[str]) -> State:
    """The length and time of every file that an answer rests on."""
    found = [path for source in sources for path in (
        home.crosswalk(source), *sorted((home.raw / source).glob("*/*")), *sorted(home.processed(source).glob("*"))
    )]  # fmt: skip
    told = ((path, path.stat()) for path in found if path.is_file())
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in told)


def of_report(home: Home, name: str) -> tuple[tuple[str, ...], bool]:
    """The sources of a report and whether it is internal; where there is no such report, all sources and not."""
    manifest = home.report(name) / "manifest.json"
    told = files.read_json(manifest) if manifest.exists() else {}
    return tuple(told.get("sources") or home.sources()), bool(told.get("internal"))
