"""Real files written by others: each is read with the facts of its MANIFEST, or refused in one clear line; no row is lost."""

import codecs
import csv
import datetime as dt
import io
import json
import re
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.io.delivered_files import read_sheets
from iww_analysis.messages.errors import IwwError
from iww_analysis.tables.raw_sheet import RawSheet
from shared.homes import corpus, home_with

FOLDERS = ("torture", "nl", "cases", "refs")

# Facts of the MANIFEST, which counted them with `csv`. Widths: `15x11 1x10` is fifteen records of 11 cells and one of 10.
TEXTS = """
| file                                     | encoding     | delimiter | records | widths |
| nl/cbs_schuld_kaart_risico_gemeente.csv  | cp1252       | ;         | 356     | 356x6  |
| nl/cbs_schuld_registraties_per_bron.csv  | utf-8        | ;         | 95      | 95x5   |
| nl/cbs_schuld_aantal_bronnen.csv         | utf-8        | ;         | 85      | 85x5   |
| nl/statline_nabijheid_amsterdam_short.csv | utf-8-sig   | ;         | 12      | 12x2   |
| nl/tk2023_per_gemeente.csv               | utf-8        | ,         | 8903    | 8903x6 |
| nl/gemeente_postcode4.csv                | utf-8        | ,         | 4096    | 4096x3 |
| cases/wabo_receipt_log.csv               | utf-8        | ,         | 8578    | 8578x15 |
| cases/running_example_log.csv            | utf-8        | ,         | 43      | 43x9   |
| cases/qualcoder_cases123.csv             | utf-8        | ,         | 4       | 4x4    |
| cases/qualcoder_survey.csv               | utf-8        | ,         | 4       | 4x5    |
| cases/qca_homeless.tab                   | utf-8        | tab       | 16      | 15x11 1x10 |
| cases/qca_stakeholder.tab                | utf-8        | tab       | 18      | 17x6 1x5 |
| cases/qca_LC.csv                         | utf-8        | ,         | 19      | 19x7   |
| refs/grenswijziging_2018_naar_2019.csv   | utf-8        | ,         | 48      | 48x3   |
| refs/grenswijziging_2021_naar_2022.csv   | utf-8        | ,         | 23      | 23x3   |
| refs/gemeentenamen_deduce.txt            | utf-8        |           | 347     | 347x1  |
| torture/csv/spectrum_simple.csv          | utf-8        | ,         | 2       | 2x3    |
| torture/csv/spectrum_comma_in_quotes.csv | utf-8        | ,         | 2       | 2x5    |
| torture/csv/spectrum_escaped_quotes.csv  | utf-8        | ,         | 3       | 3x2    |
| torture/csv/spectrum_newlines.csv        | utf-8        | ,         | 4       | 4x3    |
| torture/csv/spectrum_utf8.csv            | utf-8        | ,         | 3       | 3x3    |
| torture/csv/spectrum_json.csv            | utf-8        | ,         | 2       | 2x2    |
| torture/csv/csvkit_test_utf16_little.csv | utf-16       | ,         | 3       | 3x3    |
| torture/csv/csvkit_test_latin1.csv       | cp1252       | ,         | 3       | 3x3    |
| torture/csv/csvkit_test_utf8_bom.csv     | utf-8-sig    | ,         | 3       | 3x3    |
| torture/csv/csvkit_test_skip_lines.csv   | utf-8        | ,         | 5       | 3x0 2x3 |
| torture/csv/csvkit_date_like_number.csv  | utf-8        |           | 2       | 2x1    |
| torture/csv/csvkit_blanks.csv            | utf-8        | ,         | 2       | 2x6    |
| torture/csv/csvkit_test_no_leading_zeroes.csv | utf-8   | ,         | 2       | 2x3    |
| torture/csv/messy_excel_pasting.csv      | utf-8        | ,         | 21      | 21x9   |
| torture/csv/messy_skip_initials.csv      | utf-8        | ,         | 3       | 3x2    |
| torture/csv/messy_weird_head_padding.csv | utf-8        | ;         | 94      | 62x11 17x1 8x0 7x2 |
| torture/csv/messy_long.csv               | utf-8        |           | 4000    | 4000x1 |
| torture/csv/messy_spanish_chars.csv      | cp1252       | ,         | 117     | 117x8  |
| torture/csv/messy_utf8bom.csv            | utf-8-sig    | ,         | 1       | 1x2    |
| torture/csv/messy_null.csv               | utf-8        | ,         | 10      | 10x4   |
| torture/csv/csv_injection_payloads.txt   | utf-8        | pipe      | 6       | 1x1 5x2 |
| torture/csv/messy_simple.ssv             | utf-8        | ;         | 7       | 7x3    |
| torture/csv/messy_simple.psv             | utf-8        | pipe      | 29      | 29x6   |
"""

