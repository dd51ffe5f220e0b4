"""Protect numbers once more, written apart from `disclosure`: what may be drawn of a count, and of a share."""

from math import floor
from typing import Any

from iww_analysis.disclosure import rounding
from iww_analysis.verify.recount.recount import Values

_TIE = 1e-9  # nearer to half a step than this, the last bits of a division decide: both neighbours are right


def drawn(raw: Values, rule: str, rests_on: str) -> dict[str, tuple[Any, ...]]:
    """Give for each number of a mark what may stand for it, None for hidden; `rests_on`: the count under a share."""
    counts = {name: (count(value, rule),) for name, value in raw.items() if name.startswith("n_")}
    share = {"share": shares(raw["share"], raw.get(rests_on), rule)} if "share" in raw else {}
    return {name: (value,) for name, value in raw.items()} | counts | share


def count(n: int, rule: str) -> int | None:
    """Hide a count under the threshold; round another to the nearest multiple of the base, up when it lies halfway."""
    if rule != "register":
        return n
    limits = rounding.limits("register")
    return None if n < limits["threshold"] else floor(n / limits["base"] + 0.5) * int(limits["base"])


def shares(share: float, of: int | None, rule: str) -> tuple[float | None, ...]:
    """Hide a share of too few; round another to the nearest multiple of the base, to an even one when it lies halfway."""
    if rule != "register":
        return (share,)
    limits = rounding.limits("register")
    if of is None or of < limits["share_least"]:
        return (None,)
    steps = share / limits["share_base"]
    near = (floor(steps), floor(steps) + 1) if abs(steps - floor(steps) - 0.5) < _TIE else (round(steps),)
    return tuple(step * limits["share_base"] for step in near)
