"""The plan of the house: every room is listed, imports run one way, nothing goes round, and only `io/` touches the disk."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("iww_analysis", "iww_synthetic")
# From the ground up: a room may import only from rooms above it in this list.
ROOMS = (
    "messages", "vocabulary", "privacy", "tables", "io", "crosswalk", "cleaning", "analysis", "disclosure", "figures", "report",
    "tracing", "verify", "commands", "__init__", "cli", "__main__",
)  # fmt: skip
MAY_CALL_IO = ("io", "commands", "__init__", "cli")  # every other room is handed frames or bytes
# What touches the disk, another process or the network, by the name of the call.
DISK_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "read_excel", "read_parquet", "read_table",
    "to_csv", "to_parquet", "to_excel", "write_table", "savefig", "ZipFile", "unlink", "mkdir", "rmdir", "rmtree", "copyfile",
    "copytree", "iterdir", "rglob", "glob", "stat", "exists", "is_file", "is_dir", "Popen", "connect", "urlopen", "load_workbook",
}  # fmt: skip
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module; a folder's own file bears the folder's name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


NAMES = {name_of(path): path for path in MODULES}


def imports_of(path: Path) -> Iterator[str]:
    """The modules of this repository that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in NAMES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in PACKAGES)


IMPORTS: Mapping[str, set[str]] = {name: {n for n in imports_of(path) if n != name} for name, path in NAMES.items()}


def room_of(name: str) -> str:
    return [*name.split("."), "__init__"][1]


OURS = [name for name in NAMES if name.startswith("iww_analysis")]


def test_every_room_is_listed() -> None:
    assert {room_of(name) for name in OURS} == set(ROOMS)


@pytest.mark.parametrize("name", OURS)
def test_imports_run_one_way(name: str) -> None:
    own = ROOMS.index(room_of(name))
    assert not {other for other in IMPORTS[name] if ROOMS.index(room_of(other)) > own}


@pytest.mark.parametrize("name", OURS)
def test_the_library_knows_nothing_of_the_invented_sources(name: str) -> None:
    assert not {other for other in IMPORTS[name] if other.startswith("iww_synthetic")}


def folders() -> Iterator[str]:
    yield from sorted({".".join(name.split(".")[:n]) for name in NAMES for n in range(1, name.count(".") + 1)})


@pytest.mark.parametrize("folder", folders())
def test_nothing_goes_round(folder: str) -> None:
    """Of the doors of one folder none leads back to itself: modules, and folders taken as one."""

    def door(name: str) -> str:
        inside = name.removeprefix(f"{folder}.")
        return inside.split(".")[0] if inside != name else ""

    doors: dict[str, set[str]] = {}
    for name, others in IMPORTS.items():
        if door(name):
            doors.setdefault(door(name), set()).update({door(other) for other in others} - {"", door(name)})
    try:
        tuple(TopologicalSorter(doors).static_order())
    except CycleError as error:
        pytest.fail(f"{folder}: {error.args[1]}")


@pytest.mark.parametrize("folder", folders())
def test_no_room_has_more_than_twelve_doors(folder: str) -> None:
    path = ROOT / folder.replace(".", "/")
    doors = [p.stem for p in path.iterdir() if (p.suffix == ".py" and p.stem != "__init__") or any(p.rglob("*.py"))]
    assert len(doors) <= (16 if folder == "iww_analysis" else 12), sorted(doors)


def test_modules_are_small() -> None:
    long = {name: n for name, path in NAMES.items() if (n := len(path.read_text("utf-8").splitlines())) > 320}
    assert not long


@pytest.mark.parametrize("name", OURS)
def test_only_the_commands_call_the_rooms_that_touch_the_disk(name: str) -> None:
    if room_of(name) not in MAY_CALL_IO:
        assert not {other for other in IMPORTS[name] if room_of(other) == "io"}


@pytest.mark.parametrize("name", OURS)
def test_only_io_touches_the_disk(name: str) -> None:
    if room_of(name) == "io":
        return
    assert not list(disk_calls(ast.parse(NAMES[name].read_text(encoding="utf-8"))))


def disk_calls(tree: ast.Module) -> Iterator[str]:
    """Calls that touch the disk; what lies in the package is read through `files(...)` of importlib."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            moves = (
                called in ("rename", "replace") and len(node.args) == 1 and not node.keywords
            )  # pandas' has keywords, text's two
            if (called in DISK_CALLS or moves) and not _is_packaged(node.func):
                yield f"{called} at line {node.lineno}"


def _is_packaged(func: ast.expr) -> bool:
    """Whether a call goes to packaged data (`files(__package__)…`) or to a room of `io/` by its own name (`files.open`)."""
    inner = func.value if isinstance(func, ast.Attribute) else None
    while isinstance(inner, ast.Attribute | ast.Call | ast.BinOp):
        if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") == "files":
            return True
        inner = (
            inner.func if isinstance(inner, ast.Call) else inner.left if isinstance(inner, ast.BinOp) else inner.value
        )
    return isinstance(inner, ast.Name) and inner.id in ("files", "store", "_FOLDER")


def test_public_names_are_documented() -> None:
    bare = [
        f"{name}:{node.name}"
        for name, path in NAMES.items()
        for node in ast.iter_child_nodes(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not bare


NOUNS: Sequence[str] = [name for name in OURS if name.startswith("iww_analysis.cleaning.rules.")]


@pytest.mark.parametrize("noun", NOUNS)
def test_nouns_do_not_know_one_another(noun: str) -> None:
    assert not IMPORTS[noun] & {other for other in NOUNS if other != noun}
