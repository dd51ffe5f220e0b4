"""Write the card of a delivery: what its files and rows say of their origin, and what only people know as a question."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.cleaning.rules import arena, interviews, teams
from iww_analysis.crosswalk.crosswalk import OPEN
from iww_analysis.crosswalk.open_question import NOT_READ, Choice, Question, key
from iww_analysis.crosswalk.propose.propose import Proposing
from iww_analysis.crosswalk.propose.recognise import Guess
from iww_analysis.crosswalk.write import Card, Line, comment
from iww_analysis.io.disk.home import ORIGIN
from iww_analysis.messages.errors import Place, fail
from iww_analysis.tables.cells import cell_readers

CASE_STUDY = frozenset(table.name for noun in (interviews, arena, teams) for table in noun.TABLES) | {
    "observations", "outcomes", "themes",
}  # fmt: skip
SESSIONS = "sessies"  # meetings of teams, not of cases
BOTH = ("case_is", "selection")  # said in both languages
_DAY = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2} [a-zA-Z]+ \d{4}|(?<!\d)(?:19|20)\d{6}(?!\d)"
)


def first_lines(
    source: str,
    received: dt.date,
    guesses: Sequence[Guess],
    municipality: str,
    extraction_date: dt.date | None,
    study: str,
) -> Iterator[Line]:
    """Say where a new delivery comes from; what only people know stands as "?"."""
    anchors = {"" if guess.form and guess.form.name == SESSIONS else guess.anchor for guess in guesses if guess.anchor}
    regime = "case_study" if anchors and anchors <= CASE_STUDY | {""} else "register"
    codes = _municipality(source, guesses, municipality)
    both = {"nl": OPEN, "en": OPEN}
    yield Line("source", source)
    yield Line("municipality", codes if codes or regime == "case_study" else [OPEN], comment("municipality"))
    yield Line("study", study or OPEN, "" if study else comment("study"))
    yield Line("delivered_by", OPEN)
    yield Line("received", received)
    yield Line("terms", OPEN)
    yield _extraction_date(received, guesses, extraction_date)
    yield Line("case_is", dict(both), comment("case_is"))
    yield Line("selection", dict(both), comment("selection"))
    yield Line("regime", regime, comment("regime"))
    yield Line("synthetic", False)


def ask(card: Card, work: Proposing, received: str) -> None:
    """Ask what the card does not say yet, or assumed, and write the answers in it."""
    place = Place(f"{work.source}/{received}/{ORIGIN}")
    for name, default in _open(card):
        assumed = default or name.endswith(".en") or name in ("terms", "delivered_by", "study")
        question = Question(
            f"ask_{name.removesuffix('.nl').replace('.', '_')}", place,
            choices=_choices(name, default, card), default=default, key=key("card", received, name),
            free=_FREE.get(name.partition(".")[0], ""), assumed=bool(assumed),
        )  # fmt: skip
        if answer := work.asked(question):
            card.answer(name, _value(name, answer))


_FREE = {"municipality": "municipality", "extraction_date": "day", "delivered_by": "text", "terms": "text",
         "case_is": "text", "selection": "text"}  # fmt: skip


def _open(card: Card) -> Iterator[tuple[str, str]]:
    """The fields that are a question, and those that are assumed with what is assumed."""
    for name, value in card.document.items():
        if isinstance(value, dict) and name in BOTH:
            yield from ((f"{name}.{lang}", "") for lang, text in value.items() if text == OPEN)
        elif value in (OPEN, [OPEN]):
            yield name, ""
        elif card.assumed(name):
            yield name, str(value)


def _choices(name: str, default: str, card: Card) -> tuple[Choice, ...]:
    if name == "study":
        studies = vocabulary.read("study").values
        return (*(Choice(v.code, v.nl, v.en) for v in studies), Choice(NOT_READ, "geen van deze", "none of these"))
    if name == "regime":
        sure = {default: 75}
        return (
            Choice("register", "register: aantallen worden beschermd", "register: counts are protected", sure.get("register", 0)),
            Choice("case_study", "gevolgde casussen, met toestemming en verzonnen labels",
                   "followed cases, with consent and invented labels", sure.get("case_study", 0)),
        )  # fmt: skip
    why = card.assumed(name).removesuffix(comment("confirm")).rstrip(" .")
    return (Choice(default, default, default, 50, why),) if default else ()


def _value(name: str, answer: str) -> object:
    if name == "municipality":
        return answer.split(";")
    if name == "extraction_date":
        return dt.date.fromisoformat(answer)
    return "" if name == "study" and answer == NOT_READ else answer


def _municipality(source: str, guesses: Sequence[Guess], given: str) -> list[str]:
    """The code that was given, that the source is named after, or that the rows hold."""
    known = vocabulary.read("municipality")
    if given:
        if vocabulary.key(given) not in known.lookup:
            raise fail("municipality_unknown", found=given)
        return [known.lookup[vocabulary.key(given)]]
    if code := known.lookup.get(vocabulary.key(source)):
        return [code]
    words = {word for guess in guesses for word in _municipality_words(guess)}
    return sorted({known.lookup[word] for word in words if word in known.lookup})


def _municipality_words(guess: Guess) -> Iterator[str]:
    for proposal in guess.proposals:
        if proposal.sure and any((t.table, t.column) == ("cases", "municipality") for t in proposal.sure.targets):
            yield from map(vocabulary.key, proposal.look.distinct)


def _extraction_date(received: dt.date, guesses: Sequence[Guess], given: dt.date | None) -> Line:
    """The day on which the data were taken from the system: given, found, or else the day of receipt."""
    name = "extraction_date"
    if given:
        return Line(name, given, comment("extraction_asked"))
    found = max(((day, where) for day, where in _days_outside(guesses) if day <= received), default=None)
    if found:
        return Line(name, found[0], comment("extraction_found", where=found[1]))
    return Line(name, received, comment("extraction_received"))


def _days_outside(guesses: Sequence[Guess]) -> Iterator[tuple[dt.date, str]]:
    """Days in the names of the files and in the titles and footnotes of their sheets."""
    read = cell_readers.date_reader("dmy")
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
