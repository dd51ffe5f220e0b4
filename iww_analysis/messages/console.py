"""Speak to a person or a program on the command line: in two languages, as text or as JSON."""

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.messages.sentences import say

if TYPE_CHECKING:
    import pandas as pd

OK, ACT, MISUSED = 0, 1, 2  # how a command ends: done, something is to be done, not understood


@dataclass(frozen=True)
class Console:
    """How a command speaks: in which language, as text or as JSON."""

    lang: Lang
    as_json: bool

    def write(self, text: str) -> None:
        """Write text for a person."""
        if not self.as_json:
            sys.stdout.write(f"{text}\n")

    def say(self, code: str, **words: object) -> None:
        """Write a sentence of `commands.toml` for a person."""
        self.write(say(code, self.lang, **words))

    def messages(self, messages: Sequence[Message]) -> None:
        """Write messages for a person, one on a line."""
        for message in messages:
            self.write(message.say(self.lang))

    def messages_by_sheet(self, messages: Sequence[Message]) -> None:
        """Write messages for a person: a sheet of which there are several is named once, above them."""
        for (file, sheet), group in groupby(messages, key=lambda message: (message.place.file, message.place.sheet)):
            of_sheet = list(group)
            above = Place(file, sheet).say(self.lang) if len(of_sheet) > 1 else ""
            if above:
                self.write(f"{above}:")
                of_sheet = [replace(m, place=replace(m.place, file=None, sheet=None)) for m in of_sheet]
            for message in of_sheet:
                self.write(f"  {message.say(self.lang)}" if above else message.say(self.lang))

    def give(self, document: dict[str, Any]) -> None:
        """Give the machine-readable outcome."""
        if self.as_json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")

    def documents(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        """Give messages as JSON holds them."""
        return [{"code": m.code, **vars(m.place), "text": m.say(self.lang)} for m in messages]

    def ask(self, question: str, default: str) -> str:
        """Ask a person something on the terminal."""
        import typer

        return str(typer.prompt(question, default=default))

    def confirm(self, question: str) -> bool:
        """Ask a person on the terminal whether to go on."""
        import typer

        return bool(typer.confirm(question, default=False))

    def confirmed(self) -> bool:
        """Whether a person says that what was shown is to be done; where nobody sits at a terminal nobody does."""
        return not self.as_json and sys.stdin.isatty() and self.confirm(say("confirm", self.lang))

    def busy(self, code: str) -> AbstractContextManager[object]:
        """Show that something is going on, on a terminal only."""
        from rich.console import Console as Terminal
        from rich.progress import Progress, SpinnerColumn, TextColumn

        terminal = Terminal(stderr=True)
        progress = Progress(SpinnerColumn(), TextColumn("{task.description}"), console=terminal, transient=True)
        progress.add_task(say(code, self.lang))
        return progress


def table_text(frame: "pd.DataFrame") -> str:
    """Give a table as text."""
    return frame.to_string(index=False, na_rep="") if len(frame) else "–"


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Give a table as JSON holds it."""
    return list(json.loads(frame.to_json(orient="records", date_format="iso")))
