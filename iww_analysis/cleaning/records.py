"""Turn the rows of a sheet into records of the canonical tables, still as text, each knowing the row it stands on."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import SheetCrosswalk, Target
from iww_analysis.tables.cells import cell_readers
from iww_analysis.tables.cells.interning import TEXT, as_column, distinct, under_each_other
from iww_analysis.tables.layout import filled
from iww_analysis.tables.statement import Table, Tables

ROW = "source_row"
NUMBERS = (ROW, "group")
Codes = Mapping[str, Mapping[str, str]]  # list -> folded word -> code
Group = dict[str, tuple[str, Target]]  # column -> heading and target


def split_rows(
    rows: pd.DataFrame, walk: SheetCrosswalk, tables: Tables, givens: Mapping[str, str], codes: Codes
) -> dict[str, pd.DataFrame]:
    """Give for each table the records that the rows make, as text, with `source_row` and `group` (see `groups`).

    `rows` has one column per heading (as the crosswalk names it) and the row number as index; `givens` are columns
    that hold for the whole delivery (municipality, team); `codes`: the source's own words. One raw row gives exactly
    one record of the anchor.
    """
    parts: dict[str, list[pd.DataFrame]] = defaultdict(list)
    shared = _shared(rows, walk, tables[walk.anchor], givens)
    for number, (name, constants, group) in enumerate(groups(walk)):
        part = _records(rows, walk, tables[name], group, dict(constants), shared, codes)
        if len(part) or (name == walk.anchor and ROW in part):  # a sheet without rows still has its anchor
            parts[name].append(part.assign(group=number))
    return {name: _under_each_other(frames) for name, frames in parts.items()}


def _under_each_other(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame of several; a column that one kind of record has and another lacks was not recorded there."""
    if len(frames) == 1:
        return frames[0]
    names = list(dict.fromkeys(str(name) for frame in frames for name in frame))
    lacking = {id(frame): pd.Series("not_recorded", index=frame.index, dtype="str") for frame in frames}
    return pd.DataFrame({
        name: under_each_other([frame.get(name, lacking[id(frame)]) for frame in frames])
        if name not in NUMBERS else pd.concat([frame[name] for frame in frames], ignore_index=True)
        for name in names
    })  # fmt: skip


def groups(walk: SheetCrosswalk) -> list[tuple[str, tuple[tuple[str, str], ...], Group]]:
    """Give the kinds of record that a row makes, the anchor's first: table, constants, and column -> heading and target.

    Headings with one table and the same constants make one record; a column named twice starts another.
    """
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[Group]] = defaultdict(list)
    found[walk.anchor, ()].append({})
    for heading, targets in walk.columns.items():
        for target in targets:
            alike = found[target.table, target.constants]
            free = next((group for group in alike if target.column not in group), None)
            if free is None:
                free = {}
                alike.append(free)
            free[target.column] = (heading, target)
    return [(table, constants, group) for (table, constants), alike in found.items() for group in alike]


def heading_of(walk: SheetCrosswalk, group: int, column: str) -> str:
    """Give the heading that filled a column in records of a group: its own, or the anchor's that it inherited."""
    own = groups(walk)[group][2] if group >= 0 else {}
    inherited = walk.heading_of(walk.anchor, column)
    return own[column][0] if column in own else inherited or ""


def _shared(rows: pd.DataFrame, walk: SheetCrosswalk, anchor: Table, givens: Mapping[str, str]) -> pd.DataFrame:
    """What every record of a row may inherit: the anchor's unsplit cells, the sheet's constants, the givens."""
    shared = pd.DataFrame(dict.fromkeys(givens, ""), index=rows.index, dtype="str")
    for name, value in givens.items():
        shared[name] = value
    for (table, column), value in walk.constants.items():
        if table == anchor.name:
            shared[column] = value
    for heading, targets in walk.columns.items():
        for target in targets:
            if target.table == anchor.name and not target.split and not target.constants and heading in rows:
                shared[target.column] = rows[heading]
    return shared


def _records(
    rows: pd.DataFrame,
    walk: SheetCrosswalk,
    table: Table,
    group: Group,
    constants: dict[str, str],
    shared: pd.DataFrame,
    codes: Codes,
) -> pd.DataFrame:
    given = {column: rows[heading] for column, (heading, _) in group.items() if heading in rows}
    if not given and group:
        return pd.DataFrame()
    part = pd.DataFrame(given, index=rows.index)
    part = _exploded(part, table, group, codes)
    constants = {c: v for (t, c), v in walk.constants.items() if t == table.name} | constants
    for column, value in constants.items():
        part[column] = value
    exists = _exists(part, table, walk)
    part = part if exists.all() else part[exists]
    for column in (
        *table.inherits,
        *(c.name for c in table if c.name in shared and table.name == walk.anchor),
        "municipality",
        "team",
    ):
        if column in table and column not in part and column in shared:
            part[column] = shared[column].reindex(part.index)
    return part.rename_axis(ROW).reset_index()


