"""Read days: in numbers, by name, as Excel counts them, with a time or a day of the week beside them."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from iww_analysis.tables.cells.cell_readers import DASHES, ParsedCell, Reader, tidy
from iww_analysis.tables.cells.missing import missing_reason, rule_of_missing

FIRST_DAY, LAST_DAY = dt.date(1901, 1, 1), dt.date(2099, 12, 31)
SENTINELS = {
    dt.date(1, 1, 1): "unknown", dt.date(1900, 1, 1): "unknown", dt.date(9999, 12, 31): "not_applicable",
}  # fmt: skip
# how systems write that there is no day: nothing but zeros; and Excel, of a formula that points at an empty cell
_NO_DAY = re.compile(
    r"0{6}(?:00)?|0{1,4}[-/.]0{1,2}[-/.]0{1,4}(?:[ T]0{1,2}:00(?::00)?)?|0?0-0?1-1900|1900-01-00|00:00:00"
)
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
CENTURY_PIVOT = 69  # as strptime: 69..99 is 19xx

_PLAIN_DAY = re.compile(  # as nearly all days are written: in numbers (and a time of no zone), by name, as Excel's number
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(\d{1,2})[- ]([A-Za-z]+)[- ](\d{4}|\d\d)"
    r"|([1-7]\d{4})", re.ASCII,
)  # fmt: skip
_REAL_DAY = re.compile(r"\d{4}-\d\d-(\d\d)(?:$| )")
_IN_NUMBERS = re.compile(r"\s*(\d{1,2})[-/. ](\d{1,2})[-/. ]'?(?:\d{4}|\d{2})(?!\d)")
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
_YEAR_4 = r"(?:19|20)\d\d"
_WITHIN = re.compile(r"^(?:begin|medio|half|einde?|early|mid|late|end of) ")
_MONTH_ONLY = (
    re.compile(  # mei 2022, 05-2022, 2022, 2022-05; quarters and weeks: 2022-Q2, 2e kwartaal 2022, week 12 2022
        rf"(?P<month>[a-z]+)(?:[-/., ]*'?(?:\d{{4}}|\d{{2}}))?|(?:(?:0?[1-9]|1[0-2])[-/. ])?{_YEAR_4}"
        rf"|{_YEAR_4}[-/., ]*(?P<later>[a-z]{{3,}})"
        rf"|{_YEAR_4}[-/. ](?:0?[1-9]|1[0-2])"
        rf"|(?:q|kw?)\.? ?[1-4][-/., ]*{_YEAR_4}|{_YEAR_4}[-/., ]*(?:q|kw?)\.? ?[1-4]|[1-4] ?q ?(?:19|20)?\d\d"
        rf"|(?:[1-4]e )?(?:kwartaal|quarter)(?: [1-4])?[-/., ]*{_YEAR_4}|{_YEAR_4}[-/., ]*(?:kwartaal|quarter) [1-4]"
        rf"|(?:week|wk?)\.? ?\d{{1,2}}[-/., ]*{_YEAR_4}|{_YEAR_4}[-/., ]*(?:week|wk?)\.? ?\d{{1,2}}"
    )
)
_MONTH_OF_YEAR = [
    re.compile(pattern)
    for pattern in (
        r"(?P<month>[a-z]+)[-/., ]*'?(?P<year>\d{4}|\d{2})",
        rf"(?P<year>{_YEAR_4})[-/., ]*(?P<month>[a-z]{{3,}})",
        r"(?P<month>0?[1-9]|1[0-2])[-/. ](?P<year>(?:19|20)\d\d)",
        r"(?P<year>(?:19|20)\d\d)[-/. ](?P<month>0?[1-9]|1[0-2])",
    )
]
_TIME = re.compile(
    r"(?:(?:,? (?:om )?|t)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?(?: ?(?P<half>[ap])m)?(?: ?uu?r?)?"
    r"|(?<=\d{4}) (?:om )?\d{1,2}\.\d{2}(?: ?uu?r?)?|(?<=\d{8})t(?P<hours>\d\d)(?P<minutes>\d\d)\d\d)"
    r" ?(?P<zone>z|(?:utc|gmt)?(?P<sign>[-+])(?P<ahead>\d{2})(?::?(?P<more>\d{2}))?|utc|gmt)?$"
)
_EXCEL_SERIAL = re.compile(r"([1-7]\d{4}|29[56]\d{4})(?:[.,]\d+)?")  # 1927 to 2099, and the last day of 9999


SWAPPED, AS_WRITTEN = "swapped", "as_written"  # what a person says of the real days of a half-converted column
_CHANCE = 0.01  # that a column looks half-converted and is not, above which it is not said to be
_EARLY = 12 / 30.4  # share of days that are also the number of a month


class HalfConverted(NamedTuple):
    """A column that Excel half converted: `n_days` real days, all with a day up to 12, and `n_texts` that no month can be."""

    n_days: int
    n_texts: int


def counts_of(texts: pd.Series) -> Counter[str]:
    """Count how often each text stands in a column."""
    return Counter({str(text): int(n) for text, n in texts.value_counts().items()})


def half_converted(texts: Mapping[str, int]) -> HalfConverted | None:
    """Say whether a column of days was opened under another country's settings; `texts`: how often each stands there.

    Excel then makes real days of those that can be one (day and month change places) and leaves the others as text.
    """
    real, others = Counter[int](), Counter[tuple[bool, bool]]()
    witnesses = Counter[bool]()  # a day that stands in many rows, as of a meeting, tells it once
    for text, n in texts.items():
        if match := _REAL_DAY.match(text):
            real[int(match[1])] += n
            witnesses[True] += 1
        elif match := _IN_NUMBERS.match(text):
            others[int(match[1]) > 12, int(match[2]) > 12] += n
            witnesses[False] += 1
    n_days, n_near = real.total(), others[False, False]
    n_texts = max(others[True, False], others[False, True])
    chance = _EARLY ** witnesses[True] * (1 if n_near else (1 - _EARLY) ** witnesses[False])
    is_half = n_days and n_texts and max(real) <= 12 and not (others[True, False] and others[False, True])
    return HalfConverted(n_days, n_texts) if is_half and chance < _CHANCE else None


def date_reader(order: str, epoch: int = 1900) -> Reader:
    """Read days. `order` (dmy, mdy, ymd, or ? while nobody said) is how 03-04-2019 is meant; `epoch` is Excel's: 1900 or 1904.

    Under ? no day in numbers is read unless its year is first. A month or a year is no day (rule `month_only`). Of a column
    that is half-converted the order ends in "/swapped" (2019-04-03 is 4 March) or, while nobody said, in "/?".
    """
    return partial(_read_date, order, epoch)


def birth_reader(order: str, epoch: int, latest: pd.Timestamp | None) -> Reader:
    """Read days of birth as `date_reader` does: none lies after `latest`. Two digits of a year mean the century that fits."""
    return partial(_read_birth, date_reader(order, epoch), latest)


def _read_birth(read: Reader, latest: pd.Timestamp | None, text: str) -> ParsedCell:
    day, missing, rule = read(text)
    if not isinstance(day, pd.Timestamp) or latest is None or day <= latest:
        return day, missing, rule
    if str(day.year) in text or rule == "date_excel_serial":  # no two digits
        return None, "unreadable", "birth_impossible"
    return day.replace(year=day.year - 100), missing, rule


def _read_date(order: str, epoch: int, text: str) -> ParsedCell:
    try:
        day, rule = _plain_day(text, order, epoch)
        if day is None and rule is None:
            if reason := missing_reason(text):
                return None, reason, rule_of_missing(text)
            day, rule = _day(tidy(text).translate(DASHES).casefold(), order, epoch)
    except (ValueError, OverflowError):
        day, rule = None, None
    if day is None:
        is_nothing = _NO_DAY.fullmatch(text.strip())
        return (None, "empty", "sentinel_date") if is_nothing else (None, "unreadable", rule or "unreadable_date")
    if FIRST_DAY <= day <= LAST_DAY:
        return _timestamp(day), None, rule
    return (None, SENTINELS[day], "sentinel_date") if day in SENTINELS else (None, "unreadable", "unreadable_date")


_timestamp = cache(pd.Timestamp)  # there are only so many days, and making one takes longer than reading it


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
    match = _COMPACT_DATE.fullmatch(plain) or _NUMERIC_DATE.fullmatch(plain)
    day, rule = _ordered_day(order, *match.groups()) if match else (None, None)
    if day is None and rule is None:
        day, rule = _named_day(plain)
    if day and day not in SENTINELS and time and time["zone"]:
        here = _day_here(day, time)
        return here, rule if here == day else "date_time_zone"
    return day, rule


def _day_here(day: dt.date, time: re.Match[str]) -> dt.date:
    """The day it was in the Netherlands: systems that write the time of Greenwich put our midnight on the day before."""
    hour, minute = int(time["hour"] or time["hours"] or 12), int(time["minute"] or time["minutes"] or 0)
    if time["half"]:
        hour = hour % 12 + 12 * (time["half"] == "p")
    ahead = dt.timedelta(hours=int(time["ahead"] or 0), minutes=int(time["more"] or 0))
    zone = dt.timezone(-ahead if time["sign"] == "-" else ahead)
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(DUTCH_TIME).date()


def _excel_day(number: str, epoch: int) -> tuple[dt.date, str]:
    return EXCEL_DAY_ZERO[epoch] + dt.timedelta(days=int(number)), "date_excel_serial"


def _ordered_day(order: str, first: str, second: str, third: str) -> tuple[dt.date | None, str | None]:
    order, _, real = order.partition("/")
    if real == "?":
        return None, "date_half_converted"
    if len(first) == 4:
        if real == SWAPPED:
            return dt.date(int(first), int(third), int(second)), "date_swapped"
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
    match = _MONTH_ONLY.fullmatch(_WITHIN.sub("", plain))
    return None, "month_only" if match and {match["month"], match["later"]} <= {None, *MONTHS} else None


def month_of(text: str) -> str | None:
    """Give the month ("2022-05") that a text means which is no day; None where it names no month of a year."""
    plain = _WITHIN.sub("", tidy(text).translate(DASHES).casefold())
    for pattern in _MONTH_OF_YEAR:
        if match := pattern.fullmatch(plain):
            month = match["month"]
            number = int(month) if month.isdigit() else MONTHS.get(month)
            return f"{_year(match['year'])}-{number:02}" if number else None
    return None


def _year(text: str) -> int:
    """The year that two or four digits mean."""
    year = int(text)
    century = 0 if len(text) == 4 else 1900 if year >= CENTURY_PIVOT else 2000
    return year + century
