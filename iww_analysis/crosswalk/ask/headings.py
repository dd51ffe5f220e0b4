"""Ask what a heading means, where its own words and values do not make it sure."""

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask.open_question import (
    CERTAIN,
    NOT_READ,
    Choice,
    Consultation,
    OpenQuestion,
    key,
    not_read,
)
from iww_analysis.crosswalk.crosswalk import OPEN, Target, targets
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, words_of
from iww_analysis.crosswalk.propose.proposal import Candidate, HeadingProposal, Reason, not_read_because
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.propose.unknown_words import shown
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import cell_readers


def choose_meaning(
    sheet: RecognisedSheet, proposal: HeadingProposal, consultation: Consultation, *, asked_before: bool
) -> Candidate | None:
    """The candidate that is sure, or that a person chose; None leaves the heading an open question.

    `asked_before`: it stands in the crosswalk as a question already, which is never answered without a person.
    """
    sure = None if asked_before else proposal.sure
    chosen = sure or _answered(sheet, proposal, consultation)
    label = chosen.label if chosen else f"{OPEN} {proposal.best.label}"
    likeliest = chosen or proposal.best
    consultation.note(sheet, proposal.heading, label, likeliest.confidence, likeliest.reason)
    return chosen


def _answered(sheet: RecognisedSheet, proposal: HeadingProposal, consultation: Consultation) -> Candidate | None:
    lang = consultation.lang
    fields = [c for c in (*proposal.candidates, *proposal.possible) if c.targets]
    ignore = next((c for c in proposal.candidates if c.ignore), None)
    unread = not_read(ignore.confidence, ignore.reason.say(lang)) if ignore else not_read()
    choices = sorted((*(_choice(c, lang) for c in fields), unread), key=lambda choice: -choice.confidence)
    answer = consultation.answer(OpenQuestion(
        "ask_heading", sheet.place(proposal.heading), choices=tuple(choices), free="field",
        key=key("heading", *sheet.pattern, vocabulary.key(proposal.heading)), n=len(proposal.profile.filled),
        of=len(proposal.profile.texts), examples=_examples(proposal, lang),
    ))  # fmt: skip
    if answer == NOT_READ:
        return Candidate((), CERTAIN, Reason("asked"), not_read_because("asked"))
    typed = tuple(
        target for target in targets(answer) if target.table in TABLES and target.column in TABLES[target.table]
    )
    filled = next((c.targets for c in fields if c.label == answer), typed)
    return Candidate(filled, CERTAIN, Reason("asked")) if filled else None


def _choice(candidate: Candidate, lang: Lang) -> Choice:
    """The answer that a heading fills the fields of a candidate."""
    target, *_ = candidate.targets
    table, column = TABLES[target.table], TABLES[target.table][target.column]
    nl = f"{table.nl}: {column.nl}{_constants(target, 'nl')}"
    en = f"{target.table}: {target.column}{_constants(target, 'en')}".replace("_", " ")
    return Choice(candidate.label, nl, en, candidate.confidence, candidate.reason.say(lang))


def _constants(target: Target, lang: Lang) -> str:
    labels = [
        vocabulary.read(name).label(value, lang) if (name := TABLES[target.table][column].vocabulary) else value
        for column, value in target.constants
    ]
    return f" ({', '.join(labels)})" if labels else ""


def _examples(proposal: HeadingProposal, lang: Lang) -> str:
    """What stands under a heading, as far as nobody can be meant by it: words of a column of codes, else of what kind."""
    profile = proposal.profile
    names = {TABLES[t.table][t.column].vocabulary for c in proposal.candidates for t in c.targets[:1]} - {None}
    known = [profile.known(words_of(name)) for name in sorted(map(str, names))]
    split, share, _ = max(known, key=lambda each: each[1], default=("", 0.0, 0))
    if share >= ENOUGH:
        words = list(
            dict.fromkeys(piece for text in profile.distinct for piece in cell_readers.pieces(text, split, {}))
        )
        return "; ".join(word for word, may in zip(words, shown(words), strict=True) if may)
    kind = "days" if profile.days >= ENOUGH else "numbers" if profile.numbers >= ENOUGH else "texts"
    return str(sentences.read("proposals")["under"][kind][lang]) if profile.distinct else ""
