"""Old workbooks (xls): one whose records are out of step is refused, since the parser reads on in silence."""

import io
import struct

import pytest
import xlwt
from xlwt.CompoundDoc import XlsDoc

from iww_analysis.io.formats import xls
from iww_analysis.io.formats.workbook import read_workbook
from iww_analysis.messages.errors import IwwError

SECTOR, END, FREE, TABLE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
ROWS = [["nr", "naam", "score"], *([f"{n:03}", f"casus {n}", n * 1.5] for n in range(1, 9))]


def stream() -> bytes:
    """The records of a workbook of three sheets; one of small numbers, among which much looks like a record."""
    book = xlwt.Workbook()
    for name in ("Een", "Twee"):
        sheet = book.add_sheet(name)
        for n, row in enumerate(ROWS):
            for column, value in enumerate(row):
                sheet.write(n, column, value)
    sheet = book.add_sheet("Getallen")
    for n in range(48):
        sheet.write(n // 12, n % 12, n % 7)
    return book.get_biff_data()


def compound(records: bytes) -> bytes:
    out = io.BytesIO()
    XlsDoc().save(out, records)
    return out.getvalue()


def small(records: bytes) -> bytes:
    """A compound file whose header says that its stream is short enough to lie in sectors of 64 bytes."""
    n = -(
        -len(records) // SECTOR
    )  # sectors of the small stream; before it: the table, the folder and the small table (n / 16)
    m = -(-n // 16)
    table = [TABLE, END, *range(3, m + 2), END, *range(m + 3, m + n + 2), END]
    chain = [*range(1, 8 * n), END]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 1 << 20, 2, m, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    folder = entry("Root Entry", 5, m + 2, n * SECTOR) + entry("Workbook", 2, 0, len(records))
    parts = [numbers(table), folder, numbers(chain), records]
    return head + b"".join(part.ljust(-(-len(part) // SECTOR) * SECTOR, b"\xff") for part in parts)


def numbers(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def entry(name: str, kind: int, first: int, size: int) -> bytes:
    letters = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<HBBIII", len(letters), kind, 1, FREE, FREE, 1 if kind == 5 else FREE)
    return letters.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", first, size)


def codes(content: bytes) -> list[str]:
    with pytest.raises(IwwError) as error:
        read_workbook("a.xls", content)
    return [message.code for message in error.value.messages]


@pytest.mark.parametrize(
    "content",
    [compound(stream()), small(stream()), compound(stream() + bytes(8_000_000))],
    ids=["usual", "in small sectors", "with a table in more sectors than the header names"],
)
def test_a_whole_workbook_is_read(content: bytes) -> None:
    sheets = [(sheet.name, sheet.cells.shape) for sheet in read_workbook("a.xls", content)]
    assert sheets == [("Een", (9, 3)), ("Twee", (9, 3)), ("Getallen", (4, 12))]


def test_bytes_more_or_less_among_the_records_are_refused_wherever_they_stand() -> None:
    records = stream()
    first = records.index(b"\x09\x08", 4)  # the first sheet
    for at in range(first, len(records) - 4, 5):  # the last four are an end, and zeros follow
        for n in (1, 3, 7, 11):  # none the length of a whole record
            shifted = records[:at] + (b"\0" + records[at:] if n == 1 else records[at + n :])
            with pytest.raises(xls.BROKEN):
                xls.check(compound(shifted))


@pytest.mark.parametrize(
    ("kind", "within", "put"),
    [
        (0x85, 0, b"\x01"),  # where the first sheet begins
        (0x85, 5, b"\x02"),  # that it is a chart
        (0xFD, 6, b"\xff"),  # the text that the first cell shows
        (0xFC, 4, b"\x01"),  # how many texts there are
        (0x27E, -2, b"\x09"),  # how long a number is
    ],
)
def test_a_record_that_says_what_cannot_be_is_refused(kind: int, within: int, put: bytes) -> None:
    records = stream()
    at = next(begin for found, begin, _ in everything(records) if found == kind) + within
    assert codes(compound(records[:at] + put + records[at + 1 :])) == ["workbook_broken"]


def everything(records: bytes) -> list[tuple[int, int, int]]:
    found, at = [], 0
    while at < len(records):
        kind, length = struct.unpack_from("<HH", records, at)
        found.append((kind, at + 4, length))
        at += 4 + length
    return found


@pytest.mark.parametrize("part", [0.1, 0.5, 0.8])
def test_a_workbook_cut_short_is_refused(part: float) -> None:
    content = compound(stream())
    assert codes(content[: int(len(content) * part)]) == ["workbook_broken"]


def test_a_chain_of_sectors_that_goes_round_is_refused() -> None:
    content = bytearray(small(stream()))
    content[SECTOR + 4 : SECTOR + 8] = (1).to_bytes(4, "little")  # the folder is followed by itself
    assert codes(bytes(content)) == ["workbook_broken"]
