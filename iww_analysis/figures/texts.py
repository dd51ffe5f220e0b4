"""Look up what stands on figures in words: of one figure as declared, and what several use."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.messages import numbers

BothLanguages = Mapping[str, str]  # language -> sentence
_NOTHING: BothLanguages = {"nl": "", "en": ""}


@dataclass(frozen=True)
class FigureTexts:
    """What a declaration says of its figure in words.

    `lists`: key -> the vocabulary list (or `@list` of words.toml) of its codes; `parts`: the questions of which the page says
    n, with the name of what they count; `questions`: those names where a reviewer needs another.
    """

    id: str
    title: BothLanguages
    what: BothLanguages
    read: BothLanguages
    alt: BothLanguages
    x: BothLanguages = field(default_factory=lambda: _NOTHING)
    y: BothLanguages = field(default_factory=lambda: _NOTHING)
    lists: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, BothLanguages] = field(default_factory=dict)
    questions: Mapping[str, BothLanguages] = field(default_factory=dict)

    def label(self, key: str, code: str, lang: str) -> str:
        """Name the code of a key; what is in no list (a case's label, a team) stays as it is."""
        name = self.lists.get(key) or _raw()["lists"].get(key, "")
        if name.startswith("@"):
            listed = _raw()["list"][name[1:]].get(code)
            return listed[lang] if listed else _unlisted(code, lang)
        if key == "month" and code[:1].isdigit():
            return numbers.month(code, lang)
        if not name:
            return _unlisted(code, lang)
        return _listed(name, code, lang)


def _listed(name: str, code: str, lang: str) -> str:
    known = vocabulary.read(name)
    return known.label(code, lang) if code in known else _unlisted(code, lang)


def _unlisted(code: str, lang: str) -> str:
    missing = vocabulary.read("missing")
    return missing.label(code, lang) if code in missing else code


def word(name: str, lang: str, **gaps: object) -> str:
    """A word or phrase that is used in several figures."""
    return _filled(_raw()["word"][name][lang], gaps)


def unit(name: str, lang: str) -> str:
    """What a count counts: n_cases is `casussen`."""
    return str(_raw()["unit"][name][lang]) if name in _raw()["unit"] else name


def value(name: str, lang: str) -> str:
    """The heading of a column of numbers."""
    return str(_raw()["value"][name][lang]) if name in _raw()["value"] else unit(name, lang)


def key(name: str, lang: str) -> str:
    """The heading of a column of codes."""
    return str(_raw()["key"][name][lang]) if name in _raw()["key"] else name


def caveat(code: str, lang: str, gaps: Mapping[str, object]) -> str:
    """The sentence of a caveat."""
    return _filled(_raw()["caveat"][code][lang], gaps)


def left_out(reason: str, lang: str) -> str:
    """Why units were not counted, in a few words."""
    return str(_raw()["left_out"][reason][lang])


def absent(why: str, lang: str) -> str:
    """Why a source is not in a comparison, in a few words."""
    return str(_raw()["absent"][why][lang])


def lacking(need: str, lang: str) -> str:
    """What a study lacks when a table (or `table.column`) that a figure needs is empty."""
    return str(_raw()["lacking"][need][lang])


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list of the catalogue, in order."""
    return tuple(_raw()["list"][name])


def _filled(sentence: str, gaps: Mapping[str, object]) -> str:
    return sentence.format(**gaps) if gaps else sentence


@cache
def _raw() -> dict[str, Any]:
    """The sentences and words that several figures use."""
    together: dict[str, Any] = {}
    for name in ("sentences.toml", "words.toml"):
        together |= tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return together
