"""Say what of a source's data asks attention: what a person with five minutes should know, from the numbers that are shown."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from iww_analysis.analysis.questions.coverage import FIELDS
from iww_analysis.disclosure.public_numbers import Guard, field_name
from iww_analysis.messages import numbers, sentences

MOVED = 0.10  # a field that differs more than this from the year or the delivery before
MANY = 0.05  # a file of which this share of the rows was set aside
NAMED = 5  # fields named in one point

Point = tuple[str, dict[str, object]]


def attention(material: Mapping[str, Any], wording: Mapping[str, Any], guard: Guard) -> Iterator[str]:
    """What a person with five minutes should know, the gravest first; nothing that the tables below do not show."""
    for points in (_of_files, _of_links, _of_deliveries, _of_fields):
        yield from (sentences.filled(wording["attention"][code], **gaps) for code, gaps in points(material, guard))


def _of_files(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    if material["refused"]:
        yield "refused", {"files": numbers.listed(list(material["refused"]), guard.lang)}
    for line in material["ledger"]["rows"]:
        aside, read = line["rows_set_aside"], line["rows_read"]
        if line["note"] in ("refused", "sheet_hidden"):
            yield "not_read", _place(line)
        elif aside.is_some and aside.drawn >= MANY * (read.drawn or 0):
            yield "set_aside", _place(line) | {"n": aside, "read": read}


def _of_links(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    for link in material["links"]:
        if link["n_lost"].is_some:
            yield "unlinked", _place(link) | {"n": link["n_lost"], "of": link["n"]}


def _place(line: Mapping[str, Any]) -> dict[str, object]:
    return {"file": line["file"] + (f" · {line['sheet']}" if line["sheet"] else "")}


def _of_deliveries(material: Mapping[str, Any], guard: Guard) -> Iterator[Point]:
    for row in material["deliveries"]:
        which = {"delivery": row["delivery"]}
        if row["read"].is_some and row["read"].drawn == row["duplicate"].drawn:
            yield "repeated", which
        for what in ("contradiction", "gone"):
            if row[what].is_some:
                yield what, which | {"n": row[what]}
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
            (year, cell["share"], cell["reach"])
            for year, cell in zip(years, line["cells"], strict=True)
            if year.isdigit() and cell and cell["share"] is not None
        ]
        told = [(share, f"{year}: {numbers.share(share, guard.lang)}", reach) for year, share, reach in shares]
        steps = [
            (abs(b - a) - near - far, f"{line['field']} ({one}, {two})")
            for (a, one, near), (b, two, far) in pairwise(told)
        ]
        if steps and max(steps)[0] > MOVED + 1e-9:
            yield max(steps)
