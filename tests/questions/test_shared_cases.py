"""Small inputs made after public bug reports (`../shared/cases`), from file to table: right, or asked, as `expected.md` has it.

Days and cells as the readers give them are held in `readers/test_cases.py`.
"""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.analysis.study import Study, together
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.commands.add import Added, add
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.figures.draw_figures import draw
from iww_analysis.io.disk.home import Home
from shared.homes import case_files
from shared.shown import with_shown

DAY = dt.date(2024, 7, 1)
OF_CARD = ("study", "delivered_by", "terms", "case_is", "case_is_en", "selection", "selection_en", "regime", "consent")


class Delivered:
    """What became of the files of a case: what was asked, said and built."""

    def __init__(self, home: Home) -> None:
        self.home, self.asked = home, list[OpenQuestion]()
        self.added: Added
        self.built: Built

    def add(self, files: Sequence[Path], answers: Mapping[str, str], day: dt.date = DAY) -> "Delivered":
        def answer(question: OpenQuestion) -> str:
            self.asked.append(question)
            return next((said for part, said in answers.items() if part in question.key), "")

        extracted = day - dt.timedelta(days=1)
        self.added = add(
            self.home, "src", files, day, ask=answer, municipality="GM0228", extraction_date=extracted, lang="nl"
        )
        self.built = build.build(self.home, "src")
        return self

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.built.tables[table]

    def counts(self, table: str, column: str) -> dict[str, int]:
        return dict(Counter(self[table][column].astype("object").fillna("-").astype("str")))

    @property
    def questions(self) -> list[str]:
        """The codes of what was asked about the files."""
        return [q.code.removeprefix("ask_") for q in self.asked if q.code.removeprefix("ask_") not in OF_CARD]

    @property
    def said(self) -> set[str]:
        """The codes of all that was said, by adding and building."""
        return {m.code for m in (*self.added.messages, *self.added.notes, *self.built.messages, *self.built.notices)}

    @property
    def study(self) -> Study:
        tables = {name: self[name] for name in self.built.tables}
        return with_shown(together([(build.origin_of(self.home, "src"), tables, self.built.ledger)]))


def delivered(folder: Path, number: str, answers: Mapping[str, str] | None = None, name: str = "*") -> Delivered:
    return Delivered(Home(folder / "home")).add(case_files(number, name), answers or {})


def test_01_nobody_is_born_after_the_referral_and_every_age_is_known(tmp_path: Path) -> None:
    made = delivered(tmp_path, "01")
    persons = made["case_persons"].sort_values("source_row")["age_class"].astype("str")
    assert (
        list(persons)
        == ["65-74"] * 3 + ["50-64"] * 7 + ["35-49"] * 2 + ["23-34"] + ["18-22"] * 2 + ["12-17"] + ["0-11"] * 2
    )


