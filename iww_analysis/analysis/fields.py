"""Say which fields of the tables a question asks for: what it counts by, conditions, joins or shows."""

from collections.abc import Iterable, Iterator

from iww_analysis.analysis.question import UNITS, Question
from iww_analysis.tables import TABLES

COMPANIONS = ("_missing", "_month", "_raw")  # columns that tell more of the field whose name they begin with
SORT = "kind"  # the column that says of a meeting or theme which it is
WORDS = {"class": 1, "given": 0}  # of these ways to make a column, how many of the names are columns
Field = tuple[str, str]  # table, column


def fields_asked(questions: Iterable[Question]) -> frozenset[Field]:
    """The fields of which these questions use the value; one that is only counted as filled or not is not among them."""
    return frozenset(field for question in questions for field in _fields(question))


def _fields(question: Question) -> Iterator[Field]:
    names = [*question.by, *UNITS[question.unit], *(condition.column for condition in question.where)]
    names += [str(other) for c in question.where if c.test in ("before", "equals") for other in c.values]
    names += [column for rule in question.derive.values() for column in rule.of[: WORDS.get(rule.kind)]]
    names += [statistic.column for statistic in question.statistics.values() if statistic.kind != "known"]
    joined = {name for join in question.joins for name in join.columns}
    yield from _of_table(question.table, (name for name in names if name not in joined))
    for join in question.joins:
        wanted = [there for name, there in join.columns.items() if name in names]
        if wanted:
            yield from _of_table(join.table, [*join.on, *join.only, *wanted])
            yield from _of_table(question.table, join.on)


def _of_table(table: str, names: Iterable[str]) -> Iterator[Field]:
    for name in names:
        column = next((name.removesuffix(end) for end in COMPANIONS if name.endswith(end)), name)
        if column in TABLES[table]:
            yield table, column


def sorts_named(questions: Iterable[Question], table: str) -> frozenset[str]:
    """The kinds of records of a table that these questions ask for by name."""
    conditions = (where for question in questions if question.table == table for where in question.where)
    return frozenset(str(value) for c in conditions if (c.column, c.test) == (SORT, "in") for value in c.values)
