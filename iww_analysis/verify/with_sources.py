"""Check a report against its raw files and processed tables, where these lie: inside the safe zone."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study, recorded_in
from iww_analysis.figures.declaration import CATALOGUE, Entry, is_drawable
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.verify import made_anew
from iww_analysis.verify.evidence import Contents, Document, Evidence
from iww_analysis.verify.outcome import Check, Tally
from iww_analysis.verify.raw import sample
from iww_analysis.verify.raw.sample import SampledSource
from iww_analysis.verify.recount import accounts, formulas, numbers, quality
from iww_analysis.verify.recount.formulas import Behind
from iww_analysis.verify.recount.numbers import Expected
from iww_analysis.verify.recount.recount import TYPES_OF_COLUMNS, Recount
from iww_analysis.verify.recount.recounted_tables import RecountedTables

NAMES = (*numbers.CHECKS, "ledger", "stored", "sources", "quality", "sample", *made_anew.NAMES)
_RECEIPT = re.compile(r"(figures|receipts)/[FT]\d\d\.json|(receipts/)?quality\.json")
_BROKEN = (KeyError, TypeError, ValueError, AttributeError)  # what reading a receipt raises that is not as it should be


@dataclass(frozen=True)
class SourcesHere:
    """What lies here of a report's sources: the cards of their deliveries, oldest first, ledgers, tables, and the key.

    `study`: the same as a study whose tables answer by the recount, so that figures can say what they ask.
    """

    cards: Mapping[str, Sequence[Document]]
    ledgers: Mapping[str, Document]
    key: bytes | None
    recount: Recount
    study: Study


def gather(evidence: Evidence, sources: Sequence[str], connection: duckdb.DuckDBPyConnection) -> SourcesHere:
    """Read what lies here of some sources."""
    cards = {source: [evidence.card(delivery) for delivery in evidence.deliveries(source)] for source in sources}
    ledgers = {source: evidence.ledger(source) for source in sources}
    invented = all(any(card.get("synthetic") for card in of_source) for of_source in cards.values())
    recorded = {source: recorded_in(ledger) for source, ledger in ledgers.items()}
    sheets = {source: list(ledger["sheets"]) for source, ledger in ledgers.items()}
    recount = Recount(connection)
    study = Study(RecountedTables(recount, sources), evidence.origins(), recorded, sheets, {})
    return SourcesHere(cards, ledgers, demo_key() if invented else evidence.secret_key(), recount, study)


def check(evidence: Evidence, manifest: Document, report: Contents) -> Sequence[Check]:
    """Do every check that needs more than the report itself; where nothing of its sources lies, they are skipped."""
    sources, tally = tuple(manifest["sources"]), Tally()
    gone = [source for source in sources if not evidence.has_source(source)]
    if len(gone) == len(sources):
        return [Check(name, 0, skipped="outside") for name in NAMES]
    if gone:
        findings = tuple(Message("verify_source_gone", words={"source": source}) for source in gone)
        skipped = [Check(name, 0, skipped="source_gone") for name in NAMES if name != "sources"]
        return [Check("sources", len(sources), findings), *skipped]
    with evidence.database(TYPES_OF_COLUMNS) as connection:
        here = gather(evidence, sources, connection)
        tally.attempt("recount", lambda: _recounted(here, manifest, report))
        tally.attempt("ledger", lambda: _accounts(here, report))
        for source in sources:
            tally.attempt("sample", partial(sampled, evidence, here, source, manifest["key"]))
    tally.attempt("report_anew", lambda: made_anew.check(evidence.home, manifest, report, evidence.anew()))
    return tally.checks


# ---- numbers --------------------------------------------------------------------------------------------------------


def _recounted(here: SourcesHere, manifest: Document, report: Contents) -> list[Check]:
    """Ask every question of the report again and hold the receipts against the answers of SQL and of the formulas."""
    tally = Tally(*numbers.CHECKS)
    for entry in CATALOGUE.values():
        if manifest["study"] and manifest["study"] not in entry.studies:
            continue
        try:
            _figure(tally, here, entry, report, internal=manifest["internal"])
        except Exception as error:  # damage can show anywhere; the error's own words can hold what a cell held
            place, kind = Place(f"figures/{entry.id}.json"), type(error).__name__
            tally.hold("recount", False, "verify_uncounted", place, figure=entry.id, kind=kind)
    no_key = Check("row_sets", 0, skipped="no_key")
    return [check if here.key or check.name != "row_sets" else no_key for check in tally.checks]


def _figure(tally: Tally, here: SourcesHere, entry: Entry, report: Contents, *, internal: bool) -> None:
    finding = asked(entry, here.study)
    expected = finding and expectation(here, entry, finding, internal=internal)
    for path in (f"figures/{entry.id}.json", f"receipts/{entry.id}.json"):
        due = (path in report) == (expected is not None)
        tally.hold("recount", due, "verify_receipt", Place(path), figure=entry.id)
        if expected and path in report:
            try:
                numbers.compare(tally, expected, json.loads(report[path]), path, here.key)
            except _BROKEN:
                tally.hold("recount", False, "verify_receipt_broken", Place(path))


def asked(entry: Entry, study: Study) -> Finding | None:
    """The questions of a figure; None where it cannot be drawn."""
    if not is_drawable(entry, study):
        return None
    try:
        finding = entry.ask(study)
    except IwwError as error:
        if {message.code for message in error.messages} == {"labels_shared"}:
            return None
        raise
    return finding if any(len(part.numbers) for part in finding.parts) else None


def expectation(here: SourcesHere, entry: Entry, finding: Finding, *, internal: bool = False) -> Expected:
    """What the receipts of a figure must hold. Of the finding only its questions and sources are used, none of its numbers."""
    recorded = {source: ledger["recorded"] for source, ledger in here.ledgers.items()}
    every = {part.question.name: here.recount.counted(part.question, finding.sources) for part in finding.parts}
    behind = Behind(every, here.recount.connection, finding.sources, here.cards, recorded)
    behind = formulas.only_asked(entry, behind)
    rule = "internal" if internal else entry.regime
    return Expected(entry.id, rule, behind.parts, formulas.extra(entry, behind), entry.rests_on)


# ---- rows -----------------------------------------------------------------------------------------------------------


def _accounts(here: SourcesHere, report: Contents) -> list[Check]:
    """The account of every row, and what the report says of its sources."""
    hashes = {
        source: {f"{card['received']}/{name}": sha for card in cards for name, sha in card["files"].items()}
        for source, cards in here.cards.items()
    }
    receipts = {path: report[path] for path in report if _RECEIPT.fullmatch(path)}
    checks = accounts.check(here.recount.connection, here.study.ledgers, hashes, receipts)
    try:  # a receipt that is gone is named by its hash
        of_sources = {path: json.loads(report[path]) for path in quality.RECEIPTS if path in report}
        return [*checks, quality.check(here.recount.connection, here.ledgers, of_sources)]
    except _BROKEN:
        return [*checks, Check("quality", 1, (Message("verify_receipt_broken", Place(quality.RECEIPTS[0])),))]


def sampled(evidence: Evidence, here: SourcesHere, source: str, seed: str) -> Sequence[Check]:
    """Hold a sample of a source's records against its raw files."""
    of_source = SampledSource(source, here.cards[source], evidence.crosswalk(source), here.key)
    return sample.check(evidence.home, of_source, here.recount.connection, seed)
