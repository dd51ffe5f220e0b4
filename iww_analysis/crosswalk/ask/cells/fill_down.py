"""Ask whether rows without the number of their record go on with the row above: it can stand on the first line only."""

from collections.abc import Iterator

from iww_analysis.crosswalk.ask.open_question import Consultation, OpenQuestion, in_words, key
from iww_analysis.crosswalk.crosswalk import NO, OPEN, YES, HeadingTargets
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.messages import sentences
from iww_analysis.tables import TABLES

LEAST, SHARE = 2, 0.05  # rows without a number, and of all rows, from which they are asked about: fewer were forgotten


def fill_down(sheet: RecognisedSheet, columns: HeadingTargets, consultation: Consultation) -> Iterator[TomlLine]:
    """Give the lines of the headings of which a person says whether rows go on with the row above, or that are a question."""
    known = sheet.crosswalk.fill_down if sheet.crosswalk else {}
    answers = sentences.read("proposals")["answer"]["fill_down"]
    for heading, targets in columns.items():
        means = [t.statement for t in targets if t.table == sheet.anchor and t.column in TABLES[t.table].key]
        profile = sheet.columns.get(heading)
        if not (profile and means and means[0].required) or known.get(heading, OPEN) != OPEN:
            continue
        n, of = _without(profile), len(profile.texts)
        if n < max(LEAST, SHARE * of):
            continue
        words = {"n": n, "of": of, "means": means[0].nl}
        choices = tuple(in_words(value, answers[value], **words) for value in (YES, NO))
        about = key("fill_down", *sheet.pattern, heading)
        question = OpenQuestion("ask_fill_down", sheet.place(heading), words, choices, key=about, n=n, of=of)
        answer = consultation.answer(question)
        yield TomlLine(heading, answer or OPEN, "" if answer else comment("fill_down", **words))


def _without(profile: ColumnProfile) -> int:
    """How many rows lack a text below one that has it."""
    blank = profile.texts.str.strip() == ""
    return int(blank.sum()) if len(blank) and not blank.iloc[0] else 0
