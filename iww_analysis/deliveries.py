"""Read a source's deliveries: every sheet of every file, oldest first, taken in by the crosswalk."""

from dataclasses import dataclass
from pathlib import Path

from iww_analysis.errors import IwwError, Message, Place
from iww_analysis.io import files, sheets
from iww_analysis.io.home import ORIGIN, Home, delivered_file, names_in, read_origin
from iww_analysis.schema import crosswalk, intake, origin
from iww_analysis.schema.crosswalk import Crosswalk
from iww_analysis.schema.intake import Intake
from iww_analysis.schema.origin import Origin
from iww_analysis.study import TABLES


@dataclass(frozen=True)
class Reading:
    """One sheet of one delivery: as it lies on disk, and as taken in."""

    origin: Origin
    sheet: sheets.Sheet
    intake: Intake | None  # None: the crosswalk does not read this sheet
    note: str = ""


def read_crosswalk(home: Home, source: str) -> Crosswalk:
    """Read and check a source's crosswalk."""
    path = home.crosswalk(source)
    return crosswalk.parse(files.read_toml(path), TABLES, path.name)


def read_deliveries(home: Home, source: str, walk: Crosswalk, refusals: list[Message]) -> list[Reading]:
    """Read every sheet of every delivery, oldest first; a file that is refused is said in `refusals`."""
    readings: list[Reading] = []
    for delivery in home.deliveries(source):
        card = origin.parse(read_origin(delivery), source)
        listed = {*card.files, ORIGIN, "plan.json"}
        refusals += [Message("file_unlisted", Place(name)) for name in names_in(delivery) if name not in listed]
        for name, expected in card.files.items():
            try:
                readings += _read_file(delivery, name, expected, card, walk, refusals)
            except IwwError as error:
                refusals += error.messages
    return readings


def _read_file(
    delivery: Path, name: str, expected: str, card: Origin, walk: Crosswalk, refusals: list[Message]
) -> list[Reading]:
    content = delivered_file(delivery, name, expected)
    return [_take_in(card, sheet, walk, refusals) for sheet in sheets.read_sheets(Path(name), content)]


def _take_in(card: Origin, sheet: sheets.Sheet, walk: Crosswalk, refusals: list[Message]) -> Reading:
    place = Place(sheet.file, sheet.name or None)
    entry = walk.sheet_for(sheet.file, sheet.name)
    if not sheet.cells.any(axis=None):
        return Reading(card, sheet, None, "sheet_empty")
    if entry is None or (sheet.hidden and not entry.sheet):
        reason = walk.ignored_because(sheet.file, sheet.name)
        if reason is None and not sheet.hidden:
            refusals.append(Message("sheet_unknown", place))
        return Reading(card, sheet, None, reason or "sheet_hidden")
    source_id = f"{card.received.isoformat()}/{sheet.file}" + (f"#{sheet.name}" if sheet.name else "")
    try:
        taken = intake.take_in(sheet.cells, sheet.widths, entry, place, source_id)
        intake.refuse_without_required(taken, TABLES[entry.anchor])
    except IwwError as error:
        refusals += error.messages
        return Reading(card, sheet, None, "refused")
    return Reading(card, sheet, taken)
