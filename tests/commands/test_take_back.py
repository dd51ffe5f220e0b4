"""A wrong delivery is taken back, and what the law says must go is erased: shown first, recorded, and in no file any more."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iww_analysis import cli
from iww_analysis.commands import build, report
from iww_analysis.commands.add import take_back
from iww_analysis.io import erased_rows
from iww_analysis.io.delivered_files import read_sheets
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from shared.homes import deliver, home_with, workbook
from shared.notebooks import with_short_notebooks

WALK = """
[[sheets]]
file = "cases*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = ["cases.date_referral", "referrals.date"]
"closed" = "cases.date_closed"
[sheets.ignore]
"note" = "free text"
"""
HEADER = "nr;reported;closed;note\r\n"
FIRST = HEADER + "".join(f"Z-{n:02};{n}-2-2020;;\r\n" for n in range(1, 6)) + 'Z-77;6-2-2020;;"a note\r\nof Jansen"\r\n'
SECOND = HEADER + "".join(f"Z-{n:02};{n}-2-2021;;x\r\n" for n in range(7, 10)) + "z-77 ;6-2-2020;1-3-2020;x\r\n"
TODAY = dt.date(2024, 5, 1)
ALL = ("raw/**/*.*", "taken-back/**/*.*", "processed/**/*.*", "crosswalks/*")
RUN = CliRunner()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = home_with(tmp_path, {"cases a.csv": FIRST}, WALK)
    sheets = {"Blad": [line.split(";") for line in SECOND.splitlines()]}
    deliver(made, "here", {"cases b.xlsx": sheets}, received="2022-01-15", extraction_date="2021-12-31")
    build.build_and_store(made, "here")
    return made


def event(home: Home) -> dict[str, object]:
    lines = files.read_bytes(home.raw / "here" / "logbook.jsonl").decode().splitlines()
    return dict(json.loads(lines[-1]))


def test_what_would_change_is_shown_first_and_nothing_is_done_without_a_yes(home: Home) -> None:
    before = files.read_all(home.path / "data", ALL)
    went = RUN.invoke(cli.app, ["add", "here", "--undo", "2022-01-15", "--home", str(home.path)])
    assert went.exit_code == 1
    assert "casussen: 9 wordt 6" in went.output
    assert "afgesloten casussen: 1 wordt 0" in went.output
    assert "rijen van deze levering die meetellen: 4 wordt 0" in went.output
    assert files.read_all(home.path / "data", ALL) == before


def test_a_delivery_is_taken_back_and_recorded(home: Home) -> None:
    assert (
        RUN.invoke(cli.app, ["add", "here", "--undo", "2022-01-15", "--yes", "--home", str(home.path)]).exit_code == 0
    )
    assert [day.name for day in home.deliveries("here")] == ["2021-01-15"]
    assert len(build.load(home, ["here"])["cases"]) == 6
    assert event(home)["event"] == "taken_back"
    assert set(event(home)["files"]) == {"cases b.xlsx"}  # type: ignore[call-overload]
    assert (home.taken_back("here") / "2022-01-15" / "cases b.xlsx").exists()


def test_a_delivery_that_was_deleted_can_be_taken_back_which_answers_for_the_gap(home: Home) -> None:
    for path in home.deliveries("here")[1].iterdir():
        path.unlink()
    with pytest.raises(IwwError):
        build.build_and_store(home, "here")
    assert not take_back.undo(home, "here", "2022-01-15", TODAY)
    assert len(build.load(home, ["here"])["cases"]) == 6


def test_of_a_source_of_which_all_is_taken_back_nothing_is_left_to_read(home: Home) -> None:
    for day in ("2021-01-15", "2022-01-15"):
        take_back.undo(home, "here", day, TODAY)
    assert not home.sources()


def test_a_day_without_a_delivery_names_those_there_are(home: Home) -> None:
    went = RUN.invoke(cli.app, ["add", "here", "--undo", "2023-01-15", "--home", str(home.path)])
    assert went.exit_code == 2
    assert "2021-01-15, 2022-01-15" in went.output


def test_a_case_is_erased_from_files_and_tables_and_only_that_is_said(home: Home) -> None:
    old = build.load(home, ["here"])["cases"]
    take_back.undo(home, "here", "2021-01-15", TODAY)
    went = RUN.invoke(cli.app, ["add", "here", "--erase", "Z-77", "--yes", "--home", str(home.path)])
    assert went.exit_code == 0, went.output
    left = files.read_all(home.path / "data", ALL)
    assert not [
        path for path, content in left.items() if b"Z-77" in content or b"z-77" in content or b"Jansen" in content
    ]
    (sheet,) = read_sheets(Path("b.xlsx"), files.read_bytes(home.deliveries("here")[0] / "cases b.xlsx"))
    assert sheet.cells.iloc[:4, 0].tolist() == ["nr", "Z-07", "Z-08", "Z-09"]
    built = build.build_and_store(home, "here")
    assert not built.refused
    assert set(built.tables["cases"]["case_id"]) < set(old["case_id"])
    assert len(built.tables["cases"]) == 3
    assert [(m.place.file, m.words["n"]) for m in built.notices if m.code == "rows_erased"] == [
        ("2022-01-15/cases b.xlsx", 1)
    ]
    assert event(home)["rows"] == 1


@pytest.mark.long
def test_erasing_makes_every_report_of_the_source_anew(home: Home) -> None:
    """Of the six cases of February 2020 one goes; inside, a figure shows the count itself."""
    with_short_notebooks(home.path)
    report.write(home, report.report(home, ["here"], "al-intern", internal=True))

    def february() -> list[str]:
        lines = files.read_bytes(home.report("al-intern") / "figures" / "F01.csv").decode("utf-8-sig").splitlines()
        return [line.rpartition(";")[2] for line in lines if line.startswith("GM0243;2020-02;")]

    before, manifest = february(), home.manifests()["al-intern"]
    assert not take_back.erase(home, "here", "Z-77", TODAY)
    assert (before, february()) == (["6"], ["5"])
    assert home.manifests()["al-intern"] != manifest


def test_erasing_keeps_the_numbers_of_the_other_rows_and_records_of_several_lines() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        content = FIRST.replace("note\r\nof", "né\r\nof").encode(encoding)
        made = erased_rows.without("a.csv", content, {"": [7]})
        (old,), (new,) = (read_sheets(Path("a.csv"), each) for each in (content, made))
        assert new.cells.loc[:6].equals(old.cells.loc[:6])
        assert "Jansen" not in made.decode(encoding)


def test_a_kind_of_file_that_cannot_be_emptied_is_refused_and_nothing_is_done() -> None:
    book = workbook({"Blad": [["nr"], ["Z-77"]]})
    with pytest.raises(IwwError, match="er is niets gewist"):
        erased_rows.without("a.ods", book, {"Blad": [2]})


def test_an_unknown_case_changes_nothing(home: Home) -> None:
    assert RUN.invoke(cli.app, ["add", "here", "--erase", "Z-99", "--yes", "--home", str(home.path)]).exit_code == 2
