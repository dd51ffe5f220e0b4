"""Scores under abbreviated headings: read by their parts, asked about once, and never guessed."""

import datetime as dt
import tomllib
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from iww_analysis.commands.add import Added, add, take_in
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.io.disk.home import Home
from shared.recognised import sheet

RECEIVED = dt.date(2024, 2, 1)
TEXT = """Casusnr;Datum aanmelding;ZRM Tijd begin;ZRM Huisv. begin;ZRM Huis. rel. begin
0012;03-05-2022;2;3;4
0013;14-05-2022;1;5;2
"""
READ = {
    "ZRM Tijd begin": {"to": "scores.score", "domain": "time_use", "moment": "begin"},
    "ZRM Huisv. begin": {"to": "scores.score", "domain": "housing", "moment": "begin"},
    "ZRM Huis. rel. begin": {"to": "scores.score", "domain": "domestic_relations", "moment": "begin"},
}


@pytest.mark.parametrize(
    ("heading", "constants"),
    [
        ("ZRM Fin. begin", "domain = finances, moment = begin"),
        ("ZRM Werk/Opl. eind", "domain = work_education, moment = end"),
        ("ZRM I-ADL nulmeting", "domain = instrumental_adl, moment = begin"),
        ("nulmeting ZRM Soc. netwerk", "domain = social_network, moment = begin"),
        ("ZRM_GEEST_GEZ_T0", "domain = mental_health, moment = begin"),
        ("ZRM2013 dagb. eind", "domain = daytime_2013, instrument_version = zrm_2013, moment = end"),
    ],
)
def test_a_heading_of_a_score_is_read_by_the_beginnings_of_its_parts_and_only_proposed(
    heading: str, constants: str
) -> None:
    [proposal] = [p for p in headed(heading) if p.heading == heading]
    assert proposal.best.label == f"scores.score ({constants})"
    assert proposal.sure is None


@pytest.mark.parametrize("heading", ["ZRM Huis begin", "Gewicht begin", "ZRM eerste begin"])
def test_a_beginning_of_two_domains_or_of_none_names_no_score(heading: str) -> None:
    [proposal] = [p for p in headed(heading) if p.heading == heading]
    assert proposal.sure is None
    assert proposal.best.confidence < 87


def headed(heading: str):  # type: ignore[no-untyped-def]
    return sheet(f"""
        Casusnr | Datum aanmelding | {heading}
        0012    | 03-05-2022       | 2
        0013    | 14-05-2022       | 4
        """).proposals


def added(home: Home, folder: Path) -> Added:
    path = folder / "lijst.csv"
    path.write_text(TEXT, encoding="utf-8")
    return add(home, "ede", [path], RECEIVED, yes=True)


def questions(form: Path | None) -> Worksheet:
    assert form
    return openpyxl.load_workbook(form)["Vragen"]


def asked(form: Path | None) -> list[str]:
    """What a form asks of the file."""
    rows = questions(form).iter_rows(min_row=2, values_only=True)
    return [str(row[3] or row[0]) for row in rows if row[1] == "lijst.csv"]


def fill(form: Path | None, given: dict[str, str]) -> Path:
    assert form
    book = openpyxl.load_workbook(form)
    for row in book["Vragen"].iter_rows(min_row=2):
        said = str(row[3].value or row[0].value)
        row[7].value = next((answer for start, answer in given.items() if said.startswith(start)), None)
    book.save(form)
    return form


def read(home: Home) -> dict[str, object]:
    [entry] = tomllib.loads(home.crosswalk("ede").read_text(encoding="utf-8"))["sheets"]
    return entry["columns"] | entry.get("constants", {}) | entry.get("ignore", {})  # type: ignore[no-any-return]


FAMILY = "3 koppen van dit blad lijken scores"
VERSION = "Geen kop zegt dit: wat geldt als"


def test_a_family_of_columns_costs_one_answer_and_their_version_one(home: Home, tmp_path: Path) -> None:
    first = added(home, tmp_path)
    assert [said.startswith(start) for said, start in zip(asked(first.form), (FAMILY, VERSION), strict=True)] == [
        True
    ] * 2
    [row] = [row for row in questions(first.form).iter_rows(values_only=True) if str(row[0]).startswith(FAMILY)]
    assert row[6] == (
        "ja, alle zo lezen (87 %: ‘ZRM Tijd begin’ = tijdsbesteding, begin; ‘ZRM Huisv. begin’ = huisvesting, begin; "
        "‘ZRM Huis. rel. begin’ = huiselijke relaties, begin)"
    )
    assert len([m for m in check(home, ["ede"]) if m.place.column in READ]) == 3
    take_in(home, "ede", fill(first.form, {FAMILY: "ja, alle zo lezen", VERSION: "ZRM 2017"}))
    assert READ.items() <= read(home).items()
    assert read(home)["scores.instrument_version"] == "zrm_2017"
    assert not [m for m in check(home, ["ede"]) if m.place.file == "lijst.csv"]


def test_one_by_one_every_domain_and_moment_can_be_chosen(home: Home, tmp_path: Path) -> None:
    form = take_in(home, "ede", fill(added(home, tmp_path).form, {FAMILY: "nee, vraag ze een voor een"})).form
    assert set(READ) < set(asked(form))
    book = openpyxl.load_workbook(form)  # type: ignore[arg-type]
    lists = {str(rule.sqref): rule.formula1 for rule in book["Vragen"].data_validations.dataValidation if rule.formula1}
    row = next(row[0].row for row in book["Vragen"].iter_rows(min_row=2) if row[3].value == "ZRM Tijd begin")
    name, _, area = lists[f"H{row}"].partition("!")
    words = {line[0].value for line in book[name][area.replace("$", "")]}
    domains = ("financiën", "tijdsbesteding", "huisvesting", "justitie", "basale ADL", "dagbesteding (2013)")
    assert {f"scores: score ({d}, {m})" for d in domains for m in ("begin", "tussentijds", "eind")} <= words
    again = take_in(
        home, "ede", fill(form, {"ZRM Tijd begin": "scores: score (justitie, eind)", "ZRM Huisv.": "niet lezen"})
    )
    assert read(home)["ZRM Tijd begin"] == {"to": "scores.score", "domain": "justice", "moment": "end"}
    assert read(home)["ZRM Huisv. begin"] == "niet nodig, zo geantwoord bij het toevoegen"
    assert asked(again.form)[0] == "ZRM Huis. rel. begin"


def test_the_terminal_asks_it_once_with_how_each_is_read(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text(TEXT, encoding="utf-8")
    said: list[OpenQuestion] = []

    def answer(question: OpenQuestion) -> str:
        said.append(question)
        return {"ask_family": "1", "ask_constant": "zrm_2013"}.get(question.code, "")

    add(home, "ede", [path], RECEIVED, ask=answer)
    assert [q.code for q in said][:2] == ["ask_family", "ask_constant"]
    assert said[0].say("nl") == (
        "bestand lijst.csv: 3 koppen lijken scores, met een domein en een moment in de kop: "
        "‘ZRM Tijd begin’ = tijdsbesteding, begin; ‘ZRM Huisv. begin’ = huisvesting, begin; "
        "‘ZRM Huis. rel. begin’ = huiselijke relaties, begin. Klopt dat? Kies: 1 = yes; 2 = each; 3 = -, of niets om de "
        "vragen te laten staan. "
        "Weet niemand het? Antwoord dan ‘weet ik niet’: dat telt als niet bekend."
    )
    assert READ.items() <= read(home).items()
