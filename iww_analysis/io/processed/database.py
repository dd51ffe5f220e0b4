"""Open processed tables in DuckDB, read in by another reader of Parquet than the one that wrote them, or where they lie."""

import glob
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from iww_analysis.io.processed.store import as_built
from iww_analysis.messages.errors import Place, fail

Columns = Mapping[str, str]  # name -> type in SQL
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@contextmanager
def opened(folders: Sequence[Path], tables: Mapping[str, Columns]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database in memory that holds each table of all folders together; a table that none has is there, empty.

    From then on it reads no files. A table that cannot be read is a message that names its file.
    """
    with duckdb.connect(config=OFFLINE) as connection:
        for name, columns in tables.items():
            typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            named = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f'CREATE TABLE "{name}" ({typed})')
            for path in (folder / f"{name}.parquet" for folder in folders if (folder / f"{name}.parquet").exists()):
                insert = f'INSERT INTO "{name}" SELECT {named} FROM read_parquet($1)'
                try:  # an address with [ or * in it is no pattern
                    connection.execute(insert, [glob.escape(str(path))])
                except duckdb.Error:
                    raise fail("table_broken", Place(f"{path.parent.name}/{path.name}")) from None
        connection.execute("SET enable_external_access = false")
        yield connection


class LongTables:
    """The processed tables of some sources where they lie, as views of one database. `folders`: source -> its folder."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def _files(self, table: str) -> dict[str, Path]:
        paths = {source: folder / f"{table}.parquet" for source, folder in self._folders.items()}
        return {source: path for source, path in paths.items() if path.exists()}

    def rows_of(self, table: str) -> dict[str, int]:
        """How many rows each source has in a table, by the foot of its file."""
        return {source: pq.read_metadata(path).num_rows for source, path in self._files(table).items()}

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(config=OFFLINE)

    def frame(self, sql: str, tables: Sequence[str], **given: pd.DataFrame) -> pd.DataFrame:
        """Ask for a frame. `tables` are named in the SQL; `given` are frames that it names too."""
        try:
            for table in tables:
                paths = (glob.escape(str(path)).replace("'", "''") for path in self._files(table).values())
                names = ", ".join(f"'{path}'" for path in paths)
                union = f"SELECT * FROM read_parquet([{names}], union_by_name = true)"
                self._database.execute(f'CREATE OR REPLACE VIEW "{table}" AS {union}')
            for name, frame in given.items():
                self._database.register(name, frame)
            return as_built(self._database.sql(sql).to_arrow_table())
        except duckdb.Error:
            raise fail("table_broken", Place(", ".join(f"{table}.parquet" for table in tables))) from None
