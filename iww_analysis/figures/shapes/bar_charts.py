"""Draw bars: one panel per value of the first key with the same categories on the same lines, or one bar at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.style import Look
from iww_analysis.figures.canvas.wording import MarkRow, missing

_TICKS = 18.0  # points that ticks and their labels take below an axis


PLAIN: Look = {"facecolor": style.MAIN, "edgecolor": style.MAIN, "hatch": ""}
APART, ABSENT = style.BARS["apart"], style.BARS["absent"]


def boxes(looks: Mapping[str, Look]) -> dict[str, Patch]:
    """The signs of bars in a legend, by name."""
    return {name: Patch(**look) for name, look in looks.items()}


def measure(canvas: Canvas) -> str:
    """The column that sets the length of bars: shares where the finding has them and its rule lets them be shown."""
    return "share" if "share" in canvas.data.values and canvas.data.rule != "case_study" else canvas.data.unit


def multiples(canvas: Canvas, part: str, key: str, order: Sequence[str], look: Callable[[MarkRow], Look] = lambda row: PLAIN,
              *, line_above: int | None = None) -> None:  # fmt: skip
    """One panel per value of the first key, with the same categories on the same lines, three beside each other."""
    first, value = canvas.data.keys[0], measure(canvas)
    panels = canvas.groups(first, part)
    (room,) = canvas.rows((0.2 * len(order) + 0.62) * -(-len(panels) // 3))
    axes = canvas.cells(room, len(panels), 3, sharex=True, sharey=True)
    top = axis_top(canvas.marks(part), value)
    for ax, code in zip(axes, panels, strict=True):
        panel(canvas, ax, canvas.marks(part, **{first: code}), key, order, value, look, top=top)
        ax.set_title(panel_name(canvas, first, code, part))
        if line_above:
            ax.axhline(line_above - 0.5, color=style.GREY, linewidth=0.6, linestyle=(0, (2, 2)))
    name_lines(axes, [canvas.label(key, code) for code in order])
    if canvas.texts.x.get(canvas.lang):
        aside = f" ({canvas.word('number')})" if value == "share" else ""
        bottom_label(axes, canvas.texts.x[canvas.lang] + aside)


def axis_top(marks: Iterable[MarkRow], value: str) -> float:
    """The end of the axis, with room for the numbers behind the bars."""
    longest = max((float(row[value]) for row in marks if not missing(row[value])), default=0.0)
    return (longest if longest > 0 else 1.0) * 1.75


def panel(canvas: Canvas, ax: Axes, marks: Sequence[MarkRow], key: str, order: Sequence[str], value: str,
          look: Callable[[MarkRow], Look] = lambda row: PLAIN, *, top: float | None = None) -> None:  # fmt: skip
    """Draw one panel of horizontal bars."""
    top = top or axis_top(marks, value)
    for row in marks:
        bar(canvas, ax, row, order.index(str(row[key])), value, top, look(row))
    dress(canvas, ax, len(order), value, top)


def bar(canvas: Canvas, ax: Axes, row: MarkRow, y: float, value: str, top: float, look: Look, thick: float = 0.62,
        text: str | None = None) -> None:  # fmt: skip
    """Draw one mark: a bar with its number (or `text`) behind it, or the stand-in where the number is hidden.

    `y` and `thick`: in lines of the panel.
    """
    if missing(row[value]) and value == "share" and not missing(row.get(canvas.data.unit)):  # too few for a share
        canvas.text(ax, row, top * canvas.stub * 0.3, y, canvas.number(row[canvas.data.unit]), va="center", ha="left")
        return
    if missing(row[value]):
        canvas.hidden_box(ax, row, 0, y - thick * 0.4, top * canvas.stub, thick * 0.8)
        return
    length = float(row[value])
    canvas.mark(ax.barh(y, length, height=thick, linewidth=0.5, **look).patches[0], row)
    ax.text(length + top * canvas.stub * 0.3, y, text or bar_text(canvas, row, value), va="center", ha="left")


def bar_text(canvas: Canvas, row: MarkRow, value: str) -> str:
    """The number behind a bar: a share with its count in brackets, or the count alone.

    No percentage is written of fewer than ten units, whatever the rule.
    """
    unit = canvas.data.unit
    if value != "share" or canvas.few(row):
        return canvas.number(row[unit] if value == "share" else row[value])
    return canvas.share_of(row, unit) + ("" if missing(row.get(unit)) else f" ({canvas.number(row[unit])})")


def dress(canvas: Canvas, ax: Axes, lines: int, value: str, top: float) -> None:
    """Set limits and ticks."""
    ax.set_xlim(0, top)
    ax.set_ylim(lines - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10], integer=top > 3))  # few, round and whole
    last = min(top * 0.95, 1.0001 if value == "share" else top)  # a tick at the very end runs into the next panel
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= last])
    ax.xaxis.set_major_formatter(lambda x, _: canvas.share(x) if value == "share" else canvas.number(x))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_color(style.GREY)


def name_lines(axes: Sequence[Axes], names: Sequence[str], inches: float = 1.45) -> None:
    """Name the categories at the left of each line of panels, wrapped."""
    wrapped = [wrapping.wrapped(name, inches) for name in names]
    for ax in axes:
        ax.set_yticks(range(len(wrapped)), wrapped)
        ax.tick_params(axis="y", labelleft=is_leftmost(ax))


def is_leftmost(ax: Axes) -> bool:
    """Whether a panel stands at the left of its line."""
    place = ax.get_subplotspec()
    return place is not None and place.is_first_col()


def bottom_label(axes: Sequence[Axes], text: str) -> None:
    """Name the axis once, below the first panel of the last line, where it may run on under its neighbours."""
    last = [ax for ax in axes if is_leftmost(ax)][-1]
    last.set_xlabel(" ")  # keeps the line free; a long label would push the panels apart
    below = last.annotate(text, (0, 0), (0, -_TICKS), xycoords="axes fraction", textcoords="offset points", va="top")
    below.set_in_layout(False)


def panel_name(canvas: Canvas, key: str, code: str, part: str, inches: float = 1.75) -> str:
    """The title of a panel, wrapped."""
    return wrapping.wrapped(canvas.panel_title(key, code, part), inches, 9.0, "bold")
