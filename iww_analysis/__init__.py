"""From a municipality's messy case files to report figures that a reviewer can walk back to the source row.

The names a researcher types: `load`, the nouns, the questions (`compare`, `coverage`, `pathways`, `perspectives`, `voices`,
`arenas`, `displays`, `sessions`, `effects`, `configurations`), `charts`, `trace` and `walk_back`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from iww_analysis import arena as arena
from iww_analysis import cases as cases
from iww_analysis import figures as charts
from iww_analysis import interviews as interviews
from iww_analysis import meetings as meetings
from iww_analysis import outcomes as outcomes
from iww_analysis import teams as teams
from iww_analysis import trace as _trace  # before the function of that name
from iww_analysis.analysis import arenas as arenas
from iww_analysis.analysis import compare as compare
from iww_analysis.analysis import configurations as configurations
from iww_analysis.analysis import coverage as coverage
from iww_analysis.analysis import displays as displays
from iww_analysis.analysis import effects as effects
from iww_analysis.analysis import pathways as pathways
from iww_analysis.analysis import perspectives as perspectives
from iww_analysis.analysis import sessions as sessions
from iww_analysis.analysis import voices as voices
from iww_analysis.io import home as _home
from iww_analysis.study import Study as Study
from iww_analysis.study import notes as notes

__version__ = "0.4.1"
__all__ = [
    "Study", "arena", "arenas", "cases", "charts", "compare", "configurations", "coverage", "displays", "effects", "interviews",
    "load", "meetings", "notes", "outcomes", "pathways", "perspectives", "sessions", "teams", "trace", "voices", "walk_back",
]  # fmt: skip


def load(*sources: str, home: str | Path | None = None) -> Study:
    """Load sources as one study (all of them when none is named); what changed since the last build is built first."""
    from iww_analysis import build

    where = _home.find(home)
    return build.load(where, sources or where.sources())


def trace(
    figure: str, mark: Mapping[str, str] | None = None, /, *, report: str = "all", sources: Sequence[str] = (),
    home: str | Path | None = None, internal: bool = False, **keys: str,
) -> pd.DataFrame:  # fmt: skip
    """The rows of the raw files behind a mark: `trace("F05", municipality="GM0243", reason="moved")`.

    One row per raw row: the keys of its mark, source, received, file, sheet, row, and `changes`: what stood in the cells
    that decided and what it became. A key that is no name in Python goes in a mapping: `trace("F12", {"case": "N1"})`.
    Without any key: all marks. The mark is sought in `sources`, else in those of the report, else in all of the home folder.
    See `walk_back` for the numbers, the single cells, the fragments of interviews and the SQL.
    """
    found = walk_back(figure, mark, report=report, sources=sources, home=home, internal=internal, **keys)
    return found.frame


def walk_back(
    figure: str, mark: Mapping[str, str] | None = None, /, *, report: str = "all", sources: Sequence[str] = (),
    home: str | Path | None = None, internal: bool = False, **keys: str,
) -> _trace.Trace:  # fmt: skip
    """All that stands behind a mark: `marks`, `rows`, `values`, `fragments`, `base` and `sql`; asked as `trace` is."""
    from iww_analysis.desk import desk, of_report

    where = _home.find(home)
    reported, was_internal = of_report(where, report)
    return desk(where, sources or reported).trace(figure, {**(mark or {}), **keys}, internal=internal or was_internal)
