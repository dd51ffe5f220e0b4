"""Propose what the headings of a sheet mean, all together: every field is filled by one of them."""

from collections.abc import Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, MOST, ColumnProfile
from iww_analysis.crosswalk.propose.heading_match import (
    BY_VALUES,
    GUESSED,
    MAYBE,
    UNFIT,
    HeadingMatch,
    best_of_each,
    likenesses,
)
from iww_analysis.crosswalk.propose.proposal import SURE, Candidate, HeadingOption, HeadingProposal, Reason, ignored
from iww_analysis.tables.cells import dates
from iww_analysis.tables.cells.distinct_values import read_distinct
from iww_analysis.tables.statement import Table, Tables

ANY_NUMBER = {"nr", "no", "nummer", "volgnr", "volgnummer", "id", "rij", "regel"}  # headings that do not say of what
N_NAMED = 3  # candidates named to a person

Candidates = dict[str, list[Candidate]]  # heading -> candidates, best first


def propose_headings(
    profiles: Mapping[str, ColumnProfile], options: Sequence[HeadingOption], anchor: Table, tables: Tables,
    taken: Mapping[Target, str],
) -> tuple[HeadingProposal, ...]:  # fmt: skip
    """Propose a meaning for every heading; `taken`: fields that headings in the crosswalk already fill."""
    if not profiles:
        return ()
    matches = [
        HeadingMatch(heading, profile, alike, options, anchor, tables)
        for (heading, profile), alike in zip(profiles.items(), likenesses(list(profiles), options), strict=True)
    ]
    candidates = {match.heading: match.candidates() for match in matches}
    filled = dict(taken)
    _tell_line_numbers(profiles, candidates)
    _share_out(candidates, filled)
    _fill_by_shape(profiles, options, anchor, candidates, filled)
    _share_out(candidates, filled)
    proposals = []
    for match in matches:
        named = _named(candidates[match.heading], filled)
        possible = tuple(match.possible(named, filled))
        proposals.append(HeadingProposal(match.heading, match.profile, named, possible))
    return tuple(proposals)


def _is_sure(candidates: Sequence[Candidate]) -> bool:
    return bool(candidates) and candidates[0].confidence >= SURE


def _tell_line_numbers(profiles: Mapping[str, ColumnProfile], candidates: Candidates) -> None:
    """A column that counts the rows is no case number where another column can be it, unless its heading says so."""
    if any(profile.is_key and not profile.is_line_number for profile in profiles.values()):
        for heading, profile in profiles.items():
            best = candidates[heading][0] if _is_sure(candidates[heading]) else None
            says_so = best and (best.ignore or vocabulary.key(heading) not in ANY_NUMBER)
            if profile.is_key and profile.is_line_number and not says_so:
                candidates[heading].insert(0, ignored("line_number", BY_VALUES))


def _share_out(candidates: Candidates, filled: dict[Target, str]) -> None:
    """Let every field be filled by one heading, the surest; a second one becomes a question."""
    for heading in sorted((h for h in candidates if candidates[h]), key=lambda h: -candidates[h][0].confidence):
        while _is_sure(candidates[heading]):
            best, *others = candidates[heading]
            rival = next((filled[slot] for slot in best.slots if filled.get(slot, heading) != heading), None)
            if rival is None:
                filled.update(dict.fromkeys(best.slots, heading))
                break
            candidates[heading] = best_of_each([best.less(UNFIT, Reason("taken", {"heading": rival})), *others])


def _fill_by_shape(
    profiles: Mapping[str, ColumnProfile], options: Sequence[HeadingOption], anchor: Table, candidates: Candidates,
    filled: Mapping[Target, str],
) -> None:  # fmt: skip
    """For what the form cannot do without and no heading gives: the only number of its own, the earliest day."""
    free = [heading for heading in profiles if not _is_sure(candidates[heading])]
    for column in anchor:
        slot = Target(anchor.name, column.name)
        if not column.required or slot in filled:
            continue
        if column.kind == "key" and anchor.key == (column.name,):
            headings = [heading for heading in free if profiles[heading].is_key]
            confidence, reason = (SURE if len(headings) == 1 else GUESSED), Reason("own_number")
        elif column.kind == "date":
            headings, confidence, reason = _first_days(profiles, free), GUESSED, Reason("first_day")
        else:
            continue
        targets = next((option.targets for option in options if slot in option.targets), (slot,))
        for heading in headings:
            candidates[heading] = best_of_each([Candidate(targets, confidence, reason), *candidates[heading]])


def _first_days(profiles: Mapping[str, ColumnProfile], free: Sequence[str]) -> list[str]:
    """Columns of days that are (nearly) always filled and hardly ever later than another day of the row."""
    columns = {heading: profile for heading, profile in profiles.items() if profile.days >= ENOUGH}
    read = dates.date_reader(column_profile.date_order(columns.values()).order)
    days = {heading: read_distinct(profile.texts, read).days for heading, profile in columns.items()}

    def is_first(heading: str) -> bool:
        others = (other for name, other in days.items() if name != heading)
        return all((days[heading] <= other)[other.notna()].mean() >= MOST for other in others)

    return [h for h in columns if h in free and columns[h].share_filled >= 0.95 and is_first(h)]


def _named(candidates: Sequence[Candidate], filled: Mapping[Target, str]) -> tuple[Candidate, ...]:
    """The candidates worth naming: the likeliest, and for a column of days the days that no heading gives yet."""
    likely = [c for c in candidates if c.confidence >= MAYBE][:N_NAMED]
    others = [c for c in candidates if c.confidence < MAYBE and not any(slot in filled for slot in c.slots)]
    return (*likely, *others)
