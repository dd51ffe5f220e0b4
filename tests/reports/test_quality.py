"""How good the data are: counts worked out by hand, nothing below ten told, and what a next delivery changed."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from iww_analysis.analysis.questions import quality as asked
from iww_analysis.analysis.study import Study, together
from iww_analysis.cleaning.clean_batch import CleanBatch
from iww_analysis.cleaning.known_sheet import known_sheet
from iww_analysis.cleaning.supersede import COLUMNS, RECORDS, renewals
from iww_analysis.crosswalk.crosswalk import SheetCrosswalk
from iww_analysis.crosswalk.origin import Origin, parse
from iww_analysis.disclosure.vector import of_source
from iww_analysis.disclosure.vector.quality_cells import quality_cells
from iww_analysis.messages.errors import Lang
from iww_analysis.report.page import page, texts_of
from iww_analysis.report.quality import quality
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.interning import compact
from iww_analysis.tables.cells.row_hash import row_hash
from iww_analysis.tables.raw_sheet import sheet_of_rows
from shared.frames import drawn, typed
from shared.sources import SOURCES, built, whole_study

LINE = dict.fromkeys([*quality.COUNTS], 0) | {
    "delivery": "2021-01-15", "file": "list.csv", "sheet": "", "set_aside_by_reason": {},
}  # fmt: skip


def said_in(lang: Lang) -> dict[str, Any]:
    return texts_of(lang, "report", "quality")


def card(regime: str = "register") -> Origin:
    day = "2020-12-31"
    return parse(
        {"source": "here", "received": day, "extraction_date": day, "regime": regime, "files": {"list.csv": "0"}},
        "here",
    )


def study_of(
    tables: Mapping[str, str], recorded: Sequence[str], *, lines: Sequence[Mapping[str, Any]] = (LINE,), regime: str = "register"
) -> Study:  # fmt: skip
    """One source of drawn tables, of which the forms hold the named fields."""
    accounts = {
        "changes": pd.DataFrame(columns=["source", "table", "column", "raw", "new", "rule", "n"]),
        "set_aside": pd.DataFrame(columns=["source", "table", "column", "source_id", "source_row", "file", "sheet", "heading",
                                           "rule", "severity"]),
        "sources": pd.DataFrame(columns=["source"]),
        "renewed": pd.DataFrame(columns=["source", *COLUMNS]),
    }  # fmt: skip
    frames = {name: typed(TABLES[name], drawn(text)) for name, text in tables.items()}
    return together([(card(regime), frames | accounts, {"recorded": list(recorded), "sheets": list(lines)})])


def with_vector(study: Study) -> Study:
    """The same with what may be shown of its counts; a multiple of five is shown as it is."""
    if study.origins["here"].regime != "register":
        return study
    document = of_source.protected("here", [], bytes(range(32)), quality=quality_cells(study, "here"))
    return replace(study, vectors={"here": of_source.every_cell(document)})


def held(study: Study) -> dict[tuple[str, str, str], int]:
    """Column, year and what is held -> n."""
    counted = asked.coverage(study)
    return {(row.column, row.year, row.held): row.n for row in counted.itertuples()}


THREE = """
    case_id | date_referral | date_intake | date_closed | status | closure_reason | one_plan
    1       | 2019-02-01    | 2019-02-05  | 2019-09-01  | closed | moved          | yes
    2       | 2019-03-01    |             |             | open   | empty          | unknown
    3       | 2020-03-01    | 2020-03-09  | 2020-05-01  | closed | unknown        | empty
