"""Protect findings before anything is drawn: one door, two regimes, and the account of what was done to each number."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from iww_analysis.schema.finding import Finding, digest
from iww_analysis.schema.origin import Regime

HIDDEN = "x"  # what stands in tables where a number is not shown


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


def _protect(finding: Finding, rule: str) -> Protected:
    marks = finding.numbers.copy()
    counts = [value for value in finding.values if value.startswith("n_")]
    shares = list(finding.share_of)
    raw = marks[counts].copy()
    for count in counts:
        marks[count] = protected_counts(raw[count], rule)
    for share in shares:
        marks[share] = _protected_shares(marks[share], raw[finding.share_of[share]], rule)
    shown = [*counts, *shares] or list(finding.values)
    marks["hidden"] = (marks[shown].isna() & finding.numbers[shown].notna()).any(axis=1)
    return Protected(
        id=finding.id, rule=rule, keys=finding.keys, values=finding.values, unit=finding.unit,
        units={part.question.name: part.question.unit for part in finding.parts}, marks=marks,
        totals={part.question.name: _protected_totals(part.totals, part.question.unit, rule) for part in finding.parts},
        n_in={part.question.name: protected_count(part.n_in, rule) for part in finding.parts},
        n_out={part.question.name: protected_count(part.n_out, rule) for part in finding.parts},
        left_out={p.question.name: {why: protected_count(n, rule) for why, n in p.left_out.items()} for p in finding.parts},
        synthetic=finding.synthetic, sources=finding.sources, caveats=finding.caveats, absent=finding.absent,
    )  # fmt: skip


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


def _protected_totals(totals: pd.DataFrame, unit: str, rule: str) -> pd.DataFrame:
    return totals.assign(**{unit: protected_counts(totals[unit], rule)})


@cache
def rules() -> Mapping[str, Mapping[str, Any]]:
    """The thresholds and sentences of every rule."""
    return tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
