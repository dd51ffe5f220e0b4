"""Give a figure its page: title, unit and n, the sources and the rule below, and marks that can be found again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend_handler import HandlerTuple
from matplotlib.patches import Rectangle

from iww_analysis.figures import texts
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.addresses import Addresses
from iww_analysis.figures.canvas.wording import MarkRow, Wording
from iww_analysis.messages import numbers
from iww_analysis.messages.numbers import HIDDEN, TIE

_EDGE = 0.08  # inches of white around the page
_ROOM = style.WIDTH - 2 * _EDGE - 0.06
_BADGE = 0.25  # height of a badge in inches
_ORIGIN = "#8a4b00"


@dataclass
class Canvas(Wording):
    """One page in the making: what may be drawn, and the room for it."""

    figure: Figure = field(default_factory=lambda: Figure(figsize=(style.WIDTH, 4), layout="constrained"))
    stub: float = 0.05  # width of the stand-in for a hidden number, of the axis of a panel: always about 2 mm

    def __post_init__(self) -> None:
        self._addresses = Addresses(self.data)
        self._marked: set[str] = set()

    # --- room

    def rows(self, *heights: float) -> list[SubplotSpec]:
        """Set the page's height to hold bodies of these heights (inches), one below the other."""
        head, foot = _write_around(self, self.figure, sum(heights))
        total = head + sum(heights) + foot
        self.figure.set_size_inches(style.WIDTH, total)
        engine = cast(ConstrainedLayoutEngine, self.figure.get_layout_engine())
        engine.set(rect=(0, foot / total, 1, (total - head - foot) / total), w_pad=0.05, h_pad=0.03)
        grid = self.figure.add_gridspec(len(heights), 1, height_ratios=heights)
        return [grid[n, 0] for n in range(len(heights))]

    def cells(self, room: SubplotSpec, n: int, columns: int, *, sharex: bool = False, sharey: bool = False,
              widths: Sequence[float] | None = None, heights: Sequence[float] | None = None) -> list[Axes]:  # fmt: skip
        """Divide room into n panels, filled row by row; `widths` and `heights` are in proportion."""
        columns = min(columns, n)
        lines = -(-n // columns)
        self.stub = 0.05 * columns / 3
        grid = room.subgridspec(lines, columns, width_ratios=widths, height_ratios=heights)
        first = self.figure.add_subplot(grid[0, 0])
        shared = {"sharex": first if sharex else None, "sharey": first if sharey else None}
        places = (divmod(place, columns) for place in range(1, n))
        return [first, *(self.figure.add_subplot(grid[line, column], **shared) for line, column in places)]

    def sheet(self, room: SubplotSpec, width: float, height: float) -> Axes:
        """Take room as a sheet without axes, measured from its top left."""
        axes = self.figure.add_subplot(room, xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        return axes

    def legend(self, room: SubplotSpec, signs: Mapping[str, Any], columns: int = 4) -> None:
        """Put a legend in a strip of its own: names with their signs, filled column by column."""
        axes = self.figure.add_subplot(room)
        axes.set_axis_off()
        axes.legend(list(signs.values()), list(signs), loc="center left", ncols=columns, columnspacing=1.2, handletextpad=0.5,
                    handler_map={tuple: HandlerTuple(ndivide=None, pad=0.8)})  # fmt: skip

    def heading(self, room: SubplotSpec, text: str, *, line: bool = False) -> Axes:
        """Name in a strip of its own what stands below it; `line`: with a line above."""
        axes = self.figure.add_subplot(room)
        axes.set_axis_off()
        axes.text(0, 0.5, text, weight="bold", fontsize=9, va="center", transform=axes.transAxes)
        if line:
            axes.plot([0, 1], [0.98, 0.98], color=style.LIGHT, linewidth=0.8, transform=axes.transAxes)
        return axes

    # --- marks

    def mark(
        self, artist: Artist, row: MarkRow, *, combined: bool = False, value: str = "", once: bool = False
    ) -> None:
        """Give an artist the address of its mark; `value` where a mark's numbers are drawn apart.

        `combined`: several marks with the same keys are drawn as one. `once`: only the first that is drawn of a mark.
        """
        address = self._addresses.of(row, combined=combined, value=value)
        if not (once and address in self._marked):
            artist.set_gid(address)
        self._marked.add(address)

    def sign(self, axes: Axes, row: MarkRow, x: float, y: float, *, combined: bool = False, value: str = "",
             **look: Any) -> None:  # fmt: skip
        """Draw a mark as a marker."""
        self.mark(axes.plot([x], [y], **look)[0], row, combined=combined, value=value)

    def text(
        self, axes: Axes, row: MarkRow, x: float, y: float, text: str, *, combined: bool = False, **look: Any
    ) -> None:
        """Draw a mark as a text."""
        self.mark(axes.text(x, y, text, **look), row, combined=combined)

    def hidden_box(self, axes: Axes, row: MarkRow, x: float, y: float, width: float, height: float, *, letter: bool = True,
                   value: str = "") -> None:  # fmt: skip
        """Draw the stand-in for a number that is not shown: always the same size, hatched, with an x."""
        self.mark(axes.add_patch(Rectangle((x, y), width, height, **style.BOXES["hidden"])), row, value=value)
        if letter:
            axes.text(x + width * 1.5, y + height / 2, HIDDEN, va="center", ha="left", color=style.GREY)


# --- what stands around every figure: title, unit and n, marks of origin, sources, extraction date and rule -----------


def _write_around(wording: Wording, figure: Figure, body: float) -> tuple[float, float]:
    """Write head and foot around a body of so many inches, and give the inches that they take."""
    rule, word = wording.data.rule, wording.word
    badges = [(word("internal"), style.WARNING)] if rule == "internal" else []
    badges += [(word("synthetic"), _ORIGIN)] if wording.data.synthetic else []
    beside = max((wrapping.width(badge, style.SUBTITLE, "bold") + 0.3 for badge, _ in badges), default=0)
    title = f"{wording.data.id} · {wording.texts.title[wording.lang]}"
    titles = wrapping.wrap(title, _ROOM - beside, style.TITLE, "bold")
    subtitles = [line for part in _subtitle(wording) for line in wrapping.wrap(part, _ROOM, style.SUBTITLE)]
    footer = [line for part in _footer(wording) for line in wrapping.wrap(part, _ROOM)]
    named = max(_inches(len(titles), style.TITLE), len(badges) * _BADGE) + 0.05
    head = _EDGE + named + _inches(len(subtitles), style.SUBTITLE) + 0.08
    foot = _inches(len(footer), style.SMALL) + _EDGE + 0.06
    total = head + body + foot

    def text(written: str, y: float, size: float, *, x: float = _EDGE / style.WIDTH, **look: Any) -> None:
        looks: dict[str, Any] = {"va": "top", "ha": "left", "linespacing": style.LINE, "fontsize": size} | look
        figure.text(x, y, written, **looks).set_in_layout(False)

    text("\n".join(titles), 1 - _EDGE / total, style.TITLE, weight="bold")
    text("\n".join(subtitles), 1 - (_EDGE + named) / total, style.SUBTITLE, color=style.GREY)
    text("\n".join(footer), _EDGE * 0.7 / total, style.SMALL, va="bottom", color=style.GREY)
    for place, (badge, colour) in enumerate(badges):
        box = {"boxstyle": "square,pad=0.25", "facecolor": style.PAPER, "edgecolor": colour, "linewidth": 1}
        text(badge, 1 - (_EDGE + 0.04 + place * _BADGE) / total, style.SUBTITLE, weight="bold", color=colour,
             x=1 - (_EDGE + 0.06) / style.WIDTH, ha="right", bbox=box)  # fmt: skip
    if rule == "internal":
        text(word("internal"), 0.45, 30, x=0.5, color=style.WARNING, alpha=0.13, rotation=30, ha="center", va="center",
             weight="bold", zorder=-5)  # fmt: skip
    return head, foot


def _inches(lines: int, size: float) -> float:
    return lines * size * style.LINE / 72


def _subtitle(wording: Wording) -> list[str]:
    """What one mark is; how many units of how many and what was left out, over which period."""
    data, lang = wording.data, wording.lang
    if not data.n_out:
        return [wording.texts.what[lang]]
    named = {name: names[lang] for name, names in wording.texts.parts.items() if name in data.n_out}
    named = named or {next(iter(data.n_out)): texts.unit(data.unit, lang)}
    facts = [_counted(wording, name, unit) for name, unit in named.items()]
    if days := [day for origin in wording.origins for day in origin.period]:
        first, last = (numbers.day(day, lang) for day in (min(days), max(days)))
        until = "" if first == last else f" {wording.word('until')} {last}"
        facts.append(f"{wording.word('period')} {first}{until}")
    return [wording.texts.what[lang], " · ".join(facts)]


def _counted(wording: Wording, name: str, unit: str) -> str:
    """As in: n = 1.685 casussen (van 2.270; nog open: 585)."""
    n_in, n_out = wording.data.n_in[name], wording.data.n_out[name]
    left_out = {texts.left_out(why, wording.lang): n for why, n in wording.data.left_out[name].items() if n != 0}
    gone = ", ".join(f"{why}:{TIE}{wording.number(n)}" for why, n in left_out.items())
    of = f"{wording.word('of')}{TIE}{wording.number(n_in)}" if n_in != n_out else ""
    aside = "; ".join(filter(None, (of, gone)))
    return f"n{TIE}={TIE}{wording.number(n_out)} {unit}" + (f" ({aside})" if aside else "")


def _footer(wording: Wording) -> list[str]:
    """The sources with their extraction date, the rule; who is not in it and why."""
    data = wording.data
    name = wording.word("source" if len(data.sources) == 1 else "sources")
    days = [numbers.day(day, wording.lang) for day in sorted({origin.extraction_date for origin in wording.origins})]
    extracted = wording.word("extraction" if len(days) == 1 else "extractions")
    when = f" ({extracted} {numbers.listed(days, wording.lang)})" if days else ""
    line = f"{name}: {numbers.listed(list(data.sources), wording.lang)}{when}. {data.said(wording.lang)}"
    out = [f"{source} ({texts.absent(why, wording.lang)})" for source, why in data.absent.items()]
    return [line] + ([f"{wording.word('not_here')}: {', '.join(out)}."] if out else [])
