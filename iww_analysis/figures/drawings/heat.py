"""Draw grids of shares: what was recorded and when, and which life domains go together."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.gridspec import SubplotSpec
from matplotlib.patches import Patch

from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import rows
from iww_analysis.figures.shapes.bar_charts import PLAIN, axis_top, bar, bottom_label, dress, panel_name
from iww_analysis.figures.shapes.share_cell import EDGE, share_cell

_CELL = 0.205  # inches high
_FIELDS, _DOMAINS = 1.62, 1.62  # inches for the names of lines
_FULL = ((0.9, "#12355b"), (0.5, "#5b93b8"), (0.005, "#cfdfe8"), (-1.0, "#ffffff"))  # at least this share -> colour
_PAIRS = ((0.4, "#12355b"), (0.25, "#3f7ca6"), (0.1, "#9dc0d6"), (-1.0, "#e6eef3"))


def coverage(canvas: Canvas) -> None:
    """F02: per municipality a grid of fields against years; what a form does not hold is a dash."""
    towns = canvas.groups()
    fields = canvas.codes("field")
    years = {town: sorted(dict.fromkeys(_of(canvas, town, "year"))) for town in towns}
    columns = 3
    lines = [towns[n : n + columns] for n in range(0, len(towns), columns)]
    room = canvas.rows(0.45, *([_CELL * len(fields) + 0.7] * len(lines)))
    names = ("ninety_up", "half_to_ninety", "below_half", "never")
    signs = {
        canvas.word(name): Patch(facecolor=colour, edgecolor=EDGE)
        for name, (_, colour) in zip(names, _FULL, strict=True)
    }
    canvas.legend(
        room[0], signs | {f"– {canvas.word('not_in_form')}": Patch(facecolor="none", edgecolor="none")}, columns=3
    )
    for place, group in zip(room[1:], lines, strict=True):
        _line_of_grids(canvas, place, group, columns, fields, years)


def _of(canvas: Canvas, town: str, key: str) -> list[str]:
    marks = canvas.data.marks
    return [str(code) for code in marks.loc[marks["municipality"] == town, key]]


def _line_of_grids(
    canvas: Canvas,
    room: SubplotSpec,
    towns: Sequence[str],
    columns: int,
    fields: Sequence[str],
    years: dict[str, list[str]],
) -> None:
    most = max(len(each) for each in years.values())
    axes = canvas.cells(room, columns, columns, sharey=True)
    for n, ax in enumerate(axes):
        if n >= len(towns):
            ax.set_visible(False)
            continue
        _grid(canvas, ax, towns[n], fields, years[towns[n]])
        ax.set_xlim(0, max(most, 3))
        ax.tick_params(axis="y", labelleft=n == 0)


def _grid(canvas: Canvas, ax: Axes, town: str, fields: Sequence[str], years: Sequence[str]) -> None:
    mine = canvas.marks(municipality=town)
    for row in mine:
        share_cell(canvas, ax, row, years.index(str(row["year"])), fields.index(str(row["field"])), _FULL)
    held = {(str(row["field"]), str(row["year"])) for row in mine}
    for y, field in enumerate(fields):
        known = any((field, year) in held for year in years)
        for x, year in enumerate(years):
            if (field, year) not in held and not known:
                ax.text(x + 0.5, y + 0.5, "–", ha="center", va="center", color=style.GREY)
    ax.set_ylim(len(fields), 0)
    ax.set_xticks([x + 0.5 for x in range(len(years))], years)
    ax.set_yticks(
        [y + 0.5 for y in range(len(fields))],
        [wrapping.wrapped(canvas.label("field", code), _FIELDS) for code in fields],
    )
    ax.tick_params(axis="both", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_title(_town_name(canvas, town))


def _town_name(canvas: Canvas, town: str) -> str:
    part = next((name for name, totals in canvas.data.totals.items() if town in set(totals["municipality"])), "")
    return panel_name(canvas, "municipality", town, part) if part else canvas.label("municipality", town)


def life_domains(canvas: Canvas) -> None:
    """F03: per municipality the share of cases with each domain, and a triangle of the pairs."""
    towns = canvas.groups()
    domains = canvas.order(
        "domain", [str(d) for d in (*canvas.data.marks["domain"], *canvas.data.marks["domain_2"]) if d != ""]
    )
    wide = 3 if len(towns) <= 3 else 5  # panels beside each other: five leave room for shares alone
    lines = -(-len(towns) // wide)
    side = _CELL * 0.95 * (len(domains) - 1)
    room = canvas.rows((0.185 * len(domains) + 0.75) * lines, 0.26, (side + 0.5) * -(-len(towns) // 3))
    _bars(canvas, room[0], towns, wide, domains)
    _heading(canvas, room[1])
    for n, ax in enumerate(canvas.cells(room[2], -(-len(towns) // 3) * 3, 3)):
        if n < len(towns):
            _triangle(canvas, ax, towns[n], domains)
        else:
            ax.set_visible(False)


def _letter(n: int) -> str:
    return chr(ord("A") + n)


def _bars(canvas: Canvas, room: SubplotSpec, towns: Sequence[str], columns: int, domains: Sequence[str]) -> None:
    frame = canvas.data.part("domains")
    top = axis_top(frame, "share") * (0.97 if columns <= 3 else 0.93)
    axes = canvas.cells(room, len(towns), columns, sharex=True, sharey=True)
    columns = min(columns, len(towns))
    for n, (ax, town) in enumerate(zip(axes, towns, strict=True)):
        for row in canvas.marks("domains", municipality=town):
            text = canvas.share_of(row, "n_cases") if columns > 3 and not canvas.few(row) else None
            bar(canvas, ax, row, domains.index(str(row["domain"])), "share", top, PLAIN, 0.66, text=text)
        dress(canvas, ax, len(domains), "share", top)
        ax.set_title(panel_name(canvas, "municipality", town, "domains", 1.75 if columns <= 3 else 0.9))
        names = [
            wrapping.wrapped(f"{canvas.label('domain', code)} {_letter(place)}", 1.85)
            for place, code in enumerate(domains)
        ]
        ax.set_yticks(range(len(domains)), names)
        ax.tick_params(axis="y", labelleft=n % columns == 0)
        ax.tick_params(axis="x", labelbottom=True)
        if columns > 3:
            ax.set_xticks([0, 1])
    bottom_label(axes, canvas.texts.x[canvas.lang] + (f" ({canvas.word('number')})" if columns <= 3 else ""), columns)


def _heading(canvas: Canvas, room: SubplotSpec) -> None:
    ax = canvas.figure.add_subplot(room)
    ax.set_axis_off()
    ax.text(0, 0.5, canvas.word("together"), weight="bold", fontsize=9, transform=ax.transAxes, va="center")


def _triangle(canvas: Canvas, ax: Axes, town: str, domains: Sequence[str]) -> None:
    frame = canvas.data.part("pairs")
    for row in rows(frame[(frame["municipality"] == town) & (frame["domain"] < frame["domain_2"])]):  # each pair once
        low, high = sorted((domains.index(str(row["domain"])), domains.index(str(row["domain_2"]))))
        share_cell(canvas, ax, row, low, high - 1, _PAIRS)
    last = len(domains) - 1
    ax.set_xlim(0, last)
    ax.set_ylim(last, 0)
    ax.set_xticks([n + 0.5 for n in range(last)], [_letter(n) for n in range(last)])
    ax.set_yticks([n + 0.5 for n in range(last)], [_letter(n + 1) for n in range(last)])
    ax.tick_params(axis="both", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_title(panel_name(canvas, "municipality", town, "pairs"))
