"""Look up what stands on figures in words: of one figure as declared, and what several use."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.disclosure.public_numbers import table_name
from iww_analysis.messages import numbers
from iww_analysis.messages.sentences import filled

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
        if name.startswith("@") and code in _raw()["list"][name[1:]]:
            return str(_raw()["list"][name[1:]][code][lang])
        if key == "month" and code[:1].isdigit():
            return numbers.month(code, lang)
        known = [vocabulary.read(each) for each in (name, "missing") if each and not each.startswith("@")]
        return next((codes.label(code, lang) for codes in known if code in codes), code)


def phrase(kind: str, name: str, lang: str, gaps: Mapping[str, object] = MappingProxyType({})) -> str:
    """A word, heading or sentence of one kind, with its gaps filled."""
    sentence = str(_raw()[kind][name][lang])
    return filled(sentence, **gaps) if gaps else sentence


left_out = partial(phrase, "left_out")  # why units were not counted, in a few words
absent = partial(phrase, "absent")  # why a source is not in a comparison, in a few words
lacking = partial(phrase, "lacking")  # what a study lacks when a table (or `table.column`) that a figure needs is empty


def caveat(name: str, lang: str, gaps: Mapping[str, Any] = MappingProxyType({})) -> str:
    """A sentence on what to bear in mind, with counts (`n_…`, None where hidden), a table and evidence in words."""
    known = {gap: numbers.number(n, lang) if gap.startswith("n_") else n for gap, n in gaps.items()}
    if "table" in known:
        known["table"] = table_name(known["table"], "en" if lang == "en" else "nl")
    if "by" in known:
        known["by"] = phrase("evidence", known["by"], lang)
    return phrase("caveat", name, lang, known)


def word(name: str, lang: str, **gaps: object) -> str:
    """A word or phrase that is used in several figures."""
    return phrase("word", name, lang, gaps)


def unit(name: str, lang: str) -> str:
    """What a count counts: n_cases is `casussen`."""
    return phrase("unit", name, lang) if name in _raw()["unit"] else name


def value(name: str, lang: str) -> str:
    """The heading of a column of numbers."""
    return phrase("value", name, lang) if name in _raw()["value"] else unit(name, lang)


def key(name: str, lang: str) -> str:
    """The heading of a column of codes."""
    return phrase("key", name, lang) if name in _raw()["key"] else name


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list of the catalogue, in order."""
    return tuple(_raw()["list"][name])


@cache
def _raw() -> dict[str, Any]:
    """The sentences and words that several figures use."""
    together: dict[str, Any] = {}
    for name in ("sentences.toml", "words.toml"):
        together |= tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return together