# Sheets and their last filled row and column, by openpyxl, xlrd and odfpy; two empty sheets of a workbook stay empty.
WORKBOOKS = """
| file                                             | sheets                                  |
| torture/xlsx/csvkit_sheets.xlsx                  | not this one 0x0; data 6x8; ʤ 2x3        |
| torture/xlsx/messy_libreoffice.xlsx              | Sheet1 0x0                              |
| torture/xlsx/readxl_deaths.xlsx                  | arts 19x6; other 19x6                   |
| torture/xlsx/readxl_texty-dates-xlsx.xlsx        | Sheet1 3x1                              |
| torture/xlsx/readxl_dates-1900-LibreOffice.xlsx  | Sheet1 1x5                              |
| torture/xlsx/readxl_dates-leap-year-1900-xlsx.xlsx | for_testing 8x3; for_human_eyes 11x3  |
| torture/xlsx/readxl_big-texty-numbers-xlsx.xlsx  | Sheet1 7x3                              |
| torture/xlsx/readxl_missing-first-column.xlsx    | Sheet1 3x2; Sheet2 0x0; Sheet3 0x0      |
| torture/xlsx/readxl_unnamed-duplicated-columns.xlsx | Sheet1 3x4                           |
| torture/xlsx/readxl_whitespace-xlsx.xlsx         | whitespace 7x1; logical_and_NA 3x1      |
| torture/xlsx/readxl_inlineStr.xlsx               | Requirements 2x8                        |
| torture/xlsx/agate_test_skip_lines.xlsx          | test.csv 7x5                            |
| torture/xlsx/messy_simple.ods                    | Sheet1 4x3                              |
| torture/xlsx/messy_loffice-4.4.1.2.ods           | Sheet1 4x3                              |
| torture/xlsx/messy_excel_properties.xls          | Sheet1 19x1                             |
"""

# Rows (persons) and variables, by pyreadstat.
SPSS = """
| file                               | rows | variables |
| torture/sav/pspp_personnel.sav     | 56   | 6         |
| torture/sav/pspp_hotel.sav         | 17   | 5         |
| torture/sav/rforeign_testdata.sav  | 5    | 16        |
| torture/sav/pyr_sample_missing.sav | 7    | 7         |
| torture/sav/pyr_sample.zsav        | 5    | 7         |
"""

REFUSED = {
    "torture/csv/csvkit_empty.csv": "file_empty",
    "torture/csv/spectrum_simple.json": "file_kind",  # what should be read of the csv beside it
    "torture/csv/spectrum_comma_in_quotes.json": "file_kind",
    "torture/csv/spectrum_escaped_quotes.json": "file_kind",
    "torture/csv/spectrum_newlines.json": "file_kind",
    "torture/csv/spectrum_utf8.json": "file_kind",
    "torture/csv/spectrum_json.json": "file_kind",
}


