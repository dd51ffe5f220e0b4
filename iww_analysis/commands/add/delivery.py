"""Take in a delivery: keep its files as they came, say where they come from, and propose the crosswalk."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import pandas as pd

from iww_analysis.commands import source_key
from iww_analysis.commands.add.after_build import ask_card, ask_overlap, ask_whether_meant
from iww_analysis.commands.add.answers import reviewed
from iww_analysis.commands.add.source_files import (
    Added,
    delivered_sheets,
    done,
    growing_crosswalk,
    others_of,
)
from iww_analysis.commands.build import answers_in
from iww_analysis.crosswalk.ask.add_sheets import GrowingCrosswalk
from iww_analysis.crosswalk.ask.open_question import COLUMNS, Ask, Consultation
from iww_analysis.crosswalk.ask.origin_card import days_of_files, first_lines
from iww_analysis.crosswalk.write import CrosswalkFile, OriginFile
from iww_analysis.io import delivered_files
from iww_analysis.io.disk import files, folders, locks, logbook
from iww_analysis.io.disk.home import ORIGIN, Home, names_in, read_origin
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, during, fail
from iww_analysis.tables.raw_sheet import RawSheet
from iww_analysis.tables.sampled_sheet import sampled

RESERVED = (ORIGIN, "plan.json")  # plan.json: the true answers beside a synthetic source


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
        ready = answers_in(form, source) if files.exists(form) else {}
        consultation = Consultation(None if yes else ask, lang, ready=ready)
        growing = growing_crosswalk(home, source, received, consultation)
        folder = home.raw / source / received.isoformat()
        places, delivered = _read(consultation, folder, paths)
        before = delivered_sheets(home, source, Consultation())  # what is wrong with it was said, and is by `check`
        recognised = growing.add_sheets(delivered, [*chain(*before.values())])
        card = OriginFile(files.read_toml_text(folder / ORIGIN))
        if not card.text:
            earlier = [read_origin(day) for day in home.deliveries(source) if day != folder]
            last = earlier[-1] if earlier else {}
            card.write(first_lines(source, received, recognised, municipality, extraction_date, study, last))
        if extraction_date is None:
            days_of_files(card, received, recognised)
        ask_card(growing, card, folder, recognised)
        today = {(sheet.file, sheet.name): sheet for sheet in (*before.get(folder.name, ()), *delivered)}
        every = before | {folder.name: [*today.values()]}
        growing.ask_across(every, labels=card.document["regime"] == "case_study")
        hashes = {name: files.sha256_of(place) for name, place in places.items()}
        card.add_files(hashes)
        files.write_text(home.crosswalk(source), str(growing.file))  # first: what is cut off here can be added again
        folders.write(folder, [*places.items(), (ORIGIN, str(card).encode("utf-8"))], folders.DELIVERY)
        logbook.write(home, source, {"event": logbook.RECEIVED, "delivery": folder.name, "files": hashes})
        consultation.messages += [Message("answer_unknown", question.place) for question in consultation.misread]
        left = consultation.left
        if len(home.deliveries(source)) > 1:  # earlier ones may have open questions too
            left = reviewed(home, source, Consultation(lang=consultation.lang, ready=ready))[0].consultation.left
            left += ask_whether_meant(home, source, consultation)
        left += ask_overlap(home, source, consultation)
        consultation.notes += [note for sheet in delivered for note in sheet.notes]
        consultation.notes += source_key.key_faults(home, [source])
        return done(home, folder, every, growing, left)


def propose_anew(home: Home, source: str, *, lang: Lang = "nl") -> pd.DataFrame:
    """Give the guesses for a source that is there, as if it were new and nobody had answered anything; nothing is written."""
    received = dt.date.fromisoformat(home.deliveries(source)[-1].name)
    growing = GrowingCrosswalk(
        source, CrosswalkFile(source, received), others_of(home, source), Consultation(lang=lang)
    )
    growing.add_sheets([*chain(*delivered_sheets(home, source, growing.consultation).values())])
    return pd.DataFrame(growing.consultation.guesses, columns=COLUMNS)


def _read(consultation: Consultation, folder: Path, paths: Iterable[Path]) -> tuple[dict[str, Path], list[RawSheet]]:
    """Give the files that can be added, with their sheets, a sample of a long one; raises IwwError when there is none.

    A file that would take the place of another one, whatever the case of its name, is refused.
    """
    places: dict[str, Path] = {}
    delivered: list[RawSheet] = []
    there = {name.casefold(): files.sha256_of(folder / name) for name in names_in(folder)}  # by the name without case
    for path in paths:
        name = path.name.casefold()
        try:
            content = files.sha256_of(path)
            if name in RESERVED:
                raise fail("file_reserved", Place(path.name))
            if there.get(name, content) != content:
                raise fail("file_other", Place(path.name), received=folder.name)
            with during("unexpected_reading", Place(path.name)):
                delivered += map(sampled, delivered_files.open_any(path)) if path.name not in places else []
            places[path.name], there[name] = path, content
        except IwwError as error:
            consultation.messages += error.messages
    if not places:
        raise IwwError(*consultation.messages)
    return places, delivered
