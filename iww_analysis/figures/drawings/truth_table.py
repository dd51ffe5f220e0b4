"""Draw a truth table: a line per combination of elements, with the cases that share it and how many went better."""

from collections.abc import Sequence
from itertools import product

from matplotlib.axes import Axes

from iww_analysis.figures import texts
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, grouped

_SIGN, _COUNT = 1.0, 0.74  # inches of a column of signs, and of one of numbers
_WIDTH = style.WIDTH - 0.2
_LINE = style.SMALL * style.LINE / 72
_PAD = 0.07  # inches above and below a line of the table
_FEW = "few_for_configurations"
_LISTED = 4  # conditions up to which combinations that do not occur are listed too
CasesByRow = Sequence[MarkRow]
Places = Sequence[tuple[MarkRow, float, int]]  # cases, each with its inches from the left and its line of text


def configurations(canvas: Canvas) -> None:
    """F20: the table, and below it that its cases are few, and the cases that are not in it with the reason."""
    every = [alike[0] for alike in grouped(canvas.marks(), "source", "case").values()]
    cases = sorted(every, key=lambda row: (str(row["source"]), len(str(row["case"])), str(row["case"])))
    conditions = list(filter(None, str(cases[0]["conditions"]).split(",")))
    possible = map("".join, product("10", repeat=len(conditions))) if len(conditions) <= _LISTED else ()
    seen = {str(row["row"]) for row in cases if row["lacks"] == ""}
    lines = {
        line: [row for row in cases if row["lacks"] == "" and row["row"] == line]
        for line in sorted(seen.union(possible), reverse=True)
    }  # from all elements there to none
    heads = [wrapping.wrap(canvas.label("lacks", code), _SIGN - 0.1, weight="bold") for code in conditions]
    left = _SIGN * len(conditions) + 2 * _COUNT
    named = {line: _placed(canvas, alike, _WIDTH - left) for line, alike in lines.items()}
    heights = [max(1, 1 + max((y for _, _, y in places), default=0)) * _LINE + 2 * _PAD for places in named.values()]
    head = max([2, *(len(each) for each in heads)]) * _LINE + 2 * _PAD
    order = canvas.order("lacks", [str(row["lacks"]) for row in cases if row["lacks"] != ""])  # without outcome last
    aside = {code: _placed(canvas, [row for row in cases if row["lacks"] == code], _WIDTH - 0.15) for code in order}
    few = dict(canvas.data.caveats).get(_FEW)  # said in the picture too: it is copied without the text beside it
    warning = [] if few is None else wrapping.wrap(texts.caveat(_FEW, canvas.lang, few), _WIDTH, weight="bold")
    warned = _LINE * (len(warning) + 0.5) if warning else 0.0
    listed = _LINE * (1.6 + sum(2.2 + places[-1][2] for places in aside.values())) if aside else 0.05
    top, bottom = canvas.rows(head + sum(heights) + 0.1, warned + listed)
    ax = canvas.sheet(top, _WIDTH, head + sum(heights) + 0.1)
    counts = [wrapping.wrap(canvas.word(name), _COUNT - 0.05, weight="bold") for name in ("head_alike", "head_better")]
    for place, words in enumerate((*heads, *counts, [canvas.word("head_which")])):
        x = _SIGN * min(place, len(heads)) + _COUNT * max(place - len(heads), 0)
        for n, line in enumerate(words):
            ax.text(x + 0.03, _PAD + (n + 0.75) * _LINE, line, weight="bold")
    y = head
    for (line, alike), height in zip(lines.items(), heights, strict=True):
        _line(canvas, ax, line, alike, named[line], y)
        y += height
    ax.plot([0, _WIDTH], [y, y], color=style.INK, linewidth=0.8)
    under = canvas.sheet(bottom, _WIDTH, warned + listed)
    under.text(0, 0, "\n".join(warning), va="top", weight="bold", linespacing=style.LINE)
    if aside:
        under.text(0, warned + _LINE * 0.7, canvas.word("not_in_table"), weight="bold", va="center")
    y = warned / _LINE + 1.9
    for code, places in aside.items():
        why = canvas.word("no_outcome" if code == "outcome" else "not_by_both", what=canvas.label("lacks", code))
        under.text(0, y * _LINE, why, va="center")
        for row, x, line_of_text in places:
            at = (x + 0.15, (y + 1 + line_of_text) * _LINE)
            canvas.text(under, row, *at, _name(canvas, row), combined=True, va="center")
        y += places[-1][2] + 2.2


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
        canvas.text(ax, row, *at, _name(canvas, row), combined=True, va="center", weight=bold)


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
