"""Build a source: raw files to processed tables, with the account of every row."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from iww_analysis import privacy
from iww_analysis.errors import IwwError, Message, Place, fail
from iww_analysis.io import files, sheets, store
from iww_analysis.io.home import Home, delivered_file, read_origin, secret_key
from iww_analysis.notices import notices
from iww_analysis.schema import clean, contract, crosswalk, intake, ledger, origin
from iww_analysis.schema.crosswalk import Crosswalk
from iww_analysis.schema.intake import Intake
from iww_analysis.schema.origin import Origin
from iww_analysis.schema.records import heading_of, iter_columns
from iww_analysis.schema.tables import Table
from iww_analysis.study import NOUNS, TABLES, Study, together

LEDGER = "ledger.json"


@dataclass(frozen=True)
class Reading:
    """One sheet of one delivery: as it lies on disk, and as taken in."""

    origin: Origin
    sheet: sheets.Sheet
    intake: Intake | None  # None: the crosswalk does not read this sheet
    note: str = ""


@dataclass
class Built:
    """Processed tables of a source, the account, what a person must act on, and what was found in the rows."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ledger: dict[str, Any] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    notices: list[Message] = field(default_factory=list)
    refused: bool = False


def read_crosswalk(home: Home, source: str) -> Crosswalk:
    """Read and check a source's crosswalk."""
    path = home.crosswalk(source)
    return crosswalk.parse(files.read_toml(path), TABLES, path.name)


def read_deliveries(home: Home, source: str, walk: Crosswalk, refusals: list[Message]) -> list[Reading]:
    """Read every sheet of every delivery, oldest first; a file that is refused is said in `refusals`."""
    readings: list[Reading] = []
    for delivery in home.deliveries(source):
        card = origin.parse(read_origin(delivery), source)
        for name, expected in card.files.items():
            try:
                readings += _read_file(delivery, name, expected, card, walk, refusals)
            except IwwError as error:
                refusals += error.messages
    return readings


def _read_file(
    delivery: Path, name: str, expected: str, card: Origin, walk: Crosswalk, refusals: list[Message]
) -> list[Reading]:
    content = delivered_file(delivery, name, expected)
    return [_take_in(card, sheet, walk, refusals) for sheet in sheets.read_sheets(Path(name), content)]


def _take_in(card: Origin, sheet: sheets.Sheet, walk: Crosswalk, refusals: list[Message]) -> Reading:
    place = Place(sheet.file, sheet.name or None)
    entry = walk.sheet_for(sheet.file, sheet.name)
    if entry is None or (sheet.hidden and not entry.sheet):
        reason = walk.ignored_because(sheet.file, sheet.name)
        if reason is None and not sheet.hidden:
            refusals.append(Message("sheet_unknown", place))
        return Reading(card, sheet, None, reason or "sheet_hidden")
    source_id = f"{card.received.isoformat()}/{sheet.file}" + (f"#{sheet.name}" if sheet.name else "")
    try:
        taken = intake.take_in(sheet.cells, sheet.widths, entry, place, source_id)
        intake.refuse_without_required(taken, TABLES[entry.anchor])
    except IwwError as error:
        refusals += error.messages
        return Reading(card, sheet, None, "refused")
    return Reading(card, sheet, taken)


def build(home: Home, source: str) -> Built:
    """Read a source's raw files and make its processed tables; nothing is written.

    Raises IwwError when the crosswalk cannot be used or an account does not balance; refused files are messages.
    """
    built = Built()
    walk = read_crosswalk(home, source)
    readings = read_deliveries(home, source, walk, built.messages)
    built.refused = any(m.code != "sheet_unknown" for m in built.messages)
    taken = [(reading, reading.intake) for reading in readings if reading.intake]
    cleaned = {part.source_id: _clean(reading, part, walk, home) for reading, part in taken}
    fates = _fates([part for _, part in taken], cleaned)
    built.tables, problems = _tables(source, taken, cleaned, fates)
    built.tables |= _accounts(source, readings, cleaned, fates, problems)
    for name, table in TABLES.items():
        if name in built.tables:
            contract.hold(table, built.tables[name])
    built.ledger = _ledger(source, readings, fates)
    built.notices = notices(built.tables["set_aside"], built.ledger["sheets"])
    return built


Clean = dict[str, clean.Cleaned]


def _clean(reading: Reading, part: Intake, walk: Crosswalk, home: Home) -> Clean:
    raw = intake.records(part, TABLES, reading.origin.givens)
    context = _context(reading.origin, part, walk)
    return dict(itertools.chain.from_iterable(noun.clean(raw, context).items() for noun in NOUNS))


def _context(card: Origin, part: Intake, walk: Crosswalk) -> clean.Context:
    key = privacy.demo_key() if card.synthetic else secret_key()
    return clean.Context(
        source=card.source,
        date_order=part.walk.date_order,
        codes=walk.codes,
        ids=part.walk.ids,
        pseudonym=None
        if card.regime == "case_study"
        else lambda column: privacy.pseudonymiser(key, f"{card.source}|{column}"),
        extraction_date=pd.Timestamp(card.extraction_date),
    )


