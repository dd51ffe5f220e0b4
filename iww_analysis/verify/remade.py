"""Make everything anew in memory, tables from the raw files and the report from the tables, and hold each byte against it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from iww_analysis.commands import build
from iww_analysis.commands.inputs import inputs_hash
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import LEDGER, Home
from iww_analysis.messages.errors import IwwError, Lang, Message, Place
from iww_analysis.report import assemble
from iww_analysis.report.receipts import versions
from iww_analysis.verify.outcome import Check

NAMES = ("processed_anew", "report_anew")
_DRAWN = (".svg", ".png", ".html", ".ipynb")  # other versions of libraries draw another picture of the same numbers
_OF_VERSIONS = ("versions", "code", "digests", "key", "files", "inputs")
_LONGEST = 40  # signs of a number or code that a message repeats
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Remade:
    """What was made anew: per source its processed files, and the files of the report.

    `stopped`: what kept a source from being built; `skipped`: why the report was not made, if it was not; `alike`: whether
    the versions of libraries are those of the report.
    """

    processed: Mapping[str, Files]
    report: Files
    stopped: tuple[Message, ...] = ()
    skipped: str = ""
    alike: bool = True


def make(home: Home, name: str, manifest: Mapping[str, Any]) -> Remade:
    """Build a report's sources from raw, and make it from the tables that lie there; nothing is written.

    The report is not made when the tables are not of these raw files and this library: its notebooks would build them.
    """
    processed, stopped = dict[str, Files](), list[Message]()
    for source in manifest["sources"]:
        try:
            processed[source] = build.contents(home, source, build.build(home, source), _inputs(home, source))
        except IwwError as error:
            stopped += error.messages
    if any(_inputs(home, source) != inputs_hash(home, source) for source in manifest["sources"]):
        return Remade(processed, {}, tuple(stopped), "not_current")
    lang: Lang = "en" if manifest["lang"] == "en" else "nl"
    made = assemble.make(
        home, manifest["sources"], name, study_id=manifest["study"], lang=lang, internal=manifest["internal"]
    )
    return Remade(processed, made, tuple(stopped), "", manifest["versions"] == versions())


def _inputs(home: Home, source: str) -> Any:
    return files.read_json(home.processed(source) / LEDGER).get("inputs")


def check(home: Home, name: str, manifest: Mapping[str, Any], held: Files, made: Remade | None) -> list[Check]:
    """Hold the processed tables and the files of a report against what is made anew (here, when it was not before)."""
    made = made or make(home, name, manifest)
    findings = [*made.stopped]
    for source, own in made.processed.items():
        for path, content in own.items():
            place = home.processed(source) / path
            if not place.exists() or files.read_bytes(place) != content:
                findings.append(Message("verify_processed", Place(f"data/processed/{source}/{path}")))
    tables = Check("processed_anew", sum(map(len, made.processed.values())), tuple(findings))
    if made.skipped:
        return [tables, Check("report_anew", 0, skipped=made.skipped)]
    paths = [path for path in _compared(made, manifest) if made.alike or not path.endswith(_DRAWN)]
    told = [
        message for path in paths if (message := _difference(path, held.get(path), made.report.get(path), made.alike))
    ]
    return [tables, Check("report_anew", len(paths), tuple(told), "" if made.alike else "other_versions")]


def _compared(made: Remade, manifest: Mapping[str, Any]) -> Iterator[str]:
    """The files that a report is bound to have, and its manifest."""
    anew = json.loads(made.report["manifest.json"])["files"]
    yield from sorted({*anew, *manifest["files"], "manifest.json"})


def _difference(path: str, found: bytes | None, own: bytes | None, alike: bool) -> Message | None:
    """Name a file that differs, and the first number in it that does."""
    if found == own:
        return None
    if found is None or own is None:
        return Message("verify_anew", Place(path))
    if path.endswith((".json", ".csv")):
        try:
            where, one, other = next(_unlike(*(_read(path, content, alike) for content in (found, own))), ("", "", ""))
        except ValueError:
            return Message("verify_anew", Place(path))
        if where:
            return Message(
                "verify_anew_number", Place(path), {"where": where, "found": _told(one), "expected": _told(other)}
            )
        if not alike:
            return None
    return Message("verify_anew", Place(path))


def _read(path: str, content: bytes, alike: bool) -> Any:
    if path.endswith(".csv"):
        text = content.decode("utf-8-sig")
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    told = json.loads(content)
    return told if alike else {name: value for name, value in told.items() if name not in _OF_VERSIONS}


def _unlike(found: Any, own: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place where two documents differ, in order, with what stands there in each."""
    if isinstance(found, dict) and isinstance(own, dict):
        for name in dict.fromkeys([*own, *found]):
            yield from _unlike(found.get(name), own.get(name), f"{where}.{name}".lstrip("."))
    elif isinstance(found, list) and isinstance(own, list):
        for number, (one, other) in enumerate(zip_longest(found, own), start=1):
            yield from _unlike(one, other, f"{where}[{number}]")
    elif found != own:
        yield where, found, own


def _told(value: Any) -> str:
    text = str(value)
    return "–" if value is None else text if len(text) <= _LONGEST and not isinstance(value, dict | list) else "…"
