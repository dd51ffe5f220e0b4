"""That nobody knows is an answer: it counts as not known, is never guessed, is not asked again, and `check` lists it."""

import datetime as dt
import tomllib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import Added, add, take_in
from iww_analysis.commands.check import checked
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.io.disk.home import Home
from shared.homes import home_with

RECEIVED = dt.date(2024, 2, 1)
TEXT = """Zaaknr;Aanmelddatum;Intakedatum;Reden afsluiting;Team;Spoor
1001;13-02-2020;14-02-2020;verhuisd;Noord;laan 1
1002;14-02-2020;16-02-2020;Driekoffie;Noord;laan 2
1003;15-02-2020;18-02-2020;Driekoffie;NA;laan 1
1004;16-02-2020;01-03-2020;verhuisd;Zuid;laan 3
"""


def deliver(home: Home, folder: Path, ask: Callable[[OpenQuestion], str] | None = None, text: str = TEXT) -> Added:
    path = folder / "zaken.csv"
    path.write_text(text, encoding="utf-8")
    return add(home, "ede", [path], RECEIVED, yes=ask is None, ask=ask, municipality="Ede")


def fill_everything(form: Path, answer: str) -> int:
    """Give one answer to every question of a form."""
    book = openpyxl.load_workbook(form)
    rows = list(book["Vragen"].iter_rows(min_row=2))
    for row in rows:
        row[7].value = answer
    book.save(form)
    return len(rows)


def the_crosswalk(home: Home) -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(home.crosswalk("ede").read_text(encoding="utf-8"))


def said(home: Home) -> list[str]:
    notes = checked(home, "ede").notes
    return [note.say("nl") for note in notes if note.code.startswith("not_known")]


NOT_KNOWN = [
    "bestand zaken.csv, kolom ‘Spoor’: u antwoordde dat niemand weet wat dit is: 4 ingevulde cellen zijn niet gelezen.",
    "bestand zaken.csv, kolom ‘Team’: u antwoordde dat niemand weet of ‘NA’ een naam is: van 4 ingevulde cellen is niet "
    "gelezen wat daarvan afhangt.",
    "bestand ede.toml, kolom ‘codes.closure_reason’: u antwoordde dat niemand weet wat ‘Driekoffie’ betekent: 2 cellen "
    "tellen als onleesbaar.",
    *(f"bestand ede/2024-02-01/origin.toml: u antwoordde dat niemand het veld ‘{field}’ weet."
      for field in ("study", "delivered_by", "terms", "extraction_date", "case_is.nl", "selection.nl", "regime")),
]  # fmt: skip


def test_in_the_form(home: Home, tmp_path: Path) -> None:
    added = deliver(home, tmp_path)
    assert added.form
    asked = fill_everything(added.form, "weet ik niet")
    taken = take_in(home, "ede", added.form)
    assert (taken.n_taken, taken.n_open, taken.form, taken.messages) == (asked, 0, None, ())
    assert [each for each in said(home) if "case_is.en" not in each and "selection.en" not in each] == NOT_KNOWN


def test_on_the_terminal(home: Home, tmp_path: Path) -> None:
    asked = list[OpenQuestion]()

    def nobody(question: OpenQuestion) -> str:
        asked.append(question)
        return "weet ik niet"

    added = deliver(home, tmp_path, nobody)
    assert (added.n_open, added.form) == (0, None)
    assert all(question.say("nl").endswith("‘weet ik niet’: dat telt als niet bekend.") for question in asked)
    assert the_crosswalk(home)["codes"] == {"closure_reason": {"Driekoffie": "not_known"}}


def test_in_the_file(home: Home, tmp_path: Path) -> None:
    deliver(home, tmp_path)
    path = home.crosswalk("ede")
    path.write_text(path.read_text(encoding="utf-8").replace('"?"', '"not_known"'), encoding="utf-8")
    assert [each for each in said(home) if "origin.toml" not in each] == NOT_KNOWN[:3]
    assert not [point for point in checked(home, "ede").points if point.code.endswith("_open")]


def test_what_nobody_knows_is_counted_as_not_known_and_costs_nothing_else(home: Home, tmp_path: Path) -> None:
    added = deliver(home, tmp_path)
    assert added.form
    fill_everything(added.form, "weet ik niet")
    take_in(home, "ede", added.form)
    cases = build.build(home, "ede").tables["cases"]
    assert list(cases["closure_reason"]) == ["moved", "unreadable", "unreadable", "moved"]
    assert list(cases["team"].fillna("-")) == ["Noord", "Noord", "-", "Zuid"]
    assert list(cases["date_intake"].dt.month) == [2, 2, 2, 3]


