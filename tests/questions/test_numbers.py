"""Which column numbers the records: never a count of the rows where another can, and what a person says goes first."""

import datetime as dt
import tomllib
from pathlib import Path

import openpyxl
import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import Added, add, take_in
from iww_analysis.io.disk.home import Home
from shared.homes import as_bytes, workbook
from shared.recognised import best, sheet

RECEIVED = dt.date(2024, 2, 1)


@pytest.mark.parametrize("first", [("03117", "03118", "03119"), ("205638", "205639", "205640"), ("W01", "W02", "W03")])
def test_numbers_given_out_one_after_another_are_the_only_case_number_whatever_the_heading(
    first: tuple[str, ...],
) -> None:
    recognised = sheet(f"""
        Klantdossier | Datum aanmelding | Afsluitcode | BSN
        {first[0]}   | 18-06-2021       | Verhuisd    | 999990019
        {first[1]}   | 18-07-2021       |             | 999990020
        {first[2]}   | 04-08-2021       |             | 999990032
        """)
    assert best(recognised, "Klantdossier") == "cases.case_id"
    assert best(recognised, "BSN") == "-"


def test_what_counts_the_rows_from_one_under_an_unknown_heading_is_asked_where_it_is_alone() -> None:
    recognised = sheet("""
        Lopend | Datum aanmelding | Afsluitcode
        1      | 18-06-2021       | Verhuisd
        2      | 18-07-2021       |
        3      | 04-08-2021       |
        """)
    assert best(recognised, "Lopend") == "?"
    [proposal] = [p for p in recognised.proposals if p.heading == "Lopend"]
    assert [c.label for c in proposal.candidates] == ["cases.case_id"]


@pytest.mark.parametrize("heading", ["DOSSIER_NUMMER", "Kenmerk"])
def test_a_count_of_the_rows_never_takes_the_field_of_a_number_beside_it(heading: str) -> None:
    recognised = sheet(f"""
        {heading} | Datum aanmelding | Volgnr
        201040    | 27-06-2021       | 1
        201041    | 04-08-2021       | 2
        201042    | 05-08-2021       | 3
        """)
    assert (best(recognised, heading), best(recognised, "Volgnr")) == ("cases.case_id", "-")


def test_a_count_of_the_rows_never_takes_it_from_a_likely_number_that_stands_in_several_rows() -> None:
    recognised = sheet("""
        Dossier gezin | Datum aanmelding | Volgnr
        W002774       | 27-06-2021       | 1
        W002774       | 04-08-2021       | 2
        W002775       | 05-08-2021       | 3
        """)
    assert (best(recognised, "Dossier gezin"), best(recognised, "Volgnr")) == ("?", "-")


# --- an answer takes the field from a guess ---

TEXT = """Volgnr;Datum aanmelding;Dossier gezin;Reden afsluiting
1;27-06-2021;noord;Verhuisd
2;04-08-2021;oost;
3;05-08-2021;noord;
4;06-08-2021;west;Verhuisd
"""


def answered(home: Home, folder: Path, content: str | bytes, given: dict[str, str]) -> Added:
    """Add a file, and take in a form with these answers by heading."""
    path = folder / ("lijst.csv" if isinstance(content, str) else "boek.xlsx")
    path.write_bytes(as_bytes(content))
    added = add(home, "ede", [path], RECEIVED, yes=True)
    assert added.form
    book = openpyxl.load_workbook(added.form)
    for row in book["Vragen"].iter_rows(min_row=2):
        row[7].value = given.get(str(row[3].value)) if str(row[0].value).startswith("Wat betekent deze kop") else None
    book.save(added.form)
    return take_in(home, "ede", added.form)


def the_sheet(home: Home) -> dict[str, dict[str, object]]:
    [entry] = tomllib.loads(home.crosswalk("ede").read_text(encoding="utf-8"))["sheets"]
    return entry  # type: ignore[no-any-return]


def test_an_answer_makes_a_line_number_of_what_counted_the_rows(home: Home, tmp_path: Path) -> None:
    answered(home, tmp_path, TEXT, {"Dossier gezin": "casussen: casusnummer"})
    assert the_sheet(home)["columns"]["Dossier gezin"] == "cases.case_id"
    assert the_sheet(home)["ignore"] == {"Volgnr": "regelnummer"}
    assert len(build.build(home, "ede").tables["cases"]) == 3  # noord stands there twice


def test_an_answer_makes_a_question_of_another_heading_that_filled_the_field(home: Home, tmp_path: Path) -> None:
    text = TEXT.replace("Volgnr", "Casusnummer").replace("\n1;", "\nA7;").replace("\n2;", "\nA9;")
    taken = answered(home, tmp_path, text, {"Dossier gezin": "casussen: casusnummer"})
    assert (
        the_sheet(home)["columns"] | {"Casusnummer": "?", "Dossier gezin": "cases.case_id"}
        == the_sheet(home)["columns"]
    )
    assert taken.form
    asked = [row[3].value for row in openpyxl.load_workbook(taken.form)["Vragen"].iter_rows(min_row=2)]
    assert asked[0] == "Casusnummer"
    again = answered(home, tmp_path, text, {"Casusnummer": "niet lezen"})
    assert the_sheet(home)["ignore"] == {"Casusnummer": "niet nodig, zo geantwoord bij het toevoegen"}
    assert again.n_open == 0


def test_an_answer_on_sheets_of_one_kind_takes_the_field_from_no_sheet_of_them(home: Home, tmp_path: Path) -> None:
    """Two years on two sheets: the heading is asked once, and the words under it are counted once for each sheet."""
    rows = [["Nr", "Binnen op", "Hoe klaar"], *([f"W-{n}", f"{n}-3-2022", "zoek geraakt"] for n in range(1, 5))]
    given = {"Binnen op": "casussen: datum aanmelding", "Hoe klaar": "casussen: reden afsluiting"}
    taken = answered(home, tmp_path, workbook({"2021": rows, "2022": rows[:3]}), given)
    assert taken.form
    assert not [
        reason for reason in taken.guesses["reason"] if reason == "een antwoord geeft dit veld aan een andere kop"
    ]
    (question,) = [row for row in openpyxl.load_workbook(taken.form)["Vragen"].values if "zoek geraakt" in str(row[0])]
    assert question[4] == "6 casussen"  # by hand: four rows on one sheet, two on the other
