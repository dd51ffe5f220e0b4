"""Add a delivery, or the answers of a form, and say what came of it."""

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from iww_analysis.commands.add.answers import ask_again, take_in
from iww_analysis.commands.add.delivery import add, propose_anew
from iww_analysis.commands.add.source_files import Added
from iww_analysis.crosswalk.ask.open_question import COLUMNS, OpenQuestion
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.console import ACT, OK, Console, records, table_text
from iww_analysis.messages.errors import Lang
from iww_analysis.messages.sentences import say

__all__ = ["Added", "add", "ask_again", "propose_anew", "run", "take_in"]


def run(
    home: Home, console: Console, *, source: str, paths: Sequence[Path], received: dt.date | None, yes: bool, form: Path | None
) -> int:  # fmt: skip
    """Take in a delivery, the answers of a form, or both, and say what came of it; gives the exit code.

    Without either, what is open in a source that is there is asked again.
    """
    done = []

    def ask_on_terminal(question: OpenQuestion) -> str:
        return console.ask(question.say(console.lang), question.default)

    asks = None if yes or form or console.as_json or not sys.stdin.isatty() else ask_on_terminal
    if paths:
        day = received or dt.date.today()  # noqa: DTZ011 - the only clock, and said
        if not received:
            console.say("received_today", day=day.isoformat())
        done.append(add(home, source, paths, day, yes=yes, ask=asks, lang=console.lang))
    elif not form:
        done.append(ask_again(home, source, asks, lang=console.lang))
    if form:
        done.append(take_in(home, source, form, lang=console.lang))
    last = done[-1]
    messages = [message for added in done for message in added.messages]
    every = [*(message for added in done for message in added.notes), *messages]
    console.write(_guesses(last.guesses, console.lang))
    console.messages(every)
    if form:
        console.say("answered", n=last.n_taken)
    console.say("added", source=source, open=last.n_open, crosswalk=home.crosswalk(source).name)
    console.say("first_rows_written", page=last.page)
    if last.form:
        console.say("form_written" if last.n_open else "card_in_form", form=last.form, source=source)
    to_do = last.n_open or any(message.code != "form_late" for message in messages)
    console.give({"ok": not to_do, "source": source, "open": last.n_open, "taken": last.n_taken, "form": str(last.form or ""),
                  "page": str(last.page), "guesses": records(last.guesses), "messages": console.documents(every)})  # fmt: skip
    return ACT if to_do else OK


def _guesses(frame: pd.DataFrame, lang: Lang) -> str:
    """What was guessed as a table per sheet, under headings in words."""
    heads = dict(zip(COLUMNS[2:], say("guess_heads", lang).split("|"), strict=True))
    return "\n\n".join(
        f"{file}  {sheet}".rstrip() + "\n" + table_text(part[list(heads)].rename(columns=heads))
        for (file, sheet), part in frame.groupby(["file", "sheet"], sort=False)
    )
