"""Kill the installed `iww` again and again, and let its disk fail: nothing may be lost, short, mixed or left lying about.

Run: `make kills`, or `python -m benchmarks.kills [N [SEED]]` (300 kills, some 40 minutes). The home is made here: one source of a
few rows, delivered a second time, whose report has words of the researcher. Each command goes from a state that was made
without a kill to another one; it is killed (`kill -9`) just before each call that writes (halfway, where it writes a file), and
at instants that chance chooses over the time it takes. Then, and after the next start of `iww`:

    files      every table opens with its checksums and has the hash that the ledger says, every JSON parses, every file of a
               report has the hash that its manifest says
    sets       each delivery, build and report, each crosswalk and form is byte for byte the one before or the one after
    words      duiding.md holds the researcher's words
    left       no temporary in the home or beside the key, nothing in the system's temporary folder (but for what Python
               and `filelock` try it with when they are imported: nothing of ours), no process

and the command, given again (every fourth time, by a process; else the first thing that every start does is done here), comes to
the state after. Of write failures (ENOSPC, EFBIG, EIO at call k, once or from there on) moreover: exit code 1, one sentence, no
traceback, and the state before (of those that go on failing: after the next start). The notebooks of the home have one cell each.
"""

import hashlib
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import psutil
import pyarrow.parquet as pq

from iww_analysis.io.disk import locks
from iww_analysis.io.disk.home import Home

IWW = Path(sys.executable).with_name("iww.exe" if os.name == "nt" else "iww")
STRUCK = Path(__file__).with_name("struck")
TEMPORARY = ".iww-"
ERRORS = ("ENOSPC", "EFBIG", "EIO", "enospc", "efbig", "eio")  # small: from that call on
WORDS = "Hier stopt men om goede redenen."
NAME, SOURCE = "proef", "ede"
EXPORT = """Casusnr;Datum melding;Datum afsluiting;Afsluitreden
1;13-4-2019;31-5-2019;verhuisd
2;15-4-2019;30-5-2019;overleden
3;16-4-2019;;
"""
LATER = """Casusnr;Datum melding;Datum afsluiting;Afsluitreden;Reden
4;13-5-2019;31-6-2019;verhuisd;x
5;15-5-2019;30-6-2019;doelen bereikt;y
6;16-5-2019;1-7-2019;verhuisd;z
"""
NOTEBOOKS = ("00-start-here", "10-what-was-recorded", "20-cases-compared", "30-meetings-and-pathways", "40-effect-arena",
             "50-voices", "60-configurations", "70-outcomes", "80-report-figures")  # fmt: skip

AT_ONCE = 3
TRIED = (b"", b"blat")  # by which `filelock` and Python's `tempfile` try a folder for temporary files
Tree = Mapping[str, str]  # path within a set -> SHA-256


# ---- the home and its commands ------------------------------------------------------------------------------------------


class Arena(NamedTuple):
    """A folder with a home in it, and all else that a run writes to."""

    root: Path

    @property
    def home(self) -> Path:
        """The home."""
        return self.root / "home"

    def environment(self, strike: str = "") -> dict[str, str]:
        """What a run is told: everything it writes lies in the arena, save what matplotlib keeps between runs."""
        own = {"IWW_KEY_FILE": self.root / "key" / "pseudonym.key", "TMPDIR": self.root / "tmp", "HOME": self.root / "user",
               "JUPYTER_RUNTIME_DIR": self.root / "jupyter", "MPLCONFIGDIR": Path(tempfile.gettempdir()) / "iww-kills-fonts",
               "IWW_ARENA": self.root}  # fmt: skip
        paths = os.pathsep.join(filter(None, (str(STRUCK), os.environ.get("PYTHONPATH"))))
        struck = {"PYTHONPATH": paths, "IWW_STRIKE": strike} if strike else {}
        return {**os.environ, **{name: str(value) for name, value in own.items()}, **struck}

    def start(self, words: Sequence[str], strike: str = "") -> subprocess.Popen[str]:
        """Start the installed command."""
        return subprocess.Popen(
            [str(IWW), *words, "--home", str(self.home)], env=self.environment(strike), text=True, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.root,
        )  # fmt: skip

    def run(self, words: Sequence[str], strike: str = "") -> tuple[int, str, str]:
        """Run the installed command to its end, however it ends; gives exit code and what it said."""
        process = self.start(words, strike)
        said, wrong = process.communicate(timeout=600)
        return process.returncode, said, wrong


