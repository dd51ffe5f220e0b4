"""Draw bars side by side per municipality: reasons for closure, who was there, makers of the plan, how far meetings went."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import missing
from iww_analysis.figures.shapes import bar_charts
from iww_analysis.figures.shapes.bar_charts import (
    ABSENT,
    APART,
    PLAIN,
    axis_top,
    bar,
    multiples,
    name_lines,
    panel_name,
)
from iww_analysis.messages.numbers import HIDDEN


def closure_reasons(canvas: Canvas) -> None:
    """F05: reasons per municipality; administrative and missing reasons stand apart, below a line."""
    looks = dict.fromkeys(vocabulary.read("missing").codes, ABSENT) | {"administrative": APART}
    rank = [PLAIN, APART, ABSENT].index
    order = sorted(canvas.codes("reason", "reasons"), key=lambda code: rank(looks.get(code, PLAIN)))  # stable within
    first_apart = next((n for n, code in enumerate(order) if code in looks), None)
    multiples(canvas, "reasons", "reason", order, lambda row: looks.get(row["reason"], PLAIN), line_above=first_apart)


def parties(canvas: Canvas) -> None:
    """F08: sides of the table per municipality."""
    multiples(canvas, "parties", "party", canvas.codes("party"))


def own_counts(canvas: Canvas) -> None:
    """A researcher's own counts: panels by the first key, bars by the second (or all in one panel)."""
    part, key = str(canvas.data.marks["part"].iloc[0]), canvas.data.keys[:2][-1]
    order = canvas.codes(key)
    if len(canvas.data.keys) > 1:
        multiples(canvas, part, key, order)
        return
    axes = canvas.cells(canvas.rows(0.2 * len(order) + 0.5)[0], 1, 1)
    bar_charts.panel(canvas, axes[0], canvas.marks(part), key, order, bar_charts.measure(canvas))
    name_lines(axes, [canvas.label(key, code) for code in order])


_WITH = {"no": PLAIN, "yes": style.BARS["lesser"]}  # whether professionals were in the room
_LANE = {"no": -0.28, "yes": 0.0}


