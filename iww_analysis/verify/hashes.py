"""Hold every file against the hash that was written down for it: raw files, crosswalks, tables, the report, its receipts."""

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import ORIGIN, Home, read_origin
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.report import changes, duiding
from iww_analysis.verify.outcome import Check, joined
from iww_analysis.verify.signing import MANIFEST, SIGNATURE

_OWN = (MANIFEST, SIGNATURE, duiding.NAME, changes.NAME)  # files of a report that its manifest cannot or need not hold
_BESIDE = (ORIGIN, "plan.json")  # lie beside a delivery and are no part of it
_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini")  # what a computer puts in folders by itself
RESTRICTED = "receipts"
OUTSIDE = "outside"  # the reviewer has the report, and not what it was made of

Hashes = Mapping[str, str]


def check(home: Home, name: str) -> list[Check]:
    """Hold all files behind and of a report against their hashes. Outside the safe zone the inputs are not there: skipped."""
    folder = home.report(name)
    manifest = _manifest(folder)
    if manifest is None:
        return [Check("manifest", 1, (Message("manifest_broken", Place(MANIFEST)),))]
    within = (folder / RESTRICTED).exists()  # they stay inside the safe zone
    told = {path: sha for path, sha in manifest["files"].items() if within or not path.startswith(f"{RESTRICTED}/")}
    return [
        Check("manifest", 1),
        _held("files", told, {name: sha for name, sha in _hashes(folder, folder).items() if name not in _OWN}),
        *([] if within else [Check("receipts", 0, skipped="no_receipts")]),
        *joined([made for source, own in manifest["inputs"].items() for made in _inputs(home, source, own)]),
        _receipts(folder, manifest["inputs"]),
    ]


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest, when it stands there as it is written: any other sign in it is a change that no hash would show."""
    content = files.read_bytes(folder / MANIFEST)
    try:
        told = json.loads(content)
    except ValueError:
        return None
    whole = isinstance(told, dict) and isinstance(told.get("files"), dict) and isinstance(told.get("inputs"), dict)
    return told if whole and files.as_json(told).encode() == content else None


def _held(name: str, told: Hashes, there: Hashes) -> Check:
    """Hold files against hashes by path: altered, missing and extra ones are named."""
    paths = sorted({*told, *there})
    found = [
        Message(
            "held_lacks" if path not in there else "held_extra" if path not in told else "held_altered", Place(path)
        )
        for path in paths
        if told.get(path) != there.get(path)
    ]
    return Check(name, len(paths), tuple(found))


def _hashes(folder: Path, home: Path) -> dict[str, str]:
    """The hash of every file in a folder, by its path from home; one that cannot be read has none."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in _SYSTEM)
    return {path.relative_to(home).as_posix(): _hash(path) for path in paths}


def _hash(path: Path) -> str:
    try:
        return files.sha256_of(path)
    except IwwError:  # held by another program, or a name that no one can use
        return ""


# --- inputs ----------------------------------------------------------------------------------------------------------


def _inputs(home: Home, source: str, told: Mapping[str, Any]) -> Iterator[Check]:
    """The crosswalk, raw files and processed tables of one source."""
    raw, processed, crosswalk = home.raw / source, home.processed(source), home.crosswalk(source)
    places = [("crosswalks", crosswalk, {"": told["crosswalk"]}), ("raw", raw, told["raw"]),
              ("processed", processed, told["processed"])]  # fmt: skip
    if not any(place.exists() for _, place, _ in places):
        yield from (Check(name, 0, skipped=OUTSIDE) for name, _, _ in places)
        return
    for name, place, hashes in places:
        base = place.relative_to(home.path).as_posix()
        expected = {f"{base}/{path}".rstrip("/"): sha for path, sha in hashes.items()}
        there = {base: _hash(place)} if place.is_file() else _hashes(place, home.path)
        yield _held(name, expected, there)
    yield _cards(home, source)
    yield _pages(home, processed)


def _cards(home: Home, source: str) -> Check:
    """Raw files against the card beside them, which was written when they came in."""
    n, found = 0, list[Message]()
    for delivery in home.deliveries(source):
        base = delivery.relative_to(home.path).as_posix()
        try:
            told = {f"{base}/{name}": str(sha) for name, sha in read_origin(delivery).get("files", {}).items()}
        except IwwError as error:
            found += [Message(m.code, Place(f"{base}/{ORIGIN}"), m.words) for m in error.messages]
            continue
        there = {
            path: sha
            for path, sha in _hashes(delivery, home.path).items()
            if path not in [f"{base}/{b}" for b in _BESIDE]
        }
        n += len({*told, *there})
        found += [
            Message("card_differs", Place(path))
            for path in sorted({*told, *there})
            if told.get(path) != there.get(path)
        ]
    return Check("cards", n, tuple(found))


def _pages(home: Home, processed: Path) -> Check:
    """Every page of every processed table against the checksum within it."""
    paths = sorted(processed.glob("*.parquet"))
    broken = [path for path in paths if not _is_whole(path)]
    return Check(
        "pages", len(paths), tuple(Message("table_broken", Place(p.relative_to(home.path).as_posix())) for p in broken)
    )


def _is_whole(path: Path) -> bool:
    try:
        pq.read_table(io.BytesIO(files.read_bytes(path)), page_checksum_verification=True)
    except (pa.ArrowException, OSError, IwwError):
        return False
    return True


# --- receipts --------------------------------------------------------------------------------------------------------


def _receipts(folder: Path, inputs: Mapping[str, Any]) -> Check:
    """Source files and crosswalks that receipts name have the hash that the manifest gives them."""
    n, found = 0, list[Message]()
    paths = (folder / "quality.json", *folder.glob("figures/*.json"), *folder.glob("receipts/*.json"))
    for path in sorted(path for path in paths if path.exists() and path != folder / changes.NAME):
        place = Place(path.relative_to(folder).as_posix())
        try:
            told = json.loads(files.read_bytes(path))
            named = list(_named(told))
        except (ValueError, KeyError, TypeError, AttributeError, IwwError):
            found.append(Message("receipt_input", place, {"found": "JSON"}))
            continue
        n += len(named)
        found += [
            Message("receipt_input", place, {"found": said})
            for said, source, name, sha in named
            if sha
            != (inputs.get(source, {}).get("raw", {}).get(name) if name else inputs.get(source, {}).get("crosswalk"))
        ]
    return Check("receipts", n, tuple(found))


def _named(receipt: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """What a receipt names: in words, source, raw file ("" is the crosswalk) and hash."""
    for line in receipt["sources"]:
        name = f"{str(line['source_id']).partition('/')[0]}/{line['file']}"
        yield f"{line['source']}/{name}", line["source"], name, line["sha256"]
    for line in receipt.get("crosswalk", ()):
        yield f"{line['source']}.toml", line["source"], "", line["sha256"]
