"""Read the cells of a column: once per distinct text, however many rows there are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis.schema.cells import Reader, Reading
from iww_analysis.schema.compact import distinct


class Meanings:
    """What distinct texts mean: per text its value, why there is none, and the rule that changed or refused it.

    `ruled`: the numbers of the texts that have a rule. More texts can be added: a number keeps its meaning.
    """

    def __init__(self, texts: Sequence[str] = (), readings: Iterable[Reading] = ()) -> None:
        self.texts: list[str] = []
        self.values: Any = []  # a list, or texts in Arrow
        self.missing: list[str | None] = []
        self.rules: list[str | None] = []
        self.ruled: list[int] = []
        self._days = np.zeros(0, dtype="datetime64[us]")
        for text, reading in zip(texts, readings, strict=True):
            self.add(text, reading)

    def add(self, text: str, reading: Reading) -> int:
        """Add a text and give its number."""
        number = len(self.texts)
        value, missing, rule = reading
        self.texts.append(text)
        self.values.append(value)
        self.missing.append(missing)
        self.rules.append(rule)
        if rule:
            self.ruled.append(number)
        return number

    @property
    def days(self) -> np.ndarray:
        """The values as days; each is made once."""
        more = pd.Series(self.values[len(self._days) :], dtype=object)
        self._days = np.concatenate([self._days, pd.to_datetime(more).to_numpy("datetime64[us]")])
        return self._days


class Memory(dict[str, int]):
    """What texts were found to mean, by number, so that one that comes again in a later batch is not read again."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read
        self.said = Meanings()

    def __missing__(self, text: str) -> int:
        self[text] = number = self.said.add(text, self._read(text))
        return number

    def numbers(self, texts: Sequence[str]) -> np.ndarray:
        """Give the numbers of texts; what is new is read."""
        return np.fromiter(map(self.__getitem__, texts), dtype=np.int64, count=len(texts))


Known = dict[
    tuple[str, int], tuple[pd.Index, Meanings]
]  # name and identity of the texts -> they, kept alive, and what they mean


@dataclass(frozen=True)
class Readings:
    """What the cells of a column mean. `codes`: per cell the number of its text among the meanings."""

    index: pd.Index
    codes: np.ndarray
    said: Meanings

    def each(self, of_text: Sequence[object], dtype: str) -> pd.Series:
        """Give for every cell what holds for its text."""
        own = pd.Series(np.array(of_text, dtype=object), dtype=dtype).array
        return pd.Series(own.take(self.codes) if len(own) else own, index=self.index)

    def words(self, of_text: Sequence[object], known: pd.CategoricalDtype | None = None) -> pd.Series:
        """Give for every cell the word that holds for its text, each word held once (`known`: all words there can be)."""
        if known is None:
            codes, words = pd.factorize(np.array(of_text, dtype=object))
            return self._held_once(codes, pd.CategoricalDtype(pd.Index(words, dtype=object)))
        return self._held_once(known.categories.get_indexer(pd.Index(of_text, dtype=object)), known)

    @property
    def names(self) -> pd.Series:
        """The values of a column of identifiers."""
        names = pa.array(self.said.values, pa.large_string())
        return pd.Series(pd.array(names.take(pa.array(self.codes)), dtype="str"), index=self.index)

    @property
    def days(self) -> pd.Series:
        """The values of a column of days."""
        days = self.said.days
        return pd.Series(days.take(self.codes) if len(days) else days, index=self.index)

    def counts(self) -> np.ndarray:
        """How many cells hold each distinct text."""
        return np.bincount(self.codes, minlength=len(self.said.texts))

    def _held_once(self, codes: np.ndarray, words: pd.CategoricalDtype) -> pd.Series:
        own = codes.astype(np.int32)[self.codes] if len(codes) else np.zeros(0, dtype=np.int32)
        return pd.Series(pd.Categorical.from_codes(own, dtype=words), index=self.index)


def read_distinct(texts: pd.Series, read: Reader, memory: Memory | None = None) -> Readings:
    """Apply a reader once per distinct text; `memory` holds what the same reader read before."""
    held = Memory(read) if memory is None else memory
    codes, own = distinct(texts)
    return Readings(texts.index, held.numbers(own)[codes], held.said)


def read_all(texts: pd.Series, read: Callable[[list[str]], Meanings], known: Known, name: str) -> Readings:
    """Read the distinct texts of a column all at once.

    `known` keeps what texts mean under a name, for columns that are the same texts in another order, as an identifier is
    that stands in several tables.
    """
    if not isinstance(texts.dtype, pd.CategoricalDtype):
        codes, own = distinct(texts)
        return Readings(texts.index, codes, read(own))
    words = texts.dtype.categories
    if (name, id(words)) not in known:
        known[name, id(words)] = words, read(words.tolist())
    return Readings(texts.index, texts.cat.codes.to_numpy(), known[name, id(words)][1])