def _fates(parts: list[Intake], cleaned: Mapping[str, Clean]) -> pd.DataFrame:
    by_walk: dict[str, list[Intake]] = defaultdict(list)
    for part in parts:
        by_walk[part.walk.name].append(part)
    fates = []
    for group in by_walk.values():
        anchor = group[0].walk.anchor
        anchors = [cleaned[part.source_id][anchor] for part in group]
        refused = clean.join([a.problems[a.problems["severity"] == "row"] for a in anchors], clean.PROBLEM_COLUMNS)
        fates.append(intake.row_fates(group, [a.records for a in anchors], refused, TABLES))
    return clean.join(fates, ["source_id", "source_row", "fate", "reason"])


def _tables(
    source: str, taken: list[tuple[Reading, Intake]], cleaned: Mapping[str, Clean], fates: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], list[pd.DataFrame]]:
    """Put the kept records of all sheets together and let each noun settle what needs them together."""
    kept = fates.loc[fates["fate"] == "kept", ["source_id", "source_row"]]
    parts: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for _, part in taken:
        for name, result in cleaned[part.source_id].items():
            parts[name].append(_usable(TABLES[name], result.records).merge(kept, validate="many_to_one"))
    records = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items() if sum(map(len, frames))}
    problems = []
    for noun in NOUNS:
        if hasattr(noun, "settle"):
            settled, found = noun.settle(records)
            records |= settled
            problems.append(found)
    stored = {name: clean.distinct(TABLES[name], frame.assign(source=source)) for name, frame in records.items()}
    return stored, problems


def _usable(table: Table, records: pd.DataFrame) -> pd.DataFrame:
    """Records that have what is required: beside the anchor, a record can go while its row stays."""
    return records[~clean.is_missing_any(records[[column.name for column in table if column.required]])]


def _accounts(
    source: str,
    readings: list[Reading],
    cleaned: Mapping[str, Clean],
    fates: pd.DataFrame,
    problems: list[pd.DataFrame],
) -> dict[str, pd.DataFrame]:
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


def _ledger(source: str, readings: list[Reading], fates: pd.DataFrame) -> dict[str, Any]:
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
        for column in iter_columns(reading.intake.walk, table)
    }  # fmt: skip
    return sorted(names)


def build_and_store(home: Home, source: str) -> Built:
    """Build a source and store what came of it."""
    if not home.deliveries(source):
        raise fail("source_unknown", source=source, known=", ".join(home.sources()) or "-")
    built = build(home, source)
    write(home, source, built)
    return built


def library_hash() -> str:
    """Give one hash over the library's own files, so that a changed rule rebuilds what it touches."""
    package = Path(__file__).parent
    parts = [
        files.sha256(files.read_bytes(p)) for p in sorted(package.rglob("*")) if p.suffix in (".py", ".toml", ".key")
    ]
    return files.sha256("".join(parts).encode())


def write(home: Home, source: str, built: Built) -> None:
    """Store a build; files that already hold the same bytes are left alone."""
    folder = home.processed(source)
    store.write_tables(folder, built.tables)
    files.write_json(folder / LEDGER, {**built.ledger, "inputs": inputs_hash(home, source)})


def inputs_hash(home: Home, source: str) -> str:
    """Give one hash over all that a build of a source reads: library, crosswalk, origins and raw files."""
    parts = [library_hash(), files.sha256(files.read_bytes(home.crosswalk(source)))]
    for delivery in home.deliveries(source):
        parts += [f"{p.name}:{files.sha256(files.read_bytes(p))}" for p in sorted(delivery.iterdir()) if p.is_file()]
    return files.sha256("\n".join(parts).encode())


def ensure_built(home: Home, sources: Iterable[str]) -> list[Message]:
    """Build and store every source whose raw files, crosswalk or library changed since it was last built."""
    messages: list[Message] = []
    for source in sources:
        if not home.deliveries(source) or _stored_inputs(home, source) != inputs_hash(home, source):
            messages += build_and_store(home, source).messages
    return messages


def _stored_inputs(home: Home, source: str) -> str | None:
    path = home.processed(source) / LEDGER
    return files.read_json(path).get("inputs") if path.exists() else None


def load(home: Home, sources: Iterable[str]) -> Study:
    """Load sources as one study, built first where that is needed."""
    sources = tuple(sources)
    ensure_built(home, sources)
    return together(_loaded(home, source) for source in sources)


def origin_of(home: Home, source: str) -> Origin:
    """Read the card of a source's last delivery, with the period of all of them."""
    cards = [origin.parse(read_origin(delivery), source) for delivery in home.deliveries(source)]
    days = sorted(day for card in cards for day in card.period)
    return replace(cards[-1], period=(days[0], days[-1]) if days else ())


def _loaded(home: Home, source: str) -> tuple[Origin, dict[str, pd.DataFrame], dict[str, Any]]:
    folder = home.processed(source)
    return origin_of(home, source), store.read_tables(folder), files.read_json(folder / LEDGER)
