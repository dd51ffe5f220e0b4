"""Speak to a person or a program: in two languages, as text or as JSON; a failure is a sentence, never a traceback."""

import io
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from iww_analysis.crosswalk.ask.consultation import COLUMNS
from iww_analysis.io.disk import files, locks
from iww_analysis.io.disk.home import Home, find
from iww_analysis.messages.errors import IwwError, Lang, Message
from iww_analysis.messages.render import say

OK, ACT, MISUSED = 0, 1, 2
MISUSE = {
    "figure_unknown", "mark_unknown", "mark_key", "source_unknown", "source_name", "nothing_to_add", "no_home",
    "study_unknown", "report_name", "report_unknown", "template_unknown",
}  # fmt: skip


@dataclass
class Voice:
    """How a command speaks: in which language, as text or as JSON."""

    lang: Lang
    as_json: bool

    def tell(self, text: str) -> None:
        """Say something to a person."""
        if not self.as_json:
            Console(highlight=False, soft_wrap=True).print(text, markup=False)

    def give(self, document: dict[str, Any]) -> None:
        """Give the machine-readable outcome."""
        if self.as_json:
            sys.stdout.write(files.as_json(document))

    def messages(self, messages: Sequence[Message]) -> None:
        """Say messages, one on a line."""
        for message in messages:
            self.tell(message.say(self.lang))

    def told(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        """Give messages as JSON holds them."""
        return [{"code": m.code, "file": m.place.file, "sheet": m.place.sheet, "row": m.place.row, "column": m.place.column,
                 "text": m.say(self.lang)} for m in messages]  # fmt: skip

    def guesses(self, frame: pd.DataFrame) -> str:
        """Give what was guessed as a table per sheet, under headings in words."""
        heads = dict(zip(COLUMNS[2:], say("guess_heads", self.lang).split("|"), strict=True))
        parts = [
            f"{file}  {sheet}".rstrip() + "\n" + table(part[list(heads)].rename(columns=heads))
            for (file, sheet), part in frame.groupby(["file", "sheet"], sort=False)
        ]
        return "\n\n".join(parts)

    def busy(self, what: str) -> Progress:
        """Show that something is going on, on a terminal only."""
        progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True
        )
        progress.add_task(say(what, self.lang))
        return progress


def run(work: Callable[[Home, Voice], int], home: Path | None, lang: str, as_json: bool) -> None:
    """Run a command's work; a failure is said in a sentence, never as a traceback."""
    if lang not in ("nl", "en"):
        raise typer.BadParameter("nl | en", param_hint="--lang")
    voice = Voice(lang, as_json)  # type: ignore[arg-type]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe or file of another encoding takes what it can
            stream.reconfigure(encoding="utf-8" if as_json else None, errors="replace")
    try:
        there = find(home)
        locks.sweep(there)
        code = work(there, voice)
    except IwwError as error:
        voice.messages(error.messages)
        voice.give({"ok": False, "messages": voice.told(error.messages)})
        code = MISUSED if {message.code for message in error.messages} <= MISUSE else ACT
    except typer.BadParameter:
        raise
    except Exception as error:  # a traceback can print what a cell held
        voice.messages([said := _unexpected(error)])
        voice.give({"ok": False, "messages": voice.told([said])})
        code = ACT
    raise typer.Exit(code)


def _unexpected(error: Exception) -> Message:
    """Say where something unforeseen happened, and of what kind; never the error's own words."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "iww_analysis" in frame.filename][-1]
    where = f"{Path(own.filename).name}:{own.lineno}"
    return Message("unexpected", words={"kind": type(error).__name__, "where": where})


def table(frame: pd.DataFrame) -> str:
    """Give a table as text."""
    return frame.to_string(index=False, na_rep="") if len(frame) else "–"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a table as JSON holds it."""
    return list(json.loads(frame.to_json(orient="records", date_format="iso")))
