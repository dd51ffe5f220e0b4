"""Write the forms that people fill in: a workbook with an explanation and lists, under headings that `iww add` knows."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from iww_analysis import vocabulary
from iww_analysis.crosswalk.forms.workbook import AS_TEXT, ListPlaces, form_workbook, say, write_heading
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang, fail
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import dates
from iww_analysis.tables.statement import Column

ABSENT = ("unknown", "not_applicable")  # words for missing that are offered; an empty cell needs none
LAST_ROW = 1_048_576  # of a sheet in Excel
NARROWEST, WIDEST = 14, 40  # characters
LONGEST_PROMPT = 255  # characters that Excel shows beside a cell
FORMATS = {"date": "dd-mm-yyyy", "integer": "0"}
WORDS_NL: Lang = "nl"  # headings and words to choose from are Dutch in every form

_say = partial(say, "forms")


@dataclass(frozen=True)
class FormField:
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
        low, high = self.column.low, self.column.high
        rule = ""
        if self.words:
            rule = _say("choose", lang, words=", ".join(self.words))
        elif self.column.kind == "date":
            rule = _say("date", lang)
        elif self.column.kind == "integer":
            rule = _say("integer_from" if high is None else "integer", lang, low=low, high=high)
        elif not self.nl:
            rule = _say("text", lang)
        meaning = self.nl if lang == "nl" else self.column.meaning
        return " ".join(filter(None, (meaning, rule, _say("several", lang) if self.several else "")))


@dataclass(frozen=True)
class FormSheet:
    """One sheet of a form. `form`: the kind of sheet as which it is recognised; `row_is`: what one row is, per language."""

    name: str
    form: str
    row_is: Mapping[str, str]
    fields: tuple[FormField, ...]


def kinds() -> tuple[str, ...]:
    """Name the forms there are."""
    return tuple(sentences.read("forms")["kind"])


def sheets(kind: str) -> tuple[FormSheet, ...]:
    """Give the sheets of a form, in order; an unknown kind is a message that names the forms."""
    if kind not in kinds():
        raise fail("template_unknown", kind=kind, known=", ".join(kinds()))
    parts = sentences.read("forms")["kind"][kind]["sheets"]
    return tuple(FormSheet(p["name"], p["form"], p, tuple(_field(p["form"], **f) for f in p["columns"])) for p in parts)


def _field(form: str, to: str, nl: str = "", **constants: str) -> FormField:
    """A column under the table's own Dutch term where that heads it in this form, else under its most usual heading."""
    table, _, name = to.partition(".")
    column = TABLES[table][name]
    head = next(h for h in vocabulary.headings(form) if to in h.to and h.constants == constants)
    known = {vocabulary.key(word) for word in head.words}
    word = column.nl if vocabulary.key(column.nl) in known else head.words[0]
    capital = unicodedata.normalize("NFD", word)[0].upper()  # "één" becomes "Eén"
    required = column.required and (form, table) in [(known.name, known.one_row_is) for known in vocabulary.forms()]
    return FormField(to, constants, capital + word[1:], column, required, head.split, nl)


def empty_form(kind: str, lang: Lang = "nl") -> Workbook:
    """Draw an empty form; an unknown kind is a message that names the forms."""
    form = sheets(kind)
    lists = [field.words for sheet in form for field in sheet.fields]
    book, drawn, places = form_workbook(_explanation(kind, form, lang), [sheet.name for sheet in form], lists)
    for worksheet, sheet in zip(drawn, form, strict=True):
        worksheet.freeze_panes = "B2"
        for number, field in enumerate(sheet.fields, start=1):
            letter = get_column_letter(number)
            worksheet.column_dimensions[letter].number_format = FORMATS.get(field.column.kind, AS_TEXT)
            widest = max(NARROWEST, *(len(text) + 4 for text in (field.heading, *field.words)))
            write_heading(worksheet, number, field.heading, min(WIDEST, widest))
            rule = _validation(field, places, lang)
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            worksheet.add_data_validation(rule)
    return book


def _explanation(kind: str, form: tuple[FormSheet, ...], lang: Lang) -> Iterator[tuple[str, bool]]:
    """The sentences of the cover, with whether they are bold."""
    yield str(sentences.read("forms")["kind"][kind][lang]), True
    yield _say("never", lang), True
    yield from ((_say(name, lang), False) for name in ("missing", "keep", "add"))
    for sheet in form:
        yield "", False
        yield _say("row", lang, sheet=sheet.name, what=sheet.row_is[lang]), True
        for field in sheet.fields:
            required = f" ({_say('required', lang)})" if field.required else ""
            yield f"{field.heading}{required}: {field.explain(lang)}", False


def _validation(field: FormField, places: ListPlaces, lang: Lang) -> DataValidation:
    """What a cell may hold: words of a list strictly (unless several fit in a cell), days and numbers with a warning."""
    column = field.column
    if field.words:
        rule = DataValidation("list", places[field.words], showErrorMessage=not field.several)
        rule.error = _say("not_listed", lang)
    elif column.kind == "date":
        days = (dates.FIRST_DAY, dates.LAST_DAY)
        first, last = (f"DATE({day.year},{day.month},{day.day})" for day in days)
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
