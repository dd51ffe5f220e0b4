"""What a machine writes in a cell for nothing: "NA" among names is asked about, an error of a spreadsheet is never a word."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose.unknown_words import propose_words
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.tables.cells import cell_readers, dates
from iww_analysis.tables.cells.missing import missing_reason
from shared.homes import home_with

ROWS = "Nummer;Team;Aangemeld\n1;NA;1-5-2020\n2;Noord;2-5-2020\n3;NA;3-5-2020\n"
CROSSWALK = """
[[sheets]]
file = "*"
one_row_is = "cases"
[sheets.columns]
"Nummer" = "cases.case_id"
"Team" = "cases.team"
"Aangemeld" = "cases.date_referral"
"""
SAID = '[sheets.missing_words]\n"Team" = "{answer}"\n'


def home(folder: Path, answer: str) -> Home:
    return home_with(folder, {"list.csv": ROWS}, CROSSWALK + (SAID.format(answer=answer) if answer else ""))


@pytest.mark.parametrize(
    ("answer", "team", "asked"),
    [("", "", [2]), ("?", "", [2]), ("missing", "", []), ("name", "NA", [])],
)
def test_na_is_empty_until_somebody_says_that_it_is_a_name(
    tmp_path: Path, answer: str, team: str, asked: list[int]
) -> None:
    here = home(tmp_path, answer)
    built = build.build(here, "here")
    teams = built.tables["cases"]["team"]
    assert teams.fillna("").tolist() == [team, "Noord", team]
    assert [m.words["n"] for m in check(here, ["here"]) if m.code == "missing_words_open"] == asked
    assert [m.words["n"] for m in built.notices if m.code == "rule_missing_word"] == asked


def test_the_question_names_its_place_and_its_rows(tmp_path: Path) -> None:
    (said,) = [m for m in check(home(tmp_path, ""), ["here"]) if m.code == "missing_words_open"]
    assert said.say("en") == (
        "file list.csv, column ‘Team’: 2 times ‘NA’, as R and Python write an empty cell: read as empty as long as nobody says "
        "what it is. Answer the question in the form (‘iww add SOURCE’ makes it ready), or put "
        '"missing" (nothing) or "name" (a name) behind its heading under [sheets.missing_words] in the '
        "crosswalk."
    )


def test_an_answer_that_is_none_is_refused(tmp_path: Path) -> None:
    (said,) = check(home(tmp_path, "team"), ["here"])
    assert (said.code, said.place.column, said.words) == ("setting_missing_words", "Team", {"found": "team"})


@pytest.mark.parametrize(
    ("answer", "line"), [("", '"Team" = "?"'), ("een naam: 2 cellen noemen ‘NA’", '"Team" = "name"')]
)
def test_add_asks_it_and_writes_the_answer(tmp_path: Path, answer: str, line: str) -> None:
    (tmp_path / "list.csv").write_text(ROWS, encoding="utf-8")
    here = Home(tmp_path / "home")
    asked: list[OpenQuestion] = []

    def say(question: OpenQuestion) -> str:
        asked.append(question)
        return answer if question.code == "ask_missing_words" else ""

    add(here, "here", [tmp_path / "list.csv"], dt.date(2021, 1, 15), ask=say)
    (question,) = [each for each in asked if each.code == "ask_missing_words"]
    assert (question.n, question.of) == (2, 3)
    text = files.read_bytes(here.crosswalk("here")).decode()
    assert line in text.split("[sheets.missing_words]")[1].split("\n")[1]


# ---- errors of spreadsheets ------------------------------------------------------------------------------------------

ERRORS = [
    "#N/A",
    "#n/b",
    "#VALUE!",
    "#WAARDE!",
    "#DIV/0!",
    "#DEEL/0!",
    "#NAAM?",
    "#NULL!",
    "#BEREKENEN!",
    "Err:502",
    "Fout:508",
]


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_is_unreadable_in_every_kind_of_column_and_said(text: str) -> None:
    read = [
        cell_readers.integer_reader(0, 5), cell_readers.read_label, dates.date_reader("dmy"),
        cell_readers.code_reader(cell_readers.vocabulary.read("closure_reason"), {}),
    ]  # fmt: skip
    assert {reader(text) for reader in read} == {(None, "unreadable", "error_word")}


@pytest.mark.parametrize("text", ["Naam", "waarde", "Team #3", "#3", "n.v.t.", "N/A", "nb: later", "fout", "num"])
def test_a_word_without_the_signs_of_an_error_is_none(text: str) -> None:
    assert missing_reason(text) in (None, "not_applicable")


def test_an_error_is_never_proposed_as_a_code() -> None:
    texts = pd.Series(["volgens plan", "#N/A", "#N/A", "#WAARDE!"])
    assert [word.word for word in propose_words(texts, "Reden", [Target("cases", "closure_reason")], {}, ())
            if word.word.startswith("#")] == []  # fmt: skip


def test_errors_are_counted_where_they_stand(tmp_path: Path) -> None:
    rows = "Nummer;Team;Aangemeld;Reden\n1;#N/A;1-5-2020;#N/A\n2;Noord;2-5-2020;#VERW!\n"
    here = home_with(tmp_path, {"list.csv": rows}, CROSSWALK + '"Reden" = "cases.closure_reason"\n')
    said = {m.place.column: m.words["n"] for m in build.build(here, "here").notices if m.code == "rule_error_word"}
    assert said == {"Team": 1, "Reden": 2}
    assert not [m for m in check(here, ["here"]) if m.code.startswith("code_")]
