"""Say numbers, shares and days as Dutch and English readers write them, and fit text to a width."""

import datetime as dt
from functools import cache
from itertools import pairwise

from iww_analysis.disclosure import HIDDEN

SMALL = 8.0  # the size in points of the smallest letters of a figure
_MEASURED = 100.0  # points: the size at which the letter itself is measured
TIE = "\u00a0"  # a space at which a line is not broken
_MONTHS = {
    "nl": ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
           "december"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"],
}  # fmt: skip


def number(value: float | None, lang: str, decimals: int = 0) -> str:
    """Write a number: 1.234,5 in Dutch, 1,234.5 in English; the sign for hidden where there is none."""
    if value is None or value != value:
        return HIDDEN
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def share(value: float | None, lang: str) -> str:
    """Write a share of 0..1 as a whole percentage."""
    return HIDDEN if value is None or value != value else f"{number(100 * value, lang)}%"


def day(value: dt.date, lang: str) -> str:
    """Write a day: 30 juni 2021, kept on one line."""
    return f"{value.day}{TIE}{_MONTHS[lang][value.month - 1]}{TIE}{value.year}"


def short_day(value: dt.date, lang: str) -> str:
    """Write a day where there is little room: 30 juni 2021, 1 sept. 2017."""
    name = _MONTHS[lang][value.month - 1]
    short = {"maart": "mrt.", "september": "sept.", "September": "Sept."}.get(name, f"{name[:3]}.")
    return f"{value.day} {name if len(name) < 5 else short} {value.year}"


def month(value: str, lang: str) -> str:
    """Write a month as it stands in tables: 2021-06 becomes juni 2021."""
    year, number_of = value.split("-")
    return f"{_MONTHS[lang][int(number_of) - 1]} {year}"


def listed(items: list[str], lang: str) -> str:
    """Join as in a sentence: a, b en c."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + {"nl": " en ", "en": " and "}[lang] + items[-1]


@cache
def width(text: str, size: float = SMALL, weight: str = "normal") -> float:
    """Measure a line of text in inches: the sum of its letters, each with the room before it."""
    if len(text) < 2 or "ff" in text:  # ffi is drawn as one sign
        at_size = _advance(text, weight)
    else:
        pairs = sum(_advance(a + b, weight) for a, b in pairwise(text))
        at_size = pairs - sum(_advance(letter, weight) for letter in text[1:-1])  # these stood in two pairs
    return at_size * (size / _MEASURED) / 72


@cache
def _advance(letters: str, weight: str) -> float:
    """Measure a few letters at a large size; all texts together are made of few pairs."""
    from matplotlib.font_manager import FontProperties  # heavy, and only what draws measures
    from matplotlib.textpath import text_to_path

    letter = FontProperties(family="DejaVu Sans", size=_MEASURED, weight=weight)
    return float(text_to_path.get_text_width_height_descent(letters, letter, ismath=False)[0])


def wrap(text: str, inches: float, size: float = SMALL, weight: str = "normal") -> list[str]:
    """Break text into lines that fit; a word too long for a line is broken with a hyphen, never cut."""
    lines = [""]
    for word in text.split(" "):
        for piece in _pieces(word, inches, size, weight):
            longer = f"{lines[-1]} {piece}".strip()
            if width(longer, size, weight) <= inches or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(piece)
    return [line.replace(TIE, " ") for line in lines]


def wrapped(text: str, inches: float, size: float = SMALL) -> str:
    """Break text into lines, as one string."""
    return "\n".join(wrap(text, inches, size))


def _pieces(word: str, inches: float, size: float, weight: str) -> list[str]:
    pieces = []
    while len(word) > 4 and width(word, size, weight) > inches:
        fits = max((n for n in range(2, len(word) - 1) if width(word[:n] + "-", size, weight) <= inches), default=2)
        slash = max(word.rfind("/", 0, fits), word.rfind("-", 0, fits)) + 1  # break where the word allows it
        cut = slash if slash > 2 else fits
        pieces.append(word[:cut] if slash > 2 else word[:cut] + "-")
        word = word[cut:]
    return [*pieces, word]
