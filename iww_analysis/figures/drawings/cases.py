"""Draw followed cases one by one: their course in days, and how early they were discussed together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import missing

_LANE = 0.26  # inches per case
_LIFT = {"intake": -0.2, "plan": -0.2, "first_result": 0.2}  # so that signs on the same day stay apart
_SEEN = "last_seen"
_ARROW: dict[str, Any] = {"arrowstyle": "-|>", "color": style.INK, "linewidth": 0.8}


def timelines(canvas: Canvas) -> None:
    """F06: a lane per case with signs for its events; in the margin the day on which it was last seen."""
    cases = _in_order(canvas)
    above, room = canvas.rows(0.5, _LANE * (len(cases) + len({town for town, _ in cases})) + 0.55)
    events = [row for row in canvas.marks() if row["event"] != _SEEN]
    kinds = canvas.order("event", [str(row["event"]) for row in events])
    canvas.legend(above, {canvas.label("event", kind): Line2D([], [], **_look(kind)) for kind in kinds}, columns=3)
    ax = canvas.figure.add_subplot(room)
    end = max((float(row["days"]) for row in events), default=1.0) * 1.04
    lanes: dict[tuple[str, str], int] = {}
    y, last = -1, ""
    for town, case in cases:
        if town != last:
            y, last = y + 1, town
            ax.text(0.0, y, canvas.label("municipality", town), weight="bold", va="center", fontsize=9)
        y += 1
        lanes[town, case] = y
        _lane(canvas, ax, town, case, y, end)
    ax.text(end * 1.03, -0.15, canvas.word("seen"), va="bottom", ha="left", color=style.GREY)
    ax.set(xlim=(-end * 0.012, end * 1.13), ylim=(y + 0.6, -0.6))
    ax.set_yticks(list(lanes.values()), [case for _, case in lanes])
    ax.tick_params(axis="y", length=0)
    _days(canvas, ax.xaxis, 8, end)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(0, end)
    ax.set_xlabel(canvas.texts.x[canvas.lang], loc="left")


def _in_order(canvas: Canvas) -> list[tuple[str, str]]:
    """The cases, as municipality and label."""
    pairs = dict.fromkeys((str(row["municipality"]), str(row["case"])) for row in canvas.marks())
    return sorted(pairs, key=lambda pair: (canvas.label("municipality", pair[0]), len(pair[1]), pair[1]))


def _look(event: str) -> dict[str, Any]:
    around = {"color": style.INK, "markeredgewidth": 0.9, "markeredgecolor": style.INK}
    return {**around, **style.EVENTS.get(event, style.EVENTS["other"])}


def _days(canvas: Canvas, axis: Axis, most: int, end: float) -> None:
    """Few, round and whole numbers of days along an axis, none behind its end."""
    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 3, 5, 10], integer=True))
    axis.set_ticks([tick for tick in axis.get_ticklocs() if 0 <= tick <= end])
    axis.set_major_formatter(lambda value, _: canvas.number(value))


def _lane(canvas: Canvas, ax: Axes, town: str, case: str, y: float, end: float) -> None:
    mine = canvas.marks(municipality=town, case=case)
    closed = [float(row["days"]) for row in mine if row["event"] == "closed"]
    followed = any(
        row["event"] == _SEEN for row in mine
    )  # else it closed on an unknown day: the line ends at its last sign
    last = end if followed else max((float(row["days"]) for row in mine), default=0.0)
    ax.plot([0, max(closed, default=last)], [y, y], color=style.GREY, linewidth=1.0, zorder=1,
            linestyle="-" if closed else (0, (4, 2)))  # fmt: skip
    ax.plot([0], [y], marker="|", markersize=6, color=style.GREY, zorder=1)
    if not closed and followed:
        ax.annotate("", (end * 1.012, y), (end * 0.985, y), arrowprops=_ARROW)
    for row in mine:
        event, colour = str(row["event"]), style.GREY if closed else style.INK
        if event == _SEEN:
            canvas.text(ax, row, end * 1.03, y, canvas.number(row["days"]), va="center", ha="left", color=colour)
        else:
            canvas.sign(ax, row, float(row["days"]), y + _LIFT.get(event, 0.0), zorder=3, **_look(event))


# --- days to the first joint meeting against days to the first result ------------------------------------------------

_STRIP = 0.16  # width of the strips at the edge, of the axis


def early_meetings(canvas: Canvas) -> None:
    """F07: a sign per case; strips for cases without a result yet and for cases without a joint meeting."""
    towns = canvas.groups()
    above, room = canvas.rows(0.26, 4.4)
    canvas.legend(
        above, {canvas.label("municipality", town): Line2D([], [], **_dot(n)) for n, town in enumerate(towns)}
    )
    ax = canvas.figure.add_subplot(room)
    cases = [_merged(canvas, *pair) for pair in _in_order(canvas)]
    x_end, y_end = (
        max((float(case[name]) for case in cases if not missing(case[name])), default=1.0) * 1.08
        for name in ("days_to_meeting", "days_to_result")
    )
    _page(canvas, ax, x_end, y_end)
    points = []
    nowhere = 0  # cases with neither, side by side in the corner
    for case in cases:
        meeting, result = (not missing(case[f"days_to_{name}"]) for name in ("meeting", "result"))
        x = float(case["days_to_meeting"]) if meeting else x_end * (1 + _STRIP * 0.35)
        y = float(case["days_to_result"]) if result else y_end * (1 + _STRIP * 0.4)
        if not (meeting or result):
            x -= x_end * _STRIP * 0.25 * nowhere
            nowhere += 1
        look = _dot(towns.index(case["municipality"]), known=result)
        canvas.sign(ax, case, x, y, combined=True, **look)
        if not result:
            ax.annotate("", (x, y_end * (1 + _STRIP * 0.85)), (x, y), arrowprops={**_ARROW, "shrinkA": 4})
        early = 0 if missing(case["n_early_meetings"]) else case["n_early_meetings"]
        name = f"{case['case']} ({canvas.number(early)})"
        if not (result or missing(case["days_seen"])):
            name += f"\n{canvas.word('until_day', n=canvas.number(case['days_seen']))}"
        points.append((x, y, name))
    if x_end > 90:
        ax.axvline(90, ymax=1 / (1 + _STRIP), color=style.GREY, linewidth=0.7, linestyle=(0, (2, 2)))
        ax.text(90, y_end * 0.985, " 90", va="top", color=style.GREY)
    _name_points(canvas, ax, points)


def _merged(canvas: Canvas, town: str, case: str) -> dict[Any, Any]:
    """All numbers of one case together: each question fills its own column."""
    mine = canvas.marks(municipality=town, case=case)
    values = {name: next((row[name] for row in mine if not missing(row[name])), None) for name in canvas.data.values}
    return {"municipality": town, "case": case, **values}


def _dot(n: int, *, known: bool = True) -> dict[str, Any]:
    colour = style.LINE_COLOURS[n % len(style.LINE_COLOURS)]
    return {"marker": style.MARKERS[n % len(style.MARKERS)], "markersize": 7, "linestyle": "none", "markeredgewidth": 1.2,
            "markeredgecolor": colour, "markerfacecolor": colour if known else style.PAPER}  # fmt: skip


def _page(canvas: Canvas, ax: Axes, x_end: float, y_end: float) -> None:
    """The axes, and the strips at the right and above with what they are for."""
    right, top = x_end * (1 + _STRIP), y_end * (1 + _STRIP)
    for corner, width, height in (((x_end, 0), x_end * _STRIP, top), ((0, y_end), right, y_end * _STRIP)):
        ax.add_patch(Rectangle(corner, width, height, facecolor="#eef1f3", linewidth=0, zorder=0))
    grey: dict[str, Any] = {"color": style.GREY}
    ax.text(x_end * (1 + _STRIP / 2), y_end * 0.02, canvas.word("no_meeting"), ha="center", va="bottom", **grey)
    ax.text(x_end * 0.01, y_end * (1 + _STRIP / 2), canvas.word("no_result"), ha="left", va="center", **grey)
    ax.set(xlim=(0, right), ylim=(0, top), xlabel=canvas.texts.x[canvas.lang], ylabel=canvas.texts.y[canvas.lang])
    _days(canvas, ax.xaxis, 7, x_end)
    _days(canvas, ax.yaxis, 7, y_end)


def _name_points(canvas: Canvas, ax: Axes, points: Sequence[tuple[float, float, str]]) -> None:
    """Write each point's name beside it, where it hides no point and no other name: boxes of left, low, right, high."""
    canvas.figure.draw_without_rendering()
    inches = canvas.figure.dpi_scale_trans.inverted()
    dots = (ax.transData + inches).transform([(x, y) for x, y, _ in points])
    taken = np.hstack([dots - 0.06, dots + 0.06])
    limits = ax.get_window_extent().transformed(inches).extents
    for (x, y), (at_x, at_y, name) in zip(dots, points, strict=True):
        lines = name.split("\n")
        boxes = _boxes_around(x, y, max(map(wrapping.width, lines)) + 0.05, 0.135 * len(lines))
        shared = np.minimum(boxes[:, None, 2:], taken[:, 2:]) - np.maximum(boxes[:, None, :2], taken[:, :2])
        outside = np.maximum(limits[:2] - boxes[:, :2], 0).sum(axis=1) + np.maximum(boxes[:, 2:] - limits[2:], 0).sum(
            axis=1
        )
        box = boxes[(shared.clip(0).prod(axis=2).sum(axis=1) + outside).argmin()]
        taken = np.vstack([taken, box])
        offset = ((box[0] - x) * 72, ((box[1] + box[3]) / 2 - y) * 72)
        ax.annotate(name, (at_x, at_y), offset, textcoords="offset points", va="center", ha="left", linespacing=1.05)


def _boxes_around(x: float, y: float, width: float, height: float) -> npt.NDArray[np.float64]:
    """Boxes beside a point, best first: right, left, above, below, then the corners."""
    gap, near = 0.08, 0.08 * 0.7
    corners = np.array([
        (x + gap, y - height / 2), (x - gap - width, y - height / 2), (x - width / 2, y + gap), (x - width / 2, y - gap - height),
        (x + near, y + near), (x - near - width, y + near), (x + near, y - near - height), (x - near - width, y - near - height),
    ])  # fmt: skip
    return np.hstack([corners, corners + np.array([width, height])])
