"""Say of a finding how many records belong to no case, and how many cases stand in two sources: what rests on them tells it."""

from collections import Counter

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.overlap import left_out
from iww_analysis.analysis.study import Study
from iww_analysis.tables import TABLES

OWNER = "cases"


def with_lost_cases(finding: Finding, study: Study) -> Finding:
    """The same finding with a caveat per table of which records name a case that is not there; by the ledgers of its sources.

    The counts are those of records kept, over all sources of the finding; `regime` says how they are protected.
    """
    asked = [part.question for part in finding.parts]
    tables = [
        table
        for question in asked
        for join in question.joins
        if "case_id" in join.on and OWNER in (join.table, question.table)
        for table in (question.table, *(other.table for other in question.joins))
    ]
    if OWNER in {
        question.table for question in asked
    }:  # persons beside their cases: both are counted, and are held together
        tables += [q.table for q in asked if "case_id" in TABLES[q.table].inherits and not q.case_study]
    n, met, registers = Counter[str](), Counter[str](), set[str]()
    for source in finding.sources:
        for link in (link for line in study.ledgers.get(source, ()) for link in line.get("links", ())):
            if link["column"] == "case_id":
                n[link["table"]] += link["n"]
                met[link["table"]] += link["n_met"]
                registers |= {link["table"]} if study.origins[source].regime == "register" else set()
    for table in dict.fromkeys(table for table in tables if table != OWNER):
        if met[table] < n[table]:
            regime = "register" if table in registers else "case_study"
            words = {"table": table, "n_lost": n[table] - met[table], "n_of": n[table], "regime": regime}
            finding = finding.with_caveat("case_not_found", **words)
    return finding


def with_overlap(finding: Finding, study: Study) -> Finding:
    """The same finding with a caveat per pair of its sources in which cases, or what hangs on them, are or were counted twice."""
    asked = {part.question.table for part in finding.parts}
    counted = [{*study.tables.sources_of(table)} for table in sorted(asked) if "case_id" in TABLES[table]]
    for each in study.overlaps:
        both = {each.source, each.other}
        if each.n_found and not each.said and both <= {*finding.sources} and any(both <= having for having in counted):
            words = {"source": each.source, "other": each.other, "n_found": each.n_found, "regime": "register"}
            finding = finding.with_caveat("overlap_open", **words)
    for pair in sorted({pair for part in finding.parts for pair in part.question.settled}):
        n = len(left_out(study.case_keys, [pair]))
        words = {"source": pair.source, "other": pair.other, "by": pair.by, "n_left": n, "regime": "register"}
        finding = finding.with_caveat("overlap_settled", **words)
    return finding
