"""Read the cells of a column: once per distinct text, however many rows there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from iww_analysis.schema.cells import Reader, Reading
from iww_analysis.schema.compact import distinct


class Memory(dict[str, Reading]):
    """What texts were found to mean, so that one that comes again in a later batch is not read again."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Reading:
        self[text] = reading = self._read(text)
        return reading


@dataclass(frozen=True)
class Meanings:
    """What distinct texts mean: per text its value, why there is none, and the rule that changed or refused it."""

    texts: Sequence[str]
    values: Sequence[object]
    missing: Sequence[str | None]
    rules: Sequence[str | None]

    @cached_property
    def ruled(self) -> list[int]:
        """The texts that a rule changed or refused, by their number."""
        return [number for number, rule in enumerate(self.rules) if rule]

    @cached_property
    def named(self) -> tuple[np.ndarray, pd.CategoricalDtype]:
        """The values as categories, and for each text the number of its own."""
        codes, known = pd.factorize(np.array(self.values, dtype=object))
        return codes, pd.CategoricalDtype(pd.Index(known, dtype=object))


Known = dict[
    tuple[str, int], tuple[pd.Index, Meanings]
]  # name and identity of the texts -> they, kept alive, and what they mean


def meanings(texts: Sequence[str], readings: Sequence[Reading]) -> Meanings:
    """Put what was read of each text apart."""
    values, missing, rules = zip(*readings, strict=True) if readings else ((), (), ())
    return Meanings(texts, values, missing, rules)


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
            return self._held_once(*Meanings((), of_text, (), ()).named)
        return self._held_once(known.categories.get_indexer(pd.Index(of_text, dtype=object)), known)

    @property
    def names(self) -> pd.Series:
        """The values of a column of identifiers."""
        return self._held_once(*self.said.named)

    @property
    def days(self) -> pd.Series:
        """The values of a column of days."""
        days = pd.to_datetime(pd.Series(list(self.said.values), dtype=object)).to_numpy("datetime64[us]")
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
    return read_all(texts, lambda known: meanings(known, [held[text] for text in known]))


def read_all(
    texts: pd.Series, read: Callable[[list[str]], Meanings], known: Known | None = None, name: str = ""
) -> Readings:
    """Read the distinct texts of a column all at once.

    `known` keeps what texts mean under a name, for columns that are the same texts in another order, as an identifier is
    that stands in several tables.
    """
    if known is None or not isinstance(texts.dtype, pd.CategoricalDtype):
        codes, own = distinct(texts)
        return Readings(texts.index, codes, read(own))
    words = texts.dtype.categories
    if (name, id(words)) not in known:
        known[name, id(words)] = words, read(words.tolist())
    return Readings(texts.index, texts.cat.codes.to_numpy(), known[name, id(words)][1])
