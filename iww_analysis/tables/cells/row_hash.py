"""Find which records are alike: by numbers for their values, so that no two texts are compared."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis.tables.cells.interning import TEXT, one_array

ROOM = 8  # numbers there may be for each record, to look each up in a list of all
MOST = 2**62  # that a number may be
ODD = 0x9E3779B97F4A7C15  # 2**64 by the golden ratio: multiplied by it, numbers spread


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    """A number per record, the same for the same value; -1 for a missing one."""
    values = one_array(column)
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    return np.asarray(encoded.indices.fill_null(-1))


def again(columns: Iterable[pa.ChunkedArray]) -> np.ndarray:
    """Say which records have in these columns what an earlier one has."""
    number, size, later = np.zeros(1, dtype=np.int64), 1, np.zeros(0, dtype=bool)
    for column in columns:
        codes = _codes(column)
        n = int(codes.max(initial=-1)) + 2
        if size * n > MOST:
            number, known = pd.factorize(number)
            size = len(known)
        number, size = number * n + codes + 1, size * n
        if size > ROOM * len(number):
            later = pd.Series(number).duplicated().to_numpy()
        else:
            first, place = np.zeros(size, dtype=np.int32), np.arange(len(number), dtype=np.int32)
            first[number[::-1]] = place[::-1]  # of several the one that is written last stays
            later = np.asarray(first[number] != place)
        if not later.any():  # as it mostly is after the first column
            break
    return later


def used(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the distinct values of a column, the missing one included."""
    if not pa.types.is_dictionary(column.type):
        return column.unique()
    numbers = np.flatnonzero(np.bincount(_codes(column) + 1)) - 1
    return pa.chunked_array([one_array(column).dictionary.take(pa.array(numbers, mask=numbers < 0))])


def within(column: pa.ChunkedArray, known: pa.ChunkedArray) -> bool:
    """Say whether every value of a column stands in another one too; missing ones aside."""
    inner, outer = one_array(column), one_array(known)
    if pa.types.is_dictionary(inner.type) and inner.type == outer.type and inner.dictionary.equals(outer.dictionary):
        there = np.zeros(len(inner.dictionary), dtype=bool)
        there[outer.indices.drop_null()] = True
        return bool(there[inner.indices.drop_null()].all())
    values, known_values = (used(pa.chunked_array([each])).cast(TEXT).drop_null() for each in (inner, outer))
    return bool(pc.all(pc.is_in(values, value_set=known_values), min_count=0).as_py())


def row_hash(columns: Iterable[pa.Array | pa.ChunkedArray], n: int) -> np.ndarray:
    """Give one number for each of `n` rows, the same for the same values in the same columns.

    A missing value and an empty text count for nothing: rows that differ in empty cells at their end alone are the same.
    """
    number, weight = np.zeros(n, dtype=np.uint64), 1
    for column in columns:
        weight = weight * ODD % 2**64
        number += _hash(one_array(column)) * np.uint64(weight)
    return number


def _hash(values: pa.Array) -> np.ndarray:
    """A number for each value: pandas' SipHash of a text, 0 for nothing."""
    if pa.types.is_dictionary(values.type):
        of_text = np.append(_hash(values.dictionary), np.uint64(0))  # at the end for -1: a missing cell
        return np.asarray(of_text[np.asarray(values.indices.fill_null(-1))])
    if pa.types.is_large_string(values.type) or pa.types.is_string(values.type):
        texts = values.fill_null("")
        number = pd.util.hash_array(texts.to_numpy(zero_copy_only=False), categorize=False)
        number[np.asarray(pc.equal(pc.binary_length(texts), 0))] = 0
        return number
    numbers = values if pa.types.is_integer(values.type) else values.cast(pa.int64())
    return np.where(values.is_valid(), pd.util.hash_array(np.asarray(numbers.fill_null(0))), np.uint64(0))