def lines(table: str) -> list[list[str]]:
    """The rows of a drawn table, without its headings."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()][1:]


READ = [row[0] for table in (TEXTS, WORKBOOKS, SPSS) for row in lines(table)]


@lru_cache(maxsize=8)
def read(path: str) -> list[RawSheet]:
    return read_sheets(Path(path), corpus(path).read_bytes())


def table(path: str) -> pd.DataFrame:
    """The one sheet of a file, its first row as headings."""
    (sheet,) = read(path)
    return sheet.cells.iloc[1:].set_axis(list(sheet.cells.iloc[0]), axis=1)


def numbers(texts: pd.Series) -> pd.Series:
    """Decimal comma, empty is missing."""
    return pd.to_numeric(texts.str.replace(",", ".").replace("", None))


# ---- every file -----------------------------------------------------------------------------------------------------


def test_the_files_that_lie_there_are_those_of_the_manifest_and_of_these_tables() -> None:
    folder = corpus("MANIFEST.md").parent
    lie_there = {path.relative_to(folder).as_posix() for part in FOLDERS for path in (folder / part).rglob("*.*")}
    listed = {entry["dest"] for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))}
    told = re.findall(r"^\| `([^`]+)` \| \d+ \|", (folder / "MANIFEST.md").read_text(encoding="utf-8"), re.MULTILINE)
    ours = tuple(f"{part}/" for part in FOLDERS)
    assert lie_there == {name for name in listed if name.startswith(ours)} == {n for n in told if n.startswith(ours)}
    assert lie_there == {*READ, *REFUSED}


@pytest.mark.parametrize(("path", "encoding", "delimiter", "records", "widths"), lines(TEXTS))
def test_a_text_file_is_read_record_by_record(
    path: str, encoding: str, delimiter: str, records: str, widths: str
) -> None:
    (sheet,) = read(path)
    separator = {"tab": "\t", "pipe": "|"}.get(delimiter, delimiter)
    assert codecs.lookup(sheet.encoding).name == codecs.lookup(encoding).name
    assert sheet.delimiter == separator or not separator  # one column has none
    text = corpus(path).read_bytes().decode(encoding)
    by_csv = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator or ";"))
    assert [row[:width] for row, width in zip(sheet.cells.to_numpy().tolist(), map(len, by_csv), strict=True)] == by_csv
    assert sheet.widths is not None
    assert sheet.widths.tolist() == list(map(len, by_csv))
    assert len(sheet.cells) == int(records)
    assert Counter(sheet.widths) == {int(width): int(n) for n, width in (part.split("x") for part in widths.split())}
    assert list(sheet.cells.index) == list(range(1, int(records) + 1))


@pytest.mark.parametrize(("path", "sheets"), lines(WORKBOOKS))
def test_a_workbook_has_its_sheets_and_every_row_its_own_number(path: str, sheets: str) -> None:
    assert "; ".join(f"{sheet.name} {extent(sheet)}" for sheet in read(path)) == sheets
    assert not any(sheet.hidden for sheet in read(path))
    for sheet in read(path):
        assert list(sheet.cells.index) == list(range(1, len(sheet.cells) + 1))
        assert len(sheet.cells) < 50  # an ods says that it is empty for a million rows


def extent(sheet: RawSheet) -> str:
    """The last row and column that hold anything."""
    filled = sheet.cells != ""
    rows, columns = filled.any(axis=1), filled.any(axis=0)
    return f"{rows[rows].index.max() if rows.any() else 0}x{columns[columns].index.max() + 1 if columns.any() else 0}"


@pytest.mark.parametrize("path", [row[0] for row in lines(WORKBOOKS) if row[0].endswith(".xlsx")])
def test_an_excel_workbook_holds_what_openpyxl_finds_in_it(path: str) -> None:
    book = openpyxl.load_workbook(corpus(path), data_only=True)
    for sheet, other in zip(read(path), book.worksheets, strict=True):
        expected = {
            (c.row, c.column): as_text(c.value) for row in other.iter_rows() for c in row if c.value is not None
        }
        found = {
            (row, column + 1): text
            for row, texts in zip(sheet.cells.index, sheet.cells.to_numpy().tolist(), strict=True)
            for column, text in enumerate(texts) if text
        }  # fmt: skip
        repeated = {
            (row, column): (merged.min_row, merged.min_col)
            for merged in other.merged_cells.ranges for row, column in merged.cells
        }  # fmt: skip
        assert {place: found.get(place) for place in expected} == expected
        more = found.keys() - expected.keys()
        assert more <= repeated.keys()  # what is merged may be said again in each of its cells
        assert all(found[place] == expected[repeated[place]] for place in more)


def as_text(value: object) -> str:
    """A value as a person would type it: whole numbers without a point, days without midnight."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return format(Decimal(f"{value:.15g}"), "f") if isinstance(value, float) else str(value)


@pytest.mark.parametrize(("path", "rows", "variables"), lines(SPSS))
def test_an_spss_file_has_its_persons_and_variables(path: str, rows: str, variables: str) -> None:
    sheet = read(path)[0]
    assert (len(sheet.cells) - 1, sheet.cells.shape[1]) == (int(rows), int(variables))
    assert (sheet.cells.loc[1] != "").all()


