"""Until which day a file knows: what another file of the delivery says of itself, such as a workshop, does not decide it."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from iww_analysis.commands import build
from iww_analysis.commands.add import add
from iww_analysis.commands.check import check
from iww_analysis.crosswalk.ask.open_question import OpenQuestion
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from shared.homes import deliver, home_with, workbook

RECEIVED = dt.date(2021, 2, 1)
CASES = "Casusnummer;Gemeente;Datum aanmelding;Datum afsluiting;Reden afsluiting;Status\n" + "".join(
    f"Z{n};Ede;{n}-5-2020;;;open\n" for n in range(1, 9)
)
ARENA = [["Effectenarena team Noord, 14-06-2020"], ["Team", "Arena", "Nummer", "Soort", "Omschrijving"],
         *(["Noord", "A1", f"E{n}", "effect", f"iets wordt beter {n}"] for n in range(1, 6))]  # fmt: skip


def added(
    folder: Path, names: Mapping[str, Any], answers: Mapping[str, str] | None = None
) -> tuple[Mapping[str, Any], str]:
    """The card after `iww add`, and its text. `answers`: by the code of a question."""
    for name, content in names.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    home = Home(folder / "home")

    def say(question: OpenQuestion) -> str:
        return (answers or {}).get(question.code, "")

    add(home, "ede", [folder / name for name in names], RECEIVED, ask=say if answers is not None else None)
    card = home.raw / "ede" / RECEIVED.isoformat() / "origin.toml"
    return files.read_toml(card), card.read_text("utf-8")


def test_the_day_of_a_workshop_is_its_own_and_not_that_of_the_cases_beside_it(tmp_path: Path) -> None:
    card, text = added(tmp_path, {"casussen.csv": CASES, "arena.xlsx": workbook({"Arena": ARENA})})
    assert card["extraction_date"] == RECEIVED  # found nowhere in the cases: the day of receipt, and it says so
    assert card["extraction_dates"] == {"arena.xlsx": dt.date(2020, 6, 14)}
    assert "dag gevonden in dit bestand" in text


def test_two_files_that_say_another_day_are_asked_and_the_answer_stands_on_the_card(tmp_path: Path) -> None:
    names = {"casussen 2020-12-31.csv": CASES, "arena.xlsx": workbook({"Arena": ARENA})}
    card, text = added(tmp_path, names, {"ask_extraction_dates": "31-12-2020"})
    assert card["extraction_date"] == card["extraction_dates"]["arena.xlsx"] == dt.date(2020, 12, 31)
    assert "dag gevonden in dit bestand" not in text


def test_files_that_say_the_same_day_are_no_question(tmp_path: Path) -> None:
    names = {"casussen 2020-12-31.csv": CASES, "arena 2020-12-31.xlsx": workbook({"Arena": ARENA[1:]})}
    card, _ = added(tmp_path, names)
    assert card["extraction_date"] == dt.date(2020, 12, 31)
    assert "extraction_dates" not in card


WALK = """
[[sheets]]
file = "*"
one_row_is = "cases"
[sheets.columns]
"nr" = "cases.case_id"
"reported" = "cases.date_referral"
"""
OF_FILE = '[extraction_dates]\n"b.csv" = {day}\n'


def test_each_file_is_followed_to_its_own_day(tmp_path: Path) -> None:
    home = home_with(tmp_path, {}, WALK)
    folder = deliver(
        home, "here", {n: f"nr;reported\n{n};1-2-2020\n" for n in ("a.csv", "b.csv")}, received="2022-01-15"
    )
    card = folder / "origin.toml"
    card.write_text(card.read_text("utf-8") + OF_FILE.format(day="2020-06-30"), encoding="utf-8")
    cases = build.build(home, "here").tables["cases"]
    days = dict(zip(cases["source_id"].str[-5:], cases["extraction_date"].dt.date, strict=True))
    assert days == {"a.csv": dt.date(2020, 12, 31), "b.csv": dt.date(2020, 6, 30)}


@pytest.mark.parametrize("day", ['"later"', '"?"'])
def test_a_day_that_is_none_is_refused_with_its_file(tmp_path: Path, day: str) -> None:
    home = home_with(tmp_path, {"b.csv": "nr;reported\n1;1-2-2020\n"}, WALK)
    card = home.deliveries("here")[0] / "origin.toml"
    card.write_text(card.read_text("utf-8") + OF_FILE.format(day=day), encoding="utf-8")
    assert ("origin_day", {"field": "extraction_dates.b.csv"}) in [(m.code, m.words) for m in check(home, ["here"])]
