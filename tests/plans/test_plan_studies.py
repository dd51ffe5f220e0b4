"""The plans of De specialist dichterbij and of Utrecht and surroundings: every answer comes back from the messy files.

Only plan.json and the processed tables are read here, none of the analysis.
"""

from typing import Any

import pandas as pd
import pytest

from shared.plans import COMMON, OF_STUDIES, Answer, Answers, Tables, both, card, counts, leaves, pattern_of
from shared.sources import SOURCES, built, plan

OF_STUDY: dict[str, dict[str, Answer]] = {study: dict(COMMON) for study in ("sd", "hu")}


def answer(path: str, *studies: str) -> Any:
    def register(function: Answer) -> Answer:
        for study in studies:
            OF_STUDY[study][path] = function
        return function

    return register


def day(value: pd.Timestamp) -> str:
    return value.date().isoformat()


def known(values: pd.Series) -> pd.Series:
    """Missing as None, as JSON writes it."""
    return values.astype(object).where(values.notna(), None)


# ---- teams ----------------------------------------------------------------------------------------------------------


@answer("teams.*", "sd", "hu")
def _(t: Tables, team: str) -> dict[str, Any]:
    (it,) = t.teams[t.teams["team"] == team].itertuples()
    return {
        "team_type": it.team_type, "mandate": it.mandate, "composition": it.composition, "area": it.area, "start": day(it.start),
        "municipalities": list(t.team_municipalities.loc[t.team_municipalities["team"] == team, "municipality"]),
    }  # fmt: skip


def regions_on(t: Tables, moment: str) -> pd.DataFrame:
    """Memberships that hold on a day; one without a first or last day is not bounded there."""
    on, all_of = pd.Timestamp(moment), t.region_memberships
    begun = all_of["valid_from"].isna() | (all_of["valid_from"] <= on)
    return all_of[begun & (all_of["valid_to"].isna() | (on <= all_of["valid_to"]))]


@answer("regions.*.*", "sd", "hu")
def _(t: Tables, team: str, moment: str) -> list[str]:
    works_for = t.team_municipalities.loc[t.team_municipalities["team"] == team, "municipality"]
    then = regions_on(t, moment)
    return sorted(then.loc[then["municipality"].isin(works_for), "region"].unique())


@answer("region_of_voorschoten.*", "sd")
def _(t: Tables, moment: str) -> str:
    then = regions_on(t, moment)
    (region,) = then.loc[then["municipality"] == "GM0626", "region"]
    return str(region)


@answer("roles", "sd")
def _(t: Tables) -> list[dict[str, Any]]:
    columns = ["team", "party", "role", "interest"]
    return list(t.roles[columns].assign(interest=known(t.roles["interest"])).to_dict("records"))


# ---- sessions and discussions ---------------------------------------------------------------------------------------


def met(t: Tables, kind: str, session: str) -> tuple[Any, list[str]]:
    """A meeting that was held, and the parties that came."""
    (it,) = t.meetings[(t.meetings["kind"] == kind) & (t.meetings["session"] == session)].itertuples()
    assert it.held == "yes"
    assert pd.isna(it.case_id)
    return it, list(t.attendances.loc[t.attendances["meeting_id"] == it.meeting_id, "party"])


@answer("sessions.*", "sd")
def _(t: Tables, session: str) -> dict[str, Any]:
    it, parties = met(t, "learning_session", session)
    themes = t.themes[(t.themes["session"] == session) & (t.themes["kind"] == "learning_theme")]
    assert (themes["date"] == it.date).all()
    told = themes[["theme", "raised_by", "finding"]].to_dict("records")
    return {"date": day(it.date), "parties": parties, "themes": list(told)}


@answer("case_discussions.*", "sd")
def _(t: Tables, session: str) -> dict[str, Any]:
    it, parties = met(t, "case_discussion", session)
    return {"team": it.team, "date": day(it.date), "parties": parties}


@answer("observations", "sd")
def _(t: Tables) -> list[dict[str, Any]]:
    assert set(zip(t.observations["scale_low"], t.observations["scale_high"], strict=True)) == {(1, 5)}
    seen = t.observations[["meeting", "item"]].assign(value=known(t.observations["value"]))
    return list(seen.to_dict("records"))


# ---- what was judged and said ---------------------------------------------------------------------------------------


def by_researcher(t: Tables) -> pd.DataFrame:
    of_teams = t.judgements[t.judgements["perspective"] == "researcher"]
    assert of_teams["case_id"].isna().all()
    return of_teams


@answer("factors.*", "sd")
def _(t: Tables, team: str) -> dict[str, str]:
    mine = by_researcher(t)[by_researcher(t)["team"] == team]
    return dict(zip(mine["element"], mine["present"], strict=True))


@answer("n_teams_by_factor.*", "sd")
def _(t: Tables, factor: str) -> dict[str, int]:
    return counts(by_researcher(t).loc[by_researcher(t)["element"] == factor, "present"])


def raised(t: Tables) -> pd.DataFrame:
    """One row per team, party and factor, however often it was said."""
    return t.codings[t.codings["element"] != "not_applicable"].drop_duplicates(["team", "perspective", "element"])


@answer("raised.*", "sd")
def _(t: Tables, party: str) -> dict[str, int]:
    return counts(raised(t).loc[raised(t)["perspective"] == party, "element"])


