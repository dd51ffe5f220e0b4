"""Ask what one row is, where more than one kind of record fits: every kind there is, with what would follow from each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask import open_question
from iww_analysis.crosswalk.ask.meanings import examples
from iww_analysis.crosswalk.ask.open_question import NOT_READ, Choice, Consultation, OpenQuestion, key
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, Crosswalk
from iww_analysis.crosswalk.propose import recognise
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.crosswalk.propose.proposal import MAYBE, SURE, parts
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.propose.row_kinds import SEVERAL, RowKind, doubted, row_kinds
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang, Message
from iww_analysis.tables.cells import key_folding
from iww_analysis.tables.cells.interning import TEXT
from iww_analysis.tables.sampled_sheet import hashed

CASES, REFERRALS = "cases", "referrals"
REPORTED = "cases.date_referral"
TELLING = ("cases.date_closed", "cases.status", "cases.closure_reason")  # what a list of cases tells alone
OF_BOTH = (
    "cases.case_id",
    "cases.date_referral",
    "cases.municipality",
    "cases.team",
)  # what one of referrals has as well
MANY = 0.5  # share of its numbers that the list of cases has
N_EXAMPLES = 6  # headings that are shown with a question
UNANSWERED = {"row": "sheet_open_row", "row_alone": "sheet_open_row_alone", "row_kind": "sheet_open_row_kind"}


def as_asked(
    sheet: RecognisedSheet,
    others: Sequence[RecognisedSheet],
    crosswalks: Sequence[Crosswalk],
    consultation: Consultation,
) -> RecognisedSheet | None:
    """The sheet as what a person says its rows are, where it is not sure; None where nobody answers, and it is not read.

    Not sure is a sheet of no known kind; one that another kind of record explains better; one that bears the name of
    referrals and holds nothing else; and one that would replace the cases of another sheet, of which it has most of the
    numbers while it says nothing of how they ended. `crosswalks`: of other sources.
    """
    rival = next((other for other in others if _is_rival(sheet, other)), None)
    of_referrals = rival is not None or (sheet.anchor == CASES and is_of_referrals(sheet))
    if sheet.of_project:
        return sheet
    certain = sheet.form and sheet.confidence >= SURE and not RowKind(sheet.form, sheet).shares_keys
    if certain and not of_referrals:
        return _with_its_cases(sheet, others, crosswalks, consultation)
    possible = row_kinds(sheet, crosswalks)
    if sheet.form and not of_referrals and not doubted(sheet, possible):
        return _with_its_cases(sheet, others, crosswalks, consultation)
    if of_referrals:
        possible.sort(key=lambda kind: (kind.table.name != REFERRALS, kind.table.name != CASES))
    n, common = len(_numbers(sheet)), _n_common(sheet, rival) if rival else 0
    words: dict[str, Any] = {
        "n": n,
        "common": common,
        "rows": sheet.n_rows,
        "other": rival.place().say("nl") if rival else "",
    }
    about = "row" if rival else "row_alone" if of_referrals else "row_kind"
    choices = [_choice(kind, about, words, consultation.lang) for kind in possible]
    answer = consultation.answer(OpenQuestion(
        f"ask_{about}" if sheet.form else "ask_sheet", sheet.place(), words, (*choices, open_question.not_read()),
        key=key("row", *_kind(sheet)), n=common or sheet.n_rows, of=sheet.n_rows,
        examples=_examples(possible[0].sheet, consultation.lang),
    ))  # fmt: skip
    if answer in (NOT_READ, NOT_KNOWN):
        return recognise.not_read(sheet, NOT_KNOWN if answer == NOT_KNOWN else "asked")
    chosen = next((kind for kind in possible if kind.form.name == answer), None)
    if chosen is None and sheet.form:
        consultation.say(UNANSWERED[about], sheet, **words)
    if chosen:
        return _with_its_cases(chosen.sheet, others, crosswalks, consultation)
    return None if sheet.form else sheet


def _with_its_cases(
    sheet: RecognisedSheet,
    others: Sequence[RecognisedSheet],
    crosswalks: Sequence[Crosswalk],
    consultation: Consultation,
) -> RecognisedSheet:
    """A sheet of parts of cases as the list of cases that it is as well, where it alone tells how cases begin and end."""
    if sheet.form not in parts():
        return sheet
    as_cases = recognise.as_form(sheet, _form(CASES), crosswalks, sheet.form)
    if not _tells_cases(as_cases) or any(_lists_them(other, as_cases) for other in others):
        return sheet
    consultation.notes.append(
        Message("sheet_of_cases_too", sheet.place(), {"what": {"nl": sheet.form.nl, "en": sheet.form.en}})
    )
    return as_cases


def _tells_cases(sheet: RecognisedSheet) -> bool:
    """Whether headings say when a case was reported, or may do so beside others that say how it went."""
    if REPORTED in _fields(sheet):
        return True
    possible = {t.field for p in sheet.proposals for c in (*p.candidates, *p.possible) for t in c.targets}
    return REPORTED in possible and len({REPORTED, *TELLING} & _likely_fields(sheet)) >= SEVERAL


def _lists_them(other: RecognisedSheet, sheet: RecognisedSheet) -> bool:
    """Whether another sheet is a list of the same cases, as far as their numbers tell."""
    if other.anchor != CASES or _kind(other) == _kind(sheet):
        return False
    return _n_common(sheet, other) >= MANY * len(_numbers(sheet))


def _choice(kind: RowKind, about: str, words: dict[str, Any], lang: Lang) -> Choice:
    """The answer that a row is a record of a kind, with what would follow in numbers."""
    said = sentences.read("proposals")["answer"]
    lost = kind.n_lost
    what = kind.table.nl if lang == "nl" else kind.table.name.replace("_", " ")
    follows = said[about].get(kind.table.name) or said["row_kind"]["lost" if lost else "all"]
    why = sentences.filled(follows[lang], **{**words, "records": kind.n_records, "lost": lost, "what": what})
    return Choice(kind.form.name, kind.form.nl, kind.form.en, kind.confidence, why)


def _examples(sheet: RecognisedSheet, lang: Lang) -> str:
    """The first headings, with what stands under them as far as nobody can be meant by it."""
    return "\n".join(f"{p.heading}: {examples(p, lang)}" for p in sheet.proposals[:N_EXAMPLES])


def _form(table: str) -> vocabulary.Form:
    return next(form for form in vocabulary.forms() if form.one_row_is == table)


def is_of_referrals(sheet: RecognisedSheet) -> bool:
    """Whether a sheet bears the name of a list of referrals, and fills nothing but what such a list has."""
    named = vocabulary.key(f"{sheet.file} {sheet.sheet}")
    words = (_form(REFERRALS).name.removesuffix("en"), REFERRALS.removesuffix("s"))
    of_referrals = {field for field in _fields(sheet) if field in OF_BOTH or field.startswith(f"{REFERRALS}.")}
    return any(word in named for word in words) and of_referrals == _fields(sheet)


def _fields(sheet: RecognisedSheet) -> set[str]:
    known = [target for targets in sheet.crosswalk.columns.values() for target in targets] if sheet.crosswalk else []
    sure = [target for p in sheet.proposals if p.sure for target in p.sure.targets]
    return {target.field for target in (*known, *sure)}


def _likely_fields(sheet: RecognisedSheet) -> set[str]:
    """What headings are likeliest to fill, before anyone was asked."""
    return {target.field for p in sheet.proposals if p.best.confidence >= MAYBE for target in p.best.targets}


def _is_rival(sheet: RecognisedSheet, other: RecognisedSheet) -> bool:
    if other is sheet or sheet.anchor != CASES or other.anchor != CASES or _kind(sheet) == _kind(other):
        return False
    tells = [bool({*TELLING} & (_fields(each) | _likely_fields(each))) for each in (sheet, other)]
    return tells == [False, True] and _n_common(sheet, other) >= MANY * len(_numbers(sheet)) > 0


def _kind(sheet: RecognisedSheet) -> tuple[str, str]:
    named = recognise.file_pattern(sheet.file), recognise.sheet_pattern(sheet.sheet)
    return sheet.pattern if any(sheet.pattern) else named


def _n_common(sheet: RecognisedSheet, other: RecognisedSheet) -> int:
    """How many of the numbers of cases of a sheet another has."""
    return int(np.isin(_numbers(sheet), _numbers(other), assume_unique=True).sum())


def _numbers(sheet: RecognisedSheet) -> np.ndarray:
    """The distinct numbers of cases on a sheet, each as a number for its one form; of a long sheet those of all rows."""
    likely = [(p.heading, p.best.targets) for p in sheet.proposals if p.best.confidence >= MAYBE]
    headings = [heading for heading, targets in likely if "cases.case_id" in [target.field for target in targets]]
    if sheet.crosswalk and (heading := sheet.crosswalk.heading_of(CASES, "case_id")):
        headings += [name for name in sheet.columns if vocabulary.key(name) == vocabulary.key(heading)]
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *(_hashed(sheet.columns[name]) for name in headings)]))


def _hashed(profile: ColumnProfile) -> np.ndarray:
    if profile.ids is not None:
        return profile.ids
    return hashed(pa.array([key_folding.identifier(text) for text in profile.filled], TEXT))
