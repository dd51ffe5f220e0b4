"""Look at a delivered file before any parser does: what it is, whatever its name says, whether it is whole and to be trusted."""

import io
import re
import stat
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise
from pathlib import PurePath, PurePosixPath
from types import MappingProxyType
from typing import NamedTuple
from xml.parsers import expat

from iww_analysis.io.formats import ods, xls, xlsx
from iww_analysis.io.formats.cell_forms import CellForms, column_letters
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
_XML = (".xml", ".rels")
_READ = ("xl/", "content.xml", "styles.xml", "meta-inf/manifest.xml")  # LibreOffice leaves empty members beside these
_PROLOG = 65_536  # bytes in which the first element of an XML file must begin
_SMALL = 1 << 20  # bytes of a member that may be packed in however little
_PIECE = 1 << 16  # bytes that are unpacked and parsed at once


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


class Looked(NamedTuple):
    """What is seen of the cells of a workbook's sheets before it is read: `sheets` by member of an xlsx file, else in order."""

    sheets: Mapping[str, CellForms] = MappingProxyType({})
    tables: Sequence[CellForms] = ()
    is_open_document: bool = False


def check(name: str, content: bytes) -> Looked:
    """Refuse a workbook that would harm or deceive its parser, or one with a password; give what is to be known of it.

    Every member of a zip is unpacked in passing, so that sizes and checksums are those of the bytes and not of the directory,
    and what will be read is held to be well-formed: calamine skips in silence what it does not understand.
    """
    if _begins(content, _OLE_START):
        if _stream("EncryptedPackage") in content or _XLS_LOCKED.search(content):
            raise fail("workbook_locked", Place(name))
        try:
            return Looked(tables=xls.check(content))
        except xls.BROKEN:
            raise fail("workbook_broken", Place(name)) from None
    if not content.startswith(ZIP_START):
        raise fail("workbook_broken", Place(name))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            _check_directory(name, zipped.infolist())
            look = _Look(Place(name))
            for info in sorted(zipped.infolist(), key=lambda info: not info.filename.endswith("styles.xml")):
                look.through(zipped, info)
    except (*BROKEN, *_NO_XML):
        raise fail("workbook_broken", Place(name)) from None
    return Looked(look.sheets, look.tables or (), look.tables is not None)


def _check_directory(name: str, infos: list[zipfile.ZipInfo]) -> None:
    swollen = any(info.file_size > max(_SMALL, MOST_RATIO * info.compress_size) for info in infos)
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


class _Look:
    """Unpacks and parses the members of a workbook, each a piece at a time; styles come before the sheets that use them."""

    def __init__(self, place: Place) -> None:
        self.place, self.left = place, MOST_UNPACKED
        self.sheets: dict[str, CellForms] = {}
        self.tables: list[CellForms] | None = None
        self._styles, self._date_styles = xlsx.Styles(), ods.DateStyles()
        self._sheet: xlsx.SheetPass | None = None

    def through(self, zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        """Look through one member."""
        member = _slashed(info).lower()
        left = self.left
        for whole in (False, True):
            with zipped.open(info) as opened, suppress(xlsx.Uncounted):
                self.left = left
                pieces = self._counted(iter(lambda: opened.read(_PIECE), b""))
                if member.endswith(_XML) and member.startswith(_READ):
                    self._parse(member, pieces, whole=whole)
                else:
                    deque(pieces, maxlen=0)
                break
        if self._sheet:
            self._sheet.end_row()
            self.sheets[member], self._sheet = self._sheet.forms, None

    def _counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.left -= len(piece)
            if self.left < 0:
                raise fail("zip_bomb", self.place)
            yield piece

    def _parse(self, member: str, pieces: Iterator[bytes], *, whole: bool) -> None:
        """Hold a member to be well-formed, and take in sheets and styles: what is not listened to goes by fast."""
        parser = expat.ParserCreate(namespace_separator=None if member.startswith("xl/") else " ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = partial(self._root, parser)
        self._sheet, telling = None, [False, True]  # of the piece before and this one
        for piece, after in pairwise(chain(pieces, [b"", b""])):
            if member == "meta-inf/manifest.xml" and b"encryption-data" in piece:
                raise fail("workbook_locked", self.place)
            whole = whole or b"\0" in piece  # UTF-16
            telling = [*telling[-2:], not after or xlsx.tells(after)]  # no cell lies in more than two pieces
            if self._sheet:
                self._sheet.hear(wanted=whole or any(telling))
            parser.Parse(piece, not piece)

    def _root(self, parser: expat.XMLParserType, name: str, _: Mapping[str, str]) -> None:
        """What a member holds, its first element says."""
        parser.StartElementHandler = None
        match xlsx.local(name.rpartition(" ")[2]):
            case "worksheet":
                self._sheet = xlsx.SheetPass(parser, name, self._styles, self._check_size)
            case "styleSheet":
                self._styles.listen(parser)
            case "document-styles":
                parser.StartElementHandler = self._date_styles.start
            case "document-content":
                self.tables = ods.ContentPass(parser, self._date_styles).tables

    def _check_size(self, rows: int, columns: int) -> None:
        if rows * columns > MOST_CELLS:
            raise fail("sheet_far", self.place, row=rows, column=column_letters(columns))

    def _refuse(self, *_: object) -> None:
        raise fail("xml_entities", self.place)