@pytest.mark.parametrize("path", REFUSED)
def test_a_file_that_is_not_read_is_refused_in_one_line_with_what_to_do(path: str) -> None:
    with pytest.raises(IwwError) as refused:
        [sheet.cells for sheet in read_sheets(Path(path), corpus(path).read_bytes())]
    (message,) = refused.value.messages
    assert (message.code, message.place.file) == (REFUSED[path], Path(path).name)
    for lang in ("nl", "en"):
        said = message.say(lang)  # type: ignore[arg-type]
        assert "\n" not in said
        assert said.startswith(("bestand ", "file "))
        assert re.search(r"\w[.)] [A-Z].*\.$", said)  # a finding, then what to do


# ---- what stands in them: the paragraph "Expected results worth a test" -----------------------------------------------


def test_municipalities_at_risk_of_debt() -> None:
    found = table("nl/cbs_schuld_kaart_risico_gemeente.csv")
    assert (len(found), found["gemeentecode"].nunique()) == (355, 355)
    assert found["gemeentecode"].str.fullmatch(r"GM\d{4}").all()
    assert numbers(found["Risicogroep_aantal"]).sum() == 330_000
    assert (found["Instroomkans"] == "").sum() == 51
    strange = found["gemeentenaam"][~found["gemeentenaam"].map(str.isascii)]
    assert sorted(strange) == ["Noardeast-Fryslân", "Súdwest-Fryslân"]


def test_suppressed_counts_stay_empty_and_periods_text() -> None:
    found = table("nl/cbs_schuld_aantal_bronnen.csv")
    assert (len(found), found["jaar"].nunique(), (found["Aantal"] == "").sum()) == (84, 9, 7)
    by_source = table("nl/cbs_schuld_registraties_per_bron.csv")
    assert len(by_source) == 94
    assert {"2018", "2020-01", "2020-10"} <= set(by_source["jaar"])


def test_numbers_of_statline_keep_their_padding() -> None:
    found = table("nl/statline_nabijheid_amsterdam_short.csv")
    assert list(found.columns) == ["Wijken en buurten", "Vrije tijd en cultuur/Afstand tot bibliotheek (km)"]
    assert found.iloc[0].tolist() == ["Nederland", "     2.0"]


def test_a_name_is_no_municipality_without_its_province() -> None:
    found = table("nl/tk2023_per_gemeente.csv")
    assert (len(found), found["partij"].nunique(), found["gemeente"].nunique()) == (8902, 27, 341)
    assert len(found[["gemeente", "provincie"]].drop_duplicates()) == 342
    bergen = found[found["gemeente"] == "Bergen"]
    assert bergen["provincie"].value_counts().to_dict() == {"Noord-Holland": 26, "Limburg": 26}
    assert found["percentage"].iloc[0] == "11,8"


def test_postcodes_in_two_municipalities() -> None:
    found = table("nl/gemeente_postcode4.csv")
    assert (len(found), found["gemcode"].nunique()) == (4095, 345)
    assert found.drop_duplicates(["postcode", "gemcode"])["postcode"].value_counts().gt(1).sum() == 24
    assert set(found.loc[found["gemcode"] == "14", "gemeente"]) == {"Groningen"}


@pytest.mark.parametrize(("years", "pairs"), [("2018_naar_2019", 47), ("2021_naar_2022", 22)])
def test_changed_borders_keep_the_zeros_of_codes(years: str, pairs: int) -> None:
    found = table(f"refs/grenswijziging_{years}.csv")
    assert len(found) == pairs
    assert found["van_gemeentecode"].str.fullmatch(r"\d{4}").all()
    if pairs == 22:
        assert set(found["naar_gemeentecode"]) - set(found["van_gemeentecode"]) >= {"1980", "1982", "1991"}


