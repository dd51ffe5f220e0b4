"""Invent the cases of a register: who, when, about what, and how they end."""

import datetime as dt
from collections.abc import Mapping

from iww_analysis.synthetic import flow, joint
from iww_analysis.synthetic.chance import Chance
from iww_analysis.synthetic.people import Household, Town
from iww_analysis.synthetic.settings import Settings, toml
from iww_analysis.synthetic.truth import Case, Day

MONTH_WEIGHT = (1.1, 1.0, 1.1, 0.95, 0.95, 1.0, 0.58, 0.55, 1.2, 1.15, 1.1, 0.75)  # summer dip, December dip
LOCKDOWN = {(2020, 3): 0.7, (2020, 4): 0.5, (2020, 5): 0.65}
REFERRERS: Mapping[str, float] = {
    "self": 24, "relative": 6, "gp": 13, "mental_health_care": 6, "education": 5, "youth_services": 5,
    "housing_association": 8, "police_justice": 3, "wmo_desk": 7, "work_income": 8, "welfare": 6, "debt_help": 4,
    "volunteer": 2, "other_professional": 2, "other": 1, "unknown": 1,
}  # fmt: skip
YES_NO: Mapping[str, float] = {"yes": 62, "no": 22, "partly": 8, "unknown": 4, "empty": 4}
KNOWN_BEFORE = 0.09
MOST_DOMAINS = 6


def cases(settings: Settings, seed: int) -> list[Case]:
    """Invent a register's cases in the order of their referral, as they are known on the last extraction date."""
    chance = Chance(seed, f"truth {settings.name}")
    town = Town(settings, chance)
    extraction = settings.deliveries[-1].extraction
    out: list[Case] = []
    free: list[tuple[Household, Day]] = []  # households whose case is closed, and may come back
    for number, referral in enumerate(_referrals(settings, chance), start=1):
        back = next((pair for pair in free if pair[1] < referral), None) if chance.yes(KNOWN_BEFORE) else None
        if back:
            free.remove(back)
        case = _case(settings, chance, number, referral, back[0] if back else town.household(), back is not None)
        case = flow.fill(case, settings, chance, extraction) if settings.study == "saz" else joint.fill(case, settings, chance, extraction)
        if case.closed:
            free.append((_household(case, town), case.closed))
        out.append(case)
    return joint.follow(out, settings, chance) if settings.study == "nbd" else out


def _household(case: Case, town: Town) -> Household:
    return next(h for h in town.households if h.household_id == case.household_id)


def _referrals(settings: Settings, chance: Chance) -> list[Day]:
    days: Mapping[Day, float] = {
        day: MONTH_WEIGHT[day.month - 1]
        * LOCKDOWN.get((day.year, day.month), 1.0)
        * (1 + settings.more["growth"] * (day - settings.start).days / 365)
        for day in (settings.start + dt.timedelta(days=i) for i in range((settings.end - settings.start).days - 5))
        if day.weekday() < 5
    }
    return sorted(chance.weighted(days) for _ in range(settings.n))


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
