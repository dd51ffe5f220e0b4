"""Draw bars side by side per municipality: reasons for closure, sides of the table, makers of the plan."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from iww_analysis import vocabulary
from iww_analysis.figures import style, words
from iww_analysis.figures.sheet import Row, Sheet, missing, rows

LABELS = 1.45  # inches for the names of categories
_BAR = 0.62  # thickness of a bar, in lines
_STUB = 0.05  # width of the stand-in for a hidden number, of the axis
_LEAST_FOR_SHARE = 10  # no percentage is shown of fewer units than this


@dataclass(frozen=True)
class Look:
    """How a bar looks: colour and hatch, so that it can be told apart in grey too."""

    colour: str = style.MAIN
    hatch: str = ""

    def patch(self, name: str) -> Artist:
        """The sign in a legend."""
        return Patch(facecolor=self.colour, edgecolor=style.INK if self.hatch else self.colour, hatch=self.hatch, label=name)


PLAIN = Look()
APART = Look("#b5babf", "///")
ABSENT = Look("#ffffff", "....")


def closure_reasons(sheet: Sheet) -> None:
    """F05: reasons per municipality; administrative and missing reasons stand apart, below a line."""
    data = sheet.data.part("reasons")
    missing_codes = set(vocabulary.read("missing").codes)
    order = sheet.order("reason", list(data["reason"]))
    order = sorted(order, key=lambda code: (code in missing_codes, code == "administrative"))  # stable: the agreed order within
    first_apart = next((n for n, code in enumerate(order) if code == "administrative" or code in missing_codes), None)

    def look(row: Row) -> Look:
        return APART if row["reason"] == "administrative" else ABSENT if row["reason"] in missing_codes else PLAIN

    multiples(sheet, "reasons", "reason", order, look, line_above=first_apart)


def parties(sheet: Sheet) -> None:
    """F08: sides of the table per municipality."""
    multiples(sheet, "parties", "party", sheet.order("party", list(sheet.data.marks["party"])))


def own(sheet: Sheet) -> None:
    """A researcher's own counts: panels by the first key, bars by the second (or all in one panel)."""
    part = str(sheet.data.marks["part"].iloc[0])
    if len(sheet.data.keys) > 1:
        multiples(sheet, part, sheet.data.keys[1], sheet.order(sheet.data.keys[1], list(sheet.data.marks[sheet.data.keys[1]])))
        return
    key = sheet.data.keys[0]
    order = sheet.order(key, list(sheet.data.marks[key]))
    axes = sheet.cells(sheet.rows(0.2 * len(order) + 0.5)[0], 1, 1)
    panel(sheet, axes[0], sheet.data.part(part), key, order, measure(sheet))
    name_lines(sheet, axes, key, order, 1, 1)


def measure(sheet: Sheet) -> str:
    """The column that sets the length of bars: shares where the finding has them and its rule lets them be shown."""
    return "share" if "share" in sheet.data.values and sheet.data.rule != "case_study" else sheet.data.unit


def multiples(sheet: Sheet, part: str, key: str, order: Sequence[str], look: Callable[[Row], Look] = lambda row: PLAIN,
              *, line_above: int | None = None, columns: int = 3) -> None:  # fmt: skip
    """One panel per value of the first key, with the same categories on the same lines."""
    panels = sheet.groups(sheet.data.keys[0], part)
    lines = -(-len(panels) // columns)
    room = sheet.rows((0.2 * len(order) + 0.62) * lines)[0]
    many_panels(sheet, sheet.cells(room, len(panels), columns, sharex=True, sharey=True), panels, part, key, order, look,
                line_above=line_above, columns=columns)  # fmt: skip


def many_panels(sheet: Sheet, axes: list[Axes], panels: Sequence[str], part: str, key: str, order: Sequence[str],
                look: Callable[[Row], Look], *, line_above: int | None = None, columns: int = 3) -> None:  # fmt: skip
    """Fill axes with one panel per value of the first key."""
    frame, first, value = sheet.data.part(part), sheet.data.keys[0], measure(sheet)
    top = axis_top(frame, value)
    for ax, code in zip(axes, panels, strict=True):
        panel(sheet, ax, frame[frame[first] == code], key, order, value, look, top=top)
        ax.set_title("\n".join(words.wrap(sheet.panel_title(first, code, part), 1.75, 9.0, "bold")))
        if line_above is not None and line_above > 0:
            ax.axhline(line_above - 0.5, color=style.GREY, linewidth=0.6, linestyle=(0, (2, 2)))
    name_lines(sheet, axes, key, order, len(panels), min(columns, len(panels)))
    if sheet.texts.x.get(sheet.lang):
        bottom_label(axes, sheet.texts.x[sheet.lang], min(columns, len(panels)))


def axis_top(frame: pd.DataFrame, value: str) -> float:
    """The end of the axis, with room for the numbers behind the bars."""
    longest = pd.to_numeric(frame[value], errors="coerce").max()
    return (float(longest) if longest == longest and longest > 0 else 1.0) * 1.75


def panel(sheet: Sheet, ax: Axes, frame: pd.DataFrame, key: str, order: Sequence[str], value: str,
          look: Callable[[Row], Look] = lambda row: PLAIN, *, top: float | None = None) -> None:  # fmt: skip
    """Draw one panel of horizontal bars."""
    top = top or axis_top(frame, value)
    place = {code: n for n, code in enumerate(order)}
    for row in rows(frame):
        bar(sheet, ax, row, place[str(row[key])], value, top, look(row), _BAR)
    dress(sheet, ax, len(order), value, top)


def bar(sheet: Sheet, ax: Axes, row: Row, y: float, value: str, top: float, look: Look, thick: float,
        **more: str) -> None:  # fmt: skip
    """Draw one mark: a bar with its number behind it, or the stand-in where the number is hidden."""
    if missing(row[value]):
        sheet.hidden_box(ax, row, 0, y - thick * 0.4, top * _STUB, thick * 0.8, **more)
        return
    length = float(row[value])
    drawn = ax.barh(y, length, height=thick, color=look.colour, hatch=look.hatch, linewidth=0.5,
                    edgecolor=style.INK if look.hatch else look.colour)  # fmt: skip
    sheet.mark(drawn.patches[0], row, **more)
    ax.text(length + top * 0.015, y, bar_text(sheet, row, value), va="center", ha="left")


def bar_text(sheet: Sheet, row: Row, value: str) -> str:
    """The number behind a bar: a share with its count in brackets, or the count alone."""
    unit = sheet.data.unit if not missing(row.get(sheet.data.unit)) else None
    if value != "share":
        return sheet.number(row[value])
    return f"{sheet.share(row['share'])} ({sheet.number(row[unit])})" if unit else sheet.share(row["share"])


def dress(sheet: Sheet, ax: Axes, lines: int, value: str, top: float) -> None:
    """Set limits, ticks and a light grid."""
    ax.set_xlim(0, top)
    ax.set_ylim(lines - 0.4, -0.6)
    ax.xaxis.set_major_locator(ticks(top))
    ax.xaxis.set_major_formatter(lambda x, _: sheet.share(x) if value == "share" else sheet.number(x))
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_color(style.GREY)


def ticks(top: float) -> Any:
    """Few, round and whole ticks."""
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=3, steps=[1, 2, 5, 10], integer=top > 3)


