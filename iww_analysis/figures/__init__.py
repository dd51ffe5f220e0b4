"""Turn protected findings into figures: pictures, numbers and words, the same on every run.

What draws is loaded when it is first asked for: who only asks the question of a figure need not wait for it.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iww_analysis.figures.canvas.addresses import keys_of
    from iww_analysis.figures.declaration import CATALOGUE, Entry, is_drawable, lacking
    from iww_analysis.figures.draw_figures import bars, draw, draw_all
    from iww_analysis.figures.figure import Figure

__all__ = ["CATALOGUE", "Entry", "Figure", "bars", "draw", "draw_all", "is_drawable", "keys_of", "lacking"]

_STANDS_IN = {
    "CATALOGUE": "declaration", "Entry": "declaration", "is_drawable": "declaration", "lacking": "declaration",
    "Figure": "figure", "keys_of": "canvas.addresses",
    "bars": "draw_figures", "draw": "draw_figures", "draw_all": "draw_figures",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name in _STANDS_IN:
        return getattr(import_module(f"{__name__}.{_STANDS_IN[name]}"), name)
    if name == "words":  # how numbers, days and lists are written
        return import_module("iww_analysis.messages.numbers")
    if name.startswith("_") or find_spec(f"{__name__}.{name}") is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return [*__all__, "words"]
