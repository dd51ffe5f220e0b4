"""From a municipality's messy case files to report figures that a reviewer can walk back to the source row.

The names a researcher types: `load`, the nouns, the questions (`compare`, `coverage`, `pathways`, `perspectives`, `voices`,
`arenas`, `displays`, `sessions`, `effects`, `configurations`), `charts`, `trace` and `walk_back`; and for a delivery `add`,
`propose`, `take_in`, `check`, `deliveries` and `write_report`. What a person must act on is raised as `IwwError`. Each is loaded
when it is first used.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from iww_analysis import disclosure, vocabulary
    from iww_analysis import figures as charts
    from iww_analysis.analysis.notes import notes
    from iww_analysis.analysis.questions import (
        arenas,
        compare,
        configurations,
        coverage,
        displays,
        effects,
        pathways,
        perspectives,
        sessions,
        voices,
    )
    from iww_analysis.analysis.study import Study
    from iww_analysis.cleaning.rules import arena, cases, interviews, meetings, outcomes, teams
    from iww_analysis.commands.add import Added
    from iww_analysis.io.disk.home import Home
    from iww_analysis.messages.errors import IwwError, Lang, Message
    from iww_analysis.report.page import data_quality_of as data_quality
    from iww_analysis.tables import TABLES
    from iww_analysis.tracing.trace import Trace

__version__ = "0.5.0"
_QUESTIONS = (
    "arenas", "compare", "configurations", "coverage", "displays", "effects", "pathways", "perspectives", "sessions", "voices",
)  # fmt: skip
_NOUNS = ("arena", "cases", "interviews", "meetings", "outcomes", "teams")
_PLACES = {
    **{name: f"analysis.questions.{name}" for name in _QUESTIONS},
    **{name: f"cleaning.rules.{name}" for name in _NOUNS},
    "charts": "figures", "disclosure": "disclosure", "vocabulary": "vocabulary",
    "IwwError": "messages.errors:IwwError", "Study": "analysis.study:Study",
    "data_quality": "report.page:data_quality_of", "notes": "analysis.notes:notes", "TABLES": "tables:TABLES",
}  # fmt: skip
__all__ = [
    "TABLES", "IwwError", "Study", "add", "arena", "arenas", "cases", "charts", "check", "compare", "configurations", "coverage",
    "data_quality", "deliveries", "disclosure", "displays", "effects", "interviews", "load", "meetings", "notes",
    "outcomes", "pathways", "perspectives", "propose", "sessions", "take_in", "teams", "trace", "vocabulary", "voices",
    "walk_back", "write_report",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return resolve_name(f"{__name__}.{_PLACES[name]}")


def __dir__() -> list[str]:
    return __all__


def _home(given: str | Path | None) -> "Home":
    from iww_analysis.io.disk.home import find

    return find(given)


def _day(text: str) -> dt.date:
    from iww_analysis.messages.errors import fail

    try:
        return dt.date.fromisoformat(text) if text else dt.date.today()  # noqa: DTZ011 - as the command does
    except ValueError:
        raise fail("received_day", found=text) from None


def load(*sources: str, home: str | Path | None = None) -> "Study":
    """Load sources as one study (all of them when none is named); what changed since the last build is built first."""
    from iww_analysis.commands import build

    where = _home(home)
    return build.load(where, sources or where.sources())


def deliveries(home: str | Path | None = None) -> dict[str, tuple[dt.date, ...]]:
    """Every source of the home folder, with the days on which its deliveries were received."""
    where = _home(home)
    days = {source: where.deliveries(source) for source in where.sources()}
    return {source: tuple(dt.date.fromisoformat(day.name) for day in folders) for source, folders in days.items()}


def add(
    source: str, *paths: str | Path, received: str = "", municipality: str = "", study: str = "", lang: "Lang" = "nl",
    home: str | Path | None = None,
) -> "Added":  # fmt: skip
    """Add a delivery, received on a day such as "2024-05-01" (none: today): its files are copied, and what is sure of their
    crosswalk written.

    What is not sure is asked in an Excel form beside the crosswalk; see `take_in`. Paths are whole, or from the home folder.
    """
    from iww_analysis.commands import add as adding

    where, day = _home(home), _day(received)
    files = [where.path / path for path in paths]
    return adding.add(where, source, files, day, yes=True, municipality=municipality, study=study, lang=lang)


def take_in(source: str, form: str | Path, *, lang: "Lang" = "nl", home: str | Path | None = None) -> "Added":
    """Take in the answers of a filled-in form, as if the crosswalk and the card of origin were edited by hand."""
    from iww_analysis.commands import add as adding

    where = _home(home)
    return adding.take_in(where, source, where.path / form, lang=lang)


def propose(source: str, *, lang: "Lang" = "nl", home: str | Path | None = None) -> "pd.DataFrame":
    """What would be proposed for a source that is there, if it were new: one row per sheet, heading and unknown word.

    Columns: file, sheet, heading, word, proposal ("?" first: to be asked), confidence (0 to 100), reason. Nothing is written.
    """
    from iww_analysis.commands import add as adding

    return adding.propose_anew(_home(home), source, lang=lang)


def check(*sources: str, home: str | Path | None = None) -> "list[Message]":
    """What a person should look at in these sources (all of them when none is named); nothing is written."""
    from iww_analysis.commands import check as checking

    where = _home(home)
    return checking.check(where, sources or where.sources())


def write_report(
    *sources: str, name: str, lang: "Lang" = "nl", internal: bool = False, home: str | Path | None = None
) -> Path:
    """Make and store the report of some sources, where anything changed since it was made; gives the place of its page."""
    from iww_analysis.commands import report as reporting

    where = _home(home)
    made = reporting.report(where, sources, name, lang=lang, internal=internal)
    if not made.current:
        reporting.write(where, made)
    return where.report(name) / "index.html"


def trace(
    figure: str, mark: Mapping[str, str] | None = None, /, *, report: str = "all", sources: Sequence[str] = (),
    home: str | Path | None = None, internal: bool = False, **keys: str,
) -> "pd.DataFrame":  # fmt: skip
    """The rows of the raw files behind a mark: `trace("F05", municipality="GM0243", reason="moved")`.

    One row per raw row: the keys of its mark, source, received, file, sheet, row, and `changes`: what stood in the cells
    that decided and what it became. A key that is no name in Python goes in a mapping: `trace("F12", {"case": "N1"})`.
    Without any key: all marks. The mark is sought in `sources`, else in those of the report, else in all of the home folder.
    See `walk_back` for the numbers, the single cells, the fragments of interviews and the SQL.
    """
    return walk_back(figure, mark, report=report, sources=sources, home=home, internal=internal, **keys).frame


def walk_back(
    figure: str, mark: Mapping[str, str] | None = None, /, *, report: str = "all", sources: Sequence[str] = (),
    home: str | Path | None = None, internal: bool = False, **keys: str,
) -> "Trace":  # fmt: skip
    """All that stands behind a mark: `marks`, `rows`, `values`, `fragments`, `base` and `sql`; asked as `trace` is."""
    from iww_analysis.commands import trace as command

    return command.walk_back(_home(home), figure, {**(mark or {}), **keys}, report, sources, internal=internal)
