"""Describe what may leave of a report: its pages, its figures and the columns of their numbers."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import pandas as pd

from iww_analysis.crosswalk.origin import Origin
from iww_analysis.figures import texts
from iww_analysis.figures.figure import Figure
from iww_analysis.messages.errors import Lang
from iww_analysis.messages.numbers import HIDDEN
from iww_analysis.report import interpretation
from iww_analysis.report.manifest import RECEIPTS, sha256
from iww_analysis.report.package import description
from iww_analysis.report.package.description import Json

Contents = Mapping[str, bytes]  # path -> what the file holds
NOT_LISTED = (RECEIPTS, interpretation.NAME)  # what never leaves a report, and what is not made but written


def report_package(
    name: str, drawn: Sequence[Figure], made: Contents, cards: Sequence[Origin], lang: Lang, *, internal: bool
) -> Json:
    """Describe what may leave of a report: each file of `made`, save the restricted ones."""
    by_id = {figure.id: figure for figure in drawn}
    resources = [
        _of_report(path, content, by_id.get(PurePosixPath(path).stem), lang)
        for path, content in sorted(made.items())
        if not path.startswith(NOT_LISTED)
    ]
    title = description.words("report_title", lang, name=name)
    summary = description.words("report_description", lang, sources=", ".join(card.source for card in cards))
    return description.about(name, title, summary, cards, lang, internal=internal) | {"resources": resources}


def _of_report(path: str, content: bytes, figure: Figure | None, lang: Lang) -> Json:
    resource = description.file(path, sha256(content), len(content))
    if figure is None or not path.startswith("figures/"):
        return resource
    kind = resource["format"]
    if kind == "json":
        return resource | {"title": description.words("receipt", lang, title=figure.title)}
    summary = {"title": figure.title, "description": figure.caption if kind == "csv" else figure.alt}
    if kind != "csv":
        return resource | summary
    if figure.protected is None:  # no table: one sentence, which says what lacks
        return resource | summary | {"format": "txt", "mediatype": description.MEDIA["txt"]}
    delimiter = ";" if lang == "nl" else ","
    heads = next(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))
    return resource | summary | {
        "type": "table", "encoding": "utf-8", "dialect": {"delimiter": delimiter, "header": True, "lineTerminator": "\r\n"},
        "schema": {"fields": _drawn(figure, heads, lang), "missingValues": [""]},
    }  # fmt: skip


def _drawn(figure: Figure, heads: Sequence[str], lang: Lang) -> list[Json]:
    """The columns of the drawn numbers, in the order in which they are written: part, keys, labels, values."""
    assert figure.protected is not None
    keys, values, marks = figure.protected.keys, figure.protected.values, figure.protected.marks
    first = heads[: len(heads) - len(values)]
    named = {key: {"title": texts.key(key, lang)} for key in keys}
    fields = [{"name": head, "type": "string"} | named.get(head, {}) for head in first]
    pairs = zip(heads[len(first) :], values, strict=True)
    return fields + [{"name": head} | _number(marks[value], value, lang) for head, value in pairs]


def _number(column: pd.Series, name: str, lang: Lang) -> Json:
    """The type of a column of numbers as it was written; a column may also hold words."""
    known = [value for value in column if not pd.isna(value)]
    if any(isinstance(value, str | pd.Timestamp) for value in known):
        return {"type": "string"}
    whole = not any(isinstance(value, float) for value in known)
    typed: Json = {"type": "integer"} if whole else {"type": "number", "decimalChar": "," if lang == "nl" else "."}
    empty = [{"value": v, "label": description.words(name, lang)} for v, name in (("", "none"), (HIDDEN, "hidden"))]
    return typed | {"missingValues": empty} | ({"constraints": {"minimum": 0}} if name.startswith("n_") else {})
