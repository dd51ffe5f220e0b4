"""Invent cases with all that a register can hold of them, in codes of the data dictionary, before anything is written down."""

import datetime as dt
from random import Random

from benchmarks.strangers.book.model import EMPTY, Gap

Case = dict[str, object]
DOMAINS = ("finances", "work_education", "daytime", "housing", "family", "mental_health", "physical_health", "substance_use",
           "daily_functioning", "network", "justice")  # fmt: skip
REASONS = ("according_to_plan", "on_their_own", "referred_on", "dropped_out", "no_show", "not_suitable", "moved", "deceased",
           "administrative")  # fmt: skip
REFERRERS = ("self", "relative", "gp", "mental_health_care", "education", "youth_services", "housing_association",
             "police_justice", "wmo_desk", "work_income", "welfare", "debt_help", "volunteer")  # fmt: skip
PARTIES = ("relative", "friend_neighbour", "social_team", "gp", "youth_team", "housing_association", "mental_health",
           "debt_help", "workcompany", "income_department", "school", "volunteer")  # fmt: skip
HOUSEHOLDS = ("single", "couple", "couple_children", "single_parent")
KINDS = ("introduction", "joint_client_meeting", "case_discussion")
ZRM = ("finances", "work_education", "time_use", "housing", "domestic_relations", "mental_health", "physical_health",
       "substance_use", "basic_adl", "instrumental_adl", "social_network", "participation", "justice")  # fmt: skip
CLASSES = ("0-11", "12-17", "18-22", "23-34", "35-49", "50-64", "65-74", "75+")
NOT_REFERRED = 0.15  # share of the cases of which nothing but the day is known about who referred them


def cases(
    rng: Random, n: int, first: dt.date, extracted: dt.date, teams: list[str], organisations: list[str]
) -> list[Case]:
    """Invent cases referred between two days, in order of their number."""
    span = (extracted - first).days - 20
    days = sorted(first + dt.timedelta(days=rng.randrange(span)) for _ in range(n))
    few = {name: rng.sample(of, min(many, len(of))) for name, of, many in (
        ("reasons", REASONS, 5), ("referrers", REFERRERS, 5), ("parties", PARTIES, 4), ("domains", DOMAINS, 7))}  # fmt: skip
    number, step = rng.randrange(100, 8000), rng.choice((1, 3, 7))  # a number each, or between those of other teams
    numbers = [number := number + rng.randrange(1, step + 1) for _ in days]
    return [
        _case(rng, number, day, extracted, teams, organisations, few) for number, day in zip(numbers, days, strict=True)
    ]


def _case(
    rng: Random, number: int, day: dt.date, extracted: dt.date, teams: list[str], organisations: list[str],
    few: dict[str, list[str]],
) -> Case:  # fmt: skip
    closed = rng.random() < 0.65
    end = day + dt.timedelta(days=rng.randrange(30, 400))
    closed = closed and end < extracted
    kind = rng.choice(HOUSEHOLDS)
    case: Case = {
        "number": number,
        "cases.team": rng.choice(teams),
        "cases.date_referral": day,
        "cases.date_intake": _later(rng, day, 18, extracted),
        "cases.date_closed": end if closed else EMPTY,
        "cases.status": "closed" if closed else "open",
        "cases.closure_reason": rng.choice(few["reasons"]) if closed else EMPTY,
        "cases.one_plan": rng.choice(("yes", "no", "yes", EMPTY)),
        "cases.one_coordinator": rng.choice(("yes", "no", "no")),
        "cases.repeated": rng.choice(("yes", "no", "no", "no")),
        "referrals.referrer_role": EMPTY if rng.random() < NOT_REFERRED else rng.choice(few["referrers"]),
        "referrals.date": day,
        "households.household_type": kind,
        "households.n_children": rng.randrange(1, 5) if kind in HOUSEHOLDS[2:] else 0,
        "case_network.involved": (involved := rng.choice(("yes", "no", "yes", EMPTY))),
        "case_network.n_people": rng.randrange(1, 6) if involved == "yes" else EMPTY,
        "case_network.reason_not": rng.choice(("shame", "not_present", "unwilling")) if involved == "no" else EMPTY,
        "case_domains.domain": tuple(rng.sample(few["domains"], rng.randrange(1, 4))),
        "case_organisations.organisation": tuple(rng.sample(organisations, rng.randrange(1, 3))),
        "persons": _persons(rng, kind, number, day),
    }
    last = end if closed else extracted
    case["meetings"] = _meetings(rng, day, last, few["parties"])
    case["scores"] = _scores(rng, closed=closed)
    case["measured.begin"] = _later(rng, day, 25, extracted)
    case["measured.end"] = end if closed else EMPTY
    case["actions"] = _actions(rng, number, day, last)
    return case


