"""Ask what a row is where two kinds fit: a list of referrals reads like a list of cases, and would replace those."""

from collections.abc import Sequence
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask.open_question import Choice, Consultation, OpenQuestion, key
from iww_analysis.crosswalk.crosswalk import Crosswalk
from iww_analysis.crosswalk.propose import recognise
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.messages import sentences
from iww_analysis.tables.cells import key_folding

CASES, REFERRALS = "cases", "referrals"
TELLING = ("cases.date_closed", "cases.status", "cases.closure_reason")  # what a list of cases tells alone
OF_BOTH = (
    "cases.case_id",
    "cases.date_referral",
    "cases.municipality",
    "cases.team",
)  # what one of referrals has as well
MANY = 0.5  # share of its numbers that the list of cases has


def row_kind(sheet: RecognisedSheet, others: Sequence[RecognisedSheet], consultation: Consultation) -> str | None:
    """Give the table of which a row makes a record, of a sheet taken for cases; None where two fit and nobody answers.

    Two fit where it says nothing of how cases ended, and another sheet that does has most of its numbers, or its name and
    all that it holds are of referrals.
    """
    rival = next((other for other in others if _is_rival(sheet, other)), None)
    if rival is None and not _is_of_referrals(sheet):
        return CASES
    n, common = len(_numbers(sheet)), len(_numbers(sheet) & (_numbers(rival) if rival else set()))
    words: dict[str, Any] = {"n": n, "common": common, "rows": sheet.n_rows}
    words |= {"other": rival.place().say("nl")} if rival else {}
    kind = "row" if rival else "row_alone"
    said = sentences.read("proposals")["answer"][kind]
    choices = tuple(
        Choice(table, **{lang: text.format(**words) for lang, text in said[table].items()})
        for table in (REFERRALS, CASES)
    )
    about, of = key("row", sheet.file, sheet.sheet), sheet.n_rows
    concerned = common if rival else n
    answer = consultation.answer(
        OpenQuestion(f"ask_{kind}", sheet.place(), words, choices, key=about, n=concerned, of=of)
    )
    if not answer:
        consultation.say(f"{kind}_open", sheet, **words)
    return answer or None


def as_referrals(sheet: RecognisedSheet, others: Sequence[Crosswalk]) -> RecognisedSheet:
    """The same sheet as a list of referrals."""
    return recognise.as_form(sheet, _form(), others)


def _form() -> vocabulary.Form:
    return next(form for form in vocabulary.forms() if form.one_row_is == REFERRALS)


def _is_of_referrals(sheet: RecognisedSheet) -> bool:
    """Whether a sheet bears the name of a list of referrals, and fills nothing but what such a list has."""
    named = vocabulary.key(f"{sheet.file} {sheet.sheet}")
    words = (_form().name.removesuffix("en"), REFERRALS.removesuffix("s"))
    of_referrals = {field for field in _fields(sheet) if field in OF_BOTH or field.startswith(f"{REFERRALS}.")}
    return any(word in named for word in words) and of_referrals == _fields(sheet)


def _fields(sheet: RecognisedSheet) -> set[str]:
    known = [target for targets in sheet.crosswalk.columns.values() for target in targets] if sheet.crosswalk else []
    sure = [target for p in sheet.proposals if p.sure for target in p.sure.targets]
    return {target.field for target in (*known, *sure)}


def _is_rival(sheet: RecognisedSheet, other: RecognisedSheet) -> bool:
    if other is sheet or sheet.anchor != CASES or other.anchor != CASES or _kind(sheet) == _kind(other):
        return False
    tells = [bool({*TELLING} & _fields(each)) for each in (sheet, other)]
    numbers = _numbers(sheet)
    return tells == [False, True] and len(numbers & _numbers(other)) >= MANY * len(numbers) > 0


def _kind(sheet: RecognisedSheet) -> tuple[str, str]:
    return recognise.file_pattern(sheet.file), recognise.sheet_pattern(sheet.sheet)


def _numbers(sheet: RecognisedSheet) -> set[str]:
    """The numbers of cases on a sheet, each in its one form."""
    headings = [p.heading for p in sheet.proposals if p.sure and "cases.case_id" in [t.field for t in p.sure.targets]]
    if sheet.crosswalk and (heading := sheet.crosswalk.heading_of(CASES, "case_id")):
        headings += [name for name in sheet.columns if vocabulary.key(name) == vocabulary.key(heading)]
    return {key_folding.identifier(text) for name in headings for text in sheet.columns[name].filled}
