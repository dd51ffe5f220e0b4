"""Draw grids of shares: what was recorded and when, and which life domains go together."""

from collections.abc import Sequence
from itertools import product
from string import ascii_uppercase

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.gridspec import SubplotSpec
from matplotlib.patches import Patch, Rectangle

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.style import Look
from iww_analysis.figures.canvas.wording import MarkRow, missing
from iww_analysis.figures.shapes.bar_charts import (
    PLAIN,
    axis_top,
    bar,
    bottom_label,
    dress,
    is_leftmost,
    name_lines,
    panel_name,
)
from iww_analysis.messages.numbers import HIDDEN

_CELL = 0.205  # inches high
_FIELDS = 1.62  # inches for the names of lines
_COLUMNS = 3  # grids beside each other
_EDGE = "#9aa5ad"
_FULL = ((0.9, "#12355b"), (0.5, "#5b93b8"), (0.005, "#cfdfe8"), (-1.0, "#ffffff"))  # at least this share -> colour
_PAIRS = ((0.4, "#12355b"), (0.25, "#3f7ca6"), (0.1, "#9dc0d6"), (-1.0, "#e6eef3"))


def coverage(canvas: Canvas) -> None:
    """F02: per municipality a grid of fields against years; what a form does not hold is a dash."""
    towns = canvas.groups()
    fields = canvas.codes("field")
    years = {town: sorted({str(row["year"]) for row in canvas.marks(municipality=town)}) for town in towns}
    widest = max([3, *map(len, years.values())])
    names = [wrapping.wrapped(canvas.label("field", code), _FIELDS) for code in fields]
    above, *room = canvas.rows(0.45, *([_CELL * len(fields) + 0.7] * -(-len(towns) // _COLUMNS)))
    shades = zip(("ninety_up", "half_to_ninety", "below_half", "never"), _FULL, strict=True)
    signs = {canvas.word(name): Patch(facecolor=colour, edgecolor=_EDGE) for name, (_, colour) in shades}
    signs[f"– {canvas.word('not_in_form')}"] = Patch(facecolor="none", edgecolor="none")
    canvas.legend(above, signs, columns=3)
    axes = [ax for place in room for ax in canvas.cells(place, _COLUMNS, _COLUMNS, sharey=True)]
    for ax in axes[len(towns) :]:
        ax.set_visible(False)
    for ax, town in zip(axes, towns, strict=False):
        mine = canvas.marks(municipality=town)
        for row in mine:
            _share_cell(canvas, ax, row, years[town].index(str(row["year"])), fields.index(str(row["field"])), _FULL)
        known = {str(row["field"]) for row in mine}
        for y, x in product([y for y, field in enumerate(fields) if field not in known], range(len(years[town]))):
            ax.text(x + 0.5, y + 0.5, "–", ha="center", va="center", color=style.GREY)
        part = next((name for name, totals in canvas.data.totals.items() if town in set(totals["municipality"])), "")
        ax.set_title(panel_name(canvas, "municipality", town, part) if part else canvas.label("municipality", town))
        ax.set(xlim=(0, widest), ylim=(len(fields), 0))
        _dress(ax, years[town], names)
        ax.tick_params(axis="y", labelleft=is_leftmost(ax))


def _share_cell(canvas: Canvas, ax: Axes, row: MarkRow, x: float, y: float, steps: Sequence[tuple[float, str]]) -> None:
    """One mark: a square in the colour of its class with its percentage, or hatched with an x where it is hidden."""
    few = "n_recorded" in row and canvas.is_few(row["n_cases"])
    gone = missing(row["share"]) and not few
    colour = (
        style.PAPER
        if missing(row["share"])
        else next(colour for least, colour in steps if float(row["share"]) >= least)
    )
    look: Look = {"edgecolor": "#c3c9ce", "hatch": "//////"} if gone else {"edgecolor": _EDGE}
    canvas.mark(ax.add_patch(Rectangle((x + 0.04, y + 0.06), 0.92, 0.88, facecolor=colour, linewidth=0.4, **look)), row)
    if gone:
        written = HIDDEN
    elif few:  # k of n where there are too few for a percentage
        written = f"{canvas.number(row['n_recorded'])}/{canvas.number(row['n_cases'])}"
    else:
        written = canvas.number(row["n_cases"]) if canvas.few(row) else canvas.share_of(row, "n_cases").rstrip("%")
    red, green, blue = to_rgb(colour)
    ink = style.PAPER if 0.3 * red + 0.59 * green + 0.11 * blue < 0.55 else style.INK  # what can be read on the colour
    back = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6} if gone else None
    ax.text(x + 0.5, y + 0.52, written, ha="center", va="center", color=ink, bbox=back)


def _dress(ax: Axes, across: Sequence[str], down: Sequence[str]) -> None:
    """Name columns and lines in the middle of their cells, without ticks or frame."""
    ax.set_xticks([n + 0.5 for n in range(len(across))], across)
    ax.set_yticks([n + 0.5 for n in range(len(down))], down)
    ax.tick_params(axis="both", length=0)
    ax.spines[["left", "bottom"]].set_visible(False)


def life_domains(canvas: Canvas) -> None:
    """F03: per municipality the share of cases with each domain, and a triangle of the pairs."""
    towns = canvas.groups()
    domains = canvas.order(
        "domain", [str(row[key]) for row in canvas.marks() for key in ("domain", "domain_2") if row[key]]
    )
    wide = 3 if len(towns) <= 3 else 5  # panels beside each other: five leave room for shares alone
    lines = -(-len(towns) // wide)
    side = _CELL * 0.95 * (len(domains) - 1)
    room = canvas.rows((0.185 * len(domains) + 0.75) * lines, 0.26, (side + 0.5) * -(-len(towns) // 3))
    _bars(canvas, room[0], towns, wide, domains)
    canvas.heading(room[1], canvas.word("together"))
    for n, ax in enumerate(canvas.cells(room[2], -(-len(towns) // 3) * 3, 3)):
        ax.set_visible(n < len(towns))
        if n < len(towns):
            _triangle(canvas, ax, towns[n], domains)


def _bars(canvas: Canvas, room: SubplotSpec, towns: Sequence[str], columns: int, domains: Sequence[str]) -> None:
    narrow = columns > 3  # shares alone behind the bars
    top = axis_top(canvas.marks("domains"), "share") * (0.93 if narrow else 0.97)
    axes = canvas.cells(room, len(towns), columns, sharex=True, sharey=True)
    for ax, town in zip(axes, towns, strict=True):
        for row in canvas.marks("domains", municipality=town):
            text = canvas.share_of(row, "n_cases") if narrow and not canvas.few(row) else None
            bar(canvas, ax, row, domains.index(str(row["domain"])), "share", top, PLAIN, 0.66, text=text)
        dress(canvas, ax, len(domains), "share", top)
        ax.set_title(panel_name(canvas, "municipality", town, "domains", 0.9 if narrow else 1.75))
        if narrow:
            ax.set_xticks([0, 1])
    names = [f"{canvas.label('domain', code)} {letter}" for code, letter in zip(domains, ascii_uppercase, strict=False)]
    name_lines(axes, names, 1.85)
    bottom_label(axes, canvas.texts.x[canvas.lang] + ("" if narrow else f" ({canvas.word('number')})"))


def _triangle(canvas: Canvas, ax: Axes, town: str, domains: Sequence[str]) -> None:
    for row in canvas.marks("pairs", municipality=town):
        if row["domain"] > row["domain_2"]:
            continue  # each pair once
        low, high = sorted((domains.index(str(row["domain"])), domains.index(str(row["domain_2"]))))
        _share_cell(canvas, ax, row, low, high - 1, _PAIRS)
    last = len(domains) - 1
    ax.set(xlim=(0, last), ylim=(last, 0))
    _dress(ax, ascii_uppercase[:last], ascii_uppercase[1 : last + 1])
    ax.set_title(panel_name(canvas, "municipality", town, "domains"))  # of these is each share
