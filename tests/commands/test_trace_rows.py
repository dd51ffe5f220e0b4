"""Trace tells the truth: it writes nothing, holds the report beside the data, names the cell that decided, and says why not."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import iww_analysis as iww
from iww_analysis import cli
from iww_analysis.commands import build, report
from iww_analysis.commands.session import sheet_finder
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from iww_analysis.tracing.rows import counted_in, places_of_case, places_of_row
from shared.homes import home_with
from shared.notebooks import with_short_notebooks

RUN = CliRunner()
NAME = "proef"
CROSSWALK = """
[[sheets]]
file = "zaken.csv"
one_row_is = "cases"
date_order = "dmy"
[sheets.columns]
"zaak" = "cases.case_id"
"aangemeld" = "cases.date_referral"
"gesloten" = "cases.date_closed"
"reden" = "cases.closure_reason"
"stand" = "cases.status"
"domein" = { to = "case_domains.domain", split = "+", moment = "begin" }
[codes.closure_reason]
"weg" = "other"
"""
# By hand: 20 cases moved, 12 are gone ("weg"), 8 are open; each has two domains.
CASES = [
    *[f"z{n};01-02-2020;01-03-2020;verhuisd;gesloten;wonen+geld" for n in range(20)],
    *[f"z{n};01-02-2020;01-03-2020;weg;gesloten;wonen+werk" for n in range(20, 32)],
    *[f"z{n};01-02-2020;;;open;wonen+geld" for n in range(32, 40)],
]


def export(cases: Sequence[str]) -> str:
    return "\n".join(["zaak;aangemeld;gesloten;reden;stand;domein", *cases, ""])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a finished report."""
    home = home_with(tmp_path_factory.mktemp("trace"), {"zaken.csv": export(CASES)}, CROSSWALK)
    with_short_notebooks(home.path)
    report.write(home, report.report(home, ["here"], NAME, study_id="hu"))  # fewer figures
    return home


def in_home(home: Home) -> dict[str, str]:
    return {str(path): files.sha256_of(path) for path in sorted(home.path.rglob("*")) if path.is_file()}


def traced(home: Home, *words: str) -> tuple[int, dict[str, Any]]:
    result = RUN.invoke(cli.app, ["trace", *words, "--home", str(home.path), "--json"])
    return result.exit_code, json.loads(result.output)


@pytest.fixture
def changed(made: Home) -> Any:
    """The same after one line of the crosswalk changed: the twelve that are gone have moved. It is put back afterwards."""
    path = made.crosswalk("here")
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('"weg" = "other"', '"weg" = "moved"'), encoding="utf-8")
    yield made
    path.write_text(before, encoding="utf-8")


def test_what_the_report_shows_is_what_the_data_give(made: Home) -> None:
    before = in_home(made)
    code, said = traced(made, "F05", "--mark", "reason=moved", "--report", NAME)
    assert (code, said["ok"], said["otherwise"], said["n_rows"]) == (0, True, [], 20)
    assert in_home(made) == before


def test_after_a_change_the_figures_number_stands_beside_todays_with_why(changed: Home) -> None:
    before = in_home(changed)
    code, said = traced(changed, "F05", "--mark", "reason=moved", "--report", NAME)
    (line,) = said["otherwise"]
    assert code == 1
    assert "de figuur toont n_cases 20, share 0.67, raw_n_cases 20, raw_share 0.625; " in line["text"]
    assert "de gegevens geven nu n_cases 35, share 1, raw_n_cases 32, raw_share 1, " in line["text"]
    assert line["text"].startswith("figuur F05: municipality=GM0243, ")
    assert line["text"].endswith("want de crosswalk van here is sinds het rapport veranderd.")
    assert [mark["raw_n_cases"] for mark in said["marks"]] == [32]
    assert in_home(changed) == before


def test_a_mark_that_the_data_no_longer_give_is_shown_with_what_the_figure_shows(made: Home) -> None:
    path = made.receipts(NAME) / "F05.json"
    whole = path.read_bytes()
    receipt = json.loads(whole)
    receipt["marks"].append(receipt["marks"][0] | {"mark": {"municipality": "GM0243", "reason": "zz"}})
    path.write_text(json.dumps(receipt), encoding="utf-8")
    code, said = traced(made, "F05", "--mark", "reason=zz", "--report", NAME)
    path.write_bytes(whole)
    assert code == 1
    assert "de gegevens geven nu n_cases –" in said["messages"][0]["text"]
    assert "‘iww verify’ zegt wat" in said["messages"][0]["text"]


def test_a_source_that_was_never_built_is_traced_and_not_built(made: Home, tmp_path: Path) -> None:
    home = home_with(tmp_path, {"zaken.csv": export(CASES)}, CROSSWALK)
    assert len(iww.trace("F05", reason="moved", home=home.path)) == 20
    assert not home.processed("here").exists()


