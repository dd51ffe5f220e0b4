"""Hold many records in little room: every distinct text once, and for each record its number."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

FEW = 0.5  # share of distinct texts up to which they are held once
MANY = 10_000  # distinct texts of a column that are worth holding once, however few its cells
LEAST = 127  # distinct texts that a byte can number


def encoded(texts: pd.Series) -> pd.Series:
    """Hold every distinct text of a column once. No cell may be null."""
    codes, known = distinct(texts)
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(known, dtype=object)), index=texts.index)


def distinct(texts: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Give for each cell the number of its text, and the distinct texts in order of appearance. No cell may be null."""
    if isinstance(texts.dtype, pd.CategoricalDtype):
        return texts.cat.codes.to_numpy(), texts.cat.categories.tolist()
    encoded = _chunk(pa.array(texts, from_pandas=True)).dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()


def under_each_other(columns: Sequence[pd.Series]) -> pd.Series:
    """Put columns of text under each other; texts held once stay so."""
    if all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
        return pd.Series(union_categoricals(list(columns)))
    return pd.concat([column.astype("str") for column in columns], ignore_index=True)


def compact(frame: pd.DataFrame) -> pa.Table:
    """Give a frame as an Arrow table in which texts that recur are held once."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    return pa.table({name: _compact(column) for name, column in zip(table.column_names, table.columns, strict=True)})


def _compact(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    if pa.types.is_dictionary(column.type):
        return _held_once(_chunk(column))
    if not (pa.types.is_large_string(column.type) or pa.types.is_string(column.type)):
        return column
    encoded = _chunk(column).dictionary_encode()
    return _held_once(encoded) if len(encoded.dictionary) <= FEW * len(encoded) else column.cast(pa.string())


def _held_once(column: pa.DictionaryArray) -> pa.DictionaryArray:
    return column.cast(pa.dictionary(pa.int8() if len(column.dictionary) <= LEAST else pa.int32(), pa.string()))


def together(tables: Sequence[pa.Table]) -> pa.Table:
    """Put compact tables under each other; a column of many distinct texts is held text by text."""
    plain = {
        field.name for table in tables for field in table.schema if _many(table.column(field.name), tables, field.name)
    }
    whole = pa.concat_tables([_plain(table, plain) for table in tables]).unify_dictionaries()
    return pa.table({
        name: _held_once(_chunk(column)) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(whole.column_names, whole.columns, strict=True)
    })  # fmt: skip


def _many(column: pa.ChunkedArray, tables: Sequence[pa.Table], name: str) -> bool:
    """Whether a column is held text by text somewhere, or has so many texts that holding them once gains nothing."""
    held_once = pa.types.is_dictionary(column.type)
    if any(pa.types.is_dictionary(table.schema.field(name).type) != held_once for table in tables):
        return True
    return held_once and any(len(c.dictionary) > max(MANY, FEW * len(c)) for c in column.chunks)


def _plain(table: pa.Table, names: Collection[str]) -> pa.Table:
    """The same table with some columns of text held text by text, and room in the others for as many texts as there may be."""
    return pa.table({
        name: column.cast(pa.string()) if name in names else _roomy(column)
        for name, column in zip(table.column_names, table.columns, strict=True)
    })  # fmt: skip


def _roomy(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.dictionary(pa.int32(), pa.string())) if pa.types.is_dictionary(column.type) else column


def codes(column: pa.ChunkedArray) -> np.ndarray:
    """Give a number per record, the same for the same value; a missing value is one too."""
    values = _chunk(column)
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64())
    if not pa.types.is_integer(values.type):
        values = (values if pa.types.is_dictionary(values.type) else values.dictionary_encode()).indices
    return np.asarray(values.fill_null(-1))


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Give a compact table as the rest of the library knows frames: texts as `str`, whole numbers with gaps as `Int64`."""
    plain = _plain(table, [field.name for field in table.schema if pa.types.is_dictionary(field.type)])
    with_gaps = [f.name for f in plain.schema if pa.types.is_integer(f.type) and plain[f.name].null_count]
    frame: pd.DataFrame = plain.to_pandas().astype(dict.fromkeys(with_gaps, "Int64"))
    return frame


class Frames(Mapping[str, pd.DataFrame]):
    """Compact tables by name, each given as a frame when it is asked for."""

    def __init__(self, compact: Mapping[str, pa.Table]) -> None:
        self.compact = dict(compact)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return as_frame(self.compact[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.compact)

    def __len__(self) -> int:
        return len(self.compact)


def _chunk(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array of a column that may be held in pieces."""
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column
