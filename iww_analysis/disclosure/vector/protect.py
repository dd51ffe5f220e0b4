"""Make the protected vector of a source: round, have it audited, draw again what falls short, hide what stays short.

Whoever knows this whole procedure but not the key learns no more than the sums and the rule say: every count within the rule
that satisfies the sums would, for some draws, have been shown as this. The audit is handed in: this room knows none.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import scipy

from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Shown
from iww_analysis.disclosure.vector.draws import draw
from iww_analysis.disclosure.vector.programme import Rounding
from iww_analysis.messages.errors import fail

BASE = 5
MOST_CELLS = 20_000
TURNS = 8  # how often a cell that falls short is drawn again before it is hidden

FallsShort = Callable[[Shown], Collection[Name]]  # the cells of which too little stays uncertain


@dataclass(frozen=True)
class Vector:
    """What may be shown of the cells of one source.

    `shown`: every published cell -> its multiple of the base, its exact count where that is public, None where hidden.
    `further`: cells that are not at a multiple beside their count; `turns`: how often a cell was drawn again; `short`: cells
    that still fall short though nothing is left to hide: such a vector may not leave; `proved`: no nearer rounding exists.
    """

    shown: Shown
    further: tuple[Name, ...] = ()
    turns: Mapping[Name, int] = field(default_factory=dict)
    short: tuple[Name, ...] = ()
    proved: bool = True
    solver: str = f"HiGHS of scipy {scipy.__version__}"

    @property
    def hidden(self) -> tuple[Name, ...]:
        """The cells that are not shown."""
        return tuple(name for name, n in self.shown.items() if n is None)


def protect(
    cells: LinkedCells, key: bytes, source: str, falls_short: FallsShort, earlier: Shown | None = None
) -> Vector:
    """Protect all cells of a source at once. `earlier`: what was shown of them before; that stays, also what was hidden."""
    if len(cells.counts) > MOST_CELLS:
        raise fail("too_many_cells", source=source, n=len(cells.counts), most=MOST_CELLS)
    if not cells.counts:
        return Vector({})
    stays = set(cells.published) - cells.public
    before = {name: n for name, n in (earlier or {}).items() if n is not None and name in stays}
    hidden = {name for name, n in (earlier or {}).items() if n is None}
    turns: dict[Name, int] = {}
    while True:
        vector = _rounded(cells, key, source, turns, before, hidden)
        short = set(falls_short(vector.shown))
        movable = cells.beside(short) - cells.unseen - cells.public - hidden - set(before)
        if not short or not movable:
            return Vector(vector.shown, vector.further, turns, tuple(sorted(short)), vector.proved)
        again = {name for name in movable if turns.get(name, 0) < TURNS}
        if beside_exact := short & movable & cells.beside(cells.public):  # no draw adds up to an exact count
            hidden |= beside_exact
        elif again:
            turns |= {name: turns.get(name, 0) + 1 for name in sorted(again)}
        else:
            hidden |= (short & movable) or movable


def _rounded(
    cells: LinkedCells, key: bytes, source: str, turns: Mapping[Name, int], before: Mapping[Name, int],
    hidden: Collection[Name],
) -> Vector:  # fmt: skip
    """One rounding; a cell that what was shown before forces further than one step is hidden."""
    draws = {name: draw(key, source, name, turns.get(name, 0), BASE) for name in cells.published}
    found = Rounding(cells, draws, BASE, before, hidden).nearest()
    multiples = found.multiples if found else {name: n // BASE for name, n in before.items()}
    moved = {name: abs(t * BASE - cells.counts[name]) for name, t in multiples.items() if name not in before}
    shown = {name: t * BASE for name, t in multiples.items() if moved.get(name, 0) < 2 * BASE}
    shown |= {name: cells.counts[name] for name in cells.public}
    further = tuple(name for name, by in moved.items() if BASE <= by < 2 * BASE)
    return Vector({name: shown.get(name) for name in cells.published}, further, proved=bool(found and found.proved))
