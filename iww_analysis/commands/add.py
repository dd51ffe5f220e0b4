"""Add a delivery: keep the files as they came, say where they come from, and propose the crosswalk; take in answers."""

import datetime as dt
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pandas as pd

from iww_analysis.commands import build
from iww_analysis.crosswalk.ask.add_sheets import GrowingCrosswalk
from iww_analysis.crosswalk.ask.open_question import COLUMNS, Ask, Consultation, OpenQuestion
from iww_analysis.crosswalk.ask.origin_card import (
    MEANT,
    ask_origin,
    days_of_files,
    first_lines,
    overlap_question,
    replaces_question,
)
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk
from iww_analysis.crosswalk.forms.question_form import FormAnswer, question_form, read_answers
from iww_analysis.crosswalk.parse import parse
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.write import CrosswalkFile, OriginFile, TomlLine
from iww_analysis.io import delivered_files
from iww_analysis.io.disk import files, folders, locks, logbook
from iww_analysis.io.disk.home import ORIGIN, Home, chosen, names_in, read_origin
from iww_analysis.io.formats.write_workbook import saved
from iww_analysis.messages.console import ACT, OK, Console, records, table_text
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, during, fail
from iww_analysis.messages.sentences import say
from iww_analysis.tables.raw_sheet import RawSheet

RESERVED = (ORIGIN, "plan.json")  # plan.json: the true answers beside a synthetic source


@dataclass(frozen=True)
class Added:
    """What was added. `guesses`: one row per sheet, heading and unknown word: what it was taken for, how surely and why.

    `n_open`: questions that the crosswalk still asks, and the municipality where nobody knows it. `form`: where these
    and what else only people know can be answered in Excel; None when nothing is left to ask. `n_taken`: answers that
    were taken in. `notes`: how the files were read, as far as a person should know.
    """

    folder: Path
    crosswalk: Path
    guesses: pd.DataFrame
    messages: tuple[Message, ...]
    n_open: int
    form: Path | None = None
    n_taken: int = 0
    notes: tuple[Message, ...] = ()


