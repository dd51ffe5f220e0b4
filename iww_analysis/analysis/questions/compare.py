"""Compare sources on what their registers hold: intake, domains, closure, plans and actions, and what they are.

Of a question of one's own: `ask` it, a `Question` of `Join`, `Derive` and `Where`; `MUNICIPALITY` joins that of the case.
"""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from iww_analysis.analysis.declared import join, questions
from iww_analysis.analysis.finding import Finding, Whole, ask
from iww_analysis.analysis.question import Derive, Join, Question, Where
from iww_analysis.analysis.study import Study

__all__ = ["MUNICIPALITY", "Derive", "Join", "Question", "Where", "absent", "ask", "closure_reasons", "comparable", "intake",
           "life_domains", "plans_and_actions", "registers", "sources"]  # fmt: skip

MUNICIPALITY = join("municipality")


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
    asked = [replace(question, levels={"month": months}) for question in questions("F01")]
    return _with_definitions(ask("F01", asked, chosen.tables, synthetic=study.synthetic, absent=missing), study)


def life_domains(study: Study) -> Finding:
    """F03: cases per municipality and life domain, and per pair of domains that go together.

    Counts cases with the domain at the start; shares are of the cases with at least one domain on record.
    """
    chosen, missing = comparable(study, "case_domains.domain")
    finding = ask("F03", questions("F03"), chosen.tables, synthetic=study.synthetic, absent=missing)
    cases_with_domain = Whole(("domains",), ("municipality",))
    return _with_definitions(finding, study).with_shares(dict.fromkeys(("domains", "pairs"), cases_with_domain))


def closure_reasons(study: Study) -> Finding:
    """F05: closed cases per municipality and reason; typed missing reasons are reasons of their own."""
    chosen, missing = comparable(study, "cases.closure_reason", "cases.date_closed")
    finding = ask("F05", questions("F05"), chosen.tables, synthetic=study.synthetic, absent=missing)
    return _with_definitions(finding, study).with_shares().with_caveat("administrative_apart")


def plans_and_actions(study: Study) -> Finding:
    """F23: cases per maker of the plan and whether professionals were there; follow-up actions per status."""
    chosen = study.only(*study.with_table("plans", "cases"))
    return ask("F23", questions("F23"), chosen.tables, synthetic=study.synthetic).with_shares()


def sources(study: Study) -> Finding:
    """T01: one line per source: cases, persons, interviews, teams, period, what a case is and how cases were selected."""
    cards = pd.DataFrame([
        {"source": name, "municipality": ", ".join(o.municipality), "study": o.study, "regime": o.regime,
         "period": " – ".join(day.isoformat() for day in o.period), "extraction_date": o.extraction_date.isoformat(),
         "case_is_nl": o.case_is.get("nl", ""), "case_is_en": o.case_is.get("en", ""),
         "selection_nl": o.selection.get("nl", ""), "selection_en": o.selection.get("en", "")}
        for name, o in study.origins.items()
    ])  # fmt: skip
    return ask("T01", questions("T01"), study.tables, synthetic=study.synthetic).with_extra(cards)


def _with_definitions(finding: Finding, study: Study) -> Finding:
    """Say so when the sources that are drawn together do not mean the same by a case."""
    kinds = {study.origins[s].case_is.get("nl", "") for s in finding.sources}
    return finding.with_caveat("case_definitions", n=len(kinds)) if len(kinds) > 1 else finding
