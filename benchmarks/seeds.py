"""Small valid files of every kind that is read, made here: the same bytes every time. They are damaged by `mutate`."""

import datetime as dt
import io
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd

from iww_synthetic.files.qda import Document, Segment, project

HEADINGS = ["nr", "naam", "datum", "leefgebieden", "opmerking", "bedrag"]
ROWS: list[list[str]] = [
    [
        f"{n:04}",
        f"Casus {n} Súdwest" if n % 3 == 0 else f"Casus {n}",
        f"{1 + n % 28}-{1 + n % 12}-2020",
        "financiën; werk" if n % 4 == 0 else "wonen",
        'zei: "nee"' if n % 5 == 0 else "eerste regel\nen een tweede" if n % 7 == 0 else "",
        f"{n * 137 / 100:.2f}".replace(".", ","),
    ]
    for n in range(1, 26)
]
DAY, DAY_0 = dt.datetime.fromisoformat("2020-01-02"), dt.datetime.fromisoformat("1899-12-30")
VALUES: list[list[object]] = [
    [n, f"Casus {n}", DAY + dt.timedelta(days=n), n % 2 == 0, n * 1.37, "Súdwest" if n % 3 == 0 else None]
    for n in range(1, 21)
]

TABLE: list[list[object]] = [[*HEADINGS], *VALUES]


def text(delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n", columns: int = 6) -> bytes:
    """Make a text file; cells are quoted only where they must be."""
    lines = (delimiter.join(_quoted(cell, delimiter) for cell in row[:columns]) for row in [HEADINGS, *ROWS])
    return end.join([*lines, ""]).encode(encoding)


def _quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ('"', "\n", delimiter)) else cell


def members(content: bytes) -> dict[str, bytes]:
    """Unpack a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def zipped(files: Mapping[str, bytes], *, stored: Iterable[str] = ("mimetype",)) -> bytes:
    """Pack a zip in which nothing depends on the clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(
                zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def xlsx(*, stored: bool = False) -> bytes:
    """Make a workbook of two sheets, one of them hidden; `stored`: not compressed, so that a flip hits a cell."""
    book = openpyxl.Workbook()
    first, hidden = book.worksheets[0], book.create_sheet("Lijsten")
    hidden.sheet_state = "hidden"
    for row in TABLE:
        first.append(row)
    for word in ("ja", "nee", "onbekend"):
        hidden.append([word])
    book.properties.created = book.properties.modified = DAY
    out = io.BytesIO()
    book.save(out)
    files = members(out.getvalue())
    return zipped(files, stored=files if stored else ())


ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="Cases">{rows}'
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="6"/>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def ods() -> bytes:
    """Make an OpenDocument sheet that, like real ones, ends in a million empty rows said in one line."""
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in TABLE)
    return zipped({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": ODS.format(rows=rows).encode(),
        "META-INF/manifest.xml": MANIFEST.encode(),
    })  # fmt: skip


def _ods_cell(value: object) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            kind, shown = f'boolean" office:boolean-value="{str(value).lower()}', str(value).upper()
        case int() | float():
            kind, shown = f'float" office:value="{value}', str(value)
        case dt.datetime():
            kind, shown = f'date" office:date-value="{value.date()}', f"{value:%d-%m-%y}"
        case _:
            kind, shown = "string", str(value)
    return f'<table:table-cell office:value-type="{kind}"><text:p>{escape(shown)}</text:p></table:table-cell>'


# ---- xls: the old binary workbook (BIFF8 in a compound file) ------------------------------------------------------------

SECTOR, FREE, CHAIN_END, FAT_SECTOR = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls() -> bytes:
    """Make a workbook of one sheet as Excel 97 wrote it."""
    words = sorted({str(v) for row in TABLE for v in row if isinstance(v, str)})
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6))
    styles = _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", 0))
    styles += b"".join(_record(0x00E0, struct.pack("<HH16x", 0, kind)) for kind in (0, 14))  # as it is; as a day
    table = struct.pack("<II", len(words), len(words)) + b"".join(map(_word, words))
    shared, name = _record(0x00FC, table), b"Cases"
    end = _record(0x000A, b"")
    at = len(start + styles + shared + end) + 4 + 8 + len(name)
    sheets = _record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name)
    return _compound(start + styles + sheets + shared + end + _xls_sheet(words) + end)


