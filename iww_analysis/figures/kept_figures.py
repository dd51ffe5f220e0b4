"""Keep what the notebooks of a report draw, so that each of its figures is drawn once, by whoever asks for it first.

Only the study of the report itself has a shelf, and only in the language and with the protection of the report: a part of it,
another study or another form is drawn and not kept.
"""

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

from iww_analysis.analysis.answer import AnsweredTables
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study
from iww_analysis.figures.figure import Figure

Drawn = tuple[Figure, Finding | None]  # with what it was drawn from; None where it is a panel that says what lacks


class Shelf(Protocol):
    """Where the processes that make one report leave contents for one another, by name."""

    def read(self, name: str) -> bytes | None:
        """Give what was left under a name, if anything was."""

    def write(self, name: str, content: bytes) -> None:
        """Leave something under a name."""


@dataclass(frozen=True, kw_only=True)
class ReportStudy(Study):
    """The study of a report that is being made: it answers each question once, and what is drawn of it is kept."""

    lang: str
    internal: bool
    shelf: Shelf


def of_report(study: Study, lang: str, shelf: Shelf, *, internal: bool) -> ReportStudy:
    """Give a study as that of a report in this language and with this protection."""
    parts = {each.name: getattr(study, each.name) for each in fields(Study)}
    tables = AnsweredTables(dict(study.tables.items()), settled=study.tables.settled)
    return ReportStudy(**parts | {"tables": tables}, lang=lang, internal=internal, shelf=shelf)


def shelf_of(study: Study, lang: str, *, internal: bool) -> Shelf | None:
    """Give the shelf on which a drawing of a study belongs, if it is one of the report's own."""
    return study.shelf if isinstance(study, ReportStudy) and (study.lang, study.internal) == (lang, internal) else None


def read(shelf: Shelf, ids: Iterable[str]) -> dict[str, Drawn]:
    """Give of these figures those that were drawn already."""
    contents = {id_: shelf.read(id_) for id_ in ids}
    return {id_: pickle.loads(content) for id_, content in contents.items() if content}


def write(shelf: Shelf, drawn: Sequence[Drawn]) -> None:
    """Keep figures with the findings they were drawn from."""
    for figure, finding in drawn:
        shelf.write(figure.id, pickle.dumps((figure, finding)))


def share(study: Study, lang: str, shelf: Shelf, *, internal: bool) -> None:
    """Leave the study of a report for the kernels of its notebooks."""
    shelf.write("study", pickle.dumps((study, lang, internal)))


def shared(shelf: Shelf, sources: Sequence[str]) -> ReportStudy | None:
    """Give the study of the report, where these are its sources."""
    content = shelf.read("study")
    study, lang, internal = pickle.loads(content) if content else (None, "", False)
    return of_report(study, lang, shelf, internal=internal) if study and study.sources == tuple(sources) else None
