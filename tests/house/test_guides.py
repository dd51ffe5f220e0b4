"""The guides are true: an analyst who types their commands in this order, with the export that they show, gets what they say.

A report takes minutes and has tests of its own: here a build stands for it, and `verify` is left out.
"""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from docs import example
from iww_analysis.cli import app

DOCS = Path(__file__).parents[2] / "docs"
ASKED = {"--undo", "--erase"}  # these ask on the screen whether to go on
SAID = {
    "add ede export wijkteams 2023-12.xlsx --received 2024-01-15 --yes": "open vragen in ede.toml: 7.",
    "add ede --answers data/crosswalks/ede-vragen.xlsx": "Antwoorden opgenomen: 13.",
    "trace F05 --report ede --mark municipality=GM0228 --mark reason=moved": "Geteld uit 35 rijen",
    "trace --case ED-0007": "F05 reasons: telt mee in municipality=GM0228, reason=dropped_out",
    "add ede export wijkteams 2024-06.xlsx --received 2024-07-15 --yes": "open vragen in ede.toml: 1.",
    "add ede --undo 2024-07-15": "casussen: 300 wordt 248",
    "add ede --erase ED-0007": "2024-01-15/export wijkteams 2023-12.xlsx: rijen die worden leeggemaakt: 2",
}  # as the guide shows it


def commands(guide: str) -> list[list[str]]:
    """What is typed, in the order of the page: the arguments after `iww`."""
    page = (DOCS / guide).read_text(encoding="utf-8")
    blocks = re.findall(r"^```bash\n(.*?)^```", page, flags=re.M | re.S)
    lines = [shlex.split(line) for block in blocks for line in block.splitlines()]
    return [words for program, *words in lines if program == "iww"]


def as_run(typed: list[str]) -> list[str]:
    """What a test runs in place of what is typed: a build for the report, and yes to what is asked."""
    if typed[0] == "trace":
        return [word for word in typed if word not in ("--report", "ede")]
    return [*(("build", "ede") if typed[0] == "report" else typed), *(["--yes"] if ASKED & {*typed} else [])]


def test_the_way_of_the_guide_can_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IWW_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.chdir(tmp_path)
    said: dict[str, str] = {}
    for typed in (typed for typed in commands("handleiding.md") if typed[0] != "verify"):
        if "--answers" in typed:
            assert example.fill_in(Path(typed[-1])) == len(example.ANSWERS)
        done = CliRunner().invoke(app, as_run(typed))
        assert not done.exception or isinstance(done.exception, SystemExit), (typed, done.exception)
        assert done.exit_code == 0 or typed[0] in ("add", "check"), (
            done.output
        )  # these end with 1 while something is open
        said[" ".join(typed)] = done.output
        if typed[0] == "start":
            monkeypatch.chdir(typed[1])
            for day in example.FILES:
                example.export(Path(), day)
    assert [name for name, words in SAID.items() if words not in said[name]] == []


def test_both_guides_type_the_same() -> None:
    typed = {" ".join(words) for words in commands("handleiding.md")}
    assert {" ".join(words) for words in commands("guide.md")} == typed


def test_each_picture_of_the_guides_is_shown_and_small() -> None:
    pages = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("handleiding.md", "guide.md"))
    pictures = [*(DOCS / "beelden").iterdir()]
    assert {f"beelden/{path.name}" for path in pictures} == set(re.findall(r"\((beelden/[^)]+)\)", pages))
    assert sum(path.stat().st_size for path in pictures) < 600_000
