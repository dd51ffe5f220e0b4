"""Draw how cases go through a row of meetings, and why a meeting was not held."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes

from iww_analysis import vocabulary
from iww_analysis.disclosure import HIDDEN
from iww_analysis.figures.canvas import style, words
from iww_analysis.figures.canvas.canvas import Row, Sheet, missing, rows
from iww_analysis.figures.shapes.bar_charts import ABSENT, Look, axis_top, bar, bottom_label, dress, panel_name

_COLUMNS = 2
_HELD, _DROPPED = Look(), Look("#e6c48a")
_LABELS = 1.75  # inches
_HIDDEN = "*"  # the line of the reasons that no municipality can show
Line = tuple[str, str]  # stage and reason; an empty reason is the meeting itself


def flow(sheet: Sheet) -> None:
    """F17: per municipality the three meetings as bars, and above each the reasons why it was not held."""
    lines = _lines(sheet)
    towns = sheet.groups("municipality")
    room = sheet.rows(0.26, (0.195 * len(lines) + 0.62) * -(-len(towns) // _COLUMNS))
    sheet.legend(room[0], {sheet.word("held"): _HELD.patch(), sheet.word("dropped"): _DROPPED.patch()})
    axes = sheet.cells(room[1], len(towns), _COLUMNS, sharey=True)
    for place, (ax, town) in enumerate(zip(axes, towns, strict=True)):
        _town(sheet, ax, town, lines)
        _name(sheet, ax, lines, shown=place % _COLUMNS == 0)
    bottom_label(axes, sheet.texts.x[sheet.lang], min(_COLUMNS, len(axes)))


def _lines(sheet: Sheet) -> list[Line]:
    """Every line of a panel, the same for all municipalities: the reasons of a stage, then the stage.

    Reasons that no municipality can show share one line.
    """
    dropped = sheet.data.part("dropped")
    lines: list[Line] = []
    for stage in sheet.order("stage", list(sheet.data.marks["stage"])):
        mine = dropped[dropped["stage"] == stage]
        shown = sheet.order("reason", list(mine.loc[mine["n_cases"].notna(), "reason"]))
        lines += [(stage, reason) for reason in shown]
        lines += [(stage, _HIDDEN)] if set(mine["reason"]) - set(shown) else []
        lines.append((stage, ""))
    return lines


def _town(sheet: Sheet, ax: Axes, town: str, lines: Sequence[Line]) -> None:
    marks = sheet.data.marks[sheet.data.marks["municipality"] == town]
    place = {line: n for n, line in enumerate(lines)}
    top = axis_top(marks, "n_cases")
    aside: Counter[str] = Counter()
    for row in rows(marks):
        stage, reason = str(row["stage"]), str(row["reason"])
        if (stage, reason) in place:
            bar(sheet, ax, row, place[stage, reason], "n_cases", top, _look(reason), 0.8 if not reason else 0.55,
                text=None if reason else _held_text(sheet, row))  # fmt: skip
            continue
        sheet.hidden_box(
            ax,
            row,
            top * sheet.stub * 1.4 * aside[stage],
            place[stage, _HIDDEN] - 0.22,
            top * sheet.stub,
            0.44,
            letter=False,
        )
        aside[stage] += 1
    for stage, boxes in aside.items():
        ax.text(top * sheet.stub * (1.4 * boxes + 0.1), place[stage, _HIDDEN], HIDDEN, va="center", color=style.GREY)
    dress(sheet, ax, len(lines), "n_cases", top)
    for line, y in place.items():
        if not line[1] and y + 1 < len(lines):
            ax.axhline(y + 0.5, color=style.LIGHT, linewidth=0.6)
    ax.set_title(panel_name(sheet, "municipality", town, "held", 2.1))


def _held_text(sheet: Sheet, row: Row) -> str:
    share = row.get("share")
    return sheet.number(row["n_cases"]) + ("" if missing(share) else f" ({sheet.share(share)})")


def _look(reason: str) -> Look:
    return _HELD if not reason else ABSENT if reason in vocabulary.read("missing") else _DROPPED


def _name(sheet: Sheet, ax: Axes, lines: Sequence[Line], *, shown: bool) -> None:
    ax.set_yticks(range(len(lines)), [words.wrapped(_line_name(sheet, line), _LABELS) for line in lines])
    ax.tick_params(axis="y", labelleft=shown)
    for label, (_, reason) in zip(ax.get_yticklabels() if shown else [], lines, strict=False):
        label.set_fontweight("normal" if reason else "bold")
        label.set_color(style.GREY if reason else style.INK)


def _line_name(sheet: Sheet, line: Line) -> str:
    stage, reason = line
    if reason == _HIDDEN:
        return sheet.word("not_shown_reasons")
    return sheet.label("reason", reason) if reason else sheet.label("stage", stage)
