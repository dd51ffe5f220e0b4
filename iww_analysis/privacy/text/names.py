"""Find what may be a name of a person in text: by lists, by what stands before it, by a capital where none is due."""

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache

from iww_analysis import vocabulary
from iww_analysis.privacy.text.shapes import Span
from iww_analysis.privacy.text.words import (
    SHORTEST_NAME,
    Word,
    fold,
    folded_words,
    is_given_name,
    is_listed_name,
    is_ordinary,
    is_surname,
    prefixes,
    some,
    words_in,
)

MOST_PARTS = 4  # words that are not the parts of one name any more
LONGEST_UNKNOWN = 10  # letters: a longer word that no list knows is hardly a name
SHORTEST_PART = 4  # letters, of a word that is put together of others
LONGEST_STREET = 18  # letters, of one that is written without a capital
_JOINS = re.compile(r"[ \u00a0.,'’-]{0,3}")  # between the parts of one name
_CLOSE = re.compile(r"[ \u00a0'’-]*|[._]")  # nothing: two words written as one, each with its capital
_COMMA = re.compile(", ?")
_SAME_CLAUSE = re.compile(r"\.?[ \u00a0\t'’-]*")  # a full stop can be that of "mevr."
_VOWEL = re.compile(r"[aeiouy]")
_OF_SURNAMES = frozenset({"der", "den", "ter", "ten", "vd"})  # before a name, hardly before another word with a capital
_ARTICLES = frozenset({"de", "het"})
_SENTENCE_BEFORE = re.compile(r"(?:^|[.!?:;•\n\"“”‘(/|\[])\W*$")
_CAPITALS = "".join(sign for sign in map(chr, range(0x250)) if sign.isupper())
_INITIALS = re.compile(rf"(?<![^\W_])(?:[{_CAPITALS}]\.\s?){{1,6}}$")
_HOUSE_NUMBER = re.compile(r"\s+\d{1,4}(?: ?[a-zA-Z])?(?![\w])")

_AFTER_ADDRESS = re.compile(r"\s*(?:$|[,.;:)\n]|te |in )")


def named(text: str, no_names: Collection[str] = (), *, proper: bool = False) -> list[Span]:
    """Give the parts of a text that may be the name of a person, or of the street where one lives, in order.

    `no_names`: folded words of which a person said that they name nobody. `proper`: names of teams and organisations stand in
    the text, so that a capital tells nothing, nor a surname by itself.
    """
    return [] if _is_plain(text) else sorted(_Names(text, no_names, proper=proper).spans())


def _is_plain(text: str) -> bool:
    """Whether a text, as most are, holds ordinary words alone, with no capital but that of its begin, and addresses nobody."""
    if text[1:] != text[1:].lower():
        return False
    words = folded_words(text)
    return all(map(_is_plain_word, words)) and not (words and words[0] in some("mostly_names"))


@lru_cache(maxsize=1 << 16)
def _is_plain_word(folded: str) -> bool:
    is_long = len(folded) > LONGEST_UNKNOWN and not (is_given_name(folded) or is_surname(folded))
    return (is_long or is_ordinary(folded)) and not _is_address(folded) and not folded.endswith(_street_endings())


def is_like_a_person(text: str) -> bool:
    """Say whether a text is two or three words, each with a capital, of which no list knows one."""
    words = [word for word in words_in(text) if word.folded not in prefixes()]
    return (
        1 < len(words) < MOST_PARTS and all(word.text[0].isupper() for word in words) and any(map(_is_strange, words))
    )


@lru_cache(maxsize=1 << 16)
def _is_never_a_name(word: str) -> bool:
    """Whether a word of running text, as most are, is an ordinary one in small letters that no list of names has."""
    folded = fold(word)
    return word.islower() and is_ordinary(folded) and not (is_given_name(folded) or is_surname(folded))


def addresses_somebody(text: str) -> bool:
    """Say whether a text names somebody by a form of address, as in "mevrouw De Vries"."""
    names = _Names(text)
    return any(names.is_addressed(place) for place in range(len(names.words)))


