"""Protect and attack: random sets of linked tables, sets with a weakness planted in them, invented registers of every figure.

Run: `python -m benchmarks.disclosure sets [FIRST LAST] | leaks [N] | suppress [N] | register CASES`. Prints what
benchmarks/results.md says.
"""

import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.linked import KEY, judged, leaks, linked_tables, protected, sees
from iww_analysis.analysis.answer import Answer
from iww_analysis.analysis.study import Study
from iww_analysis.disclosure.audit.verdict import VALUES, judge
from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Shown
from iww_analysis.disclosure.vector.links import linked_cells
from iww_analysis.disclosure.vector.protect import Vector, protect
from iww_analysis.disclosure.vector.suppress import suppress

HIDDEN_VALUES = 10  # that a hidden cell keeps


def told(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What work gives, and the processor seconds that it took."""
    start = time.process_time()
    return work(), time.process_time() - start


def additive(cells: LinkedCells, vector: Vector) -> bool:
    """Whether every sum holds of which all cells are shown."""
    sums = (each for each in cells.sums if all(vector.shown.get(n) is not None for n in (each.whole, *each.parts)))
    return all(vector.shown[each.whole] == sum(vector.shown[p] or 0 for p in each.parts) for each in sums)


def sets(first: int, last: int) -> None:
    """Random sets of linked tables: what was shown of them, and what an attacker is left with."""
    totals: Counter[str] = Counter()
    seconds, moves = list[float](), list[int]()
    for seed in range(first, last):
        cells = linked_tables(seed)
        vector, took = timed(partial(protected, cells))
        verdict = judged(cells, vector.shown)
        seconds.append(took)
        moves += [n - cells.counts[name] for name, n in vector.shown.items() if n is not None]
        totals += Counter(
            sets=1, cells=len(vector.shown), small=sum(cells.counts[n] < 10 for n in vector.shown), unseen=len(cells.unseen),
            short=len(verdict.short), unshown=len(verdict.unshown), hidden=len(vector.hidden),
            further=len(vector.further), not_additive=not additive(cells, vector), not_nearest=not vector.proved,
            drawn_again=bool(vector.turns),
        )  # fmt: skip
    told(f"{dict(totals)}; moved by {statistics.mean(moves):+.3f} on average, {max(map(abs, moves))} at most; CPU s a set: "
         f"median {statistics.median(seconds):.2f}, most {max(seconds):.1f}, all {sum(seconds):.0f}")  # fmt: skip


def planted(n: int) -> None:
    """Sets with a weakness: of each kind how many the audit finds."""
    found: dict[str, list[bool]] = {}
    for leak in leaks(n):
        found.setdefault(leak.kind, []).append(leak.found)
    for kind, each in found.items():
        told(f"| {kind} | {sum(each)} of {len(each)} |")


def hidden(n: int) -> None:
    """Random sets of which nothing under ten is shown."""
    totals: Counter[str] = Counter()
    for seed in range(n):
        cells = linked_tables(seed, (100, 2000))
        vector = suppress(cells, protected(cells), partial(known_hidden, cells))
        totals += Counter(
            sets=1, cells=len(vector.shown), under_ten=sum(cells.counts[name] < 10 for name in vector.shown),
            hidden=len(vector.hidden), short=len(vector.short),
        )  # fmt: skip
    told(f"{dict(totals)}")


def known_hidden(cells: LinkedCells, shown: Shown) -> tuple[Name, ...]:
    """The hidden cells of which fewer than ten values are possible."""
    unseen = [name for name, n in shown.items() if n is None]
    return judge(sees(cells, shown), values=HIDDEN_VALUES, of=unseen).falls_short


def questions_of(study: Study) -> Iterator[tuple[str, Answer, bool]]:
    """Every question that the figures of the catalogue ask of a study, and whether its counts are shown as they are."""
    from iww_analysis.figures.declaration import CATALOGUE

    for figure, entry in CATALOGUE.items():
        try:
            finding = entry.ask(study)
        except Exception as error:  # what a figure cannot ask of one register is no matter here
            told(f"{figure}: {type(error).__name__}")
            continue
        exact = entry.regime == "case_study"
        yield from ((f"{figure}.{part.question.name}", part, exact) for part in finding.parts)


def of_register(study: Study, source: str) -> None:
    """One register: all cells of all its figures, protected and attacked."""
    found, asking = timed(lambda: list(questions_of(study)))
    asked, exact = {name: answer for name, answer, _ in found}, [name for name, _, as_is in found if as_is]
    cells, linking = timed(lambda: linked_cells(asked, study.tables, exact))
    attacks: list[float] = []

    def falls_short(shown: Shown) -> tuple[Name, ...]:
        verdict, took = timed(lambda: judged(cells, shown))
        attacks.append(took)
        for name, n in list(verdict.short.items())[:10]:
            told(f"    {n} of {VALUES}: {' / '.join(name)}")
        counts = f"{len(verdict.short)} short, {len(verdict.unshown)} not shown, {verdict.programmes} programmes"
        told(f"  audit: {counts}, {took:.1f} s")
        return tuple(verdict.falls_short)

    vector, protecting = timed(lambda: protect(cells, KEY, source, falls_short))
    moves = [n - cells.counts[name] for name, n in vector.shown.items() if n is not None]
    said = {
        "cases": len(study["cases"]), "questions": len(asked), "cells": len(vector.shown),
        "under ten": sum(cells.counts[name] < 10 for name in vector.shown), "unseen": len(cells.unseen),
        "sums": len(cells.sums), "same": len(cells.same), "asked": f"{asking:.1f} s", "linked": f"{linking:.1f} s",
        "rounded": f"{protecting - sum(attacks):.1f} s", "audit": f"{sum(attacks):.1f} s", "hidden": len(vector.hidden),
        "further": len(vector.further), "short": len(vector.short), "nearest": vector.proved,
        "additive": additive(cells, vector), "moved": f"{statistics.mean(moves):+.3f}", "at most": max(map(abs, moves)),
    }  # fmt: skip
    told(f"{source}: " + ", ".join(f"{what} {n}" for what, n in said.items()))


def register(cases: int, source: str = "nijmegen") -> None:
    """An invented register of about so many cases, with every question of every figure."""
    import iww_synthetic
    from iww_analysis.commands import build
    from iww_analysis.io.disk import files
    from iww_analysis.io.disk.home import Home

    with tempfile.TemporaryDirectory() as folder:
        for path, content in iww_synthetic.sources(cases=cases).items():
            if source in path:
                files.write_bytes(Path(folder) / path, content)
        home = Home(Path(folder))
        build.ensure_built(home, [source])
        of_register(build.load(home, [source]), source)


def main(what: str, *numbers: str) -> None:
    """Measure one of the four."""
    given = [int(n) for n in numbers]
    match what:
        case "sets":
            sets(*(given or (0, 1000)))
        case "leaks":
            planted(*(given or (50,)))
        case "suppress":
            hidden(*(given or (50,)))
        case _:
            register(*given)


if __name__ == "__main__":
    main(*sys.argv[1:])
