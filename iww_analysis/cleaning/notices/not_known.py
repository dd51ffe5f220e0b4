"""Say of what a person answered that nobody knows it, with how many cells that concerns: it counts as not known."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.cleaning.notices.not_understood import code_texts, texts_under
from iww_analysis.crosswalk.crosswalk import NOT_KNOWN, Crosswalk, under
from iww_analysis.crosswalk.write import BY_HEADING
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import cell_readers

Document = Mapping[str, Any]  # a crosswalk as written


def not_known(sheets: Sequence[KnownSheet], document: Document, crosswalk: Crosswalk, name: str) -> Iterator[Message]:
    """Go through the lines of a crosswalk (`name`: its file) that say so."""
    for written, entry in zip(document.get("sheets", ()), crosswalk.sheets, strict=True):
        yield from _of_entry(written, [sheet for sheet in sheets if sheet.entry == entry], entry.file, entry.sheet)
    yield from _words(sheets, document, name)
    for column, lines in document.get("names", {}).items():
        for found in _not_known_in(lines):
            of_sheets = [texts for sheet in sheets for texts in texts_under(sheet, column)]
            n = sum(int((texts.map(cell_readers.tidy) == found).sum()) for texts in of_sheets)
            yield Message("not_known_name", Place(name, column=f"names.{column}"), {"found": found, "n": n})
    for column in _not_known_in(document.get("keys", {})):
        yield Message("not_known_keys", Place(name, column=f"keys.{column}"))


def on_card(file: str, fields: Sequence[str]) -> Iterator[Message]:
    """Say which fields of a card nobody knows."""
    yield from (Message("not_known_field", Place(file), {"field": field}) for field in fields)


def _not_known_in(lines: Mapping[str, object]) -> list[str]:
    return [key for key, value in lines.items() if value == NOT_KNOWN]


def _of_entry(written: Document, sheets: Sequence[KnownSheet], file: str, sheet: str) -> Iterator[Message]:
    """What one kind of sheet says: of headings, of what holds for all rows, and of how cells are written."""
    place, n_rows = Place(file, sheet or None), sum(len(each.rows_read) for each in sheets)
    for heading in _not_known_in(written.get("columns", {})):
        yield Message("not_known_heading", replace(place, column=heading), {"n": _n_filled(sheets, heading)})
    for field in _not_known_in(written.get("constants", {})):
        table, _, column = field.partition(".")
        yield Message("not_known_constant", place, {"means": TABLES[table][column].nl, "n": n_rows})
    of_all_rows = {"date_orders": written.get("date_order"), "sheet_name": written.get("sheet_name", {}).get("to")}
    said = [(setting, "", n_rows) for setting, value in of_all_rows.items() if value == NOT_KNOWN]
    said += [
        (setting, heading, _n_filled(sheets, heading))
        for setting in BY_HEADING for heading in _not_known_in(written.get(setting, {}))
    ]  # fmt: skip
    for setting, heading, n in said:
        words = {"what": sentences.read("proposals")["setting"][setting], "n": n}
        yield Message("not_known_setting", replace(place, column=heading or None), words)


def _n_filled(sheets: Sequence[KnownSheet], heading: str) -> int:
    """How many cells under a heading hold something, in the rows that are read."""
    having = [sheet for sheet in sheets if heading in sheet.positions]
    columns = [sheet.raw.cells.loc[sheet.rows_read.index, sheet.positions[heading]] for sheet in having]
    return sum(int((texts.str.strip() != "").sum()) for texts in columns)


def _words(sheets: Sequence[KnownSheet], document: Document, name: str) -> Iterator[Message]:
    """The words of lists, those of one heading alone too."""
    lists = {each: _not_known_in(lines) for each, lines in document.get("codes", {}).items()}
    n_of = Counter[tuple[str, str]]()
    for _, heading, vocabulary_list, split, texts in code_texts(sheets):
        if lists.get(vocabulary_list):
            lookup = vocabulary.read(vocabulary_list).lookup
            for text, n in texts.astype("str").value_counts().items():
                for piece in cell_readers.pieces(str(text), split, lookup):
                    for written in (piece, under(heading, piece)):
                        n_of[vocabulary_list, vocabulary.key(written)] += int(n)
    for vocabulary_list, words in lists.items():
        place = Place(name, column=f"codes.{vocabulary_list}")
        for word in words:
            n = n_of[vocabulary_list, vocabulary.key(word)]
            yield Message("not_known_word", place, {"found": word, "n": n})
