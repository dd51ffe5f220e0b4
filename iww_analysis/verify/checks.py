"""Check a finished report: its hashes and its files anywhere, and every number again where its raw files lie."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import duckdb

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.overlap import settled_by
from iww_analysis.analysis.study import Study, recorded_in
from iww_analysis.figures.declaration import CATALOGUE, Entry, answered
from iww_analysis.messages.errors import IwwError, Lang, Message, Place
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report.manifest import OLD_FORMAT
from iww_analysis.verify import hashes, made_anew, signing
from iww_analysis.verify.evidence import FORMATS, LEDGER, MANIFEST, RELEASE, Contents, Document, Evidence
from iww_analysis.verify.finished import finished
from iww_analysis.verify.outcome import Check, Tally, Verified
from iww_analysis.verify.raw import consent, sample
from iww_analysis.verify.recount import accounts, formulas, numbers, overlap
from iww_analysis.verify.recount.recount import TYPES_OF_COLUMNS, Recount
from iww_analysis.verify.recount.rule import Shown

Kept = tuple[str, Callable[[], bytes]]  # the name of a file, and what gives its content
# that need the sources
NAMES = (*numbers.CHECKS, "ledger", "stored", "sources", "quality", "sample", "consent", *made_anew.NAMES)
_RECEIPT = re.compile(r"(figures|receipts)/[FT]\d\d\.json|(receipts/)?quality\.json")
_BROKEN = (KeyError, TypeError, ValueError, AttributeError)  # what reading a receipt raises that is not as it should be


def checked(evidence: Evidence, name: str, kept: Kept | None = None) -> Verified:
    """Check all of a report that can be checked here; whatever is damaged is a finding, never a failure.

    `kept`: the manifest, signature or public key that a reviewer kept.
    """
    tally, manifest = Tally(), evidence.manifest
    if manifest is not None and manifest["format"] not in FORMATS:
        expected = ", ".join(FORMATS)
        code = "report_old_place" if manifest["format"] == OLD_FORMAT else "report_format"
        tally.fault("manifest", code, Place(MANIFEST), found=manifest["format"], expected=expected, name=name)
        return Verified(name, tally.checks)
    tally.attempt("manifest", lambda: hashes.check(evidence))
    tally.attempt("signature", lambda: [signing.check(evidence.report)])
    if RELEASE in evidence.report:
        tally.attempt("release", lambda: [signing.check_release(evidence.report)])
    if kept is not None:
        file, read = kept
        tally.attempt("against", lambda: [signing.against(evidence.report, read(), file)])
    if manifest is None:  # the check of hashes tells it
        return Verified(name, tally.checks)
    report = dict[str, bytes]()
    for path in evidence.report:
        with suppress(IwwError):  # one that cannot be read is left out: the check of hashes names it
            report[path] = evidence.report[path]
    lang: Lang = "en" if manifest["lang"] == "en" else "nl"
    tally.attempt("finished", lambda: finished.check(report, lang))
    tally.attempt("recount", lambda: _with_sources(evidence, manifest, report))
    done = {check.name for check in tally.checks}
    tally.add(*(Check(left, 0, skipped="damaged") for left in NAMES if left not in done))
    return Verified(name, tally.checks)


# ---- where the sources lie: inside the safe zone --------------------------------------------------------------------


@dataclass(frozen=True)
class SourcesHere:
    """What lies here of a report's sources: the cards of their deliveries, oldest first, ledgers, tables, keys and vectors.

    `keys`: those of their pseudonyms; `key`: the one of the report's sets of rows (None: not on this computer).
    `study`: the same as a study whose tables answer by the recount, so that figures can say what they ask.
    """

    cards: Mapping[str, Sequence[Document]]
    ledgers: Mapping[str, Document]
    keys: Mapping[str, bytes | None]
    key: bytes | None
    recount: Recount
    study: Study
    shown: Shown


def gather(
    evidence: Evidence, sources: Sequence[str], connection: duckdb.DuckDBPyConnection, check_value: str = ""
) -> SourcesHere:  # fmt: skip
    """Read what lies here of some sources; `check_value`: that of the key of the report's sets of rows, where it is known."""
    cards = {source: [evidence.card(delivery) for delivery in evidence.deliveries(source)] for source in sources}
    ledgers = {source: evidence.ledger(source) for source in sources}
    invented = {source: all(card.get("synthetic") is True for card in of_source) for source, of_source in cards.items()}
    keys = {source: _key(evidence, ledger.get("key", ""), invented[source]) for source, ledger in ledgers.items()}
    recorded = {source: recorded_in(ledger) for source, ledger in ledgers.items()}
    sheets = {source: list(ledger["sheets"]) for source, ledger in ledgers.items()}
    origins = evidence.origins()
    recount = Recount(connection, sources, settled_by(origins))
    accounts_of_consent = {source: ledger.get("consent", {}) for source, ledger in ledgers.items()}
    study = Study(recount, origins, recorded, sheets, {}, consent=accounts_of_consent)
    key = _key(evidence, check_value, all(invented.values()))
    shown = Shown({source: vector for source in sources if (vector := evidence.vector(source))})
    return SourcesHere(cards, ledgers, keys, key, recount, study, shown)


