"""Apply the rules that span nouns: what of a case is noted, and changed by nobody."""

from collections.abc import Iterator

import pandas as pd

from iww_analysis.analysis.declared import derived
from iww_analysis.analysis.question import Question, rows
from iww_analysis.analysis.study import Study
from iww_analysis.tables.cells.missing import is_missing

CASE = ["source", "case_id"]
# a case lasts until its closure, or is open until it was last seen; of one that closed on an unknown day its first day is sure
_LASTS = {"standing": derived(("when", "standing")), "end": derived(("either", "date_closed", "extraction_date"))}
_SPANS = Question("spans", "cases", "n_cases", ("source",), derive=_LASTS)


def notes(study: Study) -> pd.DataFrame:
    """Apply the rules that span nouns; one row per case that breaks one: source, case_id, rule.

    outside_inclusion   nbd: no problem with finances or work, or no other domain (DOMAIN 7.7 rule 5);
                        saz: fewer than two life domains (rule 6)
    meeting_order       a first dialogue before the introduction, or a closing one before the first (rule 6)
    incomplete_dyad     iww2017: not exactly one client and one professional on the case (rule 7)
    not_registered      told of in interviews, but no register of the same study holds a case under that label; only
                        asked where one of them follows cases
    not_told            followed under a label in a register, but no interview of the same study is about it
    possible_duplicate  two cases of one household that overlap in time (rule 12): reported, never merged
    """
    broken = [cases.assign(rule=rule) for rule, cases in _broken_rules(study) if len(cases)]
    return pd.concat(broken, ignore_index=True)[[*CASE, "rule"]] if broken else pd.DataFrame(columns=[*CASE, "rule"])


def _broken_rules(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    by_study = {key: [s for s, o in study.origins.items() if o.study == key] for key in ("nbd", "saz", "iww2017")}
    yield "outside_inclusion", _outside_inclusion(study.only(*by_study["nbd"]), {"finances", "work_education"})
    yield "outside_inclusion", _outside_inclusion(study.only(*by_study["saz"]), set())
    yield "meeting_order", _meeting_order(study)
    yield "incomplete_dyad", _incomplete_dyads(study.only(*by_study["iww2017"]))
    for key in sorted({origin.study for origin in study.origins.values() if origin.study}):
        of_study = study.only(*(s for s, o in study.origins.items() if o.study == key))
        interviewed = of_study["documents"][CASE].dropna().drop_duplicates()
        registered = of_study["cases"][["source", "case_label"]].dropna().set_axis(CASE, axis=1)  # known by their label
        if len(interviewed) and len(registered):
            yield "not_registered", interviewed[~interviewed["case_id"].isin(registered["case_id"])]
            yield "not_told", registered[~registered["case_id"].isin(interviewed["case_id"])]
    yield "possible_duplicate", _overlapping_households(study)


def _outside_inclusion(study: Study, one_of: set[str]) -> pd.DataFrame:
    """Cases with recorded domains, fewer than two of them a problem, or none of `one_of`."""
    domains = study["case_domains"]
    problem = domains.assign(problem=domains["status"].ne("none")).groupby([*CASE, "domain"])["problem"]
    known = problem.any().reset_index()  # a problem at any moment
    known["wanted"] = known["problem"] & (known["domain"].isin(one_of) | (not one_of))
    per_case = known.groupby(CASE)[["problem", "wanted"]].sum()
    outside = per_case[(per_case["problem"] < 2) | (per_case["wanted"] < 1)]
    return outside.reset_index()[CASE]


def _meeting_order(study: Study) -> pd.DataFrame:
    stages = ["introduction", "first_dialogue", "closing_dialogue"]
    held = study["meetings"][study["meetings"]["kind"].isin(stages) & study["meetings"]["held"].eq("yes")]
    days = held.pivot_table(index=CASE, columns="kind", values="date", aggfunc="min")
    days = days.reindex(columns=stages).astype("datetime64[us]")  # a stage that nobody held has no dates of its own
    wrong = (days["first_dialogue"] < days["introduction"]) | (days["closing_dialogue"] < days["first_dialogue"])
    return days[wrong].reset_index()[CASE]


def _incomplete_dyads(study: Study) -> pd.DataFrame:
    documents = study["documents"].dropna(subset="case_id")
    voices = documents.groupby(CASE)["perspective"].agg(lambda perspectives: "+".join(sorted(set(perspectives))))
    return voices[voices != "client+professional"].reset_index()[CASE]


def _overlapping_households(study: Study) -> pd.DataFrame:
    known = study["households"][~is_missing(study["households"]["household_id"])]
    spans = known[[*CASE, "household_id"]].merge(rows(_SPANS, study.tables), on=CASE, validate="one_to_one")
    spans["end"] = spans["end"].where(spans["standing"].isin(["closed", "open"]), spans["date_referral"])
    pairs = spans.merge(spans, on=["source", "household_id"], suffixes=("", "_other"))
    other_case = pairs["case_id"] != pairs["case_id_other"]
    overlap = (pairs["date_referral"] <= pairs["end_other"]) & (pairs["date_referral_other"] <= pairs["end"])
    return pairs.loc[other_case & overlap, CASE].drop_duplicates()
