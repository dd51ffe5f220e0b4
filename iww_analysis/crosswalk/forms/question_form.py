"""Draw open questions as an Excel form with lists of the possible answers, and read what people filled in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from iww_analysis import vocabulary
from iww_analysis.crosswalk.ask.open_question import OpenQuestion, by_consequence, words_of_answer
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN
from iww_analysis.crosswalk.forms.workbook import AS_TEXT, WRAPPED, form_workbook, say, write_heading
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang, Place, fail
from iww_analysis.tables.raw_sheet import RawSheet

FORMAT = "iww-questions/1"  # with the source: the heading of a hidden last column, that holds the key of each question
N_GUESSES = 3
WIDTHS = (
    44,
    24,
    16,
    24,
    16,
    34,
    48,
    38,
    4,
)  # of question, file, sheet, heading, concerns, examples, guesses, answer, key

_say = partial(say, "questions")


class FormAnswer(NamedTuple):
    """What stands in the column of answers, and in which row of the form."""

    row: int
    text: str


def read_answers(sheets: Iterable[RawSheet], source: str, name: str) -> Mapping[str, FormAnswer]:
    """Read the answers of a form (`name`: its file), by the key of their question.

    Raises IwwError when it is no form of this source.
    """
    for sheet in sheets:
        for row, cells in zip(sheet.cells.index, sheet.cells.to_numpy(), strict=True):
            marked = [n for n, text in enumerate(cells) if str(text).startswith(FORMAT)]
            if marked:
                if str(cells[marked[0]]) != f"{FORMAT} {source}":
                    raise fail("form_other", Place(name), found=str(cells[marked[0]]).removeprefix(FORMAT).strip())
                below = sheet.cells.loc[sheet.cells.index > row]
                lines = zip(below.index, below[marked[0]], below[marked[0] - 1], strict=True)
                return {str(key): FormAnswer(int(number), str(text).strip()) for number, key, text in lines if key}
    raise fail("form_unknown", Place(name))


def question_form(
    name: str, source: str, questions: Sequence[OpenQuestion], filled: Mapping[str, FormAnswer], lang: Lang
) -> Workbook:
    """Draw the form that lies in a file called `name`; answers that were `filled` in already stay."""
    words = {question.key: _words(question, lang) for question in questions}
    texts = sentences.read("questions")
    book, [sheet], places = form_workbook(_cover(name, source, lang), [texts["sheet"][lang]], words.values())
    book.active = sheet
    heads = [*(head[lang] for head in texts["heads"].values()), f"{FORMAT} {source}"]
    for number, (head, width) in enumerate(zip(heads, WIDTHS, strict=True), start=1):
        write_heading(sheet, number, head, width)
    sheet.column_dimensions[get_column_letter(len(heads))].hidden = True
    sheet.freeze_panes = "A2"
    for row, question in enumerate(by_consequence(questions), start=2):
        answer = filled[question.key].text if question.key in filled else ""
        for number, text in enumerate((*_line(question, lang), answer, question.key), start=1):
            cell = sheet.cell(row, number, text or None)
            cell.number_format, cell.data_type = AS_TEXT, "s" if text else "n"  # "=1+1" is a word here, no formula
            cell.alignment = WRAPPED
        to_fill_in = sheet.cell(row, len(heads) - 1)
        to_fill_in.fill = PatternFill("solid", fgColor="FFF6CC")
        words_at = places.get(words[question.key])
        rule = DataValidation("list", words_at) if words_at else DataValidation()
        rule.allow_blank, rule.showInputMessage = True, True
        rule.showErrorMessage = bool(words_at) and question.free != "municipality"  # several of these can be typed
        rule.error = _say("not_listed", lang)
        rule.prompt = _say("not_listed" if words_at else "type_it", lang)
        rule.add(to_fill_in.coordinate)
        sheet.add_data_validation(rule)
    return book


def _cover(name: str, source: str, lang: Lang) -> Iterator[tuple[str, bool]]:
    """The sentences of the cover, with whether they are bold."""
    texts = sentences.read("questions")
    words = {answer: words_of_answer(answer)[lang] for answer in (NOT_KNOWN, "not_read")}
    words |= {"source": source, "form": name, "sheet": texts["sheet"][lang], "answer": texts["heads"]["answer"][lang]}
    words["rows"] = sentences.read("first_rows")["title"][lang]
    for line in texts["say"]:
        if line not in ("type_it", "not_listed"):
            yield _say(line, lang, **words), line == "title"


def _line(question: OpenQuestion, lang: Lang) -> tuple[str, ...]:
    """What the form shows of a question: as many cells as there are headings before the answer."""
    place, sentence = question.place, str(sentences.read("questions")["ask"][question.code][lang])
    guesses = [choice for choice in question.choices if choice.confidence][:N_GUESSES]
    return (
        sentences.filled(sentence, **question.gaps), place.file or "", place.sheet or "", place.column or "",
        question.concerns(lang), question.examples,
        "\n".join(f"{c.say(lang)} ({c.confidence} %{': ' + c.why if c.why else ''})" for c in guesses),
    )  # fmt: skip


def _words(question: OpenQuestion, lang: Lang) -> tuple[str, ...]:
    """The words to choose from; none where the answer is typed."""
    if question.free in ("text", "day"):
        return ()
    choices = [choice.say(lang) for choice in question.choices]
    if question.free == "municipality":
        choices = sorted((value.nl for value in vocabulary.read("municipality").values), key=vocabulary.key)
    not_known = [] if question.needed else [words_of_answer(NOT_KNOWN)[lang]]
    return tuple(dict.fromkeys((*choices, *not_known)))
