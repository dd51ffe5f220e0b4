"""Set aside what is about a municipality that the card of its delivery does not name: mistyped it would be a panel of its own."""

from collections.abc import Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import Cleaned, Severity, problems_of
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Table


def on_the_card(cleaned: Mapping[str, Cleaned], anchor: str, municipalities: tuple[str, ...]) -> dict[str, Cleaned]:
    """The records of a batch without those of a municipality that its card does not name; municipality_elsewhere.

    Of the anchor the row cannot be used; what stands beside it goes alone, and the other records of the row stay.
    `municipalities`: those of the card; where it names none, any is one of them.
    """
    known = [*municipalities, *vocabulary.read("missing").codes]
    held = {name: _held(TABLES[name], each, known, name == anchor) for name, each in cleaned.items()}
    return held if municipalities else {**cleaned}


def is_of_source(table: Table) -> bool:
    """Whether the municipality of a table's records is one that its source speaks for; those of a region are not."""
    return "municipality" in table and "region" not in table


def _held(table: Table, cleaned: Cleaned, known: Sequence[str], is_anchor: bool) -> Cleaned:
    if not is_of_source(table):
        return cleaned
    records, codes = cleaned.records, cleaned.records["municipality"]
    elsewhere = codes.notna() & ~codes.isin(known)
    severity: Severity = "row" if is_anchor else "cell"
    problems = problems_of(table.name, "municipality", records[elsewhere], "municipality_elsewhere", severity)
    return cleaned.with_records(records if is_anchor else records[~elsewhere], problems)
