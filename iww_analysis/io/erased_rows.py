"""Empty rows of a delivered file: the others stay as they are, with their numbers."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl

from iww_analysis.io.delivered_files import read_sheets
from iww_analysis.messages.errors import Place, fail
from iww_analysis.tables.raw_sheet import RawSheet


def without(name: str, content: bytes, rows: Mapping[str, Sequence[int]]) -> bytes:
    """Give the bytes of a text or xlsx with these rows (sheet -> numbers) emptied.

    It is read again and held against the old one: raises IwwError where anything else changed, and for other kinds of file.
    """
    before = read_sheets(Path(name), content)
    if before[0].encoding:
        made = _text_without(before[0], content, set(rows[""]))
    elif name.lower().endswith(".xlsx"):
        made = _workbook_without(content, rows)
    else:
        raise fail("erase_kind", Place(name))
    after = read_sheets(Path(name), made)
    if any(not _differs_only_in(old, new, rows.get(old.name, ())) for old, new in zip(before, after, strict=True)):
        raise fail("erase_kind", Place(name))
    return made


def _differs_only_in(old: RawSheet, new: RawSheet, rows: Sequence[int]) -> bool:
    kept = old.cells.drop(index=list(rows))
    others = new.cells.reindex(columns=old.cells.columns, fill_value="").drop(index=list(rows), errors="ignore")
    return kept.equals(others.reindex(kept.index, fill_value="")) and not new.cells.reindex(list(rows)).fillna("").any(
        axis=None
    )


def _text_without(sheet: RawSheet, content: bytes, rows: set[int]) -> bytes:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else sheet.encoding
    text = content.decode(encoding)
    made = "".join(_lines_without(text, sheet.delimiter or ",", rows))
    return made.encode(encoding)


def _lines_without(text: str, delimiter: str, rows: set[int]) -> Iterator[str]:
    """The lines of a text; of each record that goes the separators stay."""
    lines = io.StringIO(text, newline="").readlines()
    records, first = csv.reader(iter(lines), delimiter=delimiter, strict=False), 0
    for number, record in enumerate(records, start=1):
        of_record = lines[first : records.line_num]
        first = records.line_num
        if number in rows:
            end = of_record[-1][len(of_record[-1].rstrip("\r\n")) :]
            yield delimiter * (len(record) - 1) + end
        else:
            yield from of_record


def _workbook_without(content: bytes, rows: Mapping[str, Sequence[int]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for name, numbers in rows.items():
        for row in numbers:
            for cell in book[name][row]:
                cell.value = cell.comment = cell.hyperlink = None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
