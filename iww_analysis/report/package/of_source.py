"""Describe the processed tables of a source: every column with its type, its meaning and its closed list."""

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from iww_analysis import vocabulary
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.messages import sentences
from iww_analysis.report.package import description
from iww_analysis.report.package.description import Json
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.row_hash import within
from iww_analysis.tables.statement import Column, Table

LABELLED = 100  # codes of a list that are given with their labels; longer is only that of the municipalities, by CBS
# Column -> the table that it points to by a column of the same name.
PARENTS = {"case_id": "cases", "team": "teams", "meeting_id": "meetings", "code": "codes", "source_id": "sources"}


def source_package(
    cards: Sequence[Origin], tables: Mapping[str, pa.Table], stored: Mapping[str, tuple[str, int]]
) -> Json:
    """Describe the processed tables of a source. `cards`: one per delivery; `stored`: every file, with its hash and size.

    What follows from these data alone (which keys are always filled, which point to a row that exists) is held
    against them here.
    """
    source = cards[-1].source
    known = {column: tables[parent][column] for column, parent in PARENTS.items() if parent in tables}
    resources = [
        description.file(path, *stored[path])
        | {"name": (stem := path.rsplit(".", 1)[0])}
        | (_table(stem, tables[stem], known) if stem in tables else {"title": description.words(stem, "nl")})
        for path in sorted(stored)
    ]
    title, summary = (description.words(name, "nl", source=source) for name in ("source_title", "source_description"))
    return description.about(source, title, summary, cards, "nl") | {"resources": resources}


def _table(name: str, held: pa.Table, known: Mapping[str, pa.ChunkedArray]) -> Json:
    """The schema of one table, from its statement; of an account from what the words say of it.

    `known`: the values that columns can point to.
    """
    statement = TABLES.get(name)
    if statement is None:
        words = sentences.read("package")["table"][name]
        fields = [_plain(column.name) | {"type": _type(column.type)} for column in held.schema]
        return {"type": "table", "title": words["nl"], "description": words["en"], "schema": {"fields": fields}}
    schema: Json = {"fields": list(_fields(statement, held.schema))}
    key = list(statement.key)
    has_empty = any(held[column].null_count for column in key)  # a primary key may have no empty cell
    schema |= {"uniqueKeys": [key]} if has_empty else {"primaryKey": key}
    if keys := list(_foreign_keys(name, held, known)):
        schema["foreignKeys"] = keys
    summary = f"One row per {statement.row_is}." + (f" {statement.trap}" if statement.trap else "")
    return {"type": "table", "title": statement.nl, "description": summary, "schema": schema}


def _type(arrow_type: pa.DataType) -> str:
    held = arrow_type.value_type if pa.types.is_dictionary(arrow_type) else arrow_type
    kinds = ((pa.types.is_timestamp, "date"), (pa.types.is_boolean, "boolean"), (pa.types.is_integer, "integer"))
    return next((name for holds, name in kinds if holds(held)), "string")


def _fields(table: Table, schema: pa.Schema) -> Iterator[Json]:
    columns = {column.name: column for column in table if not column.transient}
    for name in table.stored:
        stem, _, beside = name.rpartition("_")
        typed = {"type": _type(schema.field(name).type)}
        if name in columns:
            yield _field(columns[name], in_key=name in table.key) | typed
        elif beside in sentences.read("package")["beside"] and stem in columns:
            words = sentences.read("package")["beside"][beside]
            field = {"name": name, "title": words["nl"].format(nl=columns[stem].nl), "description": words["en"]}
            yield field | typed | (_closed(vocabulary.read("missing")) if beside == "missing" else {})
        else:
            yield _plain(name) | typed | {"constraints": {"required": True}}


def _plain(name: str) -> Json:
    words = sentences.read("package")["column"][name]
    return {"name": name, "title": words["nl"], "description": words["en"]}


def _field(column: Column, *, in_key: bool) -> Json:
    summary = " ".join(filter(None, (column.meaning, column.trap, f"({column.unit})" if column.unit else "")))
    field: Json = {"name": column.name, "title": column.nl, "description": summary}
    limits = {"required": (column.required and not column.month) or None, "minimum": column.low, "maximum": column.high}
    field["constraints"] = {name: value for name, value in limits.items() if value is not None}
    if column.kind == "code":
        reasons = () if column.required else vocabulary.read("missing").values
        closed = _closed(vocabulary.read(column.vocabulary), reasons if in_key else ())
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
