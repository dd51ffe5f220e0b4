"""Open again the raw sheet that a record came from, for tracing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

import pandas as pd

from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.commands.deliveries import open_file, read_crosswalk
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.crosswalk import Crosswalk
from iww_analysis.crosswalk.toml_lines import LineNumbers, line_numbers
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home, read_origin
from iww_analysis.io.formats import record_lookup
from iww_analysis.tables.raw_sheet import RawSheet
from iww_analysis.tracing.source_sheet import FindSheet, SourceSheet


def sheet_finder(home: Home) -> FindSheet:
    """Make the finder of raw sheets: (source, source_id) -> the sheet. Each file is opened once, when it is asked for."""
    source_files = cache(partial(_SourceFiles, home))
    return lambda source, source_id: source_files(source).sheet(source_id)


@dataclass(frozen=True)
class _SourceFiles:
    """The raw files of one source that were opened."""

    home: Home
    source: str
    opened: dict[str, SourceSheet | None] = field(default_factory=dict)  # by source_id

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
                sheets = open_file(path, card, self._crosswalk, [])
                known = [sheet for sheet in sheets if isinstance(sheet, KnownSheet)]
                return {sheet.source_id: self._readable(path, sheet) for sheet in known}
        return {}

    def _readable(self, path: Path, sheet: KnownSheet) -> SourceSheet:
        """A sheet with the reader of its rows and the lines of the crosswalk."""
        number = self._crosswalk.sheets.index(sheet.entry)
        read = _row_reader(path, sheet.raw, self._n_rows.get(sheet.source_id, 0))
        return SourceSheet(sheet, number, self._lines, read)

    @cached_property
    def _crosswalk(self) -> Crosswalk:
        return read_crosswalk(self.home, self.source)

    @cached_property
    def _lines(self) -> LineNumbers:
        return line_numbers(files.read_bytes(self.home.crosswalk(self.source)).decode("utf-8-sig"))

    @cached_property
    def _n_rows(self) -> dict[str, int]:
        """How many rows the build found in each sheet, by its source_id."""
        ledger = files.read_json(self.home.processed(self.source) / "ledger.json")
        return {
            f"{line['delivery']}/{line['file']}" + (f"#{line['sheet']}" if line["sheet"] else ""): line["rows_in_file"]
            for line in ledger["sheets"]
        }


def _row_reader(path: Path, sheet: RawSheet, n_rows: int) -> Callable[[tuple[int, ...]], pd.DataFrame]:
    """Make the reader of rows of one sheet: of a long text by where they begin, else all of it is read once."""
    lookup = cache(partial(record_lookup.records, path, sheet, n_rows))

    @lru_cache(maxsize=1)  # several headings of the same rows are asked for in turn
    def read(rows: tuple[int, ...]) -> pd.DataFrame:
        records = lookup() if record_lookup.is_long(path) else None
        return records.cells(rows) if records else sheet.cells.loc[list(rows)]

    return read
