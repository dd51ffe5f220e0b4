"""Say what of a source is not understood: unknown headings and words, open questions, and lines that nothing needs."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from iww_analysis import vocabulary
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet
from iww_analysis.cleaning.rules import municipalities
from iww_analysis.crosswalk.ask.sheet_name import name_heading
from iww_analysis.crosswalk.crosswalk import DAYS, OPEN, Crosswalk, SheetCrosswalk, Target, under
from iww_analysis.crosswalk.propose.column_profile import DOUBTED
from iww_analysis.crosswalk.propose.unknown_words import code_columns, meanings, nearest_word, shown, unknown_words_of
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import cell_readers
from iww_analysis.tables.cells.missing import is_machine_word


def open_in_origin(file: str, card: Mapping[str, Any]) -> Iterator[Message]:
    """Say what a card of origin still asks."""
    for name, value in card.items():
        parts = value if isinstance(value, dict) else {"": value}
        texts = [text for part, text in parts.items() if part != "en"]  # in English too is welcome, not needed
        if (
            OPEN in texts or [OPEN] in texts
        ) and name != "municipality":  # reading the card says that one itself, and refuses
            yield Message("origin_field", Place(file), {"field": name})


def open_headings(crosswalk: Crosswalk, name: str) -> Iterator[Message]:
    """Say which headings are open where no delivery can be read, as long as its card is not answered."""
    for entry in crosswalk.sheets:
        for heading in entry.open_headings:
            yield Message("heading_open", Place(name, entry.sheet or None, column=heading))


def open_lines(document: Mapping[str, Any], crosswalk: Crosswalk, name: str) -> Iterator[Message]:
    """Say what the crosswalk itself asks, whatever the deliveries hold: orders of days, words, constants.

    A constant is asked as long as no heading gives it. `document`: the crosswalk as written; `name`: its file.
    """
    for entry in crosswalk.sheets:
        for heading, targets in entry.columns.items():
            orders = [entry.date_order_of(t.table, t.column) for t in targets if t.statement.kind in DAYS]
            if OPEN in orders:
                yield Message("date_order_open", Place(entry.file, entry.sheet or None, column=heading))
            if OPEN in [entry.decimal_of(t.table, t.column) for t in targets if t.statement.kind == "integer"]:
                yield Message("decimal_open", Place(entry.file, entry.sheet or None, column=heading))
            if entry.fill_down.get(heading) == OPEN:
                yield Message("fill_down_open", Place(entry.file, entry.sheet or None, column=heading))
    for vocabulary_list, word in _open_words(document):
        yield Message("code_open", Place(name), {"found": word, "list": vocabulary_list})
    for written, entry in zip(document.get("sheets", ()), crosswalk.sheets, strict=True):
        yield from _open_of_rows(
            written, entry, Place(name, entry.sheet or None, column=None if entry.sheet else entry.file)
        )


def _open_of_rows(written: Mapping[str, Any], entry: SheetCrosswalk, place: Place) -> Iterator[Message]:
    """What an entry asks that holds for every row of its sheets."""
    if written.get("sheet_name", {}).get("to") == OPEN:
        yield Message("sheet_name_open", place)
    for field in (field for field, value in written.get("constants", {}).items() if value == OPEN):
        table, _, column = field.partition(".")
        if entry.heading_of(table, column) is None:
            yield Message("constant_open", place, {"means": TABLES[table][column].nl})


def _open_words(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    lists = document.get("codes", {})
    return [(name, word) for name, lines in lists.items() for word, code in lines.items() if code == OPEN]


def half_converted(sheets: Sequence[KnownSheet]) -> Iterator[Message]:
    """Say which columns of days Excel half converted, where nobody said yet what the real days are."""
    for sheet in sheets:
        for heading, half in sheet.half_converted.items():
            if sheet.entry.half_dates.get(heading, OPEN) == OPEN:
                yield Message("half_dates_open", replace(sheet.place, column=heading), half._asdict())


def machine_words(sheets: Sequence[KnownSheet]) -> Iterator[Message]:
    """Say under which headings of names "NA" stands, where nobody said yet what it is: once for each kind of sheet."""
    return _in_doubt(sheets, "missing_words_open", "missing_words", lambda text, targets: is_machine_word(text))


def joined_names(sheets: Sequence[KnownSheet]) -> Iterator[Message]:
    """Say under which headings a cell may hold several names, where nobody said yet what separates them."""
    return _in_doubt(sheets, "separators_open", "separators", _may_be_several)


def _may_be_several(text: str, targets: Sequence[Target]) -> bool:
    signs = {sign for target in targets if target.split for sign in DOUBTED if sign not in target.split}
    return any(sign in text for sign in signs)


def _in_doubt(
    sheets: Sequence[KnownSheet], code: str, setting: str, is_in_doubt: Callable[[str, Sequence[Target]], bool]
) -> Iterator[Message]:
    """Per kind of sheet and heading of names of which a setting says nothing yet: how many cells are in doubt."""
    n_of, first = Counter[tuple[str, str]](), dict[tuple[str, str], Place]()
    for sheet in sheets:
        answers: Mapping[str, str] = getattr(sheet.entry, setting)
        for heading in (heading for heading in sheet.columns_read if answers.get(heading, OPEN) == OPEN):
            targets = [target for target in sheet.entry.columns[heading] if target.statement.kind == "label"]
            if targets:
                n_each = sheet.rows_read[heading].astype("str").value_counts()
                n_of[sheet.entry.name, heading] += sum(
                    n for text, n in n_each.items() if is_in_doubt(str(text), targets)
                )
                first.setdefault((sheet.entry.name, heading), replace(sheet.place, column=heading))
    yield from (Message(code, first[about], {"n": n}) for about, n in n_of.items() if n)


def unknown_headings(sheets: Sequence[KnownSheet]) -> Iterator[Message]:
    """Say which headings are unknown or open: once for each kind of sheet, however many deliveries have them."""
    words = {vocabulary.key(word): word for entry in vocabulary.headings() for word in entry.words}
    seen = set()
    for sheet in sheets:
        headings = [("heading_unknown", name) for name in sheet.unknown_headings]
        for code, name in [*headings, *(("heading_open", name) for name in sheet.entry.open_headings)]:
            if (sheet.entry.name, code, name) not in seen:
                seen.add((sheet.entry.name, code, name))
                best = process.extractOne(vocabulary.key(name), list(words), scorer=fuzz.WRatio, score_cutoff=70)
                nearest = {"nearest": words[best[0]] if best else "-"} if code == "heading_unknown" else {}
                yield Message(code, replace(sheet.place, column=name), nearest)


def unknown_words(sheets: Sequence[KnownSheet], crosswalk: Crosswalk, document: Mapping[str, Any]) -> Iterator[Message]:
    """Say which words no list knows: once for each kind of sheet, heading and word, with the first place and all cells counted.

    A word is shown only where it cannot point out a person; else the message says how many cells hold such words.
    """
    parts = []
    for sheet, heading, name, split, texts in code_texts(sheets):
        ragged = sheet.ragged(sheet.raw.widths, sheet.raw.cells.loc[texts.index])
        words = unknown_words_of(texts[~ragged], split, name, crosswalk.codes_under(name, [heading]))
        places = [replace(sheet.place, row=int(row), column=heading) for row in words["first_row"]]
        firsts = pd.Series(places, index=words.index, dtype="object")
        keys = words["word"].map(vocabulary.key)
        parts.append(words.assign(kind=sheet.entry.name, heading=heading, list=name, key=keys, first=firsts))
    open_words = {(name, vocabulary.key(word)) for name, word in _open_words(document)}
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"list": [], "key": []})
    every = every[[pair not in open_words for pair in zip(every["list"], every["key"], strict=True)]]
    if every.empty:
        return
    counts = every.groupby(["kind", "heading", "list", "key"], sort=False)
    counted = counts.agg(n=("n", "sum"), first=("first", "first"), word=("word", "first")).reset_index()
    for _, words in counted.groupby(["kind", "heading", "list"], sort=False):
        may = pd.Series(shown(words["word"]), index=words.index, dtype=bool)
        for word, n, first, name in words.loc[may, ["word", "n", "first", "list"]].itertuples(index=False):
            near = (
                meanings(word, name) or (nearest_word(word, name) or ())[:1]
            )  # those that it stands for alike, or one
            labels = ", ".join(f"{vocabulary.read(name).label(code, 'nl')} ({code})" for code in near)
            yield Message("code_unknown", first, {"n": n, "found": word, "nearest": labels or "-", "list": name})
        if not may.all():
            hidden = words[~may]
            yield Message("code_hidden", replace(hidden["first"].iloc[0], row=None), {"n": int(hidden["n"].sum())})


def codes_elsewhere(sheets: Sequence[KnownSheet], crosswalk: Crosswalk) -> Iterator[Message]:
    """Say which municipalities stand in a sheet and not on its card: once per sheet, heading and municipality."""
    known = vocabulary.read("municipality")
    for sheet in sheets:
        card = sheet.origin.municipality
        for heading, split in _of_municipalities(sheet) if card else ():
            texts = sheet.rows_read[heading].astype("str")
            lookup = {**known.lookup, **crosswalk.codes_under(known.name, [heading])}
            words = texts.map(partial(cell_readers.pieces, split=split, lookup=lookup)).explode()
            for code, n in words.map(vocabulary.key).map(lookup.get).value_counts().items():
                if code not in (*card, *vocabulary.read("missing").codes):
                    words_of = {"found": f"{known.label(str(code), 'nl')} ({code})", "n": int(n)}
                    yield Message("code_elsewhere", replace(sheet.place, column=heading), words_of)


def _of_municipalities(sheet: KnownSheet) -> list[tuple[str, str]]:
    """The headings of municipalities that the source speaks for, with how their cells are split."""
    pairs = [(heading, target) for heading in sheet.columns_read for target in sheet.entry.columns[heading]]
    return list(dict.fromkeys(
        (heading, target.split) for heading, target in pairs
        if target.column == "municipality" and municipalities.is_of_source(TABLES[target.table])
    ))  # fmt: skip


def code_texts(sheets: Sequence[KnownSheet]) -> Iterator[tuple[KnownSheet, str, str, str, pd.Series]]:
    """The columns that hold words of a list: sheet, heading, list, how its cells are split, and its texts."""
    for sheet in sheets:
        for heading in sheet.columns_read:
            for name, split in code_columns(sheet.entry.columns[heading]):
                yield sheet, heading, name, split, sheet.rows_read[heading]
        said = sheet.entry.sheet_name
        if said and said.column and (name := TABLES[said.table][said.column].vocabulary):
            text = pd.Series(said.text(sheet.raw.name), index=sheet.rows_read.index[:1], dtype="str")
            yield sheet, name_heading(), name, "", text


def unused_lines(
    sheets: Sequence[KnownSheet], unread: Sequence[DeliveredSheet], crosswalk: Crosswalk, name: str
) -> Iterator[Message]:
    """Say which lines no delivery needs: entries, headings, exclusions, sheets passed over, words."""
    for entry in crosswalk.sheets:
        alike = [sheet for sheet in sheets if sheet.entry == entry]
        yield from _unused_of_entry(entry, alike, name) if alike else [_unused(Place(name), entry.name)]
    for pattern, _ in crosswalk.ignored_sheets:
        if not any(pattern.fits(sheet.raw.file, sheet.raw.name) for sheet in unread):
            yield _unused(Place(name), pattern.name)
    seen: dict[str, set[str]] = {}  # per list of words, the folded texts of all columns that hold its codes
    for _, heading, vocabulary_list, split, texts in code_texts(sheets):
        lookup = {**vocabulary.read(vocabulary_list).lookup, **crosswalk.codes_under(vocabulary_list, [heading])}
        pieces = {piece for text in texts.unique() for piece in cell_readers.pieces(text, split, lookup)}
        both = (*pieces, *(under(heading, piece) for piece in pieces))
        seen.setdefault(vocabulary_list, set()).update(map(vocabulary.key, both))
    for column, names in crosswalk.names.items():
        written = {cell_readers.tidy(text) for sheet in sheets for text in _texts_of(sheet, column)}
        yield from (_unused(Place(name, column=f"names.{column}"), each) for each in names if each not in written)
    for vocabulary_list, words in crosswalk.words.items():
        for word in words:
            if vocabulary.key(word) not in seen.get(vocabulary_list, ()):
                yield _unused(Place(name, column=f"codes.{vocabulary_list}"), word)


def _texts_of(sheet: KnownSheet, column: str) -> Iterator[str]:
    """The distinct texts of a sheet under the headings of a column, of whatever table."""
    for texts in texts_under(sheet, column):
        yield from texts.unique()


def texts_under(sheet: KnownSheet, column: str) -> Iterator[pd.Series]:
    """The texts of a sheet under each heading of a column, of whatever table."""
    for heading in sheet.columns_read:
        if column in [target.column for target in sheet.entry.columns[heading]]:
            yield sheet.rows_read[heading].astype("str")


def _unused(place: Place, text: str) -> Message:
    return Message("line_unused", place, {"found": text})


def _unused_of_entry(entry: SheetCrosswalk, sheets: Sequence[KnownSheet], name: str) -> Iterator[Message]:
    for heading in sheets[0].absent_headings:
        if all(heading in sheet.absent_headings for sheet in sheets):
            yield Message("heading_absent", Place(name, entry.sheet or None, column=heading))
    for rule in entry.exclude:
        columns = [
            sheet.raw.cells[sheet.positions[rule.heading]] for sheet in sheets if rule.heading in sheet.positions
        ]
        if vocabulary.key(rule.equals) not in {vocabulary.key(text) for texts in columns for text in texts.unique()}:
            yield _unused(Place(name, entry.sheet or None, column=rule.heading), rule.equals)
