"""Let a case of Samen aan zet go through its three meetings, or drop out on the way."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from iww_synthetic.cases.context import with_context
from iww_synthetic.cases.truth import Action, Case, Day, Meeting, Plan
from iww_synthetic.chance import Chance
from iww_synthetic.settings import Settings

STAGES = ("introduction", "first_dialogue", "closing_dialogue")
GAPS = {"introduction": (10, 0.6), "first_dialogue": (32, 0.5), "closing_dialogue": (140, 0.55)}  # days: median, spread
DROP_REASONS: Mapping[str, Mapping[str, float]] = {
    "introduction": {"no_show": 55, "client_withdrew": 30, "moved": 15},
    "first_dialogue": {"client_withdrew": 30, "no_network": 20, "solved": 15, "no_show": 12, "crisis": 10, "referred_on": 8,
                       "moved": 3, "other": 2},
    "closing_dialogue": {"solved": 34, "client_withdrew": 24, "crisis": 12, "illness": 10, "moved": 8, "referred_on": 8,
                         "other": 4},
}  # fmt: skip
CLOSED_AFTER_DROP: Mapping[str, Mapping[str, float]] = {
    "client_withdrew": {"dropped_out": 85, "on_their_own": 15},
    "no_show": {"no_show": 100},
    "solved": {"on_their_own": 80, "according_to_plan": 20},
    "moved": {"moved": 100},
    "crisis": {"referred_on": 75, "not_suitable": 25},
    "no_network": {"not_suitable": 55, "dropped_out": 45},
    "referred_on": {"referred_on": 100},
    "illness": {"deceased": 20, "dropped_out": 50, "other": 30},
    "other": {"administrative": 60, "other": 40},
}
ACTORS: Mapping[str, float] = {
    "client": 38,
    "network": 24,
    "professional": 22,
    "volunteer": 7,
    "municipality": 7,
    "other": 2,
}


def later(day: Day, chance: Chance, median: float, sigma: float) -> Day:
    """Give a weekday some time later: half of the times sooner than the median."""
    return weekday(day + dt.timedelta(days=max(1, round(chance.skewed(median, sigma)))))


def weekday(day: Day) -> Day:
    """Give the day itself, or the Monday after a weekend."""
    return day + dt.timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


def sweep(day: Day) -> Day:
    """Give the next day on which somebody tidies up the register: the end of a half year."""
    return dt.date(day.year, 6, 30) if day < dt.date(day.year, 6, 30) else dt.date(day.year, 12, 31)


def fill(case: Case, settings: Settings, chance: Chance, extraction: Day) -> Case:
    """Add what happened to the case up to the extraction date."""
    stages, last, dropped = _stages(case.referral, settings, chance)
    closed, reason = _closure(last, dropped, settings, chance)
    case = replace(
        case, stages=tuple(_known(stage, extraction) for stage in stages), intake=_intake(stages, chance, extraction)
    )
    if case.intake is None and chance.yes(0.3) and stages[0].day and stages[0].day <= extraction:
        case = replace(case, intake_missing="unreadable")
    if closed <= extraction:
        case = replace(case, closed=closed, reason=reason)
    case = _plan(with_context(case, settings, chance), settings, chance, extraction)
    return replace(case, actions=_actions(case, chance, extraction))


def _stages(referral: Day, settings: Settings, chance: Chance) -> tuple[list[Meeting], Day, str | None]:
    """Plan the meetings until the case falls out: the meetings, the last day, and why it fell out."""
    day, stages = referral, []
    chances = {
        "introduction": 0.03,
        "first_dialogue": settings.more["drop_first"],
        "closing_dialogue": settings.more["drop_closing"],
    }
    for i, kind in enumerate(STAGES):
        day = later(day, chance, *GAPS[kind])
        if chance.yes(chances[kind]):
            reason = chance.weighted(DROP_REASONS[kind])
            stages.append(Meeting(kind, day, "no", reason))
            return stages + [Meeting(rest, None, None) for rest in STAGES[i + 1 :]], day, reason
        stages.append(Meeting(kind, day, "yes"))
        if kind == "first_dialogue" and chance.yes(settings.more["stall"]):
            stages.append(Meeting("closing_dialogue", sweep(day), "no", "other"))
            return stages, sweep(day), "other"
    return stages, day, None


def _known(stage: Meeting, extraction: Day) -> Meeting:
    """Keep what is known by then. Of a meeting that did not take place no day is written down."""
    if stage.day is None or stage.day > extraction:
        return Meeting(stage.kind, None, None)
    return stage if stage.held == "yes" else replace(stage, day=None)


def _closure(last: Day, dropped: str | None, settings: Settings, chance: Chance) -> tuple[Day, str]:
    if dropped is None:
        return later(last, chance, 60, 0.8), chance.weighted(settings.more["reason_completed"])
    reason = chance.weighted(CLOSED_AFTER_DROP[dropped])
    return (last if reason == "administrative" else later(last, chance, 35, 0.9)), reason


def _intake(stages: list[Meeting], chance: Chance, extraction: Day) -> Day | None:
    first = stages[0]
    if first.held != "yes" or first.day is None or first.day > extraction or chance.yes(0.03):
        return None
    return first.day


def _plan(case: Case, settings: Settings, chance: Chance, extraction: Day) -> Case:
    first, closing = case.stage("first_dialogue"), case.stage("closing_dialogue")
    if first.day is None or chance.yes(0.07):
        return case
    day = later(first.day, chance, 12, 0.5)
    if day > min(closing.day or extraction, case.closed or extraction):
        return case
    maker, present = (chance.weighted(settings.more[key]) for key in ("made_by", "professionals_present"))
    return replace(case, date_plan=day, plan=Plan(day, maker, present))


def _actions(case: Case, chance: Chance, extraction: Day) -> tuple[Action, ...]:
    first = case.stage("first_dialogue")
    if first.day is None:
        return ()
    until = case.closed or extraction
    days = (
        later(first.day, chance, 25, 0.9) for _ in range(chance.weighted({0: 10, 1: 22, 2: 28, 3: 22, 4: 12, 5: 6}))
    )
    done = (
        {"done": 66, "cancelled": 18, "running": 12, "planned": 4}
        if case.closed
        else {"running": 46, "planned": 34, "done": 20}
    )
    return tuple(
        Action(f"{case.case_id}-A{i}", day, chance.weighted(ACTORS), chance.pick(case.domains), chance.weighted(done))
        for i, day in enumerate(sorted(day for day in days if day <= until), start=1)
    )
