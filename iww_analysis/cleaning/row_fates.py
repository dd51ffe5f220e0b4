"""Decide what becomes of every row that was read: kept, set aside, a repetition, or replaced by a later one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from iww_analysis.cleaning.clean_batch import CleanBatch, records_of
from iww_analysis.tables.statement import Table

ROW_FATES = ("kept", "set_aside", "duplicate", "superseded")
_KEPT, _SET_ASIDE, _DUPLICATE, _SUPERSEDED = range(len(ROW_FATES))


def settle_fates(batches: Sequence[CleanBatch], table: Table) -> list[pd.DataFrame]:
    """Decide for every row that was read what becomes of it, over all batches whose rows make records of one table.

    Gives per batch, by source_row, fate (one of ROW_FATES) and reason. A row that a later delivery repeats counts once, at
    the later delivery; a later record with the same key replaces an earlier one; two unlike records with one key in one
    delivery contradict. A delivery is a day of receipt.
    """
    rows = _all_rows(batches)
    fate = np.full(len(rows), _KEPT, dtype=np.int8)
    fate[_repeats(rows)] = _DUPLICATE
    reason = _refusals(rows, batches)
    reason = reason[fate[reason.index] == _KEPT]
    fate[reason.index] = _SET_ASIDE
    shared = _sharing_a_key(rows[fate == _KEPT])
    known = records_of(shared, batches).reindex(shared.index).assign(delivery=shared["delivery"])
    clash = _contradictions(known, list(table.key)) if len(known) else known.index
    fate[clash], reason = _SET_ASIDE, pd.concat([reason, pd.Series("contradiction", index=clash)])
    known = known.drop(index=clash)
    if len(known):
        same = known.groupby(list(table.renewed_by or table.key), dropna=bool(table.renewed_by), observed=True)
        fate[known.index[known["delivery"] < same["delivery"].transform("max")]] = _SUPERSEDED
    codes, reasons = pd.factorize(reason, sort=True)
    reason_codes = np.full(len(rows), -1, dtype=np.int64)
    reason_codes[reason.index] = codes
    fates = pd.DataFrame({
        "fate": pd.Categorical.from_codes(fate, categories=pd.Index(ROW_FATES)),
        "reason": pd.Categorical.from_codes(reason_codes, categories=reasons),
    }, index=pd.Index(rows["source_row"]))  # fmt: skip
    ends = np.cumsum([len(batch.rows) for batch in batches])
    return [fates.iloc[end - len(batch.rows) : end] for batch, end in zip(batches, ends, strict=True)]


def _all_rows(batches: Sequence[CleanBatch]) -> pd.DataFrame:
    """The rows of all batches, with the number of their batch and that of their delivery, in order of days."""
    days = sorted({batch.delivery for batch in batches})
    number = np.repeat(np.arange(len(batches)), [len(batch.rows) for batch in batches])
    delivery = np.array([days.index(batch.delivery) for batch in batches], dtype=np.int64)[number]
    return pd.concat([batch.rows for batch in batches], ignore_index=True).assign(batch=number, delivery=delivery)


def _refusals(rows: pd.DataFrame, batches: Sequence[CleanBatch]) -> pd.Series:
    """Why rows cannot be used, whatever other rows there are; first of all because they are ragged."""
    starts = np.cumsum([0, *(len(batch.rows) for batch in batches)])
    refused = [b.refused.set_axis(b.refused.index + start) for b, start in zip(batches, starts, strict=False)]
    every: pd.Series = pd.concat([pd.Series("ragged", index=rows.index[rows["ragged"]]), *refused])
    return every.groupby(level=0, sort=False).first()


def _repeats(rows: pd.DataFrame) -> np.ndarray:
    """Say which rows are delivered again, later or in the same delivery. One with a cell too many repeats no other."""
    repeated = np.zeros(len(rows), dtype=bool)
    several = rows[~rows["ragged"] & rows["content"].duplicated(keep=False)]
    last = several.groupby("content")["delivery"].transform("max")
    again = (several["delivery"] < last) | several.duplicated(["content", "delivery"])
    repeated[again.index[again]] = True
    return repeated


def _sharing_a_key(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose record shares its key (or what is renewed as a whole) with another's."""
    shared = rows["key"].duplicated(keep=False)
    if not rows["whole"].equals(rows["key"]):
        shared |= rows["whole"].duplicated(keep=False)
    return rows[shared]


def _contradictions(known: pd.DataFrame, key: list[str]) -> pd.Index:
    """The rows whose record differs from the first with the same key in the same delivery."""
    compared = [c for c in map(str, known) if c not in ("source_id", "source_row", "source") and not c.endswith("_raw")]
    first = known.drop_duplicates([*key, "delivery"])
    same = known.merge(first[compared].drop_duplicates(), on=compared, how="left", indicator=True)["_merge"].eq("both")
    return known.index[~same.to_numpy()]
