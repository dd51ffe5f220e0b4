"""Whoever reads the messy files well finds exactly the answers that were written down before the mess was made.

Only plan.json and the processed tables are read here, none of the analysis.
"""

import itertools
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from shared.plans import COMMON, OF_INTERVIEWS, OF_STUDIES, OF_TEAMS, Answer, Tables, both, counts, leaves, pattern_of
from shared.sources import SOURCES, plan

ANSWERS: dict[str, Answer] = dict(COMMON)  # path in plan.json, "*" for any name -> what the tables say

# Bounds in days as the labels of vocabulary/duration_class.toml say: 13, 26 and 52 weeks, two years.
DURATIONS = {"m0_3": (0, 90), "m3_6": (91, 182), "m6_12": (183, 364), "y1_2": (365, 729), "y2_plus": (730, 10**6)}
STAGES = ("introduction", "first_dialogue", "closing_dialogue")


def answer(*paths: str) -> Callable[[Answer], Answer]:
    def register(function: Answer) -> Answer:
        ANSWERS.update(dict.fromkeys(paths, function))
        return function

    return register


def on_record(table: pd.DataFrame, moment: str) -> pd.DataFrame:
    return table[table["moment"] == moment]


# ---- what the source is ---------------------------------------------------------------------------------------------


@answer("municipality")
def _(t: Tables) -> str:
    (code,) = t.cases["municipality"].unique()
    return str(code)


@answer("team")
def _(t: Tables) -> str:
    (team,) = {*t.judgements["team"], *t.arena_nodes["team"], *t.arena_edges["team"]}
    return str(team)


@answer("case_is", "persons.unit")
def _(t: Tables) -> str:
    """A case of one adult is a person; one with a partner in it is a household."""
    return "household" if (t.case_persons["role"] == "partner").any() else "person"


@answer("extraction_date")
def _(t: Tables) -> str:
    return str(t.sources["extraction_date"].max())


# ---- cases ----------------------------------------------------------------------------------------------------------


@answer("n_cases")
def _(t: Tables) -> int:
    assert t.cases["case_id"].is_unique
    return len(t.cases)


@answer("status")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["status"])


@answer("door")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["door"])


@answer("one_plan")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["one_plan"])


@answer("one_coordinator")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["one_coordinator"])


@answer("repeated")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["repeated"])


@answer("referrals_per_month")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["date_referral"].dt.strftime("%Y-%m"))


@answer("referrer_role")
def _(t: Tables) -> dict[str, int]:
    return counts(t.referrals["referrer_role"])


@answer("domains")
def _(t: Tables) -> dict[str, int]:
    return counts(t.case_domains.drop_duplicates(["case_id", "domain"])["domain"])


@answer("domain_pairs")
def _(t: Tables) -> dict[str, int]:
    per_case = t.case_domains.groupby("case_id")["domain"].agg(lambda found: sorted(set(found)))
    return counts(pd.Series(["+".join(pair) for case in per_case for pair in itertools.combinations(case, 2)]))


@answer("closure_reason")
def _(t: Tables) -> dict[str, int]:
    return counts(t.closed["closure_reason"])


@answer("closures_per_year")
def _(t: Tables) -> dict[str, int]:
    return counts(t.closed["date_closed"].dt.year)


@answer("duration.n_closed")
def _(t: Tables) -> int:
    return len(t.closed)


@answer("duration.n_censored")
def _(t: Tables) -> int:
    return len(t.opened)


@answer("duration.days_closed")
def _(t: Tables) -> int:
    return int((t.closed["date_closed"] - t.closed["date_referral"]).dt.days.sum())


@answer("duration.days_censored")
def _(t: Tables) -> int:
    return int((t.opened["extraction_date"] - t.opened["date_referral"]).dt.days.sum())


@answer("duration.classes_closed")
def _(t: Tables) -> dict[str, int]:
    days = (t.closed["date_closed"] - t.closed["date_referral"]).dt.days
    found = {name: int(days.between(low, high).sum()) for name, (low, high) in DURATIONS.items()}
    return {name: n for name, n in found.items() if n}


@answer("date_intake")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["date_intake_missing"].fillna("filled"))


@answer("date_plan")
def _(t: Tables) -> dict[str, int]:
    return counts(t.cases["date_plan_missing"].fillna("filled"))


# ---- people and households ------------------------------------------------------------------------------------------


@answer("persons.n_persons")
def _(t: Tables) -> int:
    return int(t.case_persons["person_id"].nunique())


@answer("persons.n_case_persons")
def _(t: Tables) -> int:
    return len(t.case_persons)


@answer("persons.role")
def _(t: Tables) -> dict[str, int]:
    return counts(t.case_persons["role"])


@answer("persons.sex")
def _(t: Tables) -> dict[str, int]:
    return counts(t.case_persons["sex"])


@answer("persons.age_class")
def _(t: Tables) -> dict[str, int]:
    return counts(t.case_persons["age_class"])


@answer("households.n_households")
def _(t: Tables) -> int:
    return int(t.households["household_id"].nunique())


