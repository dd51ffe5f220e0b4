"""The plans of the interviews in Nijmegen and surroundings and of Samen aan zet: every answer comes back from the files.

Only plan.json and the processed tables are read here, none of the analysis.
"""

from typing import Any

import pytest

from shared.plans import COMMON, OF_INTERVIEWS, Answer, Tables, both, counts, leaves, pattern_of, records
from shared.sources import SOURCES, built, plan

NBD, SAZ = OF_INTERVIEWS
OF_SOURCE: dict[str, dict[str, Answer]] = {
    source: {path: COMMON[path] for path in ("format", "source", "study", "ledger.*")} for source in OF_INTERVIEWS
}
PLACED = {"municipality": "municipality", "case": "case_id"}
SAID = ("level", "outcome", "direction", "according_to", "relevant_for", "date")


def answer(path: str, *sources: str) -> Any:
    def register(function: Answer) -> Answer:
        for source in sources or OF_INTERVIEWS:
            OF_SOURCE[source][path] = function
        return function

    return register


# ---- both -----------------------------------------------------------------------------------------------------------


@answer("municipality")
def _(t: Tables) -> list[str]:
    assert t.judgements["municipality_raw"].notna().all()  # every row says which
    return sorted(t.judgements["municipality"].unique())


@answer("quotes.cleared")
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.segments[t.segments["quote"].notna()], "perspective", "element", "quote", case="case_id")


@answer("quotes.not_cleared")
def _(t: Tables) -> dict[str, int]:
    kept_back = t.segments[t.segments["cleared"] != "yes"]
    assert kept_back["quote"].isna().all()
    return counts(kept_back["element"])


@answer("themes")
def _(t: Tables) -> list[dict[str, Any]]:
    assert set(t.themes["kind"]) == {"work_process"}
    return records(t.themes, "date", "theme", "finding", "raised_by", **PLACED)


@answer("outcomes")
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.outcomes, *SAID, **PLACED)


def met(t: Tables, **about: str) -> list[dict[str, Any]]:
    """Every meeting with the parties that came."""
    came = t.attendances.groupby("meeting_id")["party"].agg(list).to_dict()
    held = records(t.meetings, "meeting_id", "kind", "date", "held", "reason_not_held", **about)
    return [{"parties": came.get(each.pop("meeting_id"), []), **each} for each in held]


# ---- Nijmegen, Beuningen, Druten ------------------------------------------------------------------------------------


@answer("documents", NBD)
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.documents, "document", "perspective", "kind", "date", "consent", **PLACED)


@answer("codes", NBD)
def _(t: Tables) -> dict[str, str]:
    below = t.codes[t.codes["parent"].notna()]
    assert set(below["parent"]) == set(t.codes["code"]) - set(below["code"])
    return dict(zip(below["code"], below["element"], strict=True))


@answer("codings", NBD)
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.codings, "document", "begin", "end", "code")


@answer("judgements", NBD)
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.judgements, "perspective", "element", "present", **PLACED)


@answer("observations", NBD)
def _(t: Tables) -> list[dict[str, Any]]:
    assert set(zip(t.observations["scale_low"], t.observations["scale_high"], strict=True)) == {(1, 5)}
    return records(t.observations, "meeting", "date", "form", "observer", "item", "value", **PLACED)


@answer("goals", NBD)
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.goals, "goal", "domain", "gas_variant", "achieved", case="case_id")


@answer("sessions", NBD)
def _(t: Tables) -> list[dict[str, Any]]:
    assert t.meetings["case_id"].isna().all()
    return met(t, session="session")


# ---- Samen aan zet --------------------------------------------------------------------------------------------------


@answer("judgements", SAZ)
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.judgements, "perspective", "element", "holder", "moment", "present", "contribution", **PLACED)


@answer("interviews", SAZ)
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.documents, "perspective", "date", **PLACED)


@answer("meetings", SAZ)
def _(t: Tables) -> list[dict[str, Any]]:
    return met(t, case="case_id")


@answer("actions", SAZ)
def _(t: Tables) -> list[dict[str, Any]]:
    return records(t.actions, "action_id", "date", "actor", "domain", "action", "status", case="case_id")


