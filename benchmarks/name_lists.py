"""Make the lists of names and ordinary words that free text is read with, of lists that others made and gave away.

    python -m benchmarks.name_lists FAKER DUTCH ENGLISH

FAKER: a folder with the package Faker, of which the names in Latin letters are taken, of all languages that have them; DUTCH:
the words of OpenTaal, as Debian's package `wdutch` has them; ENGLISH: those of SCOWL, as `wamerican-small` has them. Their
licences lie beside the lists, and in `by_hand.toml` what others did not list.
"""

import gzip
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from iww_analysis.privacy.text.words import SHORTEST_NAME, fold, prefixes

LISTS = Path(__file__).parents[1] / "iww_analysis" / "privacy" / "text" / "lists"
LONGEST_WORD = 10  # letters: a longer word that no list knows is hardly a name
LETTERS = re.compile(r"[A-Za-zÀ-ɏḀ-ỹ]+")


def names_of(faker: Path, kind: str) -> Iterator[str]:
    """The names of a kind ("first" or "last") in every language, each part by itself."""
    sys.path.insert(0, str(faker))
    persons = importlib.import_module("faker.providers.person")
    for language in pkgutil.iter_modules(persons.__path__):
        provider = importlib.import_module(f"{persons.__name__}.{language.name}").Provider
        lists = [getattr(provider, name) for name in dir(provider) if kind in name and not name.startswith("_")]
        for names in (names for names in lists if isinstance(names, (tuple, list, dict))):
            yield from (part for name in names for part in re.split(r"[\s'’-]+", str(name)) if LETTERS.fullmatch(part))


def main() -> None:
    faker, *words = map(Path, sys.argv[1:])
    for kind, name in (("first", "given"), ("last", "surnames")):
        folded = {fold(part) for part in names_of(faker, kind)} - prefixes()
        write(name, {part for part in folded if len(part) >= SHORTEST_NAME})
    every = [word for path in words for word in path.read_text(encoding="utf-8").splitlines()]
    plain = [word for word in every if word.isalpha() and word == word.lower()]
    write("ordinary", {fold(word) for word in plain if len(word) <= LONGEST_WORD})


def write(name: str, words: set[str]) -> None:
    """Write words, one a line, the same bytes each time."""
    text = "".join(f"{word}\n" for word in sorted(words))
    (LISTS / f"{name}.txt.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
