"""Keep processed tables: Parquet with page checksums, one folder per source."""

import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.errors import Place, fail
from iww_analysis.io import files


def table_bytes(table: pd.DataFrame | pa.Table) -> bytes:
    """Give a table as Parquet: the same table, the same bytes. Texts that Arrow holds once are plain texts to a reader."""
    if isinstance(table, pd.DataFrame):
        table = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    recurring = [field.name for field in table.schema if not pa.types.is_string(field.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, write_page_checksum=True, compression="snappy", store_schema=False, use_dictionary=recurring
    )
    return bytes(sink.getvalue().to_pybytes())


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame | pa.Table]) -> None:
    """Write each table as `<name>.parquet` and drop tables of an earlier build that are no more."""
    for name, table in tables.items():
        files.write_bytes(folder / f"{name}.parquet", table_bytes(table))
    for stale in folder.glob("*.parquet"):
        if stale.stem not in tables:
            files.remove(stale)


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Read all processed tables of a source; a damaged one is a message."""
    return {path.stem: read_table(path) for path in sorted(folder.glob("*.parquet"))}


def read_table(path: Path) -> pd.DataFrame:
    """Read one processed table, its page checksums verified."""
    try:
        table = pq.read_table(io.BytesIO(files.read_bytes(path)), page_checksum_verification=True)
        with_gaps = [f.name for f in table.schema if pa.types.is_integer(f.type) and table[f.name].null_count]
        frame: pd.DataFrame = table.to_pandas().astype(dict.fromkeys(with_gaps, "Int64"))  # as built, not as decimals
        return frame
    except (pa.ArrowException, OSError):
        raise fail("table_broken", Place(path.name)) from None
