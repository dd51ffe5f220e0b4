"""Write open questions as an Excel form with lists of the possible answers, and read what people filled in."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from iww_analysis import vocabulary
from iww_analysis.crosswalk.forms.empty_form import AS_TEXT, COVER, LISTS, write_heading, write_lists, write_sentences
from iww_analysis.crosswalk.open_question import Question, not_read
from iww_analysis.crosswalk.propose.proposal import texts
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import FORM, Home
from iww_analysis.io.formats import sheets
from iww_analysis.io.formats.write_workbook import saved
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang, Place, fail

FORMAT = "iww-questions/1"  # with the source: the heading of a hidden last column, that holds the key of each question
N_GUESSES = 3
WIDTHS = {
    "question": 44,
    "file": 24,
    "sheet": 16,
    "heading": 24,
    "often": 12,
    "examples": 34,
    "guesses": 48,
    "answer": 38,
}


class Answer(NamedTuple):
    """What stands in the column of answers, and in which row of the form."""

    row: int
    text: str


def form_path(home: Home, source: str) -> Path:
    """Where the form of a source lies: beside its crosswalk."""
    return home.crosswalk(source).with_name(f"{source}{FORM}.xlsx")


def write(path: Path, source: str, questions: Sequence[Question], lang: Lang) -> bool:
    """Write the form; answers that stand in it already, and were not taken in, stay. Gives whether it holds questions.

    A form that already asks just this is left alone, and so is the last one when nothing is open.
    """
    if not questions:
        return False
    old = read(path, source) if path.exists() else {}
    if set(old) != {question.key for question in questions}:
        files.write_bytes(path, _workbook(path.name, source, questions, old, lang))
    return True


def read(path: Path, source: str) -> Mapping[str, Answer]:
    """Read the answers of a form, by the key of their question; raises IwwError when it is no form of this source."""
    for sheet in sheets.read_sheets(path, files.read_bytes(path)):
        for row, cells in zip(sheet.cells.index, sheet.cells.to_numpy(), strict=True):
            marked = [n for n, text in enumerate(cells) if str(text).startswith(FORMAT)]
            if marked:
                if str(cells[marked[0]]) != f"{FORMAT} {source}":
                    raise fail("form_other", Place(path.name), found=str(cells[marked[0]]).removeprefix(FORMAT).strip())
                below = sheet.cells.loc[sheet.cells.index > row]
                lines = zip(below.index, below[marked[0]], below[marked[0] - 1], strict=True)
                return {str(key): Answer(int(number), str(text).strip()) for number, key, text in lines if key}
    raise fail("form_unknown", Place(path.name))


@cache
def _texts() -> Mapping[str, Any]:
    return sentences.read("questions")


def _say(name: str, lang: Lang, **words: object) -> str:
    return str(_texts()["say"][name][lang]).format(**words)


def _workbook(name: str, source: str, questions: Sequence[Question], old: Mapping[str, Answer], lang: Lang) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    write_sentences(book.create_sheet(COVER), _cover(name, source, lang))
    sheet = book.create_sheet(_texts()["sheet"][lang])
    book.active = sheet
    words = {question.key: _words(question, lang) for question in questions}
    lists = write_lists(book.create_sheet(LISTS), words.values())
    heads = [*(head[lang] for head in _texts()["heads"].values()), f"{FORMAT} {source}"]
    for number, head in enumerate(heads, start=1):
        write_heading(sheet, number, head)
        sheet.column_dimensions[get_column_letter(number)].width = [*WIDTHS.values(), 4][number - 1]
    sheet.column_dimensions[get_column_letter(len(heads))].hidden = True
    sheet.freeze_panes = "A2"
    for row, question in enumerate(questions, start=2):
        answer = old[question.key].text if question.key in old else ""
        for number, text in enumerate((*_line(question, lang), answer, question.key), start=1):
            cell = sheet.cell(row, number, text or None)
            cell.number_format, cell.data_type = AS_TEXT, "s" if text else "n"  # "=1+1" is a word here, no formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell = sheet.cell(row, len(heads) - 1)
        cell.fill = PatternFill("solid", fgColor="FFF6CC")
        _validate(sheet, cell.coordinate, question, lists.get(words[question.key]), lang)
    return saved(book)


def _cover(name: str, source: str, lang: Lang) -> list[tuple[str, bool]]:
    said = {"later": texts()["answer"]["later"][lang], "not_read": not_read().say(lang), "source": source, "form": name,
            "sheet": _texts()["sheet"][lang], "answer": _texts()["heads"]["answer"][lang]}  # fmt: skip
    return [
        (_say(line, lang, **said), line == "title") for line in _texts()["say"] if line not in ("type_it", "not_listed")
    ]


def _line(question: Question, lang: Lang) -> tuple[str, ...]:
    """What is told of a question: as many cells as there are headings before the answer."""
    place = question.place
    guesses = [choice for choice in question.choices if choice.confidence][:N_GUESSES]
    often = f"{question.n} / {question.of}" if question.n else str(question.of or "")
    return (
        str(_texts()["ask"][question.code][lang]).format(**question.words), place.file or "", place.sheet or "",
        place.column or "", often, question.examples,
        "\n".join(f"{c.say(lang)} ({c.confidence} %{': ' + c.why if c.why else ''})" for c in guesses),
    )  # fmt: skip


def _words(question: Question, lang: Lang) -> tuple[str, ...]:
    """The words to choose from; none where the answer is typed."""
    choices = [choice.say(lang) for choice in question.choices]
    if question.free == "municipality":
        choices = sorted((value.nl for value in vocabulary.read("municipality").values), key=vocabulary.key)
    if question.free in ("text", "day"):
        return ()
    return tuple(dict.fromkeys((*choices, texts()["answer"]["later"][lang])))


def _validate(sheet: Worksheet, cell: str, question: Question, words_at: str | None, lang: Lang) -> None:
    rule = DataValidation("list", words_at) if words_at else DataValidation()
    rule.allow_blank, rule.showInputMessage = True, True
    rule.showErrorMessage = bool(words_at) and question.free != "municipality"  # several of these can be typed
    rule.error = _say("not_listed", lang)
    rule.prompt = _say("not_listed" if words_at else "type_it", lang)
    rule.add(cell)
    sheet.add_data_validation(rule)
