"""Ask what changed: scores from begin to end, indicators by year, fragmentation as experienced and as counted."""

from dataclasses import replace

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.declared import questions
from iww_analysis.analysis.finding import THE_MARK, Finding, Whole, ask
from iww_analysis.analysis.question import Derive, Join, Question, Where, rows
from iww_analysis.analysis.questions.compare import absent, registers
from iww_analysis.analysis.study import Study

_END = {"score_end": "score", "moment_end": "moment", "version_end": "instrument_version"}


# ---- scores ---------------------------------------------------------------------------------------------------------


def followable(begin: str, end: str, *, redefined: bool = False) -> dict[str, str]:
    """Which domains can be followed from one instrument version to another: domain at the begin -> domain at the end.

    Those that both versions hold under one name, if their scales are the same. `redefined` adds those that were given
    another definition as well as another name (addiction, since 2017 substance use).
    """
    versions, domains = vocabulary.read("instrument_version"), vocabulary.read("instrument_domain").values
    if any(versions[begin].extra[bound] != versions[end].extra[bound] for bound in ("low", "high")):
        return {}
    held = {version: {d.code for d in domains if version in d.extra["versions"]} for version in (begin, end)}
    same = {d.code: d.code for d in domains if d.code in held[begin] & held[end]}
    renamed = {d.code: str(d.extra["becomes"]) for d in domains if "becomes" in d.extra and d.code in held[begin]}
    return same | {old: new for old, new in renamed.items() if redefined and begin != end and new in held[end]}


def score_change(study: Study, *, redefined: bool = False) -> Finding:
    """F09: per domain the cases whose score went up, stayed or went down from begin to end, with the coverage.

    One question per pair of versions that occurs, so that versions stay apart: a case scored with one version at the
    begin and another at the end counts on the domains that can be followed. Scores are ordinal: only the direction counts.
    Shares are of the cases with both scores on that domain. `redefined`: see `followable`.
    """
    pairs = _version_pairs(study.only(*registers(study))["scores"])
    twice = {source for sources in pairs.values() for source in sources}
    missing = absent(study, registers(study), "scores.score")
    missing |= {s: "no_second_score" for s in registers(study) if s not in twice and s not in missing}
    chosen = study.only(*twice)
    begun, eligible = questions("F09")
    if not pairs:
        return ask("F09", [eligible], chosen.tables, synthetic=study.synthetic)
    changes = [q for pair in pairs for q in _changes(*pair, redefined=redefined)]
    finding = ask("F09", [begun, eligible, *changes], chosen.tables, synthetic=study.synthetic, absent=missing)
    keys = ("municipality", "version", "version_end", "domain")
    both = {q.name: Whole((q.name.replace("change_", "both_", 1),), keys) for q in changes if "change" in q.by}
    finding = finding.with_shares(both).with_caveat("ordinal_scores").with_caveat("scored_cases_differ")
    return finding.with_caveat("redefined_domain") if redefined else finding


def _version_pairs(scores: pd.DataFrame) -> dict[tuple[str, str], set[str]]:
    """The versions at begin and end that occur together in a case, in the agreed order, with the sources that have them."""
    known = scores[scores["score"].notna()].drop_duplicates(["source", "case_id", "moment", "instrument_version"])
    begin, end = (known[known["moment"] == moment] for moment in ("begin", "end"))
    met = begin.merge(end, on=["source", "case_id"], suffixes=("", "_end"))
    codes = vocabulary.read("instrument_version").codes
    pairs = {
        (a, b): set(met.loc[(met["instrument_version"] == a) & (met["instrument_version_end"] == b), "source"])
        for a in codes for b in codes if followable(a, b)
    }  # fmt: skip
    return {pair: sources for pair, sources in pairs.items() if sources}


def _changes(begin: str, end: str, *, redefined: bool) -> list[Question]:
    """Changes and cases with both scores for one pair of versions; a redefined domain has another name at the end."""
    every = followable(begin, end, redefined=redefined)
    same = tuple(code for code, later in every.items() if code == later)
    on_domain = Join("scores", _END, on=("source", "case_id", "domain"), many=True)
    name = begin if begin == end else f"{begin}_{end}"
    questions = _change_and_both(name, begin, end, on_domain, (Where("domain", "in", same, reason="domain_split"),))
    for old, new in ((old, new) for old, new in every.items() if old != new):
        renamed = Join("scores", {**_END, "domain_end": "domain"}, many=True)
        which = (Where("domain", "in", (old,)), Where("domain_end", "in", (new,)))
        questions += _change_and_both(f"{name}_{old}", begin, end, renamed, which)
    return questions


