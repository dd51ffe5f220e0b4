"""Keep the account of every row: what became of it, why it was set aside, what changed in it, and where it came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import pandas as pd

from iww_analysis.cleaning import clean
from iww_analysis.cleaning.changes import CHANGE_COLUMNS
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet
from iww_analysis.cleaning.records import heading_of, recorded_columns
from iww_analysis.cleaning.row_fates import ROW_FATES
from iww_analysis.cleaning.rules import referral_days
from iww_analysis.cleaning.settle import SettledSource
from iww_analysis.crosswalk.propose.linkage import OWNERS, Foldings, KeyColumn, Link, apart, key_columns, links
from iww_analysis.crosswalk.propose.unknown_words import shown
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.layout import KINDS

LEDGER_FORMAT = "iww-ledger/1"
COUNTS = ("rows_in_file", *(f"rows_{kind}" for kind in KINDS), *(f"rows_{fate}" for fate in ROW_FATES))
LONG = 200_000  # rows


def ledger_of(source: str, settled: SettledSource, linked: Mapping[DeliveredSheet, Sequence[Link]]) -> dict[str, Any]:
    """Give the account of every row of every file (docs/formats/ledger.md); refuses one that does not balance."""
    lines, recorded = [], set[str]()
    for sheet in settled.sheets:
        place = Place(sheet.raw.file, sheet.raw.name)
        if isinstance(sheet, KnownSheet):
            line = ledger_line(place, sheet.rows_in_file, settled.rows[sheet])
            line["headings_absent"] = list(sheet.absent_headings)
            line["n_headings_unknown"] = len(sheet.unknown_headings)
            line["columns"] = list(columns_of(sheet))
            line["links"] = [
                {"table": link.child.table, "column": link.child.column, "n": link.n, "n_met": link.n_met, "forms": link.forms,
                 "known_forms": link.known_forms, "foldings": list(link.foldings), "n_mended": link.n_mended}
                for link in linked.get(sheet, ())
            ]  # fmt: skip
            recorded |= recorded_columns(sheet.entry, sheet.absent_headings)
        else:
            passed = pd.DataFrame({"kind": "excluded", "fate": None, "reason": None}, index=range(sheet.rows_in_file))
            line = ledger_line(place, sheet.rows_in_file, passed)
            line["not_read_because"] = sheet.note
        refuse_unbalanced(line)
        lines.append({"delivery": sheet.origin.received.isoformat(), **line})
    if any(
        rule == referral_days.FOUND for *_, rule in settled.changes
    ):  # no heading gives it, a list of referrals does
        recorded.add("cases.date_referral")
    return {
        "format": LEDGER_FORMAT, "source": source, "sheets": lines, "recorded": sorted(recorded), "consent": settled.consent,
    }  # fmt: skip


def links_of(
    settled: SettledSource, tables: Mapping[str, pd.DataFrame], keys: Mapping[str, Foldings]
) -> dict[DeliveredSheet, list[Link]]:
    """Say per sheet how the identifiers of its kept records meet the table that owns them; forms and foldings where they do not.

    A long sheet is not read again for that: `check` tells them.
    """
    counted = {}
    for sheet in settled.rows:
        for table, column in dict.fromkeys(apart(sheet.entry)):
            if {table, OWNERS[column]} <= set(tables) and table != OWNERS[column]:
                own = tables[OWNERS[column]][column]
                records = tables[table]
                known = records.loc[records["source_id"].eq(sheet.source_id), column].dropna()
                counted[sheet, table, column] = len(known), int(known.isin(own).sum())
    gap = any(met < n for n, met in counted.values())
    short = gap and sum(sheet.rows_in_file for sheet in settled.rows) <= LONG
    columns = {
        sheet: list(key_columns(sheet.raw, sheet.entry, sheet.origin.received.isoformat()))
        for sheet in settled.rows
        if short
    }
    labels = any(sheet.origin.regime == "case_study" for sheet in settled.rows)
    read = {id(link.child): link for link in links([*chain(*columns.values())], keys, labels=labels)}
    found: dict[DeliveredSheet, list[Link]] = {}
    for (sheet, table, column), (n, met) in counted.items():
        alike = [c for c in columns.get(sheet, ()) if (c.table, c.column) == (table, column) and id(c) in read]
        child = alike[0] if alike else KeyColumn(table, column, sheet.place, sheet.source_id, {})
        link = read[id(child)] if alike else Link(child, n, met, "", "")
        found.setdefault(sheet, []).append(
            replace(
                link,
                n=n,
                n_met=met,
                n_mended=max(met, min(link.n_mended, n)),
                beside=(OWNERS[column], column) in apart(sheet.entry),
            )
        )
    return found


def columns_of(sheet: KnownSheet) -> Iterator[dict[str, Any]]:
    """Say of each delivered column what it fills, or why it is not read, and how many cells are filled.

    What it fills: the columns of the crosswalk, then those of other records that inherit them. A heading that no crosswalk knows
    is told only where it cannot point out a person. A column by which rows are left out, and that says nothing else, is no data.
    """
    entry = sheet.entry
    filled = {target.table for targets in entry.columns.values() for target in targets}
    may_show = dict(zip(sheet.unknown_headings, shown(sheet.unknown_headings), strict=True))
    by_rule = {rule.heading for rule in entry.exclude} - {*entry.columns, *entry.ignore, *entry.open_headings}
    for heading, position in sheet.positions.items():
        targets, n = entry.columns.get(heading, ()), sheet.n_filled[position]
        fields = [target.field for target in targets]
        fields += [f"{t}.{target.column}" for target in targets if target.table == entry.anchor and not target.constants
                   for t in sorted(filled - {entry.anchor}) if target.column in TABLES[t].inherits]  # fmt: skip
        code = (
            ""
            if targets
            else "ignored"
            if heading in entry.ignore
            else "open"
            if heading in entry.open_headings
            else "unknown"
        )
        told = heading if may_show.get(heading, True) else "…"
        if heading not in by_rule:
            yield {
                "heading": told,
                "fields": [*dict.fromkeys(fields)],
                "n": n,
                "code": code,
                "reason": entry.ignore.get(heading, ""),
            }


def ledger_line(place: Place, rows_in_file: int, rows: pd.DataFrame) -> dict[str, Any]:
    """Make one sheet's line of the ledger: each number counted on its own, none derived from another.

    `rows`: kind (one of layout.KINDS) of every row of the file; fate and reason of those that were read.
    """
    line: dict[str, Any] = {"file": place.file, "sheet": place.sheet or "", "rows_in_file": rows_in_file}
    line |= {f"rows_{kind}": int((rows["kind"] == kind).sum()) for kind in KINDS}
    line |= {f"rows_{fate}": int((rows["fate"] == fate).sum()) for fate in ROW_FATES}
    reasons = rows["reason"].dropna().astype("str").value_counts().sort_index()
    return line | {"set_aside_by_reason": {str(reason): int(n) for reason, n in reasons.items()}}


def refuse_unbalanced(line: Mapping[str, Any]) -> None:
    """Refuse a line of the ledger that does not balance: a row was lost or counted twice."""
    sums = (
        ("rows_in_file", line["rows_in_file"], sum(line[f"rows_{kind}"] for kind in KINDS)),
        ("rows_read", line["rows_read"], sum(line[f"rows_{fate}"] for fate in ROW_FATES)),
        ("set_aside_by_reason", line["rows_set_aside"], sum(line["set_aside_by_reason"].values())),
    )
    faults = [
        Message("ledger_unbalanced", Place(line["file"], line["sheet"]),
                {"total": total, "expected": expected, "found": parts})
        for total, expected, parts in sums if expected != parts
    ]  # fmt: skip
    if faults:
        raise IwwError(*faults)


def accounts(
    source: str, settled: SettledSource, problems: Sequence[pd.DataFrame], lines: Sequence[Mapping[str, Any]]
) -> dict[str, pd.DataFrame]:
    """Give the accounts as tables: changes, set_aside, renewed and sources (docs/formats/processed.md).

    `problems`: those found when all sheets were together; `lines`: the ledger's, one per sheet.
    """
    *words, n = CHANGE_COLUMNS
    changes = pd.DataFrame(settled.changes.keys(), columns=words, dtype="str")
    changes[n] = list(settled.changes.values())
    tables = {
        "changes": changes.sort_values(words, ignore_index=True).astype({n: "int64"}),  # missing texts last
        "set_aside": _set_aside(settled, problems),
        "renewed": settled.renewed.astype({"n": "int64"}),
        "sources": pd.DataFrame([
            _source_line(sheet, line["rows_kept"]) for sheet, line in zip(settled.sheets, lines, strict=True)
        ]),
    }  # fmt: skip
    for table in tables.values():
        table.insert(0, "source", source)
    return tables


def _set_aside(settled: SettledSource, problems: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row per problem: place, column (as the source heads it), rule and severity; never the content of a cell.

    A row that counts elsewhere (delivered again, corrected later) is not complained of twice; of a row that is set
    aside only what decided that is told; a record that goes while its row stays is a matter of a cell.
    """
    parts = [
        *(_problems_of_sheet(settled, sheet) for sheet in settled.rows),
        *(p.assign(fate="kept") for p in problems),
    ]
    every = clean.join(parts, [*clean.PROBLEM_COLUMNS, "fate"]).drop_duplicates()
    sheets = {sheet.source_id: sheet for sheet in settled.rows}
    anchors = every["source_id"].map({source_id: sheet.entry.anchor for source_id, sheet in sheets.items()})
    of_anchor = every["table"].isin([""]) | (every["table"] == anchors)
    every.loc[~of_anchor & every["severity"].eq("row"), "severity"] = "cell"
    decisive = every["fate"].eq("kept") | (every["fate"].eq("set_aside") & every["severity"].eq("row"))
    every = every[decisive].drop(columns="fate")
    every["file"] = every["source_id"].map({source_id: sheet.raw.file for source_id, sheet in sheets.items()})
    every["sheet"] = every["source_id"].map({source_id: sheet.raw.name for source_id, sheet in sheets.items()})
    places = list(every[["source_id", "group", "column"]].itertuples(index=False, name=None))
    headings = {place: heading_of(sheets[place[0]].entry, int(place[1]), place[2]) for place in set(places)}
    every["heading"] = [headings[place] for place in places]
    every = every.drop(columns="group").astype({"source_row": "int64"})
    return every.sort_values(["source_id", "source_row", "table", "column", "rule"], ignore_index=True)