def test_a_log_of_permits() -> None:
    found = table("cases/wabo_receipt_log.csv")
    cases = found.drop_duplicates("case:concept:name")
    assert (len(found), len(cases)) == (8577, 1434)
    assert (found["concept:name"].nunique(), found["org:resource"].nunique()) == (27, 48)
    assert {"TEST", "test", "admin1"} <= set(found["org:resource"])
    assert (cases["case:enddate"] == "").sum() == 105
    offsets = found["case:startdate"].str[-6:].value_counts().to_dict()
    assert sum(offsets.values()) == 8577
    offsets = found["time:timestamp"].str[-6:].value_counts().to_dict()
    assert offsets == {"+01:00": 4318, "+02:00": 4259}


def test_a_small_log_has_a_column_without_a_heading() -> None:
    found = table("cases/running_example_log.csv")
    assert (len(found), found["case:concept:name"].nunique()) == (42, 6)
    assert found.columns[0] == ""
    assert found["Activity"].tolist() == found["concept:name"].tolist()


def test_a_table_of_r_has_one_heading_too_few() -> None:
    (sheet,) = read("cases/qca_homeless.tab")
    assert sheet.cells.loc[1].tolist() == ["VI", "DT", "SA", "CS", "DF", "PF", "REP", "RES", "RIG", "REL", ""]
    assert sheet.cells.loc[2].tolist() == ["PUH", *["1"] * 10]
    (more,) = read("cases/qca_stakeholder.tab")
    assert len(more.cells) == 18
    lipset = table("cases/qca_LC.csv")
    assert list(lipset.columns) == ["rownames", "DEV", "URB", "LIT", "IND", "STB", "SURV"]
    assert len(lipset) == 18


def test_the_names_of_municipalities() -> None:
    (sheet,) = read("refs/gemeentenamen_deduce.txt")
    assert (len(sheet.cells), sheet.cells.shape[1]) == (347, 1)
    assert sheet.cells[0].iloc[0] == "'S-Gravenhage"


@pytest.mark.parametrize("name", ["simple", "comma_in_quotes", "escaped_quotes", "newlines", "utf8", "json"])
def test_csv_spectrum_is_read_as_the_json_beside_it(name: str) -> None:
    expected = json.loads(corpus(f"torture/csv/spectrum_{name}.json").read_text(encoding="utf-8"))
    assert table(f"torture/csv/spectrum_{name}.csv").to_dict("records") == expected


def test_text_stays_text() -> None:
    assert table("torture/csv/csvkit_blanks.csv").iloc[0].tolist() == ["", "NA", "N/A", "NONE", "NULL", "."]
    assert table("torture/csv/csvkit_test_no_leading_zeroes.csv").iloc[0].tolist() == ["01", "00.11", "0.1"]
    assert table("torture/csv/csvkit_date_like_number.csv").iloc[0].tolist() == ["4.5"]
    assert table("torture/csv/csvkit_test_latin1.csv").iloc[1].tolist() == ["4", "5", "©"]
    assert table("torture/csv/csvkit_test_utf16_little.csv").iloc[1].tolist() == ["4", "5", "ʤ"]
    assert table("torture/csv/csvkit_test_utf8_bom.csv").columns.tolist() == ["foo", "bar", "baz"]
    assert read("torture/csv/messy_null.csv")[0].cells.loc[3].tolist() == ["3", "null", "", ""]


def test_numbers_written_as_text_lose_no_digit() -> None:
    found = table("torture/xlsx/readxl_big-texty-numbers-xlsx.xlsx").iloc[1:]
    assert found["number"].tolist() == found["number as text"].tolist()
    assert found["number"].tolist() == ["2147483647", "2147483648", "2147483649", "-2147483648", "-2147483649"]


def test_days_of_both_systems_of_excel() -> None:
    # 1900: serial 60 is 29 February, a day that never was; readxl does not expect it to be read, as of days before 1900
    leap = next(s for s in read("torture/xlsx/readxl_dates-leap-year-1900-xlsx.xlsx") if s.name == "for_testing").cells
    rows = leap.iloc[1:].set_axis(["day", "expected", "success"], axis=1)
    good = rows[rows["success"] == "ja"]
    assert good["day"].tolist() == good["expected"].tolist()
    assert len(good) == 6
    libre = read("torture/xlsx/readxl_dates-1900-LibreOffice.xlsx")[0].cells
    assert set(libre.loc[1]) == {"2000-01-01"}
    # 1904
    data = next(s for s in read("torture/xlsx/csvkit_sheets.xlsx") if s.name == "data").cells
    assert data[1].tolist()[1:4] == ["1971-01-01", "1948-01-01", "1920-01-01"]
    agate = read("torture/xlsx/agate_test_skip_lines.xlsx")[0].cells
    assert agate[3].tolist()[4:6] == ["2015-11-04", "2015-11-05"]


