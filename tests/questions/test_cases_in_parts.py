"""A sheet of which each row is a part of a case, and tells the case itself too, fills both."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.io.disk.home import Home
from shared.long import sampled

DAY = dt.date(2022, 12, 31)
HEAD = "Dossiernr;Gemeld op;Datum afsluiting;Reden afsluiting"
FIRST, SECOND = "W01;13-05-2022;19-06-2022;Verhuizing", "W02;14-05-2022;;"
PARTS = {  # kind of row -> its headings, four rows of the first case and one of the second; the field in which they come back
    "case_domains": ("Leefgebied", "Wonen", "Schulden", "Werk", "Sociaal netwerk", "Wonen"),
    "case_organisations": ("Betrokken organisatie", "Zuid", "Oost", "West", "Noord", "Zuid"),
    "personen": ("Cliëntnummer;Rol;Geslacht", "1;Kind;M", "2;Partner;V", "3;Kind;M", "4;Kind;V", "5;Kind;M"),
    "doelen": ("Doel;Doel behaald", "1;ja", "2;nee", "3;ja", "4;ja", "1;nee"),
    "plans": (
        "Datum plan;Opgesteld door",
        *(
            "01-06-2022;Hulpverlener",
            "02-06-2022;Cliënt",
            "03-06-2022;Cliënt",
            "04-06-2022;Cliënt",
            "05-06-2022;Cliënt",
        ),
    ),
    "metingen_per_domein": (
        "Meetmoment;Instrument;Domein;Score",
        *(
            f"{moment};ZRM 2017;{said};{score}"
            for moment, said, score in (
                ("begin", "Huisvesting", 1),
                ("begin", "Financiën", 2),
                ("eind", "Huisvesting", 3),
                ("eind", "Financiën", 4),
                ("begin", "Huisvesting", 5),
            )
        ),
    ),
}
FOUND = {
    "case_domains": ("case_domains.domain", ["housing", "finances", "work_education", "network", "housing"]),
    "case_organisations": ("case_organisations.organisation", ["Zuid", "Oost", "West", "Noord", "Zuid"]),
    "personen": ("case_persons.sex", ["man", "woman", "man", "woman", "man"]),
    "doelen": ("goals.achieved", ["yes", "no", "yes", "yes", "no"]),
    "plans": ("plans.date", [f"2022-06-0{n}" for n in range(1, 6)]),
    "metingen_per_domein": ("scores.score", ["1", "2", "3", "4", "5"]),
}  # fmt: skip
MEANT = {
    "gemeld op": "cases.date_referral", "betrokken organisatie": "case_organisations.organisation",
    "cliëntnummer": "case_persons.person_id", "rol": "case_persons.role", "geslacht": "case_persons.sex",
    "doel": "goals.goal", "doel behaald": "goals.achieved", "plan opgesteld door": "plans.made_by",
    "datum plan": "plans.date", "meetmoment": "scores.moment", "instrument": "scores.instrument_version",
    "domein": "scores.domain", "score": "scores.score", "leefgebied": "case_domains.domain",
}  # fmt: skip


def answering(kind: str, asked: list[OpenQuestion]) -> Callable[[OpenQuestion], str]:
    """Who says what a row is, and of each heading what it means where that is one of the choices."""

    def answer(question: OpenQuestion) -> str:
        asked.append(question)
        if question.code in ("ask_sheet", "ask_row_kind"):
            return kind
        meant = MEANT.get((question.place.column or "").lower(), "")
        return next((choice.value for choice in question.choices if choice.value.startswith(meant or "?")), "")

    return answer


def uitdraai(folder: Path, head: str, of_cases: tuple[str, ...], kind: str) -> Path:
    """A file with a row per part, each of which says of its case what stands under `head`."""
    parts, path = PARTS[kind], folder / "uitdraai.csv"
    rows = [f"{of};{part}" for of, part in zip((head, *of_cases[:1] * 4, of_cases[1]), parts, strict=True)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", sampled(PARTS, ("case_domains", "doelen", "plans")))
def test_rows_that_are_a_part_of_a_case_and_repeat_the_case_fill_both(tmp_path: Path, home: Home, kind: str) -> None:
    path = uitdraai(tmp_path, HEAD, (FIRST, SECOND), kind)
    asked = list[OpenQuestion]()
    added = add(home, "ede", [path], DAY, ask=answering(kind, asked), extraction_date=DAY)
    tables = build.build(home, "ede").tables
    cases = tables["cases"]
    assert cases["date_referral"].dt.strftime("%Y-%m-%d").tolist() == ["2022-05-13", "2022-05-14"]
    assert cases["date_closed"].notna().tolist() == [True, False]
    assert str(cases["closure_reason"].iloc[0]) == "moved"
    field, values = FOUND[kind]
    table, _, column = field.partition(".")
    assert [str(value).partition(" ")[0] for value in tables[table][column]] == values
    likeliest_are_cases = kind in ("case_organisations", "plans") and "ask_row_kind" not in [q.code for q in asked]
    assert ("sheet_of_cases_too" in [note.code for note in added.notes]) != likeliest_are_cases


def test_where_a_list_of_the_same_cases_lies_beside_it_a_row_is_the_part_alone(tmp_path: Path, home: Home) -> None:
    cases = tmp_path / "dossiers.csv"
    cases.write_text(f"{HEAD}\n{FIRST}\n{SECOND}\n".replace("Gemeld op", "Datum melding"), encoding="utf-8")
    paths = [cases, uitdraai(tmp_path, HEAD, (FIRST, SECOND), "case_domains")]
    added = add(home, "ede", paths, DAY, ask=answering("case_domains", []), extraction_date=DAY)
    assert "sheet_of_cases_too" not in [note.code for note in added.notes]
    assert 'one_row_is = "case_domains"' in home.crosswalk("ede").read_text(encoding="utf-8")


def test_a_list_of_parts_that_does_not_say_when_a_case_was_reported_makes_no_cases(tmp_path: Path, home: Home) -> None:
    path = uitdraai(tmp_path, "Dossiernr;Team", ("W01;Zuid", "W02;Zuid"), "case_domains")
    add(home, "ede", [path], DAY, ask=answering("case_domains", []), extraction_date=DAY)
    assert 'one_row_is = "case_domains"' in home.crosswalk("ede").read_text(encoding="utf-8")


def test_what_a_part_has_is_offered_for_a_heading_that_comes_later(tmp_path: Path, home: Home) -> None:
    path = uitdraai(tmp_path, HEAD, (FIRST, SECOND), "doelen")
    add(home, "ede", [path], DAY, ask=answering("doelen", []), extraction_date=DAY)
    later, asked = tmp_path / "uitdraai.csv", list[OpenQuestion]()
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    later.write_text("\n".join([f"{head};Soort", *(f"{row};Wonen" for row in rows)]), encoding="utf-8")
    add(home, "ede", [later], DAY + dt.timedelta(400), ask=answering("", asked), extraction_date=DAY)
    (question,) = [each for each in asked if each.place.column == "Soort"]
    assert {"goals.domain", "case_domains.domain"} <= {choice.value.partition(" ")[0] for choice in question.choices}
