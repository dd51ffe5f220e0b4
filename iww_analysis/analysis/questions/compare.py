"""Compare sources on what their registers hold: intake, domains, closure, plans and actions, and what they are."""

from collections.abc import Iterable

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.finding import Finding, Whole, ask
from iww_analysis.analysis.question import Derive, Join, Question, Where
from iww_analysis.analysis.study import Study
from iww_analysis.analysis.terms import CASE_FOUND, CASE_KNOWN, MUNICIPALITY, NO_RESEARCHER, same

_CASES_WITH_DOMAIN = Whole(("domains",), ("municipality",))


def registers(study: Study) -> tuple[str, ...]:
    """The sources with a case registration."""
    return study.with_table("cases")


def absent(study: Study, sources: Iterable[str], *columns: str) -> dict[str, str]:
    """Say which of these sources do not record a column (as `table.column`) at all: they cannot be compared on it."""
    wanted = [tuple(column.split(".", 1)) for column in columns]
    return {s: "not_recorded" for s in sources if any(pair not in study.recorded[s] for pair in wanted)}


def comparable(study: Study, *columns: str) -> tuple[Study, dict[str, str]]:
    """The registers that record these columns, and those that do not with the reason."""
    missing = absent(study, registers(study), *columns)
    return study.only(*(s for s in registers(study) if s not in missing)), missing


def intake(study: Study) -> Finding:
    """F01: cases per municipality and month of referral."""
    chosen, missing = comparable(study, "cases.date_referral")
    known = chosen.columns("cases", "date_referral")["date_referral"].dropna()
    months = () if known.empty else tuple(map(str, pd.period_range(known.min(), known.max(), freq="M")))
    question = Question("intake", "cases", "n_cases", ("municipality", "month"),
                        derive={"month": Derive("month", ("date_referral",))}, levels={"month": months})  # fmt: skip
    return _with_definitions(ask("F01", [question], chosen.tables, synthetic=study.synthetic, absent=missing), study)


def life_domains(study: Study) -> Finding:
    """F03: cases per municipality and life domain, and per pair of domains that go together.

    Counts cases with the domain at the start; shares are of the cases with at least one domain on record.
    """
    chosen, missing = comparable(study, "case_domains.domain")
    first = Where("moment", "in", ("begin", "not_recorded"))
    no_problem = Where("status", "not_in", ("none",), reason="domain_no_problem")
    problem = Where("status", "in", ("problem", "attention", "not_recorded"), reason="domain_unknown")
    pair = Join("case_domains", {"domain_2": "domain", "moment_2": "moment", "status_2": "status"}, many=True)
    codes = vocabulary.read("life_domain").codes
    questions = [
        Question("domains", "case_domains", "n_cases", ("municipality", "domain"), (MUNICIPALITY,),
                 where=(first, no_problem, problem), levels={"domain": codes}),
        Question("pairs", "case_domains", "n_cases", ("municipality", "domain", "domain_2"), (MUNICIPALITY, pair), where=(
            first, no_problem, problem, Where("moment_2", "in", first.values), Where("status_2", "in", problem.values),
            Where("domain", "before", ("domain_2",)),
        ), levels={"domain": codes, "domain_2": codes}),
    ]  # fmt: skip
    finding = ask("F03", questions, chosen.tables, synthetic=study.synthetic, absent=missing)
    return _with_definitions(finding, study).with_shares(dict.fromkeys(("domains", "pairs"), _CASES_WITH_DOMAIN))


def closure_reasons(study: Study) -> Finding:
    """F05: closed cases per municipality and reason; typed missing reasons are reasons of their own."""
    chosen, missing = comparable(study, "cases.closure_reason", "cases.date_closed")
    question = Question("reasons", "cases", "n_cases", ("municipality", "reason"), derive=same(reason="closure_reason"),
                        where=(Where("date_closed", "known", reason="still_open"),),
                        levels={"reason": vocabulary.read("closure_reason").codes})  # fmt: skip
    finding = ask("F05", [question], chosen.tables, synthetic=study.synthetic, absent=missing)
    return _with_definitions(finding, study).with_shares().with_caveat("administrative_apart")


def plans_and_actions(study: Study) -> Finding:
    """F23: cases per maker of the plan and whether professionals were there; follow-up actions per status."""
    chosen = study.only(*study.with_table("plans", "cases"))
    made = Question(
        "plans", "plans", "n_cases", ("municipality", "made_by", "professionals"), (MUNICIPALITY,),
        derive=same(professionals="professionals_present"),
        where=(Where("made_by", "not_in", ("empty",), reason="no_plan"),),
        levels={"made_by": vocabulary.read("plan_maker").codes, "professionals": ("no", "yes", "unknown")},
    )  # fmt: skip
    actions = Question("actions", "actions", "n_actions", ("municipality", "status"), (MUNICIPALITY,),
                       where=(CASE_FOUND,),
                       levels={"status": vocabulary.read("action_status").codes})  # fmt: skip
    return ask("F23", [made, actions], chosen.tables, synthetic=study.synthetic).with_shares()


def sources(study: Study) -> Finding:
    """T01: one line per source: cases, persons, interviews, teams, period, what a case is and how cases were selected."""
    by, a_person = ("source",), Where("person_id", "known", reason="no_person")
    questions = [
        Question("cases", "cases", "n_cases", by),
        Question("persons", "case_persons", "n_persons", by, where=(a_person,)),
        Question("case_studies", "judgements", "n_cases", by, where=(CASE_KNOWN,), case_study=True),
        Question("talks", "documents", "n_documents", by, where=(NO_RESEARCHER,), case_study=True),
        Question("teams", "teams", "n_teams", by, case_study=True),
    ]
    cards = pd.DataFrame([
        {"source": name, "municipality": ", ".join(o.municipality), "study": o.study, "regime": o.regime,
         "period": " – ".join(day.isoformat() for day in o.period), "extraction_date": o.extraction_date.isoformat(),
         "case_is_nl": o.case_is.get("nl", ""), "case_is_en": o.case_is.get("en", ""),
         "selection_nl": o.selection.get("nl", ""), "selection_en": o.selection.get("en", "")}
        for name, o in study.origins.items()
    ])  # fmt: skip
    return ask("T01", questions, study.tables, synthetic=study.synthetic).with_extra(cards)


def _with_definitions(finding: Finding, study: Study) -> Finding:
    """Say so when the sources that are drawn together do not mean the same by a case."""
    kinds = {study.origins[s].case_is.get("nl", "") for s in finding.sources}
    return finding.with_caveat("case_definitions", n=len(kinds)) if len(kinds) > 1 else finding


def total(finding: Finding, part: str, **keys: str) -> int:
    """Add up the units of a part over the marks with these keys. Only where a unit cannot be in two of those marks."""
    numbers = finding.part(part).numbers
    for key, value in keys.items():
        numbers = numbers[numbers[key] == value]
    return int(numbers[next(iter(finding.part(part).question.statistics))].sum())
