"""Read the sentences of this folder: one data file per subject, in Dutch and English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(subject: str) -> Mapping[str, Any]:
    """Give the sentences on a subject, by the name of their data file."""
    return tomllib.loads(files(__package__).joinpath(f"{subject}.toml").read_text(encoding="utf-8"))


def say(code: str, lang: str, **words: object) -> str:
    """Give a sentence of `commands.toml`, what a command did, with its gaps filled."""
    return str(read("commands")[code][lang]).format(**words)