def test_02_half_converted_days_are_asked_and_swapped_back_all_are_right(tmp_path: Path) -> None:
    made = delivered(tmp_path, "02", {"half": "swapped"})
    assert made.questions == ["half_dates", "half_dates"]
    (truth,) = case_files("02", "truth.csv")
    expected = list(csv.reader(truth.read_text(encoding="utf-8").splitlines()))
    cases = made["cases"].sort_values("source_row")
    days = [cases[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("date_referral", "date_closed")]
    rows = [row[1:3] for row in expected if row[1][:2] == "20"]
    assert [list(pair) for pair in zip(*days, strict=True)] == rows


def test_02_unasked_no_day_is_taken_from_such_a_column(tmp_path: Path) -> None:
    made = delivered(tmp_path, "02")
    assert ("cases" in made.built.tables, made.added.n_open) == (False, 2)


def test_03_a_month_is_no_day_and_is_enough_where_a_month_is(tmp_path: Path) -> None:
    made = delivered(tmp_path, "03")
    assert made["cases"][["date_referral", "date_closed"]].notna().sum().tolist() == [0, 0]
    assert made["cases"]["date_referral_month"].notna().sum() == 20
    assert CATALOGUE["F01"].ask(made.study).part("intake").n_out == 20
    assert {"months_shown", "rule_month_only"} <= made.said


@pytest.mark.parametrize(
    ("number", "name", "closed", "why"),
    [
        ("04", "*", 15, {"unreadable": 5, "-": 15}),
        ("05", "*", 12, {"-": 12}),
        ("06", "formule.xls", 20, {"-": 20}),
        ("06", "formule1904.xls", 20, {"-": 20}),
        ("08", "*", 15, {"-": 15}),
        ("09", "toelichting.csv", 12, {"-": 12}),
        ("22", "*", 15, {"-": 15}),
        ("38", "*", 15, {"empty": 5, "-": 15}),
        ("39", "gewoon.xlsx", 15, {"unreadable": 5, "-": 15}),
        ("39", "zonder-r.xlsx", 15, {"unreadable": 5, "-": 15}),
        ("39", "andere-volgorde.xlsx", 15, {"unreadable": 5, "-": 15}),
        ("40", "strict.xlsx", 20, {"-": 20}),
        ("40", "strict-iso-datums.xlsx", 20, {"-": 20}),
        ("60", "*", 10, {"empty": 10, "-": 10}),
        ("61", "*", 18, {"empty": 18, "-": 18}),
    ],
)
def test_whatever_the_file_is_every_case_is_there_and_why_a_day_is_not(
    tmp_path: Path, number: str, name: str, closed: int, why: dict[str, int]
) -> None:
    made = delivered(tmp_path, number, name=name)
    assert made["cases"]["date_closed"].notna().sum() == closed
    assert made.counts("cases", "date_closed_missing") == why
    assert made["cases"]["date_referral"].notna().all()
    assert made.questions == []
    assert ("rule_error_word" in made.said) == ("unreadable" in why)


def test_09_separators_in_quoted_text_are_none(tmp_path: Path) -> None:
    made = delivered(tmp_path, "09", name="leefgebieden.csv")
    assert (len(made["cases"]), len(made["case_domains"])) == (12, 48)


def test_23_hidden_rows_are_read_and_said(tmp_path: Path) -> None:
    made = delivered(tmp_path, "23")
    (note,) = [note for note in made.added.notes if note.code == "rows_hidden_differ"]
    assert note.words["n"] == 20
    assert made.counts("set_aside", "rule") == {
        "municipality_elsewhere": 20
    }  # the hidden ones are of another municipality


def test_27_a_team_named_total_is_no_sum(tmp_path: Path) -> None:
    made = delivered(tmp_path, "27")
    assert made.counts("cases", "team") == {"Totaal Welzijn Noord": 10, "Wijkteam Zuid": 10}
    open_cases = made["cases"][made["cases"]["date_closed"].isna()]
    assert Counter(open_cases["team"])["Totaal Welzijn Noord"] == 8


@pytest.mark.parametrize(("answer", "found"), [("", 18), ("m-yyyy", 30)])
def test_33_numbers_that_became_days_are_asked_and_read_back(tmp_path: Path, answer: str, found: int) -> None:
    made = delivered(tmp_path, "33", {"link": answer})
    assert made.questions == ["link"]
    (words,) = [question.words for question in made.asked if question.code == "ask_link"]
    assert (words["met"], words["n"], words["mended"]) == (18, 30, 30)
    assert made["actions"]["case_id"].isin(made["cases"]["case_id"]).sum() == found
    assert ("link_mended" in [notice.code for notice in made.built.notices]) == (found < 30)


def test_36_two_documents_of_one_name_stay_two_and_that_is_said(tmp_path: Path) -> None:
    made = delivered(tmp_path, "36")
    (note,) = [note for note in made.added.notes if note.code == "qda_documents_repeat"]
    assert note.words["n"] == 1


def test_42_three_deaths_cannot_be_worked_out(tmp_path: Path) -> None:
    """142 to plan, 21 moved, 3 died: what is shown adds up, and fits any number from 0 to 4 that died."""
    figure = draw("F05", delivered(tmp_path, "42").study)
    assert figure.protected
    drawn = figure.protected.marks.set_index("reason")["n_cases"]
    assert (drawn["according_to_plan"] in (140, 145), drawn["moved"] in (20, 25)) == (True, True)
    assert drawn.get("deceased", 0) in (0, 5)
    assert dict(figure.protected.n_out) == {"reasons": drawn.sum()}


def test_50_closed_on_an_unknown_day_is_never_open(tmp_path: Path) -> None:
    study = delivered(tmp_path, "50").study
    closed, still_open = (CATALOGUE["F04"].ask(study).part(part) for part in ("closed", "open"))
    assert (closed.n_in, closed.n_out, still_open.n_in) == (40, 20, 0)
    known_to_the_month = {"closed_day_unknown": 10, "closed_month_known": 10}
    assert known_to_the_month.items() <= dict(closed.left_out).items()
    reasons = CATALOGUE["F05"].ask(study).part("reasons")
    assert (reasons.n_out, reasons.left_out["still_open"]) == (20, 0)


@pytest.mark.parametrize(("answer", "domains"), [("", 20), ("yes", 40)])
def test_51_rows_that_go_on_with_the_case_above_are_asked(tmp_path: Path, answer: str, domains: int) -> None:
    made = delivered(tmp_path, "51", {"fill_down": answer})
    assert (made.questions, len(made["case_domains"])) == (["fill_down"], domains)
    (asked,) = [question for question in made.asked if question.code == "ask_fill_down"]
    assert (asked.n, asked.of) == (20, 40)
    without = made["set_aside"].query("rule == 'missing_required' and column == 'case_id'")
    assert len(without) == 40 - domains  # each row by its number, none called double


def test_52_one_row_per_domain(tmp_path: Path) -> None:
    made = delivered(tmp_path, "52")
    assert (len(made["cases"]), len(made["case_domains"])) == (20, 40)


def test_53_days_of_a_column_that_proves_nothing_stand_as_those_beside_it(tmp_path: Path) -> None:
    first = delivered(tmp_path, "53")["cases"].sort_values("source_row").iloc[1]
    assert (f"{first['date_referral']:%d-%m}", f"{first['date_closed']:%d-%m}") == ("06-02", "06-05")


def test_58_codes_on_lines_of_one_cell_are_each_a_code(tmp_path: Path) -> None:
    made = delivered(tmp_path, "58")
    words = {"".join(question.spellings): question.n for question in made.asked if question.code == "ask_code"}
    assert words == {"Regie": 2}  # "Vertrouwen" is known
    assert 'split = "\\n"' in made.home.crosswalk("src").read_text(encoding="utf-8")


def test_64_a_sheet_that_was_empty_is_read_when_it_holds_cases(tmp_path: Path) -> None:
    made = delivered(tmp_path, "64", name="eerste/jaren.xlsx")
    assert len(made["cases"]) == 12
    made.add(case_files("64", "tweede/jaren.xlsx"), {}, dt.date(2025, 7, 1))
    assert len(made["cases"]) == 12 + 15


@pytest.mark.parametrize(("answer", "other"), [("", "unreadable"), ("negative", "negative")])
def test_65_a_minus_beside_a_plus_is_asked(tmp_path: Path, answer: str, other: str) -> None:
    answers = {
        '"row"': "coderingen",
        '"-"': answer,
        "bereikbaarheid": "empty",
        "everyone": "yes",
        "according_to": "de teams",
    }
    made = delivered(tmp_path, "65", answers)
    (asked,) = [q for q in made.asked if q.code == "ask_code" and "-" in q.spellings]
    assert asked.n == 16
    assert made.counts("codings", "valence") == {"positive": 8, other: 16}


def test_68_rows_that_are_repeated_are_rows(tmp_path: Path) -> None:
    made = delivered(tmp_path, "68")
    (line,) = made.built.ledger["sheets"]
    assert (line["rows_read"], line["rows_kept"], line["rows_duplicate"]) == (8, 6, 2)


@pytest.mark.parametrize(("answer", "scores"), [("", ["-", "-", "3"]), (",", ["2", "-", "3"])])
def test_70_a_comma_and_a_point_in_one_column_are_a_question(tmp_path: Path, answer: str, scores: list[str]) -> None:
    made = delivered(tmp_path, "70", {"decimal": answer, "constant": "zrm_2017"})
    assert "decimal" in made.questions
    found = made["scores"].sort_values("source_row")["score"].astype("object")
    assert ["-" if pd.isna(score) else str(score) for score in found] == scores
    assert made["cases"]["date_referral"].notna().sum() == 3


def test_71_items_without_a_number_are_six_and_said_so(tmp_path: Path) -> None:
    made = delivered(tmp_path, "71")
    items = made["arena_nodes"].sort_values("node_id")
    assert list(items["node_id"]) == ["A1", "A2", "A3", "E1", "E2", "E3"]
    assert "arena_edges" not in made.built.tables
    assert "rule_numbered_here" in made.said


@pytest.mark.parametrize(("answer", "found"), [("", 1), ("separators", 3)])
def test_72_numbers_with_and_without_hyphens(tmp_path: Path, answer: str, found: int) -> None:
    made = delivered(tmp_path, "72", {"link": answer})
    assert made.questions == ["link"]
    assert made["meetings"]["case_id"].isin(made["cases"]["case_id"]).sum() == found
    figure = draw("F02", made.study)  # what was recorded of each case, meetings too
    assert ("Van x van de x bijeenkomsten is de casus niet gevonden" in figure.caption) == (found < 3)


def test_73_a_renamed_heading_is_another_name_of_the_same_field(tmp_path: Path) -> None:
    made = delivered(tmp_path, "73", name="2023-07-01/zaken4.csv")
    made.add(case_files("73", "2024-01-01/zaken4.csv"), {"aanmelding op": "cases.date_referral"}, dt.date(2025, 1, 1))
    (asked,) = [question for question in made.asked if question.code == "ask_heading"]
    assert asked.choices[0].value.startswith("cases.date_referral")
    assert made["cases"]["date_referral"].notna().sum() == 3
    assert made["cases"]["date_closed"].notna().sum() == 1 + 2


def test_75_who_said_no_is_in_no_table(tmp_path: Path) -> None:
    """That nothing of it is in a report is held in `reports/test_consent_in_reports.py`, on planted words."""
    made = delivered(tmp_path, "75")
    assert made["judgements"]["source_row"].tolist() == made["segments"]["source_row"].tolist() == [3]
    assert "rule_no_consent" in made.said
    assert made.built.ledger["consent"]["judgements"]["no_consent"] == 1
