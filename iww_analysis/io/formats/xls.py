"""Look whether an old workbook (xls) is built as it says, and what calamine does not tell of its cells.

Where its records are out of step, calamine reads on in silence.
"""

import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress

from iww_analysis.io.formats.cell_forms import CellForms, shown_of_day

BROKEN = (ValueError, LookupError, struct.error)  # what the functions here raise

_CHAIN_END = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_SMALL = 64  # bytes of a sector of the small stream, in which streams lie that are shorter than the header says
_BOF, _EOF, _SHEET, _STRINGS, _LABEL, _MANY, _ROW = 0x0809, 0x000A, 0x0085, 0x00FC, 0x00FD, 0x00BD, 0x0208
_BEHIND = (b"\x09\x08", b"\0\0", b"")  # what stands behind an end: a beginning, zeros to fill up, nothing
_FAMILIES = (0x00, 0x01, 0x02, 0x04, 0x08, 0x10)  # the first bytes of the numbers that kinds of record have
_LONGEST = 8224  # bytes of a record; what is longer is continued in the next
_LENGTHS = {_EOF: 0, _LABEL: 10, 0x0201: 6, 0x0203: 14, 0x0205: 8, _ROW: 16, 0x027E: 10}  # of cells and rows
_CELLS = {_LABEL, _MANY, 0x0006, 0x00BE, 0x00D6, 0x0201, 0x0203, 0x0204, 0x0205, _ROW, 0x027E}
_AMONG = {  # what may stand between cells: parts of formulas, ends of blocks of rows, continuations, links and notes
    0x001C, 0x003C, 0x005E, 0x00BC, 0x00D7, 0x01B8, 0x01C2, 0x0207, 0x0221, 0x0236, 0x04BC, 0x0800,
}  # fmt: skip
_COLUMNS, _FORMAT, _STYLE, _FONT = 0x007D, 0x041E, 0x00E0, 0x0031
_ERROR, _FORMULA, _NUMBERS = 0x0205, 0x0006, (0x0203, 0x027E)
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_TABLE = 0x10  # the kind of sheet that is no chart or macro

Record = tuple[int, int, int]  # kind, begin, length


def check(content: bytes) -> list[CellForms]:
    """Walk over the records of every sheet: each begins where the workbook says, is in step, and ends. Raises one of BROKEN.

    Gives the forms of the cells of each sheet that is no chart, in order.
    """
    stream = _workbook(content)
    sheets: list[int] = []
    strings, styles, forms = 0, _Styles(), []
    for kind, begin, length in _records(stream, 0):
        if kind == _SHEET:
            (sheet,) = struct.unpack_from("<I", stream, begin)
            sheets.append(sheet)
            if (stream[begin + 5] == 0) != (stream[sheet + 6] == _TABLE):
                raise ValueError("a sheet is of another kind than the workbook says")
        elif kind == _STRINGS:
            (strings,) = struct.unpack_from("<I", stream, begin + 4)
        else:
            styles.add(kind, stream[begin : begin + length])
    for sheet in sheets:
        found = _check_sheet(stream, sheet, strings, styles)
        forms += [found] if stream[sheet + 6] == _TABLE else []
    return forms


class _Styles:
    """What the styles of cells say, by their number: of which days a month is all that shows, and what is struck through."""

    def __init__(self) -> None:
        self._formats, self._fonts = {17: "mmm-yy"}, list[bool]()
        self._styles = list[tuple[int, int]]()  # font and format

    def add(self, kind: int, record: bytes) -> None:
        if kind == _FORMAT:
            number, length, is_wide = struct.unpack_from("<HHB", record)
            with suppress(UnicodeDecodeError):  # of older workbooks
                text = record[5 : 5 + length * (1 + (is_wide & 1))].decode("utf-16-le" if is_wide & 1 else "latin-1")
                self._formats[number] = text
        elif kind == _FONT:
            self._fonts += [bool(record[2] & 8)] * (2 if len(self._fonts) == 3 else 1)  # no font has the number 4
        elif kind == _STYLE:
            self._styles.append(struct.unpack_from("<HH", record))

    def look(self, forms: CellForms, row: int, column: int, style: int) -> None:
        """Take up how a cell of this style shows."""
        font, number = self._styles[style] if style < len(self._styles) else (0, 0)
        forms.struck += font < len(self._fonts) and self._fonts[font]
        if shown := shown_of_day(self._formats.get(number, "")):
            forms.months.setdefault(row, {})[column] = shown


