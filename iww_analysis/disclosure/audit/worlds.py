"""Find worlds: whole counts that the attacker cannot tell from the true ones; and moves that lead from one to another.

A *move* changes counts by -1, 0 or 1, keeps every sum, and can be made four times over without leaving what the attacker holds
possible. One move that changes a cell shows five worlds in which that cell differs, and so five possible values: a proof by
example, checked in whole numbers, that needs no optimum of any solver.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import hstack

from iww_analysis.disclosure.audit.attacker import Attacker

NODES = 2_000  # of the search tree of one programme: never a clock
NEAR = 1e-6


class Spent(Exception):  # noqa: N818 - no failure: what is left is "not shown to be safe"
    """The limit of programmes, or the search tree of one of them, is used up."""


class Solver:
    """Solves programmes over the sums of an attacker, as many as it is allowed."""

    def __init__(self, programmes: int) -> None:
        self.left = programmes

    def extreme(
        self, sums: Any, cost: np.ndarray, low: np.ndarray, high: np.ndarray, *, whole: bool, give: np.ndarray | float = 0.0
    ) -> np.ndarray | None:  # fmt: skip
        """The vector of least cost within the bounds of which the sums give that; None where there is none."""
        if self.left <= 0:
            raise Spent
        self.left -= 1
        if (low > high).any():
            return None
        rows = [LinearConstraint(sums, give, give)] if sums.shape[0] else []
        found: Any = milp(cost, integrality=np.full(len(cost), int(whole)), bounds=Bounds(low, high), constraints=rows,
                          options={"node_limit": NODES})  # fmt: skip
        if found.status not in (0, 2):
            raise Spent
        return None if found.x is None else np.array(found.x, dtype="float64")

    def world(self, known: Attacker) -> np.ndarray | None:
        """Whole counts that are possible, as near to what is shown as there are: that itself, wherever it adds up."""
        seen = ~np.isnan(known.likely)
        start = np.clip(np.where(seen, known.likely, 0), known.low, known.high)
        twice = hstack([known.sums, -known.sums]).tocsr()
        high = np.concatenate([known.high - start, start - known.low])
        found = self.extreme(
            twice, np.tile(seen * 1.0, 2), np.zeros(len(high)), high, whole=True, give=-(known.sums @ start)
        )
        if found is None:
            return None
        more, less = np.split(np.rint(found), 2)
        counts = start + more - less
        return counts if known.holds(counts) else None

    def can_be(self, known: Attacker) -> bool:
        """Whether any whole counts are possible."""
        found = self.extreme(known.sums, np.zeros(len(known.names)), known.low, known.high, whole=True)
        return found is not None and known.holds(np.rint(found))

    def bounds(self, known: Attacker, cell: int) -> tuple[float, float] | None:
        """The least and the greatest of a cell by the linear relaxation; None where nothing is possible."""
        cost = np.zeros(len(known.names))
        ends = []
        for sign in (1.0, -1.0):
            cost[cell] = sign
            high = known.high.copy()
            high[cell] = min(high[cell], known.low[cell] + 100)  # far enough to know that it is no secret
            found = self.extreme(known.sums, cost, known.low, high, whole=False)
            if found is None:
                return None
            ends.append(float(found[cell]))
        return ends[0], ends[1]

    def moves(self, known: Attacker, world: np.ndarray, wanted: np.ndarray, times: int) -> Iterator[np.ndarray]:
        """Moves from a world, each of which changes a cell that is wanted; whoever asks takes off what is done with."""
        low = np.where(world - known.low >= times, -1.0, 0.0)
        high = np.where(known.high - world >= times, 1.0, 0.0)
        chance = np.random.default_rng(0)  # the same moves each time
        left = len(wanted) + 1
        while wanted.any() and wanted.sum() < left:  # many cells at once, as long as that helps
            left = int(wanted.sum())
            signs = np.where(low < 0, chance.choice([-1.0, 1.0], len(world)), 1.0)
            yield self._move(known, -signs * wanted, low, high)
        for cell in np.flatnonzero(wanted):
            for sign in (1.0, -1.0):
                if wanted[cell]:
                    cost = np.zeros(len(world))
                    cost[cell] = -sign
                    yield self._move(known, cost, low, high)

    def _move(self, known: Attacker, cost: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The move of least cost; one that changes nothing where none was found."""
        for whole in (False, True):
            found = self.extreme(known.sums, cost, low, high, whole=whole)
            if found is not None and np.abs(found - np.rint(found)).max(initial=0) < NEAR:
                move = np.rint(found)
                return move if not (known.sums @ move).any() else np.zeros(len(move))
        return np.zeros(len(cost))
