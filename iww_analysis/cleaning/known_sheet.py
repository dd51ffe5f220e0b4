"""Know a delivered sheet by its crosswalk: where its header is, which headings are known, which row is what."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd
import pyarrow as pa

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import DAYS, OPEN, YES, Crosswalk, SheetCrosswalk, Target, as_read
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.crosswalk.propose.recognise import holds_table, passed_over_because, rows_of_no_table
from iww_analysis.crosswalk.propose.unknown_words import shown
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.privacy.text.roster import HiddenColumns
from iww_analysis.tables import TABLES, layout
from iww_analysis.tables.cells import dates
from iww_analysis.tables.cells.key_folding import key_reader
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock

SUMS_NAMED, ROWS_NAMED = 3, 8  # words and rows in a message


@dataclass(kw_only=True, eq=False)
class DeliveredSheet:
    """One sheet of one delivery, as it lies on disk. `note`: why it is not read, if it is not.

    `holds_table`: there is a table on it, though the crosswalk passes it over; `rows_unlike`: rows that look like those of a
    table that was not found. `rows_in_file` is known when all rows have been read, `hidden` holds then what nobody sees.
    """

    origin: Origin
    raw: RawSheet
    note: str = ""
    rows_in_file: int = 0
    holds_table: bool = False
    rows_unlike: int = 0
    hidden: HiddenColumns = field(default_factory=HiddenColumns)

    @property
    def place(self) -> Place:
        """The file and sheet, for messages."""
        return Place(self.raw.file, self.raw.name or None)

    @property
    def source_id(self) -> str:
        """The delivery and sheet that rows come in; it begins with the day of receipt."""
        return f"{self.origin.received.isoformat()}/{self.raw.file}" + (f"#{self.raw.name}" if self.raw.name else "")


@dataclass(kw_only=True, eq=False)
class KnownSheet(DeliveredSheet):
    """A delivered sheet whose header is known. `entry`: the part of the crosswalk by which it is read.

    `positions`: heading, named as the crosswalk does -> position; `width`: cells that a whole record has (text files);
    `absent_headings`: named by the crosswalk, not in the sheet; `unknown_headings`: the other way round. `sum_lines`: the rows
    that are taken for sums so far, with the words that say so; `below_moved`: those below a header in another order so far.
    """

    entry: SheetCrosswalk
    header: layout.Header
    positions: Mapping[str, int]
    width: int | None
    absent_headings: tuple[str, ...]
    unknown_headings: tuple[str, ...]
    sum_lines: dict[int, str] = field(default_factory=dict)
    n_filled: Counter[int] = field(default_factory=Counter)
    below_moved: set[int] = field(default_factory=set)

    @property
    def givens(self) -> dict[str, str]:
        """Columns that hold for every row: what the card says, and the name of the sheet."""
        return {**self.origin.givens, **self.entry.named(self.raw.name)}

    @property
    def has_strange_headings(self) -> bool:
        """Whether nobody said yet what one of its headings means."""
        return bool(self.unknown_headings) or any(heading in self.positions for heading in self.entry.open_headings)

    def row_kinds(self, cells: pd.DataFrame, *, wide_before: bool = False) -> pd.Series:
        """Give some rows of the sheet one of layout.KINDS each. `wide_before`: rows of two or more filled cells stand above."""
        excluded = pd.Series(False, index=cells.index)
        for rule in self.entry.exclude:
            if rule.heading in self.positions:
                texts = cells[self.positions[rule.heading]]
                excluded |= texts.isin([t for t in texts.unique() if vocabulary.key(t) == vocabulary.key(rule.equals)])
        certain = [self.positions[h] for h in self.columns_read if self._identifies(self.entry.columns[h])]
        kinds = layout.row_kinds(
            cells, self.header, excluded, wide_before=wide_before, certain=certain, alone=self._cells_stand_alone
        )
        for row, texts in cells[(kinds == "total").to_numpy()].iterrows():
            self.sum_lines[int(str(row))] = next(text.strip() for text in texts if text.strip())
        return self._without_moved(cells, kinds)

    def _without_moved(self, cells: pd.DataFrame, kinds: pd.Series) -> pd.Series:
        """Leave out the rows below a header whose columns are in another order, up to the next header."""
        moved = layout.moved_headers(cells, self.header)
        goes_on = bool(len(cells)) and int(cells.index[0]) - 1 in self.below_moved
        if not moved.any() and not goes_on:
            return kinds
        begins = pd.Series(moved, index=cells.index).where(moved | kinds.eq("header").to_numpy())
        out = begins.ffill().fillna(goes_on).astype(bool)
        self.below_moved |= set(map(int, cells.index[out]))
        return kinds.mask(out, "excluded")

    @property
    def _cells_stand_alone(self) -> bool:
        """Whether one cell can be a record: no heading fills what a row needs, as on a flap with a note in each column."""
        table = TABLES[self.entry.anchor]
        fields = {target.field for heading in self.columns_read for target in self.entry.columns[heading]}
        return not any(column.required and f"{table.name}.{column.name}" in fields for column in table)

    def _identifies(self, targets: Iterable[Target]) -> bool:
        """Whether a heading fills what a record of the sheet is known by; of a sum line any other number can be the sum."""
        table = TABLES[self.entry.anchor]
        return any(
            target.statement.kind == "key" and target.column in (*table.key, *table.inherits) for target in targets
        )

    def ragged(self, widths: pd.Series | None, cells: pd.DataFrame) -> pd.Series:
        """Say which rows have more or fewer cells than there are headings; empty cells at the end are no cells."""
        if widths is None:
            return pd.Series(False, index=cells.index)
        ragged = widths.loc[cells.index] != self.width
        if ragged.any():
            n_headings = max((n for n, text in enumerate(self.header.texts, start=1) if text.strip()), default=0)
            beyond = layout.filled_cells(cells[ragged.to_numpy(bool)])[:, n_headings:].any(axis=1)
            ragged[ragged] = beyond | (widths.loc[cells.index][ragged] < n_headings).to_numpy(bool)
        return ragged

    @cached_property
    def half_converted(self) -> Mapping[str, dates.HalfConverted]:
        """The columns of days that Excel half converted; of a text file those alone of which the crosswalk says it."""
        of_days = [
            name for name in self.columns_read if any(t.statement.kind in DAYS for t in self.entry.columns[name])
        ]
        wanted = {
            name: self.positions[name] for name in of_days if not self.raw.delimiter or name in self.entry.half_dates
        }
        texts = {name: Counter[str]() for name in wanted}
        for block in self.raw.blocks() if wanted else ():
            for name, position in wanted.items():
                if position in block.cells:
                    texts[name] += dates.counts_of(block.cells[position])
        return {name: half for name, counts in texts.items() if (half := dates.half_converted(counts))}

    def date_order_of(self, table: str, column: str) -> str:
        """Say how the days of a column are written, as `dates.date_reader` takes it."""
        order, heading = as_read(self.entry.date_order_of(table, column)), self.entry.source_of(table, column)
        answer = as_read(self.entry.half_dates.get(heading, OPEN))
        return f"{order}/{answer}" if heading in self.half_converted and answer != dates.AS_WRITTEN else order

    def under(self, heading: str, texts: pd.Series) -> pd.Series:
        """What cells under a heading are read as: where it fills numbers only, a label of SPSS is the number behind it."""
        numbers = self.raw.numbers.get(self.positions[heading], {})
        if not numbers or {target.statement.kind for target in self.entry.columns.get(heading, ())} != {"integer"}:
            return texts
        return texts.astype("str").map(lambda text: numbers.get(text, text))

    def filled_down(self, rows: pd.DataFrame, above: dict[str, str]) -> pd.DataFrame:
        """Give rows that go on with the one above what that one says of the anchor, where the crosswalk says that they do.

        `rows`: headings as columns; a row goes on where a heading of `fill_down` is empty. `above`: what the last row of the
        rows before these says; it becomes that of these.
        """
        for begins in (heading for heading, value in self.entry.fill_down.items() if value == YES and heading in rows):
            goes_on = rows[begins].astype("str").str.strip() == ""
            filled = dict[str, pd.Series]()
            for heading in (h for h in map(str, rows) if _of_anchor(self.entry.columns[h], self.entry.anchor)):
                texts = rows[heading].astype("str")
                known = texts.where(~goes_on | (texts.str.strip() != ""))
                filled[heading] = known.ffill().fillna(above.get(heading, "")) if len(known) else texts
                above[heading] = str(filled[heading].iloc[-1]) if len(known) else above.get(heading, "")
            rows = rows.assign(**dict(filled))
        return rows

    @cached_property
    def rows_read(self) -> pd.DataFrame:
        """The text of all rows that are read, one column per heading that is read; ragged rows are among them."""
        cells = self.padded(self.raw.cells)
        read = cells[(self.row_kinds(cells) == "read").to_numpy()]
        return self.filled_down(self._under_headings(read), {})

    def rows_of_case(self, number: str, foldings: Collection[str]) -> list[int]:
        """The rows that a case stands on, by its number in any form that the source takes for the same."""
        read, rows = key_reader(self.entry.ids.get("case_id"), foldings), set[int]()
        wanted = read(number)[0]
        for heading in self.columns_read if wanted else ():
            if any(target.column == "case_id" for target in self.entry.columns[heading]):
                cells = self.rows_read[heading].astype("str")
                same = [text for text in cells.unique() if read(text)[0] == wanted]
                rows |= set(map(int, cells.index[cells.isin(same)]))
        return sorted(rows)

    def _under_headings(self, read: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(
            {name: self.under(name, read[self.positions[name]]) for name in self.columns_read}, index=read.index
        )

    @cached_property
    def hidden_headings(self) -> Mapping[str, int]:
        """The headings, with their positions, of which nobody sees the cells: not read, or of what is hidden or left out."""
        hides = {"birth_date", "person", *(() if self.origin.regime == "case_study" else ("key",))}
        seen = {name for name in self.columns_read if not {t.statement.kind for t in self.entry.columns[name]} <= hides}
        return {name: position for name, position in self.positions.items() if name not in seen}

    @property
    def columns_read(self) -> list[str]:
        """The headings of the sheet that the crosswalk reads."""
        return [name for name in self.entry.columns if name in self.positions]

    def padded(self, cells: pd.DataFrame) -> pd.DataFrame:
        """The same rows, at least as wide as the header."""
        return cells.reindex(columns=range(max(len(cells.columns), *self.positions.values()) + 1), fill_value="")


def _of_anchor(targets: Iterable[Target], anchor: str) -> bool:
    return any(target.table == anchor and not target.split and not target.constants for target in targets)


def sums_left_out(sheets: Iterable[DeliveredSheet]) -> Iterator[Message]:
    """Say which rows were taken for sums, in the words that say so, as far as these point to nobody."""
    for sheet in sheets:
        if isinstance(sheet, KnownSheet) and sheet.sum_lines:
            words = list(dict.fromkeys(sheet.sum_lines.values()))[:SUMS_NAMED]
            named = "; ".join(word if may else "…" for word, may in zip(words, shown(words), strict=True))
            rows = ", ".join(map(str, sorted(sheet.sum_lines)[:ROWS_NAMED])) + (
                " …" if len(sheet.sum_lines) > ROWS_NAMED else ""
            )
            yield Message("sum_lines", sheet.place, {"n": len(sheet.sum_lines), "rows": rows, "words": named})


def moved_left_out(sheets: Iterable[DeliveredSheet]) -> Iterator[Message]:
    """Say which rows stand below a header of which the columns are in another order."""
    for sheet in sheets:
        if isinstance(sheet, KnownSheet) and sheet.below_moved:
            place = replace(sheet.place, row=min(sheet.below_moved))
            yield Message("header_moved", place, {"n": len(sheet.below_moved) - 1})


def open_sheet(origin: Origin, raw: RawSheet, crosswalk: Crosswalk, refusals: list[Message]) -> DeliveredSheet:
    """Find out how a sheet is read: a `KnownSheet`, or why it is not read. What a person must act on is put in `refusals`."""
    entry = crosswalk.sheet_for(raw.file, raw.name)
    unread = DeliveredSheet(origin=origin, raw=raw)
    first = next(raw.blocks())
    reason = passed_over_because(crosswalk, raw.file, raw.name, first.cells, hidden=raw.hidden)
    if not first.cells.any(axis=None):
        unread.note = "sheet_empty"
    elif reason or entry is None or (raw.hidden and not entry.sheet):
        unread.holds_table = bool(reason) and holds_table(first.cells)
        unread.rows_unlike = rows_of_no_table(reason, first.cells)
        if reason is None and not raw.hidden:
            refusals.append(Message("sheet_unknown", unread.place))
        unread.note = reason or ("sheet_hidden" if raw.hidden else "sheet_unknown")
    else:
        try:
            return known_sheet(origin, raw, entry, first, crosswalk.told_by_lists)
        except IwwError as error:
            refusals += error.messages
            unread.note = "refused"
    for block in raw.blocks():
        unread.rows_in_file += len(block.cells)
        for position in block.cells:
            unread.hidden.add(str(position), pa.array(block.cells[position]))
    return unread


def passed_over(sheets: Iterable[DeliveredSheet]) -> Iterator[Message]:
    """Say every time which sheets are passed over while they hold a table, or what looks like one."""
    for sheet in sheets:
        if sheet.holds_table:
            yield Message("sheet_passed_over", sheet.place, {"why": sheet.note, "n": sheet.rows_in_file})
        if sheet.rows_unlike:
            yield Message("sheet_no_table", sheet.place, {"n": sheet.rows_unlike})


def known_sheet(
    origin: Origin, raw: RawSheet, entry: SheetCrosswalk, first: RowBlock, elsewhere: Collection[Target] = ()
) -> KnownSheet:
    """Find the header in a sheet's first rows; raises IwwError when there is none, or when every row would be set aside.

    That is so when the heading for a required column of its anchor is gone. `elsewhere`: what another sheet tells too; it is gone
    then where a heading stands here of which nobody said what it means, as that can be its new name.
    """
    row = layout.header_row(first.cells, entry.known_headings) if len(first.cells) else None
    if row is None:
        place = DeliveredSheet(origin=origin, raw=raw).place
        raise fail("no_header", place, expected=", ".join(entry.known_headings[:6]))
    positions = layout.headings(first.cells, row)
    matched = layout.match_headings(list(positions), entry.known_headings)
    known = {heading: wanted for wanted, heading in matched.items()}
    sheet = KnownSheet(
        origin=origin, raw=raw, entry=entry,
        header=layout.header_of(first.cells, row),
        positions={known.get(heading, heading): position for heading, position in positions.items()},
        width=None if first.widths is None else int(first.widths[row]),
        absent_headings=tuple(name for name in (*entry.columns, *entry.ignore) if name not in matched),
        unknown_headings=tuple(name for name in positions if name not in known),
    )  # fmt: skip
    anchor = TABLES[entry.anchor]
    fields = {
        column: [heading for heading, targets in entry.columns.items() if Target(anchor.name, column.name) in targets]
        for column in anchor
    }
    gone = [
        (names[0], column.nl)
        for column, names in fields.items()
        if column.required and names and set(names) <= set(sheet.absent_headings)
        and (sheet.has_strange_headings or Target(anchor.name, column.name) not in elsewhere)
    ]  # fmt: skip
    both = [n for names in fields.values() if len(n := [name for name in names if name in sheet.positions]) > 1]
    if both:
        place = replace(sheet.place, column=both[0][1])
        raise fail("heading_both", place, other=both[0][0])
    if gone:
        raise IwwError(*(Message("heading_required", replace(sheet.place, column=h), {"means": nl}) for h, nl in gone))
    return sheet
