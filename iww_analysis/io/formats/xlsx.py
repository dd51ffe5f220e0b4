"""What calamine does not tell of the sheets of an xlsx file: one pass over their XML, however that is written."""

import io
import posixpath
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

from iww_analysis.io.formats.cell_forms import CellForms, shown_of_day

_BUILT_IN = {"17": "mmm-yy"}  # numbers of formats that no file describes
_YES = ("1", "true", "on")
_LAST_COLUMN = 16_384
_TELLING = (
    (b"#", b"#"),
    (b"h", b"hidden"),
    (b"f", b"<f"),
    (b"f", b":f"),
)  # a sign, and a letter of it that is sought faster


class Styles:
    """What the styles of a workbook say, by their number: of which days a month is all that shows, and what is struck through."""

    def __init__(self) -> None:
        self.months: dict[str, str] = {}
        self.struck: set[str] = set()
        self._formats = dict(_BUILT_IN)
        self._fonts, self._number, self._path = list[bool](), 0, list[str]()

    def listen(self, parser: expat.XMLParserType) -> None:
        """Take in the XML of the styles, its root excepted."""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _: self._path and self._path.pop()

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._path.append(local(name))
        match self._path[-3:]:
            case [*_, "numFmts", "numFmt"]:
                self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            case [*_, "fonts", "font"]:
                self._fonts.append(False)
            case ["fonts", "font", "strike"]:
                self._fonts[-1] = attributes.get("val", "1") in _YES
            case [*_, "cellXfs", "xf"]:
                number, font = str(self._number), int(attributes.get("fontId", 0))
                if shown := shown_of_day(self._formats.get(attributes.get("numFmtId", ""), "")):
                    self.months[number] = shown
                if font < len(self._fonts) and self._fonts[font]:
                    self.struck.add(number)
                self._number += 1


def tells(piece: bytes) -> bool:
    """Say whether a piece of a sheet's XML can hold what calamine does not tell: an error, a formula, a hidden row or column."""
    return any(letter in piece and sign in piece for letter, sign in _TELLING)


class Uncounted(Exception):  # noqa: N818 - no error
    """A cell does not say where it stands, and those before it went by unheard."""


class SheetPass:
    """Takes in the XML of one sheet. Rows and cells that do not say where they stand are counted from the one before.

    Pieces in which nothing is told may go by unheard, which takes half the time; where it was needed to count in them
    `Uncounted` is raised, and the sheet is to be taken in whole. `check` is given after every row how far cells reach.
    """

    def __init__(
        self, parser: expat.XMLParserType, root: str, styles: Styles, check: Callable[[int, int], None]
    ) -> None:
        self.forms = CellForms()
        self._parser, self._styles, self._check = parser, styles, check
        self._looked_at = {"e", *styles.months, *styles.struck}
        names = ("c", "row", "v", "f", "col")
        self._c, self._row_name, self._v, self._f, self._col = (root.removesuffix("worksheet") + name for name in names)
        self._row: int | None = -1
        self._place: (
            list[str] | None
        ) = []  # of the last cell that says where it stands, empty at the beginning of a row
        self._after = -1  # cells since
        self._cell, self._text, self._is_value, self._is_formula = list[str](), "", False, False
        parser.ordered_attributes = True
        parser.buffer_text = True
        self.hear(wanted=True)

    def hear(self, *, wanted: bool) -> None:
        """Listen to what comes next, or not."""
        if wanted or len(self._looked_at) > 1:
            self._parser.StartElementHandler = self._start
        else:
            self._parser.StartElementHandler = self._row = self._place = None

    def _start(self, name: str, attributes: list[str]) -> None:
        if name == self._c:
            if "r" in attributes:
                self._place, self._after = attributes, 0
            elif self._place is None:
                raise Uncounted
            else:
                self._after += 1
            self._cell = attributes
            if not self._looked_at.isdisjoint(attributes):
                self._look_at(pairs(attributes))
        elif name == self._v:
            self._is_value = True
        elif name == self._row_name:
            self._start_row(pairs(attributes))
        elif name == self._f:
            self._is_formula = True
            self._read_on()
        elif name == self._col:
            given = pairs(attributes)
            if given.get("hidden") in _YES:
                self.forms.hidden_columns += range(int(given["min"]) - 1, min(int(given["max"]), _LAST_COLUMN))

    def _start_row(self, given: Mapping[str, str]) -> None:
        self.end_row()
        if "r" not in given and self._row is None:
            raise Uncounted
        self._row = int(given["r"]) - 1 if "r" in given else (self._row or 0) + 1
        self._place, self._after = [], -1
        if given.get("hidden") in _YES:
            self.forms.hidden_rows.append(self._row)

    def end_row(self) -> None:
        """Give how far the last row reaches."""
        if self._place is not None and self._after >= 0:
            row, column = self._position
            self.forms.rows, self.forms.columns = max(self.forms.rows, row + 1), max(self.forms.columns, column + 1)
            self._check(self.forms.rows, self.forms.columns)

    @property
    def _position(self) -> tuple[int, int]:
        name = pairs(self._place or []).get("r", "")
        letters = name.rstrip("0123456789")
        if name:
            return int(name[len(letters) :]) - 1, column_number(letters) - 1 + self._after
        return self._row or 0, self._after

    def _look_at(self, given: Mapping[str, str]) -> None:
        style = given.get("s", "")
        row, column = self._position
        if shown := self._styles.months.get(style):
            self.forms.months.setdefault(row, {})[column] = shown
        self.forms.struck += style in self._styles.struck
        if given.get("t") == "e":
            self._read_on()

    def _read_on(self) -> None:
        """Read the value of this cell."""
        self._text, self._is_value = "", False
        self._parser.CharacterDataHandler, self._parser.EndElementHandler = self._read, self._end

    def _read(self, text: str) -> None:
        if self._is_value:
            self._text += text

    def _end(self, name: str) -> None:
        if name == self._v:
            self._is_value = False
        elif name == self._c:
            kind, text = pairs(self._cell).get("t"), self._text.strip()
            if kind == "e" and text:
                row, column = self._position
                self.forms.errors.setdefault(row, {})[column] = text
            self.forms.unsaved += self._is_formula and not text and kind != "str"
            self._is_formula = False
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None


def sheet_members(content: bytes) -> dict[str, str]:
    """Give the member that holds each sheet, by the sheet's name; nothing when this is no xlsx file."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        members = {name.replace("\\", "/"): name for name in zipped.namelist()}
        if "xl/workbook.xml" not in members or "xl/_rels/workbook.xml.rels" not in members:
            return {}
        links = _elements(zipped.read(members["xl/_rels/workbook.xml.rels"]), "Relationship")
        sheets = _elements(zipped.read(members["xl/workbook.xml"]), "sheet")
    targets = {link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))) for link in links}
    return {sheet["name"]: targets.get(sheet.get("id"), "").lstrip("/") for sheet in sheets if "name" in sheet}


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of a name, whatever their prefixes."""
    parser, given = expat.ParserCreate(), list[dict[str, str]]()

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if local(name) == wanted:
            given.append({local(key): value for key, value in attributes.items()})

    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return given


def local(name: str) -> str:
    """Give the name of an element without its prefix."""
    return name.rpartition(":")[2]


def pairs(attributes: list[str]) -> dict[str, str]:
    """Give attributes by name that the parser gives in a row."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def column_number(letters: str) -> int:
    """Give the number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
