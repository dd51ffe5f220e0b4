"""What calamine does not tell of the cells of a sheet: errors, how much of a day shows, what is hidden or struck through."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

Marks = dict[int, dict[int, str]]  # row -> column -> what is to be known of the cell, counted from 0
Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell: (row, column)

FEW = 5  # distinct words of hidden rows in a column by which they can have been chosen
MONTH, YEAR = "%Y-%m", "%Y"  # how a day is written of which a format shows no more
_NO_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # of a number format: quoted, escaped, colours and languages
_ERROR = re.compile(r"#[^\s#]{1,20}|(?:Err|Fout):\d{3}")


@dataclass
class CellForms:
    """What one pass over the XML of a sheet sees; rows and columns are counted from 0.

    `errors`: the text of an error such as `#N/A`. `months`: how a day is to be written of which the format shows a month or
    a year only. `unsaved`: formulas without a stored result. `rows`, `columns`: how far the cells reach.
    """

    errors: Marks = field(default_factory=dict)
    months: Marks = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    struck: int = 0
    unsaved: int = 0
    merged: list[Range] = field(default_factory=list)
    rows: int = 0
    columns: int = 0

    def change(self, number: int, row: list[object]) -> None:
        """Put errors where calamine leaves a cell empty, and months where it gives their first day."""
        for column, text in self.errors.get(number, {}).items():
            row[column] = text
        for column, form in self.months.get(number, {}).items():
            row[column] = _as_shown(row[column], form)


def _as_shown(value: object, form: str) -> object:
    """A first day of a month (or year) whose format shows no day, as that month; any other day was typed as a day."""
    if not isinstance(value, dt.date) or value.day != 1 or (form == YEAR and value.month != 1):
        return value
    return value if isinstance(value, dt.datetime) and value.time() != dt.time() else value.strftime(form)


def shown_of_day(number_format: str) -> str | None:
    """Say how a day is written of which an Excel number format shows a month or a year, but no day."""
    letters = set(_NO_LETTERS.sub("", number_format.partition(";")[0]).casefold())
    if letters & set("dhs0#?") or not letters & set("my") or "general" in number_format.casefold():
        return None
    return MONTH if "m" in letters else YEAR


def is_error(text: str) -> bool:
    """Say whether a text is what a failed formula shows, in any language."""
    return bool(_ERROR.fullmatch(text))


class SheetNotes:
    """What a person should know of the cells of a sheet, while these are read a block of rows at a time.

    `long`: per column how many numbers are too long for Excel.
    """

    def __init__(self, forms: CellForms, width: int) -> None:
        self.long = [0] * width
        self._forms, self._hidden = forms, set(forms.hidden_rows)
        self._first = self._n_hidden = 0
        self._filled = [False] * width
        self._words: list[tuple[set[str], set[str]]] = [
            (set(), set()) for _ in range(width)
        ]  # in hidden rows, and in others

    def add(self, columns: Sequence[pa.Array]) -> None:
        """Look at the next rows."""
        if not columns:
            return
        after = self._first + len(columns[0])
        if self._hidden or self._forms.hidden_columns:
            hidden = pa.array([row in self._hidden for row in range(self._first, after)])
            filled = [pc.greater(pc.binary_length(column), 0) for column in columns]
            self._n_hidden += pc.sum(pc.and_(hidden, _any(filled))).as_py() or 0
            for n, (column, is_filled) in enumerate(zip(columns, filled, strict=True)):
                self._filled[n] |= pc.any(is_filled).as_py()
                for words, rows in zip(self._words[n], (hidden, pc.invert(hidden)), strict=True):
                    words.update(column.filter(pc.and_(rows, is_filled)).unique().to_pylist() if self._hidden else ())
        self._first = after

    def messages(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Give what is to be said: codes of messages with their words."""
        if too_long := [n for n, count in enumerate(self.long) if count]:
            yield "digits_lost", {"columns": _letters(too_long)}
        if self._n_hidden:
            differ = [
                n for n, (these, others) in enumerate(self._words) if these and len(these) <= FEW and not these & others
            ]
            differ = [n for n in differ if len(self._words[n][1]) > 1 and self._n_hidden > len(self._words[n][0])]
            words = {"n": self._n_hidden, "columns": _letters(differ)}
            yield ("rows_hidden_differ" if differ else "rows_hidden"), words
        if hidden := [n for n in self._forms.hidden_columns if n < len(self._filled) and self._filled[n]]:
            yield "columns_hidden", {"columns": _letters(hidden)}
        if self._forms.struck:
            yield "cells_struck", {"n": self._forms.struck}
        if self._forms.months:
            columns = sorted({column for row in self._forms.months.values() for column in row})
            yield "months_shown", {"n": sum(map(len, self._forms.months.values())), "columns": _letters(columns)}


def _any(of_columns: Iterable[pa.Array]) -> pa.Array:
    first, *others = of_columns
    for other in others:
        first = pc.or_(first, other)
    return first


def _letters(columns: Iterable[int]) -> str:
    return ", ".join(column_letters(column + 1) for column in columns)


def column_letters(column: int) -> str:
    """Give Excel's letters for a column: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
