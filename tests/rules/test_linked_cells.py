"""Which counts of a source add up to which, found from the cases that each of them counts."""

from dataclasses import replace

from iww_analysis.analysis.declared import condition, questions
from iww_analysis.analysis.question import Question, Statistic
from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Sum
from iww_analysis.disclosure.vector.links import linked_cells
from iww_analysis.disclosure.vector.unit_sets import UnitTables
from shared.frames import study_of

CASES = """
case_id | municipality | status | date_closed | closure_reason | one_plan
1       | GM0243       | closed | 2020-03-01  | moved          | yes
2       | GM0243       | closed | 2020-03-01  | moved          | no
3       | GM0243       | closed | 2020-03-01  | other          |
4       | GM0230       | closed | 2020-03-01  | moved          | yes
5       | GM0243       | open   |             |                | yes
"""
DOMAINS = """
case_id | domain   | moment | status
1       | work     | begin  | problem
1       | finances | begin  | problem
2       | work     | begin  | problem
"""
STUDY = study_of(cases=CASES, case_domains=DOMAINS)
REASON = questions("F05")[0].derive["reason"]
CLOSED = Question("closed", "cases", "n_cases", ("municipality", "reason"), derive={"reason": REASON},
                  where=(condition({"column": "date_closed", "test": "known", "reason": "still_open"}),))  # fmt: skip
ALL = Question("all", "cases", "n_cases", ("municipality",))


def cells(**asked: Question) -> LinkedCells:
    tables = UnitTables(STUDY.tables)
    return linked_cells({name: tables.answer(question) for name, question in asked.items()})


def wholes(of: LinkedCells, name: Name) -> set[frozenset[Name]]:
    """What a cell is the sum of, in each of its sums."""
    return {frozenset(each.parts) for each in of.sums if each.whole == name}


def test_every_count_of_a_question_is_a_cell() -> None:
    found = cells(closed=CLOSED)
    assert {name: found.counts[name] for name in found.published} == {
        ("closed", "n_in"): 5, ("closed", "n_out"): 4, ("closed", "left_out", "still_open"): 1,
        ("closed", "total", "GM0243"): 3, ("closed", "total", "GM0230"): 1,
        ("closed", "n_cases", "GM0243", "moved"): 2, ("closed", "n_cases", "GM0243", "other"): 1,
        ("closed", "n_cases", "GM0230", "moved"): 1,
    }  # fmt: skip


def test_what_was_asked_about_was_counted_or_left_out_and_totals_are_their_groups() -> None:
    found = cells(closed=CLOSED)
    assert Sum(("closed", "n_in"), (("closed", "n_out"), ("closed", "left_out", "still_open"))) in found.sums
    assert wholes(found, ("closed", "n_out")) == {
        frozenset({("closed", "total", "GM0230"), ("closed", "total", "GM0243")})
    }
    assert wholes(found, ("closed", "total", "GM0243")) == {
        frozenset({("closed", "n_cases", "GM0243", "moved"), ("closed", "n_cases", "GM0243", "other")})
    }


def test_groups_that_count_nothing_are_cells_too() -> None:
    found = cells(closed=replace(CLOSED, levels={"reason": ("moved", "other", "deceased")}))
    assert found.counts["closed", "n_cases", "GM0243", "deceased"] == 0


def test_cells_of_two_questions_that_count_the_same_cases_are_one() -> None:
    found = cells(closed=CLOSED, all=ALL, again=replace(CLOSED, name="again"))
    assert found.same["closed", "n_in"] == ("again", "n_in")
    assert found.same["closed", "n_cases", "GM0243", "other"] == ("again", "n_cases", "GM0243", "other")
    assert found.same["closed", "left_out", "still_open"] == ("again", "left_out", "still_open")


def test_a_total_with_one_group_is_not_that_group_for_other_questions_learn_no_zero_from_it() -> None:
    """GM0230 has one reason: were total and group one cell, the audit would take every other reason to be known as none."""
    found = cells(closed=replace(CLOSED, levels={"reason": ("moved", "other")}), again=CLOSED)
    one = ("closed", "n_cases", "GM0230", "moved")
    assert one in found.counts
    assert one not in found.same


def test_a_question_within_another_leaves_a_rest_that_a_reader_can_subtract() -> None:
    found = cells(closed=CLOSED, all=ALL)
    rest = ("all", "total", "GM0243", "rest", "closed", "total", "GM0243")
    assert (found.counts[rest], rest in found.unseen) == (1, True)
    assert frozenset({("closed", "total", "GM0243"), rest}) in wholes(found, ("all", "total", "GM0243"))


def test_a_sum_over_a_key_that_another_question_counts_is_that_cell() -> None:
    by_reason = replace(CLOSED, name="by_reason", by=("reason",))
    found = cells(closed=CLOSED, by_reason=by_reason)
    assert frozenset({("closed", "n_cases", town, "moved") for town in ("GM0243", "GM0230")}) in wholes(
        found, ("by_reason", "total", "moved")
    )


def test_of_cases_in_several_groups_the_total_lies_between_the_largest_and_all_together() -> None:
    domains, _ = questions("F03")
    found = cells(domains=replace(domains, levels={}))
    total, work = ("domains", "total", "GM0243"), ("domains", "n_cases", "GM0243", "work")
    assert (found.counts[total], found.counts[work]) == (2, 2)
    assert frozenset({work, (*total, "rest", *work)}) in wholes(found, total)
    assert found.counts[*total, "together"] == 3


def test_what_two_domains_have_in_common_bounds_what_each_has_alone() -> None:
    domains, pairs = (replace(question, levels={}) for question in questions("F03"))
    found = cells(domains=domains, pairs=pairs)
    pair = ("pairs", "n_cases", "GM0243", "finances", "work")
    work = ("domains", "n_cases", "GM0243", "work")
    only_work = (*work, "rest", *pair)
    assert found.counts[pair] == 1
    assert frozenset({pair, only_work}) in wholes(found, work)
    assert found.counts[*pair, "neither"] == 0


def test_a_number_of_cases_of_which_something_is_known_is_within_their_count() -> None:
    known = replace(ALL, numbers={"n_cases": Statistic("units"), "n_plans": Statistic("known", "one_plan")})
    found = cells(known=known)
    whole, part = ("known", "n_cases", "GM0243"), ("known", "n_plans", "GM0243")
    assert (found.counts[whole], found.counts[part]) == (4, 3)
    assert frozenset({part, (*whole, "rest", *part)}) in wholes(found, whole)


def test_counts_of_cases_that_are_followed_with_consent_are_public() -> None:
    found = cells(followed=replace(ALL, case_study=True), many=CLOSED)
    assert found.public == {("followed", "n_in"), ("followed", "total", "GM0243"), ("followed", "total", "GM0230"),
                            ("followed", "n_out"), *(("followed", "n_cases", town) for town in ("GM0243", "GM0230"))}  # fmt: skip


def test_a_question_without_anything_to_ask_about_has_no_cells() -> None:
    assert not cells(talks=replace(questions("F08")[0], name="talks")).counts
