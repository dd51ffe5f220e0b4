"""The rules between cells (DOMAIN 7.7): which record cannot be used, which value goes, and what is only noted."""

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from iww_analysis import vocabulary
from iww_analysis.analysis.answer import HeldTables
from iww_analysis.analysis.notes import notes
from iww_analysis.analysis.study import ACCOUNTS, Study
from iww_analysis.cleaning.changes import changes_in
from iww_analysis.cleaning.clean import Cleaned, Context
from iww_analysis.cleaning.rules import arena, cases, interviews, meetings, outcomes
from iww_analysis.crosswalk.origin import Origin, parse
from iww_analysis.tables import TABLES
from iww_analysis.tables.contract import empty
from shared.frames import drawn, placed, plain_context, typed


def cleaned(noun: Any, table: str, drawing: str, **context: Any) -> Cleaned:
    """Clean one drawn table as a noun does; rows are numbered from 2."""
    return noun.clean({table: placed(drawn(drawing))}, plain_context(**context))[table]


def problems(result: Cleaned) -> set[tuple[int, str, str, str]]:
    """Row, column, rule and severity of every problem."""
    return set(result.problems[["source_row", "column", "rule", "severity"]].itertuples(index=False, name=None))


# ---- cases ----------------------------------------------------------------------------------------------------------

CASES = """
case_id|municipality|date_referral|date_intake|date_plan |date_closed|status  |closure_reason
1      |GM0243      |1-5-2020     |8-5-2020   |1-6-2020  |1-9-2020   |gesloten|verhuisd
2      |GM0243      |1-5-2020     |           |          |1-4-2020   |gesloten|verhuisd
3      |GM0243      |1-5-2021     |           |          |           |open    |
4      |GM0243      |1-5-2020     |           |          |1-5-2021   |gesloten|verhuisd
5      |GM0243      |1-5-2020     |30-4-2020  |          |           |open    |
6      |GM0243      |1-5-2020     |2-9-2020   |3-9-2020  |1-9-2020   |gesloten|verhuisd
7      |GM0243      |1-5-2020     |1-1-2021   |2-1-2021  |           |open    |
8      |GM0243      |1-5-2020     |           |          |           |open    |verhuisd
9      |GM0243      |1-5-2020     |           |          |           |gesloten|verhuisd
10     |GM0243      |1-5-2020     |           |          |1-9-2020   |open    |verhuisd
11     |GM0243      |1-5-2020     |1-5-2020   |1-9-2020  |1-9-2020   |gesloten|onbekend
       |GM0243      |1-5-2020     |           |          |           |open    |
13     |Atlantis    |1-5-2020     |           |          |           |open    |
14     |GM0243      |31-2-2020    |           |          |           |open    |
15     |GM0243      |31-12-2020   |           |          |           |open    |
16     |GM0243      |1-5-2020     |           |          |31-12-9999 |open    |
"""
EXPECTED = {
    (3, "date_closed", "date_order", "row"),
    (4, "date_referral", "after_extraction", "row"),
    (5, "date_closed", "after_extraction", "row"),
    (6, "date_intake", "intake_order", "cell"),
    (7, "date_intake", "intake_order", "cell"),
    (7, "date_plan", "plan_order", "cell"),
    (8, "date_intake", "intake_order", "cell"),  # after the extraction date
    (8, "date_plan", "plan_order", "cell"),
    (9, "closure_reason", "reason_while_open", "cell"),
    (10, "date_closed", "closed_without_date", "note"),
    (11, "status", "open_with_date", "note"),
    (13, "case_id", "missing_required", "row"),
    (14, "municipality", "unknown_code", "cell"),
    (14, "municipality", "missing_required", "row"),
    (15, "date_referral", "unreadable_date", "cell"),
    (15, "date_referral", "missing_required", "row"),
}


@pytest.fixture(scope="module")
def ruled() -> Cleaned:
    return cleaned(cases, "cases", CASES)


def test_each_rule_on_a_case_is_found_with_its_severity(ruled: Cleaned) -> None:
    assert problems(ruled) == EXPECTED


def test_a_day_outside_the_life_of_a_case_becomes_missing_and_the_case_stays(ruled: Cleaned) -> None:
    by_id = ruled.records.set_index("case_id")
    assert by_id.loc[["5", "6", "7"], "date_intake"].isna().all()
    assert by_id.loc[["5", "6", "7"], "date_intake_missing"].eq("unreadable").all()
    assert by_id.loc["1", "date_intake"] == pd.Timestamp("2020-05-08")
    assert by_id.loc["11", "date_plan"] == pd.Timestamp("2020-09-01")  # on the day of closure itself


