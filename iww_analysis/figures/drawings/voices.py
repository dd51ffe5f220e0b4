"""Draw what two voices say of the same thing, side by side, so that agreement and difference are seen at once."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, rows

_LABELS = 1.75  # inches for the names of elements
_LINE = 0.235  # inches per element
_PER_ROW = 2  # teams beside each other
_AT = {"client": -0.2, "professional": 0.2}
_SHAPE = {"client": "o", "professional": "s"}
_FILL = {"yes": ("full", style.MAIN), "partly": ("left", style.MAIN), "no": ("full", style.PAPER)}
_SIZE = 7.5
_HINDERS: dict[str, Any] = {"marker": "v", "markersize": 3.6, "color": "#b00020", "linestyle": "none"}
_FRAME: dict[str, Any] = {"facecolor": "#fdf0d5", "edgecolor": style.ACCENT, "linewidth": 1.1}


def same_case(canvas: Canvas) -> None:
    """F12: per team elements against cases; client and professional as two signs, a frame where they differ."""
    teams = canvas.groups("team")
    elements = canvas.codes("element")
    blocks = [teams[n : n + _PER_ROW] for n in range(0, len(teams), _PER_ROW)]
    room = canvas.rows(0.62, *([_LINE * len(elements) + 0.62] * len(blocks)))
    canvas.legend(room[0], _legend(canvas), columns=3)
    for place, block in zip(room[1:], blocks, strict=True):
        cases = [_cases(canvas, team) for team in block]
        axes = canvas.cells(place, len(block), len(block), sharey=True, widths=[max(len(c), 2) for c in cases])
        for n, (ax, team) in enumerate(zip(axes, block, strict=True)):
            _team(canvas, ax, team, cases[n], elements, named=n == 0)


def _cases(canvas: Canvas, team: str) -> list[str]:
    marks = canvas.data.marks
    return sorted(dict.fromkeys(marks.loc[marks["team"] == team, "case"].astype(str)))


def _team(canvas: Canvas, ax: Axes, team: str, cases: Sequence[str], elements: Sequence[str], *, named: bool) -> None:
    mine = canvas.data.marks[canvas.data.marks["team"] == team]
    for (case, element), pair in mine.groupby(["case", "element"]):
        x, y = cases.index(str(case)), elements.index(str(element))
        voices = rows(pair)
        if _differ(voices):
            ax.add_patch(Rectangle((x - 0.42, y - 0.43), 0.84, 0.86, **_FRAME))
        for row in voices:
            _sign(canvas, ax, row, x + _AT.get(str(row["perspective"]), 0.0), y)
    ax.set_xlim(-0.5, len(cases) - 0.5)
    ax.set_ylim(len(elements) - 0.5, -0.5)
    ax.set_xticks(range(len(cases)), [wrapping.wrapped(case, 0.45) for case in cases])
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(elements)), [wrapping.wrapped(canvas.label("element", code), _LABELS) for code in elements])
    ax.tick_params(axis="both", length=0)
    ax.tick_params(axis="y", labelleft=named)
    for line in range(len(elements) + 1):
        ax.axhline(line - 0.5, color=style.LIGHT, linewidth=0.5, zorder=0)
    for line in range(1, len(cases)):
        ax.axvline(line - 0.5, color=style.LIGHT, linewidth=0.5, zorder=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_title(wrapping.wrapped(canvas.panel_title("team", team, "judgements"), 2.2, 9.0, "bold"))


def _differ(voices: Sequence[MarkRow]) -> bool:
    """Both spoke of it, and did not say the same."""
    answers = [str(row["present"]) for row in voices if str(row["present"]) in _FILL]
    return len(answers) > 1 and len(set(answers)) > 1


def _sign(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float) -> None:
    answer = str(row["present"])
    if answer not in _FILL:  # not discussed, or missing: no shape at all, so that it cannot be taken for a no
        sign = ax.text(x, y, "–" if answer == "not_discussed" else "?", ha="center", va="center", color=style.GREY)
        canvas.mark(sign, row)
        return
    (line,) = ax.plot([x], [y], **_look(str(row["perspective"]), answer))
    canvas.mark(line, row)
    if str(row.get("contribution")) == "hindering":
        ax.plot([x + 0.15], [y + 0.3], **_HINDERS)


def _look(voice: str, answer: str) -> dict[str, Any]:
    fill, colour = _FILL[answer]
    return {"marker": _SHAPE.get(voice, "D"), "markersize": _SIZE, "fillstyle": fill, "markerfacecolor": colour,
            "markerfacecoloralt": style.PAPER, "markeredgecolor": style.MAIN, "markeredgewidth": 1.0, "color": style.MAIN,
            "linestyle": "none"}  # fmt: skip


Sign = Artist | tuple[Artist, ...]


def _legend(canvas: Canvas) -> dict[str, Sign]:
    """Names with their signs: the voices in grey, the judgements in both shapes."""
    data = canvas.data.marks
    voices = canvas.order("perspective", list(data["perspective"]))
    grey = {"markerfacecolor": style.GREY, "markeredgecolor": style.GREY}
    signs: dict[str, Sign] = {canvas.label("perspective", v): _handle(_look(v, "yes") | grey) for v in voices}
    signs |= {
        " " * n: Rectangle((0, 0), 0, 0, visible=False) for n in range(1, 4 - len(voices))
    }  # fills the first column
    signs |= {canvas.label("present", code): tuple(_handle(_look(v, code)) for v in voices) for code in _FILL}
    signs[canvas.label("present", "not_discussed")] = _handle(
        {"linestyle": "none", "marker": "_", "markersize": 6, "color": style.GREY}
    )
    signs[canvas.word("differ")] = Rectangle((0, 0), 1, 1, **_FRAME)
    if pd.Series(data.get("contribution", [])).eq("hindering").any():
        signs[canvas.word("hindering")] = _handle(_HINDERS)
    return signs


def _handle(look: dict[str, Any]) -> Line2D:
    return Line2D([], [], **look)
