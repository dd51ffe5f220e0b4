"""Tell which units each count of a question counts: what was asked about, what was left out and why, and each group."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from iww_analysis.analysis import question as questions
from iww_analysis.analysis.answer import Answer, StudyTables
from iww_analysis.analysis.question import Question, Statistic, Where

Units = frozenset[Hashable]
Group = tuple[str, ...]  # the values of the keys


@dataclass(frozen=True)
class UnitSets:
    """One question, with units in place of counts.

    `groups`: number (such as n_cases) -> values of the keys -> units, those that count nothing too; `kind`: the columns that
    tell one unit from another. Numbers that count rows, or no units at all, are not among them.
    """

    question: Question
    asked_about: Units
    left_out: Mapping[str, Units]
    counted: Units
    totals: Mapping[str, Units]
    groups: Mapping[str, Mapping[Group, Units]] = field(default_factory=dict)

    @property
    def kind(self) -> tuple[str, ...]:
        """What is counted."""
        return questions.UNITS[self.question.unit]

    @property
    def number(self) -> str:
        """The number that counts the units of a group themselves; nothing where only others are asked."""
        return next((name for name, number in self.question.statistics.items() if number.kind == "units"), "")

    @property
    def each(self) -> Mapping[Group, Units]:
        """The units of each group."""
        return self.groups.get(self.number, {})


def unit_sets(answer: Answer, tables: StudyTables) -> UnitSets:
    """Follow the units of a question that was answered through its conditions, and into its groups."""
    question = answer.question
    steps = list(questions.fates(question, tables, tables[question.table]))
    counted = steps[-1][1]
    asked_about, left_out = _account(question, steps)
    totals = {group[0]: units for group, units in _by_keys(question, question.by[:1], counted).items()}
    numbers = {name: n for name, n in question.statistics.items() if n.kind in ("units", "known")}
    return UnitSets(
        question, asked_about, left_out, frozenset(_units(question, counted)), totals,
        {name: _groups(question, number, counted, answer.numbers) for name, number in numbers.items()},
    )  # fmt: skip


def _account(question: Question, steps: list[tuple[Where | None, pd.DataFrame]]) -> tuple[Units, dict[str, Units]]:
    """The units asked about and those left out per reason, as `question.account` counts them: from the last step back."""
    left: set[Hashable] = set(_units(question, steps[-1][1]))
    asked_about, left_out = set(left), dict[str, Units]()
    for condition, frame in reversed(steps[:-1]):
        here = set(_units(question, frame)) - left
        left |= here
        if condition is not None and condition.reason != "not_asked":
            asked_about |= here
            left_out[condition.reason] = frozenset(here | left_out.get(condition.reason, frozenset()))
    return frozenset(asked_about), left_out


def _groups(question: Question, number: Statistic, frame: pd.DataFrame, in_order: pd.DataFrame) -> dict[Group, Units]:
    if number.kind == "known":
        frame = frame[questions.holds(Where(number.column, "known"), frame)]
    filled = _by_keys(question, question.by, frame)
    shown = in_order[list(question.by)].astype("str").itertuples(index=False, name=None)
    return {group: filled.get(group, frozenset()) for group in shown}


def _by_keys(question: Question, keys: Sequence[str], frame: pd.DataFrame) -> Mapping[Group, Units]:
    sets: dict[Group, set[Hashable]] = defaultdict(set)
    groups = frame[list(keys)].astype("str").itertuples(index=False, name=None)
    for group, unit in zip(groups, _units(question, frame), strict=True):
        sets[group].add(unit)
    return {group: frozenset(units) for group, units in sorted(sets.items())}


def _units(question: Question, frame: pd.DataFrame) -> Iterator[Hashable]:
    return frame[list(questions.UNITS[question.unit])].itertuples(index=False, name=None)
