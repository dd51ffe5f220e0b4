"""Ask once about headings that are read alike, each by its own parts: a score per domain and moment."""

from collections.abc import Container
from dataclasses import replace

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask import open_question
from iww_analysis.crosswalk.ask.open_question import CERTAIN, NOT_READ, Choice, Consultation, OpenQuestion
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, OPEN, YES
from iww_analysis.crosswalk.propose.headings.by_parts import is_by_parts
from iww_analysis.crosswalk.propose.headings.columns import is_a_column
from iww_analysis.crosswalk.propose.proposal import Candidate, HeadingProposal, Reason, not_read_because
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.tables import TABLES

EACH = "each"  # as an answer: ask them one by one


def family_meanings(
    sheet: RecognisedSheet, open_before: Container[str], consultation: Consultation
) -> dict[str, Candidate | None]:
    """What each heading of the family means by a person's one answer; None: open. Nothing where each is asked by itself.

    `open_before`: the headings that stand in the crosswalk as a question.
    """
    unsure = [p for p in sheet.proposals if not p.sure or p.heading in open_before]
    family = [p for p in unsure if is_by_parts(p.best)] or [p for p in unsure if is_a_column(p.best)]
    if len(family) < 2 or any(heading_key(sheet, p.heading) in consultation.ready for p in family):
        return {}
    answer = consultation.answer(_question(sheet, family, consultation.lang))
    if answer == EACH:
        return {}
    found = {p.heading: _meaning(p, answer) for p in family}
    for proposal in family:
        best = found[proposal.heading]
        label = best.label if best else f"{OPEN} {proposal.best.label}"
        likeliest = best or proposal.best
        consultation.note(sheet, proposal.heading, label, likeliest.confidence, likeliest.reason)
    return found


def heading_key(sheet: RecognisedSheet, heading: str) -> str:
    """The key of the question what a heading means."""
    return open_question.key("heading", *sheet.pattern, vocabulary.key(heading))


def _meaning(proposal: HeadingProposal, answer: str) -> Candidate | None:
    if answer == NOT_KNOWN:
        return Candidate((), CERTAIN, Reason(NOT_KNOWN))
    if answer == NOT_READ:
        return Candidate((), CERTAIN, Reason("asked"), not_read_because("asked"))
    return replace(proposal.best, confidence=CERTAIN, reason=Reason("asked")) if answer == YES else None


def _question(sheet: RecognisedSheet, family: list[HeadingProposal], lang: Lang) -> OpenQuestion:
    read = "; ".join(f"‘{p.heading}’ = {_parts(p.best, lang)}" for p in family)
    answers = sentences.read("proposals")["answer"]["family"]
    yes = Choice(YES, answers[YES]["nl"], answers[YES]["en"], family[0].best.confidence, read)
    each = Choice(EACH, answers[EACH]["nl"], answers[EACH]["en"])
    words = {"n_headings": len(family), "read": read}
    if not is_a_column(family[0].best):
        return _asked("ask_family", sheet, family, words, (yes, each, open_question.not_read()))
    target = family[0].best.targets[0]
    table, (name, *_) = TABLES[target.table], dict(target.constants)
    words |= {"what": table[name].nl, "cells": target.statement.nl}
    return _asked("ask_columns", sheet, family, words, (yes, each, open_question.not_read()))


def _asked(
    code: str, sheet: RecognisedSheet, family: list[HeadingProposal], words: dict[str, object], choices: tuple[Choice, ...]
) -> OpenQuestion:  # fmt: skip
    return OpenQuestion(
        code, sheet.place(), words, choices,
        key=open_question.key("family", *sheet.pattern, family[0].best.targets[0].field),
        n=sum(len(p.profile.filled) for p in family), of=sum(len(p.profile.texts) for p in family), unit="cells",
    )  # fmt: skip


def _parts(candidate: Candidate, lang: Lang) -> str:
    """What tells a field from its fellows: "financiën, begin"."""
    target = candidate.targets[0]
    lists = [(TABLES[target.table][name].vocabulary, code) for name, code in target.constants]
    return ", ".join(vocabulary.read(name).label(code, lang) if name else code for name, code in lists)
