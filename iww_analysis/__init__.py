"""From a municipality's messy case files to report figures that a reviewer can walk back to the source row.

The names a researcher types: `load`, the nouns, the questions (`compare`, `coverage`, `pathways`, `perspectives`, `voices`,
`arenas`, `displays`, `sessions`, `effects`, `configurations`), `charts` and `trace`.
"""

from pathlib import Path

from iww_analysis import arena as arena
from iww_analysis import build as _build
from iww_analysis import cases as cases
from iww_analysis import figures as charts
from iww_analysis import interviews as interviews
from iww_analysis import meetings as meetings
from iww_analysis import outcomes as outcomes
from iww_analysis import teams as teams
from iww_analysis import trace as _trace
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

__version__ = "0.3.0"
__all__ = [
    "Study", "arena", "arenas", "cases", "charts", "compare", "configurations", "coverage", "displays", "effects", "interviews",
    "load", "meetings", "notes", "outcomes", "pathways", "perspectives", "sessions", "teams", "trace", "voices",
]  # fmt: skip


def load(*sources: str, home: str | Path | None = None) -> Study:
    """Load sources as one study (all of them when none is named); what changed since the last build is built first."""
    where = _home.find(home)
    return _build.load(where, sources or where.sources())


def trace(figure: str, *, home: str | Path | None = None, internal: bool = False, **mark: str) -> _trace.Trace:
    """Walk from a mark back to the raw rows: `trace("F05", municipality="GM0243", reason="moved")`.

    The mark is sought in all sources of the home folder.
    """
    where = _home.find(home)
    study = _build.load(where, where.sources())
    return _trace.trace(study, _trace.raw_reader(where), figure, mark, internal=internal)
