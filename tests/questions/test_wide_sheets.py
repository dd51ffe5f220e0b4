"""Sheets on their side: a person says what one row is, and what the columns are is read, proposed at once, or asked."""

import datetime as dt
import tomllib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from iww_analysis.commands.add import Added, add, take_in
from iww_analysis.commands.build import build
from iww_analysis.crosswalk.propose.recognise import find_header
from iww_analysis.io.disk.home import Home
from shared.recognised import as_cells

OBSERVED = """Overleg;Datum observatie;Iedereen kende het doel;De taal was begrijpelijk
Overleg A;1-3-2022;4;5
Overleg B;8-3-2022;2;
Overleg C;15-3-2022;3;1
"""
YEARS = """Wat is gemeten;2019;2020;2021
Doorverwezen;201;180;
Passende hulp;250;260;270
"""
DOMAINS = """Casusnr;Financiën;Wonen;Justitie
101;X;;
102;X;X;
103;;X;X
"""


def added(home: Home, folder: Path, text: str) -> Added:
    path = folder / "lijst.csv"
    path.write_text(text, encoding="utf-8")
    return add(home, "ede", [path], dt.date(2023, 2, 1), yes=True, municipality="Ede")


def asked(form: Path | None) -> dict[str, str]:
    """Of the questions about the file: by heading or sentence, what the program thinks."""
    rows = openpyxl.load_workbook(form)["Vragen"].iter_rows(min_row=2, values_only=True)  # type: ignore[arg-type]
    return {str(row[3] or row[0]): str(row[6] or "") for row in rows if row[1] == "lijst.csv"}


def answer(home: Home, form: Path | None, given: dict[str, str]) -> Added:
    book = openpyxl.load_workbook(form)  # type: ignore[arg-type]
    for row in book["Vragen"].iter_rows(min_row=2):
        said = str(row[3].value or row[0].value)
        row[7].value = next((text for start, text in given.items() if said.startswith(start)), None)
    book.save(form)  # type: ignore[arg-type]
    return take_in(home, "ede", form)  # type: ignore[arg-type]


def entry(home: Home) -> dict[str, object]:
    [only] = tomllib.loads(home.crosswalk("ede").read_text(encoding="utf-8"))["sheets"]
    return only  # type: ignore[no-any-return]


def records(home: Home, table: str, *columns: str) -> list[tuple[object, ...]]:
    frame = pd.DataFrame(build(home, "ede").tables[table])
    return [*frame[[*columns]].sort_values([*columns]).itertuples(index=False, name=None)]


ROW, SHEET = "Wat is één rij hier?", "Wat is dit blad?"


def test_items_of_a_form_are_proposed_at_once_each_under_its_own_words(home: Home, tmp_path: Path) -> None:
    first = added(home, tmp_path, OBSERVED)
    assert list(asked(first.form)) == [ROW]
    assert "observaties, één kolom per item" in asked(first.form)[ROW]
    assert "3 rijen geven 5 observaties" in asked(first.form)[ROW]
    then = answer(home, first.form, {ROW: "observaties, één kolom per item"})
    said = "2 koppen van dit blad lijken elk een item, met in de cellen: score; hiernaast staat hoe ze gelezen worden."
    [family] = [question for question in asked(then.form) if question.startswith(said)]
    assert "‘De taal was begrijpelijk’ = De taal was begrijpelijk" in asked(then.form)[family]
    answer(home, then.form, {said: "ja, alle zo lezen"})
    assert entry(home)["a_column_is"] == "item"
    assert records(home, "observations", "meeting", "item", "value") == [
        ("Overleg A", "De taal was begrijpelijk", 5),
        ("Overleg A", "Iedereen kende het doel", 4),
        ("Overleg B", "Iedereen kende het doel", 2),
        ("Overleg C", "De taal was begrijpelijk", 1),
        ("Overleg C", "Iedereen kende het doel", 3),
    ]


def test_a_column_per_year_is_a_number_per_year(home: Home, tmp_path: Path) -> None:
    form = answer(home, added(home, tmp_path, YEARS).form, {SHEET: "indicatoren, één kolom per jaar"}).form
    given = {"3 koppen": "ja, alle zo lezen", "Wat is gemeten": "indicatoren: indicator"}
    answer(home, form, given)
    columns = entry(home)["columns"]
    assert columns["2020"] == {"to": "indicators.n_counted", "year": "2020"}  # type: ignore[index]


def test_a_column_per_domain_beside_a_number_is_read_by_the_words_of_its_headings(home: Home, tmp_path: Path) -> None:
    first = added(home, tmp_path, DOMAINS)
    assert "3 rijen geven 5 leefgebieden per casus" in asked(first.form)[ROW]
    answer(home, first.form, {ROW: "leefgebieden per casus, één kolom per leefgebied"})
    assert records(home, "case_domains", "source_row", "domain", "status") == [
        (2, "finances", "problem"),
        (3, "finances", "problem"),
        (3, "housing", "problem"),
        (4, "housing", "problem"),
        (4, "justice", "problem"),
    ]


@pytest.mark.parametrize(("years", "header"), [(("2019", "2020", "2021"), 1), (("2019", "2021", "2023"), None)])
def test_years_one_after_another_are_headings_and_other_numbers_are_none(
    years: tuple[str, ...], header: int | None
) -> None:
    rows = [("Wat", *years), ("Passende hulp", "12", "14", "15"), ("Verwezen", "7", "8", "7")]
    assert find_header(as_cells(rows)) == header
