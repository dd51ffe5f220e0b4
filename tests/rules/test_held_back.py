"""What may point out a person is held back in every text of a source: […] stands there, and no record goes."""

from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa

import iww_analysis as iww
from iww_analysis.cleaning.rules.texts import hold_back
from iww_analysis.commands import build
from iww_analysis.commands.add import take_in
from iww_analysis.io.disk.home import Home
from iww_analysis.privacy.text.roster import HiddenColumns
from iww_analysis.tables.cells.interning import as_frame, compact
from shared.frames import drawn, placed
from shared.homes import home_with


def held_back(table: str, drawing: str, *hidden: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records of a drawn table with their texts held back, and what was noted; `hidden`: cells of a column of names."""
    columns = HiddenColumns()
    columns.add("naam", pa.array([*hidden]))
    made = hold_back({table: compact(placed(drawn(drawing)))}, [columns], ())
    return as_frame(made.tables[table]), made.problems


def test_a_label_keeps_its_row_and_the_rest_of_its_text() -> None:
    records, problems = held_back(
        "case_organisations", "case_id|organisation\n1|GGZ, bel 06-12345678\n2|jan@example.nl\n3|GGZ Rivier"
    )
    assert records["organisation"].tolist() == ["GGZ, bel […]", "[…]", "GGZ Rivier"]
    noted = problems[["source_row", "column", "rule", "severity"]].to_numpy().tolist()
    assert noted == [[2, "organisation", "held_back", "note"], [3, "organisation", "held_back", "note"]]


def test_a_cleared_quote_keeps_the_rest_of_its_words() -> None:
    records, _ = held_back(
        "segments",
        "quote\nMijn nummer is 999990019.\nZij heet Xqwara, zei ze.\nZij bleef komen.",
        "Xqwara",
        "Jan",
        "Ali",
    )
    assert records["quote"].tolist() == ["Mijn nummer is […].", "Zij heet […], zei ze.", "Zij bleef komen."]


ARENA = """
[[sheets]]
file = "arena*"
one_row_is = "arena_nodes"
[sheets.columns]
"team" = "arena_nodes.team"
"arena" = "arena_nodes.arena_id"
"soort" = "arena_nodes.kind"
"wat" = "arena_nodes.item"
"nr" = ["arena_nodes.node_id", "arena_edges.from_id"]
"naar" = "arena_edges.to_id"
[sheets.ignore]
"door" = "naam van de deelnemer"
"""
ITEMS = (
    "team;arena;soort;nr;wat;naar;door\nNoord;1;activiteit;A1;mevrouw Jansen belt;E1;Xqwara Zsom\n"
    "Noord;1;activiteit;A2;mevrouw Bakker belt;E1;Fatima Yildiz\nNoord;1;effect;E1;xqwara krijgt rust;;Jan Jansen\n"
)


def arena_in(folder: Path) -> Home:
    return home_with(folder, {"arena.csv": ITEMS}, ARENA, regime="case_study", study="wijkteams_2017")


def test_two_texts_held_back_in_one_arena_stay_two_and_stop_no_figure(tmp_path: Path) -> None:
    home = arena_in(tmp_path)
    labels = build.build_and_store(home, "here").tables["arena_nodes"].set_index("node_id")["label"]
    assert labels.to_dict() == {"A1": "mevrouw […] belt", "A2": "mevrouw […] (2) belt", "E1": "[…] krijgt rust"}
    picture = iww.charts.draw("F10", build.load(home, ["here"])).svg.decode()
    assert "[…]" in picture
    assert not {"Jansen", "Bakker", "xqwara"} & set(picture.replace("<", " ").replace(">", " ").split())


def test_a_person_decides_line_by_line_and_is_not_asked_again(tmp_path: Path) -> None:
    home = arena_in(tmp_path)
    notices = build.build_and_store(home, "here").notices
    assert [notice.words["n"] for notice in notices if notice.code == "texts_open"] == [1]  # Jansen is on the roster
    form = home.names_form("here")
    book = openpyxl.load_workbook(form)
    assert "Bakker" in book.worksheets[1]["A2"].value
    book.worksheets[1]["H2"] = "een naam: blijft […]"
    book.save(form)
    assert take_in(home, "here", form).n_taken == 1
    assert "Bakker" not in home.crosswalk("here").read_text("utf-8")
    again = build.build(home, "here")
    assert again.doubts == []
    assert "mevrouw […] (2) belt" in again.tables["arena_nodes"]["label"].tolist()


def test_a_word_that_is_no_name_comes_back(tmp_path: Path) -> None:
    home = arena_in(tmp_path)
    walk = home.crosswalk("here")
    walk.write_text(walk.read_text("utf-8") + '[texts]\n"Bakker" = "no_name"\n', encoding="utf-8")
    assert "mevrouw Bakker belt" in build.build(home, "here").tables["arena_nodes"]["label"].tolist()
