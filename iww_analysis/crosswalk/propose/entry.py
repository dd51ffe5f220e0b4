"""Make of what was chosen for a sheet an entry of the crosswalk."""

from collections.abc import Mapping, Sequence

from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, SheetCrosswalk
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.heading_match import ELSEWHERE
from iww_analysis.crosswalk.propose.number_and_date_style import Notation
from iww_analysis.crosswalk.propose.proposal import SURE, Candidate, Proposal, Why
from iww_analysis.crosswalk.propose.recognise import Guess, file_pattern, literal, sheet_pattern
from iww_analysis.crosswalk.write import Entry, Line, comment, written
from iww_analysis.tables import TABLES


def pattern_of(guess: Guess, every: Sequence[Guess]) -> tuple[str, str]:
    """The widest name under which no sheet of another kind falls: with stars for dates, else as it is."""
    file, sheet = file_pattern(guess.file), sheet_pattern(guess.sheet)
    probe = SheetCrosswalk(file, sheet, "", "", {})
    same = all(other.form == guess.form for other in every if probe.fits(other.file, other.sheet))
    return (file, sheet) if same else (literal(guess.file), literal(guess.sheet))


def entry(
    guess: Guess,
    known: Crosswalk,
    pattern: tuple[str, str],
    chosen: Mapping[str, Candidate | None],
    constants: Sequence[Line],
    notation: Notation,
) -> Entry:
    """Give the lines of one kind of sheet, or those that its entry lacks."""
    head: list[Line] = []
    if guess.walk is None and guess.form:
        unsure = (
            comment("form_unsure", confidence=guess.confidence, form=guess.form.nl) if guess.confidence < SURE else ""
        )
        head = [
            *(Line(name, text) for name, text in zip(("file", "sheet"), pattern, strict=True) if text),
            Line("one_row_is", guess.anchor, unsure),
        ]
    head += [notation.order] if notation.order else []
    by_heading = {proposal.heading: proposal for proposal in guess.proposals}
    read = {heading: best for heading, best in chosen.items() if not (best and best.ignore)}
    return Entry(
        number=next(n for n, walk in enumerate(known.sheets) if walk.fits(guess.file, guess.sheet)) if guess.walk else None,
        head=head,
        columns=[_column(by_heading[heading], best) for heading, best in read.items()],
        constants=constants,
        orders=list(notation.orders),
        decimals=list(notation.decimals),
        ids=[Line(target.column, width) for heading, best in read.items() if best for target in best.targets[:1]
             if TABLES[target.table][target.column].kind == "key" and (width := column_profile.lost_zeros(guess.under[heading]))],
        ignore=[Line(heading, best.ignore) for heading, best in chosen.items() if best and best.ignore],
    )  # fmt: skip


def _column(proposal: Proposal, best: Candidate | None) -> Line:
    if best is None:
        named = ", ".join(f"{c.ignore or c.label} ({c.confidence} %)" for c in proposal.candidates)
        like = comment("looks_like", candidates=named) if named else nothing(proposal).why.say("nl")
        return Line(proposal.heading, OPEN, like)
    said = f"{best.confidence} %: {best.why.say('nl')}" if best.confidence < ELSEWHERE else ""
    return Line(proposal.heading, written(best.targets), said)


def nothing(proposal: Proposal) -> Candidate:
    """What a heading is taken for that looks like nothing known."""
    return Candidate((), 0, Why("nothing" if proposal.look.distinct else "empty"))
