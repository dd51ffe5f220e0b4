"""Make linked cells of what the pages on the quality of its data count of one source.

What a field holds is asked as a question that counts cases, so that it is linked to figures by the cases themselves. Rows of
files, records and cells are added up here, as the account of every row adds them up. Names: see docs/formats/vector.md.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from iww_analysis.analysis import question as questions
from iww_analysis.analysis.notes import notes
from iww_analysis.analysis.question import Question, Statistic
from iww_analysis.analysis.questions import quality as asked
from iww_analysis.analysis.questions.coverage import ELIGIBLE
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.row_fates import ROW_FATES
from iww_analysis.disclosure import public_names
from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Sum
from iww_analysis.disclosure.vector.links import REST
from iww_analysis.disclosure.vector.quality_names import (
    ALL,
    NOT_DUE,
    Line,
    absence_of,
    cases_in,
    cell,
    place_of,
    problems_of,
    unused_of,
    value_of,
)  # fmt: skip
from iww_analysis.disclosure.vector.unit_sets import UnitSets, UnitTables, units_of
from iww_analysis.tables.layout import KINDS

UNIT_OF_KIND = {"meetings": "n_meetings", "themes": "n_themes"}  # tables of which a figure asks some kinds alone


@dataclass(frozen=True)
class QualityCells:
    """`answers`: what counts cases, by the names of questions; `cells`: what counts rows, records and cells of a sheet."""

    answers: Mapping[str, UnitSets] = field(default_factory=dict)
    cells: LinkedCells = field(default_factory=lambda: LinkedCells({}))


class Account(NamedTuple):
    """A count and what it is the sum of; `within`: what is only a part of it. `unseen`: parts that nobody publishes."""

    whole: Name
    n: int
    parts: Mapping[Name, int] = {}
    within: bool = False
    unseen: bool = False


def quality_cells(study: Study, source: str) -> QualityCells:
    """The cells of one register; a case study's counts are shown as they are."""
    if study.origins[source].regime != "register":
        return QualityCells()
    alone, lines = study.only(source), study.ledgers.get(source, [])
    accounts = [
        *_of_rows(lines), *_of_deliveries(alone, lines), *_of_links(lines), *_of_columns(lines), *_of_renewed(alone),
        *_of_changes(alone), *_of_problems(alone, lines), *_of_notes(alone), *_of_records(alone),
    ]  # fmt: skip
    return QualityCells(dict(_of_cases(alone)), _linked(accounts))


def _linked(accounts: Iterable[Account]) -> LinkedCells:
    counts, sums, unseen = dict[Name, int](), dict[Sum, None](), set[Name]()
    for each in accounts:
        counts |= {each.whole: each.n, **each.parts}
        unseen |= set(each.parts) if each.unseen else set()
        parts = tuple(each.parts)
        if each.within:
            rest = (*each.whole, REST, *parts[0])
            counts[rest] = each.n - sum(each.parts.values())
            unseen.add(rest)
            parts += (rest,)
        if parts:
            sums[Sum(each.whole, parts)] = None
    return LinkedCells(counts, tuple(sums), frozenset(unseen))


def _same(one: Name, n: int, other: Mapping[Name, int]) -> Iterator[Account]:
    """That a count is one other, or others together, where it is."""
    if n == sum(other.values()):
        yield Account(one, n, other)


def _part(whole: Name, n: int, part: Mapping[Name, int], *, unseen: bool = False) -> Iterator[Account]:
    """That a count is a part of another, where it is not more."""
    if sum(part.values()) <= n:
        yield Account(whole, n, part, within=True, unseen=unseen)


def _row(line: Line, what: str) -> dict[Name, int]:
    return {cell("rows", *place_of(line), what): line[what]}


def _together(each: Iterable[Mapping[Name, int]]) -> dict[Name, int]:
    return {name: n for one in each for name, n in one.items()}


def _of_rows(lines: Sequence[Line]) -> Iterator[Account]:
    """Every row of a sheet is of one kind, and one that was read has one fate; a delivery is its sheets together."""
    for line in lines:
        for whole, parts in (("rows_in_file", KINDS), ("rows_read", ROW_FATES)):
            (name,) = _row(line, whole)
            yield Account(name, line[whole], _together(_row(line, f"rows_{part}") for part in parts))
        (name,) = _row(line, "rows_set_aside")
        yield Account(name, line["rows_set_aside"], _reasons(line))
    for delivery, of in _by_delivery(lines).items():
        for what in ("read", "kept", "duplicate", "superseded"):
            yield _all_of(cell("deliveries", delivery, what), _together(_row(line, f"rows_{what}") for line in of))
        contradicting = {name: n for name, n in _together(map(_reasons, of)).items() if name[-1] == "contradiction"}
        yield _all_of(cell("deliveries", delivery, "contradiction"), contradicting)
    for what in ("read", "set_aside"):
        yield _all_of(cell("summary", what), _together(_row(line, f"rows_{what}") for line in lines))


