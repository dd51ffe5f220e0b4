"""Protect findings before anything is drawn: one door, and the account of what was done to each number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from iww_analysis.analysis.answer import Answer
from iww_analysis.analysis.finding import Finding, Withheld, digest
from iww_analysis.analysis.question import Question
from iww_analysis.disclosure.public_numbers import consent_sentence
from iww_analysis.disclosure.rounding import limits, protected_count, sentence
from iww_analysis.disclosure.vector.links import ASKED_ABOUT, COUNTED, LEFT_OUT, TOTAL
from iww_analysis.disclosure.vector.of_source import REACH
from iww_analysis.disclosure.vector.shown_counts import ShownCounts, Vectors

Rule = Literal["register", "case_study", "internal", "own"]
Count = Callable[..., int | None]  # the cell, and what was counted -> what may be shown


@dataclass(frozen=True)
class Protected:
    """A finding as it may be drawn: no number in it is raw, unless the rule says so.

    `marks`: the keys, the protected values (missing where hidden), `part`, and `hidden` (whether a value is); its index is that
    of the finding's numbers, of which marks of nothing are left out unless they were to be expected.
    `units`: part -> what it counts; `totals`: part -> units per value of the first key, protected; `n_in`, `n_out`:
    protected (None where hidden).
    """

    id: str
    rule: str  # register, case_study, internal or own
    keys: tuple[str, ...]
    values: tuple[str, ...]
    unit: str
    marks: pd.DataFrame
    totals: Mapping[str, pd.DataFrame]
    n_in: Mapping[str, int | None]
    n_out: Mapping[str, int | None]
    left_out: Mapping[str, Mapping[str, int | None]]
    synthetic: bool
    sources: tuple[str, ...]
    caveats: tuple[tuple[str, Mapping[str, object]], ...]
    absent: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    withheld: Mapping[str, Mapping[str, int | None]] | None = None

    def part(self, name: str) -> pd.DataFrame:
        """The marks of one question."""
        return self.marks[self.marks["part"] == name].reset_index(drop=True)

    @property
    def digest(self) -> str:
        """A short hash of the drawn numbers."""
        return digest(self.marks)

    def said(self, lang: str) -> str:
        """The rule in one sentence, and one on consent where records of persons are asked."""
        return " ".join(filter(None, (sentence(self.rule, lang), self.consent(lang))))

    def consent(self, lang: str) -> str:
        """Whether all of persons counts with consent, or what does not count and why; nothing where no person is asked."""
        return consent_sentence(self.withheld, lang)


def protect(finding: Finding, rule: Rule, vectors: Vectors) -> Protected:
    """Protect a finding. `vectors`: what may be shown of each register, see `disclosure/vector`.

    `register`: each count is what its vectors say, and what goes beyond counting follows from these. `case_study`: counts stay;
    what identifies is coarsened before, and quotes are cleared one by one. `internal`: all stays. `own`: what somebody asks that
    no figure asks stands in no vector: counts under a threshold are hidden, others rounded, and it stays inside.
    """
    drawn, counts = _drawn(finding, rule, vectors), ShownCounts(vectors, finding.sources, finding.id)
    marks = _marks(finding, drawn, rule)
    n_in, n_out, left_out, units = {}, {}, {}, {}
    for part in finding.parts:
        shown = _counts(part.question, rule, counts)
        units[part.question.name] = part.question.unit
        n_in[part.question.name] = shown(ASKED_ABOUT, n=part.n_in)
        n_out[part.question.name] = shown(COUNTED, n=part.n_out)
        left_out[part.question.name] = {why: shown(LEFT_OUT, why, n=n) for why, n in part.left_out.items()}
    return Protected(
        finding.id, rule, finding.keys, finding.values, finding.unit, marks,
        {part.question.name: part.totals for part in drawn.parts}, n_in, n_out, left_out,
        finding.synthetic, finding.sources, _caveats(finding, rule, vectors), finding.absent, units,
        _withheld(finding.withheld, rule),
    )  # fmt: skip


def _counts(question: Question, rule: Rule, counts: ShownCounts) -> Count:
    """What shows a count of a question: cases that are followed with consent may be counted beside a register."""
    if rule == "register" and not question.case_study:
        return lambda *at, n: counts.of(question, *at)
    return lambda *at, n: protected_count(n, "case_study" if question.case_study else rule)


def _drawn(finding: Finding, rule: Rule, vectors: Vectors) -> Finding:
    """The same finding with counts that may be shown, and what follows from these."""
    if rule in ("case_study", "internal"):
        return finding
    counts = ShownCounts(vectors, finding.sources, finding.id)
    drawn = replace(finding, parts=tuple(_drawn_part(p, _counts(p.question, rule, counts)) for p in finding.parts))
    return finding.beyond(drawn) if finding.beyond else drawn


def _drawn_part(part: Answer, shown: Count) -> Answer:
    by, unit = list(part.question.by), part.question.unit
    groups = list(part.numbers[by].astype("str").itertuples(index=False, name=None))
    columns = {
        name: pd.array([shown(name, *group, n=n) for group, n in zip(groups, part.numbers[name], strict=True)], "Int64")
        for name in part.question.statistics if name.startswith("n_")
    }  # fmt: skip
    of_totals = zip(part.totals[by[0]].astype("str"), part.totals[unit], strict=True)
    totals = part.totals.assign(**{unit: pd.array([shown(TOTAL, first, n=n) for first, n in of_totals], "Int64")})
    shown_totals = totals[totals[unit].fillna(1) > 0]
    return Answer(
        part.question, part.numbers.assign(**columns), shown_totals, 0, 0, {}
    )  # its account is looked up apart


def _marks(finding: Finding, drawn: Finding, rule: Rule) -> pd.DataFrame:
    counts = [value for value in finding.values if value.startswith("n_")]
    raw, marks = finding.numbers, drawn.numbers
    marks = marks.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(finding.share_of, "float64"))
    shown = [*counts, *finding.share_of] or list(finding.values)
    if finding.share_of and rule in ("register", "own"):
        marks["share"] = _shares(drawn, marks, rule)
    marks["hidden"] = (marks[shown].isna() & raw[shown].notna()).any(axis=1)
    return marks[_expected(drawn, marks, counts)] if rule == "register" else marks


def _shares(drawn: Finding, marks: pd.DataFrame, rule: Rule) -> pd.Series:
    """Shares to the rule's base, halves up; none of too few."""
    shares, least, base = marks["share"].copy(), int(limits(rule)["share_least"]), float(limits(rule)["share_base"])
    for part in (part for part in drawn.parts if not part.question.case_study):
        rows = (marks["part"] == part.question.name) & shares.notna()
        if rows.any():
            of = _wholes(drawn, part, marks)[rows]
            rounded = np.floor(shares[rows].clip(upper=1) / base + 0.5 + 1e-9) * base
            shares[rows] = rounded.round(4).where(of >= least)
    return shares


