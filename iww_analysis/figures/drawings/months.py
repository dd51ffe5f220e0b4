"""Draw what happens over time: cases per month, and how long they stay open."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.gridspec import SubplotSpec
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import missing
from iww_analysis.figures.shapes.bar_charts import PLAIN, axis_top, bar, bottom_label, boxes, dress, name_lines
from iww_analysis.messages.numbers import HIDDEN

_STUB = 0.12  # height of the stand-in for a hidden month, of the axis
_LETTER = 0.09  # inches that an x needs
_OPEN, _IN_MONTH = style.BARS["open"], style.BARS["lesser"]
_LAST = 31.0  # months: where the point of the longest followed cases stands


def intake(canvas: Canvas) -> None:
    """F01: one line of bars per municipality, one bar per month."""
    towns = canvas.groups()
    months = sorted(m for m in dict.fromkeys(canvas.data.marks["month"].astype(str)) if m)
    room = canvas.rows(1.12 * len(towns) + 0.25)[0]
    axes = canvas.cells(room, len(towns), 1, sharex=True)
    for ax, town in zip(axes, towns, strict=True):
        _months(canvas, ax, town, months)
    named = {n: month[:4] for n, month in enumerate(months) if month.endswith("-01")}  # where the axis says a year
    if not any(n <= len(months) // 6 for n in named):  # no year stands close behind the first month
        named = {0: canvas.label("month", months[0]), **named}
    for ax in axes:
        ax.set_xticks([n - 0.5 for n in named], list(named.values()), ha="left")
        ax.tick_params(axis="x", labelbottom=ax is axes[-1])
    bottom_label(axes, canvas.texts.x[canvas.lang])


def _months(canvas: Canvas, ax: Axes, town: str, months: Sequence[str]) -> None:
    mine = canvas.marks(municipality=town)
    top = max([1.0, *(float(row["n_cases"]) for row in mine if not missing(row["n_cases"]))]) * 1.08
    ends = [f"{o.extraction_date:%Y-%m}" for o in canvas.origins if town in o.municipality]
    last = sum(month <= max(ends, default=month) for month in months) - 1  # that the municipality's delivery can hold
    hidden = []
    for row in mine:
        n = months.index(str(row["month"]))
        if not missing(row["n_cases"]):
            drawn = ax.bar(n, float(row["n_cases"]), width=1.0, color=style.MAIN, edgecolor=style.PAPER, linewidth=0.4)
            canvas.mark(drawn.patches[0], row)
        elif n > last:
            canvas.mark(ax.add_patch(Rectangle((n - 0.5, 0), 1, top * _STUB, facecolor=style.LIGHT, linewidth=0)), row)
        else:
            canvas.hidden_box(ax, row, n - 0.5, 0, 1, top * _STUB, letter=False)
            hidden.append(n)
    fits = (style.WIDTH - 0.6) / len(months) >= _LETTER
    for _, run in groupby(enumerate(sorted(hidden)), key=lambda pair: pair[1] - pair[0]):
        places = [place for _, place in run]  # an x above every hidden month, or one above each run of them
        for x in places if fits else [sum(places) / len(places)]:
            ax.text(x, top * (_STUB + 0.02), HIDDEN, ha="center", va="bottom", color=style.GREY)
    if last < len(months) - 1:
        room = (len(months) - 1 - last) * 5.6 / len(months)
        note = wrapping.wrapped(canvas.word("after_extraction"), max(room, 0.7))
        ax.text(last + 0.7, top * (_STUB + 0.04), note, color=style.GREY, va="bottom")
    ax.set(xlim=(-0.6, len(months) - 0.4), ylim=(0, top))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(lambda y, _: canvas.number(y))
    ax.grid(axis="y")
    ax.set_title(canvas.panel_title("municipality", town, "intake"))


def time_to_closure(canvas: Canvas) -> None:
    """F04: above, the share still open after each class; below, cases closed and still open per class."""
    towns = canvas.groups()
    classes = list(vocabulary.read("duration_class").codes)
    above, strip, below = canvas.rows(2.5, 0.28, (0.36 * len(classes) + 0.62) * -(-len(towns) // 3))
    _curves(canvas, above, towns, classes)
    looks = {"closed": PLAIN, "closed_month": _IN_MONTH, "open": _OPEN}
    shown = [part for part in looks if len(canvas.marks(part))]
    thick = 0.72 / len(shown)
    shifts = {part: thick * 1.1 * (n - (len(shown) - 1) / 2) for n, part in enumerate(shown)}
    canvas.legend(strip, boxes({canvas.word(part): looks[part] for part in shown}))
    axes = canvas.cells(below, len(towns), 3, sharey=True)
    for ax, town in zip(axes, towns, strict=True):
        mine = canvas.marks(municipality=town)
        top = axis_top(mine, "n_cases")
        for row in mine:
            part = str(row["part"])
            place = classes.index(str(row["class"])) + shifts[part]
            bar(canvas, ax, row, place, "n_cases", top, looks[part], thick)
        dress(canvas, ax, len(classes), "n_cases", top)
        ax.set_title(wrapping.wrapped(canvas.label("municipality", town), 1.75, 9.0, "bold"))
    name_lines(axes, [canvas.label("class", code) for code in classes])
    bottom_label(axes, canvas.word("duration").lower())


def _curves(canvas: Canvas, room: SubplotSpec, towns: Sequence[str], classes: Sequence[str]) -> None:
    ax = canvas.figure.add_subplot(room)
    at = [*((int(v.extra["high"]) + 1) / 30.4 for v in vocabulary.read("duration_class").values[:-1]), _LAST]
    ends = []
    for n, town in enumerate(towns):
        shown = [row for row in canvas.marks("closed", municipality=town) if not missing(row["share"])]
        shown.sort(key=lambda row: classes.index(str(row["class"])))
        known = [(at[classes.index(str(row["class"]))], float(row["share"])) for row in shown]
        line = ([0, *(x for x, _ in known)], [1, *(y for _, y in known)])
        ax.plot(*line, color=_colour(n), linestyle=style.LINES[n % 6], linewidth=1.4)
        for row, (x, y) in zip(shown, known, strict=True):
            canvas.sign(ax, row, x, y, value="share", marker=style.MARKERS[n % 8], markersize=5, color=_colour(n))
        ends.append(known[-1] if known else (0.0, 1.0))
    _unknown(canvas, ax, towns, at, classes)
    places = spread([y - x / 1e6 for x, y in ends], 0.085)  # of equal ends, the furthest below
    lift = max(0.0, 0.02 - min(places))
    for n, (town, end, place) in enumerate(zip(towns, ends, places, strict=True)):
        lead = {"arrowstyle": "-", "color": _colour(n), "linewidth": 0.4, "shrinkA": 0, "shrinkB": 3}
        ax.annotate(canvas.label("municipality", town), end, (_LAST + 1.6, place + lift), va="center", color=_colour(n),
                    annotation_clip=False, arrowprops=lead)  # fmt: skip
    ax.set(xlim=(0, _LAST + 0.8), ylim=(0, 1.03))
    ax.yaxis.set_major_formatter(lambda y, _: canvas.share(y))
    months = [canvas.word("months", n=n) for n in (3, 6, 12, 24)]
    ax.set_xticks([0, 3, 6, 12, 24, _LAST], [canvas.word("start"), *months, wrapping.wrapped(canvas.word("last"), 0.6)])
    ax.grid(axis="y")
    ax.set_title(canvas.word("still_open"))
    ax.set_xlabel(canvas.texts.x[canvas.lang], loc="left")


def _colour(n: int) -> str:
    return style.LINE_COLOURS[n % len(style.LINE_COLOURS)]


def _unknown(canvas: Canvas, ax: Axes, towns: Sequence[str], at: Sequence[float], classes: Sequence[str]) -> None:
    """Stack the shares that are not shown above their class (below, where the lines run high), with the name of the town."""
    for x, code in zip(at, classes, strict=True):
        mine = canvas.marks("closed", **{"class": code})
        shown = [float(row["share"]) for row in mine if not missing(row["share"])]
        low = bool(shown) and sum(shown) / len(shown) > 0.5
        gone = {str(row["municipality"]): row for row in mine if missing(row["share"]) and missing(row["n_at_risk"])}
        for n, (town, row) in enumerate(sorted(gone.items(), key=lambda pair: towns.index(pair[0]))):
            y = 0.04 + 0.085 * n if low else 0.93 - 0.085 * n
            canvas.hidden_box(ax, row, x - 0.3, y, 0.6, 0.05, letter=False, value="share")
            name = f"{HIDDEN} {canvas.label('municipality', town)}"
            ax.text(x + 0.55, y + 0.025, name, va="center", color=_colour(towns.index(town)))


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Move values apart until they are at least `gap` from each other, keeping their order: places for labels."""
    order = np.argsort(values, kind="stable")
    places = np.array(values, dtype=float)[order]
    for _ in range(200):
        short = gap - np.diff(places)
        if (short <= 1e-9).all():
            break
        for n in np.flatnonzero(short > 1e-9):
            push = (gap - (places[n + 1] - places[n])) / 2
            places[n : n + 2] += (-push, push)
    return [float(value) for value in places[np.argsort(order)]]
