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


PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "tests" / "README.md", ROOT / "data" / "raw" / "README.md"]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_points_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [page.parent / link for link in re.findall(r"\]\((?!\w+:)([^)#]+)", text)]
    modules = [
        ROOT / "iww_analysis" / name for name in re.findall(r"`((?!data/)(?:[a-z_]+/)+[a-z_]+\.(?:py|toml))`", text)
    ]
    beside = [ROOT / "iww_analysis", ROOT]
    gone = [link for link in links if not link.exists()]
    gone += [m for m in modules if not any((root / m.relative_to(ROOT / "iww_analysis")).exists() for root in beside)]
    assert not gone
