"""Read a finished figure as an SVG file: its marks with their place and colour, its texts, and what its axes say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element, XMLParser, fromstring
from xml.parsers import expat

_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_FORBIDDEN = ("script", "foreignObject", "iframe", "image", "animate", "set")  # what no figure of ours holds


class Box(NamedTuple):
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
    box: Box
    fill: str = ""
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words, lines joined."""
        return " ".join(self.lines).replace("\u00a0", " ")


class Tick(NamedTuple):
    """A tick of an axis: where it stands, and what stands with it."""

    axes: str
    axis: str  # x or y
    at: float
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words, lines joined."""
        return " ".join(self.lines)


@dataclass
class Drawing:
    """A figure as it stands in its file. `texts`: words without an address, outside the ticks."""

    marks: list[Shape] = field(default_factory=list)
    texts: list[Shape] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    legends: list[Shape] = field(default_factory=list)


class NoFigureError(ValueError):
    """The file is no SVG as this library makes them: broken, or with something in it that could act or reach out."""


def read(content: bytes) -> Drawing:
    """Read a figure. Raises NoFigureError for XML with entities, scripts, links that lead out, or no XML."""
    _refuse_entities(content)
    try:
        root = fromstring(content, XMLParser(encoding="utf-8"))
    except (expat.ExpatError, SyntaxError, ValueError, LookupError):
        raise NoFigureError from None
    drawing = Drawing()
    for element in root.iter():
        _refuse(element)
    for figure in root.findall("{*}g"):
        _walk(figure, "", drawing)
    said: list[Shape | Tick] = [*drawing.marks, *drawing.texts, *drawing.legends, *drawing.ticks]
    if sum(len(each.lines) for each in said) != len([element for element in root.iter() if _tag(element) == "text"]):
        raise NoFigureError  # words where this library writes none
    return drawing


def _refuse_entities(content: bytes) -> None:
    """The document type that matplotlib writes is empty; one that defines something is refused, and so are instructions."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise NoFigureError

    parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NoFigureError from None


def _refuse(element: Element) -> None:
    leads_out = any(name.rpartition("}")[2] == "href" and not to.startswith("#") for name, to in element.attrib.items())
    acts = any(name.rpartition("}")[2].startswith("on") for name in element.attrib)
    if _tag(element) in _FORBIDDEN or leads_out or acts:
        raise NoFigureError


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _walk(group: Element, axes: str, drawing: Drawing) -> None:
    """Go through the groups: axes, their ticks and legends, marks (whose id is an address), and loose texts."""
    id_ = group.get("id", "")
    if id_.startswith("axes_"):
        axes = id_
    if "|" in id_:
        drawing.marks.append(_shape(group, id_, axes))
    elif re.match(r"[xy]tick_", id_):
        drawing.ticks.append(_tick(group, axes, id_[0]))
    elif id_.startswith("text_") or (not id_ and group.find("{*}text") is not None):
        drawing.texts.append(_shape(group, "", axes))
    else:
        inside = Drawing(drawing.marks, drawing.legends, drawing.ticks) if id_.startswith("legend_") else drawing
        for child in group.findall("{*}g"):
            _walk(child, axes, inside)


def _shape(group: Element, address: str, axes: str) -> Shape:
    texts = [text for text in group.iter() if _tag(text) == "text"]
    points = [_place(text) for text in texts] or list(
        _points(group)
    )  # words stand where they begin, whatever lies behind
    if not points:
        raise NoFigureError
    lines = tuple("".join(text.itertext()) for text in texts)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Shape(address, axes, Box(min(xs), min(ys), max(xs), max(ys)), _fill(group), lines)


def _points(group: Element) -> Iterator[tuple[float, float]]:
    """The points of paths, and the places of markers and texts. What stands in `defs` is drawn elsewhere."""
    for child in group:
        tag = _tag(child)
        if tag == "path":
            numbers = [float(n) for n in _NUMBER.findall(child.get("d", ""))]
            yield from zip(numbers[0::2], numbers[1::2], strict=False)
        elif tag == "use":
            yield float(child.get("x", 0)), float(child.get("y", 0))
        elif tag != "defs":
            yield from _points(child)


def _place(text: Element) -> tuple[float, float]:
    if "x" in text.attrib:
        return float(text.attrib["x"]), float(text.attrib["y"])
    moved = re.search(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)", text.get("transform", ""))
    if not moved:
        raise NoFigureError
    return float(moved[1]), float(moved[2])


def _fill(group: Element) -> str:
    found = next((path.get("style", "") for path in group.iter() if _tag(path) in ("path", "use")), "")
    fill = re.search(r"fill: ([^;]+)", found)
    return fill[1] if fill else "#000000" if found else ""


def _tick(group: Element, axes: str, axis: str) -> Tick:
    words = tuple("".join(text.itertext()) for text in group.iter() if _tag(text) == "text")
    used = next((use for use in group.iter() if _tag(use) == "use"), None)
    if used is None:
        x, y = next(_points(group), (0.0, 0.0))
    else:
        x, y = float(used.get("x", 0)), float(used.get("y", 0))
    return Tick(axes, axis, x if axis == "x" else y, words)
