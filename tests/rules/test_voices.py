"""Who says what: counts of voices, teams and cases, drawn as small tables; and several arenas laid over one another."""

from dataclasses import replace

import pandas as pd
import pytest

from iww_analysis import figures
from iww_analysis.analysis.questions import arenas, perspectives, voices
from iww_analysis.analysis.study import Study
from iww_analysis.figures.shapes import grid
from shared.frames import counts, study_of
from shared.pictures import picture, texts_in

# ---- F11 and F21: the arena and what the cases show of it -------------------------------------------------------------

NODES = """
source|team |arena_id|node_id|kind       |label  |shared     |placed_by
n     |North|N       |A1     |activity   |Intake |           |client
n     |North|N       |A2     |activity   |Walk-in|           |client
n     |North|N       |A3     |activity   |Letters|           |client
n     |North|N       |E1     |effect     |Calm   |less_stress|client
n     |North|N       |E1     |effect     |Calm   |less_stress|partner
n     |North|N       |E2     |effect     |Debts  |less_debt  |client
n     |North|N       |E3     |effect     |Fun    |other_theme|client
n     |North|N       |B1     |beneficiary|Family |           |client
z     |South|Z       |E1     |effect     |Rest   |less_stress|client
z     |South|Z       |E9     |effect     |Costs  |lower_costs|client
"""
EDGES = """
source|team |arena_id|from_id|to_id
n     |North|N       |A1     |E2
n     |North|N       |A3     |B1
n     |North|N       |E2     |E1
n     |North|N       |E1     |B1
"""
EVIDENCE = """
source|team |arena_id|node_id|case_id|voice       |status
n     |North|N       |E1     |1      |client      |observed
n     |North|N       |E1     |1      |professional|contradicted
n     |North|N       |E1     |2      |client      |not_discussed
n     |North|N       |E3     |1      |client      |contradicted
n     |North|N       |E3     |2      |client      |expected
z     |South|Z       |E1     |1      |client      |observed
z     |South|Z       |E1     |2      |client      |contradicted
"""


def with_arenas() -> Study:
    return study_of(arena_nodes=NODES, arena_edges=EDGES, arena_evidence=EVIDENCE)


def test_a_voice_is_one_perspective_in_one_case() -> None:
    finding = voices.effects(with_arenas())
    assert counts(finding, "evidence", "n_voices") == {
        ("N", "E1", "observed"): 1, ("N", "E1", "contradicted"): 1, ("N", "E1", "not_discussed"): 1,
        ("N", "E3", "contradicted"): 1, ("N", "E3", "expected"): 1,
        ("Z", "E1", "observed"): 1, ("Z", "E1", "contradicted"): 1}  # fmt: skip
    assert finding.part("evidence").totals.set_index("arena")["n_voices"].to_dict() == {"N": 3, "Z": 2}


def test_an_effect_that_nobody_looked_for_still_stands_in_its_arena() -> None:
    finding = voices.effects(with_arenas())
    assert set(counts(finding, "effects", "n_items")) == {
        ("N", "E1"),
        ("N", "E2"),
        ("N", "E3"),
        ("Z", "E1"),
        ("Z", "E9"),
    }
    assert ("N", "E2") not in {key[:2] for key in counts(finding, "evidence", "n_voices")}


def test_effects_of_several_arenas_are_one_where_they_share_a_theme() -> None:
    finding = voices.confrontation(with_arenas())
    assert counts(finding, "claimed", "n_items")["less_stress", "arena"] == 2
    # case 1 of North, and cases 1 and 2 of South; in case 2 of North the client did not discuss it
    assert counts(finding, "looked_for") == {("less_stress", "client"): 3, ("less_stress", "professional"): 1}
    assert counts(finding, "told") == {
        ("less_stress", "client", "observed"): 2, ("less_stress", "client", "contradicted"): 1,
        ("less_stress", "professional", "contradicted"): 1}  # fmt: skip


def test_an_effect_of_another_theme_stands_for_itself() -> None:
    finding = voices.confrontation(with_arenas())
    assert counts(finding, "claimed_alone", "n_items") == {("E3", "N", "arena"): 1}
    assert counts(finding, "looked_for_alone") == {("E3", "N", "client"): 2}  # still expected is discussed
    assert counts(finding, "told_alone") == {("E3", "N", "client", "contradicted"): 1}


