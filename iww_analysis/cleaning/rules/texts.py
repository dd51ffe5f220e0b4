"""Hold back in every text of a source what may point out a person: […] stands there until somebody decided."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis.cleaning.clean import PLACE, join, problems_of
from iww_analysis.messages.errors import Place
from iww_analysis.privacy.text.cover import Cover, Covered
from iww_analysis.privacy.text.roster import HiddenColumns, roster_for
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.interning import TEXT, as_frame, one_array, plain
from iww_analysis.tables.statement import Column

OF_TEXT = ("label", "quote")
HIDDEN_ALREADY = re.compile(r"p1-[a-z2-7]{16}[\w/-]*")  # the name of a meeting begins with the pseudonym of its case


class Doubt(NamedTuple):
    """Words that may be a name, on which a person can decide. `shown`: a text that holds them, as it is shown till then.

    `n`: in how many records they stand; `place`: the first of these.
    """

    phrase: str
    shown: str
    n: int
    place: Place


class HeldBack(NamedTuple):
    """Tables without what may point out a person, what was held back where, and what a person can decide on."""

    tables: dict[str, pa.Table]
    problems: pd.DataFrame
    doubts: list[Doubt]


def hold_back(tables: Mapping[str, pa.Table], hidden: Iterable[HiddenColumns], no_names: Collection[str]) -> HeldBack:
    """Cover texts in the tables of a source, each distinct one once.

    `hidden`: the columns of the source that nobody sees, of which names and numbers are searched in all that is seen;
    `no_names`: folded words of which a person said that they name nobody. No record goes, and two texts that differ stay two:
    held_back (note).
    """
    texts = {(name, column.name): _encoded(tables[name], column) for name, column in _columns_of_text(tables)}
    cover = Cover(roster_for({text for held in texts.values() for text in _telling(held)}, hidden), no_names)
    covered, problems, doubts = dict(tables), list[pd.DataFrame](), dict[str, Doubt]()
    for name, column in _columns_of_text(tables):
        held = texts[name, column.name]
        of_text = {text: cover(text, proper=column.proper) for text in _telling(held)}
        changes = {text: each for text, each in of_text.items() if each.spans}
        if changes:
            rows = _rows_with(tables[name], held, changes)
            covered[name] = _with(covered[name], column.name, held, changes)
            problems.append(problems_of(name, column.name, rows, "held_back", "note"))
            for text, n, place in _each_text(rows):
                for phrase in changes[text].to_decide:
                    doubt = doubts.get(phrase) or Doubt(phrase, changes[text].text, 0, _place_of(*place))
                    doubts[phrase] = doubt._replace(n=doubt.n + n)
    return HeldBack(covered, join(problems), [*doubts.values()])


def _rows_with(table: pa.Table, held: pa.DictionaryArray, changes: Mapping[str, Covered]) -> pd.DataFrame:
    """The places of the records that hold one of these texts, with the text."""
    wanted = pc.is_in(held.dictionary, pa.array(changes, TEXT)).to_numpy(zero_copy_only=False)
    codes = held.indices.fill_null(-1).to_numpy()
    at = np.flatnonzero(np.append(wanted, False)[codes])
    rows = as_frame(table.select(PLACE).take(pa.array(at)))
    return rows.assign(text=held.dictionary.take(pa.array(codes[at])).to_pylist())


def _each_text(rows: pd.DataFrame) -> Iterator[tuple[str, int, tuple[object, object]]]:
    """The texts of some records: in how many each stands, and the place of the first."""
    texts = rows["text"].astype("str").tolist()
    places = dict(
        zip(reversed(texts), zip(*(reversed(rows[name].tolist()) for name in PLACE), strict=True), strict=True)
    )
    yield from ((text, n, places[text]) for text, n in Counter(texts).items())


def _place_of(source_id: object, row: object) -> Place:
    """The file, sheet and row of a record."""
    file, _, sheet = str(source_id).partition("/")[2].partition("#")
    return Place(file, sheet or None, row=int(str(row)))


def _columns_of_text(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Column]]:
    for name, table in tables.items():
        yield from (
            (name, column) for column in TABLES[name] if column.kind in OF_TEXT and column.name in table.column_names
        )


def _encoded(table: pa.Table, column: Column) -> pa.DictionaryArray:
    held = one_array(table[column.name])
    return held if pa.types.is_dictionary(held.type) else held.cast(TEXT).dictionary_encode()


def _telling(held: pa.DictionaryArray) -> list[str]:
    """The distinct texts of a column, also those that no kept record has, but for what is hidden already."""
    return [text for text in held.dictionary.to_pylist() if text and not HIDDEN_ALREADY.fullmatch(text)]


def _with(table: pa.Table, name: str, held: pa.DictionaryArray, changes: Mapping[str, Covered]) -> pa.Table:
    """A table with other texts in a column, held as they were."""
    place, was = table.column_names.index(name), table[name]
    shown = [changes[text].text if text in changes else text for text in held.dictionary.to_pylist()]
    new = pa.chunked_array([pa.DictionaryArray.from_arrays(held.indices, pa.array(shown, TEXT))])
    return table.set_column(place, name, new if pa.types.is_dictionary(was.type) else plain(new))
