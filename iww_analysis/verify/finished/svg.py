"""Read a finished figure as an SVG file: its marks with their place and colour, its texts, and what its axes say."""

import re
from collections.abc import Iterator
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
    except _BROKEN:
        raise NoFigureError from None
    drawing, n_texts = Drawing(), 0
    for element in root.iter():
        n_texts += _tag(element) == "text"
        if _acts(element):
            raise NoFigureError
    for figure in root.findall("{*}g"):
        _read_group(figure, "", drawing)
    written: list[Shape | Tick] = [*drawing.marks, *drawing.texts, *drawing.legends, *drawing.ticks]
    if sum(len(each.lines) for each in written) != n_texts:
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
    except _BROKEN:
        raise NoFigureError from None


def _acts(element: Element) -> bool:
    """Whether an element could act or leads out of the file."""
    names = [(name.rpartition("}")[2], value) for name, value in element.attrib.items()]
    leads_out = any(name == "href" and not value.startswith("#") for name, value in names)
    return _tag(element) in _FORBIDDEN or leads_out or any(name.startswith("on") for name, _ in names)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _read_group(group: Element, axes: str, drawing: Drawing) -> None:
    """Go through the groups: axes, their ticks and legends, marks (whose id is an address), and loose texts."""
    id_ = group.get("id", "")
    axes = id_ if id_.startswith("axes_") else axes
    if "|" in id_:
        drawing.marks.append(_shape(group, id_, axes))
    elif re.match(r"[xy]tick_", id_):
        drawing.ticks.append(_tick(group, axes, id_[0]))
    elif id_.startswith("text_") or (not id_ and group.find("{*}text") is not None):
        drawing.texts.append(_shape(group, "", axes))
    else:
        inside = Drawing(drawing.marks, drawing.legends, drawing.ticks) if id_.startswith("legend_") else drawing
        for child in group.findall("{*}g"):
            _read_group(child, axes, inside)


def _shape(group: Element, address: str, axes: str) -> Shape:
    texts = [text for text in group.iter() if _tag(text) == "text"]
    points = list(map(_place, texts)) or list(_points(group))  # words stand where they begin, whatever lies behind
    if not points:
        raise NoFigureError
    xs, ys = zip(*points, strict=True)
    return Shape(address, axes, Rectangle(min(xs), min(ys), max(xs), max(ys)), _fill(group), _words(texts))


def _words(texts: list[Element]) -> tuple[str, ...]:
    return tuple("".join(text.itertext()) for text in texts)


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
    moved = _MOVED.search(text.get("transform", ""))
    if not moved:
        raise NoFigureError
    return float(moved[1]), float(moved[2])


def _fill(group: Element) -> str:
    style = next((path.get("style", "") for path in group.iter() if _tag(path) in ("path", "use")), "")
    fill = re.search(r"fill: ([^;]+)", style)
    return fill[1] if fill else "#000000" if style else ""


def _tick(group: Element, axes: str, axis: str) -> Tick:
    used = next((use for use in group.iter() if _tag(use) == "use"), None)
    x, y = next(_points(group), (0.0, 0.0)) if used is None else (float(used.get("x", 0)), float(used.get("y", 0)))
    return Tick(axes, axis, x if axis == "x" else y, _words([text for text in group.iter() if _tag(text) == "text"]))
