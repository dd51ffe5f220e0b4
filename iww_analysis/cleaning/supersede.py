"""Tell what a delivery changed of the one before it: which records are new, corrected or gone, and in which fields."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd

from iww_analysis.cleaning.clean import is_missing
from iww_analysis.cleaning.row_status import Rows
from iww_analysis.tables.statement import Table

COLUMNS = ["table", "delivery", "since", "column", "what", "n"]
NOT_DELIVERED = ("extraction_date",)  # the card says it, of every row
RECORDS = ("before", "now", "new", "repeated", "corrected", "gone")


def renewals(parts: Sequence[Rows], table: Table) -> pd.DataFrame:
    """Compare each delivery with the one before (`since`), by the key of the records that its rows make.

    One row per count. Of the records (`column` is ""): before, now, new, repeated (the same cells), corrected (any other
    cell, also one that is not read), gone. Per column, of the records that can be used: known_before, known, and of
    those that were corrected filled, emptied (the later one wins, also when it knows less) and other.
    """
    days = sorted({part.delivery for part in parts})
    if len(days) < 2:
        return pd.DataFrame(columns=COLUMNS).astype({"n": "int64"})
    rows = _rows(parts)
    found = [
        {"table": table.name, "delivery": day, "since": since, "column": column, "what": what, "n": int(n)}
        for since, day in pairwise(days)
        for column, what, n in _compared(rows[rows["delivery"] == since], rows[rows["delivery"] == day], parts, table)
    ]
    return pd.DataFrame(found, columns=COLUMNS).astype({"n": "int64"})


def _rows(parts: Sequence[Rows]) -> pd.DataFrame:
    """One row per key and delivery: a row that contradicts another is no second record."""
    every = [part.frame.assign(part=number, delivery=part.delivery) for number, part in enumerate(parts)]
    rows = pd.concat(every, ignore_index=True)
    return rows[rows["keyed"]].drop_duplicates(["key", "delivery"])


def _compared(
    before: pd.DataFrame, now: pd.DataFrame, parts: Sequence[Rows], table: Table
) -> Iterator[tuple[str, str, int]]:
    both = before.reset_index().merge(now.reset_index(), on="key", suffixes=("", "_now"), validate="one_to_one")
    other = both[both["content"] != both["content_now"]]
    counts = (len(before), len(now), len(now) - len(both), len(both) - len(other), len(other), len(before) - len(both))
    yield from (("", what, n) for what, n in zip(RECORDS, counts, strict=True))
    was, became = _records(before, parts), _records(now, parts)
    pairs = other[other["index"].isin(was.index) & other["index_now"].isin(became.index)]
    for column in table:
        name = column.name
        if name in table.stored and name not in (*table.key, *NOT_DELIVERED) and name in was and name in became:
            yield name, "known_before", (~is_missing(was[name])).sum()
            yield name, "known", (~is_missing(became[name])).sum()
            yield from _values(name, was[name].loc[pairs["index"]], became[name].loc[pairs["index_now"]])


def _values(column: str, old: pd.Series, new: pd.Series) -> Iterator[tuple[str, str, int]]:
    old, new = old.reset_index(drop=True), new.reset_index(drop=True)
    had, has = ~is_missing(old), ~is_missing(new)
    yield column, "filled", (~had & has).sum()
    yield column, "emptied", (had & ~has).sum()
    yield column, "other", (had & has & (old != new)).sum()


def _records(rows: pd.DataFrame, parts: Sequence[Rows]) -> pd.DataFrame:
    """The clean anchor records of some rows, on their index; a row without a usable one is left out."""
    found = []
    for number, own in rows.groupby("part"):
        index_of = pd.Series(own.index, index=own["source_row"])
        records = parts[int(str(number))].anchor(own["source_row"])
        found.append(records.set_axis(index_of.loc[records["source_row"]].to_numpy()))
    return pd.concat(found) if found else pd.DataFrame()
