"""Floors: who may know whom."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "iww_analysis"
FLOORS = {
    "errors": 1, "vocabulary": 1, "io": 2, "schema": 3, "privacy": 3, "cases": 4, "meetings": 4, "outcomes": 4,
    "interviews": 4, "arena": 4, "teams": 4, "study": 5, "analysis": 6, "disclosure": 7, "figures": 8, "cli": 10, "__main__": 10,
}  # fmt: skip
COMMANDS = 9
NOUNS = {name for name, floor in FLOORS.items() if floor == 4}
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "read_excel", "read_parquet"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def short(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def floor(name: str) -> int:
    return FLOORS.get(name, COMMANDS)


def imported_rooms(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "iww_analysis":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("iww_analysis."):
            yield str(node.module).split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("iww_analysis."))


@pytest.mark.parametrize("path", [p for p in MODULES if p.name != "__init__.py" or p.parent != PACKAGE], ids=short)
def test_imports_run_downwards_only(path: Path) -> None:
    own = room(path)
    upwards = {r for r in imported_rooms(path) if r != own and floor(r) > floor(own)}
    assert not upwards


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_nouns_do_not_know_one_another(noun: str) -> None:
    assert not set(imported_rooms(PACKAGE / f"{noun}.py")) & (NOUNS - {noun})


@pytest.mark.parametrize("path", [p for p in MODULES if floor(room(p)) < COMMANDS and room(p) != "__init__"], ids=short)
def test_only_the_commands_call_the_rooms_that_open_files(path: Path) -> None:
    if room(path) != "io":
        assert "io" not in set(imported_rooms(path))


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) != "io"], ids=short)
def test_only_io_opens_files(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    packaged = "importlib" in path.read_text(encoding="utf-8")  # packaged vocabulary and sentences
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in FILE_CALLS:
                # `files` is the room in io; PIL's `Image` opens bytes that matplotlib drew in memory
                receiver = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
                assert packaged or receiver in ("files", "Image"), f"{name} at line {node.lineno}"


def test_modules_are_small() -> None:
    long = {str(p.relative_to(PACKAGE)): n for p in MODULES if (n := len(p.read_text("utf-8").splitlines())) > 330}
    assert not long


def test_public_names_are_documented() -> None:
    bare = [
        f"{path.relative_to(PACKAGE)}:{node.name}"
        for path in MODULES
        for node in ast.iter_child_nodes(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not bare
