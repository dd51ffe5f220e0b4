"""Hold each byte of the processed tables and of a report against what is made anew from the raw files."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any

from iww_analysis.messages.errors import Message, Place
from iww_analysis.verify.evidence import INSIDE, MANIFEST, Contents, HashedFiles, Remade, document
from iww_analysis.verify.outcome import Check, Tally

NAMES = ("processed_anew", "report_anew")
_DRAWN = (".svg", ".png", ".html", ".ipynb")  # other versions of libraries draw another picture of the same numbers
_OF_VERSIONS = ("versions", "code", "digests", "key", "files", "inputs", "inside", "public")
_ABSENT = ...  # stands for what a document lacks: none of JSON's own values does
_LONGEST = 40  # signs of a number or code that a message repeats


def check(home: HashedFiles, report: Contents, anew: Remade) -> Sequence[Check]:
    """Hold the processed tables in a home and the files of a report against what was made anew."""
    tally = Tally(*NAMES)
    tally.add(Check("processed_anew", 0, anew.stopped, skipped="" if anew.processed or anew.stopped else anew.skipped))
    for source, contents in anew.processed.items():
        for path, content in contents.items():
            place = f"data/processed/{source}/{path}"
            tally.hold("processed_anew", place in home and home[place] == content, "verify_processed", Place(place))
    if anew.skipped:
        tally.add(Check("report_anew", 0, skipped=anew.skipped))
        return tally.checks
    for path in sorted({*_bound(anew.report), *_bound(report)}):
        if anew.alike or not path.endswith(_DRAWN):
            difference = _difference(path, report.get(path), anew.report.get(path), anew.alike)
            tally.add(Check("report_anew", 1, (difference,) if difference else ()))
    tally.add(Check("report_anew", 0, skipped="" if anew.alike else "other_versions"))
    return tally.checks


def _bound(report: Contents) -> set[str]:
    """The paths that a report is bound to have: its manifests, and what they name."""
    manifests = [path for path in (MANIFEST, INSIDE) if path in report]
    return {*manifests, *(path for manifest in manifests for path in document(report[manifest]).get("files", ()))}


def _difference(path: str, present: bytes | None, made: bytes | None, alike: bool) -> Message | None:
    """Name a file that differs, and the first number in it that does."""
    if present == made:
        return None
    if present is not None and made is not None and path.endswith((".json", ".csv")):
        with suppress(ValueError):
            difference = next(_differing(_parsed(path, present, alike), _parsed(path, made, alike)), None)
            if difference and difference[0]:
                where, *values = difference
                texts = ["–" if v in (None, _ABSENT) else "…" if isinstance(v, dict | list) else str(v) for v in values]
                one, other = (text if len(text) <= _LONGEST else "…" for text in texts)
                return Message("verify_anew_number", Place(path), {"where": where, "found": one, "expected": other})
            if difference is None and not alike:
                return None
    return Message("verify_anew", Place(path))


def _parsed(path: str, content: bytes, alike: bool) -> Any:
    if path.endswith(".csv"):
        text = content.decode("utf-8-sig")
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    document = json.loads(content)
    if alike or not isinstance(document, dict):
        return document
    return {name: value for name, value in document.items() if name not in _OF_VERSIONS}


def _differing(present: Any, made: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place where two documents differ, in order, with what stands there in each; "" is the whole document."""
    if isinstance(present, dict) and isinstance(made, dict):
        for name in dict.fromkeys([*made, *present]):
            one, other = present.get(name, _ABSENT), made.get(name, _ABSENT)
            yield from _differing(one, other, f"{where}.{name}".lstrip("."))
    elif isinstance(present, list) and isinstance(made, list):
        for number, (one, other) in enumerate(zip_longest(present, made, fillvalue=_ABSENT), start=1):
            yield from _differing(one, other, f"{where}[{number}]")
    elif present != made or isinstance(present, bool) != isinstance(made, bool):
        yield where, present, made
