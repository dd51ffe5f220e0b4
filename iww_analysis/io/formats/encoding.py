"""Tell in what encoding text came: a byte-order mark says it, else what can be decoded."""

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
NOT_IN_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
HEAD = 4096  # bytes by which UTF-16 without a mark is known: its every other byte is zero
MOST = 0.4
WORDS_WITHIN = 1 << 18  # bytes from the first accent on, by which code pages are told apart
OTHERS = ("cp850", "mac_roman")  # code pages of DOS and of old Macs, that look like Windows until an accent comes
_ACCENTS, _LETTERS, _TYPED = frozenset("éèëêïîöôóüúáàâäçñí"), frozenset("ŠšŽžŒœ"), frozenset("’‘“”–…")
MENDED = "iww-single-bytes"  # how single bytes that are no UTF-8 are read: as Windows would


_WORDS = re.compile(r"[^\s,;|\"/]*[^\s\x00-\x7f][^\s,;|\"/]*")  # that hold a sign beyond ASCII
_HARD_SPACE = re.compile(r"(?<=\w)\xa0(?=\w)")  # which DOS and old Macs would have as a letter or a dagger
_NAMED = re.compile(r"[A-Za-z].*[^\x00-\x7f]|[^\x00-\x7f].*[A-Za-z]")


class Encoding(NamedTuple):
    """How bytes become text.

    `damaged`: most of what is no ASCII is UTF-8, but some bytes are not; `doubtful`: the other way round, or bytes that
    Windows does not know, or the code page of DOS or an old Mac is likelier.
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
    likely = _likeliest(wrong or last, "cp1252" if cp1252 else "latin-1")
    return Encoding(likely, doubtful=bool(letters) or likely != "cp1252")


def _likeliest(piece: bytes, windows: str) -> str:
    """The code page under which most accents stand within words of small letters; Windows where none is better."""
    begin = next((match.start() for match in re.finditer(rb"[\x80-\xff]", piece)), 0)
    piece = piece[max(0, begin - HEAD) : begin + WORDS_WITHIN]
    return max((windows, *OTHERS), key=lambda name: (_accents(piece.decode(name, "replace")), name == windows))


def _accents(text: str) -> int:
    """How many words hold signs that Dutch has there, or have a hard space between them, less those that hold another sign."""
    words = (word.strip(".,:()!?") for word in _WORDS.findall(text))
    fits = (
        min(_fit(word, n) for n, sign in enumerate(word) if not sign.isascii()) for word in words if _NAMED.search(word)
    )
    return sum(fits) + len(_HARD_SPACE.findall(text))


def _fit(word: str, place: int) -> int:
    """Say whether a sign can stand at this place of a word (1), cannot (-1), or proves nothing (0)."""
    sign, is_edge = word[place], place in (0, len(word) - 1)
    if sign in _TYPED:
        return 1 if is_edge or sign == "’" else -1
    if sign.lower() not in _ACCENTS:
        return 0 if sign in _LETTERS else -1
    if place == 0:
        return 1 if sign.isupper() or sign == "é" else 0
    before, after = word[place - 1], word[place + 1 : place + 2]
    if sign.isupper():
        return 1 if before.isupper() and not after.islower() else -1
    return 1 if place == 1 or not before.isupper() else -1  # a word can begin with a capital: Eén


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