@answer("households.household_type")
def _(t: Tables) -> dict[str, int]:
    return counts(t.households["household_type"])


@answer("households.overlapping_cases")
def _(t: Tables) -> int:
    cases = t.cases.merge(t.households[["case_id", "household_id"]], on="case_id")
    ends = cases["date_closed"].fillna(pd.Timestamp("2099-12-31").as_unit("us"))
    homes = cases.assign(end=ends)[["date_referral", "end", "household_id"]].groupby("household_id")
    return sum(
        max(a.date_referral, b.date_referral) < min(a.end, b.end)
        for _, home in homes
        for a, b in itertools.combinations(home.itertuples(), 2)
    )


@answer("network.*.involved")
def _(t: Tables, moment: str) -> dict[str, int]:
    return counts(on_record(t.case_network, moment)["involved"])


@answer("network.*.n_people")
def _(t: Tables, moment: str) -> dict[str, int]:
    return counts(on_record(t.case_network, moment)["n_people"].dropna())


@answer("network.*.reason_not")
def _(t: Tables, moment: str) -> dict[str, int]:
    network = on_record(t.case_network, moment)
    return counts(network.loc[network["involved"] == "no", "reason_not"])


@answer("organisations.*.n_mentions")
def _(t: Tables, moment: str) -> int:
    return len(on_record(t.case_organisations, moment))


@answer("organisations.*.per_case")
def _(t: Tables, moment: str) -> dict[str, int]:
    per_case = on_record(t.case_organisations, moment).groupby("case_id").size()
    return counts(per_case.reindex(t.cases["case_id"], fill_value=0))


# ---- Samen aan zet --------------------------------------------------------------------------------------------------


@answer("flow.*.held")
def _(t: Tables, stage: str) -> int:
    return int(((t.meetings["kind"] == stage) & (t.meetings["held"] == "yes")).sum())


@answer("flow.*.not_held")
def _(t: Tables, stage: str) -> dict[str, int]:
    return counts(t.meetings.loc[(t.meetings["kind"] == stage) & (t.meetings["held"] == "no"), "reason_not_held"])


@answer("flow.*.not_reached")
def _(t: Tables, stage: str) -> int:
    told = t.meetings[(t.meetings["kind"] == stage) & t.meetings["held"].isin(["yes", "no"])]
    return len(t.cases) - int(told["case_id"].nunique())


@answer("plans.n_plans")
def _(t: Tables) -> int:
    return len(t.plans)


@answer("plans.made_by", "plans.professionals_present")
def _(t: Tables, *, key: str) -> dict[str, int]:
    return counts(t.plans[key])


@answer("actions.n_actions")
def _(t: Tables) -> int:
    assert t.actions["action_id"].is_unique
    return len(t.actions)


@answer("actions.status", "actions.actor", "actions.domain")
def _(t: Tables, *, key: str) -> dict[str, int]:
    return counts(t.actions[key])


# ---- Nijmegen, Beuningen, Druten ------------------------------------------------------------------------------------


@answer("joint_meetings.held")
def _(t: Tables) -> int:
    return int((t.joint["held"] == "yes").sum())


@answer("joint_meetings.not_held")
def _(t: Tables) -> dict[str, int]:
    return counts(t.joint.loc[t.joint["held"] == "no", "reason_not_held"])


@answer("joint_meetings.cases_with_held")
def _(t: Tables) -> int:
    return int(t.joint.loc[t.joint["held"] == "yes", "case_id"].nunique())


@answer("joint_meetings.party")
def _(t: Tables) -> dict[str, int]:
    held = t.joint.loc[t.joint["held"] == "yes", "meeting_id"]
    return counts(t.attendances.loc[t.attendances["meeting_id"].isin(held), "party"])


@answer("joint_meetings.party_sector")
def _(t: Tables) -> dict[str, int]:
    held = t.joint.loc[t.joint["held"] == "yes", "meeting_id"]
    came = t.attendances[t.attendances["meeting_id"].isin(held)]
    return counts(came.drop_duplicates(["meeting_id", "sector"])["sector"])


@answer("followed.*")
def _(t: Tables, label: str) -> dict[str, Any]:
    (case,) = t.cases[t.cases["case_label"] == label].itertuples()
    held = t.joint[(t.joint["case_id"] == case.case_id) & (t.joint["held"] == "yes")]
    days = sorted((held["date"] - case.date_referral).dt.days)
    result = case.date_first_result
    return {
        "days_to_first_joint_meeting": days[0] if days else None,
        "n_joint_meetings_early": sum(day <= 90 for day in days),
        "n_joint_meetings": len(days),
        "days_to_first_result": None if pd.isna(result) else (result - case.date_referral).days,
        "status": case.status,
    }


@answer("instrument_version")
def _(t: Tables) -> str:
    (version,) = {*t.scores["instrument_version"], *t.measurements["instrument_version"]}
    return str(version)


