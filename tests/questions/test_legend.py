"""A sheet that says what codes mean: the codes of the other sheets are understood by those words, each under its own heading."""

import datetime as dt
from pathlib import Path

import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.propose.legend import find_legends
from iww_analysis.io.disk.home import Home
from iww_analysis.tables.raw_sheet import sheet_of_rows
from shared.homes import Rows, workbook

DATA = [
    ["Casusnr", "Datum aanmelding", "Afsluitreden", "Eén plan"],
    ["A-1", "03-05-2022", 1, 2],
    ["A-2", "14-05-2022", 2, 1],
    ["A-3", "20-05-2022", 3, 2],
    ["A-4", "21-05-2022", "02", ""],
    ["A-5", "22-05-2022", 1, 1],
]
REASONS = {"1": "Verhuisd", "2": "Overleden", "3": "Klaar bij ons"}  # the last is no word of the list
LINES = [["Afsluitreden", 1, "Verhuisd"], ["", 2, "Overleden"], ["", 3, "Klaar bij ons"],
         ["Eén plan", 1, "Nee"], ["", 2, "Ja"]]  # fmt: skip


def said(*sheets: tuple[str, Rows]) -> dict[str, dict[str, str]]:
    raw = [sheet_of_rows("delivery.xlsx", name, [[str(cell) for cell in row] for row in rows]) for name, rows in sheets]
    found = find_legends(raw)
    return {heading: dict(codes) for heading, codes in found.meanings.items()}


@pytest.mark.parametrize("heads", [["Variabele", "Code", "Betekenis"], ["Veld", "Waarde", "Label"], ["a", "b", "c"]])
def test_variable_code_and_meaning_whatever_these_columns_are_called(heads: list[str]) -> None:
    assert said(("Data", DATA), ("Toelichting", [heads, *LINES])) == {
        "afsluitreden": REASONS, "een plan": {"1": "Nee", "2": "Ja"}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "heads"),
    [
        ("Afsluitreden", ["Code", "Betekenis"]),
        ("Codes", ["Afsluitreden", "Betekenis"]),
        ("Afsluitredencodes", ["nr", "omschrijving"]),
    ],
)
def test_code_and_meaning_of_the_list_that_the_sheet_or_a_heading_names(name: str, heads: list[str]) -> None:
    assert said(("Data", DATA), (name, [heads, *REASONS.items()])) == {"afsluitreden": REASONS}


@pytest.mark.parametrize(
    "other",
    [
        ("Codes", [["Code", "Betekenis"], *REASONS.items()]),  # of which list?
        ("Afsluitreden", [["Code", "Betekenis"], ["7", "Verhuisd"], ["8", "Overleden"]]),  # other codes than the cells
        ("Meldingen", [["Casusnr", "Bron"], ["A-1", "Huisarts"], ["A-2", "School"], ["A-3", "Politie"]]),  # rows of cases
        ("Domeinen", [["Casusnr", "Domein", "Ernst"], ["A-1", "Wonen", "1"], ["A-1", "Werk", "2"], ["A-2", "Wonen", "1"]]),
    ],
)  # fmt: skip
def test_no_legend(other: tuple[str, Rows]) -> None:
    assert said(("Data", DATA), other) == {}


def test_words_for_what_is_not_known_among_the_codes_make_it_no_other_list() -> None:
    more = [[f"A-{n}", "23-05-2022", 1, word] for n, word in enumerate(("onbekend", "n.v.t.", "?", "#N/A"), start=6)]
    legend = [["Variabele", "Code", "Betekenis"], *LINES]
    assert said(("Data", [*DATA, *more]), ("Toelichting", legend))["een plan"] == {"1": "Nee", "2": "Ja"}


def test_what_two_legends_say_otherwise_neither_says() -> None:
    first, second = (
        [["Code", "Betekenis"], ["1", "Verhuisd"], ["2", two], ["3", "Klaar"]] for two in ("Gestopt", "Overleden")
    )
    assert said(("Data", DATA), ("Afsluitreden oud", first), ("Afsluitreden nieuw", second)) == {
        "afsluitreden": {"1": "Verhuisd", "3": "Klaar"}
    }  # fmt: skip


