"""Hold canonical tables to their statements, with pandera: the last check before a table is stored."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow

from iww_analysis import vocabulary
from iww_analysis.messages.errors import IwwError, Message, Place
from iww_analysis.tables.cells.interning import as_frame
from iww_analysis.tables.cells.row_hash import again, used
from iww_analysis.tables.statement import Table

if TYPE_CHECKING:
    import pandera.pandas as pa  # takes half a second to import, and only a build needs it

_TYPES = {"date": "datetime64[us]", "integer": "Int64"}


def contract(table: Table) -> dict[str, pa.Column]:
    """Make the pandera schema of each stored column of a table: types, codes, ranges and required values."""
    import pandera.pandas as pa

    missing = vocabulary.read("missing").codes
    columns = {"source": pa.Column("str"), "source_id": pa.Column("str"), "source_row": pa.Column("int64")}
    for column in table:
        checks = []
        if column.kind == "code":
            codes = vocabulary.read(column.vocabulary).codes
            checks = [pa.Check.isin(codes if column.required else (*codes, *missing))]
            columns[f"{column.name}_raw"] = pa.Column("str", nullable=True)
        elif column.kind == "integer":
            bounds = ((pa.Check.ge, column.low), (pa.Check.le, column.high))
            checks = [check(bound) for check, bound in bounds if bound is not None]
        nullable = column.month or (not column.required and column.kind != "code")
        columns[column.name] = pa.Column(_TYPES.get(column.kind, "str"), checks, nullable=nullable)
        if column.typed_missing:
            columns[f"{column.name}_missing"] = pa.Column("str", pa.Check.isin(missing), nullable=True)
        if column.month:
            columns[f"{column.name}_month"] = pa.Column("str", pa.Check.str_matches(r"^\d{4}-\d\d$"), nullable=True)
    return {name: columns[name] for name in table.stored}


def empty(table: Table) -> pd.DataFrame:
    """Give a table without rows, with the types of its statement."""
    return _empty(table).copy()


@cache
def _empty(table: Table) -> pd.DataFrame:
    types = dict.fromkeys(table.stored, "str") | {"source_row": "int64"}
    types |= {column.name: _TYPES[column.kind] for column in table if column.kind in _TYPES and not column.transient}
    return pd.DataFrame({name: pd.Series(dtype=types[name]) for name in table.stored})


def distinct(table: Table, records: pyarrow.Table) -> pyarrow.Table:
    """Keep one record per key (the first), in the columns and order of the table's statement."""
    twice = again(records.select(list(table.key)).columns)
    return (records.filter(pyarrow.array(~twice)) if twice.any() else records).select(list(table.stored))


def hold(table: Table, records: pyarrow.Table) -> None:
    """Refuse a table that breaks its statement, naming every column and check, never a value."""
    if tuple(records.column_names) == table.stored:
        kinds, columns = as_frame(records[:0]).dtypes, contract(table).items()
        faults = [
            fault for name, column in columns for fault in _faults(name, column, kinds[name], records.column(name))
        ]
        if again(records.select(list(table.key)).columns).any():
            faults.append((", ".join(table.key), "unique"))
    else:
        faults = [("", "columns")]
    if faults:
        places = [(Place(column=f"{table.name}.{column}"), {"check": check}) for column, check in faults]
        raise IwwError(*(Message("contract_broken", place, words) for place, words in places))


def _faults(name: str, column: pa.Column, kind: object, values: pyarrow.ChunkedArray) -> list[tuple[str, str]]:
    """What breaks the statement of a column; a check of single values is held against the distinct ones there are."""
    import pandera.pandas as pa
    from pandera.engines.pandas_engine import Engine

    faults = [(name, "not_nullable")] if values.null_count and not column.nullable else []
    known = used(values).drop_null() if column.checks else values[:0]
    if len(known) or not column.dtype.check(Engine.dtype(kind)):  # pandera takes its time, also over nothing
        try:
            column.set_name(name).validate(as_frame(pyarrow.table({name: known})), lazy=True)
        except pa.errors.SchemaErrors as broken:
            faults += [(name, str(check).split("(")[0]) for check in broken.failure_cases["check"].unique()]
    return faults
