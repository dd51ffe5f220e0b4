"""Read and write whole files: every write lands beside its place and is renamed, so none is ever half-written.

What is being written is named `.iww-<kind>.<name of its place>.<anything>`: `locks.sweep` clears away what a killed run left.
What another program holds for a moment, as virus scanners and OneDrive do on Windows, is tried again for about a second.
"""

import errno
import hashlib
import json
import os
import re
import secrets
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from io import BufferedReader
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from iww_analysis.messages.errors import IwwError, Place, fail

TEMPORARY = ".iww-"  # start of the names of files that are still being written
PATIENCE = 10.0  # seconds to wait for another run of this software
LONGEST_NAME = 100  # signs of a file's name that its temporary bears too
WAITS = (0.05, 0.1, 0.2, 0.3, 0.35)  # seconds
LONGEST_PATH = 259 if os.name == "nt" else 4095  # signs
NOT_ON_WINDOWS = re.compile(r"""[<>:"/\\|?*\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)""", re.IGNORECASE)

OF_CODE = (".py", ".toml", ".key", ".html", ".css", ".js", ".gz")
REFUSALS = {
    errno.ENOENT: "file_absent", errno.EFBIG: "file_too_big", errno.EIO: "disk_failed", errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
}  # fmt: skip

T = TypeVar("T")


