"""Say of every kind of record how well it explains a sheet, and what would follow if each row were one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import Crosswalk, Target
from iww_analysis.crosswalk.propose.proposal import MAYBE, SURE, Candidate, kinds
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, as_form
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Table

GIVEN = ("municipality", "team")  # what the card of origin can say for all rows
BESIDE = 0.9  # what a column counts that says something of another record than the row's own
LIKELY = 40  # confidence from which a kind is worth a question that the sheet's own recognition does not raise
CLOSE = 0.95  # of the best: two kinds that explain a sheet about as well are both possible
SEVERAL = 2  # columns that are a record each, from which a sheet can be on its side
LEAST, SHARE = (
    3,
    0.1,
)  # rows that share their key with another, and of all rows, from which a row is hardly such a record


@dataclass(frozen=True)
class RowKind:
    """A sheet read as if each row were one record of a kind."""

    form: vocabulary.Form
    sheet: RecognisedSheet

    @property
    def table(self) -> Table:
        """The table of which each row would make one record."""
        return TABLES[self.form.one_row_is]

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """The rows that differ; what stands on the first line of a record holds for the lines below it."""
        rows = pd.DataFrame({name: profile.texts.str.strip() for name, profile in self.sheet.columns.items()})
        rows = rows[(rows != "").any(axis=1)]
        numbers = [name for name, best in self._chosen.items() if any(t.statement.kind == "key" for t in best.targets)]
        return rows.assign(**{name: rows[name].where(rows[name] != "").ffill() for name in numbers}).drop_duplicates()

    @cached_property
    def _chosen(self) -> dict[str, Candidate]:
        """What each heading is likeliest to fill, when every field is filled by the heading that is surest."""
        pairs = [
            (p.heading, c) for p in self.sheet.proposals for c in p.candidates if c.targets and c.confidence >= MAYBE
        ]
        chosen, filled = dict[str, Candidate](), set[Target]()
        for heading, candidate in sorted(pairs, key=lambda pair: -pair[1].confidence):
            if heading not in chosen and not filled & {*candidate.slots}:
                chosen[heading] = candidate
                filled |= {*candidate.slots}
        return chosen

    @cached_property
    def _filled(self) -> dict[str, str]:
        """The fields that are filled, and by which heading."""
        return {target.field: heading for heading, best in self._chosen.items() for target in best.targets}

    @cached_property
    def n_rows(self) -> int:
        """How many rows there are, those that are repeated once."""
        return len(self._rows)

    @cached_property
    def n_records(self) -> int:
        """How many records they would make: as many as there are keys, or cells where columns are records."""
        return int((self._rows[self._columns] != "").sum().sum()) if self.form.a_column_is else self._n_keys

    @cached_property
    def _columns(self) -> list[str]:
        """The headings that stand for a record each, on a sheet on its side."""
        first = {heading: best.targets[0] for heading, best in self._chosen.items()}
        return [heading for heading, target in first.items() if target.table == self.table.name and target.constants]

    @property
    def _n_columns(self) -> int:
        """How many of those headings fill one column of the table, each for a record of its own."""
        targets = {self._chosen[heading].targets[0] for heading in self._columns}
        return max(Counter(target.column for target in targets).values(), default=0)

    @property
    def n_lost(self) -> int:
        """How many rows would contradict another."""
        return self.n_rows - self._n_keys

    @cached_property
    def _n_keys(self) -> int:
        """How many keys there are. What is not understood can be the key that lacks."""
        fields = [f"{self.table.name}.{name}" for name in (*self.table.key, *(self.table.period or ())[:1])]
        headings = [self._filled[field] for field in fields if field in self._filled]
        if len(headings) < len(self.table.key):
            headings += [p.heading for p in self.sheet.proposals if not p.candidates]
        elif len(headings) == 1 and self.sheet.columns[headings[0]].ids is not None:  # of a sample: what all rows say
            return round(self.sheet.columns[headings[0]].share_distinct * self.n_rows)
        return len(self._rows[headings].drop_duplicates()) if headings else self.n_rows

    @property
    def shares_keys(self) -> bool:
        """Whether so many rows share their key with another that a row is hardly such a record."""
        return self.n_lost >= max(LEAST, SHARE * self.n_rows)

    @property
    def is_told(self) -> bool:
        """Whether a heading may give something by which this kind is known."""
        return bool({*self.form.recognised_by} & self._filled.keys())

    @cached_property
    def confidence(self) -> int:
        """How much of the sheet it explains, less the rows that contradict another; nothing where it lacks what it needs."""
        table, n = self.table, len(self.sheet.proposals)
        by_headings = {*self.form.a_column_is}
        needed, any_of = (
            {f"{table.name}.{name}" for name in names if name not in by_headings}
            for names in (_needed(table), table.needs)
        )
        if not n or not needed <= self._filled.keys() or (any_of and not any_of & self._filled.keys()):
            return 0
        if by_headings and self._n_columns < SEVERAL:
            return 0
        own = sum(c.confidence * (table.name in {t.table for t in c.targets}) for c in self._chosen.values())
        explained = own + BESIDE * (sum(c.confidence for c in self._chosen.values()) - own)
        telling = [field in self._filled for field in self.form.recognised_by] or [True]
        told = (1 + sum(telling) / len(telling)) / 2
        return min(SURE - 1, int(explained / n * told * self._n_keys / max(self.n_rows, 1)))


def _needed(table: Table) -> list[str]:
    """What a record cannot be told apart without, but for what can be said of all rows at once."""
    alone = len(table.key) == 1
    every = [column.name for column in table if column.required and column.name in table.key]
    return [name for name in every if alone or name not in GIVEN]


def row_kinds(sheet: RecognisedSheet, others: Sequence[Crosswalk]) -> list[RowKind]:
    """Every kind of record that a row can be, the likeliest first."""
    return sorted((RowKind(form, as_form(sheet, form, others)) for form in kinds()), key=lambda kind: -kind.confidence)


def doubted(sheet: RecognisedSheet, possible: Sequence[RowKind]) -> bool:
    """Whether a sheet is not surely what it was taken for; `possible`: see `row_kinds`.

    That a sheet of which every heading is known lies on its side is no doubt: only a person says that. Where no kind explains
    it, that it was taken for one by what many sheets have, such as a team and a day, is.
    """
    best, second, *_ = [kind for kind in possible if sheet.confidence < SURE or not kind.form.a_column_is]
    if best.confidence < LIKELY:
        return sheet.form is not None and not RowKind(sheet.form, sheet).is_told
    return best.form != sheet.form or (sheet.confidence < SURE and second.confidence >= CLOSE * best.confidence)
