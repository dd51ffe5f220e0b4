"""Count again what a report says of its sources' data: rows, reasons, changes, cases per year, what each field holds.

What is told in words, and what one delivery did to another, is held by making the report anew alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import duckdb

from iww_analysis import vocabulary
from iww_analysis.disclosure.rounding import limits
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.verify.evidence import Document
from iww_analysis.verify.outcome import Check
from iww_analysis.verify.recount import rule

ALL, OTHER = "all", "other"  # years: every one, and those with too few cases to be named
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
Counts = tuple[tuple[str, tuple[str, ...]], dict[str, int]]  # part and the values of its keys, number -> count


def check(
    connection: duckdb.DuckDBPyConnection, ledgers: Mapping[str, Document], receipts: Mapping[str, Document]
) -> Check:
    """Hold the receipts of the sources, by path, against a recount."""
    n, findings, recounts = (
        0,
        list[Message](),
        dict[tuple[str, str], dict[tuple[str, tuple[str, ...]], dict[str, int]]](),
    )
    for path, receipt in receipts.items():
        for mark in receipt["marks"]:
            source, regime = mark["mark"]["source"], receipt["rules"][mark["mark"]["source"]]
            if (source, regime) not in recounts:
                recounts[source, regime] = dict(_recounted(connection, source, ledgers[source], regime))
            keys = tuple(value for key, value in mark["mark"].items() if key != "source")
            for name, count in recounts[source, regime].get((mark["part"], keys), {}).items():
                for kind, expected in (("drawn", rule.count(count, regime)), ("raw", count)):
                    if name in mark.get(kind, {}):
                        n += 1
                        if mark[kind][name] != expected:
                            findings.append(_differs(path, mark, name, mark[kind][name], expected))
    return Check("quality", n, tuple(findings))


def _differs(path: str, mark: Document, name: str, present: object, expected: object) -> Message:
    named = ", ".join(f"{key}={value}" for key, value in mark["mark"].items())
    words = {"part": mark["part"], "mark": named, "number": name}
    numbers = {"found": present, "expected": expected}
    return Message("verify_quality", Place(path), words | {k: "x" if v is None else v for k, v in numbers.items()})


def _recounted(connection: duckdb.DuckDBPyConnection, source: str, ledger: Document, regime: str) -> Iterator[Counts]:
    """Every number of one source that can be counted again."""
    for line in ledger["sheets"]:
        place = (line["delivery"], line["file"], line["sheet"])
        yield from ((("rows", (*place, what)), {"n": n}) for what, n in line.items() if what.startswith("rows_"))
        yield from ((("reasons", (*place, why)), {"n": n}) for why, n in line["set_aside_by_reason"].items())
    for part, text in _ACCOUNTS.items():
        for *keys, n in connection.execute(text, [source]).fetchall():
            yield (part, tuple(map(str, keys))), {"n": int(n)}
    years = _years(connection, source, regime)
    per_year = Counter(year for year in years.values()) + Counter({ALL: len(years)})
    yield from ((("cases", (year,)), {"n": n}) for year, n in per_year.items())
    for field in ledger["recorded"]:
        table, _, column = field.partition(".")
        if column in TABLES[table].stored:
            yield from _of_field(connection, source, table, column, years)


def _years(connection: duckdb.DuckDBPyConnection, source: str, regime: str) -> dict[str, str]:
    """Case -> its year of referral; years with too few cases to be shown are together."""
    text = "SELECT case_id, strftime(date_referral, '%Y') FROM cases WHERE source = ?"
    years: dict[str, str] = dict(connection.execute(text, [source]).fetchall())
    cases, least = Counter(years.values()), limits(regime).get("threshold", 0)
    return {case: year if cases[year] >= least else OTHER for case, year in years.items()}


def _of_field(
    connection: duckdb.DuckDBPyConnection, source: str, table: str, column: str, years: Mapping[str, str]
) -> Iterator[Counts]:
    """What a field holds: of the cases that it is asked of where its records are of cases, else of its records."""
    field, kinds = f"{table}.{column}", ["value", *vocabulary.read("missing").codes, "no_record"]
    per_case = bool(years) and "case_id" in TABLES[table].stored
    why = f"{column}_missing" if TABLES[table][column].typed_missing else column
    text = f"""SELECT {"case_id" if per_case else "NULL"}, CAST("{column}" AS VARCHAR), CAST("{why}" AS VARCHAR)
               FROM "{table}" WHERE source = ?"""
    records = [
        (case, _kind(value, reason, kinds)) for case, value, reason in connection.execute(text, [source]).fetchall()
    ]
    held = Counter((ALL, kind) for _, kind in records)  # year and kind -> how many
    if per_case:
        best = dict[str, str]()
        for case, kind in records:
            best[case] = min(best.get(case, "no_record"), kind, key=kinds.index)
        asked = f"SELECT case_id FROM cases WHERE source = ? AND {_ASKED.get(field, 'TRUE')}"
        cases = connection.execute(asked, [source]).fetchall()
        kind_of = [(case, best.get(case, "no_record")) for (case,) in cases]
        held = Counter(pair for case, kind in kind_of for pair in {(years[case], kind), (ALL, kind)})
    for year in {ALL, *(year for year, _ in held)}:
        n_of = sum(n for (other, _), n in held.items() if other == year)
        yield ("fields", (field, year)), {"n": held[year, "value"], "n_of": n_of}
    yield ("absences", (field,)), {f"n_{kind}": held[ALL, kind] for kind in kinds[1:]}


def _kind(value: str | None, reason: str | None, kinds: Sequence[str]) -> str:
    return "value" if value is not None and value not in kinds[1:-1] else reason or "empty"