def _problems_of_sheet(settled: SettledSource, sheet: KnownSheet) -> pd.DataFrame:
    """The problems of a sheet with the fate of their rows, and rows that were set aside for what they are to other rows."""
    rows = settled.rows[sheet]
    aside = rows.loc[rows["reason"].isin(["ragged", "contradiction"]), "reason"].astype("str").to_frame("rule")
    aside = aside.assign(
        table="", column="", source_id=sheet.source_id, source_row=aside.index, group=-1, severity="row"
    )
    every = clean.join([settled.problems[sheet], aside])
    return every.assign(fate=rows["fate"].reindex(every["source_row"]).astype("str").to_numpy())


def _source_line(sheet: DeliveredSheet, rows_kept: int) -> dict[str, object]:
    origin, read = sheet.origin, isinstance(sheet, KnownSheet)
    first, last = (day[0].isoformat() if day else "" for day in (origin.period[:1], origin.period[-1:]))
    return {
        "source_id": sheet.source_id if read else "", "file": sheet.raw.file, "sheet": sheet.raw.name,
        "sha256": origin.files[sheet.raw.file], "received": origin.received.isoformat(),
        "extraction_date": origin.extracted(sheet.raw.file).isoformat(), "period_from": first, "period_to": last,
        "encoding": sheet.raw.encoding, "delimiter": sheet.raw.delimiter,
        "read": read, "note": sheet.note, "rows_in_file": sheet.rows_in_file, "rows_kept": rows_kept,
    }  # fmt: skip
