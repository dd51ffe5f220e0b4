"""Time a build of one long export against the floor: Arrow reads the same file and writes Parquet, nothing else.

The export and the floor are the shared scripts `gen.py` and `floor.py` (the folder is the first argument); each runs in a
fresh process, in turn, and what counts is the median of the ratios of CPU seconds, less those of the imports.
Run: `python -m benchmarks.stream ../shared/perf [ROWS [ROUNDS]]`. Prints a line of benchmarks/results.md. With `add` in front
(`python -m benchmarks.stream add ../shared/perf …`) the delivery of the export to a home that knows nothing of it is timed
against its build.
"""

import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from iww_analysis.io.disk import files

CARD = """format = "iww-origin/1"
source = "export"
municipality = ["GM0243"]
received = 2024-01-15
extraction_date = 2027-12-31
period = ["2012-01-01", "2027-12-31"]
regime = "register"
synthetic = true
[files]
"export.csv" = "{sha256}"
"""
BUILD = """
import resource
from pathlib import Path
import pandera.pandas  # which a build imports when it needs it
from iww_analysis.commands.build import build_and_store
from iww_analysis.io.disk.home import Home
ready = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
build_and_store(Home(Path({home!r})), "export")
used = resource.getrusage(resource.RUSAGE_SELF)
print(sum(used[:2]) - ready, used.ru_maxrss / 1024)
"""
ADD = """
import datetime, resource
from pathlib import Path
from iww_analysis.commands.add import add
from iww_analysis.io.disk.home import Home
ready = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
add(Home(Path({home!r})), "export", [Path({export!r})], datetime.date(2024, 1, 15), yes=True)
used = resource.getrusage(resource.RUSAGE_SELF)
print(sum(used[:2]) - ready, used.ru_maxrss / 1024)
"""
EXPORT = Path("data", "raw", "export", "2024-01-15", "export.csv")


class Run(NamedTuple):
    """CPU seconds of the work itself, and the most memory in MB."""

    cpu: float
    memory: float


def home_of(folder: Path, shared: Path, rows: int) -> Path:
    """Put an invented export with its card and crosswalk in a home."""
    home = folder / "home"
    export = home / EXPORT
    export.parent.mkdir(parents=True)
    subprocess.run([sys.executable, shared / "gen.py", str(rows), str(export)], check=True)
    (export.parent / "origin.toml").write_text(CARD.format(sha256=files.sha256_of(export)), encoding="utf-8")
    walk = (Path(__file__).parent / "export.toml").read_text(encoding="utf-8")
    files.write_text(home / "data" / "crosswalks" / "export.toml", walk)
    return home


def ours(home: Path) -> Run:
    """Build and store, in a fresh process; what another run stored is gone."""
    shutil.rmtree(home / "data" / "processed", ignore_errors=True)
    return measured(BUILD.format(home=str(home)))


def adding(home: Path) -> Run:
    """Add the export of a home to one that knows nothing of it, in a fresh process."""
    empty = home.with_name("empty")
    shutil.rmtree(empty, ignore_errors=True)
    (empty / "data" / "raw").mkdir(parents=True)
    return measured(ADD.format(home=str(empty), export=str(home / EXPORT)))


def measured(code: str) -> Run:
    """Run code that prints what it used, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return Run(*map(float, done.stdout.split()))


def floor(home: Path, shared: Path, out: Path) -> Run:
    """Read and write only, in a fresh process; it tells its own memory."""
    export = home / EXPORT
    command = [sys.executable, shared / "floor.py", "pa_csv1", str(export), str(out)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = float(subprocess.run(
        [sys.executable, "-c", "import pyarrow.csv, pyarrow.parquet, resource; print(sum(resource.getrusage(0)[:2]))"],
        check=True, capture_output=True, text=True,
    ).stdout)  # fmt: skip
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = re.search(r'"rss_mb": (\d+)', done.stdout)
    return Run(cpu - started, float(found[1]) if found else 0.0)


def main(shared: Path, rows: int, rounds: int) -> None:
    """Time both and print one line."""
    with tempfile.TemporaryDirectory() as folder:
        home = home_of(Path(folder), shared, rows)
        pairs = [(ours(home), floor(home, shared, Path(folder) / "floor.parquet")) for _ in range(rounds)]
    ratios = [own.cpu / base.cpu for own, base in pairs]
    cpu, base = (statistics.median(run.cpu for run in runs) for runs in zip(*pairs, strict=True))
    memory = statistics.median(own.memory for own, _ in pairs)
    sys.stdout.write(f"| {rows} | {cpu:.1f} | {base:.2f} | {statistics.median(ratios):.1f} "
                     f"({min(ratios):.1f}-{max(ratios):.1f}) | {memory:.0f} |\n")  # fmt: skip


def compare_adding(shared: Path, rows: int, rounds: int) -> None:
    """Time adding and building in turn and print one line."""
    with tempfile.TemporaryDirectory() as folder:
        home = home_of(Path(folder), shared, rows)
        pairs = [(adding(home), ours(home)) for _ in range(rounds)]
    cpu, memory = (
        [f"{statistics.median(run[n] for run in runs):.1f}" for runs in zip(*pairs, strict=True)] for n in (0, 1)
    )
    shares = [statistics.median(add[n] / build[n] for add, build in pairs) for n in (0, 1)]
    cells = [rows, *cpu, f"{shares[0]:.2f}", *memory, f"{shares[1]:.2f}"]
    sys.stdout.write("| " + " | ".join(map(str, cells)) + " |\n")


if __name__ == "__main__":
    words = sys.argv[1:]
    measure = compare_adding if words[0] == "add" else main
    folder, *given = words[measure is compare_adding :]
    numbers = list(map(int, given))
    measure(Path(folder).resolve(), *numbers, *(1_000_000, 3)[len(numbers) :])
