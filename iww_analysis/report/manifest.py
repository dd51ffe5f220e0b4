"""Say what a report was made of: in its two manifests, and as the key by which it is known to be current.

The public manifest names what may leave. That of inside has the hashes of all that stays: raw files, crosswalks, tables,
receipts. What is restricted can be guessed from its plain hash, so of all this one keyed hash leaves: the root.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from iww_analysis.messages.errors import Lang
from iww_analysis.report import interpretation

FORMAT = "iww-report/3"
OLD_FORMAT = "iww-report/2"  # its receipts lay among what may leave
INSIDE_FORMAT = "iww-inside/1"
RECEIPTS = "receipts/"  # begins the path within a report of what stays inside
MANIFEST, INSIDE = "manifest.json", f"{RECEIPTS}manifest.json"
_OF_INSIDE = ("key", "inputs")  # of what a report was made of; the rest may be known
LIBRARIES = ("iww-analysis", "pandas", "numpy", "scipy", "matplotlib", "pyarrow")


@dataclass(frozen=True)
class Request:
    """The report that is asked for; `study`: of which study it draws the figures, all of them when it is empty."""

    name: str
    sources: tuple[str, ...]
    study: str = ""
    lang: Lang = "nl"
    internal: bool = False

    @property
    def parameters(self) -> dict[str, object]:
        """What was chosen, as receipts tell it."""
        return {"lang": self.lang, "internal": self.internal, "study": self.study, "sources": list(self.sources)}


@cache
def versions() -> dict[str, str]:
    """Give the versions of the libraries that decide what stands in a report."""
    return {name: version(name) for name in LIBRARIES}


def key(request: Request, hashes: Sequence[str], words: str) -> str:
    """Give one hash over all that a report is made of. `hashes`: of library, inputs and notebooks; `words`: the researcher's."""
    chosen = (request.lang, str(request.internal), request.study, *request.sources)
    parts = (*hashes, repr(interpretation.texts(words)), repr(versions()), *chosen)
    return sha256("\n".join(parts).encode())


def manifests(
    request: Request, synthetic: bool, made_of: Mapping[str, object], made: Mapping[str, bytes], key: bytes
) -> dict[str, bytes]:
    """Both manifests, by their paths: what the report was made of, and the hash of each of its files.

    What tells of an earlier report comes after them. `made_of`: its key, the hashes of its inputs, and of the code; `key`: that
    of the pseudonyms of its sources.
    """
    hashes = {path: sha256(content) for path, content in sorted(made.items()) if path != interpretation.NAME}
    public = {path: sha for path, sha in hashes.items() if not path.startswith(RECEIPTS)}
    inside = as_json({
        "format": INSIDE_FORMAT, "name": request.name, "public": files_hash(public),
        **{name: made_of[name] for name in _OF_INSIDE}, "files": {path: hashes[path] for path in hashes if path not in public},
    })  # fmt: skip
    head = {
        "format": FORMAT, "name": request.name, "lang": request.lang, "sources": list(request.sources), "study": request.study,
        "synthetic": synthetic, "internal": request.internal,
        **{name: value for name, value in made_of.items() if name not in _OF_INSIDE},
    }  # fmt: skip
    told = {**head, "inside": root(inside, request.name, key), "versions": versions(), "files": public}
    return {INSIDE: inside, MANIFEST: as_json(told)}


def parsed(manifest: bytes) -> Mapping[str, Any]:
    """Read a manifest; nothing where it is none: verifying says so."""
    try:
        told = json.loads(manifest)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def files_hash(public: Mapping[str, str]) -> str:
    """Give one hash over the public files of a report: by it the receipts know to which making of the report they belong."""
    return sha256(as_json(dict(public)))


def root(inside: bytes, salt: str, key: bytes) -> dict[str, str]:
    """Give the keyed hash of the manifest of inside, and its salt: without the key no guess of what it covers can be checked."""
    text = b"iww-inside-root/1\n" + salt.encode() + b"\0" + inside
    return {"salt": salt, "root": hmac.new(key, text, "sha256").hexdigest()}


def sha256(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def as_json(document: object) -> bytes:
    """Give JSON in one stable form: readable, in the order given, newline at the end."""
    return (json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n").encode()