def _check_sheet(stream: bytes, sheet: int, strings: int, styles: _Styles) -> CellForms:
    began = over = False
    forms = CellForms()
    for kind, begin, length in _records(stream, sheet):
        if kind in _CELLS:
            began = True
            if over or (stream[begin + 3] and kind != _ROW):  # no column is beyond the 256th
                raise ValueError("no cell stands here")
            if kind == _LABEL and struct.unpack_from("<I", stream, begin + 6)[0] >= strings:
                raise ValueError("a cell points at a text that is not there")
            if kind == _MANY and length % 6:
                raise ValueError("a row of numbers is cut off")
            _look_at(stream[begin : begin + length], kind, forms, styles)
        elif kind == _COLUMNS and stream[begin + 8] & 1:
            first, last = struct.unpack_from("<HH", stream, begin)
            forms.hidden_columns += range(first, min(last, 255) + 1)
        elif began and kind not in _AMONG:
            over = True
    return forms


def _look_at(record: bytes, kind: int, forms: CellForms, styles: _Styles) -> None:
    """Take up what a row or cell is that calamine does not tell."""
    row, column = struct.unpack_from("<HH", record)
    if kind == _ROW:
        forms.hidden_rows += [row] if record[12] & 0x20 else []
    elif kind == _ERROR and record[7]:
        forms.errors.setdefault(row, {})[column] = _ERRORS.get(record[6], "#N/A")
    elif kind == _FORMULA and record[6] == 2 and record[12:14] == b"\xff\xff":
        forms.errors.setdefault(row, {})[column] = _ERRORS.get(record[8], "#N/A")
    elif kind == _MANY:
        for n, at in enumerate(range(4, len(record) - 2, 6)):
            styles.look(forms, row, column + n, *struct.unpack_from("<H", record, at))
    elif kind in (*_NUMBERS, _FORMULA, _LABEL):
        styles.look(forms, row, column, *struct.unpack_from("<H", record, 4))


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """Give the records from a beginning to the end that belongs to it; charts within a sheet have their own."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        if not kind or kind >> 8 not in _FAMILIES or length > _LONGEST or length != _LENGTHS.get(kind, length):
            raise ValueError("no record stands here")
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < (kind != _EOF):
            raise ValueError("nothing begins here")
        yield kind, at + 4, length
        at += 4 + length
        if depth < 1:
            break
    if stream[at : at + 2] not in _BEHIND:
        raise ValueError("this is no end")


# ---- the compound file: a small file system of sectors, in which the workbook is one stream ---------------------------------


def _workbook(content: bytes) -> bytes:
    shift, least = (struct.unpack_from(form, content, at)[0] for form, at in (("<H", 30), ("<I", 56)))
    if shift not in (9, 12):
        raise ValueError("no such sectors")
    size = 1 << shift
    sectors = memoryview(content)[size:]
    table = _numbers(b"".join(_sector(content, size, n) for n in _table_sectors(content, size)))
    folder = _read(sectors, size, table, *struct.unpack_from("<I", content, 48))
    entries = {}
    for entry in (folder[at : at + 128] for at in range(0, len(folder), 128)):
        (length,) = struct.unpack_from("<H", entry, 64)  # of the name, its end included
        entries[entry[: max(0, length - 2)].decode("utf-16-le")] = struct.unpack_from("<II", entry, 116)
    first, length = entries.get("Workbook") or entries["Book"]
    if length >= least:
        return _read(sectors, size, table, first, length)
    small = _read(sectors, size, table, *struct.unpack_from("<I", folder, 116))
    chains = _numbers(_read(sectors, size, table, *struct.unpack_from("<I", content, 60)))
    return _read(small, _SMALL, chains, first, length)


def _table_sectors(content: bytes, size: int) -> Iterator[int]:
    """Say in which sectors the table lies that chains sectors: 109 are named at the beginning, more in sectors of their own."""
    more, _, *sectors = struct.unpack_from("<111I", content, 68)
    for _ in range(len(content) // size):
        yield from (n for n in sectors if n != _FREE)
        if more >= _CHAIN_END:
            return
        *sectors, more = _numbers(_sector(content, size, more))


def _read(sectors: bytes | memoryview, size: int, table: Sequence[int], first: int, length: int | None = None) -> bytes:
    """Put the chained sectors together; without a length to where the chain ends."""
    pieces: list[bytes | memoryview] = []
    while (first != _CHAIN_END) if length is None else (len(pieces) * size < length):
        if len(pieces) > len(table):
            raise ValueError("a chain goes round")
        pieces.append(sectors[first * size : (first + 1) * size])
        first = table[first]
    stream = b"".join(pieces)[:length]
    if length is not None and len(stream) < length:
        raise ValueError("the file is cut off")
    return stream


def _sector(content: bytes, size: int, number: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])
