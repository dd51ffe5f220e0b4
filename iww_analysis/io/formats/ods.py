"""What calamine does not tell of the sheets of an OpenDocument file: one pass over their XML, and how a time is written."""

import re
from collections.abc import Mapping
from xml.parsers import expat

from iww_analysis.io.formats.cell_forms import MONTH, YEAR, CellForms, Marks, is_error
from iww_analysis.io.sandbox.limits import MOST_CELLS

_URN = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 "
_TABLE, _OFFICE, _STYLE, _NUMBER, _TEXT = map(_URN.format, ("table", "office", "style", "datastyle", "text"))
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN = ("collapse", "filter")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_TIME = re.compile(r"PT(\d+)H(\d\d)M(\d\d)(?:[.,]\d+)?S")


class DateStyles:
    """How the cell styles of a workbook show days, as far as they show a month or a year only."""

    def __init__(self) -> None:
        self._shown: dict[str, set[str]] = {}  # name of a format -> the parts that it shows
        self._format, self._parent = dict[str, str](), dict[str, str]()  # of a cell style
        self._open = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take in the beginning of an element."""
        if name == f"{_NUMBER}date-style":
            self._open = attributes.get(f"{_STYLE}name", "")
            self._shown[self._open] = set()
        elif name == f"{_STYLE}style":
            own = attributes.get(f"{_STYLE}name", "")
            self._format[own] = attributes.get(f"{_STYLE}data-style-name", "")
            self._parent[own] = attributes.get(f"{_STYLE}parent-style-name", "")
            self._open = ""
        elif name.startswith(_NUMBER):
            if name.endswith("-style"):
                self._open = ""
            elif self._open:
                self._shown[self._open].add(name.removeprefix(_NUMBER))

    def shown(self, style: str) -> str | None:
        """Say how a day is written that has this cell style."""
        for _ in self._format:
            if self._format.get(style) or style not in self._parent:
                break
            style = self._parent[style]
        parts = self._shown.get(self._format.get(style, ""), set())
        if parts & {"day", "day-of-week", "hours", "minutes", "seconds", "week-of-year", "quarter"}:
            return None
        return MONTH if "month" in parts else YEAR if "year" in parts else None


class ContentPass:
    """Takes in the XML of all sheets; rows and cells that are repeated are counted as often."""

    def __init__(self, parser: expat.XMLParserType, styles: DateStyles) -> None:
        self.tables: list[CellForms] = []
        self._parser, self._styles = parser, styles
        self._depth = 0  # of tables within tables
        self._row = self._below = self._column = self._after = (
            0  # below, after: what a cell with its repeats does not cover
        )
        self._columns: list[tuple[int, str]] = []  # how often, and the style of their cells
        self._cell: Mapping[str, str] = {}
        self._text, self._beside = "", 0  # of a cell that is read; in how many comments we are
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == f"{_TABLE}table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(CellForms())
                self._row = self._below = self._column = self._after = 0
                self._columns = []
        elif self._depth == 0:
            self._styles.start(name, attributes)
        elif self._depth == 1 and name in _CELLS:
            self._start_cell(attributes)
        elif self._depth == 1 and name == f"{_TABLE}table-row":
            self._row, self._below = self._below, self._below + _count("rows-repeated", attributes)
            self._column = self._after = 0
            if attributes.get(f"{_TABLE}visibility") in _HIDDEN:
                self.tables[-1].hidden_rows += range(self._row, min(self._below, _LAST_ROW))
        elif self._depth == 1 and name == f"{_TABLE}table-column":
            times, first = _count("columns-repeated", attributes), sum(n for n, _ in self._columns)
            self._columns.append((times, attributes.get(f"{_TABLE}default-cell-style-name", "")))
            if attributes.get(f"{_TABLE}visibility") in _HIDDEN:
                self.tables[-1].hidden_columns += range(first, min(first + times, _LAST_COLUMN))
        elif self._parser.CharacterDataHandler:
            self._beside += name == f"{_OFFICE}annotation"

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        forms = self.tables[-1]
        self._cell, self._column = attributes, self._after
        self._after += _count("columns-repeated", attributes)
        if f"{_OFFICE}value-type" in attributes:
            forms.rows, forms.columns = max(forms.rows, self._below), max(forms.columns, self._after)
        bottom = self._row + _count("rows-spanned", attributes) - 1
        right = self._column + _count("columns-spanned", attributes) - 1
        if (bottom, right) != (self._row, self._column):
            forms.merged.append(((self._row, self._column), (bottom, right)))
        if attributes.get(f"{_OFFICE}value-type") == "date" and (shown := self._styles.shown(self._style)):
            self._mark(forms.months, shown)
        if attributes.get(f"{_CALC}value-type") == "error" or f"{_TABLE}formula" in attributes:
            self._text = ""
            self._parser.CharacterDataHandler = self._read

    @property
    def _style(self) -> str:
        """The style of this cell: its own, or that of its column."""
        before = 0
        for times, style in self._columns:
            before += times
            if self._column < before:
                return self._cell.get(f"{_TABLE}style-name") or style
        return self._cell.get(f"{_TABLE}style-name", "")

    def _mark(self, marks: Marks, text: str) -> None:
        if (self._below - self._row) * (self._after - self._column) <= MOST_CELLS:  # else it is refused for that
            for row in range(self._row, self._below):
                marks.setdefault(row, {}).update(dict.fromkeys(range(self._column, self._after), text))

    def _read(self, text: str) -> None:
        if not self._beside:
            self._text += text

    def _end(self, name: str) -> None:
        if name == f"{_TABLE}table":
            self._depth -= 1
        elif self._parser.CharacterDataHandler and name == f"{_OFFICE}annotation":
            self._beside -= 1
        elif self._parser.CharacterDataHandler and name in _CELLS:
            text, forms = self._text.strip(), self.tables[-1]
            if text and (self._cell.get(f"{_CALC}value-type") == "error" or is_error(text)):
                self._mark(forms.errors, text)
            forms.unsaved += not text and f"{_OFFICE}value-type" not in self._cell
            self._parser.CharacterDataHandler = None


def _count(name: str, attributes: Mapping[str, str]) -> int:
    return int(attributes.get(f"{_TABLE}number-{name}", 1))


def clock(value: object) -> object:
    """Write a time of day or duration as a person sees it: calamine gives `PT36H30M00S`."""
    if isinstance(value, str) and value.startswith("PT") and (parts := _TIME.fullmatch(value)):
        return ":".join(parts.groups())
    return value