@dataclass
class Scenario:
    """A command, the arena before it and (once it has run unharmed) after it, and what it takes."""

    name: str
    words: tuple[str, ...]
    before: Arena
    after: Arena
    calls: int = 0
    seconds: float = 0.0


def prepare(folder: Path, *, report: bool = True) -> list[Scenario]:
    """Make the home, step by step; each step is a scenario from the arena before it to the one after."""
    arena = Arena(folder / "0")
    for name in ("home/data/raw", "home/notebooks", "tmp", "user", "jupyter", "exports", "key"):
        (arena.root / name).mkdir(parents=True)
    key = arena.root / "key" / "pseudonym.key"
    key.write_text(hashlib.sha256(b"a key of kills").hexdigest(), encoding="ascii")  # else no two builds are alike
    key.chmod(0o600)
    for stem in NOTEBOOKS:
        cell = nbformat.v4.new_code_cell("", id="parameters", metadata={"tags": ["parameters"]})
        book = nbformat.v4.new_notebook(cells=[cell])
        (arena.home / "notebooks" / f"{stem}.ipynb").write_text(nbformat.writes(book), encoding="utf-8")
    (arena.root / "exports" / "eerste.csv").write_text(EXPORT, encoding="utf-8")
    (arena.root / "exports" / "tweede.csv").write_text(LATER, encoding="utf-8")
    words = arena.home / "reports" / NAME / "duiding.md"
    words.parent.mkdir(parents=True)
    words.write_text(f"# Duiding\n\n## F05 Redenen\n\n{WORDS}\n", encoding="utf-8")
    report_words = ("report", SOURCE, "--name", NAME, "--study", "") if report else ()
    steps: list[tuple[str, tuple[str, ...]]] = [
        ("first add", ("add", SOURCE, "exports/eerste.csv", "--received", "2021-01-15", "--yes")),
        ("first build", ("build", SOURCE)),
        ("first report", report_words),
        ("add", ("add", SOURCE, "exports/tweede.csv", "--received", "2021-02-15", "--yes")),
        ("answers", ("add", SOURCE, "--answers", f"home/data/crosswalks/{SOURCE}-vragen.xlsx")),
        ("build", ("build", SOURCE)),
        ("report", report_words),
    ]
    return list(_scenarios(folder, arena, [step for step in steps if step[1]]))


