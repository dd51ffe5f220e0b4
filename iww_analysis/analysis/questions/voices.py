"""Ask who says what: of effects, of factors in teams, of qualities, of barriers and of how joint work is experienced.

Cases, teams and voices were chosen, so every count stands as k of n; what was not discussed counts in neither.
"""

from dataclasses import replace

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import Derive, Join, Question, Where
from iww_analysis.analysis.study import Study
from iww_analysis.analysis.terms import ANSWERS, CASE_KNOWN, ELEMENTS, NO_RESEARCHER, count, first, same

PARTIES = ("municipality", "organisation", "professional", "parent", "youngster")  # of a team, as its study names them
THEMES = tuple(code for code in vocabulary.read("arena_theme").codes if code != "other_theme")
BARRIERS = vocabulary.read("barrier").codes
EXPERIENCES = vocabulary.read("experience").codes
FACTOR = same(factor="element")
EFFECT = Where("kind", "in", ("effect",))
TEAM_KNOWN = Where("team", "known")
OF_NO_CASE = Where("case_id", "absent")
DISCUSSED = Where("present", "in", ANSWERS, reason="not_discussed")
THERE = Where("present", "in", ("yes", "partly"), reason="said_no")


def effects(study: Study) -> Finding:
    """F11: per arena and effect the voices that expect, saw or contradict it, or did not speak of it.

    A voice is client, professional or registration in one case. `effects` holds every effect of every arena, also
    those that nobody looked for.
    """
    node = same(arena="arena_id", node="node_id")
    evidence = Question("evidence", "arena_evidence", "n_voices", ("arena", "node", "status"), derive=node,
                    levels={"status": vocabulary.read("evidence_status").codes})  # fmt: skip
    placed = Question("effects", "arena_nodes", "n_items", ("arena", "node"), derive=node,
                      where=(EFFECT,), numbers=count("n_items", "label"))  # fmt: skip
    return study.ask("F11", evidence, placed).with_caveat("cases_selected").with_caveat("expectations_not_proof")


def factors(study: Study) -> Finding:
    """F13: per team and factor whether the researchers found it absent, emerging or present. `region`: of the team."""
    question = Question("factors", "judgements", "n_judgements", ("team", "factor"), derive=FACTOR, numbers=first("present"),
                        where=(Where("perspective", "in", ("researcher",)), OF_NO_CASE, TEAM_KNOWN))  # fmt: skip
    return study.ask("F13", question).with_extra(regions(study)).with_caveat("teams_selected")


def regions(study: Study) -> pd.DataFrame:
    """The region of each team on its source's extraction date: team, region.

    A team that works in several has their codes joined by "+"; one of which no municipality lies in a region is absent.
    """
    on = pd.Series({s: pd.Timestamp(o.extraction_date) for s, o in study.origins.items()}, dtype="datetime64[us]")
    of = ["source", "municipality"]
    members = study["region_memberships"][[*of, "region", "valid_from", "valid_to"]].drop_duplicates()
    pairs = study["team_municipalities"][[*of, "team"]].merge(members, on=of)
    day = pairs["source"].map(on)
    holds = ~(pairs["valid_from"] > day) & ~(pairs["valid_to"] < day)  # a bound that is absent bounds nothing
    just_of_a_study = [
        value.code for value in vocabulary.read("region").values if value.extra["region_type"] == "study"
    ]
    of_youth_care = set(vocabulary.read("region").codes) - set(just_of_a_study)
    of_team = pairs[holds & pairs["region"].isin(of_youth_care)].groupby("team")["region"]
    return of_team.agg(lambda codes: "+".join(sorted(set(codes)))).reset_index()


def raised(study: Study) -> Finding:
    """F14: per party and factor the teams in which that party raised it.

    `spoken`: the teams of which a conversation with that party was coded, about the team and not about a case. Counts
    teams, not fragments. A party without a coded conversation in any team has no mark in `raised`: that is not the same
    as none.
    """
    of_team = (OF_NO_CASE, TEAM_KNOWN, Where("perspective", "known", reason="no_party"))
    party = same(party="perspective")
    known = Where("element", "known", reason="code_of_no_factor")
    codings = study["codings"]
    heard = codings.loc[codings["case_id"].isna() & codings["team"].notna(), "element"].unique()
    factors_raised = Question("raised", "codings", "n_teams", ("party", "factor"), derive=party | FACTOR,
                    where=(*of_team, known), levels={"party": PARTIES, "factor": _in_order("factor", heard)})  # fmt: skip
    spoken = Question("spoken", "documents", "n_teams", ("party",), derive=party,
                      where=(*of_team, NO_RESEARCHER), levels={"party": PARTIES})  # fmt: skip
    finding = study.ask("F14", factors_raised, spoken)
    numbers = finding.part("spoken").numbers
    asked = numbers.loc[numbers["n_teams"] > 0, ["party"]]
    return finding.with_numbers({"raised": lambda marks: marks.merge(asked)}).with_caveat("teams_selected")


