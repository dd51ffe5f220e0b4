"""Alter a report in ways small and careful, and see whether `iww verify` names each: python -m benchmarks.tamper [N [SEED]].

A *single* tamper changes one thing and no hash: it must be named by the file it is in. A *careful* one changes a number, a
picture, a table or a raw file and makes every hash fit again: it must be named by the recount or by making the report anew.
What was made anew is computed once; where a careful tamper touches raw files or a crosswalk, the tables are built again.
"""

import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import iww_synthetic
from benchmarks.forging import CAREFUL, INPUT, rehashed
from benchmarks.spoiling import SINGLE, Changes, Tree
from iww_analysis.commands import build, report
from iww_analysis.commands.report import state
from iww_analysis.commands.verify import evidence_of, make_anew, verify
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import LEDGER, Home
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.io.processed.inputs import inputs_hash
from iww_analysis.messages.errors import IwwError
from iww_analysis.report.manifest import Request
from iww_analysis.verify import hashes, made_anew
from iww_analysis.verify.checks import NAMES as RECOUNTED
from iww_analysis.verify.evidence import Remade
from iww_analysis.verify.outcome import Verified

SOURCES = ("elburg", "samen-aan-zet-interviews")  # a register and a case study
NAME, STUDY, CASES = "proef", "saz", 160
HASHES = {"manifest", "files", "crosswalks", "raw", "processed", "cards", "pages", "receipts", "inside", "root"}
FINISHED = {"badges", "marks", "measures", "numbers", "public", "receipts_alike", "tables", "page", "notebooks", "review",
            "finished"}  # fmt: skip
_CELLS = {
    "20-cases-compared": 'import iww_analysis as iww\n\niww.charts.draw("F05", iww.load(*sources), lang=lang, internal=internal)'
}


class Outcome(NamedTuple):
    """What became of one tamper: how it was done, in which files, which checks name one of these, and which found something."""

    kind: str
    files: tuple[str, ...]
    named_by: frozenset[str]
    found_by: frozenset[str]


# ---- the report that is altered -----------------------------------------------------------------------------------------


def made_home(folder: Path) -> Home:
    """Make a home with two small invented sources, short notebooks and a finished report."""
    home = Home(folder)
    for path, content in iww_synthetic.sources(cases=CASES).items():
        if any(f"/{source}" in path for source in SOURCES):
            files.write_bytes(folder / path, content)
    for stem in state.NOTEBOOKS:
        files.write_json(folder / "notebooks" / f"{stem}.ipynb", _notebook(stem, _CELLS.get(stem)))
    report.write(home, report.report(home, SOURCES, NAME, study_id=STUDY))
    return home


