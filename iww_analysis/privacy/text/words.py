"""Know words: how a word is folded to be compared, the lists of names, of ordinary words, and of what stands round a name."""

import gzip
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

SHORTEST_NAME = 3  # letters
LONGEST_ABBREVIATION = 5  # letters, all of them capitals
_FLAT = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "’": "", "'": ""}
)
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?:['’][^\W\d_]+)*(?![^\W_])")


class Word(NamedTuple):
    """A word of a text: as it stands, folded, and where."""

    text: str
    folded: str
    begin: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital, and is no abbreviation such as GGZ; a name can stand in capitals alone."""
        if not self.text[0].isupper():
            return False
        is_name = len(self.text) > SHORTEST_NAME and (is_given_name(self.folded) or is_surname(self.folded))
        return not self.text[1:].isupper() or is_name or len(self.text) > LONGEST_ABBREVIATION


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Give a word without capitals, accents and apostrophes: Öztürk and ozturk are one."""
    bare = unicodedata.normalize("NFKD", word.casefold().translate(_FLAT))
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def folded_words(text: str) -> list[str]:
    """Give the folded words of a text in turn."""
    return [fold(text[begin:end]) for begin, end in _places(text)]


@lru_cache(maxsize=64)  # one text is asked for by several layers in turn
def words_in(text: str) -> list[Word]:
    """Give the words of a text in turn; a hyphen ends one, a capital begins one, and letters beside a digit are none."""
    return [Word(text[begin:end], fold(text[begin:end]), begin, end) for begin, end in _places(text)]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end; what is written as one, as FatimaYildiz, is two."""
    for match in _WORD.finditer(text):
        begin, end = match.span()
        if not match[0][1:].islower():
            for place in range(begin + 1, end):
                if text[place].isupper() and text[place - 1].islower():
                    yield begin, place
                    begin = place
        yield begin, end


def name_words(phrase: str) -> frozenset[str]:
    """Give the folded words of a phrase that tell: what stands between the parts of a name does not."""
    return frozenset(word.folded for word in words_in(phrase)) - prefixes()


def is_given_name(word: str) -> bool:
    """Say whether a folded word stands in a list of first names."""
    return word in _names("given")


def is_surname(word: str) -> bool:
    """Say whether a folded word stands in a list of surnames."""
    return word in _names("surnames")


def is_ordinary(word: str) -> bool:
    """Say whether a folded word is an ordinary word of Dutch too."""
    return word in _list("ordinary")


def is_listed_name(word: str) -> bool:
    """Say whether a folded word is a name, and nothing else that is known."""
    return (is_given_name(word) or is_surname(word)) and not is_ordinary(word)


def prefixes() -> frozenset[str]:
    """Give what can stand between a first name and a surname."""
    return some("prefixes")


@cache
def some(name: str) -> frozenset[str]:
    """Give one of the short lists of words, folded."""
    return frozenset(fold(word) for word in str(_by_hand()["words"][name]).split())


@cache
def _names(kind: str) -> frozenset[str]:
    by_hand = " ".join(_by_hand()["given" if kind == "given" else "surnames"].values())
    return _list(kind) | frozenset(name for word in by_hand.split() if len(name := fold(word)) >= SHORTEST_NAME)


@cache
def _list(name: str) -> frozenset[str]:
    packed = files(__package__).joinpath("lists", f"{name}.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())


@cache
def _by_hand() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("lists", "by_hand.toml").read_text(encoding="utf-8"))
