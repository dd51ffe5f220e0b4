"""Say what is missing: the words that stand for it in a cell, and the values of a clean column that are none."""

import re
from collections.abc import Mapping
from functools import cache

import pandas as pd

from iww_analysis import vocabulary

MISSING, NAME = "missing", "name"  # what a machine's word for missing is in a column of names, as a person says
_NUMBERED = re.compile(r"[^0-9]*[0-9]")


@cache
def _as_written() -> Mapping[str, str]:
    """The words that stand for missing only as they are written, with what they stand for."""
    return {
        word: value.code for value in vocabulary.read("missing").values for word in value.extra.get("as_written", ())
    }


def is_machine_word(text: str) -> bool:
    """Say whether a text is what a program writes for a missing value, and could be a name as well."""
    return text.strip() in _as_written()


@cache
def _errors() -> re.Pattern[str]:
    """What the error of a formula looks like."""
    return re.compile(vocabulary.read("missing")["unreadable"].extra["errors"], re.IGNORECASE)


def is_error_word(text: str) -> bool:
    """Say whether a text is what a failed formula shows in a spreadsheet: no value, and no word for one."""
    return ("#" in text or ":" in text) and bool(_errors().fullmatch(text.strip()))


def rule_of_missing(text: str) -> str | None:
    """Give the rule by which a text that stands for missing is said; most are not."""
    return "error_word" if is_error_word(text) else None


def missing_reason(text: str) -> str | None:
    """Say which kind of missing a text stands for, if it is a word for missing at all."""
    if is_error_word(text):
        return "unreadable"
    if _NUMBERED.match(text):  # no word for missing holds a digit: most identifiers and numbers are known by that
        return None
    return _as_written().get(text.strip()) or vocabulary.read("missing").lookup.get(vocabulary.key(text))


def is_missing(values: pd.Series) -> pd.Series:
    """Say which values are absent: null, or a code of the list `missing`, which no pseudonym is."""
    if isinstance(values.dtype, pd.ArrowDtype):
        return values.isna()
    return values.isna() | values.isin(vocabulary.read("missing").codes)
