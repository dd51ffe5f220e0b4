"""One writer at a time for each source and each report; what killed runs left is finished or cleared away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, NamedTuple

from iww_analysis.io.disk import files, folders
from iww_analysis.io.disk.folders import Kind
from iww_analysis.io.disk.home import FORM, Home
from iww_analysis.messages.errors import IwwError, fail

Subject = Literal["source", "report"]


@contextmanager
def held(home: Home, subject: Subject, name: str, seconds: float = files.PATIENCE) -> Iterator[None]:
    """Be the only run that writes a source (its deliveries, crosswalk and tables) or a report.

    Raises IwwError when another run still is after some seconds. A run may ask again for what it holds.
    """
    busy = fail("source_busy" if subject == "source" else "report_busy", name=name)
    file = f"{subject}.{re.sub('[^a-z0-9-]', '_', name)}"
    with files.locked(home.path / "data" / ".locks" / file, busy, seconds):
        yield


def sweep(home: Home) -> None:
    """Finish or clear away what killed runs left, save where another run is at work."""
    for subject, name in sorted({(left.subject, left.name) for left in _leftovers(home)}):
        with suppress(IwwError), held(home, subject, name, 0):
            for left in _leftovers(home):
                if (left.subject, left.name) == (subject, name):
                    left.clear()


class _Left(NamedTuple):
    """What was still being made, for which source or report, and as a set of which kind; None: a file by itself."""

    subject: Subject
    name: str
    path: Path
    kind: Kind | None = None

    def clear(self) -> None:
        if self.kind:
            folders.mend(self.path.with_name(files.place_of(self.path)), self.kind)
        else:
            with suppress(IwwError):
                files.remove(self.path)


def _leftovers(home: Home) -> Iterator[_Left]:
    crosswalks, processed, reports = home.crosswalk("-").parent, home.processed("-").parent, home.report("-").parent
    for path in files.temporaries(crosswalks):
        yield _Left("source", Path(files.place_of(path)).stem.removesuffix(FORM), path)
    yield from (_Left("source", files.place_of(path), path, folders.BUILD) for path in files.temporaries(processed))
    yield from (_Left("report", files.place_of(path), path, folders.REPORT) for path in files.temporaries(reports))
    for source in _subfolders(home.raw):
        yield from (_Left("source", source.name, path, folders.DELIVERY) for path in files.temporaries(source))
        yield from (
            _Left("source", source.name, path) for day in _subfolders(source) for path in files.temporaries(day)
        )
    for report in _subfolders(reports):
        yield from (_Left("report", report.name, path) for path in files.temporaries(report))


def _subfolders(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.is_dir() and not path.name.startswith(files.TEMPORARY)]
