"""Lay out a table with text that wraps: columns of a width, group lines over all of them, and marks in the cells."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import Rectangle

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing, text_of
from iww_analysis.messages import numbers

WIDTH = 6.24  # inches: all columns together
_PAD = 0.06  # inches around the text of a cell
_LINE = style.SMALL * 1.2 / 72  # what the letter itself asks for ("normal"): with any other, baselines dance
_ALONE = style.SMALL * 0.1 / 72  # a single line is set this much higher than the first of several
_GAP = 0.03  # inches between two paragraphs of a cell
_SIGN = 0.19  # inches that a sign takes
_BAND = "#eef1f3"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a cell: its text, the mark that it tells (`value`: which of its numbers), its look, or a sign."""

    text: str
    row: MarkRow | None = None
    value: str = ""
    combined: bool = False  # several marks with the same keys are told at once
    look: Mapping[str, Any] = field(default_factory=dict)
    sign: Mapping[str, Any] | None = None  # a marker, drawn in the middle of the cell; text stands on its right


TableCell = Sequence[Paragraph]


@dataclass(frozen=True)
class TableLine:
    """One line of a table. A group has one cell, over all columns. `row`: the mark of the whole line.

    `widths`: the columns of this line, where they are not those of the table.
    """

    cells: Sequence[TableCell]
    kind: Literal["head", "group", "line"] = "line"
    row: MarkRow | None = None
    shaded: Mapping[int, MarkRow] = field(default_factory=dict)  # column -> the mark that its colour tells
    widths: Sequence[float] = ()


def quiet(text: str) -> Paragraph:
    """A remark in place of what is not there."""
    return Paragraph(text, look={"color": style.GREY, "style": "italic"})


def strong(text: str, **look: Any) -> Paragraph:
    """A heading, with a capital."""
    return Paragraph(text[:1].upper() + text[1:], look={"weight": "bold", **look})


def head(*texts: str) -> TableLine:
    """The line with the names of the columns."""
    return TableLine([[strong(text)] for text in texts], "head")


def group(*paragraph: Paragraph) -> TableLine:
    """A line over all columns that names what follows."""
    return TableLine([paragraph], "group")


