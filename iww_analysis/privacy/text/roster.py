"""Know whom a source itself names: names, numbers and days of its hidden columns, wherever else in its texts they stand."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

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

OF_NAMES = 0.3  # share of the distinct words of a column that lists of names have, from which it is one of names
OF_NAMES_HEADED = 0.1  # the same where its heading says that names stand there
ONE_SHAPE = 0.8  # share of the identifiers of a column that are written alike
SAMPLE = 1000  # of them that are looked at
LEAST_DIGITS = 4  # of a number that points out somebody
_TEXT = pa.large_string()
_NAME_HEADING = re.compile(r"na(?:am|men)\b|contactpersoon|\bhuisarts\b", re.IGNORECASE)
_GAP = r"(?: ?[ \u00a0./-] ?)?"
_NUMBER = re.compile(
    rf"(?<![^\W_])(?P<letters>[A-Za-z]{{1,4}}{_GAP})?(?P<digits>\d(?:{_GAP}\d){{3,}}[A-Za-z]{{0,2}})(?![^\W_])"
)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(?<!\d)(\d{1,4})[ ./-]{1,2}(\d{1,2})[ ./-]{1,2}(\d{1,4})(?!\d)")
_SIGNS = {"A": "[A-Z]", "9": r"\d"}


class HiddenColumns:
    """The distinct cells of the columns of a sheet that nobody sees: those that are not read, and those that are hidden."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[pa.Array]] = defaultdict(list)

    def add(self, heading: str, cells: pa.Array | pa.ChunkedArray) -> None:
        """Add cells of a column."""
        self._pieces[heading].append(pc.unique(cells.cast(_TEXT)))

    def __iter__(self) -> Iterator[tuple[str, pa.Array]]:
        """Give each column: its heading and its distinct cells."""
        for heading, pieces in self._pieces.items():
            yield heading, pc.unique(pa.concat_arrays(pieces))


@dataclass(frozen=True)
class Roster:
    """Those words and numbers of some texts that stand in hidden columns too.

    `names`: folded words; `pairs`: two of them that stand beside each other in a text and in one cell, however ordinary;
    `numbers`: without what separates their signs; `shapes`: how the source writes its identifiers.
    """

    names: frozenset[str] = frozenset()
    pairs: frozenset[frozenset[str]] = frozenset()
    numbers: frozenset[str] = frozenset()
    shapes: Sequence[re.Pattern[str]] = field(default_factory=tuple)

    def found_in(self, text: str) -> list[Span]:
        """Give the parts of a text that the roster has, a name also in pieces or written as one word with another."""
        found = [*self._names_in(words_in(text))] if self.names else []
        if self.numbers:
            found += [Span(*at, "number") for at, forms in _numbers(text) if not forms.isdisjoint(self.numbers)]
        return found + [Span(*match.span(), "client_number") for shape in self.shapes for match in shape.finditer(text)]

    def _names_in(self, words: Sequence[Word]) -> Iterator[Span]:
        for word in words:
            if self._is_name(word) or self._is_of_two(word.folded):
                yield Span(word.begin, word.end, "name")
        for one, other in pairwise(words):
            together = one.folded + other.folded
            if together in self.names and len(together) > SHORTEST_NAME + 1 and not is_ordinary(together):
                yield Span(one.begin, other.end, "name")
        for one, other in pairwise(_telling(words)):
            if frozenset((one.folded, other.folded)) in self.pairs:
                yield Span(one.begin, other.end, "name")

    def _is_name(self, word: Word) -> bool:
        if word.folded not in self.names:
            return False
        listed = is_given_name(word.folded) or is_surname(word.folded)
        return not is_ordinary(word.folded) or (word.is_capital and listed)

    def _is_of_two(self, word: str) -> bool:
        """Whether a word is two names without a space: "fatimayildiz"."""
        if len(word) < 2 * SHORTEST_NAME or is_ordinary(word):
            return False
        cuts = range(SHORTEST_NAME, len(word) - SHORTEST_NAME + 1)
        return any(word[:cut] in self.names and _bare(word[cut:]) in self.names for cut in cuts)


def _telling(words: Iterable[Word]) -> list[Word]:
    """Words without what stands between the parts of a name."""
    return [word for word in words if word.folded not in prefixes()]


def _bare(word: str) -> str:
    """A name without the prefix that was written as one word with it."""
    leading = [prefix for prefix in prefixes() if word.startswith(prefix) and len(word) > len(prefix) + SHORTEST_NAME]
    return word[len(max(leading, key=len, default="")) :]


