"""A sign between names: it separates several or stands in one; where no other cell proves it, a person is asked."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile, words_of
from iww_analysis.io.disk.home import Home
from shared.homes import home_with


def profile(*texts: str) -> ColumnProfile:
    return ColumnProfile(pd.Series(texts, dtype="str"))


@pytest.mark.parametrize(
    ("texts", "separators", "doubted"),
    [
        (("Kredietbank, MEE", "MEE", "Kredietbank", "GGZ"), ",", ""),  # both parts stand alone elsewhere
        (("Kredietbank, MEE", "GGZ", "Jeugdzorg"), "", ","),
        (("Jeugd, locatie Oost", "Jeugd, locatie West", "Wonen, locatie Oost"), "", ","),  # no place stands alone
        (("MEE; GGZ", "Kredietbank\nMEE"), ";\n", ""),  # no name holds these
        (("MEE/Vivent", "MEE, GGZ"), "", ",/"),
    ],
)
def test_what_a_sign_cuts_stands_alone_elsewhere_or_it_is_doubted(
    texts: tuple[str, ...], separators: str, doubted: str
) -> None:
    assert (profile(*texts).separators, profile(*texts).doubted) == (separators, doubted)


@pytest.mark.parametrize(
    ("texts", "split"),
    [
        (("Werk/opl.\nWonen", "Wonen"), "\n"),  # "opl." is no word of the list: the slash stands in one
        (("Wonen/Schulden", "Wonen"), "/"),
        (("Wonen, Schulden, iets anders", "Wonen"), ","),
    ],
)
def test_a_sign_separates_words_of_a_list_when_most_of_what_it_cuts_is_known(
    texts: tuple[str, ...], split: str
) -> None:
    assert profile(*texts).known(words_of("life_domain"))[0] == split


ROWS = """Casusnr;Datum aanmelding;Ketenpartners
1;03-05-2022;Kredietbank Oost, MEE regio West
2;14-05-2022;Stichting De Brug, Kredietbank Oost
3;20-05-2022;MEE regio West
"""


@pytest.mark.parametrize(
    ("answer", "line", "names", "open_"),
    [
        ("", '"Ketenpartners" = "?"', 3, [2]),
        ("meer namen in een cel: ‘,’ scheidt ze (2 cellen)", '"Ketenpartners" = ","', 5, []),
        ("één naam per cel: de tekens horen bij de naam", '"Ketenpartners" = "no"', 3, []),
    ],
)
def test_add_asks_and_the_answer_splits_the_cells(
    tmp_path: Path, answer: str, line: str, names: int, open_: list[int]
) -> None:
    (tmp_path / "zaken.csv").write_text(ROWS, encoding="utf-8")
    here = Home(tmp_path / "home")
    asked: list[OpenQuestion] = []

    def say(question: OpenQuestion) -> str:
        asked.append(question)
        return answer if question.code == "ask_separators" else "GM0228" if question.code == "ask_municipality" else ""

    add(here, "ede", [tmp_path / "zaken.csv"], dt.date(2022, 7, 1), ask=say)
    (question,) = [each for each in asked if each.code == "ask_separators"]
    assert (question.n, question.of) == (2, 3)
    assert question.say("nl") == (
        "bestand zaken.csv, kolom ‘Ketenpartners’: zijn het hier meer namen of één? In 2 van de 3 rijen staat ‘,’ tussen "
        "woorden. Kies: 1 = ,; 2 = no, of niets om de vraag te laten staan. "
        "Weet niemand het? Antwoord dan ‘weet ik niet’: dat telt als niet bekend."
    )
    assert line in here.crosswalk("ede").read_text(encoding="utf-8")
    assert [m.words["n"] for m in check(here, ["ede"]) if m.code == "separators_open"] == open_
    assert len(build.build(here, "ede").tables["case_organisations"]) == names


def test_an_answer_that_is_none_is_refused(tmp_path: Path) -> None:
    crosswalk = """
    [[sheets]]
    file = "*"
    one_row_is = "cases"
    [sheets.columns]
    "Casusnr" = "cases.case_id"
    "Ketenpartners" = { to = "case_organisations.organisation", split = ";", moment = "begin" }
    [sheets.separators]
    "Ketenpartners" = "komma"
    """
    (said,) = check(home_with(tmp_path, {"zaken.csv": ROWS}, crosswalk), ["here"])
    assert said.say("nl").endswith(
        'kolom ‘Ketenpartners’: ‘komma’ is geen antwoord op separators. Geef de tekens die scheiden, zoals "," of ",/", of '
        '"no" of "?".'
    )
