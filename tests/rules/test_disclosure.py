"""What may be shown of a number: hidden under ten, rounded to five, and nothing raw beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis.analysis.answer import Answer
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.question import Derive, Question, Where
from iww_analysis.disclosure import Protected, protect, protected_count
from iww_analysis.disclosure.rounding import protected_counts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages import sentences
from iww_analysis.messages.numbers import HIDDEN, number
from shared.sources import asked

# threshold 10, rounded to 5: what CBS shows in its Wmo tables (DOMAIN 6.3)
SHOWN = {0: None, 1: None, 9: None, 10: 10, 12: 10, 13: 15, 14: 15, 15: 15, 17: 15, 18: 20, 997: 995, 998: 1000}


@pytest.mark.parametrize(("raw", "drawn"), SHOWN.items())
def test_a_register_shows_no_number_under_ten_and_rounds_the_others_to_five(raw: int, drawn: int | None) -> None:
    assert protected_count(raw, "register") == drawn


@pytest.mark.parametrize("rule", ["case_study", "internal"])
def test_a_case_study_and_those_inside_see_the_count_itself(rule: str) -> None:
    assert [protected_count(n, rule) for n in SHOWN] == list(SHOWN)


@given(st.lists(st.integers(0, 10_000)), st.sampled_from(["register", "case_study", "internal"]))
def test_one_count_is_protected_as_a_column_of_them(counts: list[int], rule: str) -> None:
    together = protected_counts(pd.Series(counts, dtype="Int64"), rule)
    assert [protected_count(n, rule) for n in counts] == [None if pd.isna(n) else n for n in together]


def test_a_hidden_number_is_written_as_x() -> None:
    assert (number(None, "nl"), number(10, "nl"), HIDDEN) == ("x", "10", "x")


def counted(groups: Mapping[str, Mapping[str, int]], **left_out: int) -> Finding:
    """A finding that counted so many cases per municipality and reason."""
    rows = [
        {"municipality": town, "reason": reason, "n_cases": n}
        for town, reasons in groups.items()
        for reason, n in reasons.items()
    ]
    question = Question("reasons", "cases", "n_cases", ("municipality", "reason"),
                        derive={"reason": Derive("same", ("closure_reason",))},
                        where=(Where("date_closed", "known", reason="open"),))  # fmt: skip
    totals = pd.DataFrame(
        [{"municipality": town, "n_cases": sum(reasons.values())} for town, reasons in groups.items()]
    )
    n = int(totals["n_cases"].sum())
    return Finding("F05", (Answer(question, pd.DataFrame(rows), totals, n + sum(left_out.values()), n, left_out),))


EXAMPLE = {"GM0243": {"moved": 9, "other": 12, "deceased": 0, "administrative": 79}, "GM0230": {"moved": 3, "other": 4}}


def test_each_number_of_a_finding_is_protected() -> None:
    (done,) = protect([counted(EXAMPLE, open=4).with_shares()], "register")
    marks = done.marks.set_index(["municipality", "reason"])
    assert marks["n_cases"].isna().to_dict() == {
        ("GM0243", "moved"): True, ("GM0243", "other"): False, ("GM0243", "deceased"): True, ("GM0243", "administrative"): False,
        ("GM0230", "moved"): True, ("GM0230", "other"): True,
    }  # fmt: skip
    assert marks.loc[("GM0243", "other"), "n_cases"] == 10
    assert marks.loc[("GM0243", "administrative"), "n_cases"] == 80
    assert done.totals["reasons"].set_index("municipality")["n_cases"].astype("float").fillna(-1).to_dict() == {
        "GM0243": 100,
        "GM0230": -1,
    }
    assert (done.n_in["reasons"], done.n_out["reasons"], done.left_out["reasons"]) == (110, 105, {"open": None})


def test_a_share_is_rounded_and_hidden_when_it_rests_on_fewer_than_ten() -> None:
    (done,) = protect([counted(EXAMPLE).with_shares()], "register")
    shares = done.marks.set_index(["municipality", "reason"])["share"]
    assert shares[("GM0243", "other")] == 0.10  # 12 of 100
    assert shares[("GM0243", "administrative")] == 0.80  # 79 of 100
    assert shares["GM0230"].isna().all()  # of 7 cases


def test_what_is_hidden_is_marked_as_hidden() -> None:
    (done,) = protect([counted(EXAMPLE)], "register")
    assert done.marks["hidden"].tolist() == [True, False, True, False, True, True]
    (raw,) = protect([counted(EXAMPLE)], "case_study")
    assert not raw.marks["hidden"].any()


def test_a_case_study_keeps_its_counts_and_says_so() -> None:
    (done,) = protect([counted(EXAMPLE, open=4)], "case_study")
    assert done.rule == "case_study"
    assert done.marks["n_cases"].tolist() == [9, 12, 0, 79, 3, 4]
    assert (done.n_in["reasons"], done.left_out["reasons"]) == (111, {"open": 4})
    assert "exact" in done.said("en")


def test_unprotected_numbers_say_that_they_may_not_leave() -> None:
    (done,) = protect([counted(EXAMPLE).with_shares()], "register", internal=True)
    assert done.rule == "internal"
    assert done.marks["n_cases"].tolist() == [9, 12, 0, 79, 3, 4]
    assert done.marks["share"].tolist()[0] == 0.09
    assert "INTERN, niet delen" in done.said("nl")
    assert "do not share" in done.said("en")


def test_the_rule_is_said_with_its_own_numbers() -> None:
    (done,) = protect([counted(EXAMPLE)], "register")
    assert done.said("nl") == (
        "Aantallen onder 10 zijn niet getoond (x); andere zijn afgerond op een veelvoud van 5, percentages ook."
    )
    assert set(sentences.read("rules")) == {"register", "case_study", "internal"}


# ---- nothing raw survives -------------------------------------------------------------------------------------------

REASONS = st.dictionaries(st.sampled_from(["moved", "other", "deceased"]), st.integers(0, 40), min_size=1)
NUMBERS = st.dictionaries(st.sampled_from(["GM0243", "GM0230", "GM0268"]), REASONS, min_size=1)


def numbers_in(value: Any) -> Iterator[float]:
    """Every number anywhere inside a value, names of people's things aside."""
    if isinstance(value, pd.DataFrame):
        for column in value:
            if column != "hidden":
                yield from numbers_in(value[column].tolist())
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from numbers_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from numbers_in(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value):
        yield value


