"""Make what leaves: the public files of a report, and `release.json`, that says who let it leave and what was checked of it."""

import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from iww_analysis.report.manifest import as_json, root
from iww_analysis.verify import signing
from iww_analysis.verify.evidence import MANIFEST, RELEASE, Contents, Document
from iww_analysis.verify.release import declared
from iww_analysis.verify.release.gate import Candidate, Earlier

FORMAT = "iww-release/1"


def bundle(candidate: Candidate, inside: bytes, key: bytes, sign_with: Ed25519PrivateKey) -> dict[str, bytes]:
    """Give every file that leaves, by its path: the same candidate and keys, the same bytes.

    `inside`: the manifest of what stays inside, `key`: that of the pseudonyms; the root that leaves is salted with the name of
    the release, so that two releases cannot be compared by it.
    """
    manifest = dict(candidate.manifest) | {"inside": root(inside, candidate.release, key)}
    files = {path: candidate.files[path] for path in manifest["files"]} | {MANIFEST: as_json(manifest)}
    told = as_json(signing.signed_document(_release(candidate, manifest, files), sign_with))
    return files | {RELEASE: told}


def _release(candidate: Candidate, manifest: Document, files: Contents) -> dict[str, Any]:
    checks = [*candidate.verified.checks, candidate.audit]
    said = candidate.said
    people = {name: str(said[name]).strip() for name in declared.asked(case_study=candidate.shows_cases)}
    return {
        "format": FORMAT, "release": candidate.release, "report": candidate.name, "sources": manifest["sources"],
        "synthetic": manifest["synthetic"], **people, "refusals": dict.fromkeys(declared.reasons(), "no"),
        "checked": {check.name: check.n for check in checks if check.n},
        "not_checked": {check.name: check.skipped for check in checks if check.skipped},
        "earlier": {each.release: _compared(candidate, each) for each in candidate.earlier if each.release != candidate.release},
        "pseudonym_key": manifest["pseudonym_key"], "versions": manifest["versions"],
        "manifest": sha256(files[MANIFEST]).hexdigest(),
    }  # fmt: skip


def _compared(candidate: Candidate, earlier: Earlier) -> list[str]:
    """What was held against an earlier release: of other sources nothing, by another version only which cases there are."""
    if not {*earlier.sources} & {*candidate.units}:
        return []
    return ["cases", "records"] if earlier.code == candidate.manifest["code"] else ["cases"]


# ---- what left, and what was withdrawn: one line an event -----------------------------------------------------------------

RELEASED, WITHDRAWN = "released", "withdrawn"


def released(files: Contents) -> dict[str, Any]:
    """The line of a release in the list of all releases."""
    told = json.loads(files[RELEASE])
    kept = ("release", "report", "sources", "date", "made_by", "checked_by")
    return {"event": RELEASED, **{name: told[name] for name in kept}, "digest": digest(files)}


def digest(files: Contents) -> str:
    """Give one hash over all that leaves: `release.json` has that of the manifest, and that of every other file."""
    return sha256(files[RELEASE]).hexdigest()


def is_whole(files: Contents) -> bool:
    """Whether a kept bundle is as it left."""
    if not {RELEASE, MANIFEST} <= {*files}:
        return False
    told, manifest = json.loads(files[RELEASE]), json.loads(files[MANIFEST])
    hashes = {path: sha256(content).hexdigest() for path, content in files.items()}
    return bool(told["manifest"] == hashes[MANIFEST] and manifest["files"].items() <= hashes.items())


def withdrawn(release: str, said: declared.Said) -> dict[str, Any]:
    """The line of a withdrawal in the list of all releases: added, never in the place of another."""
    return {"event": WITHDRAWN, "release": release} | {name: str(said[name]).strip() for name in declared.WITHDRAWAL}
