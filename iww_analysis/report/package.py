"""Describe tables and reports for archives and other tools: Frictionless Data Package 2.0 and RO-Crate 1.1."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
import pyarrow as pa

from iww_analysis import vocabulary
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.figures import texts
from iww_analysis.figures.figure import Figure
from iww_analysis.io.disk.files import sha256
from iww_analysis.io.disk.home import PACKAGE
from iww_analysis.io.processed.store import Stored
from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.messages.numbers import HIDDEN
from iww_analysis.report import duiding
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.row_hash import within
from iww_analysis.tables.statement import Column, Table

CRATE = "ro-crate-metadata.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RO_CRATE = "https://w3id.org/ro/crate/1.1"
NOT_LISTED = ("receipts/", duiding.NAME)  # what never leaves a report, and what is not made but written
MEDIA = {
    "parquet": "application/vnd.apache.parquet", "csv": "text/csv", "json": "application/json", "svg": "image/svg+xml",
    "png": "image/png", "html": "text/html", "ipynb": "application/x-ipynb+json", "txt": "text/plain",
}  # fmt: skip
LABELLED = 100  # codes of a list that are given with their labels; longer is only that of the municipalities, by CBS
# Column -> the table that it points to by a column of the same name.
PARENTS = {"case_id": "cases", "team": "teams", "meeting_id": "meetings", "code": "codes", "source_id": "sources"}

Json = dict[str, Any]


def source_package(cards: Sequence[Origin], tables: Mapping[str, pa.Table], stored: Mapping[str, Stored]) -> Json:
    """Describe the processed tables of a source. `cards`: one per delivery; `stored`: every file of the folder.

    What follows from these data alone (which keys are always filled, which point to a row that exists) is held
    against them here.
    """
    source = cards[-1].source
    known = {column: tables[parent][column] for column, parent in PARENTS.items() if parent in tables}
    resources = [
        _file(path, stored[path])
        | {"name": (stem := path.rsplit(".", 1)[0])}
        | (_table(stem, tables[stem], known) if stem in tables else {"title": _words(stem, "nl")})
        for path in sorted(stored)
    ]
    title, told = (_words(name, "nl", source=source) for name in ("source_title", "source_description"))
    return _about(source, title, told, cards, "nl") | {"resources": resources}


def report_package(
    name: str,
    drawn: Sequence[Figure],
    made: Mapping[str, bytes],
    cards: Sequence[Origin],
    lang: Lang,
    *,
    internal: bool,
) -> Json:
    """Describe what may leave of a report: each file of `made`, save the restricted ones."""
    by_id = {figure.id: figure for figure in drawn}
    resources = [
        _of_report(path, content, by_id.get(PurePosixPath(path).stem), lang)
        for path, content in sorted(made.items())
        if not path.startswith(NOT_LISTED)
    ]
    title = _words("report_title", lang, name=name)
    told = _words("report_description", lang, sources=", ".join(card.source for card in cards))
    return _about(name, title, told, cards, lang, internal=internal) | {"resources": resources}


def crate(package: Mapping[str, Any], lang: Lang) -> Json:
    """Say what a data package says as an RO-Crate. Its day is that on which the last delivery was received."""
    root = {
        "@id": "./", "@type": "Dataset", "name": package["title"], "description": package["description"],
        "datePublished": package["created"][:10], "license": _words("terms", lang),
        "hasPart": [{"@id": path} for path in (PACKAGE, *(resource["path"] for resource in package["resources"]))],
    }  # fmt: skip
    descriptor = {"@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": RO_CRATE}, "about": {"@id": "./"}}
    own = {"@id": PACKAGE, "@type": "File", "name": "Frictionless Data Package", "encodingFormat": MEDIA["json"]}
    parts = [
        {
            "@id": resource["path"], "@type": "File", "name": resource.get("title", resource["name"]),
            "encodingFormat": resource["mediatype"], "contentSize": str(resource["bytes"]),
        }
        for resource in package["resources"]
    ]  # fmt: skip
    return {"@context": f"{RO_CRATE}/context", "@graph": [descriptor, root, own, *parts]}


def _about(
    name: str, title: str, description: str, cards: Sequence[Origin], lang: Lang, *, internal: bool = False
) -> Json:
    """What stands above the list of files; no clock: it was made when the last delivery was received."""
    synthetic, towns = any(card.synthetic for card in cards), vocabulary.read("municipality")
    marks = [_words(mark, lang) for mark, holds in (("synthetic", synthetic), ("internal", internal)) if holds]
    named = dict.fromkeys(
        towns.label(code, lang) + (f" ({_words('invented', lang)})" if card.synthetic else "")
        for card in cards
        for code in card.municipality
    )
    document: Json = {
        "$schema": PROFILE, "name": name, "title": " – ".join([title, *marks]), "description": description,
        "created": f"{max(card.received for card in cards)}T00:00:00Z", "synthetic": synthetic,
        "sources": [
            {"title": _words("delivery", lang, source=card.source, received=card.received), "version": str(card.received)}
            for card in cards
        ],
    }  # fmt: skip
    if named:  # by the closed list of municipalities, and not as the card says it, which may name a person
        document["contributors"] = [{"title": town, "roles": ["DataCollector"]} for town in named]
    return document


def _file(path: str, stored: Stored) -> Json:
    kind = path.rsplit(".", 1)[-1]
    sha, size = stored
    return {
        "name": path.lower().replace("/", "-"), "path": path, "format": kind, "mediatype": MEDIA[kind],
        "bytes": size, "hash": f"sha256:{sha}",
    }  # fmt: skip


# -- processed tables ------------------------------------------------------------------------------------------------


def _table(name: str, held: pa.Table, known: Mapping[str, pa.ChunkedArray]) -> Json:
    """The schema of one table, from its statement; of an account from what the words say of it.

    `known`: the values that columns can point to.
    """
    statement = TABLES.get(name)
    if statement is None:
        said = _raw()["table"][name]
        fields = [_plain(column.name) | {"type": _type(column.type)} for column in held.schema]
        return {"type": "table", "title": said["nl"], "description": said["en"], "schema": {"fields": fields}}
    schema: Json = {"fields": list(_fields(statement, held.schema))}
    key = list(statement.key)
    if any(held[column].null_count for column in key):
        schema["uniqueKeys"] = [key]  # unique all the same; a primary key may have no empty cell
    else:
        schema["primaryKey"] = key
    if keys := list(_foreign_keys(name, held, known)):
        schema["foreignKeys"] = keys
    told = f"One row per {statement.row_is}." + (f" {statement.trap}" if statement.trap else "")
    return {"type": "table", "title": statement.nl, "description": told, "schema": schema}


def _type(found: pa.DataType) -> str:
    held = found.value_type if pa.types.is_dictionary(found) else found
    kinds = ((pa.types.is_timestamp, "date"), (pa.types.is_boolean, "boolean"), (pa.types.is_integer, "integer"))
    return next((name for holds, name in kinds if holds(held)), "string")


def _fields(table: Table, schema: pa.Schema) -> Iterator[Json]:
    own = {column.name: column for column in table if not column.transient}
    for name in table.stored:
        stem, _, beside = name.rpartition("_")
        typed = {"type": _type(schema.field(name).type)}
        if name in own:
            yield _field(own[name], in_key=name in table.key) | typed
        elif beside in _raw()["beside"] and stem in own:
            said = _raw()["beside"][beside]
            yield (
                {"name": name, "title": said["nl"].format(nl=own[stem].nl), "description": said["en"]}
                | typed
                | (_closed(vocabulary.read("missing")) if beside == "missing" else {})
            )
        else:
            yield _plain(name) | typed | {"constraints": {"required": True}}


def _plain(name: str) -> Json:
    said = _raw()["column"][name]
    return {"name": name, "title": said["nl"], "description": said["en"]}


def _field(column: Column, *, in_key: bool) -> Json:
    told = " ".join(filter(None, (column.meaning, column.trap, f"({column.unit})" if column.unit else "")))
    field: Json = {"name": column.name, "title": column.nl, "description": told}
    limits = {"required": column.required or None, "minimum": column.low, "maximum": column.high}
    field["constraints"] = {name: value for name, value in limits.items() if value is not None}
    if column.kind == "code":
        reasons = () if column.required else vocabulary.read("missing").values
        closed = _closed(vocabulary.read(column.vocabulary or ""), reasons if in_key else ())
        field |= {"constraints": field["constraints"] | closed.pop("constraints")} | closed
        if reasons and not in_key:  # a part of the key that is not known is a value: a key may hold none
            field["missingValues"] = [{"value": value.code, "label": value.nl} for value in reasons]
    return field


def _closed(known: vocabulary.Vocabulary, more: Sequence[vocabulary.Value] = ()) -> Json:
    values = (*known.values, *more)
    field: Json = {"constraints": {"enum": [value.code for value in values]}}
    if len(values) <= LABELLED:
        field["categories"] = [{"value": value.code, "label": value.nl} for value in values]
    return field


def _foreign_keys(name: str, held: pa.Table, known: Mapping[str, pa.ChunkedArray]) -> Iterator[Json]:
    """Where each value of a column stands in the table that it points to; true of these data, promised of no others."""
    for column in (column for column in known if PARENTS[column] != name and column in held.column_names):
        if held[column].null_count < len(held) and within(held[column], known[column]):
            yield {"fields": [column], "reference": {"resource": PARENTS[column], "fields": [column]}}


# -- reports ---------------------------------------------------------------------------------------------------------


def _of_report(path: str, content: bytes, figure: Figure | None, lang: Lang) -> Json:
    resource = _file(path, (sha256(content), len(content)))
    if figure is None or not path.startswith("figures/"):
        return resource
    kind = resource["format"]
    if kind == "json":
        return resource | {"title": _words("receipt", lang, title=figure.title)}
    told = {"title": figure.title, "description": figure.caption if kind == "csv" else figure.alt}
    if kind != "csv":
        return resource | told
    if figure.protected is None:  # no table: one sentence, which says what lacks
        return resource | told | {"format": "txt", "mediatype": MEDIA["txt"]}
    delimiter = ";" if lang == "nl" else ","
    heads = next(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))
    return resource | told | {
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
    return fields + [
        {"name": head} | _number(marks[value], value, lang)
        for head, value in zip(heads[len(first) :], values, strict=True)
    ]


def _number(column: pd.Series, name: str, lang: Lang) -> Json:
    """The type of a column of numbers as it was written; a column may also hold words."""
    known = [value for value in column if not pd.isna(value)]
    if any(isinstance(value, str | pd.Timestamp) for value in known):
        return {"type": "string"}
    whole = not any(isinstance(value, float) for value in known)
    typed: Json = {"type": "integer"} if whole else {"type": "number", "decimalChar": "," if lang == "nl" else "."}
    empty = [{"value": "", "label": _words("none", lang)}, {"value": HIDDEN, "label": _words("hidden", lang)}]
    return typed | {"missingValues": empty} | ({"constraints": {"minimum": 0}} if name.startswith("n_") else {})


# -- words -----------------------------------------------------------------------------------------------------------


@cache
def _raw() -> Json:
    return dict(sentences.read("package"))


def _words(name: str, lang: Lang, /, **gaps: object) -> str:
    said = str(_raw()[name][lang])
    return said.format(**gaps) if gaps else said
