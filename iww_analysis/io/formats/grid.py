"""Read the cells of a workbook as columns of text. Runs in the limited child, so it knows no pandas."""

import datetime as dt
import io
import itertools
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
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
from iww_analysis.io.formats.cell_forms import CellForms, Range, SheetNotes
from iww_analysis.io.sandbox.limits import MOST_CELLS
from iww_analysis.messages.errors import Message, Place, fail

_ROWS = 20_000  # per block
_HEADER_WITHIN = 20  # rows in which a cell merged over several columns can be the title of a group of columns
_EXACT = 2**53  # whole numbers up to here are what the file says
_SURE = 10**15  # Excel keeps 15 digits: of a longer number the last ones are lost when it is typed


class Grid(NamedTuple):
    """One sheet: its cells as an Arrow stream, one block of rows a batch; and what a person should know of it.

    `numbers`: by column, the number that stands behind a label of SPSS.
    """

    name: str
    hidden: bool
    stream: bytes
    notes: tuple[Message, ...] = ()
    numbers: Mapping[int, Mapping[str, str]] = {}


def read_grids(name: str, content: bytes) -> list[Grid]:
    """Look through a workbook; give every sheet that has rows to hold: charts have none. Notes on all of it are the first's."""
    looked = preflight.check(name, content)
    notes = tuple(_unsaved(name, looked))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        members = xlsx.sheet_members(content) if looked.sheets else {}
        if not book.sheet_names:
            raise ValueError("no sheets")
        grids = []
        for number, meta in enumerate(sheets):
            forms = looked.sheets.get(members.get(meta.name, "").lower()) or CellForms()
            forms = looked.tables[number] if number < len(looked.tables) else forms
            sheet = book.get_sheet_by_name(meta.name)
            ranges = forms.merged if looked.is_open_document else sheet.merged_cell_ranges or ()
            stream, found = _stream(sheet, forms, ranges, is_ods=looked.is_open_document)
            notes += tuple(Message(code, Place(name, meta.name), words) for code, words in found)
            grids.append(Grid(meta.name, meta.visible != SheetVisibleEnum.Visible, stream, notes))
            notes = ()
        return grids
    except PasswordError:
        raise fail("workbook_locked", Place(name)) from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, LookupError):
        reach = [forms.rows * forms.columns for forms in looked.tables]
        too_much = max(reach, default=0) > MOST_CELLS  # calamine has a bound of its own, but says only that it failed
        raise fail("sheet_repeats" if too_much else "workbook_broken", Place(name)) from None


def _unsaved(name: str, looked: preflight.Looked) -> Iterator[Message]:
    if n := sum(forms.unsaved for forms in (*looked.sheets.values(), *looked.tables)):
        yield Message("workbook_formulas", Place(name), {"n": n})


def _stream(
    sheet: CalamineSheet, forms: CellForms, ranges: Sequence[Range], *, is_ods: bool
) -> tuple[bytes, list[tuple[str, dict[str, object]]]]:
    """Give the cells, and what is to be known of them: codes of messages with their words."""
    left = sheet.start[1] if sheet.start else 0  # calamine begins at the first filled column
    errors = [(row, column) for row, columns in forms.errors.items() for column in columns]
    width = max([left + sheet.width, *(column + 1 for _, column in errors)])
    height = max((row + 1 for row, _ in errors), default=0)
    notes = SheetNotes(forms, width)
    schema = pa.schema([(str(column), pa.large_string()) for column in range(width)])
    sink = io.BytesIO()
    rows = _changed(sheet, forms, left, width, height, is_ods=is_ods)
    with pa.ipc.new_stream(sink, schema) as writer:
        for block in _merged(rows, ranges):
            columns = [texts(values, notes.long, n) for n, values in enumerate(zip(*block, strict=True))]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            notes.add(columns)
    return sink.getvalue(), list(notes.messages())


def _changed(
    sheet: CalamineSheet, forms: CellForms, left: int, width: int, height: int, *, is_ods: bool
) -> Iterator[list[Any]]:
    """The rows of a sheet from its first cell on, as wide and as many as errors need, with what calamine does not tell."""
    rows: Iterator[list[Any]] = iter(sheet.iter_rows())
    if is_ods:
        rows = (list(map(ods.clock, row)) for row in rows)
    if left or width > left + sheet.width:
        rows = ([""] * left + row + [""] * (width - left - sheet.width) for row in rows)
    if not (forms.errors or forms.months):
        yield from rows
        return
    for number in itertools.count():
        row = next(rows, None)
        if row is None and number >= height:
            return
        row = [""] * width if row is None else row
        forms.change(number, row)
        yield row


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
