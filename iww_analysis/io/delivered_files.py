"""Read a delivered file of any kind as sheets of text: text stays text, every row keeps its own number.

What a file is, its bytes say (`formats/preflight.py`). A new kind of file is a module in `formats/` or `projects/`, a line in
`preflight` by which it is known, and a case here. Each reader is loaded when the first file of its kind comes.
"""

import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from iww_analysis.io.disk import files
from iww_analysis.io.formats import preflight
from iww_analysis.io.formats.preflight import SUFFIXES, Recognised
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.tables.raw_sheet import RawSheet, sheet_of_rows

HEAD = 4096  # bytes by which a text is told from anything else


def open_sheets(path: Path, expected: str) -> list[RawSheet]:
    """Open a raw file that must have the SHA-256 that was kept of it."""
    if files.sha256_of(path) != expected:
        raise fail("file_changed", Place(path.name))
    return open_any(path)


def open_any(path: Path) -> list[RawSheet]:
    """Open a file wherever it lies; a text file is read as its rows are asked for."""
    with files.opened(path) as stream:
        head = stream.read(HEAD)
    if len(head) == HEAD and path.suffix.lower() in SUFFIXES:
        recognised = None
        with suppress(IwwError):  # what other readers take, or none, is seen when all of the file is there
            recognised = preflight.recognise(path.name, head)
        if recognised and recognised.kind == "text":
            return _read(recognised, path.name, partial(files.opened, path))
    return read_sheets(path, files.read_bytes(path))


def read_sheets(path: Path, content: bytes) -> list[RawSheet]:
    """Read every sheet of a file whose bytes are given. Raises IwwError when the file cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise fail("file_kind", Place(path.name), suffix=suffix or "-")
    if not content.strip():
        raise fail("file_empty", Place(path.name))
    is_project = suffix in preflight.NAMES["qda"]
    recognised = Recognised("qda") if is_project else preflight.recognise(path.name, content)
    return _read(recognised, path.name, lambda: io.BytesIO(content))


def _read(recognised: Recognised, name: str, open_: Callable[[], BinaryIO]) -> list[RawSheet]:
    """Read a file of a known kind; what a person should know of all of it is said of its first sheet."""
    notes: Sequence[Message] = ()
    match recognised.kind:
        case "text":
            from iww_analysis.io.formats.text import read_text

            sheets = [read_text(name, open_)]
        case "spss":
            from iww_analysis.io.formats.spss import read_cases
            from iww_analysis.io.formats.workbook import read_in_child

            sheets = read_in_child(read_cases, name, open_().read())
        case "qda":
            from iww_analysis.io.projects.qda import read_qda

            tables, notes = read_qda(name, open_().read())
            sheets = [sheet_of_rows(name, sheet, rows) for sheet, rows in tables.items()]
        case _:
            from iww_analysis.io.formats.workbook import read_workbook

            sheets = read_workbook(name, open_().read())
    return [replace(sheets[0], notes=(*recognised.notes, *notes, *sheets[0].notes)), *sheets[1:]] if sheets else []
