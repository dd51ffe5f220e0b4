"""The answers that a question gets in SQL, to be held against those in pandas."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pandas as pd

from iww_analysis.analysis.question import Question
from iww_analysis.analysis.sql import render


def in_sql(question: Question, connection: duckdb.DuckDBPyConnection, sources: Sequence[str] = ()) -> pd.DataFrame:
    return connection.sql(render(question, sources)).df()


def as_text(frame: pd.DataFrame, keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What a frame says, whatever its types and the order of its rows; a missing value is empty."""

    def text(value: Any) -> str:
        if pd.isna(value):
            return ""
        return str(int(value)) if isinstance(value, int | float) and float(value).is_integer() else str(value)

    columns = [*keys, *(c for c in frame.columns if c not in keys)]
    return sorted(tuple(map(text, row)) for row in frame[columns].itertuples(index=False, name=None))
