"""Measure how the identifiers of two sheets meet, and find the folding that would make more of them meet.

A table whose key is one identifier owns it, as cases own the case number, and so does the only table that has one: persons
that of a person. Every other sheet that has it under a heading of its own is held against the sheets of its owner, and a sheet
of the owner against those before it, in its own delivery and earlier ones.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import pandas as pd

from iww_analysis.crosswalk.crosswalk import SheetCrosswalk
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES, layout
from iww_analysis.tables.cells import key_folding
from iww_analysis.tables.cells.key_folding import CASE, DAYS, GENTLEST_FIRST, LETTERS, STEPS
from iww_analysis.tables.cells.missing import missing_reason
from iww_analysis.tables.raw_sheet import RawSheet, RowBlock

_TABLES_WITH = Counter(column.name for table in TABLES.values() for column in table if column.kind == "key")
OWNERS: Mapping[str, str] = {  # column of identifiers -> the table that owns it
    column: table.name
    for table in TABLES.values()
    for column in table.key
    if column in table and table[column].kind == "key" and _TABLES_WITH[column] == 1
} | {
    table.key[0]: table.name
    for table in TABLES.values()
    if len(table.key) == 1 and not table.inherits and table[table.key[0]].kind == "key"
}
ENOUGH = 0.95  # share that meets; under it a person is asked
LATER = 0.05  # share of a later delivery that a folding must bring back, before it is worth a question
N_FORMS = 3  # named to a person
Foldings = tuple[str, ...]


@dataclass(frozen=True)
class KeyColumn:
    """A delivered column of identifiers: what it fills, where, in which delivery, and how many cells hold each text."""

    table: str
    column: str
    place: Place
    delivery: str
    counts: Mapping[str, int]

    @property
    def is_own(self) -> bool:
        """Whether it numbers the records of its owner."""
        return OWNERS[self.column] == self.table

    @property
    def n_days(self) -> int:
        """How many of its cells hold a day."""
        return sum(n for text, n in self.counts.items() if key_folding.day_in(key_folding.identifier(text)))

    @property
    def n_rounded(self) -> int:
        """How many of its cells hold a number in scientific notation, of which the last digits are lost."""
        return sum(n for text, n in self.counts.items() if key_folding.is_rounded(text))

    @property
    def n(self) -> int:
        """How many of its cells hold an identifier."""
        return sum(self.counts.values())

    def forms(self, among: Callable[[str], bool] = bool) -> str:
        """Name the commonest forms of its identifiers, never one of these."""
        counted = Counter[str]()
        for text, n in self.counts.items():
            if among(text):
                counted[key_folding.form(key_folding.identifier(text, letters=True))] += n
        return ", ".join(form for form, _ in counted.most_common(N_FORMS))


@dataclass(frozen=True)
class Link:
    """How one column meets its owner: `n_met` of `n` cells, and `n_mended` of them with `foldings`, if these help.

    `forms` of the identifiers that do not meet, `known_forms` of those of the owner.
    """

    child: KeyColumn
    n: int
    n_met: int
    forms: str
    known_forms: str
    foldings: Foldings = ()
    n_mended: int = 0
    beside: bool = False  # the owner stands on the same rows: what they say of it is said of them

    @property
    def asks(self) -> bool:
        """Whether a person must look: too few meet, or a later delivery writes numbers otherwise than those before."""
        if self.child.is_own:
            return self.n_mended - self.n_met >= max(2, LATER * self.n)
        return self.n_met < ENOUGH * self.n


def all_key_columns(sheets: Iterable[tuple[RawSheet, SheetCrosswalk, str]]) -> Iterator[KeyColumn]:
    """Give the columns of identifiers of some sheets, each with its entry and delivery; see `key_columns`.

    Of a long sheet all rows are read only for identifiers that another sheet has too.
    """
    every = [*sheets]
    n_with = Counter(column for _, entry, _ in every for column in {column for _, column in apart(entry)})
    shared = {column for column, n in n_with.items() if n > 1}
    for raw, entry, delivery in every:
        whole = replace(raw, blocks=raw.all_blocks) if shared & {column for _, column in apart(entry)} else raw
        yield from key_columns(whole, entry, delivery)


def key_columns(raw: RawSheet, entry: SheetCrosswalk, delivery: str) -> Iterator[KeyColumn]:
    """Give the columns of a sheet that hold identifiers of an owner; those beside the owner's own number meet it by their row."""
    fields = apart(entry)
    wanted = {
        heading: [target for target in targets if (target.table, target.column) in fields and not target.split]
        for heading, targets in entry.columns.items()
    }
    for heading, under in texts_under(raw, entry, [heading for heading, targets in wanted.items() if targets]):
        for target in wanted[heading]:
            texts = under.value_counts(sort=False)
            width, counts = entry.ids.get(target.column, 0), Counter[str]()
            for text, n in ((str(text), int(n)) for text, n in texts.items()):
                if missing_reason(text) is None:
                    plain = key_folding.identifier(text)
                    counts[plain.zfill(width) if plain.isdigit() else text] += n
            place = Place(raw.file, raw.name or None, column=heading)
            yield KeyColumn(target.table, target.column, place, delivery, counts)


