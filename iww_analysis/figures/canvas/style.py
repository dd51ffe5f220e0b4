"""Set how every figure looks: sizes, letters, colours that also work in grey, and files that come out the same each time."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from iww_analysis.figures.canvas.wrapping import SMALL as SMALL

WIDTH = 6.3  # inches: 16 cm, the text width of a report page
DPI = 150
COMPRESSION = 8  # of PNG: at 9 a picture takes three times as long and is half a per cent smaller

TITLE, SUBTITLE = 11.0, 8.5  # letter sizes in points at print width; nothing is smaller than SMALL
LINE = 1.28  # distance between lines, in letter heights

LINES = ("-", "--", ":", "-.", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINE_COLOURS = ("#12355b", "#c4651a", "#2a8a78", "#7a4a90", "#4a4a4a", "#a0791a")

Look = Mapping[str, Any]
_LOOKS = tomllib.loads(files(__package__).joinpath("looks.toml").read_text(encoding="utf-8"))
_COLOURS: dict[str, str] = _LOOKS["colours"]
INK, GREY, LIGHT, PAPER, MAIN, ACCENT, WARNING = (
    _COLOURS[name] for name in ("ink", "grey", "light", "paper", "main", "accent", "warning")
)


def _coloured(look: Look, **also: str) -> dict[str, Any]:
    """A look with the colours that it names."""
    return {name: _COLOURS.get(str(value), value) for name, value in look.items()} | also


_OURS = _coloured(_LOOKS["matplotlib"])
BOXES, BARS = ({name: _coloured(look) for name, look in _LOOKS[kind].items()} for kind in ("boxes", "bars"))
SIGNS, EVENTS, WAYS = (
    {name: _coloured(look, linestyle="none") for name, look in _LOOKS[kind].items()}
    for kind in ("signs", "events", "ways")
)
_KEEP = ("backend", "interactive", "webagg", "tk.", "toolbar", "savefig.directory", "timezone", "docstring")


@contextmanager
def style() -> Iterator[None]:
    """Draw within this: matplotlib's own defaults and ours, whatever the notebook or the laptop has set."""
    theirs = mpl.rcParamsDefault.items()
    defaults: dict[Any, Any] = {name: value for name, value in theirs if not name.startswith(_KEEP)}
    with mpl.rc_context(defaults | _OURS):
        yield


class Pictures:
    """A drawing as files, each made when it is first asked for; the same drawing gives the same bytes.

    Pickled it is both pictures, without the drawing. The canvases are asked themselves: `savefig` draws everything once more
    beforehand, for a layout that is settled here.
    """

    def __init__(self, drawing: Figure) -> None:
        self._drawing = drawing

    def __getstate__(self) -> dict[str, bytes]:
        return {"svg": self.svg, "png": self.png}

    @cached_property
    def svg(self) -> bytes:
        """The drawing as SVG, each mark with its address."""
        content = BytesIO()
        with style():
            canvas: Any = FigureCanvasSVG(self._settled)
            canvas.print_svg(content, metadata={"Date": None, "Creator": None})
        return content.getvalue()

    @cached_property
    def png(self) -> bytes:
        """The drawing as PNG, in 256 colours: a third of the size, and nothing that an eye sees is lost (with 64 it is)."""
        content = BytesIO()
        with style():
            self._settled.dpi = DPI  # the other canvas sets its own
            canvas: Any = FigureCanvasAgg(self._settled)
            canvas.draw()
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        picture.quantize(256).save(content, format="png", compress_level=COMPRESSION, dpi=(DPI, DPI))
        return content.getvalue()

    @cached_property
    def _settled(self) -> Figure:
        """The drawing, laid out for good: the last bits of the solver differ from run to run, and ids in an SVG follow them."""
        self._drawing.draw_without_rendering()
        self._drawing.set_layout_engine("none")
        for axes in self._drawing.axes:
            axes.set_position(Bbox(axes.get_position().get_points().round(6)))
        return self._drawing