def _exploded(part: pd.DataFrame, table: Table, group: Group, codes: Codes) -> pd.DataFrame:
    """Give a record for each piece of the cells that hold several; an empty cell stays one empty piece."""
    for column, (_, target) in group.items():
        if target.split and column in part:
            numbers, texts = distinct(part[column])
            sizes, pieces = _pieces(texts, target.split, _words(table[column].vocabulary, codes))
            starts = sizes.cumsum() - sizes
            times = sizes[numbers]
            within = np.arange(times.sum()) - np.repeat(times.cumsum() - times, times)
            part = part.take(np.repeat(np.arange(len(part)), times))
            part[column] = as_column(pieces.take(pa.array(np.repeat(starts[numbers], times) + within)), part.index)
    return part


def _words(name: str | None, codes: Codes) -> Mapping[str, str]:
    """The folded words of a list, the source's own included."""
    return {**vocabulary.read(name).lookup, **codes.get(name, {})} if name else {}


def _pieces(texts: pa.Array, separators: str, words: Mapping[str, str]) -> tuple[np.ndarray, pa.DictionaryArray]:
    """Split each text: how many pieces it has, and all pieces in turn (see `cells.pieces`); at once where no word is cut."""
    split = pc.split_pattern_regex(texts, f"[{re.escape(separators)}]")
    number, pieces = pc.list_parent_indices(split).to_numpy(), split.flatten().dictionary_encode()
    trimmed = pc.utf8_trim_whitespace(pieces.dictionary).dictionary_encode()
    pieces = pa.DictionaryArray.from_arrays(trimmed.indices.take(pieces.indices), trimmed.dictionary)
    kept = filled(pieces.dictionary)[np.asarray(pieces.indices)]
    none = np.bincount(number[kept], minlength=len(texts)) == 0
    first = np.diff(number, prepend=-1) > 0
    kept |= first & none[number]
    number, pieces = number[kept], pieces.filter(pa.array(kept))
    cut = _holding_a_cut_word(number, pieces, words)
    if len(cut):
        whole = [cell_readers.pieces(texts[n].as_py(), separators, words) for n in cut]
        apart = ~np.isin(number, cut)
        number = np.r_[number[apart], np.repeat(cut, [len(own) for own in whole])]
        mended = pa.array([piece for own in whole for piece in own], TEXT).dictionary_encode()
        order = np.argsort(number, kind="stable")
        pieces = pa.concat_arrays([pieces.filter(pa.array(apart)), mended]).take(pa.array(order))
    return np.bincount(number, minlength=len(texts)), pieces


def _holding_a_cut_word(number: np.ndarray, pieces: pa.DictionaryArray, words: Mapping[str, str]) -> np.ndarray:
    """The texts in which two pieces that follow each other may be the beginning of one word."""
    numbers, keys = np.asarray(pieces.indices), [vocabulary.key(piece) for piece in pieces.dictionary.to_pylist()]
    starts = {" ".join(word.split(" ")[:n]) for word in words for n in range(2, word.count(" ") + 2)}
    together = np.flatnonzero(number[1:] == number[:-1])
    pairs = numbers[together].astype(np.int64) * len(keys) + numbers[together + 1]
    which, distinct_pairs = pd.factorize(pairs)
    cut = np.array([f"{keys[p // len(keys)]} {keys[p % len(keys)]}" in starts for p in distinct_pairs], dtype=bool)
    return np.unique(number[together[cut[which]]]) if len(which) else which


def _exists(part: pd.DataFrame, table: Table, walk: SheetCrosswalk) -> pd.Series:
    """Say which records exist: the anchor always; others where a needed cell is filled."""
    needed = [column for column in table.needs if column in part]
    if table.name == walk.anchor or not table.needs:
        return pd.Series(True, index=part.index)
    exists = np.zeros(len(part), dtype=bool)
    for column in needed:
        numbers, texts = distinct(part[column])
        exists |= filled(texts)[numbers]
    return pd.Series(exists, index=part.index)


def iter_columns(walk: SheetCrosswalk, table: Table, absent: Collection[str] = ()) -> Iterator[str]:
    """Name the columns of a table that a sheet records: from a heading that is there, what it implies, or a constant."""
    filled = {
        (t.table, name)
        for heading, targets in walk.columns.items() if heading not in absent
        for t in targets for name in (t.column, *(constant for constant, _ in t.constants))
    }  # fmt: skip
    for column in table:
        if (table.name, column.name) in filled or (table.name, column.name) in walk.constants:
            yield column.gives or column.name