@pytest.mark.parametrize("name", ["messy_simple", "messy_loffice-4.4.1.2"])
def test_an_ods_holds_what_stands_in_its_xml(name: str) -> None:
    (sheet,) = read(f"torture/xlsx/{name}.ods")
    assert sheet.cells.to_numpy().tolist() == [
        ["Name", "Age", "When"],
        ["Bob", "20", "2010-10-10"],
        ["Jane", "23", "2012-01-01"],
        ["Ian", "34", "2015-11-11"],
    ]


def test_an_xls_holds_what_xlrd_finds_in_it() -> None:
    (sheet,) = read("torture/xlsx/messy_excel_properties.xls")
    styles = [
        "bold",
        "italic",
        "underline",
        "black bg",
        "red bg",
        "green fg",
        "blue fg",
        "right",
        "all",
        "huge",
        "tiny",
    ]
    days = ["2014-01-01", "2014", "2014", "2014-01", "2014-01-01"]  # DD/MM/YY, QQ YY, YYYY, YYYY MMM, D MMM YYYY
    assert sheet.cells[0].tolist() == [*styles, "strikeout", "", "0", *days]  # xlrd: 41640.0, 1900 system


def test_spss_values_have_their_labels() -> None:
    hotel = read("torture/sav/pspp_hotel.sav")[0].cells
    assert hotel.loc[2].tolist() == ["Agree", "Disagree", "No Opinion", "Agree", "Strongly Disagree"]
    persons = table("torture/sav/pspp_personnel.sav")
    assert persons.columns[:4].tolist() == [
        "firstname",
        "lastname",
        "sex",
        "Date of birth",
    ]  # its label, where it has one
    assert persons.iloc[0].tolist() == ["Ahmed", "Khan", "Male", "2001-01-02", "Scientist", "27345.4812461063"]
    assert persons.iloc[4, 5] == "34779"
    assert set(persons["sex"]) <= {"Male", "Female", ""}
    packed = read("torture/sav/pyr_sample.zsav")[0].cells
    assert packed[1].tolist()[1:] == ["1.1", "1.2", "-1000.3", "-1.4", "1000.3"]
    assert packed[4].tolist()[1:] == ["Male", "Female", "Male", "Female", "Male"]


# ---- from end to end: the account balances and the values are there -----------------------------------------------------


def built(folder: Path, path: str, crosswalk: str, **card: str) -> Built:
    name = Path(path).name
    home = home_with(folder, {name: corpus(path).read_bytes()}, crosswalk, **card)
    made = build.build(home, "here")
    assert not [message for message in made.messages if message.code.startswith(("file_", "no_header"))]
    return made


def account(made: Built, sheet: str = "") -> dict[str, Any]:
    """The line of the ledger of a sheet: what is not nought."""
    (line,) = [line for line in made.ledger["sheets"] if line["sheet"] == sheet]
    return {name: n for name, n in line.items() if n and name.startswith("rows_")}


PERMITS = """
[[sheets]]
file = "wabo*.csv"
one_row_is = "cases"
date_order = "ymd"
[sheets.columns]
"case:concept:name" = "cases.case_id"
"case:startdate" = ["cases.date_referral", "referrals.date"]
"case:enddate" = "cases.date_closed"
"case:department" = "cases.team"
"""


def test_a_log_of_permits_becomes_cases(tmp_path: Path) -> None:
    made = built(tmp_path, "cases/wabo_receipt_log.csv", PERMITS)
    assert account(made) == {"rows_in_file": 8578, "rows_header": 1, "rows_read": 8577, "rows_kept": 8577}
    cases = made.tables["cases"]
    assert (len(cases), cases["date_closed"].isna().sum()) == (1434, 105)
    # Local days, as written: the first case began at 00:00:00.02+02:00 on 1 October, which is 30 September in UTC.
    assert (cases["date_referral"].min(), cases["date_closed"].max()) == (
        pd.Timestamp("2010-10-01"), pd.Timestamp("2012-01-20"),
    )  # fmt: skip
    # The two cases that end before they begin do so by an hour, on one day: by the day their order is right.
    assert (cases["date_closed"].dropna() >= cases["date_referral"][cases["date_closed"].notna()]).all()


