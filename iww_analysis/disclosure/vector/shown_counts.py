"""Look up what may be shown of a count: in the vector of each source that it is of, and these together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iww_analysis.analysis.question import Question, beside
from iww_analysis.disclosure.vector.cells import Shown
from iww_analysis.disclosure.vector.links import ASKED_ABOUT

Vectors = Mapping[str, Shown]  # source -> every name of its cells -> what may be shown of it


def cells_of(figure: str, question: Question, source: str) -> str:
    """The name under which the cells of a question stand in the vector of a source.

    Where some of its cases count in another source, that is another question than of the source alone.
    """
    elsewhere = (f" -{each.other}" for each in question.settled if each.source == source)
    return f"{figure}.{question.name}{''.join(elsewhere)}"


@dataclass(frozen=True)
class ShownCounts:
    """What may be shown of a figure of these sources. A question that a vector does not know may not be shown at all."""

    vectors: Vectors
    sources: Sequence[str]
    figure: str

    def of(self, question: Question, *at: str) -> int | None:
        """Of one cell: `n_in`, `n_out`, `left_out` and a reason, `total` and a first key, or a number and its keys."""
        counts = [self._in(source, question, at) for source in self.sources]
        return None if not counts or None in counts else sum(n for n in counts if n is not None)

    def _in(self, source: str, question: Question, at: tuple[str, ...]) -> int | None:
        """In one source: a group that it does not have counts nothing there."""
        shown, cells = self.vectors.get(source, {}), cells_of(self.figure, question, source)
        if (cells, ASKED_ABOUT) not in shown:
            return None
        own = {beside(label, of): label for _, label, of in question.apart if of == source}
        return shown.get((cells, *(own.get(word, word) for word in at)), 0)
