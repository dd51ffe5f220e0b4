"""Tables of text: what each question counts and says, and that every mark can be found on the page."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import pytest

from iww_analysis import figures, vocabulary
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.questions import displays, sessions
from iww_analysis.analysis.study import Study
from iww_analysis.figures import texts
from iww_analysis.figures.canvas import canvas
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.shapes import text_table
from iww_analysis.io.processed import store
from shared.pictures import picture, text_in
from shared.sql import as_text, in_sql
from shared.study import by_hand

IDS = ("T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09", "T10", "T11")


@cache
def study() -> Study:
    """The part of the study by hand of which the answers are worked out below."""
    return by_hand().only("register", "talks", "teams")


def marks(finding: Finding, part: str, *values: str) -> dict[tuple[str, ...], object]:
    """What a part says: keys -> one value, or several."""
    frame = finding.numbers[finding.numbers["part"] == part]
    keys = list(finding.part(part).question.by)
    rows = frame.astype("object").where(frame.notna(), None).to_dict("records")
    told = {tuple(str(row[key]) for key in keys): tuple(row[value] for value in values) for row in rows}
    return {key: value[0] if len(values) == 1 else value for key, value in told.items()}


# ---- what is asked --------------------------------------------------------------------------------------------------


def test_a_quote_stands_with_all_fragments_of_that_voice_cleared_or_not() -> None:
    followed = {
        ("N1", "x01_heard", "client"): (2, 1, "Er werd geluisterd."),
        ("N1", "x01_heard", "professional"): (1, 0, None),
    }
    finding = displays.joint_display(study())
    assert marks(finding, "quotes", "n_fragments", "n_cleared", "quote") == followed
    assert finding.part("quotes").left_out == {"about_no_case": 1, "no_element": 0, "no_registration": 1}
    alone = displays.joint_display(study().only("talks"))
    every = followed | {("N2", "w03_trust", "client"): (1, 1, "Ik kende haar.")}
    assert marks(alone, "quotes", "n_fragments", "n_cleared", "quote") == every


def test_the_registration_of_a_case_is_that_of_its_invented_label() -> None:
    finding = displays.joint_display(study())
    # referred on 1 January 2020, first result on 1 March: two whole months; held on the 15th and the 22nd, within the first
    assert marks(finding, "registration", "door", "months_to_result") == {("N1",): ("workcompany", 2)}
    assert marks(finding, "joint", "n_meetings", "months_to_meeting") == {("N1",): (2, 0)}
    assert finding.part("registration").question.case_study


def test_cases_stand_in_order_of_what_both_voices_call_present() -> None:
    finding = displays.elements_by_case(study())
    # N2: one plan, yes and partly; N1: yes and no. What one party holds is another judgement, and shame no working element.
    assert marks(finding, "both", "n_judgements") == {("N2", "w01_one_plan"): 1}
    places = finding.numbers.drop_duplicates("case").set_index("case")["place"]
    assert dict(places) == {"N2": 1, "N1": 2}
    assert finding.part("judgements").left_out == {"of_one_party": 1}
    assert marks(finding, "judgements", "present")[("N2", "w03_trust", "client")] == "not_discussed"


def test_a_need_without_a_finding_is_still_a_need() -> None:
    finding = sessions.needs_and_findings(study())
    assert marks(finding, "needs", "priority") == {
        ("Team Noord", "Eerder samen aan tafel"): 2, ("Team Noord", "Luisteren"): 1,
        ("Team Noord", "Rapporteren"): 3}  # fmt: skip
    assert finding.part("findings").left_out == {"no_finding": 1}


def test_a_team_stands_in_the_municipalities_it_works_for() -> None:
    finding = sessions.team_profiles(study())
    assert marks(finding, "works_for", "n_teams") == {("Team A", "GM0626"): 1, ("Wijkteam West", "GM0344"): 1}
    assert marks(finding, "stands_in", "n_teams") == {("Wijkteam West", "GM0344"): 1}
    assert marks(finding, "teams", "day") == {("Team A",): None, ("Wijkteam West",): "2015-01-01"}


def test_an_outcome_counts_for_whom_it_is_relevant_to_and_each_way_it_went() -> None:
    finding = displays.outcomes_by_level(study())
    assert marks(finding, "relevant", "n_outcomes") == {
        ("municipality", "Minder kosten", "municipality", "worse"): 1,
        ("team", "Korte lijnen", "client", "same"): 1,
        ("team", "Korte lijnen", "professional", "better"): 2,  # in two municipalities
    }
    assert finding.part("relevant").left_out == {"not_said_for_whom": 1}
    assert finding.part("told").left_out["not_said_by_whom"] == 1


def test_a_session_has_its_themes_and_the_parties_that_came() -> None:
    finding = sessions.learning_sessions(study())
    assert marks(finding, "sessions", "day") == {("Eerste sessie",): "2021-01-12", ("Tweede sessie",): "2021-03-02"}
    assert marks(finding, "themes", "finding") == {
        ("Eerste sessie", "Gedeelde visie"): "Begin met het gezin", ("Tweede sessie", "Belangen op tafel"): None}  # fmt: skip
    assert set(marks(finding, "parties", "n_meetings")) == {
        ("Eerste sessie", "parent_representative"), ("Eerste sessie", "practice_organisation")}  # fmt: skip


def test_a_vignette_is_of_cases_of_which_the_process_is_described_and_of_nothing_else() -> None:
    finding = displays.vignettes(study())
    assert marks(finding, "meetings", "months", "reason") == {
        ("N1", "closing_dialogue", "no"): (None, "moved"), ("N1", "introduction", "yes"): (0, None)}  # fmt: skip
    assert set(marks(finding, "actions", "n_actions")) == {("N1", "Brief schrijven", "done")}  # not those of pseudonyms
    assert set(marks(finding, "outcomes", "n_outcomes")) == {("N1", "Rust thuis", "better", "client")}
    assert set(finding.numbers["case"]) == {"N1"}


def test_two_observers_of_one_meeting_stay_apart() -> None:
    finding = sessions.observed_items(study())
    word, item = "Iedereen komt aan het woord", "Afspraken zijn herhaald"
    assert marks(finding, "named", "value") == {("Overleg B", word, "1"): 4, ("Overleg B", word, "2"): 3}
    assert marks(finding, "unnamed", "value", "scale_low", "scale_high") == {("Overleg A", item): (2, 1, 5)}
    assert finding.part("observed").left_out == {"no_score": 1}


def test_themes_belong_to_a_municipality_or_are_left_out_with_a_reason() -> None:
    finding = sessions.themes_of_municipalities(study())
    assert marks(finding, "themes", "finding") == {
        ("GM0344", "informal_network", "Buurthuis"): "Wekelijks spreekuur",
        ("GM0344", "steering_issue", "Wie betaalt"): "Twee potten"}  # fmt: skip
    assert finding.part("themes").left_out == {"not_said_where": 1}


def test_roles_stand_per_team_and_party() -> None:
    finding = sessions.roles_and_interests(study())
    assert marks(finding, "roles", "interest")[("Team B", "municipality")] is None
    assert len(marks(finding, "roles", "role")) == 3


@pytest.mark.parametrize("id_", IDS)
def test_a_table_of_text_is_the_same_in_sql(id_: str, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        for name, table in study().tables.items():
            (tmp_path / f"{name}.parquet").write_bytes(store.table_bytes(table))
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{tmp_path / name}.parquet')")
        for part in CATALOGUE[id_].ask(study()).parts:
            assert as_text(part.numbers, part.question.by) == as_text(
                in_sql(part.question, connection), part.question.by
            ), part.question.name


# ---- what is drawn --------------------------------------------------------------------------------------------------


def test_what_was_not_cleared_not_raised_and_not_asked_are_three_things() -> None:
    table = text_in(picture("T02"))
    assert "“Er werd geluisterd.” (1 van 2)" in table
    assert "niet vrijgegeven (1)" in table
    assert "het eerste binnen een maand na de aanmelding" in table
    alone = text_in(figures.draw("T02", study().only("talks")))
    assert "niet geïnterviewd" in alone  # N2: nobody spoke to the professional
    assert "Niet in een registratie gevolgd" in alone


def test_a_meeting_that_was_not_held_says_why() -> None:
    assert "slotdialoog: niet doorgegaan (verhuisd)" in text_in(picture("T09"))
    assert "closing dialogue: not held (moved)" in text_in(picture("T09", "en"))


def test_needs_stand_in_the_order_of_the_team() -> None:
    table = text_in(picture("T04"))
    assert table.index("Luisteren") < table.index("Eerder samen aan") < table.index("Rapporteren")
    assert "Tijd is krap (tijd en caseload)" in table


def test_every_working_element_says_who_names_it() -> None:
    known = vocabulary.read("working_element").values
    assert {v.source.split(";")[0].strip() for v in known} <= set(texts.codes("named_by"))
    assert "IWW 2017" in text_in(picture("T03"))


def test_the_label_of_a_case_is_broken_at_its_spaces_and_not_inside_a_word() -> None:
    told = study()["judgements"]
    named = told.assign(case_id=told["case_id"].replace("N1", "Huishouden Z1"))
    drawn = figures.draw("T03", replace(study(), tables=study().tables.replaced(judgements=named)))
    assert {"Huishouden", "Z1"} <= set(text_in(drawn).split())


@pytest.mark.parametrize("name", ["T07", "T09"])
def test_a_direction_that_was_not_filled_in_was_not_said_and_the_others_read_as_in_their_list(name: str) -> None:
    known = vocabulary.read("outcome_direction").values
    for lang, unsaid in (("nl", "niet gezegd"), ("en", "not said")):
        assert CATALOGUE[name].texts.label("direction", "empty", lang) == unsaid
        assert all(
            CATALOGUE[name].texts.label("direction", v.code, lang) == {"nl": v.nl, "en": v.en}[lang] for v in known
        )


def test_an_outcome_without_direction_or_teller_says_that_neither_was_said() -> None:
    told = study()["outcomes"]
    unsaid = told.assign(direction="empty", according_to="empty")
    drawn = figures.draw("T09", replace(study(), tables=study().tables.replaced(outcomes=unsaid)))
    assert "Rust thuis: niet gezegd (niet gezegd door wie)" in text_in(drawn)


def test_a_sign_that_the_letter_has_not_is_said_to_be_one() -> None:
    assert text_table.legible("klaar 🙌 é") == "klaar [emoji] é"


def test_marks_without_an_order_come_last() -> None:
    rows: list[canvas.Row] = [
        {"name": name, "by": by} for name, by in (("b", None), ("c", 2), ("a", 2), ("d", 1), ("b", None))
    ]
    assert text_table.in_order(rows, "name", "by") == ["d", "a", "c", "b"]
