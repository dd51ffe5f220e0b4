"""Say what is missing: the words that stand for it in a cell, and the values of a clean column that are none."""

import re

import pandas as pd

from iww_analysis import vocabulary

_NUMBERED = re.compile(r"[^0-9]*[0-9]")


def missing_reason(text: str) -> str | None:
    """Say which kind of missing a text stands for, if it is a word for missing at all."""
    if _NUMBERED.match(text):  # no word for missing holds a digit: most identifiers and numbers are known by that
        return None
    return vocabulary.read("missing").lookup.get(vocabulary.key(text))


def is_missing(values: pd.Series) -> pd.Series:
    """Say which values are absent: null, or a code of the list `missing`, which no pseudonym is."""
    if isinstance(values.dtype, pd.ArrowDtype):
        return values.isna()
    return values.isna() | values.isin(vocabulary.read("missing").codes)
