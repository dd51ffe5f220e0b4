"""Let a case around Nijmegen run: joint client meetings, scores, results; and plant the cases that the study follows."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from iww_synthetic.cases.context import with_context
from iww_synthetic.cases.flow import later, sweep, weekday
from iww_synthetic.cases.truth import Case, Day, Meeting, Score
from iww_synthetic.chance import Chance
from iww_synthetic.settings import Settings

KIND = "joint_client_meeting"
ZRM_2017 = {
    "finances": "finances", "work_education": "work_education", "time_use": "daytime", "housing": "housing",
    "domestic_relations": "family", "mental_health": "mental_health", "physical_health": "physical_health",
    "substance_use": "substance_use", "basic_adl": "daily_functioning", "instrumental_adl": "daily_functioning",
    "social_network": "network", "participation": "network", "justice": "justice",
}  # fmt: skip
ZRM_2013 = {
    "finances": "finances", "daytime_2013": "daytime", "housing": "housing", "domestic_relations": "family",
    "mental_health": "mental_health", "physical_health": "physical_health", "addiction_2013": "substance_use",
    "adl_2013": "daily_functioning", "social_network": "network", "participation": "network", "justice": "justice",
}  # fmt: skip
INSTRUMENTS: Mapping[str, Mapping[str, str]] = {"zrm_2017": ZRM_2017, "zrm_2013": ZRM_2013}
LEVELS_PROBLEM: Mapping[int, float] = {1: 12, 2: 42, 3: 38, 4: 8}
LEVELS_OTHER: Mapping[int, float] = {2: 3, 3: 17, 4: 48, 5: 32}
STEP: Mapping[int, float] = {-1: 9, 0: 37, 1: 40, 2: 14}
PRESENT: Mapping[str, float] = {
    "client": 0.97, "relative": 0.26, "friend_neighbour": 0.08, "social_team": 0.9, "workcompany": 0.46,
    "income_department": 0.37, "debt_help": 0.3, "mental_health": 0.2, "housing_association": 0.16, "gp": 0.06,
    "employer": 0.05,
}  # fmt: skip
REASONS_NOT: Mapping[str, float] = {"no_show": 45, "client_withdrew": 20, "illness": 20, "crisis": 15}


def fill(case: Case, settings: Settings, chance: Chance, extraction: Day) -> Case:
    """Add what happened to the case up to the extraction date."""
    intake = later(case.referral, chance, 11, 0.7)
    plan = later(intake, chance, 22, 0.6)
    reason = chance.weighted(settings.more["reason"])
    closed = max(later(case.referral, chance, settings.more["median_days"], 0.75), intake)
    if reason == "administrative":
        closed = sweep(closed)
    missing = chance.weighted({"": 92, "empty": 4, "unknown": 2, "unreadable": 2})
    case = replace(
        case,
        intake=None if missing or intake > extraction else intake,
        intake_missing=missing if missing and intake <= extraction else "empty",
        date_plan=None if plan > min(closed, extraction) or chance.yes(0.12) else plan,
    )
    if closed <= extraction:
        case = replace(case, closed=closed, reason=reason)
    case = with_context(case, settings, chance)
    case = replace(case, joint=_joint(case, settings, chance, extraction))
    return _scored(case, settings, chance, extraction)


def _joint(case: Case, settings: Settings, chance: Chance, extraction: Day) -> tuple[Meeting, ...]:
    if not chance.yes(settings.more["joint"]):
        return ()
    day, found = case.referral, []
    for _ in range(chance.weighted({1: 45, 2: 33, 3: 22})):
        day = later(day, chance, 38, 0.6)
        if day <= (case.closed or extraction):
            found.append(meeting(day, chance, chance.yes(0.9)))
    return tuple(found)


def meeting(day: Day, chance: Chance, held: bool) -> Meeting:
    """Invent a joint client meeting; who came is only known when it took place."""
    if not held:
        return Meeting(KIND, day, "no", chance.weighted(REASONS_NOT))
    return Meeting(KIND, day, "yes", None, tuple(p for p, share in PRESENT.items() if chance.yes(share)) or ("client",))


def _scored(case: Case, settings: Settings, chance: Chance, extraction: Day) -> Case:
    """Score most cases at the begin and some of those again at the end, as registers do."""
    first = later(case.referral, chance, 20, 0.4)
    if first > (case.closed or extraction) or not chance.yes(settings.more["measured_begin"]):
        return case
    last = case.closed if case.closed and case.closed > first and chance.yes(settings.more["measured_end"]) else None
    scores: list[Score] = []
    for domain, life in INSTRUMENTS[settings.instrument].items():
        level = chance.weighted(LEVELS_PROBLEM if life in case.domains else LEVELS_OTHER)
        scores.append(_score("begin", domain, level, chance))
        if last:
            step = chance.weighted(STEP) if life in case.domains else chance.weighted({-1: 10, 0: 76, 1: 14})
            scores.append(_score("end", domain, min(5, max(1, level + step)), chance))
    return replace(case, scores=tuple(scores), measured=(first, last))


def _score(moment: str, domain: str, level: int, chance: Chance) -> Score:
    missing = chance.weighted({"": 955, "empty": 25, "unknown": 12, "not_applicable": 6, "unreadable": 2})
    return Score(moment, domain, None if missing else level, missing or "empty")


def follow(cases: list[Case], settings: Settings, chance: Chance) -> list[Case]:
    """Plant the followed cases: their meetings and first result on the days that the settings say.

    They are spread over the register; the case must have been reported a year before the (first) extraction.
    """
    wanted = settings.more["followed"]
    before = settings.deliveries[0].extraction - dt.timedelta(days=365)
    homes = Counter(case.household_id for case in cases)
    able = [i for i, case in enumerate(cases) if case.referral <= before and homes[case.household_id] == 1]
    step = len(able) // len(wanted)
    out = list(cases)
    for number, spec in enumerate(wanted, start=1):
        at = able[(number - 1) * step + step // 2]
        out[at] = _followed(
            out[at], spec, f"{settings.more['label']}{number}", chance, settings.deliveries[-1].extraction
        )
    return out


def _followed(case: Case, spec: Mapping[str, object], label: str, chance: Chance, extraction: Day) -> Case:
    held, missed = _days(case, spec, "meetings"), _days(case, spec, "missed")
    meetings = [meeting(day, chance, True) for day in held] + [meeting(day, chance, False) for day in missed]
    first_result = weekday(case.referral + dt.timedelta(days=int(str(spec["result"])))) if "result" in spec else None
    last = max([*held, *missed, *([first_result] if first_result else []), case.referral]) + dt.timedelta(days=30)
    case = replace(
        case, label=label, first_result=first_result, joint=tuple(sorted(meetings, key=lambda m: m.day or last))
    )
    if case.closed and case.closed < last:
        case = replace(case, closed=last if last <= extraction else None)
    return case


def _days(case: Case, spec: Mapping[str, object], key: str) -> list[Day]:
    days = spec.get(key, [])
    assert isinstance(days, list)
    return [weekday(case.referral + dt.timedelta(days=day)) for day in days]
