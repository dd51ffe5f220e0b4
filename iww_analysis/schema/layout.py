"""Tell the rows of a sheet apart: title, header, empty, total, footnote, excluded, and the rows that are read."""

import re
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from iww_analysis import vocabulary

KINDS = ("title", "header", "empty", "total", "footnote", "excluded", "read")
HEADER_WITHIN = 50  # rows; a header further down is not looked for

_TOTAL = re.compile(r"^(?:sub|eind|grand )?(?:totaal|total|som)\b", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"^(?:\*|¹|\(?\d\)|bron\b|noot\b|toelichting\b|let op\b|peildatum\b|source\b|note\b)", re.IGNORECASE
)


def header_row(cells: pd.DataFrame, headings: Collection[str]) -> int | None:
    """Find the row that holds most of the known headings: at least two and half as many as the best could be.

    Gives the row number (the index of `cells`), or None when no row looks like the header.
    """
    known = {vocabulary.fold(heading) for heading in headings} - {""}
    hits = {row: len(known & set(map(vocabulary.fold, texts)))
            for row, texts in zip(cells.index[:HEADER_WITHIN], cells.head(HEADER_WITHIN).to_numpy(), strict=True)}  # fmt: skip
    if not hits:
        return None
    best = max(hits, key=lambda row: (hits[row], -row))
    return best if hits[best] >= min(2, len(known)) and hits[best] > 0 else None


def row_kinds(cells: pd.DataFrame, header: int, excluded: pd.Series) -> pd.Series:
    """Give every row one of `KINDS`; `excluded` marks rows (by index) that the crosswalk leaves out."""
    filled = (cells.map(str.strip) != "").sum(axis=1)
    first = _first_filled(cells)
    repeated = (cells == cells.loc[header]).all(axis=1)
    kinds = pd.Series("read", index=cells.index, dtype="str")
    kinds[excluded.reindex(cells.index, fill_value=False)] = "excluded"
    kinds[first.str.contains(_TOTAL) & (filled < filled[header])] = "total"
    kinds[(filled == 1) & first.str.contains(_FOOTNOTE) | _after_last_wide_row(filled, first)] = "footnote"
    kinds[filled == 0] = "empty"
    kinds[repeated] = "header"
    kinds[cells.index < header] = "title"
    kinds[(cells.index < header) & (filled == 0)] = "empty"
    return kinds


def _first_filled(cells: pd.DataFrame) -> pd.Series:
    first = pd.Series("", index=cells.index, dtype="str")
    for column in reversed(cells.columns):
        stripped = cells[column].str.strip()
        first = stripped.where(stripped != "", first)
    return first


def _after_last_wide_row(filled: pd.Series, first: pd.Series) -> pd.Series:
    """Mark lone sentences below the table: one filled cell of several words, after the last row with two or more."""
    wide = filled[filled > 1]
    last = wide.index[-1] if len(wide) else filled.index[-1]
    lone: pd.Series = (filled == 1) & (filled.index > last) & (first.str.count(" ") >= 2)
    return lone


def headings(cells: pd.DataFrame, header: int) -> dict[str, int]:
    """Give each heading's position; a heading that occurs twice gets ` (2)` behind it. Empty headings are left out."""
    found: dict[str, int] = {}
    for position, text in enumerate(cells.loc[header]):
        name = " ".join(text.split())
        if not name:
            continue
        number = 2
        unique = name
        while unique in found:
            unique = f"{name} ({number})"
            number += 1
        found[unique] = position
    return found


def match_headings(found: Sequence[str], wanted: Collection[str]) -> Mapping[str, str]:
    """Pair wanted headings with the file's own, however they are capitalised or spaced: wanted -> found, one to one."""
    free = {vocabulary.key(name): name for name in reversed(found)}
    return {name: free.pop(vocabulary.key(name)) for name in dict.fromkeys(wanted) if vocabulary.key(name) in free}
