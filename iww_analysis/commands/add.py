"""Add a delivery: keep the files as they came, say where they come from, and propose the crosswalk; take in answers."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from iww_analysis.crosswalk import crosswalk
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk
from iww_analysis.crosswalk.forms import question_form
from iww_analysis.crosswalk.open_question import Ask as Ask
from iww_analysis.crosswalk.open_question import Question as Question
from iww_analysis.crosswalk.propose import origin_card
from iww_analysis.crosswalk.propose.propose import COLUMNS as COLUMNS
from iww_analysis.crosswalk.propose.propose import Proposing as Proposing
from iww_analysis.crosswalk.write import Card
from iww_analysis.crosswalk.write import Draft as Draft
from iww_analysis.io.disk import files, folders, locks
from iww_analysis.io.disk.home import ORIGIN, Home, read_origin
from iww_analysis.io.formats import sheets
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, fail
from iww_analysis.tables import TABLES
from iww_analysis.tables.raw_sheet import RawSheet

RESERVED = (ORIGIN, "plan.json")  # plan.json: the true answers beside a synthetic source


@dataclass(frozen=True)
class Added:
    """What was added. `guesses`: one row per sheet, heading and unknown word: what it was taken for, how surely and why.

    `n_open`: questions that the crosswalk still asks, and the municipality where nobody knows it. `form`: where these
    and what else only people know can be answered in Excel; None when nothing is left to ask. `n_taken`: answers that
    were taken in. `said`: how the files were read, as far as a person should know.
    """

    folder: Path
    crosswalk: Path
    guesses: pd.DataFrame
    messages: tuple[Message, ...]
    n_open: int
    form: Path | None = None
    n_taken: int = 0
    said: tuple[Message, ...] = ()


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
        work = _proposing(home, source, received, None if yes else ask, lang)
        return _added(home, work, paths, received, municipality, extraction_date, study)


def _added(
    home: Home, work: Proposing, paths: Sequence[Path], received: dt.date, municipality: str,
    extraction_date: dt.date | None, study: str,
) -> Added:  # fmt: skip
    """Write the crosswalk, then the delivery as one set: what is cut off in between can be added again."""
    source, lang = work.source, work.lang
    folder = home.raw / source / received.isoformat()
    contents, found = _read(work, folder, paths)
    guesses = work.add_sheets(found)
    origin = Card(_text(folder / ORIGIN))
    if not origin.text:
        origin.write(list(origin_card.first_lines(source, received, guesses, municipality, extraction_date, study)))
    origin_card.ask(origin, work, received.isoformat())
    origin.add_files({name: files.sha256(content) for name, content in contents.items()})
    files.write_text(home.crosswalk(source), str(work.draft))
    folders.write(folder, [*contents.items(), (ORIGIN, str(origin).encode("utf-8"))], folders.DELIVERY)
    work.messages += [Message("answer_unknown", question.place) for question in work.misread]
    others = len(home.deliveries(source)) > 1  # earlier ones may have open questions too
    left = _review(home, source, None, lang).work.left if others else work.left
    return replace(_done(home, source, folder, work, left), said=tuple(m for sheet in found for m in sheet.notes))


def take_in(home: Home, source: str, form: Path, *, lang: Lang = "nl") -> Added:
    """Take in the answers of a form: into the crosswalk and the cards of origin, as if edited by hand.

    What answers bring to light, such as the words under a heading, is asked in a new form. An answer that is none of
    the possible ones is a message with its row, and the form is left as it is.
    """
    if not home.deliveries(source):
        raise fail("source_unknown", source=source, known=", ".join(home.sources()) or "-")
    with locks.held(home, "source", source):
        return _taken_in(home, source, form, lang)


def _taken_in(home: Home, source: str, form: Path, lang: Lang) -> Added:
    given = question_form.read(form, source)
    asked: dict[str, bool] = {}

    def answer(question: Question) -> str:
        if question.key not in given:
            return ""
        meaning = question.read(given[question.key].text, numbered=False)
        asked[question.key] = meaning is not None
        return meaning or ""

    review = _review(home, source, answer, lang)
    place = {key: Place(form.name, row=row) for key, (row, text) in given.items() if text}
    review.work.messages += [Message("form_answer", place[key]) for key, understood in asked.items() if not understood]
    late = [str(place[key].row) for key in place if key not in asked]
    review.work.messages += [Message("form_late", Place(form.name), {"rows": ", ".join(late)})] if late else []
    files.write_text(home.crosswalk(source), str(review.work.draft))
    for path, origin in review.cards.items():
        files.write_text(path, str(origin))
    n_taken = sum(bool(text) for text in review.work.answers.values())
    left = review.work.left if all(asked.values()) else None
    return _done(home, source, home.deliveries(source)[-1], review.work, left, n_taken)


@dataclass
class _Reviewed:
    """What the deliveries of a source still ask, all together."""

    work: Proposing
    cards: dict[Path, Card] = field(default_factory=dict)


def _review(home: Home, source: str, ask: Ask | None, lang: Lang) -> _Reviewed:
    """Go through every delivery of a source once more, asking what is open; nothing is written."""
    folders = home.deliveries(source)
    work = _proposing(home, source, dt.date.fromisoformat(folders[-1].name), ask, lang)
    found: list[RawSheet] = []
    for folder in folders:
        for name, expected in read_origin(folder).get("files", {}).items():
            try:
                opened = sheets.open_sheets(folder / name, expected)
                found += [sheet for sheet in opened if sheet.whole]  # all is read here: what is wrong with it is said
            except IwwError as error:
                work.messages += error.messages
    work.add_sheets(found)
    cards = {folder / ORIGIN: Card(_text(folder / ORIGIN)) for folder in folders}
    for path, origin in cards.items():
        origin_card.ask(origin, work, path.parent.name)
    return _Reviewed(work, cards)


def _done(
    home: Home, source: str, folder: Path, work: Proposing, left: Sequence[Question] | None, n_taken: int = 0
) -> Added:
    """Write the form of what is `left` (None: the one that was filled in still holds) and say what was done."""
    path = question_form.form_path(home, source)
    form = path if left is None or question_form.write(path, source, left, work.lang) else None
    guesses = pd.DataFrame(work.rows, columns=COLUMNS)
    cards = [read_origin(delivery) for delivery in home.deliveries(source)]
    n_open = work.n_open + sum(origin.get("municipality") == [OPEN] for origin in cards)
    return Added(folder, home.crosswalk(source), guesses, tuple(work.messages), n_open, form, n_taken)


def _proposing(home: Home, source: str, received: dt.date, ask: Ask | None, lang: Lang) -> Proposing:
    draft = Draft(source, received, _text(home.crosswalk(source)))
    return Proposing(source, draft, _others(home, source), ask, lang)


def _text(path: Path) -> str:
    """The text of a TOML file, or nothing where there is none; one that is broken is a message."""
    if not path.exists():
        return ""
    files.read_toml(path)
    return files.read_bytes(path).decode("utf-8-sig")


def _others(home: Home, source: str) -> tuple[Crosswalk, ...]:
    """The crosswalks of other sources. One that is broken is of no help here; `check` says what is wrong with it."""
    found = []
    for path in sorted(home.crosswalk(source).parent.glob("*.toml")):
        try:
            found += [] if path.stem == source else [crosswalk.parse(files.read_toml(path), TABLES, path.name)]
        except IwwError:
            continue
    return tuple(found)


def _read(work: Proposing, folder: Path, paths: Iterable[Path]) -> tuple[dict[str, bytes], list[RawSheet]]:
    """Read the files that can be added, with their sheets; raises IwwError when there is none."""
    contents: dict[str, bytes] = {}
    found: list[RawSheet] = []
    for path in paths:
        try:
            content = files.read_bytes(path)
            _refuse_other(path.name, content, folder, contents)
            found += sheets.read_sheets(path, content) if path.name not in contents else []
            contents[path.name] = content
        except IwwError as error:
            work.messages += error.messages
    if not contents:
        raise IwwError(*work.messages)
    return contents, found


def _refuse_other(name: str, content: bytes, folder: Path, contents: dict[str, bytes]) -> None:
    """Refuse a file that would take the place of another one, whatever the case of its name."""
    if name.casefold() in RESERVED:
        raise fail("file_reserved", Place(name))
    there = {other.name.casefold(): other for other in folder.iterdir()} if folder.is_dir() else {}
    same = there.get(name.casefold())
    here = {other.casefold(): known for other, known in contents.items()}
    if (same and files.read_bytes(same) != content) or here.get(name.casefold(), content) != content:
        raise fail("file_other", Place(name), received=folder.name)
