"""Take in one sheet: which row is what, which headings are known, and the records that its rows make."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import constant
from iww_analysis.cleaning.records import Codes, split_rows
from iww_analysis.crosswalk.crosswalk import SheetCrosswalk
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.tables import layout
from iww_analysis.tables.cells.interning import encoded
from iww_analysis.tables.cells.row_hash import hashes
from iww_analysis.tables.statement import Table, Tables

TAIL = 1000  # last rows of a block, in which its last row of the table is sought
_BETWEEN = "\x1f"  # between cells: ASCII's unit separator


@dataclass(frozen=True)
class Opening:
    """A sheet as its crosswalk sees it: where its header is and which headings are known.

    `positions`: heading, named as the crosswalk does -> position; `width`: cells that a whole record has (text files).
    """

    source_id: str
    place: Place
    walk: SheetCrosswalk
    header: layout.Header
    positions: Mapping[str, int]
    width: int | None
    absent_headings: tuple[str, ...]
    unknown_headings: tuple[str, ...]


@dataclass(frozen=True)
class Intake:
    """What some rows of a sheet hold. `kinds`: row -> one of layout.KINDS; `rows`: those read, a column per known heading.

    `ragged` marks rows with more or fewer cells than there are headings; `content` is a hash of each row's cells,
    by which a row that was delivered twice is known.
    """

    opening: Opening
    kinds: pd.Series
    rows: pd.DataFrame
    ragged: pd.Series
    content: np.ndarray

    @property
    def source_id(self) -> str:
        """The delivery and sheet that the rows came in."""
        return self.opening.source_id

    @property
    def place(self) -> Place:
        """The file and sheet, for messages."""
        return self.opening.place

    @property
    def walk(self) -> SheetCrosswalk:
        """The entry of the crosswalk by which the sheet is read."""
        return self.opening.walk

    @property
    def absent_headings(self) -> tuple[str, ...]:
        """Headings that the crosswalk names and the sheet lacks."""
        return self.opening.absent_headings

    @property
    def unknown_headings(self) -> tuple[str, ...]:
        """Headings of the sheet that the crosswalk does not name."""
        return self.opening.unknown_headings


def open_sheet(
    cells: pd.DataFrame, widths: pd.Series | None, walk: SheetCrosswalk, place: Place, source_id: str
) -> Opening:
    """Find the header in a sheet's first rows; raises IwwError when there is none."""
    row = layout.header_row(cells, walk.known_headings) if len(cells) else None
    if row is None:
        raise fail("no_header", place, expected=", ".join(walk.known_headings[:6]))
    positions = layout.headings(cells, row)
    matched = layout.match_headings(list(positions), walk.known_headings)
    known = {own: wanted for wanted, own in matched.items()}
    return Opening(
        source_id, place, walk,
        header=layout.header_of(cells, row),
        positions={known.get(own, own): position for own, position in positions.items()},
        width=None if widths is None else int(widths[row]),
        absent_headings=tuple(name for name in (*walk.columns, *walk.ignore) if name not in matched),
        unknown_headings=tuple(name for name in positions if name not in known),
    )  # fmt: skip


def take(opening: Opening, cells: pd.DataFrame, widths: pd.Series | None, *, wide_before: bool = False) -> Intake:
    """Take in some rows of a sheet. `wide_before`: rows of two or more filled cells stand above them."""
    cells = cells.reindex(columns=range(max(len(cells.columns), *opening.positions.values()) + 1), fill_value="")
    named = cells[list(opening.positions.values())].set_axis(list(opening.positions), axis=1)
    kinds = layout.kinds_below(cells, opening.header, _excluded(named, opening.walk), wide_before=wide_before)
    read = (kinds == "read").to_numpy()
    named, cells = (named, cells) if read.all() else (named[read], cells[read])
    known = {name: encoded(named[name]) for name in opening.walk.columns if name in opening.positions}
    whole = pd.Series(False, index=kinds.index) if widths is None else widths != opening.width
    return Intake(
        opening, kinds, pd.DataFrame(known, index=named.index), ragged=whole[read], content=row_content(cells)
    )


