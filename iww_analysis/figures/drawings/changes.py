"""Draw what changed: scores per domain, indicators per year, and fragmentation as experienced and as counted."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.gridspec import SubplotSpec

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.style import Look
from iww_analysis.figures.canvas.wording import LEAST_FOR_SHARE, MarkRow, missing, text_of
from iww_analysis.figures.shapes.bar_charts import ABSENT, PLAIN, axis_top, bar, boxes, dress, is_leftmost, name_lines
from iww_analysis.messages.numbers import HIDDEN

_STRIP = 0.25  # inches for the name of a group of panels
_LINE = 0.17  # inches per line of bars

# --- scores ----------------------------------------------------------------------------------------------------------

_DIRECTIONS = {"down": style.BARS["down"], "same": style.BARS["same"], "up": PLAIN}
_SHARES = 1.6  # end of an axis of shares, with room for the percentage behind the bar
_DOMAINS = 1.85  # inches for the names of domains
Marks = Mapping[str, MarkRow]  # domain -> its mark
Panel = tuple[str, str, str]  # municipality, version at the begin, version at the end (empty: no end on record)


def score_change(canvas: Canvas) -> None:
    """F09: a panel per municipality and instrument version; down, same and up beside each other, each from its own zero."""
    panels = _panels(canvas)
    lines: dict[Panel, list[str]] = {}
    begun: set[tuple[str, str]] = set()
    for town, version, end in panels:  # what was scored at the begin stands in the first panel of its version
        ends = (end,) if (town, version) in begun else (end, "")
        begun.add((town, version))
        scored = [row for of in ends for row in canvas.marks(municipality=town, version=version, version_end=of)]
        lines[town, version, end] = canvas.order("domain", [str(row["domain"]) for row in scored])
    room = iter(canvas.rows(*(h for panel in panels for h in (_STRIP, _LINE * len(lines[panel]) + 0.46))))
    for panel in panels:
        _panel_name(canvas, next(room), panel)
        _panel(canvas, next(room), panel, lines[panel])


def _panels(canvas: Canvas) -> list[Panel]:
    """The versions of each municipality with every version at the end; without any end where there is none."""
    panels: list[Panel] = []
    for town in canvas.groups():
        ends: dict[str, list[str]] = {}
        for row in canvas.marks(municipality=town):
            if row["version"] != "":
                ends.setdefault(str(row["version"]), []).append(str(row["version_end"]))
        for version in canvas.order("version", list(ends)):
            given = canvas.order("version", list(filter(None, ends[version])))
            panels += [(town, version, end) for end in given or [""]]
    return panels


def _panel_name(canvas: Canvas, room: SubplotSpec, panel: Panel) -> None:
    """The municipality and its instrument, and how many of its cases were scored twice."""
    town, version, end = panel
    name = canvas.label("version", version)
    name += f" → {canvas.label('version', end)}" if end and end != version else ""
    heading = f"{canvas.label('municipality', town)} · {name}"
    ax = canvas.heading(room, heading, line=True)
    (row,) = canvas.marks("cases", municipality=town)
    part = f"both_{version}" if end == version else f"both_{version}_{end}"
    totals = canvas.data.totals.get(part)
    twice = totals.set_index("municipality")["n_cases"].get(town) if totals is not None and end else None
    n, of = canvas.number(twice), canvas.number(row["n_cases"])
    coverage = canvas.word("scored_twice" if end else "scored_once", n=n, of=of)
    beside = ((wrapping.width(heading, 9.0, "bold") + 0.12) * 72, 0)
    text = ax.annotate(coverage, (0, 0.5), beside, xycoords="axes fraction", textcoords="offset points", va="center",
                       color=style.GREY)  # fmt: skip
    text.set_in_layout(False)
    canvas.mark(text, row, once=True)


def _panel(canvas: Canvas, room: SubplotSpec, panel: Panel, domains: Sequence[str]) -> None:
    axes = canvas.cells(room, 4, 4, widths=(1, 1, 1, 1))
    town, version, end = panel
    mine = canvas.marks(municipality=town, version=version, version_end=end) if end else []
    both = {str(row["domain"]): row for row in mine if row["change"] == ""}
    for ax, (direction, look) in zip(axes, _DIRECTIONS.items(), strict=False):
        for row in mine:
            if row["change"] != direction:
                continue
            of = both[str(row["domain"])]["n_cases"]
            is_few = not missing(of) and int(of) < LEAST_FOR_SHARE  # then the number alone stands behind the bar
            written = canvas.number(row["n_cases"]) if is_few else canvas.share_of(row, "n_cases")
            bar(canvas, ax, row, domains.index(str(row["domain"])), "share", _SHARES, look, 0.7, written)
        dress(canvas, ax, len(domains), "share", _SHARES)
        ax.set_xticks([0, 0.5, 1])
        ax.set_title(canvas.label("change", direction), weight="normal", fontsize=style.SMALL, pad=3)
    name_lines(axes[:3], [canvas.label("domain", code) for code in domains], _DOMAINS)
    begun = canvas.marks("begin", municipality=town, version=version)
    _coverage(canvas, axes[3], domains, both, {str(row["domain"]): row for row in begun})


def _coverage(canvas: Canvas, ax: Axes, domains: Sequence[str], both: Marks, begun: Marks) -> None:
    """Behind each line the cases with both scores, of those with one at the begin."""
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(len(domains) - 0.4, -0.6))
    ax.text(0.55, -0.75, canvas.word("both_of_begin"), ha="center", va="bottom")
    for y, domain in enumerate(domains):
        if domain in both:
            canvas.text(ax, both[domain], 0.4, y, canvas.number(both[domain]["n_cases"]), ha="right", va="center")
        else:
            ax.text(0.4, y, "–", ha="right", va="center", color=style.GREY)
        if domain in begun:
            ax.text(0.55, y, canvas.word("of"), ha="center", va="center", color=style.GREY)
            of = ax.text(0.95, y, canvas.number(begun[domain]["n_cases"]), ha="right", va="center")
            canvas.mark(of, begun[domain], once=True)


# --- indicators ------------------------------------------------------------------------------------------------------

_COLUMN = 1.72  # inches of a panel


def indicators(canvas: Canvas) -> None:
    """F16: per municipality a panel per indicator with a bar per year; what cannot be compared stands there in words."""
    towns, marks = canvas.groups(), canvas.data.marks
    kinds = canvas.order("indicator", list(marks["indicator"]))
    years = sorted(dict.fromkeys(str(year) for year in canvas.data.part("counted")["year"]))
    room = iter(canvas.rows(*([_STRIP, 0.22 * max(len(years), 3) + 0.62] * len(towns))))
    for town in towns:
        canvas.heading(next(room), canvas.label("municipality", town), line=True)
        axes = canvas.cells(next(room), len(kinds), len(kinds))
        for ax, kind in zip(axes, kinds, strict=True):
            _indicator(canvas, ax, town, kind, years)
        name_lines(axes, years)


def _indicator(canvas: Canvas, ax: Axes, town: str, kind: str, years: Sequence[str]) -> None:
    by_part = {name: canvas.marks(name, municipality=town, indicator=kind) for name in ("years", "counted", "apart")}
    for row in by_part["counted"]:
        of = f"{canvas.number(row['n_counted'])} {canvas.word('of')} {canvas.number(row['n_of'])}"
        text = of if canvas.is_few(row["n_of"]) else f"{canvas.share_of(row, 'n_counted')} ({of})"
        bar(canvas, ax, row, years.index(str(row["year"])), "share", 2.6, PLAIN, 0.62, text)
    dress(canvas, ax, len(years), "share", 2.6)
    ax.set_xticks([0, 0.5, 1])
    of_years = [canvas.word("n_years", n=canvas.number(row["n_indicators"])) for row in by_part["years"]]
    name = " ".join([canvas.label("indicator", kind), *(f"({n})" for n in of_years)])
    title = ax.set_title(wrapping.wrapped(name, _COLUMN), weight="normal", fontsize=style.SMALL)
    for row in by_part["years"]:
        canvas.mark(title, row)
    if by_part["counted"]:
        for row in by_part["apart"]:  # other years of it are counted
            canvas.text(ax, row, 2.6, len(years) - 0.45, canvas.word("other_definition"), ha="right", va="bottom")
        return
    ax.set_xticks([])  # no bars: that there is no figure, or why it cannot stand beside the others
    ax.spines[["left", "bottom"]].set_visible(False)
    reason = canvas.word("no_figure")
    for row in by_part["apart"]:
        reason = canvas.word("other_definition") + (f": ‘{row['meaning']}’" if text_of(row, "meaning") else "")
    look: Look = {"ha": "left", "va": "top", "transform": ax.transAxes, "color": style.GREY, "linespacing": 1.2}
    written = ax.text(0.02, 0.95, wrapping.wrapped(reason, _COLUMN), **look)
    for row in by_part["apart"]:
        canvas.mark(written, row)


# --- fragmentation ---------------------------------------------------------------------------------------------------

_JUDGEMENTS = {"yes": PLAIN, "partly": style.BARS["lesser"], "no": style.BARS["no"], "not_discussed": ABSENT}
_MOMENTS = {"begin": style.BARS["lesser"], "end": PLAIN}
_BASES = {"case_organisations": "at_least", "case_network": "involved"}
_THICK = 0.38  # of a line, for one of the two moments


def fragmentation(canvas: Canvas) -> None:
    """F19: above what people experience, below what registers count; nothing is drawn across the two."""
    towns = canvas.groups(part="asked")
    counted = [t for t in canvas.groups() if any(len(canvas.marks(name, municipality=t)) for name in _BASES)]
    voices = canvas.codes("perspective", "asked")
    above = [0.22 * len(voices) * 2 + 0.62] if towns else []
    room = iter(canvas.rows(_STRIP, 0.26, *above, _STRIP, 0.26, *[1.42] * len(counted)))
    _part(canvas, next(room), next(room), "experienced", "judgement", _JUDGEMENTS if towns else {})
    for ax, town in zip(canvas.cells(next(room), len(towns), len(towns)) if towns else [], towns, strict=True):
        _voices(canvas, ax, town, voices)
    _part(canvas, next(room), next(room), "counted", "moment", _MOMENTS if counted else {})
    for town in counted:
        _measures(canvas, next(room), town)


def _part(
    canvas: Canvas, above: SubplotSpec, below: SubplotSpec, name: str, key: str, looks: Mapping[str, Look]
) -> None:
    """The heading of one of the two, with its legend; or that these sources do not have it."""
    canvas.heading(above, canvas.word(name), line=True)
    if looks:
        canvas.legend(below, boxes({canvas.label(key, code): look for code, look in looks.items()}))
        return
    ax = canvas.figure.add_subplot(below)
    ax.set_axis_off()
    ax.text(0, 0.5, canvas.word("not_in_these_sources"), va="center", color=style.GREY, transform=ax.transAxes)


def _voices(canvas: Canvas, ax: Axes, town: str, voices: Sequence[str]) -> None:
    """Per voice and moment the cases by judgement, laid end to end, and of how many."""
    lines = [(voice, moment) for voice in voices for moment in _MOMENTS]
    most = max(float(row["n_cases"]) for row in canvas.marks("asked"))
    ends = dict.fromkeys(lines, 0.0)
    judged = canvas.marks("experienced", municipality=town)
    order = canvas.order("judgement", [str(row["judgement"]) for row in judged])
    for row in sorted(judged, key=lambda row: order.index(str(row["judgement"]))):
        line = (str(row["perspective"]), str(row["moment"]))
        left, wide, y = ends[line], float(row["n_cases"]), lines.index(line)
        look = {**_JUDGEMENTS.get(str(row["judgement"]), ABSENT), "edgecolor": style.INK}
        canvas.mark(ax.barh(y, wide, left=left, height=0.72, linewidth=0.5, **look).patches[0], row)
        ax.text(left + wide / 2, y, canvas.number(row["n_cases"]), ha="center", va="center",
                bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8})  # fmt: skip
        ends[line] = left + wide
    for row in canvas.marks("asked", municipality=town):
        line = (str(row["perspective"]), str(row["moment"]))
        of = f"{canvas.word('of')} {canvas.number(row['n_cases'])}"
        canvas.text(ax, row, ends[line] + most * 0.03, lines.index(line), of, va="center")
    names = [f"{canvas.label('perspective', voice)}, {canvas.label('moment', moment)}" for voice, moment in lines]
    ax.set_yticks(range(len(lines)), names)
    ax.tick_params(axis="y", length=0, labelleft=is_leftmost(ax))
    ax.set(xlim=(0, most * 1.35), ylim=(len(lines) - 0.4, -0.6), xticks=[])
    ax.spines["bottom"].set_visible(False)
    ax.set_title(canvas.label("municipality", town))


def _measures(canvas: Canvas, room: SubplotSpec, town: str) -> None:
    """What the register of a municipality counts: cases with several organisations, and with a network that takes part."""
    top = axis_top(canvas.marks(), "share")
    for ax, (base, key) in zip(canvas.cells(room, 2, 2), _BASES.items(), strict=True):
        codes = canvas.codes(key)
        for row in canvas.marks(municipality=town):
            if row[key] != "":
                y = codes.index(str(row[key])) + (-_THICK if row["moment"] == "begin" else _THICK) * 0.52
                bar(canvas, ax, row, y, "share", top, _MOMENTS[str(row["moment"])], _THICK)
        dress(canvas, ax, len(codes), "share", top)
        ax.set_yticks(range(len(codes)), [canvas.label(key, code) for code in codes])
        for row in canvas.marks(base, municipality=town):
            n = HIDDEN if missing(row["n_cases"]) else canvas.number(row["n_cases"])
            title = canvas.word(f"measured_{key}", town=canvas.label("municipality", town), n=n)
            canvas.mark(ax.set_title(title), row)
