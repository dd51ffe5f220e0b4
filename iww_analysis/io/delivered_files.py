"""Read a delivered file of any kind as sheets of text: text stays text, every row keeps its own number.

What a file is, its bytes say (`formats/preflight.py`). A new kind of file is a module in `formats/` or `projects/`, a line in
`preflight` by which it is known, and a case here. Each reader is loaded when the first file of its kind comes.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO

from iww_analysis.io.disk import files
from iww_analysis.io.formats import preflight
from iww_analysis.io.formats.preflight import SUFFIXES
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.tables.raw_sheet import RawSheet, sheet_of_rows

HEAD = 4096  # bytes by which a text is told from anything else


def open_sheets(path: Path, expected: str) -> list[RawSheet]:
    """Open a raw file that must have the SHA-256 that was kept of it; a text file is read as its rows are asked for."""
    if files.sha256_of(path) != expected:
        raise fail("file_changed", Place(path.name))
    with files.opened(path) as stream:
        head = stream.read(HEAD)
    if len(head) == HEAD and _is_text(path.name, head):
        return _text(path.name, head, partial(files.opened, path))
    return read_sheets(path, files.read_bytes(path))


def read_sheets(path: Path, content: bytes) -> list[RawSheet]:
    """Read every sheet of a file whose bytes are given. Raises IwwError when the file cannot be read."""
    if path.suffix.lower() not in SUFFIXES:
        raise fail("file_kind", Place(path.name), suffix=path.suffix.lower() or "-")
    if not content.strip():
        raise fail("file_empty", Place(path.name))
    if path.suffix.lower() in preflight.NAMES["qda"]:
        return _sheets("qda", path.name, content)
    recognised = preflight.recognise(path.name, content)
    if recognised.kind == "text":
        return _text(path.name, content, lambda: io.BytesIO(content))
    return _with_notes(recognised.notes, _sheets(recognised.kind, path.name, content))


def _sheets(kind: str, name: str, content: bytes) -> list[RawSheet]:
    match kind:
        case "spss":
            from iww_analysis.io.formats.spss import read_spss

            return read_spss(name, content)
        case "qda":
            from iww_analysis.io.projects.qda import read_qda

            tables, notes = read_qda(name, content)
            return _with_notes(notes, [sheet_of_rows(name, sheet, rows) for sheet, rows in tables.items()])
        case _:
            from iww_analysis.io.formats.workbook import read_workbook

            return read_workbook(name, content)


def _text(name: str, head: bytes, open_: Callable[[], BinaryIO]) -> list[RawSheet]:
    from iww_analysis.io.formats.text import read_text

    return _with_notes(preflight.recognise(name, head).notes, [read_text(name, open_)])


def _with_notes(notes: Sequence[Message], sheets: Sequence[RawSheet]) -> list[RawSheet]:
    """Say of the first sheet what a person should know of the whole file."""
    return [replace(sheet, notes=(*notes, *sheet.notes)) if not n else sheet for n, sheet in enumerate(sheets)]


def _is_text(name: str, head: bytes) -> bool:
    """Whether the beginning of a file is a text's; what other readers take, or none, is seen when all of it is there."""
    try:
        return PurePath(name).suffix.lower() in SUFFIXES and preflight.recognise(name, head).kind == "text"
    except IwwError:
        return False
