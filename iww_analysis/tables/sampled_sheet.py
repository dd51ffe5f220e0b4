"""Take of a long sheet the rows by which it is recognised: it is read once from begin to end, and hardly any of it is held.

In the sample stand the first rows, runs of rows from all over the sheet, its last rows, and the first row of every word of a
column of few words: a word that stands in one row of a million is asked about like any other. Of columns of identifiers all
cells are kept as numbers, which say how many are distinct and whether another sheet has them too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables.cells.interning import TEXT, distinct
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock, joined

WHOLE = 20_000  # rows up to which a sheet is taken as it is
FIRST, RUN, MOST_RUNS = 5_000, 250, 16  # rows at its begin and in a run; runs
MOST_WORDS = 1_000  # of a column; one with more holds no words of a list
IDENTIFIERS = 0.5  # share of the filled cells of the first rows that differ, from which a column may hold identifiers
_SEPARATORS = ";\n|,/+&"
_IDENTIFIER = r"^\s*[^\s\d]{0,8}[-_./]?\d[^\s,]{0,18}\s*$"
_DAY = r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s*$"


def sampled(sheet: RawSheet) -> RawSheet:
    """Read a sheet from begin to end, so that what is wrong is said; give it as it is, or some of its rows where it is long."""
    held: list[RowBlock] = []
    blocks, n = sheet.blocks(), 0
    for block in blocks:
        held.append(block)
        n += len(block.cells)
        if n > WHOLE:
            return _sampled(sheet, held, blocks)
    return replace(sheet, blocks=lambda: iter(held))


def _sampled(sheet: RawSheet, first: Sequence[RowBlock], more: Iterator[RowBlock]) -> RawSheet:
    sample, n = _Sample(), 0
    for blocks in (iter(first), more):
        for block in blocks:
            sample.take(block, n)
            n += len(block.cells)
    rows = sample.rows()
    ids = {position: np.concatenate(numbers) for position, numbers in sample.ids.items()}
    said = Message("sheet_sampled", Place(sheet.file, sheet.name or None), {"n": n, "some": len(rows.cells)})
    notes = (*sheet.notes, said)
    return replace(sheet, blocks=lambda: iter([rows]), every=sheet.blocks, n_rows=n, ids=ids, notes=notes)


@dataclass(eq=False)
class _Sample:
    """What is kept of a sheet so far. `always`: rows that stay, beside those of every `step`-th run."""

    step: int = 1
    parts: list[tuple[np.ndarray, np.ndarray, RowBlock]] = field(
        default_factory=list
    )  # number of each row, always, the rows
    words: dict[int, set[str]] = field(
        default_factory=dict
    )  # by position; a column of too many words has none any more
    ids: dict[int, list[np.ndarray]] = field(default_factory=dict)
    last: RowBlock | None = None

    def take(self, block: RowBlock, start: int) -> None:
        """Look at the next rows of the sheet, of which the first is row `start` from its begin."""
        numbers = np.arange(start, start + len(block.cells))
        always = numbers < FIRST
        if not self.parts:
            self.words = {int(str(position)): set() for position in block.cells}
            self.ids = {int(str(position)): [] for position in block.cells if holds_identifiers(block.cells[position])}
        for position in (position for position in [*self.words] if position in block.cells):
            always[self._rows_of_new_words(position, block.cells[position])] = True
        for position, hashes in self.ids.items():
            hashes.append(hashed(pa.array(block.cells[position], TEXT)))
        self.parts.append(self._kept(numbers, always, block))
        while sum(int((~part[1]).sum()) for part in self.parts) > RUN * MOST_RUNS:
            self.step *= 2
            self.parts = [self._kept(*part) for part in self.parts]
        self.last = _some(block, np.arange(len(block.cells)) >= len(block.cells) - RUN)

    def rows(self) -> RowBlock:
        """Give what is kept, in the order of the sheet."""
        parts = [block for *_, block in self.parts] + ([self.last] if self.last else [])
        whole = joined(parts)
        once = _some(whole, ~whole.cells.index.duplicated())  # a run that is kept can begin among the last rows
        return RowBlock(once.cells.sort_index(), None if once.widths is None else once.widths.sort_index())

    def _kept(
        self, numbers: np.ndarray, always: np.ndarray, block: RowBlock
    ) -> tuple[np.ndarray, np.ndarray, RowBlock]:
        chosen = always | ((numbers // RUN) % self.step == 0)
        return numbers[chosen], always[chosen], _some(block, chosen)

    def _rows_of_new_words(self, position: int, texts: pd.Series) -> list[int]:
        """The places of the first cells in which a word of a column stands, as long as it has few."""
        codes, known = distinct(texts)
        pieces = pc.split_pattern(_with_one_separator(known), _SEPARATORS[0])
        every, seen = pc.list_flatten(pieces), self.words[position]
        new = {piece.strip().casefold(): piece for piece in reversed(every.unique().to_pylist())}
        firsts = [pc.index(every, pa.scalar(piece, TEXT)).as_py() for word, piece in new.items() if word not in seen]
        seen |= {*new}
        if len(seen) > MOST_WORDS:
            del self.words[position]
            return []
        of_text = np.asarray(pc.list_parent_indices(pieces)) if firsts else np.zeros(0, np.int64)
        return [int(np.argmax(codes == code)) for code in {int(of_text[first]) for first in firsts}]


def _with_one_separator(texts: pa.Array) -> pa.Array:
    """The texts with one sign for all that can separate words; much faster than by a regular expression."""
    for sign in _SEPARATORS[1:]:
        texts = pc.replace_substring(texts, sign, _SEPARATORS[0])
    return texts


def _some(block: RowBlock, rows: np.ndarray) -> RowBlock:
    return RowBlock(block.cells[rows], None if block.widths is None else block.widths[rows])


def holds_identifiers(texts: pd.Series) -> bool:
    """Say whether cells look like identifiers: most differ, and are short, without spaces, with digits; no days, no amounts."""
    filled = texts[texts.str.strip() != ""]
    alike = filled.str.match(_IDENTIFIER) & ~filled.str.match(_DAY)
    return len(filled) > 1 and filled.nunique() >= IDENTIFIERS * len(filled) and bool(alike.mean() >= IDENTIFIERS)


def hashed(texts: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Give a number for each text that is not empty, the same for identifiers that differ in spaces and capitals alone."""
    plain = pc.ascii_upper(pc.replace_substring(texts, " ", ""))
    filled = plain.filter(pc.greater(pc.binary_length(plain), 0))
    return pd.util.hash_array(filled.to_numpy(zero_copy_only=False), categorize=False)
