"""The version of an instrument in a column of its own holds for the scores of its row; of a moment, for the scores of then."""

import datetime as dt
from pathlib import Path

import pytest

import iww_analysis as iww
from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.io.disk.home import Home

ROWS = """Casusnr;Datum aanmelding;ZRM Financiën begin;ZRM Financiën eind;Versie ZRM
1;03-05-2022;2;4;{old}
2;14-05-2022;3;;{new}
3;20-05-2022;;;{new}
"""


@pytest.mark.parametrize(("old", "new"), [("ZRM 2013", "ZRM 2017"), ("2013", "2017"), ("versie 2013", "versie 2017")])
def test_each_score_has_the_version_of_its_row(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "zaken.csv").write_text(ROWS.format(old=old, new=new), encoding="utf-8")
    home, asked = Home(tmp_path / "home"), list[OpenQuestion]()

    def say(question: OpenQuestion) -> str:
        asked.append(question)
        return "GM0228" if question.code == "ask_municipality" else ""

    add(home, "ede", [tmp_path / "zaken.csv"], dt.date(2022, 7, 1), ask=say)
    assert not [q.say() for q in asked if q.code in ("ask_heading", "ask_constant", "ask_code")]
    built = build.build(home, "ede")
    assert built.tables["set_aside"].empty
    scores = built.tables["scores"].dropna(subset="score").sort_values(["source_row", "moment"])
    assert scores[["source_row", "instrument_version", "moment", "score"]].to_numpy().tolist() == [
        [2, "zrm_2013", "begin", 2], [2, "zrm_2013", "end", 4], [3, "zrm_2017", "begin", 3]
    ]  # fmt: skip


TWO = """Casusnr;Datum aanmelding;Datum ZRM begin;Versie ZRM begin;ZRM Financiën begin;Versie ZRM eind;ZRM Financiën eind
1;03-05-2022;04-05-2022;2013;2;2017;4
2;14-05-2022;16-05-2022;2017;3;;
"""


def test_of_two_versions_in_a_row_each_holds_for_its_own_moment(tmp_path: Path) -> None:
    """Who has no second measurement lacks nothing."""
    (tmp_path / "zaken.csv").write_text(TWO, encoding="utf-8")
    home = Home(tmp_path / "home")
    added = add(home, "ede", [tmp_path / "zaken.csv"], dt.date(2022, 7, 1), yes=True)
    assert not added.guesses[added.guesses["proposal"].str.startswith("?")].size
    built = build.build(home, "ede")
    assert built.tables["set_aside"].empty
    columns = ["source_row", "instrument_version", "moment"]
    scores = built.tables["scores"].sort_values(["source_row", "moment"])
    assert scores[[*columns, "score"]].to_numpy().tolist() == [
        [2, "zrm_2013", "begin", 2], [2, "zrm_2017", "end", 4], [3, "zrm_2017", "begin", 3]
    ]  # fmt: skip
    assert built.tables["measurements"][columns].to_numpy().tolist() == [
        [2, "zrm_2013", "begin"],
        [3, "zrm_2017", "begin"],
    ]


def test_trace_names_the_heading_that_said_the_version(tmp_path: Path) -> None:
    (tmp_path / "zaken.csv").write_text(TWO, encoding="utf-8")
    home = Home(tmp_path / "home")
    add(home, "ede", [tmp_path / "zaken.csv"], dt.date(2022, 7, 1), yes=True)
    values = iww.walk_back("F09", home=home.path).values
    said = values[(values["column"] == "instrument_version") & (values["row"] == 2)]
    assert {*zip(said["heading"], said["raw"], said["value"], strict=True)} == {
        ("Versie ZRM begin", "2013", "zrm_2013"), ("Versie ZRM eind", "2017", "zrm_2017")
    }  # fmt: skip
