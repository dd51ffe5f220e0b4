"""Tell what a delivery changed of the one before it: which records are new, corrected or gone, and in which fields."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd

from iww_analysis.cleaning.clean_batch import CleanBatch, all_rows, records_of
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.statement import Table

COLUMNS = ["table", "delivery", "since", "column", "what", "n"]
NOT_DELIVERED = ("extraction_date",)  # the card says it, of every row
RECORDS = ("before", "now", "new", "repeated", "corrected", "gone")


def renewals(batches: Sequence[CleanBatch], table: Table) -> pd.DataFrame:
    """Compare each delivery with the one before (`since`), by the key of the records that its rows make.

    One row per count. Of the records (`column` is ""): before, now, new, repeated (the same cells), corrected (any other
    cell, also one that is not read), gone. Per column, of the records that can be used: known_before, known, and of
    those that were corrected filled, emptied (the later one wins, also when it knows less) and other.
    """
    days = sorted({batch.delivery for batch in batches})
    if len(days) < 2:
        return pd.DataFrame(columns=COLUMNS).astype({"n": "int64"})
    rows = all_rows(batches)
    rows = rows[rows["keyed"]].drop_duplicates(
        ["key", "delivery"]
    )  # a row that contradicts another is no second record
    deliveries = [rows[rows["delivery"] == number] for number in range(len(days))]
    counts = [
        (table.name, day, since, column, what, int(n))
        for (since, before), (day, now) in pairwise(zip(days, deliveries, strict=True))
        for column, what, n in _compared(before, now, batches, table)
    ]
    return pd.DataFrame(counts, columns=COLUMNS).astype({"n": "int64"})


def _compared(
    before: pd.DataFrame, now: pd.DataFrame, batches: Sequence[CleanBatch], table: Table
) -> Iterator[tuple[str, str, int]]:
    both = before.reset_index().merge(now.reset_index(), on="key", suffixes=("", "_now"), validate="one_to_one")
    other = both[both["content"] != both["content_now"]]
    counts = (len(before), len(now), len(now) - len(both), len(both) - len(other), len(other), len(before) - len(both))
    yield from (("", what, n) for what, n in zip(RECORDS, counts, strict=True))
    was, became = records_of(before, batches), records_of(now, batches)
    pairs = other[other["index"].isin(was.index) & other["index_now"].isin(became.index)]
    for column in table:
        name = column.name
        if name in table.stored and name not in (*table.key, *NOT_DELIVERED) and name in was and name in became:
            yield name, "known_before", (~is_missing(was[name])).sum()
            yield name, "known", (~is_missing(became[name])).sum()
            old = was[name].loc[pairs["index"]].reset_index(drop=True)
            new = became[name].loc[pairs["index_now"]].reset_index(drop=True)
            had, has = ~is_missing(old), ~is_missing(new)
            yield name, "filled", (~had & has).sum()
            yield name, "emptied", (had & ~has).sum()
            yield name, "other", (had & has & (old != new)).sum()
