"""Hold many records in little room: every distinct text once, and for each record its number."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

FEW = 0.5  # share of distinct texts up to which they are held once
SAMPLE = 10_000  # cells by which a column of unlike texts is known
LEAST = 127  # distinct texts that a byte can number
Place = tuple[int, ...]
TEXT = pa.large_string()  # as pandas holds it, so that nothing is copied


def encoded(texts: pd.Series) -> pd.Series:
    """Hold every distinct text of a column once, in Arrow. No cell may be null."""
    return as_column(_dictionary(texts), texts.index)


def as_column(texts: pa.DictionaryArray, index: pd.Index) -> pd.Series:
    """Give texts that Arrow holds once as a column of a frame."""
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([texts])), index=index)


def _dictionary(texts: pd.Series) -> pa.DictionaryArray:
    held = one_array(pa.array(texts, from_pandas=True))
    return held if pa.types.is_dictionary(held.type) else held.cast(TEXT).dictionary_encode()


def distinct(texts: pd.Series) -> tuple[np.ndarray, pa.Array]:
    """Give for each cell the number of its text, and all texts there are numbers for, used or not. No cell may be null."""
    held = _dictionary(texts)
    return np.asarray(held.indices), held.dictionary


def under_each_other(columns: Sequence[pd.Series]) -> pd.Series:
    """Put columns of text under each other, every distinct text held once."""
    whole = pa.concat_arrays([_dictionary(column) for column in columns])
    return as_column(whole, pd.RangeIndex(len(whole)))


def compact(frame: pd.DataFrame) -> pa.Table:
    """Give a frame as an Arrow table in which texts that recur are held once, as those of a categorical column are."""
    table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1).replace_schema_metadata(None)
    return pa.table({name: _compact(column) for name, column in zip(table.column_names, table.columns, strict=True)})


def _compact(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if pa.types.is_null(column.type):
        return column.cast(TEXT)
    if pa.types.is_dictionary(column.type):
        return _shortened(one_array(column))
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    for part in (column[:SAMPLE], column) if len(column) > SAMPLE else (column,):
        encoded = one_array(part).dictionary_encode()
        if len(encoded.dictionary) > FEW * len(encoded):
            return column.cast(TEXT)
    return _shortened(encoded)


def _shortened(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same column with numbers as short as can be."""
    numbers = column.indices.cast(_numbers_for(column.dictionary))
    return pa.DictionaryArray.from_arrays(numbers, column.dictionary.cast(TEXT))


def _numbers_for(texts: pa.Array) -> pa.DataType:
    return pa.int8() if len(texts) <= LEAST else pa.int32()


def _plainly(pieces: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    return pa.chunked_array([chunk for piece in map(plain, pieces) for chunk in piece.chunks])


class Numbering:
    """The numbers that texts have when tables are put together: columns of the same distinct texts share them.

    An identifier that stands in several tables has one number in all of them, and its text is held once. `pieces`: all
    that will be put together, by table; by these it is known which texts are shared.
    """

    def __init__(self, pieces: Iterable[Sequence[pa.Table]]) -> None:
        self._tables_with = Counter(place for tables in pieces for place in {*_places(tables)})
        self._known: dict[tuple[Place, ...], tuple[list[pa.Array], list[pa.Array], pa.Array]] = {}

    def together(self, tables: Sequence[pa.Table]) -> pa.Table:
        """Put compact tables under each other; a column that is held text by text in one of them is so in all."""
        if len(tables) == 1:
            return tables[0]
        types = {field.name: field.type for table in tables for field in table.schema}
        return pa.table({name: self._column([_filled(t, name, types[name]) for t in tables]) for name in types})

    def _column(self, pieces: Sequence[pa.ChunkedArray]) -> pa.Array | pa.ChunkedArray:
        if not all(pa.types.is_dictionary(piece.type) for piece in pieces):
            return _plainly(pieces)
        chunks = [one_array(piece) for piece in pieces]
        dictionaries = [chunk.dictionary for chunk in chunks]
        unshared = all(self._tables_with[place_of(texts)] == 1 for texts in dictionaries)
        if unshared and sum(map(len, dictionaries)) > FEW * sum(map(len, chunks)):
            return _plainly(pieces)  # one by one: long and short ones number their texts otherwise
        numbers, texts = self._numbers(dictionaries)
        indices = [known.take(chunk.indices) for known, chunk in zip(numbers, chunks, strict=True)]
        return pa.DictionaryArray.from_arrays(pa.concat_arrays(indices), texts)

    def _numbers(self, dictionaries: list[pa.Array]) -> tuple[list[pa.Array], pa.Array]:
        """The number of each text of each dictionary, and all texts in turn."""
        places = tuple(map(place_of, dictionaries))
        if places not in self._known:
            one_by_one = [pa.DictionaryArray.from_arrays(np.arange(len(d), dtype=np.int32), d) for d in dictionaries]
            whole = pa.chunked_array(one_by_one).unify_dictionaries()
            texts = whole.chunk(0).dictionary
            numbers = [chunk.indices.cast(_numbers_for(texts)) for chunk in whole.chunks]
            # the dictionaries are kept, so that no other text comes to lie in their place
            self._known[places] = dictionaries, numbers, texts
        return self._known[places][1:]


def _filled(table: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray:
    """A column of a table; where it lacks one that another piece has, nothing is known of it."""
    if name in table.column_names:
        return table.column(name)
    return pa.chunked_array([pa.nulls(len(table), TEXT if pa.types.is_dictionary(kind) else kind)])


def _places(tables: Sequence[pa.Table]) -> Iterator[Place]:
    columns = (column for table in tables for column in table.columns if pa.types.is_dictionary(column.type))
    return (place_of(chunk.dictionary) for column in columns for chunk in column.chunks)


def place_of(texts: pa.Array) -> Place:
    """Where texts lie: two arrays in one place are the same texts, as long as either is kept."""
    return (*(buffer.address for buffer in texts.buffers()[1:]), texts.offset, len(texts))


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column text by text."""
    if not pa.types.is_dictionary(column.type):
        return column
    return pa.chunked_array([chunk.dictionary.take(chunk.indices) for chunk in column.chunks], TEXT)


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Give a compact table as the rest of the library knows frames: texts as `str`, whole numbers with gaps as `Int64`."""
    texts = pa.table(dict(zip(table.column_names, map(plain, table.columns), strict=True)))
    with_gaps = [f.name for f in texts.schema if pa.types.is_integer(f.type) and texts[f.name].null_count]
    frame: pd.DataFrame = texts.to_pandas().astype(dict.fromkeys(with_gaps, "Int64"))
    return frame


class Frames(Mapping[str, pd.DataFrame]):
    """Compact tables by name, each given as a frame when it is asked for."""

    def __init__(self, compact: Mapping[str, pa.Table]) -> None:
        self.compact = dict(compact)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return as_frame(self.compact[name])

    def __contains__(self, name: object) -> bool:
        return name in self.compact

    def __iter__(self) -> Iterator[str]:
        return iter(self.compact)

    def __len__(self) -> int:
        return len(self.compact)


def columns_of(tables: Mapping[str, pd.DataFrame], name: str) -> Sequence[str]:
    """Name the columns of a table, if there is one; a compact one is not made a frame for it."""
    if isinstance(tables, Frames):
        return tables.compact[name].column_names if name in tables else ()
    return list(map(str, tables[name])) if name in tables else ()


def one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Give one array of a column that may be held in pieces."""
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column
