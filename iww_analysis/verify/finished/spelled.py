"""Write numbers as a reader of figures sees them, on its own, and find the numbers in a text."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

HIDDEN = "x"
_TOKEN = re.compile(r"\d[\d.,]*\d|\d|(?<![\w×])x(?!\w)")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_SHARE_BASES = {"1", "5"}  # a share that is rounded to nothing is written as less than these


def tokens(text: str) -> list[str]:
    """The numbers in a text, and each x that stands for a hidden one; without zeros in front."""
    return [re.sub(r"^0+(?=\d)", "", token) for token in _TOKEN.findall(text)]


def number(value: float | None, lang: str, decimals: int = 0) -> str:
    """A count: 1.234 in Dutch, 1,234 in English, x when hidden."""
    if value is None:
        return HIDDEN
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def numbers(values: Iterable[float | str | None], lang: str) -> set[str]:
    """The counts among some values."""
    return {number(value, lang) for value in values if not isinstance(value, str)}


def forms(name: str, value: Any, lang: str) -> set[str]:
    """Every way in which a drawn value can be written: a share as its percentage, a text by the numbers in it."""
    if value is None:
        return {HIDDEN}
    if isinstance(value, str):
        return set(tokens(value))
    is_share = name.startswith("share")
    written = {number(100 * value if is_share else value, lang, decimals) for decimals in (0, 1, 2)}
    return written | (_SHARE_BASES if is_share and value == 0 else set())


def of_mark(mark: Mapping[str, Any], lang: str) -> set[str]:
    """Every number that may stand in or beside a mark: its drawn values, and the numbers in its keys."""
    drawn = (form for name, value in mark["drawn"].items() for form in forms(name, value, lang))
    return {*drawn, *(token for value in mark["mark"].values() for token in tokens(str(value)))}


def is_cell(text: str, value: Any, lang: str) -> bool:
    """Whether a cell of the CSV says a drawn value: not grouped, a comma in Dutch, as exact as the receipt."""
    if value is None or isinstance(value, str):
        return text == (HIDDEN if value is None else value)
    if isinstance(value, int) and text == str(value):
        return True
    plain = text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text
    return bool(_PLAIN.fullmatch(plain)) and abs(float(plain) - value) <= (1e-6 if value % 1 else 5e-6 * abs(value))


def of_question(question: Mapping[str, Any], lang: str) -> set[str]:
    """Every n of a question: counted, asked, left out, and the units per group."""
    totals = (value for line in question["totals"] for value in line.values())
    return numbers((question["n_in"], question["n_out"], *question["left_out"].values(), *totals), lang)
