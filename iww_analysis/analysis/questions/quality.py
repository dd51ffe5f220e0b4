"""Ask how good a source's data are: what each field holds, what the rules did to it, what a later delivery left behind."""

from collections.abc import Iterator

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.question import Question, rows
from iww_analysis.analysis.questions.coverage import ELIGIBLE, STANDING, YEAR
from iww_analysis.analysis.study import Study
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.statement import Column, Table

VALUE, NO_RECORD = "value", "no_record"
# the first of these that any record of a case holds, holds for the case
HELD = (VALUE, *vocabulary.read("missing").codes, NO_RECORD)
FIELD = ["source", "table", "column"]
NOT_ASKED = ("case_id", "case_label", "moment", "instrument_version")  # no cell that somebody may leave open


def coverage(study: Study) -> pd.DataFrame:
    """Count what every recorded field holds: source, table, column, year, held, n.

    Where a source registers cases, n counts cases per year of referral: `held` is `value` when any record of the case
    has one, else why not (`no_record`: the case has no record in that table). What can only be asked of closed cases is
    asked of those. Elsewhere n counts records, and year is "". Fields that every case must have are left out.
    """
    parts, columns = [], [*FIELD, "year", "held"]
    for source in study.sources:
        alone = study.only(source)
        for table, column in fields(alone, source):
            of_field = {"source": source, "table": table.name, "column": column.name}
            parts.append(held(alone, table, column).assign(**of_field)[columns])
    if not parts:
        return pd.DataFrame(columns=[*columns, "n"])
    return pd.concat(parts).groupby(columns, sort=False).size().reset_index(name="n")


def held(study: Study, table: Table, column: Column) -> pd.DataFrame:
    """What a field of one source holds, as year and held: a row per case where the source registers cases, else per record."""
    frame, place = study[table.name], f"{table.name}.{column.name}"
    values = frame[column.name]
    why = frame[f"{column.name}_missing"] if column.typed_missing else values.where(values.isin(HELD))
    of_record = why.fillna("empty").where(is_missing(values), VALUE)
    if "case_id" not in frame or not len(study["cases"]):
        return pd.DataFrame({"year": "", "held": of_record})
    cases = cases_asked(study, place)
    best = of_record.map(HELD.index).groupby(frame["case_id"]).min()
    of_case = cases["case_id"].map(best).fillna(HELD.index(NO_RECORD)).astype(int)
    return cases.assign(held=of_case.map(HELD.__getitem__))


def cases_asked(study: Study, place: str = "") -> pd.DataFrame:
    """The cases that a field ("table.column"; none: all) is asked of, with their year of referral: source, case_id, year."""
    derive, where = {"standing": STANDING, "year": YEAR}, ELIGIBLE.get(place, ())
    question = Question(place, "cases", "n_cases", ("source",), derive=derive, where=where)
    return rows(question, study.tables)[["source", "case_id", "year"]]


def fields(study: Study, source: str) -> Iterator[tuple[Table, Column]]:
    """The fields that a source records, in the order of the tables, but for those that every case must have."""
    for table in TABLES.values():
        for column in table:
            certain = column.name in NOT_ASKED or (table.name == "cases" and column.required)
            if (table.name, column.name) in study.recorded[source] and column.name in table.stored and not certain:
                yield table, column


def changed(study: Study) -> pd.DataFrame:
    """Count the cells that a rule gave another form: source, table, column, rule, n; never what stood there."""
    return study.changes.groupby([*FIELD, "rule"])["n"].sum().reset_index()


def deliveries(study: Study) -> pd.DataFrame:
    """Tell per delivery what it brings and what later ones did to it: source, delivery, its rows and its cases.

    Rows: read, kept, duplicate (also within the delivery), superseded, contradiction. `cases`: those it was the last to
    know; `gone`: of these, the ones that were still open on the first day on which a later delivery holds a closure.
    """
    fates = ["read", "kept", "duplicate", "superseded"]
    lines_read = [
        (source, line["delivery"], line["set_aside_by_reason"].get("contradiction", 0), *(line[f"rows_{f}"] for f in fates))
        for source, lines in study.ledgers.items()
        for line in lines
    ]  # fmt: skip
    columns = ["source", "delivery", "contradiction", *fates]
    per_delivery = pd.DataFrame(lines_read, columns=columns).groupby(["source", "delivery"]).sum().reset_index()
    cases = rows(Question("deliveries", "cases", "n_cases", ("source",), derive={"standing": STANDING}), study.tables)
    cases = cases.assign(delivery=cases["source_id"].str.split("/").str[0])
    known = []
    for source, delivery in per_delivery[["source", "delivery"]].itertuples(index=False, name=None):
        ours = cases[cases["source"] == source]
        mine, later = ours[ours["delivery"] == delivery], ours[ours["delivery"] > delivery]
        begins = later["date_closed"].min() if later["date_closed"].notna().any() else later["date_referral"].min()
        gone = mine["standing"].eq("open") | (mine["date_closed"] >= begins)
        known.append((len(mine), int(gone.sum()) if len(later) else 0))
    return per_delivery.join(pd.DataFrame(known, columns=["cases", "gone"]))
