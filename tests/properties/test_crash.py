"""Killed at any instant, or on a disk that fails: a report, a build and a delivery are there whole, the old or the new one.

Most kills here are of a forked child that does one step: really `kill -9`, at every call that writes. Some are of the installed
command; 300 of those are `python -m benchmarks.kills`.
"""

import json
import os
import re
import signal
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import kills
from benchmarks.struck import sitecustomize as strikes
from iww_analysis.commands import add, report
from iww_analysis.commands.report.state import Report
from iww_analysis.io.disk import files, folders, key_file, locks
from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed import store
from iww_analysis.messages.errors import IwwError
from iww_analysis.privacy.keys import check_value
from shared.homes import KEY, home_with, key_in
from shared.long import sampled

unix = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are not there on Windows: not shown there")
CODES = ("disk_full", "file_too_big", "disk_failed")
WENT, ELSE = 0, 99

Tree = dict[str, bytes]


# ---- a child that is struck ---------------------------------------------------------------------------------------------


def struck(act: Callable[[], object], root: Path, how: str, at: int) -> str:
    """Let a child do something and strike it at its n-th write; gives "killed", "went on", or the message it ended with."""
    child = os.fork()
    if not child:
        strikes.arm(strikes.Strike(how, at, str(root)))
        code = ELSE
        try:
            act()
            code = WENT
        except IwwError as error:
            (message,) = error.messages
            code = CODES.index(message.code) + 1
        finally:
            os._exit(code)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return "killed"
    return "went on" if os.WEXITSTATUS(ended) == WENT else CODES[os.WEXITSTATUS(ended) - 1]


def calls(act: Callable[[], object], root: Path) -> int:
    """Count the writes of something, in a child."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        strikes.arm(strike := strikes.Strike("count", 0, str(root)))
        act()
        os.write(writing, str(strike.calls).encode())
        os._exit(WENT)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        return int(told.read())


def every_kill(act: Callable[[], object], root: Path, first: int = 1, step: int = 1) -> Iterator[int]:
    """Kill at the first write, at the second, and so on to the last; before each the folder is as it was at the start."""
    started = tree(root)
    n = calls(act, root)
    assert n > 5
    for at in range(first, n + 1, step):
        lay(root, started)
        assert struck(act, root, "kill", at) == "killed"
        yield at


def tree(folder: Path) -> Tree:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def lay(folder: Path, content: Mapping[str, bytes]) -> None:
    """Make a folder hold just this, without the code under test."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name, each in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(each)


def leftovers(home: Home) -> list[Path]:
    return list(home.path.rglob(f"{files.TEMPORARY}*"))


# ---- a set of files -----------------------------------------------------------------------------------------------------

WORDS = b"# Duiding\n\n## F01 Instroom\n\nHier stopt men om goede redenen.\n"
OWN = {"duiding.md": WORDS, "notitie.docx": b"my own"}  # what is not ours stays
OLD = {
    "index.html": b"old",
    "manifest.json": b"old",
    "figures/F01.svg": b"same",
    "figures/F02.svg": b"2",
}
NEW = {
    "index.html": b"new",
    "manifest.json": b"new!",
    "figures/F01.svg": b"same",
    "figures/F03.svg": b"3",
}
OLD_INSIDE, NEW_INSIDE = {"F01.json": b"1", "F02.json": b"1"}, {"F01.json": b"2", "F03.json": b"2"}
STARTED = {f"reports/all/{name}": content for name, content in {**OLD, **OWN}.items()} | {
    f"data/receipts/all/{name}": content for name, content in OLD_INSIDE.items()
}
MADE = Report("all", {
    **NEW, **{f"receipts/{name}": content for name, content in NEW_INSIDE.items()},
    "duiding.md": b"# Duiding\n\n## F01 Instroom\n\n## F03 Domeinen\n",
}, ())  # fmt: skip


