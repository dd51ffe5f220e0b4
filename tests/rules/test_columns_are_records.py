"""Sheets turned on their side: one row makes a record for each of several columns, and stays one row in the account."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.cleaning.source import Built
from iww_analysis.commands.build import build
from iww_analysis.crosswalk.parse import parse
from iww_analysis.messages.errors import IwwError
from shared.homes import deliver, home_with

SCORES = """
[[sheets]]
file = "*.csv"
one_row_is = "scores"
a_column_is = ["domain", "moment"]
[sheets.columns]
"Casusnr" = "scores.case_id"
"Wonen begin" = { to = "scores.score", domain = "housing", moment = "begin" }
"Wonen eind" = { to = "scores.score", domain = "housing", moment = "end" }
"Justitie eind" = { to = "scores.score", domain = "justice", moment = "end" }
[sheets.constants]
"scores.instrument_version" = "zrm_2017"
"""
HEAD = "Casusnr;Wonen begin;Wonen eind;Justitie eind\n"


def built(folder: Path, text: str, crosswalk: str = SCORES) -> Built:
    return build(home_with(folder, {"zrm.csv": text}, crosswalk), "here")


def table(made: Built, name: str, *columns: str) -> list[tuple[object, ...]]:
    frame = pd.DataFrame(made.tables[name])
    return [*frame[[*columns]].sort_values([*columns]).itertuples(index=False, name=None)]


def test_every_filled_cell_is_a_record_and_what_no_column_names_holds_for_all_of_the_row(tmp_path: Path) -> None:
    made = built(tmp_path, HEAD + "12;2;4;\n13;3;;5\n14;;;\n")
    assert table(made, "scores", "source_row", "domain", "moment", "instrument_version", "score") == [
        (2, "housing", "begin", "zrm_2017", 2),
        (2, "housing", "end", "zrm_2017", 4),
        (3, "housing", "begin", "zrm_2017", 3),
        (3, "justice", "end", "zrm_2017", 5),
    ]
    [line] = made.ledger["sheets"]
    assert (line["rows_read"], line["rows_kept"], line["rows_set_aside"]) == (3, 3, 0)


def test_two_rows_of_one_case_contradict_and_the_first_stays(tmp_path: Path) -> None:
    made = built(tmp_path, HEAD + "12;2;4;\n12;2;5;\n12;2;4;\n")
    assert made.ledger["sheets"][0]["set_aside_by_reason"] == {"contradiction": 1}
    assert made.ledger["sheets"][0]["rows_duplicate"] == 1
    assert [score for (score,) in table(made, "scores", "score")] == [2, 4]


def test_a_row_without_what_all_its_records_need_is_set_aside(tmp_path: Path) -> None:
    made = built(tmp_path, HEAD + ";2;4;\n13;3;;\n")
    assert made.ledger["sheets"][0]["set_aside_by_reason"] == {"missing_required": 1}
    assert table(made, "scores", "source_row", "score") == [(3, 3)]


def test_a_later_delivery_of_the_row_takes_the_place_of_all_its_records(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"zrm.csv": HEAD + "12;2;4;1\n13;3;;\n"}, SCORES)
    deliver(home, "here", {"zrm.csv": HEAD + "12;2;5;\n"}, received="2021-06-15")
    made = build(home, "here")
    assert table(made, "scores", "source_id", "source_row", "score") == [
        ("2021-01-15/zrm.csv", 3, 3),
        ("2021-06-15/zrm.csv", 2, 2),
        ("2021-06-15/zrm.csv", 2, 5),
    ]
    assert [line["rows_superseded"] for line in made.ledger["sheets"]] == [1, 0]


def test_a_column_per_element_and_one_per_voice_are_judgements(tmp_path: Path) -> None:
    crosswalk = """
[[sheets]]
file = "*.csv"
one_row_is = "judgements"
a_column_is = "perspective"
[sheets.columns]
"Casus" = "judgements.case_id"
"Element" = "judgements.element"
"Cliënt" = { to = "judgements.present", perspective = "client" }
"Team" = { to = "judgements.present", perspective = "professional" }
"""
    home = home_with(
        tmp_path, {"o.csv": "Casus;Element;Cliënt;Team\nEik;w03_trust;ja;nee\nEik;w01_one_plan;;deels\n"}, crosswalk,
        regime="case_study",
    )  # fmt: skip
    assert table(build(home, "here"), "judgements", "case_id", "element", "perspective", "present") == [
        ("Eik", "w01_one_plan", "professional", "partly"),
        ("Eik", "w03_trust", "client", "yes"),
        ("Eik", "w03_trust", "professional", "no"),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('a_column_is = "score"', "koppen kunnen niet voor ‘score’ staan: dat houdt niet uit elkaar wat een rij is"),
        ('a_column_is = "moment"', "één rij is hier één ‘scores’, dus deze kop kan haar niet splitsen"),
    ],
)
def test_what_columns_cannot_be_is_named(lines: str, said: str) -> None:
    text = SCORES.replace('a_column_is = ["domain", "moment"]', lines)
    with pytest.raises(IwwError) as error:
        parse(tomllib.loads(f'format = "iww-crosswalk/1"\nsource = "here"\n{text}'), "here.toml")
    assert said in error.value.messages[0].say("nl")
