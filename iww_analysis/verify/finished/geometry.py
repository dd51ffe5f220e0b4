"""Measure a finished figure: bars as long as their numbers say, dots where they belong, cells darker as the value grows.

What is measured is the `geometry` of the figure's declaration, with the drawing code out of sight.
`bars`: a length in proportion to a value, all stand-ins for hidden ones of one length; `dots`: a place on an axis; `cells`: a
colour that gets darker as the value grows. Of each: `axis`, and `value`, in which "measure" is the share, or the count where the
rule of the figure shows counts alone; `part`: only marks of that question; `beside`: the value is written beside the bar;
`apart`: marks with `value=…` in their address; `within`: a dot stands anywhere between its value and the next.
Of every figure the numbers in its words are held against its receipt. `loose`: not those outside marks (they hold a label or a
sum); `shared`: the words of a mark also hold numbers of other marks (3 of 7); `also`: numbers that are no count (1 of 3: the
quote that stands there). A figure without geometry shows no number by length, place or colour: what it shows is words, signs
and shades of k of n, of which nothing is measured.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby, pairwise
from statistics import median
from typing import Any, NamedTuple

from iww_analysis.figures.declaration import CATALOGUE, Catalogue
from iww_analysis.verify.finished import spelled
from iww_analysis.verify.finished.svg import Drawing, Shape

TOLERANCE = 0.1  # units of the page, of which there are 72 to an inch
_HALF_LETTER = 2.9  # from the middle of a line of text down to the line it stands on
_BESIDE = 3.5  # how far from the middle of its bar a number may stand

ReceiptMark = Mapping[str, Any]
Rule = Mapping[str, Any]
Fault = tuple[str, str]  # kind (`length`, `place`, `colour`, `number`, `scale`), and the mark's address or the axis


def base(address: str) -> str:
    """The address of the mark itself, where its numbers are drawn apart."""
    return re.sub(r"\|value=[^|]*$", "", address)


class Chosen(NamedTuple):
    """A mark of the receipt with its shape, where that begins and ends along the axis, and the value that it shows.

    On an upright axis values grow upwards. A hidden value is None.
    """

    shape: Shape
    begin: float
    end: float
    mark: ReceiptMark
    value: float | None

    @property
    def length(self) -> float:
        """How far the shape reaches along the axis."""
        return self.end - self.begin


def measured(
    receipt: Mapping[str, Any], drawing: Drawing, lang: str, catalogue: Catalogue = CATALOGUE
) -> tuple[int, list[Fault]]:
    """Measure all that can be measured in a figure: how many measures were taken, and what does not hold."""
    n, faults = 0, list[Fault]()
    declared = catalogue[receipt["figure"]].geometry
    for way, measure in (("bars", _bars), ("dots", _dots), ("cells", _cells)):
        for rule in declared.get(way, ()):
            by_axes = defaultdict[str, list[Chosen]](list)
            for one in _chosen(receipt, drawing, rule):
                by_axes[one.shape.axes if way != "cells" else ""].append(one)  # a colour means the same in every panel
            for axes, chosen in by_axes.items():
                more, wrong = measure(rule, axes, chosen, drawing, lang)
                n, faults = n + more, faults + wrong
    return n, faults


def _chosen(receipt: Mapping[str, Any], drawing: Drawing, rule: Rule) -> Iterator[Chosen]:
    name = rule["value"]
    if name == "measure":
        name = receipt["questions"][0]["unit"] if receipt["rule"]["name"] == "case_study" else "share"
    apart = bool(rule.get("apart"))
    shapes = {base(s.address): s for s in drawing.marks if not s.lines and (base(s.address) != s.address) == apart}
    for mark in receipt["marks"]:
        value = {**mark["mark"], **mark["drawn"]}.get(name, "")
        if mark["address"] in shapes and rule.get("part", mark["part"]) == mark["part"] and value != "":
            shape = shapes[mark["address"]]
            left, top, right, bottom = shape.box
            span = (-bottom, -top) if rule.get("axis") == "y" else (left, right)
            yield Chosen(shape, *span, mark, None if value is None else float(value))


def _ticks(drawing: Drawing, axes: str, axis: str) -> list[tuple[float, float]]:
    """The ticks of an axis that say a number: value and place."""
    numbered = []
    for tick in drawing.ticks:
        plain = tick.text.strip().replace(".", "").replace(",", "")
        if (tick.axes, tick.address[0]) == (axes, axis) and plain.removesuffix("%").isdigit():
            value = int(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
            numbered.append((value, tick.box.left if axis == "x" else -tick.box.top))
    return numbered


def _bars(rule: Rule, axes: str, bars: Sequence[Chosen], drawing: Drawing, lang: str) -> tuple[int, list[Fault]]:
    """Lengths in proportion to values; what stands in for hidden ones is always of one size: it says nothing of them."""
    hidden, shown = ([bar for bar in bars if (bar.value is None) == is_hidden] for is_hidden in (True, False))
    usual = median([bar.length for bar in hidden] or [0])
    n, faults = len(hidden), [("length", bar.shape.address) for bar in hidden if abs(bar.length - usual) > TOLERANCE]
    steps = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(_ticks(drawing, axes, rule["axis"])) if b[0] != a[0]]
    scales = [bar.length / bar.value for bar in shown if bar.value]
    if not scales and len(steps) < 2:  # nothing to hold a length or a tick against
        return n, faults
    scale = median([*scales, *steps])
    faults += [("length", bar.shape.address) for bar in shown if abs(bar.length - scale * (bar.value or 0)) > TOLERANCE]
    faults += [("scale", axes) for step in steps if abs(step / scale - 1) > 0.01]
    beside = bars if rule.get("beside") else ()
    faults += [("number", bar.shape.address) for bar in beside if not _says(bar, drawing, lang)]
    return n + len(scales) + len(steps) + len(beside), faults


def _says(one: Chosen, drawing: Drawing, lang: str) -> bool:
    """Whether the number beside a bar is its own. A hidden one may share its x with others, and stand without."""
    box = one.shape.box
    y = (box.top + box.bottom) / 2 + _HALF_LETTER
    near = [
        (round(abs(text.box.top - y)), text.box.left, text.text) for text in drawing.texts
        if text.axes == one.shape.axes and abs(text.box.top - y) < _BESIDE and text.box.left > box.right - TOLERANCE
    ]  # fmt: skip
    if not near:
        return one.value is None
    numbers = {*spelled.tokens(min(near, key=lambda text: text[:2])[2])}
    return bool(numbers) and numbers <= spelled.of_mark(one.mark, lang)


def _dots(rule: Rule, axes: str, dots: Sequence[Chosen], drawing: Drawing, _: str) -> tuple[int, list[Fault]]:
    """Places on one scale with the ticks."""
    ticks = _ticks(drawing, axes, rule["axis"])
    if len(ticks) < 2:
        return 0, []
    if rule.get("within"):
        return _within(axes, dots, ticks)
    places = [(("scale", axes), *tick) for tick in ticks]
    places += [(("place", dot.shape.address), dot.value, dot.begin) for dot in dots if dot.value is not None]
    zero, scale = _line([(value, at) for _, value, at in places])
    return len(places), [fault for fault, value, at in places if abs(zero + scale * value - at) > TOLERANCE]


def _within(axes: str, dots: Sequence[Chosen], ticks: Sequence[tuple[float, float]]) -> tuple[int, list[Fault]]:
    """Places between the tick of a value and the next, on the scale of the ticks alone."""
    zero, scale = _line(ticks)
    faults = [("scale", axes) for value, at in ticks if abs(zero + scale * value - at) > TOLERANCE]
    shown = [(dot, zero + scale * dot.value) for dot in dots if dot.value is not None]
    faults += [
        ("place", dot.shape.address) for dot, at in shown
        if dot.begin < at - TOLERANCE or dot.end > at + scale - TOLERANCE
    ]  # fmt: skip
    return len(ticks) + len(shown), faults


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The straight line through most of the points (Theil and Sen's): one that was moved does not move it."""
    scale = median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if b[0] != a[0])
    return median(at - scale * value for value, at in points), scale


