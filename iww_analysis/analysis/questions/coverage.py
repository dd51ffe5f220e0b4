"""Ask what each source recorded, from when."""

from functools import partial

import pandas as pd

from iww_analysis.analysis.declared import condition, derived
from iww_analysis.analysis.finding import Finding, ask
from iww_analysis.analysis.question import Derive, Join, Question, Statistic
from iww_analysis.analysis.questions.compare import registers
from iww_analysis.analysis.study import Study

# the fields that the other figures rest on, in the order of a case's life
FIELDS = (
    "referrals.referrer_role", "cases.date_intake", "cases.date_plan", "case_domains.domain", "case_organisations.organisation",
    "case_network.involved", "meetings.date", "plans.made_by", "cases.status", "cases.date_closed", "cases.closure_reason",
    "case_persons.age_class", "case_persons.sex", "scores.score",
)  # fmt: skip


# what can only be asked of closed cases
STANDING = derived(("when", "standing"))
OF_CLOSED = tuple(map(condition, ("asked_for_closure", "closure_known")))
ELIGIBLE = {"cases.date_closed": OF_CLOSED, "cases.closure_reason": OF_CLOSED}
YEAR = derived(("year", "date_referral", "date_referral_month"))


def recorded(study: Study) -> Finding:
    """F02: per municipality, field and year of referral, the cases and those of which the field is filled.

    A field that a source's form does not have gives no mark: it was not recorded, which is not the same as empty.
    A date of closure is only asked of closed cases, and so is a reason.
    """
    chosen = study.only(*registers(study))
    having = {field: [s for s in chosen.sources if tuple(field.split(".")) in study.recorded[s]] for field in FIELDS}
    questions = [_question(field) for field, sources in having.items() if sources]
    finding = ask("F02", questions, chosen.tables, synthetic=study.synthetic)
    if not questions:  # nothing but days of referral
        return finding
    towns = chosen.columns("cases", "source", "municipality").drop_duplicates()
    of = {name: set(towns.loc[towns["source"].isin(sources), "municipality"]) for name, sources in having.items()}
    finding = finding.with_numbers({name: partial(_of, municipalities=towns) for name, towns in of.items()})
    return finding.with_ratios("n_recorded", "n_cases").with_caveat("absent_events")


def _of(numbers: pd.DataFrame, municipalities: set[str]) -> pd.DataFrame:
    return numbers[numbers["municipality"].isin(municipalities)]


def _question(field: str) -> Question:
    table, _, column = field.partition(".")
    joins = () if table == "cases" else (Join(table, {"value": column}, many=True),)
    return Question(
        field, "cases", "n_cases", ("municipality", "field", "year"), joins,
        derive={"field": Derive("given", (field,)), "year": YEAR, "standing": STANDING},
        where=ELIGIBLE.get(field, ()),
        numbers={"n_cases": Statistic("units"), "n_recorded": Statistic("known", column if table == "cases" else "value")},
    )  # fmt: skip
