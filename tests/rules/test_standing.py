"""Open needs proof: a closing day that is absent is asked why, and closed on an unknown day is a group of its own."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import duckdb
import pandas as pd
import pytest

from iww_analysis import vocabulary
from iww_analysis.analysis import declared
from iww_analysis.analysis.answer import HeldTables
from iww_analysis.analysis.declared import derived
from iww_analysis.analysis.question import Question, rows
from iww_analysis.analysis.questions import compare, coverage, pathways
from iww_analysis.analysis.sql import derived_as_sql
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.rules import cases
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.tables import TABLES
from iww_analysis.verify.recount.formulas import Behind, extra
from shared.frames import counts, placed, plain_context, study_of
from shared.long import sampled

STANDING = derived(("when", "standing"))
CLOSING_DAYS = {  # what a cell of the closing day can hold -> what it says by itself
    "day": ["14-09-2020", "2020-10-01", "3 november 2020"],
    "month": ["mei 2020", "09-2020", "2020-10", "nov-20"],
    "word": ["volgt nog", "onbekend", "zie dossier", "geheim"],
    "error": ["#N/A", "#REF!", "#N/B"],
    "empty": ["", "-", "n.v.t."],
}
STATUSES = ["not_recorded", "", "gesloten", "open", "gepauzeerd", "zie dossier"]
REASONS = ["not_recorded", "", "verhuisd", "een eigen woord", "onbekend"]


def standing(kind: str, status: str, reason: str) -> str:
    """How a case stands, by hand."""
    if kind in ("day", "month"):
        return {"day": "closed", "month": "closed_month"}[kind]
    if status == "gesloten":
        return "closed_day_unknown"
    if status in ("open", "gepauzeerd"):
        return "open"
    if reason == "verhuisd":
        return "closed_day_unknown"
    blank = status in ("not_recorded", "") and reason in ("not_recorded", "")
    return "open" if blank and kind == "empty" else "closure_unknown"


def columns_of_days(n: int) -> pd.DataFrame:
    """Generated columns of closing days, each with a form of its own: twelve cases per column."""
    draw, lines = random.Random(12), list[dict[str, Any]]()
    for column in range(n):
        statuses, reasons = draw.sample(STATUSES, 2), draw.sample(REASONS, 2)
        for case in range(12):
            kind = draw.choice([*CLOSING_DAYS])
            status, reason = draw.choice(statuses), draw.choice(reasons)
            lines.append({
                "column": f"column {column}", "case_id": f"{column}-{case}", "municipality": "GM0243",
                "date_referral": "13-03-2020", "date_closed": draw.choice(CLOSING_DAYS[kind]), "status": status,
                "closure_reason": reason, "expected": standing(kind, status, reason),
            })  # fmt: skip
    return pd.DataFrame(lines, dtype="str")


def cleaned(drawn: pd.DataFrame) -> pd.DataFrame:
    """The clean cases, as they are stored."""
    records = cases.clean({"cases": placed(drawn)}, plain_context())["cases"].records
    stored = records.reindex(columns=list(TABLES["cases"].stored)).assign(source="here")
    texts = stored.select_dtypes("category").columns
    return stored.astype(dict.fromkeys(texts, "str"))


@pytest.mark.parametrize("n", sampled([100, 2000], sample=[100]))
def test_of_every_column_of_days_closed_and_open_and_unknown_are_all_and_none_moves(n: int) -> None:
    drawn = columns_of_days(n)
    held = cleaned(drawn)
    every = rows(Question("all", "cases", "n_cases", ("source",), derive={"standing": STANDING}), {"cases": held})
    assert every["standing"].tolist() == drawn["expected"].tolist()
    connection = duckdb.connect()
    connection.register("held", held)
    in_sql = connection.sql(f"SELECT {derived_as_sql(STANDING)} FROM held ORDER BY source_row").fetchall()
    assert [word for (word,) in in_sql] == drawn["expected"].tolist()
    by_column = every.groupby(drawn["column"].to_numpy())["standing"].value_counts()
    assert by_column.groupby(level=0).sum().eq(12).all()


@pytest.mark.parametrize("n", sampled([20, 300], sample=[20]))
def test_every_figure_of_closure_accounts_for_every_case_of_every_column(n: int) -> None:
    drawn = columns_of_days(n)
    towns = drawn["column"].map(
        dict(zip(drawn["column"].unique(), vocabulary.read("municipality").codes, strict=False))
    )
    study = of_cases(drawn.assign(municipality=towns))
    n_of = Counter(drawn["expected"])
    closed = n_of["closed"] + n_of["closed_month"] + n_of["closed_day_unknown"]
    finding = pathways.time_to_closure(study)
    parts = {part.question.name: part for part in finding.parts}
    assert (parts["closed"].n_in, parts["closed"].n_out) == (closed, n_of["closed"])
    assert (parts["open"].n_out, parts["open"].left_out["closure_unknown"]) == (n_of["open"], n_of["closure_unknown"])
    assert parts["closed"].n_in + parts["open"].n_in == len(drawn)
    (reasons,) = compare.closure_reasons(study).parts
    assert (reasons.n_in, reasons.n_out) == (len(drawn), n_of["closed"])
    assert sum(reasons.left_out.values()) == len(drawn) - n_of["closed"]
    assert coverage.recorded(study).part("cases.closure_reason").numbers["n_cases"].sum() == closed
    for part, word in (("closed", "closed"), ("open", "open")):
        of_town = drawn[drawn["expected"] == word].groupby(towns).size()
        assert parts[part].totals.set_index("municipality")["n_cases"].to_dict() == of_town.to_dict()
    assert_curve_is_that_of_verify(finding, study["cases"])


def of_cases(drawn: pd.DataFrame) -> Study:
    """The study of one source with these cases alone."""
    study = study_of(cases="source|case_id\nhere|1")
    return replace(study, tables=HeldTables({**study.tables, "cases": cleaned(drawn)}))


def assert_curve_is_that_of_verify(finding: Any, held: pd.DataFrame) -> None:
    """The share still open is what the independent recount makes of the same cases."""
    connection = duckdb.connect()
    connection.register("cases", held)
    curve = extra(CATALOGUE["F04"], Behind({}, connection, tuple(held["source"].unique()), {}, {}))["closed"]
    for row in finding.numbers[finding.numbers["part"] == "closed"].to_dict("records"):
        again = curve[row["municipality"], row["class"]]
        assert (row["n_at_risk"], row["share"]) == (again["n_at_risk"], pytest.approx(again["share"]))


def test_closed_cases_of_which_the_day_is_unknown_are_never_open() -> None:
    days = ["mei 2020", "14-09-2020", "onbekend", "16-09-2020", "09-2020", "18-09-2020", "volgt nog", "20-09-2020"]
    drawn = pd.DataFrame({
        "case_id": [f"Z{n}" for n in range(8)], "municipality": "GM0243", "date_referral": "13-03-2020", "date_closed": days,
        "closure_reason": "verhuisd",
    }, dtype="str")  # fmt: skip
    study = of_cases(drawn)
    finding = pathways.time_to_closure(study)
    assert counts(finding, "closed") == {("GM0243", "m6_12"): 4}
    assert counts(finding, "open") == {}
    assert finding.part("closed").left_out == {
        "closed_day_unknown": 2,
        "closed_month_known": 2,
        "referral_day_unknown": 0,
    }
    # of "mei 2020" every day is within three months of 13 March; September 2020 has days before and after six months
    assert counts(finding, "closed_month") == {("GM0243", "m0_3"): 1}
    assert finding.part("closed_month").left_out == {"closed_day_unknown": 2, "duration_unknown": 1}
    reasons = compare.closure_reasons(study).part("reasons")
    assert (reasons.n_out, reasons.left_out["still_open"], reasons.left_out["closed_day_unknown"]) == (4, 0, 2)


def test_a_month_of_referral_counts_in_its_month_and_year_and_its_case_is_kept() -> None:
    drawn = pd.DataFrame({"case_id": ["1", "2"], "municipality": "GM0243", "date_referral": ["mei 2020", "2-5-2020"],
                          "date_closed": ["juni 2020", ""], "status": ["", ""]}, dtype="str")  # fmt: skip
    result = cases.clean({"cases": placed(drawn)}, plain_context())["cases"]
    assert "missing_required" not in set(result.problems["rule"])
    study = of_cases(drawn)
    assert counts(compare.intake(study), "intake") == {("GM0243", "2020-05"): 2}
    of_status = coverage.recorded(study).part("cases.status").numbers
    assert of_status[["year", "n_cases"]].to_numpy().tolist() == [["2020", 2]]
    assert counts(pathways.time_to_closure(study), "closed_month") == {("GM0243", "m0_3"): 1}  # 1 to 60 days


@pytest.mark.parametrize(("referral", "closed", "rule"), [
    ("1-5-2020", "april 2020", "date_order"), ("mei 2020", "30-4-2020", "date_order"), ("jan-21", "", "after_extraction"),
    ("1-5-2020", "01-2021", "after_extraction"), ("31-5-2020", "mei 2020", None), ("dec-20", "12-2020", None),
])  # fmt: skip
def test_a_month_that_cannot_be_is_set_aside_and_one_that_can_is_not(
    referral: str, closed: str, rule: str | None
) -> None:
    drawn = pd.DataFrame({"case_id": ["1"], "municipality": "GM0243", "date_referral": referral, "date_closed": closed,
                          "status": "gesloten" if closed else ""}, dtype="str")  # fmt: skip
    problems = cases.clean({"cases": placed(drawn)}, plain_context())["cases"].problems
    assert set(problems.loc[problems["severity"] == "row", "rule"]) == ({rule} if rule else set())


def test_no_question_takes_an_absent_day_for_something_that_did_not_come() -> None:
    for name in declared._DECLARED:
        if name in ("conditions", "joins", "when"):
            continue
        for question in declared.questions(name):
            for rule in (*question.where, *(w for d in question.derive.values() for _, of in d.cases for w in of)):
                table = TABLES[question.table]
                if rule.test == "absent" and rule.column in table and table[rule.column].typed_missing:
                    assert rule.values, f"{name}.{question.name}: {rule.column}"


def test_who_waits_for_the_next_meeting_is_under_way_until_the_case_is_closed() -> None:
    stood = {"1": "open", "2": "closed", "3": "open", "4": "open"}
    drawn = "source|case_id|municipality|status|date_referral\n" + "\n".join(
        f"a|{n}|GM0243|{s}|2020-01-01" for n, s in stood.items()
    )
    held = "source|case_id|meeting_id|kind|held|reason_not_held\n" + "\n".join([
        *(f"a|{n}|i{n}|introduction|yes|" for n in stood), "a|3|f3|first_dialogue|no|moved", "a|4|f4|first_dialogue|yes|",
    ])  # fmt: skip
    finding = pathways.flow(study_of(cases=drawn, meetings=held))
    # 1 waits, 2 was closed without a reason, 3 was called off for a reason, 4 waits for the closing dialogue
    assert counts(finding, "waiting") == {
        ("GM0243", "first_dialogue", "under_way"): 1, ("GM0243", "first_dialogue", "stopped"): 1,
        ("GM0243", "closing_dialogue", "under_way"): 1,
    }  # fmt: skip
    assert counts(finding, "dropped") == {("GM0243", "first_dialogue", "moved"): 1}
