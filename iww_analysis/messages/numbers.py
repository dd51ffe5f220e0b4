"""Write numbers, shares, days and lists as Dutch and English readers write them."""

import datetime as dt
from collections.abc import Sequence

HIDDEN = "x"  # what stands where a number is not shown
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


def listed(items: Sequence[str], lang: str) -> str:
    """Join as in a sentence: a, b en c."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + {"nl": " en ", "en": " and "}[lang] + items[-1]
