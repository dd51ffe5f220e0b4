"""Add a delivery: keep the files as they came, say what they are, and propose the crosswalk."""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from iww_analysis import arena, interviews, vocabulary
from iww_analysis.errors import IwwError, Lang, Message, Place, fail
from iww_analysis.io import files, sheets
from iww_analysis.io.home import ORIGIN, PLAN, Home
from iww_analysis.recognise import Guess, WordGuess, code_columns, file_pattern, guess_words, literal, recognise, sheet_pattern
from iww_analysis.schema import cells, crosswalk, looks
from iww_analysis.schema.crosswalk import OPEN, Crosswalk, Target
from iww_analysis.schema.draft import Draft, Entry, Line, comment, origin_text, written
from iww_analysis.schema.proposals import SURE, Candidate, Proposal, Why, texts
from iww_analysis.study import TABLES

COLUMNS = ["file", "sheet", "heading", "word", "proposal", "confidence", "reason"]
NOT_READ = "-"  # the answer that a column is not to be read
CASE_STUDY = frozenset(table.name for noun in (interviews, arena) for table in noun.TABLES)
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2} [a-zA-Z]+ \d{4}|(?<!\d)(?:19|20)\d{6}(?!\d)")


@dataclass(frozen=True)
class Question:
    """Something only a person knows. The answer is one of `choices`, a number in them, free text, or "" for later."""

    code: str
    place: Place = field(default_factory=Place)
    words: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    default: str = ""

    def say(self, lang: Lang = "nl") -> str:
        """Give the question as a sentence."""
        named = "; ".join(f"{n} = {choice}" for n, choice in enumerate(self.choices, start=1)) or "-"
        return Message(self.code, self.place, {**self.words, "choices": named}).say(lang)

    def read(self, answer: str) -> str:
        """Give the answer that was meant: the choice that a number points at, else what was typed."""
        plain = answer.strip()
        return self.choices[int(plain) - 1] if plain.isdigit() and 0 < int(plain) <= len(self.choices) else plain


Ask = Callable[[Question], str]


@dataclass(frozen=True)
class Added:
    """What was added. `guesses`: one row per sheet, heading and unknown word: what it was taken for, how surely and why.

    `n_open`: questions that the crosswalk, or the municipality in the card, still asks.
    """

    folder: Path
    crosswalk: Path
    guesses: pd.DataFrame
    messages: tuple[Message, ...]
    n_open: int


@dataclass
class _Adding:
    """A delivery that is being added."""

    source: str
    received: dt.date
    ask: Ask | None
    lang: Lang
    others: tuple[Crosswalk, ...]
    draft: Draft
    messages: list[Message] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)

    def asked(self, question: Question) -> str:
        return question.read(self.ask(question)) if self.ask else ""

    def note(self, guess: Guess, heading: str, word: str, proposal: str, confidence: int, why: Why) -> None:
        place = (guess.file, guess.sheet, heading, word, proposal)
        self.rows.append(dict(zip(COLUMNS, (*place, confidence, why.say(self.lang)), strict=True)))

    def crosswalk(self) -> Crosswalk:
        return crosswalk.parse(tomllib.loads(str(self.draft)), TABLES, f"{self.source}.toml")