@pytest.mark.long
@unix
def test_a_report_killed_at_any_write_is_the_old_or_the_new_one_and_no_word_is_lost(home: Home) -> None:
    """What may leave and what stays are each whole; between them the receipts can be of another making, never the report."""
    lay(home.path, STARTED)
    ends = set()
    for at in every_kill(lambda: report.write(home, MADE), home.path):
        beside = [path.read_bytes() for path in home.path.rglob("duiding.md")]
        assert any(content.startswith(WORDS) for content in beside), at  # also before anything is mended
        locks.sweep(home)
        now = tree(home.report("all"))
        assert now.pop("duiding.md").startswith(WORDS), at
        assert now.pop("notitie.docx") == b"my own", at
        kept = tree(home.receipts("all"))
        assert now in (OLD, NEW), at
        assert kept in (OLD_INSIDE, NEW_INSIDE), at
        assert not leftovers(home), at
        ends.add((now == NEW, kept == NEW_INSIDE))
        report.write(home, MADE)
        assert tree(home.report("all")) == {**NEW, **OWN, "duiding.md": WORDS + b"\n## F03 Domeinen\n"}, at
        assert tree(home.receipts("all")) == NEW_INSIDE, at
    assert ends == {(False, False), (True, False), (True, True)}


@pytest.mark.long
@unix
def test_a_first_report_killed_at_any_write_is_not_there_or_whole(home: Home) -> None:
    for at in every_kill(lambda: report.write(home, MADE), home.path):
        locks.sweep(home)
        now = {name: content for name, content in tree(home.path / "reports").items() if name != "all/duiding.md"}
        assert now in ({}, {f"all/{name}": content for name, content in NEW.items()}), at


TABLES = {name: pd.DataFrame({"n": [1, 2, 3]}) for name in ("cases", "referrals", "gone")}
LATER = {name: pd.DataFrame({"n": [4, 5]}) for name in ("cases", "referrals")}


def write_build(home: Home, tables: Mapping[str, pd.DataFrame], inputs: str) -> None:
    folders.write(home.processed("here"), store.contents(tables.items(), {"inputs": inputs}), folders.BUILD)


@unix
def test_a_build_killed_at_any_write_is_one_build(home: Home) -> None:
    write_build(home, TABLES, "old")
    old = tree(home.path)
    write_build(home, LATER, "new")
    new = tree(home.processed("here"))
    lay(home.path, old)
    for at in every_kill(lambda: write_build(home, LATER, "new"), home.path):
        locks.sweep(home)
        assert tree(home.processed("here")) in (new, {Path(name).name: old[name] for name in old if "here/" in name}), (
            at
        )
        tables, ledger = store.read_build(home.processed("here"))
        assert (len(tables["cases"]), set(tables)) == (
            (3, {*TABLES}) if ledger["inputs"] == "old" else (2, {*LATER})
        ), at
        assert not leftovers(home), at


@unix
@pytest.mark.parametrize("error", ["ENOSPC", "EFBIG", "EIO", "enospc", "efbig", "eio"])
def test_a_write_that_fails_is_one_sentence_and_the_old_report_stays(error: str, home: Home) -> None:
    """In capitals one call fails, else all from there on: then the old report is back at the latest after the next start."""
    lay(home.path, STARTED)
    n = calls(lambda: report.write(home, MADE), home.path)
    ends = set()
    for at in range(1, n + 1, 2):
        lay(home.path, STARTED)
        how = struck(lambda: report.write(home, MADE), home.path, error, at)
        if error == "eio":
            locks.sweep(home)
        now = tree(home.report("all"))
        assert now.pop("duiding.md").startswith(WORDS)
        assert now.pop("notitie.docx") == b"my own"
        assert now == OLD or (now == NEW and (how == "went on" or at > n / 3)), (
            at,
            how,
        )  # the new one: in its place already
        locks.sweep(home)
        assert not leftovers(home), at
        ends.add(how)
    assert CODES[("enospc", "efbig", "eio").index(error.lower())] in ends
    assert len(ends) <= 2


def test_what_is_current_is_not_written_again_and_what_stays_the_same_keeps_its_time(home: Home) -> None:
    folder = home.report("all")
    assert sorted(folders.write(folder, OLD.items(), folders.REPORT)) == sorted(OLD)
    before = {path: path.stat() for path in (folder, *folder.rglob("*"))}
    assert folders.write(folder, OLD.items(), folders.REPORT) == []
    assert {path: path.stat() for path in (folder, *folder.rglob("*"))} == before
    assert sorted(folders.write(folder, NEW.items(), folders.REPORT)) == [
        "figures/F02.svg", "figures/F03.svg", "index.html", "manifest.json"
    ]  # fmt: skip
    same = folder / "figures" / "F01.svg"
    assert same.stat().st_mtime_ns == before[same].st_mtime_ns


