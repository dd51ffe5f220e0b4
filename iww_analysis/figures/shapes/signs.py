"""Draw judgements as signs: full, half or open; what was not discussed has no shape, so that it is not taken for a no."""

from collections.abc import Mapping
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from iww_analysis.figures.canvas import style
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow

Sign = Artist | tuple[Artist, ...]
ANSWERS = {"yes": ("full", style.MAIN), "partly": ("left", style.MAIN), "no": ("full", style.PAPER)}
_GREY = {"markerfacecolor": style.GREY, "markeredgecolor": style.GREY}


def look(answer: str, size: float, shape: str = "o") -> dict[str, Any]:
    """How an answer looks: the fill says which one it is, the shape can say whose."""
    fill, colour = ANSWERS[answer]
    return {"marker": shape, "markersize": size, "fillstyle": fill, "markerfacecolor": colour,
            "markerfacecoloralt": style.PAPER, "markeredgecolor": style.MAIN, "markeredgewidth": 1.0, "color": style.MAIN,
            "linestyle": "none"}  # fmt: skip


def handle(sign: Mapping[str, Any]) -> Line2D:
    """A sign as a legend holds it."""
    return Line2D([], [], **sign)


def judgement(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float, answer: str, size: float = 8.5,
              shape: str = "o") -> bool:  # fmt: skip
    """Draw one judgement; whether it was an answer, not a word in the place of one."""
    if answer in ANSWERS:
        canvas.sign(ax, row, x, y, **look(answer, size, shape))
    else:
        canvas.text(
            ax, row, x, y, "–" if answer == "not_discussed" else "?", ha="center", va="center", color=style.GREY
        )
    return answer in ANSWERS


def named(canvas: Canvas, **names: str) -> dict[str, Sign]:
    """The legend of signs: the word that names it -> the sign."""
    return {canvas.word(name): handle(style.SIGNS[sign]) for name, sign in names.items()}


def of_answers(canvas: Canvas, key: str, size: float = 8.5) -> dict[str, Sign]:
    """The legend of the answers that occur, with the labels that this figure gives them."""
    present = set(canvas.data.marks[key].astype(str))
    legend: dict[str, Sign] = {canvas.label(key, code): handle(look(code, size)) for code in ANSWERS if code in present}
    if "not_discussed" in present:
        legend[canvas.label(key, "not_discussed")] = handle(style.SIGNS["flat"])
    if present - {*ANSWERS, "not_discussed"}:
        legend[f"?  {canvas.word('not_readable')}"] = Patch(facecolor="none", edgecolor="none")
    return legend


def of_voices(canvas: Canvas, shapes: Mapping[str, str], size: float) -> dict[str, Sign]:
    """The legend of whose judgement it is: voice -> its shape, in grey."""
    return {canvas.label("perspective", voice): handle(look("yes", size, of) | _GREY) for voice, of in shapes.items()}


def of_judgements(canvas: Canvas, shapes: Mapping[str, str], size: float) -> dict[str, Sign]:
    """The legend of every answer in the shapes of all voices, and of what was not discussed."""
    legend: dict[str, Sign] = {
        canvas.label("present", code): tuple(handle(look(code, size, shape)) for shape in shapes.values()) for code in ANSWERS
    }  # fmt: skip
    return legend | {canvas.label("present", "not_discussed"): handle(style.SIGNS["flat"])}
