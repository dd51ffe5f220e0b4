"""Read the cells of a workbook as columns of text. Runs in the limited child, so it knows no pandas."""

import datetime as dt
import io
import itertools
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from iww_analysis.io.formats import ods, preflight, xlsx
from iww_analysis.io.formats.ods import Range
from iww_analysis.io.sandbox.limits import MOST_CELLS
from iww_analysis.messages.errors import Message, Place, fail

_ROWS = 20_000  # per block
_HEADER_WITHIN = 20  # rows in which a cell merged over several columns can be the title of a group of columns
_EXACT = 2**53  # whole numbers up to here are what the file says
_SURE = 10**15  # Excel keeps 15 digits: of a longer number the last ones are lost when it is typed


class Grid(NamedTuple):
    """One sheet: its cells as an Arrow stream, one block of rows a batch; and what a person should know of it."""

    name: str
    hidden: bool
    stream: bytes
    notes: tuple[Message, ...] = ()


def read_grids(name: str, content: bytes) -> list[Grid]:
    """Look through a workbook; give every sheet that has rows to hold: charts have none. Notes on all of it are the first's."""
    notes = preflight.check(name, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        merges, errors = ods.merged_ranges(content), xlsx.error_cells(content)
        if not book.sheet_names:
            raise ValueError("no sheets")
        grids = []
        for number, meta in enumerate(sheets):
            of_ods = None if merges is None else merges.get(number, [])
            stream, long = _stream(book.get_sheet_by_name(meta.name), errors.get(meta.name, {}), of_ods)
            if long:
                notes += (Message("digits_lost", Place(name, meta.name), {"columns": ", ".join(long)}),)
            grids.append(Grid(meta.name, meta.visible != SheetVisibleEnum.Visible, stream, notes))
            notes = ()
        return grids
    except PasswordError:
        raise fail("workbook_locked", Place(name)) from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, LookupError):
        too_much = ods.most_cells(content) > MOST_CELLS  # calamine has a bound of its own, but says only that it failed
        raise fail("sheet_repeats" if too_much else "workbook_broken", Place(name)) from None


def _stream(sheet: CalamineSheet, errors: xlsx.Errors, of_ods: list[Range] | None) -> tuple[bytes, list[str]]:
    """Give the cells, and the letters of the columns that hold numbers too long."""
    rows: Iterable[list[Any]] = sheet.iter_rows()
    if of_ods is not None:
        rows = (list(map(ods.clock, row)) for row in rows)
    left = sheet.start[1] if sheet.start else 0
    if left:  # calamine begins at the first filled column
        rows = ([""] * left + row for row in rows)
    if errors:
        rows = ([errors.get(n, {}).get(c, cell) for c, cell in enumerate(row)] for n, row in enumerate(rows))
    width = left + sheet.width
    long = [0] * width
    schema = pa.schema([(str(column), pa.large_string()) for column in range(width)])
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema) as writer:
        for block in _merged(iter(rows), of_ods or sheet.merged_cell_ranges or ()):
            columns = [texts(values, long, n) for n, values in enumerate(zip(*block, strict=True))]
            writer.write_batch(pa.record_batch(columns, schema=schema))
    return sink.getvalue(), [xlsx.column_letters(n + 1) for n, count in enumerate(long) if count]


def _merged(rows: Iterator[list[Any]], ranges: Sequence[Range]) -> Iterator[list[list[Any]]]:
    """Give blocks of rows. A cell merged over several rows of one column is repeated, as the title of a group of columns is."""
    down = {merge: "" for merge in ranges if merge[0][1] == merge[1][1] and merge[1][0] > merge[0][0]}
    first = 0
    for block in iter(lambda: list(itertools.islice(rows, _ROWS)), []):
        after = first + len(block)
        for (top, column), (bottom, _) in down:
            if first <= top < after:
                down[(top, column), (bottom, column)] = block[top - first][column]
            for row in range(max(top + 1, first), min(bottom + 1, after)):
                block[row - first][column] = down[(top, column), (bottom, column)]
        if first == 0:
            _repeat_group_titles(block, ranges)
        yield block
        first = after


def _repeat_group_titles(rows: list[list[Any]], ranges: Sequence[Range]) -> None:
    """A title of a group stands over columns that each have a heading of their own; a title of the sheet does not."""
    for (top, left), (bottom, right) in ranges:
        if right > left and bottom + 1 < min(len(rows), _HEADER_WITHIN):
            below = rows[bottom + 1][left : right + 1]
            beside = [*rows[top][:left], *rows[top][right + 1 :]]
            headed = len(below) == right - left + 1 and all(isinstance(text, str) and text for text in below)
            if headed and (any(beside) or any(rows[bottom + 1][:left])):
                for row in rows[top : bottom + 1]:
                    row[left : right + 1] = [rows[top][left]] * len(below)


def texts(values: Sequence[Any], long: list[int], column: int) -> pa.Array:
    """Give a column as text; what is not text is written once per distinct value. Counts in `long` numbers that are too long."""
    kinds = set(map(type, values))
    if kinds <= {str}:
        return pa.array(values, pa.large_string())
    if bool in kinds and kinds & {int, float}:  # 1 == True: no table of distinct values holds both
        return pa.array(map(as_text, values), pa.large_string())
    known = {value: as_text(value) for value in set(values)}
    if kinds & {int, float}:
        long[column] += sum(type(value) in (int, float) and abs(value) >= _SURE for value in known)
    return pa.array(map(known.__getitem__, values), pa.large_string())


def as_text(value: object) -> str:
    """Write a cell as a person sees it: dates as ISO, midnight left out; numbers in full, with Excel's 15 digits."""
    match value:
        case bool():
            return "ja" if value else "nee"
        case int() | float():
            return _number(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
        case dt.timedelta():
            seconds = round(abs(value).total_seconds())
            sign = "-" if value < dt.timedelta() else ""
            return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if abs(value) < _EXACT and value == int(value):
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")
