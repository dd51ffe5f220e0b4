"""Read raw files by other readers than those that built the tables: openpyxl, xlrd, csv, and the XML of a project itself."""

import csv
import datetime as dt
import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from openpyxl.reader.excel import ExcelReader

SheetTexts = Mapping[int, list[str]]  # row number -> cells as text
TEXTS = (".csv", ".tsv", ".txt")
HEAD = 50  # rows within which a header is sought
LARGEST = 30_000_000  # bytes of a workbook: openpyxl holds all of it in memory


def read(
    name: str, content: bytes, wanted: Collection[int], encoding: str = "utf-8", delimiter: str = ","
) -> Mapping[str, SheetTexts]:
    """Give rows of each sheet of a file in which another reader sees any, of a text only the first and those wanted.

    Empty: there is no other reader here, or it cannot read this file: that says nothing of what was read of it. `encoding`
    and `delimiter`: of a text (one sheet, without a name), as the account of the build tells them.
    """
    with suppress(Exception):  # of what a reader written by others stumbles over
        sheets = _read(name, content, wanted, encoding, delimiter) or {}
        return {sheet: rows for sheet, rows in sheets.items() if any(map(any, rows.values()))}
    return {}


def _read(
    name: str, content: bytes, wanted: Collection[int], encoding: str, delimiter: str
) -> Mapping[str, SheetTexts] | None:
    match PurePosixPath(name).suffix.lower():
        case ".xlsx" | ".xlsm":
            return _workbook(content) if len(content) <= LARGEST else None
        case ".xls":
            return _old_workbook(content)
        case ".qdpx":
            return _project(content)
        case suffix if suffix in TEXTS:
            text = io.StringIO(content.decode(encoding).removeprefix("\ufeff"), newline="")
            lines = enumerate(csv.reader(text, delimiter=delimiter or ","), start=1)
            return {"": {n: line for n, line in lines if n <= HEAD or n in wanted}}
    return None


def _workbook(content: bytes) -> Mapping[str, SheetTexts]:
    reader = ExcelReader(io.BytesIO(content), data_only=True)
    reader.read()
    sheets = {}
    for sheet in reader.wb.worksheets:
        rows = {n: [_as_shown(cell) for cell in row] for n, row in enumerate(sheet.iter_rows(), start=1)}
        for merged in sheet.merged_cells.ranges:  # what stands in merged cells holds for each of them
            for row, column in merged.cells:
                rows[row][column - 1] = rows[merged.min_row][merged.min_col - 1]
        sheets[str(sheet.title)] = rows
    return sheets


def _as_shown(cell: Any) -> str:
    """A cell as text; a first day of the month that is shown as a month ("mei-22") is no day."""
    shown = str(getattr(cell, "number_format", "")).split(";")[0].lower().rpartition("]")[2]
    if isinstance(cell.value, dt.datetime) and cell.value.day == 1 and "d" not in shown and "h" not in shown:
        if "m" in shown:
            return f"{cell.value:%Y-%m}"
        if cell.value.month == 1:
            return f"{cell.value:%Y}"
    return _as_text(cell.value)


def _old_workbook(content: bytes) -> Mapping[str, SheetTexts] | None:
    try:
        import xlrd  # type: ignore[import-untyped]  # comes with the tools for developers only
    except ImportError:
        return None

    def shown(cell: Any) -> str:
        is_error = cell.ctype == xlrd.XL_CELL_ERROR
        return str(xlrd.error_text_from_code[cell.value]) if is_error else _as_text(cell.value)

    book = xlrd.open_workbook(file_contents=content)
    return {of.name: {n + 1: list(map(shown, of.row(n))) for n in range(of.nrows)} for of in book.sheets()}


def _as_text(value: Any) -> str:
    """A cell as text: a whole number without decimals, a day as 2020-08-26."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _project(content: bytes) -> Mapping[str, SheetTexts]:
    """The sheets of a REFI-QDA project (docs/formats/qda.md), with the columns that say which row is which."""
    zipped = zipfile.Path(io.BytesIO(content)).root  # of bytes in memory, not of a file
    root = ET.fromstring(zipped.read(next(name for name in zipped.namelist() if name.lower().endswith(".qde"))))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    paths = dict(_paths(root))
    sources = [each for each in root.iterfind("Sources/*") if each.tag.endswith("Source")]
    names = list[str]()
    titles = [source.get("name", "").strip() for source in sources]
    for title in titles:  # the second of one name is called "name (2)"
        others = [title, *(f"{title} ({n})" for n in range(2, len(titles) + 2))]
        names.append(next(each for each in others if each not in names and (each == title or each not in titles)))
    codings = [
        [name, place.get("startPosition", ""), place.get("endPosition", ""), paths.get(_id(ref, "targetGUID"), "")]
        for name, source in zip(names, sources, strict=True)
        for place in _coded(source) for ref in place.iterfind("Coding/CodeRef")
    ]  # fmt: skip
    variables, values = _variables(root, sources)
    sheets = {
        "documents": [["document", *variables], *([name, *of] for name, of in zip(names, values, strict=True))],
        "codings": [["document", "begin", "end", "code_path"], *codings],
        "codes": [["code_path"], *([path] for path in paths.values())],
    }
    return {name: dict(enumerate(rows, start=1)) for name, rows in sheets.items()}


def _variables(root: ET.Element, sources: Sequence[ET.Element]) -> tuple[list[str], list[list[str]]]:
    """The headings for case and variables, and per source what stands under them: its own value, or else its cases'."""
    known = {_id(each, "guid"): each.get("name", "") for each in root.iterfind("Variables/Variable")}
    rows = []
    for source in sources:
        cases = [case for case in root.iterfind("Cases/Case")
                 if _id(source, "guid") in [_id(ref, "targetGUID") for ref in case.iterfind("SourceRef")]]  # fmt: skip
        row = ["; ".join(case.get("name", "") for case in cases)]
        for guid in known:
            own, others = _values(source, guid), [value for case in cases for value in _values(case, guid)]
            row.append("; ".join(dict.fromkeys(own or others)))
        rows.append(row)
    return ["case", *(f"variable {name}" for name in known.values())], rows


def _values(element: ET.Element, guid: str) -> list[str]:
    every = element.iterfind("VariableValue")
    given = [each for each in every for ref in each.iterfind("VariableRef") if _id(ref, "targetGUID") == guid]
    texts = [value.text or "" for each in given for value in each if value.tag.endswith("Value")]
    return [text.strip() for text in texts if text.strip()]


def _paths(root: ET.Element) -> Iterator[tuple[str, str]]:
    waiting = [(code, "") for code in reversed(root.findall("CodeBook/Codes/Code"))]
    while waiting:
        code, above = waiting.pop()
        path = above + code.get("name", "").strip().replace("/", "%2F")
        yield _id(code, "guid"), path
        waiting += [(child, f"{path}/") for child in reversed(code.findall("Code"))]


def _coded(source: ET.Element) -> Iterator[ET.Element]:
    """What can bear codes, in the order of the file: selections, those of a text within, and last the source itself."""
    for element in source:
        if element.tag.endswith("Selection"):
            yield element
        elif element.tag in ("Representation", "TextDescription", "Transcript"):
            yield from _coded(element)
    yield source


def _id(element: ET.Element, name: str) -> str:
    return element.get(name, "").strip("{} ").upper()
