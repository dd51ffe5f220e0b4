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
    """A number per record, the same for the same value; a missing value is one too."""
    values = one_array(column)
    held = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    return np.asarray(held.indices.fill_null(-1))


def again(columns: Iterable[pa.ChunkedArray]) -> np.ndarray:
    """Say which records have in these columns what an earlier one has."""
    number, size, later = np.zeros(1, dtype=np.int64), 1, np.zeros(0, dtype=bool)
    for column in columns:
        own, n = _ranks(_codes(column))
        if size * n > MOST:
            number, size = _ranks(number)
        number, size = number + size * own, size * n
        few = size <= ROOM * len(number)
        later = _later(number, size) if few else pd.Series(number).duplicated().to_numpy()
        if not later.any():  # as it mostly is after the first column
            break
    return later


def _ranks(numbers: np.ndarray) -> tuple[np.ndarray, int]:
    """The distinct numbers, numbered from 0 on, and how many there are."""
    low, high = int(numbers.min(initial=0)), int(numbers.max(initial=0))
    if high - low > ROOM * len(numbers):
        ranks, known = pd.factorize(numbers)
        return ranks, len(known)
    there = np.zeros(high - low + 1, dtype=bool)
    there[numbers - low] = True
    return (np.cumsum(there) - 1)[numbers - low], int(there.sum())


def _later(number: np.ndarray, size: int) -> np.ndarray:
    """Which of these numbers below `size` stood before."""
    first, at = np.zeros(size, dtype=np.int32), np.arange(len(number), dtype=np.int32)
    first[number[::-1]] = at[::-1]  # of several the one that is written last stays
    return np.asarray(first[number] != at)


def used(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the distinct values of a column, the missing one included."""
    if not pa.types.is_dictionary(column.type):
        return column.unique()
    held = one_array(column)
    numbers = np.flatnonzero(np.bincount(np.asarray(held.indices.fill_null(-1)) + 1)) - 1
    return pa.chunked_array([held.dictionary.take(pa.array(numbers, mask=numbers < 0))])


def within(column: pa.ChunkedArray, known: pa.ChunkedArray) -> bool:
    """Say whether every value of a column stands in another one too; missing ones aside."""
    own, other = one_array(column), one_array(known)
    if pa.types.is_dictionary(own.type) and own.type == other.type and own.dictionary.equals(other.dictionary):
        there = np.zeros(len(own.dictionary), dtype=bool)
        there[other.indices.drop_null()] = True
        return bool(there[own.indices.drop_null()].all())
    values, held = (used(pa.chunked_array([each])).cast(TEXT).drop_null() for each in (own, other))
    return bool(pc.all(pc.is_in(values, value_set=held), min_count=0).as_py())


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
