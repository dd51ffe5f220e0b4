"""Count a report again where its raw files and processed tables lie: inside the safe zone."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb

from iww_analysis import privacy
from iww_analysis.analysis import study
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study
from iww_analysis.commands import build
from iww_analysis.figures.declaration import CATALOGUE, Entry, is_drawable
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import LEDGER, Home, has_secret_key, read_origin, secret_key
from iww_analysis.io.processed import store
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.verify import remade
from iww_analysis.verify.outcome import Check, tried
from iww_analysis.verify.raw import sample
from iww_analysis.verify.recount import accounts, formulas, numbers, quality, recount
from iww_analysis.verify.recount.formulas import Behind
from iww_analysis.verify.recount.numbers import Expected, Tally
from iww_analysis.verify.remade import Remade

NAMES = (*numbers.CHECKS, "ledger", "stored", "sources", "quality", "sample", *remade.NAMES)
Files = Mapping[str, bytes]
_RECEIPT = re.compile(r"(figures|receipts)/[FT]\d\d\.json|(receipts/)?quality\.json")


@dataclass(frozen=True)
class Inside:
    """What lies here of a report's sources: the cards of their deliveries, ledgers, crosswalks, tables, and the key."""

    home: Home
    sources: Sequence[str]
    cards: Mapping[str, Sequence[Mapping[str, Any]]]
    ledgers: Mapping[str, Mapping[str, Any]]
    key: bytes | None

    @property
    def recorded(self) -> Mapping[str, Sequence[str]]:
        """Source -> every `table.column` that its forms hold."""
        return {source: ledger["recorded"] for source, ledger in self.ledgers.items()}


def check(home: Home, name: str, manifest: Mapping[str, Any], held: Files, made: Remade | None) -> list[Check]:
    """Do every check that needs more than the report itself; where nothing of its sources lies, they are skipped."""
    sources = tuple(manifest["sources"])
    there = [source for source in sources if home.deliveries(source) and (home.processed(source) / LEDGER).exists()]
    if not there:
        return [Check(check, 0, skipped="outside") for check in NAMES]
    gone = [Message("verify_source_gone", words={"source": source}) for source in sources if source not in there]
    if gone:
        return [
            Check("sources", len(sources), tuple(gone)),
            *(Check(n, 0, skipped="source_gone") for n in NAMES if n != "sources"),
        ]
    here, checks = of(home, sources), list[Check]()
    with recount.opened(home, sources) as connection:
        checks += tried("recount", lambda: _counted(here, connection, manifest, held))
        checks += tried("ledger", lambda: _accounted(here, connection, held))
        for own in sources:
            checks += tried("sample", partial(_sample, here, own, connection, str(manifest["key"])))
    return [*checks, *tried("report_anew", lambda: remade.check(home, name, manifest, held, made))]


def of(home: Home, sources: Sequence[str]) -> Inside:
    """Gather what lies here of some sources."""
    cards = {source: [read_origin(delivery) for delivery in home.deliveries(source)] for source in sources}
    invented = all(any(card.get("synthetic") for card in own) for own in cards.values())
    key = privacy.demo_key() if invented else secret_key() if has_secret_key() else None
    ledgers = {source: files.read_json(home.processed(source) / LEDGER) for source in sources}
    return Inside(home, sources, cards, ledgers, key)


def _study(here: Inside) -> Study:
    """The study as it is stored: nothing is built, as the report was made from what lies there."""
    folders = {source: here.home.processed(source) for source in here.sources}
    return study.together(
        (build.origin_of(here.home, source), store.read_tables(folder), here.ledgers[source])
        for source, folder in folders.items()
    )


# ---- numbers --------------------------------------------------------------------------------------------------------


