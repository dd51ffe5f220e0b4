"""Write the forms that people fill in: a workbook with an explanation and lists, under headings that `iww add` knows."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from iww_analysis import vocabulary
from iww_analysis.io.disk import files
from iww_analysis.io.formats.write_workbook import saved
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang, Place, fail
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import cell_readers
from iww_analysis.tables.statement import Column

COVER, LISTS = "Uitleg", "Lijsten"
ABSENT = ("unknown", "not_applicable")  # words for missing that are offered; an empty cell needs none
LAST_ROW = 1_048_576  # of a sheet in Excel
NARROWEST, WIDEST, COVER_WIDTH = 14, 40, 120  # characters
LONGEST_PROMPT = 255  # characters that Excel shows beside a cell
FORMATS = {"date": "dd-mm-yyyy", "integer": "0"}
AS_TEXT = "@"  # else Excel takes the zeros off a number and turns 1-2 into a day
WORDS_NL: Lang = "nl"  # headings and words to choose from are Dutch in every form


@dataclass(frozen=True)
class Field:
    """One column of a form. `nl`: what to write, beyond the heading.

    `required`: a row without it cannot be used; `several`: a cell can hold more than one value.
    """

    to: str
    constants: Mapping[str, str]
    heading: str
    column: Column
    required: bool
    several: bool
    nl: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words to choose from; those for missing only where a record can do without a value."""
        if not self.column.vocabulary:
            return ()
        known = vocabulary.read(self.column.vocabulary)
        absent = () if self.column.required else ABSENT
        return tuple(known.label(code, WORDS_NL) for code in (*known.codes, *absent))

    def explain(self, lang: Lang) -> str:
        """Say in a few sentences what to write."""
        own = self.nl if lang == "nl" else self.column.meaning
        return " ".join(part for part in (own, *self._rules(lang)) if part)

    def _rules(self, lang: Lang) -> Iterator[str]:
        low, high = self.column.low, self.column.high
        if self.words:
            yield _say("choose", lang, words=", ".join(self.words))
        elif self.column.kind == "date":
            yield _say("date", lang)
        elif self.column.kind == "integer":
            yield _say("integer_from" if high is None else "integer", lang, low=low, high=high)
        elif not self.nl:
            yield _say("text", lang)
        if self.several:
            yield _say("several", lang)


@dataclass(frozen=True)
class Page:
    """One sheet of a form. `form`: the kind of sheet as which it is recognised; `row_is`: what one row is, per language."""

    name: str
    form: str
    row_is: Mapping[str, str]
    fields: tuple[Field, ...]


@cache
def _texts() -> Mapping[str, Any]:
    return sentences.read("forms")


def _say(name: str, lang: Lang, **words: object) -> str:
    return str(_texts()["say"][name][lang]).format(**words)


def kinds() -> tuple[str, ...]:
    """Name the forms there are."""
    return tuple(_texts()["kind"])


def pages(kind: str) -> tuple[Page, ...]:
    """Give the sheets of a form, in order; an unknown kind is a message that names the forms."""
    if kind not in kinds():
        raise fail("template_unknown", kind=kind, known=", ".join(kinds()))
    return tuple(
        Page(p["name"], p["form"], {"nl": p["nl"], "en": p["en"]}, tuple(_field(p["form"], **f) for f in p["columns"]))
        for p in _texts()["kind"][kind]["sheets"]
    )


def _field(form: str, to: str, nl: str = "", **constants: str) -> Field:
    """A column under the table's own Dutch term where that heads it in this form, else under its most usual heading."""
    table, _, name = to.partition(".")
    column = TABLES[table][name]
    head = next(h for h in vocabulary.headings(form) if to in h.to and h.constants == constants)
    known = {vocabulary.key(word) for word in head.words}
    word = column.nl if vocabulary.key(column.nl) in known else head.words[0]
    capital = unicodedata.normalize("NFD", word)[0].upper()  # "één" becomes "Eén"
    required = column.required and table == _one_row_is(form)
    return Field(to, constants, capital + word[1:], column, required, head.split, nl)


def _one_row_is(form: str) -> str:
    return next(known.one_row_is for known in vocabulary.forms() if known.name == form)


