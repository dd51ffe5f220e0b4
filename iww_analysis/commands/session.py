"""Keep what one session needs to trace many marks: the study, the answers to its questions and the raw files that are open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import pandas as pd

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.overlap import settled_by
from iww_analysis.analysis.question import Question
from iww_analysis.analysis.stored_tables import StoredTables, Wanted
from iww_analysis.analysis.study import Study, recorded_in
from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.commands import build
from iww_analysis.commands.build import open_file, read_crosswalk
from iww_analysis.commands.shown_counts import kept
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.toml_lines import line_numbers
from iww_analysis.figures.declaration import Entry
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import FileState, Home, file_states, read_origin
from iww_analysis.io.formats import record_lookup
from iww_analysis.io.processed import inputs
from iww_analysis.io.processed.database import LongTables
from iww_analysis.tables.raw_sheet import RawSheet
from iww_analysis.tracing.cell_changes import FindSheet, SourceSheet
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
        sought = (
            _sought(entry, mark) if self._is_long else ()
        )  # of a long study no more is counted than this mark asks for
        study = self._long_study(partial(_is_wanted, dict(sought))) if sought else self.study
        if (entry.id, sought) not in self._findings:
            self._findings[entry.id, sought] = entry.ask(study)
        return trace(self._findings[entry.id, sought], entry, study, self.find_sheet, mark, internal=internal)

    @cached_property
    def study(self) -> Study:
        """The sources as one study; where they are long, with tables that answer questions where they lie."""
        return self._long_study(lambda _: True) if self._is_long else build.as_if_built(self.home, self.sources)[0]

    @cached_property
    def find_sheet(self) -> FindSheet:
        """The raw files, each opened once."""
        return sheet_finder(self.home)

    @cached_property
    def _ledgers(self) -> dict[str, Mapping[str, Any]]:
        return {source: inputs.ledger_of(self.home, source) for source in self.sources}

    @cached_property
    def _is_long(self) -> bool:
        kept = sum(int(sheet["rows_kept"]) for ledger in self._ledgers.values() for sheet in ledger.get("sheets", ()))
        return kept > LONG and not any(inputs.is_stale(self.home, source) for source in self.sources)

    def _long_study(self, wanted: Wanted) -> Study:
        """The study with tables that answer the questions wanted of them; of its accounts only what tracing looks at."""
        origins = {source: build.origin_of(self.home, source) for source in self.sources}
        return Study(
            StoredTables(self._database, self.sources, wanted, self._columns_apart, settled_by(origins)),
            origins,
            {source: recorded_in(ledger) for source, ledger in self._ledgers.items()},
            {source: list(ledger["sheets"]) for source, ledger in self._ledgers.items()},
            {"changes": self._changes},
            gaps={
                source: tuple(ledger["refused"]) for source, ledger in self._ledgers.items() if ledger.get("refused")
            },
            consent={source: ledger.get("consent", {}) for source, ledger in self._ledgers.items()},
            vectors=kept(self.home, self.sources),
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
    """What of a mark decides which questions are asked: its part, its keys, and the field that a question is of, by its code."""
    keys = {key: value if key == "part" or (key == "field" and "." in value) else "" for key, value in mark.items()}
    return tuple(sorted(keys.items())) if entry.is_separable else ()


def _is_wanted(sought: Mapping[str, str], question: Question) -> bool:
    """Whether a question can have the mark that is sought."""
    given = {key: rule.of[0] for key, rule in question.derive.items() if rule.kind == "given"} | {"part": question.name}
    return all(key in (*question.by, "part") and value in ("", given.get(key, value)) for key, value in sought.items())


def open_session(home: Home, sources: Sequence[str]) -> Session:
    """Give the session of some sources: the one in use while no file changed in length or time, else a new one.

    Nothing is written: a source that changed since its last build is built in memory.
    """
    sources = tuple(sources)
    return _session(home, sources, file_states(home, sources))


@lru_cache(maxsize=1)
def _session(home: Home, sources: tuple[str, ...], _states: tuple[FileState, ...]) -> Session:
    return Session(home, sources)


def sheet_finder(home: Home) -> FindSheet:
    """Make the finder of raw sheets: (source, source_id) -> the sheet. Each file is opened once, when it is asked for."""
    source_files = cache(partial(_SourceFiles, home))
    return lambda source, source_id: source_files(source).sheet(source_id)


class _SourceFiles:
    """The raw files of one source that were opened."""

    def __init__(self, home: Home, source: str) -> None:
        self.home, self.source = home, source
        self.crosswalk = read_crosswalk(home, source)
        self.lines = line_numbers(files.read_toml_text(home.crosswalk(source)))
        self.opened: dict[str, SourceSheet | None] = {}  # by source_id
        self.n_rows = {  # as the build counted them, by source_id
            f"{line['delivery']}/{line['file']}" + (f"#{line['sheet']}" if line["sheet"] else ""): line["rows_in_file"]
            for line in inputs.ledger_of(home, source).get("sheets", ())
        }

    def sheet(self, source_id: str) -> SourceSheet | None:
        if source_id not in self.opened:
            self.opened.update({source_id: None, **self._sheets_of_file(source_id)})
        return self.opened[source_id]

    def _sheets_of_file(self, source_id: str) -> dict[str, SourceSheet]:
        """Every sheet that is read of the file that a source_id speaks of."""
        received, _, rest = source_id.partition("/")
        for delivery in self.home.deliveries(self.source):
            card = origin.parse(read_origin(delivery), self.source)
            names = [name for name in card.files if rest == name or rest.startswith(f"{name}#")]
            if card.received.isoformat() == received and names:
                path = delivery / max(names, key=len)
                known = [s for s in open_file(path, card, self.crosswalk, []) if isinstance(s, KnownSheet)]
                return {sheet.source_id: self._readable(path, sheet) for sheet in known}
        return {}

    def _readable(self, path: Path, sheet: KnownSheet) -> SourceSheet:
        number = self.crosswalk.sheets.index(sheet.entry)
        foldings = tuple(self.crosswalk.keys.get("case_id", ()))
        read = _row_reader(path, sheet.raw, self.n_rows.get(sheet.source_id, 0))
        return SourceSheet(sheet, number, self.lines, foldings, read)


def _row_reader(path: Path, sheet: RawSheet, n_rows: int) -> Callable[[tuple[int, ...]], pd.DataFrame]:
    """Make the reader of rows of one sheet: of a long text by where they begin, else all of it is read once."""
    lookup = cache(partial(record_lookup.records, path, sheet, n_rows))

    @lru_cache(maxsize=1)  # several headings of the same rows are asked for in turn
    def read(rows: tuple[int, ...]) -> pd.DataFrame:
        records = lookup() if record_lookup.is_long(path) else None
        return records.cells(rows) if records else sheet.cells.loc[list(rows)]

    return read
