"""Hold what only a person knows: the questions, the possible answers in words, and what was answered."""

import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN
from iww_analysis.crosswalk.propose.proposal import Reason
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import dates

COLUMNS = ["file", "sheet", "heading", "word", "proposal", "confidence", "reason"]  # of the table of guesses
CERTAIN = 100  # a person said so
CASE_ID = "case_id"
NOT_READ = "-"  # as an answer and in the table of guesses: the column or sheet is not read


@dataclass(frozen=True)
class Choice:
    """One possible answer: what stands for it in the files, in words, and how sure the guess is and why, if it is one."""

    value: str
    nl: str
    en: str
    confidence: int = 0
    why: str = ""

    def say(self, lang: Lang) -> str:
        """Give the answer in words."""
        return self.nl if lang == "nl" else self.en


@dataclass(frozen=True)
class OpenQuestion:
    """Something only a person knows. The answer is one of `choices`, its number, what is `free` to type, that nobody knows, or
    "" (open).

    `free`: what may be typed beside the choices: "text", "day", "municipality", "field" (table.column), any word
    of the list of this name, or nothing.
    `key`: the same question again, in a later run or a form. `n` and `of`: how many rows (or what `unit` names) it concerns, of
    how many; `examples`: words of these cells, only where none can be personal; `spellings`: how the word that is asked about is
    written, with how often. `assumed`: nothing stops without an answer; `needed`: that nobody knows is no answer.
    """

    code: str
    place: Place = field(default_factory=Place)
    words: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    default: str = ""
    key: str = ""
    free: str = ""
    n: int = 0
    of: int = 0
    unit: str = "rows"
    examples: str = ""
    assumed: bool = False
    needed: bool = False
    spellings: Mapping[str, int] = field(default_factory=dict)

    @property
    def gaps(self) -> Mapping[str, object]:
        """What fills the gaps of its sentence; several spellings of a word are each named with how often they stand there."""
        several = len(self.spellings) > 1
        found = ", ".join(f"‘{text}’ ({n})" if several else f"‘{text}’" for text, n in self.spellings.items())
        return {**self.words, "found": found} if found else self.words

    @property
    def of_case_number(self) -> bool:
        """Whether it decides which records are of which case."""
        likeliest = max(self.choices, key=lambda choice: choice.confidence, default=None)
        return self.key == key("link", CASE_ID) or (
            likeliest is not None and likeliest.confidence > 0 and likeliest.value.endswith(f".{CASE_ID}")
        )

    def concerns(self, lang: Lang) -> str:
        """Say how many rows, cases, numbers or cells hang on the answer, of how many; nothing where that is not counted."""
        said = sentences.read("proposals")["concerns"]
        whole = sentences.filled(said[self.unit][lang], n=self.of) if self.of else ""
        return sentences.filled(said["some"][lang], n=self.n, whole=whole) if self.n < self.of else whole

    def say(self, lang: Lang = "nl") -> str:
        """Give the question as a sentence, with how much hangs on it, and with the likeliest answers numbered."""
        named = [choice for choice in self.choices if choice.confidence] if self.free == "field" else self.choices
        numbered = "; ".join(f"{n} = {choice.value}" for n, choice in enumerate(named, start=1))
        words = {**self.gaps, "choices": numbered or NOT_READ, "concerns": self.concerns(lang)}
        asked = Message(self.code, self.place, words).say(lang)
        return asked if self.needed else f"{asked} {words_of_answer('or_not_known')[lang]}"

    def read(self, answer: str, *, numbered: bool = True) -> str | None:
        """Give what an answer stands for: "" leaves the question open, None is no possible answer."""
        plain = " ".join(answer.split())
        wanted = vocabulary.key(plain)
        if not plain or wanted in map(vocabulary.key, words_of_answer("later").values()):
            return ""
        if wanted in map(vocabulary.key, (NOT_KNOWN, *words_of_answer(NOT_KNOWN).values())):
            return None if self.needed else NOT_KNOWN
        for choice in self.choices:
            if wanted in map(vocabulary.key, (choice.value, choice.nl, choice.en)):
                return choice.value
        if numbered and plain.isdigit() and 0 < int(plain) <= len(self.choices):
            return self.choices[int(plain) - 1].value
        return _typed(self.free, plain)


Ask = Callable[[OpenQuestion], str]


