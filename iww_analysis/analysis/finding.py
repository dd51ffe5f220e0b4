"""Hold the answer to a question: tidy numbers, their unit in words, what was left out and why, and the caveats."""

import csv
import hashlib
import io
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from iww_analysis.analysis import question as questions
from iww_analysis.analysis.question import PROVENANCE, Question, Tables
from iww_analysis.messages.errors import fail

Change = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Answer:
    """One question with its answer: numbers per combination of keys, and units per value of the first key."""

    question: Question
    numbers: pd.DataFrame
    totals: pd.DataFrame
    n_in: int
    n_out: int
    left_out: Mapping[str, int]

    def with_numbers(self, change: Change) -> "Answer":
        """The same with its numbers changed, such as marks left out that were not asked."""
        return replace(self, numbers=change(self.numbers))


class Answering(Mapping[str, pd.DataFrame]):
    """Tables that answer a question where they lie, because they are too long to hold."""

    @abstractmethod
    def answer(self, question: Question) -> Answer:
        """Give the answer to a question."""

    @abstractmethod
    def rows(self, question: Question, mark: Mapping[str, str]) -> pd.DataFrame:
        """Give the rows that marks with these keys were counted from."""

    @abstractmethod
    def sources_of(self, table: str) -> frozenset[str]:
        """Name the sources that have rows in a table."""

    @abstractmethod
    def columns(self, table: str, names: Sequence[str]) -> pd.DataFrame:
        """Give some columns of a table."""

    @abstractmethod
    def alike(self, table: str, wanted: pd.DataFrame) -> pd.DataFrame:
        """Give the records of a table that agree with any of these in all columns that they have."""

    @abstractmethod
    def only(self, sources: Collection[str]) -> "Answering":
        """The same tables of these sources alone."""


class Whole(NamedTuple):
    """What the numbers beyond counting of a mark rest on: the questions that count it, and the keys it shares with the mark."""

    parts: tuple[str, ...]
    keys: tuple[str, ...]


THE_MARK = Whole((), ())  # what is of nothing but the mark's own rows


