"""Draw grids: lines in blocks against columns in groups, with in each cell a sign or k of n, in one or more panels."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing
from iww_analysis.figures.shapes import signs

_LETTER = style.SMALL * 1.2 / 72  # inches of a line of letters
_AIR = 0.09  # inches between the names of lines
_HALF = 0.105  # inches of half a box
_GAP = 0.35  # columns between two groups
_EDGE = "#9aa5ad"
SHADES = ("#ffffff", "#d5e3ec", "#8fb7d0", "#12355b")  # none, some, half or more, all
_SHADE_NAMES = ("none_of", "some_of", "half_of", "all_of")
_SIGN = 8.5  # points of a round
_CONTRA: Mapping[str, Any] = {"marker": "X", "markersize": 6, "markerfacecolor": "#b00020", "markeredgecolor": style.PAPER,
                              "markeredgewidth": 0.6, "linestyle": "none"}  # fmt: skip
_CLAIM: Mapping[str, Any] = {"marker": "D", "markersize": 6, "color": style.INK, "linestyle": "none"}
_EFFECT: Mapping[str, dict[str, Any]] = {
    "hindering": {"marker": "v", "color": "#b00020", "markersize": 4, "linestyle": "none"},
    "helpful": {"marker": "^", "color": "#2a8a78", "markersize": 4, "linestyle": "none"},
}


@dataclass(frozen=True)
class Side:
    """Where codes stand along one side of a grid, under which names, and the headings of their blocks."""

    at: Mapping[str, float]
    names: Sequence[str]
    headings: Mapping[float, str]
    end: float
    upright: bool = True


def lines(blocks: Mapping[str, Sequence[str]], name: Callable[[str], str], inches: float) -> Side:
    """Put codes under each other (places in inches); a block with a name gets a line for it."""
    at: dict[str, float] = {}
    names: list[str] = []
    headings: dict[float, str] = {}
    y = 0.0
    for heading, codes in blocks.items():
        if heading and codes:
            wrapped = wrapping.wrap(heading, inches + 3.5, weight="bold")
            headings[y + (_AIR + 0.04 + _LETTER * len(wrapped)) / 2] = "\n".join(wrapped)
            y += _AIR + 0.04 + _LETTER * len(wrapped)
        for code in codes:
            wrapped = wrapping.wrap(name(code), inches)
            height = max(_AIR + _LETTER * len(wrapped), 0.235)
            at[code] = y + height / 2
            names.append("\n".join(wrapped))
            y += height
    return Side(at, names, headings, y)


def columns(groups: Mapping[str, Sequence[str]], name: Callable[[str], str], room: float, *, upright: bool = True,
            narrow: str = "") -> Side:  # fmt: skip
    """Put codes beside each other (places in columns), with a gap between groups.

    `room`: the inches for all of them. A code can bear its group before a bar, as in client|yes. Names that are not
    `upright` are written from bottom to top, where columns are narrower than words. The column `narrow` takes half.
    """
    n = sum(map(len, groups.values())) + _GAP * (len(groups) - 1) - (0.5 if narrow else 0)
    inches = room / max(n, 2)
    at: dict[str, float] = {}
    names: list[str] = []
    headings: dict[float, str] = {}
    x = 0.0
    for heading, codes in groups.items():
        x += _GAP if at else 0.0
        if heading:
            headings[x + len(codes) / 2] = wrapping.wrapped(heading, (len(codes) + _GAP) * inches, weight="bold")
        for code in codes:
            share = 0.5 if code == narrow else 1.0
            at[code] = x + share / 2
            x += share
            text = name(code.rsplit("|", 1)[-1])
            names.append(wrapping.wrapped(text, inches * share - 0.04) if upright else text)
    return Side(at, names, headings, x, upright)


def head(side: Side) -> float:
    """The inches that names of columns and their headings take above a grid."""
    return _names(side) + _headings(side) + 0.12


def _headings(side: Side) -> float:
    """The inches that headings of groups take."""
    return _LETTER * max((text.count("\n") + 1.2 for text in side.headings.values()), default=0)


def _names(side: Side) -> float:
    """The inches that names of columns take."""
    if not side.upright:
        return max(map(wrapping.width, side.names), default=0.0)
    return _LETTER * max((name.count("\n") + 1 for name in side.names), default=1)


def dress(ax: Axes, across: Side, down: Side, *, named: bool = True, title: str = "") -> None:
    """Set the names, the hairlines and the headings of one panel."""
    ax.set(xlim=(0, across.end), ylim=(down.end, 0))
    ax.set_xticks(list(across.at.values()), across.names)
    ax.set_yticks(list(down.at.values()), down.names)
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0)
    ax.tick_params(axis="y", labelleft=named)
    for side in ("left", "bottom", "top"):
        ax.spines[side].set_visible(False)
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
        ax.annotate(heading, (x, 0), xycoords="data", xytext=(0, 72 * _names(across) + 7), ha="center", va="bottom",
                    textcoords="offset points", weight="bold", color=style.GREY)  # fmt: skip
    if title:
        ax.set_title(title, pad=6 + 72 * _headings(across))


def sign(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float, answer: str) -> None:
    """One judgement: a full, half or open round, or a word where there is none."""
    signs.judgement(canvas, ax, row, x, y, answer, _SIGN)


def count(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float, k: Any, n: Any, *, text: str = "",
          inner: MarkRow | None = None, width: float = 0.92, shift: float = 0.0) -> None:  # fmt: skip
    """A number of n: a box in the shade of its class with the number in it; the box is the mark, the number can be another."""
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


def dash(ax: Axes, x: float, y: float) -> None:
    """Nothing was asked here: no box, and no address."""
    ax.text(x, y, "–", ha="center", va="center", color=style.GREY)


def of_n(canvas: Canvas, k: Any, n: Any) -> str:
    """As in: 2 van 4."""
    return f"{canvas.number(k)} {canvas.word('of')} {canvas.number(n)}"


def shades(canvas: Canvas) -> dict[str, Any]:
    """The legend of boxes."""
    shaded = zip(_SHADE_NAMES, SHADES, strict=True)
    return {canvas.word(name): Patch(facecolor=colour, edgecolor=_EDGE) for name, colour in shaded}


def rounds(canvas: Canvas, key: str) -> dict[str, Any]:
    """The legend of the rounds that occur."""
    return signs.of_answers(canvas, key, canvas.data.marks[key].astype(str), _SIGN)


def dashes(canvas: Canvas, name: str) -> dict[str, Any]:
    """The legend of a dash."""
    return {canvas.word(name): signs.handle(signs.FLAT)}


def claim(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float, *, several: int = 1) -> None:
    """A diamond: an arena expects it; with the number of items where there are several."""
    (diamond,) = ax.plot([x], [y], **_CLAIM)
    canvas.mark(diamond, row)
    if several > 1:
        ax.text(x + 0.09, y, f"× {canvas.number(several)}", ha="left", va="center", color=style.GREY)


def claims(canvas: Canvas) -> dict[str, Any]:
    """The legend of a diamond."""
    return {canvas.word("claimed_in"): signs.handle(_CLAIM)}


def contradiction(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float, k: Any) -> None:
    """A cross with the number of cases in which the effect was contradicted."""
    (cross,) = ax.plot([x - 0.07], [y], **_CONTRA)
    canvas.mark(cross, row)
    ax.text(x + 0.02, y, canvas.number(k), ha="left", va="center", color="#b00020")


def contradictions(canvas: Canvas) -> dict[str, Any]:
    """The legend of a cross."""
    return {canvas.word("contradicted_in"): signs.handle(_CONTRA)}


def contribution(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float) -> None:
    """A small triangle: it hindered (down) or helped (up) in at least one of the cases."""
    up = str(row["contribution"]) == "helpful"
    look = _EFFECT[str(row["contribution"])] | {"markeredgecolor": style.PAPER, "markeredgewidth": 0.5}
    (triangle,) = ax.plot([x + 0.38], [y + (-0.055 if up else 0.055)], **look)
    canvas.mark(triangle, row)


def contributions(canvas: Canvas, contributed: Iterable[str]) -> dict[str, Any]:
    """The legend of triangles."""
    present = set(contributed)
    return {canvas.word(f"was_{code}"): signs.handle(look) for code, look in _EFFECT.items() if code in present}
