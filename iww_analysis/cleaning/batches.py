"""Turn the rows of a source's sheets into clean records, a part of a sheet at a time, and hold them in little room."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.cleaning import clean, known_sheet
from iww_analysis.cleaning.known_sheet import Intake
from iww_analysis.cleaning.row_status import Rows, row_fates, rows_of
from iww_analysis.cleaning.rules import NOUNS
from iww_analysis.cleaning.supersede import COLUMNS as RENEWED
from iww_analysis.cleaning.supersede import renewals
from iww_analysis.commands.deliveries import Reading
from iww_analysis.messages.errors import IwwError, Message
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.interning import as_frame, compact
from iww_analysis.tables.statement import Table


@dataclass(frozen=True)
class Part:
    """What came of some rows of a sheet: what they were, what became of them, and what was found in them.

    `fates`: per row that was read source_row, fate and reason.
    """

    reading: Reading
    kinds: pd.Series
    fates: pd.DataFrame
    problems: pd.DataFrame

    @property
    def source_id(self) -> str:
        """The delivery and sheet that the rows came in."""
        assert self.reading.opening is not None
        return self.reading.opening.source_id


@dataclass(frozen=True)
class _Taken:
    """The same while nothing is decided, with the clean records of all rows that were read, by table.

    `usable`: which records have what is required; beside the anchor, a record can go while its row stays.
    """

    reading: Reading
    kinds: pd.Series
    rows: Rows
    records: Mapping[str, pa.Table]
    usable: Mapping[str, np.ndarray]
    problems: pd.DataFrame

    @property
    def anchor(self) -> str:
        """The table of which every row makes one record."""
        assert self.reading.opening is not None
        return self.reading.opening.walk.anchor


@dataclass(frozen=True)
class Outcome:
    """What came of all rows of a source.

    `records`: by table the clean records of kept rows, in pieces; `changes` counts the values that changed; `renewed` tells
    what deliveries changed.
    """

    parts: list[Part]
    records: dict[str, list[pa.Table]]
    changes: clean.Changes
    renewed: pd.DataFrame


def outcome_of(readings: list[Reading], contexts: Mapping[int, clean.Context], refusals: list[Message]) -> Outcome:
    """Read and clean all rows of all sheets; a file of which reading fails halfway is taken out of `readings` again."""
    taken: list[_Taken] = []
    changes: clean.Changes = Counter()
    for reading in [reading for reading in readings if reading.opening]:
        try:
            own, changed = _taken(reading, contexts[id(reading)])
        except IwwError as error:
            refusals += error.messages
            readings.remove(reading)
        else:
            taken += own
            changes.update(changed)
    alike = {anchor: [t.rows for t in taken if t.anchor == anchor] for anchor in dict.fromkeys(t.anchor for t in taken)}
    renewed = clean.join([renewals(rows, TABLES[anchor]) for anchor, rows in alike.items()], RENEWED)
    fates = {id(rows): fate for anchor, group in alike.items() for rows, fate in _fates(group, TABLES[anchor])}
    alike.clear()
    records: dict[str, list[pa.Table]] = defaultdict(list)
    return Outcome([_decided(taken.pop(0), fates, records) for _ in range(len(taken))], records, changes, renewed)


def _fates(rows: Sequence[Rows], table: Table) -> Iterator[tuple[Rows, pd.DataFrame]]:
    fates = row_fates(rows, table)
    ends = np.cumsum([len(each.frame) for each in rows])
    for each, end in zip(rows, ends, strict=True):
        yield each, fates.iloc[end - len(each.frame) : end]


def _decided(taken: _Taken, fates: Mapping[int, pd.DataFrame], records: dict[str, list[pa.Table]]) -> Part:
    """Add the records of kept rows to `records`; those of the others are let go with what was taken."""
    fate = fates[id(taken.rows)]
    kept = fate.loc[(fate["fate"] == "kept").to_numpy(), "source_row"]
    for name, table in taken.records.items():
        if len(own := _among(table, taken.usable[name], kept)):
            records[name].append(own)
    return Part(taken.reading, taken.kinds, fate, taken.problems)


def _taken(reading: Reading, context: clean.Context) -> tuple[list[_Taken], clean.Changes]:
    taken: list[_Taken] = []
    changes: clean.Changes = Counter()
    lasting: list[clean.Counted] = []
    for rows in reading.parts():
        cleaned = _cleaned(rows, reading, replace(context, known={}))
        taken.append(_one_taken(reading, rows, cleaned))
        counted = [one for result in cleaned.values() for one in result.counted]
        lasting = clean.together([*lasting, *(one for one in counted if one.column.kind not in clean.UNLIKE)])
        changes.update(clean.changes_in(one for one in counted if one.column.kind in clean.UNLIKE))
    changes.update(clean.changes_in(lasting))
    return taken, changes


def _cleaned(rows: Intake, reading: Reading, context: clean.Context) -> dict[str, clean.Cleaned]:
    raw = known_sheet.records(rows, TABLES, reading.origin.givens, context.codes)
    return {name: result for noun in NOUNS for name, result in noun.clean(raw, context).items()}


def _one_taken(reading: Reading, rows: Intake, cleaned: Mapping[str, clean.Cleaned]) -> _Taken:
    source = reading.origin.source
    records = {name: compact(_stored(TABLES[name], result.records, source)) for name, result in cleaned.items()}
    usable = {name: _usable(TABLES[name], result.records) for name, result in cleaned.items()}
    anchor = rows.walk.anchor
    held, good = records[anchor], usable[anchor]
    return _Taken(
        reading,
        rows.kinds,
        rows_of(rows, cleaned[anchor], TABLES[anchor], lambda wanted: as_frame(_among(held, good, wanted))),
        records,
        usable,
        clean.join([result.problems for result in cleaned.values()], clean.PROBLEM_COLUMNS),
    )


def _stored(table: Table, records: pd.DataFrame, source: str) -> pd.DataFrame:
    """The columns that are kept, or wanted until all sheets are together."""
    transient = [name for c in table if c.transient for name in (c.name, f"{c.name}_missing")]
    names = [name for name in (*table.stored, *transient) if name in records]
    return records[names].assign(source=clean.constant(source, records.index))


def _usable(table: Table, records: pd.DataFrame) -> np.ndarray:
    """Say which records have what is required."""
    return ~clean.is_missing_any(records[[column.name for column in table if column.required]]).to_numpy(bool)


def _among(records: pa.Table, usable: np.ndarray, rows: pd.Series) -> pa.Table:
    """The usable records that stand on some rows of the sheet."""
    own = records.column("source_row").to_numpy()
    first = own.min() if len(own) else 0
    wanted = np.zeros(own.max(initial=0) - first + 1, dtype=bool)
    wanted[rows[rows.between(first, first + len(wanted) - 1)].to_numpy(dtype=np.int64) - first] = True
    return records.filter(pa.array(wanted[own - first] & usable))
