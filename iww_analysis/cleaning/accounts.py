"""Keep the accounts of a build: what changed, what was set aside, where it came from, and what became of every row."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from iww_analysis.cleaning import clean, ledger
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet
from iww_analysis.cleaning.records import heading_of, iter_columns
from iww_analysis.cleaning.settle import SettledSource
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES


def ledger_of(source: str, settled: SettledSource) -> dict[str, Any]:
    """Give the account of every row of every file (docs/formats/ledger.md); refuses one that does not balance."""
    lines = []
    for sheet in settled.sheets:
        line: dict[str, Any] = {"delivery": sheet.origin.received.isoformat()}
        place = Place(sheet.raw.file, sheet.raw.name)
        if isinstance(sheet, KnownSheet):
            line |= ledger.entry(place, sheet.rows_in_file, settled.rows[sheet])
            line["headings_absent"] = list(sheet.absent_headings)
            line["n_headings_unknown"] = len(sheet.unknown_headings)
        else:
            passed = pd.DataFrame({"kind": "excluded", "fate": None, "reason": None}, index=range(sheet.rows_in_file))
            line |= ledger.entry(place, sheet.rows_in_file, passed)
            line["not_read_because"] = sheet.note
        ledger.check(line)
        lines.append(line)
    return {"format": ledger.FORMAT, "source": source, "sheets": lines, "recorded": _recorded(settled.sheets)}


def _recorded(sheets: Sequence[DeliveredSheet]) -> list[str]:
    """Name every `table.column` that the source's forms hold at all."""
    names = {
        f"{table.name}.{column}"
        for sheet in sheets if isinstance(sheet, KnownSheet)
        for table in TABLES.values()
        for column in iter_columns(sheet.entry, table, sheet.absent_headings)
    }  # fmt: skip
    return sorted(names)


def accounts(
    source: str, settled: SettledSource, problems: Sequence[pd.DataFrame], lines: Sequence[Mapping[str, Any]]
) -> dict[str, pd.DataFrame]:
    """Give the accounts as tables: changes, set_aside, renewed and sources (docs/formats/processed.md).

    `problems`: those found when all sheets were together; `lines`: the ledger's, one per sheet.
    """
    kept = [line["rows_kept"] for line in lines]
    tables = {
        "changes": _changes(settled.changes),
        "set_aside": _set_aside(settled, problems),
        "renewed": settled.renewed.astype({"n": "int64"}),
        "sources": pd.DataFrame(list(map(_sheet, settled.sheets, kept))),
    }
    for table in tables.values():
        table.insert(0, "source", source)
    return tables


def _changes(changes: clean.Changes) -> pd.DataFrame:
    """One row per distinct table, column, raw text, new value and rule, with n; in one order, missing texts last."""
    *words, n = clean.CHANGE_COLUMNS
    table = pd.DataFrame(changes.keys(), columns=words, dtype="str").assign(**{n: list(changes.values())})
    return table.sort_values(words, ignore_index=True).astype({n: "int64"})


def _set_aside(settled: SettledSource, problems: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row per problem: place, column (as the source heads it), rule and severity; never the content of a cell.

    A row that counts elsewhere (delivered again, corrected later) is not complained of twice; of a row that is set
    aside only what decided that is told; a record that goes while its row stays is a matter of a cell.
    """
    every = clean.join(
        [*(_of_sheet(settled, sheet) for sheet in settled.rows), *(p.assign(fate="kept") for p in problems)],
        [*clean.PROBLEM_COLUMNS, "fate"],
    ).drop_duplicates()
    sheets = {sheet.source_id: sheet for sheet in settled.rows}
    anchors = every["source_id"].map({source_id: sheet.entry.anchor for source_id, sheet in sheets.items()})
    of_anchor = every["table"].isin([""]) | (every["table"] == anchors)
    every.loc[~of_anchor & every["severity"].eq("row"), "severity"] = "cell"
    told = every["fate"].eq("kept") | (every["fate"].eq("set_aside") & every["severity"].eq("row"))
    every = every[told].drop(columns="fate")
    every["file"] = every["source_id"].map({source_id: sheet.place.file for source_id, sheet in sheets.items()})
    every["sheet"] = every["source_id"].map({source_id: sheet.raw.name for source_id, sheet in sheets.items()})
    places = list(every[["source_id", "group", "column"]].itertuples(index=False, name=None))
    headings = {place: heading_of(sheets[place[0]].entry, int(place[1]), place[2]) for place in set(places)}
    every["heading"] = [headings[place] for place in places]
    every = every.drop(columns="group").astype({"source_row": "int64"})
    return every.sort_values(["source_id", "source_row", "table", "column", "rule"], ignore_index=True)


def _of_sheet(settled: SettledSource, sheet: KnownSheet) -> pd.DataFrame:
    """The problems of a sheet with the fate of their rows, and rows that were set aside for what they are to other rows."""
    rows = settled.rows[sheet]
    aside = rows.loc[rows["reason"].isin(["ragged", "contradiction"]), "reason"].astype("str").to_frame("rule")
    of_rows = aside.assign(
        table="", column="", source_id=sheet.source_id, source_row=aside.index, group=-1, severity="row"
    )
    every = clean.join([settled.problems[sheet], of_rows], clean.PROBLEM_COLUMNS)
    return every.assign(fate=rows["fate"].reindex(every["source_row"]).astype("str").to_numpy())


def _sheet(sheet: DeliveredSheet, rows_kept: int) -> dict[str, object]:
    """One line of the table of sources."""
    card, read = sheet.origin, isinstance(sheet, KnownSheet)
    return {
        "source_id": sheet.source_id if read else "", "file": sheet.raw.file, "sheet": sheet.raw.name,
        "sha256": card.files[sheet.raw.file], "received": card.received.isoformat(),
        "extraction_date": card.extraction_date.isoformat(), "period_from": _day(card.period[:1]),
        "period_to": _day(card.period[-1:]), "encoding": sheet.raw.encoding, "delimiter": sheet.raw.delimiter,
        "read": read, "note": sheet.note, "rows_in_file": sheet.rows_in_file, "rows_kept": rows_kept,
    }  # fmt: skip


def _day(days: Sequence[dt.date]) -> str:
    return days[0].isoformat() if days else ""
