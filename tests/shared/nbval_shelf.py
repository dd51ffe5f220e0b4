"""Let the kernels of the notebooks under nbval share what they draw, as those of a report do: each figure is drawn once."""

import os
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from iww_analysis.figures import kept_figures
from iww_analysis.io.notebook_kernels import SHELF, Shelf
from shared.sources import whole_study

OF_RUN = "IWW_TEST_SHELF"  # the environment variable by which the processes of one run of pytest know their shelf


class NbvalShelf:
    """Gives each kernel that nbval starts the shelf of the run, with the study of all committed sources on it."""

    def __init__(self, config: pytest.Config) -> None:
        if OF_RUN not in os.environ:  # as in the workers
            folder = TemporaryDirectory()
            config.add_cleanup(folder.cleanup)
            os.environ[OF_RUN] = folder.name

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        if type(item).__name__ != "IPyNbCell":
            return (yield)
        shelf = Shelf(Path(os.environ[OF_RUN]))
        if not (shelf.folder / "study").exists():
            kept_figures.share(whole_study(), "nl", shelf, internal=False)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(SHELF, str(shelf.folder))
            return (yield)
