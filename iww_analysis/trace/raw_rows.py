"""Open the raw file that a record came from, and give the cells of the rows asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from iww_analysis.cleaning import known_sheet
from iww_analysis.cleaning.known_sheet import Opening
from iww_analysis.commands.deliveries import read_crosswalk
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.crosswalk import Crosswalk, SheetCrosswalk
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.crosswalk.toml_lines import LineNumbers, line_numbers
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home, read_origin
from iww_analysis.io.formats import record_lookup, sheets
from iww_analysis.messages.errors import Place, fail
from iww_analysis.tables.raw_sheet import RawSheet


@dataclass(frozen=True)
class OpenedSheet:
    """One sheet of a delivery as the crosswalk reads it. `number`: the place of its entry among those of the crosswalk."""

    origin: Origin
    opening: Opening
    number: int
    lines: LineNumbers
    sheet: RawSheet
    path: Path
    rows_in_file: int

    @property
    def walk(self) -> SheetCrosswalk:
        """The entry of the crosswalk by which the sheet is read."""
        return self.opening.walk

    def cells(self, rows: Sequence[int], heading: str) -> pd.Series:
        """The text under a heading in these rows; empty where the sheet lacks it. `rows`: ascending, each once."""
        position = self.opening.positions.get(heading)
        held = self._held(tuple(rows))
        if position is None or position not in held:
            return pd.Series("", index=held.index, dtype="str")
        return held[position].astype("str")

    def _held(self, rows: tuple[int, ...]) -> pd.DataFrame:
        """The cells of these rows; those asked for last are kept, since several headings are asked for in turn."""
        kept: dict[tuple[int, ...], pd.DataFrame] = self._last
        if rows not in kept:
            kept.clear()
            kept[rows] = self._records.cells(rows) if self._records else self.sheet.cells.loc[list(rows)]
        return kept[rows]

    @cached_property
    def _last(self) -> dict[tuple[int, ...], pd.DataFrame]:
        return {}

    @cached_property
    def _records(self) -> record_lookup.Records | None:
        long = self.path.stat().st_size > record_lookup.LONG
        return record_lookup.records(self.path, self.sheet, self.rows_in_file) if long else None


Reader = Callable[[str, str], OpenedSheet | None]


def raw_reader(home: Home) -> Reader:
    """Make the reader of raw sheets: (source, source_id) -> the sheet. Each file is opened once, when it is asked for."""
    known: dict[tuple[str, str], OpenedSheet | None] = {}
    crosswalks: dict[str, tuple[Crosswalk, LineNumbers]] = {}

    def read(source: str, source_id: str) -> OpenedSheet | None:
        if source not in crosswalks:
            text = files.read_bytes(home.crosswalk(source)).decode("utf-8-sig")
            crosswalks[source] = read_crosswalk(home, source), line_numbers(text)
        if (source, source_id) not in known:
            known.update(
                {(source, s.opening.source_id): s for s in _file(home, source, source_id, *crosswalks[source])}
            )
        return known.get((source, source_id))

    return read


def _file(home: Home, source: str, source_id: str, walk: Crosswalk, said: LineNumbers) -> list[OpenedSheet]:
    """Every sheet that is read of the file that a source_id speaks of."""
    received, _, rest = source_id.partition("/")
    for delivery in home.deliveries(source):
        card = origin.parse(read_origin(delivery), source)
        names = [name for name in card.files if rest == name or rest.startswith(f"{name}#")]
        if card.received.isoformat() == received and names:
            name = max(names, key=len)
            if not (delivery / name).exists():
                raise fail("file_absent", Place(name))
            opened = sheets.open_sheets(delivery / name, card.files[name])
            ids = {sheet.name: f"{received}/{name}" + (f"#{sheet.name}" if sheet.name else "") for sheet in opened}
            held = _rows_in_file(home, source)
            return [
                OpenedSheet(
                    card, opening, walk.sheets.index(entry), said, sheet, delivery / name, held.get(ids[sheet.name], 0)
                )
                for sheet in opened
                if (entry := walk.sheet_for(sheet.file, sheet.name))
                and (opening := _opened(sheet, entry, ids[sheet.name]))
            ]
    return []


def _opened(sheet: RawSheet, entry: SheetCrosswalk, source_id: str) -> Opening | None:
    first = next(sheet.blocks())
    if not first.cells.any(axis=None) or (sheet.hidden and not entry.sheet):
        return None
    return known_sheet.open_sheet(first.cells, first.widths, entry, Place(sheet.file, sheet.name or None), source_id)


def _rows_in_file(home: Home, source: str) -> Mapping[str, int]:
    """How many rows the build found in each sheet, by its source_id."""
    told = files.read_json(home.processed(source) / "ledger.json")["sheets"]
    return {
        f"{line['delivery']}/{line['file']}" + (f"#{line['sheet']}" if line["sheet"] else ""): int(line["rows_in_file"])
        for line in told
    }