def test_tables_are_taken_one_after_another(home: Home) -> None:
    alive: list[str] = []

    def made() -> Iterator[tuple[str, pd.DataFrame]]:
        for name, table in TABLES.items():
            alive.append(name)
            yield name, table
            assert (list(home.path.glob(f"data/processed/.iww-new.*/0/{name}.parquet")), alive[-1]) != ([], "")

    folders.write(home.processed("here"), store.contents(made(), {}), folders.BUILD)
    assert alive == list(TABLES)


@unix
def test_what_holds_records_of_people_only_who_wrote_it_may_open(home: Home) -> None:
    before = os.umask(0o022)
    try:
        report.write(home, MADE)
        write_build(home, TABLES, "old")
        folders.write(home.raw / "here" / "2021-01-15", {"a.csv": b"1", "origin.toml": b""}.items(), folders.DELIVERY)
    finally:
        os.umask(before)
    closed = [home.receipts("all"), home.processed("here"), home.raw / "here" / "2021-01-15"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in closed] == [0o700] * 3
    assert stat.S_IMODE(home.report("all").stat().st_mode) == 0o755
    assert stat.S_IMODE((home.report("all") / "index.html").stat().st_mode) == 0o644


def test_words_that_were_written_while_the_report_was_made_stay(home: Home) -> None:
    files.write_text(home.report("all") / "duiding.md", "# Duiding\n\n## F01 Instroom\n\nWas al bekend.\n")
    made = Report("all", {**NEW, "duiding.md": WORDS}, ())
    files.write_text(
        home.report("all") / "duiding.md", "# Duiding\n\n## F01 Instroom\n\nWas al bekend.\n\nEn dit kwam erbij.\n"
    )
    report.write(home, made)
    assert (
        (home.report("all") / "duiding.md")
        .read_text(encoding="utf-8")
        .endswith("Was al bekend.\n\nEn dit kwam erbij.\n")
    )


def test_every_write_goes_through_one_room() -> None:
    package = Path(files.__file__).parents[2]
    ways = re.compile(
        r"\"[wxa]b\"\)|fsync|\.mkdir\(|\.unlink\(|shutil|tempfile|mkstemp|O_CREAT|os\.(?:replace|rename|remove)"
    )
    found = {p.relative_to(package).as_posix() for p in package.rglob("*.py") if ways.search(p.read_text("utf-8"))}
    opens_the_null_device = "io/sandbox/child_process.py"
    assert found == {"io/disk/files.py", "io/disk/folders.py", opens_the_null_device}


# ---- two at once --------------------------------------------------------------------------------------------------------


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Let another process do something until this is done; it has begun when this begins."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            with locks.held(Home(Path(os.environ["HELD_HOME"])), "source", "here"):
                os.write(writing, b"1")
                act()
        finally:
            os._exit(0)
    os.read(reading, 1)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)


@unix
def test_a_source_that_another_run_works_at_is_busy_and_its_temporaries_are_left_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELD_HOME", str(home.path))
    lay(
        home.path,
        {
            "data/processed/.iww-new.here.1a2b/0/cases.parquet": b"half",
            "data/raw/there/.iww-new.2021-01-15.3c/0/a.csv": b"",
        },
    )
    with meanwhile(lambda: time.sleep(60)):
        locks.sweep(home)
        assert [path.name for path in leftovers(home)] == [".iww-new.here.1a2b"]  # the other source's are gone
        started = time.monotonic()
        with pytest.raises(IwwError) as refused, locks.held(home, "source", "here", 0.2):
            pass
        assert time.monotonic() - started < 2
        assert refused.value.say("nl") == (
            "Een andere iww werkt aan bron ‘here’. Wacht tot die klaar is of sluit die, en probeer opnieuw."
        )
        with locks.held(home, "source", "there"), locks.held(home, "report", "here"):
            pass
    with locks.held(home, "source", "here", 5):  # whoever held it was killed: it is free
        locks.sweep(home)
    assert not leftovers(home)