# ---- several arenas laid over one another -----------------------------------------------------------------------------


def test_a_theme_says_which_arenas_expect_it_and_by_which_effects() -> None:
    themes = arenas.merged(with_arenas()).themes.set_index("theme")
    assert themes["arenas"].to_dict() == {"less_debt": "N", "less_stress": "N, Z", "lower_costs": "Z"}
    assert themes.loc["less_stress", ["n_arenas", "items"]].tolist() == [2, "N E1, Z E1"]


def test_an_effect_is_contested_when_a_voice_contradicted_it() -> None:
    contested = arenas.merged(with_arenas()).contested.set_index(["arena", "node"])
    assert contested["contradicted_by"].to_dict() == {
        ("N", "E1"): "professional",
        ("N", "E3"): "client",
        ("Z", "E1"): "client",
    }
    assert contested["observed_by"].to_dict() == {("N", "E1"): "client", ("N", "E3"): "", ("Z", "E1"): "client"}


def test_an_activity_without_a_line_to_an_effect_is_an_orphan() -> None:
    assert arenas.merged(with_arenas()).orphans["node"].tolist() == [
        "A2",
        "A3",
    ]  # A3 leads to a family, not to an effect


def test_an_effect_reaches_a_beneficiary_straight_or_through_another_effect() -> None:
    found = arenas.merged(with_arenas()).for_nobody
    assert list(zip(found["arena"], found["node"], strict=True)) == [("N", "E3"), ("Z", "E1"), ("Z", "E9")]


def test_lines_that_run_in_a_circle_end() -> None:
    study = study_of(arena_nodes=NODES, arena_edges=EDGES.replace("E1     |B1", "E1     |E2"), arena_evidence=EVIDENCE)
    assert len(arenas.merged(study).for_nobody) == 5


@pytest.mark.parametrize(
    ("lang", "theme", "heading"), [("nl", "minder stress", "waargenomen door"), ("en", "less stress", "observed by")]
)
def test_arenas_laid_together_read_in_words(lang: str, theme: str, heading: str) -> None:
    found = arenas.merged(with_arenas())
    assert theme in found.table("themes", lang).iloc[:, 0].tolist()
    assert heading in found.table("contested", lang).columns


def test_arenas_laid_together_say_what_they_come_to() -> None:
    assert arenas.merged(with_arenas()).sentences("nl") == [
        "1 van de 3 thema's staan in meer dan één arena; 2 in één.",
        "3 van de 3 getoetste effecten zijn door minstens één stem tegengesproken, waarvan 2 ook door een stem zijn waargenomen.",
        "2 van de 3 activiteiten hebben geen lijn naar een effect.",
        "3 van de 5 effecten hebben geen lijn naar een incasseerder.",
    ]
    assert arenas.merged(with_arenas()).sentences("en")[2] == "2 of the 3 activities have no line to an effect."


def test_a_study_without_arenas_has_nothing_to_lay_together() -> None:
    found = arenas.merged(study_of(judgements=JUDGED))
    assert [len(table) for table in found.parts.values()] == [0, 0, 0, 0]


# ---- F13 and F14: teams ----------------------------------------------------------------------------------------------

JUDGED = """
source|team|case_id|element     |perspective |present
s     |P   |       |w10_mandate |researcher  |yes
s     |P   |       |w15_expertise|researcher |not_discussed
s     |Q   |       |w10_mandate |researcher  |partly
s     |Q   |       |w10_mandate |parent      |no
w     |R   |1      |w10_mandate |researcher  |no
"""


def test_a_team_has_what_the_researchers_found_and_not_what_others_said() -> None:
    numbers = voices.factors(study_of(judgements=JUDGED)).numbers
    assert {(r.team, r.factor): r.present for r in numbers.itertuples()} == {
        ("P", "w10_mandate"): "yes", ("P", "w15_expertise"): "not_discussed", ("Q", "w10_mandate"): "partly"}  # fmt: skip


def test_only_sources_with_such_judgements_are_named() -> None:
    assert voices.factors(study_of(judgements=JUDGED)).sources == ("s",)


