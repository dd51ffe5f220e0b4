"""Lay out the workbooks of the invented sources."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from iww_analysis.io.formats.write_workbook import saved
from iww_synthetic.files.sheet import Cell, Sheet

CREATOR = "iww_analysis (synthetische data)"


@dataclass(frozen=True)
class Page:
    """A sheet with its looks. `merged`: cells that are one, such as "A1:F1"."""

    name: str
    sheet: Sheet
    merged: Sequence[str] = ()
    hidden: bool = False
    widths: dict[int, int] = field(default_factory=dict)


def write(pages: Sequence[Page]) -> bytes:
    """Make the bytes of a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        _fill(book.create_sheet(page.name), page)
    book.properties.creator = CREATOR
    book.properties.lastModifiedBy = CREATOR
    return saved(book)


def _fill(sheet: Worksheet, page: Page) -> None:
    for number, line in enumerate(page.sheet.lines, start=1):
        for column, value in enumerate(line.cells, start=1):
            _put(sheet, number, column, value)
        if line.kind in ("title", "header", "total"):
            for cell in sheet[number]:
                cell.font = Font(bold=True)
    for area in page.merged:
        sheet.merge_cells(area)
    for column, width in page.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    if page.hidden:
        sheet.sheet_state = "hidden"


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    if value is None or value == "":
        return
    cell = sheet.cell(row, column, value)
    if isinstance(value, dt.date):
        cell.number_format = "d-m-yyyy"


def title_areas(width: int, rows: int) -> list[str]:
    """Merge the cells of the first rows over a width, as titles are."""
    return [f"A{row}:{get_column_letter(width)}{row}" for row in range(1, rows + 1)]


def band_areas(row: int, starts: Sequence[int]) -> list[str]:
    """Merge the cells of a row between positions (0-based; the last one is where the band ends)."""
    return [f"{get_column_letter(start + 1)}{row}:{get_column_letter(end)}{row}" for start, end in pairwise(starts)]