def test_a_reason_on_an_open_case_does_not_count_and_one_on_a_closed_case_stays(ruled: Cleaned) -> None:
    reasons = ruled.records.set_index("case_id")["closure_reason"]
    assert reasons[["8", "9", "10", "11"]].tolist() == ["not_applicable", "moved", "moved", "unknown"]


def test_a_case_open_until_the_end_of_time_is_open(ruled: Cleaned) -> None:
    case = ruled.records.set_index("case_id").loc["16"]
    assert pd.isna(case["date_closed"])
    assert case["date_closed_missing"] == "not_applicable"


def test_what_a_form_does_not_hold_is_not_recorded_and_that_is_not_no(ruled: Cleaned) -> None:
    assert ruled.records["one_plan"].eq("not_recorded").all()
    assert ruled.records["date_first_result_missing"].eq("not_recorded").all()
    assert ruled.records["one_plan_raw"].isna().all()


def test_an_empty_answer_on_the_network_is_not_no() -> None:
    network = cleaned(
        cases, "case_network", "case_id|moment|involved\n1|begin|\n2|begin|nee\n3|begin|?\n4|begin|-\n5|begin|N.v.t."
    )
    assert network.records["involved"].tolist() == ["empty", "no", "unknown", "empty", "not_applicable"]
    assert not len(network.problems)


def test_a_number_of_people_outside_reason_is_no_number() -> None:
    network = cleaned(
        cases, "case_network", "case_id|moment|n_people\n1|begin|50\n2|begin|51\n3|begin|-1\n4|begin|twee"
    )
    assert network.records["n_people"].tolist()[0] == 50
    assert network.records["n_people_missing"].tolist()[1:] == ["unreadable"] * 3
    assert problems(network) == {(3, "n_people", "out_of_range", "cell"), (4, "n_people", "out_of_range", "cell"),
                                 (5, "n_people", "unreadable_number", "cell")}  # fmt: skip


def test_in_a_case_study_a_key_is_an_invented_label_and_one_that_holds_an_identifier_is_not_kept() -> None:
    found = cleaned(interviews, "documents", "team|case_id|perspective\nT|Casus N1|client\nT|999990019|client")
    assert found.records["case_id"].tolist()[0] == "Casus N1"
    assert found.records["case_id"].isna().tolist() == [False, True]


def test_a_key_of_a_register_becomes_a_pseudonym() -> None:
    hide = plain_context(
        pseudonyms=lambda column: lambda texts: pa.array([f"{column}:{text}" for text in texts]), ids={"case_id": 4}
    )
    found = cases.clean({"households": placed(drawn("case_id|household_id\n12|h 1\n0012|"))}, hide)["households"]
    assert found.records["case_id"].tolist() == ["case_id:0012", "case_id:0012"]
    assert found.records["household_id"].tolist()[0] == "household_id:H1"
    assert found.records["household_id"].isna().tolist() == [False, True]


# ---- ages: 1 May 2020 is the referral; birthdays by hand ---------------------------------------------------------------

AGES = """
birth_date | age_class_given | found
1-5-2002   |                 | 18-22
2-5-2002   |                 | 12-17
30-4-1945  |                 | 75+
2-5-1945   |                 | 65-74
1-5-2020   |                 | 0-11
1-6-2020   |                 | unreadable
1-1-1900   |                 | unknown
           |                 | empty
weigert    |                 | refused
31-02-1980 |                 | unreadable
1-5-2002   | 35-49           | 35-49
"""


def told_ages(case_on: str) -> tuple[dict[str, Cleaned], dict[str, pd.DataFrame]]:
    """The persons of `AGES` and their case, clean and settled; `case_on`: the sheet that the case stands on."""
    ages = drawn(AGES)
    persons = pd.DataFrame({
        "case_id": "1", "person_id": [f"p{n}" for n in range(len(ages))], "birth_date": ages["birth_date"],
        "age_class": ages["age_class_given"].replace("", "not_recorded"),
    }, dtype="str")  # fmt: skip
    case = drawn("case_id|municipality|date_referral" + "\n1|GM0243|1-5-2020" * len(ages))
    raw = {"case_persons": placed(persons), "cases": placed(case, case_on)}
    if case_on == SHEET:  # persons and cases on one sheet are cleaned together
        made = cases.clean(raw, plain_context())
    else:
        made = {name: cases.clean({name: own}, plain_context())[name] for name, own in raw.items()}
    records = {name: result.records for name, result in made.items()}
    return made, {**records, **cases.settle(records)[0]}


