"""Measure a finished figure: bars as long as their numbers say, dots where they belong, cells darker as the value grows.

What is measured is the `geometry` of the figure's declaration, with the drawing code out of sight.
`bars`: a length in proportion to a value, all stand-ins for hidden ones of one length; `dots`: a place on an axis; `cells`: a
colour that gets darker as the value grows. Of each: `axis`, and `value`, in which "measure" is the share, or the count where the
rule of the figure shows counts alone; `part`: only marks of that question; `beside`: the value is written beside the bar;
`apart`: marks with `value=…` in their address.
Of every figure the numbers in its words are held against its receipt. `loose`: not those outside marks (they hold a label or a
sum); `shared`: the words of a mark also hold numbers of other marks (3 of 7); `also`: numbers that are no count (1 of 3: the
quote that stands there). A figure without geometry shows no number by length, place or colour: what it shows is words, signs
and shades of k of n, of which nothing is measured.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from iww_analysis.figures.declaration import CATALOGUE, Catalogue
from iww_analysis.verify.finished import spelled
from iww_analysis.verify.finished.svg import Drawing, Rectangle, Shape, Tick

TOLERANCE = 0.1  # units of the page, of which there are 72 to an inch
_HALF_LETTER = 2.9  # from the middle of a line of text down to the line it stands on
_BESIDE = 3.5  # how far from the middle of its bar a number may stand

ReceiptMark = Mapping[str, Any]
Rule = Mapping[str, Any]


class Fault(NamedTuple):
    """What does not hold: which kind (`length`, `place`, `colour`, `number`, `scale`), and the mark's address or the axis."""

    kind: str
    mark: str


def base(address: str) -> str:
    """The address of the mark itself, where its numbers are drawn apart."""
    return re.sub(r"\|value=[^|]*$", "", address)


def measured(
    receipt: Mapping[str, Any], drawing: Drawing, lang: str, catalogue: Catalogue = CATALOGUE
) -> tuple[int, list[Fault]]:
    """Measure all that can be measured in a figure: how many measures were taken, and what does not hold."""
    n, faults = 0, list[Fault]()
    declared = catalogue[receipt["figure"]].geometry
    for way, measure in (("bars", _bars), ("dots", _dots), ("cells", _cells)):
        for rule in declared.get(way, ()):
            more, wrong = measure(rule, _chosen(receipt, drawing, rule), drawing, lang)
            n, faults = n + more, faults + wrong
    return n, faults


class Chosen(NamedTuple):
    """A mark of the receipt with its shape, and the value that it shows (None is hidden)."""

    shape: Shape
    mark: ReceiptMark
    value: float | None


def _chosen(receipt: Mapping[str, Any], drawing: Drawing, rule: Rule) -> list[Chosen]:
    name = rule["value"]
    if name == "measure":
        name = receipt["questions"][0]["unit"] if receipt["rule"]["name"] == "case_study" else "share"
    apart = bool(rule.get("apart"))
    shapes = {base(s.address): s for s in drawing.marks if not s.lines and (base(s.address) != s.address) == apart}
    return [
        Chosen(shapes[mark["address"]], mark, value if value is None else float(value))
        for mark in receipt["marks"]
        if mark["address"] in shapes and rule.get("part", mark["part"]) == mark["part"]
        for value in [{**mark["mark"], **mark["drawn"]}.get(name, "")]
        if value != ""
    ]


def _by_axes(chosen: Sequence[Chosen]) -> Iterator[tuple[str, list[Chosen]]]:
    by_axes = defaultdict(list)
    for one in chosen:
        by_axes[one.shape.axes].append(one)
    return iter(by_axes.items())


def _span(box: Rectangle, axis: str) -> tuple[float, float]:
    """Begin and end along an axis; on an upright one values grow upwards."""
    return (box.left, box.right) if axis == "x" else (-box.bottom, -box.top)


def _ticks(drawing: Drawing, axes: str, axis: str) -> list[tuple[float, float, Tick]]:
    """The ticks of an axis that say a number: value and place."""
    numbered = []
    for tick in drawing.ticks:
        value = _value(tick.text)
        if (tick.axes, tick.axis) == (axes, axis) and value is not None:
            numbered.append((value, tick.at if axis == "x" else -tick.at, tick))
    return numbered


def _value(text: str) -> float | None:
    plain = text.strip().replace(".", "").replace(",", "")
    if plain.endswith("%"):
        return int(plain[:-1]) / 100 if plain[:-1].isdigit() else None
    return float(plain) if plain.isdigit() else None