# ---- every answer of both plans is one test -------------------------------------------------------------------------

EVERY = [
    pytest.param(source, path, id=f"{source}:{'.'.join(path)}")
    for source in OF_INTERVIEWS
    for path in leaves(plan(source), OF_SOURCE[source])
]


@pytest.mark.parametrize(("source", "path"), EVERY)
def test_the_answer_comes_back(source: str, path: tuple[str, ...]) -> None:
    told, planned = both(source, path, OF_SOURCE[source])
    assert told == planned


def test_every_question_above_is_asked_of_a_committed_source() -> None:
    asked = {(source, pattern_of(path, OF_SOURCE[source])) for source, path in (p.values for p in EVERY)}
    assert asked == {(source, path) for source, answers in OF_SOURCE.items() for path in answers}
    assert set(OF_INTERVIEWS) <= set(SOURCES)


def test_neither_source_registers_cases() -> None:
    for source in OF_INTERVIEWS:
        assert not {"cases", "referrals", "case_domains"} & set(built(source).tables)


# ---- what the studies report is planted -----------------------------------------------------------------------------


def test_the_labels_of_the_interviews_are_those_of_the_registers() -> None:
    followed = {label for source in ("nijmegen", "beuningen", "druten") for label in plan(source)["followed"]}
    assert len({each["case"] for each in plan(NBD)["documents"] if each["document"]} - {None}) == 9
    assert {each["case"] for each in plan(NBD)["judgements"]} < followed
    assert {each["case"] for name in ("goals", "themes", "outcomes") for each in plan(NBD)[name]} < followed


def test_client_and_professional_have_a_cleared_quote_on_the_joint_meeting_in_most_cases() -> None:
    said = {
        (q["case"], q["perspective"])
        for q in plan(NBD)["quotes"]["cleared"]
        if q["element"] == "w07_joint_client_meeting"
    }
    both = {case for case, _ in said if {(case, "client"), (case, "professional")} <= said}
    assert both == {"N1", "N2", "B1", "B3", "D1", "D2"}


BEFORE = """Interviewer: Fijn dat u er bent, mevrouw Verzonnen ☕😊. Hoe begon het voor u?
Cliënt: Met een stapel enveloppen, denk ik. Op de Bedachtestraat lag alles in een la en ik deed die la niet meer open. """
CODED = "Ik schaamde me zó dat ik de deur niet opendeed als er iemand belde."


def test_an_emoji_and_a_line_end_before_a_fragment_count_twice_and_do_not_shift_its_words() -> None:
    begin = len(BEFORE) + 1 + 1  # the smile is two UTF-16 units, the line end two signs; the cup is one unit
    codings = built(NBD).tables["codings"]
    shame = codings[(codings["document"] == "Interview N1 cliënt") & (codings["element"] == "b01_shame")]
    assert list(zip(shame["begin"], shame["end"], strict=True)) == [(begin, begin + len(CODED))]


def test_names_in_the_texts_reach_no_table() -> None:
    for name, table in built(NBD).tables.items():
        text = "\n".join(str(value) for column in table for value in table[column].dropna().unique())
        for secret in ("Verzonnen", "Bedachtestraat", "Fictief", "Coenraad", "Nilgün", "Quinten", "Schijnbaar"):
            assert secret not in text, name


def test_less_fragmentation_is_experienced_at_the_end() -> None:
    def experienced(moment: str) -> int:
        return sum(j["present"] in ("yes", "partly") for j in plan(SAZ)["judgements"] if j["moment"] == moment)

    assert (experienced("begin"), experienced("end")) == (18, 8)


def test_shame_lies_with_the_client_and_the_view_of_the_network_with_the_professional() -> None:
    barriers = [j for j in plan(SAZ)["judgements"] if j["element"] in ("b01_shame", "b02_network_view")]
    assert {(j["element"], j["holder"]) for j in barriers} == {
        ("b01_shame", "client"),
        ("b02_network_view", "professional"),
    }
    assert {j["perspective"] for j in barriers} == {"client", "professional", "relative"}


def test_outcomes_are_named_on_four_levels() -> None:
    assert {each["level"] for each in plan(SAZ)["outcomes"]} == {"case", "individual", "team", "municipality"}
