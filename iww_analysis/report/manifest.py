"""Say what a report was made of: in its manifest, and as the key by which it is known to be current."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from iww_analysis.messages.errors import Lang
from iww_analysis.report import interpretation

FORMAT = "iww-report/2"
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


def manifest(
    request: Request, synthetic: bool, made_of: Mapping[str, object], made: Mapping[str, bytes]
) -> dict[str, Any]:
    """What the report was made of, and the hash of each of its files; what tells of an earlier report comes after it.

    `made_of`: its key, the hashes of its inputs, and of the code.
    """
    hashes = {path: sha256(content) for path, content in sorted(made.items()) if path != interpretation.NAME}
    return {
        "format": FORMAT, "name": request.name, "lang": request.lang, "sources": list(request.sources), "study": request.study,
        "synthetic": synthetic, "internal": request.internal, **made_of, "versions": versions(), "files": hashes,
    }  # fmt: skip


def sha256(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def as_json(document: object) -> bytes:
    """Give JSON in one stable form: readable, in the order given, newline at the end."""
    return (json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n").encode()
