"""Draw effect arenas as layered graphs: investors, activities, effects and beneficiaries, with the lines between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.gridspec import SubplotSpec
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, natural, text_of

_WIDE = style.WIDTH - 0.12  # inches of the drawing
_BOX = 1.24  # inches of a box; the rest is for the lines
_GAP, _PAD, _LINE = 0.08, 0.05, style.SMALL * 1.2 / 72
_SIGNS = 0.15  # height of the line of signs
_STEP = 0.15  # inches from sign to sign
_HEAD = 0.62  # inches above the boxes: the arena's name and those of the columns
_FACES = ("#f4f6f7", "#e3eef5", "#fdf3e0", "#eaf3ee")
_ORPHAN: Mapping[str, Any] = {"edgecolor": style.WARNING, "linestyle": (0, (3, 2)), "linewidth": 1.2}  # no line at all


@dataclass
class NodeBox:
    """One item: its words, who placed it, and where it stands (inches from the top left)."""

    row: MarkRow
    column: int
    lines: list[str]
    level: list[str]
    placed: list[MarkRow]
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        """The height its words and signs need."""
        return (len(self.lines) + len(self.apart)) * _LINE + (_SIGNS if self.placed or self.level else 0.0) + 2 * _PAD

    @property
    def apart(self) -> list[str]:
        """The lines of its level that do not fit beside the signs."""
        fits = len(self.level) == 1 and wrapping.width(self.level[0]) + _STEP * len(self.placed) < _BOX - 2.5 * _PAD
        return [] if fits else self.level

    @property
    def middle(self) -> float:
        """Where lines meet it."""
        return self.y + self.height / 2


def arenas(canvas: Canvas) -> None:
    """F10: one drawing per arena, one below the other."""
    drawings = {name: _boxes(canvas, name) for name in canvas.groups("arena")}
    for name, boxes in drawings.items():
        _arrange(boxes, canvas.marks("lines", arena=name))
    parties = canvas.codes("placed_by", "placed")
    strip = 0.28 if len(parties) < 5 else 0.48
    above, *room = canvas.rows(strip, *(_bottom(boxes) + _HEAD + 0.1 for boxes in drawings.values()))
    signs: dict[str, Any] = {canvas.word("placed_by"): Rectangle((0, 0), 0, 0, visible=False)} if parties else {}
    signs |= {canvas.label("placed_by", party): Line2D([], [], **_sign(n)) for n, party in enumerate(parties)}
    signs[canvas.word("no_line")] = Rectangle((0, 0), 1, 1, facecolor=style.PAPER, **_ORPHAN)
    canvas.legend(above, signs)
    for (name, boxes), place in zip(drawings.items(), room, strict=True):
        _draw(canvas, place, name, boxes, parties)


def _boxes(canvas: Canvas, arena: str) -> dict[str, NodeBox]:
    columns, levels = vocabulary.read("arena_node_kind").codes, vocabulary.read("effect_level")
    boxes = {}
    for row in canvas.marks("items", arena=arena):
        node, kind, level = (str(row.get(name)) for name in ("node", "kind", "level"))
        boxes[node] = NodeBox(
            row,
            columns.index(kind) if kind in columns else 1,
            wrapping.wrap(f"{node} {text_of(row, 'label')}".strip(), _BOX - 2 * _PAD),
            wrapping.wrap(f"({canvas.label('level', level)})", _BOX - 2 * _PAD) if level in levels else [],
            canvas.marks("placed", arena=arena, node=node),
        )
    return boxes


def _arrange(boxes: Mapping[str, NodeBox], lines: Sequence[MarkRow]) -> None:
    """Put boxes in columns, ordered by where their neighbours stand so that few lines cross."""
    near: dict[str, list[str]] = {node: [] for node in boxes}
    for row in lines:
        start, end = str(row["node"]), str(row["to_node"])
        if start in near and end in near:
            near[start].append(end)
            near[end].append(start)
    columns = [[node for node in sorted(boxes, key=natural) if boxes[node].column == n] for n in range(4)]
    for sweep in range(8):
        for n in range(4) if sweep % 2 == 0 else range(3, -1, -1):
            place = {node: (k + 0.5) / len(column) for column in columns for k, node in enumerate(column)}
            centre = {node: sum(place[of] for of in others) / len(others) for node, others in near.items() if others}
            columns[n].sort(key=lambda node, centre=centre: centre.get(node, 2.0))  # type: ignore[misc]
    tallest = max((sum(boxes[node].height + _GAP for node in column) for column in columns), default=0.0)
    for n, column in enumerate(columns):
        spare = tallest - sum(boxes[node].height + _GAP for node in column)
        y = spare / (2 * max(len(column), 1))
        for node in column:
            boxes[node].x, boxes[node].y = n * (_WIDE - _BOX) / 3, y
            y += boxes[node].height + _GAP + spare / max(len(column), 1)


def _bottom(boxes: Mapping[str, NodeBox]) -> float:
    return max((box.y + box.height for box in boxes.values()), default=0.3)


def _draw(canvas: Canvas, room: SubplotSpec, arena: str, boxes: Mapping[str, NodeBox], parties: Sequence[str]) -> None:
    ax = canvas.figure.add_subplot(room)
    ax.set(xlim=(-0.02, _WIDE + 0.02), ylim=(_bottom(boxes) + 0.05, -_HEAD + 0.05))
    ax.set_axis_off()
    ax.text(0, -0.4, canvas.panel_title("arena", arena, "items"), weight="bold", fontsize=9)
    for n, kind in enumerate(vocabulary.read("arena_node_kind").codes):
        middle = n * (_WIDE - _BOX) / 3 + _BOX / 2
        ax.text(middle, -0.1, canvas.label("kind", kind), ha="center", weight="bold", color=style.GREY)
    tied = set()
    for row in canvas.marks("lines", arena=arena):
        start, end = boxes.get(str(row["node"])), boxes.get(str(row["to_node"]))
        if start and end:
            tied |= {str(row["node"]), str(row["to_node"])}
            _curve(canvas, ax, row, start, end, list(boxes).index(str(row["node"])))
    for node, box in boxes.items():
        _box(canvas, ax, box, parties, tied=node in tied)


def _curve(canvas: Canvas, ax: Axes, row: MarkRow, start: NodeBox, end: NodeBox, n: int) -> None:
    """One line: from box to box, or bulging to the right where both stand in one column."""
    x, y, is_forward = start.x + _BOX, start.middle, end.column > start.column
    to_x = end.x if is_forward else end.x + _BOX
    bend = (end.x - x) / 2 if is_forward else 0.3
    points = [(x, y), (x + bend, y), (to_x - bend if is_forward else to_x + bend, end.middle), (to_x, end.middle)]
    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    colour = style.LINE_COLOURS[n % len(style.LINE_COLOURS)]
    line = PathPatch(path, facecolor="none", edgecolor=colour, linewidth=0.9, zorder=1)
    canvas.mark(ax.add_patch(line), row)
    ax.plot(*points[-1], marker="o", markersize=2.4, color=line.get_edgecolor(), zorder=3)


def _box(canvas: Canvas, ax: Axes, box: NodeBox, parties: Sequence[str], *, tied: bool) -> None:
    corners = "round,pad=0,rounding_size=0.05"
    shape = FancyBboxPatch((box.x, box.y), _BOX, box.height, boxstyle=corners, facecolor=_FACES[box.column], zorder=2)
    shape.set(**{"edgecolor": style.INK, "linewidth": 0.7} if tied else _ORPHAN)
    canvas.mark(ax.add_patch(shape), box.row)
    y = box.y + _PAD
    for line, colour in [*((line, style.INK) for line in box.lines), *((line, style.GREY) for line in box.apart)]:
        ax.text(box.x + _PAD, y + 0.78 * _LINE, line, color=colour, zorder=4)
        y += _LINE
    if box.level and not box.apart:
        ax.text(box.x + _BOX - _PAD, y + 0.78 * _LINE, box.level[0], color=style.GREY, ha="right", zorder=4)
    placed = {parties.index(str(row["placed_by"])): row for row in box.placed}
    for n, party in enumerate(sorted(placed)):
        canvas.sign(ax, placed[party], box.x + _PAD + 0.06 + _STEP * n, y + _SIGNS * 0.55, zorder=4, **_sign(party))


def _sign(n: int) -> dict[str, Any]:
    filled = n % 2 == 0  # neighbours differ in fill as well as in shape
    return {"marker": style.MARKERS[n % len(style.MARKERS)], "markersize": 5, "linestyle": "none", "markeredgewidth": 0.8,
            "color": style.INK, "markerfacecolor": style.GREY if filled else style.PAPER}  # fmt: skip
