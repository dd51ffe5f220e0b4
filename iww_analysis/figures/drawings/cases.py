"""Draw followed cases one by one: their course in months since referral, and how early they were discussed together.

What fell in a month stands between its line and the next, side by side with what else did: when in the month is not told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing

_LANE = 0.34  # inches per case
_LIFT = {"intake": -0.27, "plan": -0.27, "first_result": 0.27}  # so that signs of different kinds stay apart
_ENDS = ("referral", "open")  # where a case begins, and that it had not ended: no signs, but the ends of its line
_STEPS = (1, 2, 3, 6, 12, 24, 60)  # months between ticks
_ARROW: dict[str, Any] = {"arrowstyle": "-|>", "color": style.INK, "linewidth": 0.8}


def timelines(canvas: Canvas) -> None:
    """F06: a lane per case with signs for its events; an arrow where it was still open."""
    cases = _in_order(canvas)
    above, room = canvas.rows(0.5, _LANE * (len(cases) + len({town for town, _ in cases})) + 0.55)
    kinds = [kind for kind in canvas.codes("event") if kind not in _ENDS]
    canvas.legend(above, {canvas.label("event", kind): Line2D([], [], **_look(kind)) for kind in kinds}, columns=3)
    ax = canvas.figure.add_subplot(room)
    months = [int(row["months"]) for row in canvas.marks() if row["months"] != ""]
    begin, end = min(months, default=0), max(months, default=0) + 1
    lanes: dict[tuple[str, str], int] = {}
    y, last = -1, ""
    for town, case in cases:
        if town != last:
            y, last = y + 1, town
            ax.text(begin, y, canvas.label("municipality", town), weight="bold", va="center", fontsize=9)
        y += 1
        lanes[town, case] = y
        _lane(canvas, ax, canvas.marks(municipality=town, case=case), y, end)
    ax.set(xlim=(begin - (end - begin) * 0.012, begin + (end - begin) * 1.13), ylim=(y + 0.6, -0.6))
    ax.set_yticks(list(lanes.values()), [case for _, case in lanes])
    ax.tick_params(axis="y", length=0)
    _months(canvas, ax.xaxis, 12, begin, end)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(begin, end)
    ax.set_xlabel(canvas.texts.x[canvas.lang], loc="left")


def _in_order(canvas: Canvas) -> list[tuple[str, str]]:
    """The cases, as municipality and label."""
    pairs = dict.fromkeys((str(row["municipality"]), str(row["case"])) for row in canvas.marks())
    return sorted(pairs, key=lambda pair: (canvas.label("municipality", pair[0]), len(pair[1]), pair[1]))


def _look(event: str) -> dict[str, Any]:
    around = {"color": style.INK, "markeredgewidth": 0.9, "markeredgecolor": style.INK}
    return {**around, **style.EVENTS.get(event, style.EVENTS["other"])}


def _months(canvas: Canvas, axis: Axis, most: int, begin: int, end: int) -> None:
    """Lines at whole months along an axis, as many as can be read."""
    step = next((step for step in _STEPS if (end - begin) / step <= most), end - begin)
    axis.set_ticks([month for month in range(begin, end + 1) if month % step == 0])
    axis.set_major_formatter(lambda value, _: canvas.number(value))
    axis.grid(visible=True, color=style.LIGHT, linewidth=0.5)


def _lane(canvas: Canvas, ax: Axes, mine: Sequence[MarkRow], y: float, end: int) -> None:
    opened = [row for row in mine if row["event"] == "open"]
    signs = [*_side_by_side(row for row in mine if row["event"] not in _ENDS)]
    closed = [places[0] for row, places in signs if row["event"] == "closed"]
    last = end if opened else max((places[-1] for _, places in signs), default=0.0)  # or it closed on an unknown day
    ax.plot([0, max(closed, default=last)], [y, y], color=style.GREY, linewidth=1.0, zorder=1,
            linestyle="-" if closed else (0, (4, 2)))  # fmt: skip
    for row in mine:
        if row["event"] == "referral":
            canvas.sign(ax, row, 0, y, marker="|", markersize=6, color=style.GREY, zorder=1)
    for row in opened:
        ax.annotate("", (end * 1.012, y), (end * 0.985, y), arrowprops=_ARROW)
        canvas.text(ax, row, end * 1.02, y, canvas.label("event", "open"), va="center", ha="left")
    for row, places in signs:
        event = str(row["event"])
        heights = [y + _LIFT.get(event, 0.0)] * len(places)
        canvas.mark(ax.plot(places, heights, zorder=3, **_look(event))[0], row)


def _side_by_side(marks: Iterable[MarkRow]) -> Iterator[tuple[MarkRow, list[float]]]:
    """Marks of one case with places within their month, one for each that they count: at one height none hides another."""
    by_place = dict[tuple[int, float], list[MarkRow]]()
    for row in marks:
        by_place.setdefault((int(row["months"]), _LIFT.get(str(row["event"]), 0.0)), []).append(row)
    for (month, _), rows in by_place.items():
        times = [1 if missing(row["n_meetings"]) else int(row["n_meetings"]) for row in rows]
        places = iter(_within(month, sum(times)))
        yield from ((row, [next(places) for _ in range(n)]) for row, n in zip(rows, times, strict=True))


def _within(month: int, n: int) -> list[float]:
    """So many places in a month, evenly apart."""
    return [month + (place + 0.5) / n for place in range(n)]


# --- months to the first joint meeting against months to the first result --------------------------------------------

_STRIP = 0.16  # width of the strips at the edge, of the axis
_OPENING = 3  # months


def early_meetings(canvas: Canvas) -> None:
    """F07: a sign per case; strips for cases without a result on record and for cases without a joint meeting."""
    towns = canvas.groups()
    above, room = canvas.rows(0.26, 4.4)
    canvas.legend(
        above, {canvas.label("municipality", town): Line2D([], [], **_dot(n)) for n, town in enumerate(towns)}
    )
    ax = canvas.figure.add_subplot(room)
    cases = [_merged(canvas, *pair) for pair in _in_order(canvas)]
    x_end, y_end = (
        max((int(case[name]) for case in cases if not missing(case[name])), default=0) + 1
        for name in ("months_to_meeting", "months_to_result")
    )
    _page(canvas, ax, x_end, y_end)
    points = []
    for case, x, y in _in_cells(cases, x_end, y_end):
        known = not missing(case["months_to_result"])
        canvas.sign(ax, case, x, y, combined=True, **_dot(towns.index(case["municipality"]), known=known))
        name = f"{case['case']} ({canvas.number(case['n_early_meetings'] or 0)})"
        if not known and case["standing"] == "open":
            ax.annotate("", (x, y_end * (1 + _STRIP * 0.9)), (x, y), arrowprops={**_ARROW, "shrinkA": 4})
        if not known and case["standing"] == "closure_unknown":
            name += f"\n{canvas.word('end_unknown')}"
        points.append((x, y, name))
    if x_end > _OPENING:
        ax.axvline(_OPENING, ymax=1 / (1 + _STRIP), color=style.GREY, linewidth=0.9, linestyle=(0, (2, 2)))
        ax.text(_OPENING, y_end * 0.985, canvas.word("first_months"), va="top", ha="right", color=style.GREY)
    _name_points(canvas, ax, points)


def _in_cells(
    cases: Sequence[Mapping[Any, Any]], x_end: int, y_end: int
) -> Iterator[tuple[Mapping[Any, Any], float, float]]:
    """Each case with its place: in the cell of its months or in a strip, side by side with those that share it."""
    by_cell = dict[tuple[int, int], list[Mapping[Any, Any]]]()
    for case in cases:
        found = (case["months_to_meeting"], case["months_to_result"])
        x, y = (end if missing(months) else int(months) for months, end in zip(found, (x_end, y_end), strict=True))
        by_cell.setdefault((x, y), []).append(case)
    for (x, y), alike in by_cell.items():
        wide = x_end * _STRIP if x == x_end else 1.0
        up = y_end * (1 + _STRIP * 0.4) if y == y_end else y + 0.5
        for case, place in zip(alike, _within(0, len(alike)), strict=True):
            yield case, x + place * wide, up


def _merged(canvas: Canvas, town: str, case: str) -> dict[Any, Any]:
    """All numbers of one case together: each question fills its own column."""
    mine = canvas.marks(municipality=town, case=case)
    values = {name: next((row[name] for row in mine if not missing(row[name])), None) for name in canvas.data.values}
    return {"municipality": town, "case": case, **values}


def _dot(n: int, *, known: bool = True) -> dict[str, Any]:
    colour = style.LINE_COLOURS[n % len(style.LINE_COLOURS)]
    return {"marker": style.MARKERS[n % len(style.MARKERS)], "markersize": 7, "linestyle": "none", "markeredgewidth": 1.2,
            "markeredgecolor": colour, "markerfacecolor": colour if known else style.PAPER}  # fmt: skip


def _page(canvas: Canvas, ax: Axes, x_end: int, y_end: int) -> None:
    """The axes, and the strips at the right and above with what they are for."""
    right, top = x_end * (1 + _STRIP), y_end * (1 + _STRIP)
    for corner, width, height in (((x_end, 0), x_end * _STRIP, top), ((0, y_end), right, y_end * _STRIP)):
        ax.add_patch(Rectangle(corner, width, height, facecolor="#eef1f3", linewidth=0, zorder=0))
    grey: dict[str, Any] = {"color": style.GREY}
    ax.text(x_end * (1 + _STRIP / 2), y_end * 0.02, canvas.word("no_meeting"), ha="center", va="bottom", **grey)
    ax.text(x_end * 0.01, y_end * (1 + _STRIP / 2), canvas.word("no_result"), ha="left", va="center", **grey)
    ax.set(xlim=(0, right), ylim=(0, top), xlabel=canvas.texts.x[canvas.lang], ylabel=canvas.texts.y[canvas.lang])
    _months(canvas, ax.xaxis, 12, 0, x_end)
    _months(canvas, ax.yaxis, 12, 0, y_end)


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
