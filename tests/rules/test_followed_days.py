"""No day of a followed case follows from what is drawn of it beside the extraction date; from days it did."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from benchmarks.followed import FIGURES, Case, Mark, Told, attacked, counted, later, told_by
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import Derive
from iww_analysis.analysis.questions import pathways
from iww_analysis.disclosure.protect import protect
from iww_analysis.figures.declaration import CATALOGUE
from shared.study import by_hand

STUDY = by_hand().only("oost", "west")
FIRST, LAST = (
    dt.date(2019, 1, 1),
    dt.date(2021, 12, 31),
)  # the period on the cards of that study, and its extraction date


def drawn(*findings: Finding) -> Iterator[Mark]:
    """Marks as they may leave: keys, and what is drawn."""
    for done in (protect(finding, "case_study", {}) for finding in findings):
        yield from (({key: row[key] for key in done.keys}, {name: row[name] for name in done.values if row[name] is not None})
                    for row in done.marks.astype("object").where(done.marks.notna(), None).to_dict("records"))  # fmt: skip


def in_days() -> Finding:
    """F06 as it was: events on their day since referral, and the day until which a case was followed."""
    now = pathways.timelines(STUDY)
    asked = [part.question for part in now.parts if "months" in part.question.derive]
    old = [replace(q, derive=q.derive | {"months": Derive("days", q.derive["months"].of)}) for q in asked]
    referral = old[0]
    seen = {"event": Derive("given", ("last_seen",)), "months": Derive("days", ("date_referral", "extraction_date"))}
    return ask("F06", [*old, replace(referral, name="last_seen", derive=referral.derive | seen)], STUDY.tables)


def as_days(told: Iterator[Told]) -> Iterator[Told]:
    return (each._replace(days=each.months, months=None) for each in told)


@cache
def found(way: str) -> dict[str, Case]:
    told = as_days(told_by(drawn(in_days()))) if way == "days" else told_by(
        drawn(*(CATALOGUE[name].ask(STUDY) for name in FIGURES))
    )  # fmt: skip
    return attacked(told, FIRST, LAST)


def test_from_days_every_referral_and_every_meeting_follows() -> None:
    counts, cases = counted(found("days")), STUDY["cases"].set_index("case_label")["date_referral"]
    assert counts["cases"] == counts["days of referral"] == cases.index.notna().sum()
    assert all(case.referral == [cases[label].date()] for label, case in found("days").items())


def test_from_months_no_day_and_no_month_follows() -> None:
    counts = counted(found("months"))
    assert counts["cases"] == 6
    assert (counts["days of referral"], counts["months of referral"], counts["days of events"]) == (0, 0, 0)
    assert counts["fewest days left"] > 365


def test_the_day_of_referral_stays_among_those_that_are_possible() -> None:
    cases = STUDY["cases"].set_index("case_label")["date_referral"]
    assert all(cases[label].date() in case.referral for label, case in found("months").items())


def test_months_of_the_calendar_beside_months_since_referral_tell_the_month() -> None:
    """Why T09 and T10 give none: what fell in January in month 0, and in May in month 4, leaves two months, a third one."""
    told = [
        Told("N1", "intake", months=0, month="2020-01"),
        Told("N1", "joint_client_meeting", months=4, month="2020-05"),
    ]
    (case,) = attacked(told, dt.date(2019, 6, 1), dt.date(2020, 12, 31)).values()
    assert {day.month for day in case.referral} == {12, 1}
    told.append(Told("N1", "first_result", months=3, month="2020-05"))
    (case,) = attacked(told, dt.date(2019, 6, 1), dt.date(2020, 12, 31)).values()
    assert counted({"N1": case})["months of referral"] == 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2020-01-15", 0, "2020-01-15"), ("2020-01-31", 1, "2020-03-01"), ("2020-01-31", 2, "2020-03-31"),
     ("2019-11-30", 3, "2020-03-01"), ("2019-12-31", 6, "2020-07-01"), ("2020-01-15", 12, "2021-01-15")],
)  # fmt: skip
def test_the_day_on_which_months_have_gone_by(day: str, months: int, expected: str) -> None:
    assert later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(expected)
