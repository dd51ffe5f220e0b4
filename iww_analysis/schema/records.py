"""Turn the rows of a sheet into records of the canonical tables, still as text, each knowing the row it stands on."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from iww_analysis.schema.crosswalk import SheetWalk, Target
from iww_analysis.schema.tables import Table, Tables

ROW = "source_row"
Group = dict[str, tuple[str, Target]]  # column -> heading and target


def split_rows(
    rows: pd.DataFrame, walk: SheetWalk, tables: Tables, givens: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Give for each table the records that the rows make, as text, with `source_row` and `group` (see `groups`).

    `rows` has one column per heading (as the crosswalk names it) and the row number as index; `givens` are columns
    that hold for the whole delivery (municipality, team). One raw row gives exactly one record of the anchor.
    """
    parts: dict[str, list[pd.DataFrame]] = defaultdict(list)
    shared = _shared(rows, walk, tables[walk.anchor], givens)
    for number, (name, constants, group) in enumerate(groups(walk)):
        part = _records(rows, walk, tables[name], group, dict(constants), shared)
        if len(part) or (name == walk.anchor and ROW in part):  # a sheet without rows still has its anchor
            parts[name].append(part.assign(group=number))
    # a heading that fills a column in one kind of record and not in another: there it was not recorded
    return {name: pd.concat(frames, ignore_index=True).fillna("not_recorded") for name, frames in parts.items()}


def groups(walk: SheetWalk) -> list[tuple[str, tuple[tuple[str, str], ...], Group]]:
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


def heading_of(walk: SheetWalk, group: int, column: str) -> str:
    """Give the heading that filled a column in records of a group: its own, or the anchor's that it inherited."""
    own = groups(walk)[group][2] if group >= 0 else {}
    inherited = walk.heading_of(walk.anchor, column)
    return own[column][0] if column in own else inherited or ""


def _shared(rows: pd.DataFrame, walk: SheetWalk, anchor: Table, givens: Mapping[str, str]) -> pd.DataFrame:
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
    rows: pd.DataFrame, walk: SheetWalk, table: Table, group: Group, constants: dict[str, str], shared: pd.DataFrame
) -> pd.DataFrame:
    cells = {column: rows[heading] for column, (heading, _) in group.items() if heading in rows}
    if not cells and group:
        return pd.DataFrame()
    part = pd.DataFrame(cells, index=rows.index, dtype="str")
    part = _exploded(part, group)
    constants = {c: v for (t, c), v in walk.constants.items() if t == table.name} | constants
    for column, value in constants.items():
        part[column] = value
    part = part[_exists(part, table, walk)]
    for column in (
        *table.inherits,
        *(c.name for c in table if c.name in shared and table.name == walk.anchor),
        "municipality",
        "team",
    ):
        if column in table and column not in part and column in shared:
            part[column] = shared[column].reindex(part.index)
    return part.rename_axis(ROW).reset_index()


def _exploded(part: pd.DataFrame, group: Group) -> pd.DataFrame:
    splits = {column: target.split for column, (_, target) in group.items() if target.split and column in part}
    for column, separators in splits.items():
        pattern = "[" + "".join("\\" + s if s in r"\]^-" else s for s in separators) + "]"
        part[column] = part[column].map(_items(pattern, part[column]))
        part = part.explode(column)
    return part.astype("str") if splits else part


def _items(pattern: str, texts: pd.Series) -> Mapping[str, list[str]]:
    """Split each distinct text once; empty pieces vanish, an empty cell stays one empty piece."""

    def pieces(text: str) -> list[str]:
        return [piece.strip() for piece in re.split(pattern, text) if piece.strip()] or [""]

    return {text: pieces(text) for text in texts.unique()}


def _exists(part: pd.DataFrame, table: Table, walk: SheetWalk) -> pd.Series:
    """Say which records exist: the anchor always; others where a needed cell is filled."""
    needed = [column for column in table.needs if column in part]
    if table.name == walk.anchor or not table.needs:
        return pd.Series(True, index=part.index)
    if not needed:
        return pd.Series(False, index=part.index)
    return (part[needed].map(str.strip) != "").any(axis=1)


def iter_columns(walk: SheetWalk, table: Table, absent: Collection[str] = ()) -> Iterator[str]:
    """Name the columns of a table that a sheet records: from a heading that is there, what it implies, or a constant."""
    filled = {
        (t.table, name)
        for heading, targets in walk.columns.items() if heading not in absent
        for t in targets for name in (t.column, *(constant for constant, _ in t.constants))
    }  # fmt: skip
    for column in table:
        if (table.name, column.name) in filled or (table.name, column.name) in walk.constants:
            yield column.gives or column.name
