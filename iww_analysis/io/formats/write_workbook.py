"""Write workbooks whose bytes do not depend on the clock."""

import datetime as dt
import io
import re
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

ZIP_DAY = (2021, 1, 1, 0, 0, 0)
CREATED = dt.datetime(2021, 1, 1)  # noqa: DTZ001  (docProps knows no time zone)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def saved(book: Workbook) -> bytes:
    """Give a workbook's bytes, the same at any time: stored, not deflated, since zlib's bytes differ between builds."""
    book.properties.created = CREATED
    written, fixed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        _InMemory(book, archive).save()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + CREATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", part)
            target.writestr(zipfile.ZipInfo(name, ZIP_DAY), part)
    return fixed.getvalue()


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
