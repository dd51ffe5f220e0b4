"""The page that says how it works is true: each of its commands runs, and each folder it names is there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iww_analysis.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(bash|python)\n(.*?)^```", PAGE, flags=re.M | re.S)


@pytest.mark.parametrize("command", [text.strip() for kind, text in BLOCKS if kind == "bash"])
def test_each_command_on_the_page_runs(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command)
    assert program == "iww"
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.exit_code == 0, outcome.output


@pytest.mark.parametrize("code", [text for kind, text in BLOCKS if kind == "python"])
def test_each_piece_of_python_on_the_page_runs_and_shows_something(
    code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(code, "docs/how-it-works.md", "exec"), {"__name__": "page"})
    assert capsys.readouterr().out.strip()


def test_each_folder_that_the_page_names_is_there() -> None:
    table = PAGE[PAGE.index("## Where to change what") :]
    named = re.findall(r"`([a-z_/]+/)`", table)
    assert named
    assert all((ROOT / "iww_analysis" / folder).is_dir() for folder in named)
