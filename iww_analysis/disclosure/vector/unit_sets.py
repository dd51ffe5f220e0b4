"""Tell which units each count of a question counts: what was asked about, what was left out and why, and each group."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from iww_analysis.analysis import question as questions
from iww_analysis.analysis.answer import Answer, HeldTables, complete, of_sources
from iww_analysis.analysis.question import Question, Statistic, Where

Unit = tuple[Hashable, ...]  # its source first
Units = frozenset[Unit]
Group = tuple[str, ...]  # the values of the keys


@dataclass(frozen=True)
class UnitSets(Answer):
    """The answer to one question, with units beside counts.

    `counted_rows`: the rows that count. Numbers that count rows, or no units at all, have no units here.
    """

    asked_about: Units
    reasons: Mapping[str, Units]
    counted_rows: pd.DataFrame

    @property
    def kind(self) -> tuple[str, ...]:
        """What is counted."""
        return questions.UNITS[self.question.unit]

    @cached_property
    def counted(self) -> Units:
        """The units that were counted."""
        return units_of(self.question, self.counted_rows)

    @cached_property
    def of_totals(self) -> Mapping[str, Units]:
        """The units of each value of the first key."""
        return {
            group[0]: units for group, units in _by_keys(self.question, self.question.by[:1], self.counted_rows).items()
        }

    @cached_property
    def groups(self) -> Mapping[str, Mapping[Group, Units]]:
        """Number (such as n_cases) -> values of the keys -> units, those that count nothing too."""
        counting = {name: n for name, n in self.question.statistics.items() if n.kind in ("units", "known")}
        return {name: self._groups(number) for name, number in counting.items()}

    def of_source(self, source: str) -> "UnitSets":
        """The same with the units of one source alone."""
        if set(self.counted_rows["source"]) <= {source} and all(unit[0] == source for unit in self.asked_about):
            return self
        rows = self.counted_rows[self.counted_rows["source"] == source]
        own = {why: frozenset(u for u in units if u[0] == source) for why, units in self.reasons.items()}
        asked_about = frozenset(unit for unit in self.asked_about if unit[0] == source)
        numbers = complete(self.question, questions.numbers(self.question, rows))
        return replace(self, numbers=numbers, asked_about=asked_about, reasons=own, counted_rows=rows)

    @property
    def figures(self) -> Mapping[str, Mapping[Group, int]]:
        """Number -> values of the keys -> its value, of those that were counted elsewhere, such as by a municipality."""
        others = [
            n for n, of in self.question.statistics.items() if n.startswith("n_") and of.kind in ("first", "rows")
        ]
        groups = list(self.numbers[list(self.question.by)].astype("str").itertuples(index=False, name=None))
        return {
            name: {group: int(n) for group, n in zip(groups, self.numbers[name], strict=True) if not pd.isna(n)}
            for name in others
        }

    @property
    def number(self) -> str:
        """The number that counts the units of a group themselves; nothing where only others are asked."""
        return next((name for name, number in self.question.statistics.items() if number.kind == "units"), "")

    @property
    def each(self) -> Mapping[Group, Units]:
        """The units of each group."""
        return self.groups.get(self.number, {})

    def _groups(self, number: Statistic) -> dict[Group, Units]:
        frame = self.counted_rows
        if number.kind == "known":
            frame = frame[questions.holds(Where(number.column, "known"), frame)]
        filled = _by_keys(self.question, self.question.by, frame)
        marks = self.numbers[list(self.question.by)].astype("str").itertuples(index=False, name=None)
        return {group: filled.get(group, frozenset()) for group in marks}


class UnitTables(HeldTables):
    """Tables in memory that answer with units: the same answers, as `UnitSets`."""

    def answer(self, question: Question) -> UnitSets:
        question = self.as_asked(question)
        steps = list(questions.followed(question, self, self[question.table]))
        rows = steps[-1][1]
        asked_about, reasons = _account(question, steps)
        numbers = complete(question, questions.numbers(question, rows))
        n_out = len(rows.drop_duplicates(list(questions.UNITS[question.unit])))
        left_out = {why: len(units) for why, units in reasons.items()}
        totals = questions.totals(question, rows)
        return UnitSets(question, numbers, totals, len(asked_about), n_out, left_out, asked_about, reasons, rows)

    def only(self, sources: Collection[str]) -> "UnitTables":
        return UnitTables(of_sources(self, sources), self.settled)

    def replaced(self, **frames: pd.DataFrame) -> "UnitTables":
        return UnitTables({**self, **frames}, self.settled)


Steps = Sequence[tuple[Where | None, pd.DataFrame]]


def _account(question: Question, steps: Steps) -> tuple[Units, dict[str, Units]]:
    """The units asked about and those left out per reason, as `question.account` counts them: from the last step back."""
    left: set[Unit] = {*units_of(question, steps[-1][1])}
    asked_about = set(left)
    out = {
        condition.reason: frozenset[Unit]() for condition, _ in steps if condition and condition.reason != "not_asked"
    }
    for condition, frame in reversed(steps[:-1]):
        here = units_of(question, frame) - left
        left |= here
        if condition is not None and condition.reason != "not_asked":
            asked_about |= here
            out[condition.reason] |= here
    return frozenset(asked_about), out


def _by_keys(question: Question, keys: Sequence[str], frame: pd.DataFrame) -> Mapping[Group, Units]:
    sets: dict[Group, set[Unit]] = defaultdict(set)
    groups = zip(*(frame[key].astype("str").to_numpy(dtype=object) for key in keys), strict=True)
    for group, unit in zip(groups, _units(question, frame), strict=True):
        sets[group].add(unit)
    return {group: frozenset(units) for group, units in sorted(sets.items())}


def units_of(question: Question, frame: pd.DataFrame) -> Units:
    """The units of rows, each once."""
    return frozenset(_units(question, frame))


def _units(question: Question, frame: pd.DataFrame) -> Iterator[Unit]:
    return zip(*(frame[name].to_numpy(dtype=object) for name in questions.UNITS[question.unit]), strict=True)
