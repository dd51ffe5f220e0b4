"""Notebooks for a home made in a test: those of the repository take a minute to run."""

from collections.abc import Sequence
from pathlib import Path

import nbformat

from iww_analysis.commands.report import state
from iww_analysis.io.disk import files
from shared.sources import HOME


def with_short_notebooks(home: Path, whole: Sequence[str] = ()) -> None:
    """Give a home notebooks of its own that run nothing, but for those named."""
    for stem in state.NOTEBOOKS:
        short = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(stem, id="title")])
        short.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        own = HOME.path / "notebooks" / f"{stem}.ipynb"
        files.write_bytes(
            home / "notebooks" / own.name, own.read_bytes() if stem in whole else nbformat.writes(short).encode()
        )
