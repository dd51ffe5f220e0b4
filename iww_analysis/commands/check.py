"""Say what is not understood: unknown headings and codes, open questions, and lines of the crosswalk that nothing needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.cleaning.known_sheet import Intake, heading_messages
from iww_analysis.commands.deliveries import Reading, read_crosswalk, read_deliveries
from iww_analysis.crosswalk.crosswalk import OPEN, Crosswalk, SheetCrosswalk, open_orders
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.recognise import code_columns
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import ORIGIN, Home, read_origin
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.tables import TABLES, layout


@dataclass(frozen=True)
class _Taken:
    """A sheet that the crosswalk reads, and what it was taken for."""

    reading: Reading
    part: Intake


class Checked(NamedTuple):
    """What a person should look at, and what is good to know of how files were read, which asks for no answer."""

    points: list[Message]
    notes: list[Message]


def check(home: Home, sources: Iterable[str]) -> list[Message]:
    """Give everything about these sources that a person should look at; nothing is written.

    A code is shown only where it cannot point out a person; else the message says how many cells hold such words.
    """
    return [point for source in sources for point in checked(home, source).points]


def checked(home: Home, source: str) -> Checked:
    """Look one source over; nothing is written."""
    if not home.deliveries(source):
        words = {"source": source, "known": ", ".join(home.sources()) or "-"}
        return Checked([Message("source_unknown", Place(), words)], [])
    path = home.crosswalk(source)
    if not path.exists():
        return Checked([Message("crosswalk_absent", Place(path.name))], [])
    try:
        walk, document = read_crosswalk(home, source), files.read_toml(path)
    except IwwError as error:
        return Checked([*error.messages], [])
    asked = list(_open_lines(document, walk, path.name))
    refusals: list[Message] = []
    said: list[Message] = []
    try:
        for delivery in home.deliveries(source):
            said += _open_in_card(f"{source}/{delivery.name}/{ORIGIN}", read_origin(delivery))
        readings = read_deliveries(home, source, walk, refusals)
    except IwwError as error:
        return Checked([*refusals, *error.messages, *said, *_open_headings(walk, path.name), *asked], [])
    taken = [_Taken(reading, reading.intake) for reading in readings if reading.intake]
    said += [*_hidden(readings), *_headings(taken), *_codes(taken, walk, document), *asked]
    if not refusals:  # what could not be read may hold what seems to be missing
        said += _unused(readings, taken, walk, path.name)
    return Checked(refusals + said, [message for reading in readings for message in reading.sheet.notes])


def _open_in_card(file: str, card: Mapping[str, Any]) -> Iterator[Message]:
    for name, value in card.items():
        said = value.get("nl") if isinstance(value, dict) else value  # in English too is welcome, not needed
        if said in (OPEN, [OPEN]) and name != "municipality":  # reading the card says that one itself, and refuses
            yield Message("origin_field", Place(file), {"field": name})


def _hidden(readings: Sequence[Reading]) -> Iterator[Message]:
    """Hidden sheets that the crosswalk neither reads by name nor passes over."""
    for reading in readings:
        if reading.note == "sheet_hidden":
            yield Message("sheet_hidden", Place(reading.sheet.file, reading.sheet.name))


def _headings(taken: Sequence[_Taken]) -> Iterator[Message]:
    """Unknown and open headings: once for each kind of sheet, however many deliveries have them."""
    said = set()
    for each in taken:
        for message in heading_messages(each.part, TABLES):
            key = (each.part.walk.name, message.code, message.place.column)
            if message.code != "heading_absent" and key not in said:
                said.add(key)
                yield message


def _codes(taken: Sequence[_Taken], walk: Crosswalk, document: Mapping[str, Any]) -> Iterator[Message]:
    """Words that no list knows: once for each kind of sheet, heading and word, with the first place and all cells counted."""
    codes = document.get("codes", {})
    open_words = {
        name: {vocabulary.key(w) for w, code in lines.items() if code == OPEN} for name, lines in codes.items()
    }
    found = [_unknown(each, walk, open_words) for each in taken]
    columns = ["kind", "heading", "list", "key"]
    every = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    if every.empty:
        return
    grouped = every.groupby(columns, sort=False)
    firsts = grouped.agg(n=("n", "sum"), first=("first", "first"), word=("word", "first")).reset_index()
    for _, words in firsts.groupby(["kind", "heading", "list"], sort=False):
        shown = pd.Series(column_profile.shown(list(words["word"])), index=words.index, dtype=bool)
        for word, n, first, name in words.loc[shown, ["word", "n", "first", "list"]].itertuples(index=False):
            yield Message("code_unknown", first, {"n": n, "found": word, "nearest": _nearest(word, name), "list": name})
        if not shown.all():
            hidden = words[~shown]
            yield Message("code_hidden", replace(hidden["first"].iloc[0], row=None), {"n": int(hidden["n"].sum())})


def _nearest(word: str, name: str) -> str:
    """The codes that a word can stand for alike, else the one it is most like, each with its label."""
    near = column_profile.meanings(word, name) or (column_profile.nearest_word(word, name) or ())[:1]
    return ", ".join(f"{vocabulary.read(name).label(code, 'nl')} ({code})" for code in near) or "-"


def _unknown(each: _Taken, walk: Crosswalk, open_words: Mapping[str, set[str]]) -> pd.DataFrame:
    """The unknown words of one sheet: kind (of sheet), heading, list, key, word, n and the first place."""
    part, parts = each.part, []
    for heading in map(str, part.rows):
        for name, split in code_columns(part.walk.columns[heading]):
            words = column_profile.unknown_words(
                part.rows.loc[~part.ragged, heading], split, name, walk.codes.get(name, {})
            )
            words = words.assign(kind=part.walk.name, heading=heading, list=name, key=words["word"].map(vocabulary.key))
            places = [Place(part.place.file, part.place.sheet, int(row), heading) for row in words["first_row"]]
            parts.append(words.assign(first=pd.Series(places, index=words.index, dtype="object")))
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"key": [], "list": []})
    return every[[key not in open_words.get(name, ()) for key, name in zip(every["key"], every["list"], strict=True)]]


def _open_headings(walk: Crosswalk, crosswalk_name: str) -> Iterator[Message]:
    """Open headings where no delivery can be read, as long as its card is not answered."""
    for entry in walk.sheets:
        for heading in entry.open_headings:
            yield Message("heading_open", Place(crosswalk_name, entry.sheet or None, column=heading))


def _open_lines(document: Mapping[str, Any], walk: Crosswalk, crosswalk_name: str) -> Iterator[Message]:
    """What the crosswalk itself asks, whatever the deliveries hold: orders of days, constants, words."""
    for entry in walk.sheets:
        yield from open_orders(entry, TABLES)
    for name, lines in document.get("codes", {}).items():
        for word in (word for word, code in lines.items() if code == OPEN):
            yield Message("code_open", Place(crosswalk_name), {"found": word, "list": name})
    yield from _open_constants(document, walk, crosswalk_name)


def _open_constants(document: Mapping[str, Any], walk: Crosswalk, crosswalk_name: str) -> Iterator[Message]:
    """What should hold for all rows of a sheet, and is neither said nor given by a heading."""
    for entry, own in zip(document.get("sheets", ()), walk.sheets, strict=True):
        for name in (name for name, value in entry.get("constants", {}).items() if value == OPEN):
            table, _, column = name.partition(".")
            if own.heading_of(table, column) is None:
                place = Place(crosswalk_name, own.sheet or None, column=own.file if not own.sheet else None)
                yield Message("constant_open", place, {"means": TABLES[table][column].nl})


def _unused(
    readings: Sequence[Reading], taken: Sequence[_Taken], walk: Crosswalk, crosswalk_name: str
) -> Iterator[Message]:
    """Lines that no delivery needs: entries, headings, exclusions, sheets passed over, words."""
    for entry in walk.sheets:
        own = [each for each in taken if each.part.walk == entry]
        if not own:
            yield Message("line_unused", Place(crosswalk_name), {"found": entry.name})
        else:
            yield from _unused_headings(entry, own, crosswalk_name)
    for file, sheet, _ in walk.ignored_sheets:
        ignored = SheetCrosswalk(file, "" if sheet == "*" else sheet, "", "", {})
        if not any(ignored.fits(r.sheet.file, r.sheet.name) for r in readings if r.opening is None):
            yield Message("line_unused", Place(crosswalk_name), {"found": ignored.name})
    seen = _words_seen(taken, walk)
    for name, words in walk.words.items():
        for word in words:
            if vocabulary.key(word) not in seen.get(name, ()):
                yield Message("line_unused", Place(crosswalk_name, column=f"codes.{name}"), {"found": word})


def _unused_headings(entry: SheetCrosswalk, own: Sequence[_Taken], crosswalk_name: str) -> Iterator[Message]:
    for heading in own[0].part.absent_headings:
        if all(heading in each.part.absent_headings for each in own):
            yield Message("heading_absent", Place(crosswalk_name, entry.sheet or None, column=heading))
    for rule in entry.exclude:
        if not any(vocabulary.key(rule.equals) in _cells(each, rule.heading) for each in own):
            yield Message(
                "line_unused", Place(crosswalk_name, entry.sheet or None, column=rule.heading), {"found": rule.equals}
            )


def _cells(each: _Taken, heading: str) -> set[str]:
    """The folded texts of one column of a sheet, read or not."""
    cells = each.reading.sheet.cells
    header = layout.header_row(cells, each.part.walk.known_headings)
    positions = layout.headings(cells, header) if header is not None else {}
    own = layout.match_headings(list(positions), [heading]).get(heading)
    return set(map(vocabulary.key, cells[positions[own]].unique())) if own else set()


def _words_seen(taken: Sequence[_Taken], walk: Crosswalk) -> Mapping[str, set[str]]:
    """Per list of words, the folded texts of all columns that hold its codes."""
    seen: dict[str, set[str]] = {}
    for part in (each.part for each in taken):
        for heading in map(str, part.rows):
            for name, split in code_columns(part.walk.columns[heading]):
                lookup = {**vocabulary.read(name).lookup, **walk.codes.get(name, {})}
                pieces = (
                    piece
                    for text in part.rows[heading].unique()
                    for piece in column_profile.pieces(text, split, lookup)
                )
                seen.setdefault(name, set()).update(map(vocabulary.key, pieces))
    return seen
