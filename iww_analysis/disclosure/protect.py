"""Protect findings before anything is drawn: one door, two regimes, and the account of what was done to each number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from iww_analysis.analysis.finding import Finding, Withheld, digest
from iww_analysis.crosswalk.origin import Regime
from iww_analysis.disclosure.public_numbers import consent_sentence
from iww_analysis.disclosure.rounding import protected_count, protected_counts, protected_shares, sentence


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


def protect(findings: Sequence[Finding], regime: Regime, *, internal: bool = False) -> list[Protected]:
    """Protect a set of findings that go out together. `internal` leaves the numbers as they are, and says so.

    Register: counts under the threshold are hidden, others rounded; shares are rounded and need enough units.
    Case study: counts stay; what identifies is coarsened before, and quotes are cleared one by one.
    """
    return [_protect(finding, "internal" if internal else regime) for finding in findings]


def protected_marks(finding: Finding, regime: Regime, *, internal: bool = False) -> tuple[str, pd.DataFrame]:
    """The name of the rule and the marks of a finding as they may be drawn, without the account around them."""
    rule = "internal" if internal else regime
    return rule, _marks(finding, _rule_per_question(finding, rule))


def _protect(finding: Finding, rule: str) -> Protected:
    rule_of = _rule_per_question(finding, rule)
    totals, n_in, n_out, left_out, units = {}, {}, {}, {}, {}
    for part in finding.parts:
        name, unit = part.question.name, part.question.unit
        units[name], rule_here = unit, rule_of[name]
        totals[name] = part.totals.assign(**{unit: protected_counts(part.totals[unit], rule_here)})
        n_in[name], n_out[name] = (protected_count(n, rule_here) for n in (part.n_in, part.n_out))
        left_out[name] = {reason: protected_count(n, rule_here) for reason, n in part.left_out.items()}
    return Protected(
        finding.id, rule, finding.keys, finding.values, finding.unit, _marks(finding, rule_of), totals, n_in, n_out, left_out,
        finding.synthetic, finding.sources, _caveats(finding, rule), finding.absent, units,
        _withheld(finding.withheld, rule),
    )  # fmt: skip


def _caveats(finding: Finding, rule: str) -> tuple[tuple[str, Mapping[str, object]], ...]:
    """The caveats with their counts (`n_…`) protected, by the regime of what they are of where they name it."""
    protected = []
    for code, words in finding.caveats:
        of = str(words.get("regime", rule)) if rule != "internal" else rule
        counts = {name: protected_count(int(str(n)), of) for name, n in words.items() if name.startswith("n_")}
        protected.append((code, {**words, **counts}))
    return tuple(protected)


def _withheld(withheld: Withheld | None, rule: str) -> Mapping[str, Mapping[str, int | None]] | None:
    if withheld is None:
        return None
    return {why: {table: protected_count(n, rule) for table, n in counts.items()} for why, counts in withheld.items()}


def _rule_per_question(finding: Finding, rule: str) -> dict[str, str]:
    """The rule for each question: consented cases under invented labels may be counted beside a register."""
    asked = [part.question for part in finding.parts]
    return {each.name: "case_study" if each.case_study and rule == "register" else rule for each in asked}


def _marks(finding: Finding, rule_of: Mapping[str, str]) -> pd.DataFrame:
    counts = [value for value in finding.values if value.startswith("n_")]
    shares = list(finding.share_of)
    marks = finding.numbers.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(shares, "float64"))
    raw = marks[counts].copy()
    zero = pd.Series(0, index=marks.index, dtype="Int64")  # nothing to rest on
    for name, rule in rule_of.items():
        rows = marks["part"] == name
        for count in counts:
            marks.loc[rows, count] = protected_counts(raw.loc[rows, count], rule)
        for share in shares:
            rests_on = raw.loc[rows].reindex(columns=[finding.share_of[share], finding.part(name).question.unit])
            units = next(
                (of for _, of in rests_on.items() if of.notna().any()), zero[rows]
            )  # the first that is filled here
            marks.loc[rows, share] = protected_shares(marks.loc[rows, share], units, rule)
    shown = [*counts, *shares] or list(finding.values)
    marks["hidden"] = (marks[shown].isna() & finding.numbers[shown].notna()).any(axis=1)
    return marks
