"""What may be shown of a number: what the vector of its source says, what follows from that, and nothing raw beside it."""

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
from iww_analysis.disclosure.vector.cells import Shown
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages import sentences
from iww_analysis.messages.numbers import HIDDEN, number
from shared.sources import asked, whole_study

# of a count that stands in no vector: threshold 10, rounded to 5, what CBS shows in its Wmo tables (DOMAIN 6.3)
ALONE = {0: None, 1: None, 9: None, 10: 10, 12: 10, 13: 15, 14: 15, 15: 15, 17: 15, 18: 20, 997: 995, 998: 1000}


@pytest.mark.parametrize(("raw", "drawn"), ALONE.items())
def test_a_count_that_is_linked_to_nothing_is_hidden_under_ten_and_rounded_to_five(raw: int, drawn: int | None) -> None:
    assert protected_count(raw, "register") == drawn


@pytest.mark.parametrize("rule", ["case_study", "internal"])
def test_a_case_study_and_those_inside_see_the_count_itself(rule: str) -> None:
    assert [protected_count(n, rule) for n in ALONE] == list(ALONE)


def test_a_hidden_number_is_written_as_x() -> None:
    assert (number(None, "nl"), number(10, "nl"), HIDDEN) == ("x", "10", "x")


def counted(groups: Mapping[str, Mapping[str, int]], levels: tuple[str, ...] = (), **left_out: int) -> Finding:
    """A finding of one source that counted so many cases per municipality and reason."""
    rows = [
        {"municipality": town, "reason": reason, "n_cases": n}
        for town, reasons in groups.items()
        for reason, n in reasons.items()
    ]
    question = Question("reasons", "cases", "n_cases", ("municipality", "reason"),
                        derive={"reason": Derive("same", ("closure_reason",))},
                        where=(Where("date_closed", "known", reason="open"),),
                        levels={"reason": levels} if levels else {})  # fmt: skip
    totals = pd.DataFrame(
        [{"municipality": town, "n_cases": sum(reasons.values())} for town, reasons in groups.items()]
    )
    n = int(totals["n_cases"].sum())
    answer = Answer(question, pd.DataFrame(rows), totals, n + sum(left_out.values()), n, left_out)
    return Finding("F05", (answer,), sources=("here",))


def vector(groups: Mapping[str, Mapping[str, int]], **left_out: int) -> dict[str, Shown]:
    """What may be shown of such a finding: these numbers, and their sums."""
    shown: dict[tuple[str, ...], int | None] = {
        ("F05.reasons", "n_cases", town, reason): n for town, reasons in groups.items() for reason, n in reasons.items()
    }
    shown |= {("F05.reasons", "total", town): sum(reasons.values()) for town, reasons in groups.items()}
    shown |= {("F05.reasons", "left_out", why): n for why, n in left_out.items()}
    n_out = sum(sum(reasons.values()) for reasons in groups.values())
    return {"here": {**shown, ("F05.reasons", "n_out"): n_out, ("F05.reasons", "n_in"): n_out + sum(left_out.values())}}


COUNTED = {"GM0243": {"moved": 9, "other": 12, "deceased": 1, "administrative": 79}, "GM0230": {"moved": 3, "other": 4}}
SHOWN = {"GM0243": {"moved": 5, "other": 15, "deceased": 0, "administrative": 80}, "GM0230": {"moved": 5, "other": 0}}


def test_each_number_of_a_finding_is_what_its_vector_says() -> None:
    done = protect(counted(COUNTED, open=4), "register", vector(SHOWN, open=5))
    marks = done.marks.set_index(["municipality", "reason"])["n_cases"]
    assert marks.to_dict() == {
        ("GM0243", "moved"): 5, ("GM0243", "other"): 15, ("GM0243", "administrative"): 80, ("GM0230", "moved"): 5,
    }  # fmt: skip
    assert done.totals["reasons"].set_index("municipality")["n_cases"].to_dict() == {"GM0243": 100, "GM0230": 5}
    assert (done.n_in["reasons"], done.n_out["reasons"], done.left_out["reasons"]) == (110, 105, {"open": 5})