def roster_for(texts: Iterable[str], hidden: Iterable[HiddenColumns]) -> Roster:
    """Look up the words and numbers of some texts in the hidden columns of a source."""
    columns = [column for each in hidden for column in each]
    if not columns:
        return Roster()
    words, pairs, numbers, beside = set[str](), set[str](), set[str](), set[tuple[str, str]]()
    for text in texts:
        folded = folded_words(text)
        beside.update(pairwise(word for word in folded if word not in prefixes()))
        words.update(folded)
        pairs.update(map("".join, pairwise(folded)))
        numbers.update(form for _, forms in _numbers(text) for form in forms)
    glued = {word[:cut] for word in words for cut in range(SHORTEST_NAME, len(word))} | {
        _bare(word[cut:]) for word in words if not is_ordinary(word) for cut in range(SHORTEST_NAME, len(word) - 2)
    }
    names, whole = set[str](), set[frozenset[str]]()
    for heading, cells in columns:
        of_column = _names_of(heading, cells)
        names |= of_column & (words | pairs | glued)
        asked = {frozenset(pair) for pair in beside if of_column.issuperset(pair)}
        whole |= _in_one_cell(asked, cells)
    return Roster(
        frozenset(names),
        frozenset(whole),
        frozenset(number for _, cells in columns for number in _known(cells, numbers)),
        [shape for heading, cells in columns if (shape := _shape_of(cells))],
    )


def _names_of(heading: str, cells: pa.Array) -> set[str]:
    """The folded words of a column of names; of any other column none."""
    distinct = pc.unique(pc.list_flatten(pc.split_pattern_regex(cells, r"[^\p{L}'’]+"))).to_pylist()
    words = {folded for word in distinct if word and len(folded := fold(word)) >= SHORTEST_NAME}
    words -= prefixes() | some("address")
    listed = sum(map(is_listed_name, words))
    needed = OF_NAMES_HEADED if _NAME_HEADING.search(heading) else OF_NAMES
    return words if listed and listed >= needed * len(words) else set()


def _in_one_cell(asked: set[frozenset[str]], cells: pa.Array) -> set[frozenset[str]]:
    """Those pairs of words that are the parts of a name in a column."""
    if not asked:
        return set()
    parts = ([word for word in folded_words(cell) if word not in prefixes()] for cell in cells.to_pylist() if cell)
    return asked & {frozenset(pair) for each in parts for pair in pairwise(each)}


def _known(cells: pa.Array, numbers: set[str]) -> list[str]:
    """The numbers that a column holds, whatever separates their signs."""
    if not numbers:
        return []
    plain = pc.utf8_lower(pc.replace_substring_regex(cells, r" 00:00:00$|[^\p{L}\d]", ""))
    return list(plain.filter(pc.is_in(plain, pa.array(sorted(numbers), _TEXT))).to_pylist())


def _numbers(text: str) -> Iterator[tuple[tuple[int, int], frozenset[str]]]:
    """Where the numbers and days of a text stand, and how each can be written without what separates its signs."""
    if not _DIGIT.search(text):
        return
    for match in _NUMBER.finditer(text):
        for part in (0, "digits"):  # what stands before it can be another word
            plain = re.sub(r"[^A-Za-z\d]", "", match[part]).lower()
            if not _YEAR.fullmatch(plain):
                yield match.span(part), frozenset({plain})
    for match in _DAY.finditer(text):
        first, month, last = match.groups()
        day, year = (last, first) if len(first) == 4 else (first, last)
        if len(year) == 4 and len(day) < 3:
            forms = {f"{day:0>2}{month:0>2}{year}", f"{int(day)}{int(month)}{year}", f"{year}{month:0>2}{day:0>2}"}
            yield match.span(), frozenset(forms)


def _shape_of(cells: pa.Array) -> re.Pattern[str] | None:
    """How the identifiers of a column are written, where most are written alike and unlike a plain number or day."""
    sample = [text.strip() for text in cells[:SAMPLE].to_pylist() if text and text.strip()]
    shapes = Counter(re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", text)) for text in sample)
    shape, n = shapes.most_common(1)[0] if shapes else ("", 0)
    digits, letters = shape.count("9"), shape.count("A")
    is_day = re.fullmatch(r"9{1,4}[-/.]9{1,2}[-/.]9{1,4}(?: .*)?", shape)
    tells = digits >= LEAST_DIGITS and 0 < letters <= 4 and re.fullmatch(r"[A9./-]+", shape) and not is_day
    if not tells or n < max(ONE_SHAPE * len(sample), 2) or shape[0] not in "A9":
        return None
    signs = "".join(_SIGNS.get(sign, "[ ./-]?") for sign in shape)
    return re.compile(rf"(?<![^\W_]){signs}(?![^\W_])", re.IGNORECASE)
