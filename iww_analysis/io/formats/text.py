"""Read delimited text in blocks of whole records, exactly as a strict `csv.reader` would, most of it by Arrow.

Arrow's reader is fast and agrees with `csv.reader` on text that is plainly quoted: every quotation mark stands at the
beginning or end of a cell, or is doubled. A block with blank lines, lone carriage returns or records of unlike width goes
through `csv.reader` itself; from the first quotation mark that stands elsewhere on, so does the rest of the file.
"""

import codecs
import csv
import io
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import BinaryIO, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from iww_analysis.io.formats.encoding import OTHERS, Encoding, encoding_of
from iww_analysis.messages.errors import Message, Place, fail
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock, cells_of

DELIMITERS = ";,\t|"
RARE = "^~"  # separators where none of these reads as one
TRIED = 200  # records by which separators are tried
HALTED = 0.5  # what a reading is worth that a stray quotation mark ends
_BROKEN = {  # a cell that another separator divides, that holds one quotation mark, or goes on where prose had a comma
    delimiter: re.compile('^ |^[^"]*"[^"]*$|' + "|".join(
        r"(?:[^\W\d],\S|\S,[^\W\d])" if other == "," else rf"\S{re.escape(other)}\S" for other in DELIMITERS if other != delimiter
    )) for delimiter in DELIMITERS + RARE
}  # fmt: skip
HEAD = 1 << 16  # bytes in which the first record ends
STEP = 1 << 20  # bytes worked on at once: no more than the processor keeps at hand; a long file's first block has them
LOOKED_AT = 1 << 24  # bytes by which damaged UTF-8 is told from another encoding
BLOCK = 3 << 24  # bytes: files up to this length are one block
RECORDS = 1 << 17  # in a block that `csv.reader` reads
LINES_BACK = 1000  # in which the end of the last whole record is sought

Open = Callable[[], BinaryIO]


class Dialect(NamedTuple):
    """How a text file is written."""

    file: str
    encoding: Encoding
    delimiter: str


def read_text(file: str, open_: Open) -> RawSheet:
    """Read a text file as a sheet; only its encoding and separator are found now, its records when they are asked for."""
    with open_() as stream:
        encoding = encoding_of(iter(lambda: stream.read(LOOKED_AT), b""))
    with open_() as stream:
        head = next(_utf_8(stream, Dialect(file, encoding, "")), b"")
    text = head.decode("utf-8", "replace")
    dialect = Dialect(file, encoding, _delimiter(text))
    is_table = bool(_likeness(text, dialect.delimiter)) or "\n" not in text.strip()
    notes = [] if is_table else [Message("file_one_column", Place(file))]
    if encoding.damaged:
        notes.append(Message("file_damaged_text", Place(file)))
    elif encoding.name in OTHERS:
        notes.append(Message("file_code_page", Place(file), {"encoding": encoding.name}))
    elif encoding.doubtful:
        notes.append(Message("file_doubtful_text", Place(file), {"encoding": encoding.name}))
    return RawSheet(file, "", lambda: _blocks(open_, dialect), encoding=encoding.name, delimiter=dialect.delimiter,
                    notes=tuple(notes))  # fmt: skip


def _blocks(open_: Open, dialect: Dialect) -> Iterator[RowBlock]:
    first = 1
    with open_() as stream:
        is_long = stream.seek(0, io.SEEK_END) > BLOCK
        stream.seek(0)
        pieces = _whole_records(_utf_8(stream, dialect), is_long=is_long)
        for piece in pieces:
            quotes = _places(piece, '"')
            if not _plainly_quoted(piece, quotes, dialect.delimiter):
                blocks = _strictly(bytearray().join([piece, *pieces]), dialect, first)
            elif (quick := _quickly(piece, quotes, dialect, first)) is not None:
                blocks = iter([quick])
            else:
                blocks = _strictly(piece, dialect, first)
            for block in blocks:
                yield block
                first += len(block.cells)
    if first == 1:  # nothing but a byte-order mark
        yield RowBlock(cells_of([]), pd.Series(dtype="int64"))


def _utf_8(stream: BinaryIO, dialect: Dialect) -> Iterator[bytes]:
    """Give the text in pieces as UTF-8."""
    decoder = codecs.getincrementaldecoder(dialect.encoding.name)(dialect.encoding.errors)
    plain = dialect.encoding == Encoding("utf-8")
    try:
        for raw in iter(lambda: stream.read(STEP), b""):
            piece = raw if plain else decoder.decode(raw).encode()
            if b"\x00" in piece:
                raise fail("file_nul", Place(dialect.file))
            yield piece
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError:
        raise fail("file_encoding", Place(dialect.file), encoding=dialect.encoding.name) from None


def _whole_records(pieces: Iterator[bytes], *, is_long: bool) -> Iterator[bytearray]:
    """Join pieces of text to blocks that end behind a line end that no quotation marks enclose."""
    held, quotes, enough = bytearray(), 0, 0 if is_long else math.inf
    for piece in pieces:
        held += piece
        quotes += piece.count(b'"')
        if len(held) > enough and (end := _last_end(piece, quotes)):
            rest = held[len(held) - len(piece) + end :]
            del held[len(held) - len(rest) :]
            yield held
            held, quotes, enough = rest, rest.count(b'"'), BLOCK
    if held:
        yield held