def add(
    home: Home, source: str, paths: Sequence[Path], received: dt.date, *, yes: bool = False, ask: Ask | None = None,
    municipality: str = "", extraction_date: dt.date | None = None, study: str = "", lang: Lang = "nl",
) -> Added:  # fmt: skip
    """Copy a delivery into `data/raw`, recognise its sheets, and propose what is new in the crosswalk.

    What is sure is written; what is not is asked (`ask`, unless `yes`), and else stands in the crosswalk as "?". A file
    that cannot be read is a message and is not added; the others are. Adding the same files again after an edit
    proposes only what is still unknown. `received` is given: nothing here reads the clock.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source):
        raise fail("source_name", Place(source))
    if not paths:
        raise fail("nothing_to_add")
    folder, path = home.raw / source / received.isoformat(), home.crosswalk(source)
    text = files.read_bytes(path).decode("utf-8-sig") if path.exists() else ""
    if text:
        crosswalk.parse(files.read_toml(path), TABLES, path.name)
    work = _Adding(source, received, None if yes else ask, lang, _others(home, source), Draft(source, received, text))
    contents, found = _read(work, folder, paths)
    guesses = _add_sheets(work, found)
    card = _card(work, guesses, municipality, extraction_date, study)
    for name, content in contents.items():
        files.write_bytes(folder / name, content)
    if contents:
        files.write_text(path, str(work.draft))
        old = files.read_bytes(folder / ORIGIN).decode("utf-8-sig") if (folder / ORIGIN).exists() else ""
        files.write_text(folder / ORIGIN, origin_text(old, card, {n: files.sha256(c) for n, c in contents.items()}))
        place = next(line.value for line in card if line.key == "municipality")
        n_open = _count_open(work.draft.document) + (place == [OPEN] and not old)
    else:
        n_open = 0
    return Added(folder, path, pd.DataFrame(work.rows, columns=COLUMNS), tuple(work.messages), n_open)


def _others(home: Home, source: str) -> tuple[Crosswalk, ...]:
    """The crosswalks of other sources; one that is broken is of no help here, and is said by `check`."""
    found = []
    for path in sorted(home.crosswalk(source).parent.glob("*.toml")):
        try:
            found += [crosswalk.parse(files.read_toml(path), TABLES, path.name)] if path.stem != source else []
        except IwwError:
            continue
    return tuple(found)


def _read(work: _Adding, folder: Path, paths: Iterable[Path]) -> tuple[dict[str, bytes], list[sheets.Sheet]]:
    """Read the files that can be added, with their sheets; what is wrong with the others is said."""
    contents: dict[str, bytes] = {}
    found: list[sheets.Sheet] = []
    for path in paths:
        try:
            content = files.read_bytes(path)
            there = contents.get(path.name) or ((folder / path.name).read_bytes() if (folder / path.name).exists() else content)
            if there != content:
                raise fail("file_other", Place(path.name), received=work.received.isoformat())
            if path.name.casefold() in (ORIGIN, PLAN):
                raise fail("file_reserved", Place(path.name))
            found += sheets.read_sheets(path, content) if path.name not in contents else []
            contents[path.name] = content
        except IwwError as error:
            work.messages += error.messages
    return contents, found


def _add_sheets(work: _Adding, found: Sequence[sheets.Sheet]) -> list[Guess]:
    """Write what every sheet of the delivery is into the draft; sheets of one kind share an entry."""
    known = work.crosswalk()
    first = [_recognise(work, sheet, known) for sheet in found]
    guesses = []
    for sheet, guess in zip(found, first, strict=True):
        known = work.crosswalk()
        if guess.walk is None and known.sheet_for(sheet.file, sheet.name):
            guess = _recognise(work, sheet, known)
        if known.ignored_because(sheet.file, sheet.name) is not None and guess.walk is None:
            continue
        _add_sheet(work, guess, known, _pattern(guess, first))
        guesses.append(guess)
    return guesses


def _recognise(work: _Adding, sheet: sheets.Sheet, known: Crosswalk) -> Guess:
    walk = known.sheet_for(sheet.file, sheet.name)
    hidden = sheet.hidden and not (walk and walk.sheet)
    return recognise(sheet.file, sheet.name, sheet.cells, work.others, None if hidden else walk, hidden=hidden)


def _pattern(guess: Guess, every: Sequence[Guess]) -> tuple[str, str]:
    """The widest name under which no sheet of another kind falls: with stars for dates, else as it is."""
    file, sheet = file_pattern(guess.file), sheet_pattern(guess.sheet)
    probe = crosswalk.SheetWalk(file, sheet, "", "", {})
    same = all(other.form == guess.form for other in every if probe.fits(other.file, other.sheet))
    return (file, sheet) if same else (literal(guess.file), literal(guess.sheet))


def _add_sheet(work: _Adding, guess: Guess, known: Crosswalk, pattern: tuple[str, str]) -> None:
    place = Place(guess.file, guess.sheet or None)
    if guess.form is None and guess.walk is None:
        if guess.ignore:
            work.draft.ignore_sheet(*pattern, guess.ignore)
            work.note(guess, "", "", NOT_READ, 100, Why("not_read", {"why": guess.ignore}))
        else:
            work.messages.append(Message("sheet_unrecognised", place))
            work.note(guess, "", "", OPEN, 0, Why("no_form"))
        return
    if guess.form and not guess.walk:
        work.note(guess, "", "", f"one_row_is = {guess.anchor}", guess.confidence, Why("form", {"form": guess.form.nl}))
    chosen = {proposal.heading: _chosen(work, guess, proposal) for proposal in guess.proposals}
    work.draft.add_sheet(_entry(guess, known, pattern, chosen))
    columns = dict(guess.walk.columns) if guess.walk else {}
    columns |= {heading: best.targets for heading, best in chosen.items() if best and best.targets}
    _add_words(work, guess, {h: t for h, t in columns.items() if h in guess.rows})
    filled = {(t.table, t.column) for targets in columns.values() for t in targets} | set(guess.walk.constants if guess.walk else ())
    lacking = [c.nl for c in TABLES[guess.anchor] if c.required and (guess.anchor, c.name) not in filled and c.name != "municipality"]
    work.messages += [Message("required_open", place, {"means": name}) for name in lacking]


def _chosen(work: _Adding, guess: Guess, proposal: Proposal) -> Candidate | None:
    """The candidate that is sure, or that a person chose; None leaves the heading an open question."""
    best = proposal.sure or _answered(work, guess, proposal)
    why = best.why if best else proposal.candidates[0].why if proposal.candidates else _unlike(proposal)
    shown = best.label if best else " | ".join(candidate.label for candidate in proposal.candidates)
    work.note(guess, proposal.heading, "", shown if best else f"{OPEN} {shown}".strip(),
              (best or Candidate((), proposal.candidates[0].confidence if proposal.candidates else 0, why)).confidence, why)  # fmt: skip
    return best


def _unlike(proposal: Proposal) -> Why:
    return Why("nothing" if proposal.look.distinct else "empty")


def _answered(work: _Adding, guess: Guess, proposal: Proposal) -> Candidate | None:
    place = Place(guess.file, guess.sheet or None, column=proposal.heading)
    question = Question("ask_heading", place, choices=tuple(c.label for c in proposal.candidates if c.targets))
    answer = work.asked(question)
    if not answer:
        return None
    if answer == NOT_READ:
        return Candidate((), 100, Why("asked"), texts()["ignore"]["asked"]["nl"])
    for candidate in proposal.candidates:
        if candidate.label == answer:
            return Candidate(candidate.targets, 100, Why("asked"))
    table, _, column = answer.partition(".")
    if table in TABLES and column in TABLES[table]:
        return Candidate((Target(table, column),), 100, Why("asked"))
    work.messages.append(Message("answer_unknown", place, {"found": answer}))
    return None
