"""What somebody can work out who knows every number shown, the rule and the sums, but not the key."""

import random
from functools import cache

import numpy as np
import pytest

from benchmarks.linked import PLANTS, Leak, leaks, linked_tables, protected, sees
from iww_analysis.disclosure.audit.attacker import Name, attacker
from iww_analysis.disclosure.audit.verdict import Verdict, judge, possible
from iww_analysis.disclosure.audit.worlds import Solver

ALL, A, B, C = ("all",), ("a",), ("b",), ("c",)
SUM = [(ALL, [A, B])]


def short(shown: dict[Name, int | None], **more: object) -> dict[Name, int]:
    """What falls short of a whole of two parts."""
    return dict(judge(attacker(shown, SUM, **{"reach": 4, **more})).short)  # type: ignore[arg-type]


def test_numbers_that_add_up_leave_five_values_of_each() -> None:
    assert short({ALL: 5, A: 5, B: 0}) == {}
    assert short({ALL: 0, A: 0, B: 0}) == {}


def test_a_zero_rounded_to_the_nearest_is_nought_one_or_two() -> None:
    assert short({ALL: 5, A: 5, B: 0}, reach=2) == {B: 3}


def test_parts_that_went_down_beside_a_sum_that_went_up_are_known_within_three() -> None:
    assert short({ALL: 10, A: 0, B: 0}) == {ALL: 3, A: 3, B: 3}  # 2-4 each, 6-8 together


def test_a_hidden_cell_is_known_when_the_rest_of_its_sum_is_exact() -> None:
    assert short({ALL: 30, A: 27, B: None}, exact=[ALL, A]) == {B: 1}


def test_a_small_exact_total_tells_of_its_parts() -> None:
    assert short({ALL: 3, A: 0, B: 0}, exact=[ALL])[A] == 4  # 0-3


def test_a_share_with_decimals_tells_a_count() -> None:
    assert short({ALL: 15, A: 10, B: 5}, ranges={B: (4, 4)}) == {B: 1}


def test_what_is_surely_ten_or_more_is_no_secret() -> None:
    assert short({ALL: 42, A: 12, B: 30}, exact=[ALL, A, B]) == {}


def test_an_exact_count_that_is_public_is_no_weakness() -> None:
    verdict = judge(attacker({ALL: 4, A: 5, B: 5}, [], reach=4, exact=[ALL]), public=[ALL])
    assert verdict.safe


def test_what_follows_from_public_counts_alone_is_public() -> None:
    shown = {ALL: 6, A: 5, B: None}
    assert judge(attacker(shown, SUM, reach=4, exact=[ALL, A]), public=[ALL, A]).safe
    assert judge(attacker(shown, SUM, reach=4, exact=[ALL, A]), public=[ALL]).short == {A: 1, B: 1}


def test_a_person_alone_in_a_cell_leaves_the_others_four_values() -> None:
    """Of two zeros under a zero five values are left; who stands in one of them knows that the other is 0-3."""
    known = attacker({ALL: 0, A: 0, B: 0}, SUM, reach=4)
    places = {name: known.names.index(name) for name in (A, B)}
    assert possible(known, places[B], 9, Solver(99)) == 5
    assert possible(known.who_is_in(places[A]), places[B], 9, Solver(99)) == 4


def test_a_total_of_five_that_is_told_leaves_enough_and_one_of_four_does_not() -> None:
    """0-4 and 1-5 of five; of four 0-3 and 1-4."""
    assert short({ALL: 5, A: 0, B: 5}, exact=[ALL]) == {ALL: 1}
    assert short({ALL: 4, A: 0, B: 5}, exact=[ALL]) == {ALL: 1, A: 4, B: 4}


def test_numbers_that_no_counts_can_give_are_not_safe() -> None:
    verdict = judge(attacker({ALL: 30, A: 0, B: 0}, SUM, reach=4))
    assert (verdict.impossible, verdict.safe, set(verdict.falls_short)) == (True, False, {A, B})


def test_at_the_limit_the_rest_is_not_shown_to_be_safe() -> None:
    known = attacker({ALL: 10, A: 0, B: 0}, SUM, reach=4)
    assert judge(known, programmes=1) == Verdict(unshown=(A, ALL, B), programmes=1)
    assert not judge(known, programmes=6).safe


def by_hand(low: list[int], high: list[int], sums: list[tuple[int, list[int]]]) -> list[set[int]]:
    """The values of each cell in all vectors within bounds that satisfy the sums: every one of them tried."""
    worlds = np.indices([hi - lo + 1 for lo, hi in zip(low, high, strict=True)]).reshape(len(low), -1)
    worlds = worlds + np.array(low)[:, None]
    for whole, parts in sums:
        worlds = worlds[:, worlds[whole] == worlds[parts].sum(axis=0)]
    return [set(values.tolist()) for values in worlds]


@pytest.mark.parametrize("seed", range(10))
def test_values_are_counted_as_by_trying_all(seed: int) -> None:
    """Two rows and two columns of three numbers each: every attacker's system of six cells."""
    chance = random.Random(seed)
    names = [(letter,) for letter in "abcdef"]
    sums = [(4, [0, 1]), (5, [2, 3]), (5, [0, 2])][: chance.randint(1, 3)]
    counts = [chance.choice([0, 0, 5]) for _ in range(4)] + [chance.choice([0, 5, 10]) for _ in range(2)]
    known = attacker(
        dict(zip(names, counts, strict=True)), [(names[w], [names[p] for p in ps]) for w, ps in sums], reach=4
    )
    expected = by_hand([int(n) for n in known.low], [int(n) for n in known.high], sums)
    assert [possible(known, cell, 99, Solver(999)) for cell in range(6)] == [
        99 if values and min(values) >= 10 else len(values) for values in expected
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_moves_promise_holds_for_every_person_in_every_cell(seed: int) -> None:
    """The proof by moves, tried out: each cell by itself, from outside and for each person."""
    cells = linked_tables(seed, (15, 40))
    known = sees(cells, protected(cells).shown)
    asked = [cell for cell in range(len(known.names)) if known.low[cell] < 10]
    empty = [cell for cell in asked if known.low[cell] == 0]
    chance, solver = random.Random(seed), Solver(10_000)
    assert judge(known).safe
    for cell in chance.sample(asked, min(8, len(asked))):
        assert possible(known, cell, 5, solver) == 5
        for person in chance.sample(empty, min(1, len(empty))):
            assert possible(known.who_is_in(person), cell, 4, solver) in (0, 4)


@cache
def planted() -> list[Leak]:
    """A set with a weakness of each kind."""
    return list(leaks(len(PLANTS), (15, 60)))


@pytest.mark.parametrize("kind", range(len(PLANTS)))
def test_a_planted_weakness_is_found(kind: int) -> None:
    assert planted()[kind].found


def test_a_world_is_looked_at_in_whole_numbers() -> None:
    known = attacker({ALL: 5, A: 5, B: 0}, SUM, reach=4)
    assert known.holds(np.array([5, 0, 5])) is False  # in order of names: a, all, b
    assert known.holds(np.array([5, 5, 0]))
