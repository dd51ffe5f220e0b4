"""Read and write whole files: every write lands beside its place and is renamed, so none is ever half-written.

What another program holds for a moment, as virus scanners and OneDrive do on Windows, is tried again for about a second.
"""

import errno
import hashlib
import json
import os
import re
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Any, TypeVar

from iww_analysis.errors import IwwError, Place, fail

TEMPORARY = ".iww-"  # start of the names of files that are still being written
WAITS = (0.05, 0.1, 0.2, 0.3, 0.35)  # seconds
LONGEST_PATH = 259 if os.name == "nt" else 4095  # signs
NOT_ON_WINDOWS = re.compile(r"""[<>:"/\\|?*\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)""", re.IGNORECASE)

T = TypeVar("T")


def sha256(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Read a file; a file that cannot be opened is a message, not a traceback."""
    with opened(path) as file:
        return file.read()


def opened(path: Path) -> BufferedReader:
    """Open a file for reading; one that cannot be opened is a message, not a traceback."""
    refuse_name(path.name)
    try:
        return _patiently(lambda: path.open("rb"))
    except OSError as error:
        raise _refusal(path, error) from None


def refuse_name(name: str) -> None:
    """Refuse a name that no file can have on Windows: what is read here must be readable there."""
    if NOT_ON_WINDOWS.search(name):
        raise fail("file_name", Place(name))


def _patiently(act: Callable[[], T]) -> T:
    for wait in WAITS:
        try:
            return act()
        except PermissionError:
            time.sleep(wait)
    return act()


def _refusal(path: Path, error: OSError) -> IwwError:
    """Say why a file could not be opened or written."""
    if error.errno == errno.ENAMETOOLONG or (error.errno == errno.ENOENT and len(str(path.absolute())) > LONGEST_PATH):
        return fail("path_long", Place(path.name), length=len(str(path.absolute())))
    if error.errno == errno.ENOENT:
        return fail("file_absent", Place(path.name))
    return fail("disk_full" if error.errno == errno.ENOSPC else "file_locked", Place(path.name))


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_toml(path: Path) -> dict[str, Any]:
    """Read TOML, with a byte-order mark too (Windows' Notepad writes one)."""
    try:
        return tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        detail = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "UTF-8"
        raise fail("toml_broken", Place(path.name), detail=detail) from None


def write_bytes(path: Path, content: bytes) -> bool:
    """Write a file beside its place and rename it; a file that already holds these bytes is left alone.

    Gives whether anything was written. A file open in another program is named in the message.
    """
    if path.exists() and read_bytes(path) == content:
        return False
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return True


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give an empty file beside a file; what stands in it at the end takes the file's place, whole, or nothing does."""
    refuse_name(path.name)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        _patiently(partial(temporary.replace, path))
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                _patiently(partial(temporary.unlink, missing_ok=True))


def remove(path: Path) -> None:
    """Take a file away; one that another program holds is named in the message."""
    try:
        _patiently(partial(path.unlink, missing_ok=True))
    except OSError as error:
        raise _refusal(path, error) from None


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