@pytest.mark.parametrize(("day", "region"), [("2022-12-31", "haaglanden"), ("2023-01-01", "holland_rijnland")])
def test_a_team_is_in_the_region_of_its_municipality_on_the_extraction_date(day: str, region: str) -> None:
    works = "source|team|municipality\ns|P|GM0626"
    members = """
        source|municipality|region          |valid_from|valid_to
        s     |GM0626      |haaglanden      |          |2022-12-31
        s     |GM0626      |holland_rijnland|2023-01-01|
    """
    study = study_of(judgements=JUDGED, team_municipalities=works, region_memberships=members)
    cards = {s: replace(o, extraction_date=pd.Timestamp(day).date()) for s, o in study.origins.items()}
    numbers = voices.factors(replace(study, origins=cards)).numbers
    assert numbers.set_index("team")["region"].dropna().to_dict() == {"P": region}


CODED = """
source|team|case_id|perspective |document|begin|end|code|element
s     |P   |       |parent      |G1      |1    |5  |a   |w10_mandate
s     |P   |       |parent      |G1      |9    |12 |a   |w10_mandate
s     |Q   |       |parent      |G2      |1    |5  |a   |w10_mandate
s     |Q   |       |parent      |G2      |6    |9  |b   |
s     |P   |       |municipality|G3      |1    |5  |c   |w15_expertise
w     |R   |1      |client      |I1      |1    |5  |a   |w10_mandate
"""
SPOKEN = """
source|team|case_id|perspective |document
s     |P   |       |parent      |G1
s     |Q   |       |parent      |G2
s     |P   |       |municipality|G3
s     |P   |       |researcher  |
"""


def test_a_party_counts_once_per_team_however_many_fragments() -> None:
    finding = voices.raised(study_of(codings=CODED, documents=SPOKEN))
    assert counts(finding, "raised", "n_teams") == {("parent", "w10_mandate"): 2, ("municipality", "w15_expertise"): 1}
    assert counts(finding, "spoken", "n_teams") == {("parent",): 2, ("municipality",): 1}


def test_a_party_that_was_spoken_to_in_no_team_has_no_mark_and_one_that_was_silent_has_zero() -> None:
    finding = voices.raised(study_of(codings=CODED, documents=SPOKEN))
    zero = finding.part("raised").numbers.query("n_teams == 0")
    assert set(zip(zero["party"], zero["factor"], strict=True)) == {
        ("parent", "w15_expertise"),
        ("municipality", "w10_mandate"),
    }
    spoken = finding.part("spoken").numbers
    assert set(spoken.loc[spoken["n_teams"] == 0, "party"]) == {"organisation", "professional", "youngster"}


# ---- F15, F18, F22: municipalities and cases --------------------------------------------------------------------------


def test_a_quality_that_was_not_discussed_is_not_a_no() -> None:
    asked = """
        source|municipality|perspective|quality    |named
        h     |GM0344      |citizen    |q01_contact|not_discussed
        h     |GM0344      |team_leader|q01_contact|no
    """
    numbers = voices.qualities(study_of(qualities=asked)).numbers
    assert numbers.set_index("group")["named"].to_dict() == {"citizen": "not_discussed", "team_leader": "no"}


HELD = """
source|case_id|element  |perspective |holder |moment|present      |contribution
s     |1      |b01_shame|client      |client |begin |yes          |hindering
s     |1      |b01_shame|client      |client |end   |no           |neutral
s     |2      |b01_shame|client      |client |begin |no           |
s     |3      |b01_shame|client      |client |begin |not_discussed|
s     |3      |b01_shame|relative    |client |begin |not_discussed|
s     |1      |b01_shame|professional|client |begin |partly       |
s     |2      |b04_time |professional|professional|begin|no        |
s     |1      |x01_heard|client      |client |begin |yes          |
s     |1      |b04_time |client      |       |begin |yes          |
"""


def test_a_barrier_is_reported_in_k_of_the_n_cases_in_which_the_voice_discussed_it() -> None:
    finding = voices.barriers(study_of(judgements=HELD))
    shame = ("b01_shame", "client")
    assert counts(finding, "discussed") == {
        (*shame, "client"): 2, (*shame, "professional"): 1, ("b04_time", "professional", "professional"): 1}  # fmt: skip
    assert counts(finding, "reported") == {(*shame, "client"): 1, (*shame, "professional"): 1}
    assert counts(finding, "contributed") == {(*shame, "client", "hindering"): 1}


def test_a_barrier_that_was_discussed_and_denied_is_zero_and_one_that_was_not_discussed_has_no_mark() -> None:
    reported = voices.barriers(study_of(judgements=HELD)).part("reported").numbers
    zero = reported[reported["n_cases"] == 0]
    assert zero[["factor", "holder", "perspective"]].to_numpy().tolist() == [
        ["b04_time", "professional", "professional"]
    ]


