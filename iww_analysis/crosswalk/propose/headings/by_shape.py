"""Tell what columns are by their shape: what counts the rows, what numbers the records, which day comes first."""

from collections.abc import Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, MOST, ColumnProfile
from iww_analysis.crosswalk.propose.proposal import (
    ANY_NUMBER,
    BY_VALUES,
    GUESSED,
    SURE,
    UNFIT,
    Candidate,
    Candidates,
    HeadingOption,
    Reason,
    best_of_each,
    ignored,
    is_sure,
)
from iww_analysis.tables.cells import dates
from iww_analysis.tables.cells.distinct_values import read_distinct
from iww_analysis.tables.statement import Table

FIRST_NUMBERS = ("0", "1")


def set_counters_aside(
    profiles: Mapping[str, ColumnProfile], candidates: Candidates, anchor: Table, taken: Mapping[Target, str]
) -> None:
    """A column that counts the rows is no number of a record where another can be it, unless its heading says so."""
    counters = [h for h, profile in profiles.items() if is_counter(h, profile) and not _says_so(h, candidates[h])]
    numbers = {
        Target(anchor.name, column.name) for column in anchor if column.name in anchor.key and column.kind == "key"
    }

    def can_number(heading: str) -> bool:
        sure = candidates[heading][0] if is_sure(candidates[heading]) else None
        if sure is None:
            likely = any(c.confidence >= GUESSED and numbers & {*c.slots} for c in candidates[heading])
            return profiles[heading].is_key or (likely and profiles[heading].has_digits)
        return bool(numbers & {*sure.slots}) or (
            len(anchor.key) > 1 and bool(sure.targets) and profiles[heading].is_key
        )

    if numbers & {*taken} or any(can_number(heading) for heading in profiles if heading not in counters):
        for heading in counters:
            less_likely = [c.less(min(c.confidence, UNFIT)) for c in candidates[heading]]
            candidates[heading] = [ignored("line_number", BY_VALUES), *less_likely]


def is_counter(heading: str, profile: ColumnProfile) -> bool:
    """Say whether a column may just count the rows: from one, or under a heading that does not say of what."""
    begins = profile.is_line_number and str(profile.filled.iloc[0]).strip() in FIRST_NUMBERS
    return profile.is_key and profile.is_line_number and (begins or vocabulary.key(heading) in ANY_NUMBER)


def _says_so(heading: str, candidates: Sequence[Candidate]) -> bool:
    return is_sure(candidates) and (bool(candidates[0].ignore) or vocabulary.key(heading) not in ANY_NUMBER)


def fill_by_shape(
    profiles: Mapping[str, ColumnProfile], options: Sequence[HeadingOption], anchor: Table, candidates: Candidates,
    filled: Mapping[Target, str],
) -> None:  # fmt: skip
    """For what the form cannot do without and no heading gives: the only number of its own, the earliest day."""
    free = [heading for heading in profiles if not is_sure(candidates[heading])]
    for column in anchor:
        slot = Target(anchor.name, column.name)
        if not column.required or slot in filled:
            continue
        if column.kind == "key" and anchor.key == (column.name,):
            own = [heading for heading in free if profiles[heading].is_key]
            headings = [heading for heading in own if not is_counter(heading, profiles[heading])]
            confidence, reason = (SURE if len(headings) == 1 else GUESSED), Reason("own_number")
            headings = headings or own  # what counts the rows alone: a person knows
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
