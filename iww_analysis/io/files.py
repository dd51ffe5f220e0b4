"""Read and write whole files: every write lands beside its place and is renamed, so none is ever half-written."""

import hashlib
import json
import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iww_analysis.errors import Place, fail

TEMPORARY = ".iww-"  # start of the names of files that are still being written


def sha256(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Read a file; a file that cannot be opened is a message, not a traceback."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise fail("file_absent", Place(path.name)) from None
    except OSError:
        raise fail("file_locked", Place(path.name)) from None


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
    try:
        if path.exists() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    except OSError:
        raise fail("file_locked", Place(path.name)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        raise fail("file_locked", Place(path.name)) from None
    finally:
        Path(name).unlink(missing_ok=True)
    return True


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
