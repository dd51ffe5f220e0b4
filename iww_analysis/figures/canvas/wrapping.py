"""Fit text to a width: how wide a line is, and where it is broken."""

from functools import cache
from itertools import pairwise

from iww_analysis.messages.numbers import TIE

SMALL = 8.0  # the size in points of the smallest letters of a figure
_MEASURED = 100.0  # points: the size at which the letter itself is measured


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


def wrapped(text: str, inches: float, size: float = SMALL, weight: str = "normal") -> str:
    """Break text into lines, as one string."""
    return "\n".join(wrap(text, inches, size, weight))


def _pieces(word: str, inches: float, size: float, weight: str) -> list[str]:
    pieces = []
    while len(word) > 4 and width(word, size, weight) > inches:
        fits = max((n for n in range(2, len(word) - 1) if width(word[:n] + "-", size, weight) <= inches), default=2)
        slash = max(word.rfind("/", 0, fits), word.rfind("-", 0, fits)) + 1  # break where the word allows it
        cut = slash if slash > 2 else fits
        pieces.append(word[:cut] if slash > 2 else word[:cut] + "-")
        word = word[cut:]
    return [*pieces, word]