def _scenarios(folder: Path, arena: Arena, steps: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[Scenario]:
    for number, (name, words) in enumerate(steps, start=1):
        if name == "answers":
            arena = Arena(Path(shutil.copytree(arena.root, folder / "answered")))
            _answer(arena)
        after = Arena(folder / str(number))
        shutil.copytree(arena.root, after.root)
        started, counted = time.monotonic(), folder / f"{number}.calls"
        code, said, wrong = after.run(words, f"count 0 {counted} {after.root}")
        if code not in (0, 1) or "Traceback" in wrong or faults_in(after):
            raise SystemExit(f"{name}: {code}\n{said}\n{wrong}\n{faults_in(after)}")
        yield Scenario(name, words, arena, after, int(counted.read_text("ascii")), time.monotonic() - started)
        arena = after


def _answer(arena: Arena) -> None:
    """Fill in the form of open questions, as far as it takes to have something to write."""
    import openpyxl

    form = arena.home / "data" / "crosswalks" / f"{SOURCE}-vragen.xlsx"
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[1]
    for row in range(2, sheet.max_row + 1):
        at = sheet.cell(row, sheet.max_column - 1)
        at.value = at.value or "Stadsdeel Noord"
    book.save(form)


# ---- what must hold -----------------------------------------------------------------------------------------------------


def sets(arena: Arena) -> dict[str, Tree]:
    """Every set of files of a home: what appears as a whole or not at all. Words and temporaries are in none."""
    data, found = arena.home / "data", {}
    folders = [*data.glob("raw/*/*"), *data.glob("processed/*"), *data.glob("receipts/*"), *arena.home.glob("reports/*")]
    for folder in folders:
        if folder.is_dir() and not folder.name.startswith(TEMPORARY):
            inside = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(TEMPORARY)]
            tree = {path.relative_to(folder).as_posix(): _sha(path) for path in inside if path.name != "duiding.md"}
            found |= {folder.relative_to(arena.home).as_posix(): tree} if tree else {}
    for path in data.glob("crosswalks/*"):
        found |= (
            {path.relative_to(arena.home).as_posix(): {"": _sha(path)}} if not path.name.startswith(TEMPORARY) else {}
        )
    return found


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def faults_in(arena: Arena) -> list[str]:
    """What is wrong with the files themselves: unreadable, or not what ledger or manifest say."""
    wrong = []
    for path in sorted(arena.home.rglob("*")):
        if path.is_file() and not any(part.startswith(TEMPORARY) for part in path.parts):
            try:
                _open(path)
            except Exception as error:  # whatever it is, the file is not whole
                wrong.append(f"unreadable: {path.relative_to(arena.home)} ({type(error).__name__})")
    words = arena.home / "reports" / NAME / "duiding.md"
    if not words.exists() or WORDS not in words.read_text(encoding="utf-8"):
        wrong.append("words lost")
    return wrong


def _open(path: Path) -> None:
    if path.suffix == ".parquet":
        pq.read_table(path, page_checksum_verification=True)
    elif path.name in ("ledger.json", "manifest.json"):
        told = json.loads(path.read_bytes())
        hashes = told["files"] if "files" in told else {f"{name}.parquet": sha for name, sha in told["tables"].items()}
        if any(_sha(path.parent / name) != sha for name, sha in hashes.items()):
            raise ValueError("mixed")
    elif path.suffix == ".json":
        json.loads(path.read_bytes())
    elif path.suffix in (".toml", ".csv", ".svg", ".html", ".md", ".ipynb") and not path.read_bytes().endswith(b"\n"):
        text = path.read_bytes().decode("utf-8").rstrip()
        if not text or path.suffix == ".toml" or (path.suffix in (".svg", ".html") and not text.endswith(">")):
            raise ValueError("short")


def neither(arena: Arena, scenario: Scenario) -> list[str]:
    """Which sets are neither those before the command nor those after it."""
    before, after, now = sets(scenario.before), sets(scenario.after), sets(arena)
    return [name for name in {*before, *after, *now} if now.get(name) not in (before.get(name), after.get(name))]


def left_over(arena: Arena) -> list[str]:
    """Temporaries that nobody will ever rename."""
    found = [*arena.home.rglob(f"{TEMPORARY}*"), *(arena.root / "key").glob(f"{TEMPORARY}*")]
    found += [path for path in (arena.root / "tmp").rglob("*") if path.is_file() and path.read_bytes() not in TRIED]
    return [path.relative_to(arena.root).as_posix() for path in found]


def alive(arena: Arena, patience: float = 8.0) -> list[psutil.Process]:
    """Processes of a run that outlive it: kernels look once a second whether their parent is there."""
    until = time.monotonic() + patience
    while found := [process for process in psutil.process_iter() if _is_of(process, arena)]:
        if time.monotonic() > until:
            return found
        time.sleep(0.2)
    return []


