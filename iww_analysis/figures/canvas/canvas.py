"""Give a figure its page: title, unit and n, the sources and the rule below, and marks that can be found again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend_handler import HandlerTuple
from matplotlib.patches import Rectangle

from iww_analysis.figures.canvas import frame, style
from iww_analysis.figures.canvas.addresses import Addresses
from iww_analysis.figures.canvas.wording import MarkRow, Wording
from iww_analysis.messages.numbers import HIDDEN


@dataclass
class Canvas(Wording):
    """One page in the making: what may be drawn, and the room for it."""

    figure: Figure = field(default_factory=lambda: Figure(figsize=(style.WIDTH, 4), layout="constrained"))
    stub: float = 0.05  # width of the stand-in for a hidden number, of the axis of a panel: always about 2 mm

    def __post_init__(self) -> None:
        self._addresses = Addresses(self.data)

    # --- room

    def rows(self, *heights: float) -> list[SubplotSpec]:
        """Set the page's height to hold bodies of these heights (inches), one below the other."""
        head, foot = frame.height(self)
        total = head + sum(heights) + foot
        self.figure.set_size_inches(style.WIDTH, total)
        frame.write(self, self.figure, total)
        engine = cast(ConstrainedLayoutEngine, self.figure.get_layout_engine())
        engine.set(rect=(0, foot / total, 1, (total - head - foot) / total), w_pad=0.05, h_pad=0.03)
        grid = self.figure.add_gridspec(len(heights), 1, height_ratios=heights)
        return [grid[n, 0] for n in range(len(heights))]

    def cells(self, room: SubplotSpec, n: int, columns: int, *, sharex: bool = False, sharey: bool = False,
              widths: Sequence[float] | None = None, heights: Sequence[float] | None = None) -> list[Axes]:  # fmt: skip
        """Divide room into n panels, filled row by row; `widths` and `heights` are in proportion."""
        columns = min(columns, n)
        lines = -(-n // columns)
        self.stub = 0.05 * columns / 3
        grid = room.subgridspec(lines, columns, width_ratios=widths, height_ratios=heights)
        axes: list[Axes] = []
        for place in range(n):
            first = axes[0] if axes else None
            axes.append(self.figure.add_subplot(
                grid[place // columns, place % columns], sharex=first if sharex else None, sharey=first if sharey else None,
            ))  # fmt: skip
        return axes

    def legend(self, room: SubplotSpec, signs: Mapping[str, Any], columns: int = 4) -> None:
        """Put a legend in a strip of its own: names with their signs, filled column by column."""
        axes = self.figure.add_subplot(room)
        axes.set_axis_off()
        axes.legend(list(signs.values()), list(signs), loc="center left", ncols=columns, columnspacing=1.2, handletextpad=0.5,
                    handler_map={tuple: HandlerTuple(ndivide=None, pad=0.8)})  # fmt: skip

    def heading(self, room: SubplotSpec, text: str, *, line: bool = False) -> Axes:
        """Name in a strip of its own what stands below it; `line`: with a line above."""
        axes = self.figure.add_subplot(room)
        axes.set_axis_off()
        axes.text(0, 0.5, text, weight="bold", fontsize=9, va="center", transform=axes.transAxes)
        if line:
            axes.plot([0, 1], [0.98, 0.98], color=style.LIGHT, linewidth=0.8, transform=axes.transAxes)
        return axes

    # --- marks

    def address(self, row: MarkRow, *, combined: bool = False, value: str = "") -> str:
        """The address of a mark; `combined`: several marks with the same keys are drawn as one."""
        return self._addresses.of(row, combined=combined, value=value)

    def mark(self, artist: Artist, row: MarkRow, *, combined: bool = False, value: str = "") -> None:
        """Give an artist the address of its mark; `value` where a mark's numbers are drawn apart."""
        artist.set_gid(self.address(row, combined=combined, value=value))

    def hidden_box(self, axes: Axes, row: MarkRow, x: float, y: float, width: float, height: float, *, letter: bool = True,
                   value: str = "") -> None:  # fmt: skip
        """Draw the stand-in for a number that is not shown: always the same size, hatched, with an x."""
        look: dict[str, Any] = {"facecolor": style.PAPER, "edgecolor": "#8a8f94", "hatch": "//////", "linewidth": 0.5}
        box = Rectangle((x, y), width, height, **look)
        self.mark(axes.add_patch(box), row, value=value)
        if letter:
            axes.text(x + width * 1.5, y + height / 2, HIDDEN, va="center", ha="left", color=style.GREY)


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Move values apart until they are at least `gap` from each other, keeping their order: places for labels."""
    order = np.argsort(values, kind="stable")
    places = np.array(values, dtype=float)[order]
    for _ in range(200):
        short = gap - np.diff(places)
        if (short <= 1e-9).all():
            break
        for n in np.flatnonzero(short > 1e-9):
            push = (gap - (places[n + 1] - places[n])) / 2
            places[n], places[n + 1] = places[n] - push, places[n + 1] + push
    out = np.empty(len(places))
    out[order] = places
    return [float(value) for value in out]
