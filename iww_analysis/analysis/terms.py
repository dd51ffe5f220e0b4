"""Name once what several questions use: joins, conditions, and numbers beside a count."""

from iww_analysis import vocabulary
from iww_analysis.analysis.question import Derive, Join, Statistic, Where

MUNICIPALITY = Join("cases", {"municipality": "municipality"})
CASE_JOIN = Join("cases", {name: name for name in ("municipality", "case_label", "date_referral")})
ELEMENTS = vocabulary.read("working_element").codes
PARTIES = vocabulary.read("perspective").codes
DYAD = ("client", "professional")  # the two voices on one case
THERE = ("yes", "partly")
ANSWERS = (*THERE, "no")  # not discussed is none of them
CASE_KNOWN = Where("case_id", "known")
CASE_FOUND = Where("municipality", "known", reason="case_not_found")
OF_ELEMENTS = Where("element", "in", ELEMENTS)
NO_RESEARCHER = Where("perspective", "not_in", ("researcher",))
HELD = Where("held", "in", ("yes",), reason="not_held")
JOINT = Where("kind", "in", ("joint_client_meeting",))


def same(**names: str) -> dict[str, Derive]:
    """Give columns another name: new name -> column."""
    return {name: Derive("same", (column,)) for name, column in names.items()}


def days(name: str, until: str) -> dict[str, Derive]:
    """The days from a case's referral until another date, under a name."""
    return {name: Derive("days", ("date_referral", until))}


def first(*names: str, **columns: str) -> dict[str, Statistic]:
    """The first value of columns, under their own name or (new name -> column) another."""
    return {name: Statistic("first", column) for name, column in ({name: name for name in names} | columns).items()}


def count(unit: str, *names: str, **columns: str) -> dict[str, Statistic]:
    """The count of units, and beside it what `first` gives."""
    return {unit: Statistic("units"), **first(*names, **columns)}
