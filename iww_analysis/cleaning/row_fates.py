"""Decide what becomes of every row that was read: kept, set aside, a repetition, or replaced by a later one."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from iww_analysis.cleaning.clean_batch import CleanBatch, all_rows, records_of
from iww_analysis.cleaning.rules.episodes import episode_of
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.statement import Table

DOUBT = ("unknown", "unreadable")  # why a value is missing, where another row can tell it
ROW_FATES = ("kept", "set_aside", "duplicate", "superseded")
_KEPT, _SET_ASIDE, _DUPLICATE, _SUPERSEDED = range(len(ROW_FATES))


def settle_fates(batches: Sequence[CleanBatch], table: Table) -> list[pd.DataFrame]:
    """Decide for every row that was read what becomes of it, over all batches whose rows make records of one table.

    Gives per batch, by source_row, fate (one of ROW_FATES) and reason. A row that a later delivery repeats counts once, at
    the later delivery; a later record with the same key replaces an earlier one; two unlike records with one key in one
    delivery contradict, but those of periods apart, which are episodes, and one that
    but knows less. A delivery is a day of receipt.
    """
    rows = all_rows(batches)
    fate = np.full(len(rows), _KEPT, dtype=np.int8)
    # one with a cell too many repeats no other; one without a number none of its own delivery: nobody knows what it is about
    several = rows[~rows["ragged"] & rows["content"].duplicated(keep=False)]
    last = several.groupby("content")["delivery"].transform("max")
    again = (several["delivery"] < last) | (several["keyed"] & several.duplicated(["content", "delivery"]))
    fate[again.index[again]] = _DUPLICATE

    starts = np.cumsum([0, *(len(batch.rows) for batch in batches)])
    refused = [b.refused.set_axis(b.refused.index + start) for b, start in zip(batches, starts, strict=False)]
    reason = pd.concat([pd.Series("ragged", index=rows.index[rows["ragged"]]), *refused])
    reason = reason[(fate[reason.index] == _KEPT) & ~reason.index.duplicated()]  # of several reasons the first
    fate[reason.index] = _SET_ASIDE

    rivals = rows[fate == _KEPT]  # that share their key, or what is renewed as a whole
    rivals = rivals[rivals["key"].duplicated(keep=False) | rivals["whole"].duplicated(keep=False)]
    by_row = batches[0].makes_several  # no record says of itself what its row does
    rival_records = rivals[["key", "content"]] if by_row else records_of(rivals, batches).reindex(rivals.index)
    known, key = rival_records.assign(delivery=rivals["delivery"]), ["key"] if by_row else list(table.key)
    if len(known) and not by_row:
        known = _as_known_beside(known, table)
    if table.period and len(known) and not by_row:
        known, key = known.assign(episode=episode_of(known, key, table.period)), [*key, "episode"]
    clash = _contradictions(known, key) if len(known) else known.index
    fate[clash], reason = _SET_ASIDE, pd.concat([reason, pd.Series("contradiction", index=clash)])
    known = known.drop(index=clash)
    if len(known):
        as_whole = list(table.renewed_by) if table.renewed_by and not by_row else key
        same = known.groupby(as_whole, dropna=as_whole is not key, observed=True)
        fate[known.index[known["delivery"] < same["delivery"].transform("max")]] = _SUPERSEDED
    fates = pd.DataFrame({
        "fate": pd.Categorical.from_codes(fate, categories=pd.Index(ROW_FATES)),
        "reason": reason.reindex(rows.index).astype("category").array,
    }, index=pd.Index(rows["source_row"]))  # fmt: skip
    return [fates.iloc[start:end] for start, end in pairwise(starts)]


def set_aside(fates: pd.DataFrame, reasons: pd.Series) -> pd.DataFrame:
    """The same fates with some rows set aside after all; `reasons`: why, by source_row."""
    if reasons.empty:
        return fates
    fate, reason = fates["fate"].copy(), fates["reason"].astype("object").copy()
    fate.loc[reasons.index], reason.loc[reasons.index] = ROW_FATES[_SET_ASIDE], reasons
    return pd.DataFrame({"fate": fate, "reason": reason.astype("category")})


def _as_known_beside(known: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The same records, with the value that another row of the record tells in its delivery where a row does not know it.

    A day of which a row knows the month alone is that day where it lies in that month; that no name is there says nothing.
    """
    known, at = known.copy(), [*table.key, *(table.period or ())[:1], "delivery"]
    numbers = known.groupby(at, dropna=False, observed=True).ngroup()
    for name in (name for name in table.stored if name in table and name in known and name not in at):
        beside = [each for each in (name, *(f"{name}_{end}" for end in ("raw", "missing", "month"))) if each in known]
        why = known[f"{name}_missing"] if f"{name}_missing" in known else known[name]
        in_doubt = (why.isna() if table[name].kind == "label" else why.isin(DOUBT)).to_numpy(bool)
        if in_doubt.any():
            tells = pd.Series(known.index, index=numbers)[~is_missing(known[name]).to_numpy(bool)]
            of_row = numbers.map(tells[~tells.index.duplicated()])
            told = in_doubt & of_row.notna().to_numpy(bool)
            values = known.loc[of_row[told], beside].set_axis(known.index[told])
            if f"{name}_month" in known:
                month = known.loc[values.index, f"{name}_month"].astype("object")
                values = values[(month.isna() | (month == values[name].dt.strftime("%Y-%m"))).to_numpy(bool)]
            known.loc[values.index, beside] = values
    return known


def _contradictions(known: pd.DataFrame, key: list[str]) -> pd.Index:
    """The rows whose record differs from the first with the same key in the same delivery."""
    compared = [c for c in map(str, known) if c not in ("source_id", "source_row", "source") and not c.endswith("_raw")]
    first = known.drop_duplicates([*key, "delivery"])
    same = known.merge(first[compared].drop_duplicates(), on=compared, how="left", indicator=True)["_merge"].eq("both")
    return known.index[~same.to_numpy()]
