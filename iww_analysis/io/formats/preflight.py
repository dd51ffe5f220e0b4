"""Look at a delivered file before any parser does: what it is, whatever its name says, whether it is whole and to be trusted."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from xml.parsers import expat

from iww_analysis.io.formats import xls
from iww_analysis.io.formats.xlsx import column_letters, column_number
from iww_analysis.io.sandbox.limits import MOST_CELLS, MOST_MEMBERS, MOST_RATIO, MOST_UNPACKED
from iww_analysis.messages.errors import Message, Place, fail
from iww_analysis.tables.raw_sheet import PROJECT_SUFFIXES

ZIP_START = b"PK\x03\x04"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_NO_XML = (expat.ExpatError, LookupError)  # and ValueError
NAMES: dict[str, tuple[str, ...]] = {  # what is read, and how it may be named
    "xlsx": (".xlsx", ".xlsm"), "xls": (".xls",), "ods": (".ods",),
    "spss": (".sav", ".zsav"), "qda": PROJECT_SUFFIXES, "text": (".csv", ".txt", ".tsv", ".psv", ".ssv", ".tab"),
}  # fmt: skip
SUFFIXES = frozenset(suffix for suffixes in NAMES.values() for suffix in suffixes)
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {  # what a file that is no table begins with
    b"%PDF": "PDF", b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF", b"{\\rtf": "RTF", b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"SQLite format 3": "SQLite", b"PAR1": "Parquet", b"MZ": "EXE", b"<<<": "Stata",
}  # fmt: skip
_MARKUP = re.compile(rb"\A\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|table|script|div)\b", re.I | re.S)
_INSIDE = {  # what a zip is, by a member it has
    "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods",
    "word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint",
}  # fmt: skip
_XLS_LOCKED = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.S)  # BOF, then FILEPASS
_XLS_ERROR = re.compile(  # an error as a value, and as the result of a formula
    rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01|\x06\x00.{8}\x02\x00[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff",
    re.S,
)
_XML = (".xml", ".rels")
_READ = ("xl/", "content.xml", "meta-inf/manifest.xml")  # LibreOffice leaves empty members beside these
_PROLOG = 65_536  # bytes in which the first element of an XML file must begin
_CHUNK = 1 << 20
_OVERLAP = 600  # bytes of the last chunk that are looked at again, so that no tag falls between two
_FAR = re.compile(rb'<c r="([A-Z]{2,3})\d')
_ROW = re.compile(rb'<row [^>]{0,80}?\br="(\d{1,8})"')
_UNSAVED = re.compile(
    rb"<c(?![^>]{0,99} t=\"str\")[^>]{0,99}><f[^>]{0,200}(?:/>|>[^<]{0,200}</f>)(?:<v ?/>|<v></v>)?</c>"
)


@dataclass(frozen=True)
class Recognised:
    """What a file is, a key of `NAMES`; `notes` says so when its name says otherwise."""

    kind: str
    notes: tuple[Message, ...] = ()


def recognise(name: str, content: bytes) -> Recognised:
    """Say what a file is, by its bytes; raises IwwError when no reader takes it."""
    kind = _kind(content)
    if kind not in NAMES:
        raise fail("not_a_workbook", Place(name), kind=kind)
    rightly = PurePath(name).suffix.lower() in NAMES[kind]
    return Recognised(kind, () if rightly else (Message("file_misnamed", Place(name), {"suffix": NAMES[kind][0]}),))


def _kind(content: bytes) -> str:
    head = content[:4096].lstrip(b"\xef\xbb\xbf")
    if _begins(head, ZIP_START):
        try:
            names = [_slashed(info).lower() for info in zipfile.ZipFile(io.BytesIO(content)).infolist()]
        except BROKEN:
            return "xlsx"  # the reader says what is broken
        if any(name.endswith(".qde") for name in names):
            return "qda"
        return next((kind for member, kind in _INSIDE.items() if member in names), "zip" if names else "xlsx")
    if _begins(head, _OLE_START):
        is_text = _stream("Workbook") not in content and _stream("WordDocument") in content
        return "Word" if is_text else "xls"
    if _begins(head, b"$FL2") or _begins(head, b"$FL3"):
        return "spss"
    if b"urn:QDA-XML" in head:
        return "qda"
    for start, other in _OTHERS.items():
        if head.startswith(start):
            return other
    plain = head.replace(b"\x00", b"").lstrip(b"\xff\xfe")  # UTF-16
    if _MARKUP.match(plain):
        return "HTML"
    return "XML" if plain.lstrip().startswith(b"<?xml") else "text"


def _begins(head: bytes, start: bytes) -> bool:
    """Say whether a file begins so, or was cut off before that could be seen."""
    return start.startswith(head[: len(start)]) and head != b""


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


class _Enough(Exception):  # noqa: N818 - no error
    """The first element or a document type begins."""


def holds_document_type(content: bytes) -> bool:
    """Say whether an XML document type, which can define entities, stands before the first element; expands nothing.

    Raises ExpatError, ValueError or LookupError (an encoding that nobody knows) when the beginning is no XML.
    """

    def stop(has_type: bool) -> None:
        raise _Enough(has_type)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: stop(True)
    parser.StartElementHandler = lambda *_: stop(False)
    try:
        parser.Parse(content, len(content) < _PROLOG)
    except _Enough as enough:
        return bool(enough.args[0])
    return True  # so long a beginning hides something


def check(name: str, content: bytes) -> tuple[Message, ...]:
    """Refuse a workbook that would harm or deceive its parser, or one with a password; give what a person should know.

    Every member of a zip is unpacked in passing, so that sizes and checksums are those of the bytes and not of the directory,
    and what will be read is held to be well-formed: calamine skips in silence what it does not understand.
    """
    if _begins(content, _OLE_START):
        if _stream("EncryptedPackage") in content or _XLS_LOCKED.search(content):
            raise fail("workbook_locked", Place(name))
        try:
            xls.check(content)
        except xls.BROKEN:
            raise fail("workbook_broken", Place(name)) from None
        errors = len(_XLS_ERROR.findall(content))
        return (Message("xls_errors", Place(name), {"n": errors}),) if errors else ()
    if not content.startswith(ZIP_START):
        raise fail("workbook_broken", Place(name))
    left, formulas = MOST_UNPACKED, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            _check_directory(name, zipped.infolist())
            for info in zipped.infolist():
                with zipped.open(info) as opened:
                    left, n = _look_through(
                        Place(name), _slashed(info).lower(), iter(lambda: opened.read(_CHUNK), b""), left
                    )
                formulas += n
    except (*BROKEN, *_NO_XML):
        raise fail("workbook_broken", Place(name)) from None
    return (Message("workbook_formulas", Place(name), {"n": formulas}),) if formulas else ()


def _check_directory(name: str, infos: list[zipfile.ZipInfo]) -> None:
    swollen = any(info.file_size > max(_CHUNK, MOST_RATIO * info.compress_size) for info in infos)
    if swollen or len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise fail("zip_bomb", Place(name))
    if any(info.flag_bits & 0x1 for info in infos):
        raise fail("workbook_locked", Place(name))
    names = {_slashed(info).casefold() for info in infos}  # of two of one name nobody can say which is meant
    if len(names) < len(infos) or any(_escapes(info) for info in infos):
        raise fail("zip_unsafe", Place(name))


def _slashed(info: zipfile.ZipInfo) -> str:
    return info.orig_filename.replace("\\", "/")


def _escapes(info: zipfile.ZipInfo) -> bool:
    """A name that leads out of the folder it would be unpacked in, and a link."""
    path = PurePosixPath(_slashed(info))
    leads_out = not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    return leads_out or "\x00" in info.orig_filename or stat.S_ISLNK(info.external_attr >> 16)


def _look_through(place: Place, member: str, chunks: Iterator[bytes], left: int) -> tuple[int, int]:
    """Unpack one member, a piece at a time; give how many bytes may still be unpacked, and its formulas without a value."""
    is_sheet = member.startswith("xl/worksheets/") and member.endswith(".xml")
    rest, rows, columns, formulas = b"", 0, 1, 0
    parser = expat.ParserCreate()  # is given what must be well-formed, and gives nothing: it goes by fast
    is_parsed = member.endswith(_XML) and member.startswith(_READ)

    def refuse(*_: object) -> None:
        raise fail("xml_entities", place)

    parser.StartDoctypeDeclHandler = refuse
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise fail("zip_bomb", place)
        if is_parsed:
            parser.Parse(chunk)
        if member == "meta-inf/manifest.xml" and b"encryption-data" in chunk:
            raise fail("workbook_locked", place)
        if is_sheet:
            piece = rest + chunk
            columns = max([columns, *map(column_number, set(_FAR.findall(piece)))])
            rows = max([rows, *map(int, _ROW.findall(piece[piece.rfind(b"<row ") :]))])
            if rows * columns > MOST_CELLS:
                raise fail("sheet_far", place, row=rows, column=column_letters(columns))
            if b"<f" in piece:
                formulas += len(_UNSAVED.findall(piece)) - len(_UNSAVED.findall(rest))
            rest = piece[-_OVERLAP:]
    if is_parsed:
        parser.Parse(b"", True)
    return left, formulas
