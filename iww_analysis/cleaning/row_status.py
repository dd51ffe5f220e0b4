"""Decide what becomes of every row that was read: kept, set aside, a repetition, or replaced by a later one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.cleaning.clean import Cleaned
from iww_analysis.cleaning.known_sheet import Intake
from iww_analysis.tables.cells.row_hash import row_hash
from iww_analysis.tables.statement import Table

ROW_FATES = ("kept", "set_aside", "duplicate", "superseded")
_KEPT, _SET_ASIDE, _DUPLICATE, _SUPERSEDED = range(len(ROW_FATES))


@dataclass(frozen=True)
class Rows:
    """The rows that were read of a part of a sheet, with what decides their fate.

    `frame`: source_row, content, ragged, and hashes of the key of its anchor record (`key`) and of what a later delivery
    replaces as a whole (`whole`); `keyed`: whether all is there that a key needs. `refused`: by which rule rows of the
    frame cannot be used. `anchor`: gives the clean anchor records of the given rows.
    """

    source_id: str
    frame: pd.DataFrame
    refused: pd.Series
    anchor: Callable[[pd.Series], pd.DataFrame]

    @property
    def delivery(self) -> str:
        """The day of receipt."""
        return self.source_id.split("/")[0]


def rows_of(part: Intake, anchor: Cleaned, table: Table, records: Callable[[pd.Series], pd.DataFrame]) -> Rows:
    """Give the rows of a part of a sheet, of each of which a record of `table` was made: the anchor's."""
    rows = pd.DataFrame({"source_row": part.rows.index, "content": part.content, "ragged": part.ragged.to_numpy(bool)})
    wrong = anchor.problems[anchor.problems["severity"] == "row"].drop_duplicates("source_row")
    refused = wrong["rule"].set_axis(rows["source_row"].searchsorted(wrong["source_row"]))
    told = anchor.records[list(dict.fromkeys(["source_row", *table.key, *table.renewed_by]))]
    told = told if len(told) == len(rows) else told.set_index("source_row", drop=False).reindex(rows["source_row"])
    certain = [name for name in table.key if name in table and table[name].required]
    key = _hash(told, table.key)
    whole = _hash(told, table.renewed_by) if table.renewed_by else key
    rows = rows.assign(key=key, whole=whole, keyed=told[certain].notna().all(axis=1).to_numpy())
    return Rows(part.source_id, rows, refused, records)


def _hash(records: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    return row_hash([pa.array(records[name], from_pandas=True) for name in names], len(records))


def row_fates(parts: Sequence[Rows], table: Table) -> pd.DataFrame:
    """Decide for every read row what becomes of it, over all sheets whose rows make records of one table.

    Gives source_row, fate (one of ROW_FATES) and reason, part after part. A row that a later delivery repeats counts once,
    at the later delivery; a later record with the same key replaces an earlier one; two unlike records with one key in one
    delivery contradict. A delivery is a day of receipt, with which a `source_id` begins.
    """
    rows = _together(parts)
    fate = np.full(len(rows), _KEPT, dtype=np.int8)
    fate[_again(rows)] = _DUPLICATE
    reason = _refused(rows, parts)
    reason = reason[fate[reason.index] == _KEPT]
    fate[reason.index] = _SET_ASIDE
    known = _with_records(_of_one_key(rows[fate == _KEPT]), parts)
    clash = _contradictions(known, list(table.key)) if len(known) else known.index
    fate[clash], reason = _SET_ASIDE, pd.concat([reason, pd.Series("contradiction", index=clash)])
    known = known.drop(index=clash)
    if len(known):
        alike = known.groupby(list(table.renewed_by or table.key), dropna=bool(table.renewed_by), observed=True)
        fate[known.index[known["delivery"] < alike["delivery"].transform("max")]] = _SUPERSEDED
    return pd.DataFrame({
        "source_row": rows["source_row"],
        "fate": pd.Categorical.from_codes(fate, categories=pd.Index(ROW_FATES)),
        "reason": _spread(reason, len(rows)),
    })  # fmt: skip


def _together(parts: Sequence[Rows]) -> pd.DataFrame:
    """The rows of all parts, with the number of their part and that of their delivery, in order of days."""
    days = sorted({part.delivery for part in parts})
    number = np.repeat(np.arange(len(parts)), [len(part.frame) for part in parts])
    delivery = np.array([days.index(part.delivery) for part in parts], dtype=np.int64)[number]
    return pd.concat([part.frame for part in parts], ignore_index=True).assign(part=number, delivery=delivery)


def _refused(rows: pd.DataFrame, parts: Sequence[Rows]) -> pd.Series:
    """Why rows cannot be used, whatever other rows there are; first of all because they are ragged."""
    starts = np.cumsum([0, *(len(part.frame) for part in parts)])
    own = [part.refused.set_axis(part.refused.index + start) for part, start in zip(parts, starts, strict=False)]
    every: pd.Series = pd.concat([pd.Series("ragged", index=rows.index[rows["ragged"]]), *own])
    return every.groupby(level=0, sort=False).first()


def _spread(words: pd.Series, n: int) -> pd.Categorical:
    """Words for some of `n` rows, for all of them."""
    codes, known = pd.factorize(words, sort=True)
    every = np.full(n, -1, dtype=np.int64)
    every[words.index] = codes
    return pd.Categorical.from_codes(every, categories=pd.Index(known))


def _again(rows: pd.DataFrame) -> np.ndarray:
    """Say which rows are delivered again, later or in the same delivery. One with a cell too many repeats no other."""
    again = np.zeros(len(rows), dtype=bool)
    several = rows[~rows["ragged"] & rows["content"].duplicated(keep=False)]
    several = several[~several["ragged"]]
    last = several.groupby("content")["delivery"].transform("max")
    repeats = (several["delivery"] < last) | several.duplicated(["content", "delivery"])
    again[repeats.index[repeats]] = True
    return again


def _of_one_key(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose record shares its key (or what is renewed as a whole) with another's."""
    shared = rows["key"].duplicated(keep=False)
    if not rows["whole"].equals(rows["key"]):
        shared |= rows["whole"].duplicated(keep=False)
    return rows[shared]


def _with_records(rows: pd.DataFrame, parts: Sequence[Rows]) -> pd.DataFrame:
    """The clean anchor records of some rows, on their index, with their delivery."""
    found = [
        parts[int(str(n))]
        .anchor(own["source_row"])
        .set_index("source_row", drop=False)
        .loc[own["source_row"]]
        .set_axis(own.index)
        for n, own in rows.groupby("part")
    ]
    return pd.concat(found).loc[rows.index].assign(delivery=rows["delivery"]) if found else rows


def _contradictions(known: pd.DataFrame, key: list[str]) -> pd.Index:
    """The rows whose record differs from the first with the same key in the same delivery."""
    told = [c for c in map(str, known) if c not in ("source_id", "source_row", "source") and not c.endswith("_raw")]
    first = known.drop_duplicates([*key, "delivery"])
    same = known.merge(first[told].drop_duplicates(), on=told, how="left", indicator=True)["_merge"].eq("both")
    return known.index[~same.to_numpy()]