@given(groups=NUMBERS, left_out=st.integers(0, 20))
def test_no_raw_number_survives_anywhere_in_what_is_drawn(groups: dict[str, dict[str, int]], left_out: int) -> None:
    (done,) = protect([counted(groups, open=left_out)], "register")
    found = [n for field in fields(Protected) for n in numbers_in(getattr(done, field.name))]
    assert all(n >= 10 and n % 5 == 0 for n in found)


@given(groups=NUMBERS)
def test_a_share_is_a_multiple_of_five_percent(groups: dict[str, dict[str, int]]) -> None:
    (done,) = protect([counted(groups).with_shares()], "register")
    shares = done.marks["share"].dropna()
    assert ((shares * 20).round(6) % 1 == 0).all()


def test_a_hidden_count_cannot_be_taken_from_the_share_beside_it() -> None:
    """Every hidden cell can be 0..9 (rounding.toml): a share beside it that says otherwise would tell it."""
    (done,) = protect([counted({"GM0243": {"moved": 1, "deceased": 0, "other": 19}}).with_shares()], "register")
    marks = done.marks.set_index("reason")
    assert marks.loc[["moved", "deceased"], "share"].isna().all()


REGISTERS = [id_ for id_, entry in CATALOGUE.items() if entry.regime == "register"]


@pytest.mark.parametrize("id_", REGISTERS)
def test_every_finding_of_a_register_leaves_no_small_number(id_: str) -> None:
    finding = asked(id_)
    (done,) = protect([finding], "register")
    counts = [value for value in done.values if value.startswith("n_")]
    registered = [part.question.name for part in finding.parts if not part.question.case_study]
    marks = done.marks[done.marks["part"].isin(registered)]
    found = [
        n
        for name in ("totals", "n_in", "n_out", "left_out")
        for part in registered
        for n in numbers_in(getattr(done, name)[part])
    ]
    found += list(numbers_in(marks[counts]))
    assert found
    assert all(n >= 10 and n % 5 == 0 for n in found)
    others = set(done.values) - {"share"} - set(counts)
    assert not list(numbers_in(marks[[*others]])), "numbers that no rule speaks of"


def test_cases_followed_with_consent_may_be_counted_beside_a_register() -> None:
    (done,) = protect([asked("T01")], "register")
    followed = done.part("case_studies").set_index("source")["n_cases"]
    assert followed.to_dict() == {  # the cases in their plan.json
        "nijmegen-interviews": 12, "samen-aan-zet-interviews": 8, "wijkteam-noord": 4, "wijkteam-zuid": 4,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["F06", "F07", "T02", "T09", "T10"])
def test_a_followed_case_has_no_day_and_no_month_of_the_calendar(name: str) -> None:
    (done,) = protect([asked(name)], "case_study")
    told = [str(value) for column in done.marks for value in done.marks[column].dropna()]
    assert told
    assert not [value for value in told if re.search(r"\d{4}-\d\d", value)]


@pytest.mark.parametrize("name", ["T04", "T05", "T06", "T07", "T08", "T09", "T11"])
def test_a_table_of_people_s_own_words_warns_whoever_shares_it(name: str) -> None:
    assert "own_words" in dict(asked(name).caveats)


def test_a_share_rests_on_the_units_of_its_own_question() -> None:
    """F23: shares of plans rest on cases, shares of actions on actions: 9 of 99 actions are hidden, 90 are not."""
    plans = Question("plans", "plans", "n_cases", ("municipality", "made_by"))
    actions = Question("actions", "actions", "n_actions", ("municipality", "status"))
    town = {"municipality": "GM0243"}
    parts = (
        Answer(plans, pd.DataFrame([town | {"made_by": "client", "n_cases": 30}]),
             pd.DataFrame([town | {"n_cases": 30}]), 30, 30, {}),
        Answer(actions, pd.DataFrame([town | {"status": "done", "n_actions": 90}, town | {"status": "planned", "n_actions": 9}]),
             pd.DataFrame([town | {"n_actions": 99}]), 99, 99, {}),
    )  # fmt: skip
    (done,) = protect([Finding("F23", parts).with_shares()], "register")
    shares = done.part("actions").set_index("status")["share"]
    assert shares["done"] == 0.9
    assert pd.isna(shares["planned"])
    assert done.part("plans")["share"].tolist() == [1.0]
