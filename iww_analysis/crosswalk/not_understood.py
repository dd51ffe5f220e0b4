"""Say what of a source is not understood: unknown headings and words, open questions, and lines that nothing needs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, SheetCrosswalk, open_orders
from iww_analysis.crosswalk.propose.unknown_words import code_columns, meanings, nearest_word, shown, unknown_words_of
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES, layout
from iww_analysis.tables.cells import cell_readers


@dataclass(frozen=True)
class ReadSheet:
    """A delivered sheet that the crosswalk reads: `cells` as delivered, `rows` of data under the headings that are known.

    `ragged` marks rows that make no record; `heading_messages`: what is to be said of its headings.
    """

    crosswalk: SheetCrosswalk
    place: Place
    cells: pd.DataFrame
    rows: pd.DataFrame
    ragged: pd.Series
    absent_headings: Collection[str]
    heading_messages: Sequence[Message]


def open_in_origin(file: str, card: Mapping[str, Any]) -> Iterator[Message]:
    """Say what a card of origin still asks."""
    for name, value in card.items():
        text = value.get("nl") if isinstance(value, dict) else value  # in English too is welcome, not needed
        if text in (OPEN, [OPEN]) and name != "municipality":  # reading the card says that one itself, and refuses
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
        yield from open_orders(entry, TABLES)
    for vocabulary_list, lines in document.get("codes", {}).items():
        for word in (word for word, code in lines.items() if code == OPEN):
            yield Message("code_open", Place(name), {"found": word, "list": vocabulary_list})
    for written, entry in zip(document.get("sheets", ()), crosswalk.sheets, strict=True):
        place = Place(name, entry.sheet or None, column=entry.file if not entry.sheet else None)
        for field in (field for field, value in written.get("constants", {}).items() if value == OPEN):
            table, _, column = field.partition(".")
            if entry.heading_of(table, column) is None:
                yield Message("constant_open", place, {"means": TABLES[table][column].nl})


def unknown_headings(sheets: Sequence[ReadSheet]) -> Iterator[Message]:
    """Say which headings are unknown or open: once for each kind of sheet, however many deliveries have them."""
    seen = set()
    for sheet in sheets:
        for message in sheet.heading_messages:
            key = (sheet.crosswalk.name, message.code, message.place.column)
            if message.code != "heading_absent" and key not in seen:
                seen.add(key)
                yield message


def unknown_words(sheets: Sequence[ReadSheet], crosswalk: Crosswalk, document: Mapping[str, Any]) -> Iterator[Message]:
    """Say which words no list knows: once for each kind of sheet, heading and word, with the first place and all cells counted.

    A word is shown only where it cannot point out a person; else the message says how many cells hold such words.
    """
    open_words = {
        (name, vocabulary.key(word))
        for name, lines in document.get("codes", {}).items() for word, code in lines.items() if code == OPEN
    }  # fmt: skip
    parts = [words for sheet in sheets for words in _unknown(sheet, crosswalk)]
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"list": [], "key": []})
    every = every[[pair not in open_words for pair in zip(every["list"], every["key"], strict=True)]]
    if every.empty:
        return
    grouped = every.groupby(["kind", "heading", "list", "key"], sort=False)
    firsts = grouped.agg(n=("n", "sum"), first=("first", "first"), word=("word", "first")).reset_index()
    for _, words in firsts.groupby(["kind", "heading", "list"], sort=False):
        may = pd.Series(shown(words["word"]), index=words.index, dtype=bool)
        for word, n, first, name in words.loc[may, ["word", "n", "first", "list"]].itertuples(index=False):
            yield Message("code_unknown", first, {"n": n, "found": word, "nearest": _nearest(word, name), "list": name})
        if not may.all():
            hidden = words[~may]
            yield Message("code_hidden", replace(hidden["first"].iloc[0], row=None), {"n": int(hidden["n"].sum())})


def _unknown(sheet: ReadSheet, crosswalk: Crosswalk) -> Iterator[pd.DataFrame]:
    """The unknown words of each column: kind (of sheet), heading, list, key, word, n and the first place."""
    for heading, name, split, texts in _code_texts(sheet):
        words = unknown_words_of(texts[~sheet.ragged], split, name, crosswalk.codes.get(name, {}))
        places = [Place(sheet.place.file, sheet.place.sheet, int(row), heading) for row in words["first_row"]]
        yield words.assign(
            kind=sheet.crosswalk.name, heading=heading, list=name, key=words["word"].map(vocabulary.key),
            first=pd.Series(places, index=words.index, dtype="object"),
        )  # fmt: skip


def _code_texts(sheet: ReadSheet) -> Iterator[tuple[str, str, str, pd.Series]]:
    """The columns that hold words of a list: heading, list, how its cells are split, and its texts."""
    for heading in map(str, sheet.rows):
        for name, split in code_columns(sheet.crosswalk.columns[heading]):
            yield heading, name, split, sheet.rows[heading]


def _nearest(word: str, name: str) -> str:
    """The codes that a word can stand for alike, else the one it is most like, each with its label."""
    near = meanings(word, name) or (nearest_word(word, name) or ())[:1]
    return ", ".join(f"{vocabulary.read(name).label(code, 'nl')} ({code})" for code in near) or "-"


def unused_lines(
    sheets: Sequence[ReadSheet], unread: Collection[tuple[str, str]], crosswalk: Crosswalk, name: str
) -> Iterator[Message]:
    """Say which lines no delivery needs: entries, headings, exclusions, sheets passed over, words.

    `unread`: file and name of the sheets that are not read.
    """
    for entry in crosswalk.sheets:
        of_entry = [sheet for sheet in sheets if sheet.crosswalk == entry]
        yield from _unused_of_entry(entry, of_entry, name) if of_entry else [_unused(Place(name), entry.name)]
    for file, sheet_name, _ in crosswalk.ignored_sheets:
        ignored = SheetCrosswalk(file, "" if sheet_name == "*" else sheet_name, "", "", {})
        if not any(ignored.fits(*each) for each in unread):
            yield _unused(Place(name), ignored.name)
    seen = _words_seen(sheets, crosswalk)
    for vocabulary_list, words in crosswalk.words.items():
        for word in words:
            if vocabulary.key(word) not in seen.get(vocabulary_list, ()):
                yield _unused(Place(name, column=f"codes.{vocabulary_list}"), word)


def _unused(place: Place, text: str) -> Message:
    return Message("line_unused", place, {"found": text})


def _unused_of_entry(entry: SheetCrosswalk, sheets: Sequence[ReadSheet], name: str) -> Iterator[Message]:
    for heading in sheets[0].absent_headings:
        if all(heading in sheet.absent_headings for sheet in sheets):
            yield Message("heading_absent", Place(name, entry.sheet or None, column=heading))
    for rule in entry.exclude:
        if not any(vocabulary.key(rule.equals) in _cells(sheet, rule.heading) for sheet in sheets):
            yield _unused(Place(name, entry.sheet or None, column=rule.heading), rule.equals)


def _cells(sheet: ReadSheet, heading: str) -> set[str]:
    """The folded texts of one column of a sheet, read or not."""
    header = layout.header_row(sheet.cells, sheet.crosswalk.known_headings)
    positions = layout.headings(sheet.cells, header) if header is not None else {}
    named = layout.match_headings(list(positions), [heading]).get(heading)
    return set(map(vocabulary.key, sheet.cells[positions[named]].unique())) if named else set()


def _words_seen(sheets: Sequence[ReadSheet], crosswalk: Crosswalk) -> Mapping[str, set[str]]:
    """Per list of words, the folded texts of all columns that hold its codes."""
    seen: dict[str, set[str]] = {}
    for _, name, split, texts in (column for sheet in sheets for column in _code_texts(sheet)):
        lookup = {**vocabulary.read(name).lookup, **crosswalk.codes.get(name, {})}
        pieces = {piece for text in texts.unique() for piece in cell_readers.pieces(text, split, lookup)}
        seen.setdefault(name, set()).update(map(vocabulary.key, pieces))
    return seen
