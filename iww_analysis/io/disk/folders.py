"""Replace a folder as one set: at every instant the old set or the new one can be had whole, also when a run is killed.

The new set is made within a folder beside it (`new`), which is renamed `ready` when all of it is on the disk; then old and new
change places by two renames. Who comes next finishes what was ready and clears away the rest (`mend`). What lies beside is one
folder deeper than the set's own place, so that nobody takes it for one. A set has one writer at a time: the caller has its lock.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from iww_analysis.io.disk import files
from iww_analysis.io.disk.files import temporaries, temporary_name


class Kind(NamedTuple):
    """What a set is. `ours`: entries that go when a new set lacks them (None: all); anything else in the folder stays.

    `restricted`: whether only who wrote it may open it, where the system has such rights.
    """

    ours: Sequence[str] | None
    restricted: bool


SET = "0"  # the name of a set within its temporary folder
DELIVERY = Kind((), restricted=True)
BUILD = Kind(None, restricted=True)
RECEIPTS = BUILD
BUNDLE = Kind(None, restricted=False)
_OF_REPORTS = ("figures", "receipts", "notebooks", "manifest.sig")  # receipts: where they lay before 0.6, so they go
REPORT = Kind(_OF_REPORTS, restricted=False)
INTERNAL = Kind(_OF_REPORTS, restricted=True)


def write(folder: Path, contents: Iterable[tuple[str, bytes | Path]], kind: Kind) -> list[str]:
    """Make a folder hold these files, given by their path in it; all of them appear, or none does.

    What a file holds is given, or the place of a file to copy, of any length. Gives the paths that changed. When there is
    none, nothing is written; files that stay the same keep their time.
    """
    place = folder
    new = temporary_name(folder, "new") / SET  # made by the first file that differs
    changed, names = [], []
    try:
        _finish(folder, kind)
        for name, content in contents:
            place = folder / name
            names.append(name)
            if not files.holds(place, content):
                _put(new, name, content, kind)
                changed.append(name)
            del content  # before the next one is made
        gone = _gone(folder, names, kind)
        if changed or gone:
            for name in (name for name in names if name not in changed):  # what stays the same keeps its time
                place = folder / name
                status = place.stat()
                _put(new, name, place, kind)
                os.utime(new / name, ns=(status.st_atime_ns, status.st_mtime_ns))
            place = folder
            _exchange(new, folder, names, kind)
    except OSError as error:
        raise files.refusal(_held(folder) or place if isinstance(error, PermissionError) else place, error) from None
    finally:
        _remove(new.parent)
    return [*changed, *gone]


@contextmanager
def temporary(place: Path, kind: str) -> Iterator[Path]:
    """Make a folder beside a place, for this user alone and for as long as it is used."""
    folder = temporary_name(place, kind)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        _remove(folder)


def make_for_owner(folder: Path) -> None:
    """Make a folder that others cannot open, where there is none yet and the system has such rights."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise files.refusal(folder, error) from None


def move(folder: Path, to: Path) -> None:
    """Move a folder to a place that is free, numbered where that is taken; one that is gone stays gone."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        places = (to.with_name(f"{to.name}.{n}" if n > 1 else to.name) for n in range(1, 1000))
        free = next(place for place in places if not place.exists())
        if folder.exists():
            files.patiently(lambda: folder.replace(free))
    except OSError as error:
        raise files.refusal(_held(folder) or folder, error) from None


def remove(folder: Path) -> None:
    """Take a folder away with all that is in it; one that another program holds is named in the message."""
    try:
        if folder.exists():
            files.patiently(partial(shutil.rmtree, folder))
    except OSError as error:
        raise files.refusal(_held(folder) or folder, error) from None


def mend(folder: Path, kind: Kind) -> None:
    """Finish what a killed run had ready for a folder, and clear away what it had not."""
    with suppress(OSError):  # held by another program: the next run tries again
        _finish(folder, kind)


def _finish(folder: Path, kind: Kind) -> None:
    for ready in temporaries(folder.parent, "ready", folder.name):
        if (ready / SET).exists():
            _swap(ready, folder, temporary_name(folder, "old"), kind)
    for old in temporaries(folder.parent, "old", folder.name):
        if (old / SET).exists():
            if folder.exists():
                _take_along(old / SET, folder, kind)
            else:
                files.patiently(partial((old / SET).replace, folder))
    for left in temporaries(folder.parent, name=folder.name):
        _remove(left)


def _put(new: Path, name: str, content: bytes | Path, kind: Kind) -> None:
    """Write a file in the new set, whose folders are made as they are needed."""
    files.refuse_name(Path(name).name)
    if not new.exists():
        new.parent.parent.mkdir(parents=True, exist_ok=True)
        new.parent.mkdir(mode=0o700)
        new.mkdir(mode=0o700 if kind.restricted else 0o777)
    path = new / name
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
    if isinstance(content, Path):
        shutil.copyfile(content, path)
    with path.open("ab" if isinstance(content, Path) else "xb") as file:
        if isinstance(content, bytes):
            file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _gone(folder: Path, names: Sequence[str], kind: Kind) -> list[str]:
    """What is there and ours, and not in the new set."""
    there = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    tops = {Path(name).parts[0] for name in names if "/" in name} | set(kind.ours or ())
    mine = [path for path in there if kind.ours is None or (len(path.parts) > 1 and path.parts[0] in tops)]
    return sorted({path.as_posix() for path in mine} - set(names))


def _exchange(new: Path, folder: Path, names: Sequence[str], kind: Kind) -> None:
    """Let the new set take the place of the old one; when that fails, the old one comes back."""
    for inside in (new, *(path for path in new.rglob("*") if path.is_dir())):
        files.sync(inside)
    ready, old = temporary_name(folder, "ready"), temporary_name(folder, "old")
    files.patiently(lambda: new.parent.replace(ready))
    try:
        _swap(ready, folder, old, kind)
    except OSError:
        _undo(ready, folder, old, {Path(name).parts[0] for name in names})
        raise
    _remove(ready)
    _remove(old)


def _swap(ready: Path, folder: Path, old: Path, kind: Kind) -> None:
    files.sync(folder.parent)
    if folder.exists():
        old.mkdir(mode=0o700)
        files.patiently(lambda: folder.replace(old / SET))
    for left in temporaries(folder.parent, "old", folder.name):
        _take_along(left / SET, ready / SET, kind)
    files.patiently(lambda: (ready / SET).replace(folder))
    files.sync(folder.parent)


def _take_along(old: Path, to: Path, kind: Kind) -> None:
    """Move what is not ours from the old set to the new one."""
    if kind.ours is not None and old.exists():
        for path in old.iterdir():
            if path.name not in kind.ours and not (to / path.name).exists():
                path.replace(to / path.name)


def _undo(ready: Path, folder: Path, old: Path, ours: set[str]) -> None:
    """Put the old set back where it was. What fails here too is finished by `mend`."""
    with suppress(OSError):
        if (old / SET).exists() and not folder.exists():
            for path in (ready / SET).iterdir():
                if path.name not in ours:
                    path.replace(old / SET / path.name)
            (old / SET).replace(folder)
        if not (old / SET).exists():
            _remove(old)
        ready.replace(given_up := temporary_name(folder, "new"))  # half removed it may not be taken for ready
        _remove(given_up)


def _held(folder: Path) -> Path | None:
    """The file in a folder that another program holds, if it can be found."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                with path.open("rb+"):
                    pass
            except OSError:
                return path
    return None


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
