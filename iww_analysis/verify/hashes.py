"""Hold every file against the hash that was written down for it: raw files, crosswalks, tables, the report, its receipts."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.messages.errors import IwwError, Place
from iww_analysis.report import interpretation
from iww_analysis.verify.evidence import CARD, MANIFEST, SIGNATURE, Document, Evidence, HashedFiles
from iww_analysis.verify.outcome import Check, Tally

RESTRICTED = "receipts/"
CHANGES = "receipts/changes.json"  # tells of an earlier report: another manifest
_RECEIPT = re.compile(r"quality\.json|(figures|receipts)/[^/]*\.json")
_UNHASHED = (
    MANIFEST,
    SIGNATURE,
    interpretation.NAME,
    CHANGES,
)  # files of a report that its manifest cannot or need not hold
_BESIDE = (CARD, "plan.json")  # lie beside a delivery and are no part of it
_NO_INPUT = (".DS_Store", "Thumbs.db", "desktop.ini", "logbook.jsonl")  # of a computer, and of what was received

Hashes = Mapping[str, str]


def check(evidence: Evidence) -> Sequence[Check]:
    """Hold all files behind and of a report against their hashes. Outside the safe zone the inputs are not there: skipped."""
    manifest, report, tally = evidence.manifest, evidence.report, Tally()
    written = None if manifest is None else (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    tally.hold("manifest", written == report[MANIFEST], "manifest_broken", Place(MANIFEST))
    if manifest is None or written != report[MANIFEST]:  # any other sign in it is a change that no hash would show
        return tally.checks
    within = any(path.startswith(RESTRICTED) for path in report)  # they stay inside the safe zone
    expected = {path: sha for path, sha in manifest["files"].items() if within or not path.startswith(RESTRICTED)}
    _compare(tally, "files", expected, report, [path for path in report if path not in _UNHASHED])
    if interpretation.NAME in report and "words" in manifest:
        of_words = interpretation.bound(report[interpretation.NAME].decode("utf-8-sig"), manifest["words"], {})
        tally.hold("files", of_words.bindings == manifest["words"], "words_since", Place(interpretation.NAME))
    if not within:
        tally.add(Check("receipts", 0, skipped="no_receipts"))
    for source, inputs in manifest["inputs"].items():
        _source(tally, evidence, source, inputs)
    tally.add(Check("receipts", 0))
    for path in (path for path in report if _RECEIPT.fullmatch(path) and path != CHANGES):
        try:
            named = list(_named(json.loads(report[path]), manifest["inputs"]))
        except (ValueError, KeyError, TypeError, AttributeError, IwwError):
            tally.fault("receipts", "receipt_input", Place(path), found="JSON")
            continue
        for words, same in named:
            tally.hold("receipts", same, "receipt_input", Place(path), found=words)
    return tally.checks


def _compare(
    tally: Tally, name: str, expected: Hashes, files: HashedFiles, paths: Iterable[str], code: str = ""
) -> None:
    """Hold files against hashes: altered, missing and extra ones are named, all by one code where it is given."""
    present = {path: files.sha256(path) for path in paths if path.rpartition("/")[2] not in _NO_INPUT}
    for path in sorted({*expected, *present}):
        differs = "held_lacks" if path not in present else "held_extra" if path not in expected else "held_altered"
        tally.hold(name, expected.get(path) == present.get(path), code or differs, Place(path))


def _source(tally: Tally, evidence: Evidence, source: str, inputs: Document) -> None:
    """The crosswalk, raw files and processed tables of one source, and its raw files once more against their cards."""
    crosswalk = f"data/crosswalks/{source}.toml"
    held = {"crosswalks": ({crosswalk: inputs["crosswalk"]}, [crosswalk] if crosswalk in evidence.home else [])}
    for name in ("raw", "processed"):
        folder = f"data/{name}/{source}"
        held[name] = {f"{folder}/{path}": sha for path, sha in inputs[name].items()}, evidence.under(folder)
    if not any(paths for _, paths in held.values()):
        tally.add(*(Check(name, 0, skipped="outside") for name in held))
        return
    for name, (expected, paths) in held.items():
        _compare(tally, name, expected, evidence.home, paths)
    tally.add(Check("cards", 0))
    for delivery in evidence.deliveries(source):
        try:
            named = evidence.card(delivery).get("files", {})
        except IwwError as error:
            for message in error.messages:
                tally.fault("cards", message.code, Place(f"{delivery}/{CARD}"), **message.words)
            continue
        on_card = {f"{delivery}/{name}": str(sha) for name, sha in named.items()}
        beside = [f"{delivery}/{name}" for name in _BESIDE]
        paths = [path for path in evidence.under(delivery) if path not in beside]
        _compare(tally, "cards", on_card, evidence.home, paths, "card_differs")
    for path in held["processed"][1]:
        if path.endswith(".parquet") and path.count("/") == 3:
            tally.hold("pages", _is_whole(evidence.home, path), "table_broken", Place(path))


def _is_whole(home: HashedFiles, path: str) -> bool:
    """Whether every page of a processed table fits the checksum within it."""
    try:
        pq.ParquetFile(io.BytesIO(home[path]), page_checksum_verification=True).read()
    except (pa.ArrowException, OSError, IwwError):
        return False
    return True


def _named(receipt: Document, inputs: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each raw file and crosswalk that a receipt names, in words, and whether its hash is that of the manifest.

    A public receipt does not say what a file was called: its hash is that of any of the same delivery.
    """
    for line in receipt["sources"]:
        day, known = str(line["source_id"]).partition("/")[0], inputs.get(line["source"], {}).get("raw", {})
        name = f"{day}/{line['file']}"
        of_delivery = {sha for path, sha in known.items() if path.startswith(f"{day}/")}
        expected = of_delivery if receipt["access"] == "public" else {known.get(name)}
        yield f"{line['source']}/{name}", line["sha256"] in expected
    for line in receipt.get("crosswalk", ()):
        yield f"{line['source']}.toml", line["sha256"] == inputs.get(line["source"], {}).get("crosswalk")
