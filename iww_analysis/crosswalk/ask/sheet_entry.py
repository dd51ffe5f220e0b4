"""Make of what was chosen for a sheet an entry of the crosswalk."""

from collections.abc import Mapping, Sequence

from iww_analysis.crosswalk.ask.number_and_date_style import NumberAndDateStyle
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, SheetCrosswalk
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.heading_likeness import ELSEWHERE
from iww_analysis.crosswalk.propose.proposal import SURE, Candidate, HeadingProposal
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, file_pattern, literal, sheet_pattern
from iww_analysis.crosswalk.write import SheetEntry, TomlLine, comment, written
from iww_analysis.tables import TABLES


def pattern_of(sheet: RecognisedSheet, every: Sequence[RecognisedSheet]) -> tuple[str, str]:
    """The widest name under which no sheet of another kind falls: with stars for dates, else as it is."""
    pattern = file_pattern(sheet.file), sheet_pattern(sheet.sheet)
    probe = SheetCrosswalk(*pattern, "", "", {})
    same = all(other.form == sheet.form for other in every if probe.fits(other.file, other.sheet))
    return pattern if same else (literal(sheet.file), literal(sheet.sheet))


def sheet_entry(
    sheet: RecognisedSheet,
    known: Crosswalk,
    chosen: Mapping[str, Candidate | None],
    constants: Sequence[TomlLine],
    style: NumberAndDateStyle,
) -> SheetEntry:
    """Give the lines of one kind of sheet, or those that its entry lacks."""
    head: list[TomlLine] = []
    number = None
    if sheet.crosswalk:
        number = next(n for n, entry in enumerate(known.sheets) if entry.fits(sheet.file, sheet.sheet))
    elif sheet.form:
        doubt = {"confidence": sheet.confidence, "form": sheet.form.nl}
        unsure = comment("form_unsure", **doubt) if sheet.confidence < SURE else ""
        names = zip(("file", "sheet"), sheet.pattern, strict=True)
        head = [*(TomlLine(name, text) for name, text in names if text), TomlLine("one_row_is", sheet.anchor, unsure)]
    read = {heading: best for heading, best in chosen.items() if not (best and best.ignore)}
    return SheetEntry(
        number,
        head=[*head, style.order] if style.order else head,
        columns=[_column(proposal, read[proposal.heading]) for proposal in sheet.proposals if proposal.heading in read],
        constants=constants,
        orders=list(style.orders),
        decimals=list(style.decimals),
        ids=[TomlLine(target.column, width)
             for heading, best in read.items() if best for target in best.targets[:1]
             if TABLES[target.table][target.column].kind == "key"
             and (width := column_profile.lost_zeros(sheet.columns[heading]))],
        ignore=[TomlLine(heading, best.ignore) for heading, best in chosen.items() if best and best.ignore],
    )  # fmt: skip


def _column(proposal: HeadingProposal, chosen: Candidate | None) -> TomlLine:
    if chosen is None:
        named = ", ".join(f"{c.ignore or c.label} ({c.confidence} %)" for c in proposal.candidates)
        like = comment("looks_like", candidates=named) if named else proposal.best.reason.say("nl")
        return TomlLine(proposal.heading, OPEN, like)
    beside = f"{chosen.confidence} %: {chosen.reason.say('nl')}" if chosen.confidence < ELSEWHERE else ""
    return TomlLine(proposal.heading, written(chosen.targets), beside)
