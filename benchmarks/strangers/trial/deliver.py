"""Take a stranger's files through the library as an analyst would: add, the form, check, build; in a home of its own."""

import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from benchmarks.strangers.book.files import write
from benchmarks.strangers.book.model import Stranger
from benchmarks.strangers.trial.form import MANY_ROUNDS, Filled, fill
from iww_analysis.commands import add, build, check
from iww_analysis.commands.report import report as make_report
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Message


@dataclass
class Outcome:
    """What came of it: the tables, what was said, the answers, and where it stopped if it did."""

    stranger: Stranger
    filled: Filled
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    said: list[Message] = field(default_factory=list)
    open_questions: list[str] = field(default_factory=list)
    stopped: str = ""
    crashed: str = ""
    crosswalk: str = ""
    receipts: dict[str, bytes] = field(default_factory=dict)  # of the report, where one was made


def deliver(stranger: Stranger, folder: Path | None = None, *, whole: bool = False, report: bool = False) -> Outcome:
    """Add every delivery with its form, and build; `folder`: where the home stays to be looked at.

    `whole`: with `check`, which asks every figure's question and takes as long as all the rest. `report`: with a report.
    """
    with tempfile.TemporaryDirectory() as there:
        home = Home(folder or Path(there))
        home.raw.mkdir(parents=True, exist_ok=True)
        outcome = Outcome(stranger, Filled())
        try:
            _add(home, outcome)
            outcome.said += check.check(home, [stranger.source]) if whole else []
            built = build.build_and_store(home, stranger.source)
            outcome.said += [*built.messages, *built.notices]
            if report:
                made = make_report(home, [stranger.source], stranger.source)
                outcome.said += [*made.messages, *made.stopped]
                outcome.receipts = {
                    name: content for name, content in made.files.items() if name.startswith("receipts/")
                }
            outcome.tables = {name: _read(frame) for name, frame in built.tables.items()}
        except IwwError as error:
            outcome.stopped = " | ".join(message.say("nl") for message in error.messages)
            outcome.said += error.messages
        except Exception:  # a crash is what is looked for
            outcome.crashed = traceback.format_exc()
        outcome.crashed = outcome.crashed or next(
            (m.say("nl") for m in outcome.said if m.code.startswith("unexpected")), ""
        )
        path = home.crosswalk(stranger.source)
        outcome.crosswalk = path.read_text("utf-8") if path.exists() else ""
        return outcome


def _add(home: Home, outcome: Outcome) -> None:
    stranger = outcome.stranger
    for delivery in stranger.deliveries:
        with tempfile.TemporaryDirectory() as desk:
            paths = write(Path(desk), delivery)
            added = add.add(home, stranger.source, paths, delivery.received, yes=True)
        outcome.said = [*added.messages, *added.notes]
        _say_synthetic(home, stranger.source)
        for _ in range(MANY_ROUNDS):
            if not added.form or not fill(added.form, stranger, outcome.filled):
                break
            added = add.take_in(home, stranger.source, added.form)
            outcome.said = [
                *added.messages,
                *added.notes,
            ]  # of everything anew: what it does not say any more is settled
        lines = home.crosswalk(stranger.source).read_text("utf-8").splitlines()
        outcome.open_questions = [line for line in lines if '"?"' in line and not line.startswith("#")]


def _say_synthetic(home: Home, source: str) -> None:
    """Everything here is invented, and the card alone says so."""
    for card in home.raw.glob(f"{source}/*/origin.toml"):
        card.write_text(card.read_text("utf-8").replace("synthetic = false", "synthetic = true"), "utf-8")


def _read(table: object) -> pd.DataFrame:
    return table.to_pandas() if hasattr(table, "to_pandas") else pd.DataFrame(table)
