"""Ask what client and professional say of the same case, and what a team expects of its own way of working."""

import pandas as pd

from iww_analysis.analysis.declared import ANSWERS, DYAD, THERE, questions
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.study import Study


def same_case(study: Study) -> Finding:
    """F12: per team, case, element and perspective whether the element was there and whether it helped.

    `present` and `contribution` are codes, not counts; not_discussed is not no.
    """
    return study.ask("F12", *questions("F12")).with_caveat("cases_selected")


def effect_arena(study: Study) -> Finding:
    """F10: per arena its items with the number of parties that placed each, who placed what, and the lines."""
    tables = study.only(*study.with_table("arena_nodes")).tables
    return ask("F10", questions("F10"), tables, synthetic=study.synthetic).with_caveat("expectations_not_proof")


def dyads(study: Study) -> pd.DataFrame:
    """Per element whether client and professional on the same case agree that it was there (DOMAIN 7.8).

    One row per element: in how many dyads both say so, only_client, only_professional or neither; `n` is their sum and
    `excluded` the dyads in which one of the two did not discuss it. A dyad is one case, holder and moment; yes and partly
    both mean that it was there. No kappa: with four cases per team its interval runs from none to full agreement, and it
    cannot be computed where all say the same.
    """
    judged = study["judgements"][study["judgements"]["case_id"].notna()]
    of = ["source", "municipality", "team", "case_id", "element", "holder", "moment"]
    sides = [judged.loc[judged["perspective"] == voice, [*of, "present"]] for voice in DYAD]
    pairs = sides[0].merge(sides[1], on=of, suffixes=("_client", "_professional"), validate="one_to_one")
    client, professional = (pairs[f"present_{voice}"] for voice in DYAD)
    by_client, by_professional = client.isin(THERE), professional.isin(THERE)
    known = client.isin(ANSWERS) & professional.isin(ANSWERS)
    out = pd.DataFrame({
        "element": pairs["element"],
        "both": by_client & by_professional,
        "only_client": by_client & ~by_professional,
        "only_professional": ~by_client & by_professional,
        "neither": ~by_client & ~by_professional,
        "n": True,
    })  # fmt: skip
    numbers = ["both", "only_client", "only_professional", "neither", "n"]
    out[numbers] = out[numbers].apply(lambda column: column & known)
    return out.assign(excluded=~known).groupby("element")[[*numbers, "excluded"]].sum().astype("int64").reset_index()
