"""Say what of a source's data asks attention, the gravest first."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from iww_analysis.analysis.questions.coverage import FIELDS
from iww_analysis.disclosure.public_numbers import Guard, field_name
from iww_analysis.messages import numbers

MOVED = 0.10  # a field that differs more than this from the year or the delivery before
MANY = 0.05  # a file of which this share of the rows was set aside
NAMED = 5  # fields named in one point

Point = tuple[str, dict[str, object]]


def attention(material: Mapping[str, Any], wording: Mapping[str, Any], guard: Guard) -> Iterator[str]:
    """What a person with five minutes should know, the gravest first; nothing that the tables below do not show."""
    for points in (_of_files, _of_deliveries, _of_fields):
        yield from (wording["attention"][code].format(**gaps) for code, gaps in points(material, guard))


def _of_files(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    if material["refused"]:
        yield "refused", {"files": numbers.listed(list(material["refused"]), guard.lang)}
    for line in material["lines"]:
        place = {"file": line["file"] + (f" · {line['sheet']}" if line["sheet"] else "")}
        aside, read = line["rows_set_aside"], line["rows_read"]
        if line.get("not_read_because") in ("refused", "sheet_hidden"):
            yield "not_read", place
        elif guard.count(aside) and (guard.count(aside) or 0) >= MANY * (guard.count(read) or 0):
            yield "set_aside", place | {"n": guard.written(aside), "read": guard.written(read)}


def _of_deliveries(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    for row in material["deliveries"]:
        which = {"delivery": row["delivery"]}
        if row["read"] and row["read"] == row["duplicate"]:
            yield "repeated", which
        for what in ("contradiction", "gone"):
            if guard.count(row[what]):
                yield what, which | {"n": guard.written(row[what])}
    for renewal in material["renewed"]:
        moved = [f"{f['field']} ({' → '.join(f['shares'])})" for f in renewal["fields"] if f["moved"]]
        if moved:
            which = {name: renewal[name] for name in ("delivery", "since")}
            yield "renewed", which | {"fields": _listed(moved, guard)}


def _of_fields(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    coverage, (source,) = material["coverage"], material["study"].sources
    recorded = material["study"].recorded[source]
    absent = [pair for pair in (f.split(".") for f in FIELDS) if tuple(pair) not in recorded]
    if absent and len(material["study"]["cases"]):
        yield "absent", {"fields": _listed([field_name(table, column, guard.lang) for table, column in absent], guard)}
    low = [line["field"] for line in coverage["fields"] if line["cells"][-1]["low"]]
    if low:
        yield "low", {"fields": _listed(low, guard), "n": len(low)}
    moved = sorted(_moved(coverage, guard), reverse=True)
    if moved:
        yield "moved", {"fields": _listed([text for _, text in moved], guard), "n": len(moved)}


def _listed(items: Sequence[str], guard: Guard) -> str:
    return numbers.listed(list(items[:NAMED]), guard.lang) + (" …" if len(items) > NAMED else "")


def _moved(coverage: Mapping[str, Any], guard: Guard) -> Iterator[tuple[float, str]]:
    """Fields of which the share of one year differs from that of the year before, with the largest difference."""
    years = [column["name"] for column in coverage["columns"]]
    for line in coverage["fields"]:
        shares = [
            (year, cell["share"])
            for year, cell in zip(years, line["cells"], strict=True)
            if year.isdigit() and cell and cell["share"] is not None
        ]
        steps = [(abs(b - a), f"{line['field']} ({one}: {numbers.share(a, guard.lang)}, {two}: {numbers.share(b, guard.lang)})")
                 for (one, a), (two, b) in pairwise(shares)]  # fmt: skip
        if steps and max(steps)[0] > MOVED + 1e-9:
            yield max(steps)
