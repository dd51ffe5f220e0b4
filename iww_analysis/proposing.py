"""Turn what was recognised in a delivery into lines of a crosswalk, asking a person where nothing is sure."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from iww_analysis import vocabulary
from iww_analysis.errors import Lang, Message, Place
from iww_analysis.io.sheets import Sheet
from iww_analysis.recognise import Guess, WordGuess, file_pattern, guess_words, literal, recognise, sheet_pattern
from iww_analysis.schema import crosswalk, looks
from iww_analysis.schema.crosswalk import OPEN, Crosswalk, SheetWalk, Target
from iww_analysis.schema.draft import Draft, Entry, Line, comment, written
from iww_analysis.schema.matching import ELSEWHERE
from iww_analysis.schema.proposals import SURE, Candidate, Proposal, Why, texts
from iww_analysis.study import TABLES

COLUMNS = ["file", "sheet", "heading", "word", "proposal", "confidence", "reason"]
NOT_READ = "-"  # as an answer and in the table of guesses: the column or sheet is not read
CERTAIN = 100  # a person said so
GIVEN = ("municipality", "team")  # what the card of origin can say for all rows


@dataclass(frozen=True)
class Question:
    """Something only a person knows. The answer is one of `choices`, its number, free text, or "" to leave it open."""

    code: str
    place: Place = field(default_factory=Place)
    words: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    default: str = ""

    def say(self, lang: Lang = "nl") -> str:
        """Give the question as a sentence."""
        named = "; ".join(f"{n} = {choice}" for n, choice in enumerate(self.choices, start=1)) or NOT_READ
        return Message(self.code, self.place, {**self.words, "choices": named}).say(lang)

    def read(self, answer: str) -> str:
        """Give the answer that was meant: the choice that a number points at, else what was typed."""
        plain = answer.strip()
        return self.choices[int(plain) - 1] if plain.isdigit() and 0 < int(plain) <= len(self.choices) else plain


Ask = Callable[[Question], str]


@dataclass
class Proposing:
    """A crosswalk that grows by the sheets of a delivery, with what was guessed (`rows`) and what is to be said."""

    source: str
    draft: Draft
    others: tuple[Crosswalk, ...]
    ask: Ask | None = None
    lang: Lang = "nl"
    messages: list[Message] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)

    def add_sheets(self, found: Sequence[Sheet]) -> list[Guess]:
        """Write what every sheet is; sheets of one kind share an entry. Gives what the sheets that are read are."""
        known = self._crosswalk()
        first = [self._recognise(sheet, known) for sheet in found]
        guesses = []
        for sheet, guess in zip(found, first, strict=True):
            known = self._crosswalk()
            covered = known.sheet_for(sheet.file, sheet.name)
            if covered and guess.walk is None:
                guess = self._recognise(sheet, known)
            if covered or known.ignored_because(sheet.file, sheet.name) is None:
                self._add_sheet(guess, known, _pattern(guess, first))
                guesses.append(guess)
        return guesses

    def asked(self, question: Question) -> str:
        """Give a person's answer, or "" where nobody is asked."""
        return question.read(self.ask(question)) if self.ask else ""

    @property
    def n_open(self) -> int:
        """Questions that the crosswalk still asks."""
        document = self.draft.document
        lines = [entry.get("columns", {}) for entry in document.get("sheets", ())] + list(
            document.get("codes", {}).values()
        )
        return sum(value == OPEN for line in lines for value in line.values())

    def _crosswalk(self) -> Crosswalk:
        return crosswalk.parse(tomllib.loads(str(self.draft)), TABLES, f"{self.source}.toml")

    def _recognise(self, sheet: Sheet, known: Crosswalk) -> Guess:
        walk = known.sheet_for(sheet.file, sheet.name)
        hidden = sheet.hidden and not (walk and walk.sheet)
        return recognise(sheet.file, sheet.name, sheet.cells, self.others, None if hidden else walk, hidden=hidden)

    def _add_sheet(self, guess: Guess, known: Crosswalk, pattern: tuple[str, str]) -> None:
        if guess.walk is None and guess.form is None:
            self._pass_over(guess)
            return
        if guess.walk is None and guess.form:
            self._note(
                guess, "", f"one_row_is = {guess.anchor}", guess.confidence, Why("form", {"form": guess.form.nl})
            )
        chosen = {proposal.heading: self._chosen(guess, proposal) for proposal in guess.proposals}
        self.draft.add_sheet(_entry(guess, known, pattern, chosen))
        columns = dict(guess.walk.columns) if guess.walk else {}
        columns |= {heading: best.targets for heading, best in chosen.items() if best and best.targets}
        self._add_words(guess, columns)
        filled = {(t.table, t.column) for targets in columns.values() for t in targets}
        filled |= set(guess.walk.constants) if guess.walk else set()
        needed = [c for c in TABLES[guess.anchor] if c.required and c.name not in GIVEN]
        lacking = [c for c in needed if (guess.anchor, c.name) not in filled]
        self.messages += [
            Message("required_open", _place(guess), {"means": c.nl, "field": f"{guess.anchor}.{c.name}"})
            for c in lacking
        ]

    def _pass_over(self, guess: Guess) -> None:
        if guess.ignore:  # by its own name alone: next year's may hold a table
            self.draft.ignore_sheet(literal(guess.file), literal(guess.sheet), guess.ignore)
            self._note(guess, "", NOT_READ, CERTAIN, Why("not_read", {"why": guess.ignore}))
        else:
            self.messages.append(Message("sheet_unrecognised", _place(guess)))
            self._note(guess, "", OPEN, 0, Why("no_form"))

    def _chosen(self, guess: Guess, proposal: Proposal) -> Candidate | None:
        """The candidate that is sure, or that a person chose; None leaves the heading an open question."""
        likeliest = proposal.candidates[0] if proposal.candidates else _nothing(proposal)
        best = proposal.sure or self._answered(guess, proposal)
        label = best.label if best else f"{OPEN} {likeliest.label}"
        self._note(guess, proposal.heading, label, (best or likeliest).confidence, (best or likeliest).why)
        return best

    def _answered(self, guess: Guess, proposal: Proposal) -> Candidate | None:
        place = _place(guess, proposal.heading)
        fields = [candidate for candidate in proposal.candidates if candidate.targets]
        answer = self.asked(Question("ask_heading", place, choices=tuple(c.label for c in fields)))
        if answer == NOT_READ:
            return Candidate((), CERTAIN, Why("asked"), texts()["ignore"]["asked"]["nl"])
        table, _, column = answer.partition(".")
        given = (Target(table, column),) if table in TABLES and column in TABLES[table] else ()
        targets = next((c.targets for c in fields if c.label == answer), given)
        if answer and not targets:
            self.messages.append(Message("answer_unknown", place, {"found": answer}))
        return Candidate(targets, CERTAIN, Why("asked")) if targets else None

    def _add_words(self, guess: Guess, columns: Mapping[str, tuple[Target, ...]]) -> None:
        """Write every word of a code column that neither the vocabulary nor the crosswalk knows, if it may be shown."""
        for heading, targets in columns.items():
            own = next((name for name in guess.under if vocabulary.key(name) == vocabulary.key(heading)), None)
            here = {
                name: {vocabulary.key(word): code for word, code in lines.items()}
                for name, lines in self.draft.document.get("codes", {}).items()
            }
            found = guess_words(guess.rows[own], heading, targets, here, self.others) if own else []
            for word in found:
                self._add_word(guess, word)

    def _add_word(self, guess: Guess, word: WordGuess) -> None:
        if not word.word:
            self.messages.append(Message("code_hidden", _place(guess, word.heading), {"n": word.n}))
            self._note(guess, word.heading, OPEN, 0, word.why)
            return
        code = word.code or self._answered_word(guess, word)
        likeness = comment("looks_like", candidates=f"{word.nearest} ({word.confidence} %)") if word.nearest else ""
        reason = f"{word.confidence} %: {word.why.say('nl')}" if word.code else likeness if not code else ""
        self.draft.add_words(word.list, [Line(word.word, code or OPEN, reason)])
        label = (
            f"{word.list} = {code}" if code else f"{OPEN} {word.list}" + (f" = {word.nearest}" if word.nearest else "")
        )
        self._note(guess, word.heading, label, word.confidence, word.why, word.word)

    def _answered_word(self, guess: Guess, word: WordGuess) -> str:
        place = _place(guess, word.heading)
        codes = vocabulary.read(word.list).codes
        answer = self.asked(Question("ask_code", place, {"found": word.word, "n": word.n, "list": word.list}, codes))
        if answer and answer not in codes and answer not in vocabulary.read("missing"):
            self.messages.append(Message("answer_unknown", place, {"found": answer}))
            return ""
        return answer

    def _note(self, guess: Guess, heading: str, proposal: str, confidence: int, why: Why, word: str = "") -> None:
        values = (guess.file, guess.sheet, heading, word, proposal, confidence, why.say(self.lang))
        self.rows.append(dict(zip(COLUMNS, values, strict=True)))


