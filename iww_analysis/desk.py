"""Keep what one session needs to trace many marks: the study, the questions asked of it and the raw files that are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from iww_analysis import build
from iww_analysis.answering import Stored
from iww_analysis.figures.catalogue import Entry
from iww_analysis.io import files
from iww_analysis.io.home import Home
from iww_analysis.io.long_tables import LongTables
from iww_analysis.raw_rows import Reader, raw_reader
from iww_analysis.schema.finding import Finding
from iww_analysis.study import Study, recorded_in
from iww_analysis.trace import Trace, entry_of, traced

LONG = 200_000  # rows from which tables are not held
GIVEN = ("field", "event", "at_least", "voice")  # keys that have one value per question: of a long study one is asked
State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Desk:
    """What lies ready to trace marks of some sources; see `desk`."""

    home: Home
    sources: tuple[str, ...]
    _findings: dict[tuple[str, str], Finding] = field(default_factory=dict)

    @cached_property
    def study(self) -> Study:
        """The sources as one study; where they are long, tables that answer questions where they lie."""
        return self._stored({}) if self._long else build.load(self.home, self.sources)

    @cached_property
    def _ledgers(self) -> dict[str, Any]:
        return {source: files.read_json(self.home.processed(source) / "ledger.json") for source in self.sources}

    @cached_property
    def _long(self) -> bool:
        kept: list[int] = [sheet["rows_kept"] for told in self._ledgers.values() for sheet in told["sheets"]]
        return sum(kept) > LONG

    def _stored(self, mark: Mapping[str, str]) -> Study:
        """The study with tables that are asked for a mark."""
        origins = {source: build.origin_of(self.home, source) for source in self.sources}
        recorded = {source: recorded_in(told) for source, told in self._ledgers.items()}
        sheets = {source: list(told["sheets"]) for source, told in self._ledgers.items()}
        return Study(Stored(self._tables, self.sources, mark), origins, recorded, sheets, self._accounts)

    @cached_property
    def _tables(self) -> LongTables:
        return LongTables({source: self.home.processed(source) for source in self.sources})

    @cached_property
    def _accounts(self) -> dict[str, pd.DataFrame]:
        """The accounts that tracing looks at."""
        return {"changes": self._tables.frame("SELECT * FROM changes", ["changes"])}

    @cached_property
    def reader(self) -> Reader:
        """The raw files, each opened once."""
        return raw_reader(self.home)

    def trace(self, figure: str, mark: Mapping[str, str], *, internal: bool = False) -> Trace:
        """Trace a mark, or all marks that share these keys."""
        entry = entry_of(figure)
        sought = {key: value for key, value in mark.items() if key in GIVEN} if self._long else {}
        study = self._stored(sought) if sought else self.study
        finding = self._finding(entry, study, ",".join(f"{key}={value}" for key, value in sorted(sought.items())))
        return traced(finding, entry, study, self.reader, mark, internal=internal)

    def _finding(self, entry: Entry, study: Study, given: str) -> Finding:
        """The answer to the question of a figure, counted once; of a long study as far as the mark asks for."""
        if (entry.id, given) not in self._findings:
            self._findings[entry.id, given] = entry.ask(study)
        return self._findings[entry.id, given]


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
