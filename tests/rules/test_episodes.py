"""A case that was closed and reported again has two episodes, in whatever order its rows stand; a correction has one."""

import itertools
from pathlib import Path

import pytest

from iww_analysis.commands import build
from shared.homes import deliver, home_with

WALK = """
[[sheets]]
file = "cases*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = "cases.date_referral"
"closed" = "cases.date_closed"
"area" = { to = "case_domains.domain", split = "," }
[[sheets]]
file = "meetings*"
one_row_is = "meetings"
[sheets.columns]
"nr" = "meetings.case_id"
"kind" = "meetings.kind"
"day" = "meetings.date"
"who" = { to = "attendances.party", split = "," }
"""
ROWS = ["1;01-02-2018;01-06-2018;financiën", "1;01-02-2019;;wonen", "2;01-03-2018;;wonen"]


@pytest.mark.parametrize("order", list(itertools.permutations(ROWS)))
def test_two_episodes_are_two_cases_in_whatever_order(tmp_path: Path, order: list[str]) -> None:
    files = {
        "cases.csv": "nr;reported;closed;area\n" + "\n".join(order) + "\n",
        "meetings.csv": "nr;kind;day;who\n1;case_discussion;03-03-2018;cliënt\n1;case_discussion;03-03-2019;cliënt\n",
    }
    built = build.build(home_with(tmp_path, files, WALK), "here")
    cases, meetings = built.tables["cases"], built.tables["meetings"]
    assert len(cases) == 3
    assert cases["case_id"].is_unique
    assert "contradiction" not in list(built.tables["set_aside"]["rule"])
    assert [n.words["n"] for n in built.notices if n.code == "rule_reopened"] == [1]
    referral = cases.set_index("case_id")["date_referral"]
    assert list(meetings["case_id"].map(referral).dt.year) == list(meetings["date"].dt.year)
    came = built.tables["attendances"].merge(meetings[["meeting_id", "case_id"]], on="meeting_id")
    assert list(came["case_id_x"]) == list(came["case_id_y"])
    domains = built.tables["case_domains"]
    years = dict(zip(domains["case_id"].map(referral).dt.strftime("%m-%Y"), domains["domain"], strict=True))
    assert years == {"02-2018": "finances", "02-2019": "housing", "03-2018": "housing"}


@pytest.mark.parametrize(("month", "n_cases"), [("juni 2018", 2), ("februari 2019", 1)])
def test_a_month_of_closure_that_is_over_tells_episodes_apart_as_a_day_does(
    tmp_path: Path, month: str, n_cases: int
) -> None:
    """Reported again on 1 February 2019: closed in that month, nobody knows whether that was before or after."""
    rows = f"nr;reported;closed;area\n1;01-02-2018;{month};\n1;01-02-2019;;\n"
    built = build.build(home_with(tmp_path, {"cases.csv": rows}, WALK), "here")
    assert len(built.tables["cases"]) == n_cases
    assert ("contradiction" in list(built.tables["set_aside"]["rule"])) == (n_cases == 1)


@pytest.mark.parametrize(
    ("first", "later", "n"),
    [
        ("1;01-02-2018;;", "1;01-02-2018;01-06-2018;", 1),  # closed since
        ("1;01-02-2018;01-06-2018;", "1;01-03-2018;01-07-2018;", 1),  # corrected
        ("1;01-02-2018;01-06-2018;", "1;01-08-2018;;", 2),  # only the new episode is delivered
        ("1;01-02-2018;;", "1;01-02-2018;01-06-2018;\n1;01-08-2018;;", 2),  # both are
    ],
)
def test_a_later_delivery_corrects_an_episode_or_brings_another(tmp_path: Path, first: str, later: str, n: int) -> None:
    head = "nr;reported;closed;area\n"
    home = home_with(
        tmp_path, {"cases.csv": f"{head}{first}\n"}, WALK, received="2020-01-15", extraction_date="2019-12-31"
    )
    deliver(home, "here", {"cases.csv": f"{head}{later}\n"}, received="2021-01-15", extraction_date="2020-12-31")
    built = build.build(home, "here")
    assert len(built.tables["cases"]) == n
    assert "contradiction" not in list(built.tables["set_aside"]["rule"])


def test_periods_that_overlap_contradict_still(tmp_path: Path) -> None:
    text = "nr;reported;closed;area\n1;01-02-2018;01-06-2018;\n1;01-05-2018;01-07-2018;\n"
    built = build.build(home_with(tmp_path, {"cases.csv": text}, WALK), "here")
    assert list(built.tables["set_aside"]["rule"]) == ["contradiction"]
