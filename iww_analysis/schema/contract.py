"""Hold canonical tables to their statements, with pandera: the last check before a table is stored."""

import pandas as pd
import pandera.pandas as pa

from iww_analysis import vocabulary
from iww_analysis.errors import IwwError, Message, Place
from iww_analysis.schema.tables import Column, Table

_TYPES = {"date": "datetime64[us]", "integer": "Int64"}


def contract(table: Table) -> pa.DataFrameSchema:
    """Make the pandera schema of a table: types, codes, ranges, required values and one row per key."""
    columns: dict[str, pa.Column] = {}
    for column in table:
        if column.transient:
            continue
        columns[column.name] = pa.Column(
            _TYPES.get(column.kind, "str"),
            checks=_checks(column),
            nullable=not column.required and column.kind != "code",
        )
        if column.kind == "code":
            columns[f"{column.name}_raw"] = pa.Column("str", nullable=True)
        if column.typed_missing:
            missing = pa.Check.isin(vocabulary.read("missing").codes)
            columns[f"{column.name}_missing"] = pa.Column("str", checks=missing, nullable=True)
    columns |= {"source": pa.Column("str"), "source_id": pa.Column("str"), "source_row": pa.Column("int64")}
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(table.key))


def _checks(column: Column) -> list[pa.Check]:
    if column.kind == "code":
        codes = vocabulary.read(column.vocabulary or "").codes
        return [pa.Check.isin(codes if column.required else (*codes, *vocabulary.read("missing").codes))]
    if column.kind == "integer":
        bounds = ((pa.Check.ge, column.low), (pa.Check.le, column.high))
        return [check(bound) for check, bound in bounds if bound is not None]
    return []


def hold(table: Table, frame: pd.DataFrame) -> None:
    """Refuse a table that breaks its statement, naming every column and check, never a value."""
    try:
        contract(table).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as broken:
        faults = broken.failure_cases[["column", "check"]].drop_duplicates().itertuples(index=False)
        raise IwwError(*(
            Message("contract_broken", Place(column=f"{table.name}.{fault.column}"), {"check": str(fault.check).split("(")[0]})
            for fault in faults
        )) from None  # fmt: skip
