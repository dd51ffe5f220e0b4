"""Fold identifiers: what makes two ways of writing one number the same text.

Signs that only look otherwise (the many dashes, wide digits, spaces, signs of no width) never tell two numbers apart; letters
do where they must. What else may be folded, a person decides: it can join numbers that are two.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from iww_analysis import vocabulary
from iww_analysis.tables.cells import dates
from iww_analysis.tables.cells.cell_readers import DASHES, ParsedCell, Reader, tidy
from iww_analysis.tables.cells.missing import missing_reason

LETTERS, CASE = "letters", "case"  # small and large letters are not the same, or are
DAYS = {  # numbers that a spreadsheet made days, and what stood there
    "m-yyyy": "{0.month}-{0.year}", "yyyy-m": "{0.year}-{0.month}", "d-m": "{0.day}-{0.month}",
    "m-yy": "{0.month}-{0:%y}", "d-m-yyyy": "{0.day}-{0.month}-{0.year}",
}  # fmt: skip
STEPS = (*DAYS, "prefix", "zeros", "separators")  # in the order in which they are taken
GENTLEST_FIRST = ("separators", "zeros", "prefix", *DAYS)  # in the order in which they are proposed
FOLDINGS = (LETTERS, CASE, *STEPS)

_SPACES = re.compile(r"\s+")
_NO_DECIMALS = re.compile(r"(?<=\d)(?:\.0|,00?)$")
_PREFIX = re.compile(r"^[^\W\d_]+[-_./]*(?=\d)")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_SEPARATORS = re.compile(r"[\W_]+")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T?00:00(?::00)?)?")
_DUTCH_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+\d{2}", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])")
_MONTH = re.compile(r"([^\W\d_]{3,9})\.?[-/]?'?(\d{2}|\d{4})")


def identifier(text: str, *, letters: bool = False) -> str:
    """Give an identifier in its one form: no spaces, one kind of dash, large letters (unless they count), a number's `,0` off."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", vocabulary.visible(text.translate(DASHES)))
    plain = _NO_DECIMALS.sub("", _SPACES.sub("", text))
    return plain if letters else plain.upper()


def one_form(text: str, foldings: Collection[str], *, labels: bool = False) -> str:
    """Give an identifier as a build knows it; invented labels of a case study stay as written, unless they are folded."""
    if labels and not foldings:
        return tidy(text)
    return folded(identifier(text, letters=LETTERS in foldings), foldings)


def folded(plain: str, foldings: Collection[str]) -> str:
    """Fold an identifier that is in its one form; what a folding would leave nothing of stays as it is."""
    for step in STEPS:
        if step in foldings:
            plain = _taken(step, plain) or plain
    return plain


def _taken(step: str, plain: str) -> str:
    match step:
        case "prefix":
            return _PREFIX.sub("", plain)
        case "zeros":
            return _ZEROS.sub("", plain)
        case "separators":
            return _SEPARATORS.sub("", plain)
    day = day_in(plain) or _month_in(plain)
    return DAYS[step].format(day) if day else plain


def day_in(plain: str) -> dt.date | None:
    """Give the day that a spreadsheet made of an identifier: a day, or a month with its year."""
    try:
        if match := _DAY.fullmatch(plain):
            return dt.date(*map(int, match.groups()))
        if match := _DUTCH_DAY.fullmatch(plain):
            return dt.date(*map(int, reversed(match.groups())))
        if (match := _MONTH.fullmatch(plain)) and (month := dates.MONTHS.get(match[1].casefold())):
            return dt.date(int(match[2]) + (2000 if len(match[2]) == 2 else 0), month, 1)
    except ValueError:  # no such day
        pass
    return None


def is_rounded(text: str) -> bool:
    """Say whether an identifier is a long number in scientific notation, as a spreadsheet saves it as text."""
    return bool(_SCIENTIFIC.fullmatch(text.strip()))


def _month_in(plain: str) -> dt.date | None:
    """Give the first day of a month as a spreadsheet shows it; it can be a number of its own as well ("2022-01")."""
    match = _YEAR_MONTH.fullmatch(plain)
    return dt.date(int(match[1]), int(match[2]), 1) if match else None


def key_reader(width: int | None, foldings: Collection[str] = ()) -> Reader:
    """Read an identifier in its one form, padded with zeros to `width`, then folded as the source says."""
    return partial(_read_key, width, frozenset(foldings))


def _read_key(width: int | None, foldings: Collection[str], text: str) -> ParsedCell:
    if reason := missing_reason(text):
        return None, reason, None
    plain = identifier(text, letters=LETTERS in foldings)
    padded = plain.zfill(width) if width and plain.isdigit() else plain
    value = folded(padded, foldings)
    return value, None, "key_folded" if value != padded else "zeros_restored" if padded != plain else None


def form(plain: str) -> str:
    """Give the form of an identifier, never the identifier itself: "LL-00-0000", with small l for a small letter."""
    return "".join("0" if s.isdigit() else ("l" if s.islower() else "L") if s.isalpha() else s for s in plain[:40])


def differ_in_letters(
    texts: Sequence[str],
    values: Sequence[object],
    closer: Iterable[int],
    name: str,
    small: dict[tuple[str, str], set[str]],
) -> bool:
    """Whether two identifiers of a sheet would be one if letters were not told apart; `small`: those seen so far."""
    exact = {int(n): identifier(texts[n], letters=True) for n in closer if values[n] is not None}
    lower = {str(values[n]) for n, written in exact.items() if written != values[n]}
    for value in lower.intersection(texts):
        small.setdefault((name, value), set()).add(value)
    for n, written in exact.items():
        if values[n] in lower:
            small.setdefault((name, str(values[n])), set()).add(written)
    return any(len(small[name, value]) > 1 for value in lower)
