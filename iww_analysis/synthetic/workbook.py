"""Write workbooks whose bytes do not depend on the clock."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from iww_analysis.synthetic.sheet import Cell, Sheet

ZIP_DAY = (2021, 1, 1, 0, 0, 0)
CREATED = dt.datetime(2021, 1, 1)  # noqa: DTZ001  (docProps knows no time zone)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
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


def saved(book: Workbook) -> bytes:
    """Give a workbook's bytes, the same at any time."""
    book.properties.created = CREATED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _InMemory(book, archive).save()
    return _without_clock(out.getvalue())


class _InMemory(ExcelWriter):
    """openpyxl puts each sheet in the system's folder for temporary files first; a killed run would leave it there."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        sheet = io.BytesIO()
        writer: Any = WorksheetWriter(ws, sheet)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], sheet.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)


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


def _without_clock(content: bytes) -> bytes:
    """Rewrite the zip with fixed times; stored, not deflated, since zlib's bytes differ between builds."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + CREATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, ZIP_DAY)
            info.compress_type = zipfile.ZIP_STORED
            target.writestr(info, part)
    return out.getvalue()


def title_areas(width: int, rows: int) -> list[str]:
    """Merge the cells of the first rows over a width, as titles are."""
    return [f"A{row}:{get_column_letter(width)}{row}" for row in range(1, rows + 1)]


def band_areas(row: int, starts: Sequence[int]) -> list[str]:
    """Merge the cells of a row between positions (0-based; the last one is where the band ends)."""
    return [f"{get_column_letter(start + 1)}{row}:{get_column_letter(end)}{row}" for start, end in pairwise(starts)]
