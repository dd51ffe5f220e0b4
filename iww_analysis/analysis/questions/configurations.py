"""Ask which combinations of working elements go with the outcome: a plain truth table over cases, no minimisation."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from iww_analysis.analysis.declared import ANSWERS, DYAD, ELEMENTS, questions
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import Statistic
from iww_analysis.analysis.study import Study

CONDITIONS = 3  # elements in the table, when none are named
LEAST_CASES = 10
_KEYS = ("source", "case")


def truth_table(study: Study, conditions: Sequence[str] = ()) -> Finding:
    """F20: per case whether each condition was there and whether it went better; cases alike share a row of the table.

    A condition was there when client and professional both say yes or partly; it was not when one of them says no. A case
    of which one of them did not discuss it is left out. What was said of one party in the case, or of its begin, is no
    judgement of the case. A case went better when client or professional says so of the case as a whole; what went better
    for one person in it does not count. Without `conditions`: see `telling`; none to tell gives an empty finding.

    Columns beside the counts: `conditions`, in order; of each case its `row` ("101"), how many cases are alike (`n_alike`)
    and how many of them went better (`n_better`), whether it went better itself; for a case that is left out `lacks`, the
    element that was not discussed or `outcome`.
    """
    chosen = study.only(*study.with_table("judgements", "outcomes"))
    presence, better = _presence(chosen), _better(chosen)
    elements = tuple(conditions) or telling(presence[presence.index.isin(better.index)])
    asked = questions("F20")
    if not elements:  # no element was discussed by both voices in any case: there is no table
        return ask("F20", asked, study.only().tables, synthetic=study.synthetic)
    finding = ask("F20", asked, chosen.tables, synthetic=study.synthetic)
    every = presence.index.union(better.index)
    cases = _rows(presence.reindex(index=every, columns=list(elements)), better).assign(conditions=",".join(elements))
    used = cases[cases["lacks"] == ""]
    possible = 2 ** len(elements)
    extra = pd.concat([cases.reset_index().assign(part=question.name) for question in asked], ignore_index=True)
    answered = finding.with_extra(extra).with_caveat("cases_selected").with_caveat("table_is_no_proof")
    answered = answered.with_caveat("unseen_configurations", n=possible - used["row"].nunique())
    if len(used) >= max(LEAST_CASES, possible):
        return answered
    return answered.with_caveat("few_for_configurations", n=len(used))


def telling(presence: pd.DataFrame, n: int = CONDITIONS) -> tuple[str, ...]:
    """The working elements that differ most between the cases of which both voices discussed them.

    The number of cases with it or without it, whichever is smaller, decides; then the number of cases that discussed it;
    then the order of the list.
    """
    known = [code for code in ELEMENTS if code in presence]
    there, not_there = ({code: int(presence[code].eq(said).sum()) for code in known} for said in (True, False))
    ranked = sorted(known, key=lambda code: (-min(there[code], not_there[code]), -there[code] - not_there[code]))
    return tuple(sorted(ranked[:n], key=known.index))


def _presence(study: Study) -> pd.DataFrame:
    """Per case and working element: True, False, or missing where one of the voices did not discuss it."""
    judged, _ = questions("F20")
    by = (*_KEYS, "element", "perspective")
    said = replace(judged, unit="n_judgements", by=by, numbers={"present": Statistic("first", "present")})
    answers = ask("F20", [said], study.tables).parts[0].numbers
    spoken = answers[answers["present"].isin(ANSWERS)]
    by_element = spoken.assign(no=spoken["present"].eq("no")).groupby([*_KEYS, "element"])
    both = by_element["perspective"].nunique() == len(DYAD)
    there = (~by_element["no"].any())[both].reset_index(name="there")
    wide = there.pivot_table(index=list(_KEYS), columns="element", values="there", aggfunc="first").astype("object")
    return wide.reindex(pd.MultiIndex.from_frame(answers[list(_KEYS)].drop_duplicates()))


def _better(study: Study) -> pd.Series:
    """Per case with a told outcome, whether any went better."""
    _, outcomes = questions("F20")
    directions = replace(outcomes, unit="n_outcomes", by=(*_KEYS, "direction"))
    numbers = ask("F20", [directions], study.tables).parts[0].numbers
    return numbers["direction"].eq("better").groupby([numbers[key] for key in _KEYS]).any()


def _rows(presence: pd.DataFrame, better: pd.Series) -> pd.DataFrame:
    """Per case its row of the table, and what it lacks if it has none."""
    absent = presence.isna()
    lacks = absent.apply(lambda case: next((name for name, gone in case.items() if gone), ""), axis=1).astype("str")
    lacks = lacks.mask((lacks == "") & ~presence.index.isin(better.index), "outcome")
    row = presence.apply(lambda case: "".join("1" if there is True else "0" for there in case), axis=1).astype("str")
    out = pd.DataFrame({"row": row.where(lacks == "", ""), "lacks": lacks}, index=presence.index)
    went = pd.Series(better.reindex(out.index).eq(True), index=out.index)
    used = out["lacks"] == ""
    alike = out.assign(went=went)[used].groupby("row")["went"].agg(["size", "sum"])
    return out.assign(
        better=went.map({True: "yes", False: "no"}).where(used, "").astype("str"),
        n_alike=out["row"].map(alike["size"]).astype("Int64"),
        n_better=out["row"].map(alike["sum"]).astype("Int64"),
    )
