"""The kinds of mess of real files; each is done to a stranger whose files can bear it, with what it means for the truth."""

from collections.abc import Callable
from random import Random

from benchmarks.strangers.book.model import Stranger
from benchmarks.strangers.mess import cells, rows, writing

Kind = Callable[[Random, Stranger], bool]
KINDS: dict[str, Kind] = {**cells.KINDS, **rows.KINDS, **writing.KINDS}