def _xls_sheet(words: Sequence[str]) -> bytes:
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0x0DBB, 0x07CC, 0, 6))
    out += _record(0x0200, struct.pack("<IIHHH", 0, len(TABLE), 0, len(HEADINGS), 0))
    for number, row in enumerate(TABLE):
        for column, value in enumerate(row):
            place = struct.pack("<HH", number, column)
            match value:
                case str():
                    out += _record(0x00FD, place + struct.pack("<HI", 0, words.index(value)))
                case bool():
                    out += _record(0x0205, place + struct.pack("<HBB", 0, value, 0))
                case int() | float():
                    out += _record(0x0203, place + struct.pack("<Hd", 0, value))
                case dt.datetime():
                    out += _record(0x0203, place + struct.pack("<Hd", 1, (value - DAY_0).days))
    return out


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _word(word: str) -> bytes:
    return struct.pack("<HB", len(word), 1) + word.encode("utf-16-le")


def _compound(stream: bytes) -> bytes:
    """Put one stream in a compound file; padded, so that it needs no sectors of 64 bytes."""
    stream = stream.ljust(max(4096, -len(stream) % SECTOR + len(stream)), b"\x00")
    n = len(stream) // SECTOR
    fat = [FAT_SECTOR, CHAIN_END, *range(3, n + 2), CHAIN_END]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, CHAIN_END, 0, CHAIN_END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    folder = _entry("Root Entry", 5, CHAIN_END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    table = struct.pack(f"<{SECTOR // 4}I", *fat, *[FREE] * (SECTOR // 4 - len(fat)))
    return head + table + folder.ljust(SECTOR, b"\x00") + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    letters = (name + "\x00").encode("utf-16-le")
    head = letters.ljust(64, b"\x00") + struct.pack("<HBBIII", len(letters), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


# ---- SPSS and coded interviews ----------------------------------------------------------------------------------------


def sav(*, packed: bool = False, rows: bool = False) -> bytes:
    """Make an SPSS file; `rows`: each row compressed; `packed`: as .zsav."""
    import pyreadstat

    frame = pd.DataFrame({
        "nr": [float(n) for n in range(1, 26)],
        "naam": [row[1] for row in ROWS],
        "sekse": [float(n % 3) for n in range(25)],
        "score": [n * 1.5 if n % 6 else 99.0 for n in range(25)],
        "datum": pd.to_datetime([DAY + dt.timedelta(days=n) for n in range(25)]),
    })  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("x.zsav" if packed else "x.sav")
        pyreadstat.write_sav(
            frame, path, compress=packed, row_compress=rows,
            variable_value_labels={"sekse": {0.0: "onbekend", 1.0: "man", 2.0: "vrouw"}},
            missing_ranges={"score": [99.0]},
        )  # fmt: skip
        content = path.read_bytes()
    return content[:92] + b"02 jan 20" + b"12:00:00" + content[109:]  # the day and time of writing


def qdpx() -> bytes:
    """Make a small project of coded interviews."""
    said = "Ik kreeg weinig hulp. Het duurde lang, en niemand belde.\nToen kwam er één plan, en dat hielp ons zeer."
    pieces = [Segment(0, 21, ("Barrières/Hulp",)), Segment(22, 57, ("Barrières/Tijd",)), Segment(63, 76, ("Plan",))]
    codes = {"Barrières/Hulp": "te weinig", "Barrières/Tijd": "", "Plan": "één plan"}
    return project([Document(f"Gesprek {n}", said, f"C{n}", {}, pieces) for n in (1, 2)], codes, "atlasti")


def qdc() -> bytes:
    """Make a small codebook."""
    codes = "".join(
        f'<Code guid="00000000-0000-0000-0000-0000000000{n:02}" name="Code {n} één" isCodable="true" color="#FF0000">'
        f"<Description>uitleg {n}</Description></Code>"
        for n in range(1, 9)
    )
    head = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.4.1">'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}<Codes>{codes}</Codes></CodeBook>'.encode()


SEEDS: Mapping[str, Sequence[tuple[str, bytes]]] = {
    "csv": [("a.csv", text()), ("b.csv", text(",", end="\n")), ("c.csv", text(";", "utf-8-sig", columns=2))],
    "tsv": [("a.tsv", text("\t")), ("a.psv", text("|", end="\n"))],
    "csv utf-16": [
        ("a.csv", b"\xff\xfe" + text(encoding="utf-16-le")),
        ("b.csv", b"\xfe\xff" + text(encoding="utf-16-be")),
    ],
    "csv cp1252": [("a.csv", text(encoding="cp1252"))],
    "xlsx": [("a.xlsx", xlsx()), ("b.xlsx", xlsx(stored=True))],
    "xls": [("a.xls", xls())],
    "ods": [("a.ods", ods())],
    "sav": [("a.sav", sav()), ("b.sav", sav(rows=True))],
    "zsav": [("a.zsav", sav(packed=True))],
    "qdpx": [("a.qdpx", qdpx())],
    "qdc": [("a.qdc", qdc())],
}