def _notebook(stem: str, code: str | None) -> Mapping[str, object]:
    """A notebook with its name, or with its parameters and one cell of code: a whole suite would take a minute a report."""
    sources = [f'# {stem}\nsources = ()\nlang = "nl"\ninternal = False', code] if code else []
    cells = [{"cell_type": "code", "id": f"cell{n}", "metadata": {} if n else {"tags": ["parameters"]}, "source": source,
              "outputs": [], "execution_count": None} for n, source in enumerate(sources)]  # fmt: skip
    cells = cells or [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": stem}]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def truth_of(home: Home) -> Remade:
    """Make the tables and the report anew, once."""
    return make_anew(home, NAME)


def as_it_lies(home: Home) -> Remade:
    """The same without making it again, for the sample in the tests: that it comes out the same is tested elsewhere."""
    there = dict(LazyFiles.of_report(home, NAME))
    tables = {source: {path.name: path.read_bytes() for path in home.processed(source).iterdir()} for source in SOURCES}
    return Remade(tables, there)


# ---- tampers --------------------------------------------------------------------------------------------------------------


def single(home: Home, truth: Remade, seed: int, number: int) -> Outcome:
    """One change, no hash made to fit: `iww verify` names it by its first check, the hashes, and only these are asked.

    Of the manifest, which no hash holds, all of `iww verify` is asked.
    """
    tree, kind = Tree(home, NAME), list(SINGLE)[number % len(SINGLE)]
    changes = SINGLE[kind](tree, random.Random(f"single {seed} {number}"))
    with changed(tree, changes):
        whole = any(path.endswith("manifest.json") for path in changes)
        found = (
            verify(home, NAME, remade=truth) if whole else Verified(NAME, tuple(hashes.check(evidence_of(home, NAME))))
        )
        return _outcome(kind, changes, found)


def careful(home: Home, truth: Remade, seed: int, number: int) -> Outcome:
    """One number, picture, table or file, and every hash that follows from it."""
    tree, kind = Tree(home, NAME), list(CAREFUL)[number % len(CAREFUL)]
    forged = CAREFUL[kind](tree, random.Random(f"careful {seed} {number}"))
    changes, made = rehashed(tree, forged), truth
    if any(path.startswith(INPUT) for path in forged):
        with changed(tree, changes):
            new = _over_several(home)
        changes = rehashed(tree, forged, dict(zip(_over_several(home), new, strict=True)))
        with changed(tree, changes):
            made = _built_again(home, truth)
    with changed(tree, changes):
        return _outcome(kind, forged, verify(home, NAME, remade=made))


def _built_again(home: Home, truth: Remade) -> Remade:
    """The tables as they come out of altered raw files; what keeps them from being built is told too."""
    processed, stopped = dict(truth.processed), list(truth.stopped)
    for source in SOURCES:
        inputs = files.read_json(home.processed(source) / LEDGER)["inputs"]
        try:
            processed[source] = dict(build.contents(home, source, build.build(home, source), inputs))
        except IwwError as error:
            stopped += error.messages
    return replace(truth, processed=processed, stopped=tuple(stopped))


def _over_several(home: Home) -> list[str]:
    """The hashes over several files: of what each source was built from, and of all that the report was made from."""
    hashes = [inputs_hash(home, source) for source in SOURCES]
    return [*hashes, state.key_of(home, Request(NAME, SOURCES, STUDY))]


@contextmanager
def changed(tree: Tree, changes: Changes) -> Iterator[None]:
    """Put altered files in their place, and back as they were at the end."""
    try:
        _put(tree.home, changes)
        yield
    finally:
        _put(tree.home, {path: tree.files.get(path) for path in changes})


def _put(home: Home, contents: Changes) -> None:
    for path, content in contents.items():
        if content is None:
            (home.path / path).unlink(missing_ok=True)
        else:
            (home.path / path).write_bytes(content)


def _outcome(kind: str, altered: Mapping[str, object], found: Verified) -> Outcome:
    """Which checks found something, and whether one of them names a file that was altered."""
    by = {
        check.name: " ".join(message.say("nl") for message in check.findings)
        for check in found.checks
        if check.findings
    }
    named = frozenset(name for name, said in by.items() if any(_names(said, path) for path in altered))
    return Outcome(kind, tuple(altered), named, frozenset(by))


def _names(said: str, path: str) -> bool:
    """Whether a sentence names a file: by its path in the report or from home, or, of raw files, a table of that source."""
    within = path.removeprefix(f"reports/{NAME}/").replace(f"data/receipts/{NAME}/", "receipts/")
    parts = path.split("/")
    source = PurePosixPath(parts[2]).stem if path.startswith(INPUT) else ""
    return within in said or bool(source and f"data/processed/{source}/" in said)


# ---- as a command ---------------------------------------------------------------------------------------------------------


def is_named(outcome: Outcome, *, by_recount: bool) -> bool:
    """Whether a tamper was named; a careful one must be by the recount or the making anew, as no hash shows it."""
    return bool(outcome.named_by & {*RECOUNTED}) if by_recount else bool(outcome.named_by)


def main(n: int = 200, seed: int = 1) -> int:
    """Alter a report in n single ways and n / 4 careful ones, and print what became of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        home = made_home(Path(folder))
        truth = truth_of(home)
        if truth.skipped:  # as when the library was edited in the meantime
            raise SystemExit(f"the report could not be made anew: {truth.skipped}")
        untouched = verify(home, NAME, remade=truth)
        held = sum(check.n for check in untouched.checks)
        sys.stdout.write(f"untouched: {held} things held, {'all hold' if untouched.ok else 'NOT ALL HOLD'}\n\n")
        ones = [_told(single(home, truth, seed, number)) for number in range(n)]
        twos = [_told(careful(home, truth, seed, number)) for number in range(n // 4)]
    lines = [*_table("single", ones, by_recount=False), "", *_table("careful", twos, by_recount=True)]
    missed = [one for one in ones if not is_named(one, by_recount=False)]
    missed += [two for two in twos if not is_named(two, by_recount=True)]
    lines += [
        f"NOT NAMED {each.kind}: {', '.join(each.files)}; found by {', '.join(sorted(each.found_by))}"
        for each in missed
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if untouched.ok and not missed else 1


def _told(outcome: Outcome) -> Outcome:
    """Show that the work goes on."""
    sys.stderr.write(f"{outcome.kind}: {', '.join(sorted(outcome.named_by)) or 'NOT NAMED'}\n")
    return outcome


def _table(title: str, outcomes: Sequence[Outcome], *, by_recount: bool) -> Iterator[str]:
    """Per kind how many there were, how many were named, and how many each group of checks found by itself."""
    recount = {*RECOUNTED} - {*made_anew.NAMES}
    groups = {"hashes": HASHES, "as finished": FINISHED, "recount": recount, "made anew": {*made_anew.NAMES}}
    yield f"| {title} | n | named | {' | '.join(groups)} |"
    yield "|---|---|---|" + "---|" * len(groups)
    for kind in [*dict.fromkeys(outcome.kind for outcome in outcomes), "all"]:
        mine = [outcome for outcome in outcomes if kind in (outcome.kind, "all")]
        named = sum(is_named(outcome, by_recount=by_recount) for outcome in mine)
        counts = [sum(bool(outcome.found_by & names) for outcome in mine) for names in groups.values()]
        yield f"| {kind} | {len(mine)} | {named} | {' | '.join(map(str, counts))} |"


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
