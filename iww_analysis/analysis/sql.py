"""Render a question as SQL for DuckDB, so that a reviewer can ask it of `data/processed` without this library."""

from collections.abc import Iterable, Mapping, Sequence

from iww_analysis import vocabulary
from iww_analysis.analysis.overlap import BIRTH, CASE, COUNTED, Settled
from iww_analysis.analysis.question import (
    DAY_FORMATS,
    MONTH_DIGITS,
    PROVENANCE,
    UNITS,
    Derive,
    Question,
    Statistic,
    Where,
    beside,
)

_INDENT = ",\n       "


def render(question: Question, sources: Sequence[str] = ()) -> str:
    """Give one SELECT over tables named as in `data/processed`; combinations of keys that count nothing have no row.

    `sources` limits it to the sources that a finding was made of; none: all that lie there.
    """
    keys = [_name(key) for key in question.by]
    numbers = [f"{_statistic(s, question)} AS {_name(n)}" for n, s in question.statistics.items()]
    select = _select(question, sources, [*keys, *numbers], _conditions(question))
    return f"{select}\nGROUP BY {', '.join(keys)}\nORDER BY {', '.join(keys)}"


def render_totals(question: Question, sources: Sequence[str] = ()) -> str:
    """Give the SELECT of the units per value of the first key, each once however many groups it is in."""
    first = _name(question.by[0])
    return f"{_select(question, sources, [first, _units(question)], _conditions(question))}\nGROUP BY {first}"


def render_account(question: Question, sources: Sequence[str] = ()) -> str:
    """Give the SELECT of one row: the units before any condition, after the first, after the first two, and so on."""
    units, conditions = _units(question), _conditions(question)
    left = [f"{units} FILTER (WHERE {' AND '.join(conditions[:n])})" for n in range(1, len(conditions) + 1)]
    return _select(question, sources, [units, *left], [])


def render_places(question: Question, sources: Sequence[str] = ()) -> str:
    """Give the SELECT of the places in the raw files that each mark was counted from: its keys, then the place."""
    columns = ", ".join(map(_name, (*question.by, *PROVENANCE)))
    return _select(question, sources, [f"DISTINCT {columns}"], _conditions(question))


def render_rows(question: Question, sources: Sequence[str], columns: Sequence[str], mark: Mapping[str, str]) -> str:
    """Give the SELECT of the rows that marks with these keys were counted from, in the order of the raw files."""
    of_mark = [f"CAST({_name(key)} AS VARCHAR) = {quoted(value)}" for key, value in mark.items()]
    order = ", ".join(map(_name, dict.fromkeys((*PROVENANCE, *question.by))))
    select = _select(question, sources, map(_name, columns), [*_conditions(question), *of_mark])
    return f"{select}\nORDER BY {order}"


def _select(question: Question, sources: Sequence[str], columns: Iterable[str], conditions: Sequence[str]) -> str:
    """Columns of the tables joined, with the columns that are made of others, as `derived`."""
    taken = sorted({column for join in question.joins for column in join.columns})
    base = f"(SELECT {_all_but(taken)} FROM {question.table})" if taken else question.table
    joins, joined = [], ["t.*"]
    for alias, join in ((f"j{number}", join) for number, join in enumerate(question.joins, start=1)):
        on = " AND ".join([
            *(f"t.{_name(column)} = {alias}.{_name(column)}" for column in join.on),
            *(f"{alias}.{_name(column)} IN ({', '.join(map(quoted, of))})" for column, of in join.only.items()),
        ])  # fmt: skip
        joins.append(f"  LEFT JOIN {join.table} {alias} ON {on}")
        joined += [f"{alias}.{_name(old)} AS {_name(new)}" for new, old in join.columns.items()]
    if question.settled:
        on = " AND ".join(f"t.{_name(column)} = twice.{_name(column)}" for column in CASE)
        joins.append(f"  LEFT JOIN ({left_out_as_sql(question.settled)}) twice ON {on}")
        joined.append(f"twice.{COUNTED}")
    derived = [f", {derived_as_sql(rule)} AS {_name(name)}" for name, rule in question.derive.items()]
    return "\n".join([
        f"-- {question.name}: {question.unit}",
        "WITH joined AS (",
        f"  SELECT {', '.join(joined)}",
        f"  FROM {base} t",
        *joins,
        *([f"  WHERE t.source IN ({', '.join(map(quoted, sources))})"] if sources else []),
        "), derived AS (",
        f"  SELECT {_all_but(question.derive)}{''.join(derived)} FROM joined",
        ")",
        *_apart(question),
        f"SELECT {_INDENT.join(columns)}",
        "FROM derived" if not question.apart else "FROM apart",
        *(["WHERE " + "\n  AND ".join(conditions)] if conditions else []),
    ])  # fmt: skip


def left_out_as_sql(said: Iterable[Settled]) -> str:
    """Give the SELECT of the cases that count in another source: source, case_id and that source, one row per case."""
    of_each = " UNION ALL ".join(f"SELECT source, case_id, other FROM ({_found(each)})" for each in said)
    return f"SELECT source, case_id, min(other) AS {COUNTED} FROM ({of_each}) GROUP BY ALL"


