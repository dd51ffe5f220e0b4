"""Fill in the form of open questions as an honest analyst would: only what it asks, only words that its lists offer."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.strangers.book.model import Column, Sheet, Stranger
from iww_analysis import TABLES, vocabulary
from iww_analysis.crosswalk.propose.unknown_words import root_of

SHEET_KINDS = {  # what one row is -> how the form calls such a sheet
    "cases": "casusregistratie", "referrals": "lijst van aanmeldingen bij casussen, één aanmelding per regel",
    "meetings": "bijeenkomsten", "case_persons": "personen per casus", "actions": "vervolgacties",
    "scores": "metingen, één domein per regel", "measurements": "metingen", "judgements": "interviews",
    "arena_nodes": "effectenarena, één onderdeel per regel",
}  # fmt: skip
CASE_STUDY = "gevolgde casussen, met toestemming en verzonnen labels"
LATER = "weet ik niet"
NOT_READ = "niet lezen"
MANY_ROUNDS = 5


@dataclass
class Filled:
    """What was answered, by the kind of question, and what could not be: (kind of question, what would be said)."""

    answers: list[tuple[str, str]] = field(default_factory=list)
    of_card: int = 0
    not_askable: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Line:
    """A question of the form, with the words that may answer it (none: anything)."""

    kind: str
    parts: Sequence[str]
    file: str
    sheet: str
    heading: str
    question: str
    guess: str
    offered: Sequence[str]
    row: int


def fill(form: Path, stranger: Stranger, filled: Filled) -> int:
    """Answer what can be answered; gives how many answers were new."""
    book = openpyxl.load_workbook(form)
    page = next(sheet for sheet in book.worksheets if _key_column(sheet))
    column, n = _key_column(page) - 1, 0
    for line in _lines(page, book):
        if page.cell(line.row, column).value:
            continue
        answer = _answer(line, stranger, filled)
        if answer:
            page.cell(line.row, column).value = answer
            n += 1
            if line.kind == "card":
                filled.of_card += 1
            filled.answers.append((line.kind, f"{line.heading or line.parts[-1]} = {answer}"))
    book.save(form)
    return n


def _key_column(sheet: Worksheet) -> int:
    return next((c.column for c in sheet[1] if str(c.value).startswith("iww-questions/")), 0)


def _lines(page: Worksheet, book: openpyxl.Workbook) -> Iterator[Line]:
    last = _key_column(page)
    offered = {}
    for rule in page.data_validations.dataValidation:
        if rule.formula1 and "!" in rule.formula1:
            name, _, cells = rule.formula1.partition("!")
            words = [str(c.value) for row in book[name.strip("'")][cells.replace("$", "")] for c in row]
            offered |= dict.fromkeys(str(rule.sqref).split(), words)
    for row in range(2, page.max_row + 1):
        key = page.cell(row, last).value
        if key:
            kind, *parts = json.loads(str(key))
            texts = [str(page.cell(row, n).value or "") for n in (2, 3, 4, 1, 7)]
            yield Line(kind, parts, *texts, offered.get(page.cell(row, last - 1).coordinate, ()), row)


def _answer(line: Line, stranger: Stranger, filled: Filled) -> str:
    """The answer in the words of the form; empty where nobody needs one or none can be given."""
    wanted = ANSWERS[line.kind](line, stranger) if line.kind in ANSWERS else None
    if wanted is None:
        filled.not_askable.add((f"unknown question: {line.kind}", line.question[:60]))
        return ""
    if not wanted:
        return ""
    for each in (wanted,) if isinstance(wanted, str) else wanted:
        found = [word for word in line.offered if word == each or word.startswith(f"{each}:")]
        if found or not line.offered:
            return found[0] if found else each
    filled.not_askable.add(
        (line.kind, f"{line.heading or line.parts[-1]}: {wanted if isinstance(wanted, str) else wanted[0]}")
    )
    return ""


def _sheets_of(line: Line, stranger: Stranger) -> list[Sheet]:
    named = [s for s in stranger.sheets if s.file == line.file and line.sheet in ("", s.name)]
    return named or stranger.sheets


def _column_of(line: Line, stranger: Stranger) -> Column | None:
    wanted = vocabulary.key(line.heading)
    for sheet in (*_sheets_of(line, stranger), *stranger.sheets):
        seen = Counter[str]()
        for column in sheet.columns:
            seen[column.heading] += 1
            again = f"{column.heading} ({seen[column.heading]})" if seen[column.heading] > 1 else column.heading
            if wanted in map(vocabulary.key, (again, *_titled(column))):
                return column
    return None


def _titled(column: Column) -> Sequence[str]:
    """How a heading below a title can be named."""
    return (f"{column.group} {column.heading}", f"{column.heading} {column.group}") if column.group else ()


def _heading(line: Line, stranger: Stranger) -> str | Sequence[str]:
    column = _column_of(line, stranger)
    return labels(column) if column and column.meanings else NOT_READ


def labels(column: Column) -> Sequence[str]:
    """How the form may name what a column fills: its constants in any order, the version of an instrument apart."""
    meaning = column.meanings[0]
    table = TABLES[meaning.table]
    told = {name: _label(table[name].vocabulary, value) for name, value in meaning.constants}
    if "place" in told:  # "child 2": the second
        told["place"] = told["place"].split()[-1]
    plain = f"{table.nl}: {table[meaning.column].nl}"
    without = [value for name, value in told.items() if name != "instrument_version"]
    orders = [*permutations(told.values()), *permutations(without)]
    return [f"{plain} ({', '.join(order)})" if order else plain for order in orders]


def _label(name: str, code: str) -> str:
    return vocabulary.read(name).label(code, "nl") if name else code


def _word(line: Line, stranger: Stranger) -> str:
    name, word = line.parts[0], line.parts[-1]
    if len(line.parts) > 2 and (code := _under_heading(line, stranger, word)):  # a legend says it of this heading alone
        return vocabulary.read(name).label(code, "nl")
    lists = {name, *(("zrm_2017",) if name == "instrument_domain" else ())}
    for (of, written), code in stranger.words.items():
        if of in lists and word in (root_of(written), vocabulary.key(written)):
            missing = vocabulary.read("missing")
            return missing.label(code, "nl") if code in missing.codes else vocabulary.read(name).label(code, "nl")
    for (of, written), code in stranger.words.items():  # asked under a list that its column does not have
        if word in (root_of(written), vocabulary.key(written)):
            return LATER if of != "missing" else vocabulary.read("missing").label(code, "nl")
    return LATER


def _under_heading(line: Line, stranger: Stranger, word: str) -> str:
    """What a word truly says under the heading that is asked about."""
    column = _column_of(line, stranger)
    cells = (cell for sheet in stranger.sheets for _, each, cell in sheet.cells() if each is column)
    known = vocabulary.read(line.parts[0]).codes
    return next((str(c.true) for c in cells if vocabulary.key(str(c.raw)) == word and str(c.true) in known), "")


def _row(line: Line, stranger: Stranger) -> str:
    sheet = _sheets_of(line, stranger)[0]
    row_is = sheet.row_is
    if sheet.wide:
        return next(form.nl for form in vocabulary.wide_forms() if (form.one_row_is, form.a_column_is[0]) == (row_is, sheet.wide))
    return SHEET_KINDS.get(row_is, TABLES[row_is].nl) if row_is else NOT_READ


def _constant(line: Line, stranger: Stranger) -> str:
    name = line.parts[-1]
    for sheet in _sheets_of(line, stranger):
        for said, value in sheet.constants.items():
            if said.endswith(f".{name}"):
                return vocabulary.read(name).label(value, "nl")
        for column in sheet.columns:
            for meaning in column.meanings:
                if name in dict(meaning.constants):
                    return vocabulary.read(name).label(dict(meaning.constants)[name], "nl")
    return LATER


def _order(line: Line, stranger: Stranger) -> str:
    return {"dmy": "dag-maand-jaar", "mdy": "maand-dag-jaar"}[_sheets_of(line, stranger)[0].order]


def _half(line: Line, stranger: Stranger) -> str:
    return "verwisseld" if stranger.half.get(line.heading) == "swapped" else "zoals ze er staan"


def _decimal(line: Line, stranger: Stranger) -> str:
    return "de punt" if stranger.decimals.get(line.heading) == "." else "de komma"


def _fill_down(line: Line, stranger: Stranger) -> str:
    return "ja" if any(s.fill_down for s in _sheets_of(line, stranger)) else "nee"


def _family(line: Line, stranger: Stranger) -> str:
    """Yes where every heading is read as it is meant."""
    read = re.findall(r"‘([^’]+)’ = ([^;)]+)", line.guess)
    every = [c for sheet in _sheets_of(line, stranger) for c in sheet.columns]
    columns = {name: c for c in every for name in (_titled(c) or (c.heading,))}
    right = [set(said.split(", ")) <= _constants_of(columns[heading]) for heading, said in read]
    return "ja, alle zo lezen" if right and all(right) else "nee, vraag ze een voor een"


def _constants_of(column: Column) -> set[str]:
    lists = [(TABLES[m.table][name].vocabulary, code) for m in column.meanings for name, code in m.constants]
    return {vocabulary.read(name).label(code, "nl") if name else code for name, code in lists}


def _link(line: Line, stranger: Stranger) -> str | Sequence[str]:
    """They are the same numbers, written in two ways: the folding that the form offers, if it offers one."""
    folding = [word.partition(":")[0] for word in line.offered if word != LATER and not word.startswith("zo laten")]
    return (*folding, "zo laten")


def _card(line: Line, stranger: Stranger) -> str:
    """What the card needs: who has delivered, on which day the data were taken, what a case is. What is not needed stays open."""
    day, name = line.parts
    delivery = next(d for d in stranger.deliveries if d.received.isoformat() == day)
    if name == "extraction_date":
        guessed = re.findall(r"\d{4}-\d{2}-\d{2}", line.guess)[:1]
        return "" if guessed == [delivery.extracted.isoformat()] else dt.date.strftime(delivery.extracted, "%d-%m-%Y")
    regime = CASE_STUDY if stranger.consent or stranger.followed else "register"
    if name == "regime":
        return "" if line.guess.startswith(regime) else regime
    said = {
        "municipality": stranger.municipality,
        "case_is.nl": "Een huishouden met een melding.",
        "selection.nl": "Alle meldingen bij het team.",
        "consent.everyone": "ja, iedereen" if stranger.consent else "",
        "consent.according_to": stranger.consent,
    }
    return said.get(name, "")


def _separators(line: Line, stranger: Stranger) -> str | Sequence[str]:
    """The sign that separates the values of a cell, where it is one of those that are offered."""
    column = _column_of(line, stranger)
    told = [word for word in line.offered if column and column.split and f": ‘{column.split}’ scheidt" in word]
    return told or "één naam per cel"


def _missing_words(line: Line, stranger: Stranger) -> str:
    column = _column_of(line, stranger)
    return "niets" if column and (column.words, "na") in stranger.words else "een naam"


def _names(line: Line, stranger: Stranger) -> str:
    """No two names that a maker gives are one."""
    return "een andere"


def _sheet_name(line: Line, stranger: Stranger) -> str | Sequence[str]:
    """The field that the names of the sheets give, in the way that gives what is true."""
    of_file = [sheet for sheet in stranger.sheets if sheet.file == line.file]
    said = [(field, value) for sheet in of_file for field, value in sheet.constants.items() if sheet.named]
    columns = {TABLES[field.partition(".")[0]][field.partition(".")[2]].nl for field, _ in said}
    told = [w for w in line.offered if all(f"‘{value}’" in w for _, value in said) and w.partition(":")[0] in columns]
    return told or "niets van de rijen"


def _replaces(line: Line, stranger: Stranger) -> str:
    return "ja" if stranger.replaces else "nee"


ANSWERS = {
    "heading": _heading, "word": _word, "row": _row, "constant": _constant, "order": _order, "half": _half,
    "family": _family, "decimal": _decimal, "fill_down": _fill_down, "link": _link, "card": _card, "replaces": _replaces,
    "sheet_name": _sheet_name, "separators": _separators, "missing_words": _missing_words, "names": _names,
}  # fmt: skip
