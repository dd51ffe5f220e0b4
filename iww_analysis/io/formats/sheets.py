"""Read delivered files as sheets of text: text stays text, every row keeps its own number."""

import io
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from iww_analysis.io.disk import files
from iww_analysis.io.formats import spss, workbook
from iww_analysis.io.formats.text import Open, read_text
from iww_analysis.io.projects import qda
from iww_analysis.io.sandbox import preflight
from iww_analysis.messages.errors import IwwError, Place, fail
from iww_analysis.tables.raw_sheet import RawSheet, sheet_of_rows

SUFFIXES = frozenset(suffix for suffixes in preflight.NAMES.values() for suffix in suffixes)

HEAD = 4096  # bytes by which a text is told from anything else


def open_sheets(path: Path, expected: str) -> list[RawSheet]:
    """Open a raw file that must have the SHA-256 that was kept of it; a text file is read as its rows are asked for."""
    if files.sha256_of(path) != expected:
        raise fail("file_changed", Place(path.name))
    with files.opened(path) as stream:
        head = stream.read(HEAD)
    if len(head) == HEAD and _is_text(path.name, head):
        return _texts(path.name, head, partial(files.opened, path))
    return read_sheets(path, files.read_bytes(path))


def read_sheets(path: Path, content: bytes) -> list[RawSheet]:
    """Read every sheet of a file whose bytes are given. Raises IwwError when the file cannot be read."""
    if path.suffix.lower() not in SUFFIXES:
        raise fail("file_kind", Place(path.name), suffix=path.suffix.lower() or "-")
    if not content.strip():
        raise fail("file_empty", Place(path.name))
    if path.suffix.lower() in qda.SUFFIXES:
        return _virtual(path.name, content)
    recognised = preflight.recognise(path.name, content)
    match recognised.kind:
        case "text":
            return _texts(path.name, content, lambda: io.BytesIO(content))
        case "spss":
            sheets = spss.read_spss(path.name, content)
        case "qda":
            sheets = _virtual(path.name, content)
        case _:
            sheets = workbook.read_workbook(path.name, content)
    return [
        replace(sheet, notes=(*recognised.notes, *sheet.notes)) if not n else sheet for n, sheet in enumerate(sheets)
    ]


def _is_text(name: str, head: bytes) -> bool:
    """Whether the beginning of a file is a text's; what other readers take, or none, is seen when all of it is there."""
    try:
        return PurePath(name).suffix.lower() in SUFFIXES and preflight.recognise(name, head).kind == "text"
    except IwwError:
        return False


def _texts(name: str, head: bytes, open_: Open) -> list[RawSheet]:
    sheet = read_text(name, open_)
    return [replace(sheet, notes=(*preflight.recognise(name, head).notes, *sheet.notes))]


def _virtual(name: str, content: bytes) -> list[RawSheet]:
    tables, notes = qda.read_qda(name, content)
    return [
        sheet_of_rows(name, sheet, rows, notes=() if n else notes) for n, (sheet, rows) in enumerate(tables.items())
    ]
