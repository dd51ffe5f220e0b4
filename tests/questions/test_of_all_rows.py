"""What no heading says and holds for all rows is asked for the card: a team where rows need one, the municipality of talks."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from iww_analysis.commands.add import Added, add
from iww_analysis.commands.build import build
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.io.disk.home import Home
from shared.homes import workbook

RECEIVED = dt.date(2023, 9, 1)
FLAP = [["Groep", "Wat doen we", "Effecten"], ["Groep A", "A1 huisbezoek", "E1 minder stress\nE2 minder schulden"]]
TALKS = """Casus;Element;Perspectief;Aanwezig;Toestemming
Linde;voelt zich gehoord;cliënt;ja;ja
Beuk;voelt zich gehoord;cliënt;nee;ja
"""


def added(home: Home, path: Path, content: str | bytes, **answers: str) -> tuple[Added, list[OpenQuestion]]:
    """Add a file and answer what is asked for the card by the name of the field; gives the questions too."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    asked = list[OpenQuestion]()

    def answer(question: OpenQuestion) -> str:
        asked.append(question)
        return answers.get(question.code.removeprefix("ask_"), "")

    return add(home, "wijk", [path], RECEIVED, ask=answer), asked


def card(done: Added) -> dict[str, object]:
    return tomllib.loads((done.folder / "origin.toml").read_text(encoding="utf-8"))


def test_the_flap_of_an_arena_names_no_team_so_it_is_asked(home: Home, tmp_path: Path) -> None:
    done, asked = added(home, tmp_path / "flap.xlsx", workbook({"Flap": FLAP}), team="Team De Brug")
    (question,) = [each for each in asked if each.code == "ask_team"]
    assert (question.n, question.free, card(done)["team"]) == (1, "text", "Team De Brug")
    assert list(build(home, "wijk").tables["arena_nodes"]["team"].unique()) == ["Team De Brug"]


def test_until_a_team_is_said_the_flap_counts_nowhere_and_check_asks(home: Home, tmp_path: Path) -> None:
    done, _ = added(home, tmp_path / "flap.xlsx", workbook({"Flap": FLAP}))
    assert card(done)["team"] == "?"
    assert "team" in [point.words["field"] for point in check(home, ["wijk"]) if point.code == "origin_field"]
    assert "arena_nodes" not in build(home, "wijk").tables


@pytest.mark.parametrize(("heading", "asks"), [("Team", False), ("Tafel", True)])
def test_a_team_that_a_heading_gives_is_not_asked(home: Home, tmp_path: Path, heading: str, asks: bool) -> None:
    rows = [["Groep", heading, "Effecten"], ["Groep A", "De Brug", "E1 minder stress"]]
    _, asked = added(home, tmp_path / "flap.xlsx", workbook({"Flap": rows}))
    assert ("ask_team" in [question.code for question in asked]) == asks


def test_a_flap_of_one_group_names_no_arena_either_and_every_note_is_an_item(home: Home, tmp_path: Path) -> None:
    """The longest column ends in lone cells: no footnotes, which stand below an empty row."""
    rows = [
        ["Wat doen we", "Effecten"],
        ["huisbezoek", "minder stress"],
        ["samen aan tafel", None],
        ["vast contact", None],
        [],
        ["ingevuld door negen mensen", None],
    ]
    path = tmp_path / "flap.xlsx"
    done, _ = added(home, path, workbook({"Flap": rows}), team="Team De Brug", constant_name="Groep A")
    items = build(home, "wijk").tables["arena_nodes"].sort_values("node_id")
    assert [*zip(items["arena_id"], items["node_id"], items["label"], strict=True)] == [
        ("Groep A", "A1", "huisbezoek"),
        ("Groep A", "A2", "samen aan tafel"),
        ("Groep A", "A3", "vast contact"),
        ("Groep A", "E1", "minder stress"),
    ]
    assert not [message for message in done.messages if message.code == "required_open"]


def test_the_municipality_of_talks_is_asked_where_no_row_names_it(home: Home, tmp_path: Path) -> None:
    done, _ = added(home, tmp_path / "gesprekken.csv", TALKS, municipality="Gouda")
    assert card(done)["municipality"] == ["GM0513"]


def test_talks_whose_municipality_nobody_says_still_count(home: Home, tmp_path: Path) -> None:
    done, asked = added(home, tmp_path / "gesprekken.csv", TALKS)
    assert ("ask_municipality" in [question.code for question in asked], card(done)["municipality"]) == (True, [])
    assert len(build(home, "wijk").tables["judgements"]) == 2


def test_the_municipality_of_talks_that_rows_name_is_not_asked(home: Home, tmp_path: Path) -> None:
    head, *rows = TALKS.splitlines()
    named = "\n".join([f"{head};Gemeente", *(f"{row};Gouda" for row in rows)])
    _, asked = added(home, tmp_path / "gesprekken.csv", named)
    assert "ask_municipality" not in [question.code for question in asked]