def plans_and_actions(canvas: Canvas) -> None:
    """F23: who made the plan, with and without professionals in the room; and the status of the actions."""
    towns, order = canvas.groups("municipality"), canvas.codes("made_by", "plans")
    status = canvas.codes("status", "actions")
    columns = min(3, len(towns))
    lines = -(-len(towns) // columns)
    heights = [0.42 * len(order) + 0.62] * lines + ([0.2 * len(status) + 0.7] * lines if status else [])
    above, room = canvas.rows(0.26, sum(heights))
    looks = {"no_professionals": _WITH["no"], "with_professionals": _WITH["yes"], "unknown_professionals": ABSENT}
    canvas.legend(above, bar_charts.boxes({canvas.word(name): look for name, look in looks.items()}), columns=3)
    axes = canvas.cells(room, len(heights) * columns, columns, heights=heights)
    made, done = axes[: lines * columns], axes[lines * columns :]
    for ax in (*made[len(towns) :], *done[len(towns) :]):
        ax.remove()
    for ax, town in zip(made, towns, strict=False):
        _plan(canvas, ax, town, order)
    name_lines(made[: len(towns)], [canvas.label("made_by", code) for code in order])
    bar_charts.bottom_label(made[: len(towns)], canvas.texts.x[canvas.lang])
    if status:
        for ax, town in zip(done, towns, strict=False):
            bar_charts.panel(canvas, ax, canvas.marks("actions", municipality=town), "status", status, "n_actions")
            ax.set_title(panel_name(canvas, "municipality", town, "actions"))
        name_lines(done[: len(towns)], [canvas.label("status", code) for code in status])
        bar_charts.bottom_label(done[: len(towns)], canvas.word("actions_axis"))


def _plan(canvas: Canvas, ax: Axes, town: str, order: Sequence[str]) -> None:
    """Per maker two bars, and below them thin ones where it is not known whether professionals were in the room."""
    mine = canvas.marks("plans", municipality=town)
    others = sorted({str(row["professionals"]) for row in mine} - set(_LANE))
    thin = 0.26 / max(len(others), 1)
    top = axis_top(mine, "n_cases")
    for row in mine:
        code = str(row["professionals"])
        lane = _LANE[code] if code in _LANE else 0.15 + thin * (others.index(code) + 0.5)
        thick = 0.26 if code in _LANE else thin
        bar(canvas, ax, row, order.index(str(row["made_by"])) + lane, "n_cases", top, _WITH.get(code, ABSENT), thick)
    bar_charts.dress(canvas, ax, len(order), "n_cases", top)
    ax.set_title(panel_name(canvas, "municipality", town, "plans"))


# --- meetings --------------------------------------------------------------------------------------------------------

_DROPPED = style.BARS["dropped"]
_COURSES = {"stopped": style.BARS["no"], "under_way": style.BARS["open"]}
_HIDDEN = "*"  # the line of the reasons that no municipality can show
StageReason = tuple[str, str]  # stage, and reason or course; an empty one is the meeting itself


def flow(canvas: Canvas) -> None:
    """F17: per municipality the three meetings as bars, and above each the reasons why it was not held, and who waits for it.

    The lines are the same for all municipalities; reasons that none of them can show share one.
    """
    dropped, waiting = canvas.data.part("dropped"), canvas.data.part("waiting")
    lines: list[StageReason] = []
    for stage in canvas.codes("stage"):
        mine = dropped[dropped["stage"] == stage]
        shown = canvas.order("reason", list(mine.loc[mine["n_cases"].notna(), "reason"]))
        shared = [_HIDDEN] if set(mine["reason"]) - set(shown) else []
        courses = [course for course in _COURSES if course in set(waiting.loc[waiting["stage"] == stage, "course"])]
        lines += [(stage, reason) for reason in (*shown, *shared, *courses, "")]
    towns = canvas.groups("municipality")
    above, room = canvas.rows(0.26, (0.195 * len(lines) + 0.62) * -(-len(towns) // 2))
    looks = {"held": PLAIN, "dropped": _DROPPED, **({"waiting": _COURSES["under_way"]} if len(waiting) else {})}
    canvas.legend(above, bar_charts.boxes({canvas.word(part): look for part, look in looks.items()}))
    axes = canvas.cells(room, len(towns), 2, sharey=True)
    for ax, town in zip(axes, towns, strict=True):
        _meetings(canvas, ax, town, lines)
    keys = {"": "stage", **dict.fromkeys(_COURSES, "course")}
    names = [canvas.label(keys.get(reason, "reason"), reason or stage) for stage, reason in lines]
    names = [canvas.word("not_shown_reasons") if name == _HIDDEN else name for name in names]
    name_lines(axes, names, 1.75)
    for ax in axes[::2]:
        for label, (_, reason) in zip(ax.get_yticklabels(), lines, strict=False):
            label.set(fontweight="normal" if reason else "bold", color=style.GREY if reason else style.INK)
    bar_charts.bottom_label(axes, canvas.texts.x[canvas.lang])


def _meetings(canvas: Canvas, ax: Axes, town: str, lines: Sequence[StageReason]) -> None:
    marks = canvas.marks(municipality=town)
    place = {line: n for n, line in enumerate(lines)}
    top = axis_top(marks, "n_cases")
    aside: Counter[str] = Counter()
    for row in marks:
        stage, reason = str(row["stage"]), str(row["reason"])
        if row["part"] == "waiting":
            course = str(row["course"])
            bar(canvas, ax, row, place[stage, course], "n_cases", top, _COURSES[course], 0.55)
        elif not reason:
            share = "" if missing(row.get("share")) else f" ({canvas.share(row['share'])})"
            bar(canvas, ax, row, place[stage, ""], "n_cases", top, PLAIN, 0.8, canvas.number(row["n_cases"]) + share)
        elif (stage, reason) in place:
            look = ABSENT if reason in vocabulary.read("missing") else _DROPPED
            bar(canvas, ax, row, place[stage, reason], "n_cases", top, look, 0.55)
        else:
            x, y = top * canvas.stub * 1.4 * aside[stage], place[stage, _HIDDEN] - 0.22
            canvas.hidden_box(ax, row, x, y, top * canvas.stub, 0.44, letter=False)
            aside[stage] += 1
    for stage, boxes in aside.items():
        ax.text(top * canvas.stub * (1.4 * boxes + 0.1), place[stage, _HIDDEN], HIDDEN, va="center", color=style.GREY)
    bar_charts.dress(canvas, ax, len(lines), "n_cases", top)
    for (_, reason), y in place.items():
        if not reason and y + 1 < len(lines):
            ax.axhline(y + 0.5, color=style.LIGHT, linewidth=0.6)
    ax.set_title(panel_name(canvas, "municipality", town, "held", 2.1))