def _later(rng: Random, day: dt.date, most: int, extracted: dt.date) -> object:
    later = day + dt.timedelta(days=rng.randrange(1, most))
    return later if rng.random() < 0.9 and later < extracted else EMPTY


def _persons(rng: Random, kind: str, number: int, day: dt.date) -> list[Case]:
    roles = {
        "single": (),
        "couple": ("partner",),
        "couple_children": ("partner", "child"),
        "single_parent": ("child",),
    }[kind]
    return [_person(rng, number * 10 + n, role, day) for n, role in enumerate(("applicant", *roles))]


def _person(rng: Random, number: int, role: str, day: dt.date) -> Case:
    age = rng.randrange(1, 17) if role == "child" else rng.randrange(19, 88)
    born = dt.date(day.year - age, rng.randrange(1, 13), rng.randrange(1, 28))
    exact = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    lowest = (0, 12, 18, 23, 35, 50, 65, 75)
    found = max(n for n, low in enumerate(lowest) if exact >= low)
    return {
        "person": number,
        "case_persons.role": role,
        "case_persons.sex": rng.choice(("man", "woman")),
        "case_persons.age_class": CLASSES[found],
        "born": born,
    }


def _meetings(rng: Random, day: dt.date, last: dt.date, parties: list[str]) -> list[Case]:
    span = max((last - day).days, 2)
    offsets = sorted(rng.sample(range(1, span + 1), min(rng.randrange(1, 4), span)))
    made = []
    for n, offset in enumerate(offsets):
        held = rng.random() < 0.85
        who = ("client", *rng.sample(parties, rng.randrange(1, 3)))
        made.append({
            "meetings.kind": KINDS[min(n, 2)],
            "meetings.date": day + dt.timedelta(days=offset),
            "meetings.held": "yes" if held else "no",
            "meetings.reason_not_held": EMPTY if held else rng.choice(("client_withdrew", "no_show", "illness")),
            "attendances.party": who if held else EMPTY,
        })  # fmt: skip
    return made


def _scores(rng: Random, *, closed: bool) -> dict[str, dict[str, object]]:
    begin = {domain: rng.randrange(1, 6) for domain in ZRM}
    end = {
        domain: min(5, max(1, score + rng.choice((-1, 0, 1, 1)))) if closed else EMPTY
        for domain, score in begin.items()
    }
    return {"begin": dict(begin), "end": end}


def _actions(rng: Random, number: int, day: dt.date, last: dt.date) -> list[Case]:
    span = max((last - day).days, 1)
    return [
        {
            "action": f"{number}{n}",
            "actions.date": day + dt.timedelta(days=rng.randrange(span)),
            "actions.actor": rng.choice(("client", "network", "professional")),
            "actions.status": rng.choice(("planned", "running", "done")),
        }
        for n in range(rng.randrange(1, 3))
    ]


def gap_or(rng: Random, value: object, share: float) -> object:
    """The value, or now and then that it is not known."""
    return Gap("unknown") if rng.random() < share and not isinstance(value, Gap) else value
