"""Draw a truth table: a line per combination of elements, with the cases that share it and how many went better."""

from collections.abc import Mapping, Sequence
from itertools import product

from matplotlib.axes import Axes
from matplotlib.gridspec import SubplotSpec

from iww_analysis.figures import texts
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, rows

_SIGN, _COUNT = 1.0, 0.74  # inches of a column of signs, and of one of numbers
_WIDTH = style.WIDTH - 0.2
_LINE = style.SMALL * style.LINE / 72
_PAD = 0.07  # inches above and below a line of the table
_LISTED = 4  # conditions up to which combinations that do not occur are listed too
CasesByRow = Sequence[MarkRow]
Places = Sequence[tuple[MarkRow, float, int]]  # cases, each with its inches from the left and its line of text


def configurations(canvas: Canvas) -> None:
    """F20: the table, and below it that its cases are few, and the cases that are not in it with the reason."""
    cases = _cases(canvas)
    conditions = str(cases[0]["conditions"]).split(",") if str(cases[0]["conditions"]) else []
    lines = _lines(cases, len(conditions))
    room = _WIDTH - _SIGN * len(conditions) - 2 * _COUNT
    heads = [wrapping.wrap(canvas.label("lacks", code), _SIGN - 0.1, weight="bold") for code in conditions]
    named = {line: _placed(canvas, alike, room) for line, alike in lines.items()}
    heights = [max(1, 1 + max((y for _, _, y in places), default=0)) * _LINE + 2 * _PAD for places in named.values()]
    head = max([2, *(len(each) for each in heads)]) * _LINE + 2 * _PAD
    order = canvas.order("lacks", [str(row["lacks"]) for row in cases if row["lacks"] != ""])  # without outcome last
    aside = {code: _placed(canvas, [row for row in cases if row["lacks"] == code], _WIDTH - 0.15) for code in order}
    few = _few(canvas)
    warning = _LINE * (len(few) + 0.5) if few else 0.0
    listed = _LINE * (1.6 + sum(2.2 + places[-1][2] for places in aside.values())) if aside else 0.05
    top, bottom = canvas.rows(head + sum(heights) + 0.1, warning + listed)
    ax = _page(canvas, top, head + sum(heights) + 0.1)
    _heads(canvas, ax, heads)
    y = head
    for (line, alike), height in zip(lines.items(), heights, strict=True):
        _line(canvas, ax, line, alike, named[line], y)
        y += height
    ax.plot([0, _WIDTH], [y, y], color=style.INK, linewidth=0.8)
    under = _page(canvas, bottom, warning + listed)
    under.text(0, 0, "\n".join(few), va="top", weight="bold", linespacing=style.LINE)
    _left_out(canvas, under, aside, warning)


def _few(canvas: Canvas) -> list[str]:
    """That the cases are too few, where the finding says so: a picture is copied without the text beside it."""
    code = "few_for_configurations"
    gaps = dict(canvas.data.caveats).get(code)
    return [] if gaps is None else wrapping.wrap(texts.caveat(code, canvas.lang, gaps), _WIDTH, weight="bold")


def _heads(canvas: Canvas, ax: Axes, heads: Sequence[Sequence[str]]) -> None:
    counts = [wrapping.wrap(canvas.word(name), _COUNT - 0.05, weight="bold") for name in ("head_alike", "head_better")]
    x = 0.0
    for place, head in enumerate((*heads, *counts, [canvas.word("head_which")])):
        for n, line in enumerate(head):
            ax.text(x + 0.03, _PAD + (n + 0.75) * _LINE, line, weight="bold")
        x += _SIGN if place < len(heads) else _COUNT


def _cases(canvas: Canvas) -> list[MarkRow]:
    """Each case once, with all that is known of it."""
    marks = canvas.data.marks.drop_duplicates(["source", "case"])
    return sorted(rows(marks), key=lambda row: (str(row["source"]), len(str(row["case"])), str(row["case"])))


def _lines(cases: CasesByRow, conditions: int) -> dict[str, list[MarkRow]]:
    """Row of the table -> its cases, from all elements there to none; also those without a case, if they are not many."""
    seen = {str(row["row"]) for row in cases if row["lacks"] == ""}
    possible = {"".join(signs) for signs in product("10", repeat=conditions)} if conditions <= _LISTED else set()
    return {
        line: [row for row in cases if row["lacks"] == "" and row["row"] == line]
        for line in sorted(seen | possible, reverse=True)
    }


def _page(canvas: Canvas, room: SubplotSpec, height: float) -> Axes:
    ax = canvas.figure.add_subplot(room)
    ax.set(xlim=(0, _WIDTH), ylim=(height, 0))
    ax.set_axis_off()
    return ax


def _line(canvas: Canvas, ax: Axes, line: str, alike: CasesByRow, places: Places, y: float) -> None:
    ax.plot([0, _WIDTH], [y, y], color=style.LIGHT if line else style.INK, linewidth=0.6)
    middle = y + _PAD + _LINE / 2
    colour = style.INK if alike else style.GREY
    for place, there in enumerate(line):
        face = (style.MAIN if alike else style.GREY) if there == "1" else style.PAPER
        ax.plot([_SIGN * place + 0.1], [middle], marker="o", markersize=7, markerfacecolor=face, markeredgecolor=colour)
        answer = canvas.word("there" if there == "1" else "not_there")
        ax.text(_SIGN * place + 0.22, middle, answer, va="center", color=colour)
    x = _SIGN * len(line)
    if not alike:
        ax.text(x + 0.03, middle, canvas.word("does_not_occur"), va="center", color=style.GREY)
        return
    n, better = canvas.number(alike[0]["n_alike"]), canvas.number(alike[0]["n_better"])
    ax.text(x + 0.03, middle, n, va="center")
    ax.text(x + _COUNT + 0.03, middle, f"{better} {canvas.word('of')} {n}", va="center")
    for row, left, down in places:
        bold = "bold" if row["better"] == "yes" else "normal"
        at = (x + 2 * _COUNT + 0.03 + left, middle + down * _LINE)
        canvas.mark(ax.text(*at, _name(canvas, row), va="center", weight=bold), row, combined=True)


def _placed(canvas: Canvas, alike: CasesByRow, room: float) -> Places:
    """The cases of a line with their place: inches from the left, and which line of text."""
    out, x, y = [], 0.0, 0
    for row in alike:
        width = wrapping.width(_name(canvas, row), weight="bold") + 0.14
        if x and x + width > room:
            x, y = 0.0, y + 1
        out.append((row, x, y))
        x += width
    return out


def _name(canvas: Canvas, row: MarkRow) -> str:
    """A case by its label; with its source where several have a case of that label."""
    marks = canvas.data.marks
    several = marks.loc[marks["case"] == row["case"], "source"].nunique() > 1
    return f"{row['case']} ({row['source']})" if several else str(row["case"])


def _left_out(canvas: Canvas, ax: Axes, aside: Mapping[str, Places], top: float) -> None:
    """Per element that cases lack, the cases."""
    if not aside:
        return
    ax.text(0, top + _LINE * 0.7, canvas.word("not_in_table"), weight="bold", va="center")
    y = top / _LINE + 1.9
    for code, places in aside.items():
        why = "no_outcome" if code == "outcome" else "not_by_both"
        ax.text(0, y * _LINE, canvas.word(why, what=canvas.label("lacks", code)), va="center")
        for row, x, line in places:
            at = (x + 0.15, (y + 1 + line) * _LINE)
            canvas.mark(ax.text(*at, _name(canvas, row), va="center"), row, combined=True)
        y += places[-1][2] + 2.2
