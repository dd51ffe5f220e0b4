"""The two teams and Harderwijk's list of organisations: what was planted comes back from the messy files.

Only plan.json and the processed tables are read here, none of the analysis.
"""

from collections.abc import Callable
from typing import Any

import pytest

from iww_analysis.privacy.text.shapes import identifiers_in
from shared.plans import OF_TEAMS, Answer, Tables, both, counts, records
from shared.sources import built, plan

NOORD, ZUID = "wijkteam-noord", "wijkteam-zuid"
TEAMS = (NOORD, ZUID)

ANSWERS: dict[str, Answer] = {}  # path in plan.json -> what the tables say


def answer(path: str) -> Callable[[Answer], Answer]:
    def register(function: Answer) -> Answer:
        ANSWERS[path] = function
        return function

    return register


# ---- the arena, tested ----------------------------------------------------------------------------------------------


@answer("arena.themes")
def _(t: Tables) -> dict[str, str]:
    effects = t.arena_nodes[t.arena_nodes["kind"] == "effect"].drop_duplicates(["node_id", "shared"])
    assert effects["node_id"].is_unique  # every party that placed an effect placed it under one theme
    return dict(zip(effects["node_id"], effects["shared"], strict=True))


@answer("evidence")
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.arena_evidence, node="node_id", case="case_id", voice="voice", status="status")


@answer("outcomes")
def _(t: Tables) -> list[dict[str, Any]]:
    names = ("level", "outcome", "direction", "according_to")
    return records(t.outcomes, case="case_id", day="date", **{name: name for name in names})


@answer("learning_needs")
def _(t: Tables) -> list[dict[str, Any]]:
    needs = t.learning_needs.assign(element=lambda n: n["element"].where(n["element"] != "empty"))
    return records(needs, priority="priority", need="need", finding="finding", element="element")


@answer("sessions")
def _(t: Tables) -> list[dict[str, Any]]:
    assert t.meetings["held"].eq("yes").all()
    assert t.meetings["case_id"].isna().all()
    came = t.attendances.groupby("meeting_id")["party"].agg(sorted)
    sessions = t.meetings.assign(parties=t.meetings["meeting_id"].map(came))
    return [
        {"kind": s.kind, "day": s.date.date().isoformat(), "parties": s.parties}
        for s in sessions.itertuples(index=False)
    ]


# ---- coded interviews -----------------------------------------------------------------------------------------------


@answer("documents")
def _(t: Tables) -> list[dict[str, Any]]:
    assert set(t.documents["kind"]) == {"interview"}
    assert set(t.documents["consent"]) == {"yes"}
    n = t.codings.drop_duplicates(["document", "begin", "end"]).groupby("document").size()
    documents = t.documents.assign(n=t.documents["document"].map(n))
    return records(documents, document="document", case="case_id", day="date", n_segments="n")


@answer("codes")
def _(t: Tables) -> dict[str, str]:
    return dict(zip(t.codes["code"], t.codes["element"], strict=True))


@answer("codings")
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.codings, **{name: name for name in ("document", "begin", "end", "code", "element")})


# ---- organisations under one name -----------------------------------------------------------------------------------


@answer("organisations_by_one_name")
def _(t: Tables) -> dict[str, Any]:
    once = t.case_organisations.drop_duplicates(["case_id", "moment", "canonical"])
    per_case = once.groupby(["moment", "case_id"]).size()
    every = t.cases["case_id"]
    return {
        moment: {
            "n_per_case": counts(per_case[moment].reindex(every, fill_value=0)),
            "n_cases": counts(once.loc[once["moment"] == moment, "canonical"]),
        }
        for moment in ("begin", "end")
    }


# ---- every answer ---------------------------------------------------------------------------------------------------

OF_EVERY_TEAM = ("arena.themes", "evidence", "outcomes", "learning_needs", "sessions")
ASKED = [
    *((team, path) for team in TEAMS for path in OF_EVERY_TEAM),
    *((NOORD, path) for path in ("documents", "codes", "codings")),
    ("harderwijk", "organisations_by_one_name"),
]


@pytest.mark.parametrize(("source", "path"), ASKED, ids=":".join)
def test_the_answer_comes_back(source: str, path: str) -> None:
    told, planned = both(source, tuple(path.split(".")), ANSWERS)
    assert told == planned


def test_every_question_above_is_asked() -> None:
    assert {path for _, path in ASKED} == set(ANSWERS) == set(OF_TEAMS)


