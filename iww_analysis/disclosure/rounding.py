"""Hide a count under the threshold and round another to a base; threshold and bases stand in `rounding.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from iww_analysis.messages import sentences


@cache
def limits(rule: str) -> Mapping[str, Any]:
    """The `base`, `share_base`, `share_least` and `threshold` of a rule; empty for one that leaves numbers as they are."""
    limits_of = tomllib.loads(files(__package__).joinpath("rounding.toml").read_text(encoding="utf-8"))
    return dict(limits_of.get(rule, {}))


def sentence(rule: str, lang: str) -> str:
    """A rule (register, own, case_study or internal) in one sentence, with its own limits."""
    return str(sentences.read("rules")[rule][lang]).format(**limits(rule))


def protected_count(n: int, rule: str) -> int | None:
    """Protect one count that is linked to no other; None when it is hidden. A register has others: see `disclosure/vector`."""
    of_rule = limits("own" if rule == "register" else rule)
    if not of_rule:
        return n
    base = int(of_rule["base"])
    return None if n < of_rule["threshold"] else (n + base // 2) // base * base