def qualities(study: Study) -> Finding:
    """F15: per municipality, group and quality whether the group asks it of the team; not_discussed is not no."""
    question = Question("qualities", "qualities", "n_qualities", ("municipality", "group", "quality"),
                        derive=same(group="perspective"), where=(Where("municipality", "known"),),
                        numbers=first("named"))  # fmt: skip
    return study.ask("F15", question).with_caveat("groups_not_counted")


def barriers(study: Study) -> Finding:
    """F18: per factor, holder and voice the cases in which that voice says it is there (yes or in part).

    `discussed`: the cases in which the voice spoke of it, the n of each k; `contributed`: of those in which it was there,
    the cases in which it helped or hindered.
    """
    by = ("factor", "holder", "perspective")
    held = (Where("holder", "known"), CASE_KNOWN, Where("element", "in", (*BARRIERS, *ELEMENTS)), DISCUSSED)
    effect = Where("contribution", "in", ("helpful", "hindering"))
    parts = [
        Question("discussed", "judgements", "n_cases", by, derive=FACTOR, where=held),
        Question("reported", "judgements", "n_cases", by, derive=FACTOR, where=(*held, THERE),
                 levels={"factor": _codes(study, "element", BARRIERS + ELEMENTS),
                         "holder": _codes(study, "holder"), "perspective": _codes(study, "perspective")}),
        Question("contributed", "judgements", "n_cases", (*by, "contribution"), derive=FACTOR, where=(*held, THERE, effect)),
    ]  # fmt: skip
    finding = study.ask("F18", *parts)
    asked = finding.part("discussed").numbers[[*by]]
    return finding.with_numbers({"reported": lambda marks: marks.merge(asked)}).with_caveat("cases_selected")


def _codes(study: Study, column: str, of: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The codes of a column of judgements with a holder, in their agreed order."""
    known = study["judgements"][~study["judgements"]["holder"].isin(vocabulary.read("missing").codes)]
    codes = known.loc[known["holder"].notna(), column].unique()
    return tuple(code for code in of if code in codes) or _in_order("perspective", codes)


def _in_order(name: str, codes: object) -> tuple[str, ...]:
    present = set(pd.Series(codes, dtype="object").dropna())
    return tuple(code for code in vocabulary.read(name).codes if code in present)


def confrontation(study: Study) -> Finding:
    """F21: per effect the arenas that claim it, and per voice the cases in which it was seen or contradicted.

    Effects of several arenas are one where they have a shared theme (`effect` is the theme); another effect, and one of
    `other_theme`, stands for itself (`effect` is its number, with `arena`). `looked_for`: the cases in which the voice
    spoke of it. A case can be on both sides where two effects have one theme.
    """
    alone = replace(EFFECT, column="of_kind")
    item = ("source", "team", "arena_id", "node_id")
    shared = Join("arena_nodes", {"shared": "shared", "of_kind": "kind"}, on=item, many=True)
    themed, unthemed = Where("shared", "in", THEMES), Where("shared", "not_in", THEMES)
    claim = {"voice": Derive("given", ("arena",))}
    spoken = Where("status", "not_in", ("not_discussed",), reason="not_discussed")
    answered = Where("status", "in", ("observed", "contradicted"), reason="still_expected")
    parts = []
    for suffix, which, keys, effect in (
        ("", themed, ("effect",), same(effect="shared")),
        ("_alone", unthemed, ("effect", "arena"), same(effect="node_id", arena="arena_id")),
    ):
        told_by = (*keys, "voice")
        label = ["label"] if suffix else []
        parts += [
            Question(f"looked_for{suffix}", "arena_evidence", "n_cases", told_by, (shared,), effect, (alone, which, spoken)),
            Question(f"told{suffix}", "arena_evidence", "n_cases", (*told_by, "status"), (shared,), effect,
                     (alone, which, spoken, answered)),
            Question(f"claimed{suffix}", "arena_nodes", "n_items", told_by, derive={**effect, **claim}, where=(EFFECT, which),
                     numbers=count("n_items", *label)),
        ]  # fmt: skip
    tables = study.only(*study.with_table("arena_evidence")).tables
    finding = ask("F21", parts, tables, synthetic=study.synthetic)
    return finding.with_caveat("cases_selected").with_caveat("expectations_not_proof")


def experience(study: Study) -> Finding:
    """F22: per municipality, item and voice the cases by what it says; not_discussed is a class of its own."""
    question = Question(
        "experience", "judgements", "n_cases", ("municipality", "item", "perspective", "present"), derive=same(item="element"),
        where=(Where("element", "in", EXPERIENCES), CASE_KNOWN, Where("municipality", "known"),
               Where("present", "known", reason="no_judgement")),
        levels={"present": vocabulary.read("judgement").codes},
    )  # fmt: skip
    return study.ask("F22", question).with_caveat("cases_selected")