"""


# ---- what a field holds ---------------------------------------------------------------------------------------------


def test_a_field_is_counted_per_year_with_the_kinds_of_missing_apart() -> None:
    assert held(study_of({"cases": THREE}, ["cases.one_plan", "cases.date_intake"])) == {
        ("one_plan", "2019", "value"): 1, ("one_plan", "2019", "unknown"): 1, ("one_plan", "2020", "empty"): 1,
        ("date_intake", "2019", "value"): 1, ("date_intake", "2019", "empty"): 1, ("date_intake", "2020", "value"): 1,
    }  # fmt: skip


def test_what_only_a_closed_case_can_have_is_asked_of_closed_cases() -> None:
    assert held(study_of({"cases": THREE}, ["cases.closure_reason"])) == {
        ("closure_reason", "2019", "value"): 1,
        ("closure_reason", "2020", "unknown"): 1,
    }


def test_a_field_that_the_form_does_not_have_is_not_counted_as_empty() -> None:
    assert held(study_of({"cases": THREE}, [])) == {}


def test_one_record_with_a_value_is_enough_and_a_case_without_records_says_so() -> None:
    network = """
        case_id | moment | involved
        1       | start  | unknown
        1       | end    | yes
        2       | start  | unknown
    """
    assert held(study_of({"cases": THREE, "case_network": network}, ["case_network.involved"])) == {
        ("involved", "2019", "value"): 1,
        ("involved", "2019", "unknown"): 1,
        ("involved", "2020", "no_record"): 1,
    }


def test_a_source_without_cases_is_counted_by_its_records() -> None:
    codes = "code | meaning\nA | wat\nB | \n"
    assert held(study_of({"codes": codes}, ["codes.meaning"])) == {
        ("meaning", "", "value"): 1,
        ("meaning", "", "empty"): 1,
    }


# ---- what may be told of it -----------------------------------------------------------------------------------------


def many(n_known: int, n_empty: int, year: int = 2019) -> str:
    """Cases of one year, of which some have a value for one_plan."""
    rows = [f"{year}-{n} | {year}-02-01 | {'yes' if n < n_known else 'empty'}" for n in range(n_known + n_empty)]
    return "case_id | date_referral | one_plan\n" + "\n".join(rows)


def coverage_of(text: str, **more: Any) -> dict[str, Any]:
    internal = more.pop("internal", False)
    study = with_vector(study_of({"cases": text}, ["cases.one_plan"], **more))
    return dict(quality.pages(study, said_in("nl"), "nl", internal=internal)[0]["coverage"])


@pytest.mark.parametrize(
    ("n_known", "n_empty", "text", "of", "why"),
    [
        (30, 10, "75%", "30/40", ["10"]),
        (35, 0, "100%", "35/35", []),
        (0, 40, "0%", "0/40", ["40"]),
        (5, 0, "x", "5/5", []),  # no share of fewer than ten
    ],
)  # fmt: skip
def test_in_a_register_a_share_is_made_of_the_numbers_that_are_shown(
    n_known: int, n_empty: int, text: str, of: str, why: list[str]
) -> None:
    (field,) = coverage_of(many(n_known, n_empty))["fields"]
    assert (field["cells"][-1]["text"], field["cells"][-1]["of"], field["kinds"]) == (text, of, why)


@pytest.mark.parametrize("n_empty", [1, 2, 3, 4])
def test_what_has_a_value_and_what_has_none_are_together_what_was_asked(n_empty: int) -> None:
    told = coverage_of(many(37, n_empty))
    (field,) = told["fields"]
    having, asked_of = (n.drawn for n in field["cells"][-1]["numbers"])
    assert having % 5 == asked_of % 5 == 0
    assert having + sum(n.drawn for n in field["kinds"]) == asked_of
    assert str(asked_of) == told["columns"][-1]["n"]


def test_without_a_vector_no_number_of_a_register_is_shown_not_even_zero() -> None:
    study = study_of({"cases": many(30, 10)}, ["cases.one_plan"])
    (told,) = quality.pages(study, said_in("nl"), "nl")
    assert told["summary"]["read"] == "x"
    assert [column["n"] for column in told["coverage"]["columns"]] == ["x"]
    assert told["coverage"]["fields"][0]["cells"][0]["of"] == "x/x"


def test_what_is_shown_as_zero_stands_in_no_list_and_so_does_its_year() -> None:
    line = LINE | {"rows_in_file": 40, "rows_read": 40, "rows_kept": 39, "rows_set_aside": 1,
                   "set_aside_by_reason": {"ragged": 1}}  # fmt: skip
    text = many(38, 0) + "".join("\n" + line for line in many(1, 0, 2008).splitlines()[1:])
    study = with_vector(study_of({"cases": text}, ["cases.one_plan"], lines=[line]))
    shown = {name: 0 if n == 5 else n for name, n in study.vectors["here"].items()}
    (told,) = quality.pages(replace(study, vectors={"here": shown}), said_in("nl"), "nl")
    assert [column["name"] for column in told["coverage"]["columns"]] == ["2019", "all"]
    assert told["ledger"]["rows"][0]["reasons"] == {}


def test_a_case_study_says_k_of_n_and_no_percentage() -> None:
    (field,) = coverage_of(many(3, 1), regime="case_study")["fields"]
    assert [(cell["text"], cell["of"]) for cell in field["cells"]] == [("", "3/4"), ("", "3/4")]
    assert field["kinds"] == ["1"]


def test_inside_the_safe_zone_every_number_stands_as_it_is() -> None:
    (field,) = coverage_of(many(38, 2), internal=True)["fields"]
    assert (field["cells"][-1]["text"], field["cells"][-1]["of"], field["kinds"]) == ("95%", "38/40", ["2"])


# ---- what asks attention --------------------------------------------------------------------------------------------


def points(study: Study, **more: Any) -> list[str]:
    return list(quality.pages(with_vector(study), said_in("en"), "en", **more)[0]["attention"])


def test_what_asks_attention_is_said_first_and_the_gravest_first() -> None:
    bad = LINE | {"rows_in_file": 101, "rows_header": 1, "rows_read": 100, "rows_kept": 80, "rows_set_aside": 20,
                  "set_aside_by_reason": {"missing_required": 20}}  # fmt: skip
    unread = LINE | {"sheet": "Oud", "not_read_because": "sheet_hidden"}
    study = study_of({"cases": many(10, 30)}, ["cases.one_plan"], lines=[bad, unread])
    assert points(study, refused={"here": ["broken.xlsx"]}) == [
        "Refused and in no number at all: file 2. Ask for the file again; `iww check` says why.",
        "file 1: 20 of 100 rows read were set aside and are in no figure; why is said below.",
        "Not read: file 1 · sheet 1. Name the sheet in the crosswalk, or put it under [[ignore_sheets]] with the reason.",
        "Does not record, and is therefore not counted in figures on it: referrer role, date intake, date plan, domain and "
        "organisation ….",
        "Filled in for fewer than half where it may be expected: one plan (1).",
    ]


def test_a_field_that_moves_more_than_ten_points_between_years_is_named() -> None:
    text = many(200, 0) + "".join("\n" + line for line in many(150, 50, 2020).splitlines()[1:])
    assert points(study_of({"cases": text}, ["cases.one_plan"]))[-1] == (
        "More than 10 points unlike the year before: one plan (2019: 100%, 2020: 75%) (1). Was it registered differently?"
    )


def test_what_rounding_can_make_is_no_difference_between_years() -> None:
    text = many(40, 0) + "".join("\n" + line for line in many(30, 10, 2020).splitlines()[1:])
    assert not [point for point in points(study_of({"cases": text}, ["cases.one_plan"])) if "More than 10" in point]


def delivered(*rows: str) -> str:
    """Cases of which the closing day says how they stand."""
    stood = (row + (" | open" if row.endswith("| ") else " | closed") for row in rows)
    return "case_id | date_referral | date_closed | status\n" + "\n".join(stood)


def test_a_case_that_disappeared_was_still_open_in_the_time_of_the_later_delivery() -> None:
    """Ten cases only the first delivery knew stayed open; five more closed before the second delivery begins."""
    study = study_of({"cases": delivered(
        *(f"a{n} | 2018-02-01 | " for n in range(10)), *(f"b{n} | 2018-02-01 | 2018-06-01" for n in range(5)),
        "c1 | 2019-02-01 | 2019-03-01", "c2 | 2018-02-01 | ",
    )}, [], lines=[LINE | {"delivery": "2020-01-15"}, LINE])  # fmt: skip
    first = study["cases"]["case_id"].str[0].isin(["a", "b"])
    study["cases"]["source_id"] = pd.Series("2021-01-15/list.csv", index=first.index).mask(first, "2020-01-15/list.csv")
    told = asked.deliveries(study).set_index("delivery")
    assert told[["cases", "gone"]].to_dict("index") == {
        "2020-01-15": {"cases": 15, "gone": 10},
        "2021-01-15": {"cases": 2, "gone": 0},
    }
    assert points(study)[0].startswith(
        "10 cases of delivery 2020-01-15 were still open in the time of a later delivery"
    )


# ---- what a delivery changed of the one before ----------------------------------------------------------------------


def batch_of(delivery: str, text: str) -> CleanBatch:
    """The cases of one delivery, drawn."""
    cells, records = drawn(text), typed(TABLES["cases"], drawn(text))
    origin = replace(card(), received=dt.date.fromisoformat(delivery))
    raw = sheet_of_rows("list.csv", "", [list(cells), *cells.to_numpy().tolist()])
    sheet = known_sheet(origin, raw, SheetCrosswalk("*", "", "cases", "dmy", dict.fromkeys(cells, ())), raw.whole)
    content = row_hash([pa.array(cells[name]) for name in cells], len(cells))
    rows = pd.DataFrame({"source_row": records["source_row"], "key": records["case_id"], "ragged": False, "keyed": True,
                         "content": content})  # fmt: skip
    usable = {"cases": np.ones(len(records), dtype=bool)}
    nothing = pd.Series(dtype="str")
    return CleanBatch(sheet, nothing, rows, nothing, {"cases": compact(records)}, usable, pd.DataFrame())


def test_what_a_delivery_changed_of_the_one_before() -> None:
    """Case 1 is the same, 2 is closed, of 3 the intake was emptied and the plan changed, 4 is gone, 5 is new."""
    head = "case_id | date_referral | date_intake | date_closed | one_plan\n"
    first = head + "1|2019-01-01|2019-01-02||yes\n2|2019-01-01|||yes\n3|2019-01-01|2019-01-03||yes\n4|2019-01-01|||yes"
    second = head + "1|2019-01-01|2019-01-02||yes\n2|2019-01-01||2020-05-01|yes\n3|2019-01-01|||no\n5|2020-01-01|||yes"
    told = renewals([batch_of("2020-01-15", first), batch_of("2021-01-15", second)], TABLES["cases"])
    assert set(zip(told["table"], told["since"], told["delivery"], strict=True)) == {
        ("cases", "2020-01-15", "2021-01-15")
    }
    counted = {(row.column, row.what): row.n for row in told.itertuples() if row.n}
    assert {what: n for (column, what), n in counted.items() if not column} == {
        "before": 4, "now": 4, "new": 1, "repeated": 1, "corrected": 2, "gone": 1,
    }  # fmt: skip
    assert {place: n for place, n in counted.items() if place[0] and place[1] in ("filled", "emptied", "other")} == {
        ("date_closed", "filled"): 1,
        ("date_intake", "emptied"): 1,
        ("one_plan", "other"): 1,
    }
    assert (counted["date_intake", "known_before"], counted["date_intake", "known"]) == (2, 1)


def test_the_extraction_date_is_the_cards_and_no_correction() -> None:
    head = "case_id | date_referral | extraction_date\n"
    told = renewals([batch_of("2020-01-15", head + "1|2019-01-01|2019-12-31"),
                     batch_of("2021-01-15", head + "1|2019-01-01|2020-12-31")], TABLES["cases"])  # fmt: skip
    assert "date_referral" in set(told["column"])
    assert "extraction_date" not in set(told["column"])


def test_one_delivery_changed_nothing() -> None:
    assert renewals([batch_of("2020-01-15", "case_id | date_referral\n1 | 2019-01-01")], TABLES["cases"]).empty


def test_what_a_delivery_changed_is_told_in_protected_numbers() -> None:
    """Two hundred cases come again: of fifty the intake was emptied, of 25 it was changed."""

    def line(n: int, intake: str) -> str:
        return f"{n}|2019-01-01|{intake}"

    head = "case_id | date_referral | date_intake\n"
    first = head + "\n".join(line(n, "2019-01-02") for n in range(200))
    second = head + "\n".join(line(n, "" if n < 50 else "2019-01-03" if n < 75 else "2019-01-02") for n in range(200))
    renewed = renewals([batch_of("2020-01-15", first), batch_of("2021-01-15", second)], TABLES["cases"]).assign(
        source="here"
    )
    study = study_of({"cases": many(20, 0)}, [])
    study = with_vector(replace(study, accounts={**study.accounts, "renewed": renewed}))
    (told,) = quality.pages(study, said_in("en"), "en")
    (change,) = told["renewed"]
    assert [change[what] for what in RECORDS] == ["200", "200", "0", "125", "75", "0"]
    assert change["fields"] == [
        {"code": "date_intake", "field": "date intake", "told": ["0", "50", "25"], "known": ["200", "150"],
         "shares": ["100%", "75%"], "moved": True}
    ]  # fmt: skip
    assert told["attention"][0] == (
        "Delivery 2021-01-15 is filled in more than 10 points unlike that of 2020-01-15: date intake (100% → 75%). Ask what "
        "changed in the export or the registration."
    )


# ---- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_source_has_its_page_in_both_languages(lang: Any) -> None:
    study = whole_study()
    told = page(study, [], {}, "proef", lang)
    for source in SOURCES:
        assert f'<section id="quality-{source}"' in told
        assert f'href="#quality-{source}"' in told
    assert "{" not in re.sub(r"<style>.*?</style>", "", told, flags=re.DOTALL)


def test_no_word_of_a_cell_is_on_the_page() -> None:
    """What rules changed is told by rule and field; the words themselves stay in changes.parquet."""
    told = page(whole_study().only("nijmegen"), [], {}, "proef", "nl")
    raw = built("nijmegen").tables["changes"]["raw"].dropna().unique()
    rare = [
        word for word in raw if re.fullmatch(r"[A-Z]{2}[A-Z ]{6,}", word)
    ]  # words in capitals that nobody else would write
    assert len(rare) > 5
    assert [word for word in rare if word in told] == []


def test_every_rule_that_changed_a_cell_here_has_words() -> None:
    said = said_in("nl")
    assert set(whole_study().changes["rule"]) <= {*said["changed"], *said["rules"]}
