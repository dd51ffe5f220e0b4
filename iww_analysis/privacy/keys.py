"""Know a key: whether it can be guessed, and the value by which it is known again, which tells nothing of it."""

import codecs
import hmac
from collections.abc import Iterator

from iww_analysis.messages.errors import Message, Place
from iww_analysis.privacy.pseudonyms import KEY_BYTES, demo_key

_CHECKED = b"iww-key-check/1"  # no pseudonym and no set of rows is made of these words
_LAGS = (1, 2, 4, 8)  # bytes from one number of a counter to the next


def parsed(content: bytes) -> bytes:
    """Read a key written as hexadecimal text, whatever an editor put around it; nothing where that is not what it is."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return bytes.fromhex(content.decode("utf-16" if wide else "utf-8-sig"))
    except ValueError:
        return b""


def check_value(key: bytes) -> str:
    """Give what tells two keys apart, to be written down and read out: 64 bits of HMAC-SHA256 under the key."""
    return hmac.digest(key, _CHECKED, "sha256")[:8].hex()


def faults(key: bytes, place: Place) -> Iterator[Message]:
    """Say why a key cannot be used, if it cannot."""
    if not key:
        yield Message("key_form", place)
    elif len(key) < KEY_BYTES:
        yield Message("key_short", place, {"n": len(key), "needed": KEY_BYTES})
    elif check_value(key) == check_value(demo_key()):  # also with zeros behind it, which HMAC does not see
        yield Message("key_demo", place)
    elif is_guessable(key):
        yield Message("key_weak", place)


def is_guessable(key: bytes) -> bool:
    """Whether a key was plainly not drawn by chance: it is text, or its first bytes, or the steps between them, recur.

    Of keys that chance draws less than one in 10^11 is called so; what no rule sees (a hash of a word) is not.
    """
    begin = key[:KEY_BYTES]
    steps = [[(b - a) % 256 for a, b in zip(begin, begin[lag:], strict=False)] for lag in _LAGS]
    return _is_text(key) or any(2 * len({*row}) <= len(row) for row in (begin, *steps))


def _is_text(key: bytes) -> bool:
    try:
        return "".join(key.strip(b"\0").decode().split()).isprintable()
    except UnicodeDecodeError:
        return False
