"""Draw tables that belong to a report, with text that wraps."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from iww_analysis import vocabulary
from iww_analysis.disclosure import HIDDEN
from iww_analysis.figures import style, words
from iww_analysis.figures.sheet import Row, Sheet, missing, rows

_PAD = 0.06  # inches around the text of a cell
_LINE = style.SMALL * style.LINE / 72
_COLUMNS = (("source", 1.03), ("n", 1.03), ("period", 1.14), ("case_is", 1.52), ("selection", 1.52))  # inches
_COUNTED = ("cases", "persons", "case_studies")  # the questions, in the order in which they are told


def sources(sheet: Sheet) -> None:
    """T01: one line per source; the numbers are marks of their own."""
    found = sheet.groups("source")
    lines = [_cells(sheet, source) for source in found]
    heads = [sheet.word(f"head_{name}") for name, _ in _COLUMNS]
    heights = [_height([[head] for head in heads])] + [_height(cells) for cells in lines]
    (room,) = sheet.rows(sum(heights) + 0.08)
    ax = sheet.figure.add_subplot(room)
    ax.set(xlim=(0, sum(width for _, width in _COLUMNS)), ylim=(sum(heights), 0))
    ax.set_axis_off()
    _write(ax, 0, [[head] for head in heads], weight="bold")
    y = heights[0]
    for source, cells, height in zip(found, lines, heights[1:], strict=True):
        _line(sheet, ax, source, y, height)
        _write(ax, y, cells)
        _numbers(sheet, ax, source, y)
        y += height
    ax.axhline(y, color=style.INK, linewidth=0.8)


def _card(sheet: Sheet, source: str) -> Row:
    """The card of a source: on whichever of its marks it stands."""
    mine = rows(sheet.data.marks[sheet.data.marks["source"] == source])
    return next((row for row in mine if not missing(row.get("period"))), mine[0])


def _cells(sheet: Sheet, source: str) -> list[list[str]]:
    """The lines of text of each cell; the numbers are written apart."""
    card, lang = _card(sheet, source), sheet.lang
    towns = words.listed(
        [sheet.label("municipality", code) for code in _text(card, "municipality").split(", ") if code], lang
    )
    name = [*_fit(source, 0), *(_fit(towns, 0) if towns.casefold() != source else [])]
    study = _text(card, "study")
    if study in vocabulary.read("study"):
        value = vocabulary.read("study")[study]
        name += _fit(str(value.extra.get(f"short_{lang}", value.nl)), 0)
    period = _period(card, sheet)
    return [
        name,
        [text for _, text in _counts(sheet, source)],
        period,
        _fit(_text(card, f"case_is_{lang}"), 3),
        _fit(_text(card, f"selection_{lang}"), 4),
    ]


def _period(card: Row, sheet: Sheet) -> list[str]:
    days = [
        words.short_day(dt.date.fromisoformat(day), sheet.lang) for day in _text(card, "period").split(" – ") if day
    ]
    return [day if n == 0 else f"{sheet.word('until')} {day}" for n, day in enumerate(days)]


def _text(card: Row, name: str) -> str:
    return "" if missing(card.get(name)) else str(card[name])


def _fit(text: str, column: int) -> list[str]:
    return words.wrap(text, _COLUMNS[column][1] - 2 * _PAD) if text else []


def _counts(sheet: Sheet, source: str) -> list[tuple[Row, str]]:
    """The counts of a source with their unit, each with its mark."""
    mine = {str(row["part"]): row for row in rows(sheet.data.marks[sheet.data.marks["source"] == source])}
    said = []
    for part in _COUNTED:
        if part in mine:
            unit = "n_persons" if part == "persons" else "n_cases"
            n = HIDDEN if missing(mine[part][unit]) else sheet.number(mine[part][unit])
            said.append((mine[part], sheet.word(f"n_{part}", n=n)))
    return said


def _height(cells: Sequence[Sequence[str]]) -> float:
    return max(len(cell) for cell in cells) * _LINE + 2 * _PAD


def _write(ax: Axes, y: float, cells: Sequence[Sequence[str]], **look: Any) -> None:
    x = 0.0
    for (name, width), lines in zip(_COLUMNS, cells, strict=True):
        if name != "n" or look:
            for n, line in enumerate(lines):
                ax.text(x + _PAD, _baseline(y, n), line, **look)
        x += width


def _baseline(y: float, n: int) -> float:
    return y + _PAD + (n + 0.75) * _LINE


def _line(sheet: Sheet, ax: Axes, source: str, y: float, height: float) -> None:
    width = sum(width for _, width in _COLUMNS)
    box = ax.add_patch(Rectangle((0, y), width, height, facecolor="none", edgecolor="none"))
    sheet.mark(box, {"source": source}, combined=True)
    ax.plot([0, width], [y, y], color=style.GREY, linewidth=0.6)


def _numbers(sheet: Sheet, ax: Axes, source: str, y: float) -> None:
    x = _COLUMNS[0][1] + _PAD
    for n, (row, said) in enumerate(_counts(sheet, source)):
        value = "n_persons" if row["part"] == "persons" else "n_cases"
        sheet.mark(ax.text(x, _baseline(y, n), said), row, value=value)
