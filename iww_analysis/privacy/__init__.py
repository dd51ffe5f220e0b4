"""Keep people unknown: keyed pseudonyms, and texts that look like a direct identifier."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from importlib.resources import files

PSEUDONYM_VERSION = "p1"
PSEUDONYM_BYTES = 10  # 80 bits: for 100,000 identifiers the chance of any collision is 4e-15
KEY_BYTES = 32
BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

_PATTERNS = {
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "iban": re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4} ?(\d ?){10}\b"),
    "telephone": re.compile(r"(?<!\d)(?:\+31|0031|0)[ -]?\(?0?\)?[1-9](?:[ -]?\d){8}(?!\d)"),
    "postcode": re.compile(r"\b[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}\b"),
}
_ADDRESSED = re.compile(
    r"\b(?:dhr|mevr|mw|mej|fam|meneer|mevrouw|familie|de heer)\b\.?\s+(?:(?:van|de|der|den|het|ter|ten)\s+)*[A-Z]",
    re.IGNORECASE,
)
_NINE_DIGITS = re.compile(r"(?<!\d)\d{8,9}(?!\d)")


def demo_key() -> bytes:
    """Give the public key for synthetic sources, so that everyone's demo is byte-equal. Never for real data."""
    return bytes.fromhex(files(__package__).joinpath("demo.key").read_text(encoding="ascii").strip())


def pseudonymiser(key: bytes, domain: str) -> Callable[[str], str]:
    """Make the function that turns an identifier into its pseudonym.

    HMAC-SHA256 with a secret key over version, domain and identifier; 80 bits in base32. Another `domain`
    (a source, a kind of identifier) gives unlinkable pseudonyms. An unkeyed hash would be guessed in minutes.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"the pseudonym key must hold at least {KEY_BYTES} bytes")
    start = hmac.new(key, f"{PSEUDONYM_VERSION}|{domain}|".encode(), hashlib.sha256)

    def pseudonym(identifier: str) -> str:
        mac = start.copy()
        mac.update(identifier.encode())
        return f"{PSEUDONYM_VERSION}-{base64.b32encode(mac.digest()[:PSEUDONYM_BYTES]).decode().lower()}"

    return pseudonym


def passes_eleven_test(digits: str) -> bool:
    """Say whether nine digits (eight: a zero was lost) pass the BSN's 11-proef; 1 in 11 of other numbers do too."""
    padded = digits.zfill(len(BSN_WEIGHTS))
    if len(padded) != len(BSN_WEIGHTS) or not padded.isdigit() or int(padded) == 0:
        return False
    return sum(w * int(d) for w, d in zip(BSN_WEIGHTS, padded, strict=True)) % 11 == 0


def addresses_somebody(text: str) -> bool:
    """Say whether a text names somebody by a form of address and a name with a capital, as in "mevrouw De Vries"."""
    return any(match[0][-1].isupper() for match in _ADDRESSED.finditer(text))


def identifiers_in(text: str) -> tuple[str, ...]:
    """Name the kinds of direct identifier that a text seems to hold. Names of people are not recognised."""
    found = [kind for kind, pattern in _PATTERNS.items() if pattern.search(text)]
    if any(passes_eleven_test(match[0]) for match in _NINE_DIGITS.finditer(text)):
        found.append("bsn")
    return tuple(found)