def _change_and_both(name: str, begin: str, end: str, later: Join, which: tuple[Where, ...]) -> list[Question]:
    begun, _ = questions("F09")
    step, change = Derive("minus", ("score", "score_end")), Derive("class", ("step", "change"))
    both = replace(
        begun, name=f"both_{name}", by=("municipality", "version", "version_end", "domain"), joins=(*begun.joins, later),
        derive={**begun.derive, "step": step, "change": change},
        where=(
            Where("version", "in", (begin,)), *begun.where, *which, Where("moment_end", "in", ("end",), reason="no_end_score"),
            Where("version_end", "in", (end,), reason="other_version"), Where("score_end", "known", reason="no_end_score"),
        ),
    )  # fmt: skip
    levels = {"change": vocabulary.read("change").codes}
    return [replace(both, name=f"change_{name}", by=(*both.by, "change"), levels=levels), both]


def sum_scores(study: Study, version: str) -> Finding:
    """Add the scores of a version up, for whoever asks for it: per moment the median sum and the cases it rests on.

    Levels are ordinal and no public support for a sum score of the ZRM was found; the finding says so. Only cases with
    a score on every domain of the version have a sum (`n_complete`).
    """
    (summed,) = questions("sum_scores")
    summed = replace(summed, where=(Where("instrument_version", "in", (version,)), *summed.where))
    finding = ask("sum_scores", [summed], study.tables, synthetic=study.synthetic)
    scores = rows(finding.part("sum").question, study.tables)
    per_case = (
        scores.groupby(["municipality", "source", "case_id", "moment"])["score"].agg(["sum", "count"]).reset_index()
    )
    by_moment = per_case[per_case["count"] == len(followable(version, version))].groupby(["municipality", "moment"])[
        "sum"
    ]
    extra = by_moment.agg(n_complete="size", median_sum="median").reset_index().assign(part="sum")
    return finding.with_extra(extra, {"median_sum": "n_complete"}, THE_MARK).with_caveat("sum_without_support")


# ---- indicators -----------------------------------------------------------------------------------------------------


def indicators(study: Study) -> Finding:
    """F16: per municipality, indicator and year the units counted, of how many, and their share.

    What was not declared comparable is left out; what was counted by another definition is there in its own words.
    `years` counts figures in a table, not people: its numbers are shown as they are.
    """
    chosen = study.only(*study.with_table("indicators"))
    finding = ask("F16", questions("F16"), chosen.tables, synthetic=study.synthetic)
    finding = finding.with_ratios("n_counted", "n_of")
    return finding.with_caveat("indicator_is_no_effect").with_caveat("own_words")


# ---- fragmentation --------------------------------------------------------------------------------------------------


def fragmentation(study: Study) -> Finding:
    """F19: fragmentation as people experience it, and organisations and network as registers count them; never mixed.

    Experienced: per municipality, moment and voice the cases by judgement. Counted: of the cases with organisations on
    record at begin and at end, those with two or more and three or more; of the cases of which it is known at both
    moments, those in which the network takes part. So begin and end are of the same cases.
    """
    asked = {
        name: study[name][study[name]["source"].isin(registers(study))]
        for name in ("case_organisations", "case_network")
    }
    asked["judgements"] = study["judgements"][study["judgements"]["element"] == "b03_fragmentation"]
    measured = {}  # of each measure only the sources that took it at begin and at end
    for name, frame in asked.items():
        begin, end = (set(frame.loc[frame["moment"] == moment, "source"]) for moment in ("begin", "end"))
        measured[name] = study[name][study[name]["source"].isin(begin & end)].reset_index(drop=True)
    finding = ask("F19", questions("F19"), study.tables.replaced(**measured), synthetic=study.synthetic)
    counted = [q for q in questions("F19") if "moment" in q.by and not q.case_study]
    finding = finding.with_shares({q.name: Whole((q.table,), ("municipality",)) for q in counted})
    finding = finding.with_caveat("two_measures")
    return finding.with_caveat("cases_selected") if len(finding.part("experienced").numbers) else finding
