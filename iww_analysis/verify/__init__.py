"""Verify a finished report: its hashes and its files anywhere, and every number again where its raw files lie."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Lang, fail
from iww_analysis.verify import hashes, inside, signing
from iww_analysis.verify.finished import finished
from iww_analysis.verify.outcome import Check, Verified, joined, tried
from iww_analysis.verify.remade import Remade

__all__ = ["Check", "Remade", "Verified", "verify"]


def verify(home: Home, name: str, *, against: Path | None = None, remade: Remade | None = None) -> Verified:
    """Check all of a report that can be checked here; whatever is damaged is a finding, never a failure.

    `against`: the manifest, signature or public key that a reviewer kept. `remade`: tables and report made anew before, to
    check many reports against one making.
    """
    folder = home.report(name)
    if not (folder / signing.MANIFEST).exists():
        known = ", ".join(sorted(p.parent.name for p in home.report("x").parent.glob(f"*/{signing.MANIFEST}")))
        raise fail("report_unknown", found=name, known=known or "-")
    checks = [
        *tried("manifest", lambda: hashes.check(home, name)),
        *tried("signature", lambda: signing.check(home, name)),
    ]
    if against is not None:
        checks += tried("against", lambda: [signing.against(home, name, against)])
    manifest = _manifest(folder)
    if manifest is None:  # said by the check of hashes
        return Verified(name, joined(checks))
    held = _files(folder)
    lang: Lang = "en" if manifest["lang"] == "en" else "nl"
    checks += tried("finished", lambda: finished.check(held, lang))
    own = tried("recount", lambda: inside.check(home, name, manifest, held, remade))
    undone = [Check(left, 0, skipped="damaged") for left in inside.NAMES if left not in {check.name for check in own}]
    return Verified(name, joined([*checks, *own, *undone]))


def _manifest(folder: Path) -> Mapping[str, Any] | None:
    try:
        told = json.loads(files.read_bytes(folder / signing.MANIFEST))
        return told if isinstance(told, dict) and {"lang", "sources", "key", "internal", "study"} <= {*told} else None
    except (ValueError, IwwError):
        return None


def _files(folder: Path) -> dict[str, bytes]:
    """The files of a report by path; one that cannot be read is left out: the check of hashes names it."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with suppress(IwwError):
            found[path.relative_to(folder).as_posix()] = files.read_bytes(path)
    return found