def test_a_column_that_the_row_has_no_cell_for_is_no_such_field(made: Home) -> None:
    values = iww.walk_back("F03", municipality="GM0243", domain="finances", part="domains", home=made.path).values
    of_domain = values[(values["table"] == "case_domains") & (values["column"] == "status")]
    assert set(of_domain["rule"]) == {
        "no_such_field"
    }  # and not the cell under "stand", which is the status of the case
    assert set(of_domain["heading"]) == set(of_domain["raw"]) == set(of_domain["said_in"]) == {""}


def test_a_row_is_counted_once_however_many_marks_it_is_in(made: Home) -> None:
    back = iww.walk_back("F03", municipality="GM0243", domain="housing", home=made.path)
    assert (len(back.places), back.places["row"].is_unique) == (40, True)
    assert len(back.rows) > 40
    assert traced(made, "F03", "--mark", "domain=housing")[1]["n_rows"] == 40


@pytest.mark.parametrize("given", ["moved", "verhuisd", "Verhuisd"])
def test_a_mark_is_found_by_its_code_and_by_its_label(made: Home, given: str) -> None:
    assert len(iww.trace("F05", reason=given, home=made.path)) == 20


def test_an_unknown_value_is_said_with_the_nearest_that_there_are(made: Home) -> None:
    with pytest.raises(IwwError, match=r"geen reason=verhuist.*moved / verhuisd"):
        iww.trace("F05", reason="verhuist", home=made.path)
    assert traced(made, "F05", "--mark", "reason=verhuist")[0] == 2


def of(said: dict[str, Any], figure: str, part: str) -> list[tuple[str, str]]:
    return [(line["mark"], line["why"]) for line in said["counted"] if (line["figure"], line["part"]) == (figure, part)]


Asks = Callable[[Home], tuple[int, dict[str, Any]]]


@pytest.mark.parametrize("asks", [
    lambda home: traced(home, "--row", "zaken.csv:2"), lambda home: traced(home, "--case", "Z0"),
])  # fmt: skip
def test_a_row_or_a_case_is_followed_into_every_mark(made: Home, asks: Asks) -> None:
    before = in_home(made)
    code, said = asks(made)
    assert code == 0
    assert {line["table"]: line["n"] for line in said["records"]}["case_domains"] == 2
    assert of(said, "F05", "reasons") == [("municipality=GM0243, reason=moved", "")]
    assert [mark for mark, _ in of(said, "F03", "domains")] == [
        "municipality=GM0243, domain=finances", "municipality=GM0243, domain=housing",
    ]  # fmt: skip
    assert in_home(made) == before


@pytest.mark.parametrize("typed", ["WT-007", "wt-007", "7", "WT 7", "WT–0007"])
def test_a_case_is_found_by_its_number_in_any_form_that_its_source_takes_for_the_same(
    tmp_path: Path, typed: str
) -> None:
    keys = '\n[keys]\ncase_id = ["prefix", "zeros"]\n'
    lines = [line.replace("z1;", "WT-007;").replace("z2;", "00070;") for line in CASES[:3]]
    home = home_with(tmp_path, {"zaken.csv": export(lines)}, CROSSWALK + keys)
    study, _ = build.as_if_built(home, ["here"])
    assert list(places_of_case(study, sheet_finder(home), typed)["source_row"]) == [
        3
    ]  # the second line, below the header


def test_why_a_case_is_not_in_a_bar_is_said(made: Home) -> None:
    open_case = traced(made, "F05", "--case", "z39")[1]
    assert [why for _, why in of(open_case, "F05", "reasons")] == ["still_open"]
    result = RUN.invoke(cli.app, ["trace", "F05", "--case", "z39", "--home", str(made.path)])
    assert "F05 reasons: telt niet mee, want " in result.output


def test_all_rows_together_give_every_mark_its_own_count(tmp_path: Path) -> None:
    study, _ = build.as_if_built(home_with(tmp_path, {"zaken.csv": export(CASES[::4])}, CROSSWALK), ["here"])
    for figure, part in (("F05", "reasons"), ("F03", "domains")):
        counted = pd.concat(
            [counted_in(study, places_of_row(study, f"zaken.csv:{row}"), figure) for row in range(2, 12)]
        )
        counted = counted[(counted["part"] == part) & (counted["mark"] != "")]
        answer = CATALOGUE[figure].ask(study).part(part)
        keys = answer.question.by
        wanted = {
            ", ".join(f"{key}={row[key]}" for key in keys): row["n_cases"]
            for row in answer.numbers.to_dict("records") if row["n_cases"]
        }  # fmt: skip
        assert dict(counted.groupby("mark").size()) == wanted


@pytest.mark.parametrize(("words", "says"), [
    ((), "--row BESTAND:BLAD:RIJ"), (("--row", "zaken.csv"), "BESTAND:RIJ"), (("--row", "x.csv:2"), "zaken.csv"),
    (("--case", "z99"), "in geen cel"),
])  # fmt: skip
def test_what_cannot_be_traced_is_said_with_what_can(made: Home, words: tuple[str, ...], says: str) -> None:
    code, said = traced(made, *words)
    assert code == 2
    assert says in said["messages"][0]["text"]