def texts_under(raw: RawSheet, entry: SheetCrosswalk, wanted: Collection[str]) -> Iterator[tuple[str, pd.Series]]:
    """Give the texts of the rows of a sheet that are read, under those of some headings that it has."""
    blocks = raw.blocks() if wanted else iter(())
    first = next(blocks, RowBlock(pd.DataFrame())).cells
    row = layout.header_row(first, entry.known_headings) if len(first) else None
    if row is None:
        return
    header, positions = layout.header_of(first, row), layout.headings(first, row)
    matched = layout.match_headings(list(positions), entry.known_headings)
    at = {heading: positions[delivered] for heading, delivered in matched.items() if heading in wanted}
    parts: list[pd.DataFrame] = []
    for cells in chain([first], (block.cells for block in blocks)):
        read = layout.row_kinds(cells, header, pd.Series(dtype=bool), wide_before=bool(parts)) == "read"
        parts.append(cells.loc[read.to_numpy(), [position for position in at.values() if position in cells]])
    rows = pd.concat(parts) if len(parts) > 1 else parts[0]
    yield from ((heading, rows[position].fillna("")) for heading, position in at.items())


def apart(entry: SheetCrosswalk) -> list[tuple[str, str]]:
    """Name the fields of a sheet, table and column, that hold an identifier of an owner, and not by standing on its row."""
    fields = [(target.table, target.column) for targets in entry.columns.values() for target in targets]
    return [(t, c) for t, c in fields if c in OWNERS and (t == OWNERS[c] or entry.anchor != OWNERS[c])]


def links(columns: Sequence[KeyColumn], declared: Mapping[str, Foldings], *, labels: bool) -> list[Link]:
    """Measure every column against its owner, folded as the source says; `labels`: of a case study, which stay as written."""
    found = []
    for column in dict.fromkeys(each.column for each in columns):
        alike = [each for each in columns if each.column == column]
        found += list(_Meeting(alike, declared.get(column, ()), labels=labels).links())
    return found


@dataclass(frozen=True)
class _Meeting:
    """All columns of one identifier, and how it is folded."""

    columns: Sequence[KeyColumn]
    declared: Foldings
    labels: bool

    @cached_property
    def own(self) -> list[KeyColumn]:
        return sorted((each for each in self.columns if each.is_own), key=lambda each: each.delivery)

    @cached_property
    def base(self) -> Foldings:
        """How a build folds it: letters count where they tell two records of one sheet apart."""
        apart = not (self.declared or self.labels or self._joins_none((), (LETTERS,)))
        return (LETTERS,) if apart else self.declared

    def links(self) -> Iterator[Link]:
        pairs = list(self._pairs())
        met = [self._met(child, owners, self.base) for child, owners in pairs]
        gap = any(m < child.n for (child, _), m in zip(pairs, met, strict=True) if not child.is_own)
        later = any(child.is_own for child, _ in pairs)
        best, mended = self._mend(pairs, met) if gap or later else ((), met)
        for (child, owners), n_met, n_mended in zip(pairs, met, mended, strict=True):
            known = self._known(owners, self.base)
            lost = child.forms(lambda text, known=known: self._one(text, self.base) not in known)  # type: ignore[misc]
            useful = best if n_mended > n_met else ()
            yield Link(child, child.n, n_met, lost, owners[0].forms(), useful, max(n_mended, n_met))

    def _pairs(self) -> Iterator[tuple[KeyColumn, list[KeyColumn]]]:
        for child in self.columns:
            owners = self.own[: self.own.index(child)] if child.is_own else self.own
            if child.n and owners:
                yield child, owners

    def _one(self, text: str, foldings: Foldings) -> str:
        return key_folding.one_form(text, foldings, labels=self.labels)

    def _known(self, owners: Iterable[KeyColumn], foldings: Foldings) -> Collection[str]:
        return {self._one(text, foldings) for owner in owners for text in owner.counts}

    def _met(self, child: KeyColumn, owners: Iterable[KeyColumn], foldings: Foldings) -> int:
        known = self._known(owners, foldings)
        return sum(n for text, n in child.counts.items() if self._one(text, foldings) in known)

    def _joins_none(self, foldings: Foldings, base: Foldings) -> bool:
        """Whether no two identifiers of one sheet of the owner become one."""
        return all(
            len({self._one(text, foldings) for text in owner.counts})
            == len({self._one(text, base) for text in owner.counts})
            for owner in self.own
        )

    def _mend(
        self, pairs: Sequence[tuple[KeyColumn, list[KeyColumn]]], met: Sequence[int]
    ) -> tuple[Foldings, Sequence[int]]:
        """The folding by which most identifiers meet, of the fewest and gentlest steps, that joins no two of the owner's."""
        best: tuple[Foldings, Sequence[int]] = ((), met)
        for foldings in self._ways():
            if self._joins_none(foldings, self.base):
                mended = [  # the letters in front can tell years or teams apart
                    n_met if child.is_own and "prefix" in foldings else self._met(child, owners, foldings)
                    for (child, owners), n_met in zip(pairs, met, strict=True)
                ]
                if sum(mended) > sum(best[1]):
                    best = foldings, mended
        return best

    def _ways(self) -> Iterator[Foldings]:
        """Every folding that goes beyond what is declared and changes anything, the fewest and gentlest steps first."""
        texts = [key_folding.identifier(text) for each in self.columns for text in each.counts]
        first = (LETTERS,) if LETTERS in self.base else (CASE,) if self.labels else ()
        done = [step for step in STEPS if step in self.base]
        changing = [
            step for step in GENTLEST_FIRST
            if step not in done and any(key_folding.folded(text, (step,)) != text for text in texts)
        ]  # fmt: skip
        for n in range(len(changing) + 1):
            for some in itertools.combinations(changing, n):
                foldings = (*first, *(step for step in STEPS if step in done or step in some))
                if foldings != self.base and sum(step in DAYS for step in foldings) < 2:
                    yield foldings
