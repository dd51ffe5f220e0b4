"""Parse the cells of a column: once per distinct text, however many rows there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.tables.cells.cell_readers import ParsedCell, Reader
from iww_analysis.tables.cells.interning import LEAST, Place, as_column, distinct, place_of


class ParsedTexts:
    """What distinct texts mean: per text its value, why there is none, and the rule that changed or refused it.

    `ruled`: the numbers of the texts that have a rule. More texts can be added: a number keeps its meaning.
    `names`: what stands in the place of identifiers that are hidden.
    """

    def __init__(self, texts: Sequence[str] = ()) -> None:
        """Begin with texts that mean themselves and break no rule."""
        self.texts: list[str] = list(texts)
        self.values: list[Any] = list(texts)
        self.missing: list[str | None] = [None] * len(texts)
        self.rules: list[str | None] = [None] * len(texts)
        self.ruled: list[int] = []
        self.names: pa.DictionaryArray | None = None
        self._once: dict[str, np.ndarray] = {}

    def correct(self, number: int, parsed: ParsedCell) -> None:
        """Say that a text does not stand for itself."""
        self.values[number], self.missing[number], self.rules[number] = parsed
        if self.rules[number]:
            self.ruled.append(number)

    def add(self, text: str, parsed: ParsedCell) -> int:
        """Add a text and give its number."""
        number = len(self.texts)
        self.texts.append(text)
        for of_texts in (self.values, self.missing, self.rules):
            of_texts.append(None)
        self.correct(number, parsed)
        return number

    def once(self, name: str, of_texts: Callable[[slice], np.ndarray]) -> np.ndarray:
        """Give what holds for each text; `of_texts` is asked for those that came since this name was last asked for."""
        known = self._once.get(name, np.zeros(0, dtype=np.int8))
        if len(known) < len(self.texts):
            new = of_texts(slice(len(known), None))
            self._once[name] = np.concatenate([known, new]) if len(known) else new
        return self._once.get(name, known)


class Memory(dict[str, int]):
    """The number of every text that a reader has read, so that one that comes again in a later batch is not read again."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read
        self.parsed = ParsedTexts()

    def __missing__(self, text: str) -> int:
        self[text] = number = self.parsed.add(text, self._read(text))
        return number

    def numbers(self, texts: Sequence[str]) -> np.ndarray:
        """Give the numbers of texts; what is new is read."""
        return np.fromiter(map(self.__getitem__, texts), dtype=np.int64, count=len(texts))


Known = dict[tuple[str, Place], tuple[pa.Array, ParsedTexts]]  # name and place of the texts -> they, and what they mean


@dataclass(frozen=True)
class ParsedColumn:
    """What the cells of a column mean. `codes`: per cell the number of its text among the `parsed`."""

    index: pd.Index
    codes: np.ndarray
    parsed: ParsedTexts

    @classmethod
    def of_one(cls, text: str, parsed: ParsedCell, index: pd.Index) -> "ParsedColumn":
        """Make a column of which every cell holds one text."""
        texts = ParsedTexts()
        return cls(index, np.full(len(index), texts.add(text, parsed), dtype=np.int8), texts)

    def each(self, of_text: Sequence[object], dtype: str) -> pd.Series:
        """Give for every cell what holds for its text."""
        values = pd.Series(np.array(of_text, dtype=object), dtype=dtype).array
        return pd.Series(values.take(self.codes) if len(values) else values, index=self.index)

    def words(self, of_text: Sequence[object]) -> pd.Series:
        """Give for every cell the word that holds for its text, each word held once."""
        codes, words = pd.factorize(np.array(of_text, dtype=object))
        return self._held_once(codes, pd.CategoricalDtype(pd.Index(words, dtype=object)))

    def codes_of(self, known: pd.CategoricalDtype) -> pd.Series:
        """Give for every cell its code of a list, or else why there is none. `known`: all there can be."""
        parsed, words = self.parsed, known.categories

        def numbers(new: slice) -> np.ndarray:
            pairs = zip(parsed.values[new], parsed.missing[new], strict=True)
            return words.get_indexer(pd.Index([value or missing for value, missing in pairs], dtype=object))

        return self._held_once(parsed.once("codes", numbers), known)

    def reasons(self, known: pd.CategoricalDtype) -> pd.Series:
        """Give for every cell why it has no value."""
        parsed, words = self.parsed, known.categories
        numbers = parsed.once("reasons", lambda new: words.get_indexer(pd.Index(parsed.missing[new], dtype=object)))
        return self._held_once(numbers, known)

    @property
    def names(self) -> pd.Series:
        """The values of a column of identifiers, each held once."""
        if self.parsed.names is None:
            return self.words(self.parsed.values)
        return as_column(self.parsed.names.take(pa.array(self.codes)), self.index)

    @property
    def days(self) -> pd.Series:
        """The values of a column of days."""
        values = self.parsed.values
        days = self.parsed.once(
            "days", lambda new: pd.to_datetime(pd.Series(values[new], dtype=object)).to_numpy("datetime64[us]")
        )
        return pd.Series(days.take(self.codes) if len(days) else days.astype("datetime64[us]"), index=self.index)

    def counts(self) -> np.ndarray:
        """How many cells hold each distinct text."""
        return np.bincount(self.codes, minlength=len(self.parsed.texts))

    def _held_once(self, of_text: np.ndarray, words: pd.CategoricalDtype) -> pd.Series:
        """Give for every cell the word whose number holds for its text (-1: none)."""
        numbers = of_text.astype(np.int8 if len(words.categories) <= LEAST else np.int32)
        codes = numbers.take(self.codes) if len(numbers) else numbers
        return pd.Series(pd.Categorical.from_codes(codes, dtype=words, validate=False), index=self.index)  # type: ignore[arg-type]  # known of any type


def read_distinct(texts: pd.Series, read: Reader, memory: Memory | None = None) -> ParsedColumn:
    """Apply a reader once per distinct text; `memory` holds what the same reader read before."""
    memory = Memory(read) if memory is None else memory
    codes, distinct_texts = distinct(texts)
    return ParsedColumn(texts.index, memory.numbers(distinct_texts.to_pylist())[codes], memory.parsed)


def read_all(texts: pd.Series, read: Callable[[pa.Array], ParsedTexts], known: Known, name: str) -> ParsedColumn:
    """Read the distinct texts of a column all at once.

    `known` keeps what texts mean under a name, for columns that are the same texts in another order, as an identifier is
    that stands in several tables.
    """
    codes, distinct_texts = distinct(texts)
    place = name, place_of(distinct_texts)
    if place not in known:
        known[place] = distinct_texts, read(distinct_texts)
    return ParsedColumn(texts.index, codes, known[place][1])
