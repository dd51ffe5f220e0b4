"""Windows, as far as it can be tried elsewhere: no Unix-only call, files that Excel holds, names and paths, any locale.

It was not run on Windows. `windows` below takes away what Python lacks there, and holds files as Excel does.
"""

import ast
import json
import os
import pathlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import iww_analysis
from iww_analysis import cli
from iww_analysis.commands import report
from iww_analysis.commands.report import state
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError
from shared.homes import deliver, home_with

PACKAGE = Path(iww_analysis.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# ---- no Unix-only call ----------------------------------------------------------------------------------------------

UNIX_MODULES = {
    "fcntl",
    "pwd",
    "grp",
    "resource",
    "termios",
    "tty",
    "pty",
    "posix",
    "syslog",
    "crypt",
    "readline",
    "curses",
}
UNIX_NAMES = {
    "os": {
        "O_DIRECTORY", "chmod", "chown", "chroot", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg",
        "getpgid", "getuid", "killpg", "lchown", "link", "mkfifo", "mknod", "nice", "posix_spawn", "register_at_fork",
        "rename", "sched_getaffinity", "sep", "setgid", "setsid", "setuid", "statvfs", "symlink", "sync", "sysconf",
        "uname", "wait",
    },
    "signal": {"SIGKILL", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGQUIT", "SIGCHLD", "alarm", "setitimer", "pause"},
    "time": {"tzset"},
    "locale": {"setlocale"},
}  # fmt: skip
UNIX_METHODS = {"chmod", "lchmod", "symlink_to", "hardlink_to", "owner", "add_signal_handler", "add_reader"}
UNIX_PATHS = ("/tmp", "/dev/", "/usr", "/etc", "/var", "/home", "/proc")
UNIX_DAYS = ("%-d", "%-m", "%-H", "%-I", "%-j", "%e", "%k", "%l")
TEXT_CALLS = {"open", "read_text", "write_text", "fdopen", "NamedTemporaryFile", "TextIOWrapper"}


def unix_only(source: str) -> list[str]:
    """Name what in a module does not work, or works otherwise, on Windows; what is asked for first (`_guarded`) may be."""
    tree = ast.parse(source)
    free = {id(inner) for node in ast.walk(tree) if _guarded(node) for inner in ast.walk(node)}
    free |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return sorted(f"{node.lineno}: {why}" for node in ast.walk(tree) if id(node) not in free for why in _why(node))  # type: ignore[attr-defined]


def _guarded(node: ast.AST) -> bool:
    if isinstance(node, ast.Try):
        return any("ImportError" in ast.unparse(handler.type or ast.Constant("")) for handler in node.handlers)
    return isinstance(node, ast.If | ast.IfExp) and any(
        word in ast.unparse(node.test) for word in ("sys.platform", "os.name", "hasattr", "resource is")
    )


def _why(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (f"import {name.name}" for name in node.names if name.name in UNIX_MODULES)
        case ast.ImportFrom(module=str(module)):
            yield from (f"from {module}" for _ in range(module in UNIX_MODULES))
            yield from (f"{module}.{name.name}" for name in node.names if name.name in UNIX_NAMES.get(module, ()))
        case ast.Attribute(value=ast.Name(id=module), attr=name) if name in UNIX_NAMES.get(module, ()):
            yield f"{module}.{name}"
        case ast.Constant(value=str(text)):
            yield from (f"the path {text}" for _ in range(text.startswith(UNIX_PATHS)))
            yield from (f"the day {sign}" for sign in UNIX_DAYS if sign in text)
        case ast.BinOp(op=ast.Div(), right=ast.Constant() | ast.JoinedStr() as part):
            texts = "/".join(str(each.value) for each in ast.walk(part) if isinstance(each, ast.Constant)).split("/")
            yield from (f"the name {name}" for name in texts if files.NOT_ON_WINDOWS.search(name))
        case ast.Call():
            yield from _why_call(node)


def _why_call(node: ast.Call) -> Iterator[str]:
    called = ast.unparse(node.func)
    name, given = called.rpartition(".")[2], {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    first = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if "." in called and name in UNIX_METHODS:
        yield f".{name}()"
    if given.get("shell") == "True" or called == "os.system":
        yield "a shell"
    if "fork" in first:
        yield "a forked process"
    if called == "os.fsync" and not ast.unparse(node.args[0]).endswith("fileno()"):
        yield "fsync of a folder"
    if called == "str" and "relative_to(" in ast.unparse(node):
        yield "a path with its own kind of slash"
    if name in TEXT_CALLS and not _is_bytes(node, called) and "encoding" not in given:
        yield f"{name} without an encoding"
    if name == "write_text" and called not in ("write_text", "files.write_text") and "newline" not in given:
        yield "lines that end in the computer's own way"


def _is_bytes(node: ast.Call, called: str) -> bool:
    """Say whether a call deals in bytes: its mode says so, it opens a member of an archive, or it is our own `files`."""
    modes = [ast.unparse(each) for each in (*node.args, *(k.value for k in node.keywords if k.arg == "mode"))]
    ours = called in ("write_text", "read_text", "files.write_text") or called.endswith("zipped.open")
    return ours or any(mode.strip("'").startswith(("rb", "wb", "ab", "xb")) for mode in modes)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_calls_what_windows_lacks(path: Path) -> None:
    assert unix_only(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import fcntl", "import fcntl"),
        ("from os import getuid", "os.getuid"),
        ("os.fork()", "os.fork"),
        ("os.rename(a, b)", "os.rename"),
        ("path.chmod(0o600)", ".chmod()"),
        ("os.kill(n, signal.SIGKILL)", "signal.SIGKILL"),
        ("get_context('fork')", "a forked process"),
        ("subprocess.run(x, shell=True)", "a shell"),
        ("open('x')", "open without an encoding"),
        ("path.open('r')", "open without an encoding"),
        ("path.read_text()", "read_text without an encoding"),
        ("path.write_text(x, encoding='utf-8')", "lines that end in the computer's own way"),
        ("os.fsync(folder)", "fsync of a folder"),
        ("Path('/tmp/x')", "the path /tmp/x"),
        ("day.strftime('%-d %B')", "the day %-d"),
        ("folder / 'a:b.csv'", "the name a:b.csv"),
        ("folder / f'{day}/nul.txt'", "the name nul.txt"),
        ("str(path.relative_to(home))", "a path with its own kind of slash"),
    ],
)
def test_a_call_that_windows_lacks_is_found(source: str, said: str) -> None:
    assert unix_only(source) == [f"1: {said}"]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import resource\nexcept ImportError:\n    resource = None",
        "if hasattr(os, 'fork'):\n    os.fork()",
        "if sys.platform != 'win32':\n    path.chmod(0o600)",
        "path.open('rb')", "open(os.devnull, 'wb')", "path.read_text(encoding='utf-8')", "os.fsync(file.fileno())",
        "files.write_text(path, x)", "frame.rename(columns=x)", "folder / 'b.csv'", "folder / f'figures/{name}.svg'",
    ],
)  # fmt: skip
def test_what_is_asked_for_first_or_works_everywhere_is_left_alone(source: str) -> None:
    assert unix_only(source) == []


# ---- the commands where Python lacks these --------------------------------------------------------------------------


class Windows:
    """Files that are open in Excel: they can be neither read, replaced nor removed. `waited`: seconds slept meanwhile."""

    def __init__(self) -> None:
        self.held: set[Path] = set()
        self.waited: list[float] = []

    def refuse(self, path: object) -> None:
        if Path(str(path)) in self.held:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    """Take away what Windows lacks, and let files be held."""
    there = Windows()
    for module, names in UNIX_NAMES.items():
        for name in names - {"sep", "SIGKILL"}:  # `subprocess` itself ends a child by SIGKILL here
            monkeypatch.delattr(sys.modules.get(module, os), name, raising=False)
    monkeypatch.setattr(os, "chmod", lambda *_, **__: None, raising=False)
    for name in UNIX_MODULES - {"posix", "readline", "curses"}:
        monkeypatch.setitem(sys.modules, name, None)
    opening, replacing, removing = pathlib.Path.open, os.replace, os.unlink

    def opened(path: Path, *args: Any, **kwargs: Any) -> Any:
        there.refuse(path)
        return opening(path, *args, **kwargs)

    def replaced(source: Any, target: Any, **kwargs: Any) -> None:
        there.refuse(target)
        for inside in there.held:  # a folder with a file in it that is open
            if Path(source) in inside.parents:
                raise PermissionError(13, "Access is denied")
        replacing(source, target, **kwargs)

    def removed(path: Any, **kwargs: Any) -> None:
        there.refuse(path)
        removing(path, **kwargs)

    monkeypatch.setattr(pathlib.Path, "open", opened)
    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(os, "unlink", removed)
    monkeypatch.setattr(files.time, "sleep", there.waited.append)
    return there


EXPORT = """Casusnr;Datum melding;Datum afsluiting;Afsluitreden
1;13-4-2019;31-5-2019;verhuisd
2;15-4-2019;30-5-2019;overleden
""".replace("\n", "\r\n")
OTHER = EXPORT.replace("1;13", "3;13").replace("2;15", "4;15")
WALK = """
[[sheets]]
file = "*.csv"
one_row_is = "cases"
[sheets.columns]
"Casusnr" = "cases.case_id"
"Datum melding" = "cases.date_referral"
"Datum afsluiting" = "cases.date_closed"
"Afsluitreden" = "cases.closure_reason"
"""
RUN = CliRunner()
FOLDERS = ["Mijn OneDrive - Gemeente Ede & co/één map (2)", "/".join(["een lange naam van een map"] * 9)]


def run(home: Home, *words: object) -> tuple[int, str]:
    result = RUN.invoke(cli.app, [*map(str, words), "--home", str(home.path)])
    return result.exit_code, result.output


@pytest.mark.parametrize("folder", FOLDERS, ids=["signs", "long"])
def test_the_whole_way_goes_without_what_windows_lacks(folder: str, tmp_path: Path, windows: Windows) -> None:
    home = Home(tmp_path / folder)
    home.raw.mkdir(parents=True)
    export = tmp_path / "Cliënten & casussen (mei).csv"
    export.write_text(EXPORT, encoding="cp1252", newline="")
    code, said = run(home, "add", "ede", export, "--received", "2021-01-15", "--yes")
    assert code in (0, 1), said  # 1: the card still asks who delivered it
    assert [path.name for path in home.deliveries("ede")[0].iterdir() if path.suffix == ".csv"] == [export.name]
    assert run(home, "check")[0] in (0, 1)
    code, said = run(home, "build")
    assert code == 0, said
    code, said = run(home, "trace", "F05", "--mark", "municipality=GM0228", "--mark", "reason=moved", "--json")
    assert code == 0, said
    assert [(row["file"], row["row"]) for row in json.loads(said)["rows"]] == [(export.name, 2)]
    assert not list(tmp_path.rglob(f"{files.TEMPORARY}*"))
    assert not windows.waited


# ---- a file that is open in Excel -----------------------------------------------------------------------------------


def test_a_file_held_for_a_moment_is_written_all_the_same(
    tmp_path: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    windows.held.add(path)
    monkeypatch.setattr(files.time, "sleep", lambda seconds: (windows.waited.append(seconds), windows.held.clear()))
    assert files.write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert windows.waited == [files.WAITS[0]]


def test_a_file_held_for_long_is_named_and_nothing_is_half_written(tmp_path: Path, windows: Windows) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    for act in (lambda: files.write_bytes(path, b"new"), lambda: files.read_bytes(path), lambda: files.remove(path)):
        windows.held.add(path)
        windows.waited.clear()
        with pytest.raises(IwwError) as refused:
            act()
        assert refused.value.say("nl") == (
            "bestand page.html: het bestand is niet te openen of te schrijven; waarschijnlijk staat het nog open in Excel. "
            "Sluit het en probeer opnieuw."
        )
        assert 0.5 < sum(windows.waited) <= 1
        windows.held.clear()
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("page.html", b"old")]


def test_a_delivered_file_that_is_open_is_refused_and_the_others_are_read(tmp_path: Path, windows: Windows) -> None:
    home = home_with(tmp_path, {"a.csv": EXPORT, "b.csv": OTHER}, WALK)
    windows.held.add(home.deliveries("here")[0] / "a.csv")
    code, said = run(home, "build", "--json")
    told = json.loads(said)
    assert code == 1
    assert [(m["code"], m["file"]) for m in told["messages"]] == [("file_locked", "a.csv")]
    assert [(line["file"], line["rows_kept"]) for line in told["sheets"]] == [("b.csv", 2)]


def test_a_processed_table_that_is_open_stops_its_own_source_only(tmp_path: Path, windows: Windows) -> None:
    for source in ("here", "there"):
        home = home_with(tmp_path, {"a.csv": EXPORT}, WALK, source=source)
    assert run(home, "build")[0] == 0
    before = {path: path.read_bytes() for path in home.processed("here").iterdir()}
    for source in ("here", "there"):
        deliver(home, source, {"b.csv": OTHER}, received="2021-02-15")
    windows.held.add(home.processed("here") / "cases.parquet")
    code, said = run(home, "build", "--json")
    assert code == 1
    assert [(m["code"], m["file"]) for m in json.loads(said)["messages"]] == [("file_locked", "cases.parquet")]
    assert len(json.loads((home.processed("there") / "ledger.json").read_bytes())["sheets"]) == 2
    windows.held.clear()
    assert set(home.processed("here").iterdir()) == set(before)
    ledger = home.processed("here") / "ledger.json"
    assert ledger.read_bytes() == before[ledger]  # so that it is known to be stale
    assert run(home, "build")[0] == 0
    assert len(json.loads(ledger.read_bytes())["sheets"]) == 2


def test_a_crosswalk_that_is_open_is_named_and_a_second_try_adds_the_delivery(
    tmp_path: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_with(tmp_path, {"a.csv": EXPORT}, WALK)
    export = tmp_path / "b.csv"
    export.write_text(OTHER.replace("Afsluitreden", "Reden"), encoding="utf-8", newline="")
    before = home.crosswalk("here").read_bytes()
    words = ("add", "here", export, "--received", "2021-02-15", "--yes")
    replacing = os.replace
    locked = PermissionError(13, "it is open")
    monkeypatch.setattr(
        os, "replace", lambda a, b: _refuse(locked) if str(b).endswith("here.toml") else replacing(a, b)
    )
    code, said = run(home, *words)
    assert code == 1
    assert "bestand here.toml: het bestand is niet te openen of te schrijven" in said
    assert home.crosswalk("here").read_bytes() == before
    assert len(home.deliveries("here")) == 1  # without its card a delivery does not count
    monkeypatch.setattr(os, "replace", replacing)
    run(home, *words)
    assert len(home.deliveries("here")) == 2


def _refuse(error: Exception) -> None:
    raise error


def test_a_page_that_is_open_is_named_and_the_report_is_written_again_later(tmp_path: Path, windows: Windows) -> None:
    home = Home(tmp_path)
    report.write(home, state.Report("all", {"index.html": b"old", "figures/F01.svg": b"old"}, ()))
    windows.held.add(home.report("all") / "index.html")
    new = state.Report("all", {"figures/F02.svg": b"new", "index.html": b"new", "manifest.json": b"new"}, ())
    with pytest.raises(IwwError, match=r"^bestand index\.html: het bestand is niet te openen of te schrijven"):
        report.write(home, new)
    assert not (home.report("all") / "manifest.json").exists()
    windows.held.clear()
    report.write(home, new)
    assert {path.name for path in home.report("all").rglob("*.*")} == {"index.html", "manifest.json", "F02.svg"}


def test_an_old_figure_that_is_open_is_named(tmp_path: Path, windows: Windows) -> None:
    home = Home(tmp_path)
    report.write(home, state.Report("all", {"figures/F01.svg": b"old"}, ()))
    windows.held.add(home.report("all") / "figures" / "F01.svg")
    with pytest.raises(IwwError, match=r"^bestand F01\.svg: het bestand is niet te openen of te schrijven"):
        report.write(home, state.Report("all", {"figures/F02.svg": b"new"}, ()))


@pytest.mark.parametrize(("number", "code"), [(28, "disk_full"), (36, "path_long"), (13, "file_locked")])
def test_why_a_file_could_not_be_written_is_said(
    number: int, code: str, tmp_path: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", lambda *_: _refuse(OSError(number, "no")))
    with pytest.raises(IwwError) as refused:
        files.write_bytes(tmp_path / "a.bin", b"x")
    assert [(m.code, m.place.file) for m in refused.value.messages] == [(code, "a.bin")]
    assert not list(tmp_path.iterdir())


def test_a_path_that_is_too_long_for_windows_is_not_called_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LONGEST_PATH", 259)
    path = tmp_path / "map" / ("x" * 250)
    with pytest.raises(IwwError, match=f"is {len(str(path))} tekens lang"):
        files.read_bytes(path)
    with pytest.raises(IwwError, match="het bestand is er niet"):
        files.read_bytes(tmp_path / "y")


# ---- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nul.csv", "CON", "com1.xlsx", "a:b.csv", "wat?.csv", "a.csv.", "a.csv ", "LPT9.txt"])
def test_a_name_that_windows_cannot_hold_is_refused_and_the_others_are_added(name: str, tmp_path: Path) -> None:
    for each in (name, "goed.csv"):
        (tmp_path / each).write_text(EXPORT, encoding="utf-8", newline="")
    home = home_with(tmp_path / "home", {"a.csv": EXPORT}, WALK)
    code, said = run(home, "add", "here", tmp_path / name, tmp_path / "goed.csv", "--received", "2021-02-15", "--yes")
    assert code == 1
    assert f"bestand {name}: deze naam kan op Windows niet: geen < >" in said
    assert {path.name for path in home.deliveries("here")[-1].iterdir()} == {"goed.csv", "origin.toml"}


@pytest.mark.parametrize(
    "name", ["console.csv", "nulmeting.xlsx", "com10.csv", "aux-2.csv", ".iww-x", "a.b.csv", "één & co.csv"]
)
def test_other_names_are_not(name: str) -> None:
    files.refuse_name(name)


def test_two_files_whose_names_differ_only_in_case_do_not_take_each_others_place(tmp_path: Path) -> None:
    for folder, name, content in (("1", "Export.csv", EXPORT), ("2", "export.csv", OTHER)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(content, encoding="utf-8", newline="")
    home = home_with(tmp_path / "home", {"a.csv": EXPORT}, WALK)
    both = (tmp_path / "1" / "Export.csv", tmp_path / "2" / "export.csv")
    code, said = run(home, "add", "here", *both, "--received", "2021-02-15", "--yes")
    assert code == 1
    assert "bestand export.csv: bij de levering van 2021-02-15 staat al een ander bestand met deze naam." in said
    assert {path.name for path in home.deliveries("here")[-1].iterdir()} == {"Export.csv", "origin.toml"}


# ---- what Notepad writes --------------------------------------------------------------------------------------------


def test_crosswalk_and_card_that_notepad_saved_are_read_and_what_stood_there_stays(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"a.csv": EXPORT}, "# zo afgesproken: é\n" + WALK)
    card = home.deliveries("here")[0] / "origin.toml"
    for path in (home.crosswalk("here"), card):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    code, said = run(home, "build")
    assert code == 0, said
    before = home.crosswalk("here").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "b.csv").write_text(OTHER.replace("Afsluitreden", "Reden"), encoding="utf-8", newline="")
    run(home, "add", "here", tmp_path / "b.csv", "--received", "2021-01-15", "--yes")
    for path in (home.crosswalk("here"), card):
        tomllib.loads(path.read_text(encoding="utf-8-sig"))
    after = home.crosswalk("here").read_text(encoding="utf-8-sig").splitlines()
    assert [line for line in after if line in before] == before


# ---- whatever the computer's own encoding ---------------------------------------------------------------------------

WAY = """
import sys
from pathlib import Path
from iww_analysis import cli
from iww_analysis.commands import build
from iww_analysis.io.disk.home import Home
from iww_analysis.report.page import page
home, raw = Path(sys.argv[1]), sys.argv[2:]
mark = ["trace", "F05", "--mark", "municipality=GM0228", "--mark", "reason=moved"]
for words in (["add", "ede", *raw, "--received", "2021-07-08", "--yes"], ["check"], ["check", "--json"], ["build"],
              ["build", "--json"], mark, [*mark, "--json"]):
    print("=====", *words[:1], *words[-1:], flush=True)
    try:
        cli.app([*words, "--home", str(home)])
    except SystemExit as end:
        print("\\nended with", end.code, flush=True)
study = build.load(Home(home), ["ede"])
(home / "page.html").write_bytes(page(study, [], {}, "all", "nl", internal=False).encode("utf-8"))
"""
LOCALES = {  # cp1252, as Windows has it, lies between these two
    "UTF-8": {"PYTHONUTF8": "1"},
    "ASCII": {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "LANG": "C"},
}


def test_the_whole_way_gives_the_same_bytes_whatever_the_computers_encoding(tmp_path: Path) -> None:
    made = {name: _way(tmp_path / str(n), environment) for n, (name, environment) in enumerate(LOCALES.items())}
    (tree, said), (other, heard) = made.values()
    assert {"data/crosswalks/ede.toml", "data/processed/ede/cases.parquet", "page.html"} <= set(tree)
    assert sorted(other) == sorted(tree)
    assert [name for name in tree if other[name] != tree[name]] == []
    assert [part for part in heard if b"Error" in part] == []
    assert [part.splitlines()[-1] for part in heard[1:]] == [part.splitlines()[-1] for part in said[1:]]  # how it ended
    assert [p for p in heard if b"--json" in p] == [p for p in said if b"--json" in p]  # for programs: UTF-8 everywhere


def _way(folder: Path, environment: dict[str, str]) -> tuple[dict[str, bytes], list[bytes]]:
    """Go from a raw file to a page in another process; give every file that was made, and what was said."""
    home = folder / "home"
    (home / "data" / "raw").mkdir(parents=True)
    strange = EXPORT.replace("\r\n", ";naar z’n moeder → weg\r\n").replace(";naar", ";Toelichting cliënt é →", 1)
    export = folder / "export.csv"
    export.write_text(strange, encoding="utf-8", newline="")
    done = subprocess.run(
        [sys.executable, "-c", WAY, str(home), str(export)], capture_output=True, check=False, cwd=PACKAGE.parent,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    tree = {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return tree, done.stdout.split(b"===== ")
