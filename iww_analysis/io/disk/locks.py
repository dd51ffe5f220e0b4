"""One writer at a time for each source and each report; what killed runs left is finished or cleared away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from iww_analysis.io.disk import files, folders
from iww_analysis.io.disk.folders import Kind
from iww_analysis.io.disk.home import FIRST_ROWS, FORM, INTERNAL, Home
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
    for subject, name in sorted({leftover[:2] for leftover in _leftovers(home)}):
        with suppress(IwwError), held(home, subject, name, 0):
            for *owner, path, kind in _leftovers(home):
                if owner == [subject, name] and kind:
                    folders.mend(path.with_name(files.place_of(path)), kind)
                elif owner == [subject, name]:
                    with suppress(IwwError):
                        files.remove(path)


def _leftovers(home: Home) -> Iterator[tuple[Subject, str, Path, Kind | None]]:
    """What was still being made, for which source or report, and as a set of which kind; None: a file by itself."""
    crosswalks, processed = home.crosswalk("-").parent, home.processed("-").parent
    reports, internal, receipts = home.report("-").parent, home.report(INTERNAL).parent, home.receipts("-").parent
    for path in files.temporaries(crosswalks):
        yield "source", Path(files.place_of(path)).stem.removesuffix(FORM).removesuffix(FIRST_ROWS), path, None
    yield from (("source", files.place_of(path), path, folders.BUILD) for path in files.temporaries(processed))
    for place, kind in (
        (receipts, folders.RECEIPTS),
        (home.bundle("-").parent, folders.BUILD),
        (internal, folders.INTERNAL),
        (reports, folders.REPORT),
    ):
        yield from (("report", files.place_of(path), path, kind) for path in files.temporaries(place))
    for source in _subfolders(home.raw):
        kept = ((path, None if path.is_file() else folders.DELIVERY) for path in files.temporaries(source))
        yield from (("source", source.name, path, kind) for path, kind in kept)
        for day in _subfolders(source):
            yield from (("source", source.name, path, None) for path in files.temporaries(day))
    for report in (*_subfolders(internal), *_subfolders(reports)):
        yield from (("report", report.name, path, None) for path in files.temporaries(report))


def _subfolders(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.is_dir() and not path.name.startswith(files.TEMPORARY)]
