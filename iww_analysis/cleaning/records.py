"""Turn the rows of a sheet into records of the canonical tables, still as text, each knowing the row it stands on."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import SheetCrosswalk, Target
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells import cell_readers
from iww_analysis.tables.cells.interning import TEXT, as_column, distinct, under_each_other
from iww_analysis.tables.layout import filled
from iww_analysis.tables.statement import Table

ROW = "source_row"
NUMBERS = (ROW, "group")
Codes = Mapping[tuple[str, str], Mapping[str, str]]  # table, column -> folded word -> code
Group = dict[str, tuple[str, Target]]  # column -> heading and target


def split_rows(
    rows: pd.DataFrame, crosswalk: SheetCrosswalk, givens: Mapping[str, str], codes: Codes
) -> dict[str, pd.DataFrame]:
    """Give for each table the records that the rows make, as text, with `source_row` and `group` (see `groups`).

    `rows` has one column per heading (as the crosswalk names it) and the row number as index; `givens` are columns
    that hold for the whole delivery (municipality, team); `codes`: the source's own words. One raw row gives exactly
    one record of the anchor.
    """
    parts: dict[str, list[pd.DataFrame]] = defaultdict(list)
    inheritable = _inheritable(rows, crosswalk, givens)
    of_others = groups_of_others(crosswalk)
    for number, (name, constants, group) in enumerate(groups(crosswalk)):
        if number in of_others:
            continue
        names = {
            column: [heading, *crosswalk.other_names(heading, target)] for column, (heading, target) in group.items()
        }
        present = {column: [name for name in several if name in rows] for column, several in names.items()}
        given = {column: rows[several[0]] for column, several in present.items() if several}
        if given or not group:  # a sheet without rows still has its anchor
            part = _exploded(pd.DataFrame(given, index=rows.index), TABLES[name], group, codes)
            common = _in_common(rows, crosswalk, TABLES[name], dict(constants))
            part = _completed(part, TABLES[name], crosswalk, dict(constants), inheritable.assign(**common))
            if common:  # where neither its own cells nor those say anything, nothing is there
                part = part[_any_filled(part, {*given, *common})]
            if len(part) or name == crosswalk.anchor:
                parts[name].append(part.rename_axis(ROW).reset_index().assign(group=number))
    if crosswalk.anchor not in parts:
        parts[crosswalk.anchor].append(pd.DataFrame({ROW: rows.index[:0], "group": rows.index[:0]}))
    return {name: _under_each_other(frames) for name, frames in parts.items()}


def groups_of_others(crosswalk: SheetCrosswalk) -> set[int]:
    """The groups that make no record: what they say holds for the other records of their table that the row makes."""
    kinds, anchor = groups(crosswalk), crosswalk.anchor
    telling = {name for name, _, group in kinds if _tells(name, group)}
    return {
        number
        for number, (name, constants, group) in enumerate(kinds)
        if (name != anchor and name in telling and not _tells(name, group))
        or (name == anchor and crosswalk.a_column_is and not constants)
    }


def _tells(table: str, group: Group) -> bool:
    """Whether headings say more of a record than what it has in common with others of its row."""
    return not {*group} <= {*TABLES[table].inherits}


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


def groups(crosswalk: SheetCrosswalk) -> list[tuple[str, tuple[tuple[str, str], ...], Group]]:
    """Give the kinds of record that a row makes, the anchor's first: table, constants, and column -> heading and target.

    Headings with one table and the same constants make one record; a column named twice starts another, but for the anchor, of
    which a row makes one record: there it is another name of the same heading.
    """
    groups_of: dict[tuple[str, tuple[tuple[str, str], ...]], list[Group]] = defaultdict(list)
    groups_of[crosswalk.anchor, ()].append({})
    for heading, targets in crosswalk.columns.items():
        for target in targets:
            alike = groups_of[target.table, target.constants]
            if crosswalk.is_other_name(heading, target):
                continue
            free = next((group for group in alike if target.column not in group), None)
            if free is None:
                free = {}
                alike.append(free)
            free[target.column] = (heading, target)
    return [(table, constants, group) for (table, constants), alike in groups_of.items() for group in alike]


def heading_of(crosswalk: SheetCrosswalk, group: int, column: str) -> str:
    """Give the heading that filled a column in records of a group: its own, or the anchor's that it inherited."""
    table, _, columns = groups(crosswalk)[group] if group >= 0 else (crosswalk.anchor, (), {})
    if column in columns:
        return columns[column][0]
    of_row = crosswalk.heading_of(table, column) if column in TABLES[table].inherits else None
    return of_row or crosswalk.heading_of(crosswalk.anchor, column) or ""


def _inheritable(rows: pd.DataFrame, crosswalk: SheetCrosswalk, givens: Mapping[str, str]) -> pd.DataFrame:
    """What every record of a row may inherit: the givens, the sheet's constants, the anchor's unsplit cells."""
    constants = {column: value for (table, column), value in crosswalk.constants.items() if table == crosswalk.anchor}
    cells = {
        target.column: rows[heading]
        for heading, targets in crosswalk.columns.items() if heading in rows
        for target in targets if target.table == crosswalk.anchor and not target.split and not target.constants
    }  # fmt: skip
    return pd.DataFrame({**givens, **constants}, index=rows.index, dtype="str").assign(**cells)


def _in_common(
    rows: pd.DataFrame, crosswalk: SheetCrosswalk, table: Table, constants: Mapping[str, str]
) -> dict[str, pd.Series]:
    """What headings say of all records of a kind that a row makes, such as the version of an instrument (at a moment)."""
    said = [
        (target, rows[heading])
        for heading, targets in crosswalk.columns.items() if heading in rows and table.name != crosswalk.anchor
        for target in targets if target.table != crosswalk.anchor and target.holds_for(table, constants)
    ]  # fmt: skip
    return {target.column: cells for target, cells in sorted(said, key=lambda each: len(each[0].constants))}


