"""A question asked in pandas and the same question asked in SQL over the Parquet files have one answer."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iww_analysis import vocabulary
from iww_analysis.analysis import question as questions
from iww_analysis.analysis.question import Derive, Join, Question, Statistic, Where
from iww_analysis.analysis.study import Study
from iww_analysis.figures.declaration import CATALOGUE
from shared.sources import asked
from shared.sql import as_text, in_sql


def in_pandas(question: Question, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    frame, _, _ = questions.chosen(question, tables)
    return questions.numbers(question, frame)


# ---- every question of every finding is counted again in tests/reports/test_verify.py ---------------------------------------


@pytest.mark.parametrize("id_", list(CATALOGUE))
def test_a_finding_counts_only_the_sources_it_names(id_: str, study: Study) -> None:
    finding = asked(id_)
    named = set(finding.sources) | set(finding.absent)
    assert named <= set(study.sources)
    assert not set(finding.sources) & set(finding.absent)


# ---- any small table, with nulls, kinds of missing and doubles -------------------------------------------------------

SOURCE = st.sampled_from(["a", "b"])
CASE = st.sampled_from(["1", "2", "3", "4"])
DAY = st.one_of(st.none(), st.dates(pd.Timestamp("2018-01-01").date(), pd.Timestamp("2021-12-31").date()))
REASON = st.sampled_from(["moved", "other", "administrative", "empty", "unknown", "not_applicable"])
YES_NO = st.sampled_from(["yes", "no", "empty", "unknown", "not_recorded"])
LABEL = st.one_of(st.none(), st.sampled_from(["N1", "N2", "it's"]))

CASES = {
    "source": SOURCE, "case_id": CASE, "municipality": st.sampled_from(["GM0243", "GM0230"]), "case_label": LABEL,
    "date_referral": DAY, "date_closed": DAY, "extraction_date": DAY, "closure_reason": REASON,
}  # fmt: skip
MEETINGS = {
    "source": SOURCE, "case_id": st.one_of(st.none(), CASE), "meeting_id": st.sampled_from(["m1", "m2", "m3"]), "held": YES_NO,
    "kind": st.sampled_from(["introduction", "first_dialogue", "joint_client_meeting"]), "date": DAY, "reason_not_held": REASON,
}  # fmt: skip
DOMAINS = {
    "source": SOURCE, "case_id": CASE, "domain": st.sampled_from(["finances", "housing", "network"]),
    "moment": st.sampled_from(["begin", "end", "not_recorded"]),
    "status": st.sampled_from(["problem", "none", "not_recorded"]),
}  # fmt: skip


def frame(rows: list[dict[str, Any]], keys: list[str], columns: list[str]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=columns)
    for name in columns:
        out[name] = pd.to_datetime(out[name]).astype("datetime64[us]") if name.startswith(("date", "extraction")) \
            else out[name].astype("str").where(out[name].notna())  # fmt: skip
    return out.drop_duplicates(keys).reset_index(drop=True) if keys else out


KEYS = {"cases": ["source", "case_id"], "meetings": [], "case_domains": []}
COLUMNS = {"cases": CASES, "meetings": MEETINGS, "case_domains": DOMAINS}


@st.composite
def tables(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    return {
        name: frame(draw(st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=12)), KEYS[name], list(columns))
        for name, columns in COLUMNS.items()
    }


TOWN = Join("cases", {"municipality": "municipality"})
WITH_CASE = Join("cases", {"municipality": "municipality", "label": "case_label", "since": "date_referral"})
DAYS = Derive("days", ("since", "date"))
MONTHS = Derive("months", ("since", "date"))
QUESTIONS = [
    Question("reasons of closed cases", "cases", "n_cases", ("municipality", "reason"),
             derive={"reason": Derive("same", ("closure_reason",))}, where=(Where("date_closed", "known", reason="open"),)),
    Question("filled reasons", "cases", "n_cases", ("municipality",),
             numbers={"n_cases": Statistic("units"), "n_recorded": Statistic("known", "closure_reason"), "n": Statistic("rows")}),
    Question("months", "cases", "n_cases", ("municipality", "month", "year"), where=(Where("date_referral", "known"),),
             derive={"month": Derive("month", ("date_referral",)), "year": Derive("year", ("date_referral",))}),
    Question("duration classes", "cases", "n_cases", ("municipality", "class"),
             derive={"days": Derive("days", ("date_referral", "date_closed")),
                     "class": Derive("class", ("days", "duration_class"))},
             where=(Where("date_closed", "known"), Where("class", "known", reason="no_class"))),
    Question("still open", "cases", "n_cases", ("source",), where=(Where("date_closed", "absent"),)),
    Question("meetings held", "meetings", "n_meetings", ("municipality", "kind"), (TOWN,),
             where=(Where("held", "in", ("yes",), "not_held"), Where("municipality", "known", reason="no_case"))),
    Question("meetings not held for another reason", "meetings", "n_meetings", ("source", "reason"),
             derive={"reason": Derive("same", ("reason_not_held",))},
             where=(Where("reason_not_held", "not_in", ("moved", "empty")),)),
    Question("first meeting", "meetings", "n_meetings", ("municipality", "label"), (WITH_CASE,), {"days": DAYS},
             (Where("label", "known"),), {"days": Statistic("first", "days"), "kind": Statistic("first", "reason_not_held")}),
    Question("meetings by whole months", "meetings", "n_meetings", ("municipality", "months"), (WITH_CASE,), {"months": MONTHS},
             (Where("months", "known"),)),
    Question("early meetings", "meetings", "n_meetings", ("municipality",), (WITH_CASE,), {"days": DAYS},
             (Where("days", "at_least", (0,)), Where("days", "at_most", (90,), reason="later"))),
    Question("pairs of domains", "case_domains", "n_cases", ("domain", "domain_2"),
             (Join("case_domains", {"domain_2": "domain", "status_2": "status"}, many=True),),
             where=(Where("status_2", "not_in", ("none",)), Where("domain", "before", ("domain_2",)))),
    Question("a given word with a quote in it", "cases", "n_cases", ("field", "source"),
             derive={"field": Derive("given", ("it's",))}),
]  # fmt: skip


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@settings(max_examples=25)
@given(drawn_tables=tables())
def test_any_table_is_counted_the_same_in_sql(
    drawn_tables: dict[str, pd.DataFrame], duck: duckdb.DuckDBPyConnection
) -> None:
    for name, table in drawn_tables.items():
        duck.register(name, table)
    for question in QUESTIONS:
        assert as_text(in_pandas(question, drawn_tables), question.by) == as_text(
            in_sql(question, duck), question.by
        ), question.name


@given(drawn_tables=tables())
def test_what_goes_in_comes_out_or_is_left_out_with_a_reason(drawn_tables: dict[str, pd.DataFrame]) -> None:
    question = QUESTIONS[0]
    kept, n_in, left_out = questions.chosen(question, drawn_tables)
    assert n_in == len(drawn_tables["cases"]) == len(kept) + sum(left_out.values())


@pytest.mark.parametrize(
    ("begin", "end", "months"),
    [("2020-01-15", "2020-01-15", 0), ("2020-01-15", "2020-02-14", 0), ("2020-01-15", "2020-02-15", 1),
     ("2020-01-31", "2020-02-29", 0), ("2020-01-31", "2020-03-01", 1), ("2019-12-31", "2020-12-30", 11),
     ("2020-01-15", "2020-01-14", -1)],
)  # fmt: skip
def test_a_month_has_gone_by_on_the_same_day_of_the_next(begin: str, end: str, months: int) -> None:
    frame = pd.DataFrame(
        {"source": "a", "case_id": "1", "since": pd.Timestamp(begin), "date": pd.Timestamp(end)}, index=[0]
    )
    question = Question("q", "cases", "n_cases", ("months",), derive={"months": MONTHS})
    with duckdb.connect() as connection:
        connection.register("cases", frame)
        assert as_text(in_sql(question, connection), ("months",)) == [(str(months), "1")]
    assert as_text(in_pandas(question, {"cases": frame}), ("months",)) == [(str(months), "1")]


def test_a_class_holds_the_days_from_its_low_to_its_high() -> None:
    # 90 days is the last of the first class and 91 the first of the second, as vocabulary/duration_class.toml says
    days = pd.DataFrame({"source": "a", "case_id": ["1", "2", "3"], "days": pd.array([0, 90, 91], dtype="Int64")})
    question = Question(
        "q", "cases", "n_cases", ("class",), derive={"class": Derive("class", ("days", "duration_class"))}
    )
    with duckdb.connect() as connection:
        connection.register("cases", days)
        assert as_text(in_sql(question, connection), ("class",)) == [("m0_3", "2"), ("m3_6", "1")]
    assert as_text(in_pandas(question, {"cases": days}), ("class",)) == [("m0_3", "2"), ("m3_6", "1")]
    assert vocabulary.read("duration_class")["m0_3"].extra["high"] == 90
