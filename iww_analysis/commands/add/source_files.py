"""Read the sheets, crosswalk and form of a source that is added to, and write what came of it."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iww_analysis.commands.add.first_rows import Delivered, first_rows, write_page
from iww_analysis.commands.build import answers_in
from iww_analysis.crosswalk.ask.add_sheets import GrowingCrosswalk
from iww_analysis.crosswalk.ask.open_question import COLUMNS, Consultation, OpenQuestion
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk
from iww_analysis.crosswalk.forms.question_form import question_form
from iww_analysis.crosswalk.parse import parse
from iww_analysis.crosswalk.write import CrosswalkFile
from iww_analysis.io import delivered_files
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home, read_origin
from iww_analysis.io.formats.write_workbook import saved
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, during
from iww_analysis.report.first_rows import worksheet
from iww_analysis.tables.raw_sheet import RawSheet
from iww_analysis.tables.sampled_sheet import sampled


@dataclass(frozen=True)
class Added:
    """What was added. `guesses`: one row per sheet, heading and unknown word: what it was taken for, how surely and why.

    `page`: shows how the first rows are read. `n_open`: questions that the crosswalk still asks, and the municipality where
    nobody knows it. `form`: where these and what else only people know can be answered in Excel; None when nothing is left
    to ask. `n_taken`: answers that were taken in. `notes`: how the files were read, as far as a person should know.
    """

    folder: Path
    crosswalk: Path
    page: Path
    guesses: pd.DataFrame
    messages: tuple[Message, ...]
    n_open: int
    form: Path | None = None
    n_taken: int = 0
    notes: tuple[Message, ...] = ()


def delivered_sheets(home: Home, source: str, consultation: Consultation) -> dict[str, list[RawSheet]]:
    """Every sheet of every delivery of a source, a sample of a long one, by day of receipt; what cannot be read is a message."""
    delivered: dict[str, list[RawSheet]] = {}
    for folder in home.deliveries(source):
        for name, expected in read_origin(folder).get("files", {}).items():
            try:
                with during("unexpected_reading", Place(name)):
                    opened = delivered_files.open_sheets(folder / name, expected)
                    of_day = delivered.setdefault(folder.name, [])
                    of_day += map(sampled, opened)
            except IwwError as error:
                consultation.messages += error.messages
    return delivered


def growing_crosswalk(home: Home, source: str, received: dt.date, consultation: Consultation) -> GrowingCrosswalk:
    """Give the crosswalk of a source as it stands, to grow by what is delivered."""
    file = CrosswalkFile(source, received, files.read_toml_text(home.crosswalk(source)))
    return GrowingCrosswalk(source, file, others_of(home, source), consultation)


def others_of(home: Home, source: str) -> tuple[Crosswalk, ...]:
    """The crosswalks of other sources. One that is broken is of no help here; `check` says what is wrong with it."""
    others = []
    for path in home.crosswalks():
        with suppress(IwwError):
            others += [] if path.stem == source else [parse(files.read_toml(path), path.name)]
    return tuple(others)


def done(
    home: Home, folder: Path, delivered: Delivered, growing: GrowingCrosswalk, left: Sequence[OpenQuestion] | None,
    n_taken: int = 0,
) -> Added:  # fmt: skip
    """Write the form of what is `left` (None: the one that was filled in still holds), and how first rows are read.

    Gives what was done.
    """
    source, consultation = growing.source, growing.consultation
    form, lang = home.question_form(source), consultation.lang
    sheets = first_rows(home, growing.crosswalk, delivered, [*(left or ()), *consultation.questions.values()], lang)
    if left:  # answers that stand in the form, and were not taken in, stay; one that says just this is left alone
        rows = [*worksheet.lines(sheets, lang)]
        filled = answers_in(form, source) if files.exists(form) else {}
        if set(filled) != {question.key for question in left} or not _shows(form, rows, lang):
            book = question_form(form.name, source, left, filled, lang)
            worksheet.add_worksheet(book, rows, lang)
            files.write_bytes(form, saved(book))
    page = write_page(home, source, sheets, lang)
    cards = [read_origin(delivery) for delivery in home.deliveries(source)]
    n_open = growing.file.n_open + sum(card.get("municipality") == [OPEN] for card in cards)
    return Added(
        folder, home.crosswalk(source), page, pd.DataFrame(consultation.guesses, columns=COLUMNS), tuple(consultation.messages),
        n_open, form if left or left is None else None, n_taken, tuple(consultation.notes),
    )  # fmt: skip


def _shows(form: Path, rows: Sequence[worksheet.Line], lang: Lang) -> bool:
    """Whether a form shows these first rows."""
    sheets = {sheet.name: sheet.cells for sheet in delivered_files.read_sheets(form, files.read_bytes(form))}
    cells = sheets.get(worksheet.title(lang))
    shown = [] if cells is None else [text for row in cells.to_numpy() for text in row if text]
    return shown == [text for line in rows for text in line.cells if text]
