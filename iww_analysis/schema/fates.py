"""Decide what becomes of every row that was read: kept, set aside, a repetition, or replaced by a later one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.schema.clean import Cleaned
from iww_analysis.schema.compact import row_hash
from iww_analysis.schema.intake import Intake
from iww_analysis.schema.tables import Table, Tables

ROW_FATES = ("kept", "set_aside", "duplicate", "superseded")


@dataclass(frozen=True)
class Rows:
    """The rows that were read of a part of a sheet, with what decides their fate.

    `frame`: source_row, content, ragged, reason (of a row that cannot be used), and hashes of the key of its anchor record
    (`key`) and of what a later delivery replaces as a whole (`whole`); `keyed`: whether all is there that a key needs.
    `anchor`: gives the clean anchor records of the given rows.
    """

    source_id: str
    frame: pd.DataFrame
    anchor: Callable[[pd.Series], pd.DataFrame]

    @property
    def delivery(self) -> str:
        """The day of receipt."""
        return self.source_id.split("/")[0]


def rows_of(part: Intake, anchor: Cleaned, tables: Tables) -> pd.DataFrame:
    """Give the rows of a part with what decides their fate (see `Rows.frame`)."""
    table = tables[part.walk.anchor]
    rows = pd.DataFrame({"source_row": part.rows.index, "content": part.content, "ragged": part.ragged.to_numpy(bool)})
    refused = anchor.problems[anchor.problems["severity"] == "row"].drop_duplicates("source_row")
    rows["reason"] = refused.set_index("source_row")["rule"].reindex(rows["source_row"]).to_numpy()
    told = anchor.records[list(dict.fromkeys(["source_row", *table.key, *table.renewed_by]))]
    told = told if len(told) == len(rows) else told.set_index("source_row", drop=False).reindex(rows["source_row"])
    certain = [name for name in table.key if name in table and table[name].required]
    key = _hash(told, table.key)
    whole = _hash(told, table.renewed_by) if table.renewed_by else key
    return rows.assign(key=key, whole=whole, keyed=told[certain].notna().all(axis=1).to_numpy())


def _hash(records: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    return row_hash([pa.array(records[name], from_pandas=True) for name in names], len(records))


def row_fates(parts: Sequence[Rows], table: Table) -> pd.DataFrame:
    """Decide for every read row what becomes of it, over all sheets whose rows make records of one table.

    Gives source_row, fate (one of ROW_FATES) and reason, part after part. A row that a later delivery repeats counts once,
    at the later delivery; a later record with the same key replaces an earlier one; two unlike records with one key in one
    delivery contradict. A delivery is a day of receipt, with which a `source_id` begins.
    """
    rows = pd.concat([part.frame for part in parts], ignore_index=True)
    number = np.repeat(np.arange(len(parts)), [len(part.frame) for part in parts])
    rows["part"] = number
    rows["delivery"] = np.array([part.delivery for part in parts], dtype=object)[number]
    fate = np.full(len(rows), "kept", dtype=object)
    fate[_again(rows)] = "duplicate"
    rows.loc[rows["ragged"], "reason"] = "ragged"
    fate[(fate == "kept") & rows["reason"].notna().to_numpy()] = "set_aside"
    rows.loc[fate != "set_aside", "reason"] = None
    known = _with_records(_of_one_key(rows[fate == "kept"]), parts)
    clash = _contradictions(known, list(table.key)) if len(known) else known.index
    fate[clash], rows.loc[clash, "reason"] = "set_aside", "contradiction"
    known = known.drop(index=clash)
    if not len(known):
        return _decided(rows, fate)
    newest = known.groupby(list(table.renewed_by or table.key), dropna=bool(table.renewed_by))["delivery"].transform(
        "max"
    )
    fate[known.index[known["delivery"] < newest]] = "superseded"
    return _decided(rows, fate)


def _decided(rows: pd.DataFrame, fate: np.ndarray) -> pd.DataFrame:
    reason = rows["reason"].astype("category")
    return pd.DataFrame(
        {"source_row": rows["source_row"], "fate": pd.Categorical(fate, categories=ROW_FATES), "reason": reason}
    )


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
    return rows[rows["whole"].duplicated(keep=False) | rows["key"].duplicated(keep=False)]


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
