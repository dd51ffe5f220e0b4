"""Nothing that was delivered goes unseen: the last whole build stays, or what is made over a gap bears it in every caption."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from iww_analysis import figures
from iww_analysis.commands import build, report
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from shared.homes import deliver, home_with
from shared.sources import HOME

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
HEADER = "nr;reported;closed;why\n"


def lines(first: int, n: int) -> str:
    return HEADER + "".join(f"{number};1-2-2020;1-6-2020;Verhuisd\n" for number in range(first, first + n))


def two_deliveries(folder: Path) -> Home:
    """Thirty cases of one year, twenty of the next; built."""
    home = home_with(folder, {"cases 1.csv": lines(1, 30)}, WALK)
    deliver(home, "here", {"cases 2.csv": lines(101, 20)}, received="2022-01-15")
    return home


def deleted(home: Home) -> None:
    for path in home.deliveries("here")[0].iterdir():
        path.unlink()


def lost(home: Home) -> None:
    (home.deliveries("here")[0] / "cases 1.csv").unlink()


def touched(home: Home) -> None:
    path = home.deliveries("here")[0] / "cases 1.csv"
    path.write_text(path.read_text("utf-8").replace("Verhuisd", "Overleden", 1), encoding="utf-8")


def shortened(home: Home) -> None:
    path = home.deliveries("here")[0] / "cases 1.csv"
    path.write_text(lines(1, 4), encoding="utf-8")


def shortened_with_its_card(home: Home) -> None:
    folder, was = home.deliveries("here")[0], files.sha256(lines(1, 30).encode())
    shortened(home)
    card = (folder / "origin.toml").read_text("utf-8")
    (folder / "origin.toml").write_text(card.replace(was, files.sha256(lines(1, 4).encode())), encoding="utf-8")


def unlisted(home: Home) -> None:
    folder = home.deliveries("here")[0]
    card = (folder / "origin.toml").read_text("utf-8")
    (folder / "origin.toml").write_text(
        "\n".join(li for li in card.splitlines() if "cases 1" not in li), encoding="utf-8"
    )


WAYS = [deleted, lost, touched, shortened, shortened_with_its_card, unlisted]


@pytest.mark.parametrize("way", WAYS)
def test_over_a_gap_the_last_whole_build_stays_and_no_report_is_made(
    tmp_path: Path, way: Callable[[Home], None]
) -> None:
    home = two_deliveries(tmp_path)
    assert len(build.build_and_store(home, "here").tables["cases"]) == 50
    before = files.read_all(home.processed("here"), ["*"])
    kept = files.read_all(home.raw / "here", ["*/*"])
    way(home)
    for act in (lambda: build.build_and_store(home, "here"), lambda: report.report(home, ["here"], "here")):
        with pytest.raises(IwwError) as stopped:
            act()
        assert [m.code for m in stopped.value.messages][-1] == "build_stays"
        assert "2021-01-15/cases 1.csv" in stopped.value.say("nl")
    assert files.read_all(home.processed("here"), ["*"]) == before
    for path, content in kept.items():  # answered for: put back
        files.write_bytes(home.raw / "here" / path, content)
    assert len(build.build_and_store(home, "here").tables["cases"]) == 50


def test_a_source_whose_only_delivery_is_gone_stops_the_report_of_all(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"cases 1.csv": lines(1, 30)}, WALK)
    build.build_and_store(home, "here")
    deleted(home)
    assert home.sources() == ("here",)
    with pytest.raises(IwwError, match=r"2021-01-15/cases 1\.csv"):
        report.report(home, home.sources(), "all")


@pytest.mark.parametrize("way", [lost, touched, shortened])
def test_what_is_built_over_a_gap_bears_it_in_every_caption(tmp_path: Path, way: Callable[[Home], None]) -> None:
    home = two_deliveries(tmp_path)
    way(home)
    built = build.build_and_store(home, "here")  # there was no whole build: the second delivery alone
    assert built.refused
    assert json.loads(files.read_bytes(home.processed("here") / "ledger.json"))["gaps"] == ["2021-01-15/cases 1.csv"]
    study = build.load(home, ["here"])
    drawn = figures.draw_all(study, ids=["F01", "F05", "F17", "T01"])
    assert [figure.id for figure in drawn if figure.protected is None] == ["F17"]
    for figure in drawn:
        assert (
            "van bron here is 1 bestand niet gelezen, of niet zoals geleverd; `iww check here` noemt het."
            in figure.caption
        )
    bar = study.ask("X", figures.CATALOGUE["F05"].ask(study).parts[0].question)
    assert "1 bestand niet gelezen" in figures.bars(bar, title="redenen").caption


def test_a_whole_source_says_nothing_of_gaps() -> None:
    study = build.load(HOME, ["beuningen"])
    assert not study.gaps
    assert all("niet gelezen" not in figure.caption for figure in figures.draw_all(study, ids=["T01"]))