# ---- what the sources were made to show -------------------------------------------------------------------------------


@pytest.mark.parametrize("team", TEAMS)
def test_every_effect_is_tested_in_every_case_by_three_voices(team: str) -> None:
    effects = [node for node, spec in plan(team)["arena"]["nodes"].items() if spec["kind"] == "effect"]
    evidence = built(team).tables["arena_evidence"]
    assert len(evidence) == len(effects) * 4 * 3 == 84
    assert set(evidence["status"]) == {"expected", "observed", "contradicted", "not_discussed"}


@pytest.mark.parametrize(("team", "silent"), [(NOORD, "E5"), (ZUID, "E6")])
def test_one_effect_nobody_discusses_and_one_is_contested(team: str, silent: str) -> None:
    evidence = built(team).tables["arena_evidence"]
    said = evidence.groupby("node_id")["status"].agg(set)
    assert [node for node, found in said.items() if found == {"not_discussed"}] == [silent]
    voices = evidence.pivot_table(index=["node_id", "case_id"], columns="voice", values="status", aggfunc="first")
    contested = voices[(voices["professional"] == "observed") & (voices["client"] == "contradicted")]
    assert "E1" in contested.index.get_level_values("node_id")


def test_some_effects_are_shared_by_both_arenas_and_some_are_not() -> None:
    noord, zuid = ({*plan(team)["arena"]["themes"].values()} for team in TEAMS)
    assert noord & zuid == {"less_debt", "stronger_network", "better_cooperation"}
    assert noord - zuid == {"less_stress", "better_neighbourhood", "less_specialist_help"}
    assert zuid - noord == {"self_direction", "work_participation", "keeping_home", "other_theme"}


@pytest.mark.parametrize("team", TEAMS)
def test_only_effects_have_a_theme(team: str) -> None:
    nodes = built(team).tables["arena_nodes"]
    assert set(nodes.loc[nodes["kind"] != "effect", "shared"]) <= {"empty", "not_recorded"}


def test_cases_with_the_same_elements_do_not_all_end_the_same() -> None:
    """Coordinator, trust and joint meeting, as the professional tells it, beside the outcome of the case."""
    rows: dict[tuple[str, ...], set[bool]] = {}
    for team in TEAMS:
        t = built(team).tables
        mine = t["judgements"][t["judgements"]["perspective"] == "professional"]
        elements = mine.pivot_table(index="case_id", columns="element", values="present", aggfunc="first")
        said = t["outcomes"][(t["outcomes"]["level"] == "case") & (t["outcomes"]["according_to"] == "professional")]
        for case, direction in zip(said["case_id"], said["direction"], strict=True):
            row = elements.loc[case, ["w02_one_coordinator", "w03_trust", "w07_joint_client_meeting"]]
            if "not_discussed" not in set(row):
                rows.setdefault(tuple(row == "yes"), set()).add(direction == "better")
    assert rows == {
        (True, True, True): {True, False},  # three got better; in Z3 all was there and the house was lost
        (True, True, False): {False},
        (False, True, False): {False},
    }


def test_same_name_of_a_code_is_another_code_elsewhere_in_the_tree() -> None:
    t = built(NOORD).tables
    elements = t["codes"].set_index("code")["element"]
    assert elements["Werkzame elementen/Privacy"] == "w14_information_privacy"
    assert elements["Belemmeringen/Privacy"] == "b05_privacy"
    assert (t["codings"]["element"] == "not_applicable").any()


def test_a_fragment_that_nobody_cleared_is_not_kept_and_one_with_an_address_without_it() -> None:
    segments = built(NOORD).tables["segments"]
    coded = segments[segments["source_id"].str.contains("qdpx")]
    kept = coded[coded["quote"].notna()]
    assert set(kept["cleared"]) == {"yes"}
    assert len(coded[coded["cleared"] == "yes"]) == len(kept)
    assert kept["quote"].str.contains("[…]", regex=False).sum() == 1
    assert not kept["quote"].map(identifiers_in).map(bool).any()
    assert kept["quote"].str.contains("🪟").any()


def test_many_spellings_are_few_organisations() -> None:
    t = built("harderwijk").tables
    assert t["organisations"]["organisation"].nunique() == 9
    assert t["case_organisations"]["canonical"].nunique() == 9 < t["case_organisations"]["organisation"].nunique()
    assert set(t["organisations"]["sector"]) == {"care_welfare", "mental_health", "housing", "work_income", "youth"}
