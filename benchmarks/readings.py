"""Read a file a second time, by other means than the project's own: what `mutate` holds a reading against."""

import csv
import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl

Rows = dict[
    str, dict[int, list[str]]
]  # sheet -> number of a row that holds anything -> its cells, no empty ones behind

ODS_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ODS_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def second(file: str, content: bytes, delimiter: str) -> Rows:
    """Read a file by other means; raises whatever those raise."""
    match Path(file).suffix:
        case ".xlsx":
            return _by_openpyxl(content)
        case ".xls":
            return _by_xlrd(content)
        case ".ods":
            return _by_its_xml(content)
        case ".sav" | ".zsav":
            return _by_pyreadstat(file, content)
        case ".qdpx" | ".qdc":
            return _counted(file, content)
    text, _ = decoded(content)
    return {"": filled(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))}


def filled(rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> dict[int, list[str]]:
    """Number rows from 1; leave out empty ones and the empty cells at the end."""
    trimmed = {}
    for number, row in enumerate(rows, start=1):
        cells = list(row)
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            trimmed[number] = cells
    return trimmed


def decoded(content: bytes) -> tuple[str, str]:
    """Give a text and its encoding: as its mark says, else UTF-16 if every other byte is zero, else what decodes."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding), encoding
    zeros = [content[first::2].count(0) for first in (0, 1)]
    if max(zeros) > len(content) / 5:
        encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        return content.decode(encoding), encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def as_text(value: object) -> str:
    """Write a value as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case float() if value != value:
            return ""
        case float():
            return format(Decimal(f"{value or 0:.15g}"), "f")  # the digits that a spreadsheet knows
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return str(value)


def _by_openpyxl(content: bytes) -> Rows:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {s.title: filled([[as_text(c) for c in row] for row in s.iter_rows(min_col=1, min_row=1, values_only=True)])
            for s in book.worksheets}  # fmt: skip


def _by_xlrd(content: bytes) -> Rows:
    import xlrd

    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    return {
        s.name: filled([[_xls_text(book, cell) for cell in s.row(n)] for n in range(s.nrows)]) for s in book.sheets()
    }


def _xls_text(book: object, cell: object) -> str:
    import xlrd

    kind, value = cell.ctype, cell.value  # type: ignore[attr-defined]
    if kind == xlrd.XL_CELL_DATE:
        return as_text(xlrd.xldate.xldate_as_datetime(value, book.datemode))  # type: ignore[attr-defined]
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#?"))
    return as_text(bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value)


def _by_its_xml(content: bytes) -> Rows:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        root = ET.fromstring(packed.read("content.xml"))
    return {
        table.get(f"{ODS_TABLE}name", ""): filled(list(_ods_rows(table))) for table in root.iter(f"{ODS_TABLE}table")
    }


def _ods_rows(table: ET.Element) -> Iterator[list[str]]:
    for row in table.iter(f"{ODS_TABLE}table-row"):
        cells = [_ods_text(cell) for cell in row if cell.tag == f"{ODS_TABLE}table-cell"
                 for _ in range(min(50, int(cell.get(f"{ODS_TABLE}number-columns-repeated", "1"))))]  # fmt: skip
        repeats = int(row.get(f"{ODS_TABLE}number-rows-repeated", "1"))
        yield from [cells] * min(repeats, 1 if not any(cells) else repeats)


def _ods_text(cell: ET.Element) -> str:
    match cell.get(f"{ODS_OFFICE}value-type"):
        case "float":
            return as_text(float(cell.get(f"{ODS_OFFICE}value", "")))
        case "boolean":
            return as_text(cell.get(f"{ODS_OFFICE}boolean-value") == "true")
        case "date":
            return cell.get(f"{ODS_OFFICE}date-value", "")
    return "\n".join("".join(paragraph.itertext()) for paragraph in cell.iter(f"{ODS_TEXT}p"))


def _by_pyreadstat(file: str, content: bytes) -> Rows:
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        path.write_bytes(content)
        frame, meta = pyreadstat.read_sav(path, apply_value_formats=True, formats_as_category=False, user_missing=True)
    for name, ranges in meta.missing_ranges.items():
        for limits in ranges:
            frame[name] = frame[name].map(lambda v, r=limits: "onbekend" if r["lo"] <= v <= r["hi"] else v)
    rows = [list(map(str, frame.columns)), *([as_text(v) for v in row] for row in frame.astype(object).to_numpy())]
    return {"": filled(rows)}


def _counted(file: str, content: bytes) -> Rows:
    """Count the codes of a project and their uses; the content of a row is not made a second time."""
    if file.endswith(".qdpx"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = packed.read(next(name for name in packed.namelist() if name.lower().endswith(".qde")))
    tags = [element.tag.rpartition("}")[2] for element in ET.fromstring(content).iter()]
    counts = {"codes": tags.count("Code"), "codings": tags.count("Coding"), "documents": tags.count("TextSource")}
    return {sheet: {n: [] for n in range(1, count + 2)} for sheet, count in counts.items() if count}


def same(ours: Rows, theirs: Rows) -> bool:
    """Say whether two readings are the same; where the second only counted, whether the first has as many rows."""
    if any(cells for rows in theirs.values() for cells in rows.values()):
        return list(ours.values()) == list(theirs.values())
    return all(len(ours.get(sheet, ())) == len(rows) for sheet, rows in theirs.items())


def complete(ours: Rows, theirs: Mapping[str, Mapping[int, object]]) -> bool:
    """Say whether no sheet of a reading has fewer filled rows than in another."""
    mine, other = (sorted(map(len, reading.values()), reverse=True) for reading in (ours, theirs))
    return len(mine) >= len(other) and all(a >= b for a, b in zip(mine, other, strict=False))
