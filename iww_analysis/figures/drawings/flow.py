"""Draw how cases go through a row of meetings, and why a meeting was not held."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas, rows
from iww_analysis.figures.canvas.wording import Row, missing
from iww_analysis.figures.shapes.bar_charts import ABSENT, Look, axis_top, bar, bottom_label, dress, panel_name
from iww_analysis.messages.numbers import HIDDEN

_COLUMNS = 2
_HELD, _DROPPED = Look(), Look("#e6c48a")
_LABELS = 1.75  # inches
_HIDDEN = "*"  # the line of the reasons that no municipality can show
Line = tuple[str, str]  # stage and reason; an empty reason is the meeting itself


def flow(canvas: Canvas) -> None:
    """F17: per municipality the three meetings as bars, and above each the reasons why it was not held."""
    lines = _lines(canvas)
    towns = canvas.groups("municipality")
    room = canvas.rows(0.26, (0.195 * len(lines) + 0.62) * -(-len(towns) // _COLUMNS))
    canvas.legend(room[0], {canvas.word("held"): _HELD.patch(), canvas.word("dropped"): _DROPPED.patch()})
    axes = canvas.cells(room[1], len(towns), _COLUMNS, sharey=True)
    for place, (ax, town) in enumerate(zip(axes, towns, strict=True)):
        _town(canvas, ax, town, lines)
        _name(canvas, ax, lines, shown=place % _COLUMNS == 0)
    bottom_label(axes, canvas.texts.x[canvas.lang], min(_COLUMNS, len(axes)))


def _lines(canvas: Canvas) -> list[Line]:
    """Every line of a panel, the same for all municipalities: the reasons of a stage, then the stage.

    Reasons that no municipality can show share one line.
    """
    dropped = canvas.data.part("dropped")
    lines: list[Line] = []
    for stage in canvas.order("stage", list(canvas.data.marks["stage"])):
        mine = dropped[dropped["stage"] == stage]
        shown = canvas.order("reason", list(mine.loc[mine["n_cases"].notna(), "reason"]))
        lines += [(stage, reason) for reason in shown]
        lines += [(stage, _HIDDEN)] if set(mine["reason"]) - set(shown) else []
        lines.append((stage, ""))
    return lines


def _town(canvas: Canvas, ax: Axes, town: str, lines: Sequence[Line]) -> None:
    marks = canvas.data.marks[canvas.data.marks["municipality"] == town]
    place = {line: n for n, line in enumerate(lines)}
    top = axis_top(marks, "n_cases")
    aside: Counter[str] = Counter()
    for row in rows(marks):
        stage, reason = str(row["stage"]), str(row["reason"])
        if (stage, reason) in place:
            bar(canvas, ax, row, place[stage, reason], "n_cases", top, _look(reason), 0.8 if not reason else 0.55,
                text=None if reason else _held_text(canvas, row))  # fmt: skip
            continue
        canvas.hidden_box(
            ax,
            row,
            top * canvas.stub * 1.4 * aside[stage],
            place[stage, _HIDDEN] - 0.22,
            top * canvas.stub,
            0.44,
            letter=False,
        )
        aside[stage] += 1
    for stage, boxes in aside.items():
        ax.text(top * canvas.stub * (1.4 * boxes + 0.1), place[stage, _HIDDEN], HIDDEN, va="center", color=style.GREY)
    dress(canvas, ax, len(lines), "n_cases", top)
    for line, y in place.items():
        if not line[1] and y + 1 < len(lines):
            ax.axhline(y + 0.5, color=style.LIGHT, linewidth=0.6)
    ax.set_title(panel_name(canvas, "municipality", town, "held", 2.1))


def _held_text(canvas: Canvas, row: Row) -> str:
    share = row.get("share")
    return canvas.number(row["n_cases"]) + ("" if missing(share) else f" ({canvas.share(share)})")


def _look(reason: str) -> Look:
    return _HELD if not reason else ABSENT if reason in vocabulary.read("missing") else _DROPPED


def _name(canvas: Canvas, ax: Axes, lines: Sequence[Line], *, shown: bool) -> None:
    ax.set_yticks(range(len(lines)), [wrapping.wrapped(_line_name(canvas, line), _LABELS) for line in lines])
    ax.tick_params(axis="y", labelleft=shown)
    for label, (_, reason) in zip(ax.get_yticklabels() if shown else [], lines, strict=False):
        label.set_fontweight("normal" if reason else "bold")
        label.set_color(style.GREY if reason else style.INK)


def _line_name(canvas: Canvas, line: Line) -> str:
    stage, reason = line
    if reason == _HIDDEN:
        return canvas.word("not_shown_reasons")
    return canvas.label("reason", reason) if reason else canvas.label("stage", stage)
