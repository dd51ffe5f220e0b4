"""Read headings of a sheet on its side, where no list says what they are: an item of a form, or a year."""

import re
from collections.abc import Mapping

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.propose.column_profile import ENOUGH, ColumnProfile
from iww_analysis.crosswalk.propose.proposal import SURE, Candidate, Candidates, Reason, best_of_each, is_sure
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column

A_COLUMN = "a_column"
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def read_columns(profiles: Mapping[str, ColumnProfile], candidates: Candidates, form: vocabulary.Form) -> None:
    """Propose what each heading stands for of which nothing is sure, as far as the cells under it can be what they are."""
    for heading, profile in profiles.items() if form.a_column_is else ():
        if profile.numbered >= ENOUGH and not is_sure(candidates[heading]):
            found = columns_of(heading, form)
            if len(found) > 1:
                named = [c for c in found if c.targets[0].statement.nl in vocabulary.key(heading)]
                found = named or found[:1]
            candidates[heading] = best_of_each([*found, *candidates[heading]])


def is_a_column(candidate: Candidate) -> bool:
    """Say whether a heading is taken for what a column stands for."""
    return candidate.reason.name == A_COLUMN


def columns_of(heading: str, form: vocabulary.Form) -> list[Candidate]:
    """What a heading can stand for by its own words: an item it is itself, a year it holds."""
    table = TABLES[form.one_row_is]
    (name,) = form.a_column_is if len(form.a_column_is) == 1 else ("",)
    value = _value(heading, table[name]) if name else ""
    if not value:
        return []
    return [
        Candidate((Target(table.name, cell, "", ((name, value),)),), SURE - 1, Reason(A_COLUMN))
        for cell in form.cells_are
    ]


def _value(heading: str, column: Column) -> str:
    if column.kind == "integer":
        years = YEAR.findall(heading)
        return str(years[0]) if len(years) == 1 else ""
    return " ".join(heading.split()) if column.kind == "label" else ""
