"""Say what somebody knows who reads all numbers, the rule and which of them add up: a least and a greatest of every count.

The attacker of the feasibility interval (Fischetti & Salazar-González, "Models and algorithms for optimizing cell suppression",
JASA 2000; SDC Handbook, "auditing"): all vectors of counts >= 0 that satisfy the sums and could have been shown as they were.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

Name = tuple[str, ...]
Sums = Sequence[tuple[Name, Sequence[Name]]]  # whole, parts


@dataclass(frozen=True)
class Attacker:
    """What is known: for each cell the least and the greatest count that it can have, and the sums (rows that give 0)."""

    names: tuple[Name, ...]
    low: np.ndarray
    high: np.ndarray
    sums: Any  # a sparse matrix of whole numbers
    likely: np.ndarray  # what is shown, where anything is; else not a number

    def who_is_in(self, cell: int) -> "Attacker":
        """The same, for somebody who is one of those counted in a cell."""
        low = self.low.copy()
        low[cell] = max(low[cell], 1)
        return replace(self, low=low)

    def with_count(self, cell: int, count: int) -> "Attacker":
        """The same, if a cell had this count."""
        low, high = self.low.copy(), self.high.copy()
        low[cell] = high[cell] = count
        return replace(self, low=low, high=high)

    def beside(self, cell: int) -> list[int]:
        """The cells that stand in one sum with a cell."""
        rows = self._columns[:, [cell]].nonzero()[0]
        return sorted({int(column) for row in rows for column in self.sums[[row], :].nonzero()[1]} - {cell})

    def follows_from(self, public: Collection[Name]) -> np.ndarray:
        """Which cells are public: those named, and each that is the only other one in a sum, again and again."""
        is_public = np.array([name in public for name in self.names], dtype=bool)
        members, n = abs(self.sums), -1
        while n != is_public.sum():
            n = is_public.sum()
            all_but_one = (members @ ~is_public) == 1
            is_public |= (members.T @ all_but_one) > 0
        return is_public

    def holds(self, counts: np.ndarray) -> bool:
        """Whether these whole numbers can be the counts: looked at exactly, whatever a solver said of them."""
        return bool((self.sums @ counts == 0).all() and (self.low <= counts).all() and (counts <= self.high).all())

    @cached_property
    def _columns(self) -> Any:
        return self.sums.tocsc()


def attacker(
    shown: Mapping[Name, int | None],
    sums: Sums,
    *,
    reach: int,
    exact: Collection[Name] = (),
    ranges: Mapping[Name, tuple[int, int]] | None = None,
) -> Attacker:
    """Make the attacker of what is shown.

    `reach`: how far the public rule lets a shown number lie from its count; `exact`: numbers that are shown as they are;
    `ranges`: what else tells of a count, such as a share with its decimals. A cell without a number is any count.
    """
    known = {
        name: (n, n) if name in exact else (max(n - reach, 0), n + reach) for name, n in shown.items() if n is not None
    }
    for name, (low, high) in (ranges or {}).items():
        least, greatest = known.get(name, (0, high))
        known[name] = (max(low, least), min(high, greatest))
    names = tuple(sorted({*shown, *(ranges or {}), *(n for whole, parts in sums for n in (whole, *parts))}))
    bounds = np.array([known.get(name, (0, np.inf)) for name in names], dtype="float64").reshape(-1, 2)
    likely = np.array([np.nan if shown.get(name) is None else shown[name] for name in names], dtype="float64")
    return Attacker(names, bounds[:, 0], bounds[:, 1], _rows(names, sums), likely)


def _rows(names: Sequence[Name], sums: Sums) -> Any:
    at = {name: place for place, name in enumerate(names)}
    entries = [
        (row, at[name], sign)
        for row, (whole, parts) in enumerate(sums)
        for name, sign in [(whole, -1), *((part, 1) for part in parts)]
    ]
    row, column, sign = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array((np.array(sign, dtype="int64"), (row, column)), shape=(len(sums), len(names)))
