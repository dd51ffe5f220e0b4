"""Tell the rows of a sheet apart: title, header, empty, total, footnote, excluded, and the rows that are read."""

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis import vocabulary
from iww_analysis.tables.cells.cell_readers import mend
from iww_analysis.tables.cells.dates import MONTHS

KINDS = ("title", "header", "empty", "total", "footnote", "excluded", "read")
MOSTLY = 0.75  # of the headings of the best row: a row that holds so many is a header too
NEAR = 3  # rows below the first wide row in which a better header may stand
HEADER_WITHIN = 50  # rows; a header further down is not looked for

_TOTAL = r"^(?:(?:sub|eind|grand )?(?:totaal|totalen|totals?|som|sum)\b|t(?:o?t|tl)\.|[∑Σ]|n ?= ?\d)"
_AMOUNT = re.compile(r"\s*(?:€|[-+])?\s*(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:[.,]\d{1,2})?\s*%?\s*")  # no day is one
_FOOTNOTE = r"^(?:\*|¹|\(?\d\)|bron\b|noot\b|toelichting\b|let op\b|peildatum\b|source\b|note\b)"
_MONTH = rf"^(?:{'|'.join(MONTHS)})(?:\W*(?:19|20)?\d\d)?$"  # between the rows of a list kept by hand
_SENTENCE = r"^[^ ]* [^ ]* "  # two spaces at least: three words


def header_row(cells: pd.DataFrame, headings: Collection[str]) -> int | None:
    """Find the row that holds most of the known headings, and two at least; further down it is the header of another table.

    Gives the row number (the index of `cells`), or None when no row looks like the header.
    """
    known = {vocabulary.fold(heading) for heading in headings} - {""}
    hits = {row: len(known & {vocabulary.fold(mend(text)) for text in texts})
            for row, texts in zip(cells.index[:HEADER_WITHIN], cells.head(HEADER_WITHIN).to_numpy(), strict=True)}  # fmt: skip
    if not hits:
        return None
    best = max(hits, key=lambda row: (hits[row], -row))
    first = next(row for row in hits if hits[row] >= MOSTLY * hits[best])
    best = best if best <= first + NEAR else first
    return best if hits[best] >= min(2, len(known)) and hits[best] > 0 else None


class Header(NamedTuple):
    """The header of a table: its row number and the texts in it, by position."""

    row: int
    texts: tuple[str, ...]


def header_of(cells: pd.DataFrame, row: int) -> Header:
    """Give the header that a row holds."""
    return Header(row, tuple(map(str, cells.loc[row].to_numpy())))


def row_kinds(
    cells: pd.DataFrame,
    header: Header,
    excluded: pd.Series,
    *,
    wide_before: bool = False,
    certain: Collection[int] = (),
    alone: bool = False,
) -> pd.Series:
    """Give every row of a block one of `KINDS`, the header itself in this block or above it.

    `excluded` marks rows (by index) that the crosswalk leaves out. A sum line begins with a word for it and holds nothing
    but amounts else, so no day, and no identifier: nothing at the positions `certain`, unless it is all that the row holds.
    `wide_before`: rows above the block hold two or more filled cells, so that a lone sentence at its end is a footnote: one
    cell of several words below the table. `alone`: one cell can be a record, so that a footnote stands below an empty row.
    A month alone in the place of an identifier is a title of the rows below it.
    """
    full = filled_cells(cells)
    number = full.sum(axis=1)
    wide = np.flatnonzero(number > 1)
    last = wide[-1] if len(wide) else -1 if wide_before else len(cells)
    below = np.arange(len(cells)) > last
    closing = (number == 1) & (np.logical_or.accumulate(below & (number == 0)) if alone else below)
    narrower = number < sum(bool(text.strip()) for text in header.texts)
    notes = _first_matches(cells, full, _FOOTNOTE, number == 1) | _first_matches(cells, full, _SENTENCE, closing)
    numbered = np.isin(full.argmax(axis=1), [*certain] or [0])
    months = _first_matches(cells, full, _MONTH, (number == 1) & numbered & (not alone))
    kinds = np.full(len(cells), KINDS.index("read"), dtype=np.int8)
    for kind, rows in (
        ("excluded", excluded.reindex(cells.index, fill_value=False).to_numpy(bool)),
        ("total", _sum_lines(cells, full, _first_matches(cells, full, _TOTAL, narrower), certain)),
        ("footnote", notes),
        ("header", _like_header(cells, header)),
        ("title", months | (cells.index < header.row)),
        ("empty", number == 0),
    ):
        kinds[rows] = KINDS.index(kind)
    return pd.Series(pd.Categorical.from_codes(kinds, categories=pd.Index(KINDS)), index=cells.index)


def filled_cells(cells: pd.DataFrame) -> np.ndarray:
    """Say which cells hold something other than white space: one row per row, one column per position."""
    columns = [filled(pa.array(cells[name])) for name in cells]
    return np.column_stack(columns) if columns else np.zeros((len(cells), 0), dtype=bool)


