"""Hold what a stranger delivers: sheets of cells of which is known what stands in the file and what it truly says."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

MISSING = "missing"  # the list of words that say why something is not known


@dataclass(frozen=True)
class Gap:
    """Why a value is not there, in the words of the data dictionary; `month`: the month that is known of a day."""

    why: str
    month: str = ""


EMPTY, UNKNOWN, UNREADABLE = Gap("empty"), Gap("unknown"), Gap("unreadable")
Several = tuple[object, ...]  # the values of one cell


class Shown(NamedTuple):
    """A cell of a workbook with a number format of its own."""

    value: object
    number_format: str


class Error(NamedTuple):
    """A formula that failed."""

    sign: str


@dataclass
class Cell:
    """What is written and what it truly says; `mess`: what was done to it."""

    raw: object = None
    true: object = EMPTY
    mess: str = ""


class Meaning(NamedTuple):
    """What a column fills: a column of a table of the data dictionary, and what else holds of that record."""

    table: str
    column: str
    constants: tuple[tuple[str, str], ...] = ()

    @property
    def field(self) -> str:
        """Name it as in the data dictionary."""
        return f"{self.table}.{self.column}"


@dataclass
class Column:
    """A heading, what it means (nothing: it is not to be read), the list of its words, and what splits a cell."""

    heading: str
    kind: str = ""  # key, code, date, number, label; empty where it is not read
    meanings: tuple[Meaning, ...] = ()
    words: str = ""
    split: str = ""
    group: str = ""  # the title above a group of headings


@dataclass
class Row:
    """The cells of a row and its fate: kept, aside (set aside), gone (no row of data), or twice (delivered again).

    `again`: how many times its case was closed and reported anew before; `across`: its first cell is merged over the whole width.
    """

    cells: list[Cell]
    fate: str = "kept"
    mess: str = ""
    hidden: bool = False
    again: int = 0
    across: bool = False


@dataclass
class Sheet:
    """A table in a file. `row_is`: of which table one row makes a record; empty: the sheet is not to be read.

    `above` and `below`: titles, totals and notes around the table; `titled_across`: a title is one cell as wide as the table.
    `constants`: what holds for all rows; `named`: it stands in the name of the sheet. `wide`: what its columns are, where a row
    makes a record of `row_is` for each of several.
    """

    file: str
    name: str
    row_is: str
    columns: list[Column]
    rows: list[Row]
    above: list[list[object]] = field(default_factory=list)
    below: list[list[object]] = field(default_factory=list)
    titled_across: bool = False
    constants: dict[str, str] = field(default_factory=dict)
    named: bool = False
    wide: str = ""
    order: str = "dmy"
    fill_down: str = ""  # the heading that stands only on the first line of a record
    hidden: bool = False
    merged: list[tuple[int, int, int]] = field(default_factory=list)  # column, first and last row of cells that are one
    labels: dict[str, dict[object, str]] = field(default_factory=dict)  # heading -> value labels, of SPSS

    def column(self, name: str) -> int | None:
        """The place of the column that fills a field, if there is one."""
        return next((n for n, c in enumerate(self.columns) if name in {m.field for m in c.meanings}), None)

    def source_id(self, received: dt.date) -> str:
        """By which name the processed tables know the sheet."""
        return f"{received}/{self.file}" + (f"#{self.name}" if self.name else "")

    def number_of(self, row: int) -> int:
        """The number that a row of data has in its file."""
        return len(self.above) + 2 + row

    def cells(self, *kinds: str) -> Iterator[tuple[Row, Column, Cell]]:
        """The cells of rows that are kept, in columns of these kinds (all if none)."""
        for row in self.rows:
            for column, cell in zip(self.columns, row.cells, strict=True):
                if row.fate == "kept" and (not kinds or column.kind in kinds):
                    yield row, column, cell


@dataclass
class FileKind:
    """How a file is written."""

    kind: str  # text, xlsx, ods, sav
    delimiter: str = ";"
    encoding: str = "utf-8"
    quote_all: bool = False
    trailing: bool = False  # a delimiter at the end of each row
    sep_line: bool = False  # a first line that says which delimiter it is


@dataclass
class Delivery:
    """The sheets that came in on one day, and how their files are written."""

    received: dt.date
    extracted: dt.date
    sheets: list[Sheet]
    kinds: dict[str, FileKind]


@dataclass
class Stranger:
    """One municipality: what it delivered, what its words mean, and what was done to the files."""

    seed: int
    style: str
    source: str
    municipality: str
    deliveries: list[Delivery] = field(default_factory=list)
    words: dict[tuple[str, str], str] = field(default_factory=dict)  # (list, word) -> code
    mess: list[str] = field(default_factory=list)
    half: dict[str, str] = field(default_factory=dict)  # heading -> swapped or as_written
    decimals: dict[str, str] = field(default_factory=dict)  # heading -> , or .
    replaces: bool = False
    day_from_referrals: bool = (
        False  # a case was reported on the day of its first referral, which stands in another table
    )
    followed: bool = False  # cases that a study follows
    consent: str = ""  # who says that everyone agreed, where no column does

    @property
    def sheets(self) -> list[Sheet]:
        """Every sheet of every delivery."""
        return [sheet for delivery in self.deliveries for sheet in delivery.sheets]
