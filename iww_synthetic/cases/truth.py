"""Hold what is true of an invented case, in canonical codes, before anyone writes it down."""

import datetime as dt
from dataclasses import dataclass, replace

Day = dt.date

AGE_CLASSES = {
    "75+": 75, "65-74": 65, "50-64": 50, "35-49": 35, "23-34": 23, "18-22": 18, "12-17": 12, "0-11": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """An invented person. The BSN is from the range 99999xxxx, which is not given out."""

    person_id: str
    bsn: str
    name: str
    contact: str
    sex: str
    birth: Day | None
    birth_missing: str = "empty"


@dataclass(frozen=True)
class Member:
    """A person's place in a case."""

    person: Person
    role: str


@dataclass(frozen=True)
class Network:
    """Whether the network takes part; `involved` and `reason_not` are codes, also of the list `missing`."""

    moment: str
    involved: str
    n_people: int | None = None
    reason_not: str | None = None


@dataclass(frozen=True)
class Meeting:
    """A meeting that was planned. `held`: yes, no, or None as long as it has not come to it."""

    kind: str
    day: Day | None
    held: str | None
    reason_not_held: str | None = None
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The plan: who made it, and whether professionals were in the room."""

    day: Day
    made_by: str
    professionals_present: str


@dataclass(frozen=True)
class Action:
    """A follow-up action."""

    action_id: str
    day: Day
    actor: str
    domain: str
    status: str


@dataclass(frozen=True)
class Score:
    """A score, or the reason why the cell has none."""

    moment: str
    domain: str
    value: int | None
    missing: str = "empty"


@dataclass(frozen=True)
class Case:
    """A case as it is known on the extraction date."""

    case_id: str
    household_id: str
    referral: Day
    intake: Day | None
    closed: Day | None
    reason: str | None
    referrer: str
    household_type: str
    n_children: int | None
    members: tuple[Member, ...]
    domains: tuple[str, ...]
    label: str = ""
    door: str = ""
    intake_missing: str = "empty"
    date_plan: Day | None = None
    first_result: Day | None = None
    one_plan: str = "empty"
    one_coordinator: str = "empty"
    repeated: str = "no"
    organisations: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # begin, end: names in their canonical spelling
    network: tuple[Network, ...] = ()
    plan: Plan | None = None
    stages: tuple[Meeting, ...] = ()
    joint: tuple[Meeting, ...] = ()
    actions: tuple[Action, ...] = ()
    scores: tuple[Score, ...] = ()
    measured: tuple[Day | None, Day | None] = (None, None)  # begin, end

    @property
    def status(self) -> str:
        """Say whether the case is open."""
        return "open" if self.closed is None else "closed"

    def stage(self, kind: str) -> Meeting:
        """Give one of the three meetings of Samen aan zet."""
        return next(meeting for meeting in self.stages if meeting.kind == kind)

    def at(self, moment: str) -> Network:
        """Give what is known of the network at the begin or the end."""
        return next(network for network in self.network if network.moment == moment)


def as_of(case: Case, day: Day) -> Case:
    """Give the case as an earlier delivery knew it: what happened after that day was not known yet."""
    known = replace(case, joint=tuple(m for m in case.joint if m.day is not None and m.day <= day))
    if case.intake is not None and case.intake > day:
        known = replace(known, intake=None)
    if case.date_plan is not None and case.date_plan > day:
        known = replace(known, date_plan=None)
    if case.first_result is not None and case.first_result > day:
        known = replace(known, first_result=None)
    if case.measured[0] is not None and case.measured[0] > day:
        known = _unmeasured(known, ("begin", "end"))
    if case.closed is not None and case.closed > day:
        known = _unmeasured(replace(known, closed=None, reason=None, network=_network_while_open(known)), ("end",))
    return known


def _unmeasured(case: Case, moments: tuple[str, ...]) -> Case:
    begin, end = case.measured
    return replace(
        case,
        scores=tuple(score for score in case.scores if score.moment not in moments),
        measured=(None if "begin" in moments else begin, None if "end" in moments else end),
    )


def _network_while_open(case: Case) -> tuple[Network, ...]:
    return tuple(Network("end", "not_applicable") if n.moment == "end" else n for n in case.network)


def age_class(birth: Day, day: Day) -> str:
    """Give the class of the age in whole years on a day."""
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return next(name for name, low in AGE_CLASSES.items() if age >= low)