SHEET = "2021-01-01/list.csv"


@pytest.mark.parametrize("case_on", [SHEET, "2021-01-01/other.csv"])
def test_an_age_class_is_found_at_referral_and_the_day_of_birth_goes_no_further(case_on: str) -> None:
    made, records = told_ages(case_on)
    assert records["case_persons"]["age_class"].tolist() == drawn(AGES)["found"].tolist()
    assert not {"birth_date", "birth_date_missing"} & {*records["case_persons"], *TABLES["case_persons"].stored}
    told = [(raw, new) for _, column, raw, new, _ in changes_in(made["case_persons"].counted) if column == "birth_date"]
    assert set(told) <= {(None, None)}


def test_an_age_is_known_as_soon_as_person_and_case_are_read_from_one_row() -> None:
    made, _ = told_ages(SHEET)
    assert made["case_persons"].records["age_class"].tolist() == drawn(AGES)["found"].tolist()
    assert "birth_date" not in made["case_persons"].records


# Haren (GM0017) went into Groningen at the end of 2018; Westerkwartier (GM1969) began on 1 January 2019 (DOMAIN 6.4).
IN_USE = """
case_id|municipality|date_referral|in_use
1      |GM0017      |31-12-2018   |yes
2      |GM0017      |1-1-2019     |no
3      |GM1969      |31-12-2018   |no
4      |Haren       |1-5-2020     |no
5      |GM1969      |1-1-2019     |yes
6      |GM0243      |1-5-1990     |yes
7      |Atlantis    |1-5-2020     |yes
8      |GM0017      |             |yes
"""


def test_a_municipality_that_was_not_there_on_the_day_of_referral_is_noted_and_the_case_stays() -> None:
    wanted = drawn(IN_USE)
    result = cleaned(cases, "cases", IN_USE)
    noted = result.problems[result.problems["rule"] == "municipality_not_valid"]
    assert noted["source_row"].tolist() == [2 + n for n in wanted.index[wanted["in_use"] == "no"]]
    assert set(noted["severity"]) == {"note"}
    assert len(result.records) == len(wanted)


def test_whether_a_code_was_in_use_is_as_the_list_says_of_every_code_around_its_first_and_last_day() -> None:
    towns = vocabulary.read("municipality")
    pairs = [
        (town, bound + dt.timedelta(days=more))
        for town in towns.values
        for name in ("valid_from", "valid_to")
        for bound in [town.extra.get(name, dt.date(2018, 12, 31))]
        for more in (-1, 0, 1)
    ]
    drawing = pd.DataFrame({
        "case_id": [str(n) for n in range(len(pairs))], "municipality": [town.code for town, _ in pairs],
        "date_referral": [day.isoformat() for _, day in pairs],
    }, dtype="str")  # fmt: skip
    found = cases.clean({"cases": placed(drawing)}, Context("here"))["cases"].problems
    assert set(found["rule"]) == {"municipality_not_valid"}
    out_of_use = [n for n, (town, day) in enumerate(pairs, start=2) if not town.valid_on(day)]
    assert found["source_row"].tolist() == out_of_use


# ---- meetings -------------------------------------------------------------------------------------------------------

MEETINGS = """
case_id|kind          |date     |held    |reason_not_held|becomes
1      |kennismaking  |1-5-2020 |        |               |yes
2      |kennismaking  |         |        |verhuisd       |no
3      |kennismaking  |1-5-2020 |        |verhuisd       |no
4      |kennismaking  |1-5-2020 |nee     |               |no
5      |kennismaking  |1-5-2020 |onbekend|               |unknown
6      |kennismaking  |         |ja      |               |yes
7      |kennismaking  |1-1-2021 |ja      |               |no
8      |kennismaking  |         |        |               |empty
9      |kennismaking  |31-2-2020|        |               |empty
"""


def test_a_date_means_held_where_nobody_wrote_that_it_is_not_known_and_a_reason_means_no() -> None:
    result = cleaned(meetings, "meetings", MEETINGS)
    assert result.records["held"].tolist() == drawn(MEETINGS)["becomes"].tolist()


def test_a_meeting_after_the_extraction_date_was_planned_and_that_is_noted() -> None:
    result = cleaned(meetings, "meetings", MEETINGS)
    assert problems(result) == {(8, "date", "after_extraction", "note"), (10, "date", "unreadable_date", "cell")}


