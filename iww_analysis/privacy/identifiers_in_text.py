"""Recognise direct identifiers, and forms of address, in free text."""

import re

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
    kinds = [kind for kind, pattern in _PATTERNS.items() if pattern.search(text)]
    if any(passes_eleven_test(match[0]) for match in _NINE_DIGITS.finditer(text)):
        kinds.append("bsn")
    return tuple(kinds)
