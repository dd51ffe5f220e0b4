"""Draw followed cases one by one: their course in days, and how early they were discussed together."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import missing

_LANE = 0.26  # inches per case
_SIGNS: Mapping[str, Mapping[str, Any]] = {  # event -> its sign; what is not named gets a small diamond
    "intake": {"marker": "^", "markersize": 5.5, "markerfacecolor": style.PAPER},
    "plan": {"marker": "s", "markersize": 5, "markerfacecolor": style.PAPER},
    "joint_client_meeting": {"marker": "o", "markersize": 6, "markerfacecolor": style.MAIN},
    "first_result": {"marker": "*", "markersize": 10, "markerfacecolor": style.ACCENT},
    "closed": {"marker": "|", "markersize": 9, "markeredgewidth": 2.2, "markerfacecolor": style.INK},
}
_LIFT = {"intake": -0.2, "plan": -0.2, "first_result": 0.2}  # so that signs on the same day stay apart
_OTHER: Mapping[str, Any] = {"marker": "D", "markersize": 3.5, "markerfacecolor": style.GREY}
_SEEN = "last_seen"
_ARROW: dict[str, Any] = {"arrowstyle": "-|>", "color": style.INK, "linewidth": 0.8}


def timelines(canvas: Canvas) -> None:
    """F06: a lane per case with signs for its events; in the margin the day on which it was last seen."""
    cases = _in_order(canvas)
    towns = [town for n, (town, _) in enumerate(cases) if n == 0 or cases[n - 1][0] != town]
    room = canvas.rows(0.5, _LANE * (len(cases) + len(towns)) + 0.55)
    events = [row for row in canvas.marks() if row["event"] != _SEEN]
    kinds = canvas.order("event", [str(row["event"]) for row in events])
    canvas.legend(room[0], {canvas.label("event", kind): Line2D([], [], **_look(kind)) for kind in kinds}, columns=3)
    ax = canvas.figure.add_subplot(room[1])
    end = max((float(row["days"]) for row in events), default=1.0) * 1.04
    lanes, y, last = {}, -1, ""
    for town, case in cases:
        if town != last:
            y, last = y + 1, town
            ax.text(0.0, y, canvas.label("municipality", town), weight="bold", va="center", fontsize=9)
        y += 1
        lanes[town, case] = y
        _lane(canvas, ax, town, case, y, end)
    _axes(canvas, ax, lanes, end, y)


def _in_order(canvas: Canvas) -> list[tuple[str, str]]:
    pairs = dict.fromkeys((str(row["municipality"]), str(row["case"])) for row in canvas.marks())
    return sorted(pairs, key=lambda pair: (canvas.label("municipality", pair[0]), len(pair[1]), pair[1]))


def _look(event: str) -> dict[str, Any]:
    sign = _SIGNS.get(event, _OTHER)
    return {"color": style.INK, "markeredgewidth": 0.9, "linestyle": "none", "markeredgecolor": style.INK} | dict(sign)


def _lane(canvas: Canvas, ax: Axes, town: str, case: str, y: float, end: float) -> None:
    mine = canvas.marks(municipality=town, case=case)
    closed = [float(row["days"]) for row in mine if row["event"] == "closed"]
    until = max(closed) if closed else end
    ax.plot([0, until], [y, y], color=style.GREY, linewidth=1.0, zorder=1, linestyle="-" if closed else (0, (4, 2)))
    ax.plot([0], [y], marker="|", markersize=6, color=style.GREY, zorder=1)
    if not closed and any(row["event"] == _SEEN for row in mine):
        ax.annotate("", (end * 1.012, y), (end * 0.985, y), arrowprops=_ARROW)
    for row in mine:
        if row["event"] == _SEEN:
            colour = style.GREY if closed else style.INK
            canvas.mark(ax.text(end * 1.03, y, canvas.number(row["days"]), va="center", ha="left", color=colour), row)
        else:
            event = str(row["event"])
            (sign,) = ax.plot([float(row["days"])], [y + _LIFT.get(event, 0.0)], zorder=3, **_look(event))
            canvas.mark(sign, row)


def _axes(canvas: Canvas, ax: Axes, lanes: Mapping[tuple[str, str], float], end: float, bottom: float) -> None:
    ax.text(end * 1.03, -0.15, canvas.word("seen"), va="bottom", ha="left", color=style.GREY)
    ax.set_xlim(-end * 0.012, end * 1.13)
    ax.set_ylim(bottom + 0.6, -0.6)
    ax.set_yticks(list(lanes.values()), [case for _, case in lanes])
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 3, 5, 10], integer=True))
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= end])
    ax.xaxis.set_major_formatter(lambda x, _: canvas.number(x))
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(0, end)
    ax.set_xlabel(canvas.texts.x[canvas.lang], loc="left")


# --- days to the first joint meeting against days to the first result ------------------------------------------------

_STRIP = 0.16  # width of the strips at the edge, of the axis


def early_meetings(canvas: Canvas) -> None:
    """F07: a sign per case; strips for cases without a result yet and for cases without a joint meeting."""
    towns = canvas.groups()
    room = canvas.rows(0.26, 4.4)
    signs = {canvas.label("municipality", town): Line2D([], [], **_dot(n, True)) for n, town in enumerate(towns)}
    canvas.legend(room[0], signs)
    ax = canvas.figure.add_subplot(room[1])
    cases = [(pair, _merged(canvas, *pair)) for pair in _in_order(canvas)]
    x_end = _end([case["days_to_meeting"] for _, case in cases])
    y_end = _end([case["days_to_result"] for _, case in cases])
    _strips(canvas, ax, x_end, y_end)
    points = []
    nowhere = 0  # cases with neither, side by side in the corner
    for (town, label), case in cases:
        has = {name: not missing(case[f"days_to_{name}"]) for name in ("meeting", "result")}
        x = float(case["days_to_meeting"]) if has["meeting"] else x_end * (1 + _STRIP * 0.35)
        y = float(case["days_to_result"]) if has["result"] else y_end * (1 + _STRIP * 0.4)
        if not any(has.values()):
            x -= x_end * _STRIP * 0.25 * nowhere
            nowhere += 1
        (dot,) = ax.plot([x], [y], **_dot(towns.index(town), has["result"]))
        canvas.mark(dot, case, combined=True)
        if not has["result"]:
            ax.annotate("", (x, y_end * (1 + _STRIP * 0.85)), (x, y), arrowprops={**_ARROW, "shrinkA": 4})
        points.append((x, y, _name(canvas, label, case, has["result"])))
    _axis(canvas, ax, x_end, y_end)
    place_labels(canvas, ax, points)


def _merged(canvas: Canvas, town: str, case: str) -> dict[Any, Any]:
    """All numbers of one case together: each question fills its own column."""
    mine = canvas.marks(municipality=town, case=case)
    values = {name: next((row[name] for row in mine if not missing(row[name])), None) for name in canvas.data.values}
    return {"municipality": town, "case": case, **values}


def _end(values: Sequence[Any]) -> float:
    return max((float(value) for value in values if not missing(value)), default=1.0) * 1.08


def _dot(n: int, known: bool) -> dict[str, Any]:
    colour = style.LINE_COLOURS[n % len(style.LINE_COLOURS)]
    return {"marker": style.MARKERS[n % len(style.MARKERS)], "markersize": 7, "linestyle": "none", "markeredgewidth": 1.2,
            "markeredgecolor": colour, "markerfacecolor": colour if known else style.PAPER}  # fmt: skip


def _name(canvas: Canvas, label: str, case: Mapping[Any, Any], known: bool) -> str:
    early = 0 if missing(case["n_early_meetings"]) else case["n_early_meetings"]
    name = f"{label} ({canvas.number(early)})"
    if known or missing(case["days_seen"]):
        return name
    return f"{name}\n{canvas.word('until_day', n=canvas.number(case['days_seen']))}"


def _strips(canvas: Canvas, ax: Axes, x_end: float, y_end: float) -> None:
    """The strips at the right and above, and what they are for."""
    right, top = x_end * (1 + _STRIP), y_end * (1 + _STRIP)
    for corner, width, height in (((x_end, 0), x_end * _STRIP, top), ((0, y_end), right, y_end * _STRIP)):
        ax.add_patch(Rectangle(corner, width, height, facecolor="#eef1f3", linewidth=0, zorder=0))
    grey: dict[str, Any] = {"color": style.GREY}
    ax.text(x_end * (1 + _STRIP / 2), y_end * 0.02, canvas.word("no_meeting"), ha="center", va="bottom", **grey)
    ax.text(x_end * 0.01, y_end * (1 + _STRIP / 2), canvas.word("no_result"), ha="left", va="center", **grey)


def _axis(canvas: Canvas, ax: Axes, x_end: float, y_end: float) -> None:
    ax.set(xlim=(0, x_end * (1 + _STRIP)), ylim=(0, y_end * (1 + _STRIP)))
    for axis, end in ((ax.xaxis, x_end), (ax.yaxis, y_end)):
        axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 3, 5, 10], integer=True))
        axis.set_ticks([tick for tick in axis.get_ticklocs() if 0 <= tick <= end])
        axis.set_major_formatter(lambda value, _: canvas.number(value))
    if x_end > 90:
        ax.axvline(90, ymax=1 / (1 + _STRIP), color=style.GREY, linewidth=0.7, linestyle=(0, (2, 2)))
        ax.text(90, y_end * 0.985, " 90", va="top", color=style.GREY)
    ax.set_xlabel(canvas.texts.x[canvas.lang])
    ax.set_ylabel(canvas.texts.y[canvas.lang])


def place_labels(canvas: Canvas, ax: Axes, points: Sequence[tuple[float, float, str]]) -> None:
    """Write each point's name beside it, where it hides no point and no other name."""
    canvas.figure.draw_without_rendering()
    inch = ax.transData + canvas.figure.dpi_scale_trans.inverted()
    dots = [(float(x), float(y)) for x, y in inch.transform([(x, y) for x, y, _ in points])]
    taken = [(x - 0.06, y - 0.06, x + 0.06, y + 0.06) for x, y in dots]
    limits = ax.get_window_extent().transformed(canvas.figure.dpi_scale_trans.inverted())
    for (x, y), (at_x, at_y, name) in zip(dots, points, strict=True):
        lines = name.split("\n")
        size = max(wrapping.width(line) for line in lines) + 0.05, 0.135 * len(lines)
        box = min(_places(x, y, *size), key=lambda b: _overlap(b, taken) + _outside(b, limits.extents))
        taken.append(box)
        offset = ((box[0] - x) * 72, ((box[1] + box[3]) / 2 - y) * 72)
        ax.annotate(name, (at_x, at_y), offset, textcoords="offset points", va="center", ha="left", linespacing=1.05)


Box = tuple[float, float, float, float]  # left, low, right, high


def _places(x: float, y: float, width: float, height: float) -> list[Box]:
    """Boxes around a point, best first: right, left, above, below, then the corners."""
    gap, near = 0.08, 0.08 * 0.7
    corners = [
        (x + gap, y - height / 2), (x - gap - width, y - height / 2), (x - width / 2, y + gap), (x - width / 2, y - gap - height),
        (x + near, y + near), (x - near - width, y + near), (x + near, y - near - height), (x - near - width, y - near - height),
    ]  # fmt: skip
    return [(left, low, left + width, low + height) for left, low in corners]


def _overlap(box: Box, taken: Sequence[Box]) -> float:
    left, low, right, high = box
    wide = [max(0.0, min(right, other[2]) - max(left, other[0])) for other in taken]
    tall = [max(0.0, min(high, other[3]) - max(low, other[1])) for other in taken]
    return sum(width * height for width, height in zip(wide, tall, strict=True))


def _outside(box: Box, limits: Any) -> float:
    left, low, right, high = (float(value) for value in limits)
    return max(0.0, left - box[0]) + max(0.0, box[2] - right) + max(0.0, low - box[1]) + max(0.0, box[3] - high)
