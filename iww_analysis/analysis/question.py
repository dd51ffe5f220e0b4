"""Ask one declarative question of the tables: joins, filters, group keys and numbers, executed in pandas.

The same statement is rendered as SQL in `sql.py`; a test holds both to the same answer.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis import overlap
from iww_analysis.analysis.overlap import Settled
from iww_analysis.messages.errors import fail

Tables = Mapping[str, pd.DataFrame]
PROVENANCE = ["source", "source_id", "source_row"]

UNITS: Mapping[str, tuple[str, ...]] = {
    unit: tuple(columns)
    for unit, columns in tomllib.loads(files(__package__).joinpath("units.toml").read_text(encoding="utf-8")).items()
}
DAY_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}  # of dates as keys
MONTH_DIGITS = {"month": 7, "year": 4}  # of a month without a day


@dataclass(frozen=True)
class Join:
    """Columns of another table, found by `on`; `columns`: name here -> name there. `many`: it may multiply rows.

    `only`: column there -> its values; other rows are as if they were not there.
    """

    table: str
    columns: Mapping[str, str]
    on: tuple[str, ...] = ("source", "case_id")
    many: bool = False
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Derive:
    """A column made of others.

    `day`, `month`, `year` of a date, as text, a month named second standing in where the day is not known; `days` from the
    first to the second, `months` whole ones that went by in between, `minus` the second less the first; `span`: as `days`,
    never less than none; `first_day`, `last_day`: the day itself, or that of the month named second; `same`: another name;
    `either`: the first that is there;
    `class`: the value of the list named second whose `low`..`high` holds the number; `given`: a constant; `when`: the word
    of the first of `cases` of which all conditions hold.
    Later ones may use earlier ones.
    """

    kind: Literal["day", "month", "year", "days", "months", "minus", "span", "first_day", "last_day",
                  "same", "either", "class", "given", "when"]  # fmt: skip
    of: tuple[str, ...]
    cases: "tuple[tuple[str, tuple[Where, ...]], ...]" = ()

    @property
    def is_number(self) -> bool:
        """Whether it gives a whole number, and no word or day."""
        return self.kind in ("days", "months", "minus", "span")


@dataclass(frozen=True)
class Where:
    """A condition, and the reason to give for the units that it leaves out.

    `in`, `not_in` compare with `values`; `known`: present and not typed missing; `absent`: null, and of a value of which
    a companion column says why it is absent, only for the reasons in `values`: a day that cannot be read is not a day that
    did not come. `before`: less than the column named in `values`, `equals`: the same as that; `at_least`, `at_most`: a
    number.
    """

    column: str
    test: Literal["in", "not_in", "known", "absent", "before", "equals", "at_least", "at_most"]
    values: tuple[object, ...] = ()
    reason: str = "not_asked"


@dataclass(frozen=True)
class Statistic:
    """A number per group.

    `units` counts the unit; `known` counts the units of which `column` is present and not typed missing; `rows` counts
    rows; `first` takes the least value of `column`.
    """

    kind: Literal["units", "known", "first", "rows"]
    column: str = ""


@dataclass(frozen=True)
class Question:
    """One question. `unit` names what is counted (a key of UNITS); the first of `by` splits the totals.

    `levels`: key -> its values in the agreed order; groups that count nothing are then shown as zero, for every
    combination of the other keys that occurs. `case_study`: what is counted was followed with consent under an invented
    label, so that its counts may be shown beside a register's. `settled`: which sources leave out cases that count in
    another. `apart`: key, label and source of what bears one name in several sources; the source stands beside it.
    """

    name: str
    table: str
    unit: str
    by: tuple[str, ...]
    joins: tuple[Join, ...] = ()
    derive: Mapping[str, Derive] = field(default_factory=dict)
    where: tuple[Where, ...] = ()
    numbers: Mapping[str, Statistic] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    case_study: bool = False
    settled: tuple[Settled, ...] = ()
    apart: tuple[tuple[str, str, str], ...] = ()

    def with_settled(self, said: tuple[Settled, ...]) -> "Question":
        """The same without cases that count in another source: of what it asks about, with that as the reason."""
        if not said or self.settled:
            return self
        asked = max((n for n, rule in enumerate(self.where, start=1) if rule.reason == "not_asked"), default=0)
        rule = Where(overlap.COUNTED, "absent", reason=overlap.REASON)
        return replace(self, settled=said, where=(*self.where[:asked], rule, *self.where[asked:]))

    @property
    def statistics(self) -> Mapping[str, Statistic]:
        """The numbers asked for; the count of units when none is named."""
        return self.numbers or {self.unit: Statistic("units")}


def looked_at(question: Question) -> list[tuple[str, str, str]]:
    """Name what decides which rows count, where, and as what: table, column there, and what the question calls it.

    A column that the question derives stands here too, under a name that its table does not have.
    """
    names = [*question.by, *UNITS[question.unit], *(condition.column for condition in question.where)]
    names += [str(other) for c in question.where if c.test in ("before", "equals") for other in c.values]
    names += [column for rule in question.derive.values() for column in rule.of]
    names += [statistic.column for statistic in question.statistics.values() if statistic.column]
    in_table = [(question.table, name, name) for name in dict.fromkeys(names)]
    return in_table + [(j.table, old, new) for j in question.joins for new, old in j.columns.items() if new in names]


def rows(question: Question, tables: Tables) -> pd.DataFrame:
    """Give every row that the question counts from, its keys and its place in the raw files."""
    return chosen(question, tables)[0]


def chosen(question: Question, tables: Tables) -> tuple[pd.DataFrame, int, dict[str, int]]:
    """Give the rows that remain, the number of units before any condition, and the units left out per reason."""
    frame = _joined(question, tables, tables[question.table])
    units = list(UNITS[question.unit])
    remaining = [len(frame.drop_duplicates(units))]
    for condition in question.where:
        frame = frame[holds(condition, frame)]
        remaining.append(len(frame.drop_duplicates(units)))
    refuse_missing_keys(question, frame)
    return frame, *account(question, remaining)


def fates(question: Question, tables: Tables, places: pd.DataFrame) -> Iterator[tuple[Where | None, pd.DataFrame]]:
    """Follow the records of some places through a question: those that each condition leaves out, then those that count."""
    return followed(question, tables, tables[question.table].merge(places[PROVENANCE].drop_duplicates(), on=PROVENANCE))


def followed(question: Question, tables: Tables, frame: pd.DataFrame) -> Iterator[tuple[Where | None, pd.DataFrame]]:
    """The same of these records of its table."""
    frame = _joined(question, tables, frame)
    for condition in question.where:
        held = holds(condition, frame)
        yield condition, frame[~held]
        frame = frame[held]
    yield None, frame


def account(question: Question, remaining: Sequence[int]) -> tuple[int, dict[str, int]]:
    """Give the number of units asked about, and those left out per reason.

    `remaining`: the units before any condition, after the first, after the first two, and so on.
    """
    n_in, left_out = remaining[0], dict[str, int]()
    for condition, (before, after) in zip(question.where, pairwise(remaining), strict=True):
        if condition.reason == "not_asked":
            n_in -= before - after
        else:
            left_out[condition.reason] = left_out.get(condition.reason, 0) + before - after
    return n_in, left_out


def numbers(question: Question, frame: pd.DataFrame) -> pd.DataFrame:
    """Count the remaining rows: one row per combination of keys that occurs, in order of the keys."""
    columns = {name: _statistic(statistic, question, frame) for name, statistic in question.statistics.items()}
    counted = [name for name, statistic in question.statistics.items() if statistic.kind != "first"]
    return pd.DataFrame(columns).fillna(dict.fromkeys(counted, 0)).astype(dict.fromkeys(counted, "int64")).reset_index()


def _statistic(statistic: Statistic, question: Question, frame: pd.DataFrame) -> pd.Series:
    by, units = list(question.by), UNITS[question.unit]
    if statistic.kind == "known":
        frame = frame[holds(Where(statistic.column, "known"), frame)]
    if statistic.kind in ("units", "known"):
        frame = frame.drop_duplicates([*by, *(unit for unit in units if unit not in by)])
    groups = frame.groupby(by, sort=True)
    return groups[statistic.column].min() if statistic.kind == "first" else groups.size()


def totals(question: Question, frame: pd.DataFrame) -> pd.DataFrame:
    """Count the units per value of the first key, each once however many groups it is in."""
    first = question.by[0]
    distinct = frame.drop_duplicates(list(dict.fromkeys([first, *UNITS[question.unit]])))
    return distinct.groupby(first).size().reset_index(name=question.unit)


def _joined(question: Question, tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    for join in question.joins:
        other = tables[join.table]
        for column, values in join.only.items():
            other = other[other[column].isin(values)]
        other = other[[*join.on, *join.columns.values()]].set_axis([*join.on, *join.columns], axis=1)
        frame = frame.drop(columns=[c for c in join.columns if c in frame])
        frame = frame.merge(other, on=list(join.on), how="left", validate=None if join.many else "many_to_one")
    if question.settled:
        frame = frame.merge(
            overlap.left_out(tables, question.settled), on=overlap.CASE, how="left", validate="many_to_one"
        )
    for name, rule in question.derive.items():
        frame = frame.assign(**{name: _derived(rule, frame)})
    for key, label, source in question.apart:
        of_source = frame[key].eq(label) & frame["source"].eq(source)
        frame = frame.assign(**{key: frame[key].astype("str").mask(of_source, beside(label, source))})
    return frame


def beside(label: str, source: str) -> str:
    """A label that several sources have, with its source."""
    return f"{label} ({source})"


def _derived(rule: Derive, frame: pd.DataFrame) -> Any:
    if rule.kind == "given":
        return rule.of[0]
    if rule.kind == "when":
        return _when(rule, frame)
    column = frame[rule.of[0]]
    match rule.kind:
        case "same":
            return column
        case "either":
            return column.fillna(frame[rule.of[1]])
        case "day" | "month" | "year":
            text = column.dt.strftime(DAY_FORMATS[rule.kind])
            return text.fillna(frame[rule.of[1]].str[: MONTH_DIGITS[rule.kind]]) if len(rule.of) > 1 else text
        case "minus":
            return frame[rule.of[1]] - column
        case "class":
            classes = pd.Series(None, index=frame.index, dtype="str")
            for value in vocabulary.read(rule.of[1]).values:
                of_class = column.between(value.extra["low"], value.extra["high"])
                classes = classes.mask(of_class.fillna(False), value.code)
            return classes
    return _of_days(rule, frame)


def _of_days(rule: Derive, frame: pd.DataFrame) -> pd.Series:
    column, other = frame[rule.of[0]], frame[rule.of[1]]
    if rule.kind in ("first_day", "last_day"):
        first = pd.to_datetime(other.astype("str"), format="%Y-%m")
        return column.fillna(first if rule.kind == "first_day" else first + pd.offsets.MonthEnd(0))
    if rule.kind == "months":
        of_calendar = (other.dt.year - column.dt.year) * 12 + other.dt.month - column.dt.month
        gone_by: pd.Series = of_calendar - (other.dt.day < column.dt.day)
        return gone_by.astype("Int64")
    days = (other - column).dt.days.astype("Int64")
    return days if rule.kind == "days" else days.clip(lower=0)


def _when(rule: Derive, frame: pd.DataFrame) -> pd.Series:
    words = pd.Series(None, index=frame.index, dtype="str")
    for word, conditions in reversed(rule.cases):
        held = pd.Series(True, index=frame.index)
        for condition in conditions:
            held &= holds(condition, frame)
        words = words.mask(held, word)
    return words


def holds(condition: Where, frame: pd.DataFrame) -> pd.Series:
    """Whether a condition holds, row by row."""
    column = frame[condition.column]
    match condition.test:
        case "in":
            return column.isin(condition.values)
        case "not_in":
            return ~column.isin(condition.values)
        case "known":
            return column.notna() & ~column.isin(vocabulary.read("missing").codes)
        case "absent":
            return column.isna() & (
                frame[f"{condition.column}_missing"].isin(condition.values) if condition.values else True
            )
        case "equals":
            return (column == frame[str(condition.values[0])]).fillna(False)
        case "before":
            return (column < frame[str(condition.values[0])]).fillna(False)
        case "at_least":
            return (column >= condition.values[0]).fillna(False)
        case "at_most":
            return (column <= condition.values[0]).fillna(False)


def refuse_missing_keys(question: Question, frame: pd.DataFrame) -> None:
    """Refuse rows or numbers of which a key is missing: they would stand on no mark."""
    missing = [key for key in question.by if frame[key].isna().any()]
    if missing:
        raise fail("missing_keys", question=question.name, keys=", ".join(missing))
