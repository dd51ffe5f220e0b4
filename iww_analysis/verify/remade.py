"""Hold each byte of the processed tables and of a report against what was made anew from the raw files."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from iww_analysis.messages.errors import Message, Place
from iww_analysis.verify.evidence import Contents, Document, HashedFiles, Remade
from iww_analysis.verify.outcome import Check

NAMES = ("processed_anew", "report_anew")
_DRAWN = (".svg", ".png", ".html", ".ipynb")  # other versions of libraries draw another picture of the same numbers
_OF_VERSIONS = ("versions", "code", "digests", "key", "files", "inputs")
_LONGEST = 40  # signs of a number or code that a message repeats


def check(home: HashedFiles, manifest: Document, report: Contents, anew: Remade) -> list[Check]:
    """Hold the processed tables in a home and the files of a report against what was made anew."""
    remade = {
        f"data/processed/{source}/{path}": content
        for source, contents in anew.processed.items()
        for path, content in contents.items()
    }
    differing = [path for path, content in remade.items() if path not in home or home[path] != content]
    findings = (*anew.stopped, *(Message("verify_processed", Place(path)) for path in differing))
    tables = Check("processed_anew", len(remade), findings)
    if anew.skipped:
        return [tables, Check("report_anew", 0, skipped=anew.skipped)]
    made = json.loads(anew.report["manifest.json"])["files"]
    paths = sorted({*made, *manifest["files"]} | {"manifest.json"})  # that a report is bound to have
    paths = [path for path in paths if anew.alike or not path.endswith(_DRAWN)]
    differences = [_difference(path, report.get(path), anew.report.get(path), anew.alike) for path in paths]
    skipped = "" if anew.alike else "other_versions"
    return [tables, Check("report_anew", len(paths), tuple(filter(None, differences)), skipped)]


def _difference(path: str, present: bytes | None, made: bytes | None, alike: bool) -> Message | None:
    """Name a file that differs, and the first number in it that does."""
    if present == made:
        return None
    if present is not None and made is not None and path.endswith((".json", ".csv")):
        try:
            where, one, other = next(
                _differing(_parsed(path, present, alike), _parsed(path, made, alike)), ("", "", "")
            )
        except ValueError:
            return Message("verify_anew", Place(path))
        if where:
            words = {"where": where, "found": _shortened(one), "expected": _shortened(other)}
            return Message("verify_anew_number", Place(path), words)
        if not alike:
            return None
    return Message("verify_anew", Place(path))


def _parsed(path: str, content: bytes, alike: bool) -> Any:
    if path.endswith(".csv"):
        text = content.decode("utf-8-sig")
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    document = json.loads(content)
    return document if alike else {name: value for name, value in document.items() if name not in _OF_VERSIONS}


def _differing(present: Any, made: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place where two documents differ, in order, with what stands there in each."""
    if isinstance(present, dict) and isinstance(made, dict):
        for name in dict.fromkeys([*made, *present]):
            yield from _differing(present.get(name), made.get(name), f"{where}.{name}".lstrip("."))
    elif isinstance(present, list) and isinstance(made, list):
        for number, (one, other) in enumerate(zip_longest(present, made), start=1):
            yield from _differing(one, other, f"{where}[{number}]")
    elif present != made:
        yield where, present, made


def _shortened(value: Any) -> str:
    text = str(value)
    return "–" if value is None else text if len(text) <= _LONGEST and not isinstance(value, dict | list) else "…"
