"""Hold the account of every row: what the ledger says of each sheet, what the receipts say of their sources, what lies there."""

import json
from collections.abc import Mapping, Sequence

import duckdb

from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES
from iww_analysis.verify.evidence import Document
from iww_analysis.verify.outcome import Check, Tally

# what the rows of a sheet are, and what became of those that were read (docs/formats/ledger.md)
_KINDS = ("title", "header", "empty", "total", "footnote", "excluded", "read")
_FATES = ("kept", "set_aside", "duplicate", "superseded")


def check(
    connection: duckdb.DuckDBPyConnection,
    ledgers: Mapping[str, Sequence[Document]],
    hashes: Mapping[str, Mapping[str, str]],
    receipts: Mapping[str, bytes],
) -> Sequence[Check]:
    """Hold the row account. `hashes`: source -> "received/file" -> SHA-256 on its card; `receipts`: by path."""
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
    for path, content in receipts.items():  # the sources on a receipt are the sheets that were read of these sources
        try:
            named = {(line["source"], line["source_id"]): line for line in json.loads(content)["sources"]}
            of = {source for source, _ in named}
            read = {sheet for sheet, line in lines.items() if sheet[0] in of and "not_read_because" not in line}
            same = {sheet: _same(named.get(sheet), lines.get(sheet), hashes) for sheet in sorted({*named, *read})}
        except (ValueError, KeyError, TypeError):
            tally.fault("sources", "verify_receipt_broken", Place(path))
            continue
        for (source, sheet), holds in same.items():
            tally.hold("sources", holds, "verify_source", Place(path), source=source, sheet=sheet)
    return tally.checks


def source_id(line: Document) -> str:
    """The delivery and sheet that a line of the ledger speaks of."""
    return f"{line['delivery']}/{line['file']}" + (f"#{line['sheet']}" if line["sheet"] else "")


def _same(named: Document | None, line: Document | None, hashes: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a receipt says of a sheet what its ledger and card say. A source is known by its name on the receipt."""
    if named is None or line is None:
        return False
    rows = all(named[count] == line[count] for count in ("rows_in_file", "rows_kept") if count in named)
    sha = hashes[named["source"]].get(f"{line['delivery']}/{line['file']}")
    return rows and named["sha256"] == sha and (named["file"], named["sheet"]) == (line["file"], line["sheet"])