def _cells(_rule: Rule, _axes: str, cells: Sequence[Chosen], drawing: Drawing, lang: str) -> tuple[int, list[Fault]]:
    """Colours from light to dark as values grow, and in each cell its own number."""
    faults, darkest = list[Fault](), 1.0
    shown = sorted((cell for cell in cells if cell.value is not None), key=lambda cell: cell.value or 0)
    for _, alike in groupby(shown, key=lambda cell: cell.value):
        of_value = list(alike)
        usual = Counter(cell.shape.fill for cell in of_value).most_common(1)[0][0]
        for cell in of_value:
            if cell.shape.fill != usual or _light(usual) > darkest:
                faults.append(("colour", cell.shape.address))
            else:
                darkest = _light(usual)
    for cell in cells:
        inside = [
            text.text for text in drawing.texts
            if text.axes == cell.shape.axes and cell.shape.box.holds(text.box.left, text.box.top - _HALF_LETTER)
        ]  # fmt: skip
        numbers = {token for text in inside for token in spelled.tokens(text)}
        if not numbers or not numbers <= spelled.of_mark(cell.mark, lang):
            faults.append(("number", cell.shape.address))
    return len(shown) + len(cells), faults


def _light(fill: str) -> float:
    """How light a colour is, from 0 to 1."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", fill):
        return 1.0
    red, green, blue = (int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue
