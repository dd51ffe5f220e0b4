"""Draw bars side by side per municipality: reasons for closure, sides of the table, makers of the plan."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from iww_analysis import vocabulary
from iww_analysis.figures.canvas.canvas import Canvas, rows
from iww_analysis.figures.canvas.wording import Row
from iww_analysis.figures.shapes.bar_charts import (
    ABSENT,
    APART,
    PLAIN,
    Look,
    axis_top,
    bar,
    bottom_label,
    dress,
    measure,
    multiples,
    name_lines,
    panel,
    panel_name,
)


def closure_reasons(canvas: Canvas) -> None:
    """F05: reasons per municipality; administrative and missing reasons stand apart, below a line."""
    data = canvas.data.part("reasons")
    missing_codes = set(vocabulary.read("missing").codes)
    order = canvas.order("reason", list(data["reason"]))
    order = sorted(
        order, key=lambda code: (code in missing_codes, code == "administrative")
    )  # stable: the agreed order within
    first_apart = next((n for n, code in enumerate(order) if code == "administrative" or code in missing_codes), None)

    def look(row: Row) -> Look:
        return APART if row["reason"] == "administrative" else ABSENT if row["reason"] in missing_codes else PLAIN

    multiples(canvas, "reasons", "reason", order, look, line_above=first_apart)


def parties(canvas: Canvas) -> None:
    """F08: sides of the table per municipality."""
    multiples(canvas, "parties", "party", canvas.order("party", list(canvas.data.marks["party"])))


def own_counts(canvas: Canvas) -> None:
    """A researcher's own counts: panels by the first key, bars by the second (or all in one panel)."""
    part = str(canvas.data.marks["part"].iloc[0])
    if len(canvas.data.keys) > 1:
        multiples(
            canvas,
            part,
            canvas.data.keys[1],
            canvas.order(canvas.data.keys[1], list(canvas.data.marks[canvas.data.keys[1]])),
        )
        return
    key = canvas.data.keys[0]
    order = canvas.order(key, list(canvas.data.marks[key]))
    axes = canvas.cells(canvas.rows(0.2 * len(order) + 0.5)[0], 1, 1)
    panel(canvas, axes[0], canvas.data.part(part), key, order, measure(canvas))
    name_lines(canvas, axes, key, order, 1)


def plans_and_actions(canvas: Canvas) -> None:
    """F23: who made the plan, with and without professionals in the room; and the status of the actions."""
    plans, actions = canvas.data.part("plans"), canvas.data.part("actions")
    towns, order = canvas.groups("municipality"), canvas.order("made_by", list(plans["made_by"]))
    status = canvas.order("status", list(actions["status"])) if len(actions) else []
    columns = min(3, len(towns))
    lines = -(-len(towns) // columns)
    heights = [0.42 * len(order) + 0.62] * lines + ([0.2 * len(status) + 0.7] * lines if status else [])
    room = canvas.rows(0.26, sum(heights))
    looks = {"no_professionals": _ROOM["no"], "with_professionals": _ROOM["yes"], "unknown_professionals": ABSENT}
    canvas.legend(room[0], {canvas.word(name): look.patch() for name, look in looks.items()}, columns=3)
    axes = canvas.cells(room[1], len(heights) * columns, columns, heights=heights)
    half = lines * columns
    for n, ax in enumerate(axes):
        if n % half >= len(towns):
            ax.remove()
        else:
            (_plan if n < half else _actions)(canvas, ax, towns[n % half], order if n < half else status)
    last = (len(towns) - 1) // columns * columns
    name_lines(canvas, axes[: len(towns)], "made_by", order, columns)
    bottom_label(axes[: last + 1], canvas.texts.x[canvas.lang], columns)
    if status:
        name_lines(canvas, axes[half : half + len(towns)], "status", status, columns)
        bottom_label(axes[half : half + last + 1], canvas.word("actions_axis"), columns)


_ROOM: Mapping[str, Look] = {"no": PLAIN, "yes": Look("#9dbcd4", "////")}  # whether professionals were in the room
_LANE = {"no": -0.28, "yes": 0.0}


def _plan(canvas: Canvas, ax: Axes, town: str, order: Sequence[str]) -> None:
    frame = canvas.data.part("plans")
    mine = frame[frame["municipality"] == town]
    top = axis_top(mine, "n_cases")
    others = sorted({str(code) for code in mine["professionals"]} - set(_LANE))
    thin = 0.26 / max(len(others), 1)
    for row in rows(mine):
        code = str(row["professionals"])
        lane = _LANE[code] if code in _LANE else 0.15 + thin * (others.index(code) + 0.5)
        bar(
            canvas,
            ax,
            row,
            order.index(str(row["made_by"])) + lane,
            "n_cases",
            top,
            _ROOM.get(code, ABSENT),
            0.26 if code in _LANE else thin,
        )
    dress(canvas, ax, len(order), "n_cases", top)
    ax.set_title(panel_name(canvas, "municipality", town, "plans"))


def _actions(canvas: Canvas, ax: Axes, town: str, status: Sequence[str]) -> None:
    frame = canvas.data.part("actions")
    panel(canvas, ax, frame[frame["municipality"] == town], "status", status, "n_actions")
    ax.set_title(panel_name(canvas, "municipality", town, "actions"))