def _all_of(name: Name, parts: Mapping[Name, int]) -> Account:
    return Account(name, sum(parts.values()), parts)


def _reasons(line: Line) -> dict[Name, int]:
    return {cell("reasons", *place_of(line), rule): n for rule, n in line["set_aside_by_reason"].items()}


def _by_delivery(lines: Sequence[Line]) -> dict[str, list[Line]]:
    of: dict[str, list[Line]] = {}
    for line in lines:
        of.setdefault(line["delivery"], []).append(line)
    return of


def _of_deliveries(study: Study, lines: Sequence[Line]) -> Iterator[Account]:
    """The cases that each delivery is the last to know, and those that disappeared; a row that is a case is counted once."""
    told = asked.deliveries(study).to_dict("records")
    known = {cell("followed", row["delivery"], "cases"): int(row["cases"]) for row in told}
    if len(study["cases"]):
        yield from _same(cases_in(ALL), len(study["cases"]), known)
    for row in told:
        name = cell("followed", row["delivery"], "cases")
        yield from _part(name, known[name], {cell("followed", row["delivery"], "gone"): int(row["gone"])})
        yield from _same(
            name, known[name], _kept(study["cases"], [x for x in lines if x["delivery"] == row["delivery"]])
        )


def _kept(records: pd.DataFrame, lines: Sequence[Line]) -> dict[Name, int]:
    """The rows kept of the sheets that these records are of."""
    of = set(records["source_id"])
    return _together(_row(line, "rows_kept") for line in lines if _source_id(line) in of)


def _source_id(line: Line) -> str:
    return f"{line['delivery']}/{line['file']}" + (f"#{line['sheet']}" if line["sheet"] else "")


def _of_links(lines: Sequence[Line]) -> Iterator[Account]:
    """A number belongs to a case or not; of those that do not a fold would mend some."""
    linked = [(line, link) for line in lines for link in line.get("links", ())]
    lost, every = dict[str, dict[Name, int]](), dict[str, dict[Name, int]]()
    for line, link in linked:
        at = {
            what: cell("links", *place_of(line), link["column"], link["table"], what)
            for what in ("n", "n_met", "n_lost")
        }
        n, met = link["n"], link["n_met"]
        yield Account(at["n"], n, {at["n_met"]: met, at["n_lost"]: n - met})
        mended = {cell("links", *place_of(line), link["column"], link["table"], "n_mended"): link["n_mended"]}
        yield from _part(at["n"], n, mended)
        yield from (x for name, n_mended in mended.items() for x in _part(name, n_mended, {at["n_met"]: met}))
        yield from _same(at["n"], n, _row(line, "rows_kept"))
        if link["column"] == "case_id":
            lost.setdefault(link["table"], {})[at["n_lost"]] = n - met
            every.setdefault(link["table"], {})[at["n"]] = n
    for table in every:
        yield _all_of(cell("lost", table, "n_lost"), lost[table])
        yield _all_of(cell("lost", table, "n_of"), every[table])


def _of_columns(lines: Sequence[Line]) -> Iterator[Account]:
    """The filled cells under one heading, over deliveries: at most as many of a sheet as it has rows that were read."""
    of: dict[Name, Counter[Name]] = {}
    for line in lines:
        (read,) = _row(line, "rows_read")
        for column in line.get("columns", ()):
            why = public_names.said(column["reason"]) or column["code"]
            name = unused_of(line["sheet"], column["heading"], column["fields"], why)
            of.setdefault(name, Counter())[(*name, *read)] += column["n"]
    n_read = _together(_row(line, "rows_read") for line in lines)
    for name, parts in of.items():
        yield Account(name, sum(parts.values()), dict(parts), unseen=True)
        for part, n in parts.items():
            yield from _part(part[len(name) :], n_read[part[len(name) :]], {part: n}, unseen=True)


def _of_renewed(study: Study) -> Iterator[Account]:
    """What a delivery changed of the one before it."""
    renewed = study.accounts["renewed"]
    if renewed.empty:
        return
    steps: dict[str, list[tuple[Name, int, Name, int]]] = {}
    for (table, since, delivery), rows in renewed.groupby(["table", "since", "delivery"]):
        names = zip(rows["column"].astype("str"), rows["what"].astype("str"), strict=True)
        n, at = dict(zip(names, map(int, rows["n"]), strict=True)), (str(table), str(since), str(delivery))
        for whole, parts in _RECORDS.items():
            of_parts = {cell("renewed", *at, part): n["", part] for part in parts}
            yield from _same(cell("renewed", *at, whole), n["", whole], of_parts)
        for column in filter(None, dict.fromkeys(column for column, _ in n)):
            for whole, told in _FIELDS.items():
                of_parts = {cell("renewed_fields", *at, column, part): n[column, part] for part in told}
                yield from _part(cell("renewed", *at, whole), n["", whole], of_parts)
        step = (cell("renewed", *at, "before"), n["", "before"], cell("renewed", *at, "now"), n["", "now"])
        steps.setdefault(str(table), []).append(step)
    for (*_, name, now), (before, n_before, *_) in (pair for each in steps.values() for pair in pairwise(sorted(each))):
        yield from _same(name, now, {before: n_before})  # what it is now is what it was before the next


