"""Hold the account of every row: what the ledger says of each sheet, what the receipts say of their sources, what lies there."""

import json
from collections.abc import Mapping, Sequence

import duckdb

from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.verify.evidence import Document
from iww_analysis.verify.outcome import Check

# what the rows of a sheet are, and what became of those that were read (docs/formats/ledger.md)
_KINDS = ("title", "header", "empty", "total", "footnote", "excluded", "read")
_FATES = ("kept", "set_aside", "duplicate", "superseded")


def check(
    connection: duckdb.DuckDBPyConnection,
    ledgers: Mapping[str, Sequence[Document]],
    hashes: Mapping[str, Mapping[str, str]],
    receipts: Mapping[str, bytes],
) -> list[Check]:
    """Hold the row account. `hashes`: source -> "received/file" -> SHA-256 on its card; `receipts`: by path."""
    lines = {(source, source_id(line)): line for source, sheets in ledgers.items() for line in sheets}
    return [_balanced(lines), _stored(connection, lines), _named(lines, hashes, receipts)]


def source_id(line: Document) -> str:
    """The delivery and sheet that a line of the ledger speaks of."""
    return f"{line['delivery']}/{line['file']}" + (f"#{line['sheet']}" if line["sheet"] else "")


def _balanced(lines: Mapping[tuple[str, str], Document]) -> Check:
    """Every row of a file is of one kind, and every row that was read has one fate."""
    findings = []
    for (source, _), line in lines.items():
        sums = {
            "rows_in_file": sum(line[f"rows_{kind}"] for kind in _KINDS),
            "rows_read": sum(line[f"rows_{fate}"] for fate in _FATES),
            "rows_set_aside": sum(line["set_aside_by_reason"].values()),
        }
        findings += [
            Message("verify_ledger", Place(f"data/processed/{source}/ledger.json", line["sheet"] or line["file"]),
                    {"total": total, "found": line[total], "expected": parts})
            for total, parts in sums.items() if line[total] != parts
        ]  # fmt: skip
    return Check("ledger", 3 * len(lines), tuple(findings))


def _stored(connection: duckdb.DuckDBPyConnection, lines: Mapping[tuple[str, str], Document]) -> Check:
    """No table holds rows of a sheet that the ledger does not keep."""
    findings, n = [], 0
    for name in TABLES:
        text = f'SELECT source, source_id, count(DISTINCT source_row), max(source_row) FROM "{name}" GROUP BY ALL'
        for source, sheet, rows, last in connection.execute(text).fetchall():
            line, n = lines.get((source, sheet)), n + 1
            if line is None or rows > line["rows_kept"] or last > line["rows_in_file"]:
                words = {"sheet": sheet, "found": rows, "expected": line["rows_kept"] if line else 0}
                findings.append(Message("verify_stored", Place(f"data/processed/{source}/{name}.parquet"), words))
    return Check("stored", n, tuple(findings))


def _named(
    lines: Mapping[tuple[str, str], Document], hashes: Mapping[str, Mapping[str, str]], receipts: Mapping[str, bytes]
) -> Check:
    """The sources on a receipt are the sheets that were read of these sources, with their hash and their rows."""
    findings, n = [], 0
    for path, content in receipts.items():
        try:
            named = {(line["source"], line["source_id"]): line for line in json.loads(content)["sources"]}
            sources = {source for source, _ in named}
            read = {place for place, line in lines.items() if place[0] in sources and "not_read_because" not in line}
            wrong = [
                place for place in sorted({*named, *read}) if not _same(named.get(place), lines.get(place), hashes)
            ]
        except (ValueError, KeyError, TypeError):
            findings.append(Message("verify_receipt_broken", Place(path)))
            continue
        n += len({*named, *read})
        findings += [
            Message("verify_source", Place(path), {"source": source, "sheet": sheet}) for source, sheet in wrong
        ]
    return Check("sources", n, tuple(findings))


def _same(named: Document | None, line: Document | None, hashes: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a receipt says of a sheet what its ledger and card say. A source is known by its name on the receipt."""
    if named is None or line is None:
        return False
    rows = all(named[count] == line[count] for count in ("rows_in_file", "rows_kept") if count in named)
    sha = hashes[named["source"]].get(f"{line['delivery']}/{line['file']}")
    return rows and named["sha256"] == sha and (named["file"], named["sheet"]) == (line["file"], line["sheet"])