@answer("n_teams_heard", "sd")
def _(t: Tables) -> dict[str, int]:
    return counts(t.codings.drop_duplicates(["team", "perspective"])["perspective"])


@answer("n_codings", "sd")
def _(t: Tables) -> dict[str, int]:
    return counts(t.codings["perspective"])


@answer("codes", "sd")
def _(t: Tables) -> dict[str, dict[str, str]]:
    assert (t.codes["parent"] == t.codes["code"].str.split("\\").str[0]).all()
    assert set(t.codings["code"]) == set(t.codes["code"])
    return {it.code: {"element": it.element, "meaning": it.meaning} for it in t.codes.itertuples()}


@answer("documents", "sd")
def _(t: Tables) -> list[dict[str, str]]:
    columns = ["document", "team", "perspective", "kind"]
    return list(t.documents[columns].assign(date=t.documents["date"].dt.strftime("%Y-%m-%d")).to_dict("records"))


# ---- Utrecht, Nieuwegein, Wijk bij Duurstede, Zeist ------------------------------------------------------------------


@answer("documents", "hu")
def _(t: Tables) -> list[dict[str, str]]:
    return list(t.documents[["municipality", "perspective", "document"]].to_dict("records"))


@answer("qualities.*.*", "hu")
def _(t: Tables, municipality: str, group: str) -> dict[str, str]:
    mine = t.qualities[(t.qualities["municipality"] == municipality) & (t.qualities["perspective"] == group)]
    return dict(zip(mine["quality"], mine["named"], strict=True))


@answer("n_municipalities_by_quality.*", "hu")
def _(t: Tables, group: str) -> dict[str, int]:
    named = t.qualities[(t.qualities["perspective"] == group) & (t.qualities["named"] == "yes")]
    return counts(named["quality"])


@answer("indicators", "hu")
def _(t: Tables) -> list[dict[str, Any]]:
    columns = ["municipality", "indicator", "year", "n_of", "meaning", "comparable"]
    assert set(t.indicators.loc[t.indicators["n_counted"].isna(), "n_counted_missing"]) == {"unknown"}
    return list(t.indicators[columns].assign(n_counted=known(t.indicators["n_counted"])).to_dict("records"))


@answer("themes", "hu")
def _(t: Tables) -> list[dict[str, Any]]:
    columns = ["municipality", "kind", "theme", "raised_by"]
    return list(t.themes[columns].assign(finding=known(t.themes["finding"])).to_dict("records"))


@answer("n_themes.*", "hu")
def _(t: Tables, municipality: str) -> dict[str, int]:
    return counts(t.themes.loc[t.themes["municipality"] == municipality, "kind"])


# ---- every answer of both plans is one test -------------------------------------------------------------------------


def answers_of(source: str) -> Answers:
    return OF_STUDY[str(card(source)["study"])]


EVERY = [
    pytest.param(source, path, id=f"{source}:{'.'.join(path)}")
    for source in OF_STUDIES
    for path in leaves(plan(source), answers_of(source))
]


@pytest.mark.parametrize(("source", "path"), EVERY)
def test_the_answer_comes_back(source: str, path: tuple[str, ...]) -> None:
    told, planned = both(source, path, answers_of(source))
    assert told == planned


def test_every_question_above_is_asked_of_a_committed_source() -> None:
    asked = {
        (card(source)["study"], pattern_of(path, answers_of(source))) for source, path in (p.values for p in EVERY)
    }
    unasked = {(study, path) for study, answers in OF_STUDY.items() for path in answers} - asked
    assert unasked == {("hu", "quotes.cleared"), ("hu", "quotes.not_cleared")}
    assert set(OF_STUDIES) <= set(SOURCES)


def test_there_are_no_cases_in_either_study() -> None:
    for source in OF_STUDIES:
        assert "cases" not in built(source).tables


# ---- the findings that the study reports are planted ----------------------------------------------------------------


def test_vision_and_interests_are_there_in_most_teams_and_monitoring_in_none() -> None:
    judged = plan("specialist-dichterbij")["n_teams_by_factor"]
    assert judged["w11_shared_vision"]["yes"] == judged["w12_interests_discussed"]["yes"] == 4
    assert "yes" not in judged["w18_monitoring"]


def test_parents_and_municipalities_raise_other_factors() -> None:
    raised_by = plan("specialist-dichterbij")["raised"]
    assert {"w05_self_direction", "w14_information_privacy", "w17_continuity"} <= set(raised_by["parent"])
    assert {"w11_shared_vision", "w18_monitoring"} <= set(raised_by["municipality"])
    assert not set(raised_by["parent"]) & set(raised_by["municipality"])


def test_youngsters_were_heard_in_three_of_the_five_teams() -> None:
    assert plan("specialist-dichterbij")["n_teams_heard"]["youngster"] == 3


def test_one_municipality_counts_one_indicator_in_its_own_way() -> None:
    unlike = {
        (x["municipality"], x["indicator"]) for x in plan("hu-wijkteams")["indicators"] if x["comparable"] == "no"
    }
    assert unlike == {("GM0355", "specialist_help")}


def test_not_every_municipality_has_every_kind_of_theme() -> None:
    kinds = plan("hu-wijkteams")["n_themes"]
    assert len(kinds) == 4
    assert all("starting_point" in of for of in kinds.values())
    assert sum(len(of) == 5 for of in kinds.values()) == 1