def _last_end(piece: bytes, quotes: int) -> int:
    """Where the last whole record ends, with `quotes` marks up to the piece's end; 0: none is found in its last lines."""
    end = len(piece)
    for _ in range(LINES_BACK):
        line = piece.rfind(b"\n", 0, end)
        quotes -= piece.count(b'"', line + 1, end)
        if line < 0 or quotes % 2 == 0:
            return line + 1
        end = line
    return 0


def _plainly_quoted(text: bytearray, quotes: np.ndarray, delimiter: str) -> bool:
    """Say whether every quotation mark opens or closes a cell or is doubled."""
    if len(quotes) % 2:
        return False
    signs, edge = np.frombuffer(text, np.uint8), np.zeros(256, dtype=bool)
    edge[list(f'{delimiter}\r\n"'.encode())] = True
    before, after = quotes[0::2] - 1, quotes[1::2] + 1
    before, after = before[before >= 0], after[after < len(text)]
    return bool(edge[signs[before]].all() and edge[signs[after]].all())


def _quickly(text: bytearray, quotes: np.ndarray, dialect: Dialect, first: int) -> RowBlock | None:
    """Read by Arrow what has records of one width and no blank lines; else give None."""
    ends = _places(text, "\n")
    returned = np.frombuffer(text, np.uint8)[ends - 1] == ord("\r")
    length = np.diff(ends, prepend=-1) - returned  # of each line, its end included
    if (length < 2).any() or text.count(b"\r") != np.count_nonzero(returned):  # carriage returns elsewhere
        return None
    head = io.StringIO(text[:HEAD].decode("utf-8", "ignore"), newline="")
    width = len(next(csv.reader(head, delimiter=dialect.delimiter), []))
    cells = cells_by_arrow(text, dialect.delimiter, width)
    if cells is None:
        return None
    cells.index = pd.RangeIndex(first, first + len(cells))
    inside = np.searchsorted(quotes, ends) % 2 == 1
    rows = np.unique(np.searchsorted(ends[~inside], ends[inside]))
    with_lines = ((int(cells.index[row]), cell) for row in rows for cell in cells.iloc[row] if "\n" in cell)
    _refuse_swallowed_rows(dialect, with_lines, width)
    return RowBlock(cells, pd.Series(width, index=cells.index))


def cells_by_arrow(text: bytes | bytearray, delimiter: str, width: int) -> pd.DataFrame | None:
    """Read plainly quoted UTF-8 by Arrow; None when a record has another width."""
    names = [str(n) for n in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.py_buffer(text),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    cells: pd.DataFrame = table.to_pandas()
    return cells.set_axis(pd.RangeIndex(width), axis=1)


def _places(text: bytearray, sign: str) -> np.ndarray:
    signs = np.frombuffer(text, np.uint8)
    places = [np.flatnonzero(signs[n : n + STEP] == ord(sign)) + n for n in range(0, len(text), STEP)]
    return np.concatenate([np.zeros(0, dtype=np.int64), *places])


def _strictly(text: bytearray, dialect: Dialect, first: int) -> Iterator[RowBlock]:
    """Read strictly: a quotation mark that no other closes, or that closes before the cell ends, is refused."""
    reader = csv.reader(io.StringIO(text.decode(), newline=""), delimiter=dialect.delimiter, strict=True)
    while True:
        records: list[list[str]] = []
        try:
            records.extend(itertools.islice(reader, RECORDS))
        except csv.Error:
            raise fail("stray_quote", Place(dialect.file, row=first + len(records))) from None
        if not records:
            return
        widths = pd.Series([len(record) for record in records], index=range(first, first + len(records)))
        usual = Counter(widths[widths > 2])
        if usual:
            lines = ((n, cell) for n, record in enumerate(records, first) for cell in record if "\n" in cell)
            _refuse_swallowed_rows(dialect, lines, max(usual, key=lambda width: (usual[width], width)))
        yield RowBlock(cells_of(records, first), widths)
        first += len(records)


def _refuse_swallowed_rows(dialect: Dialect, cells: Iterable[tuple[int, str]], width: int) -> None:
    """Refuse a file in which one stray quote has swallowed rows: a cell with lines as full as most rows."""
    for row, cell in cells:
        if width > 2 and any(line.count(dialect.delimiter) >= width - 1 for line in re.split(r"\r?\n", cell)):
            raise fail("stray_quote", Place(dialect.file, row=row))


def _delimiter(text: str) -> str:
    """Choose the separator whose reading of the first records is most like a table, unless the file says it (`sep=;`)."""
    if declared := re.match(r"sep=([;,\t|^~])\r?\n", text, re.IGNORECASE):
        return declared[1]
    likely, rare = (max(signs, key=partial(_likeness, text)) for signs in (DELIMITERS, RARE))  # the first of equals
    return rare if _likeness(text, rare) and not _likeness(text, likely) else likely


def _likeness(text: str, delimiter: str) -> float:
    """How much like a table the first records are under a separator: the share of one width, times that of whole cells."""
    reader, records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), list[list[str]]()
    halted = 1.0
    try:
        records.extend(itertools.islice(reader, TRIED))
    except csv.Error:
        halted = HALTED
    filled = [record for record in records if any(map(str.strip, record))]
    width = max(Counter(map(len, filled)).items(), key=lambda each: (each[1] * (each[0] > 1), each[0]), default=(0, 0))[
        0
    ]
    alike = [record for record in filled if len(record) == width]
    if width < 2:
        return 0.0
    cells = [cell for record in alike for cell in record if cell.strip()]
    broken = sum(bool(_BROKEN[delimiter].search(cell)) for cell in cells)
    return halted * len(alike) / len(filled) * (1 - broken / (len(cells) + 1))
