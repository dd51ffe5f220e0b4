"""Hold a finished figure: its pictures, its numbers, its words, and what tells one drawing from another."""

import base64
import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from iww_analysis.disclosure import Protected
from iww_analysis.figures import texts
from iww_analysis.figures.canvas.style import Pictures
from iww_analysis.figures.texts import FigureTexts
from iww_analysis.messages.errors import Message
from iww_analysis.messages.numbers import HIDDEN

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Figure:
    """A figure as it may leave: drawn from protected numbers alone. Pictures and numbers are bytes of files.

    `protected` is None, and `lacking` says what is missing, where the figure could not be drawn.
    `csv`: the drawn numbers, with a byte-order mark so that a spreadsheet reads the letters right. `counted`: the unit of its
    first question and how many there are. `stopped`: what kept it from being drawn, where that is no lack of data.
    """

    id: str
    lang: str
    title: str
    caption: str
    alt: str
    caveats: tuple[str, ...]
    protected: Protected | None
    pictures: Pictures = field(repr=False, compare=False)
    csv: bytes = field(repr=False)
    marks_digest: str
    numbers_digest: str
    lacking: tuple[str, ...] = ()
    counted: str = "n = –"
    stopped: tuple[Message, ...] = ()

    @property
    def svg(self) -> bytes:
        """The picture as SVG."""
        return self.pictures.svg

    @property
    def png(self) -> bytes:
        """The picture as PNG."""
        return self.pictures.png

    def __repr__(self) -> str:
        numbers, marks = texts.word("numbers", self.lang), texts.word("marks", self.lang)
        return f"{self.id} · {self.counted} · {numbers} {self.numbers_digest[:6]} · {marks} {self.marks_digest[:6]}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        return {"text/plain": repr(self), "image/png": base64.b64encode(self.png).decode()}


def marks_digest(drawing: Drawing) -> str:
    """A hash over every artist with an address: what it is, where it lies in the data, its colour and its text."""
    artists = drawing.findobj(lambda artist: bool(artist.get_gid()))
    lines = sorted("|".join((str(a.get_gid()), type(a).__name__, *_appearance(a))) for a in artists)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _appearance(artist: Artist) -> list[str]:
    if isinstance(artist, Text):
        return [*_numbers(artist.get_position()), artist.get_text(), to_hex(artist.get_color())]
    if isinstance(artist, Line2D):
        look = (artist.get_marker(), artist.get_fillstyle(), to_hex(artist.get_color()), artist.get_markerfacecolor())
        return [*_numbers(artist.get_xydata()), *map(str, look)]
    if isinstance(artist, Patch):
        corners = artist.get_path().transformed(artist.get_patch_transform()).get_extents()
        colour = to_hex(artist.get_facecolor(), keep_alpha=True)
        return [*_numbers(corners.get_points()), str(artist.get_hatch() or ""), colour]
    raise TypeError(type(artist).__name__)


def _numbers(values: Any) -> list[str]:
    return [f"{float(value):.6g}" for value in np.asarray(values, dtype=float).ravel()]


def numbers_as_csv(data: Protected, words: FigureTexts, lang: str) -> bytes:
    """The drawn numbers: per key its code and its label, then the values; a hidden value is x."""
    codes = {key: set(data.marks[key].astype(str)) - {""} for key in data.keys}
    lists = [key for key in data.keys if any(words.label(key, code, lang) != code for code in codes[key])]
    parts = ["part"] if len(set(data.marks["part"])) > 1 else []
    named = [texts.key(key, lang) + " (label)" for key in lists]
    lines = [
        [*(texts.value(part, lang) for part in parts), *data.keys, *named, *(texts.value(n, lang) for n in data.values)]
    ]
    for row in data.marks.to_dict("records"):
        labels = [words.label(key, str(row[key]), lang) if row[key] != "" else "" for key in lists]
        values = [_value(row[name], name, bool(row["hidden"]), lang) for name in data.values]
        lines.append([*(str(row[name]) for name in (*parts, *data.keys)), *labels, *values])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if lang == "nl" else ",", lineterminator="\r\n")
    writer.writerows([_cell(text) for text in line] for line in lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _value(value: Any, name: str, hidden: bool, lang: str) -> str:
    if pd.isna(value):
        return HIDDEN if hidden and name.startswith(("n_", "share")) else ""
    if isinstance(value, float):
        text = f"{value:.6g}"
        return text.replace(".", ",") if lang == "nl" else text
    return str(value)


def _cell(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets a sign in front; a negative number stays a number."""
    number_like = text[1:].replace(",", "").replace(".", "").isdigit() and text[:1] == "-"
    return f"'{text}" if text.startswith(_FORMULA) and not number_like else text