def _is_of(process: psutil.Process, arena: Arena) -> bool:
    try:
        return process.environ().get("IWW_ARENA") == str(arena.root) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


# ---- striking -----------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """What came of one kind of strikes at one command. `struck`: runs that were killed, or that said that a write failed."""

    runs: int = 0
    struck: int = 0
    faults: list[str] = field(default_factory=list)


def struck_copy(scenario: Scenario, folder: Path, act: Callable[[Arena], str], *, again: bool) -> tuple[str, list[str]]:
    """Do something to a copy of the arena before the command; gives how that ended and all that does not hold afterwards.

    `again`: the next start is the same command, else the first thing that every start of `iww` does.
    """
    arena = Arena(folder)
    shutil.copytree(scenario.before.root, arena.root)
    try:
        how = act(arena)
        orphans = alive(arena)
        faults = [f"process left: {' '.join(process.cmdline())[:80]}" for process in orphans]
        for process in orphans:
            process.kill()
        faults += [f"at once: {fault}" for fault in faults_in(arena) if not _between(fault, arena)]
        faults += [f"at once neither: {name}" for name in neither(arena, scenario) if (arena.home / name).exists()]
        faults += _given_again(arena, scenario) if again else _started(arena, scenario)
        return how, [*faults, *faults_in(arena), *(f"left: {path}" for path in left_over(arena))]
    finally:
        shutil.rmtree(arena.root)


def _between(fault: str, arena: Arena) -> bool:
    """The one instant without a report: words and all lie beside it, and come back at the next start."""
    beside = arena.home.glob(f"reports/{TEMPORARY}*/0/duiding.md")
    return fault == "words lost" and any(WORDS in path.read_text(encoding="utf-8") for path in beside)


def _started(arena: Arena, scenario: Scenario) -> list[str]:
    locks.sweep(Home(arena.home))
    return [f"after the next start neither: {name}" for name in neither(arena, scenario)]


def _given_again(arena: Arena, scenario: Scenario) -> list[str]:
    code, said, wrong = arena.run(scenario.words)
    now, after = sets(arena), sets(scenario.after)
    differs = sorted(name for name in {*now, *after} if now.get(name) != after.get(name))
    bad = code not in (0, 1) or "Traceback" in wrong or differs
    return [f"given again: exit {code}, differs: {differs}, {(said + wrong)[-200:]!r}"] if bad else []


def kill_at_call(scenario: Scenario, k: int) -> Callable[[Arena], str]:
    """Kill a run just before, or halfway, its k-th call that writes."""

    def act(arena: Arena) -> str:
        code, _, _ = arena.run(scenario.words, f"kill {k} {arena.root}")
        return "killed" if code == -signal.SIGKILL else f"exit {code}"

    return act


def kill_after(scenario: Scenario, seconds: float) -> Callable[[Arena], str]:
    """Kill a run after so many seconds."""

    def act(arena: Arena) -> str:
        process = arena.start(scenario.words)
        time.sleep(seconds)
        process.kill()
        process.communicate()
        return "killed" if process.returncode == -signal.SIGKILL else f"exit {process.returncode}"

    return act


def fail_at_call(scenario: Scenario, error: str, k: int, wrong: list[str]) -> Callable[[Arena], str]:
    """Let the k-th call that writes fail (a name in small letters: and all that follow); `wrong` gathers what does not hold."""

    def act(arena: Arena) -> str:
        code, said, stderr = arena.run((*scenario.words, "--json"), f"{error} {k} {arena.root}")
        told: dict[str, Any] = json.loads(said) if said.startswith("{") else {}
        failed = [
            m["code"] for m in told.get("messages", ()) if m["code"] in ("disk_full", "file_too_big", "disk_failed")
        ]
        if "Traceback" in stderr or not told:
            wrong.append(f"{error} at {k}: no sentence: {(said + stderr)[-200:]!r}")
        elif failed and (code != 1 or len(failed) != 1):
            wrong.append(f"{error} at {k}: exit {code}, {failed}")
        elif not failed and sets(arena) != sets(scenario.after):
            wrong.append(f"{error} at {k}: exit {code} says nothing of it: {[m['code'] for m in told['messages']]}")
        if failed and error.isupper() and neither(arena, scenario):
            wrong.append(f"{error} at {k}: the previous result is not there: {neither(arena, scenario)}")
        return f"said {failed[0]}" if failed else "went on"

    return act


