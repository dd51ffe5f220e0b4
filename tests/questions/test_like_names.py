"""A name of a team that is written like a commoner one: the same, or another? A person says; until then it counts by itself."""

import datetime as dt
from pathlib import Path

import pytest

import iww_analysis as iww
from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.propose.like_names import is_like
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from shared.homes import home_with


@pytest.mark.parametrize(
    ("name", "other", "like"),
    [
        ("Team Noort", "Team Noord", True),
        ("Taem Noord", "Team Noord", True),  # two letters changed places
        ("Wijkteam Bennekomm-Zuidwset", "Wijkteam Bennekom-Zuidwest", True),
        ("Team Oost", "Team West", False),  # two letters of a short word
        ("Team 1", "Team 2", False),
        ("Team A", "Team B", False),
        ("Team Noord", "Team Noordoost", False),
    ],
)
def test_a_letter_or_two_of_a_far_commoner_name_is_a_slip(name: str, other: str, *, like: bool) -> None:
    assert is_like(name, other, {name: 1, other: 120}) is like
    assert not is_like(name, other, {name: 30, other: 120})  # a slip is rare


@pytest.mark.parametrize("name", ["team noord", "Team-Noord", "TeamNoord", "Team  Noord", "Téam Noord"])
def test_case_spaces_and_dashes_are_asked_about_however_common(name: str) -> None:
    assert is_like(name, "Team Noord", {name: 60, "Team Noord": 61})


TEAMS = ["Team Noord"] * 12 + ["Team Noort"] + ["Team Zuid"] * 6
ROWS = "Casusnr;Datum aanmelding;Team\n" + "".join(f"K{n:03};{n + 1:02}-05-2022;{t}\n" for n, t in enumerate(TEAMS))


@pytest.mark.parametrize(
    ("answer", "line", "counted"),
    [
        ("", '"Team Noort" = "?"', {"Team Noord": 12, "Team Zuid": 6, "Team Noort": 1}),
        ("dezelfde: 1 rij telt bij ‘Team Noord’", '"Team Noort" = "Team Noord"', {"Team Noord": 13, "Team Zuid": 6}),
        ("2", '"Team Noort" = "Team Noort"', {"Team Noord": 12, "Team Zuid": 6, "Team Noort": 1}),
    ],
)  # fmt: skip
def test_add_asks_and_the_answer_says_under_which_name_it_counts(
    tmp_path: Path, answer: str, line: str, counted: dict[str, int]
) -> None:
    (tmp_path / "zaken.csv").write_text(ROWS, encoding="utf-8")
    here = Home(tmp_path / "home")
    asked: list[OpenQuestion] = []

    def say(question: OpenQuestion) -> str:
        asked.append(question)
        return answer if question.code == "ask_names" else "GM0228" if question.code == "ask_municipality" else ""

    add(here, "ede", [tmp_path / "zaken.csv"], dt.date(2022, 7, 1), ask=say)
    (question,) = [each for each in asked if each.code == "ask_names"]
    assert question.say("nl") == (
        "bestand zaken.csv, kolom ‘Team’: is ‘Team Noort’ (1 rij) dezelfde als ‘Team Noord’ (12 rijen)? Kies: 1 = same; "
        "2 = own, of niets om de vraag te laten staan. "
        "Weet niemand het? Antwoord dan ‘weet ik niet’: dat telt als niet bekend."
    )
    text = here.crosswalk("ede").read_text(encoding="utf-8")
    assert f"[names.team]\n{line}" in text
    made = build.build(here, "ede")
    assert made.tables["cases"]["team"].value_counts().to_dict() == counted
    said = [m.say("nl") for m in check(here, ["ede"]) if m.code in ("name_like", "line_unused")]
    assert said == [m.say("nl") for m in made.messages + made.notices if m.code == "name_like"]
    assert said == ([] if answer else [
        "bestand zaken.csv, kolom ‘Team’: ‘Team Noort’ (1 rij) lijkt op ‘Team Noord’ (12 rijen) en telt apart zolang niemand "
        "zegt of het dezelfde naam is. Beantwoord de vraag in het formulier (‘iww add BRON’ zet het klaar), of "
        "zet onder [names.team] achter ‘Team Noort’ de naam waaronder zij telt (dezelfde naam "
        "nog eens: zij is een andere)."
    ])  # fmt: skip


CROSSWALK = """
[[sheets]]
file = "*"
one_row_is = "cases"
[sheets.columns]
"Casusnr" = "cases.case_id"
"Datum aanmelding" = "cases.date_referral"
"Team" = "cases.team"
[names.{column}]
"Team Noort" = "Team Noord"
"Team Oost" = "Team Oost"
"""


def test_a_line_that_no_delivery_needs_is_said(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"zaken.csv": ROWS}, CROSSWALK.format(column="team"))
    assert [m.words["found"] for m in check(home, ["here"]) if m.code == "line_unused"] == ["Team Oost"]


def test_names_of_a_column_with_a_list_are_refused(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"zaken.csv": ROWS}, CROSSWALK.format(column="domain"))
    with pytest.raises(IwwError, match=r"kolom ‘names.domain’: ‘domain’ is geen kolom met namen die één kunnen zijn"):
        build.build(home, "here")


def test_trace_names_the_line_that_says_under_which_name_it_counts(tmp_path: Path) -> None:
    rows = "Team;Casus;Wie;Wat;Er\n" + "".join(
        f"Team {name};S01;{voice};w03_trust;yes\n"
        for name, voice in [("Noord", "client"), ("Noort", "professional"), ("Zuid", "client")]
    )
    crosswalk = """
[[sheets]]
file = "*"
one_row_is = "judgements"
[sheets.columns]
"Team" = "judgements.team"
"Casus" = "judgements.case_id"
"Wie" = "judgements.perspective"
"Wat" = "judgements.element"
"Er" = "judgements.present"
[names.team]
"Team Noort" = "Team Noord"
"""
    home = home_with(tmp_path, {"oordelen.csv": rows}, crosswalk, regime="case_study", study="iww2017")
    back = iww.walk_back("F12", team="Team Noord", home=home.path, sources=["here"])
    of_team = back.values[back.values["column"].eq("team") & back.values["raw"].eq("Team Noort")]
    (said,) = {(row.value, row.rule, row.said_in) for row in of_team.itertuples()}
    heading, line = (int(number) for number in said[2].removeprefix("here.toml:").split(", "))
    written = home.crosswalk("here").read_text(encoding="utf-8").splitlines()
    assert said[:2] == ("Team Noord", "crosswalk")
    assert (written[heading - 1], written[line - 1]) == ('"Team" = "judgements.team"', '"Team Noort" = "Team Noord"')
