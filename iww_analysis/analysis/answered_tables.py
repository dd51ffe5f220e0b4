"""Tables that answer each question once: who asks it again gets the answer that was given."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from iww_analysis.analysis import question as questions
from iww_analysis.analysis.finding import Answer, Answering, answered
from iww_analysis.analysis.question import Question


class AnsweredTables(Answering):
    """Tables in memory with the answers given so far, of all sources or of some."""

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], answers: dict[str, Answer] | None = None, of: Sequence[str] = ()
    ) -> None:
        self._tables = tables
        self._answers: dict[str, Answer] = {} if answers is None else answers
        self._of = tuple(sorted(of))  # the sources of which these are the tables; none: all

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self._tables[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def answer(self, question: Question) -> Answer:
        """Give the answer to a question, counted when it was not asked before."""
        asked = f"{self._of}: {question!r}"
        if asked not in self._answers:
            self._answers[asked] = answered(question, self._tables)
        return self._answers[asked]

    def rows(self, question: Question, mark: Mapping[str, str]) -> pd.DataFrame:
        """Give the rows that the question counts from; of every mark, as who asks looks for its own among them."""
        return questions.rows(question, self._tables)

    def sources_of(self, table: str) -> frozenset[str]:
        """Name the sources that have rows in a table."""
        return frozenset(self._tables[table]["source"].unique())

    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        """Give some columns of a table."""
        return self._tables[table][list(names)]

    def alike(self, table: str, wanted: pd.DataFrame) -> pd.DataFrame:
        """Give the records of a table that agree with any of these in all columns that they have."""
        known, keys = self._tables[table], list(wanted)
        at = known[keys].reset_index(names="_at").merge(wanted.drop_duplicates(), on=keys)["_at"]
        return known.loc[at.sort_values()]

    def only(self, sources: Collection[str]) -> "AnsweredTables":
        """The same tables of these sources alone; their answers are remembered with the others."""
        chosen = [source for source in sources if not self._of or source in self._of]
        theirs = {name: frame[frame["source"].isin(chosen)].reset_index(drop=True) for name, frame in self.items()}
        return AnsweredTables(theirs, self._answers, chosen or [""])