@answer("scores.n_cases_measured")
def _(t: Tables) -> dict[str, int]:
    return counts(t.measurements.loc[t.measurements["date"].notna(), "moment"])


@answer("scores.n_scores")
def _(t: Tables) -> dict[str, int]:
    known = t.scores[t.scores["score"].notna()]
    return counts(known["domain"] + ":" + known["moment"])


@answer("scores.levels")
def _(t: Tables) -> dict[str, int]:
    known = t.scores[t.scores["score"].notna()]
    return counts(known["domain"] + ":" + known["moment"] + ":" + known["score"].astype("str"))


@answer("scores.change")
def _(t: Tables) -> dict[str, int]:
    both = t.scores.pivot_table(index=["case_id", "domain"], columns="moment", values="score").dropna().reset_index()
    step = (both["end"] - both["begin"]).map(lambda n: "up" if n > 0 else "down" if n < 0 else "same")
    return counts(both["domain"] + ":" + step)


# ---- case studies ---------------------------------------------------------------------------------------------------


@answer("arena.arena_id")
def _(t: Tables) -> str:
    (arena,) = {*t.arenas["arena_id"], *t.arena_nodes["arena_id"], *t.arena_edges["arena_id"]}
    return str(arena)


@answer("arena.date")
def _(t: Tables) -> str:
    (day,) = t.arenas["date"]
    return str(day.date().isoformat())


@answer("arena.nodes.*")
def _(t: Tables, node: str) -> dict[str, Any]:
    mine = t.arena_nodes[t.arena_nodes["node_id"] == node]
    (spec,) = mine[["kind", "level", "label"]].drop_duplicates().to_dict("records")
    level = {"level": spec["level"]} if spec["kind"] == "effect" else {}
    return {"kind": spec["kind"], **level, "label": spec["label"], "placed_by": sorted(mine["placed_by"])}


@answer("arena.n_nodes")
def _(t: Tables) -> dict[str, int]:
    return counts(t.arena_nodes.drop_duplicates("node_id")["kind"])


@answer("arena.edges")
def _(t: Tables) -> list[dict[str, str]]:
    lines = t.arena_edges.rename(columns={"from_id": "from", "to_id": "to"})[["from", "to", "kind"]]
    return list(lines.to_dict("records"))


@answer("arena.n_edges")
def _(t: Tables) -> dict[str, int]:
    return counts(t.arena_edges["kind"])


@answer("arena.activities_without_effect")
def _(t: Tables) -> list[str]:
    activities = t.arena_nodes.loc[t.arena_nodes["kind"] == "activity", "node_id"]
    return sorted(set(activities) - set(t.arena_edges.loc[t.arena_edges["kind"] == "leads_to", "from_id"]))


@answer("arena.effects_without_beneficiary")
def _(t: Tables) -> list[str]:
    effects = t.arena_nodes.loc[t.arena_nodes["kind"] == "effect", "node_id"]
    return sorted(set(effects) - set(t.arena_edges.loc[t.arena_edges["kind"] == "benefits", "from_id"]))


@answer("arena.invest_and_benefit")
def _(t: Tables) -> list[str]:
    labels = [set(t.arena_nodes.loc[t.arena_nodes["kind"] == kind, "label"]) for kind in ("investor", "beneficiary")]
    return sorted(set.intersection(*labels))


@answer("judgements")
def _(t: Tables) -> list[dict[str, str]]:
    columns = {"case_id": "case", "perspective": "perspective", "element": "element", "present": "present",
               "contribution": "contribution"}  # fmt: skip
    return list(t.judgements[list(columns)].rename(columns=columns).to_dict("records"))


@answer("interviews")
def _(t: Tables) -> list[dict[str, str]]:
    held = t.documents.rename(columns={"case_id": "case"}).assign(date=t.documents["date"].dt.strftime("%Y-%m-%d"))
    return list(held[["case", "perspective", "date"]].to_dict("records"))


# ---- the account of every row ---------------------------------------------------------------------------------------


# ---- every answer of every plan is one test -------------------------------------------------------------------------


EVERY = [
    pytest.param(source, path, id=f"{source}:{'.'.join(path)}")
    for source in SOURCES
    if source not in (*OF_STUDIES, *OF_INTERVIEWS)
    for path in leaves(plan(source), [*ANSWERS, *OF_TEAMS])
    if pattern_of(path, OF_TEAMS) is None  # these are asked there
]


@pytest.mark.parametrize(("source", "path"), EVERY)
def test_the_answer_comes_back(source: str, path: tuple[str, ...]) -> None:
    pattern = str(pattern_of(path, ANSWERS))
    keyword = {"key": path[-1]} if pattern.startswith(("plans.", "actions.")) and ".n_" not in pattern else {}
    told, planned = both(source, path, ANSWERS, **keyword)
    assert told == planned


def test_every_committed_source_has_a_plan_and_every_question_above_is_asked() -> None:
    asked = {pattern_of(path.values[1], ANSWERS) for path in EVERY}
    assert set(ANSWERS) - asked == set()
    assert len(SOURCES) >= 7
