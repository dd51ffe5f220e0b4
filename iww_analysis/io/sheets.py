"""Read delivered files as sheets of text: text stays text, every row keeps its own number."""

import csv
import datetime as dt
import io
import itertools
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from iww_analysis.errors import Message, Place, fail
from iww_analysis.io import qda
from iww_analysis.io.encoding import encoding_of

TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
DELIMITERS = ";,\t|"
DELIMITER_WITHIN = 20  # filled lines that are looked at
_ZIP_START = b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or one text file.

    `cells` holds text only ("" is empty), one column per position; its index is the row number a person sees:
    Excel's own row, or for text files the 1-based record of `csv.reader`, header included.
    `widths` counts the cells that each record really had (text files only: sheets are rectangular).
    `said`: what a person should know of how the file was read, on its first sheet.
    """

    file: str
    name: str
    cells: pd.DataFrame
    widths: pd.Series | None = None
    hidden: bool = False
    encoding: str = ""
    delimiter: str = ""
    said: tuple[Message, ...] = ()


def read_sheets(path: Path, content: bytes) -> list[Sheet]:
    """Read every sheet of a file whose bytes are given. Raises IwwError when the file cannot be read."""
    suffix = path.suffix.lower()
    if not content.strip():
        raise fail("file_empty", Place(path.name))
    if suffix in WORKBOOK_SUFFIXES:
        return list(_workbook(path.name, content))
    if suffix in TEXT_SUFFIXES:
        return [_text_file(path.name, content)]
    if suffix in qda.SUFFIXES:
        return list(_virtual(path.name, content))
    raise fail("file_kind", Place(path.name), suffix=suffix or "-")


def _virtual(name: str, content: bytes) -> Iterator[Sheet]:
    tables, said = qda.read_qda(name, content)
    for number, (sheet, rows) in enumerate(tables.items()):
        yield Sheet(name, sheet, _frame(rows), said=() if number else said)


def _workbook(name: str, content: bytes) -> Iterator[Sheet]:
    if not content.startswith(_ZIP_START):
        raise fail("not_a_workbook", Place(name))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue  # a chart has no rows
            sheet = book.get_sheet_by_name(meta.name)
            rows = [[_as_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            _fill_merged(rows, sheet.merged_cell_ranges or ())
            hidden = meta.visible != SheetVisibleEnum.Visible
            yield Sheet(name, meta.name, _frame(rows), hidden=hidden)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError):
        raise fail("workbook_broken", Place(name)) from None


def _fill_merged(rows: list[list[str]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Repeat what a cell merged over several rows of one column says; wider merges are titles and stay."""
    for (top, left), (bottom, right) in ranges:
        if left == right and bottom > top:
            for row in range(top + 1, min(bottom + 1, len(rows))):
                rows[row][left] = rows[top][left]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return str(value)


def _text_file(name: str, content: bytes) -> Sheet:
    encoding = encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise fail("file_encoding", Place(name), encoding=encoding) from None
    if "\x00" in text:
        raise fail("file_nul", Place(name))
    delimiter = _delimiter(text)
    records = _records(name, text, delimiter)
    _refuse_swallowed_rows(name, records, delimiter)
    widths = pd.Series([len(record) for record in records], index=range(1, len(records) + 1))
    return Sheet(name, "", _frame(records), widths=widths, encoding=encoding, delimiter=delimiter)


def _delimiter(text: str) -> str:
    """Choose the separator that most of the first filled lines hold, and hold most often; titles hold none or others."""
    filled = (line[0] for line in re.finditer(r"[^\r\n]+", text) if line[0].strip())
    first = list(itertools.islice(filled, DELIMITER_WITHIN))
    counts = {delimiter: [line.count(delimiter) for line in first] for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda d: (sum(map(bool, counts[d])), sum(counts[d]), -DELIMITERS.index(d)))


def _records(name: str, text: str, delimiter: str) -> list[list[str]]:
    """Read strictly: a quotation mark that no other closes, or that closes before the cell ends, is refused."""
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise fail("stray_quote", Place(name, row=len(records) + 1)) from None
    return records


def _refuse_swallowed_rows(name: str, records: list[list[str]], delimiter: str) -> None:
    """Refuse a file in which one stray quote has swallowed rows: a field with lines as full as most rows."""
    widths = Counter(len(record) for record in records if len(record) > 2)
    if not widths:
        return
    separators = max(widths, key=lambda width: (widths[width], width)) - 1
    for number, record in enumerate(records, start=1):
        for field in record:
            if "\n" in field and any(line.count(delimiter) >= separators for line in re.split(r"\r?\n", field)):
                raise fail("stray_quote", Place(name, row=number))


def _frame(rows: list[list[str]]) -> pd.DataFrame:
    width = max((len(row) for row in rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return pd.DataFrame(padded, index=range(1, len(rows) + 1), columns=range(width), dtype="str")
