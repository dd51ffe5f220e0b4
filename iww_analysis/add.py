"""Add a delivery: keep the files as they came, say where they come from, and propose the crosswalk."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iww_analysis import arena, interviews, teams, vocabulary
from iww_analysis.errors import IwwError, Lang, Message, Place, fail
from iww_analysis.io import files, sheets
from iww_analysis.io.home import ORIGIN, Home
from iww_analysis.proposing import COLUMNS, Proposing
from iww_analysis.proposing import Ask as Ask
from iww_analysis.proposing import Question as Question
from iww_analysis.recognise import Guess
from iww_analysis.schema import cells, crosswalk
from iww_analysis.schema.crosswalk import OPEN, Crosswalk
from iww_analysis.schema.draft import Draft, Line, comment, origin_text
from iww_analysis.study import TABLES

RESERVED = (ORIGIN, "plan.json")  # plan.json: the true answers beside a synthetic source
CASE_STUDY = frozenset(table.name for noun in (interviews, arena, teams) for table in noun.TABLES) | {
    "observations", "outcomes", "themes",
}  # fmt: skip
_DAY = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2} [a-zA-Z]+ \d{4}|(?<!\d)(?:19|20)\d{6}(?!\d)"
)


@dataclass(frozen=True)
class Added:
    """What was added. `guesses`: one row per sheet, heading and unknown word: what it was taken for, how surely and why.

    `n_open`: questions that the crosswalk still asks, and the municipality where nobody knows it.
    """

    folder: Path
    crosswalk: Path
    guesses: pd.DataFrame
    messages: tuple[Message, ...]
    n_open: int


def add(
    home: Home, source: str, paths: Sequence[Path], received: dt.date, *, yes: bool = False, ask: Ask | None = None,
    municipality: str = "", extraction_date: dt.date | None = None, study: str = "", lang: Lang = "nl",
) -> Added:  # fmt: skip
    """Copy a delivery into `data/raw`, recognise its sheets, and write what is new into the crosswalk and the card.

    What is sure is written; what is not is asked (`ask`, unless `yes`), and else stands in the crosswalk as "?". A file
    that cannot be read is a message and is not added; the others are. Adding the same files again after an edit
    proposes only what is still unknown. `received` is given: nothing here reads the clock.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source):
        raise fail("source_name")
    if not paths:
        raise fail("nothing_to_add")
    folder, path = home.raw / source / received.isoformat(), home.crosswalk(source)
    draft = Draft(source, received, _text(path))
    work = Proposing(source, draft, _others(home, source), None if yes else ask, lang)
    contents, found = _read(work, folder, paths)
    guesses = work.add_sheets(found)
    old = _text(folder / ORIGIN)
    card = [] if old else list(_card(work, received, guesses, municipality, extraction_date, study))
    hashes = {name: files.sha256(content) for name, content in contents.items()}
    for name, content in contents.items():
        files.write_bytes(folder / name, content)
    files.write_text(path, str(draft))
    files.write_text(folder / ORIGIN, origin_text(old, card, hashes))  # last: from now on the delivery counts
    n_open = work.n_open + sum(line.value == [OPEN] for line in card)
    return Added(folder, path, pd.DataFrame(work.rows, columns=COLUMNS), tuple(work.messages), n_open)


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


def _read(work: Proposing, folder: Path, paths: Iterable[Path]) -> tuple[dict[str, bytes], list[sheets.Sheet]]:
    """Read the files that can be added, with their sheets; raises IwwError when there is none."""
    contents: dict[str, bytes] = {}
    found: list[sheets.Sheet] = []
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
    if (same and files.read_bytes(same) != content) or contents.get(name, content) != content:
        raise fail("file_other", Place(name), received=folder.name)


def _card(
    work: Proposing,
    received: dt.date,
    guesses: Sequence[Guess],
    municipality: str,
    extraction_date: dt.date | None,
    study: str,
) -> Iterator[Line]:
    """Say where the delivery comes from; what only people know stands as "?"."""
    anchors = {guess.anchor for guess in guesses if guess.anchor}
    regime = "case_study" if anchors and anchors <= CASE_STUDY else "register"
    codes = _municipality(work, guesses, municipality)
    yield Line("source", work.source)
    yield Line("municipality", codes if codes or regime == "case_study" else [OPEN], comment("municipality"))
    yield Line("study", study or OPEN, "" if study else comment("study"))
    yield Line("delivered_by", OPEN)
    yield Line("received", received)
    yield Line("terms", OPEN)
    yield _extraction_date(work, received, guesses, extraction_date)
    yield Line("case_is", {"nl": OPEN, "en": OPEN}, comment("case_is"))
    yield Line("selection", {"nl": OPEN, "en": OPEN}, comment("selection"))
    yield Line("regime", regime)
    yield Line("synthetic", False)


def _municipality(work: Proposing, guesses: Sequence[Guess], given: str) -> list[str]:
    """The code that was given, that the source is named after, that the rows hold, or that a person gives."""
    known = vocabulary.read("municipality")
    if given:
        if vocabulary.key(given) not in known.lookup:
            raise fail("municipality_unknown", found=given)
        return [known.lookup[vocabulary.key(given)]]
    if code := known.lookup.get(vocabulary.key(work.source)):
        return [code]
    if found := sorted(
        {known.lookup[key] for guess in guesses for key in _municipality_words(guess) if key in known.lookup}
    ):
        return found
    answer = work.asked(Question("ask_municipality"))
    return [known.lookup[vocabulary.key(answer)]] if vocabulary.key(answer) in known.lookup else []


def _municipality_words(guess: Guess) -> Iterator[str]:
    for proposal in guess.proposals:
        if proposal.sure and any((t.table, t.column) == ("cases", "municipality") for t in proposal.sure.targets):
            yield from map(vocabulary.key, proposal.look.distinct)


def _extraction_date(work: Proposing, received: dt.date, guesses: Sequence[Guess], given: dt.date | None) -> Line:
    """The day on which the data were taken from the system: given, asked, found, or else the day of receipt."""
    name = "extraction_date"
    if given:
        return Line(name, given, comment("extraction_asked"))
    found = max(((day, where) for day, where in _days_outside(guesses) if day <= received), default=None)
    default = found[0] if found else received
    answer = work.asked(Question("ask_extraction_date", default=default.isoformat()))
    day = cells.date_reader("dmy")(answer)[0] if answer else None
    if isinstance(day, pd.Timestamp) and day.date() != default:
        return Line(name, day.date(), comment("extraction_asked"))
    return Line(name, default, comment("extraction_found", where=found[1]) if found else comment("extraction_received"))


def _days_outside(guesses: Sequence[Guess]) -> Iterator[tuple[dt.date, str]]:
    """Days in the names of the files and in the titles and footnotes of their sheets."""
    read = cells.date_reader("dmy")
    for guess in guesses:
        for where, text in (
            (guess.file, guess.file),
            *((f"{guess.file} {guess.sheet}".strip(), text) for text in guess.outside),
        ):
            for match in _DAY.findall(text.replace("_", " ")):
                plain = f"{match[:4]}-{match[4:6]}-{match[6:]}" if match.isdigit() else match
                day = read(plain)[0]
                if isinstance(day, pd.Timestamp):
                    yield day.date(), where