def test_it_is_not_asked_again_at_the_next_delivery(home: Home, tmp_path: Path) -> None:
    added = deliver(home, tmp_path)
    assert added.form
    fill_everything(added.form, "weet ik niet")
    take_in(home, "ede", added.form)
    again = add(home, "ede", [tmp_path / "zaken.csv"], dt.date(2024, 8, 1), yes=True)
    assert again.n_open == 0
    with_words = openpyxl.load_workbook(again.form)["Vragen"] if again.form else []
    assert not [row for row in with_words if "Driekoffie" in str(row[0].value) or row[3].value == "Spoor"]


def test_what_is_assumed_stays_and_is_no_question_any_more(home: Home, tmp_path: Path) -> None:
    added = deliver(home, tmp_path)
    assert added.form
    fill_everything(added.form, "weet ik niet")
    take_in(home, "ede", added.form)
    text = (added.folder / "origin.toml").read_text(encoding="utf-8")
    assert "extraction_date = 2024-02-01 # Niemand weet het, zo geantwoord; dit geldt nu.\n" in text
    assert 'regime = "register" # Niemand weet het, zo geantwoord; dit geldt nu.\n' in text
    card = origin.parse(tomllib.loads(text), "ede")
    assert (card.study, card.terms, card.delivered_by, card.case_is["nl"]) == ("", "", "", "onbekend")


def test_a_regime_that_nobody_knows_protects_counts(home: Home, tmp_path: Path) -> None:
    text = "Casus;Perspectief;Element;Aanwezig\nN1;cliënt;één plan;ja\nN2;cliënt;één plan;nee\n"
    added = deliver(home, tmp_path, text=text)
    assert tomllib.loads((added.folder / "origin.toml").read_text("utf-8"))["regime"] == "case_study"
    assert added.form
    fill_everything(added.form, "weet ik niet")
    take_in(home, "ede", added.form)
    assert tomllib.loads((added.folder / "origin.toml").read_text("utf-8"))["regime"] == "register"


def test_that_nobody_knows_whether_people_agreed_is_no_yes() -> None:
    card = {"source": "hier", "received": RECEIVED, "extraction_date": RECEIVED, "regime": "case_study", "files": {},
            "consent": {"everyone": "not_known", "according_to": "de onderzoekers"}}  # fmt: skip
    assert origin.parse(card, "hier").everyone_agreed == ""
    sure = card | {"consent": {"everyone": "yes", "according_to": "not_known"}}
    assert origin.parse(sure, "hier").everyone_agreed == ""


def test_without_a_municipality_nothing_can_be_counted_so_there_it_is_no_answer(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "zaken.csv"
    path.write_text(TEXT, encoding="utf-8")
    form = add(home, "wijkloket", [path], RECEIVED, yes=True).form
    assert form
    fill_everything(form, "weet ik niet")
    taken = take_in(home, "wijkloket", form)
    assert [message.code for message in taken.messages] == ["form_answer"]
    assert taken.n_open == 1


SHEET = """
[[sheets]]
file = "zaken.csv"
one_row_is = "cases"
{settings}
[sheets.columns]
"Zaaknr" = "cases.case_id"
"Datum" = "cases.date_referral"
"Kinderen" = "households.n_children"
{more}
"""
ROWS = "Zaaknr;Datum;Kinderen\n1;03-04-2019;2,0\n2;13-04-2019;2.5\n;14-04-2019;1\n"


@pytest.mark.parametrize(
    ("settings", "more"),
    [
        ('date_order = "{}"', ""),
        ("", '[sheets.date_orders]\n"Datum" = "{}"'),
        ("", '[sheets.half_dates]\n"Datum" = "{}"'),
        ("", '[sheets.decimals]\n"Kinderen" = "{}"'),
        ("", '[sheets.fill_down]\n"Zaaknr" = "{}"'),
        ("", '[keys]\ncase_id = "{}"'),
    ],
)
def test_what_nobody_knows_of_how_cells_are_written_is_read_as_a_question_is(
    tmp_path: Path, settings: str, more: str
) -> None:
    tables = []
    for name in ("?", "not_known"):
        crosswalk = SHEET.format(settings=settings.format(name), more=more.format(name))
        home = home_with(tmp_path / str(len(tables)), {"zaken.csv": ROWS}, crosswalk)
        tables.append(build.build(home, "here").tables)
    for table, frame in tables[0].items():
        assert tables[1][table].drop(columns="new", errors="ignore").equals(frame.drop(columns="new", errors="ignore"))
