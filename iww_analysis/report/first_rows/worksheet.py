"""Draw how the first rows of a delivery are read as a sheet of a form, to be looked at before its questions are answered."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from iww_analysis.crosswalk.forms.workbook import AS_TEXT, WRAPPED
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.report.first_rows.reading import SHOWN, SheetRead

PLACE = 1  # of the sheet in the form: behind the explanation
WIDTHS = (36, 26, *(22,) * SHOWN)  # of how it is read, the heading, and each row

Look = Literal["title", "text", "sheet", "heads", "heading"]
_FONTS = {"title": Font(bold=True, size=14), "sheet": Font(bold=True, size=12), "heads": Font(bold=True)}


class Line(NamedTuple):
    """One row of the sheet: what it is, and its cells."""

    look: Look
    cells: tuple[str, ...]


def title(lang: Lang) -> str:
    """Give the name of the sheet."""
    return str(sentences.read("first_rows")["title"][lang])


def lines(sheets: Sequence[SheetRead], lang: Lang) -> Iterator[Line]:
    """Give the rows of the sheet; a sentence stands in one cell."""
    words = {name: text[lang] for name, text in sentences.read("first_rows").items() if lang in text}
    yield Line("title", (words["title"],))
    for name in ("inside", "what", "privacy"):
        yield Line("text", (words[name],))
    for sheet in sheets:
        yield Line("text", ())
        yield Line("sheet", (f"{sheet.place} ({words['received'].format(day=sheet.received)})",))
        rows = tuple(words["row"].format(row=row) for row in sheet.rows)
        for table in sheet.tables if rows else ():
            yield Line("heads", (f"{words['means']}: {table.name}", words["heading"], *rows))
            yield from (Line("heading", (each.means, each.heading, *each.values)) for each in table.headings)
        yield from (Line("text", (text,)) for text in sheet.not_counting)
        for name, texts in (("waits", sheet.unanswered), ("thrown_away", sheet.left_out)):
            yield from (Line("text", (f"{words[name]}: {text}",)) for text in texts)


def add_worksheet(book: Workbook, drawn: Sequence[Line], lang: Lang) -> None:
    """Add the sheet to a form; the sheet that opens stays the same."""
    opens = book.index(book[book.active.title]) if book.active else 0
    sheet = book.create_sheet(title(lang), PLACE)
    book.active = opens + (opens >= PLACE)
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, line in enumerate(drawn, start=1):
        for number, text in enumerate(line.cells, start=1):
            cell = sheet.cell(row, number, text)
            cell.number_format, cell.data_type = AS_TEXT, "s"  # "=1+1" is a word here, no formula
            cell.font = _FONTS.get(line.look, Font())
            if line.look in ("heads", "heading"):  # a sentence runs on over the empty cells beside it
                cell.alignment = WRAPPED
            if line.look == "heads":
                cell.fill = PatternFill("solid", fgColor="DDE6EE")
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