def name_lines(sheet: Sheet, axes: Sequence[Axes], key: str, order: Sequence[str], n: int, columns: int) -> None:
    """Name the categories at the left of each line of panels, wrapped."""
    for place, ax in enumerate(axes):
        ax.set_yticks(range(len(order)), [words.wrapped(sheet.label(key, code), LABELS) for code in order])
        ax.tick_params(axis="y", labelleft=place % columns == 0)
        ax.tick_params(axis="x", labelbottom=True)
    del n


def bottom_label(axes: Sequence[Axes], text: str, columns: int) -> None:
    """Name the axis once, below the first panel of the last line."""
    last = axes[(len(axes) - 1) // columns * columns]
    last.set_xlabel(text, loc="left")


def plans_and_actions(sheet: Sheet) -> None:
    """F23: who made the plan, with and without professionals in the room; and the status of the actions."""
    plans, actions = sheet.data.part("plans"), sheet.data.part("actions")
    looks: Mapping[Hashable, Look] = {"no": PLAIN, "yes": Look("#9dbcd4", "////")}
    towns = [sheet.groups("municipality", name) for name in ("plans", "actions")]
    order = sheet.order("made_by", list(plans["made_by"]))
    status = sheet.order("status", list(actions["status"]))
    lines = [-(-len(group) // 3) for group in towns]
    heights = [0.3, (0.42 * len(order) + 0.62) * lines[0], (0.2 * len(status) + 0.7) * max(lines[1], 0)]
    room = sheet.rows(*heights[: 3 if towns[1] else 2])
    sheet.legend(room[0], [looks["no"].patch(sheet.word("no_professionals")), looks["yes"].patch(sheet.word("with_professionals")),
                           ABSENT.patch(sheet.word("unknown_professionals"))], columns=3)  # fmt: skip
    _plans(sheet, sheet.cells(room[1], len(towns[0]), 3, sharey=True), towns[0], order, looks)
    if towns[1]:
        axes = sheet.cells(room[2], len(towns[1]), 3, sharey=True)
        for ax, town in zip(axes, towns[1], strict=True):
            mine = actions[actions["municipality"] == town]
            panel(sheet, ax, mine, "status", status, "n_actions")
            ax.set_title("\n".join(words.wrap(sheet.panel_title("municipality", town, "actions"), 1.75, 9.0, "bold")))
        name_lines(sheet, axes, "status", status, len(axes), min(3, len(axes)))
        bottom_label(axes, sheet.word("actions_axis"), min(3, len(axes)))


def _plans(sheet: Sheet, axes: list[Axes], towns: Sequence[str], order: Sequence[str], looks: Mapping[Hashable, Look]) -> None:
    frame, place = sheet.data.part("plans"), {code: n for n, code in enumerate(order)}
    lane = {"no": -0.28, "yes": 0.0}
    for ax, town in zip(axes, towns, strict=True):
        mine = frame[frame["municipality"] == town]
        top = axis_top(mine, "n_cases")
        others = {code: n for n, code in enumerate(sorted(set(mine["professionals"]) - set(lane)))}
        step = 0.28 / max(len(others), 1)
        for row in rows(mine):
            code = str(row["professionals"])
            y = place[str(row["made_by"])] + lane.get(code, 0.28 + others.get(code, 0) * step)
            bar(sheet, ax, row, y, "n_cases", top, looks.get(code, ABSENT), 0.26 if code in lane else 0.26 / max(len(others), 1))
        dress(sheet, ax, len(order), "n_cases", top)
        ax.set_title("\n".join(words.wrap(sheet.panel_title("municipality", town, "plans"), 1.75, 9.0, "bold")))
    name_lines(sheet, axes, "made_by", order, len(axes), min(3, len(axes)))
    bottom_label(axes, sheet.texts.x[sheet.lang], min(3, len(axes)))
