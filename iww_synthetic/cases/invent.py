"""Invent the cases of a register: who, when, about what, and how they end."""

import datetime as dt
from collections.abc import Mapping

from iww_synthetic.cases import flow, joint
from iww_synthetic.cases.people import Household, Town
from iww_synthetic.cases.truth import Case, Day
from iww_synthetic.chance import Chance
from iww_synthetic.settings import Settings, toml

MONTH_WEIGHT = (1.1, 1.0, 1.1, 0.95, 0.95, 1.0, 0.58, 0.55, 1.2, 1.15, 1.1, 0.75)  # summer dip, December dip
LOCKDOWN = {(2020, 3): 0.7, (2020, 4): 0.5, (2020, 5): 0.65}
REFERRERS: Mapping[str, float] = {
    "self": 24, "relative": 6, "gp": 13, "mental_health_care": 6, "education": 5, "youth_services": 5,
    "housing_association": 8, "police_justice": 3, "wmo_desk": 7, "work_income": 8, "welfare": 6, "debt_help": 4,
    "volunteer": 2, "other_professional": 2, "other": 1, "unknown": 1,
}  # fmt: skip
YES_NO: Mapping[str, float] = {"yes": 62, "no": 22, "partly": 8, "unknown": 4, "empty": 4}
KNOWN_BEFORE = 0.09
REPORTED_TWICE = 0.006  # the household of the case before, once more: two open cases for one household
MOST_DOMAINS = 6


def cases(settings: Settings, seed: int) -> list[Case]:
    """Invent a register's cases in the order of their referral, as they are known on the last extraction date."""
    chance = Chance(seed, f"truth {settings.name}")
    town = Town(settings, chance)
    fill = flow.fill if settings.study == "saz" else joint.fill
    extraction = settings.deliveries[-1].extraction
    out: list[Case] = []
    free: list[tuple[Household, Day]] = []  # households whose case is closed, and may come back
    for number, referral in enumerate(_referrals(settings, chance), start=1):
        back = _comes_back(free, referral) if chance.yes(KNOWN_BEFORE) else None
        twice = town.households[out[-1].household_id] if out and chance.yes(REPORTED_TWICE) else None
        case = _case(settings, chance, number, referral, back or twice or town.household(), known=back is not None)
        case = fill(case, settings, chance, extraction)
        if case.closed:
            free.append((town.households[case.household_id], case.closed))
        out.append(case)
    return joint.follow(out, settings, chance) if settings.study == "nbd" else out


def _comes_back(free: list[tuple[Household, Day]], referral: Day) -> Household | None:
    """Take the household that has been free for the longest time, if one is free by that day."""
    at = next((i for i, (_, closed) in enumerate(free) if closed < referral), None)
    return None if at is None else free.pop(at)[0]


def _referrals(settings: Settings, chance: Chance) -> list[Day]:
    days: Mapping[Day, float] = {
        day: MONTH_WEIGHT[day.month - 1]
        * LOCKDOWN.get((day.year, day.month), 1.0)
        * (1 + settings.more["growth"] * (day - settings.start).days / 365)
        for day in (settings.start + dt.timedelta(days=i) for i in range((settings.end - settings.start).days - 5))
        if day.weekday() < 5
    }
    return sorted(chance.many(days, settings.n))


def _case(settings: Settings, chance: Chance, number: int, referral: Day, home: Household, known: bool) -> Case:
    year = referral.year % 100
    members = home.members if settings.unit == "household" else home.members[:1]
    return Case(
        case_id=settings.more["case_format"].format(year=year, number=number + settings.more.get("first_case", 0)),
        household_id=home.household_id,
        referral=referral,
        intake=None,
        closed=None,
        reason=None,
        referrer=chance.weighted(REFERRERS),
        household_type=home.kind if not chance.yes(0.03) else "unknown",
        n_children=home.n_children,
        members=members,
        domains=_domains(settings, chance),
        door=chance.weighted(settings.more["door"]) if "door" in settings.more else "",
        one_plan=chance.weighted(YES_NO),
        one_coordinator=chance.weighted(YES_NO),
        repeated="yes" if known or chance.yes(0.06) else chance.weighted({"no": 90, "unknown": 5, "empty": 5}),
    )


def _domains(settings: Settings, chance: Chance) -> tuple[str, ...]:
    """Choose domains that go together; at least two, in nbd always one on money or work."""
    patterns = toml("sources.toml")["patterns"]
    pattern = patterns[chance.weighted({name: p[settings.study] for name, p in patterns.items()})]["domains"]
    found = [domain for domain, share in pattern.items() if chance.yes(share)]
    if settings.study == "nbd" and not {"finances", "work_education"} & set(found):
        found.insert(0, chance.pick(("finances", "work_education")))
    rest = [domain for domain in pattern if domain not in found]
    while len(found) < 2:
        found.append(rest.pop(0))
    return tuple(found[:MOST_DOMAINS])
