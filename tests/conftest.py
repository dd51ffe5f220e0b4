"""What pytest hands to every test: the committed synthetic sources together, and an empty home."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from iww_analysis.analysis.study import Study
from iww_analysis.io.disk.home import Home
from shared.homes import key_in
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


@pytest.fixture(scope="session", autouse=True)
def pseudonym_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The key for pseudonyms of every test that makes none itself; never that of who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        path = key_in(tmp_path_factory.mktemp("key") / "pseudonym.key")
        patch.setenv("IWW_KEY_FILE", str(path))
        yield path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    (tmp_path / "home" / "data" / "raw").mkdir(parents=True)
    return Home(tmp_path / "home")