def draw(canvas: Canvas, widths: Sequence[float], lines: Sequence[TableLine],
         legend: Mapping[str, Any] | None = None) -> None:  # fmt: skip
    """Draw a table on a page of its own; `widths` in inches, `legend`: names with their signs, above the table."""
    columns_of = [[sum(widths)] if line.kind == "group" else line.widths or widths for line in lines]
    heights = [max(map(_height, line.cells, of)) + 2 * _PAD for line, of in zip(lines, columns_of, strict=True)]
    strips = [0.14 + 0.19 * -(-len(legend) // 4)] if legend else []
    *above, room = canvas.rows(*strips, sum(heights) + 0.08)
    if legend:
        canvas.legend(above[0], legend)
    ax = canvas.sheet(room, sum(widths), sum(heights))
    y = 0.0
    for line, columns, height in zip(lines, columns_of, heights, strict=True):
        _line(canvas, ax, line, columns, y, height)
        y += height
    ax.axhline(y, color=style.INK, linewidth=0.8)


def _height(cell: TableCell, width: float) -> float:
    if any("rotation" in paragraph.look for paragraph in cell):
        return max(wrapping.width(paragraph.text, weight="bold") for paragraph in cell)
    signs = [paragraph for paragraph in cell if paragraph.sign]
    lines = sum(len(_fit(paragraph, width)) for paragraph in cell if not paragraph.sign) + (1 if signs else 0)
    return lines * _LINE + max(len(cell) - len(signs) - 1, 0) * _GAP


def _fit(paragraph: Paragraph, width: float) -> list[str]:
    room = width - (0.02 if "ha" in paragraph.look else 2 * _PAD)
    return wrapping.wrap(legible(paragraph.text), room, weight=paragraph.look.get("weight", "normal"))


def legible(text: str) -> str:
    """The text as the letter can write it: a sign that it has not, such as a smiling face, is said to be one."""
    letters = get_font(findfont(FontProperties(family="DejaVu Sans")))  # matplotlib keeps both
    return "".join(sign if letters.get_char_index(ord(sign)) else "[emoji]" for sign in text)


def _line(canvas: Canvas, ax: Axes, line: TableLine, widths: Sequence[float], y: float, height: float) -> None:
    colour = _BAND if line.kind == "group" else "none"
    box = ax.add_patch(Rectangle((0, y), sum(widths), height, facecolor=colour, edgecolor="none", zorder=0))
    if line.row is not None:
        canvas.mark(box, line.row, combined=True)
    ax.plot([0, sum(widths)], [y, y], color=style.GREY, linewidth=0.6)
    x = 0.0
    for n, (cell, width) in enumerate(zip(line.cells, widths, strict=True)):
        if n in line.shaded:
            shade = Rectangle((x + 0.02, y + 0.02), width - 0.04, height - 0.04, **style.BOXES["agree"])
            canvas.mark(ax.add_patch(shade), line.shaded[n])
        _cell(canvas, ax, cell, x, y, width, height)
        x += width


def _cell(canvas: Canvas, ax: Axes, cell: TableCell, x: float, y: float, width: float, height: float) -> None:
    """The texts of a cell under each other, and its signs beside each other around its middle, each with its text."""
    drawn: Artist
    top = y + _PAD
    wide = [_SIGN + (wrapping.width(each.text) if each.text else 0) for each in cell if each.sign]
    left = x + width / 2 - sum(wide) / 2
    for paragraph in cell:
        looks: dict[str, Any] = {"va": "top", "linespacing": "normal", **paragraph.look}
        if paragraph.sign:
            (drawn,) = ax.plot([left + _SIGN / 2], [y + height / 2], **paragraph.sign)
            if paragraph.text:
                ax.text(left + _SIGN - 0.03, y + height / 2, paragraph.text, va="center")
            left += wide.pop(0)
        elif "rotation" in paragraph.look:
            drawn = ax.text(x + width / 2, y + height - _PAD, paragraph.text, va="bottom", **paragraph.look)
        else:
            lines = _fit(paragraph, width)
            at = x + (width / 2 if paragraph.look.get("ha") == "center" else _PAD)
            drawn = ax.text(at, top + (_ALONE if len(lines) == 1 else 0), "\n".join(lines), **looks)
            top += len(lines) * _LINE + _GAP
        drawn.set_in_layout(False)  # its place is known: the solver need not measure it
        if paragraph.row is not None:
            canvas.mark(drawn, paragraph.row, combined=paragraph.combined, value=paragraph.value)


# --- finding marks ---------------------------------------------------------------------------------------------------


def in_order(marks: Sequence[MarkRow], key: str, by: str) -> list[str]:
    """The values of a key, in order of the least that their marks hold in `by`; without any, last and alphabetically."""
    least: dict[str, tuple[bool, Any]] = {}
    for row in marks:
        at = (True, 0) if missing(row.get(by)) else (False, row[by])
        least[str(row[key])] = min(least.get(str(row[key]), at), at)
    return sorted(least, key=lambda value: (*least[value], value))


def day(row: MarkRow, lang: str, name: str = "day") -> str:
    """The day of a mark, in few words."""
    iso = text_of(row, name)
    return numbers.short_day(dt.date.fromisoformat(iso), lang).replace(" ", numbers.TIE) if iso else ""


def themes(marks: Sequence[MarkRow]) -> list[Paragraph]:
    """What was raised, and what came of it where that is known."""
    findings = [text_of(row, "finding") for row in marks]
    return [Paragraph(f"{row['theme']}: {finding}" if finding else str(row["theme"]), row)
            for row, finding in zip(marks, findings, strict=True)]  # fmt: skip
