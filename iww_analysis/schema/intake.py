"""Take in one sheet: which row is what, which headings are known, and the records that its rows make."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from rapidfuzz import fuzz, process

from iww_analysis import vocabulary
from iww_analysis.errors import IwwError, Message, Place, fail
from iww_analysis.schema import layout
from iww_analysis.schema.crosswalk import SheetWalk
from iww_analysis.schema.records import split_rows
from iww_analysis.schema.tables import Table, Tables

ROW_FATES = ("kept", "set_aside", "duplicate", "superseded")


@dataclass(frozen=True)
class Intake:
    """What one sheet holds. `kinds`: row -> one of layout.KINDS; `rows`: the rows that are read, a column per heading.

    `ragged` marks rows with more or fewer cells than there are headings; `content` is a hash of each row's cells,
    by which a row that was delivered twice is known.
    """

    source_id: str
    place: Place
    walk: SheetWalk
    kinds: pd.Series
    rows: pd.DataFrame
    ragged: pd.Series
    content: pd.Series
    absent_headings: tuple[str, ...]
    unknown_headings: tuple[str, ...]


def take_in(cells: pd.DataFrame, widths: pd.Series | None, walk: SheetWalk, place: Place, source_id: str) -> Intake:
    """Read a sheet of text by its crosswalk; raises IwwError when no header is found or a needed heading is gone."""
    header = layout.header_row(cells, walk.known_headings) if len(cells) else None
    if header is None:
        raise fail("no_header", place, expected=", ".join(walk.known_headings[:6]))
    positions = layout.headings(cells, header)
    matched = layout.match_headings(list(positions), walk.known_headings)
    data = cells.rename(columns={positions[own]: wanted for wanted, own in matched.items()})
    kinds = layout.row_kinds(cells, header, _excluded(data, walk))
    read = kinds.index[kinds == "read"]
    known = set(matched.values())
    return Intake(
        source_id, place, walk, kinds,
        rows=data.loc[read, [name for name in walk.columns if name in matched]],
        ragged=_ragged(widths, header).reindex(read, fill_value=False),
        content=pd.util.hash_pandas_object(cells.loc[read, sorted(positions.values())], index=False),
        absent_headings=tuple(name for name in (*walk.columns, *walk.ignore) if name not in matched),
        unknown_headings=tuple(name for name in positions if name not in known),
    )  # fmt: skip


def _excluded(data: pd.DataFrame, walk: SheetWalk) -> pd.Series:
    excluded = pd.Series(False, index=data.index)
    for rule in walk.exclude:
        if rule.heading in data:
            excluded |= data[rule.heading].map(vocabulary.key) == vocabulary.key(rule.equals)
    return excluded


def _ragged(widths: pd.Series | None, header: int) -> pd.Series:
    return pd.Series(dtype=bool) if widths is None else widths != widths[header]


def records(intake: Intake, tables: Tables, givens: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Give the records of every table as text, with `source_id` and `source_row`; ragged rows make none."""
    split = split_rows(intake.rows[~intake.ragged], intake.walk, tables, givens)
    return {name: frame.assign(source_id=intake.source_id) for name, frame in split.items()}


def heading_messages(intake: Intake, tables: Tables) -> list[Message]:
    """Say which headings the crosswalk does not know, which it expects in vain, and which are open questions."""
    place = intake.place
    said = [
        Message("heading_unknown", Place(place.file, place.sheet, column=name), {"nearest": _nearest(name)})
        for name in intake.unknown_headings
    ]
    said += [Message("heading_absent", Place(place.file, place.sheet, column=name)) for name in intake.absent_headings]
    said += [Message("heading_open", Place(place.file, place.sheet, column=name)) for name in intake.walk.open_headings]
    return said


def refuse_without_required(intake: Intake, table: Table) -> None:
    """Refuse a sheet whose heading for a required column of its anchor is gone: every row would be set aside."""
    gone = [
        Message("heading_required", Place(intake.place.file, intake.place.sheet, column=heading), {"means": column.nl})
        for column in table if column.required
        for heading in [intake.walk.heading_of(table.name, column.name)] if heading in intake.absent_headings
    ]  # fmt: skip
    if gone:
        raise IwwError(*gone)


