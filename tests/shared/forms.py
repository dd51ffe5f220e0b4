"""The form of open questions, filled in as a person in Excel does."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl


def fill(form: Path, answers: Mapping[str, str]) -> Path:
    """Answer each question of which the key holds one of these texts; what is not named stays open."""
    book = openpyxl.load_workbook(form)
    head, *rows = book["Vragen"].iter_rows()
    place = next(cell.column for cell in head if cell.value == "Antwoord") - 1
    for row in rows:
        row[place].value = next((said for part, said in answers.items() if part in str(row[-1].value)), None)
    book.save(form)
    return form
