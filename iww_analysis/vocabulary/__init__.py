"""Hold the closed lists of the field as data files: codes, labels, definitions and the words people write."""

import datetime as dt
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any, NamedTuple

_FOLDER = resources.files(__name__)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")  # soft hyphen, zero width, variation selectors


# signs that compare, beside a number: "<75", "≤75", "75+" and "75-" are four words
_COMPARING = re.compile(r"(?P<before><=|>=|=<|=>|[<>≤≥])\s*(?=\d)|(?<=\d)\s*(?P<behind>\+(?!\s*\d)|[-–](?=\s*$))")
_COMPARED = {"<": "lt", ">": "gt", "≤": "le", "<=": "le", "=<": "le", "≥": "ge", ">=": "ge", "=>": "ge",
             "+": "plus", "-": "min", "–": "min"}  # fmt: skip


def visible(text: str) -> str:
    """Return the text as it is seen: accents composed, without signs that take no room."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def fold(text: str) -> str:
    """Return the text without case, accents and punctuation: "'s-Gravenhage" becomes "s gravenhage"."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _UNSEEN.sub("", text)).casefold())
    signs = (sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(signs).split())


@lru_cache(maxsize=1 << 14)
def key(text: str) -> str:
    """Return what a word is looked up by: folded, signs that compare in words, or as written if it is all punctuation ("-")."""
    compared = _COMPARING.sub(lambda match: f" {_COMPARED[match.group(match.lastgroup or 0)]} ", text)
    return fold(compared) or visible(text).strip().casefold()


@dataclass(frozen=True)
class Value:
    """One code of a list; `extra` holds what only that list has, such as the sector of a party."""

    code: str
    nl: str
    en: str
    definition: str
    source: str
    words: tuple[str, ...]
    extra: Mapping[str, Any]

    @property
    def labels_and_words(self) -> tuple[str, ...]:
        """The code itself, its labels and the words for it."""
        return (self.code, self.nl, self.en, *self.words)

    def valid_on(self, day: dt.date) -> bool:
        """Say whether the code was in use on a day; a code without `valid_from` or `valid_to` has no bound on that side."""
        return bool(self.extra.get("valid_from", dt.date.min) <= day <= self.extra.get("valid_to", dt.date.max))


@dataclass(frozen=True)
class Vocabulary:
    """A closed list in its agreed order, which is also the order in tables and figures.

    `written_as`: what people put round any word of the list ("gemeente {}"). `number_codes`: codes are letters and a
    number, of which letters and leading zeros may be lost. `fits_anything`: its words answer any question, and so say of no
    heading what it means.
    """

    name: str
    nl: str
    en: str
    definition: str
    source: str
    values: tuple[Value, ...]
    written_as: tuple[str, ...] = ()
    number_codes: bool = False
    fits_anything: bool = False

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes in the agreed order."""
        return tuple(value.code for value in self.values)

    @cached_property
    def lookup(self) -> Mapping[str, str]:
        """Every `key` by which one code, and no other, is known; with the code it stands for."""
        return {word: codes[0] for word, codes in self._known.items() if len(codes) == 1}

    @cached_property
    def ambiguous(self) -> Mapping[str, tuple[str, ...]]:
        """Every `key` that stands for several codes, and is therefore read as none of them."""
        return {word: codes for word, codes in self._known.items() if len(codes) > 1}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The part of `lookup` that is a code, label or word as the list gives it: what another word may be like."""
        words = [key(word) for value in self.values for word in value.labels_and_words]
        return {word: self.lookup[word] for word in words if word in self.lookup}

    @cached_property
    def _known(self) -> Mapping[str, tuple[str, ...]]:
        known: dict[str, tuple[str, ...]] = {}
        for value in self.values:
            for word in dict.fromkeys(key(word) for word in self._forms(value)):
                known[word] = (*known.get(word, ()), value.code)
        return known

    def _forms(self, value: Value) -> Iterator[str]:
        for word in value.labels_and_words:
            yield word
            yield from (form.format(word) for form in self.written_as)
        if self.number_codes:
            letters, number = re.sub(r"\d", "", value.code), re.sub(r"\D", "", value.code)
            short = number.lstrip("0")
            yield from (number, short, f"{short}.0", letters + short, f"{letters} {number}", f"{letters} {short}")

    @cached_property
    def _by_code(self) -> Mapping[str, Value]:
        return {value.code: value for value in self.values}

    def __getitem__(self, code: str) -> Value:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def label(self, code: str, lang: str) -> str:
        """Return the label in "nl" or "en"; the reasons for a missing value have one in every list."""
        value = self[code] if code in self else read("missing")[code]
        return {"nl": value.nl, "en": value.en}[lang]