class _Names:
    """The words of a text, by their places, and which of them may be a name."""

    def __init__(self, text: str, no_names: Collection[str] = (), *, proper: bool = False) -> None:
        self.text, self.words, self.no_names, self.proper = text, words_in(text), no_names, proper
        self.found: set[int] = set()

    def spans(self) -> Iterator[Span]:
        """The names and streets; what belongs to one name is one part."""
        candidates = [(n, word) for n, word in enumerate(self.words) if self.proper or not _is_never_a_name(word.text)]
        for place, word in candidates:
            if self._may_be_one(word) and self._is_name(place, word):
                self.found.add(place)
        pairs = [pair for place, word in candidates for pair in self._pairs(place, word)]
        self.found |= {place for pair in pairs for place in pair if self._may_be_one(self.words[place])}
        yield from self._joined()
        yield from self._streets()

    def is_addressed(self, place: int) -> bool:
        """Whether a form of address stands before a word that can be a name, with nothing but prefixes between."""
        before = self._first_prefix(place) - 1
        is_behind = before >= 0 and _is_address(self.words[before].folded) and self._in_one(_SAME_CLAUSE, before)
        return is_behind and _may_follow_address(self.words[place])

    def _may_be_one(self, word: Word) -> bool:
        return len(word.folded) > 1 and word.folded not in self.no_names

    def _is_name(self, place: int, word: Word) -> bool:
        if self.is_addressed(place):
            return True
        if word.folded in prefixes() or word.folded in some("address"):
            return False
        if _is_surely_name(word, proper=self.proper) and not self._bears_article(place):
            return True
        first = self._first_prefix(place)
        if _INITIALS.search(self.text[: self.words[first].begin]):
            return _may_be_surname(word)
        if first - 1 in self.found and self._in_one(_CLOSE, first - 1):
            return _may_be_surname(word, long=is_given_name(self.words[first - 1].folded))
        led = word.is_capital and any(each.folded in _OF_SURNAMES for each in self.words[first:place])
        return (led and not is_ordinary(word.folded)) or (not self.proper and self._has_strange_capital(word))

    def _bears_article(self, place: int) -> bool:
        """Whether an article makes a first name that of a house, where teams and organisations are named: "De Els"."""
        return self.proper and place > 0 and self.words[place - 1].folded in _ARTICLES

    def _has_strange_capital(self, word: Word) -> bool:
        """Whether a capital is not due: of a word that no list knows, or, within a sentence, of one that is a name as well."""
        if not word.is_capital or _is_known(word.folded):
            return False
        if is_ordinary(word.folded):
            return _is_listed(word) and not self._begins_sentence(word)
        return len(word.folded) <= LONGEST_UNKNOWN

    def _pairs(self, place: int, word: Word) -> Iterator[tuple[int, int]]:
        """A word with the one before it, where they are a name together: "Roos Bloem", "Wit, Mees", or two that no list knows."""
        before = self._first_prefix(place) - 1
        if before < 0:
            return
        if self._in_one(_COMMA, before):
            is_pair = self._is_surname_first(self.words[before], word, place)
        elif self._in_one(_CLOSE, before):
            is_pair = self._is_given_first(self.words[before], word, place)
        else:
            is_pair = False
        if is_pair:
            yield before, place

    def _is_surname_first(self, other: Word, word: Word, place: int) -> bool:
        """Whether two words with a comma between them are a name: "Wit, Mees"."""
        if not (other.is_capital and word.is_capital):
            return False
        listed = is_given_name(word.folded) and (place in self.found or is_surname(other.folded))
        return (listed and _may_be_surname(other)) or (
            _is_strange(other) and (place in self.found or _is_strange(word))
        )

    def _is_given_first(self, other: Word, word: Word, place: int) -> bool:
        """Whether two words beside each other are a name: "Roos Bloem"; where teams are named a list must know one of both."""
        if _is_strange(word) and (_is_strange(other) or (self.proper and is_given_name(other.folded))):
            return self._may_be_foreign(other, word)
        if self.proper and _is_strange(other) and self._is_no_title(other, word):
            return len(word.folded) > SHORTEST_NAME
        if not (other.is_capital and word.is_capital) or _is_known(other.folded) or _is_known(word.folded):
            return False
        if is_given_name(other.folded) and (is_surname(word.folded) or (place in self.found and not self.proper)):
            return True
        if self.proper:
            return _is_strange(other) and is_surname(word.folded)
        return place in self.found and not self._begins_sentence(other)

    def _is_no_title(self, other: Word, word: Word) -> bool:
        """Whether two words are all there is, and not written as teams and organisations are: in small letters, or as one."""
        return len(self.words) == 2 and (f"{other.text}{word.text}".islower() or other.end == word.begin)

    def _may_be_foreign(self, *words: Word) -> bool:
        """Whether words that no list knows are too short to be put together of others, or each has a capital.

        An abbreviation beside another word is that of an organisation.
        """
        one_kind = len({word.text.isupper() for word in words}) == 1 or all(word.is_capital for word in words)
        short = self.proper or all(len(word.folded) <= LONGEST_UNKNOWN for word in words)
        return one_kind and (short or all(word.is_capital for word in words))

    def _first_prefix(self, place: int) -> int:
        """The place of the first of the prefixes that lead to a word; its own where there is none."""
        while place and _may_be_prefix(self.words[place - 1]) and self._in_one(_SAME_CLAUSE, place - 1):
            place -= 1
        return place

    def _in_one(self, gap: re.Pattern[str], place: int) -> bool:
        """Whether nothing but such a gap stands between a word and the next."""
        return bool(gap.fullmatch(self.text[self.words[place].end : self.words[place + 1].begin]))

    def _begins_sentence(self, word: Word) -> bool:
        return bool(_SENTENCE_BEFORE.search(self.text[: word.begin]))

    def _joined(self) -> Iterator[Span]:
        """Names of several words as one part, with initials before them and prefixes between or before."""
        places = sorted(self.found)
        while places:
            first = last = places.pop(0)
            while places and self._is_one_name(last, places[0]):
                last = places.pop(0)
            begin = self.words[self._first_prefix(first)].begin
            initials = _INITIALS.search(self.text[:begin])
            yield Span(initials.start() if initials else begin, self.words[last].end, "name")

    def _is_one_name(self, place: int, other: int) -> bool:
        between = self.words[place + 1 : other]
        return all(word.folded in prefixes() for word in between) and all(
            self._in_one(_JOINS, each) for each in range(place, other)
        )

    def _streets(self) -> Iterator[Span]:
        """Streets, by the end of their names: with a number, or with a capital that is not due."""
        for word in self.words:
            if not word.folded.endswith(_street_endings()) or not self._may_be_one(word):
                continue
            number = _HOUSE_NUMBER.match(self.text, word.end)
            is_word = is_ordinary(word.folded) or (word.text[0].islower() and len(word.folded) > LONGEST_STREET)
            ends = number and word.is_capital and _AFTER_ADDRESS.match(self.text, number.end())
            strange = number or (word.is_capital and not self.proper and not _is_known(word.folded))
            if ends or (strange and not is_word):
                yield Span(word.begin, number.end() if number else word.end, "address")


