"""Build a source: raw files to processed tables, with the account of every row."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from iww_analysis import privacy
from iww_analysis.accounts import accounts, ledger_of
from iww_analysis.deliveries import Reading, read_crosswalk, read_deliveries
from iww_analysis.errors import Message, fail
from iww_analysis.io import files, store
from iww_analysis.io.home import Home, read_origin, secret_key
from iww_analysis.notices import notices
from iww_analysis.schema import clean, contract, intake, origin
from iww_analysis.schema.crosswalk import Crosswalk
from iww_analysis.schema.intake import Intake
from iww_analysis.schema.origin import Origin
from iww_analysis.schema.tables import Table
from iww_analysis.study import NOUNS, TABLES, Study, together

LEDGER = "ledger.json"


@dataclass
class Built:
    """Processed tables of a source, the account, what a person must act on, and what was found in the rows."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ledger: dict[str, Any] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    notices: list[Message] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether a file was refused: something that a person must act on."""
        return bool(self.ledger.get("refused"))


def build(home: Home, source: str) -> Built:
    """Read a source's raw files and make its processed tables; nothing is written.

    Raises IwwError when the crosswalk cannot be used or an account does not balance; refused files are messages.
    """
    built = Built()
    walk = read_crosswalk(home, source)
    readings = read_deliveries(home, source, walk, built.messages)
    taken = [(reading, reading.intake) for reading in readings if reading.intake]
    cleaned = {part.source_id: _clean(reading, part, walk, home) for reading, part in taken}
    fates = _fates([part for _, part in taken], cleaned)
    built.tables, problems = _tables(source, taken, cleaned, fates)
    built.tables |= accounts(source, readings, cleaned, fates, problems)
    for name, table in TABLES.items():
        if name in built.tables:
            contract.hold(table, built.tables[name])
    built.ledger = ledger_of(source, readings, fates) | {
        "tables": sorted(built.tables),
        "refused": sorted({m.place.file or source for m in built.messages if m.code != "sheet_unknown"}),
    }
    said = [message for reading in readings for message in reading.sheet.said]
    built.notices = [*said, *notices(built.tables, built.ledger["sheets"])]
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
    by_anchor: dict[str, list[Intake]] = defaultdict(list)
    for part in parts:
        by_anchor[part.walk.anchor].append(part)
    fates = []
    for anchor, group in by_anchor.items():
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
        files.sha256(files.read_bytes(p))
        for p in sorted(package.rglob("*"))
        if p.suffix in (".py", ".toml", ".key", ".html")
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
    """The inputs of the build that lies there whole, if one does."""
    folder = home.processed(source)
    told = files.read_json(folder / LEDGER) if (folder / LEDGER).exists() else {}
    whole = all((folder / f"{name}.parquet").exists() for name in told.get("tables", ()))
    return told.get("inputs") if whole else None


def refused(home: Home, source: str) -> list[str]:
    """Name the files that the last build of a source refused."""
    return list(files.read_json(home.processed(source) / LEDGER).get("refused", ()))


def load(home: Home, sources: Iterable[str]) -> Study:
    """Load sources as one study, built first where that is needed."""
    sources = tuple(sources)
    ensure_built(home, sources)
    return together(_loaded(home, source) for source in sources)


def origin_of(home: Home, source: str) -> Origin:
    """Read the card of a source's last delivery, with the period of all of them."""
    cards = [origin.parse(read_origin(delivery), source) for delivery in home.deliveries(source)]
    days = sorted(day for card in cards for day in card.period)
    synthetic = any(card.synthetic for card in cards)
    return replace(cards[-1], period=(days[0], days[-1]) if days else (), synthetic=synthetic)


def _loaded(home: Home, source: str) -> tuple[Origin, dict[str, pd.DataFrame], dict[str, Any]]:
    folder = home.processed(source)
    return origin_of(home, source), store.read_tables(folder), files.read_json(folder / LEDGER)
