"""Draw grids: lines in blocks against columns in groups, with in each cell a sign or k of n, in one or more panels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing

_LETTER = style.SMALL * 1.2 / 72  # inches of a line of letters
_AIR = 0.09  # inches between the names of lines
_HALF = 0.105  # inches of half a box
_GAP = 0.35  # columns between two groups
_EDGE = "#9aa5ad"
SHADES = ("#ffffff", "#d5e3ec", "#8fb7d0", "#12355b")  # none, some, half or more, all


@dataclass
class Side:
    """Where codes stand along one side of a grid, under which names, and the headings of their blocks."""

    upright: bool = True
    at: dict[str, float] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    headings: dict[float, str] = field(default_factory=dict)
    end: float = 0.0

    @property
    def name_height(self) -> float:
        """The inches that names of columns take."""
        if not self.upright:
            return max(map(wrapping.width, self.names), default=0.0)
        return _LETTER * max((name.count("\n") + 1 for name in self.names), default=1)

    @property
    def heading_height(self) -> float:
        """The inches that headings of groups take."""
        return _LETTER * max((text.count("\n") + 1.2 for text in self.headings.values()), default=0)


def lines(blocks: Mapping[str, Sequence[str]], name: Callable[[str], str], inches: float) -> Side:
    """Put codes under each other (places in inches); a block with a name gets a line for it."""
    side = Side()
    for heading, codes in blocks.items():
        if heading and codes:
            wrapped = wrapping.wrap(heading, inches + 3.5, weight="bold")
            height = _AIR + 0.04 + _LETTER * len(wrapped)
            side.headings[side.end + height / 2] = "\n".join(wrapped)
            side.end += height
        for code in codes:
            wrapped = wrapping.wrap(name(code), inches)
            height = max(_AIR + _LETTER * len(wrapped), 0.235)
            side.at[code] = side.end + height / 2
            side.names.append("\n".join(wrapped))
            side.end += height
    return side


def columns(groups: Mapping[str, Sequence[str]], name: Callable[[str], str], room: float, *, upright: bool = True,
            narrow: str = "") -> Side:  # fmt: skip
    """Put codes beside each other (places in columns), with a gap between groups.

    `room`: the inches for all of them. A code can bear its group before a bar, as in client|yes. Names that are not
    `upright` are written from bottom to top, where columns are narrower than words. The column `narrow` takes half.
    """
    n = sum(map(len, groups.values())) + _GAP * (len(groups) - 1) - (0.5 if narrow else 0)
    inches = room / max(n, 2)
    side = Side(upright)
    for heading, codes in groups.items():
        side.end += _GAP if side.at else 0.0
        if heading:
            wrapped = wrapping.wrapped(heading, (len(codes) + _GAP) * inches, weight="bold")
            side.headings[side.end + len(codes) / 2] = wrapped
        for code in codes:
            share = 0.5 if code == narrow else 1.0
            side.at[code] = side.end + share / 2
            side.end += share
            text = name(code.rsplit("|", 1)[-1])
            side.names.append(wrapping.wrapped(text, inches * share - 0.04) if upright else text)
    return side


def head(side: Side) -> float:
    """The inches that names of columns and their headings take above a grid."""
    return side.name_height + side.heading_height + 0.12


def dress(ax: Axes, across: Side, down: Side, *, named: bool = True, title: str = "") -> None:
    """Set the names, the hairlines and the headings of one panel."""
    ax.set(xlim=(0, across.end), ylim=(down.end, 0))
    ax.set_xticks(list(across.at.values()), across.names)
    ax.set_yticks(list(down.at.values()), down.names)
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0)
    ax.tick_params(axis="y", labelleft=named)
    ax.spines[["left", "bottom", "top"]].set_visible(False)
    for above, below in pairwise(sorted(down.at.values())):
        if not any(above < heading < below for heading in down.headings):
            ax.axhline((above + below) / 2, color=style.LIGHT, linewidth=0.5, zorder=0)
    for y, heading in down.headings.items():
        name = ax.annotate(heading, (0, y), xycoords=("axes fraction", "data"), va="center", weight="bold", ha="left",
                           xytext=(2, 0), textcoords="offset points", linespacing=1.2)  # fmt: skip
        name.set_visible(named)
    if not across.upright:
        ax.tick_params(axis="x", labelrotation=90)
    for x, heading in across.headings.items():
        ax.annotate(heading, (x, 0), xycoords="data", xytext=(0, 72 * across.name_height + 7), ha="center", va="bottom",
                    textcoords="offset points", weight="bold", color=style.GREY)  # fmt: skip
    if title:
        ax.set_title(title, pad=6 + 72 * across.heading_height)


def count(canvas: Canvas, ax: Axes, row: MarkRow | None, x: float, y: float, k: Any, n: Any, *, text: str = "",
          inner: MarkRow | None = None, width: float = 0.92, shift: float = 0.0) -> None:  # fmt: skip
    """A number of n: a box in the shade of its class with the number in it; the box is the mark, the number can be another.

    Without a mark nothing was asked here: a dash, no box and no address.
    """
    if row is None:
        ax.text(x, y, "–", ha="center", va="center", color=style.GREY)
        return
    shade = 0 if missing(k) or not k else 3 if k >= n else 2 if 2 * k >= n else 1
    look: dict[str, Any] = {"facecolor": SHADES[shade], "edgecolor": _EDGE, "linewidth": 0.4}
    canvas.mark(ax.add_patch(Rectangle((x - width / 2, y - _HALF), width, 2 * _HALF, **look)), row)
    ink = style.PAPER if shade == 3 else style.INK
    written = ax.text(x + shift, y + 0.004, text or canvas.number(k), ha="center", va="center", color=ink)
    if inner is not None:
        canvas.mark(written, inner)


def alone(canvas: Canvas, across: Side, down: Side, legend: Mapping[str, Any], *, columns: int,
          strip: float = 0.3) -> Axes:  # fmt: skip
    """A page with one grid, below a strip with its legend."""
    room = canvas.rows(strip, down.end + head(across) + 0.1)
    canvas.legend(room[0], legend, columns=columns)
    (ax,) = canvas.cells(room[1], 1, 1)
    dress(ax, across, down)
    return ax


def shades(canvas: Canvas) -> dict[str, Any]:
    """The legend of boxes."""
    shaded = zip(("none_of", "some_of", "half_of", "all_of"), SHADES, strict=True)
    return {canvas.word(name): Patch(facecolor=colour, edgecolor=_EDGE) for name, colour in shaded}
