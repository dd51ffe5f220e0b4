"""Write what stands around every figure: title, unit and n, marks of origin, sources, extraction date and rule."""

from typing import Any

from matplotlib.figure import Figure

from iww_analysis.figures import texts
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.wording import Wording
from iww_analysis.messages import numbers

EDGE = 0.08  # inches of white around the page
_ROOM = style.WIDTH - 2 * EDGE - 0.06
_BADGE = 0.25  # height of a badge in inches
_WARNING, _ORIGIN = "#b00020", "#8a4b00"


def height(wording: Wording) -> tuple[float, float]:
    """The inches that the head and the foot of the page take."""
    head = EDGE + _title_height(wording) + _inches(len(_subtitle_lines(wording)), style.SUBTITLE) + 0.08
    return head, _inches(len(_footer_lines(wording)), style.SMALL) + EDGE + 0.06


def write(wording: Wording, figure: Figure, total: float) -> None:
    """Write head and foot on the page of a figure of `total` inches high."""
    _text(figure, "\n".join(_title_lines(wording)), 1 - EDGE / total, style.TITLE, weight="bold")
    below = 1 - (EDGE + _title_height(wording)) / total
    _text(figure, "\n".join(_subtitle_lines(wording)), below, style.SUBTITLE, color=style.GREY)
    _text(figure, "\n".join(_footer_lines(wording)), EDGE * 0.7 / total, style.SMALL, va="bottom", color=style.GREY)
    for place, (badge, colour) in enumerate(badges(wording)):
        box = {"boxstyle": "square,pad=0.25", "facecolor": style.PAPER, "edgecolor": colour, "linewidth": 1}
        _text(figure, badge, 1 - (EDGE + 0.04 + place * _BADGE) / total, style.SUBTITLE, weight="bold", color=colour,
              x=1 - (EDGE + 0.06) / style.WIDTH, ha="right", bbox=box)  # fmt: skip
    if wording.data.rule == "internal":
        _text(figure, wording.word("internal"), 0.45, 30, x=0.5, color=_WARNING, alpha=0.13, rotation=30, ha="center",
              va="center", weight="bold", zorder=-5)  # fmt: skip


def badges(wording: Wording) -> list[tuple[str, str]]:
    """What must be said of the numbers on every page that holds them, each with its colour."""
    marks = [(wording.word("internal"), _WARNING)] if wording.data.rule == "internal" else []
    return marks + ([(wording.word("synthetic"), _ORIGIN)] if wording.data.synthetic else [])


def subtitle(wording: Wording) -> list[str]:
    """What one mark is; how many units of how many and what was left out, over which period."""
    data, lang = wording.data, wording.lang
    if not data.n_out:
        return [wording.texts.what[lang]]
    facts = [_counted(wording, name, unit) for name, unit in counted_parts(wording).items()]
    days = [day for origin in wording.origins for day in origin.period]
    if days:
        first, last = (numbers.day(day, lang) for day in (min(days), max(days)))
        until = "" if first == last else f" {wording.word('until')} {last}"
        facts.append(f"{wording.word('period')} {first}{until}")
    return [wording.texts.what[lang], " · ".join(facts)]


def counted_parts(wording: Wording) -> dict[str, str]:
    """The questions of which the page says n, with the name of what they count."""
    named = {name: names[wording.lang] for name, names in wording.texts.parts.items() if name in wording.data.n_out}
    return named or {next(iter(wording.data.n_out)): texts.unit(wording.data.unit, wording.lang)}


def _counted(wording: Wording, name: str, unit: str) -> str:
    """As in: n = 1.685 casussen (van 2.270; nog open: 585)."""
    n_in, n_out = wording.data.n_in[name], wording.data.n_out[name]
    left_out = {texts.left_out(why, wording.lang): n for why, n in wording.data.left_out[name].items() if n != 0}
    gone = ", ".join(f"{why}:{numbers.TIE}{wording.number(n)}" for why, n in left_out.items())
    of = f"{wording.word('of')}{numbers.TIE}{wording.number(n_in)}" if n_in != n_out else ""
    aside = "; ".join(filter(None, (of, gone)))
    return f"n{numbers.TIE}={numbers.TIE}{wording.number(n_out)} {unit}" + (f" ({aside})" if aside else "")


def footer(wording: Wording) -> list[str]:
    """The sources with their extraction date, the rule; who is not in it and why."""
    data = wording.data
    name = wording.word("source" if len(data.sources) == 1 else "sources")
    days = [numbers.day(day, wording.lang) for day in sorted({origin.extraction_date for origin in wording.origins})]
    extracted = wording.word("extraction" if len(days) == 1 else "extractions")
    when = f" ({extracted} {numbers.listed(days, wording.lang)})" if days else ""
    line = f"{name}: {numbers.listed(list(data.sources), wording.lang)}{when}. {data.said(wording.lang)}"
    out = [f"{source} ({texts.absent(why, wording.lang)})" for source, why in data.absent.items()]
    return [line] + ([f"{wording.word('not_here')}: {', '.join(out)}."] if out else [])


def _title_lines(wording: Wording) -> list[str]:
    marks = [wrapping.width(badge, style.SUBTITLE, "bold") + 0.3 for badge, _ in badges(wording)]
    title = f"{wording.data.id} · {wording.texts.title[wording.lang]}"
    return wrapping.wrap(title, _ROOM - max(marks, default=0), style.TITLE, "bold")


def _title_height(wording: Wording) -> float:
    return max(_inches(len(_title_lines(wording)), style.TITLE), len(badges(wording)) * _BADGE) + 0.05


def _subtitle_lines(wording: Wording) -> list[str]:
    return [line for part in subtitle(wording) for line in wrapping.wrap(part, _ROOM, style.SUBTITLE)]


def _footer_lines(wording: Wording) -> list[str]:
    return [line for part in footer(wording) for line in wrapping.wrap(part, _ROOM)]


def _inches(lines: int, size: float) -> float:
    return lines * size * style.LINE / 72


def _text(figure: Figure, text: str, y: float, size: float, *, x: float = EDGE / style.WIDTH, **look: Any) -> None:
    looks: dict[str, Any] = {"va": "top", "ha": "left", "linespacing": style.LINE, "fontsize": size} | look
    figure.text(x, y, text, **looks).set_in_layout(False)
