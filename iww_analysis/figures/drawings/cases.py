"""Draw followed cases one by one: their course in days, and how early they were discussed together."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from iww_analysis.figures.canvas import style, words
from iww_analysis.figures.canvas.canvas import Row, Sheet, missing, rows

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


def timelines(sheet: Sheet) -> None:
    """F06: a lane per case with signs for its events; in the margin the day on which it was last seen."""
    cases = _in_order(sheet)
    towns = [town for n, (town, _) in enumerate(cases) if n == 0 or cases[n - 1][0] != town]
    room = sheet.rows(0.5, _LANE * (len(cases) + len(towns)) + 0.55)
    events = [row for row in rows(sheet.data.marks) if row["event"] != _SEEN]
    kinds = sheet.order("event", [str(row["event"]) for row in events])
    sheet.legend(room[0], {sheet.label("event", kind): Line2D([], [], **_look(kind)) for kind in kinds}, columns=3)
    ax = sheet.figure.add_subplot(room[1])
    end = max((_days(row) for row in events), default=1) * 1.04
    lanes, y, last = {}, -1, ""
    for town, case in cases:
        if town != last:
            y, last = y + 1, town
            ax.text(0.0, y, sheet.label("municipality", town), weight="bold", va="center", fontsize=9)
        y += 1
        lanes[town, case] = y
        _lane(sheet, ax, town, case, y, end)
    _axes(sheet, ax, lanes, end, y)


def _in_order(sheet: Sheet) -> list[tuple[str, str]]:
    pairs = dict.fromkeys((str(row["municipality"]), str(row["case"])) for row in rows(sheet.data.marks))
    return sorted(pairs, key=lambda pair: (sheet.label("municipality", pair[0]), len(pair[1]), pair[1]))


def _days(row: Row) -> float:
    return float(row["days"])


def _look(event: str) -> dict[str, Any]:
    sign = _SIGNS.get(event, _OTHER)
    return {"color": style.INK, "markeredgewidth": 0.9, "linestyle": "none", "markeredgecolor": style.INK} | dict(sign)


def _lane(sheet: Sheet, ax: Axes, town: str, case: str, y: float, end: float) -> None:
    marks = sheet.data.marks
    mine = rows(marks[(marks["municipality"] == town) & (marks["case"] == case)])
    closed = [_days(row) for row in mine if row["event"] == "closed"]
    seen = [_days(row) for row in mine if row["event"] == _SEEN]
    until = max(closed) if closed else end
    ax.plot([0, until], [y, y], color=style.GREY, linewidth=1.0, zorder=1, linestyle="-" if closed else (0, (4, 2)))
    ax.plot([0], [y], marker="|", markersize=6, color=style.GREY, zorder=1)
    if not closed and seen:
        ax.annotate(
            "",
            (end * 1.012, y),
            (end * 0.985, y),
            arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 0.8},
        )
    for row in mine:
        if row["event"] == _SEEN:
            text = ax.text(
                end * 1.03,
                y,
                sheet.number(row["days"]),
                va="center",
                ha="left",
                color=style.INK if not closed else style.GREY,
            )
            sheet.mark(text, row)
        else:
            (sign,) = ax.plot(
                [_days(row)], [y + _LIFT.get(str(row["event"]), 0.0)], zorder=3, **_look(str(row["event"]))
            )
            sheet.mark(sign, row)


def _axes(sheet: Sheet, ax: Axes, lanes: Mapping[tuple[str, str], float], end: float, bottom: float) -> None:
    ax.text(end * 1.03, -0.15, sheet.word("seen"), va="bottom", ha="left", color=style.GREY)
    ax.set_xlim(-end * 0.012, end * 1.13)
    ax.set_ylim(bottom + 0.6, -0.6)
    ax.set_yticks(list(lanes.values()), [case for _, case in lanes])
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 3, 5, 10], integer=True))
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= end])
    ax.xaxis.set_major_formatter(lambda x, _: sheet.number(x))
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(0, end)
    ax.set_xlabel(sheet.texts.x[sheet.lang], loc="left")


# --- days to the first joint meeting against days to the first result ------------------------------------------------

_STRIP = 0.16  # width of the strips at the edge, of the axis


def early_meetings(sheet: Sheet) -> None:
    """F07: a sign per case; strips for cases without a result yet and for cases without a joint meeting."""
    towns = sheet.groups()
    room = sheet.rows(0.26, 4.4)
    sheet.legend(
        room[0], {sheet.label("municipality", town): Line2D([], [], **_dot(n, True)) for n, town in enumerate(towns)}
    )
    ax = sheet.figure.add_subplot(room[1])
    cases = [(pair, _merged(sheet, *pair)) for pair in _in_order(sheet)]
    x_end = _end([case["days_to_meeting"] for _, case in cases])
    y_end = _end([case["days_to_result"] for _, case in cases])
    _strips(sheet, ax, x_end, y_end)
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
        sheet.mark(dot, case, combined=True)
        if not has["result"]:
            ax.annotate(
                "",
                (x, y_end * (1 + _STRIP * 0.85)),
                (x, y),
                arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 0.8, "shrinkA": 4},
            )
        points.append((x, y, _name(sheet, label, case, has["result"])))
    _axis(sheet, ax, x_end, y_end)
    place_labels(sheet, ax, points)


def _merged(sheet: Sheet, town: str, case: str) -> dict[Any, Any]:
    """All numbers of one case together: each question fills its own column."""
    marks = sheet.data.marks
    mine = marks[(marks["municipality"] == town) & (marks["case"] == case)]
    found = {name: mine[name].dropna() for name in sheet.data.values}
    values = {name: known.iloc[0] if len(known) else None for name, known in found.items()}
    return {"municipality": town, "case": case, **values}


def _end(values: Sequence[Any]) -> float:
    return max((float(value) for value in values if not missing(value)), default=1.0) * 1.08


def _dot(n: int, known: bool) -> dict[str, Any]:
    return {"marker": style.MARKERS[n % len(style.MARKERS)], "markersize": 7, "linestyle": "none", "markeredgewidth": 1.2,
            "markeredgecolor": style.LINE_COLOURS[n % len(style.LINE_COLOURS)],
            "markerfacecolor": style.LINE_COLOURS[n % len(style.LINE_COLOURS)] if known else style.PAPER}  # fmt: skip


def _name(sheet: Sheet, label: str, case: Mapping[Any, Any], known: bool) -> str:
    early = 0 if missing(case["n_early_meetings"]) else case["n_early_meetings"]
    name = f"{label} ({sheet.number(early)})"
    return (
        name
        if known or missing(case["days_seen"])
        else f"{name}\n{sheet.word('until_day', n=sheet.number(case['days_seen']))}"
    )


def _strips(sheet: Sheet, ax: Axes, x_end: float, y_end: float) -> None:
    ax.add_patch(
        Rectangle((x_end, 0), x_end * _STRIP, y_end * (1 + _STRIP), facecolor="#eef1f3", linewidth=0, zorder=0)
    )
    ax.add_patch(
        Rectangle((0, y_end), x_end * (1 + _STRIP), y_end * _STRIP, facecolor="#eef1f3", linewidth=0, zorder=0)
    )
    ax.text(
        x_end * (1 + _STRIP / 2), y_end * 0.02, sheet.word("no_meeting"), ha="center", va="bottom", color=style.GREY
    )
    ax.text(x_end * 0.01, y_end * (1 + _STRIP / 2), sheet.word("no_result"), ha="left", va="center", color=style.GREY)


def _axis(sheet: Sheet, ax: Axes, x_end: float, y_end: float) -> None:
    ax.set_xlim(0, x_end * (1 + _STRIP))
    ax.set_ylim(0, y_end * (1 + _STRIP))
    for axis, end in ((ax.xaxis, x_end), (ax.yaxis, y_end)):
        axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 3, 5, 10], integer=True))
        axis.set_ticks([tick for tick in axis.get_ticklocs() if 0 <= tick <= end])
        axis.set_major_formatter(lambda value, _: sheet.number(value))
    if x_end > 90:
        ax.axvline(90, ymax=1 / (1 + _STRIP), color=style.GREY, linewidth=0.7, linestyle=(0, (2, 2)))
        ax.text(90, y_end * 0.985, " 90", va="top", color=style.GREY)
    ax.set_xlabel(sheet.texts.x[sheet.lang])
    ax.set_ylabel(sheet.texts.y[sheet.lang])


def place_labels(sheet: Sheet, ax: Axes, points: Sequence[tuple[float, float, str]]) -> None:
    """Write each point's name beside it, where it hides no point and no other name."""
    sheet.figure.draw_without_rendering()
    inch = ax.transData + sheet.figure.dpi_scale_trans.inverted()
    dots = [(float(x), float(y)) for x, y in inch.transform([(x, y) for x, y, _ in points])]
    taken = [(x - 0.06, y - 0.06, x + 0.06, y + 0.06) for x, y in dots]
    limits = ax.get_window_extent().transformed(sheet.figure.dpi_scale_trans.inverted())
    for (x, y), (at_x, at_y, name) in zip(dots, points, strict=True):
        lines = name.split("\n")
        size = max(words.width(line) for line in lines) + 0.05, 0.135 * len(lines)
        box = min(_places(x, y, *size), key=lambda b: _overlap(b, taken) + _outside(b, limits.extents))
        taken.append(box)
        offset = ((box[0] - x) * 72, ((box[1] + box[3]) / 2 - y) * 72)
        ax.annotate(name, (at_x, at_y), offset, textcoords="offset points", va="center", ha="left", linespacing=1.05)


def _places(x: float, y: float, width: float, height: float) -> list[tuple[float, float, float, float]]:
    """Boxes around a point, best first: right, left, above, below, then the corners."""
    gap = 0.08
    corners = [
        (x + gap, y - height / 2), (x - gap - width, y - height / 2), (x - width / 2, y + gap), (x - width / 2, y - gap - height),
        (x + gap * 0.7, y + gap * 0.7), (x - gap * 0.7 - width, y + gap * 0.7), (x + gap * 0.7, y - gap * 0.7 - height),
        (x - gap * 0.7 - width, y - gap * 0.7 - height),
    ]  # fmt: skip
    return [(left, low, left + width, low + height) for left, low in corners]


def _overlap(box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]) -> float:
    return sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in taken
    )


def _outside(box: tuple[float, float, float, float], limits: Any) -> float:
    left, low, right, high = (float(value) for value in limits)
    return max(0.0, left - box[0]) + max(0.0, box[2] - right) + max(0.0, low - box[1]) + max(0.0, box[3] - high)
