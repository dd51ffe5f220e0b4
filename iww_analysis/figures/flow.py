"""Draw how cases go through a row of meetings, and why a meeting was not held."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from iww_analysis import vocabulary
from iww_analysis.figures import style, words
from iww_analysis.figures.bars import ABSENT, Look, axis_top, bar, bottom_label, dress
from iww_analysis.figures.sheet import Sheet, rows

_COLUMNS = 2
_HELD, _DROPPED = Look(), Look("#e6c48a")
_LABELS = 1.75  # inches
Line = tuple[str, str]  # stage and reason; an empty reason is the meeting itself


def flow(sheet: Sheet) -> None:
    """F17: per municipality the three meetings as bars, and above each the reasons why it was not held."""
    lines = _lines(sheet)
    towns = sheet.groups("municipality", "held")
    room = sheet.rows(0.28, (0.195 * len(lines) + 0.62) * -(-len(towns) // _COLUMNS))
    sheet.legend(room[0], [_HELD.patch(sheet.word("held")), _DROPPED.patch(sheet.word("dropped"))])
    axes = sheet.cells(room[1], len(towns), _COLUMNS, sharey=True)
    for ax, town in zip(axes, towns, strict=True):
        _town(sheet, ax, town, lines)
    for place, ax in enumerate(axes):
        _name(sheet, ax, lines, shown=place % _COLUMNS == 0)
    bottom_label(axes, sheet.texts.x[sheet.lang], _COLUMNS)


def _lines(sheet: Sheet) -> list[Line]:
    """Every line of a panel: the reasons of a stage, then the stage; the same for all municipalities."""
    dropped = sheet.data.part("dropped")
    lines: list[Line] = []
    for stage in sheet.order("stage", list(sheet.data.marks["stage"])):
        reasons = sheet.order("reason", list(dropped.loc[dropped["stage"] == stage, "reason"]))
        lines += [*((stage, reason) for reason in reasons), (stage, "")]
    return lines


def _town(sheet: Sheet, ax: Axes, town: str, lines: Sequence[Line]) -> None:
    marks = sheet.data.marks[sheet.data.marks["municipality"] == town]
    absent = set(vocabulary.read("missing").codes)
    place = {line: n for n, line in enumerate(lines)}
    top = axis_top(marks, "n_cases")
    for row in rows(marks):
        reason = str(row["reason"])
        look = _HELD if not reason else ABSENT if reason in absent else _DROPPED
        bar(sheet, ax, row, place[str(row["stage"]), reason], "n_cases", top, look, 0.8 if not reason else 0.5)
    dress(sheet, ax, len(lines), "n_cases", top)
    for line, y in place.items():
        if not line[1] and y + 1 < len(lines):
            ax.axhline(y + 0.5, color=style.LIGHT, linewidth=0.6)
    ax.set_title("\n".join(words.wrap(sheet.panel_title("municipality", town, "held"), 2.1, 9.0, "bold")))


def _name(sheet: Sheet, ax: Axes, lines: Sequence[Line], *, shown: bool) -> None:
    names = [words.wrapped(sheet.label("reason", reason) if reason else sheet.label("stage", stage), _LABELS) for stage, reason in lines]
    ax.set_yticks(range(len(lines)), names)
    ax.tick_params(axis="y", labelleft=shown)
    for label, (_, reason) in zip(ax.get_yticklabels(), lines, strict=True):
        label.set_fontweight("normal" if reason else "bold")
        label.set_color(style.GREY if reason else style.INK)
