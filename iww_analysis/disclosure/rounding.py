"""Hide counts under the threshold and round the others to a base; threshold and bases stand in `rounding.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from iww_analysis.messages import sentences


@cache
def limits(rule: str) -> Mapping[str, Any]:
    """The `threshold`, `base`, `share_base` and `share_least` of a rule; empty for one that leaves numbers as they are."""
    limits_of = tomllib.loads(files(__package__).joinpath("rounding.toml").read_text(encoding="utf-8"))
    return dict(limits_of.get(rule, {}))


def sentence(rule: str, lang: str) -> str:
    """A rule (register, case_study or internal) in one sentence, with its own limits."""
    return str(sentences.read("rules")[rule][lang]).format(**limits(rule))


def protected_count(n: int, rule: str) -> int | None:
    """Protect one count; None when it is hidden."""
    of_rule = limits(rule)
    if not of_rule:
        return n
    base = int(of_rule["base"])
    return None if n < of_rule["threshold"] else (n + base // 2) // base * base


def protected_counts(counts: pd.Series, rule: str) -> pd.Series:
    """Hide counts under the rule's threshold and round the others to its base, halves up."""
    numbers, of_rule = counts.astype("Int64"), limits(rule)
    if not of_rule:
        return numbers
    base = of_rule["base"]
    rounded: pd.Series = (numbers + base // 2) // base * base
    return rounded.mask(numbers < of_rule["threshold"])


def protected_shares(shares: pd.Series, units: pd.Series, rule: str) -> pd.Series:
    """Round shares to the rule's base, and hide those that rest on too few units."""
    of_rule = limits(rule)
    if not of_rule:
        return shares
    base = float(of_rule["share_base"])
    return ((shares / base).round() * base).round(4).mask(units < int(of_rule["share_least"]))