def sha256(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Read a file; a file that cannot be opened is a message, not a traceback."""
    with opened(path) as file:
        return file.read()


def read_if_there(path: Path) -> bytes:
    """Read a file that may not be there, or go while another run replaces it: then there is nothing in it."""
    try:
        return read_bytes(path)
    except IwwError as error:
        if error.messages[0].code != "file_absent":
            raise
        return b""


def opened(path: Path) -> BufferedReader:
    """Open a file for reading; one that cannot be opened is a message, not a traceback."""
    refuse_name(path.name)
    try:
        return patiently(lambda: path.open("rb"))
    except OSError as error:
        raise refusal(path, error) from None


def refuse_name(name: str) -> None:
    """Refuse a name that no file can have on Windows: what is read here must be readable there."""
    if NOT_ON_WINDOWS.search(name):
        raise fail("file_name", Place(name))


def patiently(act: Callable[[], T]) -> T:
    """Do what another program can stand in the way of for a moment."""
    for wait in WAITS:
        try:
            return act()
        except PermissionError:
            time.sleep(wait)
    return act()


def refusal(path: Path, error: OSError) -> IwwError:
    """Say why a file could not be opened or written."""
    length = len(str(path.absolute()))
    if error.errno == errno.ENAMETOOLONG or (error.errno == errno.ENOENT and length > LONGEST_PATH):
        return fail("path_long", Place(path.name), length=length)
    return fail(REFUSALS.get(error.errno or 0, "file_locked"), Place(path.name))


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal; computed once while it is the same file of the same length and time."""
    refuse_name(path.name)
    try:
        state = path.stat()
    except OSError as error:
        raise refusal(path, error) from None
    return _sha256_of(path, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=10_000)
def _sha256_of(path: Path, state: tuple[int, int, int]) -> str:
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_in(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each file of a folder, by name; a dash for one that another program holds."""
    return {path.name: sha256_or("-", path) for path in sorted(folder.iterdir()) if path.is_file()}


def sha256_or(instead: str, path: Path) -> str:
    """Give the SHA-256 of a file, or something instead where it cannot be read."""
    try:
        return sha256_of(path)
    except IwwError:
        return instead


def sha256_below(folder: Path, names: Sequence[str]) -> str:
    """Give one SHA-256 over the code and its data in these files and folders within a folder: their paths and bytes."""
    paths = (path for name in names for path in (folder / name, *(folder / name).rglob("*")))
    ours = {path for path in paths if path.suffix in OF_CODE}
    lines = [f"{path.relative_to(folder).as_posix()}:{sha256(read_bytes(path))}" for path in sorted(ours)]
    return sha256("\n".join(lines).encode())


def are_there(folder: Path, names: Sequence[str]) -> bool:
    """Say whether a folder holds all of these files."""
    return all((folder / name).is_file() for name in names)


def read_toml(path: Path) -> dict[str, Any]:
    """Read TOML, with a byte-order mark too (Windows' Notepad writes one)."""
    try:
        return tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        detail = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "UTF-8"
        raise fail("toml_broken", Place(path.name), detail=detail) from None


def first_folder(*folders: Path) -> Path:
    """Give the first of some folders that is there, or the last."""
    return next((folder for folder in folders if folder.is_dir()), folders[-1])


def read_all(folder: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    """Read the files of a folder whose path in it matches one of these patterns, by that path."""
    paths = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    return {path.relative_to(folder).as_posix(): read_bytes(path) for path in paths}


def write_bytes(path: Path, content: bytes) -> bool:
    """Write a file beside its place and rename it; a file that already holds these bytes is left alone.

    Gives whether anything was written. A file open in another program is named in the message.
    """
    if holds(path, content):
        return False
    refuse_name(path.name)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{TEMPORARY}file.{path.name[:LONGEST_NAME]}.", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        patiently(partial(temporary.replace, path))
        sync(path.parent)
    except OSError as error:
        raise refusal(path, error) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                patiently(partial(temporary.unlink, missing_ok=True))
    return True


def exists(path: Path) -> bool:
    """Say whether a file or folder is there."""
    return path.exists()


def within(path: Path, name: str) -> Path:
    """Give the place of a file called `name` in a folder; a path that is no folder is the place itself."""
    return path / name if path.is_dir() else path


def read_toml_text(path: Path) -> str:
    """Read TOML as it is written, nothing where there is no file; one that is broken is a message."""
    if not (content := read_if_there(path)):
        return ""
    read_toml(path)
    return content.decode("utf-8-sig")


def holds(path: Path, content: bytes | Path) -> bool:
    """Say whether a file holds just these bytes, or those of another file, already."""
    if not path.is_file():
        return False
    if isinstance(content, Path):
        return path.stat().st_size == content.stat().st_size and sha256_of(path) == sha256_of(content)
    return path.stat().st_size == len(content) and read_bytes(path) == content


def sync(folder: Path) -> None:
    """Have a folder's names on the disk, where the system can: Windows cannot, nor can some network drives."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)


def temporary_name(path: Path, kind: str) -> Path:
    """Give a name for what is still being made beside its place."""
    return path.with_name(f"{TEMPORARY}{kind}.{path.name[:LONGEST_NAME]}.{secrets.token_hex(4)}")


def temporaries(folder: Path, kind: str = "", name: str = "") -> list[Path]:
    """What lies in a folder and is, or was, still being made: of one kind, or for one place."""
    pattern = f"{TEMPORARY}{kind}.*" if kind else f"{TEMPORARY}*"
    return [path for path in sorted(folder.glob(pattern)) if name in ("", place_of(path))]


def clear(path: Path) -> None:
    """Take away what killed runs left beside a file that nobody else writes now."""
    for left in temporaries(path.parent, "file", path.name):
        remove(left)


def place_of(temporary: Path) -> str:
    """The name of the file or folder that something was being made for."""
    return temporary.name.removeprefix(TEMPORARY).partition(".")[2].rpartition(".")[0]


@contextmanager
def locked(path: Path, busy: IwwError, seconds: float = PATIENCE) -> Iterator[None]:
    """Hold a lock, kept in an empty file; the system lets go of it when the process ends, however it ends.

    Raises `busy` when another process holds it for longer than some seconds. Who holds it may ask for it again.
    """
    lock = FileLock(path, is_singleton=True)
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        raise busy from None
    except OSError as error:
        raise refusal(path, error) from None
    try:
        yield
    finally:
        lock.release()


def remove(path: Path) -> None:
    """Take a file away; one that another program holds is named in the message."""
    try:
        patiently(partial(path.unlink, missing_ok=True))
    except OSError as error:
        raise refusal(path, error) from None


def write_text(path: Path, text: str) -> bool:
    """Write UTF-8 text with newlines as given."""
    return write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, document: Mapping[str, Any]) -> bool:
    """Write JSON in one stable form."""
    return write_text(path, as_json(document))


def as_json(document: object) -> str:
    """Give JSON in one stable form: readable, sorted as given, newline at the end."""
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def read_json(path: Path) -> Any:
    """Read JSON."""
    return json.loads(read_bytes(path).decode("utf-8"))