def _wholes(drawn: Finding, part: Answer, marks: pd.DataFrame) -> pd.Series:
    """Of how many the marks are shares: those of a question, by their place among all marks."""
    column, rows = drawn.share_of["share"], marks["part"] == part.question.name
    beyond = drawn.extra is not None and column in drawn.extra
    of = marks.loc[rows, column] if beyond else drawn.whole_counts(part)
    return pd.Series(of.to_numpy(dtype="float64", na_value=np.nan), index=marks.index[rows])


def _expected(drawn: Finding, marks: pd.DataFrame, counts: Sequence[str]) -> pd.Series:
    """The marks that tell nothing by being there: those shown to count something, and groups that a figure always shows.

    A group that is there because somebody is in it must not be seen where its number is shown as 0.
    """
    some = (marks[counts].fillna(0) > 0).any(axis=1) if counts else pd.Series(True, index=marks.index)
    kept = some.copy()
    for part in drawn.parts:
        rows, levels = marks["part"] == part.question.name, part.question.levels
        if part.question.case_study or not any(name.startswith("n_") for name in part.question.statistics):
            kept |= rows
        elif levels:
            others = [key for key in part.question.by if key not in levels]
            agreed = rows.copy()
            for key, values in levels.items():
                agreed &= marks[key].isin([str(value) for value in values])
            there = some | marks[counts].isna().any(axis=1)
            seen = pd.MultiIndex.from_frame(marks.loc[rows & there, others]) if others else None
            if seen is not None:
                agreed &= pd.MultiIndex.from_frame(marks[others]).isin(seen)
            kept |= agreed
    return kept


def _caveats(finding: Finding, rule: Rule, vectors: Vectors) -> tuple[tuple[str, Mapping[str, object]], ...]:
    """The caveats with their counts (`n_…`) protected, by the regime of what they are of where they name it."""
    protected = []
    for code, words in finding.caveats:
        of = str(words.get("regime", rule)) if rule != "internal" else rule
        counts = {name: protected_count(int(str(n)), of) for name, n in words.items() if name.startswith("n_")}
        if code == "case_not_found" and of == "register":
            counts |= _lost(finding, words, vectors)
        protected.append((code, {**words, **counts}))
    return tuple(protected)


def _lost(finding: Finding, words: Mapping[str, object], vectors: Vectors) -> Mapping[str, int | None]:
    """The records that name no case, as the pages on quality say it; nothing where other than registers count too."""
    shown: dict[str, int | None] = {}
    for name in ("n_lost", "n_of"):
        cell = ("quality", "lost", str(words["table"]), name)
        known = [n for source in finding.sources if (n := vectors.get(source, {}).get(cell)) is not None]
        if abs(sum(known) - int(str(words[name]))) <= REACH * len(known):
            shown[name] = sum(known)
    return shown


def _withheld(withheld: Withheld | None, rule: Rule) -> Mapping[str, Mapping[str, int | None]] | None:
    if withheld is None:
        return None
    return {why: {table: protected_count(n, rule) for table, n in counts.items()} for why, counts in withheld.items()}
