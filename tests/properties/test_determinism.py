"""The same files in, the same bytes out: whoever makes the report, where, when and with which settings."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import iww_synthetic
from benchmarks import same
from iww_analysis import cli
from iww_analysis.io.disk import files
from shared.notebooks import with_short_notebooks

pytestmark = pytest.mark.long  # a short one of its kind: tests/commands/test_windows.py, the same bytes

SOURCES = ("elburg", "samen-aan-zet-interviews")
RUN_WHOLE = ("20-cases-compared",)  # the others are run whole by `python -m benchmarks.same`
RUN = CliRunner()

Runs = tuple[Path, dict[str, str], dict[str, str]]


def small_home(folder: Path) -> Path:
    """A register and interviews, with notebooks of which most run nothing, so that this does not take minutes."""
    for path, content in iww_synthetic.sources(cases=60).items():
        if any(f"/{source}/" in path or path.endswith(f"/{source}.toml") for source in SOURCES):
            files.write_bytes(folder / path, content)
    with_short_notebooks(folder, RUN_WHOLE)
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The report made twice: the folder of both homes, and the hashes of what was published here and there."""
    folder = tmp_path_factory.mktemp("same")
    home = small_home(folder / "given")
    yield folder, *same.both(home, SOURCES, folder, ["--study", "saz"])
    shutil.rmtree(folder)


def test_other_circumstances_give_the_same_bytes(runs: Runs) -> None:
    _, here, there = runs
    assert same.differing(here, there) == []
    kinds = {path.rsplit(".", 1)[-1] for path in here}
    assert {"parquet", "json", "svg", "png", "csv", "html", "ipynb", "md"} <= kinds
    assert any(path.startswith("data/receipts/same/") for path in here)


def test_no_file_says_where_or_for_whom_it_was_made(runs: Runs) -> None:
    folder, here, _ = runs
    home = folder / same.HERE.folder
    for path in here:
        content = (home / path).read_bytes()
        assert str(folder).encode() not in content, path
        assert str(same.ROOT).encode() not in content, path


def test_a_second_run_writes_nothing(runs: Runs) -> None:
    home = runs[0] / same.HERE.folder
    before = marks_of(home)
    for command in (["build", *SOURCES], ["report", *SOURCES, "--name", same.NAME, "--study", "saz"]):
        done = RUN.invoke(cli.app, [*command, "--home", str(home), "--json"])
        assert done.exit_code == 0, done.output
    assert marks_of(home) == before


def marks_of(home: Path) -> dict[str, tuple[int, int, int]]:
    """Of every file and folder, save those that keep others out, which one it is and when it was last written."""
    told = {path.relative_to(home).as_posix(): path.stat() for path in home.rglob("*") if ".locks" not in path.parts}
    return {name: (stat.st_ino, stat.st_mtime_ns, stat.st_size) for name, stat in told.items()}


def test_the_clock_of_the_second_run_is_another(tmp_path: Path) -> None:
    asked = "import datetime as d, time; print(int(time.time()), d.date.today().year, d.datetime.now().year, time.gmtime()[0])"
    told = [
        subprocess.run(
            [sys.executable, "-c", asked], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(same.ROOT / "benchmarks" / "clock"), "SAME_SHIFT": str(shift)},
        ).stdout.split()
        for shift in (0, same.EIGHT_YEARS)
    ]  # fmt: skip
    now, then = ([int(number) for number in line] for line in told)
    assert [b - a for a, b in zip(now, then, strict=True)][1:] == pytest.approx([8, 8, 8], abs=1)
    assert then[0] - now[0] == pytest.approx(same.EIGHT_YEARS, abs=60)
