"""Say what a command did, in Dutch or English."""

from functools import cache
from typing import Any

from iww_analysis.messages import sentences
from iww_analysis.messages.errors import Lang


def say(code: str, lang: Lang, **words: object) -> str:
    """Give a sentence of `commands.toml` with its gaps filled."""
    return str(_texts()[code][lang]).format(**words)


@cache
def _texts() -> dict[str, Any]:
    return dict(sentences.read("commands"))
