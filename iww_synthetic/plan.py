"""Write the true answers of a source down: counted from the truth, never from the files.

What every name means stands in docs/formats/plan.md.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from iww_analysis import vocabulary
from iww_synthetic.cases.truth import Case, Meeting, age_class
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import Settings
from iww_synthetic.teams import team_interviews, team_plan
from iww_synthetic.teams.team import Team

FORMAT = "iww-plan/1"
STAGES = ("introduction", "first_dialogue", "closing_dialogue")
EARLY_DAYS = 90

Counts = dict[str, int]


def register(cases: Sequence[Case], settings: Settings, files: Sequence[File]) -> dict[str, Any]:
    """Give the true answers of a register."""
    recorded = settings.more.get("recorded", {})
    out: dict[str, Any] = {
        "format": FORMAT, "source": settings.name, "municipality": settings.more["municipality"], "study": settings.study,
        "case_is": settings.unit, "extraction_date": settings.deliveries[-1].extraction.isoformat(),
        **_cases(cases, settings), "persons": _persons(cases, settings, children=bool(recorded.get("children"))),
        "network": _network(cases, ("begin",) if recorded.get("network_end") is False else ("begin", "end")),
    }  # fmt: skip
    if recorded.get("households", True):
        out["households"] = _households(cases, numbered=recorded.get("household_id", True))
    if recorded.get("organisations", True):
        out["organisations"] = {
            m: _organisations([case.organisations[i] for case in cases]) for i, m in enumerate(("begin", "end"))
        }
    if recorded.get("organisation_list"):
        out["organisations_by_one_name"] = _by_one_name(cases)
    out |= _saz(cases) if settings.study == "saz" else _nbd(cases, settings)
    out["ledger"] = ledger(files)
    return out


def dump(plan: Mapping[str, Any]) -> bytes:
    """Give the bytes of a plan."""
    return (json.dumps(plan, ensure_ascii=False, indent=1) + "\n").encode()


def ledger(files: Sequence[File]) -> list[dict[str, object]]:
    """Say what the ledger should count, sheet by sheet."""
    return [
        {"delivery": file.delivery.folder, "file": file.name, "sheet": sheet, **lines.ledger()}
        for file in files
        for sheet, lines in file.sheets.items()
    ]


def counts(values: Iterable[Hashable]) -> Counts:
    """Count by value, as a plan writes it: text, in alphabetical order."""
    return dict(sorted((str(value), n) for value, n in Counter(values).items()))


def _cases(cases: Sequence[Case], settings: Settings) -> dict[str, Any]:
    closed = [case for case in cases if case.closed]
    return {
        "n_cases": len(cases),
        "status": counts(case.status for case in cases),
        "referrals_per_month": counts(f"{case.referral:%Y-%m}" for case in cases),
        "referrer_role": counts(case.referrer for case in cases),
        **({"door": counts(case.door for case in cases)} if settings.study == "nbd" else {}),
        "domains": counts(domain for case in cases for domain in case.domains),
        "domain_pairs": counts("+".join(pair) for case in cases for pair in combinations(sorted(case.domains), 2)),
        "closure_reason": counts(case.reason for case in closed),
        "closures_per_year": counts(case.closed.year for case in closed if case.closed),
        "duration": {
            "n_closed": len(closed),
            "n_censored": len(cases) - len(closed),
            "days_closed": sum((case.closed - case.referral).days for case in closed if case.closed),
            "days_censored": sum(
                (settings.deliveries[-1].extraction - case.referral).days for case in cases if not case.closed
            ),
            "classes_closed": counts(_duration_class(case) for case in closed),
        },
        "date_intake": counts("filled" if case.intake else case.intake_missing for case in cases),
        "date_plan": counts("filled" if case.date_plan else "empty" for case in cases),
        **{name: counts(getattr(case, name) for case in cases) for name in ("one_plan", "one_coordinator", "repeated")},
    }


def _duration_class(case: Case) -> str:
    """Give the class of the days between referral and closure."""
    assert case.closed
    days = (case.closed - case.referral).days
    return next(v.code for v in vocabulary.read("duration_class").values if v.extra["low"] <= days <= v.extra["high"])


def _persons(cases: Sequence[Case], settings: Settings, children: bool) -> dict[str, Any]:
    """Count persons in cases. Children are only in the file where the source has a file of persons."""
    members = [(case, member) for case in cases for member in case.members if children or member.role != "child"]
    return {
        "n_persons": len({member.person.person_id for _, member in members}),
        "n_case_persons": len(members),
        "role": counts(member.role for _, member in members),
        "sex": counts(member.person.sex for _, member in members),
        "age_class": counts(
            age_class(m.person.birth, case.referral) if m.person.birth else m.person.birth_missing
            for case, m in members
        ),
        "unit": settings.unit,
    }


def _households(cases: Sequence[Case], numbered: bool) -> dict[str, Any]:
    types = {"household_type": counts(case.household_type for case in cases)}
    if not numbered:
        return types
    homes: dict[str, list[Case]] = {}
    for case in cases:
        homes.setdefault(case.household_id, []).append(case)
    return {
        "n_households": len(homes),
        **types,
        "overlapping_cases": sum(_overlap(a, b) for same in homes.values() for a, b in combinations(same, 2)),
    }


def _overlap(a: Case, b: Case) -> bool:
    end = dt.date.max
    return max(a.referral, b.referral) < min(a.closed or end, b.closed or end)


def _network(cases: Sequence[Case], moments: Sequence[str]) -> dict[str, Any]:
    return {
        moment: {
            "involved": counts(case.at(moment).involved for case in cases),
            "n_people": counts(n for case in cases if (n := case.at(moment).n_people) is not None),
            "reason_not": counts(case.at(moment).reason_not for case in cases if case.at(moment).involved == "no"),
        }
        for moment in moments
    }


def _organisations(lists: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"n_mentions": sum(map(len, lists)), "per_case": counts(len(names) for names in lists)}


def _by_one_name(cases: Sequence[Case]) -> dict[str, Any]:
    """Count organisations once, however they are written: cases by their number, and cases of each."""
    lists = {m: [set(case.organisations[i]) for case in cases] for i, m in enumerate(("begin", "end"))}
    return {
        m: {"n_per_case": counts(map(len, sets)), "n_cases": counts(name for names in sets for name in names)}
        for m, sets in lists.items()
    }


def _saz(cases: Sequence[Case]) -> dict[str, Any]:
    plans = [case.plan for case in cases if case.plan]
    actions = [action for case in cases for action in case.actions]
    return {
        "flow": {stage: _stage([case.stage(stage) for case in cases]) for stage in STAGES},
        "plans": {
            "n_plans": len(plans),
            "made_by": counts(plan.made_by for plan in plans),
            "professionals_present": counts(plan.professionals_present for plan in plans),
        },
        "actions": {
            "n_actions": len(actions),
            **{name: counts(getattr(action, name) for action in actions) for name in ("status", "actor", "domain")},
        },
    }


def _stage(meetings: Sequence[Meeting]) -> dict[str, Any]:
    return {
        "held": sum(meeting.held == "yes" for meeting in meetings),
        "not_held": counts(meeting.reason_not_held for meeting in meetings if meeting.held == "no"),
        "not_reached": sum(meeting.held is None for meeting in meetings),
    }


def _nbd(cases: Sequence[Case], settings: Settings) -> dict[str, Any]:
    joint = [meeting for case in cases for meeting in case.joint]
    held = [meeting for meeting in joint if meeting.held == "yes"]
    sectors = [{str(vocabulary.read("party")[party].extra["sector"]) for party in meeting.parties} for meeting in held]
    return {
        "joint_meetings": {
            "held": len(held),
            "not_held": counts(meeting.reason_not_held for meeting in joint if meeting.held == "no"),
            "cases_with_held": sum(any(meeting.held == "yes" for meeting in case.joint) for case in cases),
            "party": counts(party for meeting in held for party in meeting.parties),
            "party_sector": counts(sector for present in sectors for sector in present),
        },
        "followed": {case.label: _followed(case) for case in sorted(cases, key=lambda case: case.label) if case.label},
        "instrument_version": settings.instrument,
        "scores": _scores(cases),
    }


def _followed(case: Case) -> dict[str, Any]:
    days = sorted((m.day - case.referral).days for m in case.joint if m.held == "yes" and m.day)
    return {
        "days_to_first_joint_meeting": days[0] if days else None,
        "n_joint_meetings_early": sum(day <= EARLY_DAYS for day in days),
        "n_joint_meetings": len(days),
        "days_to_first_result": (case.first_result - case.referral).days if case.first_result else None,
        "status": case.status,
    }


def _scores(cases: Sequence[Case]) -> dict[str, Any]:
    read = [(case, score) for case in cases for score in case.scores if score.value is not None]
    values = {(case.case_id, score.moment, score.domain): score.value for case, score in read}
    change: Counter[str] = Counter()
    for (case_id, moment, domain), first in values.items():
        last = values.get((case_id, "end", domain))
        if moment == "begin" and first is not None and last is not None:
            change[f"{domain}:{'up' if last > first else 'down' if last < first else 'same'}"] += 1
    return {
        "n_cases_measured": {
            m: sum(case.measured[i] is not None for case in cases) for i, m in enumerate(("begin", "end"))
        },
        "n_scores": counts(f"{score.domain}:{score.moment}" for _, score in read),
        "levels": counts(f"{score.domain}:{score.moment}:{score.value}" for _, score in read),
        "change": dict(sorted(change.items())),
    }


def team(it: Team, files: Sequence[File]) -> dict[str, Any]:
    """Give the true answers of a team: its arena, and every judgement."""
    starts = {start for start, _ in it.edges}
    return {
        "format": FORMAT, "source": it.name, "team": it.more["team"], "study": it.more["study"],
        "arena": {
            "arena_id": it.more["arena_id"],
            "date": it.more["arena_date"].isoformat(),
            "nodes": {node: dict(spec) for node, spec in it.nodes.items()},
            "n_nodes": counts(spec["kind"] for spec in it.nodes.values()),
            "edges": [{"from": edge[0], "to": edge[1], "kind": it.edge_kind(edge)} for edge in it.edges],
            "n_edges": counts(it.edge_kind(edge) for edge in it.edges),
            "activities_without_effect": [n for n, s in it.nodes.items() if s["kind"] == "activity" and n not in starts],
            "effects_without_beneficiary": _effects_without_beneficiary(it),
            "invest_and_benefit": _invest_and_benefit(it),
            "themes": dict(it.themes),
        },
        **team_plan.answers(it),
        "judgements": [
            {"case": j.case, "perspective": j.perspective, "element": j.element, "present": j.present,
             "contribution": j.contribution}
            for j in it.judgements
        ],
        "interviews": [
            {"case": case, "perspective": perspective, "date": day}
            for case, perspective, day in dict.fromkeys((j.case, j.perspective, j.day.isoformat()) for j in it.judgements)
        ],
        "quotes": {
            "cleared": sum(j.cleared == "yes" for j in it.judgements) + team_interviews.n_quotable(it),
            "not_cleared": sum(j.cleared == "no" for j in it.judgements),
        },
        "ledger": ledger(files),
    }  # fmt: skip


def _effects_without_beneficiary(it: Team) -> list[str]:
    """Name the effects without a line of their own to a beneficiary (one through another effect does not count)."""
    benefits = {start for start, end in it.edges if it.nodes[end]["kind"] == "beneficiary"}
    return [n for n, spec in it.nodes.items() if spec["kind"] == "effect" and n not in benefits]


def _invest_and_benefit(it: Team) -> list[str]:
    labels = [{s["label"] for s in it.nodes.values() if s["kind"] == kind} for kind in ("investor", "beneficiary")]
    return sorted(labels[0] & labels[1])
