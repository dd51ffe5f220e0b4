"""Hide what is under ten, and what gives it away, where the rules of a municipality ask that: after rounding, so twice protected.

Complementary suppression (SDC Handbook of ESSnet, chapter 4), led by the audit: as long as a hidden cell can be known too well,
the least of the cells beside it is hidden too. The numbers that stay are those of the rounded vector, so they add up with it.
"""

from dataclasses import replace

from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Shown
from iww_analysis.disclosure.vector.protect import FallsShort, Vector

THRESHOLD = 10


def suppress(cells: LinkedCells, vector: Vector, falls_short: FallsShort) -> Vector:
    """The same vector without the cells under the threshold, zero too, and without what an audit asks for besides."""
    hidden = {name for name in cells.published if cells.counts[name] < THRESHOLD and name not in cells.public}
    while True:
        shown = {name: None if name in hidden else n for name, n in vector.shown.items()}
        short = sorted(falls_short(shown))
        more = {least for name in short if (least := _least_beside(cells, vector.shown, name, hidden))}
        if not more:
            return replace(vector, shown=shown, short=tuple(short))
        hidden |= more


def _least_beside(cells: LinkedCells, drawn: Shown, name: Name, hidden: set[Name]) -> Name | None:
    """What is hidden next for a cell that falls short: itself, or the smallest beside it that is still shown."""
    shown = {cell for cell in cells.beside([name]) - cells.unseen - cells.public - hidden if drawn[cell] is not None}
    return name if name in shown else min(shown, key=lambda cell: (drawn[cell], cell), default=None)
