"""The repository: one dependency list, no addresses, only invented data, pages that follow from the code."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from docs.environments import CONDA_FORGE, conda_forge, environments, name_of
from docs.make import PAGES
from iww_analysis import cli
from iww_analysis.commands.home.start import start
from iww_analysis.io.disk.home import Home

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


@pytest.mark.parametrize("file", environments())
def test_an_environment_for_conda_follows_from_the_one_dependency_list(file: str) -> None:
    assert (ROOT / file).read_text(encoding="utf-8") == environments()[file], "run: python -m docs.environments"


def test_conda_gets_what_a_user_needs_and_developers_the_rest() -> None:
    listed = {file: re.findall(r'^  - "(.+)"$', text, re.MULTILINE) for file, text in environments().items()}
    extras = PROJECT["optional-dependencies"]
    assert (
        len(listed["environment.yml"]) == len(PROJECT["dependencies"] + extras["build"]) + 2
    )  # Python itself, and pip
    assert len(listed["environment-dev.yml"]) == len(extras["dev"])
    assert listed["environment.yml"][0] == "python>=3.11,<3.14"
    assert not {name_of(line) for line in listed["environment.yml"]} & {name_of(tool) for tool in extras["dev"]}


def test_conda_forge_has_other_names_for_some() -> None:
    assert conda_forge("duckdb>=1.4") == "python-duckdb>=1.4"
    assert conda_forge("playwright>=1.50,<2") == "playwright-python>=1.50,<2"
    assert conda_forge("pandas>=3.1,<4") == "pandas>=3.1,<4"
    everything = [
        *PROJECT["dependencies"],
        *(tool for tools in PROJECT["optional-dependencies"].values() for tool in tools),
    ]
    assert set(CONDA_FORGE) <= set(map(name_of, everything))


# ---- what is declared is imported, and the other way round ----------------------------------------------------------

LIBRARY, TOOLS = ("iww_analysis", "iww_synthetic"), ("tests", "docs", "benchmarks")
WAITS = {"seaborn"}  # the one exception, until the second pass over the figures uses it
BY_NAME = {"ipykernel"}  # the kernel that runs notebooks, asked for by its name
TOOLS_BY_NAME = {"mypy", "nbval", "pandas-stubs", "pytest-xdist", "ruff", "types-openpyxl"}  # commands, plug-ins, types


def imported(*folders: str) -> set[str]:
    """The packages that some folders import, by the names under which they are installed; a guarded import is not counted."""
    names: set[str] = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        guarded = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Try) for inner in ast.walk(node)}
        for node in (node for node in ast.walk(tree) if id(node) not in guarded):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    installed = packages_distributions()
    ours = {"iww_analysis", "iww_synthetic", *TOOLS, *(path.stem for path in (ROOT / "tests").rglob("*"))}
    return {installed.get(name, [name])[0].lower() for name in names - ours - sys.stdlib_module_names}


def test_every_package_that_the_library_imports_is_declared_and_the_other_way_round() -> None:
    declared = set(map(name_of, PROJECT["dependencies"]))
    assert imported(*LIBRARY) | WAITS | BY_NAME == declared
    assert not imported(*LIBRARY) & (WAITS | BY_NAME)


def test_every_package_that_tests_and_tools_import_is_declared_and_the_other_way_round() -> None:
    tools = set(map(name_of, PROJECT["optional-dependencies"]["dev"]))
    assert imported(*TOOLS) - set(map(name_of, PROJECT["dependencies"])) == tools - TOOLS_BY_NAME


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
    assert set(tracked("data/processed/*", "reports/*")) <= {ROOT / "data/processed/README.md"}


OF_A_REAL_SOURCE = (
    "data/raw/ede/2024-01-15/zaken.csv", "data/raw/ede/logbook.jsonl", "data/raw/harderwijk/2024-01-15/zaken.csv",
    "data/crosswalks/ede.toml", "data/crosswalks/ede-vragen.xlsx", "data/crosswalks/ede-namen.xlsx",
    "data/crosswalks/ede-zo-gelezen.html", "data/processed/ede/cases.parquet", "data/receipts/all/F05.json",
    "data/a folder of some later version/ede.json", "reports/ede/index.html",
)  # fmt: skip


def ignored(folder: Path) -> set[str]:
    """What git passes over of what a real source leaves in a folder."""
    asked = ["git", "check-ignore", "--no-index", *OF_A_REAL_SOURCE]
    said = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False).stdout
    return {line.strip('"') for line in said.splitlines()}


def test_nothing_of_a_real_source_comes_under_version_control_here() -> None:
    assert ignored(ROOT) == set(OF_A_REAL_SOURCE)
    walks = {path.stem for path in tracked("data/crosswalks/*")}
    assert walks == {card.parent.parent.name for card in tracked("data/raw/*/*/origin.toml")}


def test_nothing_of_a_real_source_comes_under_version_control_in_a_folder_that_was_started(tmp_path: Path) -> None:
    start(Home(tmp_path))
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert ignored(tmp_path) == set(OF_A_REAL_SOURCE)


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


def make_venv(venv: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What `make` says and does to make the environment of a clean checkout."""
    command = ["make", *words, f"VENV={venv}", f"{venv}/bin/python"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_make_takes_the_first_python_that_fits(tmp_path: Path, minor: int) -> None:
    for name, of in (("too-old", 10), ("fits", minor), ("too-new", 14)):
        (tmp_path / name).write_text(
            f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, {of}, 0); $2"\n', encoding="utf-8"
        )
        (tmp_path / name).chmod(0o755)
    pythons = " ".join(str(tmp_path / name) for name in ("absent", "too-old", "too-new", "fits", "absent"))
    assert f"{tmp_path / 'fits'} -m venv" in make_venv(tmp_path / "venv", "--dry-run", f"PYTHONS={pythons}").stdout


def test_where_no_python_fits_make_says_so_in_a_sentence(tmp_path: Path) -> None:
    done = make_venv(tmp_path / "venv", "PYTHONS=no-such-python")
    assert done.returncode != 0
    assert "Geen Python 3.11, 3.12 of 3.13 gevonden" in done.stderr
    assert "No Python 3.11, 3.12 or 3.13 found" in done.stderr
    assert "127" not in done.stderr


def test_citation_and_licence_are_those_of_the_package() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert {f"version: {PROJECT['version']}", f"license: {PROJECT['license']}"} <= set(citation)
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [n for n in range(1, 16) if f"\n{n}." not in licence] == []
    assert "versions of this Licence or updated versions of the Appendix" in " ".join(
        licence.split()
    )  # some copies lack it


def test_ci_calls_the_test_command_of_the_readme() -> None:
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
