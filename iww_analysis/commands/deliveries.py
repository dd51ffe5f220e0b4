"""Read a source's deliveries: every sheet of every file, oldest first, taken in by the crosswalk."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from iww_analysis.cleaning import known_sheet
from iww_analysis.cleaning.known_sheet import Cells, Intake, Opening
from iww_analysis.crosswalk import crosswalk, origin
from iww_analysis.crosswalk.crosswalk import Crosswalk
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.io import delivered_files
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import ORIGIN, Home, names_in, read_origin
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.raw_sheet import RawSheet
from iww_analysis.tables.statement import Tables


@dataclass
class Reading:
    """One sheet of one delivery: as it lies on disk, and how the crosswalk opens it."""

    origin: Origin
    sheet: RawSheet
    opening: Opening | None  # None: the crosswalk does not read this sheet
    note: str = ""
    rows_in_file: int = 0  # known when all rows have been read

    def parts(self) -> Iterator[Intake]:
        """Take in the rows, of a long file a block at a time."""
        assert self.opening is not None
        wide = False
        for cells, widths in _batches(self._counted(), self.opening, TABLES):
            part = known_sheet.take(self.opening, cells, widths, wide_before=wide)
            wide = True
            yield part

    def _counted(self) -> Iterator[Cells]:
        self.rows_in_file = 0
        for block in self.sheet.blocks():
            self.rows_in_file += len(block.cells)
            yield block.cells, block.widths

    @cached_property
    def intake(self) -> Intake | None:
        """All rows at once; None when the crosswalk does not read this sheet."""
        if self.opening is None:
            return None
        taken = known_sheet.take(self.opening, self.sheet.cells, self.sheet.widths)
        return replace(taken, rows=taken.rows.astype("str"))


def _batches(blocks: Iterator[Cells], opening: Opening, tables: Tables) -> Iterator[Cells]:
    """Whole tables of a block each; people without a number get their letters over all rows, so those stay together."""
    kinds = {tables[t.table][t.column].kind for targets in opening.walk.columns.values() for t in targets}
    if "person" in kinds:
        yield known_sheet.joined(list(blocks))
    else:
        yield from known_sheet.whole_tables(blocks)


def read_crosswalk(home: Home, source: str) -> Crosswalk:
    """Read and check a source's crosswalk."""
    path = home.crosswalk(source)
    return crosswalk.parse(files.read_toml(path), TABLES, path.name)


def read_deliveries(
    home: Home, source: str, walk: Crosswalk, refusals: list[Message], *, whole: bool = True
) -> list[Reading]:
    """Open every sheet of every delivery, oldest first; a file that is refused is said in `refusals`.

    `whole`: read all rows at once, so that whatever is wrong with a file is said here.
    """
    readings: list[Reading] = []
    for delivery in home.deliveries(source):
        card = origin.parse(read_origin(delivery), source)
        listed = {*card.files, ORIGIN, "plan.json"}
        refusals += [Message("file_unlisted", Place(name)) for name in names_in(delivery) if name not in listed]
        for name, expected in card.files.items():
            try:
                found = [
                    _open(card, sheet, walk, refusals)
                    for sheet in delivered_files.open_sheets(delivery / name, expected)
                ]
                readings += [reading for reading in found if not whole or reading.sheet.whole]
            except IwwError as error:
                refusals += error.messages
    return readings


def _open(card: Origin, sheet: RawSheet, walk: Crosswalk, refusals: list[Message]) -> Reading:
    place = Place(sheet.file, sheet.name or None)
    entry = walk.sheet_for(sheet.file, sheet.name)
    first = next(sheet.blocks())
    if not first.cells.any(axis=None):
        return _unread(card, sheet, "sheet_empty")
    if entry is None or (sheet.hidden and not entry.sheet):
        reason = walk.ignored_because(sheet.file, sheet.name)
        if reason is None and not sheet.hidden:
            refusals.append(Message("sheet_unknown", place))
        return _unread(card, sheet, reason or ("sheet_hidden" if sheet.hidden else "sheet_unknown"))
    source_id = f"{card.received.isoformat()}/{sheet.file}" + (f"#{sheet.name}" if sheet.name else "")
    try:
        opening = known_sheet.open_sheet(first.cells, first.widths, entry, place, source_id)
        known_sheet.refuse_without_required(opening, TABLES[entry.anchor])
    except IwwError as error:
        refusals += error.messages
        return _unread(card, sheet, "refused")
    return Reading(card, sheet, opening)


def _unread(card: Origin, sheet: RawSheet, note: str) -> Reading:
    return Reading(card, sheet, None, note, sum(len(block.cells) for block in sheet.blocks()))
