"""Read a source's deliveries: every sheet of every file, oldest first, known by the crosswalk."""

from pathlib import Path

from iww_analysis.cleaning.known_sheet import DeliveredSheet, open_sheet
from iww_analysis.crosswalk import crosswalk, origin
from iww_analysis.crosswalk.crosswalk import Crosswalk
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.io import delivered_files
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import ORIGIN, Home, names_in, read_origin
from iww_analysis.messages.errors import IwwError, Message, Place, during


def read_crosswalk(home: Home, source: str) -> Crosswalk:
    """Read and check a source's crosswalk."""
    path = home.crosswalk(source)
    return crosswalk.parse(files.read_toml(path), path.name)


def read_deliveries(
    home: Home, source: str, known: Crosswalk, refusals: list[Message], *, whole: bool = True
) -> list[DeliveredSheet]:
    """Open every sheet of every delivery, oldest first; why a file is refused is put in `refusals`.

    `whole`: read all rows at once, so that whatever is wrong with a file is said here.
    """
    delivered: list[DeliveredSheet] = []
    for delivery in home.deliveries(source):
        card = origin.parse(read_origin(delivery), source)
        listed = {*card.files, ORIGIN, "plan.json"}
        refusals += [Message("file_unlisted", Place(name)) for name in names_in(delivery) if name not in listed]
        for name in card.files:
            try:
                of_file = open_file(delivery / name, card, known, refusals)
                delivered += [sheet for sheet in of_file if not whole or sheet.raw.whole]
            except IwwError as error:
                refusals += error.messages
    return delivered


def open_file(path: Path, card: Origin, known: Crosswalk, refusals: list[Message]) -> list[DeliveredSheet]:
    """Open every sheet of one delivered file as the crosswalk reads it; why one is refused is put in `refusals`."""
    with during("unexpected_reading", Place(path.name)):
        sheets = delivered_files.open_sheets(path, card.files[path.name])
        return [open_sheet(card, raw, known, refusals) for raw in sheets]
