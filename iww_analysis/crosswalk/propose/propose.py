"""Turn what was recognised in a delivery into lines of a crosswalk, asking a person where nothing is sure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from iww_analysis import vocabulary
from iww_analysis.crosswalk import crosswalk
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, Target
from iww_analysis.crosswalk.open_question import (
    NOT_READ,
    Ask,
    Choice,
    Question,
    examples,
    key,
    not_read,
    of_candidate,
    of_list,
    of_words,
)
from iww_analysis.crosswalk.propose.entry import entry, nothing, pattern_of
from iww_analysis.crosswalk.propose.number_and_date_style import Notation
from iww_analysis.crosswalk.propose.proposal import Candidate, Proposal, Why, texts
from iww_analysis.crosswalk.propose.recognise import (  # fmt: skip
    Guess,
    WordGuess,
    as_form,
    guess_words,
    literal,
    recognise,
)
from iww_analysis.crosswalk.write import Draft, Line, comment
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.raw_sheet import RawSheet
from iww_analysis.tables.statement import Column

COLUMNS = ["file", "sheet", "heading", "word", "proposal", "confidence", "reason"]
CERTAIN = 100  # a person said so
GIVEN = ("municipality", "team")  # what the card of origin can say for all rows


@dataclass
class Proposing:
    """A crosswalk that grows by the sheets of a delivery, with what was guessed (`rows`) and what is to be said.

    `questions`: what was asked, by key; those of `left` stay open, those of `misread` because the answer is none.
    """

    source: str
    draft: Draft
    others: tuple[Crosswalk, ...]
    ask: Ask | None = None
    lang: Lang = "nl"
    messages: list[Message] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    misread: list[Question] = field(default_factory=list)

    def add_sheets(self, found: Sequence[RawSheet]) -> list[Guess]:
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
                self._add_sheet(guess, known, pattern_of(guess, first))
                guesses.append(guess)
        return guesses

    def asked(self, question: Question) -> str:
        """Give a person's answer, or "" where nobody is asked or the answer is none; the same question is asked once."""
        if question.key in self.questions:
            same = self.questions[question.key]
            self.questions[question.key] = replace(same, n=same.n + question.n, of=same.of + question.of)
            return self.answers[question.key]
        answer = question.read(self.ask(question)) if self.ask else ""
        if answer is None:
            self.misread.append(question)
        self.questions[question.key], self.answers[question.key] = question, answer or ""
        return answer or ""

    @property
    def left(self) -> list[Question]:
        """The questions that nobody answered."""
        return [question for name, question in self.questions.items() if not self.answers[name]]

    @property
    def n_open(self) -> int:
        """Questions that the crosswalk still asks."""
        document = self.draft.document
        lines = [entry.get(part, {}) for entry in document.get("sheets", ()) for part in ("columns", "constants")]
        lines += [
            {"date_order": entry.get("date_order")} | entry.get("date_orders", {})
            for entry in document.get("sheets", ())
        ]
        lines += document.get("codes", {}).values()
        return sum(value == OPEN for line in lines for value in line.values())

    def _crosswalk(self) -> Crosswalk:
        return crosswalk.parse(tomllib.loads(str(self.draft)), TABLES, f"{self.source}.toml")

    def _recognise(self, sheet: RawSheet, known: Crosswalk) -> Guess:
        walk = known.sheet_for(sheet.file, sheet.name)
        hidden = sheet.hidden and not (walk and walk.sheet)
        known_walk = replace(walk, open_headings=()) if walk and not hidden else None
        return recognise(sheet.file, sheet.name, sheet.cells, self.others, known_walk, hidden=hidden)

    def _add_sheet(self, guess: Guess, known: Crosswalk, pattern: tuple[str, str]) -> None:
        if guess.walk is None and guess.form is None:
            named = self._named_by_a_person(guess)
            if named is None:
                return
            guess = named
        if guess.walk is None and guess.form:
            self._note(
                guess, "", f"one_row_is = {guess.anchor}", guess.confidence, Why("form", {"form": guess.form.nl})
            )
        walk = known.sheet_for(guess.file, guess.sheet) if guess.walk else None
        known_open = set(map(vocabulary.key, walk.open_headings)) if walk else set()
        where = (walk.file, walk.sheet) if walk else pattern
        chosen = {p.heading: self._chosen(guess, p, known_open, where) for p in guess.proposals}
        columns = dict(walk.columns) if walk else {}
        columns |= {heading: best.targets for heading, best in chosen.items() if best and best.targets}
        constants = self._constants(guess, columns, where)
        notation = Notation(guess, columns, where, self.asked, walk)
        self.draft.add_sheet(entry(guess, known, pattern, chosen, constants, notation))
        likely = {p.heading: _by_words(p) for p in guess.proposals}
        now_known = [heading for heading, best in chosen.items() if best and vocabulary.key(heading) in known_open]
        self._drop_words(guess, {heading: likely[heading] for heading in now_known})
        self._add_words(guess, columns | {heading: likely[heading] for heading, best in chosen.items() if not best})

    def _named_by_a_person(self, guess: Guess) -> Guess | None:
        """A sheet of no known kind, as what a person says it is; None: it is not read, or the question stays."""
        if guess.ignore:  # by its own name alone: next year's may hold a table
            self.draft.ignore_sheet(literal(guess.file), literal(guess.sheet), guess.ignore)
            self._note(guess, "", NOT_READ, CERTAIN, Why("not_read", {"why": guess.ignore}))
            return None
        kinds = tuple(Choice(form.name, form.nl, form.en) for form in vocabulary.forms())
        about = key("sheet", guess.file, guess.sheet)
        question = Question("ask_sheet", _place(guess), choices=(*kinds, not_read()), key=about, of=len(guess.rows))
        answer = self.asked(question)
        form = next((form for form in vocabulary.forms() if form.name == answer), None)
        if form:
            return as_form(guess, form, self.others)
        if answer == NOT_READ:
            return self._named_by_a_person(replace(guess, ignore=texts()["ignore"]["asked"]["nl"]))
        self.messages.append(Message("sheet_unrecognised", _place(guess)))
        self._note(guess, "", OPEN, 0, Why("no_form"))
        return None

    def _chosen(
        self, guess: Guess, proposal: Proposal, known_open: set[str], where: tuple[str, str]
    ) -> Candidate | None:
        """The candidate that is sure, or that a person chose; None leaves the heading an open question.

        What already stands in the crosswalk as a question is never answered without a person.
        """
        likeliest = proposal.candidates[0] if proposal.candidates else nothing(proposal)
        sure = None if vocabulary.key(proposal.heading) in known_open else proposal.sure
        best = sure or self._answered(guess, proposal, where)
        label = best.label if best else f"{OPEN} {likeliest.label}"
        self._note(guess, proposal.heading, label, (best or likeliest).confidence, (best or likeliest).why)
        return best

    def _answered(self, guess: Guess, proposal: Proposal, where: tuple[str, str]) -> Candidate | None:
        every = [c for c in (*proposal.candidates, *proposal.possible) if c.targets]
        ignore = next((c for c in proposal.candidates if c.ignore), None)
        unread = (
            replace(not_read(), confidence=ignore.confidence, why=ignore.why.say(self.lang)) if ignore else not_read()
        )
        choices = sorted((*(of_candidate(c, self.lang) for c in every), unread), key=lambda choice: -choice.confidence)
        answer = self.asked(Question(
            "ask_heading", _place(guess, proposal.heading), choices=tuple(choices), free="field",
            key=key("heading", *where, vocabulary.key(proposal.heading)), n=len(proposal.look.filled),
            of=len(proposal.look.texts), examples=examples(proposal, self.lang),
        ))  # fmt: skip
        if answer == NOT_READ:
            return Candidate((), CERTAIN, Why("asked"), texts()["ignore"]["asked"]["nl"])
        table, _, column = answer.partition(".")
        given = (Target(table, column),) if table in TABLES and column in TABLES[table] else ()
        targets = next((c.targets for c in every if c.label == answer), given)
        return Candidate(targets, CERTAIN, Why("asked")) if targets else None

    def _constants(self, guess: Guess, columns: Mapping[str, tuple[Target, ...]], where: tuple[str, str]) -> list[Line]:
        """What every row needs and no heading gives: a code can hold for all rows of the sheet, the rest is said."""
        given = {(t.table, name) for ts in columns.values() for t in ts for name in (t.column, *dict(t.constants))}
        given |= set(guess.walk.constants) if guess.walk else set()
        likely = {(t.table, t.column) for p in guess.proposals for c in p.candidates for t in c.targets}
        lines = [Line(f"{table}.{name}", None) for table, name in given]
        for table, column in _needed(guess, columns):
            if (table, column.name) in given:
                continue
            if not column.vocabulary or (table, column.name) in likely:
                words = {"means": column.nl, "field": f"{table}.{column.name}"}
                self.messages += [Message("required_open", _place(guess), words)] if table == guess.anchor else []
                continue
            about = key("constant", *where, column.name)
            question = Question("ask_constant", _place(guess), {"means": column.nl}, of_list(column.vocabulary),
                                key=about, n=len(guess.rows), of=len(guess.rows))  # fmt: skip
            answer = self.asked(question)
            said = "" if answer else comment("constant", means=column.nl)
            lines.append(Line(f"{table}.{column.name}", answer or OPEN, said))
            label = f"{OPEN} {table}.{column.name}" if not answer else f"{table}.{column.name} = {answer}"
            self._note(guess, "", label, CERTAIN if answer else 0, Why("asked" if answer else "no_heading"))
        return lines

    def _drop_words(self, guess: Guess, answered: Mapping[str, tuple[Target, ...]]) -> None:
        """Take away questions that stood there because a heading looked like codes; what it does hold is asked anew."""
        for heading, targets in answered.items():
            for word in guess_words(guess.rows[heading], heading, targets, {}, ()):
                if key("word", word.list, vocabulary.key(word.word)) not in self.questions:
                    self.draft.drop_word(word.list, word.word)

    def _add_words(self, guess: Guess, columns: Mapping[str, tuple[Target, ...]]) -> None:
        """Write every word of a code column that neither the vocabulary nor the crosswalk knows, if it may be shown."""
        for heading, targets in columns.items():
            own = next((name for name in guess.under if vocabulary.key(name) == vocabulary.key(heading)), None)
            codes = self.draft.document.get("codes", {})
            here = {
                name: {vocabulary.key(word): code for word, code in lines.items() if code != OPEN}
                for name, lines in codes.items()
            }
            found = guess_words(guess.rows[own], heading, targets, here, self.others) if own else []
            for word in found:
                self._add_word(guess, word, set(map(vocabulary.key, codes.get(word.list, {}))))

    def _add_word(self, guess: Guess, word: WordGuess, there: set[str]) -> None:
        if not word.word:
            self.messages.append(Message("code_hidden", _place(guess, word.heading), {"n": word.n}))
            self._note(guess, word.heading, OPEN, 0, word.why)
            return
        about = key("word", word.list, vocabulary.key(word.word))
        again = about in self.questions
        sure = "" if vocabulary.key(word.word) in there else word.code
        code = sure or self._answered_word(guess, word, about)
        if again and not code:  # the same word in another column: one question
            return
        likeness = comment("looks_like", candidates=f"{word.nearest} ({word.confidence} %)") if word.nearest else ""
        reason = f"{word.confidence} %: {word.why.say('nl')}" if sure else likeness if not code else ""
        self.draft.add_words(word.list, [Line(word.word, code or OPEN, reason)])
        label = (
            f"{word.list} = {code}" if code else f"{OPEN} {word.list}" + (f" = {word.nearest}" if word.nearest else "")
        )
        self._note(guess, word.heading, label, word.confidence, word.why, word.word)

    def _answered_word(self, guess: Guess, word: WordGuess, about: str) -> str:
        likely = word.nearest or word.code
        return self.asked(Question(
            "ask_code", _place(guess, word.heading), {"found": word.word, "n": word.n, "list": word.list},
            of_words(word.list, likely, word.confidence, word.why.say(self.lang)),
            free=word.list, key=about, n=word.n, of=len(guess.rows),
        ))  # fmt: skip

    def _note(self, guess: Guess, heading: str, proposal: str, confidence: int, why: Why, word: str = "") -> None:
        values = (guess.file, guess.sheet, heading, word, proposal, confidence, why.say(self.lang))
        self.rows.append(dict(zip(COLUMNS, values, strict=True)))


def _place(guess: Guess, heading: str | None = None) -> Place:
    return Place(guess.file, guess.sheet or None, column=heading)


def _by_words(proposal: Proposal) -> tuple[Target, ...]:
    """What a heading that is not sure would fill because of the words under it: these can be asked at once."""
    best = proposal.candidates[0] if proposal.candidates else None
    return best.targets if best and best.why.name == "values" else ()


def _needed(guess: Guess, columns: Mapping[str, tuple[Target, ...]]) -> list[tuple[str, Column]]:
    """What no record can do without: of the table itself, and the version of the instrument of every score."""
    own = [(guess.anchor, column) for column in TABLES[guess.anchor] if column.required and column.name not in GIVEN]
    unversioned = {
        t.table for ts in columns.values() for t in ts
        if "instrument_version" in TABLES[t.table] and t.table != guess.anchor and t.column in ("score", "date", "rater")
        and "instrument_version" not in dict(t.constants)
    }  # fmt: skip
    return own + [(table, TABLES[table]["instrument_version"]) for table in sorted(unversioned)]
