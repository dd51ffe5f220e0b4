"""Hold the answer to one question, and the tables of a study that give it: held in memory here, long ones in `stored_tables`."""

from abc import abstractmethod
from collections import UserDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from iww_analysis.analysis import question as questions
from iww_analysis.analysis.question import Question
from iww_analysis.messages.errors import fail

Change = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Answer:
    """One question with its answer.

    `numbers`: one row per combination of keys; `totals`: the units per value of the first key; `n_in` and `n_out`: the units
    that were asked about and that were counted; `left_out`: reason -> the units between.
    """

    question: Question
    numbers: pd.DataFrame
    totals: pd.DataFrame
    n_in: int
    n_out: int
    left_out: Mapping[str, int]

    def with_numbers(self, change: Change) -> "Answer":
        """The same with its numbers changed, such as marks left out that were not asked."""
        return replace(self, numbers=change(self.numbers))


class StudyTables(Mapping[str, pd.DataFrame]):
    """The tables of a study, and the questions that are asked of them."""

    @abstractmethod
    def answer(self, question: Question) -> Answer:
        """Give the answer to a question."""

    @abstractmethod
    def rows(self, question: Question, mark: Mapping[str, str]) -> pd.DataFrame:
        """Give the rows that marks with these keys were counted from: keys, place and what the question looks at at least."""

    @abstractmethod
    def sources_of(self, table: str) -> Collection[str]:
        """Name the sources that have rows in a table."""

    @abstractmethod
    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        """Give some columns of a table."""

    @abstractmethod
    def alike(self, table: str, wanted: pd.DataFrame) -> pd.DataFrame:
        """Give the records of a table that agree with any of these in all columns that they have."""

    @abstractmethod
    def only(self, sources: Collection[str]) -> "StudyTables":
        """The same tables of these sources alone."""

    def replaced(self, **frames: pd.DataFrame) -> "HeldTables":
        """The same with these tables in place of those of that name."""
        return HeldTables({**self, **frames})


class HeldTables(UserDict[str, pd.DataFrame], StudyTables):
    """Tables that are held in memory. An answer refuses labels that two sources share."""

    def answer(self, question: Question) -> Answer:
        frame, n_in, left_out = questions.chosen(question, self)
        refuse_shared_labels(question, frame)
        numbers = complete(question, questions.numbers(question, frame))
        n_out = len(frame.drop_duplicates(list(questions.UNITS[question.unit])))
        return Answer(question, numbers, questions.totals(question, frame), n_in, n_out, left_out)

    def rows(self, question: Question, mark: Mapping[str, str]) -> pd.DataFrame:
        rows = questions.rows(question, self)
        for key, value in mark.items():
            rows = rows[rows[key].astype("str") == value]
        return rows

    def sources_of(self, table: str) -> Collection[str]:
        return set(self[table]["source"])

    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        return self[table][list(names)]

    def alike(self, table: str, wanted: pd.DataFrame) -> pd.DataFrame:
        keys, known = list(wanted), self[table]
        at = known[keys].reset_index(names="_at").merge(wanted.drop_duplicates(), on=keys)["_at"]
        return known.loc[at.sort_values()]

    def only(self, sources: Collection[str]) -> "HeldTables":
        return HeldTables(of_sources(self, sources))


class AnsweredTables(HeldTables):
    """Tables in memory that answer each question once: who asks it again gets the answer that was given.

    `answers`: those given so far, of all sources or of some; `of`: these sources; none: all.
    """

    def __init__(
        self, frames: Mapping[str, pd.DataFrame], answers: dict[str, Answer] | None = None, of: Sequence[str] = ()
    ) -> None:
        super().__init__(frames)
        self._answers, self._of = {} if answers is None else answers, tuple(of)

    def answer(self, question: Question) -> Answer:
        asked = f"{self._of}: {question!r}"
        if asked not in self._answers:
            self._answers[asked] = super().answer(question)
        return self._answers[asked]

    def only(self, sources: Collection[str]) -> "AnsweredTables":
        chosen = sorted(source for source in sources if not self._of or source in self._of)
        return AnsweredTables(of_sources(self, chosen), self._answers, chosen or [""])


def of_sources(frames: Mapping[str, pd.DataFrame], sources: Collection[str]) -> dict[str, pd.DataFrame]:
    """The rows of some sources in every frame."""
    return {name: frame[frame["source"].isin(sources)].reset_index(drop=True) for name, frame in frames.items()}


LABELS = ("case", "team", "arena", "session", "meeting")  # invented names: known only within their source


def refuse_shared_labels(question: Question, frame: pd.DataFrame) -> None:
    """Refuse to lay two cases (teams, arenas, sessions) of two sources on one mark because they bear the same label."""
    if "source" in question.by:
        return
    for key in (label for label in LABELS if label in question.by):
        sources = frame.groupby(key)["source"].nunique()
        shared = sorted(map(str, sources.index[sources > 1]))
        if shared:
            where = sorted(frame.loc[frame[key].astype("str").isin(shared), "source"].unique())
            raise fail("labels_shared", key=key, labels=", ".join(shared), sources=", ".join(where))


def complete(question: Question, numbers: pd.DataFrame) -> pd.DataFrame:
    """Put groups in the agreed order, those that count nothing included."""
    counted = [name for name, statistic in question.statistics.items() if statistic.kind != "first"]
    if not question.levels or not counted or numbers.empty:
        return numbers
    others = [key for key in question.by if key not in question.levels]
    grid = numbers[others].drop_duplicates() if others else pd.DataFrame(index=[0])
    for key, values in question.levels.items():
        seen = [value for value in numbers[key].unique() if value not in values]
        grid = grid.merge(pd.DataFrame({key: [*values, *sorted(seen)]}), how="cross")
    for rule in question.where:  # two keys of which one comes before the other: no pair twice
        if rule.test == "before" and {rule.column, rule.values[0]} <= set(question.by):
            grid = grid[grid[rule.column] < grid[str(rule.values[0])]]
    full = grid[list(question.by)].merge(numbers, on=list(question.by), how="left", validate="one_to_one")
    return full.fillna(dict.fromkeys(counted, 0)).astype(dict.fromkeys(counted, "int64"))
