"""Remember what was received of a source, taken back and erased: one line an event, beside its deliveries."""

import json
from collections.abc import Mapping
from typing import Any

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import LOGBOOK, Home

RECEIVED, TAKEN_BACK, ERASED, KEY_CHANGED = "received", "taken_back", "erased", "key_changed"  # what an event can be


def events(home: Home, source: str) -> list[dict[str, Any]]:
    """Give what happened to the deliveries of a source, oldest first (docs/formats/origin.md)."""
    content = files.read_if_there(home.raw / source / LOGBOOK)
    return [json.loads(line) for line in content.decode("utf-8").splitlines()]


def write(home: Home, source: str, event: Mapping[str, Any]) -> None:
    """Write one more event; one that is just like the last of its delivery is not written again."""
    before = events(home, source)
    if event not in before[-1:]:
        lines = [json.dumps(each, ensure_ascii=False) for each in [*before, event]]
        files.write_text(home.raw / source / LOGBOOK, "\n".join(lines) + "\n")


def known_key(home: Home, source: str) -> str:
    """Give the check value of the key that a person said a source is built with from then on; nothing where nobody did."""
    changed = [event["key"] for event in events(home, source) if event["event"] == KEY_CHANGED]
    return str(changed[-1]) if changed else ""


def known_files(home: Home, source: str, built: Mapping[str, str]) -> dict[str, str]:
    """Give every file that should lie there, by its path ("2024-02-01/zaken.csv"), with its SHA-256.

    `built`: those of the last build. Then comes what the logbook says, and what the cards list.
    """
    known = dict(built)
    for event in (event for event in events(home, source) if event["event"] != KEY_CHANGED):
        paths = {f"{event['delivery']}/{name}": sha for name, sha in event["files"].items()}
        if event["event"] == TAKEN_BACK:
            known = {path: sha for path, sha in known.items() if path not in paths}
        else:
            known |= paths
    return known
