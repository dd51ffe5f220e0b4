"""Draw the tables of a report that say what the sources are and who works together."""

import datetime as dt

from iww_analysis import vocabulary
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing, text_of
from iww_analysis.figures.shapes import text_table
from iww_analysis.figures.shapes.text_table import Paragraph, TableCell, TableLine
from iww_analysis.messages import numbers

_SOURCES = {"source": 1.03, "n": 1.03, "period": 1.14, "case_is": 1.52, "selection": 1.52}  # inches
_COUNTED = ("cases", "persons", "case_studies", "talks", "teams")  # the questions, in the order in which they are told


def sources(canvas: Canvas) -> None:
    """T01: one line per source; the numbers are marks of their own."""
    lines = [TableLine(_source(canvas, name), row={"source": name}) for name in canvas.groups("source")]
    heads = text_table.head(*(canvas.word(f"head_{name}") for name in _SOURCES))
    text_table.draw(canvas, list(_SOURCES.values()), [heads, *lines])


def _source(canvas: Canvas, source: str) -> list[TableCell]:
    """The cells of a source: name, numbers, period, what a case is, how cases were selected."""
    mine = canvas.marks(source=source)
    card, lang = next((row for row in mine if not missing(row.get("period"))), mine[0]), canvas.lang
    codes = [code for code in text_of(card, "municipality").split(", ") if code]
    towns = numbers.listed([canvas.label("municipality", code) for code in codes], lang)
    known, code = vocabulary.read("study"), text_of(card, "study")
    study = str(known[code].extra.get(f"short_{lang}", known[code].nl)) if code in known else ""
    name = [source, towns if towns.casefold() != source else "", study]
    days = [numbers.short_day(dt.date.fromisoformat(day), lang) for day in text_of(card, "period").split(" – ") if day]
    period = [day if n == 0 else f"{canvas.word('until')} {day}" for n, day in enumerate(days)]
    return [
        [Paragraph(text) for text in name if text],
        _counts(canvas, mine),
        [Paragraph(day) for day in period],
        [Paragraph(text_of(card, f"case_is_{lang}"))],
        [Paragraph(text_of(card, f"selection_{lang}"))],
    ]


def _counts(canvas: Canvas, mine: list[MarkRow]) -> TableCell:
    """The counts of a source with their unit, each a mark."""
    by_part = {str(row["part"]): row for row in mine}
    counts = []
    for part in _COUNTED:
        if part in by_part:
            value = canvas.data.units[part]
            text = canvas.word(f"n_{part}", n=canvas.number(by_part[part][value]))
            counts.append(Paragraph(text, by_part[part], value))
    return counts
