"""Protect findings before anything is drawn: one door, two regimes, and the account of what was done to each number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from iww_analysis.analysis.finding import Answer, Finding, digest
from iww_analysis.crosswalk.origin import Regime
from iww_analysis.messages import sentences
from iww_analysis.messages.numbers import HIDDEN


@dataclass(frozen=True)
class Protected:
    """A finding as it may be drawn: no number in it is raw, unless the rule says so.

    `marks`: the keys, the protected values (missing where hidden), `part`, and `hidden` (whether a value is).
    `units`: part -> what it counts; `totals`: part -> units per value of the first key, protected; `n_in`, `n_out`:
    protected (None where hidden).
    """

    id: str
    rule: str  # register, case_study or internal
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

    def part(self, name: str) -> pd.DataFrame:
        """The marks of one question."""
        return self.marks[self.marks["part"] == name].reset_index(drop=True)

    @property
    def digest(self) -> str:
        """A short hash of the drawn numbers."""
        return digest(self.marks)

    def said(self, lang: str) -> str:
        """The rule in one sentence."""
        rule = rules()[self.rule]
        return str(rule[lang]).format(**rule)


def protect(findings: Sequence[Finding], regime: Regime, *, internal: bool = False) -> list[Protected]:
    """Protect a set of findings that go out together. `internal` leaves the numbers as they are, and says so.

    Register: counts under the threshold are hidden, others rounded; shares are rounded and need enough units.
    Case study: counts stay; what identifies is coarsened before, and quotes are cleared one by one.
    """
    rule = "internal" if internal else regime
    return [_protect(finding, rule) for finding in findings]


def protected_marks(finding: Finding, regime: Regime, *, internal: bool = False) -> tuple[str, pd.DataFrame]:
    """The name of the rule and the marks of a finding as they may be drawn, without the account around them."""
    rule = "internal" if internal else regime
    return rule, _marks(finding, {part.question.name: _rule_of(part, rule) for part in finding.parts})


def _protect(finding: Finding, rule: str) -> Protected:
    rule_of = {part.question.name: _rule_of(part, rule) for part in finding.parts}
    marks = _marks(finding, rule_of)
    return Protected(
        id=finding.id,
        rule=rule,
        keys=finding.keys,
        values=finding.values,
        unit=finding.unit,
        marks=marks,
        totals={p.question.name: _protected_totals(p, rule_of[p.question.name]) for p in finding.parts},
        n_in={p.question.name: protected_count(p.n_in, rule_of[p.question.name]) for p in finding.parts},
        n_out={p.question.name: protected_count(p.n_out, rule_of[p.question.name]) for p in finding.parts},
        left_out={p.question.name: _protected_reasons(p, rule_of[p.question.name]) for p in finding.parts},
        synthetic=finding.synthetic,
        sources=finding.sources,
        caveats=finding.caveats,
        absent=finding.absent,
        units={p.question.name: p.question.unit for p in finding.parts},
    )


def _marks(finding: Finding, rule_of: Mapping[str, str]) -> pd.DataFrame:
    counts = [value for value in finding.values if value.startswith("n_")]
    shares = list(finding.share_of)
    marks = finding.numbers.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(shares, "float64"))
    raw = marks[counts].copy()
    for name, own in rule_of.items():
        rows = marks["part"] == name
        for count in counts:
            marks.loc[rows, count] = protected_counts(raw.loc[rows, count], own)
        for share in shares:
            of = _rests_on(raw[rows], finding.share_of[share], finding.part(name).question.unit)
            marks.loc[rows, share] = _protected_shares(marks.loc[rows, share], of, own)
    shown = [*counts, *shares] or list(finding.values)
    marks["hidden"] = (marks[shown].isna() & finding.numbers[shown].notna()).any(axis=1)
    return marks


def _rule_of(part: Answer, rule: str) -> str:
    """The rule for one question: consented cases under invented labels may be counted beside a register."""
    return "case_study" if part.question.case_study and rule == "register" else rule


@cache
def protected_count(n: int, rule: str) -> int | None:
    """Protect one count; None when it is hidden."""
    value = protected_counts(pd.Series([n]), rule).iloc[0]
    return None if pd.isna(value) else int(value)


def written(n: int | None) -> str:
    """Write a protected count: `x` where it is hidden."""
    return HIDDEN if n is None else str(n)


def protected_counts(counts: pd.Series, rule: str) -> pd.Series:
    """Hide counts under the rule's threshold and round the others to its base, halves up."""
    numbers = counts.astype("Int64")
    if rule != "register":
        return numbers
    limits = rules()["register"]
    base = int(limits["base"])
    rounded = (numbers + base // 2) // base * base
    return rounded.mask(numbers < int(limits["threshold"]))


def _protected_shares(shares: pd.Series, of: pd.Series, rule: str) -> pd.Series:
    if rule != "register":
        return shares
    limits = rules()["register"]
    base = float(limits["share_base"])
    return ((shares / base).round() * base).round(4).mask(of < int(limits["share_least"]))


def _rests_on(counts: pd.DataFrame, *columns: str) -> pd.Series:
    """The counts that shares rest on: the first of these columns that is filled here; none is nothing to rest on."""
    filled = (counts[column] for column in columns if column in counts and counts[column].notna().any())
    return next(filled, pd.Series(0, index=counts.index, dtype="Int64"))


def _protected_totals(part: Answer, rule: str) -> pd.DataFrame:
    unit = part.question.unit
    return part.totals.assign(**{unit: protected_counts(part.totals[unit], rule)})


def _protected_reasons(part: Answer, rule: str) -> dict[str, int | None]:
    return {why: protected_count(n, rule) for why, n in part.left_out.items()}


@cache
def rules() -> Mapping[str, Mapping[str, Any]]:
    """The thresholds and sentences of every rule."""
    return sentences.read("rules")
