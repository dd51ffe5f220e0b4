"""Hold what figures count against the truth: raw counts of marks, as the receipts of a report have them."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.strangers.book.model import Gap, Stranger
from benchmarks.strangers.book.truth import expected
from benchmarks.strangers.trial.compare import SAID, SILENT, Wrong

EACH = {"F01": 4, "F03": 3, "F05": 3}  # figure -> how many of its marks
CLOSED = {"closure_reason", "date_closed", "date_closed_month"}  # who was closed on a day that is not known stands apart in F05
KEY = {"F01": "month", "F03": "domain", "F05": "reason"}


def compare_marks(stranger: Stranger, receipts: Mapping[str, bytes]) -> Iterator[Wrong | None]:
    """Compare the largest marks of three figures: cases per month, per life domain, and closed ones per reason."""
    for figure, counts in _counts(stranger).items():
        receipt = receipts.get(f"receipts/{figure}.json")
        if receipt is None:  # the page says that it could not be drawn, and why
            yield from [Wrong(SAID, "no figure", figure, "", "", "")] if counts else []
            continue
        found = _found(json.loads(receipt), KEY[figure])
        for key, n in counts.most_common(EACH[figure]):
            right = found.get(key) == n
            yield None if right else Wrong(SILENT, "mark", figure, key, str(n), str(found.get(key)))


def _counts(stranger: Stranger) -> Mapping[str, Counter[str]]:
    """What must be counted, from the truth."""
    counts = {figure: Counter[str]() for figure in EACH}
    for record in expected(stranger):
        values = {column: value for column, (value, _) in record.values.items()}
        if record.table == "cases" and isinstance(day := values.get("date_referral"), dt.date):
            counts["F01"][f"{day:%Y-%m}"] += 1
        known = {column for column, value in values.items() if not isinstance(value, Gap)}
        if record.table == "cases" and (reason := values.get("closure_reason")) and {"closure_reason"} < known & CLOSED:
            counts["F05"][str(reason)] += 1
        if record.table == "case_domains" and values.get("status", "problem") in ("problem", "attention"):
            counts["F03"][str(record.by.get("domain"))] += 1
    return counts


def _found(receipt: Mapping[str, Any], key: str) -> Mapping[str, int]:
    """The raw counts of the marks that have this key alone beside the municipality."""
    found = Counter[str]()
    for mark in receipt["marks"]:
        keys = {name: str(value) for name, value in mark["mark"].items() if name != "municipality"}
        if set(keys) == {key}:
            found[keys[key][:7] if key == "month" else keys[key]] += mark["raw"].get("n_cases") or 0
    return found
