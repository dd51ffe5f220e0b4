"""Know what lies there of a report, and whether anything that it is made of changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import RECEIPTS, Home
from iww_analysis.io.processed import inputs
from iww_analysis.messages.errors import Message, Place
from iww_analysis.report import interpretation, manifest
from iww_analysis.report.interpretation import Words
from iww_analysis.report.manifest import MANIFEST, Request

NOTEBOOKS = ("00-start-here", "10-what-was-recorded", "20-cases-compared", "30-meetings-and-pathways", "40-effect-arena",
             "50-voices", "60-configurations", "70-outcomes", "80-report-figures")  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A finished report: its files by path within the report folder, and what a person should know."""

    name: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    current: bool = False  # nothing had changed: nothing was made
    changes: tuple[Message, ...] = ()  # since the previous report of this name
    stopped: tuple[Message, ...] = ()  # notebooks that did, and so cost the report figures


def key_of(home: Home, request: Request) -> str:
    """Give one hash over all that a report is made of."""
    hashes = [inputs.pages_hash(), *(inputs.inputs_hash(home, source) for source in request.sources)]
    hashes += [files.sha256(files.read_bytes(notebook(home, name))) for name in NOTEBOOKS]
    return manifest.key(request, hashes, words_of(home, request.name))


def words_of(home: Home, name: str) -> str:
    """The researcher's own words on a report, if there are any yet."""
    folder = home.report(name)
    there = files.are_there(folder, [interpretation.NAME])
    return files.read_bytes(folder / interpretation.NAME).decode("utf-8-sig") if there else ""


def bound_words(home: Home, name: str) -> Words:
    """The researcher's words with what they are about: the numbers of the report that lay there when they were written."""
    folder = home.report(name)
    there = files.read_json(folder / MANIFEST) if files.are_there(folder, [MANIFEST]) else {}
    return interpretation.bound(words_of(home, name), there.get("words", {}), there.get("numbers", {}))


def notebook(home: Home, name: str) -> Path:
    """Where a notebook lies: in the home folder, else with the library."""
    return notebook_folder(home) / f"{name}.ipynb"


def notebook_folder(home: Home) -> Path:
    """Where the notebooks lie: in the home folder, else those of the library."""
    return files.first_folder(home.path / "notebooks", library_notebooks())


def library_notebooks() -> Path:
    """Where the library's own notebooks lie: in it when it is installed, beside it in a clone."""
    return files.first_folder(inputs.LIBRARY / "notebooks", inputs.LIBRARY.parent / "notebooks")


def is_current(home: Home, request: Request) -> bool:
    """Whether the report that is there was made of just this, and all of it is still as it was made."""
    places = (home.report(request.name), home.receipts(request.name))
    if not all(files.are_there(folder, [MANIFEST]) for folder in places):
        return False
    known, inside = (files.read_json(folder / MANIFEST) for folder in places)
    return bool(
        known["format"] == manifest.FORMAT
        and inside["public"] == manifest.files_hash(known["files"])
        and inside["key"] == key_of(home, request)
        and _are_whole(places[0], known["files"])
        and _are_whole(places[1], {path.removeprefix(RECEIPTS): sha for path, sha in inside["files"].items()})
    )


def _are_whole(folder: Path, hashes: Mapping[str, str]) -> bool:
    there = files.are_there(folder, list(hashes))
    return there and all(files.sha256_of(folder / path) == sha for path, sha in hashes.items())


def old_places(home: Home) -> list[Message]:
    """Say of reports by an earlier version that raw counts still lie in the folder of what may leave."""
    found = list[Message]()
    for folder in home.reports():
        known = manifest.parsed(files.read_bytes(folder / MANIFEST))
        if known.get("format") == manifest.OLD_FORMAT:
            code = "report_old_internal" if known.get("internal") else "report_old_place"
            found.append(Message(code, Place(f"reports/{folder.name}"), {"name": folder.name}))
    return found
