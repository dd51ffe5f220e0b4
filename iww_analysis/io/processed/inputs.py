"""Know what a build is made of: the library, a source's crosswalk and its raw files; and whether any of it changed since."""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from iww_analysis.io.disk import files, logbook
from iww_analysis.io.disk.home import LEDGER, ORIGIN, PACKAGE, Home, read_origin
from iww_analysis.messages.errors import IwwError, Message, Place

LIBRARY = Path(__file__).parents[2]
UNSEEN = ("delivered_gone", "delivered_other")  # gaps that reading what the cards list does not show
# What decides a number, or what is written beside it in `data/processed`: no other sentence, no figure, page or template.
DECIDES = (
    "analysis", "cleaning", "commands/build.py", "commands/shown_counts.py", "commands/source_key.py", "crosswalk",
    "disclosure", "io", "messages/package.toml", "privacy", "report/package/description.py", "report/package/of_source.py",
    "tables", "vocabulary",
)  # fmt: skip


@cache
def library_hash() -> str:
    """Give one hash over what decides a number, so that a changed rule rebuilds what it touches and a sentence does not."""
    return files.sha256_below(LIBRARY, DECIDES)


@cache
def pages_hash() -> str:
    """Give one hash over the whole library, so that an edited sentence or template remakes a report."""
    return files.sha256_below(LIBRARY, (".",))


def inputs_hash(home: Home, source: str) -> str:
    """Give one hash over all that a build of a source reads: library, crosswalk, origins, raw files; and what keys it makes,
    under which other key.
    """
    parts = [library_hash(), files.sha256(files.read_bytes(home.crosswalk(source)))]
    parts += ["overlap"] if may_overlap(home, source) else []
    parts += [f"key:{key}"] if (key := logbook.known_key(home, source)) else []
    for delivery in home.deliveries(source):
        parts += [f"{name}:{sha}" for name, sha in files.sha256_in(delivery).items()]
    return files.sha256("\n".join(parts).encode())


def may_overlap(home: Home, source: str) -> bool:
    """Whether another register of its municipality lies beside a source: only then its cases get keys to be found there by."""
    places = _places(home, source)
    others = (name for name in home.sources() if places and name != source)
    return any(_is_named(home, name, places) and places & _places(home, name) for name in others)


def _is_named(home: Home, source: str, places: set[str]) -> bool:
    """Whether the card of its last delivery holds any of these names: of hundreds of cards few have to be understood."""
    card = files.read_if_there(home.deliveries(source)[-1] / ORIGIN) if home.deliveries(source) else None
    return any(place.encode() in (card or b"") for place in places)


def _places(home: Home, source: str) -> set[str]:
    """The municipalities of a register, by the card of its last delivery; none of one whose card cannot be read."""
    card: dict[str, Any] = {}
    with suppress(IwwError):
        card = read_origin(days[-1]) if (days := home.deliveries(source)) else {}
    return {*card.get("municipality", ())} if card.get("regime") == "register" else set()


def hashes(home: Home, source: str) -> dict[str, Any]:
    """Give the hash of each file that a source's numbers come from: its crosswalk, its raw files, its processed tables."""
    raw = {f"{day.name}/{name}": sha for day in home.deliveries(source) for name, sha in files.sha256_in(day).items()}
    crosswalk, processed = files.sha256_of(home.crosswalk(source)), files.sha256_in(home.processed(source))
    return {"crosswalk": crosswalk, "raw": raw, "processed": processed}


def is_stale(home: Home, source: str) -> bool:
    """Whether a source must be built: anything that its build reads changed, or it is unknown, which building says."""
    ledger = ledger_of(home, source)
    made = home.deliveries(source) and _is_there(home, source, ledger)
    return not (made and ledger.get("inputs") == inputs_hash(home, source))


def _is_there(home: Home, source: str, ledger: Mapping[str, Any]) -> bool:
    """Whether every file of the build that a ledger speaks of lies there."""
    names = [PACKAGE, *(f"{name}.parquet" for name in ledger.get("tables", ()))]
    return files.are_there(home.processed(source), names)


def ledger_of(home: Home, source: str) -> Mapping[str, Any]:
    """The ledger of the last build of a source; empty where there is none."""
    return dict(json.loads(files.read_if_there(home.processed(source) / LEDGER) or b"{}"))


def known_key(home: Home, source: str) -> str:
    """Give the check value of the key that a source is built with: by the logbook, else as it was built; else nothing."""
    return logbook.known_key(home, source) or str(ledger_of(home, source).get("key", ""))


def known_files(home: Home, source: str) -> dict[str, str]:
    """Give every file that was received of a source and not taken back, by its path, with its SHA-256 ("": nobody kept it)."""
    ledger = ledger_of(home, source)
    of_sheets = {
        f"{line['delivery']}/{line['file']}": "" for line in ledger.get("sheets", ())
    }  # of a build by 0.5 or before
    return _listed(home, source) | logbook.known_files(home, source, ledger.get("files", of_sheets))


def gaps(home: Home, source: str) -> dict[str, Message]:
    """Say of each file that was received and is not there any more as it was: the path, and what is wrong with it."""
    listed, found = _listed(home, source), {}
    for path, expected in known_files(home, source).items():
        there = files.sha256_or("", home.raw / source / path)
        code = (
            "delivered_gone" if path not in listed
            else "file_absent" if not there
            else "file_changed" if there != listed[path]
            else "delivered_other" if expected not in ("", there)
            else ""
        )  # fmt: skip
        if code:
            found[path] = Message(code, Place(f"{source}/{path}"))
    return found


def _listed(home: Home, source: str) -> dict[str, str]:
    """The files that the cards of a source list."""
    cards = {day.name: read_origin(day).get("files", {}) for day in home.deliveries(source)}
    return {f"{day}/{name}": str(sha) for day, listed in cards.items() for name, sha in listed.items()}


def is_whole(home: Home, source: str) -> bool:
    """Whether the build that lies there, if one does, was made of all that had been received."""
    ledger = ledger_of(home, source)
    return bool(ledger) and _is_there(home, source, ledger) and not ledger.get("gaps")


def refused(home: Home, source: str) -> list[str]:
    """Name the files that the last build of a source refused."""
    return list(ledger_of(home, source).get("refused", ()))
