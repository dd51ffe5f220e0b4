"""Ask whether "NA" in a column of names is a name: R and Python write it for an empty cell."""

from collections.abc import Iterator

from iww_analysis.crosswalk.ask.open_question import Consultation, OpenQuestion, in_words, key
from iww_analysis.crosswalk.crosswalk import OPEN, HeadingTargets
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.messages import sentences
from iww_analysis.tables.cells.missing import MISSING, NAME, is_machine_word


def missing_words(sheet: RecognisedSheet, columns: HeadingTargets, consultation: Consultation) -> Iterator[TomlLine]:
    """Give the lines of the headings of names under which "NA" stands: what a person says that it is, or a question."""
    known = sheet.crosswalk.missing_words if sheet.crosswalk else {}
    answers = sentences.read("proposals")["answer"]["missing_words"]
    for heading, targets in columns.items():
        profile = sheet.columns.get(heading)
        if not (profile and any(t.statement.kind == "label" for t in targets)) or known.get(heading, OPEN) != OPEN:
            continue
        n, of = int(profile.texts.map(is_machine_word).sum()), len(profile.texts)
        if not n:
            continue
        choices = tuple(in_words(value, answers[value], n=n) for value in (MISSING, NAME))
        about = key("missing_words", *sheet.pattern, heading)
        question = OpenQuestion(
            "ask_missing_words", sheet.place(heading), {"n": n, "of": of}, choices, key=about, n=n, of=of
        )
        answer = consultation.answer(question)
        yield TomlLine(heading, answer or OPEN, "" if answer else comment("missing_words", n=n))
