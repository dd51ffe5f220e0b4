"""Settle a source: all its rows are read first, then what becomes of each is decided, then only the kept ones go on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from iww_analysis.cleaning import clean
from iww_analysis.cleaning.clean_batch import CleanBatch, read_batches
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet
from iww_analysis.cleaning.row_fates import settle_fates
from iww_analysis.cleaning.supersede import COLUMNS as RENEWED
from iww_analysis.cleaning.supersede import renewals
from iww_analysis.messages.errors import IwwError, Message, during
from iww_analysis.tables import TABLES


@dataclass(frozen=True)
class SettledSource:
    """What came of all rows of a source.

    `sheets`: those that could be read to their end, and those that are not read. `records`: by table the clean records of
    kept rows, in pieces. `rows`: per known sheet kind, fate and reason of every row, by its number (fate and reason of those
    that were read). `problems`: per known sheet, see `Cleaned`. `renewed`: what deliveries changed, see `renewals`.
    """

    sheets: list[DeliveredSheet]
    records: dict[str, list[pa.Table]]
    rows: Mapping[KnownSheet, pd.DataFrame]
    problems: Mapping[KnownSheet, pd.DataFrame]
    changes: clean.Changes
    renewed: pd.DataFrame


def settle_source(
    sheets: list[DeliveredSheet], context_of: Callable[[KnownSheet], clean.Context], refusals: list[Message]
) -> SettledSource:
    """Read and clean all rows of all sheets, and settle what becomes of them.

    A sheet of which reading stops halfway is left out, and why is put in `refusals`.
    """
    batches: dict[KnownSheet, list[CleanBatch]] = {}
    changes: clean.Changes = Counter()
    for sheet in (sheet for sheet in sheets if isinstance(sheet, KnownSheet)):
        context = context_of(sheet)
        try:
            with during("unexpected_cleaning", sheet.place):
                batches[sheet], changed = read_batches(sheet, context)
            changes.update(changed)
        except IwwError as error:
            refusals += error.messages
    every = [batch for of_sheet in batches.values() for batch in of_sheet]
    rivals = defaultdict(list)  # rows can only repeat, replace or contradict rows that make records of the same table
    for batch in every:
        rivals[batch.anchor].append(batch)
    renewed, fates = [], dict[CleanBatch, pd.DataFrame]()
    for anchor, of_table in rivals.items():
        renewed.append(renewals(of_table, TABLES[anchor]))
        fates |= zip(of_table, settle_fates(of_table, TABLES[anchor]), strict=True)
    records: dict[str, list[pa.Table]] = defaultdict(list)
    for batch in every:  # from here on it is known of every row whether it is kept: no other record stays in memory
        kept = fates[batch].index[fates[batch]["fate"] == "kept"].to_series()
        for name, of_kept_rows in batch.hand_over(kept):
            records[name].append(of_kept_rows)
    return SettledSource(
        sheets=[sheet for sheet in sheets if not isinstance(sheet, KnownSheet) or sheet in batches],
        records=records,
        rows={sheet: _rows(of_sheet, fates) for sheet, of_sheet in batches.items()},
        problems={s: clean.join([b.problems for b in of_s]) for s, of_s in batches.items()},
        changes=changes,
        renewed=clean.join(renewed, RENEWED),
    )


def _rows(batches: list[CleanBatch], fates: Mapping[CleanBatch, pd.DataFrame]) -> pd.DataFrame:
    kinds = pd.concat([batch.kinds for batch in batches])
    return pd.concat([fates[batch] for batch in batches]).reindex(kinds.index).assign(kind=kinds)
