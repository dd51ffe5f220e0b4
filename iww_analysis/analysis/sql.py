"""Render a question as SQL for DuckDB, so that a reviewer can ask it of `data/processed` without this library."""

from collections.abc import Iterable, Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.analysis.question import PROVENANCE, UNITS, Derive, Join, Question, Statistic, Where

_INDENT = ",\n       "


def render(question: Question, sources: Sequence[str] = ()) -> str:
    """Give one SELECT over tables named as in `data/processed`; combinations of keys that count nothing have no row.

    `sources` limits it to the sources that a finding was made of; none: all that lie there.
    """
    keys = [_name(key) for key in question.by]
    numbers = [f"{_statistic(s, question)} AS {_name(n)}" for n, s in question.statistics.items()]
    lines = [
        *_derived(question, sources),
        f"SELECT {_INDENT.join([*keys, *numbers])}",
        "FROM derived",
        *_chosen(question),
    ]
    return "\n".join([*lines, f"GROUP BY {', '.join(keys)}", f"ORDER BY {', '.join(keys)}"])


def render_totals(question: Question, sources: Sequence[str] = ()) -> str:
    """Give the SELECT of the units per value of the first key, each once however many groups it is in."""
    first = _name(question.by[0])
    lines = [*_derived(question, sources), f"SELECT {first}, {_units(question)}", "FROM derived", *_chosen(question)]
    return "\n".join([*lines, f"GROUP BY {first}"])


def render_account(question: Question, sources: Sequence[str] = ()) -> str:
    """Give the SELECT of one row: the units before any condition, after the first, after the first two, and so on."""
    conditions = [condition_as_sql(condition) for condition in question.where]
    left = [f"{_units(question)} FILTER (WHERE {' AND '.join(conditions[:n])})" for n in range(1, len(conditions) + 1)]
    return "\n".join(
        [*_derived(question, sources), f"SELECT {_INDENT.join([_units(question), *left])}", "FROM derived"]
    )


def render_places(question: Question, sources: Sequence[str] = ()) -> str:
    """Give the SELECT of the places in the raw files that each mark was counted from: its keys, then the place."""
    columns = ", ".join(map(_name, (*question.by, *PROVENANCE)))
    return "\n".join([*_derived(question, sources), f"SELECT DISTINCT {columns}", "FROM derived", *_chosen(question)])


def render_rows(question: Question, sources: Sequence[str], columns: Sequence[str], mark: Mapping[str, str]) -> str:
    """Give the SELECT of the rows that marks with these keys were counted from, in the order of the raw files."""
    wanted = ", ".join(map(_name, columns))
    keys = [f"CAST({_name(key)} AS VARCHAR) = {quoted(value)}" for key, value in mark.items()]
    where = _chosen(question) or (["WHERE true"] if keys else [])
    order = ", ".join(map(_name, dict.fromkeys((*PROVENANCE, *question.by))))
    return "\n".join([*_derived(question, sources), f"SELECT {wanted}", "FROM derived", *where,
                      *(f"  AND {key}" for key in keys), f"ORDER BY {order}"])  # fmt: skip


def _derived(question: Question, sources: Sequence[str]) -> list[str]:
    """The tables joined, with the columns that are made of others, as `derived`."""
    taken = sorted({column for join in question.joins for column in join.columns})
    base = f"(SELECT {_all_but(taken)} FROM {question.table})" if taken else question.table
    joined = [
        f"{alias}.{_name(old)} AS {_name(new)}"
        for alias, join in _aliased(question)
        for new, old in join.columns.items()
    ]
    derived = [f", {_derive(rule)} AS {_name(name)}" for name, rule in question.derive.items()]
    return [
        f"-- {question.name}: {question.unit}",
        "WITH joined AS (",
        f"  SELECT {', '.join(['t.*', *joined])}",
        f"  FROM {base} t",
        *(f"  {_join(alias, join)}" for alias, join in _aliased(question)),
        *([f"  WHERE t.source IN ({', '.join(map(quoted, sources))})"] if sources else []),
        "), derived AS (",
        f"  SELECT {_all_but(question.derive)}{''.join(derived)} FROM joined",
        ")",
    ]


def _chosen(question: Question) -> list[str]:
    conditions = "\n  AND ".join(condition_as_sql(condition) for condition in question.where)
    return [f"WHERE {conditions}"] if conditions else []


def _all_but(taken: Iterable[str]) -> str:
    """Give every column but those whose place is taken; COLUMNS leaves out what is there, and nothing else."""
    names = ", ".join(map(quoted, taken))
    return f"COLUMNS(lambda c: c NOT IN ({names}))" if names else "*"


def _aliased(question: Question) -> list[tuple[str, Join]]:
    return [(f"j{number}", join) for number, join in enumerate(question.joins, start=1)]


def _join(alias: str, join: Join) -> str:
    on = " AND ".join(f"t.{_name(column)} = {alias}.{_name(column)}" for column in join.on)
    return f"LEFT JOIN {join.table} {alias} ON {on}"


def _derive(rule: Derive) -> str:
    column = _name(rule.of[0])
    match rule.kind:
        case "given":
            return quoted(rule.of[0])
        case "same":
            return column
        case "day":
            return f"strftime({column}, '%Y-%m-%d')"
        case "month":
            return f"strftime({column}, '%Y-%m')"
        case "year":
            return f"strftime({column}, '%Y')"
        case "days":
            return f"date_diff('day', {column}, {_name(rule.of[1])})"
        case "minus":
            return f"{_name(rule.of[1])} - {column}"
        case "class":
            classes = vocabulary.read(rule.of[1]).values
            whens = (
                f"WHEN {column} BETWEEN {v.extra['low']} AND {v.extra['high']} THEN {quoted(v.code)}" for v in classes
            )
            return f"CASE {' '.join(whens)} END"


def condition_as_sql(condition: Where) -> str:
    """Give one condition as it stands behind WHERE."""
    column, values = _name(condition.column), condition.values
    match condition.test:
        case "in":
            return f"{column} IN ({', '.join(map(quoted, values))})"
        case "not_in":
            return f"({column} IS NULL OR {column} NOT IN ({', '.join(map(quoted, values))}))"
        case "known":
            missing = ", ".join(map(quoted, vocabulary.read("missing").codes))
            return f"{column} IS NOT NULL AND CAST({column} AS VARCHAR) NOT IN ({missing})"
        case "absent":
            return f"{column} IS NULL"
        case "before":
            return f"{column} < {_name(str(values[0]))}"
        case "at_least":
            return f"{column} >= {values[0]}"
        case "at_most":
            return f"{column} <= {values[0]}"


def _units(question: Question) -> str:
    return f"COUNT(DISTINCT {_unit(question)})"


def _unit(question: Question) -> str:
    return f"({', '.join(map(_name, UNITS[question.unit]))})"


def _statistic(statistic: Statistic, question: Question) -> str:
    match statistic.kind:
        case "units":
            return _units(question)
        case "known":
            return f"COUNT(DISTINCT CASE WHEN {condition_as_sql(Where(statistic.column, 'known'))} THEN {_unit(question)} END)"
        case "rows":
            return "COUNT(*)"
        case "first":
            return f"MIN({_name(statistic.column)})"


def _name(column: str) -> str:
    """Quote a column: some, such as case, are words of SQL too."""
    return f'"{column}"'


def quoted(value: object) -> str:
    """Write a value as a text of SQL."""
    return "'" + str(value).replace("'", "''") + "'"
