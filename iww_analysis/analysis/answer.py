"""Hold the answer to one question, and the tables of a study that give it: held in memory here, long ones in `stored_tables`."""

from abc import abstractmethod
from collections import UserDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from iww_analysis.analysis import question as questions
from iww_analysis.analysis.overlap import Settled, of_question
from iww_analysis.analysis.question import Question
from iww_analysis.messages.errors import fail
from iww_analysis.tables import TABLES

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
    """The tables of a study, and the questions that are asked of them.

    `settled`: which of its sources leave out cases that count in another.
    """

    settled: tuple[Settled, ...] = ()

    def as_asked(self, question: Question) -> Question:
        """The question as it is asked of these sources: no case, nor what hangs on one, is counted in two of them."""
        if not self.settled or question.settled or "case_id" not in TABLES[question.table]:
            return question
        return question.with_settled(of_question(self.settled, self.sources_of(question.table)))

    @abstractmethod
    def answer(self, question: Question) -> Answer:
        """Give the answer to a question."""

    def labels(self, question: Question, key: str) -> pd.DataFrame:
        """The labels that a question counts under a key, with their sources: key, source."""
        return self.answer(replace(question, by=(key, "source"), numbers={}, levels={})).numbers[[key, "source"]]

    def told_apart(self, asked: Sequence[Question]) -> list[Question]:
        """The questions with the source beside the name of a team, arena, session or meeting that is of several sources."""
        apart = list[tuple[str, str, str]]()
        for key in TOLD_APART:
            of_key = [q for q in asked if key in q.by and "source" not in q.by and len(self.sources_of(q.table)) > 1]
            if of_key:
                pairs = pd.concat([self.labels(q, key).astype("str") for q in of_key]).drop_duplicates()
                shared = pairs[pairs[key].duplicated(keep=False)].sort_values([key, "source"])
                apart += [(key, label, source) for label, source in shared[[key, "source"]].itertuples(index=False)]
        return [replace(q, apart=tuple(each for each in apart if each[0] in q.by)) for q in asked]

    def rows(self, question: Question, mark: Mapping[str, str]) -> pd.DataFrame:
        """Give the rows that marks with these keys were counted from: keys, place and what the question looks at at least."""
        rows = questions.rows(question, self)
        for key, value in mark.items():
            rows = rows[rows[key].astype("str") == value]
        return rows

    @abstractmethod
    def sources_of(self, table: str) -> Collection[str]:
        """Name the sources that have rows in a table."""

    @abstractmethod
    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        """Give some columns of a table."""

    def alike(self, table: str, wanted: pd.DataFrame) -> pd.DataFrame:
        """Give the records of a table that agree with any of these in all columns that they have."""
        keys, known = list(wanted), self[table]
        at = known[keys].reset_index(names="_at").merge(wanted.drop_duplicates(), on=keys)["_at"]
        return known.loc[at.sort_values()]

    @abstractmethod
    def only(self, sources: Collection[str]) -> "StudyTables":
        """The same tables of these sources alone."""

    def replaced(self, **frames: pd.DataFrame) -> "HeldTables":
        """The same with these tables in place of those of that name."""
        return HeldTables({**self, **frames}, self.settled)


class HeldTables(UserDict[str, pd.DataFrame], StudyTables):
    """Tables that are held in memory. An answer refuses labels that two sources share."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], settled: tuple[Settled, ...] = ()) -> None:
        super().__init__(frames)
        self.settled = settled

    def answer(self, question: Question) -> Answer:
        question = self.as_asked(question)
        frame, n_in, left_out = questions.chosen(question, self)
        refuse_shared_labels(question, frame)
        numbers = complete(question, questions.numbers(question, frame))
        n_out = len(frame.drop_duplicates(list(questions.UNITS[question.unit])))
        return Answer(question, numbers, questions.totals(question, frame), n_in, n_out, left_out)

    def sources_of(self, table: str) -> Collection[str]:
        return set(self[table]["source"])

    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        return self[table][list(names)]

    def only(self, sources: Collection[str]) -> "HeldTables":
        return HeldTables(of_sources(self, sources), self.settled)


class AnsweredTables(HeldTables):
    """Tables in memory that answer each question once: who asks it again gets the answer that was given.

    `answers`: those given so far, of all sources or of some; `of`: these sources; none: all.
    """

    def __init__(
        self, frames: Mapping[str, pd.DataFrame], answers: dict[str, Answer] | None = None, of: Sequence[str] = (),
        settled: tuple[Settled, ...] = (),
    ) -> None:  # fmt: skip
        super().__init__(frames, settled)
        self._answers, self._of = {} if answers is None else answers, tuple(of)

    def answer(self, question: Question) -> Answer:
        asked = f"{self._of}: {question!r}"
        if asked not in self._answers:
            self._answers[asked] = super().answer(question)
        return self._answers[asked]

    def only(self, sources: Collection[str]) -> "AnsweredTables":
        chosen = sorted(source for source in sources if not self._of or source in self._of)
        return AnsweredTables(of_sources(self, chosen), self._answers, chosen or [""], self.settled)


def of_sources(frames: Mapping[str, pd.DataFrame], sources: Collection[str]) -> dict[str, pd.DataFrame]:
    """The rows of some sources in every frame."""
    return {
        name: frame[frame["source"].isin(sources)].reset_index(drop=True) if len(frame) else frame
        for name, frame in frames.items()
    }


TOLD_APART = ("team", "arena", "session", "meeting")  # by their source, where one name is of several
LABELS = ("case", *TOLD_APART)  # invented names: known only within their source


def shared_by(question: Question) -> list[str]:
    """The keys of a question of which two sources may share a label: of a case not where its team tells whose it is."""
    return [key for key in LABELS if key in question.by and not (key == "case" and "team" in question.by)]


def refuse_shared_labels(question: Question, frame: pd.DataFrame) -> None:
    """Refuse to lay two cases (teams, arenas, sessions) of two sources on one mark because they bear the same label."""
    if "source" in question.by:
        return
    for key in shared_by(question):
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
