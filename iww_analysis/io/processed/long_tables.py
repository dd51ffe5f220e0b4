"""Ask questions in SQL of processed tables where they lie, without reading them whole."""

import glob
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from iww_analysis.io.processed.database import OFFLINE
from iww_analysis.io.processed.store import as_built
from iww_analysis.messages.errors import Place, fail


class LongTables:
    """The processed tables of some sources as views of one database in memory. `folders`: source -> its folder."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def files(self, table: str) -> dict[str, Path]:
        """The file of a table of each source that has one."""
        paths = {source: folder / f"{table}.parquet" for source, folder in self._folders.items()}
        return {source: path for source, path in paths.items() if path.exists()}

    def rows_of(self, table: str) -> dict[str, int]:
        """How many rows each source has in a table, by the foot of its file."""
        return {source: pq.read_metadata(path).num_rows for source, path in self.files(table).items()}

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(config=OFFLINE)

    def frame(self, sql: str, tables: Sequence[str], **given: pd.DataFrame) -> pd.DataFrame:
        """Ask for a frame. `tables` are named in the SQL; `given` are frames that it names too."""
        try:
            for table in tables:
                names = ", ".join(
                    "'" + glob.escape(str(path)).replace("'", "''") + "'" for path in self.files(table).values()
                )
                self._database.execute(
                    f'CREATE OR REPLACE VIEW "{table}" AS SELECT * FROM read_parquet([{names}], union_by_name = true)'
                )
            for name, frame in given.items():
                self._database.register(name, frame)
            return as_built(self._database.sql(sql).to_arrow_table())
        except duckdb.Error:
            raise fail("table_broken", Place(", ".join(f"{table}.parquet" for table in tables))) from None
