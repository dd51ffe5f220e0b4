"""Account for every row of every file: what it was, and what became of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from iww_analysis.cleaning.row_fates import ROW_FATES
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.tables.layout import KINDS

FORMAT = "iww-ledger/1"


def entry(place: Place, rows_in_file: int, rows: pd.DataFrame) -> dict[str, Any]:
    """Make one sheet's line of the ledger: each number counted on its own, none derived from another.

    `rows`: kind (one of layout.KINDS) of every row of the file; fate and reason of those that were read.
    """
    line: dict[str, Any] = {"file": place.file, "sheet": place.sheet or "", "rows_in_file": rows_in_file}
    line |= {f"rows_{kind}": int((rows["kind"] == kind).sum()) for kind in KINDS}
    line |= {f"rows_{fate}": int((rows["fate"] == fate).sum()) for fate in ROW_FATES}
    reasons = rows["reason"].dropna().astype("str").value_counts().sort_index()
    return line | {"set_aside_by_reason": {str(reason): int(n) for reason, n in reasons.items()}}


def check(line: Mapping[str, Any]) -> None:
    """Refuse a line that does not balance: a row was lost or counted twice."""
    place = Place(line["file"], line["sheet"])
    sums = (
        ("rows_in_file", [f"rows_{kind}" for kind in KINDS]),
        ("rows_read", [f"rows_{fate}" for fate in ROW_FATES]),
    )
    faults = [
        Message(
            "ledger_unbalanced", place, {"total": total, "expected": line[total], "found": sum(line[p] for p in parts)}
        )
        for total, parts in sums
        if line[total] != sum(line[part] for part in parts)
    ]
    if line["rows_set_aside"] != sum(line["set_aside_by_reason"].values()):
        faults.append(Message("ledger_unbalanced", place, {
            "total": "set_aside_by_reason", "expected": line["rows_set_aside"],
            "found": sum(line["set_aside_by_reason"].values())}))  # fmt: skip
    if faults:
        raise IwwError(*faults)
