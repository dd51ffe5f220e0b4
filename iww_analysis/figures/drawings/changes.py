"""Draw what changed: scores per domain, indicators per year, and fragmentation as experienced and as counted."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.gridspec import SubplotSpec
from matplotlib.text import Text

from iww_analysis.disclosure import HIDDEN
from iww_analysis.figures.canvas import style, words
from iww_analysis.figures.canvas.canvas import LEAST_FOR_SHARE, Row, Sheet, missing, rows
from iww_analysis.figures.shapes.bar_charts import ABSENT, PLAIN, Look, axis_top, bar, dress

_STRIP = 0.25  # inches for the name of a group of panels
_LINE = 0.17  # inches per line of bars
_LIGHT = Look("#9dbcd4", "////")

# --- scores ----------------------------------------------------------------------------------------------------------

_DIRECTIONS: Mapping[str, Look] = {"down": Look("#e6c48a", "////"), "same": Look("#b5babf"), "up": PLAIN}
_SHARES = 1.6  # end of an axis of shares, with room for the percentage behind the bar
_DOMAINS = 1.85  # inches for the names of domains
Panel = tuple[str, str, str]  # municipality, version at the begin, version at the end (empty: no end on record)


def score_change(sheet: Sheet) -> None:
    """F09: a panel per municipality and instrument version; down, same and up beside each other, each from its own zero."""
    panels = _panels(sheet)
    begun: set[tuple[str, str]] = set()
    lines: dict[Panel, list[str]] = {}
    for town, version, end in panels:
        found = list(_on(sheet, town, version, end)["domain"])
        if (town, version) not in begun:  # what was scored at the begin stands in the first panel of its version
            found += list(_on(sheet, town, version, "")["domain"])
        begun.add((town, version))
        lines[town, version, end] = sheet.order("domain", found)
    room = iter(sheet.rows(*(h for panel in panels for h in (_STRIP, _LINE * len(lines[panel]) + 0.46))))
    told: set[str] = set()
    for panel in panels:
        _panel_name(sheet, next(room), panel, told)
        _panel(sheet, next(room), panel, lines[panel], told)


def _on(sheet: Sheet, town: str, version: str, end: str) -> pd.DataFrame:
    marks = sheet.data.marks
    return marks[(marks["municipality"] == town) & (marks["version"] == version) & (marks["version_end"] == end)]


def _panels(sheet: Sheet) -> list[Panel]:
    found: list[Panel] = []
    for town in sheet.groups():
        mine = rows(sheet.data.marks[sheet.data.marks["municipality"] == town])
        ends = {(str(row["version"]), str(row["version_end"])) for row in mine if row["version"] != ""}
        whole = {version for version, end in ends if end}
        for version in sheet.order("version", [version for version, _ in ends]):
            wanted = sheet.order("version", [end for v, end in ends if v == version and end])
            found += [(town, version, end) for end in (wanted if version in whole else [""])]
    return found


def _panel_name(sheet: Sheet, room: SubplotSpec, panel: Panel, told: set[str]) -> None:
    """The municipality and its instrument, and how many of its cases were scored twice."""
    town, version, end = panel
    name = sheet.label("version", version)
    name += f" → {sheet.label('version', end)}" if end and end != version else ""
    heading = f"{sheet.label('municipality', town)} · {name}"
    ax = _strip(sheet, room, heading)
    frame = sheet.data.part("cases")
    (row,) = rows(frame[frame["municipality"] == town])
    part = f"both_{version}" if end == version else f"both_{version}_{end}"
    totals = sheet.data.totals.get(part)
    twice = totals.set_index("municipality")["n_cases"].get(town) if totals is not None and end else None
    said = sheet.word("scored_twice" if end else "scored_once", n=sheet.number(twice), of=sheet.number(row["n_cases"]))
    _tell(sheet, ax, words.width(heading, 9.0, "bold") + 0.12, said, row, told)


def _tell(sheet: Sheet, ax: Axes, inches: float, said: str, row: Row, told: set[str]) -> None:
    """Write a number beside a heading, with the address of its mark the first time that it is told."""
    text = ax.annotate(said, (0, 0.5), (inches * 72, 0), xycoords="axes fraction", textcoords="offset points", va="center",
                       color=style.GREY)  # fmt: skip
    text.set_in_layout(False)
    _once(sheet, text, row, told)


def _once(sheet: Sheet, artist: Text, row: Row, told: set[str]) -> None:
    address = sheet.address(row)
    if address not in told:
        sheet.mark(artist, row)
    told.add(address)


def _panel(sheet: Sheet, room: SubplotSpec, panel: Panel, domains: Sequence[str], told: set[str]) -> None:
    axes = sheet.cells(room, 4, 4, widths=(1, 1, 1, 1))
    mine = _on(sheet, *panel) if panel[2] else sheet.data.marks[:0]
    both = {str(row["domain"]): row for row in rows(mine[mine["change"] == ""])}
    for ax, (direction, look) in zip(axes, _DIRECTIONS.items(), strict=False):
        for row in rows(mine[mine["change"] == direction]):
            domain = str(row["domain"])
            bar(
                sheet,
                ax,
                row,
                domains.index(domain),
                "share",
                _SHARES,
                look,
                0.7,
                _share(sheet, row, both[domain]["n_cases"]),
            )
        dress(sheet, ax, len(domains), "share", _SHARES)
        ax.set_xticks([0, 0.5, 1])
        ax.set_title(sheet.label("change", direction), weight="normal", fontsize=style.SMALL, pad=3)
        ax.set_yticks(range(len(domains)), [words.wrapped(sheet.label("domain", code), _DOMAINS) for code in domains])
        ax.tick_params(axis="y", labelleft=ax is axes[0])
    begin = sheet.data.part("begin")
    begun = rows(begin[(begin["municipality"] == panel[0]) & (begin["version"] == panel[1])])
    _coverage(sheet, axes[3], domains, both, {str(row["domain"]): row for row in begun}, told)


def _share(sheet: Sheet, row: Row, of: object) -> str:
    """The percentage behind a bar; the number alone where it is of fewer than ten."""
    few = not missing(of) and int(str(of)) < LEAST_FOR_SHARE
    return sheet.number(row["n_cases"]) if few else sheet.share_of(row, "n_cases")


def _coverage(sheet: Sheet, ax: Axes, domains: Sequence[str], both: Mapping[str, Row], begun: Mapping[str, Row],
              told: set[str]) -> None:  # fmt: skip
    """Behind each line the cases with both scores, of those with one at the begin."""
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(len(domains) - 0.4, -0.6)
    ax.text(0.55, -0.75, sheet.word("both_of_begin"), ha="center", va="bottom")
    for y, domain in enumerate(domains):
        if domain in both:
            n = ax.text(0.4, y, sheet.number(both[domain]["n_cases"]), ha="right", va="center")
            sheet.mark(n, both[domain])
        else:
            ax.text(0.4, y, "–", ha="right", va="center", color=style.GREY)
        if domain in begun:
            ax.text(0.55, y, sheet.word("of"), ha="center", va="center", color=style.GREY)
            of = ax.text(0.95, y, sheet.number(begun[domain]["n_cases"]), ha="right", va="center")
            _once(sheet, of, begun[domain], told)


def _strip(sheet: Sheet, room: SubplotSpec, heading: str) -> Axes:
    """A line with the name of what stands below it."""
    ax = sheet.figure.add_subplot(room)
    ax.set_axis_off()
    ax.text(0, 0.5, heading, weight="bold", fontsize=9, va="center", transform=ax.transAxes)
    ax.plot([0, 1], [0.98, 0.98], color=style.LIGHT, linewidth=0.8, transform=ax.transAxes)
    return ax


# --- indicators ------------------------------------------------------------------------------------------------------

_COLUMN = 1.72  # inches of a panel


def indicators(sheet: Sheet) -> None:
    """F16: per municipality a panel per indicator with a bar per year; what cannot be compared stands there in words."""
    towns, marks = sheet.groups(), sheet.data.marks
    kinds = sheet.order("indicator", list(marks["indicator"]))
    years = sorted(dict.fromkeys(str(year) for year in sheet.data.part("counted")["year"]))
    room = iter(sheet.rows(*([_STRIP, 0.22 * max(len(years), 3) + 0.62] * len(towns))))
    for town in towns:
        _strip(sheet, next(room), sheet.label("municipality", town))
        axes = sheet.cells(next(room), len(kinds), len(kinds))
        for place, (ax, kind) in enumerate(zip(axes, kinds, strict=True)):
            _indicator(sheet, ax, town, kind, years, named=place == 0)


def _indicator(sheet: Sheet, ax: Axes, town: str, kind: str, years: Sequence[str], *, named: bool) -> None:
    marks = sheet.data.marks
    mine = marks[(marks["municipality"] == town) & (marks["indicator"] == kind)]
    by_part = {name: rows(mine[mine["part"] == name]) for name in ("years", "counted", "apart")}
    for row in by_part["counted"]:
        bar(sheet, ax, row, years.index(str(row["year"])), "share", 2.6, PLAIN, 0.62, text=_counted_of(sheet, row))
    dress(sheet, ax, len(years), "share", 2.6)
    ax.set_xticks([0, 0.5, 1])
    ax.set_yticks(range(len(years)), years)
    ax.tick_params(axis="y", labelleft=named)
    for row in by_part["years"]:
        n = f"{sheet.label('indicator', kind)} ({sheet.word('n_years', n=sheet.number(row['n_indicators']))})"
        sheet.mark(
            ax.set_title("\n".join(words.wrap(n, _COLUMN, style.SMALL)), weight="normal", fontsize=style.SMALL), row
        )
    if not by_part["years"]:
        ax.set_title(words.wrapped(sheet.label("indicator", kind), _COLUMN), weight="normal", fontsize=style.SMALL)
    if not by_part["counted"]:
        _in_words(sheet, ax, by_part["apart"])
    else:
        for row in by_part["apart"]:  # other years of it are counted
            sheet.mark(ax.text(2.6, len(years) - 0.45, sheet.word("other_definition"), ha="right", va="bottom"), row)


def _counted_of(sheet: Sheet, row: Row) -> str:
    of = f"{sheet.number(row['n_counted'])} {sheet.word('of')} {sheet.number(row['n_of'])}"
    few = sheet.data.rule != "register" and not missing(row["n_of"]) and row["n_of"] < LEAST_FOR_SHARE
    return of if few else f"{sheet.share_of(row, 'n_counted')} ({of})"


def _in_words(sheet: Sheet, ax: Axes, apart: Sequence[Row]) -> None:
    """No bars: that there is no figure, or why it cannot stand beside the others."""
    ax.set_xticks([])
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    said = sheet.word("no_figure")
    for row in apart:
        meaning = "" if missing(row["meaning"]) else f": ‘{row['meaning']}’"
        said = sheet.word("other_definition") + meaning
    text = ax.text(0.02, 0.95, words.wrapped(said, _COLUMN), ha="left", va="top", transform=ax.transAxes, color=style.GREY,
                   linespacing=1.2)  # fmt: skip
    for row in apart:
        sheet.mark(text, row)


# --- fragmentation ---------------------------------------------------------------------------------------------------

_SAID: Mapping[str, Look] = {"yes": PLAIN, "partly": _LIGHT, "no": Look("#dfe4e8"), "not_discussed": ABSENT}
_MOMENTS: Mapping[str, Look] = {"begin": _LIGHT, "end": PLAIN}
_THICK = 0.38  # of a line, for one of the two moments


def fragmentation(sheet: Sheet) -> None:
    """F19: above what people experience, below what registers count; nothing is drawn across the two."""
    told = sheet.data.part("asked")
    towns = sheet.groups(part="asked") if len(told) else []
    counted = [t for t in sheet.groups() if any(len(_of(sheet, name, t)) for name in _BASES)]
    voices = sheet.order("perspective", list(told["perspective"]))
    above = [0.26, 0.22 * len(voices) * 2 + 0.62] if towns else [0.26]
    below = [0.26, *([1.42] * len(counted))] if counted else [0.26]
    room = iter(sheet.rows(_STRIP, *above, _STRIP, *below))
    _strip(sheet, next(room), sheet.word("experienced"))
    if towns:
        sheet.legend(next(room), {sheet.label("judgement", code): _SAID[code].patch() for code in _SAID})
        for ax, town in zip(sheet.cells(next(room), len(towns), len(towns)), towns, strict=True):
            _voices(sheet, ax, town, voices, named=town == towns[0])
    else:
        _nothing(sheet, next(room))
    _strip(sheet, next(room), sheet.word("counted"))
    if counted:
        sheet.legend(next(room), {sheet.label("moment", code): look.patch() for code, look in _MOMENTS.items()})
    else:
        _nothing(sheet, next(room))
    for town in counted:
        _measures(sheet, next(room), town)


_BASES: Mapping[str, str] = {"case_organisations": "at_least", "case_network": "involved"}


def _nothing(sheet: Sheet, room: SubplotSpec) -> None:
    ax = sheet.figure.add_subplot(room)
    ax.set_axis_off()
    ax.text(0, 0.5, sheet.word("not_in_these_sources"), va="center", color=style.GREY, transform=ax.transAxes)


def _of(sheet: Sheet, part: str, town: str) -> list[Row]:
    frame = sheet.data.part(part)
    return rows(frame[frame["municipality"] == town])


def _voices(sheet: Sheet, ax: Axes, town: str, voices: Sequence[str], *, named: bool) -> None:
    """Per voice and moment the cases by judgement, laid end to end, and of how many."""
    lines = [(voice, moment) for voice in voices for moment in _MOMENTS]
    most = max(float(row["n_cases"]) for row in rows(sheet.data.part("asked")))
    ends = dict.fromkeys(lines, 0.0)
    order = sheet.order("judgement", [str(row["judgement"]) for row in _of(sheet, "experienced", town)])
    for row in sorted(_of(sheet, "experienced", town), key=lambda row: order.index(str(row["judgement"]))):
        line = (str(row["perspective"]), str(row["moment"]))
        _segment(sheet, ax, row, ends[line], lines.index(line))
        ends[line] += float(row["n_cases"])
    for row in _of(sheet, "asked", town):
        line = (str(row["perspective"]), str(row["moment"]))
        of = f"{sheet.word('of')} {sheet.number(row['n_cases'])}"
        said = ax.text(ends[line] + most * 0.03, lines.index(line), of, va="center")
        sheet.mark(said, row)
    names = [f"{sheet.label('perspective', voice)}, {sheet.label('moment', moment)}" for voice, moment in lines]
    ax.set_yticks(range(len(lines)), names)
    ax.tick_params(axis="y", length=0, labelleft=named)
    ax.set_ylim(len(lines) - 0.4, -0.6)
    ax.set_xlim(0, most * 1.35)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set_title(sheet.label("municipality", town))


def _segment(sheet: Sheet, ax: Axes, row: Row, left: float, y: float) -> None:
    look = _SAID.get(str(row["judgement"]), ABSENT)
    drawn = ax.barh(y, float(row["n_cases"]), left=left, height=0.72, color=look.colour, hatch=look.hatch,
                    edgecolor=style.INK, linewidth=0.5)  # fmt: skip
    sheet.mark(drawn.patches[0], row)
    ax.text(left + float(row["n_cases"]) / 2, y, sheet.number(row["n_cases"]), ha="center", va="center",
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8})  # fmt: skip


def _measures(sheet: Sheet, room: SubplotSpec, town: str) -> None:
    """What the register of a municipality counts: cases with several organisations, and with a network that takes part."""
    marks = sheet.data.marks
    counted = marks[marks["municipality"] == town]
    top = axis_top(marks, "share")
    for ax, (base, key) in zip(sheet.cells(room, 2, 2), _BASES.items(), strict=True):
        found = sheet.order(key, [str(code) for code in marks[key] if code != ""])
        names = [sheet.label(key, code) for code in found]
        for row in rows(counted[counted[key] != ""]):
            y = found.index(str(row[key])) + (-_THICK if row["moment"] == "begin" else _THICK) * 0.52
            bar(sheet, ax, row, y, "share", top, _MOMENTS[str(row["moment"])], _THICK)
        dress(sheet, ax, len(found), "share", top)
        ax.set_yticks(range(len(found)), names)
        for row in _of(sheet, base, town):
            n = HIDDEN if missing(row["n_cases"]) else sheet.number(row["n_cases"])
            title = sheet.word(f"measured_{key}", town=sheet.label("municipality", town), n=n)
            sheet.mark(ax.set_title(title), row)
