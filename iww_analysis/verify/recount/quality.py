"""Count again what a report says of its sources' data: rows, reasons, changes, cases per year, what each field holds.

What is told in words, and what one delivery did to another, is held by making the report anew alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from iww_analysis import vocabulary
from iww_analysis.disclosure import rules
from iww_analysis.messages.errors import Message, Place
from iww_analysis.report.quality.quality import ALL, OTHER
from iww_analysis.tables import TABLES
from iww_analysis.verify.outcome import Check
from iww_analysis.verify.recount import rule

RECEIPTS = ("quality.json", "receipts/quality.json")
_ASKED = {
    "cases.date_closed": "status = 'closed'",
    "cases.closure_reason": "date_closed IS NOT NULL",
}  # of closed cases alone
_ACCOUNTS = {
    "changed": "SELECT rule, sum(n) FROM changes WHERE source = ? GROUP BY ALL",
    "changed_fields": """SELECT rule, "table" || '.' || "column", sum(n) FROM changes WHERE source = ? GROUP BY ALL""",
    "problems": "SELECT file, sheet, heading, rule, severity, count(*) FROM set_aside WHERE source = ? GROUP BY ALL",
}
Mark = tuple[str, tuple[str, ...]]  # part, the values of its keys
Numbers = dict[Mark, dict[str, int]]


def check(
    connection: duckdb.DuckDBPyConnection,
    ledgers: Mapping[str, Mapping[str, Any]],
    receipts: Mapping[str, Mapping[str, Any]],
) -> Check:
    """Hold the receipts of the sources, by path, against a recount."""
    findings, n, known = list[Message](), 0, dict[tuple[str, str], Numbers]()
    for path, receipt in receipts.items():
        for mark in receipt["marks"]:
            source, of = mark["mark"]["source"], receipt["rules"][mark["mark"]["source"]]
            if (source, of) not in known:
                known[source, of] = dict(_counted(connection, source, ledgers[source], of))
            keys = tuple(value for key, value in mark["mark"].items() if key != "source")
            for name, count in known[source, of].get((mark["part"], keys), {}).items():
                for kind, own in (("drawn", rule.count(count, of)), ("raw", count)):
                    if name in mark.get(kind, {}):
                        n += 1
                        findings += (
                            [] if mark[kind][name] == own else [_differs(path, mark, name, mark[kind][name], own)]
                        )
    return Check("quality", n, tuple(findings))


def _differs(path: str, mark: Mapping[str, Any], name: str, found: object, own: object) -> Message:
    named = ", ".join(f"{key}={value}" for key, value in mark["mark"].items())
    told = ["x" if value is None else value for value in (found, own)]
    return Message(
        "verify_quality",
        Place(path),
        {"part": mark["part"], "mark": named, "number": name, "found": told[0], "expected": told[1]},
    )


def _counted(
    connection: duckdb.DuckDBPyConnection, source: str, ledger: Mapping[str, Any], of: str
) -> Iterator[tuple[Mark, dict[str, int]]]:
    """Every number of one source that can be counted again."""
    for line in ledger["sheets"]:
        place = (line["delivery"], line["file"], line["sheet"])
        yield from ((("rows", (*place, what)), {"n": n}) for what, n in line.items() if what.startswith("rows_"))
        yield from ((("reasons", (*place, why)), {"n": n}) for why, n in line["set_aside_by_reason"].items())
    for part, text in _ACCOUNTS.items():
        yield from (
            ((part, tuple(map(str, row[:-1]))), {"n": int(row[-1])})
            for row in connection.execute(text, [source]).fetchall()
        )
    years = _years(connection, source, of)
    yield from (
        (("cases", (year,)), {"n": n}) for year, n in Counter(y for own in years.values() for y in {own, ALL}).items()
    )
    for field in ledger["recorded"]:
        table, _, column = field.partition(".")
        if column in TABLES[table].stored:
            yield from _held(connection, source, field, years)


def _years(connection: duckdb.DuckDBPyConnection, source: str, of: str) -> dict[str, str]:
    """Case -> its year of referral; years with too few cases to be shown are together."""
    text = "SELECT case_id, strftime(date_referral, '%Y') FROM cases WHERE source = ?"
    own: dict[str, str] = dict(connection.execute(text, [source]).fetchall())
    cases, least = Counter(own.values()), rules()["register"]["threshold"] if of == "register" else 0
    return {case: year if cases[year] >= least else OTHER for case, year in own.items()}


def _held(
    connection: duckdb.DuckDBPyConnection, source: str, field: str, years: Mapping[str, str]
) -> Iterator[tuple[Mark, dict[str, int]]]:
    """What a field holds: of the cases that it is asked of where its records are of cases, else of its records."""
    table, _, column = field.partition(".")
    kinds = ["value", *vocabulary.read("missing").codes, "no_record"]
    per_case = bool(years) and "case_id" in TABLES[table].stored
    why = f"{column}_missing" if TABLES[table][column].typed_missing else column
    of = "case_id" if per_case else "NULL"
    text = f'SELECT {of}, CAST("{column}" AS VARCHAR), CAST("{why}" AS VARCHAR) FROM "{table}" WHERE source = ?'
    found = [
        (case, _kind(value, reason, kinds)) for case, value, reason in connection.execute(text, [source]).fetchall()
    ]
    if per_case:
        best = dict[str, str]()
        for case, kind in found:
            best[case] = min(best.get(case, "no_record"), kind, key=kinds.index)
        asked = f"SELECT case_id FROM cases WHERE source = ? AND {_ASKED.get(field, 'TRUE')}"
        told = [
            (years[case], best.get(case, "no_record")) for (case,) in connection.execute(asked, [source]).fetchall()
        ]
    else:
        told = [(ALL, kind) for _, kind in found]
    yield from _numbers(field, told, kinds)


def _kind(value: str | None, reason: str | None, kinds: Sequence[str]) -> str:
    return "value" if value is not None and value not in kinds[1:-1] else reason or "empty"


def _numbers(
    field: str, told: Sequence[tuple[str, str]], kinds: Sequence[str]
) -> Iterator[tuple[Mark, dict[str, int]]]:
    for year in {ALL, *(year for year, _ in told)}:
        here = [kind for own, kind in told if year in (own, ALL)]
        yield ("fields", (field, year)), {"n": here.count("value"), "n_of": len(here)}
    yield ("absences", (field,)), {f"n_{kind}": sum(own == kind for _, own in told) for kind in kinds[1:]}
