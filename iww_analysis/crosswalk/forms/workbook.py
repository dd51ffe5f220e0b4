"""Draw what every form has: a cover with sentences, hidden lists of words to choose from, headings of one look."""

from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang

COVER, LISTS = "Uitleg", "Lijsten"
COVER_WIDTH = 120  # characters
AS_TEXT = "@"  # else Excel takes the zeros off a number and turns 1-2 into a day
WRAPPED = Alignment(wrap_text=True, vertical="top")

ListPlaces = Mapping[tuple[str, ...], str]  # a list of words -> where it stands


def form_workbook(
    cover_lines: Iterable[tuple[str, bool]], names: Sequence[str], lists: Iterable[tuple[str, ...]]
) -> tuple[Workbook, list[Worksheet], ListPlaces]:
    """Begin a form: the cover with its sentences (bold or not), empty sheets of these names, and each list of words once, hidden.

    The cover has one column: what holds two filled columns would look like a table to be read.
    """
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = COVER
    for number, (text, bold) in enumerate(cover_lines, start=1):
        cell = cover.cell(number, 1, text or None)
        cell.font, cell.alignment = Font(bold=bold), WRAPPED
    cover.column_dimensions["A"].width = COVER_WIDTH
    sheets = [book.create_sheet(name) for name in names]
    of_lists, places = book.create_sheet(LISTS), dict[tuple[str, ...], str]()
    of_lists.sheet_state = "hidden"
    for number, words in enumerate(dict.fromkeys(filter(None, lists)), start=1):
        for row, word in enumerate(words, start=1):
            of_lists.cell(row, number, word)
        letter = get_column_letter(number)
        places[words] = f"{LISTS}!${letter}$1:${letter}${len(words)}"
    return book, sheets, places


def write_heading(sheet: Worksheet, number: int, text: str, width: float) -> None:
    """Write the heading of a column, and make the column this many characters wide."""
    cell = sheet.cell(1, number, text)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6EE")
    cell.alignment = WRAPPED
    sheet.column_dimensions[get_column_letter(number)].width = width


def say(subject: str, name: str, lang: Lang, **words: object) -> str:
    """Give a sentence of a form: `subject` is the data file that holds it."""
    return sentences.filled(sentences.read(subject)["say"][name][lang], **words)
