"""Read workbooks (xlsx, xlsm, xlsb, xls, ods) and what else is parsed as columns of text in a limited child."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pyarrow as pa

from iww_analysis.io.formats.grid import Grid, read_grids
from iww_analysis.io.sandbox import child_process
from iww_analysis.io.sandbox.limits import seconds_for
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock, cells_of


def read_workbook(name: str, content: bytes) -> list[RawSheet]:
    """Read every sheet of a workbook; charts have no rows. Raises IwwError when it cannot be read."""
    return read_in_child(read_grids, name, content)


def read_in_child(parse: Callable[[str, bytes], Sequence[Grid]], name: str, content: bytes) -> list[RawSheet]:
    """Give the sheets that a parser, run in the child, makes of a file's name and bytes."""
    grids = child_process.run(parse, name, content, name=name, seconds=seconds_for(content))
    return [_sheet(name, grid) for grid in grids]


def _sheet(name: str, grid: Grid) -> RawSheet:
    blocks, numbers = partial(_blocks, grid), grid.numbers or {}
    return RawSheet(name, grid.name, blocks, hidden=grid.hidden, notes=grid.notes, numbers=numbers)


def _blocks(grid: Grid) -> Iterator[RowBlock]:
    """Give the cells a batch at a time, their rows numbered from 1."""
    first = 1
    with pa.ipc.open_stream(grid.stream) as batches:
        for batch in batches:
            cells = batch.to_pandas()
            cells.columns = range(batch.num_columns)
            cells.index = range(first, first + batch.num_rows)
            first += batch.num_rows
            yield RowBlock(cells)
    if first == 1:
        yield RowBlock(cells_of([]))
