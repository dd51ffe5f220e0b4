"""Tell what a delivery changed of the one before it: which records are new, corrected or gone, and in which fields.

What replaces most of what was known is told apart: a person says first whether that is meant.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from iww_analysis.cleaning.clean_batch import CleanBatch, all_rows, records_of
from iww_analysis.cleaning.rules.cases import says_closed
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.statement import Table

COLUMNS = ["table", "delivery", "since", "column", "what", "n"]
NOT_DELIVERED = (  # the card says it, of every row, or the build makes it
    "extraction_date",
    *(column.name for table in TABLES.values() for column in table if column.computed),
)
RECORDS = ("before", "now", "new", "repeated", "corrected", "gone")
MOST, FEW = 0.5, 3  # of the records of a delivery: more than this share, and at least so many


class Replacement(NamedTuple):
    """How much of what an earlier delivery (`since`) said is said otherwise by a later one.

    `replaced`: of `before` records those that keep less than half of what was known of them, have another value that every
    record must have, or go as the later one has fewer of what is renewed as a whole. `opened`: of the cases that were `closed`
    those that nothing calls closed any more.
    """

    table: str
    delivery: str
    since: str
    before: int
    replaced: int
    closed: int
    opened: int

    @property
    def is_most(self) -> bool:
        """Whether it is most of the records, or of the closed cases."""
        pairs = ((self.replaced, self.before), (self.opened, self.closed))
        return any(n >= FEW and n > MOST * of for n, of in pairs)


def replacements(batches: Sequence[CleanBatch], table: Table) -> Iterator[Replacement]:
    """Hold each delivery against what was known before it, per earlier delivery that said so."""
    days = sorted({batch.delivery for batch in batches})
    rows = all_rows(batches) if len(days) > 1 else pd.DataFrame()
    for number, day in list(enumerate(days))[1:]:
        now = rows[rows["keyed"] & (rows["delivery"] == number)].drop_duplicates("key")
        known = rows[rows["keyed"] & (rows["delivery"] < number)].drop_duplicates("key", keep="last")
        pairs = known.reset_index().merge(now.reset_index(), on="key", suffixes=("", "_now"))
        pairs = pairs[pairs["content"] != pairs["content_now"]]
        was, became = records_of(known, batches), records_of(now, batches)
        pairs = pairs[pairs["index"].isin(was.index) & pairs["index_now"].isin(became.index)]
        old, new = (
            frame.reindex(pairs[at]).reset_index(drop=True) for frame, at in ((was, "index"), (became, "index_now"))
        )
        replaced = {*pairs["index"][_is_replaced(old, new, table).to_numpy()], *_shrunk(known, now, table)}
        replaced |= _changed_rows(known, now, batches, table) if batches[0].makes_several else set()
        closed = says_closed(was) if table.name == "cases" and len(was) else pd.Series(False, index=was.index)
        opened = pairs["index"][~says_closed(new).to_numpy()] if closed.any() and len(new) else pairs["index"][:0]
        for earlier, of_one in known.groupby("delivery"):
            n_closed, n_opened = (
                int(closed.reindex(at).eq(True).sum()) for at in (of_one.index, of_one.index.intersection(list(opened)))
            )
            n = len(replaced.intersection(of_one.index))
            yield Replacement(table.name, day, days[int(str(earlier))], len(of_one), n, n_closed, n_opened)


def _shrunk(known: pd.DataFrame, now: pd.DataFrame, table: Table) -> list[int]:
    """As many records of what is renewed as a whole, such as a document, as it has fewer now."""
    if not table.renewed_by:
        return []
    fewer = known["whole"].map(known["whole"].value_counts() - now["whole"].value_counts())  # NaN: not renewed
    return list(known.index[known.groupby("whole").cumcount() < fewer])


def _changed_rows(known: pd.DataFrame, now: pd.DataFrame, batches: Sequence[CleanBatch], table: Table) -> set[int]:
    """The rows that make several records, of which a later one keeps less than half of what was known of these."""
    pairs = known.reset_index().merge(now.reset_index(), on="key", suffixes=("", "_now"))
    row_before = pairs.set_index("index_now")["index"]
    was, became = (records_of(rows, batches, several=True).rename_axis("row").reset_index() for rows in (known, now))
    told = [name for name in _compared_columns(table) if name in was and name in became]
    if not told:
        return set()
    at = ["row", *(name for name in table.key if name in was and name in became)]
    became = became.assign(row=became["row"].map(row_before)).dropna(subset="row").astype(dict.fromkeys(at, "object"))
    both = was.astype(dict.fromkeys(at, "object")).merge(became, on=at, how="left", suffixes=("", "_now"))
    had = pd.concat([~is_missing(both[name]) for name in told], axis=1, keys=told)
    same = [both[name].astype("object") == both[f"{name}_now"].astype("object") for name in told]
    kept = had & pd.concat(same, axis=1, keys=had.columns).fillna(False).astype(bool)
    counts = pd.DataFrame({"had": had.sum(axis=1), "kept": kept.sum(axis=1)})
    counts = counts.groupby(both["row"].astype("int64")).sum()
    counts = counts[counts.index.isin(row_before)]
    return {*counts.index[(counts["had"] - counts["kept"]) * 2 > counts["had"]]}


def _compared_columns(table: Table) -> list[str]:
    """What a delivery says of a record, beside its key."""
    return [
        column.name
        for column in table
        if column.name in table.stored and column.name not in (*table.key, *NOT_DELIVERED)
    ]


def _is_replaced(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.Series:
    """Which records, side by side with what takes their place, are hardly the same."""
    known, lost, other = (pd.Series(0, index=old.index) for _ in range(3))
    names = [name for name in _compared_columns(table) if name in old and name in new]
    for column in (table[name] for name in names):
        was, became = old[column.name].astype("object"), new[column.name].astype("object")
        had, has = ~is_missing(old[column.name]), ~is_missing(new[column.name])
        same = has & (was == became).fillna(False).astype(bool)
        known, lost = known + had, lost + (had & ~same)
        other += had & has & ~same & column.required
    return (other > 0) | (lost * 2 > known)


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