def _key(evidence: Evidence, check_value: str, invented: bool) -> bytes | None:
    """A key by its check value; of what was made before keys had one, the public key or the one in use."""
    return demo_key() if invented and not check_value else evidence.key_with(str(check_value))


def _with_sources(evidence: Evidence, manifest: Document, report: Contents) -> Sequence[Check]:
    """Do every check that needs more than the report itself; where nothing of its sources lies, they are skipped."""
    sources, tally = tuple(manifest["sources"]), Tally()
    ledgers = {source: f"data/processed/{source}/{LEDGER}" for source in sources}
    gone = [s for s in sources if not evidence.deliveries(s) or ledgers[s] not in evidence.home]
    if len(gone) == len(sources):
        return [Check(name, 0, skipped="outside") for name in NAMES]
    if gone:
        findings = tuple(Message("verify_source_gone", words={"source": source}) for source in gone)
        skipped = [Check(name, 0, skipped="source_gone") for name in NAMES if name != "sources"]
        return [Check("sources", len(sources), findings), *skipped]
    with evidence.database(TYPES_OF_COLUMNS) as connection:
        here = gather(evidence, sources, connection, manifest.get("pseudonym_key", ""))
        tally.attempt("recount", lambda: _recounted(here, manifest, report))
        tally.attempt("ledger", lambda: _accounts(here, report))
        seed = evidence.inside["key"] if evidence.inside else ""
        for source in sources:
            tally.attempt("sample", partial(sampled, evidence, here, source, seed))
            tally.attempt("consent", partial(agreed, evidence, here, source))
    tally.attempt("report_anew", lambda: made_anew.check(evidence.home, report, evidence.anew()))
    return tally.checks


def _recounted(here: SourcesHere, manifest: Document, report: Contents) -> list[Check]:
    """Ask every question of the report again and hold the receipts against the answers of SQL and of the formulas."""
    tally, not_drawn = Tally(*numbers.CHECKS), manifest.get("not_drawn", ())
    for entry in CATALOGUE.values():
        if manifest["study"] and manifest["study"] not in entry.studies:
            continue
        try:
            if entry.id in not_drawn:  # the report says so, and has no number of it
                _receipts(tally, entry, report, due=False)
                tally.add(Check("recount", 0, skipped="not_drawn"))
            else:
                _figure(tally, here, entry, report, internal=manifest["internal"])
        except Exception as error:  # damage can show anywhere; the error's own words can hold what a cell held
            place, kind = Place(f"figures/{entry.id}.json"), type(error).__name__
            tally.hold("recount", False, "verify_uncounted", place, figure=entry.id, kind=kind)
    if not manifest["internal"]:
        tally.add(here.shown.check())
    no_key = Check("row_sets", 0, skipped="no_key")
    return [check if here.key or check.name != "row_sets" else no_key for check in tally.checks]


