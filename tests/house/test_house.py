"""The plan of the house, held by tests: read ROOMS from top to bottom, and you know what may know what.

1. Every folder and module at the root is in ROOMS; one that is not fails here, so think where it belongs.
2. A room imports only from rooms above it; only `commands/`, the front page and the command line import `io/`.
3. Only `io/` touches the disk, another process or the network: other rooms are handed frames, bytes or what reads them.
4. Nothing goes round, in no folder. No folder has more than twelve doors, no module more than 320 lines.

A test here that fails is mended in the code. The lists change only with the plan itself, by a decision in `docs/decisions/`.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("iww_analysis", "iww_synthetic")
ROOMS: Mapping[str, str] = {  # from the ground up
    "messages": "every sentence a person can read, and how it is told",
    "vocabulary": "closed lists of codes, studies, headings, forms",
    "privacy": "pseudonyms, identifiers in text",
    "tables": "what each table must be",
    "io": "files of every kind: delivered, processed, reported",
    "crosswalk": "what a source's headings and words mean",
    "cleaning": "rows to records to tables, with the account of every row",
    "analysis": "questions, and what was found",
    "disclosure": "small numbers, protected",
    "figures": "one declaration per figure, and how it is drawn",
    "report": "pages, receipts, quality, notebooks, packages",
    "tracing": "from a mark back to the raw row",
    "verify": "everything that matters, a second time",
    "commands": "a module or folder per command: opens and writes files, calls the rooms above",
    "__init__": "what a researcher types",
    "cli": "what a command line takes",
    "__main__": "the command line, for laptops that block new executables",
}
ORDER = tuple(ROOMS)
MAY_CALL_IO = ("io", "commands", "__init__", "cli")
MAY_NAME_PATHS = MAY_CALL_IO  # a path that a person gives; what lies there only io opens
# What touches the disk, another process or the network: by the name of the call …
DISK_CALLS = {
    "open", "fdopen", "read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "read_excel", "read_parquet",
    "read_table", "read_feather", "read_sav", "to_csv", "to_parquet", "to_excel", "to_pickle", "write_table", "savefig",
    "ZipFile", "unlink", "mkdir", "makedirs", "mkdtemp", "mkstemp", "rmdir", "rmtree", "touch", "chmod", "copyfile",
    "copytree", "copy2", "iterdir", "listdir", "scandir", "rglob", "glob", "stat", "exists", "is_file", "is_dir", "Popen",
    "check_call", "check_output", "system", "connect", "urlopen", "load_workbook",
}  # fmt: skip
# … and by the module that does it.
DISK_MODULES = {
    "ftplib", "glob", "http", "multiprocessing", "os", "shutil", "smtplib", "socket", "sqlite3", "subprocess", "tempfile",
    "urllib.request",
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
    place = ORDER.index(room_of(name))
    assert not {other for other in IMPORTS[name] if ORDER.index(room_of(other)) > place}


@pytest.mark.parametrize("name", OURS)
def test_the_library_knows_nothing_of_the_invented_sources(name: str) -> None:
    assert not {other for other in IMPORTS[name] if other.startswith("iww_synthetic")}


def folders() -> list[str]:
    return sorted({".".join(name.split(".")[:n]) for name in NAMES for n in range(1, name.count(".") + 1)})


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
    if room_of(name) != "io":
        assert not list(disk_calls(ast.parse(NAMES[name].read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", OURS)
def test_only_io_imports_what_reaches_outside(name: str) -> None:
    imported = set(modules_in(ast.parse(NAMES[name].read_text(encoding="utf-8"))))
    if room_of(name) != "io":
        assert not imported & (DISK_MODULES - ({"os"} if name == "iww_analysis.cli" else set()))  # os: the environment
    if room_of(name) not in MAY_NAME_PATHS:
        assert "pathlib.Path" not in imported  # PurePath and its kin only name


def modules_in(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports from elsewhere, and what it takes from them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def disk_calls(tree: ast.Module) -> Iterator[str]:
    """The calls that touch the disk, but for those to a room of `io/` and to data that lie in the package."""
    spared = set(spared_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            # of a path: `old.replace(new)`; pandas' has keywords, a text's has two arguments
            moves = called in ("rename", "replace") and len(node.args) == 1 and not node.keywords
            if (called in DISK_CALLS or moves) and base_of(node.func) not in spared:
                yield f"{called} at line {node.lineno}"


def spared_names(tree: ast.Module) -> Iterator[str]:
    """Names of what a call may be made on: rooms of `io/`, `files(...)` of importlib, and what is kept of either."""
    yield "files"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("iww_analysis.io"):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign) and base_of(node.value) in ("files", "resources"):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def base_of(node: ast.expr) -> str:
    """The name that an expression begins with: `files` of `files(__package__).joinpath("a").open`; of a bare call nothing."""
    if isinstance(node, ast.Name):
        return ""
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(value=inner) | ast.Call(func=inner) | ast.BinOp(left=inner):
                node = inner
            case _:
                return ""
    return node.id


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