def take_in(
    cells: pd.DataFrame, widths: pd.Series | None, walk: SheetCrosswalk, place: Place, source_id: str
) -> Intake:
    """Take in a whole sheet by its crosswalk; raises IwwError when no header is found."""
    return take(open_sheet(cells, widths, walk, place, source_id), cells, widths)


Cells = tuple[pd.DataFrame, pd.Series | None]  # some rows, and how many cells each really had


def whole_tables(blocks: Iterable[Cells]) -> Iterator[Cells]:
    """Give blocks anew so that each but the last ends with a row of two or more filled cells: no footnote can stand there."""
    ready: list[Cells] = []
    held: list[Cells] = []
    for cells, widths in blocks:
        wide = np.flatnonzero(layout.filled_cells(cells.tail(TAIL)).sum(axis=1) > 1)
        if not len(wide):
            held.append((cells, widths))
            continue
        if ready:
            yield joined(ready)
        end = max(len(cells) - TAIL, 0) + int(wide[-1]) + 1
        ready = [*held, (cells.iloc[:end], None if widths is None else widths.iloc[:end])]
        held = [(cells.iloc[end:], None if widths is None else widths.iloc[end:])] if end < len(cells) else []
    yield joined([*ready, *held])


def joined(blocks: Sequence[Cells]) -> Cells:
    """Put blocks of one sheet under each other."""
    if len(blocks) == 1:
        return blocks[0]
    widths = [w for _, w in blocks if w is not None]
    return pd.concat([cells for cells, _ in blocks]).fillna(""), pd.concat(widths) if widths else None


def _excluded(data: pd.DataFrame, walk: SheetCrosswalk) -> pd.Series:
    excluded = pd.Series(False, index=data.index)
    for rule in walk.exclude:
        if rule.heading in data:
            texts = data[rule.heading]
            excluded |= texts.isin([t for t in texts.unique() if vocabulary.key(t) == vocabulary.key(rule.equals)])
    return excluded


def row_content(cells: pd.DataFrame) -> np.ndarray:
    """One number per row, the same for the same cells at the same positions; empty cells at the end count for nothing."""
    columns = [pa.array(cells[name]) for name in cells]
    rows = pc.utf8_rtrim(
        pc.binary_join_element_wise(*columns, pa.scalar(_BETWEEN, pa.large_string())), characters=_BETWEEN
    )
    return hashes(rows)


def records(intake: Intake, tables: Tables, givens: Mapping[str, str], codes: Codes) -> dict[str, pd.DataFrame]:
    """Give the records of every table as text, with `source_id` and `source_row`; ragged rows make none.

    `givens`: what holds for the whole delivery; `codes`: the source's own words.
    """
    rows = intake.rows[~intake.ragged.to_numpy(bool)] if intake.ragged.any() else intake.rows
    split = split_rows(rows, intake.walk, tables, givens, codes)
    return {name: frame.assign(source_id=constant(intake.source_id, frame.index)) for name, frame in split.items()}


def heading_messages(intake: Intake, tables: Tables) -> list[Message]:
    """Say which headings the crosswalk does not know, which it expects in vain, and which are open questions."""
    place = intake.place
    said = [
        Message("heading_unknown", Place(place.file, place.sheet, column=name), {"nearest": _nearest(name)})
        for name in intake.unknown_headings
    ]
    said += [Message("heading_absent", Place(place.file, place.sheet, column=name)) for name in intake.absent_headings]
    said += [Message("heading_open", Place(place.file, place.sheet, column=name)) for name in intake.walk.open_headings]
    return said


def refuse_without_required(opening: Opening, table: Table) -> None:
    """Refuse a sheet whose heading for a required column of its anchor is gone: every row would be set aside."""
    gone = [
        Message("heading_required", Place(opening.place.file, opening.place.sheet, column=heading), {"means": column.nl})
        for column in table if column.required
        for heading in [opening.walk.heading_of(table.name, column.name)] if heading in opening.absent_headings
    ]  # fmt: skip
    if gone:
        raise IwwError(*gone)


def _nearest(heading: str) -> str:
    words = {vocabulary.key(word): word for entry in vocabulary.headings() for word in entry.words}
    best = process.extractOne(vocabulary.key(heading), list(words), scorer=fuzz.WRatio, score_cutoff=70)
    return words[best[0]] if best else "-"
