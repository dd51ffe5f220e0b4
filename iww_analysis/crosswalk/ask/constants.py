"""Ask what holds for all rows of a sheet, where every record needs it and no heading gives it."""

from collections.abc import Iterable, Mapping

from iww_analysis.crosswalk.ask.consultation import CERTAIN, Consultation
from iww_analysis.crosswalk.ask.open_question import OpenQuestion, key, of_list
from iww_analysis.crosswalk.crosswalk import OPEN, Target
from iww_analysis.crosswalk.propose.proposal import Reason
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.write import TomlLine, comment
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column

GIVEN = ("municipality", "team")  # what the card of origin can say for all rows
OF_A_SCORE = ("score", "date", "rater")


def constant_lines(
    sheet: RecognisedSheet, columns: Mapping[str, tuple[Target, ...]], consultation: Consultation
) -> list[TomlLine]:
    """What every row needs and no heading gives: a code can hold for all rows of the sheet, the rest is said.

    What a heading gives by now is a line without a value.
    """
    every = [target for targets in columns.values() for target in targets]
    given = {(target.table, name) for target in every for name in (target.column, *dict(target.constants))}
    given |= set(sheet.crosswalk.constants) if sheet.crosswalk else set()
    likely = {(t.table, t.column) for p in sheet.proposals for c in p.candidates for t in c.targets}
    lines = [TomlLine(f"{table}.{name}", None) for table, name in given]
    for table, column in _needed(sheet, every):
        field = f"{table}.{column.name}"
        if (table, column.name) in given:
            continue
        if not column.vocabulary or (table, column.name) in likely:
            if table == sheet.anchor:
                consultation.say("required_open", sheet, means=column.nl, field=field)
            continue
        answer = consultation.answer(OpenQuestion(
            "ask_constant", sheet.place(), {"means": column.nl}, of_list(column.vocabulary),
            key=key("constant", *sheet.pattern, column.name), n=sheet.n_rows, of=sheet.n_rows,
        ))  # fmt: skip
        lines.append(TomlLine(field, answer or OPEN, "" if answer else comment("constant", means=column.nl)))
        label = f"{field} = {answer}" if answer else f"{OPEN} {field}"
        reason = Reason("asked" if answer else "no_heading")
        consultation.note(sheet, "", label, CERTAIN if answer else 0, reason)
    return lines


def _needed(sheet: RecognisedSheet, every: Iterable[Target]) -> list[tuple[str, Column]]:
    """What no record can do without: of the table itself, and the version of the instrument of every score."""
    required = [
        (sheet.anchor, column) for column in TABLES[sheet.anchor] if column.required and column.name not in GIVEN
    ]
    unversioned = {
        t.table for t in every
        if "instrument_version" in TABLES[t.table] and t.table != sheet.anchor and t.column in OF_A_SCORE
        and "instrument_version" not in dict(t.constants)
    }  # fmt: skip
    return required + [(table, TABLES[table]["instrument_version"]) for table in sorted(unversioned)]