def test_what_was_not_discussed_is_an_answer_of_its_own() -> None:
    lived = """
        source|municipality|case_id|element    |perspective|present
        n     |GM0268      |1      |x01_heard  |client     |yes
        n     |GM0268      |2      |x01_heard  |client     |not_discussed
        n     |GM0268      |2      |w10_mandate|client     |yes
        n     |GM0268      |3      |x01_heard  |client     |empty
        n     |            |4      |x01_heard  |client     |yes
    """
    finding = voices.experience(study_of(judgements=lived))
    item = ("GM0268", "x01_heard", "client")
    assert counts(finding, "experience") == {(*item, "yes"): 1, (*item, "not_discussed"): 1}
    assert dict(finding.part("experience").left_out) == {"no_judgement": 1}


# ---- dyads -----------------------------------------------------------------------------------------------------------


def test_a_dyad_in_which_one_did_not_discuss_it_is_left_out_of_agreement() -> None:
    pairs = [("yes", "yes"), ("partly", "yes"), ("yes", "no"), ("no", "partly"), ("no", "no"), ("not_discussed", "yes")]
    rows = "\n".join(
        f"w|T|{n}|w03_trust|{voice}|{present}"
        for n, pair in enumerate(pairs)
        for voice, present in zip(("client", "professional"), pair, strict=True)
    )
    single = "\nw|T|9|w03_trust|client|yes"  # nobody to agree with
    study = study_of(judgements="source|team|case_id|element|perspective|present\n" + rows + single)
    (row,) = perspectives.dyads(study).to_dict("records")
    assert row == {
        "element": "w03_trust",
        "both": 2,
        "only_client": 1,
        "only_professional": 1,
        "neither": 1,
        "n": 5,
        "excluded": 1,
    }


# ---- the drawing -----------------------------------------------------------------------------------------------------


def test_a_box_is_darker_the_more_of_its_n() -> None:
    drawn = picture("F11")
    assert drawn.protected is not None
    # of three voices each effect was expected, observed and contradicted by one: less than half; none was silent
    assert drawn.svg.count(grid.SHADES[1].encode()) >= 6
    assert grid.SHADES[2].encode() in drawn.svg  # in the legend


def test_a_party_that_was_not_spoken_to_has_a_dash_and_a_silent_one_has_zero_of_n() -> None:
    texts = texts_in(picture("F14"))
    assert "1/1" in texts
    assert "0/1" in texts
    assert texts.count("–") == 3  # professional, youngster and organisation


def test_a_voice_that_was_asked_but_did_not_discuss_it_has_a_dash_and_no_zero_of_n() -> None:
    asked = """
        source|case_id|element  |perspective |holder|present
        s     |1      |b01_shame|client      |client|yes
        s     |1      |b01_shame|professional|client|not_discussed
        s     |1      |b04_time |professional|client|no
        s     |1      |b04_time |client      |client|yes
    """
    texts = texts_in(figures.draw("F18", study_of(judgements=asked)))
    assert {"1/1", "0/1"} <= set(texts)
    assert texts.count("0/1") == 1  # time and caseload, which the professional denied
    assert texts.count("–") == 1
    assert "niet gevraagd of niet besproken" in texts


def test_a_contradiction_stands_beside_what_was_seen() -> None:
    texts = texts_in(picture("F21"))
    assert "1 van 1" in texts
    assert "0 van 1" in texts
    assert "Geen gedeeld thema: Arena Noord" in texts


def test_blocks_of_lines_follow_one_another_and_an_empty_one_takes_no_room() -> None:
    side = grid.lines({"One": ["a", "b"], "None": [], "Two": ["c"]}, str.upper, 1.0)
    assert list(side.headings.values()) == ["One", "Two"]
    first, second = side.headings
    assert first < side.at["a"] < side.at["b"] < second < side.at["c"] < side.end


def test_groups_of_columns_stand_apart() -> None:
    side = grid.columns({"x": ["x|1", "x|2"], "y": ["y|1"]}, str, 3.0)
    assert side.at["x|2"] - side.at["x|1"] == 1
    assert side.at["y|1"] - side.at["x|2"] > 1
    assert list(side.names) == ["1", "2", "1"]