def _bars(rule: Rule, chosen: Sequence[Chosen], drawing: Drawing, lang: str) -> tuple[int, list[Fault]]:
    n, faults = 0, list[Fault]()
    for axes, mine in _by_axes(chosen):
        ticks = _ticks(drawing, axes, rule["axis"])
        spans = [(*_span(one.shape.box, rule["axis"]), one) for one in mine if one.value is not None]
        steps = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(ticks) if b[0] != a[0]]
        scales = [(end - begin) / one.value for begin, end, one in spans if one.value]
        held = _alike([one for one in mine if one.value is None], rule["axis"])
        n, faults = n + held[0], faults + held[1]
        if not scales and len(steps) < 2:  # nothing to hold a length or a tick against
            continue
        scale = median([*scales, *steps])
        n += len(scales) + len(steps)
        faults += [
            Fault("length", one.shape.address)
            for begin, end, one in spans
            if abs(end - begin - scale * (one.value or 0)) > TOLERANCE
        ]
        faults += [Fault("scale", axes) for step in steps if abs(step / scale - 1) > 0.01]
        if rule.get("beside"):
            n += len(mine)
            faults += [Fault("number", one.shape.address) for one in mine if not _says(one, drawing, lang)]
    return n, faults


def _alike(hidden: Sequence[Chosen], axis: str) -> tuple[int, list[Fault]]:
    """What stands in for hidden numbers is always of one size: it says nothing of them."""
    lengths = [end - begin for begin, end in (_span(one.shape.box, axis) for one in hidden)]
    usual = median(lengths) if lengths else 0
    pairs = zip(hidden, lengths, strict=True)
    return len(hidden), [Fault("length", one.shape.address) for one, length in pairs if abs(length - usual) > TOLERANCE]


def _says(one: Chosen, drawing: Drawing, lang: str) -> bool:
    """Whether the number beside a bar is its own. A hidden one may share its x with others, and stand without."""
    box = one.shape.box
    y = (box.top + box.bottom) / 2 + _HALF_LETTER
    near = [
        text
        for text in drawing.texts
        if text.axes == one.shape.axes and abs(text.box.top - y) < _BESIDE and text.box.left > box.right - TOLERANCE
    ]
    nearest = min(near, key=lambda text: (round(abs(text.box.top - y)), text.box.left), default=None)
    if nearest is None:
        return one.value is None
    numbers = set(spelled.tokens(nearest.text))
    return bool(numbers) and numbers <= spelled.of_mark(one.mark, lang)


def _dots(rule: Rule, chosen: Sequence[Chosen], drawing: Drawing, _: str) -> tuple[int, list[Fault]]:
    n, faults = 0, list[Fault]()
    for axes, mine in _by_axes(chosen):
        ticks = _ticks(drawing, axes, rule["axis"])
        if len(ticks) < 2:
            continue
        places = [(one.value, _span(one.shape.box, rule["axis"])[0], one) for one in mine if one.value is not None]
        n += len(places) + len(ticks)
        zero, scale = _line([(v, at) for v, at, _ in ticks] + [(v, at) for v, at, _ in places])
        faults += [Fault("place", one.shape.address) for v, at, one in places if abs(zero + scale * v - at) > TOLERANCE]
        faults += [Fault("scale", axes) for v, at, _ in ticks if abs(zero + scale * v - at) > TOLERANCE]
    return n, faults


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The straight line through most of the points: one that was moved does not move it."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for n, a in enumerate(points) for b in points[n + 1 :] if b[0] != a[0]]
    scale = median(slopes)
    return median(at - scale * value for value, at in points), scale


def _cells(_: Rule, chosen: Sequence[Chosen], drawing: Drawing, lang: str) -> tuple[int, list[Fault]]:
    """Colours from light to dark as values grow, and in each cell its own number."""
    faults = list[Fault]()
    shown = sorted((one for one in chosen if one.value is not None), key=lambda one: float(one.value or 0))
    usual = {value: Counter(one.shape.fill for one in shown if one.value == value).most_common(1)[0][0]
             for value in {one.value for one in shown}}  # fmt: skip
    darkest = 1.0
    for one in shown:
        light = _light(one.shape.fill)
        if one.shape.fill != usual[one.value] or light > darkest:
            faults.append(Fault("colour", one.shape.address))
        else:
            darkest = light
    for one in chosen:
        inside = [
            text
            for text in drawing.texts
            if text.axes == one.shape.axes and one.shape.box.holds(text.box.left, text.box.top - _HALF_LETTER)
        ]
        numbers = {token for text in inside for token in spelled.tokens(text.text)}
        if not numbers or not numbers <= spelled.of_mark(one.mark, lang):
            faults.append(Fault("number", one.shape.address))
    return len(shown) + len(chosen), faults


def _light(fill: str) -> float:
    """How light a colour is, from 0 to 1."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", fill):
        return 1.0
    red, green, blue = (int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue
