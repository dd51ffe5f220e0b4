"""Hold one sheet of a workbook, or one text file, as text: a block of rows at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from iww_analysis.messages.errors import Message

PROJECT_SUFFIXES = (".qdpx", ".qdc")  # files of REFI-QDA, of whose sheets each row is a code, a coding or a document


@dataclass(frozen=True)
class RowBlock:
    """Some rows of a sheet, whole.

    `cells` holds text only ("" is empty), one column per position; its index is the row number a person sees:
    Excel's own row, or for text files the 1-based record of `csv.reader`, header included.
    `widths` counts the cells that each record really had (text files only: sheets are rectangular).
    """

    cells: pd.DataFrame
    widths: pd.Series | None = None


def joined(blocks: Sequence[RowBlock]) -> RowBlock:
    """Put blocks of one sheet under each other."""
    if len(blocks) == 1:
        return blocks[0]
    widths = [block.widths for block in blocks if block.widths is not None]
    return RowBlock(pd.concat([block.cells for block in blocks]).fillna(""), pd.concat(widths) if widths else None)


@dataclass(frozen=True)
class RawSheet:
    """One sheet of a workbook, or one text file, read a block at a time by `blocks()`.

    `notes`: what a person should know of how the file was read, on its first sheet. `numbers`: of a column whose values have
    labels (SPSS), label -> number: the cells hold the labels.

    Of a long sheet it can be a sample: then `n_rows` says how many rows there are, `every` reads all of them, and `ids` holds a
    number for each filled cell of the columns of identifiers, by position (see `sampled_sheet`).
    """

    file: str
    name: str
    blocks: Callable[[], Iterator[RowBlock]]
    hidden: bool = False
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[Message, ...] = ()
    numbers: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    every: Callable[[], Iterator[RowBlock]] | None = None
    n_rows: int = 0
    ids: Mapping[int, np.ndarray] = field(default_factory=dict)

    @property
    def all_blocks(self) -> Callable[[], Iterator[RowBlock]]:
        """What reads all rows, of a sample too."""
        return self.every or self.blocks

    @cached_property
    def whole(self) -> RowBlock:
        """All rows together."""
        return joined(list(self.blocks()))

    @property
    def cells(self) -> pd.DataFrame:
        """All rows together, as text."""
        return self.whole.cells

    @property
    def widths(self) -> pd.Series | None:
        """How many cells each record really had, if that is known."""
        return self.whole.widths


def sheet_of_rows(file: str, name: str, rows: Sequence[list[str]]) -> RawSheet:
    """Make a sheet of rows of text; the first is row 1, short rows are padded."""
    block = RowBlock(cells_of(rows))
    return RawSheet(file, name, lambda: iter([block]))


def cells_of(rows: Sequence[list[str]], first: int = 1) -> pd.DataFrame:
    """Give rows of text as cells: numbered from `first`, as wide as the widest."""
    width = max((len(row) for row in rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return pd.DataFrame(padded, index=range(first, first + len(rows)), columns=range(width), dtype="str")
