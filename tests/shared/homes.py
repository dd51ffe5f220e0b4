"""Homes made in a test: files, workbooks, deliveries with their card, a crosswalk."""

import io
import os
import tomllib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from iww_analysis.io.disk.home import Home
from shared.sources import HOME

Rows = Sequence[Sequence[object]]

Content = str | bytes | Mapping[str, Rows]  # text of a csv file, bytes, or the sheets of a workbook


KEY = sha256(b"a key of tests").digest()


def key_in(path: Path, key: bytes = KEY) -> Path:
    """Put a key for pseudonyms in a file, as its owner keeps it."""
    path.write_text(key.hex(), encoding="ascii")
    path.chmod(0o600)
    return path


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Make the bytes of a workbook with openpyxl."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_bytes(content: Content) -> bytes:
    """Give the bytes of a file."""
    if isinstance(content, bytes):
        return content
    return content.encode("utf-8") if isinstance(content, str) else workbook(content)


AGREED = 'consent = { everyone = "yes", according_to = "de onderzoekers" }'
CARD = """
format = "iww-origin/1"
source = "{source}"
municipality = ["GM0243"]
received = {received}
extraction_date = {extraction_date}
period = ["2018-01-01", "{extraction_date}"]
regime = "{regime}"
study = "{study}"
{consent}
synthetic = true
[files]
{files}
"""


def deliver(
    home: Home, source: str, files: Mapping[str, Content], *, received: str = "2021-01-15", extraction_date: str = "2020-12-31",
    regime: str = "register", study: str = "", more: str = "", consent: str = AGREED,
) -> Path:  # fmt: skip
    """Put a delivery and its card in a home; `more` stands above the other lines of the card.

    `consent`: the line that says whether everyone agreed.
    """
    folder = home.raw / source / received
    folder.mkdir(parents=True)
    written = {
        name: as_bytes(content) for name, content in files.items()
    }  # once: a workbook bears the second it was made
    for name, content in written.items():
        (folder / name).write_bytes(content)
    lines = "\n".join(f'"{name}" = "{sha256(content).hexdigest()}"' for name, content in written.items())
    card = CARD.format(
        source=source,
        received=received,
        extraction_date=extraction_date,
        regime=regime,
        study=study,
        files=lines,
        consent=consent,
    )
    (folder / "origin.toml").write_text(more + card, encoding="utf-8")
    return folder


def home_with(folder: Path, files: Mapping[str, Content], crosswalk: str, *, source: str = "here", **card: str) -> Home:
    """Make a home in a folder: one source, one delivery, its crosswalk (format and source are put above it)."""
    home = Home(folder)
    home.crosswalk(source).parent.mkdir(parents=True, exist_ok=True)
    head = f'format = "iww-crosswalk/1"\nsource = "{source}"\n'
    tomllib.loads(head + crosswalk)  # a slip in a test is said here, not by the code under test
    home.crosswalk(source).write_text(head + crosswalk, encoding="utf-8")
    deliver(home, source, files, **card)
    return home


def corpus(path: str) -> Path:
    """A shared test file written by others; where there are none the test is skipped, and says so."""
    folder = HOME.path.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"no shared corpora beside the repository: {path}")
    if not (folder / path).exists() and os.environ.get("CI") != "true":
        pytest.skip(f"not among the shared corpora: {path}")
    return folder / path


def case_files(number: str, name: str = "*") -> list[Path]:
    """The files of a small shared case (`../shared/cases`); where there are no cases the test is skipped, and says so."""
    folder = HOME.path.parent / "shared" / "cases"
    found = [path for path in sorted(folder.glob(f"{number}-*/{name}")) if path.is_file() and path.suffix != ".md"]
    if not found:
        pytest.skip(f"no shared cases beside the repository: {number}/{name}")
    return [path for path in found if path.name == name or path.name != "truth.csv"]
