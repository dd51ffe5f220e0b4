"""The figures of the study by hand, each drawn once per language, and what stands in their SVG."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from typing import NamedTuple

from iww_analysis import figures
from iww_analysis.figures.canvas import wrapping
from iww_analysis.figures.figure import Figure
from shared.study import by_hand

SVG = "{http://www.w3.org/2000/svg}"


def picture(name: str, lang: str = "nl") -> Figure:
    """A figure of the study by hand, drawn once per language."""
    return _picture(name, lang)


@cache
def _picture(name: str, lang: str) -> Figure:
    return figures.draw(name, by_hand(), lang=lang)


def tree(drawn: Figure) -> ET.Element:
    """The drawing as a tree of elements."""
    return _tree(drawn.svg)


@cache
def _tree(svg: bytes) -> ET.Element:
    return ET.fromstring(svg)


def addresses(drawn: Figure) -> list[str]:
    """The ids in an SVG that belong to marks."""
    return [e.attrib["id"] for e in tree(drawn).iter() if e.attrib.get("id", "").startswith(f"{drawn.id}|")]


def texts_in(drawn: Figure) -> list[str]:
    """The texts in an SVG."""
    return ["".join(e.itertext()).strip() for e in tree(drawn).iter(f"{SVG}text")]


def text_in(drawn: Figure) -> str:
    """All words of a picture, in one line."""
    return " ".join(" ".join(texts_in(drawn)).split())


class Box(NamedTuple):
    """A line of text on the page, in points from its top left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: "Box") -> bool:
        """Whether the letters of two lines run into each other; a tail may touch the line below."""
        across, down = min(self.x1, other.x1) - max(self.x0, other.x0), min(self.y1, other.y1) - max(self.y0, other.y0)
        return across > 0.5 and down > 1


def boxes(drawn: Figure) -> list[Box]:
    """Where the texts of an SVG lie, by the widths of their letters."""
    return [box(e) for e in tree(drawn).iter(f"{SVG}text") if "".join(e.itertext()).strip()]


def box(element: ET.Element) -> Box:
    """Where one text lies; it is level, or it is read from below."""
    text, look = "".join(element.itertext()).strip(), element.attrib["style"]
    size = float(re.findall(r"font-size: ([\d.]+)px", look)[0])
    width = 72 * wrapping.width(text, size, "bold" if "font-weight: 700" in look else "normal")
    before = (
        width * {"start": 0.0, "middle": 0.5, "end": 1.0}[next(iter(re.findall(r"text-anchor: (\w+)", look)), "start")]
    )
    place = element.attrib.get("x", ""), element.attrib.get("y", "")
    x, y = map(float, place if all(place) else re.findall(r"translate\((\S+) (\S+)\)", element.attrib["transform"])[0])
    if "rotate(-90" in element.attrib["transform"]:
        return Box(text, x - 0.76 * size, y - width + before, x + 0.24 * size, y + before)
    return Box(text, x - before, y - 0.76 * size, x - before + width, y + 0.24 * size)