def _completed(
    part: pd.DataFrame, table: Table, crosswalk: SheetCrosswalk, constants: dict[str, str], inheritable: pd.DataFrame
) -> pd.DataFrame:
    """Add constants and what is inherited to records that exist: of the anchor all, of others where a needed cell is filled.

    Where a column is a record of the anchor it exists where its own cells are.
    """
    is_anchor = table.name == crosswalk.anchor
    needed = ({*part} if crosswalk.a_column_is else set()) if is_anchor else {*table.needs}
    constants = {c: v for (name, c), v in crosswalk.constants.items() if name == table.name} | constants
    part = part.assign(**constants)
    if needed:
        exists = _any_filled(part, needed)
        part = part if exists.all() else part[exists]
    names = dict.fromkeys([*table.inherits, *(column.name for column in table if is_anchor), "municipality", "team"])
    wanted = [name for name in names if name in table and name not in part and name in inheritable]
    return part.assign(**{name: inheritable[name].reindex(part.index) for name in wanted})


def _any_filled(part: pd.DataFrame, columns: Collection[str]) -> np.ndarray:
    """Which records have a filled cell in any of these columns."""
    found = np.zeros(len(part), dtype=bool)
    for column in {*columns} & set(part):
        numbers, texts = distinct(part[column])
        found |= filled(texts)[numbers]
    return found


def _exploded(part: pd.DataFrame, table: Table, group: Group, codes: Codes) -> pd.DataFrame:
    """Give a record for each piece of the cells that hold several; an empty cell stays one empty piece."""
    for column, (heading, target) in group.items():
        if target.split and column in part:
            alike = [c for c, (h, t) in group.items() if (h, t.split) == (heading, target.split) and c in part]
            if alike[0] != column:  # its cells are those of a column that was split: each piece fills both
                part[column] = part[alike[0]]
                continue
            numbers, texts = distinct(part[column])
            name = table[column].vocabulary
            words = {**vocabulary.read(name).lookup, **codes.get((table.name, column), {})} if name else {}
            sizes, pieces = _pieces(texts, target.split, words)
            starts, times = sizes.cumsum() - sizes, sizes[numbers]
            within = np.arange(times.sum()) - np.repeat(times.cumsum() - times, times)
            part = part.take(np.repeat(np.arange(len(part)), times))
            part[column] = as_column(pieces.take(pa.array(np.repeat(starts[numbers], times) + within)), part.index)
    return part


def _pieces(texts: pa.Array, separators: str, words: Mapping[str, str]) -> tuple[np.ndarray, pa.DictionaryArray]:
    """Split each text as `cell_readers.pieces` does: how many pieces it has, and all pieces in turn."""
    split = pc.split_pattern_regex(texts, f"[{re.escape(separators)}]")
    number, pieces = pc.list_parent_indices(split).to_numpy(), split.flatten().dictionary_encode()
    trimmed = pc.utf8_trim_whitespace(pieces.dictionary).dictionary_encode()
    pieces = pa.DictionaryArray.from_arrays(trimmed.indices.take(pieces.indices), trimmed.dictionary)
    kept = filled(pieces.dictionary)[np.asarray(pieces.indices)]
    empty = np.bincount(number[kept], minlength=len(texts)) == 0
    kept |= (np.diff(number, prepend=-1) > 0) & empty[number]
    number, pieces = number[kept], pieces.filter(pa.array(kept))
    cut = _holding_a_cut_word(number, pieces, words)
    if len(cut):
        whole = [cell_readers.pieces(texts[n].as_py(), separators, words) for n in cut]
        apart = ~np.isin(number, cut)
        number = np.r_[number[apart], np.repeat(cut, [len(of_text) for of_text in whole])]
        mended = pa.array(chain.from_iterable(whole), TEXT).dictionary_encode()
        pieces = pa.chunked_array([pieces.filter(pa.array(apart)), mended]).unify_dictionaries().combine_chunks()
        pieces = pieces.take(pa.array(np.argsort(number, kind="stable")))
    return np.bincount(number, minlength=len(texts)), pieces


def _holding_a_cut_word(number: np.ndarray, pieces: pa.DictionaryArray, words: Mapping[str, str]) -> np.ndarray:
    """The texts in which two pieces that follow each other may be the beginning of one word."""
    numbers, keys = np.asarray(pieces.indices), [vocabulary.key(piece) for piece in pieces.dictionary.to_pylist()]
    beginnings = {" ".join(word.split(" ")[:n]) for word in words for n in range(2, word.count(" ") + 2)}
    following = np.flatnonzero(number[1:] == number[:-1])
    pairs, distinct_pairs = pd.factorize(numbers[following].astype(np.int64) * len(keys) + numbers[following + 1])
    cut = [f"{keys[pair // len(keys)]} {keys[pair % len(keys)]}" in beginnings for pair in distinct_pairs.tolist()]
    return np.unique(number[following[np.array(cut, dtype=bool)[pairs]]])


def recorded_columns(crosswalk: SheetCrosswalk, absent: Collection[str]) -> set[str]:
    """Name the columns (table.column) that a sheet records: from a heading that is there, what it implies, or a constant."""
    places = [*crosswalk.constants]
    places += [(crosswalk.anchor, column) for column in crosswalk.named("")]
    for target in chain.from_iterable(targets for name, targets in crosswalk.columns.items() if name not in absent):
        places += [(target.table, column) for column in (target.column, *dict(target.constants))]
    return {f"{table}.{TABLES[table][column].gives or column}" for table, column in places}
