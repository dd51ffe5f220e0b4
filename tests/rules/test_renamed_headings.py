"""A heading that gets another name in a later delivery is another name of the same field, kept beside the old one."""

import datetime as dt
from pathlib import Path

import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.commands.check import check
from iww_analysis.io.disk.home import Home
from shared.homes import deliver, home_with

WALK = """
[[sheets]]
file = "cases.csv"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = ["cases.date_referral", "referrals.date"]
"came on" = ["cases.date_referral", "referrals.date"]
"closed" = "cases.date_closed"
"""
OLD = "nr;reported;closed\n1;01-02-2019;13-05-2019\n2;13-02-2019;\n3;14-02-2019;\n"
NEW = "nr;came on;closed\n1;01-02-2019;13-05-2019\n2;13-02-2019;14-09-2019\n3;14-02-2019;15-10-2019\n"


@pytest.mark.parametrize(("first", "later", "n_closed"), [(OLD, NEW, 3), (NEW, OLD, 1)])
def test_both_deliveries_are_read(tmp_path: Path, first: str, later: str, n_closed: int) -> None:
    home = home_with(tmp_path, {"cases.csv": first}, WALK, received="2020-01-15", extraction_date="2019-12-31")
    deliver(home, "here", {"cases.csv": later}, received="2021-01-15", extraction_date="2020-12-31")
    built = build.build(home, "here")
    assert not built.refused
    cases = built.tables["cases"]
    assert list(cases["date_referral"].dt.day) == [1, 13, 14]
    assert cases["date_closed"].notna().sum() == n_closed
    assert len(built.tables["referrals"]) == 3
    assert not [m for m in check(home, ["here"]) if m.code.startswith("heading")]


def test_two_names_of_one_field_on_one_sheet_are_refused(tmp_path: Path) -> None:
    text = "nr;reported;came on\n1;01-02-2019;02-02-2019\n"
    built = build.build(home_with(tmp_path, {"cases.csv": text}, WALK), "here")
    assert [m.code for m in built.messages] == ["heading_both"]


def test_a_heading_that_is_new_is_proposed_for_the_field_whose_heading_is_gone(tmp_path: Path) -> None:
    home, path = Home(tmp_path / "home"), tmp_path / "zaken.csv"
    path.write_text("casusnummer;datum aanmelding;datum afsluiting\n1;01-02-2023;13-05-2023\n2;13-02-2023;\n")
    add(home, "ede", [path], dt.date(2023, 7, 1), yes=True)
    path.write_text("casusnummer;datum melding;datum afsluiting\n1;01-02-2023;13-05-2023\n2;13-02-2023;14-09-2023\n")
    add(home, "ede", [path], dt.date(2024, 1, 1), yes=True)
    written = home.crosswalk("ede").read_text(encoding="utf-8")
    assert '"datum aanmelding" = ["cases.date_referral", "referrals.date"]' in written
    assert '"datum melding" = ["cases.date_referral", "referrals.date"]' in written