def test_a_mark_that_is_there_because_somebody_is_in_it_is_not_shown_as_nothing() -> None:
    """A reason of nobody has no mark: one that is drawn as 0 would tell that it is of one to four."""
    done = protect(counted(COUNTED), "register", vector(SHOWN))
    assert ("GM0243", "deceased") not in set(zip(done.marks["municipality"], done.marks["reason"], strict=True))


def test_a_mark_that_is_always_there_is_shown_as_nothing_too() -> None:
    agreed = ("moved", "other", "deceased", "administrative")
    done = protect(counted(COUNTED, agreed), "register", vector(SHOWN))
    assert done.marks.set_index(["municipality", "reason"])["n_cases"]["GM0243", "deceased"] == 0


def test_of_several_sources_the_numbers_of_each_are_added() -> None:
    finding = counted(COUNTED)
    both = Finding("F05", finding.parts, sources=("here", "there"))
    done = protect(both, "register", {**vector(SHOWN), "there": vector({"GM0243": {"moved": 10}})["here"]})
    assert done.marks.set_index(["municipality", "reason"])["n_cases"]["GM0243", "moved"] == 15
    assert done.n_out["reasons"] == 115


def test_what_no_vector_knows_is_not_shown() -> None:
    done = protect(counted(COUNTED, ("moved", "other")), "register", {})
    assert done.marks["n_cases"].isna().all()
    assert (done.n_in["reasons"], done.n_out["reasons"]) == (None, None)


def test_a_share_is_of_shown_numbers_and_of_ten_at_least() -> None:
    done = protect(counted(COUNTED).with_shares(), "register", vector(SHOWN))
    shares = done.marks.set_index(["municipality", "reason"])["share"]
    assert shares["GM0243", "other"] == 0.15  # 15 of 100
    assert shares["GM0243", "administrative"] == 0.80
    assert pd.isna(shares["GM0230", "moved"])  # of 5 cases


def test_a_case_study_keeps_its_counts_and_says_so() -> None:
    done = protect(counted(COUNTED, open=4), "case_study", {})
    assert done.rule == "case_study"
    assert done.marks["n_cases"].tolist() == [9, 12, 1, 79, 3, 4]
    assert not done.marks["hidden"].any()
    assert (done.n_in["reasons"], done.left_out["reasons"]) == (112, {"open": 4})
    assert "exact" in done.said("en")


def test_unprotected_numbers_say_that_they_may_not_leave() -> None:
    done = protect(counted(COUNTED).with_shares(), "internal", {})
    assert done.marks["n_cases"].tolist() == [9, 12, 1, 79, 3, 4]
    assert done.marks["share"].tolist()[0] == 9 / 101
    assert "INTERN, niet delen" in done.said("nl")
    assert "do not share" in done.said("en")


def test_a_count_of_one_s_own_hides_what_is_under_ten_and_says_that_it_stays_inside() -> None:
    done = protect(counted(COUNTED).with_shares(), "own", {})
    assert done.marks["n_cases"].fillna(-1).tolist() == [-1, 10, -1, 80, -1, -1]
    assert done.marks["share"].fillna(-1).tolist() == [-1, 0.1, -1, 0.8, -1, -1]  # of 100, and of nobody knows how many
    assert "voor binnen" in done.said("nl")


def test_the_rule_is_said_with_its_own_numbers() -> None:
    done = protect(counted(COUNTED), "register", vector(SHOWN))
    assert done.said("nl") == (
        "Aantallen zijn ongeveer: een veelvoud van 5, omhoog of omlaag door het lot, zodat ze optellen en niemand te herleiden "
        "is; ook 0 is ongeveer. Percentages volgen uit deze aantallen; van minder dan 10 staat er geen."
    )
    assert set(sentences.read("rules")) == {"register", "own", "case_study", "internal"}


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
    """Of shown numbers that are far above all that was counted, whatever is below them was not shown."""
    shown = vector({town: dict.fromkeys(reasons, 1000) for town, reasons in groups.items()}, open=1000)
    done = protect(counted(groups, open=left_out), "register", shown)
    found = [n for field in fields(Protected) for n in numbers_in(getattr(done, field.name))]
    assert all(n >= 1000 and n % 1000 == 0 for n in found)