def add(
    home: Home, source: str, paths: Sequence[Path], received: dt.date, *, yes: bool = False, ask: Ask | None = None,
    municipality: str = "", extraction_date: dt.date | None = None, study: str = "", lang: Lang = "nl",
) -> Added:  # fmt: skip
    """Copy a delivery into `data/raw`, recognise its sheets, and write what is new into the crosswalk and the card.

    What is sure is written; what is not is asked (`ask`, unless `yes`), and else stands in the crosswalk as "?" and in
    an Excel form beside it. A file that cannot be read is a message and is not added; the others are. Adding the same
    files again after an edit proposes only what is still unknown. `received` is given: nothing here reads the clock.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source) or files.NOT_ON_WINDOWS.search(source):
        raise fail("source_name")
    if not paths:
        raise fail("nothing_to_add")
    with locks.held(home, "source", source):
        form = home.question_form(source)
        ready = _answers(form, source) if files.exists(form) else {}
        consultation = Consultation(None if yes else ask, lang, ready=ready)
        growing = _growing(home, source, received, consultation)
        folder = home.raw / source / received.isoformat()
        contents, delivered = _read(consultation, folder, paths)
        before = _delivered(home, source, Consultation())  # what is wrong with it was said, and is by `check`
        recognised = growing.add_sheets(delivered, [*chain(*before.values())])
        card = OriginFile(files.read_toml_text(folder / ORIGIN))
        if not card.text:
            earlier = [read_origin(day) for day in home.deliveries(source) if day != folder]
            last = earlier[-1] if earlier else {}
            card.write(first_lines(source, received, recognised, municipality, extraction_date, study, last))
        if extraction_date is None:
            days_of_files(card, received, recognised)
        _ask_origin(growing, card, folder, recognised)
        today = {(sheet.file, sheet.name): sheet for sheet in (*before.get(folder.name, ()), *delivered)}
        growing.ask_across(before | {folder.name: [*today.values()]}, labels=card.document["regime"] == "case_study")
        hashes = {name: files.sha256(content) for name, content in contents.items()}
        card.add_files(hashes)
        files.write_text(home.crosswalk(source), str(growing.file))  # first: what is cut off here can be added again
        folders.write(folder, [*contents.items(), (ORIGIN, str(card).encode("utf-8"))], folders.DELIVERY)
        logbook.write(home, source, {"event": logbook.RECEIVED, "delivery": folder.name, "files": hashes})
        consultation.messages += [Message("answer_unknown", question.place) for question in consultation.misread]
        left = consultation.left
        if len(home.deliveries(source)) > 1:  # earlier ones may have open questions too
            left = _reviewed(home, source, Consultation(lang=consultation.lang, ready=ready))[0].consultation.left
            left += _ask_whether_meant(home, source, consultation)
        left += _ask_overlap(home, source, consultation)
        consultation.notes += [note for sheet in delivered for note in sheet.notes]
        return _done(home, folder, growing, left)


def propose_anew(home: Home, source: str, *, lang: Lang = "nl") -> pd.DataFrame:
    """Give the guesses for a source that is there, as if it were new and nobody had answered anything; nothing is written."""
    received = dt.date.fromisoformat(home.deliveries(source)[-1].name)
    growing = GrowingCrosswalk(source, CrosswalkFile(source, received), _others(home, source), Consultation(lang=lang))
    growing.add_sheets([*chain(*_delivered(home, source, growing.consultation).values())])
    return pd.DataFrame(growing.consultation.guesses, columns=COLUMNS)


def take_in(home: Home, source: str, form: Path, *, lang: Lang = "nl") -> Added:
    """Take in the answers of a form: into the crosswalk and the cards of origin, as if edited by hand.

    What answers bring to light, such as the words under a heading, is asked in a new form. An answer that is none of
    the possible ones is a message with its row, and the form is left as it is.
    """
    chosen(home, [source])
    with locks.held(home, "source", source):
        given = _answers(form, source)
        understood: dict[str, bool] = {}

        def answer(question: OpenQuestion) -> str:
            if question.key not in given:
                return ""
            meaning = question.read(given[question.key].text, numbered=False)
            understood[question.key] = meaning is not None
            return meaning or ""

        growing, cards = _reviewed(home, source, Consultation(answer, lang, ready=given))
        files.write_text(home.crosswalk(source), str(growing.file))
        for path, card in cards.items():
            files.write_text(path, str(card))
        _ask_whether_meant(home, source, growing.consultation)
        _ask_overlap(home, source, growing.consultation)
        messages = growing.consultation.messages
        rows = {key: row for key, (row, text) in given.items() if text}
        strange = [key for key, is_answer in understood.items() if not is_answer]
        messages += [Message("form_answer", Place(form.name, row=rows[key])) for key in strange]
        late = ", ".join(str(row) for key, row in rows.items() if key not in understood)
        messages += [Message("form_late", Place(form.name), {"rows": late})] if late else []
        n_taken = sum(bool(text) for text in growing.consultation.answers.values())
        left = growing.consultation.left if all(understood.values()) else None
        return _done(home, home.deliveries(source)[-1], growing, left, n_taken)


def _reviewed(home: Home, source: str, consultation: Consultation) -> tuple[GrowingCrosswalk, dict[Path, OriginFile]]:
    """Go through every delivery of a source once more, asking what is open; nothing is written."""
    deliveries = home.deliveries(source)
    growing = _growing(home, source, dt.date.fromisoformat(deliveries[-1].name), consultation)
    delivered = _delivered(home, source, consultation)
    recognised = {day: growing.add_sheets(sheets) for day, sheets in delivered.items()}
    cards = {folder / ORIGIN: OriginFile(files.read_toml_text(folder / ORIGIN)) for folder in deliveries}
    for path, card in cards.items():
        _ask_origin(growing, card, path.parent, recognised.get(path.parent.name, ()))
    growing.ask_across(delivered, labels=[*cards.values()][-1].document["regime"] == "case_study")
    return growing, cards


def _ask_origin(growing: GrowingCrosswalk, card: OriginFile, folder: Path, sheets: Sequence[RecognisedSheet]) -> None:
    """Ask what the card of a delivery leaves open."""
    place = Place(f"{growing.source}/{folder.name}/{ORIGIN}")
    ask_origin(card, place, folder.name, growing.consultation, sheets, growing.crosswalk)


def _ask_whether_meant(home: Home, source: str, consultation: Consultation) -> list[OpenQuestion]:
    """Ask whether a delivery is meant to replace most of an earlier one; its card gets the answer. Gives what stays open."""
    found = []
    with suppress(IwwError):  # what else is still to be answered comes first
        found = build.build(home, source).asked if len(home.deliveries(source)) > 1 else []
    for message in found:
        path, words = home.raw / source / str(message.words["day"]) / ORIGIN, message.words
        question = replaces_question(Place(f"{message.place.file}/{ORIGIN}"), words)
        if answer := consultation.answer(question):
            card = OriginFile(files.read_toml_text(path))
            card.write([TomlLine("replaces", answer == MEANT)])
            files.write_text(path, str(card))
        else:
            consultation.messages.append(message)
    return [question for question in consultation.left if question.code == "ask_replaces"]


def _ask_overlap(home: Home, source: str, consultation: Consultation) -> list[OpenQuestion]:
    """Ask whether cases that seem to stand in another register are the same; the last card gets the answer."""
    found = list(build.overlaps(home, [source]))
    for each, here, there in ((each, here, there) for each, here, there in found if each.n_found and not each.said):
        path = home.deliveries(each.source)[-1] / ORIGIN
        place = Place(f"{each.source}/{path.parent.name}/{ORIGIN}")
        question = overlap_question(place, build.overlap_words(each, here, there))
        if answer := consultation.answer(question):
            card = OriginFile(files.read_toml_text(path))
            card.write([TomlLine("overlap", {**card.document.get("overlap", {}), each.other: answer})])
            files.write_text(path, str(card))
    return [question for question in consultation.left if question.code == "ask_overlap"]


def _delivered(home: Home, source: str, consultation: Consultation) -> dict[str, list[RawSheet]]:
    """Every sheet of every delivery of a source, by day of receipt; what cannot be read is a message."""
    delivered: dict[str, list[RawSheet]] = {}
    for folder in home.deliveries(source):
        for name, expected in read_origin(folder).get("files", {}).items():
            try:
                with during("unexpected_reading", Place(name)):
                    opened = delivered_files.open_sheets(folder / name, expected)
                    of_day = delivered.setdefault(folder.name, [])
                    of_day += [sheet for sheet in opened if sheet.whole]  # read here, so that what is wrong is said
            except IwwError as error:
                consultation.messages += error.messages
    return delivered


def _done(
    home: Home, folder: Path, growing: GrowingCrosswalk, left: Sequence[OpenQuestion] | None, n_taken: int = 0
) -> Added:
    """Write the form of what is `left` (None: the one that was filled in still holds) and say what was done."""
    source, consultation = growing.source, growing.consultation
    form = home.question_form(source)
    if left:  # answers that stand in the form, and were not taken in, stay; one that asks just this is left alone
        filled = _answers(form, source) if files.exists(form) else {}
        if set(filled) != {question.key for question in left}:
            files.write_bytes(form, saved(question_form(form.name, source, left, filled, consultation.lang)))
    cards = [read_origin(delivery) for delivery in home.deliveries(source)]
    n_open = growing.file.n_open + sum(card.get("municipality") == [OPEN] for card in cards)
    return Added(
        folder, home.crosswalk(source), pd.DataFrame(consultation.guesses, columns=COLUMNS), tuple(consultation.messages),
        n_open, form if left or left is None else None, n_taken, tuple(consultation.notes),
    )  # fmt: skip


def _answers(form: Path, source: str) -> Mapping[str, FormAnswer]:
    return read_answers(delivered_files.read_sheets(form, files.read_bytes(form)), source, form.name)


def _growing(home: Home, source: str, received: dt.date, consultation: Consultation) -> GrowingCrosswalk:
    file = CrosswalkFile(source, received, files.read_toml_text(home.crosswalk(source)))
    return GrowingCrosswalk(source, file, _others(home, source), consultation)


def _others(home: Home, source: str) -> tuple[Crosswalk, ...]:
    """The crosswalks of other sources. One that is broken is of no help here; `check` says what is wrong with it."""
    others = []
    for path in home.crosswalks():
        with suppress(IwwError):
            others += [] if path.stem == source else [parse(files.read_toml(path), path.name)]
    return tuple(others)


def _read(consultation: Consultation, folder: Path, paths: Iterable[Path]) -> tuple[dict[str, bytes], list[RawSheet]]:
    """Read the files that can be added, with their sheets; raises IwwError when there is none.

    A file that would take the place of another one, whatever the case of its name, is refused.
    """
    contents: dict[str, bytes] = {}
    delivered: list[RawSheet] = []
    there = {name.casefold(): folder / name for name in names_in(folder)}
    read = dict[str, bytes]()  # by the name without case
    for path in paths:
        name = path.name.casefold()
        try:
            content = files.read_bytes(path)
            if name in RESERVED:
                raise fail("file_reserved", Place(path.name))
            known = [files.read_bytes(there[name])] if name in there else []
            if any(other != content for other in (*known, read.get(name, content))):
                raise fail("file_other", Place(path.name), received=folder.name)
            with during("unexpected_reading", Place(path.name)):
                delivered += delivered_files.read_sheets(path, content) if path.name not in contents else []
            contents[path.name] = read[name] = content
        except IwwError as error:
            consultation.messages += error.messages
    if not contents:
        raise IwwError(*consultation.messages)
    return contents, delivered


def run(
    home: Home, console: Console, *, source: str, paths: Sequence[Path], received: dt.date | None, yes: bool, form: Path | None
) -> int:  # fmt: skip
    """Take in a delivery, the answers of a form, or both, and say what came of it; gives the exit code."""
    done = []
    if paths or not form:
        day = received or dt.date.today()  # noqa: DTZ011 - the only clock, and said
        if not received:
            console.say("received_today", day=day.isoformat())

        def ask_on_terminal(question: OpenQuestion) -> str:
            return console.ask(question.say(console.lang), question.default)

        asks = None if yes or form or console.as_json or not sys.stdin.isatty() else ask_on_terminal
        done.append(add(home, source, paths, day, yes=yes, ask=asks, lang=console.lang))
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
    if last.form:
        console.say("form_written", form=last.form, source=source)
    to_do = last.n_open or any(message.code != "form_late" for message in messages)
    console.give({"ok": not to_do, "source": source, "open": last.n_open, "taken": last.n_taken, "form": str(last.form or ""),
                  "guesses": records(last.guesses), "messages": console.documents(every)})  # fmt: skip
    return ACT if to_do else OK


def _guesses(frame: pd.DataFrame, lang: Lang) -> str:
    """What was guessed as a table per sheet, under headings in words."""
    heads = dict(zip(COLUMNS[2:], say("guess_heads", lang).split("|"), strict=True))
    return "\n\n".join(
        f"{file}  {sheet}".rstrip() + "\n" + table_text(part[list(heads)].rename(columns=heads))
        for (file, sheet), part in frame.groupby(["file", "sheet"], sort=False)
    )
