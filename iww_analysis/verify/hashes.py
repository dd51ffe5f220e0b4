"""Hold every file against the hash that was written down for it: raw files, crosswalks, tables, the report, its receipts."""

import hmac
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.messages.errors import IwwError, Place
from iww_analysis.report import interpretation
from iww_analysis.verify.evidence import CARD, INSIDE, MANIFEST, RELEASE, SIGNATURE, Document, Evidence, HashedFiles
from iww_analysis.verify.outcome import Check, Tally

RESTRICTED = "receipts/"
CHANGES = "receipts/changes.json"  # tells of an earlier report: another manifest
_RECEIPT = re.compile(r"receipts/[^/]*\.json")
_UNHASHED = (
    MANIFEST,
    SIGNATURE,
    RELEASE,
    INSIDE,
    interpretation.NAME,
    CHANGES,
)  # files of a report that its manifest cannot or need not hold
_BESIDE = (CARD, "plan.json")  # lie beside a delivery and are no part of it
NO_INPUT = (".DS_Store", "Thumbs.db", "desktop.ini", "logbook.jsonl")  # of a computer, and of what was received

Hashes = Mapping[str, str]


def check(evidence: Evidence) -> Sequence[Check]:
    """Hold all files behind and of a report against their hashes. Outside the safe zone the inputs are not there: skipped."""
    manifest, report, tally = evidence.manifest, evidence.report, Tally()
    tally.hold("manifest", _is_as_written(manifest, report, MANIFEST), "manifest_broken", Place(MANIFEST))
    if manifest is None or tally.checks[0].findings:  # any other sign in it is a change that no hash would show
        return tally.checks
    held = [path for path in report if path not in _UNHASHED]
    _compare(tally, "files", manifest["files"], report, [path for path in held if not path.startswith(RESTRICTED)])
    if interpretation.NAME in report and "words" in manifest:
        of_words = interpretation.bound(report[interpretation.NAME].decode("utf-8-sig"), manifest["words"], {})
        tally.hold("files", of_words.bindings == manifest["words"], "words_since", Place(interpretation.NAME))
    if not any(path.startswith(RESTRICTED) for path in report):  # they stay inside the safe zone
        tally.add(*(Check(name, 0, skipped="no_receipts") for name in ("inside", "root", "receipts")))
        tally.add(*(Check(name, 0, skipped="outside") for name in ("crosswalks", "raw", "processed")))
        return tally.checks
    _of_inside(tally, evidence, manifest, [path for path in held if path.startswith(RESTRICTED)])
    return tally.checks


def _is_as_written(manifest: Document | None, report: HashedFiles, path: str) -> bool:
    written = None if manifest is None else (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    return path in report and written == report[path]


def _of_inside(tally: Tally, evidence: Evidence, manifest: Document, paths: Sequence[str]) -> None:
    """What stays inside belongs to this making of the report, is whole, and was made of the files that lie here."""
    inside, report = evidence.inside, evidence.report
    tally.hold("inside", _is_as_written(inside, report, INSIDE), "manifest_broken", Place(INSIDE))
    if inside is None:
        return
    tally.hold("inside", inside["public"] == _files_hash(manifest["files"]), "inside_other", Place(INSIDE))
    key = evidence.key_with(str(manifest.get("pseudonym_key", "")))
    if key is None:
        tally.add(Check("root", 0, skipped="no_key"))
    else:
        text = b"iww-inside-root/1\n" + str(manifest["inside"].get("salt")).encode() + b"\0" + report[INSIDE]
        same = hmac.new(key, text, "sha256").hexdigest() == manifest["inside"].get("root")
        tally.hold("root", same, "root_other", Place(INSIDE))
    _compare(tally, "files", inside["files"], report, paths)
    for source, inputs in inside["inputs"].items():
        _source(tally, evidence, source, inputs)
    tally.add(Check("receipts", 0))
    for path in (path for path in paths if _RECEIPT.fullmatch(path)):
        try:
            named = list(_named(json.loads(report[path]), inside["inputs"]))
        except (ValueError, KeyError, TypeError, AttributeError, IwwError):
            tally.fault("receipts", "receipt_input", Place(path), found="JSON")
            continue
        for words, same in named:
            tally.hold("receipts", same, "receipt_input", Place(path), found=words)


def _files_hash(public: Hashes) -> str:
    return sha256((json.dumps(public, ensure_ascii=False, indent=1) + "\n").encode()).hexdigest()


def _compare(
    tally: Tally, name: str, expected: Hashes, files: HashedFiles, paths: Iterable[str], code: str = ""
) -> None:
    """Hold files against hashes: altered, missing and extra ones are named, all by one code where it is given."""
    present = {path: files.sha256(path) for path in paths if path.rpartition("/")[2] not in NO_INPUT}
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
    """Each raw file and crosswalk that a restricted receipt names, in words, and whether its hash is that of the manifest."""
    for line in receipt["sources"]:
        name = f"{str(line['source_id']).partition('/')[0]}/{line['file']}"
        known = inputs.get(line["source"], {}).get("raw", {}).get(name)
        yield f"{line['source']}/{name}", line["sha256"] == known
    for line in receipt.get("crosswalk", ()):
        yield f"{line['source']}.toml", line["sha256"] == inputs.get(line["source"], {}).get("crosswalk")
