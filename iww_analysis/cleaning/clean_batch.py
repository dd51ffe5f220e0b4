"""Read the rows of a sheet a batch at a time: from the text of its cells to clean records, held in little room."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.cleaning import clean
from iww_analysis.cleaning.changes import Changes, Counted, changes_in, together
from iww_analysis.cleaning.clean import Cleaned, Context, lacks
from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.cleaning.records import split_rows
from iww_analysis.cleaning.rules import NOUNS, municipalities
from iww_analysis.tables import TABLES, layout
from iww_analysis.tables.cells.interning import as_frame, compact, encoded, one_array
from iww_analysis.tables.cells.row_hash import row_hash
from iww_analysis.tables.raw_sheet import RowBlock, joined
from iww_analysis.tables.statement import Table

TAIL = 1000  # last rows of a block, in which its last row of the table is sought


@dataclass(frozen=True, eq=False)
class CleanBatch:
    """Some rows of a sheet with the clean records that they make, while it is not settled what becomes of them.

    `kinds`: row -> one of layout.KINDS. `rows`: per row that was read source_row, ragged, and hashes of its cells
    (`content`), of the key of its anchor record (`key`) and of what a later delivery replaces as a whole (`whole`); `keyed`:
    whether all is there that a key needs. `refused`: number of a row among those that were read -> the rule by which it
    cannot be used. `records`: by table, of all rows; `usable`: which of them have what is required (beside the anchor, a
    record can go while its row stays). `problems`: see `Cleaned`.
    """

    sheet: KnownSheet
    kinds: pd.Series
    rows: pd.DataFrame
    refused: pd.Series
    records: dict[str, pa.Table]
    usable: Mapping[str, np.ndarray]
    problems: pd.DataFrame

    @property
    def anchor(self) -> str:
        """The table of which every row makes one record."""
        return self.sheet.entry.anchor

    @property
    def makes_several(self) -> bool:
        """Whether a row makes a record of the anchor for each of several columns."""
        return bool(self.sheet.entry.a_column_is)

    @property
    def delivery(self) -> str:
        """The day of receipt."""
        return self.sheet.origin.received.isoformat()

    def hand_over(self, rows: pd.Series) -> Iterator[tuple[str, pa.Table]]:
        """Give by table the usable records of the rows that are kept; from then on the batch holds no records at all."""
        for name in list(self.records):
            records = _on_rows(self.records.pop(name), self.usable[name], rows)
            if len(records):
                yield name, records


def _on_rows(records: pa.Table, usable: np.ndarray, rows: pd.Series) -> pa.Table:
    """The usable records that stand on some rows of the sheet."""
    numbers = records.column("source_row").to_numpy()
    first = numbers.min() if len(numbers) else 0
    wanted = np.zeros(numbers.max(initial=0) - first + 1, dtype=bool)
    wanted[rows[rows.between(first, first + len(wanted) - 1)].to_numpy(dtype=np.int64) - first] = True
    return records.filter(pa.array(wanted[numbers - first] & usable))


def all_rows(batches: Sequence[CleanBatch]) -> pd.DataFrame:
    """The rows of all batches, with the number of their batch and that of their delivery, in order of days."""
    days = sorted({batch.delivery for batch in batches})
    numbered = [b.rows.assign(batch=number, delivery=days.index(b.delivery)) for number, b in enumerate(batches)]
    return pd.concat(numbered, ignore_index=True)


def records_of(rows: pd.DataFrame, batches: Sequence[CleanBatch], *, several: bool = False) -> pd.DataFrame:
    """The usable anchor records of some rows, on their index; `rows`: batch (its place in `batches`) and source_row.

    Of rows that make several there are none, as these are told by their rows alone; with `several` every one.
    """
    records = []
    for number, of_batch in rows.groupby("batch"):
        batch = batches[int(str(number))]
        if batch.makes_several and not several:
            continue
        usable = as_frame(_on_rows(batch.records[batch.anchor], batch.usable[batch.anchor], of_batch["source_row"]))
        index_of = pd.Series(of_batch.index, index=of_batch["source_row"])
        records.append(usable.set_axis(index_of.loc[usable["source_row"]].to_numpy()))
    return pd.concat(records) if records else pd.DataFrame()


def read_batches(sheet: KnownSheet, context: Context) -> tuple[list[CleanBatch], Changes]:
    """Read and clean all rows of a sheet, and count what changed in their cells; raises IwwError when reading stops halfway."""
    batches: list[CleanBatch] = []
    changes: Changes = Counter()
    lasting: list[Counted] = []  # of texts that come again: what they mean grows from batch to batch
    above: dict[str, str] = {}
    for block in _whole_tables(sheet):
        batch, counted = _clean_batch(sheet, block, replace(context, known={}), above, wide_before=bool(batches))
        batches.append(batch)
        lasting = together([*lasting, *(each for each in counted if each.column.kind not in clean.UNLIKE)])
        changes.update(changes_in(each for each in counted if each.column.kind in clean.UNLIKE))
    changes.update(changes_in(lasting))
    return batches, changes


def _clean_batch(
    sheet: KnownSheet, block: RowBlock, context: Context, above: dict[str, str], *, wide_before: bool
) -> tuple[CleanBatch, list[Counted]]:
    cells = sheet.padded(block.cells)
    kinds = sheet.row_kinds(cells, wide_before=wide_before)
    read = (kinds == "read").to_numpy()
    cells = cells if read.all() else cells[read]
    read_at = {sheet.positions[name] for name in sheet.columns_read}
    encoded_cells = {at: encoded(cells[at]) if at in read_at else cells[at] for at in cells}
    sheet.n_filled.update({int(str(position)): _n_filled(texts) for position, texts in encoded_cells.items()})
    for heading, position in sheet.hidden_headings.items():
        sheet.hidden.add(heading, one_array(pa.array(encoded_cells[position])))
    under = {name: encoded_cells[sheet.positions[name]] for name in sheet.columns_read}
    under |= {name: encoded(sheet.under(name, cells[sheet.positions[name]])) for name in under if sheet.raw.numbers}
    rows = pd.DataFrame(under, index=cells.index)
    if sheet.entry.fill_down:
        rows = sheet.filled_down(rows, above)
        encoded_cells |= {sheet.positions[name]: rows[name] for name in sheet.columns_read}
    ragged = sheet.ragged(block.widths, cells)
    whole = rows[~ragged.to_numpy(bool)] if ragged.any() else rows
    cleaned = clean_rows(sheet, whole, context)
    content = row_hash([pa.array(column) for column in encoded_cells.values()], len(cells))
    accounted, refused = _accounted(
        ragged, content, cleaned[sheet.entry.anchor], TABLES[sheet.entry.anchor], sheet.entry.varied
    )
    records = {name: compact(_stored(TABLES[name], each.records, context.source)) for name, each in cleaned.items()}
    usable = {name: _usable(TABLES[name], each) for name, each in cleaned.items()}
    problems = clean.join([each.problems for each in cleaned.values()])
    counted = [counted for each in cleaned.values() for counted in each.counted]
    return CleanBatch(sheet, kinds, accounted, refused, records, usable, problems), counted


def clean_rows(sheet: KnownSheet, rows: pd.DataFrame, context: Context) -> dict[str, Cleaned]:
    """Give the clean records that rows of a sheet make, by table; `rows`: as `KnownSheet.rows_read`, none of them ragged."""
    raw = split_rows(rows, sheet.entry, sheet.givens, context.codes)
    raw = {name: frame.assign(source_id=clean.constant(sheet.source_id, frame.index)) for name, frame in raw.items()}
    cleaned = {name: result for noun in NOUNS for name, result in noun.clean(raw, context).items()}
    return municipalities.on_the_card(cleaned, sheet.entry.anchor, context.municipalities)


def _n_filled(texts: pd.Series) -> int:
    """How many cells hold something."""
    held = one_array(pa.array(texts))
    if not pa.types.is_dictionary(held.type):
        return int(layout.filled(held).sum())
    return int(layout.filled(held.dictionary)[np.asarray(held.indices)].sum())


def _accounted(
    ragged: pd.Series, content: np.ndarray, anchor: Cleaned, table: Table, varied: Collection[str]
) -> tuple[pd.DataFrame, pd.Series]:
    """What decides the fate of rows: see `rows` and `refused` of a batch. `varied`: in what records of one row differ."""
    rows = pd.DataFrame({"source_row": ragged.index, "content": content, "ragged": ragged.to_numpy(bool)})
    wrong = anchor.problems[anchor.problems["severity"].eq("row") & ~anchor.problems["column"].isin(varied)]
    wrong = wrong.drop_duplicates("source_row")
    refused = wrong["rule"].set_axis(rows["source_row"].searchsorted(wrong["source_row"]))
    names, whole_of = ([name for name in of if name not in varied] for of in (table.key, table.renewed_by))
    keys = anchor.records[list(dict.fromkeys(["source_row", *names, *whole_of]))]
    keys = keys.drop_duplicates("source_row") if varied else keys
    keys = keys if len(keys) == len(rows) else keys.set_index("source_row", drop=False).reindex(rows["source_row"])
    certain = ["source_row", *(name for name in names if name in table and table[name].required)]
    key = _hash(keys, names)
    whole = _hash(keys, whole_of) if whole_of else key
    return rows.assign(key=key, whole=whole, keyed=keys[certain].notna().all(axis=1).to_numpy()), refused


def _hash(records: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    return row_hash([pa.array(records[name], from_pandas=True) for name in names], len(records))


def _stored(table: Table, records: pd.DataFrame, source: str) -> pd.DataFrame:
    """The columns that are kept, or wanted until all sheets are together."""
    transient = [name for c in table if c.transient for name in (c.name, f"{c.name}_missing")]
    names = [name for name in (*table.stored, *transient) if name in records]
    return records[names].assign(source=clean.constant(source, records.index))


def _usable(table: Table, cleaned: Cleaned) -> np.ndarray:
    """Say which records have what is required and break no rule by which they cannot be used."""
    records, required = cleaned.records, [column.name for column in table if column.required]
    usable = np.ones(len(records), dtype=bool)
    for name in required:
        usable &= ~lacks(records, table[name]).to_numpy(bool)
    problems = cleaned.problems[cleaned.problems["severity"] == "row"]
    broken = problems[~(problems["rule"].eq("missing_required") & problems["column"].isin(required))]
    if len(broken):
        pairs = (pd.MultiIndex.from_frame(frame[["source_row", "group"]]) for frame in (records, broken))
        usable &= ~next(pairs).isin(next(pairs))
    return usable


def _whole_tables(sheet: KnownSheet) -> Iterator[RowBlock]:
    """The rows of a sheet in blocks that each end with a row of the table, as no footnote can stand above that.

    People without a number get their letters over all rows of a sheet, so those stay together.
    """
    sheet.rows_in_file = 0
    sheet.n_filled.clear()
    kinds = {TABLES[target.table][target.column].kind for targets in sheet.entry.columns.values() for target in targets}
    blocks = _counted(sheet)
    if "person" in kinds:
        yield joined(list(blocks))
        return
    ready: list[RowBlock] = []
    below: list[RowBlock] = []  # rows after the last that has two or more filled cells
    for block in blocks:
        wide = np.flatnonzero(layout.filled_cells(block.cells.tail(TAIL)).sum(axis=1) > 1)
        if not len(wide):
            below.append(block)
            continue
        if ready:
            yield joined(ready)
        end = max(len(block.cells) - TAIL, 0) + int(wide[-1]) + 1
        ready = [*below, _part(block, slice(None, end))]
        below = [_part(block, slice(end, None))] if end < len(block.cells) else []
    yield joined([*ready, *below])


def _counted(sheet: KnownSheet) -> Iterator[RowBlock]:
    for block in sheet.raw.blocks():
        sheet.rows_in_file += len(block.cells)
        yield block


def _part(block: RowBlock, rows: slice) -> RowBlock:
    return RowBlock(block.cells.iloc[rows], None if block.widths is None else block.widths.iloc[rows])
