"""Small inputs made after public bug reports (`../shared/cases`): what the readers give of each, as its `expected.md` has it."""

from collections import Counter
from pathlib import Path

import pytest

from iww_analysis.io.delivered_files import read_sheets
from iww_analysis.tables.cells import dates
from iww_analysis.tables.raw_sheet import RawSheet
from shared.homes import case_files


def read(number: str, file: str) -> RawSheet:
    """The first sheet of a file of a case."""
    (path,) = case_files(number, file)
    return read_sheets(Path(path.name), path.read_bytes())[0]


def noted(sheet: RawSheet) -> dict[str, object]:
    return {note.code: note.words.get("n") for note in sheet.notes}


def column(sheet: RawSheet, heading: str) -> list[str]:
    header = next(row for row in sheet.cells.index if heading in list(sheet.cells.loc[row]))
    return sheet.cells.loc[header + 1 :, list(sheet.cells.loc[header]).index(heading)].tolist()


def test_days_that_excel_half_converted_are_seen_in_both_columns() -> None:
    sheet = read("02", "export.xlsx")
    seen = [dates.half_converted(Counter(column(sheet, name))) for name in ("Datum aanmelding", "Datum afsluiting")]
    assert seen == [(25, 35), (27, 33)]


def test_months_are_no_days() -> None:
    sheet = read("03", "maanden.xlsx")
    reasons = {dates.date_reader("dmy")(text)[2] for text in column(sheet, "Datum aanmelding")}
    assert (reasons, noted(sheet)) == ({"month_only"}, {"months_shown": 40})


@pytest.mark.parametrize(
    ("number", "file"),
    [("04", "afsluitingen.ods"), ("39", "gewoon.xlsx"), ("39", "zonder-r.xlsx"), ("39", "andere-volgorde.xlsx")],
)
def test_errors_stay_errors(number: str, file: str) -> None:
    assert column(read(number, file), "Datum afsluiting").count("#N/A") == 5


def test_comments_formulas_and_empty_strings_are_no_trouble() -> None:
    assert len(set(column(read("05", "metopmerking.ods"), "Datum afsluiting"))) == 12
    assert column(read("06", "formule.xls"), "Datum intake") == column(read("06", "formule1904.xls"), "Datum intake")
    assert column(read("38", "dynamics.xlsx"), "Datum afsluiting").count("") == 5


def test_rows_that_were_filtered_away_are_read_and_said() -> None:
    sheet = read("23", "gefilterd.xlsx")
    assert (len(sheet.cells), noted(sheet)) == (41, {"rows_hidden_differ": 20})


def test_strict_workbooks_and_repeated_rows_read_as_others() -> None:
    assert read("40", "strict.xlsx").cells.equals(read("40", "strict-iso-datums.xlsx").cells)
    assert len(column(read("68", "h.ods"), "Casusnummer")) == 8


@pytest.mark.parametrize(
    ("number", "file"),
    [("08", "alleen-rijen.csv"), ("09", "leefgebieden.csv"), ("09", "toelichting.csv"), ("22", "sep.csv")],
)
def test_the_separator_is_the_semicolon(number: str, file: str) -> None:
    sheet = read(number, file)
    assert sheet.delimiter == ";"
    assert {dates.date_reader("dmy")(text)[1] for text in column(sheet, "Datum aanmelding")} == {None}
