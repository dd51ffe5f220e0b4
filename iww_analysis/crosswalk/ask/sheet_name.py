"""Ask what the names of the sheets of one table say of the rows on them: the team, the municipality, the moment, or nothing."""

from collections.abc import Iterator, Sequence

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask.open_question import Choice, Consultation, OpenQuestion, key
from iww_analysis.crosswalk.crosswalk import NAMED, NO, OPEN, HeadingTargets, SheetName, Target, without_years
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile
from iww_analysis.crosswalk.propose.proposal import GUESSED, SURE
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.propose.sheet_families import label_in
from iww_analysis.crosswalk.propose.unknown_words import shown
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import dates
from iww_analysis.tables.statement import Column

KINDS = ("code", "label", "date")  # of columns that a name can say
N_NAMED = 6  # sheets that are named in an answer


def sheet_name(sheet: RecognisedSheet, columns: HeadingTargets, consultation: Consultation) -> Iterator[TomlLine]:
    """Give the lines of what a person says that the names say, or of the question; none where they can say nothing."""
    if not sheet.family or (sheet.crosswalk and sheet.crosswalk.sheet_name):
        return
    choices = [*_choices(sheet, columns)]
    if not any(choice.confidence for choice in choices):
        return
    choices.sort(key=lambda choice: -choice.confidence)
    words = {"n_sheets": len(sheet.family), "n": sum(each.n_rows for each in sheet.family)}
    nothing = Choice(NO, **sentences.read("proposals")["answer"]["sheet_name"]["no"])
    answer = consultation.answer(OpenQuestion(
        "ask_sheet_name", Place(sheet.file), words, (*choices, nothing), key=key("sheet_name", *sheet.pattern),
        n=words["n"], of=words["n"],
    ))  # fmt: skip
    field, _, written_as = answer.partition(" ")
    yield TomlLine("to", field or OPEN, "" if field else comment("sheet_name", **words))
    if written_as:
        yield TomlLine("written_as", written_as)


def as_column(sheet: RecognisedSheet, said: SheetName) -> tuple[RecognisedSheet, HeadingTargets]:
    """The names of the sheets as if they stood in a column, so that what its words mean can be asked."""
    names = pd.Series([said.text(each.sheet) for each in sheet.family or (sheet,)], dtype="str")
    column = RecognisedSheet(sheet.file, "", columns={name_heading(): ColumnProfile(names)}, n_rows=len(names))
    return column, {name_heading(): (Target(said.table, said.column),)}


def name_heading() -> str:
    """Give the words that stand for the heading of what the names of sheets say."""
    return str(sentences.read("proposals")["answer"]["sheet_name"]["heading"]["nl"])


def _choices(sheet: RecognisedSheet, columns: HeadingTargets) -> Iterator[Choice]:
    """What the names can say that no heading does, in each way in which they can be written."""
    given = {(target.table, target.column) for targets in columns.values() for target in targets}
    given |= {*sheet.crosswalk.constants} if sheet.crosswalk else set()
    names = [each.sheet for each in sheet.family]
    ways = dict.fromkeys((_written_as(names), "{}"))
    for column in TABLES[sheet.anchor]:
        if column.kind in KINDS and not (column.computed or column.transient or (sheet.anchor, column.name) in given):
            said = [SheetName(sheet.anchor, column.name, way) for way in ways]
            sure = [(_confidence(column, names, [each.text(name) for name in names]), each) for each in said]
            best = max(confidence for confidence, _ in sure)
            both = column.name in NAMED and best
            for n, (confidence, each) in enumerate(sure if both else [next(s for s in sure if s[0] == best)]):
                yield _choice(sheet, column, each, max(confidence - n, 0))


def _confidence(column: Column, names: Sequence[str], texts: Sequence[str]) -> int:
    """How likely it is that the names say this; not at all where they read otherwise."""
    if column.kind == "code":
        words = vocabulary.read(column.vocabulary).lookup
        return SURE - 1 if all(vocabulary.key(text) in words for text in texts) else 0
    if column.kind == "date":
        return GUESSED if column.month and all(map(dates.month_of, texts)) else 0
    return GUESSED if column.name in NAMED and all(map(label_in, names)) else 0


def _choice(sheet: RecognisedSheet, column: Column, said: SheetName, confidence: int) -> Choice:
    texts = [said.text(each.sheet) for each in sheet.family]
    pairs = list(zip(texts, (each.n_rows for each in sheet.family), shown(texts), strict=True))[:N_NAMED]
    named = ", ".join(f"‘{text if may else '…'}’ ({n})" for text, n, may in pairs) + (
        " …" if len(texts) > N_NAMED else ""
    )
    wording = sentences.read("proposals")["answer"]["sheet_name"]["field"]
    nl, en = (str(wording[lang]).format(means=means, named=named)
              for lang, means in (("nl", column.nl), ("en", column.name.replace("_", " "))))  # fmt: skip
    return Choice(f"{said.table}.{said.column} {said.written_as}", nl, en, confidence)


def _written_as(names: Sequence[str]) -> str:
    """What stands round the names: the words with which all of them begin, and end."""
    words = [without_years(name).split() for name in names]
    least = min(map(len, words)) - 1
    before = next((n for n in range(least) if len({each[n] for each in words}) > 1), least)
    behind = next((n for n in range(least - before) if len({each[-1 - n] for each in words}) > 1), least - before)
    return " ".join([*words[0][:before], "{}", *words[0][len(words[0]) - behind :]])
