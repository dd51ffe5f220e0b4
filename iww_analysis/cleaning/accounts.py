"""Keep the accounts of a build: what changed, what was set aside, where it came from, and what became of every row."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from iww_analysis.cleaning import clean, ledger
from iww_analysis.cleaning.batches import Outcome, Part
from iww_analysis.cleaning.records import heading_of, iter_columns
from iww_analysis.commands.deliveries import Reading
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES


def accounts(
    source: str,
    readings: Sequence[Reading],
    outcome: Outcome,
    problems: Sequence[pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Give the accounts as tables: changes, set_aside, renewed and sources (docs/formats/processed.md)."""
    return {
        "changes": _changes(source, outcome.changes),
        "set_aside": _set_aside(source, outcome.parts, problems),
        "renewed": _renewed(source, outcome.renewed),
        "sources": _sources(source, readings, outcome.parts),
    }


def _changes(source: str, changes: clean.Changes) -> pd.DataFrame:
    """One row per distinct table, column, raw text, new value and rule, with n; in one order, missing texts last."""
    *words, n = clean.CHANGE_COLUMNS
    told = pd.DataFrame(changes.keys(), columns=words, dtype="str").assign(**{n: list(changes.values())})
    told.insert(0, "source", source)
    return told.sort_values(words, ignore_index=True).astype({"source": "str", n: "int64"})


def _set_aside(source: str, parts: Sequence[Part], problems: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row per problem: place, column (as the source heads it), rule and severity; never the content of a cell.

    A row that counts elsewhere (delivered again, corrected later) is not complained of twice; of a row that is set
    aside only what decided that is told; a record that goes while its row stays is a matter of a cell.
    """
    openings = {part.source_id: part.reading.opening for part in parts}
    walks = {name: opening.walk for name, opening in openings.items() if opening}
    every = clean.join(
        [*(_fated(part) for part in parts), *(p.assign(fate="kept") for p in problems)],
        [*clean.PROBLEM_COLUMNS, "fate"],
    )
    every = every.drop_duplicates()
    anchor = every["table"].isin([""]) | (
        every["table"] == every["source_id"].map({s: w.anchor for s, w in walks.items()})
    )
    every.loc[~anchor & every["severity"].eq("row"), "severity"] = "cell"
    told = every["fate"].eq("kept") | (every["fate"].eq("set_aside") & every["severity"].eq("row"))
    every = every[told].drop(columns="fate")
    every.insert(0, "source", source)
    every["file"] = every["source_id"].map({s: o.place.file for s, o in openings.items() if o})
    every["sheet"] = every["source_id"].map({s: o.place.sheet or "" for s, o in openings.items() if o})
    named = {
        place: heading_of(walks[place[0]], int(place[1]), place[2])
        for place in every[["source_id", "group", "column"]].drop_duplicates().itertuples(index=False, name=None)
    }
    every["heading"] = [
        named[place] for place in every[["source_id", "group", "column"]].itertuples(index=False, name=None)
    ]
    every = every.drop(columns="group").astype({"source_row": "int64"})
    return every.sort_values(["source_id", "source_row", "table", "column", "rule"]).reset_index(drop=True)


def _fated(part: Part) -> pd.DataFrame:
    """The problems of a part with the fate of their rows, and rows that were set aside for what they are to other rows."""
    fates = part.fates.set_index("source_row")
    rows = part.fates[part.fates["reason"].isin(["ragged", "contradiction"])].rename(columns={"reason": "rule"})
    own = rows.assign(table="", column="", source_id=part.source_id, group=-1, severity="row").astype({"rule": "str"})
    every = clean.join([part.problems, own], clean.PROBLEM_COLUMNS)
    return every.assign(fate=fates["fate"].reindex(every["source_row"]).astype("str").to_numpy())


def _renewed(source: str, renewed: pd.DataFrame) -> pd.DataFrame:
    """What each delivery changed of the one before it."""
    told = renewed.astype({"n": "int64"})
    told.insert(0, "source", source)
    return told


def _sources(source: str, readings: Sequence[Reading], parts: Sequence[Part]) -> pd.DataFrame:
    n_kept = Counter({part.source_id: 0 for part in parts})
    for part in parts:
        n_kept[part.source_id] += int((part.fates["fate"] == "kept").sum())
    return pd.DataFrame([
        {
            "source": source, "source_id": r.opening.source_id if r.opening else "", "file": r.sheet.file, "sheet": r.sheet.name,
            "sha256": r.origin.files[r.sheet.file], "received": r.origin.received.isoformat(),
            "extraction_date": r.origin.extraction_date.isoformat(), "period_from": _day(r.origin.period[:1]),
            "period_to": _day(r.origin.period[-1:]), "encoding": r.sheet.encoding,
            "delimiter": r.sheet.delimiter, "read": r.opening is not None, "note": r.note,
            "rows_in_file": r.rows_in_file, "rows_kept": n_kept[r.opening.source_id] if r.opening else 0,
        }
        for r in readings
    ])  # fmt: skip


def _day(days: Sequence[dt.date]) -> str:
    return days[0].isoformat() if days else ""


def ledger_of(source: str, readings: Sequence[Reading], parts: Sequence[Part]) -> dict[str, Any]:
    """Give the account of every row of every file (docs/formats/ledger.md); refuses one that does not balance."""
    lines = []
    for reading in readings:
        own = [part for part in parts if part.reading is reading]
        kinds = (
            pd.concat([part.kinds for part in own]) if own else pd.Series("excluded", index=range(reading.rows_in_file))
        )
        fates = pd.concat([part.fates for part in own]) if own else pd.DataFrame({"fate": [], "reason": []})
        line: dict[str, Any] = {"delivery": reading.origin.received.isoformat()}
        place = Place(reading.sheet.file, reading.sheet.name)
        line |= ledger.entry(place, reading.rows_in_file, kinds, fates["fate"], fates["reason"])
        if reading.opening:
            line["headings_absent"] = list(reading.opening.absent_headings)
            line["n_headings_unknown"] = len(reading.opening.unknown_headings)
        else:
            line["not_read_because"] = reading.note
        ledger.check(line)
        lines.append(line)
    return {"format": ledger.FORMAT, "source": source, "sheets": lines, "recorded": recorded(readings)}


def recorded(readings: Sequence[Reading]) -> list[str]:
    """Name every `table.column` that the source's forms hold at all."""
    names = {
        f"{table.name}.{column}"
        for reading in readings if reading.opening
        for table in TABLES.values()
        for column in iter_columns(reading.opening.walk, table, reading.opening.absent_headings)
    }  # fmt: skip
    return sorted(names)
