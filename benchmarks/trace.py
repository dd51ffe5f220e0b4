"""Trace marks of a long source: in a fresh process and within one session. `python -m benchmarks.trace HOME [FIGURE …]`.

HOME holds a built source, such as the export of a million rows of `benchmarks.stream`. Of each figure the largest mark
and the smallest are traced: fresh is the command `iww trace` from start to end; the session has traced one mark before.
`rows` gives the first twenty rows with what stood in their cells, `frame` does so for all of them.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from iww_analysis.commands.session import Session, open_session
from iww_analysis.io.disk.home import Home
from iww_analysis.tracing.text import trace_lines
from iww_analysis.tracing.trace import entry_of

FIGURES = ("F01", "F02", "F03", "F04", "F05", "T01")


def measured(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor, of this process and its threads."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def fresh(home: Path, figure: str, mark: dict[str, str]) -> tuple[float, float]:
    """The same of a process of its own."""
    import resource  # children are measured where the system can do so

    words = [word for key, value in mark.items() for word in ("--mark", f"{key}={value}")]
    command = [sys.executable, "-m", "iww_analysis", "trace", figure, *words, "--home", str(home)]
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def marks(of: Session, figure: str) -> Iterator[dict[str, str]]:
    """The mark that counts most and the one that counts least, over the questions of a figure."""
    finding = entry_of(figure).ask(of.study)
    counted = [(part, next(iter(part.question.statistics))) for part in finding.parts if len(part.numbers)]
    rows = [
        (row[count], part.question, row)
        for part, count in counted
        for row in part.numbers.to_dict("records")
        if row[count]
    ]
    for _, question, row in (max(rows, key=lambda r: r[0]), min(rows, key=lambda r: r[0])):
        yield {key: str(row[key]) for key in question.by} | {"part": question.name}


def shown(of: Session, figure: str, mark: dict[str, str]) -> list[str]:
    """What `iww trace` prints."""
    return list(trace_lines(of.trace(figure, mark), "nl"))


def framed(of: Session, figure: str, mark: dict[str, str]) -> int:
    """What `iww.trace` gives."""
    return len(of.trace(figure, mark).frame)


def run(home: Path, figures: tuple[str, ...]) -> None:
    """Print a line per mark: how many rows, then seconds by the clock / of the processor."""
    where = Home(home)
    of = open_session(where, where.sources())
    of.trace("F05", {"reason": "moved"})
    heads = ("mark", "rows", "fresh, s (CPU)", "session: first rows, s (CPU)", "session: frame of all rows, s (CPU)")
    sys.stdout.write(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n")
    for figure in figures:
        for mark in marks(of, figure):
            alone = fresh(home, figure, mark)
            rows = len(of.trace(figure, mark).rows)
            seen = measured(partial(shown, of, figure, mark))
            frame = measured(partial(framed, of, figure, mark))
            cells = [f"{wall:.1f} ({cpu:.1f})" for wall, cpu in (alone, seen, frame)]
            sys.stdout.write(f"| {figure} {' '.join(list(mark.values())[:-1])} | {rows} | {' | '.join(cells)} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve(), tuple(sys.argv[2:]) or FIGURES)