class Heading(NamedTuple):
    """How people head a column in these `forms`; one cell fills every `to`, with the constants it implies."""

    to: tuple[str, ...]
    words: tuple[str, ...]
    forms: tuple[str, ...]
    constants: Mapping[str, str]
    split: bool


class Identifier(NamedTuple):
    """Headings of columns that are never read because they identify a person; `reason` has "nl" and "en"."""

    words: tuple[str, ...]
    reason: Mapping[str, str]


class Form(NamedTuple):
    """A kind of sheet: the table of which each row makes one record, and the targets that give it away.

    `a_column_is` and `cells_are`: of a sheet on its side; `project_sheet` and `unread`: of a REFI-QDA project; see forms.toml.
    """

    name: str
    nl: str
    en: str
    one_row_is: str
    recognised_by: tuple[str, ...] = ()
    a_column_is: tuple[str, ...] = ()
    cells_are: tuple[str, ...] = ()
    project_sheet: str = ""
    unread: tuple[str, ...] = ()


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8-sig"))


@cache
def _entries(name: str, kind: str) -> list[dict[str, Any]]:
    return [{k: tuple(v) if isinstance(v, list) else v for k, v in e.items()} for e in _toml(name)[kind]]


@cache
def names() -> tuple[str, ...]:
    """Return the names of all lists, alphabetically."""
    stems = {file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml")}
    return tuple(sorted(stems - {"forms", "headings"}))


@cache
def read(name: str) -> Vocabulary:
    """Return one list; an unknown name is a KeyError that names the lists there are."""
    if name not in names():
        raise KeyError(f"no list {name!r}; the lists are {', '.join(names())}")
    card = _toml(name)
    if "union" in card:
        values = _together([read(part) for part in card["union"]])
    else:
        values = tuple(_value(card, entry) for entry in _entries(name, "value"))
    forms, flags = tuple(card.get("written_as", ())), [card.get(n, False) for n in ("number_codes", "fits_anything")]
    return Vocabulary(card["name"], card["nl"], card["en"], card["definition"], card["source"], values, forms, *flags)


def _together(parts: Sequence[Vocabulary]) -> tuple[Value, ...]:
    """The values of several lists, each with the list it is of as `kind`; a word that two of them know is known to none."""
    known = Counter(word for part in parts for word in part.lookup)
    every = [(part.name, value) for part in parts for value in part.values]
    return tuple(
        replace(value, words=tuple(w for w in value.words if known[key(w)] == 1), extra={**value.extra, "kind": kind})
        for kind, value in every
    )


def _value(card: Mapping[str, Any], entry: Mapping[str, Any]) -> Value:
    """Read one value; a list may say with `each` what the definition of a value is that has none of its own."""
    en = entry.get("en", entry["nl"])
    given = {"en": en, "source": card["source"], "definition": card.get("each", "").format(en=en), "words": (), **entry}
    known = {name: given.pop(name) for name in [field.name for field in fields(Value)] if name in given}
    return Value(**known, extra=given)


def headings(form: str | None = None) -> tuple[Heading, ...]:
    """Return how columns are headed: in one form, or in all of them."""
    every = (_heading(**entry) for entry in _entries("headings", "heading"))
    return tuple(heading for heading in every if form in (None, *heading.forms))


def _heading(*, to: Any, words: Any, forms: Any, split: bool = False, **constants: str) -> Heading:
    return Heading((to,) if isinstance(to, str) else to, words, forms, constants, split)


def identifiers() -> tuple[Identifier, ...]:
    """Return the headings that are never read, in any form."""
    return tuple(Identifier(**entry) for entry in _entries("headings", "identifier"))


def forms() -> tuple[Form, ...]:
    """Return the kinds of sheets; where a sheet fits several, the first of them is meant."""
    return tuple(Form(**entry) for entry in _entries("forms", "form"))


@cache
def plain_sheet_names() -> frozenset[str]:
    """Return what sheets are called that tells nothing of what is on them."""
    return frozenset(_toml("forms")["plain_sheet_names"])


def wide_forms() -> tuple[Form, ...]:
    """Return the kinds of sheets on their side, of which a row makes a record for each of several columns."""
    return tuple(Form(**entry) for entry in _entries("forms", "wide"))
