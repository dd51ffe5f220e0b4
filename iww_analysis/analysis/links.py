"""Say of a finding how many records belong to no case: what rests on the link between two tables tells it, always."""

from collections import Counter

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import Study

OWNER = "cases"


def with_lost_cases(finding: Finding, study: Study) -> Finding:
    """The same finding with a caveat per table of which records name a case that is not there; by the ledgers of its sources.

    The counts are those of records kept, over all sources of the finding; `regime` says how they are protected.
    """
    tables = dict.fromkeys(
        table
        for part in finding.parts
        for join in part.question.joins
        if "case_id" in join.on and OWNER in (join.table, part.question.table)
        for table in (part.question.table, *(other.table for other in part.question.joins))
        if table != OWNER
    )
    n, met, registers = Counter[str](), Counter[str](), set[str]()
    for source in finding.sources:
        for link in (link for line in study.ledgers.get(source, ()) for link in line.get("links", ())):
            if link["column"] == "case_id":
                n[link["table"]] += link["n"]
                met[link["table"]] += link["n_met"]
                registers |= {link["table"]} if study.origins[source].regime == "register" else set()
    for table in tables:
        if met[table] < n[table]:
            regime = "register" if table in registers else "case_study"
            words = {"table": table, "n_lost": n[table] - met[table], "n_of": n[table], "regime": regime}
            finding = finding.with_caveat("case_not_found", **words)
    return finding
