"""What the tests share: the committed synthetic sources built once, tables drawn in a test, and a home made of sheets."""

import io
import json
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from iww_analysis import privacy
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.clean import Context
from iww_analysis.commands import build
from iww_analysis.commands.build import Built
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import LEDGER, Home
from iww_analysis.io.processed import store
from iww_analysis.tables.statement import Table

settings.register_profile(
    "tests", max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")

HOME = Home(Path(__file__).resolve().parents[1])
SOURCES = HOME.sources()

Rows = Sequence[Sequence[object]]
Content = str | bytes | Mapping[str, Rows]  # text of a csv file, bytes, or the sheets of a workbook


@cache
def built(source: str) -> Built:
    """Give a committed source as it is processed: built when anything changed, else read from the disk."""
    build.ensure_built(HOME, [source])
    folder = HOME.processed(source)
    return Built(tables=store.read_tables(folder), ledger=files.read_json(folder / LEDGER))


@cache
def whole_study() -> Study:
    """Put all committed sources together."""
    return build.load(HOME, SOURCES)


@pytest.fixture(scope="session")
def study() -> Study:
    """All committed sources together."""
    return whole_study()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home, with a key for pseudonyms of its own."""
    monkeypatch.setenv("IWW_KEY_FILE", str(tmp_path / "key"))
    (tmp_path / "home" / "data" / "raw").mkdir(parents=True)
    return Home(tmp_path / "home")


def pseudonymiser(key: bytes, domain: str) -> Callable[[str], str]:
    """Make the function that turns one identifier into its pseudonym."""
    hide = privacy.pseudonyms(key, domain)
    return lambda identifier: str(hide([identifier])[0])


def corpus(path: str) -> Path:
    """A shared test file written by others; where there are none the test is skipped, and says so."""
    folder = HOME.path.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"no shared corpora beside the repository: {path}")
    if not (folder / path).exists() and os.environ.get("CI") != "true":
        pytest.skip(f"not among the shared corpora: {path}")
    return folder / path


@cache
def plan(source: str) -> dict[str, Any]:
    """Read the true answers of a source."""
    path = HOME.deliveries(source)[-1] / "plan.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def drawn(table: str) -> pd.DataFrame:
    """Read a table drawn with pipes, first line the headings; every cell is text, an empty one "" (pieces stripped)."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines() if line.strip()]
    return pd.DataFrame(lines[1:], columns=lines[0], dtype="str")


def placed(frame: pd.DataFrame, source_id: str = "2021-01-01/list.csv") -> pd.DataFrame:
    """Give records their place in a raw file, row 2 onwards."""
    return frame.assign(source_id=source_id, source_row=range(2, len(frame) + 2))


def typed(table: Table, frame: pd.DataFrame, source: str = "here") -> pd.DataFrame:
    """Make a processed table of drawn text: every column of the statement, in its type; what is not drawn is missing."""
    out = pd.DataFrame({"source": source}, index=frame.index)
    for column in table:
        if column.transient:
            continue
        texts = frame[column.name] if column.name in frame else pd.Series("", index=frame.index, dtype="str")
        known = texts.where(texts != "")
        if column.kind == "date":
            out[column.name] = pd.to_datetime(known).astype("datetime64[us]")
        elif column.kind == "integer":
            out[column.name] = pd.to_numeric(known).astype("Int64")
        else:
            out[column.name] = known.astype("str")
    if "source" in frame:
        out["source"] = frame["source"]
    for name in table.stored:
        if name not in out:
            out[name] = pd.Series(None, index=frame.index, dtype="str")
    out["source_id"] = out["source"] + "/list.csv"
    out["source_row"] = range(2, len(out) + 2)
    return out[list(table.stored)]


def plain_context(**more: Any) -> Context:
    """A context without pseudonyms, extracted on the last day of 2020."""
    return Context(**({"source": "here", "extraction_date": pd.Timestamp("2020-12-31")} | more))


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


CARD = """
format = "iww-origin/1"
source = "{source}"
municipality = ["GM0243"]
received = {received}
extraction_date = {extraction_date}
period = ["2018-01-01", "{extraction_date}"]
regime = "{regime}"
study = "{study}"
synthetic = true
[files]
{files}
"""


def deliver(
    home: Home, source: str, files: Mapping[str, Content], *, received: str = "2021-01-15", extraction_date: str = "2020-12-31",
    regime: str = "register", study: str = "", more: str = "",
) -> Path:  # fmt: skip
    """Put a delivery and its card in a home; `more` stands above the other lines of the card."""
    folder = home.raw / source / received
    folder.mkdir(parents=True)
    written = {
        name: as_bytes(content) for name, content in files.items()
    }  # once: a workbook bears the second it was made
    for name, content in written.items():
        (folder / name).write_bytes(content)
    lines = "\n".join(f'"{name}" = "{sha256(content).hexdigest()}"' for name, content in written.items())
    card = CARD.format(
        source=source, received=received, extraction_date=extraction_date, regime=regime, study=study, files=lines
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
