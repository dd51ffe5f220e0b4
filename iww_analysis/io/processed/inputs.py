"""Know what a build is made of: the library, a source's crosswalk and its raw files; and whether any of it changed since."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import LEDGER, PACKAGE, Home

LIBRARY = Path(__file__).parents[2]
# What decides a number, or what is written beside it in `data/processed`: no other sentence, no figure, page or template.
DECIDES = (
    "analysis", "cleaning", "commands/build.py", "commands/deliveries.py", "crosswalk", "disclosure", "io",
    "messages/package.toml", "privacy", "report/package/description.py", "report/package/of_source.py", "tables", "vocabulary",
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
    """Give one hash over all that a build of a source reads: library, crosswalk, origins and raw files."""
    parts = [library_hash(), files.sha256(files.read_bytes(home.crosswalk(source)))]
    for delivery in home.deliveries(source):
        parts += [f"{name}:{sha}" for name, sha in files.sha256_in(delivery).items()]
    return files.sha256("\n".join(parts).encode())


def hashes(home: Home, source: str) -> dict[str, Any]:
    """Give the hash of each file that a source's numbers come from: its crosswalk, its raw files, its processed tables."""
    raw = {f"{day.name}/{name}": sha for day in home.deliveries(source) for name, sha in files.sha256_in(day).items()}
    crosswalk, processed = files.sha256_of(home.crosswalk(source)), files.sha256_in(home.processed(source))
    return {"crosswalk": crosswalk, "raw": raw, "processed": processed}


def is_stale(home: Home, source: str) -> bool:
    """Whether a source must be built: anything that its build reads changed, or it is unknown, which building says."""
    ledger = ledger_of(home, source)
    names = [PACKAGE, *(f"{name}.parquet" for name in ledger.get("tables", ()))]
    is_whole = files.are_there(home.processed(source), names)
    return not (home.deliveries(source) and is_whole and ledger.get("inputs") == inputs_hash(home, source))


def ledger_of(home: Home, source: str) -> Mapping[str, Any]:
    """The ledger of the last build of a source; empty where there is none."""
    path = home.processed(source) / LEDGER
    return dict(files.read_json(path)) if files.are_there(path.parent, [LEDGER]) else {}


def refused(home: Home, source: str) -> list[str]:
    """Name the files that the last build of a source refused."""
    return list(ledger_of(home, source).get("refused", ()))
