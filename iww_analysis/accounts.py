"""Keep the accounts of a build: what changed, what was set aside, where it came from, and what became of every row."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from iww_analysis.deliveries import Reading
from iww_analysis.errors import Place
from iww_analysis.schema import clean, ledger
from iww_analysis.schema.intake import Intake
from iww_analysis.schema.records import heading_of, iter_columns
from iww_analysis.study import TABLES


def accounts(
    source: str,
    readings: list[Reading],
    cleaned: Mapping[str, Mapping[str, clean.Cleaned]],
    fates: pd.DataFrame,
    problems: list[pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Give the three accounts as tables: changes, set_aside and sources (docs/formats/processed.md)."""
    results = [result for part in cleaned.values() for result in part.values()]
    changes = clean.join([r.changes for r in results], clean.CHANGE_COLUMNS)
    grouped = changes.groupby(["table", "column", "raw", "new", "rule"], dropna=False)["n"].sum().reset_index()
    places = {r.intake.source_id: r.intake for r in readings if r.intake}
    grouped.insert(0, "source", source)
    return {
        "changes": grouped.astype({"n": "int64"}),
        "set_aside": _set_aside(source, [*(r.problems for r in results), *problems], fates, places),
        "sources": _sources(source, readings, fates),
    }


def _set_aside(
    source: str, found: Iterable[pd.DataFrame], fates: pd.DataFrame, places: Mapping[str, Intake]
) -> pd.DataFrame:
    """One row per problem: place, column (as the source heads it), rule and severity; never the content of a cell.

    A row that counts elsewhere (delivered again, corrected later) is not complained of twice; of a row that is set
    aside only what decided that is told; a record that goes while its row stays is a matter of a cell.
    """
    problems = clean.join(found, clean.PROBLEM_COLUMNS)
    rows = fates.loc[fates["reason"].isin(["ragged", "contradiction"]), ["source_id", "source_row", "reason"]]
    rows = rows.rename(columns={"reason": "rule"}).assign(table="", column="", group=-1, severity="row")
    every = clean.join([problems, rows], clean.PROBLEM_COLUMNS).drop_duplicates()
    every = every.merge(
        fates[["source_id", "source_row", "fate"]], on=["source_id", "source_row"], validate="many_to_one"
    )
    anchor = every["table"].isin([""]) | (every["table"] == every["source_id"].map(lambda s: places[s].walk.anchor))
    every.loc[~anchor & every["severity"].eq("row"), "severity"] = "cell"
    told = every["fate"].eq("kept") | (every["fate"].eq("set_aside") & every["severity"].eq("row"))
    every = every[told].drop(columns="fate")
    every.insert(0, "source", source)
    every["file"] = [places[s].place.file for s in every["source_id"]]
    every["sheet"] = [places[s].place.sheet or "" for s in every["source_id"]]
    every["heading"] = [
        heading_of(places[s].walk, int(group), column)
        for s, group, column in zip(every["source_id"], every["group"], every["column"], strict=True)
    ]
    every = every.drop(columns="group")
    return every.sort_values(["source_id", "source_row", "table", "column", "rule"]).reset_index(drop=True)


def _sources(source: str, readings: list[Reading], fates: pd.DataFrame) -> pd.DataFrame:
    kept = fates[fates["fate"] == "kept"].groupby("source_id").size()
    return pd.DataFrame([
        {
            "source": source, "source_id": r.intake.source_id if r.intake else "", "file": r.sheet.file, "sheet": r.sheet.name,
            "sha256": r.origin.files[r.sheet.file], "received": r.origin.received.isoformat(),
            "extraction_date": r.origin.extraction_date.isoformat(), "encoding": r.sheet.encoding,
            "delimiter": r.sheet.delimiter, "read": r.intake is not None, "note": r.note,
            "rows_in_file": len(r.sheet.cells), "rows_kept": int(kept.get(r.intake.source_id, 0)) if r.intake else 0,
        }
        for r in readings
    ])  # fmt: skip


def ledger_of(source: str, readings: list[Reading], fates: pd.DataFrame) -> dict[str, Any]:
    """Give the account of every row of every file (docs/formats/ledger.md); refuses one that does not balance."""
    lines = []
    for reading in readings:
        place = Place(reading.sheet.file, reading.sheet.name)
        part = reading.intake
        own = fates[fates["source_id"] == (part.source_id if part else None)]
        kinds = part.kinds if part else pd.Series("excluded", index=reading.sheet.cells.index)
        line = {"delivery": reading.origin.received.isoformat()}
        line |= ledger.entry(place, len(reading.sheet.cells), kinds, own["fate"], own["reason"])
        if part is None:
            line["not_read_because"] = reading.note
        ledger.check(line)
        lines.append(line)
    return {"format": ledger.FORMAT, "source": source, "sheets": lines, "recorded": recorded(readings)}


def recorded(readings: list[Reading]) -> list[str]:
    """Name every `table.column` that the source's forms hold at all."""
    names = {
        f"{table.name}.{column}"
        for reading in readings if reading.intake
        for table in TABLES.values()
        for column in iter_columns(reading.intake.walk, table, reading.intake.absent_headings)
    }  # fmt: skip
    return sorted(names)
