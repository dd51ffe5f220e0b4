"""Look up the sentences of the catalogue: what a figure shows, how to read it, and what to bear in mind."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.messages import numbers

Said = Mapping[str, str]  # language -> sentence


@dataclass(frozen=True)
class Texts:
    """What the catalogue says of one figure. `lists`: key -> the vocabulary list (or `@list` of the catalogue) of its codes.

    `parts`: the questions of which the page says n, with the name of what they count.
    """

    id: str
    title: Said
    what: Said
    read: Said
    alt: Said
    x: Said
    y: Said
    lists: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Said] = field(default_factory=dict)

    def label(self, key: str, code: str, lang: str) -> str:
        """Name the code of a key; what is in no list (a case's label, a team) stays as it is."""
        name = self.lists.get(key) or _raw()["lists"].get(key, "")
        if name.startswith("@"):
            said = _raw()["list"][name[1:]].get(code)
            return said[lang] if said else _unlisted(code, lang)
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


@cache
def figure_ids() -> tuple[str, ...]:
    """The ids of all figures, in the order of the catalogue."""
    return tuple(_raw()["figure"])


@cache
def of(id: str) -> Texts:  # noqa: A002 - the field's word
    """The texts of one figure."""
    entry = _raw()["figure"][id]
    nothing = {"nl": "", "en": ""}
    said = {name: entry.get(name, nothing) for name in ("title", "what", "read", "alt", "x", "y")}
    return Texts(id, **said, lists=entry.get("lists", {}), parts=entry.get("parts", {}))


@cache
def settings(id: str) -> Mapping[str, Any]:  # noqa: A002
    """What the catalogue says of a figure beside its texts: regime, studies, needs, notebook."""
    return {
        name: value
        for name, value in _raw()["figure"][id].items()
        if name in ("regime", "studies", "needs", "notebook")
    }


def word(name: str, lang: str, **gaps: object) -> str:
    """A word or phrase that is used in several figures."""
    return _filled(_raw()["word"][name][lang], gaps)


def unit(name: str, lang: str) -> str:
    """What a count counts: n_cases is `casussen`."""
    said = _raw()["unit"].get(name)
    return str(said[lang]) if said else name


def value(name: str, lang: str) -> str:
    """The heading of a column of numbers."""
    said = _raw()["value"].get(name)
    return str(said[lang]) if said else unit(name, lang)


def key(name: str, lang: str) -> str:
    """The heading of a column of codes."""
    said = _raw()["key"].get(name)
    return str(said[lang]) if said else name


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
    """Every `catalogue*.toml` together: their tables are put under each other, figures in the order of their ids."""
    found = sorted(
        file.name
        for file in files(__package__).joinpath("catalogue").iterdir()
        if fnmatch(file.name, "catalogue*.toml")
    )
    together: dict[str, Any] = {}
    for name in found:
        document = tomllib.loads(files(__package__).joinpath("catalogue", name).read_text(encoding="utf-8-sig"))
        for table, lines in document.items():
            together.setdefault(table, {}).update(lines)
    together["figure"] = dict(sorted(together["figure"].items(), key=lambda entry: entry[0]))
    return together
