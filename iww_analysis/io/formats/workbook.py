"""Read workbooks (xlsx, xlsm, xlsb, xls, ods): looked through and parsed in a limited child, text as Excel shows it."""

from collections.abc import Iterator

import pyarrow as pa

from iww_analysis.io.formats import grid
from iww_analysis.io.sandbox import child_process
from iww_analysis.io.sandbox.limits import seconds_for
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock, cells_of


def read_workbook(name: str, content: bytes) -> list[RawSheet]:
    """Read every sheet of a workbook; charts have no rows. Raises IwwError when it cannot be read."""
    notes, grids = child_process.run(grid.read_grids, name, content, name=name, seconds=seconds_for(content))
    return [_sheet(name, found, () if number else notes) for number, found in enumerate(grids)]


def _sheet(name: str, found: grid.Grid, notes: tuple[Message, ...]) -> RawSheet:
    if found.long:
        notes = (*notes, Message("digits_lost", Place(name, found.name), {"columns": ", ".join(found.long)}))
    return RawSheet(name, found.name, lambda: blocks(found.stream), hidden=found.hidden, notes=notes)


def blocks(stream: bytes) -> Iterator[RowBlock]:
    """Give the cells of an Arrow stream of text, a batch at a time, its rows numbered from 1."""
    first = 1
    with pa.ipc.open_stream(stream) as batches:
        for batch in batches:
            cells = batch.to_pandas()
            cells.columns = range(batch.num_columns)
            cells.index = range(first, first + batch.num_rows)
            first += batch.num_rows
            yield RowBlock(cells)
    if first == 1:
        yield RowBlock(cells_of([]))
