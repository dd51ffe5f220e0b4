"""Hold the answer to a question: tidy numbers, their unit in words, what was left out and why, and the caveats."""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import NamedTuple

import pandas as pd

from iww_analysis.analysis.answer import Answer, Change, StudyTables
from iww_analysis.analysis.question import PROVENANCE, Question
from iww_analysis.messages.errors import fail

Caveat = tuple[str, Mapping[str, object]]  # code of a sentence, what fills its gaps


class Whole(NamedTuple):
    """What the numbers beyond counting of a mark rest on: the questions that count it, and the keys it shares with the mark."""

    parts: tuple[str, ...]
    keys: tuple[str, ...]


Withheld = Mapping[str, Mapping[str, int]]
THE_MARK = Whole((), ())  # what is of nothing but the mark's own rows


@dataclass(frozen=True)
class Finding:
    """An immutable result of one or more questions that are read together.

    `numbers`: one row per mark; the columns `keys` say which ("" where a question has no such key), the others hold
    the numbers; `part` tells the questions apart. `caveats` are codes of sentences in the catalogue, each with what
    fills its gaps. `absent`: source -> why it cannot be compared here. `wholes`: question -> the whole that its numbers
    beyond counting rest on; `beyond`: how these follow from the counts of a finding, where they do. `withheld`: why records of
    persons in the tables asked count nowhere -> table -> how many; None where none of them takes consent.
    """

    id: str
    parts: tuple[Answer, ...]
    synthetic: bool = False
    sources: tuple[str, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    extra: pd.DataFrame | None = None  # what goes beyond counting: the keys of a mark, then more columns
    share_of: Mapping[str, str] = field(default_factory=dict)  # column of shares -> the count it rests on
    wholes: Mapping[str, Whole] = field(default_factory=dict)
    withheld: Withheld | None = None
    beyond: "Callable[[Finding], Finding] | None" = None

    def __post_init__(self) -> None:
        with_share = {part.question.name for part in self.parts} if self.share_of and self.extra is not None else set()
        if self.extra is not None and "part" in self.extra:
            with_share &= set(self.extra["part"])
        if bare := with_share - set(self.wholes):
            raise ValueError(f"{self.id}: shares without their whole in {', '.join(sorted(bare))}")

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
        counted = [(part.question, part.numbers) for part in self.parts if len(part.numbers)]
        frames = [frame.astype(dict.fromkeys(asked.by, "str")).assign(part=asked.name) for asked, frame in counted]
        columns = [*self.keys, *dict.fromkeys(n for part in self.parts for n in part.question.statistics), "part"]
        if not frames:
            return pd.DataFrame(columns=[*columns, *self.share_of])
        together = self._with_texts(pd.concat(frames, ignore_index=True).reindex(columns=columns))
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
        self, extra: pd.DataFrame, share_of: Mapping[str, str] | None = None,
        wholes: Whole | Mapping[str, Whole] | None = None, beyond: "Callable[[Finding], Finding] | None" = None,
    ) -> "Finding":  # fmt: skip
        """The same finding with columns that go beyond counting; `extra` has keys of the marks and the new columns.

        `wholes`: what they rest on, for all questions or per question; where shares are among them it must be said. `beyond`:
        what works them out from the counts of a finding such as this.
        """
        if isinstance(wholes, Whole):
            wholes = {part.question.name: wholes for part in self.parts}
        return replace(self, extra=extra, share_of=share_of or {}, wholes=wholes or {}, beyond=beyond)

    def with_ratios(self, count: str, of: str) -> "Finding":
        """The same finding with, for each mark that has both numbers, one as a share of the other."""
        having = [part for part in self.parts if {count, of} <= {*part.numbers}]
        frames = [
            part.numbers[[*part.question.by]].assign(
                part=part.question.name,
                share=part.numbers[count].astype("float64") / part.numbers[of].astype("float64"),
            )
            for part in having
        ]
        extra = pd.concat(frames, ignore_index=True).reindex(columns=[*self.keys, "part", "share"])
        beyond = partial(Finding.with_ratios, count=count, of=of)
        return self.with_extra(self._with_texts(extra), {"share": of}, THE_MARK, beyond)

    def with_shares(self, wholes: Mapping[str, Whole] | None = None) -> "Finding":
        """The same finding with, for each mark, its count as a share (0..1) of its whole.

        Without `wholes`: of the units of its own question that have its first key. With them: of the questions named, the
        count that the whole has for the keys that it shares with the mark.
        """
        if wholes is None:
            wholes = {part.question.name: Whole((part.question.name,), self.keys[:1]) for part in self.parts}
        counted = replace(self, share_of={"share": self.unit}, wholes=wholes)
        frames = [
            answer.numbers[[*answer.question.by]].assign(
                part=name, share=answer.numbers[answer.question.unit].astype("float64") / counted.whole_counts(answer)
            )
            for name, answer in ((name, self.part(name)) for name in wholes)
        ]
        extra = pd.concat(frames, ignore_index=True).reindex(columns=[*self.keys, "part", "share"])
        beyond = partial(Finding.with_shares, wholes=wholes)
        return self.with_extra(self._with_texts(extra), counted.share_of, wholes, beyond)

    def whole_counts(self, answer: Answer) -> pd.Series:
        """Of how many each mark of a question is a share: not a number where nothing counts.

        A number of the mark itself, or the count of its whole.
        """
        whole, numbers = self.wholes[answer.question.name], answer.numbers
        if whole == THE_MARK:
            return numbers[self.share_of["share"]].astype("float64")
        keys, base = list(whole.keys), self.part(whole.parts[0])
        units = (base.totals if whole.keys == self.keys[:1] else base.numbers).set_index(keys)[answer.question.unit]
        return numbers[keys].join(units, on=keys)[answer.question.unit].astype("float64")

    def _with_texts(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same with its keys as texts, "" where there is none."""
        return frame.assign(**{key: frame[key].astype("str").where(frame[key].notna(), "") for key in self.keys})

    def __repr__(self) -> str:
        counts = [f"{part.question.name}: {part.question.unit} = {part.n_out} van {part.n_in}" for part in self.parts]
        return f"{self.id} · {', '.join(counts)} · {self.digest}"

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>" + str(self.numbers.to_html(index=False, max_rows=20))


def ask(id: str, asked: Sequence[Question], tables: StudyTables, *, synthetic: bool = False,  # noqa: A002 - the field's word
        absent: Mapping[str, str] | None = None) -> Finding:  # fmt: skip
    """Answer questions that are read together.

    Refuses questions whose first keys differ.
    """
    if len({question.by[0] for question in asked}) > 1:
        raise fail("unlike_questions", questions=", ".join(question.name for question in asked))
    parts = tuple(tables.answer(question) for question in tables.told_apart(asked))
    used = {s for q in asked for s in tables.sources_of(q.table)}
    return Finding(id, parts, synthetic=synthetic, sources=tuple(sorted(used - set(absent or {}))), absent=absent or {})


def records(finding: Finding, tables: StudyTables, mark: Mapping[str, str]) -> pd.DataFrame:
    """Give the rows of the processed tables that a mark was counted from, by asking its question again.

    One row per row that the question looked at, with all its columns; `part` names the question.
    """
    tables = tables.only(finding.sources)
    asked = [part.question for part in finding.parts if set(mark) <= set(part.question.by)]
    frames = [tables.rows(question, mark).assign(part=question.name) for question in asked]
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
