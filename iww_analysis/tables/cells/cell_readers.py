"""Read cells: what a text in a column means, once per distinct text.

Every reader takes a text and gives `(value, missing, rule)`: the value or None, the code of the list `missing`
that says why there is none, and the name of the rule that changed or refused the text (None: taken as it stands).
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from zoneinfo import ZoneInfo

import pandas as pd

from iww_analysis import vocabulary

Reading = tuple[object, str | None, str | None]
Reader = Callable[[str], Reading]

FIRST_DAY, LAST_DAY = dt.date(1901, 1, 1), dt.date(2099, 12, 31)
SENTINELS = {
    dt.date(1, 1, 1): "unknown", dt.date(1900, 1, 1): "unknown", dt.date(9999, 12, 31): "not_applicable",
}  # fmt: skip
DUTCH_TIME = ZoneInfo("Europe/Amsterdam")
# Excel takes 1900 for a leap year: from 1 March 1900 on it counts as if the days began on 30 December 1899.
EXCEL_DAY_ZERO = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
MONTHS = {
    name: number
    for number, names in enumerate(
        ("januari jan january", "februari feb febr february", "maart mrt mar march maa", "april apr", "mei may",
         "juni jun june", "juli jul july", "augustus aug august", "september sep sept", "oktober okt october oct",
         "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
LONGEST_WORD = 7  # pieces and signs between them that can be one word: "a / b / c / d"
CENTURY_PIVOT = 69  # as strptime: 69..99 is 19xx

_PLAIN_DAY = re.compile(  # as nearly all days are written: in numbers (and a time of no zone), by name, as Excel's number
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(\d{1,2})[- ]([A-Za-z]+)[- ](\d{4}|\d\d)"
    r"|([1-7]\d{4})", re.ASCII,
)  # fmt: skip
_GAP = r" ?[-/. ] ?"
_NUMERIC_DATE = re.compile(rf"(\d{{1,4}}){_GAP}(\d{{1,2}}){_GAP}'?(\d{{1,4}})")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEKDAY = re.compile(
    r"(maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun)\.?,? "
)
_DAY, _NAME, _YEAR = r"(?P<day>\d{1,2})(?:e|st|nd|rd|th)?", r"(?P<month>[a-z]+)", r"'?(?P<year>\d{4}|\d{2})"
_NAMED_DATES = [
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}[-/. ]*{_NAME}[-/., ]*{_YEAR}",  # 26 aug. 2020, 26AUG2020
        rf"{_NAME}\.? {_DAY},? (?P<year>\d{{4}})",  # August 26, 2020
        rf"(?P<year>\d{{4}})[- ]{_NAME}[- ]{_DAY}",  # 2020-aug-26
    )
]
_MONTH_ONLY = re.compile(
    r"(?P<month>[a-z]+)(?:[-/., ]*'?(?:\d{4}|\d{2}))?|(?:(?:0?[1-9]|1[0-2])[-/. ])?(?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/. ](?:0?[1-9]|1[0-2])"
)
_TIME = re.compile(
    r"(?:(?:,? (?:om )?|t)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]m)?(?: ?uu?r?)?"
    r"|(?<=\d{4}) (?:om )?\d{1,2}\.\d{2}(?: ?uu?r?)?|(?<=\d{8})t\d{6})"
    r" ?(?:(?P<greenwich>z|utc|gmt|[-+]00(?::?00)?)|[-+]\d{2}(?::?\d{2})?)?$"
)
_EXCEL_SERIAL = re.compile(r"([1-7]\d{4}|29[56]\d{4})(?:[.,]\d+)?")  # 1927 to 2099, and the last day of 9999
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_WHOLE_NUMBERS = {  # by the sign of the decimals; more digits are no count of anything
    decimal: re.compile(
        rf"[+-]?(\d{{1,15}}|\d{{1,3}}(?:[{other} ]\d{{3}}){{1,4}})(?:\{decimal}0+|\{decimal}--?|\{other}0{{1,2}})?"
    )
    for decimal, other in ((",", "."), (".", ","))
}
_MONEY = re.compile(r"^(-?) ?(?:€|eur) ?", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_NUMBERED = re.compile(r"[^0-9]*[0-9]")


def missing_reason(text: str) -> str | None:
    """Say which kind of missing a text stands for, if it is a word for missing at all."""
    if _NUMBERED.match(text):  # no word for missing holds a digit: most identifiers and numbers are known by that
        return None
    return vocabulary.read("missing").lookup.get(vocabulary.key(text))


def tidy(text: str) -> str:
    """Compose accents, drop signs that take no room, collapse white space (also the non-breaking kind) and strip."""
    return _SPACES.sub(" ", vocabulary.visible(text)).strip()


def date_reader(order: str, epoch: int = 1900) -> Reader:
    """Read days. `order` (dmy, mdy, ymd, or ? while nobody said) is how 03-04-2019 is meant; `epoch` is Excel's: 1900 or 1904.

    Under ? no day in numbers is read unless its year is first. A month or a year is no day (rule `month_only`).
    """
    return partial(_read_date, order, epoch)


def _read_date(order: str, epoch: int, text: str) -> Reading:
    try:
        day, rule = _plain_day(text, order, epoch)
        if day is None and rule is None:
            if reason := missing_reason(text):
                return None, reason, None
            day, rule = _day(tidy(text).translate(_DASHES).casefold(), order, epoch)
    except (ValueError, OverflowError):
        return None, "unreadable", "unreadable_date"
    if day is None:
        return None, "unreadable", rule or "unreadable_date"
    if FIRST_DAY <= day <= LAST_DAY:
        return _timestamp(day), None, rule
    return (None, SENTINELS[day], "sentinel_date") if day in SENTINELS else (None, "unreadable", "unreadable_date")


@cache  # there are only so many days, and making one takes longer than reading it
def _timestamp(day: dt.date) -> pd.Timestamp:
    return pd.Timestamp(day)


def _plain_day(text: str, order: str, epoch: int) -> tuple[dt.date | None, str | None]:
    """Read a text that is written plainly, just as `_day` would; neither a day nor a rule: it needs a closer look."""
    if not (match := _PLAIN_DAY.fullmatch(text)):
        return None, None
    if match.lastindex == 3:
        return _ordered_day(order, *match.group(1, 2, 3))
    if match.lastindex == 7:
        return _excel_day(text, epoch)
    month = MONTHS.get(match[5].lower())
    return (dt.date(_year(match[6]), month, int(match[4])), "date_month_name") if month else (None, None)


def _day(plain: str, order: str, epoch: int) -> tuple[dt.date | None, str | None]:
    """The day that a text means with the rule that read it; no day but a rule: it is refused for that reason."""
    time = _TIME.search(plain)
    plain = _WEEKDAY.sub("", plain[: time.start()] if time else plain, count=1)
    if match := _EXCEL_SERIAL.fullmatch(plain):
        return _excel_day(match[1], epoch)
    day, rule = _numeric_day(plain, order)
    if day is None and rule is None:
        day, rule = _named_day(plain)
    here = _in_dutch_time(day, time) if day and time else day
    return here, rule if here == day else "date_time_zone"


def _excel_day(number: str, epoch: int) -> tuple[dt.date, str]:
    return EXCEL_DAY_ZERO[epoch] + dt.timedelta(days=int(number)), "date_excel_serial"


def _numeric_day(plain: str, order: str) -> tuple[dt.date | None, str | None]:
    if compact := _COMPACT_DATE.fullmatch(plain):
        return dt.date(*map(int, compact.groups())), None
    match = _NUMERIC_DATE.fullmatch(plain)
    return _ordered_day(order, *match.groups()) if match else (None, None)


def _ordered_day(order: str, first: str, second: str, third: str) -> tuple[dt.date | None, str | None]:
    if len(first) == 4:
        return dt.date(int(first), int(second), int(third)), None
    if order == "?":
        return None, "date_order_open"
    if order == "ymd":
        return (dt.date(_year(first), int(second), int(third)), "date_ymd") if len(first + third) == 4 else (None, None)
    if len(third) not in (2, 4):
        return None, None
    day, month = (first, second) if order == "dmy" else (second, first)
    return dt.date(_year(third), int(month), int(day)), f"date_{order}"


def _named_day(plain: str) -> tuple[dt.date | None, str | None]:
    for pattern in _NAMED_DATES:
        if (match := pattern.fullmatch(plain)) and match["month"] in MONTHS:
            return dt.date(_year(match["year"]), MONTHS[match["month"]], int(match["day"])), "date_month_name"
    match = _MONTH_ONLY.fullmatch(plain)
    return None, "month_only" if match and (match["month"] is None or match["month"] in MONTHS) else None


def _in_dutch_time(day: dt.date, time: re.Match[str]) -> dt.date:
    """The day it was here: systems that write the time of Greenwich put our midnight on the day before."""
    if not time["greenwich"] or not time["hour"] or day in SENTINELS:
        return day
    then = dt.datetime(day.year, day.month, day.day, int(time["hour"]), int(time["minute"]), tzinfo=dt.UTC)
    return then.astimezone(DUTCH_TIME).date()


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= CENTURY_PIVOT else 2000)


def integer_reader(low: int | None, high: int | None, decimal: str = ",") -> Reader:
    """Read whole numbers; outside `low`..`high` counts as unreadable.

    `decimal`: the sign before decimals in this column, the other one (or a space) separates thousands.
    """
    return partial(_read_integer, low=low, high=high, decimal=decimal)


def _read_integer(text: str, low: int | None, high: int | None, decimal: str) -> Reading:
    if reason := missing_reason(text):
        return None, reason, None
    plain = _MONEY.sub(r"\1", tidy(text).translate(_DASHES))
    match = _WHOLE_NUMBERS[decimal].fullmatch(plain)
    if not match:
        return None, "unreadable", "unreadable_number"
    number = int(re.sub(r"\D", "", match[1])) * (-1 if plain.startswith("-") else 1)
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


_DUTCH = frozenset("ÀÁÂÄÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜàáâäçèéêëìíîïñòóôöùúûüĲĳŒœ")
_TYPED = frozenset("‘’“”–—…€")


def mend(text: str) -> str:
    """Give back a text that was read in the wrong encoding ("FinanciÃ«n"), however often; any other text as it is.

    Proof is that its bytes are UTF-8 for letters or typography of Dutch and for nothing else: no text that is fine is so.
    """
    mended = text
    while (mended := _unmangled(mended)) and mended != text:
        strange = {sign for sign in mended if not sign.isascii()}
        if strange & (_DUTCH | _TYPED) and strange <= _DUTCH | _TYPED | {"\u00a0", "°"}:
            return mended
    return text


def _unmangled(text: str) -> str:
    """The text read as UTF-8; empty where it is none, or plain ASCII."""
    try:
        return "" if text.isascii() else b"".join(map(_byte, text)).decode("utf-8")
    except UnicodeError:
        return ""


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeError:
        return sign.encode("latin-1")  # the five bytes that cp1252 leaves open


def mending(read: Reader) -> Reader:
    """Read a text; where it was mangled and says nothing as it stands, read the mended text (rule `mojibake`)."""

    def reader(text: str) -> Reading:
        reading, mended = read(text), mend(text)
        if mended == text or (reading[0] is not None and reading[0] != tidy(text)):
            return reading
        value, missing, rule = read(mended)
        return value, missing, rule if value is None else "mojibake"

    return reader


def pieces(text: str, split: str, lookup: Mapping[str, str]) -> list[str]:
    """Split a cell: every sign of `split` separates, but not within a word of `lookup` (folded word -> code).

    In "Werk / opleiding, Wonen" the slash is part of a word where "opleiding" alone is none. An empty cell stays one piece.
    """
    if not split:
        return [text]
    parts = re.split(f"([{re.escape(split)}])", text)
    found, start = [], 0
    while start < len(parts):
        ends = range(min(len(parts), start + LONGEST_WORD), start, -2)
        end = next((end for end in ends if _is_word(parts[start:end], lookup)), start + 1)
        found.append("".join(parts[start:end]).strip())
        start = end + 1
    return [piece for piece in found if piece] or [""]


def _is_word(parts: Sequence[str], lookup: Mapping[str, str]) -> bool:
    """Whether the pieces (at even places) are one word together, and not each a word with a meaning of its own."""
    whole = lookup.get(vocabulary.key("".join(parts)))
    each = {lookup.get(vocabulary.key(part)) for part in parts[::2]}
    return whole is not None and all(map(str.strip, parts[::2])) and (None in each or each == {whole})
