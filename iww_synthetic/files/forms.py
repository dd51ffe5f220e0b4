"""Write what is true of a case study, drawn as tables in a data file, on the forms that researchers fill in."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from iww_synthetic.chance import Chance
from iww_synthetic.files import workbook
from iww_synthetic.files.mess import NBSP, Pen
from iww_synthetic.files.sheet import Cell, Line, Sheet
from iww_synthetic.files.workbook import Page
from iww_synthetic.settings import words

Record = Mapping[str, Any]  # name -> code, words, day, number or several codes; None: nothing there

DATES = {"text": 40, "month": 30, "month_short": 10, "cell": 20}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def drawn(table: str) -> list[dict[str, Any]]:
    """Read a table drawn with pipes, first line the names. Days become days; nothing stays nothing (None)."""
    names, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [{name: _value(cell) for name, cell in zip(names, cells, strict=True)} for cells in lines]


def _value(text: str) -> dt.date | str | None:
    return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else text or None


def as_told(records: Iterable[Record], *names: str) -> list[dict[str, Any]]:
    """Give records as a plan tells them: these names only, days as text."""
    return [{name: value.isoformat() if isinstance(value := each.get(name), dt.date) else value for name in names}
            for each in records]  # fmt: skip


def pen_of(source: str, seed: int) -> Pen:
    """Give the pen of a source."""
    return Pen(Chance(seed, f"mess {source}"), words(source), DATES, noise=0.06)


@dataclass(frozen=True)
class Field:
    """A column of a form. `codes`: the list whose words are written; `merged`: one cell for rows that say the same."""

    heading: str
    name: str
    codes: str = ""
    merged: bool = False


@dataclass(frozen=True)
class Form:
    """One sheet of a workbook. `notes`: lone sentences below the table; `widths`: column number -> width."""

    name: str
    titles: Sequence[str]
    fields: Sequence[Field]
    notes: Sequence[str] = ()
    widths: Mapping[int, int] = field(default_factory=dict)

    def page(self, records: Sequence[Record], pen: Pen, again: int | None = None, bare: Record | None = None) -> Page:
        """Write the sheet. `again`: the record that stands there twice; `bare`: a record that lacks what is required."""
        sheet = Sheet()
        for title in self.titles:
            sheet.add([title], "title")
        sheet.add([each.heading for each in self.fields], "header")
        first = len(sheet.lines) + 1
        for record in records:
            sheet.add(self._cells(record, pen))
        merged = list(self._merged(records, first))
        if bare is not None:
            sheet.add(self._cells(bare, pen), "missing_required")
        if again is not None:
            sheet.add(sheet.lines[first - 1 + again].cells, "duplicate")
        if self.notes:
            sheet.add([], "empty")
        for note in self.notes:
            sheet.add([note], "footnote")
        titles = workbook.title_areas(len(self.fields), len(self.titles))
        return Page(self.name, sheet, [*titles, *merged], widths=dict(self.widths))

    def csv(self, records: Sequence[Record], pen: Pen) -> Sheet:
        """Write the sheet as a text file: without titles, merged cells and notes; real days become text."""
        sheet = Sheet([Line(tuple(each.heading for each in self.fields), "header")])
        for record in records:
            sheet.add([c.isoformat() if isinstance(c, dt.date) else c for c in self._cells(record, pen)])
        return sheet

    def _cells(self, record: Record, pen: Pen) -> list[Cell]:
        return [_cell(record.get(each.name), each.codes, pen) for each in self.fields]

    def _merged(self, records: Sequence[Record], first: int) -> Iterator[str]:
        """The areas over neighbouring rows whose record, up to and with a merged column, says the same."""
        names: list[str] = []
        for column, each in enumerate(self.fields, start=1):
            if not each.merged:
                continue
            names.append(each.name)
            told = [tuple(record.get(name) for name in names) for record in records]
            starts = [n for n, value in enumerate(told) if n == 0 or value != told[n - 1]]
            for start, end in zip(starts, [*starts[1:], len(told)], strict=True):
                if end - start > 1:
                    letter = get_column_letter(column)
                    yield f"{letter}{first + start}:{letter}{first + end - 1}"


def _cell(value: Any, codes: str, pen: Pen) -> Cell:
    if isinstance(value, list):
        return pen.many(codes, value, ("; ", ", ", " / "))
    if isinstance(value, dt.date):
        return pen.day(value)
    if value is None or isinstance(value, int):
        return "" if value is None else value
    if value in pen.words["missing"]:
        return pen.missing(value)
    return pen.word(codes, value) if codes else _spaced(value, pen)


def _spaced(text: str, pen: Pen) -> str:
    """Write words as they are, once in a while with a space that is too many or does not break."""
    if not pen.chance.yes(0.08):
        return text
    return text + " " if pen.chance.yes(0.5) else text.replace(" ", NBSP, 1)
