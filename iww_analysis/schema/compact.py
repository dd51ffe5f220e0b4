"""Hold many records in little room: every distinct text once, and for each record its number."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

FEW = 0.5  # share of distinct texts up to which they are held once
MANY = 10_000  # distinct texts of a column that are worth holding once, however few its cells
SAMPLE = 10_000  # cells by which a column of unlike texts is known
LEAST = 127  # distinct texts that a byte can number
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


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
    if len(column) > SAMPLE and _recurring(_chunk(column[:SAMPLE]).dictionary_encode()) is None:
        return column.cast(pa.string())
    found = _recurring(_chunk(column).dictionary_encode())
    return column.cast(pa.string()) if found is None else found


def _recurring(encoded: pa.DictionaryArray) -> pa.DictionaryArray | None:
    return _held_once(encoded) if len(encoded.dictionary) <= FEW * len(encoded) else None


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


def row_hash(columns: Iterable[pa.Array | pa.ChunkedArray], n: int) -> np.ndarray:
    """Give one number for each of `n` rows, the same for the same values in the same columns; missing ones count for nothing."""
    number, weight = np.zeros(n, dtype=np.uint64), 1
    for column in columns:
        weight = weight * _ODD[0] % 2**64
        number += _hash(_chunk(column)) * np.uint64(weight)
    return number


def _hash(values: pa.Array) -> np.ndarray:
    if pa.types.is_dictionary(values.type):
        told = np.append(_hash(values.dictionary), np.uint64(0))  # at the end for -1: a missing cell
        return np.asarray(told[np.asarray(values.indices.fill_null(-1))])
    if pa.types.is_null(values.type):
        return np.zeros(len(values), dtype=np.uint64)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return _hash_of_texts(values)
    numbers = np.asarray(values.cast(pa.int64()).fill_null(0)).astype(np.uint64)
    return np.where(values.is_valid(), _mixed(numbers * np.uint64(_ODD[1]) + np.uint64(1)), np.uint64(0))


def _hash_of_texts(texts: pa.Array) -> np.ndarray:
    """By the bytes of each text, all texts of one length together."""
    texts = texts.fill_null("").cast(pa.large_string())
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    signs, lengths = np.frombuffer(texts.buffers()[2] or b"", np.uint8), np.diff(offsets)
    told = np.zeros(len(texts), dtype=np.uint64)
    for length in np.unique(lengths[lengths > 0]):
        own = np.flatnonzero(lengths == length)
        padded = np.zeros((len(own), -(-length // 8) * 8), dtype=np.uint8)
        if len(own) == len(texts):
            padded[:, :length] = signs[offsets[0] : offsets[-1]].reshape(-1, length)
        else:
            padded[:, :length] = signs[offsets[own][:, None] + np.arange(length)]
        for n, word in enumerate(padded.view(np.uint64).T):
            told[own] = _mixed(told[own] + word * np.uint64(_ODD[n % len(_ODD)]))
    return told


def _mixed(number: np.ndarray) -> np.ndarray:
    """Let every bit of a number weigh upon the others (the finish of SplitMix64; 0 stays 0)."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(number ^ (number >> np.uint64(31)))


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
