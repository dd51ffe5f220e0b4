"""Read cells: what a text in a column means, once per distinct text.

Every reader takes a text and gives `(value, missing, rule)`: the value or None, the code of the list `missing`
that says why there is none, and the name of the rule that changed or refused the text (None: taken as it stands).
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from iww_analysis import vocabulary

Reading = tuple[object, str | None, str | None]
Reader = Callable[[str], Reading]

FIRST_DAY, LAST_DAY = dt.date(1901, 1, 1), dt.date(2099, 12, 31)
SENTINELS = {dt.date(1900, 1, 1): "unknown", dt.date(9999, 12, 31): "not_applicable"}
EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
MONTHS = {
    name: number
    for number, names in enumerate(
        ("januari jan january", "februari feb february", "maart mrt march mar", "april apr", "mei may", "juni jun june",
         "juli jul july", "augustus aug august", "september sep sept", "oktober okt october oct",
         "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
CENTURY_PIVOT = 69  # as strptime: 69..99 is 19xx

_NUMERIC_DATE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")
_WEEKDAY = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo"
_NAMED_DATE = re.compile(rf"(?:(?:{_WEEKDAY}),? )?(\d{{1,2}})[ -]([a-z]+)\.?[ -](\d{{4}}|\d{{2}})")
_MIDNIGHT = re.compile(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?z?$")
_EXCEL_SERIAL = re.compile(r"[2-6]\d{4}(\.0)?")
_WHOLE_NUMBER = re.compile(r"-?(\d{1,15}|\d{1,3}(\.\d{3}){1,4})(,0+|\.0)?")  # longer is no count of anything
_SPACES = re.compile(r"\s+")


def read_distinct(texts: pd.Series, read: Reader) -> pd.DataFrame:
    """Apply a reader once per distinct text; one row per cell: value, missing, rule."""
    positions, distinct = pd.factorize(texts)
    readings = [read(text) for text in distinct]
    columns = {
        name: np.array([reading[i] for reading in readings] + [None], dtype=object)[positions]
        for i, name in enumerate(("value", "missing", "rule"))
    }
    return pd.DataFrame(columns, index=texts.index)


def missing_reason(text: str) -> str | None:
    """Say which kind of missing a text stands for, if it is a word for missing at all."""
    return vocabulary.read("missing").lookup.get(vocabulary.key(text))


def tidy(text: str) -> str:
    """Collapse white space (also the non-breaking kind) and strip."""
    return _SPACES.sub(" ", text).strip()


def date_reader(order: str) -> Reader:
    """Read days; `order` (dmy, mdy or ymd) says how 03-04-2019 is meant in this column."""
    return partial(_read_date, order=order)


def _read_date(text: str, order: str) -> Reading:
    if reason := missing_reason(text):
        return None, reason, None
    plain = _MIDNIGHT.sub("", tidy(text).casefold())
    try:
        day, rule = _day(plain, order)
    except ValueError:
        return None, "unreadable", "unreadable_date"
    if day in SENTINELS:
        return None, SENTINELS[day], "sentinel_date"
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        return None, "unreadable", "unreadable_date"
    return pd.Timestamp(day), None, rule


def _day(plain: str, order: str) -> tuple[dt.date | None, str | None]:
    if match := _NUMERIC_DATE.fullmatch(plain):
        first, second, third = match.groups()
        if len(first) == 4:
            return dt.date(int(first), int(second), int(third)), None
        if order == "ymd" or len(third) not in (2, 4):
            return None, None
        day, month = (first, second) if order == "dmy" else (second, first)
        return dt.date(_year(third), int(month), int(day)), f"date_{order}"
    if (match := _NAMED_DATE.fullmatch(plain)) and match[2] in MONTHS:
        return dt.date(_year(match[3]), MONTHS[match[2]], int(match[1])), "date_month_name"
    if _EXCEL_SERIAL.fullmatch(plain):
        return EXCEL_DAY_ZERO + dt.timedelta(days=int(float(plain))), "date_excel_serial"
    return None, None


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= CENTURY_PIVOT else 2000)


def integer_reader(low: int | None, high: int | None) -> Reader:
    """Read whole numbers in Dutch notation; outside `low`..`high` counts as unreadable."""
    return partial(_read_integer, low=low, high=high)


def _read_integer(text: str, low: int | None, high: int | None) -> Reading:
    if reason := missing_reason(text):
        return None, reason, None
    match = _WHOLE_NUMBER.fullmatch(tidy(text))
    if not match:
        return None, "unreadable", "unreadable_number"
    number = int(match[1].replace(".", "")) * (-1 if match[0].startswith("-") else 1)
    if (low is not None and number < low) or (high is not None and number > high):
        return None, "unreadable", "out_of_range"
    return number, None, None


def code_reader(words: vocabulary.Vocabulary, local: Mapping[str, str]) -> Reader:
    """Read codes: the source's own words first (`local`, folded), then the vocabulary's, then words for missing.

    A text in none of these is typed `unreadable` by the rule `unknown_code`.
    """
    return partial(_read_code, words=words, local=local)


def _read_code(text: str, words: vocabulary.Vocabulary, local: Mapping[str, str]) -> Reading:
    folded = vocabulary.key(text)
    if code := local.get(folded):
        return _coded(code, "crosswalk")
    if code := words.lookup.get(folded):
        return _coded(code, None if text == code else "vocabulary")
    if reason := missing_reason(text):
        return None, reason, None
    return None, "unreadable", "unknown_code"


def _coded(code: str, rule: str | None) -> Reading:
    if code in vocabulary.read("missing"):
        return None, code, rule
    return code, None, rule


def read_label(text: str) -> Reading:
    """Read a short text as written, white space tidied."""
    if reason := missing_reason(text):
        return None, reason, None
    plain = tidy(text)
    return plain, None, None if plain == text else "white_space"


def key_reader(width: int | None) -> Reader:
    """Read an identifier in one form: no spaces, upper case, Excel's `.0` off, padded with zeros to `width`."""
    return partial(_read_key, width=width)


def _read_key(text: str, width: int | None) -> Reading:
    if reason := missing_reason(text):
        return None, reason, None
    plain = re.sub(r"(?<=\d)\.0$", "", _SPACES.sub("", text)).upper()
    padded = plain.zfill(width) if width and plain.isdigit() else plain
    return padded, None, None if padded == plain else "zeros_restored"
