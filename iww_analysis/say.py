"""Say what a command did, in Dutch or English."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from iww_analysis.errors import Lang


def say(code: str, lang: Lang, **words: object) -> str:
    """Give a sentence of `commands.toml` with its gaps filled."""
    return str(_texts()[code][lang]).format(**words)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("iww_analysis").joinpath("commands.toml").read_text(encoding="utf-8"))
