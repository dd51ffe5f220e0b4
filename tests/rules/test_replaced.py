"""A delivery that replaces most of an earlier one, or opens most closed cases, waits until a person says that it is meant."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import iww_analysis as iww
from iww_analysis import cli
from iww_analysis.commands import build
from iww_analysis.commands.add import take_back
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from shared.homes import deliver, home_with

WALK = """
[[sheets]]
file = "cases*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = ["cases.date_referral", "referrals.date"]
"closed" = "cases.date_closed"
"why" = "cases.closure_reason"
"""
CODINGS = """
[[sheets]]
file = "codings*"
one_row_is = "codings"
[sheets.columns]
"document" = "codings.document"
"begin" = "codings.begin"
"einde" = "codings.end"
"code" = "codings.code"
"""
Line = tuple[int, str, str, str]
CLOSED = [(n, f"{n}-2-2019", f"{n}-6-2019", "Verhuisd") for n in range(1, 9)]
OPEN = [(n, f"{n}-3-2019", "", "") for n in range(9, 13)]


def text(lines: Iterable[Line]) -> str:
    return "nr;reported;closed;why\n" + "".join(";".join(map(str, line)) + "\n" for line in lines)


def two(folder: Path, first: Iterable[Line], second: Iterable[Line], more: str = "") -> Home:
    home = home_with(folder, {"cases a.csv": text(first)}, WALK)
    deliver(home, "here", {"cases b.csv": text(second)}, received="2022-01-15", more=more)
    return home


def numbers(home: Home) -> dict[str, object]:
    (asked,) = build.build(home, "here").asked
    return {name: asked.words[name] for name in ("n", "of", "opened", "closed", "since")}


def test_a_list_of_referrals_taken_for_cases_opens_what_was_closed(tmp_path: Path) -> None:
    home = two(tmp_path, [*CLOSED, *OPEN], [(n, day, "", "") for n, day, *_ in [*CLOSED, *OPEN]])
    assert numbers(home) == {"n": 0, "of": 12, "opened": 8, "closed": 8, "since": "2021-01-15"}
    with pytest.raises(IwwError) as stopped:
        build.build_and_store(home, "here")
    assert "8 van de 8 afgesloten casussen zouden weer open zijn" in stopped.value.say("nl")
    assert not home.processed("here").exists()


def test_until_then_nothing_that_looks_counts_it(tmp_path: Path) -> None:
    home = two(tmp_path, CLOSED, [(n, day, "", "") for n, day, *_ in CLOSED])
    study, said = build.as_if_built(home, ["here"])
    assert study["cases"]["date_closed"].notna().all()  # by hand: of eight closed cases the second file opens eight
    assert study.origins["here"].received.isoformat() == "2021-01-15"
    assert [message.code for message in said] == ["delivery_replaces"]
    back = iww.walk_back("F05", municipality="GM0243", reason="moved", home=home.path)
    assert list(back.marks["raw_n_cases"]) == [8]


def test_taking_it_back_changes_no_number_and_taking_back_what_counts_does(tmp_path: Path) -> None:
    home = two(tmp_path, CLOSED, [(n, day, "", "") for n, day, *_ in CLOSED])
    assert take_back.changes_without(home, "here", "2022-01-15") == {}
    assert take_back.changes_without(home, "here", "2021-01-15")["closed_cases"] == (8, 0)
    went = CliRunner().invoke(cli.app, ["add", "here", "--undo", "2022-01-15", "--home", str(home.path)])
    assert "Er verandert geen getal: deze levering telt nu niet mee" in went.output


def test_numbers_that_another_year_uses_again_replace_other_cases(tmp_path: Path) -> None:
    home = two(tmp_path, OPEN, [(n, f"{n}-5-2020", "", "") for n, *_ in OPEN])
    assert numbers(home) == {"n": 4, "of": 4, "opened": 0, "closed": 0, "since": "2021-01-15"}


def test_it_is_built_once_a_person_says_that_it_is_meant(tmp_path: Path) -> None:
    home = two(tmp_path, CLOSED, [(n, day, "", "") for n, day, *_ in CLOSED], more="replaces = true\n")
    built = build.build_and_store(home, "here")
    assert not built.asked
    assert built.tables["cases"]["date_closed"].isna().all()


def test_what_an_earlier_delivery_but_one_said_is_replaced_too(tmp_path: Path) -> None:
    home = two(tmp_path, CLOSED, [(n, f"{n}-1-2020", "", "") for n in range(101, 109)])
    deliver(home, "here", {"cases c.csv": text((n, d, "", "") for n, d, *_ in CLOSED)}, received="2023-01-15")
    assert numbers(home) == {"n": 0, "of": 8, "opened": 8, "closed": 8, "since": "2021-01-15"}


@pytest.mark.parametrize(
    "second",
    [
        [*CLOSED, *((n, day, "1-8-2020", "Verhuisd") for n, day, *_ in OPEN)],  # all open cases were closed
        [(n, day, end, "Overleden") for n, day, end, _ in CLOSED],  # a reason was mended
        [(n, day, "", "") for n, day, *_ in CLOSED[:2]],  # two were opened again
        [(n, f"{n}-5-2020", "", "") for n in range(201, 220)],  # other cases
    ],
    ids=["closed", "mended", "reopened", "new"],
)  # fmt: skip
def test_a_next_year_that_goes_on_where_this_one_stopped_is_no_question(tmp_path: Path, second: list[Line]) -> None:
    assert not build.build(two(tmp_path, [*CLOSED, *OPEN], second), "here").asked


def test_a_document_with_three_codings_in_the_place_of_one_with_eight_is_asked(tmp_path: Path) -> None:
    head = "document;begin;einde;code\n"
    codings = "".join(f"gesprek 1;{n};{n + 5};vertrouwen\n" for n in range(8))
    home = home_with(tmp_path, {"codings a.csv": head + codings}, CODINGS, regime="case_study")
    fewer = {"codings b.csv": head + codings[: codings.index("gesprek 1;3")] + "gesprek 2;1;2;vertrouwen\n"}
    deliver(home, "here", fewer, received="2022-01-15", regime="case_study")
    (asked,) = build.build(home, "here").asked
    assert (asked.words["n"], asked.words["of"]) == (5, 8)


TURNED = """
[[sheets]]
file = "scores*"
one_row_is = "scores"
a_column_is = "domain"
[sheets.columns]
"nr" = "scores.case_id"
"geld" = { to = "scores.score", domain = "finances" }
"wonen" = { to = "scores.score", domain = "housing" }
"werk" = { to = "scores.score", domain = "work_education" }
[sheets.constants]
"scores.instrument_version" = "zrm_2017"
"scores.moment" = "begin"
"""


@pytest.mark.parametrize(("second", "asked"), [((5, 5, 5), [(4, 4)]), ((1, 2, 5), [])], ids=["most", "one of three"])
def test_so_is_a_sheet_on_its_side_of_which_most_cells_say_otherwise(
    second: tuple[int, ...], asked: list[tuple[int, int]], tmp_path: Path
) -> None:
    head, numbers = "nr;geld;wonen;werk\n", range(1, 5)
    first = {"scores a.csv": head + "".join(f"{n};1;2;3\n" for n in numbers)}
    later = {"scores b.csv": head + "".join(";".join(map(str, (n, *second))) + "\n" for n in numbers)}
    home = home_with(tmp_path, first, TURNED)
    deliver(home, "here", later, received="2022-01-15")
    assert [(each.words["n"], each.words["of"]) for each in build.build(home, "here").asked] == asked


def test_a_project_that_was_coded_further_is_no_question(tmp_path: Path) -> None:
    head, more = "document;begin;einde;code\n", "gesprek 1;90;95;samenwerking\n"
    codings = "".join(f"gesprek 1;{n};{n + 5};vertrouwen\n" for n in range(8))
    home = home_with(tmp_path, {"codings a.csv": head + codings}, CODINGS, regime="case_study")
    deliver(home, "here", {"codings b.csv": head + codings + more}, received="2022-01-15", regime="case_study")
    assert not build.build(home, "here").asked


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 8), st.integers(0, 8))
def test_it_is_asked_exactly_when_more_than_half_is_opened(
    tmp_path_factory: pytest.TempPathFactory, n_opened: int, n_new: int
) -> None:
    second = [(n, day, "", "") for n, day, *_ in CLOSED[:n_opened]] + CLOSED[n_opened:]
    second += [(n, "1-1-2020", "", "") for n in range(100, 100 + n_new)]
    built = build.build(two(tmp_path_factory.mktemp("two"), CLOSED, second), "here")
    assert bool(built.asked) == (n_opened > 4)
    assert len(built.tables["cases"]) == 8 + n_new