def _place(guess: Guess, heading: str | None = None) -> Place:
    return Place(guess.file, guess.sheet or None, column=heading)


def _nothing(proposal: Proposal) -> Candidate:
    return Candidate((), 0, Why("nothing" if proposal.look.distinct else "empty"))


def _pattern(guess: Guess, every: Sequence[Guess]) -> tuple[str, str]:
    """The widest name under which no sheet of another kind falls: with stars for dates, else as it is."""
    file, sheet = file_pattern(guess.file), sheet_pattern(guess.sheet)
    probe = SheetWalk(file, sheet, "", "", {})
    same = all(other.form == guess.form for other in every if probe.fits(other.file, other.sheet))
    return (file, sheet) if same else (literal(guess.file), literal(guess.sheet))


def _entry(guess: Guess, known: Crosswalk, pattern: tuple[str, str], chosen: Mapping[str, Candidate | None]) -> Entry:
    head: list[Line] = []
    if guess.walk is None and guess.form:
        unsure = (
            comment("form_unsure", confidence=guess.confidence, form=guess.form.nl) if guess.confidence < SURE else ""
        )
        head = [
            *(Line(name, text) for name, text in zip(("file", "sheet"), pattern, strict=True) if text),
            Line("one_row_is", guess.anchor, unsure),
            Line("date_order", guess.date_order.order, _about_dates(guess)),
        ]
    by_heading = {proposal.heading: proposal for proposal in guess.proposals}
    read = {heading: best for heading, best in chosen.items() if not (best and best.ignore)}
    return Entry(
        number=known.sheets.index(guess.walk) if guess.walk else None,
        head=head,
        columns=[_column(by_heading[heading], best) for heading, best in read.items()],
        ids=[Line(target.column, width) for heading, best in read.items() if best for target in best.targets[:1]
             if TABLES[target.table][target.column].kind == "key" and (width := looks.lost_zeros(guess.under[heading]))],
        ignore=[Line(heading, best.ignore) for heading, best in chosen.items() if best and best.ignore],
    )  # fmt: skip


def _about_dates(guess: Guess) -> str:
    order = guess.date_order
    if order.day_first and order.month_first:
        return comment("dates_mixed", day_first=order.day_first, month_first=order.month_first)
    if order.day_first or order.month_first:
        return ""
    return comment("dates_ambiguous" if order.ambiguous else "dates_no_matter")


def _column(proposal: Proposal, best: Candidate | None) -> Line:
    if best is None:
        named = ", ".join(f"{c.ignore or c.label} ({c.confidence} %)" for c in proposal.candidates)
        like = comment("looks_like", candidates=named) if named else _nothing(proposal).why.say("nl")
        return Line(proposal.heading, OPEN, like)
    said = [f"{best.confidence} %: {best.why.say('nl')}"] if best.confidence < ELSEWHERE else []
    if any(_lacks_version(target) for target in best.targets):
        said.append(comment("version"))
    return Line(proposal.heading, written(best.targets), "; ".join(said))


def _lacks_version(target: Target) -> bool:
    """Whether the field is of a measurement of which the heading does not say by which version it was made."""
    return "instrument_version" in TABLES[target.table] and target.column in ("score", "date", "rater") \
        and "instrument_version" not in dict(target.constants)  # fmt: skip
