"""Damage small valid files in every way and hold each reader to its promise: refused in a sentence, or nothing changed silently.

Run: `python -m benchmarks.mutate [--per-reader 1000] [--seed 1] [--reader xlsx] [--only 17] [--keep FOLDER]`. The same seed
gives the same damage. Prints a line per reader; exit code 1 when a reading died, hung or changed something silently.

    refused      one or more whole sentences, in both languages
    equal        read as the undamaged file
    as second    read otherwise, cell for cell as a second reader does (`readings`); of text: and each record that the damage
                 did not touch is still there
    said         read otherwise, and a message says what an undamaged file gives no cause for; of all but coded interviews,
                 whose messages count what was not read: and no row is less
    cells        the second reader makes something else of a cell; no row is less
    alone        the second reader refuses it; no row is less than in the undamaged file
    died         the process ended, or an error that is no sentence
    hung         no answer within a minute; the process was killed
    silent       fewer rows than the second reader finds, a record lost that the damage did not touch, fewer rows of a packed
                 or binary file that was cut off, or a checksum that does not hold and was not looked at: and nothing said
"""

import argparse
import contextlib
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from benchmarks import readings, seeds
from benchmarks.damage import TEXTS, ZIPPED, Case, case, delimiter_of
from benchmarks.readings import Rows

SECONDS = 60
MEMORY = 4 << 30  # bytes that a reading may take where the system can hold it to that
VERDICTS = ("refused", "equal", "as second", "said", "cells", "alone", "died", "hung", "silent")
BAD = VERDICTS[-3:]
COUNTED = (".qdpx", ".qdc")  # whose messages count what was not read


# ---- reading, in a process that may die ---------------------------------------------------------------------------------


class Refused(NamedTuple):
    """The sentences of a refusal, in both languages."""

    sentences: list[str]


class Read(NamedTuple):
    """What was read and what was said of it."""

    rows: Rows
    said: list[str]


class Failed(NamedTuple):
    """Why there is no answer: the last line of a traceback, or what became of the process."""

    why: str
    verdict: str = "died"


Answer = Refused | Read | Failed


def _serve(wire: Connection) -> None:
    """Answer questions until there are none: read a file by the project's own reader, or by another."""
    with contextlib.suppress(ImportError):  # no such limit on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        own, file, content, delimiter = wire.recv()
        try:
            wire.send(_read(file, content) if own else Read(readings.second(file, content, delimiter), []))
        except Exception:
            wire.send(Failed(traceback.format_exc(limit=-2)))


def _read(file: str, content: bytes) -> Answer:
    from iww_analysis.io.delivered_files import read_sheets
    from iww_analysis.messages.errors import IwwError

    try:
        sheets = read_sheets(Path(file), content)
        rows = {sheet.name: readings.filled(sheet.cells.to_numpy().tolist()) for sheet in sheets}
    except IwwError as error:
        return Refused([line for lang in ("nl", "en") for line in error.say(lang).split("\n")])
    return Read(rows, [message.say("nl") for sheet in sheets for message in sheet.notes])


class Worker:
    """A process that reads, and is replaced when it dies or hangs."""

    def __init__(self) -> None:
        """Start the process."""
        self.start()

    def start(self) -> None:
        """Start a process in the place of one that is gone."""
        context = get_context("spawn")
        self.wire, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,))
        self.process.start()
        theirs.close()

    def ask(self, own: bool, file: str, content: bytes, delimiter: str = "") -> Answer:
        """Read a file; a process that does not answer is killed."""
        try:
            self.wire.send((own, file, content, delimiter))
            if self.wire.poll(SECONDS):
                return self.wire.recv()  # type: ignore[no-any-return]
            failed = Failed(f"no answer within {SECONDS} s", "hung")
        except (EOFError, OSError):
            self.process.join(5)
            failed = Failed(f"the process ended with {self.process.exitcode}")
        self.stop()
        self.start()
        return failed

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.wire.close()


# ---- verdict ------------------------------------------------------------------------------------------------------------


def judge(one: Case, was: Read, now: Answer, second: Callable[[], Answer]) -> str:
    """Say what became of a damaged file: one of VERDICTS."""
    if isinstance(now, Failed):
        return now.verdict
    if isinstance(now, Refused):
        return "refused" if all(map(_is_whole, now.sentences)) else "died"
    if now.rows == was.rows:
        return "equal"
    verdict = _unlike(one, was, now, second)
    if not _kinds(now.said) - _kinds(was.said) or verdict == "as second":
        return verdict
    return "said" if verdict != "silent" or _whole_or_counted(one, now, second) else verdict


def _whole_or_counted(one: Case, now: Read, second: Callable[[], Answer]) -> bool:
    """Say whether no record of a text is less, though one reads otherwise; or whether the message counts what is less."""
    suffix = Path(one.file).suffix
    if suffix not in TEXTS:
        return suffix in COUNTED
    other = second()
    return isinstance(other, Read) and readings.complete(now.rows, other.rows)