def test_a_meeting_without_a_known_kind_or_case_cannot_be_used() -> None:
    result = cleaned(meetings, "meetings", "case_id|kind|date\n1|koffie|1-5-2020\n|kennismaking|1-5-2020")
    assert {(2, "kind", "missing_required", "row"), (3, "case_id", "missing_required", "row")} <= problems(result)


def test_whoever_came_is_tied_to_the_meeting_on_the_same_row_and_sits_on_a_side_of_the_table() -> None:
    raw = {
        "meetings": placed(drawn("case_id|kind|date\n1|kennismaking|1-5-2020\n2|kennismaking|2-5-2020")),
        "attendances": placed(drawn("case_id|party\n1|client\n2|workcompany")),
    }
    came = meetings.clean(raw, plain_context())["attendances"].records
    assert came["meeting_id"].tolist() == ["1/introduction/2020-05-01", "2/introduction/2020-05-02"]
    assert came["sector"].tolist() == ["client", "work_income"]


# ---- interviews -----------------------------------------------------------------------------------------------------

SEGMENTS = """
team|case_id|perspective|element        |quote                     |cleared |kept
T   |N1     |client     |w03_trust      |Zij bleef komen.          |ja      |Zij bleef komen.
T   |N1     |client     |w03_trust      |Dit mag niet.             |nee     |
T   |N1     |client     |w03_trust      |Niemand vroeg het.        |        |
T   |N1     |client     |w03_trust      |Misschien later.          |?       |
T   |N1     |client     |w03_trust      |Deels dan.                |deels   |
"""


def test_only_a_quote_that_a_person_cleared_is_kept() -> None:
    result = cleaned(interviews, "segments", SEGMENTS)
    assert result.records["quote"].fillna("").tolist() == drawn(SEGMENTS)["kept"].tolist()


def test_where_a_form_does_not_say_who_cleared_a_quote_none_is_kept() -> None:
    segments = drawn(SEGMENTS).drop(columns=["cleared", "kept"])
    result = interviews.clean({"segments": placed(segments)}, plain_context())["segments"]
    assert result.records["quote"].isna().all()
    assert result.records["cleared"].eq("not_recorded").all()


def test_not_discussed_is_not_no() -> None:
    result = cleaned(interviews, "judgements", """
        team|case_id|perspective|element  |present       |contribution
        T   |N1     |client     |w03_trust|nee           |hinderend
        T   |N1     |client     |w04_broad_inquiry|niet besproken|niet besproken
        T   |N1     |client     |w01_one_plan|          |
    """)  # fmt: skip
    assert result.records["present"].tolist() == ["no", "not_discussed", "empty"]
    assert result.records["contribution"].tolist() == ["hindering", "not_discussed", "empty"]


def test_judgements_without_a_list_of_interviews_make_one_interview_per_voice() -> None:
    raw = placed(
        drawn(
            "team|case_id|perspective|element\nT|N1|client|w03_trust\nT|N1|client|w01_one_plan\nT|N1|professional|w03_trust"
        )
    )
    documents = interviews.clean({"judgements": raw}, plain_context())["documents"].records
    assert len(documents.drop_duplicates(["team", "case_id", "perspective"])) == 2
    assert documents["date_missing"].eq("not_recorded").all()


# ---- scores ---------------------------------------------------------------------------------------------------------


def test_a_score_outside_one_to_five_is_no_score() -> None:
    result = cleaned(outcomes, "scores", """
        case_id|instrument_version|moment|domain  |score
        1      |zrm_2017          |begin |finances|0
        1      |zrm_2017          |begin |housing |5,0
        1      |zrm_2017          |begin |justice |6
        1      |zrm_2017          |begin |participation|n.v.t.
    """)  # fmt: skip
    assert result.records["score_missing"].tolist()[0] == "unreadable"
    assert result.records["score"].tolist()[1] == 5
    assert result.records["score_missing"].tolist()[2:] == ["unreadable", "not_applicable"]
    assert problems(result) == {(2, "score", "out_of_scale", "cell"), (4, "score", "out_of_scale", "cell")}


# ---- effect arenas --------------------------------------------------------------------------------------------------

