"""Find, of what several rows say of one thing in a case, the record that knows most: that is the one that counts."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.cleaning.clean import NONE_FOUND, join, problems_of
from iww_analysis.tables import NOUNS
from iww_analysis.tables.cells.interning import as_frame
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.cells.row_hash import again, row_hash
from iww_analysis.tables.statement import Table


def fullest_first(records: Mapping[str, pa.Table]) -> tuple[dict[str, pa.Table], pd.DataFrame]:
    """Put the record that knows most before the others with its key, and note what another sheet says that is not in it.

    `records`: compact tables with every record of a source. The problems: sheets_differ (note).
    """
    settled, problems = dict[str, pa.Table](), [NONE_FOUND]
    for table in NOUNS["cases"].tables:
        held = records.get(table.name)
        if held is None or not {*table.key} <= {*held.column_names}:
            continue
        at = _sharing(held, table)
        if len(at):
            few = as_frame(held.take(pa.array(at)))
            order = _order(few, table)
            rows = np.arange(len(held))
            rows[at] = at[order]
            settled[table.name] = held.take(pa.array(rows))
            problems += _differing(few.iloc[order].reset_index(drop=True), table)
    return settled, join(problems)


def _sharing(records: pa.Table, table: Table) -> np.ndarray:
    """The places of the records that share their key with others, of which some say something else."""
    key, every = [*table.key], [*table.key, *_others(records, table)]
    if not again(records.select(key).columns).any():
        return np.zeros(0, dtype=np.int64)
    number = row_hash(records.select(key).columns, len(records))
    at = np.flatnonzero(pd.Series(number).duplicated(keep=False))
    few = records.take(pa.array(at))
    alike = np.array_equal(again(few.select(every).columns), again(few.select(key).columns))
    return at[:0] if alike else at


def _others(records: pa.Table | pd.DataFrame, table: Table) -> list[str]:
    """The columns that say something beside the key."""
    there = records.column_names if isinstance(records, pa.Table) else list(records)
    return [name for name in table.stored if name in table and name in there and name not in table.key]


def _known(records: pd.DataFrame, table: Table) -> dict[str, np.ndarray]:
    """What records say beside their key: column -> which of them do."""
    return {name: ~is_missing(records[name]).to_numpy(bool) for name in _others(records, table)}


def _groups(few: pd.DataFrame, table: Table) -> np.ndarray:
    """A number for each record, the same for the same key."""
    return few.groupby([*table.key], dropna=False, observed=True, sort=False).ngroup().to_numpy()


def _order(few: pd.DataFrame, table: Table) -> np.ndarray:
    """The order in which the one that knows most stands first of its key; keys stay where they are."""
    groups = _groups(few, table)
    knows = sum(_known(few, table).values(), start=np.zeros(len(few), dtype=np.int64))
    order = np.empty(len(few), dtype=np.int64)
    order[np.argsort(groups, kind="stable")] = np.lexsort((-knows, groups))
    return order


def _differing(few: pd.DataFrame, table: Table) -> list[pd.DataFrame]:
    """The problems of records that say what the first with their key, in another sheet, does not."""
    groups = _groups(few, table)
    first = np.unique(groups, return_index=True)[1][groups]
    elsewhere = few["source_id"].iloc[first].to_numpy() != few["source_id"].to_numpy()
    if not elsewhere.any():
        return []
    return [
        problems_of(table.name, name, few[elsewhere & known & _unlike(few[name], first)], "sheets_differ", "note")
        for name, known in _known(few, table).items()
    ]


def _unlike(values: pd.Series, first: np.ndarray) -> np.ndarray:
    return np.asarray(values.astype("object").to_numpy() != values.iloc[first].astype("object").to_numpy())
