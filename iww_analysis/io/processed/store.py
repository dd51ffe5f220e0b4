"""Keep processed tables: Parquet with page checksums, one folder per source, with the ledger that holds their hashes."""

import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import LEDGER, PACKAGE
from iww_analysis.messages.errors import IwwError, Place, fail

MOST_ONCE = 1 << 20  # bytes of distinct texts that Parquet holds once

Stored = tuple[str, int]  # SHA-256 and size of a file
About = Callable[[Mapping[str, Stored]], Mapping[str, Any]]  # what describes files for others, made of their hashes


def table_bytes(table: pd.DataFrame | pa.Table) -> bytes:
    """Give a table as Parquet: the same table, the same bytes. Texts that Arrow holds once are plain texts to a reader."""
    if isinstance(table, pd.DataFrame):
        table = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    table = pa.table(dict(zip(table.column_names, map(_written, table.columns), strict=True)))
    rising = [f.name for f in table.schema if f.name == "source_row" and pa.types.is_integer(f.type)]
    recurring = [f.name for f in table.schema if f.name not in rising and not pa.types.is_large_string(f.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        write_page_checksum=True,
        compression="snappy",
        store_schema=False,
        use_dictionary=recurring,
        column_encoding=dict.fromkeys(rising, "DELTA_BINARY_PACKED"),
        write_statistics=False,  # nothing here reads a part of a table by them
    )
    return bytes(sink.getvalue().to_pybytes())


def _written(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as it is best written: of texts held once, those that Parquet would not hold once are given one by one."""
    if not pa.types.is_dictionary(column.type):
        return column
    if any(chunk.dictionary.nbytes > MOST_ONCE for chunk in column.chunks):
        return pa.chunked_array([chunk.dictionary.take(chunk.indices) for chunk in column.chunks])
    return pa.chunked_array([_only_used(chunk) for chunk in column.chunks], column.type)


def _only_used(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same column without texts that no record has: those of rows that were set aside must not reach the file."""
    used = np.zeros(len(column.dictionary) + 1, dtype=bool)  # the last is for a missing one, numbered -1
    used[np.asarray(column.indices.fill_null(-1))] = True
    used = used[:-1]
    if used.all():
        return column
    ranks = pa.array(np.cumsum(used) - 1).cast(column.type.index_type, safe=False)
    return pa.DictionaryArray.from_arrays(ranks.take(column.indices), column.dictionary.filter(pa.array(used)))


def contents(
    tables: Iterable[tuple[str, pd.DataFrame | pa.Table]], ledger: Mapping[str, Any], about: About | None = None
) -> Iterator[tuple[str, bytes]]:
    """Give every file of a build by its name, one after another: tables, ledger, and what describes them for others."""
    stored: dict[str, Stored] = {}
    for name, table in tables:
        content = table_bytes(table)
        stored[f"{name}.parquet"] = files.sha256(content), len(content)
        del table  # before the next one is made
        yield f"{name}.parquet", content
        del content
    hashes = {name.removesuffix(".parquet"): sha for name, (sha, _) in sorted(stored.items())}
    content = files.as_json({**ledger, "tables": hashes}).encode("utf-8")
    yield LEDGER, content
    if about is not None:
        stored[LEDGER] = files.sha256(content), len(content)
        yield PACKAGE, files.as_json(about(stored)).encode("utf-8")


def read_build(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read the tables and the ledger of one build; where another run is just replacing it, those of either build."""
    for wait in files.WAITS:
        ledger = files.read_if_there(folder / LEDGER)
        try:
            return _read(folder)
        except IwwError:
            if ledger and files.read_if_there(folder / LEDGER) == ledger:  # nobody is replacing it: it is damaged
                raise
        time.sleep(wait)
    return _read(folder)


def _read(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    ledger = files.read_json(folder / LEDGER)
    for name, sha in ledger["tables"].items():
        if files.sha256_of(folder / f"{name}.parquet") != sha:
            raise fail("table_broken", Place(f"{name}.parquet"))
    return {name: read_table(folder / f"{name}.parquet") for name in ledger["tables"]}, ledger


def read_table(path: Path) -> pd.DataFrame:
    """Read one processed table, its page checksums verified."""
    try:
        return as_built(pq.read_table(io.BytesIO(files.read_bytes(path)), page_checksum_verification=True))
    except (pa.ArrowException, OSError):
        raise fail("table_broken", Place(path.name)) from None


def as_built(table: pa.Table) -> pd.DataFrame:
    """Give a table as a frame; whole numbers with gaps stay whole numbers."""
    with_gaps = [f.name for f in table.schema if pa.types.is_integer(f.type) and table[f.name].null_count]
    frame: pd.DataFrame = table.to_pandas().astype(dict.fromkeys(with_gaps, "Int64"))
    return frame
