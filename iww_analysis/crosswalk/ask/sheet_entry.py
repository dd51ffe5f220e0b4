"""Make of what was chosen for a sheet an entry of the crosswalk; ask what every row needs and no heading gives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iww_analysis.crosswalk.ask.number_and_date_style import NumberAndDateStyle
from iww_analysis.crosswalk.ask.open_question import CERTAIN, Consultation, OpenQuestion, key, of_list
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, HeadingTargets, SheetCrosswalk, Target
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.headings import ELSEWHERE
from iww_analysis.crosswalk.propose.proposal import SURE, Candidate, HeadingProposal, Reason
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, file_pattern, literal, sheet_pattern
from iww_analysis.crosswalk.write import TomlLine, comment, written
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column

GIVEN = ("municipality", "team")  # what the card of origin can say for all rows
OF_A_SCORE = ("score", "date", "rater")


def pattern_of(sheet: RecognisedSheet, every: Sequence[RecognisedSheet]) -> tuple[str, str]:
    """The widest name under which no sheet of another kind falls: with stars for dates, else as it is."""
    pattern = file_pattern(sheet.file), sheet_pattern(sheet.sheet)
    probe = SheetCrosswalk(*pattern, "", "", {})
    same = all(other.form == sheet.form for other in every if probe.fits(other.file, other.sheet))
    return pattern if same else (literal(sheet.file), literal(sheet.sheet))


def sheet_entry(
    sheet: RecognisedSheet, known: Crosswalk, columns: HeadingTargets, chosen: Mapping[str, Candidate | None],
    consultation: Consultation,
) -> tuple[int | None, list[TomlLine], dict[str, list[TomlLine]]]:  # fmt: skip
    """Give the lines of one kind of sheet, or those that its entry lacks, as `CrosswalkFile.add_sheet` takes them.

    `columns`: what every heading fills, known before or now; `chosen`: what the headings mean that are new or were open.
    """
    constants = list(_constants(sheet, columns, consultation))
    style = NumberAndDateStyle(sheet, columns, consultation.answer, known.sheet_for(sheet.file, sheet.sheet))
    number, head = None, [style.order] if style.order else []
    if sheet.crosswalk:
        number = next(n for n, entry in enumerate(known.sheets) if entry.fits(sheet.file, sheet.sheet))
    elif sheet.form:
        doubt = {"confidence": sheet.confidence, "form": sheet.form.nl}
        unsure = comment("form_unsure", **doubt) if sheet.confidence < SURE else ""
        names = [("file", sheet.pattern[0]), ("sheet", sheet.pattern[1])]
        head = [*(TomlLine(*each) for each in names if each[1]), TomlLine("one_row_is", sheet.anchor, unsure), *head]
    read = [p for p in sheet.proposals if not ((best := chosen[p.heading]) and best.ignore)]
    return (
        number,
        head,
        {
            "columns": [_column(proposal, chosen[proposal.heading]) for proposal in read],
            "constants": constants,
            "date_orders": list(style.orders),
            "decimals": list(style.decimals),
            "ids": [line for proposal in read if (best := chosen[proposal.heading]) for line in _width(proposal, best)],
            "ignore": [TomlLine(heading, best.ignore) for heading, best in chosen.items() if best and best.ignore],
        },
    )


def _column(proposal: HeadingProposal, chosen: Candidate | None) -> TomlLine:
    if chosen is None:
        named = ", ".join(f"{c.ignore or c.label} ({c.confidence} %)" for c in proposal.candidates)
        like = comment("looks_like", candidates=named) if named else proposal.best.reason.say("nl")
        return TomlLine(proposal.heading, OPEN, like)
    beside = f"{chosen.confidence} %: {chosen.reason.say('nl')}" if chosen.confidence < ELSEWHERE else ""
    return TomlLine(proposal.heading, written(chosen.targets), beside)


def _width(proposal: HeadingProposal, chosen: Candidate) -> Iterator[TomlLine]:
    """How wide identifiers are that lost their leading zeros."""
    for target in chosen.targets[:1]:
        width = column_profile.lost_zeros(proposal.profile)
        if width and TABLES[target.table][target.column].kind == "key":
            yield TomlLine(target.column, width)


def _constants(sheet: RecognisedSheet, columns: HeadingTargets, consultation: Consultation) -> Iterator[TomlLine]:
    """What every row needs and no heading gives: a code can hold for all rows of the sheet, the rest is said.

    What a heading gives by now is a line without a value.
    """
    every = [target for targets in columns.values() for target in targets]
    given = {(target.table, name) for target in every for name in (target.column, *dict(target.constants))}
    given |= set(sheet.crosswalk.constants) if sheet.crosswalk else set()
    likely = {(t.table, t.column) for p in sheet.proposals for c in p.candidates for t in c.targets}
    yield from (TomlLine(f"{table}.{name}", None) for table, name in given)
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
        yield TomlLine(field, answer or OPEN, "" if answer else comment("constant", means=column.nl))
        label = f"{field} = {answer}" if answer else f"{OPEN} {field}"
        reason = Reason("asked" if answer else "no_heading")
        consultation.note(sheet, "", label, CERTAIN if answer else 0, reason)


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
