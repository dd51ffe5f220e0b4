"""Write what stands around every figure: title, unit and n, marks of origin, sources, extraction date and rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from iww_analysis.figures import texts
from iww_analysis.figures.canvas import style, words

if TYPE_CHECKING:
    from iww_analysis.figures.canvas.canvas import Sheet

EDGE = 0.08  # inches of white around the page
_ROOM = style.WIDTH - 2 * EDGE - 0.06
_BADGE = 0.25  # height of a badge in inches
_WARNING, _ORIGIN = "#b00020", "#8a4b00"


def height(sheet: Sheet) -> tuple[float, float]:
    """The inches that the head and the foot of the page take."""
    head = EDGE + _title_height(sheet) + _inches(len(_subtitle_lines(sheet)), style.SUBTITLE) + 0.08
    return head, _inches(len(_footer_lines(sheet)), style.SMALL) + EDGE + 0.06


def write(sheet: Sheet, total: float) -> None:
    """Write head and foot on a page of `total` inches high."""
    _text(sheet, "\n".join(_title_lines(sheet)), 1 - EDGE / total, style.TITLE, weight="bold")
    below = 1 - (EDGE + _title_height(sheet)) / total
    _text(sheet, "\n".join(_subtitle_lines(sheet)), below, style.SUBTITLE, color=style.GREY)
    _text(sheet, "\n".join(_footer_lines(sheet)), EDGE * 0.7 / total, style.SMALL, va="bottom", color=style.GREY)
    for place, (said, colour) in enumerate(badges(sheet)):
        box = {"boxstyle": "square,pad=0.25", "facecolor": style.PAPER, "edgecolor": colour, "linewidth": 1}
        _text(sheet, said, 1 - (EDGE + 0.04 + place * _BADGE) / total, style.SUBTITLE, weight="bold", color=colour,
              x=1 - (EDGE + 0.06) / style.WIDTH, ha="right", bbox=box)  # fmt: skip
    if sheet.data.rule == "internal":
        _text(sheet, sheet.word("internal"), 0.45, 30, x=0.5, color=_WARNING, alpha=0.13, rotation=30, ha="center",
              va="center", weight="bold", zorder=-5)  # fmt: skip


def badges(sheet: Sheet) -> list[tuple[str, str]]:
    """What must be said of the numbers on every page that holds them, each with its colour."""
    said = [(sheet.word("internal"), _WARNING)] if sheet.data.rule == "internal" else []
    return said + ([(sheet.word("synthetic"), _ORIGIN)] if sheet.data.synthetic else [])


def subtitle(sheet: Sheet) -> list[str]:
    """What one mark is; how many units of how many and what was left out, over which period."""
    data, lang = sheet.data, sheet.lang
    if not data.n_out:
        return [sheet.texts.what[lang]]
    facts = [_counted(sheet, name, unit) for name, unit in counted_parts(sheet).items()]
    days = [day for origin in sheet.origins for day in origin.period]
    if days:
        facts.append(f"{sheet.word('period')} {_between(sorted(days), sheet)}")
    return [sheet.texts.what[lang], " · ".join(facts)]


def counted_parts(sheet: Sheet) -> dict[str, str]:
    """The questions of which the page says n, with the name of what they count."""
    named = {name: said[sheet.lang] for name, said in sheet.texts.parts.items() if name in sheet.data.n_out}
    return named or {next(iter(sheet.data.n_out)): texts.unit(sheet.data.unit, sheet.lang)}


def _counted(sheet: Sheet, name: str, unit: str) -> str:
    """As in: n = 1.685 casussen (van 2.270; nog open: 585)."""
    n_in, n_out = sheet.data.n_in[name], sheet.data.n_out[name]
    gone = [
        f"{texts.left_out(why, sheet.lang)}:{words.TIE}{sheet.number(n)}"
        for why, n in sheet.data.left_out[name].items()
        if n != 0
    ]
    of = [f"{sheet.word('of')}{words.TIE}{sheet.number(n_in)}"] if n_in != n_out else []
    aside = "; ".join([*of, *([", ".join(gone)] if gone else [])])
    return f"n{words.TIE}={words.TIE}{sheet.number(n_out)} {unit}" + (f" ({aside})" if aside else "")


def footer(sheet: Sheet) -> list[str]:
    """The sources with their extraction date, the rule; who is not in it and why."""
    data = sheet.data
    name = sheet.word("source" if len(data.sources) == 1 else "sources")
    days = [words.day(day, sheet.lang) for day in sorted({origin.extraction_date for origin in sheet.origins})]
    when = (
        f" ({sheet.word('extraction' if len(days) == 1 else 'extractions')} {words.listed(days, sheet.lang)})"
        if days
        else ""
    )
    line = f"{name}: {words.listed(list(data.sources), sheet.lang)}{when}. {data.said(sheet.lang)}"
    out = [f"{source} ({texts.absent(why, sheet.lang)})" for source, why in data.absent.items()]
    return [line] + ([f"{sheet.word('not_here')}: {', '.join(out)}."] if out else [])


def _title_lines(sheet: Sheet) -> list[str]:
    marks = [words.width(said, style.SUBTITLE, "bold") + 0.3 for said, _ in badges(sheet)]
    title = f"{sheet.data.id} · {sheet.texts.title[sheet.lang]}"
    return words.wrap(title, _ROOM - max(marks, default=0), style.TITLE, "bold")


def _title_height(sheet: Sheet) -> float:
    return max(_inches(len(_title_lines(sheet)), style.TITLE), len(badges(sheet)) * _BADGE) + 0.05


def _subtitle_lines(sheet: Sheet) -> list[str]:
    return [line for part in subtitle(sheet) for line in words.wrap(part, _ROOM, style.SUBTITLE)]


def _footer_lines(sheet: Sheet) -> list[str]:
    return [line for part in footer(sheet) for line in words.wrap(part, _ROOM)]


def _inches(lines: int, size: float) -> float:
    return lines * size * style.LINE / 72


def _between(days: Sequence[dt.date], sheet: Sheet) -> str:
    first, last = words.day(days[0], sheet.lang), words.day(days[-1], sheet.lang)
    return first if first == last else f"{first} {sheet.word('until')} {last}"


def _text(sheet: Sheet, text: str, y: float, size: float, *, x: float = EDGE / style.WIDTH, **look: Any) -> None:
    looks: dict[str, Any] = {"va": "top", "ha": "left", "linespacing": style.LINE, "fontsize": size} | look
    sheet.figure.text(x, y, text, **looks).set_in_layout(False)
