"""Draw a square with a share in it: the darker, the larger."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from iww_analysis.figures.canvas import style
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing
from iww_analysis.messages.numbers import HIDDEN

EDGE = "#9aa5ad"


def share_cell(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float, steps: Sequence[tuple[float, str]]) -> None:
    """One mark: a square in the colour of its class with its percentage, or hatched with an x where it is hidden."""
    gone = missing(row["share"])
    colour = "#ffffff" if gone else next(colour for least, colour in steps if float(row["share"]) >= least)
    box = Rectangle((x + 0.04, y + 0.06), 0.92, 0.88, facecolor=colour, edgecolor="#c3c9ce" if gone else EDGE, linewidth=0.4,
                    hatch="//////" if gone else None)  # fmt: skip
    canvas.mark(ax.add_patch(box), row)
    back = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6} if gone else None
    red, green, blue = to_rgb(colour)
    ink = style.PAPER if 0.3 * red + 0.59 * green + 0.11 * blue < 0.55 else style.INK  # what can be read on the colour
    ax.text(x + 0.5, y + 0.52, HIDDEN if gone else _inside(canvas, row), ha="center", va="center", color=ink, bbox=back)


def _inside(canvas: Canvas, row: MarkRow) -> str:
    """What stands in a cell: a percentage, or k of n where there are too few for one."""
    if "n_recorded" in row and canvas.is_few(row["n_cases"]):
        return f"{canvas.number(row['n_recorded'])}/{canvas.number(row['n_cases'])}"
    return canvas.number(row["n_cases"]) if canvas.few(row) else canvas.share_of(row, "n_cases").rstrip("%")
