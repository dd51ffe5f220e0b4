"""Check a report again where its raw files and processed tables lie: inside the safe zone."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb

from iww_analysis import privacy
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study, recorded_in
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.figures.declaration import CATALOGUE, Entry, is_drawable
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.verify import remade
from iww_analysis.verify.material import Contents, Document, Material
from iww_analysis.verify.outcome import Check, tried
from iww_analysis.verify.raw import sample
from iww_analysis.verify.recount import accounts, formulas, numbers, quality, recount
from iww_analysis.verify.recount.formulas import Behind
from iww_analysis.verify.recount.numbers import Expected, Tally
from iww_analysis.verify.recount.recount import Recount
from iww_analysis.verify.recount.recounted_tables import RecountedTables

NAMES = (*numbers.CHECKS, "ledger", "stored", "sources", "quality", "sample", *remade.NAMES)
_RECEIPT = re.compile(r"(figures|receipts)/[FT]\d\d\.json|(receipts/)?quality\.json")


@dataclass(frozen=True)
class SourcesHere:
    """What lies here of a report's sources: the cards of their deliveries, oldest first, their ledgers, and the key."""

    cards: Mapping[str, Sequence[Document]]
    ledgers: Mapping[str, Document]
    key: bytes | None

    @property
    def recorded(self) -> Mapping[str, Sequence[str]]:
        """Source -> every `table.column` that its forms hold."""
        return {source: ledger["recorded"] for source, ledger in self.ledgers.items()}


def check(material: Material, manifest: Document, report: Contents) -> list[Check]:
    """Do every check that needs more than the report itself; where nothing of its sources lies, they are skipped."""
    sources = tuple(manifest["sources"])
    gone = [source for source in sources if not material.has_source(source)]
    if len(gone) == len(sources):
        return [Check(name, 0, skipped="outside") for name in NAMES]
    if gone:
        findings = tuple(Message("verify_source_gone", words={"source": source}) for source in gone)
        skipped = [Check(name, 0, skipped="source_gone") for name in NAMES if name != "sources"]
        return [Check("sources", len(sources), findings), *skipped]
    here, checks = gather(material, sources), list[Check]()
    with material.database(recount.COLUMNS) as connection:
        recounts = Recount(connection)
        checks += tried(
            "recount",
            lambda: _recounted(here, recounts, study_of(here, recounts, material.origins()), manifest, report),
        )
        checks += tried("ledger", lambda: _accounts(here, connection, report))
        for source in sources:
            checks += tried("sample", partial(_sample, material, here, source, connection, manifest["key"]))
    return [*checks, *tried("report_anew", lambda: remade.check(material.home, manifest, report, material.anew()))]


def gather(material: Material, sources: Sequence[str]) -> SourcesHere:
    """Read what lies here of some sources."""
    cards = {source: [material.card(delivery) for delivery in material.deliveries(source)] for source in sources}
    invented = all(any(card.get("synthetic") for card in of_source) for of_source in cards.values())
    key = privacy.demo_key() if invented else material.secret_key()
    return SourcesHere(cards, {source: material.ledger(source) for source in sources}, key)


# ---- numbers --------------------------------------------------------------------------------------------------------


def _recounted(here: SourcesHere, recounts: Recount, study: Study, manifest: Document, report: Contents) -> list[Check]:
    """Ask every question of the report again and hold the receipts against the answers of SQL and of the formulas."""
    tally = Tally()
    for entry in CATALOGUE.values():
        if manifest["study"] and manifest["study"] not in entry.studies:
            continue
        try:
            _figure(tally, here, recounts, study, entry, report, internal=manifest["internal"])
        except Exception as error:  # damage can show anywhere; the error's own words can hold what a cell held
            words = {"figure": entry.id, "kind": type(error).__name__}
            tally.hold("recount", False, Message("verify_uncounted", Place(f"figures/{entry.id}.json"), words))
    checks = tally.checks()
    return checks if here.key else [c if c.name != "row_sets" else Check(c.name, 0, skipped="no_key") for c in checks]


def _figure(
    tally: Tally, here: SourcesHere, recounts: Recount, study: Study, entry: Entry, report: Contents, *,
    internal: bool,
) -> None:  # fmt: skip
    finding = asked(entry, study)
    expected = finding and expectation(here, recounts, entry, finding, internal=internal)
    for path in (f"figures/{entry.id}.json", f"receipts/{entry.id}.json"):
        due = (path in report) == (expected is not None)
        tally.hold("recount", due, Message("verify_receipt", Place(path), {"figure": entry.id}))
        if expected and path in report:
            try:
                numbers.compare(tally, expected, json.loads(report[path]), path, here.key)
            except (KeyError, TypeError, ValueError, AttributeError):
                tally.hold("recount", False, Message("verify_receipt_broken", Place(path)))


def study_of(here: SourcesHere, recounts: Recount, origins: Mapping[str, Origin]) -> Study:
    """The sources as a study whose tables answer by the recount, so that figures can say what they ask."""
    recorded = {source: recorded_in(ledger) for source, ledger in here.ledgers.items()}
    sheets = {source: list(ledger["sheets"]) for source, ledger in here.ledgers.items()}
    return Study(RecountedTables(recounts, [*origins]), origins, recorded, sheets, {})


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


def expectation(
    here: SourcesHere, recounts: Recount, entry: Entry, finding: Finding, *, internal: bool = False
) -> Expected:
    """What the receipts of a figure must hold. Of the finding only its questions and sources are used, none of its numbers."""
    every = {p.question.name: recounts.counted(p.question, finding.sources) for p in finding.parts}
    behind = Behind(every, recounts.connection, finding.sources, here.cards, here.recorded)
    behind = Behind(formulas.kept(entry, behind), recounts.connection, finding.sources, here.cards, here.recorded)
    rule, extra = "internal" if internal else entry.regime, formulas.extra(entry, behind)
    return Expected(entry.id, rule, behind.parts, extra, entry.rests_on)


# ---- rows -----------------------------------------------------------------------------------------------------------


def _accounts(here: SourcesHere, connection: duckdb.DuckDBPyConnection, report: Contents) -> list[Check]:
    hashes = {
        source: {f"{card['received']}/{name}": sha for card in cards for name, sha in card["files"].items()}
        for source, cards in here.cards.items()
    }
    receipts = {path: report[path] for path in report if _RECEIPT.fullmatch(path)}
    sheets = {source: ledger["sheets"] for source, ledger in here.ledgers.items()}
    return [*accounts.check(connection, sheets, hashes, receipts), _quality(here, connection, report)]


def _quality(here: SourcesHere, connection: duckdb.DuckDBPyConnection, report: Contents) -> Check:
    """What the report says of its sources; a receipt that is gone is named by its hash."""
    try:
        receipts = {path: json.loads(report[path]) for path in quality.RECEIPTS if path in report}
        return quality.check(connection, here.ledgers, receipts)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Check("quality", 1, (Message("verify_receipt_broken", Place(quality.RECEIPTS[0])),))


def _sample(
    material: Material, here: SourcesHere, source: str, connection: duckdb.DuckDBPyConnection, seed: str
) -> list[Check]:
    return sample.check(material.home, sampled(material, here, source), connection, seed)


def sampled(material: Material, here: SourcesHere, source: str) -> sample.SampledSource:
    """What the sample of a source rests on."""
    return sample.SampledSource(source, here.cards[source], material.crosswalk(source), here.key)