def filled(texts: pa.Array) -> np.ndarray:
    """Say which texts hold something other than white space."""
    blank = pc.or_(pc.equal(pc.binary_length(texts), 0), pc.utf8_is_space(texts))
    return ~np.asarray(blank, dtype=bool)


def _first_matches(cells: pd.DataFrame, filled: np.ndarray, pattern: str, among: np.ndarray) -> np.ndarray:
    """Say of which rows, of those in `among`, the first filled cell matches a pattern."""
    hit = np.zeros(len(cells), dtype=bool)
    among = among & filled.any(axis=1)
    if not among.any():
        return hit
    first = filled.argmax(axis=1)
    for position in np.unique(first[among]):
        rows = np.flatnonzero(among & (first == position))
        texts = cells.iloc[rows, int(position)].str.strip()
        hit[rows] = texts.str.contains(pattern, regex=True, case=False).to_numpy(bool)
    return hit


def _sum_lines(cells: pd.DataFrame, filled: np.ndarray, likely: np.ndarray, certain: Collection[int]) -> np.ndarray:
    """Say which of the likely rows are sum lines, by all but their first filled cell."""
    lines, certain_places = np.zeros(len(cells), dtype=bool), {*certain}
    for row in np.flatnonzero(likely):
        places = np.flatnonzero(filled[row])[1:]
        texts = cells.iloc[int(row)].astype("str").tolist()
        identified = len(places) > 1 and not certain_places.isdisjoint(places.tolist())
        lines[row] = not identified and all(_AMOUNT.fullmatch(texts[place]) for place in places)
    return lines


def _like_header(cells: pd.DataFrame, header: Header) -> np.ndarray:
    """Say which rows hold just what the header holds."""
    texts = [*header.texts, *[""] * (len(cells.columns) - len(header.texts))]
    like = np.ones(len(cells), dtype=bool)
    for column, text in sorted(zip(cells, texts, strict=False), key=lambda pair: not pair[1]):
        if like.any():
            like &= (cells[column] == text).to_numpy(bool)
    return like & (not any(text for text in header.texts[len(cells.columns) :]))


def moved_headers(cells: pd.DataFrame, header: Header) -> np.ndarray:
    """Say which rows hold the texts of the header in another order: what stands below such a row is of other columns."""
    texts = sorted(filter(None, header.texts))
    likely = np.ones(len(cells), dtype=bool)
    for column in cells:
        if not likely.any():
            return likely
        likely &= cells[column].isin({*header.texts, ""}).to_numpy(bool)
    likely &= ~_like_header(cells, header)
    rows = cells[likely].to_numpy()
    likely[likely] = [sorted(filter(None, map(str, row))) == texts for row in rows]
    return likely


def headings(cells: pd.DataFrame, header: int) -> dict[str, int]:
    """Give each heading's position. Empty headings are left out.

    Of headings that occur twice, one that stands below a title over several columns bears that title ("Financiën begin"), and
    so do those that have a title of their own each, and what stands beside them below it. What is still the same gets ` (2)`.
    """
    names = [" ".join(text.split()) for text in header_of(cells, header).texts]
    above = cells.loc[: header - 1].tail(1)
    titles = [" ".join(str(text).split()) for text in above.iloc[0]] if len(above) else [""] * len(names)
    wide = [
        text != "" and text in (*titles[max(n - 1, 0) : n], *titles[n + 1 : n + 2]) for n, text in enumerate(titles)
    ]
    begun: list[str] = []  # the title to the left, over what follows where it is not wide
    for text in titles:
        begun.append(text or (begun[-1] if begun else ""))
    own = {name: [begun[n] for n, other in enumerate(names) if other == name] for name in names}
    apart = {
        name for name, of_name in own.items() if len(of_name) > 1 and all(of_name) and len({*of_name}) == len(of_name)
    }
    bearing = [len(own[name]) > 1 and (wide[n] or name in apart) for n, name in enumerate(names)]
    groups = {title for title, name in zip(begun, names, strict=True) if name in apart}
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        within = wide[position] or any(titles[position + 1 :])  # where the last of the titles ends nothing says
        bears = bearing[position] or (within and begun[position] in groups)
        titled = f"{begun[position]} {name}".strip() if bears else name
        numbered = itertools.chain([titled], (f"{titled} ({n})" for n in itertools.count(2)))
        if name:
            positions[next(free for free in numbered if free not in positions)] = position
    return positions


def match_headings(headings: Sequence[str], wanted: Collection[str]) -> Mapping[str, str]:
    """Pair wanted headings with the file's own, however they are capitalised or spaced: wanted -> the file's, one to one."""
    free = {vocabulary.key(mend(name)): name for name in reversed(headings)}
    return {name: free.pop(vocabulary.key(name)) for name in dict.fromkeys(wanted) if vocabulary.key(name) in free}