@dataclass
class Consultation:
    """Questions with their answers. `ask`: who answers, nobody if None; `guesses`: what everything was taken for, and why.

    `messages`: what a person must act on; `notes`: what is good to know.
    `questions`: what was asked, by key; those of `left` stay open, those of `misread` because the answer is none.
    `ready`: the keys of the questions of the form that lies there.
    `row_is`: file and sheet -> the table of which a row makes a record.
    """

    ask: Ask | None = None
    lang: Lang = "nl"
    messages: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    guesses: list[dict[str, object]] = field(default_factory=list)
    questions: dict[str, OpenQuestion] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    misread: list[OpenQuestion] = field(default_factory=list)
    ready: Container[str] = ()
    row_is: dict[tuple[str | None, str | None], str] = field(default_factory=dict)

    def answer(self, question: OpenQuestion) -> str:
        """Give a person's answer, or "" where nobody is asked or the answer is none; the same question is asked once."""
        if question.key in self.questions:
            same = self.questions[question.key]
            n, of, spellings = same.n + question.n, same.of + question.of, Counter(same.spellings)
            spellings.update(question.spellings)
            self.questions[question.key] = replace(same, n=n, of=of, unit="cells", spellings=spellings)
            return self.answers[question.key]
        if question.unit == "rows" and self.row_is.get((question.place.file, question.place.sheet)) == "cases":
            question = replace(question, unit="cases")
        answer = question.read(self.ask(question)) if self.ask else ""
        if answer is None:
            self.misread.append(question)
        self.questions[question.key], self.answers[question.key] = question, answer or ""
        return answer or ""

    @property
    def left(self) -> list[OpenQuestion]:
        """The questions that nobody answered."""
        return [question for name, question in self.questions.items() if not self.answers[name]]

    def say(self, code: str, sheet: RecognisedSheet, heading: str | None = None, **words: object) -> None:
        """Keep a message about a sheet, or a heading of it."""
        self.messages.append(Message(code, sheet.place(heading), words))

    def settle_required(self, field: str, others: Sequence[tuple[str, str]]) -> None:
        """Make a note of what was said of sheets that lack a field, where other sheets give it."""
        lacking = [each for each in self.messages if each.code == "required_open" and each.words["field"] == field]
        if lacking and others:
            self.messages = [each for each in self.messages if each not in lacking]
            other = ", ".join(":".join(filter(None, names)) for names in dict.fromkeys(others))
            self.notes += [
                Message("required_elsewhere", each.place, {**each.words, "other": other}) for each in lacking
            ]

    def note(
        self, sheet: RecognisedSheet, heading: str, proposal: str, confidence: int, reason: Reason, word: str = ""
    ) -> None:
        """Keep what a sheet, heading or word was taken for, how surely and why."""
        values = (sheet.file, sheet.sheet, heading, word, proposal, confidence, reason.say(self.lang))
        self.guesses.append(dict(zip(COLUMNS, values, strict=True)))


def by_consequence(questions: Iterable[OpenQuestion]) -> list[OpenQuestion]:
    """Put first what says which records are of which case, then what the most hangs on, and last what stops nothing.

    What is not counted, as on a card, holds for a whole delivery.
    """
    return sorted(questions, key=lambda each: (each.assumed, not each.of_case_number, bool(each.of), -each.n))


def words_of_answer(name: str) -> Mapping[str, str]:
    """Give the words, per language, of an answer to any question: "later", "not_known" or "not_read"."""
    words: Mapping[str, str] = sentences.read("proposals")["answer"][name]
    return words


def _typed(free: str, plain: str) -> str | None:
    """Read what was typed where no choice was meant."""
    if free == "text":
        return plain
    if free == "day":
        day = dates.date_reader("dmy")(plain)[0]
        return day.date().isoformat() if isinstance(day, pd.Timestamp) else None
    if free == "municipality":
        known = vocabulary.read("municipality").lookup
        codes = [known.get(vocabulary.key(part)) for part in plain.replace(",", ";").split(";")]
        return ";".join(str(code) for code in codes) if all(codes) else None
    if free in vocabulary.names():
        word = vocabulary.key(plain)
        return vocabulary.read(free).lookup.get(word) or vocabulary.read("missing").lookup.get(word)
    table, _, column = plain.partition(".")
    return plain if free == "field" and table in TABLES and column in TABLES[table] else None


def key(*parts: str) -> str:
    """Make the key by which a question is found again."""
    return json.dumps(parts, ensure_ascii=False)


def in_words(value: str, said: Mapping[str, str], /, **words: object) -> Choice:
    """The answer that a value stands for, in words of which the gaps are filled."""
    return Choice(value, sentences.filled(said["nl"], **words), sentences.filled(said["en"], **words))


def not_read(confidence: int = 0, why: str = "") -> Choice:
    """The answer that a column or sheet is not read."""
    return Choice(NOT_READ, **words_of_answer("not_read"), confidence=confidence, why=why)


def of_list(name: str) -> tuple[Choice, ...]:
    """The codes of a list."""
    return tuple(Choice(value.code, value.nl, value.en) for value in vocabulary.read(name).values)
