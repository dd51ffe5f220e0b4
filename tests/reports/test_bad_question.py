"""One bad question costs one figure: the report is made, says which and why, and can be signed; nothing of a cell is said."""

from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study
from iww_analysis.commands import report
from iww_analysis.commands.check import check
from iww_analysis.commands.verify import sign, verify
from iww_analysis.figures.declaration import Entry
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Message, Place, during, fail
from shared.homes import home_with
from shared.notebooks import with_short_notebooks

CROSSWALK = """
[[sheets]]
file = "zaken.csv"
one_row_is = "cases"
[sheets.columns]
"zaak" = "cases.case_id"
"aangemeld" = "cases.date_referral"
"gesloten" = "cases.date_closed"
"reden" = "cases.closure_reason"
"""
ASK, DRAW = Entry.ask, Entry.draw
CELL = "Jansen, Kerkstraat 4"
FEW = "hu"  # a study with few figures


@pytest.fixture
def small(tmp_path: Path) -> Home:
    """Thirty closed cases."""
    days = [pd.Timestamp("2019-01-07") + pd.Timedelta(days=n) for n in range(30)]
    rows = [f"z{n};{day:%d-%m-%Y};{day + pd.Timedelta(days=40):%d-%m-%Y};verhuisd" for n, day in enumerate(days)]
    home = home_with(tmp_path, {"zaken.csv": "\n".join(["zaak;aangemeld;gesloten;reden", *rows, ""])}, CROSSWALK)
    with_short_notebooks(home.path)
    return home


def refuses(entry: Entry, study: Study) -> Finding:
    if entry.id == "F04":
        raise fail("missing_keys", question="closed", keys="class")
    return breaks(entry, study)


def breaks(entry: Entry, study: Study) -> Finding:
    if entry.id == "F05":
        raise KeyError(CELL)
    return ASK(entry, study)


def test_a_question_that_fails_costs_its_figure_a_panel_with_a_sentence(
    small: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Entry, "ask", refuses)
    made = report.report(small, ["here"], "proef", study_id=FEW)
    assert [(m.code, m.place.figure) for m in made.stopped] == [("missing_keys", "F04"), ("unexpected_counting", "F05")]
    for figure, drawn in {"F01": True, "F04": False, "F05": False, "T01": True}.items():
        assert (f"figures/{figure}.json" in made.files) is drawn
    assert "in class ontbreken waarden" in made.files["figures/F04.csv"].decode()
    assert "ij het tellen ging iets mis dat niet was voorzien" in made.files["figures/F05.csv"].decode()
    assert not [path for path, content in made.files.items() if CELL.encode() in content]
    report.write(small, made)
    verified = verify(small, "proef")
    assert [finding for each in verified.checks for finding in each.findings] == []
    assert {each.name: each.skipped for each in verified.checks if each.skipped == "not_drawn"} == {
        "recount": "not_drawn"
    }
    sign(small, verified, small.path.parent / "key.pem")
    signature = files.read_json(small.report("proef") / "manifest.sig")
    assert signature["not_checked"]["recount"] == "not_drawn"


def test_a_drawing_that_fails_costs_its_figure_too(small: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entry, "draw", lambda entry, canvas: 1 / 0 if entry.id == "F01" else DRAW(entry, canvas))
    made = report.report(small, ["here"], "proef", study_id=FEW)
    assert [(m.code, m.place.figure) for m in made.stopped] == [("unexpected_drawing", "F01")]
    assert "figures/F05.json" in made.files


def test_check_asks_every_question_first_and_says_which_fails(small: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [message for message in check(small, ["here"]) if message.place.figure] == []
    monkeypatch.setattr(Entry, "ask", refuses)
    named = {message.place.figure: message.say("nl") for message in check(small, ["here"]) if message.place.figure}
    assert list(named) == ["F04", "F05"]
    assert named["F04"].startswith("figuur F04: de vraag ‘closed’ kan niet worden beantwoord")
    assert CELL not in named["F05"]
    assert not small.processed("here").exists()


def test_an_error_that_nobody_foresaw_names_file_sheet_column_and_step_and_nothing_of_a_cell(
    small: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(CELL)

    monkeypatch.setattr("iww_analysis.tables.cells.dates.date_reader", broken)
    (point,) = [message for message in check(small, ["here"]) if message.code.startswith("unexpected")]
    assert (point.place.file, point.place.column) == ("zaken.csv", "cases.date_referral")
    said = point.say("nl")
    assert "bij het begrijpen van deze waarden ging iets mis" in said
    assert "ValueError in test_bad_question.py" not in said
    assert "ValueError in clean.py:" in said
    assert CELL not in said


def test_a_place_is_filled_in_from_the_inner_step_out() -> None:
    outer, inner = Place("a.xlsx", "Blad1", column="x"), Place(column="cases.status")
    with pytest.raises(IwwError) as error, during("unexpected_reading", outer), during("unexpected_cleaning", inner):
        raise KeyError(CELL)
    (message,) = error.value.messages
    assert (message.code, message.place) == ("unexpected_cleaning", Place("a.xlsx", "Blad1", column="cases.status"))


def test_what_was_foreseen_keeps_its_own_place() -> None:
    with pytest.raises(IwwError) as error, during("unexpected_reading", Place("a.xlsx")):
        raise IwwError(Message("file_empty", Place("b.xlsx")))
    assert error.value.messages == (Message("file_empty", Place("b.xlsx")),)
