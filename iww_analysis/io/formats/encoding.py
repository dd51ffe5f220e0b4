"""Tell in what encoding text came: a byte-order mark says it, else what can be decoded."""

import codecs
from collections.abc import Iterable
from typing import NamedTuple

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
NOT_IN_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
HEAD = 4096  # bytes by which UTF-16 without a mark is known: its every other byte is zero
MOST = 0.4
MENDED = "iww-single-bytes"  # how single bytes that are no UTF-8 are read: as Windows would


class Encoding(NamedTuple):
    """How bytes become text.

    `damaged`: most of what is no ASCII is UTF-8, but some bytes are not; `doubtful`: the other way round, or bytes that
    Windows does not know.
    """

    name: str
    damaged: bool = False
    doubtful: bool = False

    @property
    def errors(self) -> str:
        """What to do with bytes that do not fit."""
        return MENDED if self.damaged else "strict"


def encoding_of(chunks: Iterable[bytes]) -> Encoding:
    """Find the encoding of a text file, given in pieces. A byte-order mark is no part of the text that the name decodes to."""
    decoder, head, cp1252 = codecs.getincrementaldecoder("utf-8")(), b"", True
    is_utf_8, wrong, last = True, b"", b""
    for chunk in chunks:
        if not head:
            head = chunk[:HEAD]
            if known := _by_head(head):
                return Encoding(known)
        if is_utf_8 and not _decodes(decoder, chunk):
            is_utf_8, wrong = False, last[-3:] + chunk
        last = chunk
        cp1252 = cp1252 and not any(byte in chunk for byte in NOT_IN_CP1252)
    if is_utf_8 and _decodes(decoder, b"", final=True):
        return Encoding("utf-8")
    sample = (wrong or last).decode("utf-8", "replace")
    strange = sample.count("\ufffd")  # bytes that do not fit; all else that is no ASCII are letters of several bytes
    letters = len(sample) - len(sample.encode("ascii", "ignore")) - strange
    if letters >= strange:
        return Encoding("utf-8", damaged=True)
    return Encoding("cp1252" if cp1252 else "latin-1", doubtful=bool(letters) or not cp1252)


def _by_head(head: bytes) -> str | None:
    for mark, name in MARKS.items():
        if head.startswith(mark):
            return name
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) > MOST * len(head) / 2 and min(low, high) == 0:
        return "utf-16-le" if high else "utf-16-be"
    return None


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _as_windows_would(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(MENDED, _as_windows_would)
