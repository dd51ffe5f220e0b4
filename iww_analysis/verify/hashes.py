"""Hold every file against the hash that was written down for it: raw files, crosswalks, tables, the report, its receipts."""

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.verify.evidence import CARD, MANIFEST, SIGNATURE, Document, Evidence
from iww_analysis.verify.outcome import Check, joined

RESTRICTED = "receipts/"
CHANGES = "receipts/changes.json"  # tells of an earlier report: another manifest
_UNHASHED = (MANIFEST, SIGNATURE, "duiding.md", CHANGES)  # files of a report that its manifest cannot or need not hold
_BESIDE = (CARD, "plan.json")  # lie beside a delivery and are no part of it
_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini")  # what a computer puts in folders by itself

Hashes = Mapping[str, str]


def check(evidence: Evidence) -> list[Check]:
    """Hold all files behind and of a report against their hashes. Outside the safe zone the inputs are not there: skipped."""
    manifest, report = evidence.manifest, evidence.report
    written = report[MANIFEST]
    if manifest is None or _as_written(manifest) != written:  # any other sign in it is a change that no hash would show
        return [Check("manifest", 1, (Message("manifest_broken", Place(MANIFEST)),))]
    within = any(path.startswith(RESTRICTED) for path in report)  # they stay inside the safe zone
    expected = {path: sha for path, sha in manifest["files"].items() if within or not path.startswith(RESTRICTED)}
    present = {path: report.sha256(path) for path in report if path not in _UNHASHED and not _is_of_system(path)}
    return [
        Check("manifest", 1),
        _compared("files", expected, present),
        *([] if within else [Check("receipts", 0, skipped="no_receipts")]),
        *joined([made for source, inputs in manifest["inputs"].items() for made in _inputs(evidence, source, inputs)]),
        _receipts(evidence, manifest["inputs"]),
    ]


def _as_written(document: Document) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _is_of_system(path: str) -> bool:
    return path.rpartition("/")[2] in _SYSTEM


def _compared(name: str, expected: Hashes, present: Hashes, code: str = "") -> Check:
    """Hold files against hashes by path: altered, missing and extra ones are named, all by one code where it is given."""
    paths = sorted({*expected, *present})
    differing = [path for path in paths if expected.get(path) != present.get(path)]
    codes = [code or ("held_lacks" if path not in present else "held_extra" if path not in expected else "held_altered")
             for path in differing]  # fmt: skip
    return Check(name, len(paths), tuple(map(Message, codes, map(Place, differing))))


# --- inputs ----------------------------------------------------------------------------------------------------------


def _inputs(evidence: Evidence, source: str, inputs: Document) -> Iterator[Check]:
    """The crosswalk, raw files and processed tables of one source."""
    crosswalk, raw, processed = (f"data/crosswalks/{source}.toml", f"data/raw/{source}", f"data/processed/{source}")
    places = {"crosswalks": {crosswalk: inputs["crosswalk"]}}
    places |= {name: {f"{folder}/{path}": sha for path, sha in inputs[name].items()}
               for name, folder in (("raw", raw), ("processed", processed))}  # fmt: skip
    paths = {"crosswalks": [path for path in (crosswalk,) if path in evidence.home],
             "raw": evidence.under(raw), "processed": evidence.under(processed)}  # fmt: skip
    if not any(paths.values()):
        yield from (Check(name, 0, skipped="outside") for name in places)
        return
    for name, expected in places.items():
        yield _compared(name, expected, _hashes(evidence, paths[name]))
    yield _cards(evidence, source)
    tables = [path for path in paths["processed"] if path.endswith(".parquet") and path.count("/") == 3]
    broken = [path for path in tables if not _is_whole(evidence, path)]
    yield Check("pages", len(tables), tuple(Message("table_broken", Place(path)) for path in broken))


def _hashes(evidence: Evidence, paths: list[str]) -> dict[str, str]:
    return {path: evidence.home.sha256(path) for path in paths if not _is_of_system(path)}


def _cards(evidence: Evidence, source: str) -> Check:
    """Raw files against the card beside them, which was written when they came in."""
    checks = [Check("cards", 0)]
    for delivery in evidence.deliveries(source):
        try:
            named = evidence.card(delivery).get("files", {})
        except IwwError as error:
            broken = (Message(m.code, Place(f"{delivery}/{CARD}"), m.words) for m in error.messages)
            checks.append(Check("cards", 0, tuple(broken)))
            continue
        expected = {f"{delivery}/{name}": str(sha) for name, sha in named.items()}
        beside = [f"{delivery}/{name}" for name in _BESIDE]
        present = _hashes(evidence, [path for path in evidence.under(delivery) if path not in beside])
        checks.append(_compared("cards", expected, present, "card_differs"))
    return joined(checks)[0]


def _is_whole(evidence: Evidence, path: str) -> bool:
    """Whether every page of a processed table fits the checksum within it."""
    try:
        pq.ParquetFile(io.BytesIO(evidence.home[path]), page_checksum_verification=True).read()
    except (pa.ArrowException, OSError, IwwError):
        return False
    return True


# --- receipts --------------------------------------------------------------------------------------------------------


def _receipts(evidence: Evidence, inputs: Mapping[str, Any]) -> Check:
    """Source files and crosswalks that receipts name have the hash that the manifest gives them."""
    n, findings = 0, list[Message]()
    for path in evidence.report:
        if not _is_receipt(path):
            continue
        try:
            named = list(_named(json.loads(evidence.report[path])))
        except (ValueError, KeyError, TypeError, AttributeError, IwwError):
            findings.append(Message("receipt_input", Place(path), {"found": "JSON"}))
            continue
        n += len(named)
        for words, source, file, sha in named:
            known = inputs.get(source, {})
            if sha != (known.get("raw", {}).get(file) if file else known.get("crosswalk")):
                findings.append(Message("receipt_input", Place(path), {"found": words}))
    return Check("receipts", n, tuple(findings))


def _is_receipt(path: str) -> bool:
    folder = str(PurePosixPath(path).parent)
    return path == "quality.json" or (path.endswith(".json") and folder in ("figures", "receipts") and path != CHANGES)


def _named(receipt: Document) -> Iterator[tuple[str, str, str, str]]:
    """What a receipt names: in words, source, raw file ("" is the crosswalk) and hash."""
    for line in receipt["sources"]:
        name = f"{str(line['source_id']).partition('/')[0]}/{line['file']}"
        yield f"{line['source']}/{name}", line["source"], name, line["sha256"]
    for line in receipt.get("crosswalk", ()):
        yield f"{line['source']}.toml", line["source"], "", line["sha256"]
