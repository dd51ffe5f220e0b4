"""Columns per person: who a heading names is read from it, and each person of a case stays a person of their own."""

from pathlib import Path

import pandas as pd
import pytest

from iww_analysis.commands.build import build
from shared.homes import home_with
from shared.recognised import best, sheet

FAMILY = """
    Casusnr | Datum aanmelding | Cliënt m/v | Partner m/v | Partner leeftijd | Kind 1 m/v | Kind 2 m/v | Geb.datum kind 2
    0012    | 03-05-2022       | v          | m           | 35-49            | m          | v          | 01-02-2016
    0013    | 14-05-2022       | m          |             |                  | v          |            |
    0014    | 21-05-2022       | v          | v           | 23-34            |            |            |
    """
ENTRY = """
[[sheets]]
file = "lijst.csv"
one_row_is = "cases"
[sheets.columns]
"Casusnr" = "cases.case_id"
"Datum aanmelding" = ["cases.date_referral", "referrals.date"]
"""


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Cliënt m/v", "case_persons.sex (role = applicant)"),
        ("Partner m/v", "case_persons.sex (role = partner)"),
        ("Partner leeftijd", "case_persons.age_class (role = partner)"),
        ("Kind 1 m/v", "case_persons.sex (nth = 1, role = child)"),
        ("Geb.datum kind 2", "case_persons.birth_date (nth = 2, role = child)"),
    ],
)
def test_a_heading_names_a_person_by_role_and_number(heading: str, field: str) -> None:
    assert best(sheet(FAMILY), heading) == field


def test_what_a_person_is_said_to_be_fits_what_stands_there_or_is_asked() -> None:
    asked = sheet("""
        Casusnr | Datum aanmelding | Partner leeftijd | Partner betrokken
        0012    | 03-05-2022       | 44               | ja
        0013    | 14-05-2022       | 31               | nee
        """)
    assert [best(asked, heading) for heading in ("Partner leeftijd", "Partner betrokken")] == ["?", "?"]


def test_one_person_alone_stays_as_the_heading_is_known() -> None:
    alone = sheet("""
        Casusnr | Datum aanmelding | Geslacht cliënt
        0012    | 03-05-2022       | v
        0013    | 14-05-2022       | m
        """)
    assert best(alone, "Geslacht cliënt") == "case_persons.sex"


def test_every_person_can_be_chosen_for_a_heading_that_is_not_understood() -> None:
    [proposal] = [p for p in sheet(FAMILY.replace("Kind 2 m/v", "Kind 2 X?")).proposals if p.heading == "Kind 2 X?"]
    labels = {c.label for c in (*proposal.candidates, *proposal.possible)}
    assert {"case_persons.sex (nth = 2, role = child)", "case_persons.sex (role = parent)"} <= labels


def persons(folder: Path, columns: str, text: str) -> list[tuple[object, ...]]:
    built = build(home_with(folder, {"lijst.csv": text}, ENTRY + columns), "here")
    frame = pd.DataFrame(built.tables["case_persons"]).sort_values(["source_row", "place"])
    return [*frame[["source_row", "place", "role", "sex"]].itertuples(index=False, name=None)]


def test_each_person_of_a_row_is_kept_by_role_and_number(tmp_path: Path) -> None:
    columns = """
"Cliënt" = { to = "case_persons.sex", role = "applicant" }
"Kind 1" = { to = "case_persons.sex", role = "child", nth = "1" }
"Kind 2" = { to = "case_persons.sex", role = "child", nth = "2" }
"""
    text = "Casusnr;Datum aanmelding;Cliënt;Kind 1;Kind 2\n12;03-05-2020;v;m;m\n13;14-05-2020;m;;v\n"
    assert persons(tmp_path, columns, text) == [
        (2, "applicant", "applicant", "woman"),
        (2, "child 1", "child", "man"),
        (2, "child 2", "child", "man"),
        (3, "applicant", "applicant", "man"),
        (3, "child 2", "child", "woman"),
    ]


def test_two_columns_of_one_role_without_a_number_are_two_persons(tmp_path: Path) -> None:
    columns = """
"Oudste" = { to = "case_persons.sex", role = "child" }
"Jongste" = { to = "case_persons.sex", role = "child" }
"""
    text = "Casusnr;Datum aanmelding;Oudste;Jongste\n12;03-05-2020;m;m\n"
    assert persons(tmp_path, columns, text) == [(2, "child", "child", "man"), (2, "child 2", "child", "man")]