def _counted(
    here: Inside, connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], held: Files
) -> list[Check]:
    """Ask every question of the report again and hold the receipts against the answers of SQL and of the formulas."""
    tally, stored = Tally(), _study(here)
    for id_, entry in CATALOGUE.items():
        if manifest["study"] and manifest["study"] not in entry.studies:
            continue
        try:
            _figure(tally, here, connection, stored, entry, held, internal=bool(manifest["internal"]))
        except Exception as error:  # damage can show anywhere; the error's own words can hold what a cell held
            words = {"figure": id_, "kind": type(error).__name__}
            tally.hold("recount", False, Message("verify_uncounted", Place(f"figures/{id_}.json"), words))
    checks = tally.checks()
    return checks if here.key else [c if c.name != "row_sets" else Check(c.name, 0, skipped="no_key") for c in checks]


def _figure(
    tally: Tally, here: Inside, connection: duckdb.DuckDBPyConnection, stored: Study, entry: Entry, held: Files, *,
    internal: bool,
) -> None:  # fmt: skip
    finding = asked(entry, stored)
    paths = (f"figures/{entry.id}.json", f"receipts/{entry.id}.json")
    for path in paths:
        there = path in held
        tally.hold(
            "recount", there == (finding is not None), Message("verify_receipt", Place(path), {"figure": entry.id})
        )
    if finding is None:
        return
    own = expected(here, connection, entry, finding, internal=internal)
    for path in paths:
        if path in held:
            try:
                numbers.compare(tally, own, json.loads(held[path]), path, here.key)
            except (KeyError, TypeError, ValueError, AttributeError):
                tally.hold("recount", False, Message("verify_receipt_broken", Place(path)))


def asked(entry: Entry, stored: Study) -> Finding | None:
    """The questions of a figure; None where it cannot be drawn."""
    if not is_drawable(entry, stored):
        return None
    try:
        finding = entry.ask(stored)
    except IwwError as error:
        if {message.code for message in error.messages} == {"labels_shared"}:
            return None
        raise
    return finding if any(len(part.numbers) for part in finding.parts) else None


def expected(
    here: Inside, connection: duckdb.DuckDBPyConnection, entry: Entry, finding: Finding, *, internal: bool = False
) -> Expected:
    """What the receipts of a figure must hold. Of the finding only its questions and sources are used, none of its numbers."""
    every = {p.question.name: recount.counted(connection, p.question, finding.sources) for p in finding.parts}
    behind = Behind(every, connection, finding.sources, here.cards, here.recorded)
    behind = Behind(formulas.kept(entry, behind), connection, finding.sources, here.cards, here.recorded)
    rule, extra = "internal" if internal else entry.regime, formulas.extra(entry, behind)
    return Expected(entry.id, rule, behind.parts, extra, entry.rests_on)


# ---- rows -----------------------------------------------------------------------------------------------------------


def _accounted(here: Inside, connection: duckdb.DuckDBPyConnection, held: Files) -> list[Check]:
    hashes = {
        source: {f"{card['received']}/{name}": sha for card in cards for name, sha in card["files"].items()}
        for source, cards in here.cards.items()
    }
    receipts = {path: content for path, content in held.items() if _RECEIPT.fullmatch(path)}
    ledgers = {source: ledger["sheets"] for source, ledger in here.ledgers.items()}
    return [*accounts.check(connection, ledgers, hashes, receipts), _quality(here, connection, held)]


def _quality(here: Inside, connection: duckdb.DuckDBPyConnection, held: Files) -> Check:
    """What the report says of its sources; a receipt that is gone is named by its hash."""
    try:
        return quality.check(connection, here.ledgers, {p: json.loads(held[p]) for p in quality.RECEIPTS if p in held})
    except (KeyError, TypeError, ValueError, AttributeError):
        return Check("quality", 1, (Message("verify_receipt_broken", Place(quality.RECEIPTS[0])),))


def _sample(here: Inside, source: str, connection: duckdb.DuckDBPyConnection, seed: str) -> list[Check]:
    return sample.check(here.home, sampled(here, source), connection, seed)


def sampled(here: Inside, source: str) -> sample.Source:
    """What the sample of a source rests on."""
    return sample.Source(source, here.cards[source], files.read_toml(here.home.crosswalk(source)), here.key)
