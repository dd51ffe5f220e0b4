"""Read a finished figure as an SVG file: its marks with their place and colour, its texts, and what its axes say."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element, XMLParser, fromstring
from xml.parsers import expat

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_MOVED = re.compile(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)")
_FORBIDDEN = ("script", "foreignObject", "iframe", "image", "animate", "set")  # what no figure of ours holds
_BROKEN = (expat.ExpatError, SyntaxError, ValueError, LookupError)


class Rectangle(NamedTuple):
    """A rectangle in the units of the page; y runs down."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True)
class Shape:
    """What is drawn under an address: a shape with its fill, or words (`lines`), within one pair of axes."""

    address: str
    axes: str
    box: Rectangle
    fill: str = ""
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words, lines joined."""
        return " ".join(self.lines).replace("\u00a0", " ")


@dataclass
class Drawing:
    """A figure as it stands in its file. `texts`: words without an address; `ticks` bear their id, such as `xtick_1`."""

    marks: list[Shape] = field(default_factory=list)
    texts: list[Shape] = field(default_factory=list)
    ticks: list[Shape] = field(default_factory=list)
    legends: list[Shape] = field(default_factory=list)


class NoFigureError(ValueError):
    """The file is no SVG as this library makes them: broken, or with something in it that could act or reach out."""


def read(content: bytes) -> Drawing:
    """Read a figure. Raises NoFigureError for XML with entities, scripts, links that lead out, or no XML."""

    def refuse(*_: object) -> None:
        raise NoFigureError

    parser = expat.ParserCreate()  # the document type that matplotlib writes is empty
    parser.EntityDeclHandler = parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(content, True)
        root = fromstring(content, XMLParser(encoding="utf-8"))
    except _BROKEN:
        raise NoFigureError from None
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]  # without its name space
        names = [(name.rpartition("}")[2], value) for name, value in element.attrib.items()]
        acts = any(name.startswith("on") or (name == "href" and not value.startswith("#")) for name, value in names)
        if acts or element.tag in _FORBIDDEN:
            raise NoFigureError
    drawing = Drawing()
    for figure in root.findall("g"):
        _read_group(figure, "", drawing)
    written = [*drawing.marks, *drawing.texts, *drawing.legends, *drawing.ticks]
    if sum(len(shape.lines) for shape in written) != len(list(root.iter("text"))):
        raise NoFigureError  # words where this library writes none
    return drawing


def _read_group(group: Element, axes: str, drawing: Drawing) -> None:
    """Go through the groups: axes, their ticks and legends, marks (whose id is an address), and loose texts."""
    id_ = group.get("id", "")
    axes = id_ if id_.startswith("axes_") else axes
    if "|" in id_:
        drawing.marks.append(_shape(group, id_, axes))
    elif re.match(r"[xy]tick_", id_):
        used = list(group.iter("use"))
        place = next(_points(used[:1] or group), (0.0, 0.0))
        drawing.ticks.append(Shape(id_, axes, Rectangle(*place, *place), lines=_words(group)))
    elif id_.startswith("text_") or (not id_ and group.find("text") is not None):
        drawing.texts.append(_shape(group, "", axes))
    else:
        inside = Drawing(drawing.marks, drawing.legends, drawing.ticks) if id_.startswith("legend_") else drawing
        for child in group.findall("g"):
            _read_group(child, axes, inside)


def _shape(group: Element, address: str, axes: str) -> Shape:
    points = list(map(_place, group.iter("text"))) or list(_points(group))  # words stand where they begin
    if not points:
        raise NoFigureError
    xs, ys = zip(*points, strict=True)
    style = next((path.get("style", "") for path in group.iter() if path.tag in ("path", "use")), "")
    fill = re.search(r"fill: ([^;]+)", style)
    colour = fill[1] if fill else "#000000" if style else ""
    return Shape(address, axes, Rectangle(min(xs), min(ys), max(xs), max(ys)), colour, _words(group))


def _words(group: Element) -> tuple[str, ...]:
    return tuple("".join(text.itertext()) for text in group.iter("text"))


def _points(group: Iterable[Element]) -> Iterator[tuple[float, float]]:
    """The points of paths, and the places of markers. What stands in `defs` is drawn elsewhere."""
    for child in group:
        if child.tag == "path":
            numbers = [float(n) for n in _NUMBER.findall(child.get("d", ""))]
            yield from zip(numbers[0::2], numbers[1::2], strict=False)
        elif child.tag == "use":
            yield float(child.get("x", 0)), float(child.get("y", 0))
        elif child.tag != "defs":
            yield from _points(child)


def _place(text: Element) -> tuple[float, float]:
    if "x" in text.attrib:
        return float(text.attrib["x"]), float(text.attrib["y"])
    moved = _MOVED.search(text.get("transform", ""))
    if not moved:
        raise NoFigureError
    return float(moved[1]), float(moved[2])