def test_codes_are_read_by_their_meaning_under_their_own_heading_and_only_an_unknown_one_is_asked(
    tmp_path: Path,
) -> None:
    """`1` alone is yes in the list of yes and no: here it is no, for this legend says so."""
    book = tmp_path / "delivery.xlsx"
    book.write_bytes(workbook({"Data": DATA, "Codeboek": [["Variabele", "Code", "Betekenis"], *LINES]}))
    home, asked = Home(tmp_path / "home"), list[OpenQuestion]()
    answers = {"ask_code": "according_to_plan", "ask_municipality": "GM0228"}

    def say(question: OpenQuestion) -> str:
        asked.append(question)
        return answers.get(question.code, "")

    add(home, "ede", [book], dt.date(2022, 7, 1), ask=say)
    assert [(q.code, "".join(q.spellings)) for q in asked if q.code in ("ask_code", "ask_sheet")] == [
        ("ask_code", "3 = Klaar bij ons")
    ]
    text = home.crosswalk("ede").read_text(encoding="utf-8")
    for line in (
        '"Afsluitreden = 1" = "moved" # in de codelijst: ‘Verhuisd’',
        '"Afsluitreden = 3" = "according_to_plan" # in de codelijst: ‘Klaar bij ons’',
        '"Eén plan = 1" = "no" # in de codelijst: ‘Nee’',
        'reason = "codelijst: zegt wat de codes op andere bladen betekenen"',
    ):
        assert line in text
    cases = build.build(home, "ede").tables["cases"]
    assert cases["closure_reason"].tolist() == ["moved", "deceased", "according_to_plan", "deceased", "moved"]
    assert cases["one_plan"].tolist() == ["yes", "no", "yes", "empty", "no"]


def test_that_a_legend_is_read_as_one_is_said_once(tmp_path: Path) -> None:
    book = tmp_path / "delivery.xlsx"
    book.write_bytes(workbook({"Data": DATA, "Codeboek": [["Variabele", "Code", "Betekenis"], *LINES]}))
    home = Home(tmp_path / "home")
    first, again = (add(home, "ede", [book], dt.date(2022, 7, 1), yes=True) for _ in range(2))
    said = first.guesses[first.guesses["sheet"] == "Codeboek"]["reason"].tolist()
    assert said == ["codelijst: zegt wat de codes op andere bladen betekenen"]
    assert "sheet_passed_over" not in [message.code for message in (*first.notes, *again.notes)]


def test_until_a_code_is_answered_it_is_unreadable_and_not_what_it_is_elsewhere(tmp_path: Path) -> None:
    book = tmp_path / "delivery.xlsx"
    lines = [["Variabele", "Code", "Betekenis"], ["Eén plan", 1, "Bij ons"], ["Eén plan", 2, "Ja"]]
    book.write_bytes(workbook({"Data": DATA, "Codeboek": lines}))
    home = Home(tmp_path / "home")
    add(home, "ede", [book], dt.date(2022, 7, 1), ask=lambda q: {"ask_municipality": "GM0228"}.get(q.code, ""))
    assert '"Eén plan = 1" = "?" # in de codelijst: ‘Bij ons’' in home.crosswalk("ede").read_text(encoding="utf-8")
    cases = build.build(home, "ede").tables["cases"]
    assert cases["one_plan"].tolist() == ["yes", "unreadable", "yes", "empty", "unreadable"]


def test_a_later_legend_that_says_otherwise_is_said(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for day, swapped in ((1, False), (2, True)):
        book = tmp_path / f"delivery {day}.xlsx"
        words = ["Ja", "Nee"] if swapped else ["Nee", "Ja"]
        lines = [
            ["Variabele", "Code", "Betekenis"],
            *(["Eén plan", n, word] for n, word in enumerate(words, start=1)),
        ]
        book.write_bytes(workbook({"Data": DATA, "Codeboek": lines}))
        added = add(home, "ede", [book], dt.date(2022, 7, day), yes=True)
    assert [note.say("nl") for note in added.notes if note.code == "legend_other"] == [
        f"bestand delivery 2.xlsx, blad ‘Data’, kolom ‘Eén plan’: volgens de codelijst van deze levering betekent ‘{code}’ "
        f"iets anders dan de crosswalk zegt: daar is het ‘{known}’, onder [codes.yes_no]. Ga na of de codes veranderd zijn."
        for code, known in (("2", "yes"), ("1", "no"))
    ]
