"""Draw what two voices say of the same thing, side by side, so that agreement and difference are seen at once."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import grouped, text_of
from iww_analysis.figures.shapes import signs
from iww_analysis.figures.shapes.bar_charts import name_lines, panel_name

_LABELS = 1.75  # inches for the names of elements
_LINE = 0.235  # inches per element
_PER_ROW = 2  # teams beside each other
_AT = {"client": -0.2, "professional": 0.2}
_SHAPE = {"client": "o", "professional": "s"}
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
        cases = [sorted({str(row["case"]) for row in canvas.marks(team=team)}) for team in block]
        axes = canvas.cells(place, len(block), len(block), sharey=True, widths=[max(len(c), 2) for c in cases])
        for ax, team, of_team in zip(axes, block, cases, strict=True):
            _team(canvas, ax, team, of_team, elements)
        name_lines(axes, [canvas.label("element", code) for code in elements], len(block), _LABELS)


def _team(canvas: Canvas, ax: Axes, team: str, cases: Sequence[str], elements: Sequence[str]) -> None:
    for (case, element), pair in sorted(grouped(canvas.marks(team=team), "case", "element").items()):
        x, y = cases.index(case), elements.index(element)
        answers = [str(row["present"]) for row in pair if str(row["present"]) in signs.ANSWERS]
        if len(set(answers)) > 1:  # both spoke of it, and did not say the same
            ax.add_patch(Rectangle((x - 0.42, y - 0.43), 0.84, 0.86, **_FRAME))
        for row in pair:
            voice = str(row["perspective"])
            at = x + _AT.get(voice, 0.0)
            answered = signs.judgement(canvas, ax, row, at, y, str(row["present"]), _SIZE, _SHAPE.get(voice, "D"))
            if answered and str(row.get("contribution")) == "hindering":
                ax.plot([at + 0.15], [y + 0.3], **_HINDERS)
    ax.set(xlim=(-0.5, len(cases) - 0.5), ylim=(len(elements) - 0.5, -0.5))
    ax.set_xticks(range(len(cases)), [wrapping.wrapped(case, 0.45) for case in cases])
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0)
    for line in range(len(elements) + 1):
        ax.axhline(line - 0.5, color=style.LIGHT, linewidth=0.5, zorder=0)
    for line in range(1, len(cases)):
        ax.axvline(line - 0.5, color=style.LIGHT, linewidth=0.5, zorder=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_title(panel_name(canvas, "team", team, "judgements", 2.2))


def _legend(canvas: Canvas) -> dict[str, signs.Sign]:
    """Names with their signs: the voices in grey, the judgements in both shapes."""
    shapes = {voice: _SHAPE.get(voice, "D") for voice in canvas.codes("perspective")}
    column = {
        " " * n: Rectangle((0, 0), 0, 0, visible=False) for n in range(1, 4 - len(shapes))
    }  # fills the first column
    legend = signs.of_voices(canvas, shapes, _SIZE) | column | signs.of_judgements(canvas, shapes, _SIZE)
    legend[canvas.word("differ")] = Rectangle((0, 0), 1, 1, **_FRAME)
    if any(text_of(row, "contribution") == "hindering" for row in canvas.marks()):
        legend[canvas.word("hindering")] = signs.handle(_HINDERS)
    return legend