NODES = """
team|arena_id|node_id|kind        |label
T   |A       |I1     |investor    |Gemeente
T   |A       |A1     |activity    |Intake
T   |A       |E1     |effect      |Rust
T   |A       |E2     |effect      |Minder zorg
T   |A       |B1     |beneficiary |Gemeente
T   |B       |E9     |effect      |Andere arena
"""
EDGES = """
team|arena_id|from_id|to_id|kind     |rule
T   |A       |i1     |a1   |invests  |
T   |A       |A1     |E1   |leads_to |
T   |A       |E1     |E2   |leads_to |
T   |A       |E2     |B1   |benefits |
T   |A       |I1     |E1   |other    |line_of_no_kind
T   |A       |B1     |I1   |other    |line_of_no_kind
T   |A       |A1     |Z9   |         |dangling_line
T   |A       |Z9     |A1   |         |dangling_line
T   |A       |A1     |E9   |         |dangling_line
"""


def test_what_a_line_means_follows_from_its_ends_and_a_line_to_nowhere_is_left_out() -> None:
    raw = {"arena_nodes": placed(drawn(NODES)), "arena_edges": placed(drawn(EDGES).drop(columns=["kind", "rule"]))}
    made = arena.clean(raw, plain_context())
    records, found = arena.settle({name: result.records for name, result in made.items()})
    wanted = drawn(EDGES)
    tied = wanted["rule"] != "dangling_line"
    assert records["arena_edges"]["kind"].tolist() == wanted.loc[tied, "kind"].tolist()
    severity = {"dangling_line": "cell", "line_of_no_kind": "note"}
    assert set(found[["source_row", "rule", "severity"]].itertuples(index=False, name=None)) == {
        (row, rule, severity[rule]) for row, rule in enumerate(wanted["rule"], start=2) if rule}  # fmt: skip


def test_evidence_on_what_is_no_effect_of_the_arena_is_left_out() -> None:
    looked_for = """
        team|arena_id|node_id|case_id|voice       |status      |stays
        T   |A       |e1     |1      |client      |observed    |yes
        T   |A       |E2     |1      |Registratie |gezien      |yes
        T   |A       |A1     |1      |client      |observed    |
        T   |A       |E9     |1      |client      |observed    |
        T   |B       |E9     |1      |professional|contradicted|yes
    """
    raw = {"arena_nodes": placed(drawn(NODES)), "arena_evidence": placed(drawn(looked_for).drop(columns="stays"))}
    made = arena.clean(raw, plain_context())
    records, found = arena.settle({name: result.records for name, result in made.items()})
    assert records["arena_evidence"]["node_id"].tolist() == ["E1", "E2", "E9"]
    assert records["arena_evidence"]["status"].tolist() == ["observed", "observed", "contradicted"]
    assert found[["source_row", "rule", "severity"]].values.tolist() == [
        [4, "unknown_effect", "cell"],
        [5, "unknown_effect", "cell"],
    ]


def test_number_and_text_in_one_cell_are_taken_apart() -> None:
    cells = ["A1 Gezamenlijke intake", "a2: Eén plan", "A3.  Spreekuur", "A10) Overleg", "zonder nummer"]
    raw = pd.DataFrame({"team": "T", "arena_id": "A", "kind": "activity", "item": cells}, dtype="str")
    nodes = arena.clean({"arena_nodes": placed(raw)}, plain_context())["arena_nodes"].records
    assert nodes["node_id"].tolist()[:4] == ["A1", "A2", "A3", "A10"]
    assert nodes["label"].tolist() == ["Gezamenlijke intake", "Eén plan", "Spreekuur", "Overleg", "zonder nummer"]


# ---- rules that span nouns ------------------------------------------------------------------------------------------


def origin(source: str, study: str) -> Origin:
    return parse({"source": source, "received": "2021-01-01", "extraction_date": "2020-12-31", "regime": "register",
                  "study": study,                  "files": {"x": "y"}}, source)  # fmt: skip


def study_with(studies: dict[str, str], **drawings: str) -> Study:
    """A study of drawn tables; `studies`: source -> study."""
    tables = {
        name: typed(TABLES[name], drawn(drawings[name])) if name in drawings else empty(TABLES[name]) for name in TABLES
    }
    accounts = {name: pd.DataFrame({"source": pd.Series(dtype="str")}) for name in ACCOUNTS}
    return Study(
        HeldTables(tables),
        {s: origin(s, key) for s, key in studies.items()},
        dict.fromkeys(studies, frozenset()),
        {},
        accounts,
    )


def noted(study: Study) -> set[tuple[str, str, str]]:
    return set(notes(study)[["source", "case_id", "rule"]].itertuples(index=False, name=None))


