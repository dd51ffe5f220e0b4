"""The repository: one dependency list, no addresses, only invented data, pages that follow from the code."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from docs.make import PAGES
from iww_analysis import cli

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).exists()]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_dependency_of_the_project(lock: str) -> None:
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    wanted = PROJECT["dependencies"] + (PROJECT["optional-dependencies"]["dev"] if "dev" in lock else [])
    assert {re.split(r"[<>=!~]", name)[0].lower() for name in wanted} <= pinned


def test_environment_yml_mirrors_the_one_dependency_list() -> None:
    conda = re.findall(r'^  - "(.+)"$', (ROOT / "environment.yml").read_text(encoding="utf-8"), re.MULTILINE)
    extras = PROJECT["optional-dependencies"]
    assert sorted(conda) == sorted(PROJECT["dependencies"] + extras["build"] + extras["dev"])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m docs.make"


def test_every_delivery_in_version_control_is_synthetic() -> None:
    cards = tracked("data/raw/*/*/origin.toml")
    assert cards
    for card in cards:
        assert tomllib.loads(card.read_text(encoding="utf-8"))["synthetic"] is True, card


def test_every_file_under_a_delivery_is_named_in_its_card() -> None:
    for card in tracked("data/raw/*/*/origin.toml"):
        named = set(tomllib.loads(card.read_text(encoding="utf-8"))["files"]) | {"origin.toml"}
        assert {p.name for p in card.parent.iterdir()} - {"plan.json"} == named


def test_nothing_processed_or_reported_is_in_version_control() -> None:
    assert not tracked("data/processed/*", "reports/*")


def test_no_text_names_a_registry_or_a_folder_of_one_machine() -> None:
    telling = re.compile(r"https?://[^\s\"']*/(?:simple|packages)/|(?<![\w./])/(?:home|root|work|Users)/\w")
    for path in tracked():
        if (
            path.suffix in (".py", ".md", ".toml", ".yml", ".yaml", ".lock", ".ipynb", ".html")
            or path.name == "Makefile"
        ):
            assert not telling.search(path.read_text(encoding="utf-8").replace(telling.pattern, "")), path


def test_the_readme_names_every_command_it_shows() -> None:
    shown = set(re.findall(r"\biww ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    known = {command.name or command.callback.__name__ for command in cli.app.registered_commands}  # type: ignore[union-attr]
    assert shown <= known
    assert {"add", "check", "build", "report", "trace", "synthesize", "lab"} <= known


def test_ci_calls_the_test_command_of_the_readme() -> None:
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
