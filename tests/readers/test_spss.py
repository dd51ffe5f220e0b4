"""SPSS files: one sheet of text; labels in place of codes; what SPSS calls missing is told apart and counted."""

import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from iww_analysis.io.formats.spss import read_cases
from iww_analysis.io.formats.workbook import read_in_child
from iww_analysis.messages.errors import IwwError
from iww_analysis.tables.cells import dates
from iww_analysis.tables.raw_sheet import RawSheet
from shared.homes import corpus

CODEPAGE_UTF8 = (65_001).to_bytes(4, "little")


def read(name: str) -> RawSheet:
    (sheet,) = read_in_child(read_cases, name, corpus(f"torture/sav/{name}").read_bytes())
    return sheet


def written(folder: Path, frame: pd.DataFrame, name: str = "a.sav", **more: object) -> bytes:
    pyreadstat.write_sav(frame, folder / name, **more)
    return (folder / name).read_bytes()


def column(sheet: RawSheet, heading: str) -> list[str]:
    cells = sheet.cells
    return list(cells.loc[2:, list(cells.loc[1]).index(heading)])


def said(sheet: RawSheet) -> dict[str, object]:
    return {message.code: message.words["variables"] for message in sheet.notes}


# Values as the MANIFEST, PSPP and the makers of the files give them.
def test_row_one_holds_the_headings_and_row_two_the_first_case() -> None:
    cells = read("pspp_personnel.sav").cells
    assert cells.shape == (57, 6)  # 56 persons
    assert list(cells.loc[1]) == [
        "firstname",
        "lastname",
        "sex",
        "Date of birth",
        "occupation",
        "Annual salary before tax",
    ]
    assert list(cells.loc[2])[2:5] == ["Male", "2001-01-02", "Scientist"]


def test_value_labels_stand_in_place_of_codes() -> None:
    sheet = read("pspp_hotel.sav")
    assert sheet.cells.shape == (18, 5)
    assert column(sheet, "The staff were slow in responding")[:3] == ["No Opinion", "Agree", "Disagree"]  # 3, 4, 2
    assert not sheet.notes


def test_a_compressed_file_holds_days_moments_times_and_numbers() -> None:
    cells = read("pyr_sample.zsav").cells
    assert list(cells.loc[2]) == ["a", "1.1", "2018-05-06", "2018-05-06 10:10:10", "Male", "low", "10:10:10"]
    assert list(cells.loc[6]) == ["e", "1000.3", "", "", "Male", "low", ""]


def test_what_spss_was_told_to_treat_as_missing_is_unknown_and_counted() -> None:
    sheet = read("pyr_sample_missing.sav")
    assert said(sheet) == {"spss_user_missing": "mynum 2, mylabl 1, myord 2"}
    assert column(sheet, "numeric")[-2:] == ["onbekend", "onbekend"]  # 2000 thru 3000, -1
    assert column(sheet, "labeled")[-2:] == ["onbekend", ""]  # -1 "undetermined"; system-missing


def test_text_can_be_missing_and_a_known_reason_keeps_its_label() -> None:
    sheet = read("rforeign_testdata.sav")
    assert column(sheet, "string factor with missings") == ["onbekend", "c", "onbekend", "g", ""]
    assert column(sheet, "string factor with coded missing") == ["male", "female", "", "male", "unknown"]
    assert str(said(sheet)["spss_user_missing"]).endswith("string_miss 2, factor_s_coded_miss 1")


def test_values_that_share_a_label_are_kept_apart() -> None:
    sheet = read("rforeign_testdata.sav")
    assert column(sheet, "numeric factor with duplicated factor labels") == ["A (1)", "A (1)", "A (2)", "", "B"]
    assert said(sheet)["spss_labels_repeat"] == "factor_n_duplicated, factor_s_duplicated"


def test_a_value_without_a_label_is_itself() -> None:
    assert column(read("rforeign_testdata.sav"), "numeric factor with undeclared values (factor_n_undeclared)") == [
        "strongly disagree", "2", "4", "3", "strongly disagree",
    ]  # fmt: skip


def test_a_label_used_twice_has_the_name_behind_it(tmp_path: Path) -> None:
    frame = pd.DataFrame({"v1": [1.0], "v2": [2.0], "v3": [3.0]})
    (sheet,) = read_in_child(read_cases, "a.sav", written(tmp_path, frame, column_labels=["Score", "Score", ""]))
    assert sheet.cells.to_numpy().tolist() == [["Score (v1)", "Score (v2)", "v3"], ["1", "2", "3"]]


def test_dutch_reasons_for_absence_keep_their_words(tmp_path: Path) -> None:
    content = written(
        tmp_path, pd.DataFrame({"v": [1.0, 8.0, 9.0, 97.0]}), missing_ranges={"v": [8, 9, 97]},
        variable_value_labels={"v": {1: "ja", 8: "n.v.t.", 9: "weet niet", 97: "anders"}},
    )  # fmt: skip
    (sheet,) = read_in_child(read_cases, "a.sav", content)
    assert column(sheet, "v") == ["ja", "n.v.t.", "weet niet", "onbekend"]