def main(n: int, seed: int) -> int:
    """Kill `n` times, spread over the commands; then let writes fail a third as often. Gives 1 when a thing does not hold."""
    lines: dict[tuple[str, str], Told] = {}
    with tempfile.TemporaryDirectory(prefix="kills-") as name, ThreadPoolExecutor(AT_ONCE) as pool:
        scenarios = prepare(Path(name))
        for s in scenarios:
            _say(f"{s.name}: {s.calls} calls that write, {s.seconds:.1f} s")
        plan = list(_plan(scenarios, n, random.Random(seed)))
        jobs = [
            pool.submit(struck_copy, scenario, Path(name) / f"struck-{number}", act, again=number % 4 == 0)
            for number, (scenario, _, _, act, _) in enumerate(plan)
        ]
        for (scenario, kind, what, _, wrong), job in zip(plan, jobs, strict=True):
            how, faults = job.result()
            told = lines.setdefault((scenario.name, kind), Told())
            told.runs += 1
            told.struck += how == "killed" or how.startswith("said")
            told.faults += [f"{scenario.name}, {what}: {fault}" for fault in (*faults, *wrong)]
            _say(f"{scenario.name}, {what}: {how} {' '.join((*faults, *wrong))}")
    _say("\n| command | what | runs | struck | something wrong |\n|---|---|---|---|---|")
    for (name, kind), told in lines.items():
        _say(f"| `{name}` | {kind} | {told.runs} | {told.struck} | {len(told.faults)} |")
    faults = [fault for told in lines.values() for fault in told.faults]
    _say("\n".join(f"* {fault}" for fault in faults))
    return int(bool(faults))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


Act = tuple[Scenario, str, str, Callable[[Arena], str], list[str]]


def _plan(scenarios: Sequence[Scenario], n: int, chance: random.Random) -> Iterator[Act]:
    """Four in five kills at write calls, at each if there are enough, else spread over them; the others at random instants.

    A report takes long and writes much: it gets few.
    """
    for of, runs in _shared(scenarios, n):
        at_call = min(1.0, runs * 4 / 5 / sum(s.calls for s in of))
        for s in of:
            for k in _spread(s.calls, round(s.calls * at_call)):
                yield s, "kill at a write call", f"call {k}", kill_at_call(s, k), []
            for _ in range(math.ceil((runs - sum(round(s.calls * at_call) for s in of)) / len(of))):
                seconds = chance.uniform(0.2, s.seconds)
                yield s, "kill at a random instant", f"after {seconds:.2f} s", kill_after(s, seconds), []
    for of, runs in _shared(scenarios, n // 3):
        for s in of:
            for number, k in enumerate(_spread(s.calls, round(runs / len(of)))):
                error, wrong = ERRORS[number % len(ERRORS)], list[str]()
                yield s, "write failure", f"{error} at call {k}", fail_at_call(s, error, k, wrong), wrong


def _shared(scenarios: Sequence[Scenario], n: int) -> list[tuple[list[Scenario], int]]:
    reports = [s for s in scenarios if "report" in s.name]
    return [([s for s in scenarios if s not in reports], n - n // 12), (reports, n // 12)]


def _spread(calls: int, runs: int) -> list[int]:
    """So many of the calls, the last ones among them."""
    return sorted({calls - round(number * (calls - 1) / max(runs - 1, 1)) for number in range(runs)}) if runs else []


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in (*sys.argv[1:], *("300", "1")[len(sys.argv) - 1 :]))))
