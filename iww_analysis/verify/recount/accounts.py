"""Hold the account of every row, and count again what a report says of its sources' data.

The account: what the ledger says of each sheet, what the receipts say of their sources, what lies there. The data: rows,
reasons, changes, cases per year, what each field holds; what is told in words, and what one delivery did to another, is held by
making the report anew alone.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from duckdb import DuckDBPyConnection as Connection

from iww_analysis import vocabulary
from iww_analysis.disclosure import public_names
from iww_analysis.disclosure.public_names import PublicNames
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES
from iww_analysis.verify.evidence import Contents, Document
from iww_analysis.verify.outcome import Check, Tally
from iww_analysis.verify.recount import rule

# what the rows of a sheet are, and what became of those that were read (docs/formats/ledger.md)
_KINDS = ("title", "header", "empty", "total", "footnote", "excluded", "read")
_FATES = ("kept", "set_aside", "duplicate", "superseded")
ALL = "all"  # years
RECEIPTS = ("quality.json", "receipts/quality.json")
# of closed cases alone: on a day, in a month, or by what their status or else their reason says
_CLOSED = """(date_closed IS NOT NULL OR date_closed_month IS NOT NULL OR status = 'closed'
    OR (coalesce(status NOT IN ('open', 'paused'), TRUE) AND closure_reason IS NOT NULL
        AND NOT list_contains(['empty', 'unknown', 'not_applicable', 'refused', 'suppressed', 'unreadable', 'not_recorded'],
                              closure_reason)))"""
_ASKED = {"cases.date_closed": _CLOSED, "cases.closure_reason": _CLOSED}
_COUNTED = {
    "changed": "SELECT rule, sum(n) FROM changes WHERE source = $s GROUP BY ALL",
    "changed_fields": """SELECT rule, "table" || '.' || "column", sum(n) FROM changes WHERE source = $s GROUP BY ALL""",
}
_KINDS_OF = """SELECT 'meetings', kind, count(*) FROM meetings WHERE source = $s GROUP BY ALL
    UNION ALL SELECT 'themes', kind, count(*) FROM themes WHERE source = $s GROUP BY ALL"""
_PROBLEMS = "SELECT file, sheet, heading, rule, severity, count(*) FROM set_aside WHERE source = $s GROUP BY ALL"
# cases of which the day of referral comes from a list of referrals, and those of them whose referrals have that day
_FIRST_REFERRALS = """SELECT source, count(*), count(*) FILTER (EXISTS (
    SELECT 1 FROM referrals r WHERE r.source = c.source AND r.case_id = c.case_id AND r.date = c.date_referral))
  FROM cases c SEMI JOIN (FROM set_aside WHERE rule = 'first_referral') USING (source, source_id, source_row)
  GROUP BY source"""
Hashes = Mapping[str, Mapping[str, str]]  # source -> "received/file" -> SHA-256 on its card
PartKeys = tuple[str, tuple[str, ...]]  # the part of a receipt, and the values of its keys
Counts = Iterator[
    tuple[PartKeys, dict[str, tuple[int, rule.Cell]]]
]  # with the cell of a vector that says what is shown


def check(
    connection: Connection, ledgers: Mapping[str, Sequence[Document]], hashes: Hashes, receipts: Contents
) -> Sequence[Check]:
    """Hold the row account. `hashes`: those of the cards; `receipts`: by path."""
    lines = {(source, source_id(line)): line for source, sheets in ledgers.items() for line in sheets}
    tally = Tally("ledger", "stored", "sources")
    for (source, _), line in lines.items():  # every row of a file is of one kind, and one that was read has one fate
        place = Place(f"data/processed/{source}/ledger.json", line["sheet"] or line["file"])
        sums = {
            "rows_in_file": sum(line[f"rows_{kind}"] for kind in _KINDS),
            "rows_read": sum(line[f"rows_{fate}"] for fate in _FATES),
            "rows_set_aside": sum(line["set_aside_by_reason"].values()),
        }
        for total, parts in sums.items():
            words = {"total": total, "found": line[total], "expected": parts}
            tally.hold("ledger", line[total] == parts, "verify_ledger", place, **words)
    for table in TABLES:  # no table holds rows of a sheet that the ledger does not keep
        text = f'SELECT source, source_id, count(DISTINCT source_row), max(source_row) FROM "{table}" GROUP BY ALL'
        for source, sheet, rows, last in connection.execute(text).fetchall():
            kept = lines.get((source, sheet), {"rows_kept": 0, "rows_in_file": 0})
            words = {"sheet": sheet, "found": rows, "expected": kept["rows_kept"]}
            accounted = rows <= kept["rows_kept"] and last <= kept["rows_in_file"]
            place = Place(f"data/processed/{source}/{table}.parquet")
            tally.hold("stored", accounted, "verify_stored", place, **words)
    for source, n, n_found in connection.execute(_FIRST_REFERRALS).fetchall():  # a day that no list tells is made up
        place = Place(f"data/processed/{source}/cases.parquet")
        tally.hold("stored", n == n_found, "verify_first_referral", place, n=n, found=n_found)
    for path, content in receipts.items():  # the sources on a receipt are the sheets that were read of these sources
        try:
            receipt = json.loads(content)
            named = {(line["source"], line["source_id"]): line for line in receipt["sources"]}
            known = _by_public_names(ledgers, receipt) if receipt["access"] == "public" else lines
            of = {source for source, _ in named}
            read = {sheet for sheet, line in known.items() if sheet[0] in of and "not_read_because" not in line}
            same = {sheet: _same(named.get(sheet), known.get(sheet), hashes) for sheet in sorted({*named, *read})}
        except (ValueError, KeyError, TypeError):
            tally.fault("sources", "verify_receipt_broken", Place(path))
            continue
        for (source, sheet), holds in same.items():
            tally.hold("sources", holds, "verify_source", Place(path), source=source, sheet=sheet)
    return tally.checks


def source_id(line: Document) -> str:
    """The delivery and sheet that a line of the ledger speaks of."""
    return f"{line['delivery']}/{line['file']}" + (f"#{line['sheet']}" if line["sheet"] else "")


def _by_public_names(ledgers: Mapping[str, Sequence[Document]], receipt: Document) -> dict[tuple[str, str], Document]:
    """The lines of the ledgers as a public receipt calls their sheets; `delivered`: the file as it was."""
    called = {source: _names(sheets, receipt) for source, sheets in ledgers.items()}
    each = [(source, line, called[source].of(line)) for source, sheets in ledgers.items() for line in sheets]
    return {(source, source_id(shown)): shown | {"delivered": line["file"]} for source, line, shown in each}


def _names(sheets: Sequence[Document], receipt: Document) -> PublicNames:
    return PublicNames(sheets, "en" if receipt["parameters"]["lang"] == "en" else "nl")


def _same(named: Document | None, line: Document | None, hashes: Hashes) -> bool:
    """Whether a receipt says of a sheet what its ledger and card say: a public one no hash, and not how many rows."""
    if named is None or line is None:
        return False
    rows = all(named[count] == line[count] for count in ("rows_in_file", "rows_kept") if count in named)
    sha = hashes[named["source"]].get(f"{line['delivery']}/{line.get('delivered', line['file'])}")
    return rows and named.get("sha256", sha) == sha and (named["file"], named["sheet"]) == (line["file"], line["sheet"])


def check_quality(
    connection: Connection, ledgers: Mapping[str, Document], receipts: Mapping[str, Document], shown: rule.Shown
) -> Check:
    """Hold the receipts of the sources, by path, against a recount, and what they show against the vectors of the sources."""
    tally, recounts = Tally("quality"), dict[str, dict[PartKeys, dict[str, tuple[int, rule.Cell]]]]()
    for path, receipt in receipts.items():
        for mark in receipt["marks"]:
            source, regime = mark["mark"]["source"], receipt["rules"][mark["mark"]["source"]]
            if source not in recounts:
                names = _names(ledgers[source]["sheets"], receipt)
                recounts[source] = dict(_recounted(connection, source, ledgers[source], names))
            keys = tuple(value for key, value in mark["mark"].items() if key != "source")
            named = {"part": mark["part"], "mark": ", ".join(f"{key}={value}" for key, value in mark["mark"].items())}
            for name, (count, cell) in recounts[source].get((mark["part"], keys), {}).items():
                may_be_shown = shown.cell(source, cell, count) if regime == "register" else count
                for kind, expected in (("drawn", may_be_shown), ("raw", count)):
                    if name in mark.get(kind, {}):
                        pair = {"found": mark[kind][name], "expected": expected}
                        same = pair["found"] == expected
                        numbers = {k: "x" if value is None else value for k, value in pair.items()}
                        tally.hold("quality", same, "verify_quality", Place(path), **named, number=name, **numbers)
    return tally.checks[0]


def _recounted(connection: Connection, source: str, ledger: Document, names: PublicNames) -> Counts:
    """Every number of one source that can be counted again; `names`: what the report calls its files and sheets."""
    for line in ledger["sheets"]:
        at = (line["delivery"], line["file"], line["sheet"])
        place = (line["delivery"], names.file(line["file"]), names.sheet(line["sheet"]))
        rows = {what: n for what, n in line.items() if what.startswith("rows_")}
        for part, counts in (("rows", rows), ("reasons", line["set_aside_by_reason"])):
            yield from (((part, (*place, what)), {"n": (n, _cell(part, *at, what))}) for what, n in counts.items())
        for link in line.get("links", ()):
            to = (link["column"], link["table"])
            n, met = _met(connection, source, source_id(line), link["table"], link["column"])
            for what, count in (("n", n), ("n_met", met)):
                yield ("links", (*place, *to, what)), {"n": (count, _cell("links", *at, *to, what))}
    yield from _filled(ledger, names)
    for part, text in _COUNTED.items():
        for *keys, n in connection.execute(text, {"s": source}).fetchall():
            told = tuple(map(str, keys))
            yield (part, told), {"n": (int(n), _cell(part, *told))}
    for table, kind, n in connection.execute(_KINDS_OF, {"s": source}).fetchall():
        told = ("", "", f"{table}.kind", str(kind), "")
        yield ("unused", told), {"n": (int(n), (f"quality.{table}", "total", str(kind)))}
    yield from _problems(connection, source, names)
    years = _years(connection, source)
    per_year = Counter(years.values()) + Counter({ALL: len(years)})
    yield from (
        (("cases", (year,)), {"n": (n, _of_year("quality.cases", year, "n_in"))}) for year, n in per_year.items()
    )
    for field in ledger["recorded"]:
        table, _, column = field.partition(".")
        if column in TABLES[table].stored:
            yield from _of_field(connection, source, table, column, years)


def _cell(part: str, *keys: str) -> rule.Cell:
    return ("quality", part, *keys)


def _of_year(question: str, year: str, of_all: str) -> rule.Cell:
    return (question, of_all) if year == ALL else (question, "total", year)


def _problems(connection: Connection, source: str, names: PublicNames) -> Counts:
    """What rules found, by file, sheet and heading as the report calls them."""
    n_of = Counter[tuple[str, ...]]()
    for file, sheet, heading, *rest, n in connection.execute(_PROBLEMS, {"s": source}).fetchall():
        n_of[str(file), str(sheet), public_names.heading(str(heading)), *map(str, rest)] += int(n)
    for (file, sheet, *rest), n in n_of.items():
        yield (
            ("problems", (names.file(file), names.sheet(sheet), *rest)),
            {"n": (n, _cell("problems", file, sheet, *rest))},
        )


def _filled(ledger: Document, names: PublicNames) -> Counts:
    """The cells that are filled under each heading, over all deliveries."""
    n_of = Counter[tuple[str, str, str, str]]()
    for line in ledger["sheets"]:
        for column in line.get("columns", ()):
            why, heading = (
                public_names.said(column["reason"]) or column["code"],
                public_names.heading(column["heading"]),
            )
            n_of[line["sheet"], heading, ", ".join(column["fields"]), why] += column["n"]
    for (sheet, heading, fields, why), n in n_of.items():
        told = (names.sheet(sheet), heading, fields, "", why)
        yield ("unused", told), {"n": (n, _cell("unused", sheet, heading, fields, why))}


def _met(connection: Connection, source: str, sheet: str, table: str, column: str) -> tuple[int, int]:
    """The records of a sheet that have an identifier, and those of them whose owner is there."""
    owner = next(t.name for t in TABLES.values() if t.key == (column,) and not t.inherits)
    known = f'SELECT "{column}" FROM "{owner}" WHERE source = $s'
    text = f"""SELECT COUNT("{column}"), COUNT("{column}") FILTER ("{column}" IN ({known}))
               FROM "{table}" WHERE source = $s AND source_id = $id"""
    n, met = connection.execute(text, {"s": source, "id": sheet}).fetchall()[0]
    return int(n), int(met)


def _years(connection: Connection, source: str) -> dict[str, str]:
    """Case -> its year of referral."""
    text = "SELECT case_id, coalesce(strftime(date_referral, '%Y'), left(date_referral_month, 4)) FROM cases WHERE source = ?"
    return dict(connection.execute(text, [source]).fetchall())


def _of_field(connection: Connection, source: str, table: str, column: str, years: Mapping[str, str]) -> Counts:
    """What a field holds: of the cases that it is asked of where its records are of cases, else of its records."""
    field, kinds = f"{table}.{column}", ["value", *vocabulary.read("missing").codes, "no_record"]
    per_case = bool(years) and "case_id" in TABLES[table].stored
    why = f"{column}_missing" if TABLES[table][column].typed_missing else column
    text = f"""SELECT {"case_id" if per_case else "NULL"}, CAST("{column}" AS VARCHAR), CAST("{why}" AS VARCHAR)
               FROM "{table}" WHERE source = ?"""
    held, best = Counter[tuple[str, str]](), dict[str, str]()  # year and kind -> how many; case -> its fullest record
    for case, value, reason in connection.execute(text, [source]).fetchall():
        kind = "value" if value is not None and value not in kinds[1:-1] else reason or "empty"
        held[ALL, kind] += 1
        if per_case:
            best[case] = min(best.get(case, "no_record"), kind, key=kinds.index)
    if per_case:
        asked = f"SELECT case_id FROM cases WHERE source = ? AND {_ASKED.get(field, 'TRUE')}"
        kind_of = [(case, best.get(case, "no_record")) for (case,) in connection.execute(asked, [source]).fetchall()]
        held = Counter(pair for case, kind in kind_of for pair in {(years[case], kind), (ALL, kind)})
    of, asked_in = f"quality.{field}", "quality.closed" if field in _ASKED else "quality.cases"
    for year in {ALL, *(year for year, _ in held)}:
        n_of = sum(n for (other, _), n in held.items() if other == year)
        whole = _of_year(asked_in, year, "n_in") if per_case else _cell("records", table)
        counts = {"n": (held[year, "value"], _of_year(of, year, "n_out")), "n_of": (n_of, whole)}
        yield ("fields", (field, year)), counts
    yield ("absences", (field,)), {f"n_{kind}": (held[ALL, kind], (of, "left_out", kind)) for kind in kinds[1:]}
