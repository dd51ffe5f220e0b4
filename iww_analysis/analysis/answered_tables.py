"""Tables that answer each question once: who asks it again gets the answer that was given."""

from collections.abc import Collection
from dataclasses import dataclass, field

from iww_analysis.analysis.answer import Answer, HeldTables, of_sources
from iww_analysis.analysis.question import Question


@dataclass(frozen=True)
class AnsweredTables(HeldTables):
    """Tables in memory with the answers given so far, of all sources or of some. `of`: those sources; none: all."""

    answers: dict[str, Answer] = field(default_factory=dict)
    of: tuple[str, ...] = ()

    def answer(self, question: Question) -> Answer:
        """Give the answer to a question, counted when it was not asked before."""
        asked = f"{self.of}: {question!r}"
        if asked not in self.answers:
            self.answers[asked] = super().answer(question)
        return self.answers[asked]

    def only(self, sources: Collection[str]) -> "AnsweredTables":
        """The same tables of these sources alone; their answers are remembered with the others."""
        chosen = sorted(source for source in sources if not self.of or source in self.of)
        return AnsweredTables(of_sources(self.frames, chosen), self.answers, tuple(chosen) or ("",))