@dataclass(frozen=True)
class Finding:
    """An immutable result of one or more questions that are read together.

    `numbers`: one row per mark; the columns `keys` say which ("" where a question has no such key), the others hold
    the numbers; `part` tells the questions apart. `caveats` are codes of sentences in the catalogue, each with what
    fills its gaps. `absent`: source -> why it cannot be compared here. `wholes`: question -> the whole that its numbers
    beyond counting rest on.
    """

    id: str
    parts: tuple[Answer, ...]
    synthetic: bool = False
    sources: tuple[str, ...] = ()
    caveats: tuple[tuple[str, Mapping[str, object]], ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    extra: pd.DataFrame | None = None  # what goes beyond counting: the keys of a mark, then more columns
    share_of: Mapping[str, str] = field(default_factory=dict)  # column of shares -> the count it rests on
    wholes: Mapping[str, Whole] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bare := self._with_share() - set(self.wholes):
            raise ValueError(f"{self.id}: shares without their whole in {', '.join(sorted(bare))}")

    def _with_share(self) -> set[str]:
        """The questions whose marks have a share."""
        names = {part.question.name for part in self.parts}
        if not self.share_of or self.extra is None:
            return set()
        return names & set(self.extra["part"]) if "part" in self.extra else names

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell one mark from another."""
        return tuple(dict.fromkeys(key for part in self.parts for key in part.question.by))

    @property
    def unit(self) -> str:
        """What the first question counts."""
        return self.parts[0].question.unit

    @property
    def values(self) -> tuple[str, ...]:
        """The columns that hold numbers."""
        return tuple(str(column) for column in self.numbers if column not in (*self.keys, "part"))

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """All marks of all questions under each other."""
        frames = [
            part.numbers.astype(dict.fromkeys(part.question.by, "str")).assign(part=part.question.name)
            for part in self.parts
            if len(part.numbers)
        ]
        columns = [*self.keys, *dict.fromkeys(n for part in self.parts for n in part.question.statistics), "part"]
        if not frames:
            return pd.DataFrame(columns=[*columns, *self.share_of])
        together = pd.concat(frames, ignore_index=True).reindex(columns=columns)
        together[list(self.keys)] = together[list(self.keys)].astype("str").where(together[list(self.keys)].notna(), "")
        if self.extra is not None:
            shared = [column for column in self.extra if column in (*self.keys, "part")]
            together = together.merge(self.extra, on=shared, how="left", validate="many_to_one")
        return together

    @property
    def digest(self) -> str:
        """A short hash of the numbers: it changes when one of them does."""
        return digest(self.numbers)

    def part(self, name: str) -> Answer:
        """Give one question with its answer."""
        return next(part for part in self.parts if part.question.name == name)

    def only(self, *names: str) -> "Finding":
        """The same finding with these of its questions alone, and what goes beyond counting for them."""
        parts = tuple(part for part in self.parts if part.question.name in names)
        left = {key for part in parts for key in part.question.by}
        extra = self.extra
        if extra is not None:
            extra = extra[extra["part"].isin(names)] if "part" in extra else extra
            extra = extra.drop(columns=[key for key in self.keys if key in extra and key not in left]).drop_duplicates()
        return replace(self, parts=parts, extra=extra)

    def with_numbers(self, changes: Mapping[str, Change]) -> "Finding":
        """The same finding with the numbers of some questions changed, such as marks left out that were not asked."""
        parts = (p.with_numbers(changes[p.question.name]) if p.question.name in changes else p for p in self.parts)
        return replace(self, parts=tuple(parts))

    def with_caveat(self, code: str, **words: object) -> "Finding":
        """The same finding with one more caveat."""
        return replace(self, caveats=(*self.caveats, (code, words)))

    def with_extra(
        self,
        extra: pd.DataFrame,
        share_of: Mapping[str, str] | None = None,
        wholes: Whole | Mapping[str, Whole] | None = None,
    ) -> "Finding":
        """The same finding with columns that go beyond counting; `extra` has keys of the marks and the new columns.

        `wholes`: what they rest on, for all questions or per question; where shares are among them it must be said.
        """
        if isinstance(wholes, Whole):
            wholes = {part.question.name: wholes for part in self.parts}
        return replace(self, extra=extra, share_of=share_of or {}, wholes=wholes or {})

    def with_shares(self, wholes: Mapping[str, Whole] | None = None) -> "Finding":
        """The same finding with, for each mark, its count as a share (0..1) of its whole.

        Without `wholes`: of the units of its own question that have its first key. With them: of the questions named, the
        count that the whole has for the keys that it shares with the mark.
        """
        if wholes is None:
            wholes = {part.question.name: Whole((part.question.name,), self.keys[:1]) for part in self.parts}
        frames = [self._shares(self.part(name), whole) for name, whole in wholes.items()]
        extra = pd.concat(frames, ignore_index=True).reindex(columns=[*self.keys, "part", "share"])
        extra[list(self.keys)] = extra[list(self.keys)].astype("str").where(extra[list(self.keys)].notna(), "")
        return self.with_extra(extra, {"share": self.unit}, wholes)

    def _shares(self, answer: Answer, whole: Whole) -> pd.DataFrame:
        keys, unit, base = list(whole.keys), answer.question.unit, self.part(whole.parts[0])
        units = (base.totals if whole.keys == self.keys[:1] else base.numbers).set_index(keys)[unit]
        of = answer.numbers[keys].join(units, on=keys)[unit].astype("float64")  # also when nothing counts
        share = answer.numbers[unit] / of
        return answer.numbers[[*answer.question.by]].assign(share=share, part=answer.question.name)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{part.question.name}: {part.question.unit} = {part.n_out} van {part.n_in}" for part in self.parts
        )
        return f"{self.id} · {counts} · {self.digest}"

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>" + str(self.numbers.to_html(index=False, max_rows=20))


def ask(
    id: str,  # noqa: A002 - the field's word for F05 and its like
    asked: Sequence[Question],
    tables: Tables,
    *,
    synthetic: bool = False,
    absent: Mapping[str, str] | None = None,
) -> Finding:
    """Answer questions that are read together.

    Refuses questions whose first keys differ.
    """
    if len({question.by[0] for question in asked}) > 1:
        raise fail("unlike_questions", questions=", ".join(question.name for question in asked))
    parts = tuple(_answer(question, tables) for question in asked)
    used = {s for q in asked for s in _sources_of(tables, q.table)}
    return Finding(id, parts, synthetic=synthetic, sources=tuple(sorted(used - set(absent or {}))), absent=absent or {})


def _sources_of(tables: Tables, name: str) -> Collection[str]:
    return tables.sources_of(name) if isinstance(tables, Answering) else tables[name]["source"].unique()


def _answer(question: Question, tables: Tables) -> Answer:
    return tables.answer(question) if isinstance(tables, Answering) else answered(question, tables)


def answered(question: Question, tables: Tables) -> Answer:
    """Give the answer to a question, counted in tables that are in memory."""
    frame, n_in, left_out = questions.chosen(question, tables)
    refuse_shared_labels(question, frame)
    numbers = questions.numbers(question, frame)
    totals = questions.totals(question, frame)
    n_out = len(frame.drop_duplicates(list(questions.UNITS[question.unit])))
    return Answer(question, complete(question, numbers), totals, n_in, n_out, left_out)


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


def records(finding: Finding, tables: Tables, mark: Mapping[str, str]) -> pd.DataFrame:
    """Give the rows of the processed tables that a mark was counted from, by asking its question again.

    One row per row that the question looked at, with all its columns; `part` names the question.
    """
    frames = []
    if isinstance(tables, Answering):
        tables = tables.only(finding.sources)
    else:
        tables = {name: frame[frame["source"].isin(finding.sources)] for name, frame in tables.items()}
    for part in finding.parts:
        if not set(mark) <= set(part.question.by):
            continue
        rows = (
            tables.rows(part.question, mark) if isinstance(tables, Answering) else questions.rows(part.question, tables)
        )
        for key, value in mark.items():
            rows = rows[rows[key].astype("str") == value]
        frames.append(rows.assign(part=part.question.name))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*PROVENANCE, "part"])


def digest(frame: pd.DataFrame, short: int = 12) -> str:
    """Hash a frame by what it says, whatever its types: the same numbers, the same hash."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(frame.columns)
    lines.writerows(frame.map(_plain).itertuples(index=False, name=None))
    return hashlib.sha256(text.getvalue().encode()).hexdigest()[:short]


def _plain(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
