"""What pytest hands to every test: the committed synthetic sources together, and an empty home."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from iww_analysis.analysis.study import Study
from iww_analysis.io.disk.home import Home
from shared.nbval_shelf import NbvalShelf
from shared.sources import whole_study

settings.register_profile(
    "tests", max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """Notebooks stand beside the tests, where the hooks of this file are not called: those of a plugin are."""
    config.pluginmanager.register(NbvalShelf(config))
    gc.disable()  # while tests are collected, thousands of which stay: looking for garbage takes a quarter of that time


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    gc.unfreeze()


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
