"""Read workbooks (xlsx, xlsm, xlsb, xls, ods): looked through and parsed in a limited child, text as Excel shows it."""

from collections.abc import Iterator

import pyarrow as pa

from iww_analysis.io.formats.grid import Grid, read_grids
from iww_analysis.io.sandbox import child_process
from iww_analysis.io.sandbox.limits import seconds_for
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock, cells_of


def read_workbook(name: str, content: bytes) -> list[RawSheet]:
    """Read every sheet of a workbook; charts have no rows. Raises IwwError when it cannot be read."""
    notes, grids = child_process.run(read_grids, name, content, name=name, seconds=seconds_for(content))
    return [_sheet(name, grid, () if number else notes) for number, grid in enumerate(grids)]


def _sheet(name: str, grid: Grid, notes: tuple[Message, ...]) -> RawSheet:
    if grid.long:
        notes = (*notes, Message("digits_lost", Place(name, grid.name), {"columns": ", ".join(grid.long)}))
    return RawSheet(name, grid.name, lambda: blocks(grid.stream), hidden=grid.hidden, notes=notes)


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
