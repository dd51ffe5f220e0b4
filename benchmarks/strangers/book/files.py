"""Write the sheets of a delivery as files: text, xlsx, ods and SPSS."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pyreadstat
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.strangers.book.model import Delivery, Error, FileKind, Sheet, Shown

ODS = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def write(folder: Path, delivery: Delivery) -> list[Path]:
    """Write every file of a delivery; gives where they are."""
    paths = []
    for name, kind in delivery.kinds.items():
        sheets = [sheet for sheet in delivery.sheets if sheet.file == name]
        path = folder / name
        if kind.kind == "text":
            path.write_bytes(_text(sheets[0], kind))
        elif kind.kind == "xlsx":
            _workbook(sheets).save(path)
        elif kind.kind == "ods":
            path.write_bytes(_ods(sheets))
        else:
            _sav(sheets[0], path)
        paths.append(path)
    return paths


def _grid(sheet: Sheet) -> list[list[object]]:
    rows = [[cell.raw for cell in row.cells] for row in sheet.rows]
    above = [*sheet.above]
    if any(column.group for column in sheet.columns):  # the last title is that of the groups
        groups = [column.group for column in sheet.columns]
        above[-1:] = [
            [group if group != before else None for before, group in zip(["", *groups], groups, strict=False)]
        ]
    return [*above, [column.heading for column in sheet.columns], *rows, *sheet.below]


def _text(sheet: Sheet, kind: FileKind) -> bytes:
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if kind.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=kind.delimiter, lineterminator="\r\n", quoting=quoting)
    if kind.sep_line:
        out.write(f"sep={kind.delimiter}\r\n")
    for row in _grid(sheet)[int(kind.sep_line) :]:
        texts = [_plain(value) for value in row]
        writer.writerow([*texts, ""] if kind.trailing else texts)
    return out.getvalue().encode(kind.encoding)


def _plain(value: object) -> str:
    if isinstance(value, Shown):
        value = value.value
    if isinstance(value, Error):
        return value.sign
    return value.strftime("%Y-%m-%d") if isinstance(value, dt.date) else "" if value is None else str(value)


def _workbook(sheets: Iterable[Sheet]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        for n, row in enumerate(_grid(sheet), start=1):
            for m, value in enumerate(row, start=1):
                _put(page.cell(n, m), value)
        _merge_groups(page, sheet)
        for column, first, last in sheet.merged:
            page.merge_cells(
                start_row=sheet.number_of(first),
                end_row=sheet.number_of(last),
                start_column=column + 1,
                end_column=column + 1,
            )
        for n, row_of in enumerate(sheet.rows):
            page.row_dimensions[sheet.number_of(n)].hidden = row_of.hidden
        across = [n for n, title in enumerate(sheet.above, start=1) if sheet.titled_across and title]
        for number in (*across, *(sheet.number_of(n) for n, row_of in enumerate(sheet.rows) if row_of.across)):
            page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(sheet.columns))
    return book


def _merge_groups(page: Worksheet, sheet: Sheet) -> None:
    """The title above a group of headings is one cell over all of them."""
    first = 0
    groups = [*(column.group for column in sheet.columns), ""]
    for n in range(1, len(groups)):
        if groups[n] != groups[first]:
            if groups[first] and n - first > 1:
                row = len(sheet.above)
                page.merge_cells(start_row=row, end_row=row, start_column=first + 1, end_column=n)
            first = n


def _put(cell: openpyxl.cell.Cell, value: object) -> None:
    if value is None:
        return
    if isinstance(value, Error):
        cell.value, cell.data_type = value.sign, "e"
        return
    cell.value = value.value if isinstance(value, Shown) else value
    if isinstance(value, Shown):
        cell.number_format = value.number_format
    elif isinstance(value, dt.date):
        cell.number_format = "dd-mm-yyyy"
    elif isinstance(value, str):
        cell.data_type = "s"


def _ods(sheets: Iterable[Sheet]) -> bytes:
    tables = "".join(
        f'<table:table table:name="{escape(sheet.name)}">' + "".join(map(_ods_row, _grid(sheet))) + "</table:table>"
        for sheet in sheets
    )
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.2"><office:body>'
               f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>")  # fmt: skip
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
                'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
                "</manifest:manifest>")  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), ODS)
        packed.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        packed.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _ods_row(row: Iterable[object]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: object) -> str:
    value = value.value if isinstance(value, Shown) else value
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, dt.date):
        shown = value.strftime("%d-%m-%Y")
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        shown, kind = str(value), f'office:value-type="float" office:value="{value}"'
    else:
        shown, kind = value.sign if isinstance(value, Error) else str(value), 'office:value-type="string"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
    return f"<table:table-cell {kind}>{lines}</table:table-cell>"


def _sav(sheet: Sheet, path: Path) -> None:
    """SPSS: names of eight signs with the heading as label; words as value labels where the sheet has them."""
    names = [
        f"V{n:03}" if " " in c.heading or not c.heading.isidentifier() else c.heading
        for n, c in enumerate(sheet.columns)
    ]
    columns, labels, formats = {}, {}, {}
    for name, column, cells in zip(
        names, sheet.columns, zip(*(row.cells for row in sheet.rows), strict=True), strict=True
    ):
        raws = [cell.raw for cell in cells]
        if any(isinstance(raw, dt.date) for raw in raws):
            columns[name] = pd.to_datetime(pd.Series(raws), errors="coerce").astype("datetime64[ns]")
            formats[name] = "EDATE10"
        else:
            columns[name] = pd.Series(raws, dtype="object" if any(isinstance(raw, str) for raw in raws) else "float64")
        if column.heading in sheet.labels:
            labels[name] = sheet.labels[column.heading]
    frame = pd.DataFrame(columns)
    texts = [column.heading for column in sheet.columns]
    pyreadstat.write_sav(frame, str(path), column_labels=texts, variable_value_labels=labels, variable_format=formats)
