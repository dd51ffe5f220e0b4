"""Say what is missing, where a figure cannot be drawn."""

from collections.abc import Sequence
from typing import Any

from iww_analysis.figures import texts
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.messages import numbers

_HEIGHT = 1.9


def panel(canvas: Canvas, *sentences: str) -> None:
    """Draw a panel that says why there is no figure, and what to do about it; an empty sentence leaves a line open."""
    (room,) = canvas.rows(_HEIGHT)
    ax = canvas.figure.add_subplot(room)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set(visible=True, color=style.GREY, linestyle=(0, (4, 3)))
    middle: dict[str, Any] = {"ha": "center", "va": "center", "transform": ax.transAxes}
    ax.text(0.5, 0.78, canvas.word("not_drawable"), weight="bold", fontsize=10, **middle)
    lines = [line for part in sentences for line in wrapping.wrap(part, style.WIDTH - 0.9, 9)]
    ax.text(0.5, 0.36, "\n".join(lines), fontsize=9, linespacing=1.35, **middle)


def sentence(needs: Sequence[str], sources: Sequence[str], lang: str) -> str:
    """What is needed and which sources lack it."""
    what = numbers.listed([texts.lacking(need, lang) for need in needs], lang)
    return texts.word("needed", lang, what=what, sources=numbers.listed(list(sources), lang) or "–")
