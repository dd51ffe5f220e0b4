"""Turn the rows of a source's sheets into clean records, a part of a sheet at a time, and hold them in little room."""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.deliveries import Reading
from iww_analysis.errors import IwwError, Message
from iww_analysis.schema import clean, intake
from iww_analysis.schema.compact import as_frame, compact
from iww_analysis.schema.fates import Rows, row_fates, rows_of
from iww_analysis.schema.intake import Intake
from iww_analysis.schema.tables import Table
from iww_analysis.study import NOUNS, TABLES


@dataclass
class Part:
    """What came of some rows of a sheet: what they were, their clean records, and what was found in them."""

    reading: Reading
    kinds: pd.Series
    rows: Rows
    records: Mapping[str, pa.Table]
    problems: pd.DataFrame
    fates: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def anchor(self) -> str:
        """The table of which every row makes one record."""
        assert self.reading.opening is not None
        return self.reading.opening.walk.anchor


def parts_of(
    readings: list[Reading], contexts: Mapping[int, clean.Context], refusals: list[Message]
) -> tuple[list[Part], clean.Changes]:
    """Read and clean all rows of all sheets; a file of which reading fails halfway is taken out of `readings` again."""
    parts: list[Part] = []
    changes: clean.Changes = Counter()
    with _no_pauses():
        for reading in [reading for reading in readings if reading.opening]:
            try:
                own, changed = _parts(reading, contexts[id(reading)])
            except IwwError as error:
                refusals += error.messages
                readings.remove(reading)
            else:
                parts += own
                changes.update(changed)
    for anchor in dict.fromkeys(part.anchor for part in parts):
        _decide([part for part in parts if part.anchor == anchor], TABLES[anchor])
    return parts, changes


@contextmanager
def _no_pauses() -> Iterator[None]:
    """Let Python not look for garbage in circles meanwhile: it would walk millions of small texts again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _parts(reading: Reading, context: clean.Context) -> tuple[list[Part], clean.Changes]:
    parts: list[Part] = []
    changes: clean.Changes = Counter()
    for rows in reading.parts():
        cleaned = _cleaned(rows, reading, replace(context, known={}))
        parts.append(_part(reading, rows, cleaned))
        for result in cleaned.values():
            changes.update(result.changes)
    return parts, changes


def _cleaned(rows: Intake, reading: Reading, context: clean.Context) -> dict[str, clean.Cleaned]:
    raw = intake.records(rows, TABLES, reading.origin.givens, context.codes)
    return {name: result for noun in NOUNS for name, result in noun.clean(raw, context).items()}


def _part(reading: Reading, rows: Intake, cleaned: Mapping[str, clean.Cleaned]) -> Part:
    source = reading.origin.source
    records = {name: compact(_usable(TABLES[name], result.records, source)) for name, result in cleaned.items()}
    anchor = rows.walk.anchor
    held = records[anchor]
    return Part(
        reading,
        rows.kinds,
        Rows(rows.source_id, rows_of(rows, cleaned[anchor], TABLES), lambda wanted: as_frame(_among(held, wanted))),
        records,
        clean.join([result.problems for result in cleaned.values()], clean.PROBLEM_COLUMNS),
    )


def _usable(table: Table, records: pd.DataFrame, source: str) -> pd.DataFrame:
    """Records that have what is required: beside the anchor, a record can go while its row stays."""
    kept = ~clean.is_missing_any(records[[column.name for column in table if column.required]])
    transient = [name for c in table if c.transient for name in (c.name, f"{c.name}_missing")]
    names = [name for name in (*table.stored, *transient) if name in records]
    return records.loc[kept, names].assign(source=source)


def _among(records: pa.Table, rows: pd.Series) -> pa.Table:
    """The records that stand on some rows of the sheet."""
    own = records.column("source_row").to_numpy()
    wanted = np.zeros(max(own.max(initial=0), rows.max() if len(rows) else 0) + 1, dtype=bool)
    wanted[rows.to_numpy(dtype=np.int64)] = True
    return records.filter(pa.array(wanted[own]))


def _decide(parts: Sequence[Part], table: Table) -> None:
    fates = row_fates([part.rows for part in parts], table)
    ends = np.cumsum([len(part.rows.frame) for part in parts])
    for part, end in zip(parts, ends, strict=True):
        part.fates = fates.iloc[end - len(part.rows.frame) : end]


def kept(parts: Sequence[Part]) -> dict[str, list[pa.Table]]:
    """The records of all kept rows, by table; what they were taken from is let go."""
    found: dict[str, list[pa.Table]] = defaultdict(list)
    for part in parts:
        rows = part.fates.loc[(part.fates["fate"] == "kept").to_numpy(), "source_row"]
        for name in list(part.records):
            found[name].append(_among(part.records[name], rows))
        part.records = {}
    return {name: tables for name, tables in found.items() if sum(map(len, tables))}
