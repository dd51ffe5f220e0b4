"""Keep processed tables: Parquet with page checksums, one folder per source."""

import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.errors import Place, fail
from iww_analysis.io import files


def table_bytes(frame: pd.DataFrame) -> bytes:
    """Give a frame as Parquet: the same frame, the same bytes."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    sink = io.BytesIO()
    pq.write_table(table, sink, write_page_checksum=True, compression="snappy")
    return sink.getvalue()


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write each table as `<name>.parquet` and drop tables of an earlier build that are no more."""
    for name, frame in tables.items():
        files.write_bytes(folder / f"{name}.parquet", table_bytes(frame))
    for stale in folder.glob("*.parquet"):
        if stale.stem not in tables:
            stale.unlink()


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