@cache
def _street_endings() -> tuple[str, ...]:
    return tuple(some("street_endings"))


def _is_address(folded: str) -> bool:
    return folded in some("address") or folded.removesuffix("tje").removesuffix("je") in some("address")


def _may_follow_address(word: Word) -> bool:
    """Whether a word behind a form of address can be a name: with a capital, or a word that is none of Dutch."""
    if word.folded in some("no_names") or word.folded in prefixes() or _is_address(word.folded):
        return False
    listed = len(word.folded) >= SHORTEST_NAME and is_surname(word.folded)
    return word.text[0].isupper() or listed or not is_ordinary(word.folded)


def _is_surely_name(word: Word, *, proper: bool) -> bool:
    """Whether a word is a name and nothing else, or mostly one where it has a capital; many a team bears a surname ("Noort")."""
    mostly = word.is_capital and word.folded in some("mostly_names")
    listed = is_listed_name(word.folded) and (not proper or is_given_name(word.folded))
    return len(word.folded) >= SHORTEST_NAME and (mostly or listed)


def _is_listed(word: Word) -> bool:
    return len(word.folded) >= SHORTEST_NAME and (is_given_name(word.folded) or is_surname(word.folded))


def _may_be_prefix(word: Word) -> bool:
    """Whether a word can stand before a surname; a single capital is an initial."""
    return word.folded in prefixes() and not (len(word.text) == 1 and word.text.isupper())


def _may_be_surname(word: Word, *, long: bool = False) -> bool:
    """Whether a word beside a first name or initials can be the surname: with a capital, in a list, or none of Dutch.

    `long`: also one that may be put together of other words.
    """
    if word.text[0].isupper():
        return word.folded not in some("known_capitals")
    if len(word.folded) < SHORTEST_NAME or word.folded in some("no_names"):
        return False
    return is_surname(word.folded) or ((long or len(word.folded) <= LONGEST_UNKNOWN) and not is_ordinary(word.folded))


def _is_strange(word: Word) -> bool:
    """Whether a word, in small letters too, is none of Dutch, nor known, nor an abbreviation of some letters."""
    is_word = len(word.folded) > SHORTEST_NAME and bool(_VOWEL.search(word.folded))
    return is_word and not (is_ordinary(word.folded) or _is_known(word.folded) or _is_put_together(word.folded))


@lru_cache(maxsize=1 << 16)
def _is_put_together(folded: str) -> bool:
    """Whether a word is two ordinary ones: "zorgplus"."""
    cuts = range(SHORTEST_PART, len(folded) - SHORTEST_PART + 1)
    return any(is_ordinary(folded[cut:]) and is_ordinary(folded[:cut].removesuffix("s")) for cut in cuts)


def _is_known(folded: str) -> bool:
    """Whether a word with a capital is known to be of no person: a municipality, an institution, a word of a label."""
    return folded in some("known_capitals") or folded in _capitals_of_lists()


@cache
def _capitals_of_lists() -> frozenset[str]:
    """The words with a capital in the labels of all lists, such as municipalities and instruments."""
    values = [value for name in vocabulary.names() for value in vocabulary.read(name).values]
    labels = [label for value in values for label in (value.nl, value.en)]
    return frozenset(word.folded for label in labels for word in words_in(label) if word.text[0].isupper())
