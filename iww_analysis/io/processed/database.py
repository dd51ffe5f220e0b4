"""Open processed tables in DuckDB: another reader of Parquet than the one that wrote and reads them elsewhere."""

import glob
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

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
            connection.execute(f'CREATE TABLE "{name}" ({typed})')
            for path in (folder / f"{name}.parquet" for folder in folders):
                if path.exists():
                    _fill(connection, name, columns, path)
        connection.execute("SET enable_external_access = false")
        yield connection


def _fill(connection: duckdb.DuckDBPyConnection, name: str, columns: Columns, path: Path) -> None:
    named = ", ".join(f'"{column}"' for column in columns)
    try:  # an address with [ or * in it is no pattern
        connection.execute(f'INSERT INTO "{name}" SELECT {named} FROM read_parquet($1)', [glob.escape(str(path))])
    except duckdb.Error:
        raise fail("table_broken", Place(f"{path.parent.name}/{path.name}")) from None
