"""Read the sentences of this folder: one data file per subject, in Dutch and English."""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(subject: str) -> Mapping[str, Any]:
    """Give the sentences on a subject, by the name of their data file."""
    return tomllib.loads(files(__package__).joinpath(f"{subject}.toml").read_text(encoding="utf-8"))


class _Filler(string.Formatter):
    """Fills gaps; "{n:rij|rijen}" is the word that goes with a number: before the bar with one, behind it with any other."""

    def format_field(self, value: Any, spec: str) -> str:
        one, bar, more = spec.partition("|")
        return (one if str(value) == "1" else more) if bar else str(super().format_field(value, spec))


def filled(sentence: str, /, **words: object) -> str:
    """Give a sentence with its gaps filled."""
    return _Filler().format(sentence, **words)


def say(code: str, lang: str, **words: object) -> str:
    """Give a sentence of `commands.toml`, what a command did, with its gaps filled."""
    return filled(read("commands")[code][lang], **words)
