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