PERSONS = """
[[sheets]]
file = "pspp*.sav"
one_row_is = "case_persons"
[sheets.columns]
"lastname" = "case_persons.case_id"
"firstname" = "case_persons.person_id"
"sex" = "case_persons.sex"
"Date of birth" = "case_persons.birth_date"
[sheets.ignore]
"occupation" = "no question"
"Annual salary before tax" = "no question"
"""


def test_persons_of_spss_lose_their_names(tmp_path: Path) -> None:
    made = built(tmp_path, "torture/sav/pspp_personnel.sav", PERSONS)
    assert account(made) == {"rows_in_file": 57, "rows_header": 1, "rows_read": 56, "rows_kept": 56}
    persons = made.tables["case_persons"]
    assert persons["sex"].value_counts().to_dict() == {"man": 33, "woman": 21, "empty": 2}  # pyreadstat: 33, 21, 2 NaN
    assert not persons.astype("str").isin(["Ahmed", "Khan", "Alfred", "Green"]).any(axis=None)


DEATHS = """
[[sheets]]
file = "readxl_deaths.xlsx"
sheet = "{sheet}"
one_row_is = "cases"
[sheets.columns]
"Name" = "cases.case_id"
"Date of birth" = "cases.date_referral"
"Date of death" = "cases.date_closed"
[sheets.ignore]
"Profession" = "no question"
"Age" = "no question"
"Has kids" = "no question"
"""


def test_notes_above_and_below_a_table_are_no_cases(tmp_path: Path) -> None:
    walk = DEATHS.format(sheet="arts") + DEATHS.format(sheet="other")
    made = built(tmp_path, "torture/xlsx/readxl_deaths.xlsx", walk)
    for sheet in ("arts", "other"):
        line = account(made, sheet)
        assert (line["rows_in_file"], line["rows_title"], line["rows_header"]) == (19, 4, 1)
        assert line["rows_kept"] == 10
        assert line.get("rows_footnote", 0) + line.get("rows_set_aside", 0) == 4
    assert len(made.tables["cases"]) == 20
    assert made.tables["cases"]["date_referral"].min() == pd.Timestamp("1917-02-06")


DOCTORS = """
[[sheets]]
file = "messy_weird_head_padding.csv"
one_row_is = "cases"
[sheets.columns]
"1985" = "cases.team"
"1993" = "cases.case_label"
[sheets.ignore]
"2000" = "no question"
"2005" = "no question"
"2006" = "no question"
"2007" = "no question"
"2008" = "no question"
"2009" = "no question"
"2010" = "no question"
"""


def test_a_table_below_a_wide_padded_head_is_found(tmp_path: Path) -> None:
    """Nothing in it is a case, so nothing is kept; but each of its 94 records is accounted for."""
    home = home_with(
        tmp_path,
        {"messy_weird_head_padding.csv": corpus("torture/csv/messy_weird_head_padding.csv").read_bytes()},
        DOCTORS,
    )
    made = build.build(home, "here")
    line = account(made)
    # By hand: the header is record 12; above it 6 with text and 5 without; below it 60 of the table, 16 of notes, 6 blank.
    assert (line["rows_in_file"], line["rows_title"], line["rows_header"], line["rows_empty"]) == (94, 6, 1, 11)
    # Of those 60, 10 hold only a name in the column without a heading: rows of their own, though no heading tells them apart.
    assert line.get("rows_footnote", 0) + line["rows_set_aside"] == 60 + 16
    assert "rows_duplicate" not in line
    assert "rows_kept" not in line


def test_a_register_of_municipalities_holds_no_cases(tmp_path: Path) -> None:
    home = home_with(
        tmp_path,
        {"kaart.csv": corpus("nl/cbs_schuld_kaart_risico_gemeente.csv").read_bytes()},
        PERMITS.replace("wabo*", "kaart"),
    )
    made = build.build(home, "here")
    (message,) = made.messages
    assert (message.code, message.place.file) == ("no_header", "kaart.csv")
    assert account(made) == {"rows_in_file": 356, "rows_excluded": 356}