@unix
def test_who_reads_while_another_run_replaces_a_build_gets_the_tables_of_one(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELD_HOME", str(home.path))
    write_build(home, TABLES, "old")

    def swap() -> None:
        for _ in range(100_000):
            write_build(home, LATER, "new")
            write_build(home, TABLES, "old")

    seen = set()
    with meanwhile(swap):
        for _ in range(40):
            tables, ledger = store.read_build(home.processed("here"))
            seen.add((ledger["inputs"], *sorted(tables), len(tables["cases"])))
    assert seen <= {("old", "cases", "gone", "referrals", 3), ("new", "cases", "referrals", 2)}


def test_a_table_that_is_not_the_ledgers_is_named(home: Home) -> None:
    write_build(home, TABLES, "old")
    (home.processed("here") / "cases.parquet").write_bytes(store.table_bytes(LATER["cases"]))
    with pytest.raises(IwwError, match=r"^bestand cases\.parquet: de verwerkte tabel is beschadigd"):
        store.read_build(home.processed("here"))


# ---- a delivery ---------------------------------------------------------------------------------------------------------


@unix
@pytest.mark.parametrize("first", sampled([1, 2, 3, 4], [1]))
def test_a_delivery_killed_at_any_write_is_there_whole_or_not_and_can_be_added_again(
    home: Home, tmp_path: Path, first: int
) -> None:
    export = tmp_path / "export.csv"
    export.write_text(kills.EXPORT, encoding="utf-8", newline="")

    def adding() -> None:
        add.add(home, "ede", [export], date(2021, 1, 15), yes=True)

    adding()
    whole = tree(home.path)
    delivery = {name for name in whole if name.startswith("data/raw")}
    lay(home.path, {})
    for at in every_kill(adding, home.path, first, 4):
        locks.sweep(home)
        now = tree(home.path)
        there = {name for name in now if name.startswith("data/raw")}
        assert there in (set(), delivery - {"data/raw/ede/logbook.jsonl"}, delivery), at  # the logbook comes after it
        assert all(now[name] == whole[name] for name in now), at
        assert not leftovers(home), at
        if at % 5 == 0:
            adding()
            assert tree(home.path) == whole, at


@unix
def test_a_key_killed_at_any_write_is_whole_or_can_be_made(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home.path.parent / "own"
    monkeypatch.setenv("IWW_KEY_FILE", str(folder / "pseudonym.key"))
    for at in every_kill(lambda: key_file.make(home), home.path.parent):
        if not key_file.content():
            key_file.make(home)
        assert len(key_file.read(home)) == 32, at
        assert {path.name for path in folder.iterdir()} == {"pseudonym.key", "pseudonym.key.lock"}, at


@unix
def test_a_rotation_killed_at_any_write_loses_no_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IWW_KEY_FILE", str(key_in(home.path.parent / "pseudonym.key")))
    for at in every_kill(lambda: key_file.renew(home), home.path.parent):
        assert key_file.with_check(check_value(KEY)) == KEY, at
        assert len(key_file.content()) == 32, at


# ---- the installed command ----------------------------------------------------------------------------------------------

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


@pytest.mark.long
@unix
def test_the_installed_command_killed_or_failing_leaves_the_old_build_or_the_new(tmp_path: Path) -> None:
    arena = kills.Arena(tmp_path)
    (tmp_path / "tmp").mkdir()
    home = home_with(arena.home, {"a.csv": kills.EXPORT}, WALK)
    write_build(home, TABLES, "old")
    words = home.report(kills.NAME) / "duiding.md"
    words.parent.mkdir(parents=True)
    words.write_text(kills.WORDS, encoding="utf-8")
    old = tree(home.processed("here"))
    for strike, code in (("kill 20", -signal.SIGKILL), ("kill 33", -signal.SIGKILL), ("ENOSPC 15", 1), ("EIO 33", 1)):
        ended, said, wrong = arena.run(("build", "here", "--json"), f"{strike} {tmp_path}")
        assert (ended, "Traceback" in wrong) == (code, False), wrong
        assert code != 1 or len(json.loads(said)["messages"]) == 1
        locks.sweep(home)
        assert tree(home.processed("here")) == old, strike  # so early that nothing new is in its place yet
        assert not kills.faults_in(arena) + kills.left_over(arena)
        assert not kills.alive(arena)
    assert arena.run(("build", "here"))[0] == 0
    assert "gone.parquet" not in tree(home.processed("here"))
    assert store.read_build(home.processed("here"))[1]["source"] == "here"