def row_fates(
    intakes: list[Intake], anchors: list[pd.DataFrame], refused: pd.DataFrame, tables: Tables
) -> pd.DataFrame:
    """Decide for every read row what becomes of it, over all sheets whose rows make records of one table.

    `anchors`: per intake the clean anchor records; `refused`: problems of severity row. Gives source_id, source_row,
    fate (one of ROW_FATES) and reason. A row that a later delivery repeats counts once, at the later delivery; a later
    record with the same key replaces an earlier one; two unlike records with one key in one delivery contradict. A
    delivery is a day of receipt, with which a `source_id` begins.
    """
    rows = pd.concat([
        pd.DataFrame({"source_id": i.source_id, "source_row": i.rows.index, "delivery": i.source_id.split("/")[0],
                      "content": i.content.to_numpy(), "ragged": i.ragged.to_numpy(dtype=bool)})
        for i in intakes
    ], ignore_index=True)  # fmt: skip
    rows["fate"], rows["reason"] = "kept", None
    whole = rows[~rows["ragged"]]  # a row with a cell too many is no repetition of one without
    last = whole.groupby("content")["delivery"].transform("max")
    again = (whole["delivery"] < last) | whole.duplicated(["content", "delivery"])
    rows.loc[again[again].index, "fate"] = "duplicate"
    why = refused.drop_duplicates(["source_id", "source_row"]).set_index(["source_id", "source_row"])["rule"]
    place = pd.MultiIndex.from_frame(rows[["source_id", "source_row"]])
    reason = pd.Series(place.map(why.to_dict().get), index=rows.index, dtype="object").mask(rows["ragged"], "ragged")
    _set_aside(rows, reason.where(rows["fate"].eq("kept")))
    key = list(tables[intakes[0].walk.anchor].key)
    known = rows[rows["fate"] == "kept"].merge(
        pd.concat(anchors), on=["source_id", "source_row"], how="left", validate="one_to_one"
    )
    _set_aside(rows, _contradictions(rows, known, key))
    kept = known[known["source_row"].notna()].merge(rows.loc[rows["fate"] == "kept", ["source_id", "source_row"]])
    whole_by = list(tables[intakes[0].walk.anchor].renewed_by)
    newest = kept.groupby(whole_by or key, dropna=bool(whole_by))["delivery"].transform("max")
    old = pd.MultiIndex.from_frame(kept.loc[kept["delivery"] < newest, ["source_id", "source_row"]])
    rows.loc[place.isin(old), "fate"] = "superseded"
    return rows[["source_id", "source_row", "fate", "reason"]]


def _set_aside(rows: pd.DataFrame, reason: pd.Series) -> None:
    rows.loc[reason.notna(), "fate"] = "set_aside"
    rows.loc[reason.notna(), "reason"] = reason[reason.notna()]


def _contradictions(rows: pd.DataFrame, known: pd.DataFrame, key: list[str]) -> pd.Series:
    told = [
        c
        for c in map(str, known)
        if c not in ("source_id", "source_row", "content", "ragged", "fate", "reason") and not c.endswith("_raw")
    ]
    first = known.drop_duplicates([*key, "delivery"])
    same_as_first = known.merge(first[told].drop_duplicates(), on=told, how="left", indicator=True)["_merge"].eq("both")
    clash = pd.MultiIndex.from_frame(known.loc[~same_as_first.to_numpy(), ["source_id", "source_row"]])
    hit = pd.MultiIndex.from_frame(rows[["source_id", "source_row"]]).isin(clash)
    return pd.Series("contradiction", index=rows.index, dtype="object").where(hit)


def _nearest(heading: str) -> str:
    words = {vocabulary.key(word): word for entry in vocabulary.headings() for word in entry.words}
    best = process.extractOne(vocabulary.key(heading), list(words), scorer=fuzz.WRatio, score_cutoff=70)
    return words[best[0]] if best else "-"
