"""Damaged files, a sample of `python -m benchmarks.mutate`: a reader never dies, never hangs and never loses a row in silence."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import damage, mutate, readings, seeds
from benchmarks.damage import Case, Damage
from benchmarks.mutate import Failed, Read, Refused, Worker

SAMPLE = 10
WHOLE = Read({"": {1: ["nr", "naam"], 2: ["1", "a"], 3: ["2", "b"]}}, [])


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One process that reads for all these tests."""
    started = Worker()
    yield started
    started.stop()


@pytest.mark.parametrize("reader", seeds.SEEDS)
def test_an_undamaged_file_is_read_as_a_second_reader_reads_it(reader: str, worker: Worker) -> None:
    if reader in mutate.missing():
        pytest.skip(mutate.missing()[reader])
    for file, content in seeds.SEEDS[reader]:
        ours = worker.ask(True, file, content)
        separator = damage.delimiter_of(content) if Path(file).suffix in damage.TEXTS else ""
        theirs = worker.ask(False, file, content, separator)
        assert isinstance(ours, Read), ours
        assert isinstance(theirs, Read), theirs
        assert readings.same(ours.rows, theirs.rows), file
        assert max(map(len, ours.rows.values())) > 4


@pytest.mark.parametrize("reader", seeds.SEEDS)
def test_damage_is_refused_or_nothing_changes_in_silence(reader: str, worker: Worker) -> None:
    outcomes = list(mutate.judged(worker, reader, 1, range(SAMPLE)))
    assert len(outcomes) == SAMPLE
    assert [outcome for outcome in outcomes if outcome.verdict in mutate.BAD] == []


def test_the_same_seed_gives_the_same_damage() -> None:
    for reader in seeds.SEEDS:
        assert [damage.case(reader, 7, n).damage for n in range(6)] == [
            damage.case(reader, 7, n).damage for n in range(6)
        ]
        assert damage.case(reader, 7, 0).damage != damage.case(reader, 8, 0).damage
    kinds = Counter(damage.case("csv", 1, n).damage.kind.split()[0] for n in range(120))
    assert set(kinds) == {"cut", "flip", "overwrite", "duplicate", "delete", "nul"}


def test_a_process_that_ends_or_does_not_answer_is_told_and_replaced(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, content = seeds.SEEDS["csv"][0]
    worker.process.kill()
    ended = worker.ask(True, file, content)
    assert isinstance(ended, Failed)
    assert ended.verdict == "died"
    monkeypatch.setattr(mutate, "SECONDS", 0)
    late = worker.ask(True, file, content)
    assert isinstance(late, Failed)
    assert late.verdict == "hung"
    monkeypatch.undo()
    assert isinstance(worker.ask(True, file, content), Read)


def damaged(file: str, kind: str = "flip 1", inside: str = "", start: int = 15, end: int = 16) -> Case:
    return Case(file, b"nr;naam\n1;a\n2;b\n", Damage(b"", kind, start, end), inside)


def less(*gone: int) -> Read:
    return Read({"": {n: cells for n, cells in WHOLE.rows[""].items() if n not in gone}}, [])


def test_what_each_verdict_means() -> None:
    other = Read({"": {**WHOLE.rows[""], 3: ["2", "c"]}}, [])
    strange = Read({"": {**WHOLE.rows[""], 2: ["1", "Ã"]}}, [])
    refused = Refused(["bestand a.csv: het bestand is leeg. Vraag de leverancier om een nieuwe export."])
    table = [
        (damaged("a.csv"), WHOLE, WHOLE, "equal"),
        (damaged("a.csv"), refused, WHOLE, "refused"),
        (damaged("a.csv"), Refused(["KeyError"]), WHOLE, "died"),
        (damaged("a.csv"), Failed("no answer", "hung"), WHOLE, "hung"),
        (damaged("a.csv"), other, other, "as second"),
        (damaged("a.csv"), less(2), less(2), "silent"),  # the last record was damaged, not the one that is gone
        (damaged("a.csv"), less(3), less(3), "as second"),
        (damaged("a.csv"), less(3)._replace(said=["1 sign is damaged. Look."]), WHOLE, "silent"),
        (damaged("a.csv"), other._replace(said=["1 sign is damaged. Look."]), WHOLE, "said"),
        (damaged("a.csv"), strange._replace(said=["1 sign is damaged. Look."]), WHOLE, "said"),
        (damaged("a.csv"), strange, WHOLE, "silent"),  # a record reads otherwise that the damage did not touch
        (damaged("a.qdc"), less(3)._replace(said=["1 code is not read. Look."]), WHOLE, "said"),
        (damaged("a.sav"), less(3)._replace(said=["1 value is missing. Look."]), WHOLE, "silent"),
        (damaged("a.sav", "cut off"), less(3), less(3), "silent"),  # a binary file knows how long it is
        (damaged("a.sav"), other, Failed("will not"), "alone"),
        (damaged("a.sav"), less(3), Failed("will not"), "silent"),
        (damaged("a.xlsx"), other, Failed("bad checksum"), "silent"),
        (damaged("a.xlsx", inside="styles.xml"), other, Failed("will not"), "alone"),
        (damaged("a.xlsx", inside="styles.xml"), other, WHOLE, "cells"),
        (damaged("a.xlsx", inside="sheet1.xml"), less(3), WHOLE, "silent"),
    ]
    for number, (case, now, second, verdict) in enumerate(table):
        assert (number, mutate.judge(case, WHOLE, now, lambda answer=second: answer)) == (number, verdict)  # type: ignore[misc]
