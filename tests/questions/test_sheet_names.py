"""Sheets of one file with the same headings are one table; what their names say of the rows is asked once."""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from iww_analysis.commands.add import Added, add, take_in
from iww_analysis.commands.build import build
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.parse import parse
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from shared.homes import workbook

HEADER = ("Casusnr", "Datum aanmelding", "Datum afsluiting")
NORTH = [("101", "3-5-2022", "4-8-2022"), ("102", "14-5-2022", "")]
SOUTH = [("201", "21-6-2022", ""), ("202", "25-6-2022", "1-9-2022"), ("203", "30-6-2022", "")]


def added(
    home: Home, folder: Path, sheets: Mapping[str, Sequence[Sequence[str]]], day: str = "2023-02-01", width: int = 3
) -> Added:
    path = folder / "lijst.xlsx"
    path.write_bytes(workbook({name: [row[:width] for row in (HEADER, *rows)] for name, rows in sheets.items()}))
    return add(home, "ede", [path], dt.date.fromisoformat(day), yes=True, municipality="Ede")


def asked(form: Path | None) -> dict[str, int]:
    """The questions of a form about the file, with their rows."""
    assert form
    sheet = openpyxl.load_workbook(form)["Vragen"]
    return {str(row[0].value): row[0].row for row in sheet.iter_rows(min_row=2) if row[1].value == "lijst.xlsx"}


def answer(home: Home, form: Path | None, text: str) -> Added:
    book = openpyxl.load_workbook(form)  # type: ignore[arg-type]
    [row] = asked(form).values()
    book["Vragen"].cell(row, 8).value = text
    book.save(form)  # type: ignore[arg-type]
    return take_in(home, "ede", form)  # type: ignore[arg-type]


def entries(home: Home) -> list[dict[str, object]]:
    return tomllib.loads(home.crosswalk("ede").read_text(encoding="utf-8"))["sheets"]  # type: ignore[no-any-return]


def column(home: Home, name: str) -> list[object]:
    return pd.DataFrame(build(home, "ede").tables["cases"]).sort_values("date_referral")[name].tolist()


SENTENCE = "2 bladen hebben dezelfde koppen en zijn samen één tabel van 5 rijen. Wat zegt de naam van een blad van de rijen erop?"


def test_a_sheet_per_team_costs_one_answer_and_every_row_gets_its_team(home: Home, tmp_path: Path) -> None:
    first = added(home, tmp_path, {"Team Noord": NORTH, "Team Zuid": SOUTH})
    assert list(asked(first.form)) == [SENTENCE]
    assert [m.code for m in check(home, ["ede"]) if m.code == "sheet_name_open"] == ["sheet_name_open"]
    answer(home, first.form, "team: ‘Noord’ (2), ‘Zuid’ (3)")
    [entry] = entries(home)
    assert entry["sheet"] == ["Team Noord", "Team Zuid"]
    assert entry["sheet_name"] == {"to": "cases.team", "written_as": "Team {}"}
    assert column(home, "team") == ["Noord", "Noord", "Zuid", "Zuid", "Zuid"]
    assert not [m for m in check(home, ["ede"]) if m.place.file == "lijst.xlsx"]


def test_the_names_can_be_taken_whole_or_say_nothing(home: Home, tmp_path: Path) -> None:
    form = added(home, tmp_path, {"Team Noord": NORTH, "Team Zuid": SOUTH}).form
    answer(home, form, "team: ‘Team Noord’ (2), ‘Team Zuid’ (3)")
    assert column(home, "team")[0] == "Team Noord"


def test_that_they_say_nothing_is_not_asked_again(home: Home, tmp_path: Path) -> None:
    sheets = {"Noord": NORTH, "Zuid": SOUTH}
    done = answer(home, added(home, tmp_path, sheets).form, "niets van de rijen")
    assert entries(home)[0]["sheet_name"] == {"to": "no"}
    assert SENTENCE not in (asked(done.form) if done.form else {})
    assert column(home, "team") == [None] * 5 or pd.isna(column(home, "team")).all()


def test_names_that_are_words_of_a_list_can_be_its_codes(home: Home, tmp_path: Path) -> None:
    form = added(home, tmp_path, {"Lopend": [NORTH[1]], "Afgesloten": [NORTH[0]]}).form
    answer(home, form, "status: ‘Lopend’ (1), ‘Afgesloten’ (1)")
    assert column(home, "status") == ["closed", "open"]


@pytest.mark.parametrize(
    "names", [("2021", "2022"), ("Januari", "Februari"), ("Blad1", "Blad2"), ("Q1 2022", "Q2 2022")]
)
def test_a_year_a_month_or_a_number_is_not_asked_about(home: Home, tmp_path: Path, names: tuple[str, str]) -> None:
    form = added(home, tmp_path, dict(zip(names, (NORTH, SOUTH), strict=True))).form
    assert not asked(form)
    assert len(entries(home)) == 1
    assert len(column(home, "case_id")) == 5


def test_the_sheet_of_a_new_team_joins_the_table(home: Home, tmp_path: Path) -> None:
    sheets = {"Team Noord": NORTH, "Team Zuid": SOUTH}
    answer(home, added(home, tmp_path, sheets).form, "team: ‘Noord’ (2), ‘Zuid’ (3)")
    later = added(home, tmp_path, {**sheets, "Team West": [("301", "2-7-2022", "")]}, "2023-08-01")
    assert not (asked(later.form) if later.form else {})
    assert entries(home)[0]["sheet"] == ["Team Noord", "Team Zuid", "Team West"]
    assert column(home, "team")[-1] == "West"


def test_lists_of_cases_and_of_referrals_stay_two_tables(home: Home, tmp_path: Path) -> None:
    form = added(home, tmp_path, {"Casussen": NORTH, "Aanmeldingen": SOUTH}, width=2).form
    assert [entry["sheet"] for entry in entries(home)] == ["Casussen"]
    assert next(iter(asked(form))).startswith("Is een rij hier een aanmelding of een casus?")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('to = "meetings.kind"', "kan ‘meetings.kind’ niet zeggen: dat is geen veld van wat een rij is"),
        (
            'to = "cases.team"\nwritten_as = "Team"',
            '‘Team’ zegt niet waar de naam staat. Zet op die plaats twee accolades, zoals in "Team {}"',
        ),
    ],
)
def test_a_slip_in_what_names_say_is_named(line: str, said: str) -> None:
    text = f'format = "iww-crosswalk/1"\n[[sheets]]\nfile = "*"\none_row_is = "cases"\n[sheets.sheet_name]\n{line}\n'
    with pytest.raises(IwwError) as error:
        parse(tomllib.loads(text), "ede.toml")
    assert said in error.value.messages[0].say("nl")


def test_sheets_that_differ_in_columns_that_are_not_read_are_one_table(home: Home, tmp_path: Path) -> None:
    """Of five headings two are remarks and mail, and on the other sheet two others of that kind."""
    wide = {
        "Team Noord": [(*HEADER, "E-mail", "BSN"), *((*row, f"a{n}@example.org", "999990019") for n, row in enumerate(NORTH))],
        "Team Zuid": [(*HEADER, "Postcode", "Telefoonnummer"), *((*row, "1011 AB", "06-00000000") for row in SOUTH)],
    }  # fmt: skip
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(workbook(wide))
    form = add(home, "ede", [path], dt.date(2023, 2, 1), yes=True, municipality="Ede").form
    assert list(asked(form)) == [SENTENCE]