def _kinds(said: list[str]) -> set[str]:
    return {re.sub(r"\d+", "#", sentence) for sentence in said}


def _unlike(one: Case, was: Read, now: Read, second: Callable[[], Answer]) -> str:
    if one.untouched - Counter(tuple(cells) for rows in now.rows.values() for cells in rows.values()):
        return "silent"
    return _beside_second(one, was, now, second())


def _beside_second(one: Case, was: Read, now: Read, other: Answer) -> str:
    less = not readings.complete(now.rows, was.rows)
    packed = Path(one.file).suffix in ZIPPED
    if not isinstance(other, Read):
        return "silent" if less or (packed and not one.inside) else "alone"
    if less and one.damage.kind == "cut off" and Path(one.file).suffix not in TEXTS:
        return "silent"
    if readings.same(now.rows, other.rows):
        return "as second"
    return "cells" if readings.complete(now.rows, other.rows) else "silent"


def _is_whole(sentence: str) -> bool:
    """A place or a capital, a finding, and after it what to do."""
    return bool(re.fullmatch(r"(bestand|file|[A-Z])[^{}]*[.)’?] [^{}]+[.)]", sentence))


class Outcome(NamedTuple):
    """A verdict on one damaged file."""

    number: int
    verdict: str
    told: str
    why: str


def run(reader: str, per_reader: int, seed: int, jobs: int, numbers: range | None = None) -> list[Outcome]:
    """Judge the damaged files of one reader, in order of their number."""
    parts = [(numbers or range(per_reader))[n::jobs] for n in range(jobs)]
    with ThreadPoolExecutor(jobs) as pool:
        return sorted(outcome for found in pool.map(lambda part: _run(reader, seed, part), parts) for outcome in found)


def _run(reader: str, seed: int, numbers: range) -> list[Outcome]:
    worker = Worker()
    try:
        return list(judged(worker, reader, seed, numbers))
    finally:
        worker.stop()


def judged(worker: Worker, reader: str, seed: int, numbers: Sequence[int]) -> Iterator[Outcome]:
    """Judge the damaged files of these numbers."""
    whole: dict[tuple[str, bytes], Answer] = {}
    for number in numbers:
        one = case(reader, seed, number)
        known = (one.file, one.original)
        was = whole[known] = whole.get(known) or worker.ask(True, *known)
        if not isinstance(was, Read):
            raise SystemExit(f"{reader}: the undamaged {one.file} is not read: {was}")
        content = one.damage.content
        now = worker.ask(True, one.file, content)
        separator = delimiter_of(one.original) if Path(one.file).suffix in TEXTS else ""
        verdict = judge(one, was, now, lambda c=content, f=one.file, s=separator: worker.ask(False, f, c, s))  # type: ignore[misc]
        yield Outcome(number, verdict, one.told, now.why if isinstance(now, Failed) else "")


@cache
def missing() -> Mapping[str, str]:
    """Name the readers for which a second reader is not installed."""
    try:
        import xlrd  # noqa: F401
    except ImportError:
        return {"xls": "xlrd is not installed: its rows are held against the undamaged file only"}
    return {}


def main() -> None:
    """Judge every reader and print what became of the damaged files."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--per-reader", type=int, default=1000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--reader", choices=seeds.SEEDS)
    ask.add_argument("--only", type=int, help="only the damaged file of this number")
    ask.add_argument("--keep", type=Path, help="where to keep the files that a reader did not do well on")
    ask.add_argument("--show", nargs="*", default=BAD, help="verdicts of which each file is named")
    ask.add_argument("--jobs", type=int, default=2)
    told = ask.parse_args()
    sys.stdout.write(f"| reader | files | {' | '.join(VERDICTS)} |\n|---|{'---|' * (len(VERDICTS) + 1)}\n")
    notes, bad = [], 0
    for reader in [told.reader] if told.reader else seeds.SEEDS:
        numbers = None if told.only is None else range(told.only, told.only + 1)
        outcomes = run(reader, told.per_reader, told.seed, told.jobs if numbers is None else 1, numbers)
        counts = Counter(outcome.verdict for outcome in outcomes)
        bad += sum(counts[verdict] for verdict in BAD)
        sys.stdout.write(f"| {reader} | {len(outcomes)} | {' | '.join(str(counts[v]) for v in VERDICTS)} |\n")
        sys.stdout.flush()
        notes += [missing()[reader]] if reader in missing() else []
        for outcome in outcomes:
            if outcome.verdict in told.show:
                notes.append(f"{reader} {outcome.number} {outcome.verdict}: {outcome.told} {outcome.why.strip()}")
                if told.keep:
                    one = case(reader, told.seed, outcome.number)
                    told.keep.mkdir(parents=True, exist_ok=True)
                    name = f"{reader} {outcome.number} {one.file}".replace(" ", "-")
                    (told.keep / name).write_bytes(one.damage.content)
    sys.stdout.write("\n".join(["", *notes, ""]))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
