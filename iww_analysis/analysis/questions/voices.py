"""Ask who says what: of effects, of factors in teams, of qualities, of barriers and of how joint work is experienced.

Cases, teams and voices were chosen, so every count stands as k of n; what was not discussed counts in neither.
"""

from dataclasses import replace

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.declared import ELEMENTS, questions
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import beside
from iww_analysis.analysis.study import Study


def effects(study: Study) -> Finding:
    """F11: per arena and effect the voices that expect, saw or contradict it, or did not speak of it.

    A voice is client, professional or registration in one case. `effects` holds every effect of every arena, also
    those that nobody looked for.
    """
    return study.ask("F11", *questions("F11")).with_caveat("cases_selected").with_caveat("expectations_not_proof")


def factors(study: Study) -> Finding:
    """F13: per team and factor whether the researchers found it absent, emerging or present. `region`: of the team."""
    finding = study.ask("F13", *questions("F13"))
    (factors,) = (part.question for part in finding.parts)
    counted = study.tables.labels(replace(factors, apart=()), "team").astype("str")
    of_teams = regions(study).merge(counted, on=["source", "team"])  # another source can have a team of that name
    of_teams["team"] = [
        beside(team, source) if ("team", team, source) in factors.apart else team
        for team, source in zip(of_teams["team"], of_teams["source"], strict=True)
    ]
    return finding.with_extra(of_teams[["team", "region"]]).with_caveat("teams_selected")


def regions(study: Study) -> pd.DataFrame:
    """The region of each team on its source's extraction date: source, team, region.

    A team that works in several has their codes joined by "+"; one of which no municipality lies in a region is absent.
    """
    on = pd.Series({s: pd.Timestamp(o.extraction_date) for s, o in study.origins.items()}, dtype="datetime64[us]")
    of = ["source", "municipality"]
    members = study["region_memberships"][[*of, "region", "valid_from", "valid_to"]].drop_duplicates()
    pairs = study["team_municipalities"][[*of, "team"]].merge(members, on=of)
    day = pairs["source"].map(on)
    holds = ~(pairs["valid_from"] > day) & ~(pairs["valid_to"] < day)  # a bound that is absent bounds nothing
    of_youth_care = {v.code for v in vocabulary.read("region").values if v.extra["region_type"] != "study"}
    of_team = pairs[holds & pairs["region"].isin(of_youth_care)].groupby(["source", "team"])["region"]
    return of_team.agg(lambda codes: "+".join(sorted(set(codes)))).reset_index()


def raised(study: Study) -> Finding:
    """F14: per party and factor the teams in which that party raised it.

    `spoken`: the teams of which a conversation with that party was coded, about the team and not about a case. Counts
    teams, not fragments. A party without a coded conversation in any team has no mark in `raised`: that is not the same
    as none.
    """
    codings = study["codings"]
    heard = codings.loc[codings["case_id"].isna() & codings["team"].notna(), "element"].unique()
    by_party, spoken = questions("F14")
    by_party = replace(by_party, levels={**by_party.levels, "factor": _in_order("factor", heard)})
    finding = study.ask("F14", by_party, spoken)
    numbers = finding.part("spoken").numbers
    asked = numbers.loc[numbers["n_teams"] > 0, ["party"]]
    return finding.with_numbers({"raised": lambda marks: marks.merge(asked)}).with_caveat("teams_selected")


def qualities(study: Study) -> Finding:
    """F15: per municipality, group and quality whether the group asks it of the team; not_discussed is not no."""
    return study.ask("F15", *questions("F15")).with_caveat("groups_not_counted")


def barriers(study: Study) -> Finding:
    """F18: per factor, holder and voice the cases in which that voice says it is there (yes or in part).

    `discussed`: the cases in which the voice spoke of it, the n of each k; `contributed`: of those in which it was there,
    the cases in which it helped or hindered.
    """
    judgements = study["judgements"]
    known = judgements[judgements["holder"].notna() & ~judgements["holder"].isin(vocabulary.read("missing").codes)]
    present = {key: known[key].unique() for key in ("element", "holder", "perspective")}
    factors = tuple(code for code in (*vocabulary.read("barrier").codes, *ELEMENTS) if code in present["element"])
    parties = {key: _in_order("perspective", present[key]) for key in ("holder", "perspective")}
    levels = {"factor": factors, **parties}
    discussed, reported, contributed = questions("F18")
    finding = study.ask("F18", discussed, replace(reported, levels=levels), contributed)
    asked = finding.part("discussed").numbers[[*discussed.by]]
    return finding.with_numbers({"reported": lambda marks: marks.merge(asked)}).with_caveat("cases_selected")


def _in_order(name: str, codes: object) -> tuple[str, ...]:
    present = set(pd.Series(codes, dtype="object").dropna())
    return tuple(code for code in vocabulary.read(name).codes if code in present)


def confrontation(study: Study) -> Finding:
    """F21: per effect the arenas that claim it, and per voice the cases in which it was seen or contradicted.

    Effects of several arenas are one where they have a shared theme (`effect` is the theme); another effect, and one of
    `other_theme`, stands for itself (`effect` is its number, with `arena`). `looked_for`: the cases in which the voice
    spoke of it. A case can be on both sides where two effects have one theme.
    """
    tables = study.only(*study.with_table("arena_evidence")).tables
    finding = ask("F21", questions("F21"), tables, synthetic=study.synthetic)
    return finding.with_caveat("cases_selected").with_caveat("expectations_not_proof")


def experience(study: Study) -> Finding:
    """F22: per municipality, item and voice the cases by what it says; not_discussed is a class of its own."""
    return study.ask("F22", *questions("F22")).with_caveat("cases_selected")
