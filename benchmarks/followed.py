"""Attack followed cases: from what may leave, beside the extraction date, find their days of referral and of meetings.

Run: `python -m benchmarks.followed REPORT…`, each a folder that `iww report` made. Reads what leaves of it and nothing else. For
every case each day of referral is tried that the period of its source allows; one stays possible while every event can lie on
a day that agrees with all that is told of it. A case with one possible day is recovered. Prints what benchmarks/results.md says.
"""

import calendar
import datetime as dt
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FIGURES = ("F06", "F07", "T02", "T09", "T10")
_EVENTS = {"months_to_meeting": "joint_client_meeting", "days_to_meeting": "joint_client_meeting",
           "months_to_result": "first_result", "days_to_result": "first_result"}  # fmt: skip
FOLLOWS = "nbd"  # the study of the demo of which registers follow cases
LAST = "last_seen"  # the event of an open case that lies on the extraction date
Mark = tuple[Mapping[str, Any], Mapping[str, Any]]  # its keys, and what is drawn of it


class Told(NamedTuple):
    """What one mark tells of an event of a case: days or whole months since referral, the month of the calendar."""

    case: str
    event: str
    days: int | None = None
    months: int | None = None
    month: str = ""


class Case(NamedTuple):
    """What is left possible of a case: its days of referral, and per event that is told its first and last possible day."""

    referral: Sequence[dt.date]
    events: Sequence[tuple[dt.date, dt.date]]


def told_by(marks: Iterable[Mark]) -> Iterator[Told]:
    """Read what marks tell of cases, in days, in months, or in both."""
    for keys, drawn in marks:
        said = {name: value for name, value in {**keys, **drawn}.items() if value not in ("", None) and value == value}
        case = str(said.get("case", "")) or next(iter(re.findall(r"\b[A-Z]\d+\b", str(said.get("meeting", "")))), "")
        for name, event in _EVENTS.items():
            if case and name in said:
                yield Told(case, event, **{name.split("_")[0]: int(said[name])})
        event = str(said.get("event", said.get("stage", "joint_client_meeting")))
        since = {name: int(said[name]) for name in ("days", "months") if name in said and "stage" not in said}
        if case and (since or "month" in said):
            yield Told(case, event, **since, month=str(said.get("month", "")))


def attacked(told: Iterable[Told], first: dt.date, last: dt.date) -> dict[str, Case]:
    """What stays possible of each case that begins and is seen within a period."""
    of_cases = defaultdict[str, list[Told]](list)
    for each in dict.fromkeys(told):
        of_cases[each.case].append(each)
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    return {case: _left(events, days, last) for case, events in of_cases.items()}


def _left(events: Sequence[Told], days: Sequence[dt.date], last: dt.date) -> Case:
    worlds = {referral: [_days_of(event, referral, last) for event in events] for referral in days}
    possible = {referral: each for referral, each in worlds.items() if all(begin <= end for begin, end in each)}
    of_events = zip(*possible.values(), strict=True)
    return Case([*possible], [(min(begin for begin, _ in of), max(end for _, end in of)) for of in of_events])


def _days_of(told: Told, referral: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """Between which days an event can lie, of a case that was referred on a day; until the last on which anything is known."""
    begin, end = referral, last
    if told.months is not None:
        begin, end = later(referral, told.months), later(referral, told.months + 1) - dt.timedelta(1)
    if told.days is not None:
        begin = end = referral + dt.timedelta(told.days)
    if told.month:
        year, month = map(int, told.month.split("-"))
        begin = max(begin, dt.date(year, month, 1))
        end = min(end, dt.date(year, month, calendar.monthrange(year, month)[1]))
    if told.event == LAST:
        begin = max(begin, last)
    return begin, min(end, last)


def later(day: dt.date, months: int) -> dt.date:
    """The day on which so many whole months have gone by."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= calendar.monthrange(year, month + 1)[1]:
        return dt.date(year, month + 1, day.day)
    return dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)


def counted(cases: Mapping[str, Case]) -> dict[str, int]:
    """How many cases and events were recovered to the day, referrals to the month, and the fewest days that one keeps."""
    return {
        "cases": len(cases),
        "days of referral": sum(len(case.referral) == 1 for case in cases.values()),
        "months of referral": sum(len({(day.year, day.month) for day in case.referral}) == 1 for case in cases.values()),
        "days of events": sum(begin == end for case in cases.values() for begin, end in case.events),
        "fewest days left": min((len(case.referral) for case in cases.values()), default=0),
    }


def of_report(folder: Path) -> dict[str, int]:
    """Attack what leaves of a report: the public receipts, which hold every drawn number, and its periods."""
    receipts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (folder / "figures").glob("*.json")}
    marks = [(mark["mark"], mark["drawn"]) for name in FIGURES for mark in receipts.get(name, {}).get("marks", ())]
    cards = [mark["drawn"] for mark in receipts["T01"]["marks"] if mark["drawn"].get("regime") == "register"]
    first = min(dt.date.fromisoformat(card["period"].split(" – ")[0]) for card in cards)
    days = Counter(dt.date.fromisoformat(card["extraction_date"]) for card in cards if card["study"] == FOLLOWS)
    return counted(attacked(told_by(marks), first, days.most_common(1)[0][0]))


if __name__ == "__main__":
    for path in sys.argv[1:]:
        sys.stdout.write(f"{path}: {of_report(Path(path))}\n")
