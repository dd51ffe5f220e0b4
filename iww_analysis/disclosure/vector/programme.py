"""Round all cells at once so that every sum still holds: one integer programme, solved by HiGHS.

Controlled rounding (Cox & Ernst, "Controlled rounding", INFOR 1982; for linked tables and with slack Salazar-González et al.,
2004-2006): with t the shown count in units of the base and k = floor(count / base),
  t = k + d + a - b,   d in {0, 1} (0 where the count is a multiple),   a, b >= 0 whole and penalised,
  t of the whole = the t of its parts together for every sum,   t >= 0,
and least is the number of cells that do not go the way that was drawn. `a` and `b` are 0 where that can be, at most 1 where not.
A cell that nobody sees only has to exist: t >= 0. So does one that is hidden.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from iww_analysis.disclosure.vector.cells import LinkedCells, Name
from iww_analysis.disclosure.vector.draws import Draw

NODES = 2_000  # of the search tree: never a clock, so that the answer is the same on every machine
AGAINST_THE_DRAW = (
    1_000.0  # plus its tie; so that of two roundings as near one is the nearest, whatever the solver's order
)
FURTHER = 100_000.0  # a step beyond the adjacent multiples
STEPS = (0, 1, 1_000_000)  # how far beyond them cells may go: not; one; as far as what was shown before forces them


class Rounded(NamedTuple):
    """What the programme found: the cells in units of the base, and whether nothing nearer can exist."""

    multiples: Mapping[Name, int]
    proved: bool


@dataclass(frozen=True)
class Rounding:
    """One problem: the cells, what was drawn for them, what was shown before, what is not shown at all."""

    cells: LinkedCells
    draws: Mapping[Name, Draw]
    base: int
    before: Mapping[Name, int]
    hidden: Collection[Name] = ()

    def nearest(self) -> Rounded | None:
        """The rounding nearest to the draws, as little beyond the adjacent multiples as there is; None: none was found."""
        return next((found for steps in STEPS if (found := self._within(steps))), None)

    def _within(self, steps: int) -> Rounded | None:
        names = sorted(self.cells.counts)
        columns = [self._columns(name, steps) for name in names]
        start = np.array([column.start for column in columns])
        cost, high = (np.concatenate([getattr(c, what) for c in columns]) for what in ("cost", "high"))
        whole = np.concatenate([np.ones(3) if column.whole else np.zeros(3) for column in columns])
        sums, steps_of = self._sums(names), _steps_of(len(names))
        rows = LinearConstraint(sums @ steps_of, -(sums @ start), -(sums @ start))
        found: Any = milp(cost, integrality=whole, bounds=Bounds(0, high), constraints=[rows] if sums.shape[0] else [],
                          options={"node_limit": NODES, "mip_rel_gap": 0})  # fmt: skip
        if found.x is None:
            return None
        reached = start + steps_of @ found.x
        seen = {n: round(t) for n, t, column in zip(names, reached, columns, strict=True) if column.whole}
        return Rounded(seen, bool(found.status == 0))

    def _columns(self, name: Name, steps: int) -> "_Columns":
        """Where a cell starts, and what its three steps (up to the next, further up, further down) cost and may be."""
        count = self.cells.counts[name]
        if name in self.cells.unseen or name in self.hidden:
            return _Columns(0, (0, 0, 0), (0, np.inf, 0), whole=False)
        if name in self.before:
            return _Columns(self.before[name] // self.base, (0, 0, 0), (0, 0, 0))
        below, rest = divmod(count, self.base)
        drawn = self.draws[name]
        against = AGAINST_THE_DRAW + drawn.tie
        up = -against if drawn.least < rest else against
        return _Columns(below, (up, FURTHER, FURTHER), (min(rest, 1), steps, min(steps, below)))

    def _sums(self, names: list[Name]) -> Any:
        """One row per sum: its parts less its whole."""
        at = {name: column for column, name in enumerate(names)}
        entries = [
            (row, at[name], sign)
            for row, each in enumerate(self.cells.sums)
            for name, sign in [(each.whole, -1), *((part, 1) for part in each.parts)]
        ]
        row, column, sign = zip(*entries, strict=True) if entries else ((), (), ())
        return coo_array((sign, (row, column)), shape=(len(self.cells.sums), len(names)), dtype="float64").tocsr()


class _Columns(NamedTuple):
    start: int
    cost: tuple[float, float, float]
    high: tuple[float, float, float]
    whole: bool = True


def _steps_of(n: int) -> Any:
    """What the three steps of each cell add to it: up, up, down."""
    return coo_array((np.tile([1.0, 1.0, -1.0], n), (np.repeat(np.arange(n), 3), np.arange(3 * n)))).tocsr()