@given(groups=NUMBERS)
def test_a_share_is_what_a_reader_finds_who_divides_shown_numbers(groups: dict[str, dict[str, int]]) -> None:
    shown = {town: {why: n // 5 * 5 for why, n in reasons.items()} for town, reasons in groups.items()}
    done = protect(counted(groups).with_shares(), "register", vector(shown))
    totals = done.totals["reasons"].set_index("municipality")["n_cases"]
    for row in done.marks.to_dict("records"):
        whole = totals[row["municipality"]]
        if whole >= 10:
            assert abs(row["share"] - row["n_cases"] / whole) <= 0.005 + 1e-9
        else:
            assert pd.isna(row["share"])


REGISTERS = [id_ for id_, entry in CATALOGUE.items() if entry.regime == "register"]


@pytest.mark.parametrize("id_", REGISTERS)
def test_every_finding_of_a_register_leaves_no_small_number(id_: str) -> None:
    finding = asked(id_)
    done = protect(finding, "register", whole_study().vectors)
    counts = [value for value in done.values if value.startswith("n_")]
    questions = [part.question for part in finding.parts if not part.question.case_study]
    registered = [question.name for question in questions]
    people = [question.name for question in questions if question.unit != "n_indicators"]  # yearly figures are nobody
    marks = done.marks[done.marks["part"].isin(registered)]
    found = [
        n
        for name in ("totals", "n_in", "n_out", "left_out")
        for part in people
        for n in numbers_in(getattr(done, name)[part])
    ]
    found += list(numbers_in(marks[counts]))
    assert found
    assert all(n % 5 == 0 for n in found)
    others = set(done.values) - {"share"} - set(counts)
    assert not list(numbers_in(marks[[*others]])), "numbers that no rule speaks of"


def test_cases_followed_with_consent_may_be_counted_beside_a_register() -> None:
    done = protect(asked("T01"), "register", whole_study().vectors)
    followed = done.part("case_studies").set_index("source")["n_cases"]
    assert followed.to_dict() == {  # the cases in their plan.json
        "nijmegen-interviews": 12, "samen-aan-zet-interviews": 8, "wijkteam-noord": 4, "wijkteam-zuid": 4,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["F06", "F07", "T02", "T09", "T10"])
def test_a_followed_case_has_no_day_and_no_month_of_the_calendar(name: str) -> None:
    done = protect(asked(name), "case_study", {})
    told = [str(value) for column in done.marks for value in done.marks[column].dropna()]
    assert told
    assert not [value for value in told if re.search(r"\d{4}-\d\d", value)]


@pytest.mark.parametrize("name", ["T04", "T05", "T06", "T07", "T08", "T09", "T11"])
def test_a_table_of_people_s_own_words_warns_whoever_shares_it(name: str) -> None:
    assert "own_words" in dict(asked(name).caveats)


def test_a_share_rests_on_the_units_of_its_own_question() -> None:
    """F23: shares of plans rest on cases, shares of actions on actions."""
    plans = Question("plans", "plans", "n_cases", ("municipality", "made_by"))
    actions = Question("actions", "actions", "n_actions", ("municipality", "status"))
    town = {"municipality": "GM0243"}
    parts = (
        Answer(plans, pd.DataFrame([town | {"made_by": "client", "n_cases": 30}]),
             pd.DataFrame([town | {"n_cases": 30}]), 30, 30, {}),
        Answer(actions, pd.DataFrame([town | {"status": "done", "n_actions": 91}, town | {"status": "planned", "n_actions": 9}]),
             pd.DataFrame([town | {"n_actions": 100}]), 100, 100, {}),
    )  # fmt: skip
    shown: Shown = {
        ("F23.plans", "n_in"): 30, ("F23.plans", "total", "GM0243"): 30, ("F23.plans", "n_cases", "GM0243", "client"): 30,
        ("F23.actions", "n_in"): 100, ("F23.actions", "total", "GM0243"): 100,
        ("F23.actions", "n_actions", "GM0243", "done"): 90, ("F23.actions", "n_actions", "GM0243", "planned"): 10,
    }  # fmt: skip
    done = protect(Finding("F23", parts, sources=("here",)).with_shares(), "register", {"here": shown})
    assert done.part("actions").set_index("status")["share"].to_dict() == {"done": 0.9, "planned": 0.1}
    assert done.part("plans")["share"].tolist() == [1.0]
