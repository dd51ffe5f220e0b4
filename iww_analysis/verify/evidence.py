"""Hold what the checks work with: the files of a report and of its sources, handed over by who opened them."""

import json
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

import duckdb

from iww_analysis.crosswalk.origin import Origin
from iww_analysis.messages.errors import IwwError, Message, Place, fail

MANIFEST, SIGNATURE, LEDGER, CARD = "manifest.json", "manifest.sig", "ledger.json", "origin.toml"
RELEASE = "release.json"  # of a bundle: who let it leave, and what was checked
INSIDE = f"receipts/{MANIFEST}"  # that of what stays inside
FORMATS, INSIDE_FORMATS = ("iww-report/3",), ("iww-inside/1",)  # that are verified here
_NEEDED = dict.fromkeys(("format", "name", "lang", "study"), str) | {
    "files": dict, "inside": dict, "sources": list, "internal": bool,
}  # fmt: skip
_NEEDED_INSIDE = {"format": str, "key": str, "public": str, "files": dict, "inputs": dict}
Document = Mapping[str, Any]
Contents = Mapping[str, bytes]  # path -> what the file holds
SqlTypes = Mapping[str, str]  # column -> its type in SQL
Opened = AbstractContextManager[duckdb.DuckDBPyConnection]


class HashedFiles(Protocol):
    """Files by path: each is read when it is asked for, and hashed once. One that cannot be read raises IwwError."""

    def __iter__(self) -> Iterator[str]: ...
    def __contains__(self, path: object, /) -> bool: ...
    def __getitem__(self, path: str, /) -> bytes: ...

    def sha256(self, path: str) -> str:
        """Give the SHA-256 of a file; empty where it cannot be read."""


@dataclass(frozen=True)
class Remade:
    """What was made anew: per source its processed files, and the files of the report.

    `stopped`: what kept a source from being built; `skipped`: why the report was not made, if it was not; `alike`: whether
    the versions of libraries are those of the report.
    """

    processed: Mapping[str, Contents]
    report: Contents
    stopped: tuple[Message, ...] = ()
    skipped: str = ""
    alike: bool = True


def document(content: bytes) -> dict[str, Any]:
    """Give what JSON holds by name; nothing where it is none: its hash says so already."""
    try:
        parsed = json.loads(content)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def manifest_of(report: HashedFiles) -> Document | None:
    """Give the public manifest of a report; None where it cannot be read or lacks what one of its form needs."""
    known = _manifest(report, MANIFEST, {"format": str})
    return _manifest(report, MANIFEST, _NEEDED) if known and known["format"] in FORMATS else known


def inside_of(report: HashedFiles, sources: Collection[str]) -> Document | None:
    """Give the manifest of what stays inside of a report, of these sources; None where it is not here or not as it should be."""
    inside = _manifest(report, INSIDE, _NEEDED_INSIDE) if INSIDE in report else None
    whole = inside is not None and inside["format"] in INSIDE_FORMATS and {*sources} == {*inside["inputs"]}
    return inside if whole else None


def _manifest(report: HashedFiles, path: str, needed: Mapping[str, type]) -> Document | None:
    try:
        parsed = document(report[path])
    except IwwError:
        return None
    return parsed if all(isinstance(parsed.get(name), kind) for name, kind in needed.items()) else None


@dataclass(frozen=True)
class Evidence:
    """All that lies here of one report.

    `report`: its files, by path within it; `manifest`: the public one, `inside`: that of what stays inside, None where it is
    not here; both None where they lack what a manifest needs; `home`: crosswalks, raw files and processed tables of its sources,
    by path from the home folder. `origins`: the card of each source's last delivery; `database`: their processed tables, opened
    without a way to other files; `key_with`: a key of pseudonyms by its check value, "": the one in use (None: not on this
    computer); `anew`: tables and report made again.
    """

    report: HashedFiles
    manifest: Document | None
    inside: Document | None
    home: HashedFiles
    origins: Callable[[], Mapping[str, Origin]]
    database: Callable[[Mapping[str, SqlTypes]], Opened]
    key_with: Callable[[str], bytes | None]
    anew: Callable[[], Remade]

    def under(self, folder: str) -> list[str]:
        """The paths of all files in a folder of the home, at any depth."""
        return [path for path in self.home if path.startswith(f"{folder}/")]

    def deliveries(self, source: str) -> list[str]:
        """The folders of a source's deliveries, in the order in which they came."""
        cards = [PurePosixPath(path) for path in self.under(f"data/raw/{source}") if path.endswith(f"/{CARD}")]
        here = [card.parent for card in cards if len(card.parts) == 5 and not card.parent.name.startswith(".iww-")]
        return sorted(map(str, here))

    def card(self, delivery: str) -> Document:
        """What stands on the card of a delivery."""
        return self.toml(f"{delivery}/{CARD}")

    def ledger(self, source: str) -> Document:
        """The account of a source's rows."""
        return dict(json.loads(self.home[f"data/processed/{source}/{LEDGER}"]))

    def vector(self, source: str) -> Document:
        """What is kept of what may be shown of a source; nothing where nothing is."""
        path = f"data/shown/{source}.json"
        return document(self.home[path]) if path in self.home else {}

    def toml(self, path: str) -> Document:
        """Read TOML; raises IwwError with its place where it is absent or broken."""
        place = Place(PurePosixPath(path).name)
        if path not in self.home:
            raise fail("file_absent", place)
        try:
            return tomllib.loads(self.home[path].decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            detail = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "UTF-8"
            raise fail("toml_broken", place, detail=detail) from None