def _found(said: Settled) -> str:
    """Give the SELECT of the cases of a source that are found in another, by what its card says is enough."""
    here, there = quoted(said.source), quoted(said.other)
    once = "count(DISTINCT {0}.case_id) OVER (PARTITION BY {1}.case_id) = 1"
    single = f"{once.format('o', 'k')} AND {once.format('k', 'o')}"
    pair = f"k.source, k.case_id, o.source AS other, o.case_id AS other_case, {single} AS single"
    of_both = f"k.source = {here} AND o.source = {there}"
    numbers = (
        f"SELECT {pair}, coalesce(k.date_referral = o.date_referral, FALSE) AS same_day "
        f"FROM cases k JOIN cases o USING (number_key) WHERE {of_both}"
    )
    if said.by != BIRTH:
        return f"SELECT * FROM ({numbers}) WHERE same_day OR single"
    known = f"SELECT * FROM ({numbers}) WHERE same_day"
    births = (
        f"SELECT {pair} FROM case_persons k JOIN case_persons o USING (birth_key) WHERE {of_both} "
        f"AND k.case_id NOT IN (SELECT case_id FROM ({known})) AND o.case_id NOT IN (SELECT other_case FROM ({known}))"
    )
    return f"SELECT * EXCLUDE same_day FROM ({known}) UNION ALL SELECT * FROM ({births}) WHERE single"


def _apart(question: Question) -> list[str]:
    """The columns as `apart`, with the source beside a label that several sources have."""
    names = dict.fromkeys(key for key, _, _ in question.apart)
    whens = {
        name: " ".join(
            f"WHEN {_name(name)} = {quoted(label)} AND source = {quoted(source)} THEN {quoted(beside(label, source))}"
            for key, label, source in question.apart
            if key == name
        )
        for name in names
    }
    cases = [f"CASE {when} ELSE {_name(name)} END AS {_name(name)}" for name, when in whens.items()]
    return [f", apart AS (SELECT * REPLACE ({', '.join(cases)}) FROM derived)"] if cases else []


def _conditions(question: Question) -> list[str]:
    return [condition_as_sql(condition) for condition in question.where]


def _all_but(taken: Iterable[str]) -> str:
    """Give every column but those whose place is taken; COLUMNS leaves out what is there, and nothing else."""
    names = ", ".join(map(quoted, taken))
    return f"COLUMNS(lambda c: c NOT IN ({names}))" if names else "*"


def derived_as_sql(rule: Derive) -> str:
    """Give a column made of others as it stands in a SELECT."""
    column = _name(rule.of[0])
    other = _name(rule.of[1]) if len(rule.of) > 1 else ""
    match rule.kind:
        case "given":
            return quoted(rule.of[0])
        case "when":
            whens = (
                f"WHEN {' AND '.join(map(condition_as_sql, of)) or 'TRUE'} THEN {quoted(word)}"
                for word, of in rule.cases
            )
            return f"CASE {' '.join(whens)} END"
        case "same":
            return column
        case "either":
            return f"coalesce({column}, {other})"
        case "day" | "month" | "year":
            text = f"strftime({column}, '{DAY_FORMATS[rule.kind]}')"
            return f"coalesce({text}, left({other}, {MONTH_DIGITS[rule.kind]}))" if other else text
        case "minus":
            return f"{other} - {column}"
        case "class":
            bounds = ((v.extra["low"], v.extra["high"], quoted(v.code)) for v in vocabulary.read(rule.of[1]).values)
            whens = (f"WHEN {column} BETWEEN {low} AND {high} THEN {code}" for low, high, code in bounds)
            return f"CASE {' '.join(whens)} END"
    return _of_days(rule.kind, column, other)


def _of_days(kind: str, column: str, other: str) -> str:
    days = f"date_diff('day', {column}, {other})"
    match kind:
        case "first_day":
            return f"coalesce({column}, CAST({other} || '-01' AS TIMESTAMP))"
        case "last_day":
            return f"coalesce({column}, CAST(last_day(CAST({other} || '-01' AS DATE)) AS TIMESTAMP))"
        case "days":
            return days
        case "months":
            begun = f"CASE WHEN day({other}) < day({column}) THEN 1 ELSE 0 END"
            return f"date_diff('month', {column}, {other}) - {begun}"
        case _:
            return f"CASE WHEN {days} < 0 THEN 0 ELSE {days} END"


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
            why = _name(f"{condition.column}_missing")
            return f"{column} IS NULL" + (f" AND {why} IN ({', '.join(map(quoted, values))})" if values else "")
        case "equals":
            return f"{column} = {_name(str(values[0]))}"
        case "before":
            return f"{column} < {_name(str(values[0]))}"
        case "at_least":
            return f"{column} >= {values[0]}"
        case "at_most":
            return f"{column} <= {values[0]}"


def _units(question: Question, condition: str = "") -> str:
    unit = f"({', '.join(map(_name, UNITS[question.unit]))})"
    return f"COUNT(DISTINCT CASE WHEN {condition} THEN {unit} END)" if condition else f"COUNT(DISTINCT {unit})"


def _statistic(statistic: Statistic, question: Question) -> str:
    match statistic.kind:
        case "units":
            return _units(question)
        case "known":
            return _units(question, condition_as_sql(Where(statistic.column, "known")))
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
