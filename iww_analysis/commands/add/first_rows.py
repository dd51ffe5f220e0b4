"""Say how the first rows of a source are read, and write the page that shows it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from iww_analysis.cleaning.known_sheet import DeliveredSheet, open_sheet
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.crosswalk import Crosswalk
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home, read_origin
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, during
from iww_analysis.report.first_rows.page import page
from iww_analysis.report.first_rows.reading import SheetRead, not_read, sheet_read
from iww_analysis.tables.raw_sheet import RawSheet

Delivered = Mapping[str, Sequence[RawSheet]]  # day of receipt -> sheets


def first_rows(
    home: Home, crosswalk: Crosswalk, delivered: Delivered, questions: Sequence[OpenQuestion], lang: Lang
) -> list[SheetRead]:
    """Say how the first rows of every sheet are read so far, the last delivery first; `questions`: what is still asked."""
    days = sorted(delivered, reverse=True)
    return [_so_far(home, crosswalk, day, raw, questions, lang) for day in days for raw in delivered[day]]


def _so_far(
    home: Home, crosswalk: Crosswalk, day: str, raw: RawSheet, questions: Sequence[OpenQuestion], lang: Lang
) -> SheetRead:
    """How the first rows of a sheet are read; what keeps them from being read costs nothing else."""
    place = Place(raw.file, raw.name or None)
    try:
        with during("unexpected_reading", place):
            card = origin.parse_so_far(read_origin(home.raw / crosswalk.source / day), crosswalk.source)
            refusals = list[Message]()
            return read_so_far(open_sheet(card, raw, crosswalk, refusals), crosswalk, questions, refusals, lang)
    except IwwError as error:
        return not_read(dt.date.fromisoformat(day), place, error.messages, lang)


def read_so_far(
    sheet: DeliveredSheet, crosswalk: Crosswalk, questions: Sequence[OpenQuestion], refusals: Sequence[Message], lang: Lang
) -> SheetRead:  # fmt: skip
    """Say how the first rows of a sheet are read. `refusals`: why sheets of its file are not read."""
    here = (sheet.place.file, sheet.place.sheet)
    asked = [q for q in questions if (q.place.file, q.place.sheet) == here and q.code == "ask_heading"]
    guesses = {q.place.column or "": q.choices[0].say(lang) for q in asked if q.choices[0].confidence}
    return sheet_read(sheet, crosswalk, guesses, [m for m in refusals if (m.place.file, m.place.sheet) == here], lang)


def write_page(home: Home, source: str, sheets: Sequence[SheetRead], lang: Lang) -> Path:
    """Write the page beside the crosswalk; gives where."""
    path = home.first_rows(source)
    files.write_text(path, page(source, sheets, home.question_form(source).name, home.crosswalk(source).name, lang))
    return path