def test_a_day_no_calendar_holds_stays_a_number(tmp_path: Path) -> None:
    content = written(tmp_path, pd.DataFrame({"d": [1e15]}), variable_format={"d": "DATE11"})
    assert column(read_in_child(read_cases, "a.sav", content)[0], "d") == ["1000000000000000"]


def test_behind_a_label_stands_its_number_unless_it_says_why_there_is_none(tmp_path: Path) -> None:
    labels = {0.0: "0 geen", 1.0: "acute problematiek", 2.0: "niet zelfredzaam", 98.0: "weet niet", 99.0: "overig"}
    frame = pd.DataFrame({"zrm": [1.0, 2.0, 3.0, 98.0, 99.0, None]})
    content = written(tmp_path, frame, variable_value_labels={"zrm": labels}, missing_ranges={"zrm": [99]})
    (sheet,) = read_in_child(read_cases, "a.sav", content)
    assert column(sheet, "zrm") == ["acute problematiek", "niet zelfredzaam", "3", "weet niet", "onbekend", ""]
    assert sheet.numbers == {0: {"acute problematiek": "1", "niet zelfredzaam": "2"}}


def test_a_month_a_quarter_and_a_week_are_no_days(tmp_path: Path) -> None:
    forms = {"m": "MOYR8", "q": "QYR6", "w": "WKYR10", "d": "DATE11"}
    days = [dt.datetime(2022, 5, 1), dt.datetime(2022, 4, 1), dt.datetime(2022, 4, 30), dt.datetime(2022, 5, 1)]  # noqa: DTZ001
    seconds = [(day - dt.datetime(1582, 10, 14)).total_seconds() for day in [*days, dt.datetime(2022, 5, 17)]]  # noqa: DTZ001
    frame = pd.DataFrame({name: [first, seconds[-1]] for name, first in zip(forms, seconds, strict=False)})
    (sheet,) = read_in_child(read_cases, "a.sav", written(tmp_path, frame, variable_format=forms))
    cells = sheet.cells
    assert list(cells.loc[2]) == ["2022-05", "2022-Q2", "2022 week 18", "2022-05-01"]
    assert set(cells.loc[3]) == {"2022-05-17"}  # a day that was computed is known as a day
    assert said(sheet) == {"spss_periods": "m, q, w"}
    reasons = [dates.date_reader("dmy")(text)[2] for text in cells.loc[2]]
    assert reasons == ["month_only", "month_only", "month_only", None]


def test_no_cases_is_a_header_only(tmp_path: Path) -> None:
    (sheet,) = read_in_child(
        read_cases, "a.sav", written(tmp_path, pd.DataFrame({"v": pd.Series([], dtype="float64")}))
    )
    assert sheet.cells.to_numpy().tolist() == [["v"]]


@pytest.mark.parametrize("name", ["pspp_hotel.sav", "pyr_sample.zsav", "rforeign_testdata.sav"])
@pytest.mark.parametrize("part", [0.0, 0.05, 0.5, 0.99])
def test_a_file_cut_short_is_refused(name: str, part: float) -> None:
    content = corpus(f"torture/sav/{name}").read_bytes()
    with pytest.raises(IwwError) as error:
        read_in_child(read_cases, name, content[: int(len(content) * part)])
    assert [(m.code, m.place.file) for m in error.value.messages] == [("spss_broken", name)]


def test_text_in_another_encoding_than_the_file_says_is_refused(tmp_path: Path) -> None:
    content = written(tmp_path, pd.DataFrame({"naam": ["Súdwest"]}))
    assert "Súdwest".encode() in content
    with pytest.raises(IwwError) as error:
        read_in_child(read_cases, "a.sav", content.replace("Súdwest".encode(), b"S\xfadwest "))
    assert [m.code for m in error.value.messages] == ["spss_encoding"]


def test_an_encoding_nobody_knows_is_refused(tmp_path: Path) -> None:
    content = written(tmp_path, pd.DataFrame({"naam": ["a"]}))
    assert b"UTF-8" in content
    content = content.replace(b"UTF-8", b"XTF-9").replace(CODEPAGE_UTF8, (99_999).to_bytes(4, "little"))
    with pytest.raises(IwwError) as error:
        read_in_child(read_cases, "a.sav", content)
    assert [m.code for m in error.value.messages] == ["spss_encoding"]


def test_bytes_that_are_no_spss_file_are_refused() -> None:
    with pytest.raises(IwwError) as error:
        read_in_child(read_cases, "a.sav", io.BytesIO(b"$FL2" + bytes(500)).getvalue())
    assert [m.code for m in error.value.messages] == ["spss_broken"]
