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
    """What may be shown of a figure of these sources: nothing of a source without a vector, or that no vector knows."""

    vectors: Vectors
    sources: Sequence[str]
    figure: str

    def of(self, question: Question, *at: str) -> int | None:
        """Of one cell: `n_in`, `n_out`, `left_out` and a reason, `total` and a first key, or a number and its keys.

        A source that is not asked this question alone, such as one without a second measurement, counts nothing in it.
        """
        shown = {source: self.vectors.get(source, {}) for source in self.sources}
        cells = {source: cells_of(self.figure, question, source) for source in self.sources}
        knowing = [source for source in self.sources if (cells[source], ASKED_ABOUT) in shown[source]]
        if not knowing or not all(shown.values()):
            return None
        counts = [shown[source].get((cells[source], *_own(question, source, at)), 0) for source in knowing]
        return None if None in counts else sum(n for n in counts if n is not None)


def _own(question: Question, source: str, at: tuple[str, ...]) -> tuple[str, ...]:
    """A cell as a source by itself names it: a label that several have without its source."""
    own = {beside(label, of): label for _, label, of in question.apart if of == source}
    return tuple(own.get(word, word) for word in at)