def write(kind: str, path: Path, lang: Lang = "nl") -> Path:
    """Write an empty form and give where it is; a file that is already there, perhaps filled in, is never overwritten."""
    path = path / kind if path.is_dir() else path
    path = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
    content = _workbook(kind, pages(kind), lang)
    if path.exists():
        raise fail("template_exists", Place(path.name))
    files.clear(path)
    files.write_bytes(path, content)
    return path


def _workbook(kind: str, sheets: tuple[Page, ...], lang: Lang) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    _explain(book.create_sheet(COVER), kind, sheets, lang)
    made = [book.create_sheet(page.name) for page in sheets]
    lists = write_lists(book.create_sheet(LISTS), [field.words for page in sheets for field in page.fields])
    for sheet, page in zip(made, sheets, strict=True):
        _fill(sheet, page, lists, lang)
    return saved(book)


def _explain(sheet: Worksheet, kind: str, sheets: tuple[Page, ...], lang: Lang) -> None:
    bold = [str(_texts()["kind"][kind][lang]), _say("never", lang)]
    plain = [_say(name, lang) for name in ("missing", "keep", "add")]
    lines = [(text, True) for text in bold] + [(text, False) for text in plain]
    for page in sheets:
        lines += [("", False), (_say("row", lang, sheet=page.name, what=page.row_is[lang]), True)]
        lines += [(f"{_named(field, lang)}: {field.explain(lang)}", False) for field in page.fields]
    write_sentences(sheet, lines)


def write_sentences(sheet: Worksheet, lines: Iterable[tuple[str, bool]]) -> None:
    """Write one column of sentences, bold or not: what holds two filled columns would look like a table to be read."""
    for number, (text, strong) in enumerate(lines, start=1):
        cell = sheet.cell(number, 1, text or None)
        cell.font, cell.alignment = Font(bold=strong), Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = COVER_WIDTH


def _named(field: Field, lang: Lang) -> str:
    return f"{field.heading} ({_say('required', lang)})" if field.required else field.heading


def write_lists(sheet: Worksheet, lists: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, ...], str]:
    """Write every list of words once, on a hidden sheet; gives where each stands."""
    where = {}
    for number, words in enumerate(dict.fromkeys(filter(None, lists)), start=1):
        for row, word in enumerate(words, start=1):
            sheet.cell(row, number, word)
        letter = get_column_letter(number)
        where[words] = f"{LISTS}!${letter}$1:${letter}${len(words)}"
    sheet.sheet_state = "hidden"
    return where


def write_heading(sheet: Worksheet, number: int, text: str) -> None:
    """Write the heading of a column, as forms have them."""
    cell = sheet.cell(1, number, text)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6EE")
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fill(sheet: Worksheet, page: Page, lists: Mapping[tuple[str, ...], str], lang: Lang) -> None:
    for number, field in enumerate(page.fields, start=1):
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = min(WIDEST, max(NARROWEST, *(len(text) + 4 for text in (field.heading, *field.words))))
        dimension.number_format = FORMATS.get(field.column.kind, AS_TEXT)
        write_heading(sheet, number, field.heading)
        rule = _validation(field, lists, lang)
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(rule)
    sheet.freeze_panes = "B2"


def _validation(field: Field, lists: Mapping[tuple[str, ...], str], lang: Lang) -> DataValidation:
    """What a cell may hold: words of a list strictly (unless several fit in a cell), days and numbers with a warning."""
    column = field.column
    if field.words:
        rule = DataValidation("list", lists[field.words], showErrorMessage=not field.several)
        rule.error = _say("not_listed", lang)
    elif column.kind == "date":
        first, last = (
            f"DATE({day.year},{day.month},{day.day})" for day in (cell_readers.FIRST_DAY, cell_readers.LAST_DAY)
        )
        rule = DataValidation("date", first, last, operator="between")
    elif column.kind == "integer":
        high = None if column.high is None else str(column.high)
        rule = DataValidation("whole", str(column.low or 0), high, operator="between" if high else "greaterThanOrEqual")
    else:
        rule = DataValidation()
    if column.kind in FORMATS:
        rule.errorStyle, rule.showErrorMessage, rule.error = "warning", True, _say("odd", lang)
    rule.allow_blank, rule.showInputMessage = True, True
    rule.promptTitle = field.heading[:32]
    rule.prompt = (field.nl if lang == "nl" and field.nl else field.explain(lang))[:LONGEST_PROMPT]
    return rule