_RECORDS = {"now": ("new", "repeated", "corrected"), "before": ("gone", "repeated", "corrected")}
_FIELDS = {"corrected": ("filled", "emptied", "other"), "before": ("known_before",), "now": ("known",)}


def _of_changes(study: Study) -> Iterator[Account]:
    for rule, rows in asked.changed(study).groupby("rule"):
        places = zip(rows["table"], rows["column"], map(int, rows["n"]), strict=True)
        fields = {cell("changed_fields", str(rule), f"{table}.{column}"): n for table, column, n in places}
        yield _all_of(cell("changed", str(rule)), fields)


def _of_problems(study: Study, lines: Sequence[Line]) -> Iterator[Account]:
    """What rules found; of rows set aside it is the account's reason once more."""
    of_rows: dict[tuple[str, str, str], dict[Name, int]] = {}
    for name, n in problems_of(study.set_aside).items():
        yield Account(name, n)
        _, _, file, sheet, _, rule, severity = name
        if severity == "row":
            of_rows.setdefault((file, sheet, rule), {})[name] = n
    for (file, sheet, rule), problems in of_rows.items():
        sheets = [line for line in lines if (line["file"], line["sheet"]) == (file, sheet)]
        reasons = {name: n for name, n in _together(map(_reasons, sheets)).items() if name[-1] == rule}
        if len(problems) == 1 or len(reasons) == 1:
            whole, parts = (problems, reasons) if len(problems) == 1 else (reasons, problems)
            yield from (account for name, n in whole.items() for account in _same(name, n, parts))


def _of_notes(study: Study) -> Iterator[Account]:
    """Cases that break a rule over several tables."""
    for rule, n in notes(study).groupby("rule")["case_id"].nunique().items():
        broken = {cell("notes", str(rule)): int(n)}
        yield from (Account(name, of) for name, of in broken.items())
        if len(study["cases"]):
            yield from _part(cases_in(ALL), len(study["cases"]), broken)


def _of_records(study: Study) -> Iterator[Account]:
    """What a field of records holds that belong to no case."""
    (source,) = study.sources
    for table, column in asked.fields(study, source):
        held = asked.held(study, table, column)
        if "case_id" not in held:
            place, n = f"{table.name}.{column.name}", held["held"].value_counts()
            why_not = {absence_of(place, why): int(n[why]) for why in asked.HELD[1:] if why in n}
            parts = {value_of(place, ALL): int(n.get(asked.VALUE, 0)), **why_not}
            yield Account(cell("records", table.name), len(held), parts)
            kept = _kept(study[table.name], study.ledgers.get(source, []))
            yield from _same(cell("records", table.name), len(held), kept)


def _of_cases(study: Study) -> Iterator[tuple[str, UnitSets]]:
    """Cases per year, all and closed ones; per field those with a value, and those that may be expected to; records per kind."""
    (source,) = study.sources
    for name, place in (("quality.cases", ""), ("quality.closed", next(iter(ELIGIBLE)))):
        cases = asked.cases_asked(study, place)
        yield name, _answer(name, cases, cases)
    for table, column in asked.fields(study, source):
        held, name = asked.held(study, table, column), f"quality.{table.name}.{column.name}"
        if "case_id" in held:
            yield name, _answer(name, held, held[held["held"].eq(asked.VALUE)])
            due = held[~held["held"].isin(NOT_DUE)]
            if len(due) < len(held):
                yield f"{name} due", _answer(f"{name} due", due, due)
    of_units = UnitTables(study.tables, study.tables.settled)
    for kinds_of, unit in UNIT_OF_KIND.items():
        question = Question(f"quality.{kinds_of}", kinds_of, unit, ("kind",), numbers=_NO_GROUPS)
        if len(study[kinds_of]):
            yield question.name, of_units.answer(question)


_NO_GROUPS = {"rows": Statistic("rows")}  # totals alone


def _answer(name: str, asked_about: pd.DataFrame, counted: pd.DataFrame) -> UnitSets:
    """Cases per year as the answer to a question; what was not counted is left out for what it holds."""
    question = Question(name, "cases", "n_cases", ("year",), numbers=_NO_GROUPS)
    left = asked_about.drop(counted.index)
    reasons = {str(why): units_of(question, rows) for why, rows in left.groupby("held")} if len(left) else {}
    return UnitSets(
        question, questions.numbers(question, counted), questions.totals(question, counted), len(asked_about), len(counted),
        {why: len(units) for why, units in reasons.items()}, units_of(question, asked_about), reasons, counted,
    )  # fmt: skip