def _figure(tally: Tally, here: SourcesHere, entry: Entry, report: Contents, *, internal: bool) -> None:
    finding = asked(entry, here.study)
    expected = finding and expectation(here, entry, finding, internal=internal)
    twice = overlap.recounted(finding.caveats if finding else (), here.recount.connection)
    for path in _receipts(tally, entry, report, due=expected is not None):
        if expected and path in report:
            try:
                receipt = json.loads(report[path])
                numbers.compare(tally, expected, receipt, path, here.key)
                overlap.compare(tally, twice, receipt, path, entry.id, internal=internal)
            except _BROKEN:
                tally.hold("recount", False, "verify_receipt_broken", Place(path))


def _receipts(tally: Tally, entry: Entry, report: Contents, *, due: bool) -> list[str]:
    """The places of a figure's receipts; there must be one in each where they are due, and else in none."""
    paths = [f"figures/{entry.id}.json", f"receipts/{entry.id}.json"]
    for path in paths:
        tally.hold("recount", (path in report) == due, "verify_receipt", Place(path), figure=entry.id)
    return paths


def asked(entry: Entry, study: Study) -> Finding | None:
    """The questions of a figure; None where it cannot be drawn."""
    try:
        return answered(entry, study)
    except IwwError as error:
        if {message.code for message in error.messages} == {"labels_shared"}:
            return None
        raise


def expectation(here: SourcesHere, entry: Entry, finding: Finding, *, internal: bool = False) -> numbers.Expected:
    """What the receipts of a figure must hold. Of the finding only its questions and sources are used, none of its numbers."""
    recorded = {source: ledger["recorded"] for source, ledger in here.ledgers.items()}
    every = {part.question.name: here.recount.counted(part.question, finding.sources) for part in finding.parts}
    behind = formulas.Behind(every, here.recount.connection, finding.sources, here.cards, recorded)
    behind = formulas.only_asked(entry, behind)
    extra = formulas.extra(entry, behind)
    if internal or entry.regime == "case_study":
        return numbers.Expected(entry.id, behind.parts, extra, behind.parts, extra)
    shown = {
        name: part if part.question.case_study else here.shown.drawn(entry.id, part, finding.sources)
        for name, part in behind.parts.items()
    }
    of_shown, reach = formulas.extra_of_shown(entry, behind, shown), here.shown.reach(finding.sources)
    return numbers.Expected(entry.id, behind.parts, extra, shown, of_shown, reach)


def _accounts(here: SourcesHere, report: Contents) -> list[Check]:
    """The account of every row, and what the report says of its sources."""
    hashes_of = {
        source: {f"{card['received']}/{name}": sha for card in cards for name, sha in card["files"].items()}
        for source, cards in here.cards.items()
    }
    receipts = {path: report[path] for path in report if _RECEIPT.fullmatch(path)}
    checks = accounts.check(here.recount.connection, here.study.ledgers, hashes_of, receipts)
    try:  # a receipt that is gone is named by its hash
        of_sources = {path: json.loads(report[path]) for path in accounts.RECEIPTS if path in report}
        return [*checks, accounts.check_quality(here.recount.connection, here.ledgers, of_sources, here.shown)]
    except _BROKEN:
        return [*checks, Check("quality", 1, (Message("verify_receipt_broken", Place(accounts.RECEIPTS[0])),))]


def agreed(evidence: Evidence, here: SourcesHere, source: str) -> Sequence[Check]:
    """Hold that nothing in the tables is of who did not agree, by the raw files."""
    crosswalk = evidence.toml(f"data/crosswalks/{source}.toml")
    of_source = sample.SampledSource(source, here.cards[source], crosswalk, here.keys[source])
    return consent.check(evidence.home, of_source, here.recount.connection)


def sampled(evidence: Evidence, here: SourcesHere, source: str, seed: str) -> Sequence[Check]:
    """Hold a sample of a source's records against its raw files."""
    crosswalk = evidence.toml(f"data/crosswalks/{source}.toml")
    of_source = sample.SampledSource(source, here.cards[source], crosswalk, here.keys[source])
    return sample.check(evidence.home, of_source, here.recount.connection, seed)