def test_a_study_with_nothing_in_it_has_no_notes() -> None:
    assert list(notes(study_with({"n": "nbd"}))) == ["source", "case_id", "rule"]


def test_around_nijmegen_a_case_has_finances_or_work_and_another_domain() -> None:
    domains = """
        source|case_id|domain        |status
        n     |1      |finances      |
        n     |1      |housing       |
        n     |2      |housing       |
        n     |2      |family        |
        n     |3      |finances      |
        n     |4      |work_education|problem
        n     |4      |finances      |problem
        n     |5      |finances      |none
        n     |5      |housing       |problem
        n     |5      |family        |problem
        s     |6      |housing       |problem
        s     |6      |family        |attention
        s     |7      |housing       |problem
        s     |8      |housing       |problem
        s     |8      |family        |none
        x     |9      |housing       |
    """
    assert noted(study_with({"n": "nbd", "s": "saz", "x": "hu"}, case_domains=domains)) == {
        ("n", "2", "outside_inclusion"), ("n", "3", "outside_inclusion"), ("n", "5", "outside_inclusion"),
        ("s", "7", "outside_inclusion"), ("s", "8", "outside_inclusion"),
    }  # fmt: skip


def test_the_three_meetings_come_in_their_order_and_only_those_held_count() -> None:
    held = """
        source|case_id|kind            |date      |held
        s     |1      |introduction    |2020-01-01|yes
        s     |1      |first_dialogue  |2020-02-01|yes
        s     |1      |closing_dialogue|2020-02-01|yes
        s     |2      |introduction    |2020-01-02|yes
        s     |2      |first_dialogue  |2020-01-01|yes
        s     |3      |first_dialogue  |2020-02-01|yes
        s     |3      |closing_dialogue|2020-01-01|yes
        s     |4      |introduction    |2020-01-02|no
        s     |4      |first_dialogue  |2020-01-01|yes
    """
    assert noted(study_with({"s": "saz"}, meetings=held)) == {("s", "2", "meeting_order"), ("s", "3", "meeting_order")}


def test_a_dyad_is_one_client_and_one_professional() -> None:
    told = """
        source|team|case_id|perspective
        w     |T   |1      |client
        w     |T   |1      |professional
        w     |T   |2      |client
        w     |T   |3      |client
        w     |T   |3      |professional
        w     |T   |3      |relative
    """
    assert noted(study_with({"w": "iww2017"}, documents=told)) == {
        ("w", "2", "incomplete_dyad"),
        ("w", "3", "incomplete_dyad"),
    }


def test_cases_told_of_and_cases_followed_in_a_register_are_laid_side_by_side() -> None:
    told = """
        source|case_id|perspective
        i     |N1     |client
        i     |N9     |client
        other |N9     |client
    """
    followed = """
        source|case_id|case_label
        r     |1      |N1
        r     |2      |N2
        r     |3      |
    """
    study = study_with({"i": "nbd", "r": "nbd", "other": "saz"}, documents=told, cases=followed)
    assert noted(study) - {("r", "1", "outside_inclusion")} == {("i", "N9", "not_registered"), ("r", "N2", "not_told")}


def test_two_cases_of_one_household_that_overlap_in_time_are_reported_and_stay() -> None:
    spans = """
        source|case_id|date_referral|date_closed|extraction_date
        s     |1      |2020-01-01   |2020-06-01 |2020-12-31
        s     |2      |2020-05-01   |           |2020-12-31
        s     |3      |2020-01-01   |2020-02-01 |2020-12-31
        s     |4      |2020-03-01   |           |2020-12-31
        t     |1      |2020-01-01   |           |2020-12-31
        s     |5      |2020-01-01   |           |2020-12-31
        s     |6      |2020-01-01   |           |2020-12-31
    """
    homes = """
        source|case_id|household_id
        s     |1      |h1
        s     |2      |h1
        s     |3      |h2
        s     |4      |h2
        t     |1      |h1
        s     |5      |
        s     |6      |
    """
    study = study_with({"s": "saz", "t": "saz"}, cases=spans, households=homes)
    assert noted(study) == {("s", "1", "possible_duplicate"), ("s", "2", "possible_duplicate")}
    assert len(study["cases"]) == 7


def test_a_context_without_an_extraction_date_censors_nothing() -> None:
    result = cases.clean(
        {"cases": placed(drawn("case_id|municipality|date_referral\n1|GM0243|1-5-2030"))}, Context("here")
    )["cases"]
    assert not len(result.problems)
