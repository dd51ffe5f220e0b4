"""The form begins with the question on which the most hangs, and each question says how much that is."""

import pytest

from iww_analysis.crosswalk.ask.open_question import Choice, Consultation, OpenQuestion, by_consequence, key
from iww_analysis.messages.errors import Lang, Place

NUMBER = Choice("cases.case_id", "casussen: casusnummer", "cases: case id", confidence=75)
TEAM = Choice("cases.team", "casussen: team", "cases: team", confidence=75)


def question(name: str, n: int = 0, of: int = 0, **more: object) -> OpenQuestion:
    return OpenQuestion("ask_heading", Place("a.csv"), key=name, n=n, of=of, **more)  # type: ignore[arg-type]


def test_the_number_of_the_case_comes_first_then_what_most_hangs_on_and_last_what_stops_nothing() -> None:
    asked = [
        question("study", assumed=True),
        question("rare word", 3, 40),
        question("heading", 40, 40, choices=(TEAM,)),
        question("common word", 12, 40),
        question("municipality", needed=True),
        question("number", 30, 40, choices=(NUMBER,)),
        question(key("link", "case_id"), 5, 60),
    ]
    assert [each.key for each in by_consequence(asked)] == [
        "number", key("link", "case_id"), "municipality", "heading", "common word", "rare word", "study",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("n", "of", "unit", "nl", "en"),
    [
        (34, 40, "cases", "34 van de 40 casussen", "34 of the 40 cases"),
        (40, 40, "cases", "40 casussen", "40 cases"),
        (1, 1, "cases", "1 casus", "1 case"),
        (1, 3, "rows", "1 van de 3 rijen", "1 of the 3 rows"),
        (1, 1, "cells", "1 cel", "1 cell"),
        (0, 7, "rows", "0 van de 7 rijen", "0 of the 7 rows"),
        (0, 0, "rows", "", ""),
    ],
)
def test_how_much_hangs_on_a_question_is_said(n: int, of: int, unit: str, nl: str, en: str) -> None:
    asked: dict[Lang, str] = {"nl": nl, "en": en}
    assert {lang: question("q", n, of, unit=unit).concerns(lang) for lang in asked} == asked


def test_rows_are_cases_where_a_row_is_one_and_cells_once_two_columns_ask_the_same() -> None:
    consultation = Consultation()
    consultation.row_is["a.csv", None] = "cases"
    consultation.answer(question("word", 2, 9))
    assert consultation.questions["word"].concerns("nl") == "2 van de 9 casussen"
    consultation.answer(question("word", 3, 9))
    assert consultation.questions["word"].concerns("nl") == "5 van de 18 cellen"


def test_on_the_terminal_it_is_said_too() -> None:
    said = question("q", 34, 40, unit="cases", choices=(TEAM,), free="field").say("nl")
    assert said.startswith(
        "bestand a.csv: wat betekent deze kop (gaat over 34 van de 40 casussen)? Mogelijk: 1 = cases.team."
    )
