"""The committed synthetic sources: each built once, all of them together, and their true answers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed import store

HOME = Home(Path(__file__).resolve().parents[2])

SOURCES = HOME.sources()


@cache
def built(source: str) -> Built:
    """Give a committed source as it is processed: built when anything changed, else read from the disk."""
    build.ensure_built(HOME, [source])
    tables, ledger = store.read_build(HOME.processed(source))
    return Built(tables=tables, ledger=ledger)


@cache
def whole_study() -> Study:
    """Put all committed sources together."""
    return build.load(HOME, SOURCES)


@cache
def asked(figure: str) -> Finding:
    """What a figure of the catalogue asks of all committed sources."""
    return CATALOGUE[figure].ask(whole_study())


@cache
def plan(source: str) -> dict[str, Any]:
    """Read the true answers of a source."""
    path = HOME.deliveries(source)[-1] / "plan.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))
