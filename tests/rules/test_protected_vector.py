"""All counts of a source, rounded at once: what adds up still does, each goes to a multiple beside it, drawn by a key."""

from collections.abc import Collection

import pytest

from benchmarks.linked import KEY, linked_tables, protected
from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Shown, Sum, joined
from iww_analysis.disclosure.vector.draws import draw
from iww_analysis.disclosure.vector.protect import Vector, protect
from iww_analysis.disclosure.vector.suppress import suppress
from iww_analysis.messages.errors import IwwError

ALL, MOVED, OTHER, DIED = ("all",), ("moved",), ("other",), ("died",)
REASONS = LinkedCells({ALL: 27, MOVED: 9, OTHER: 18, DIED: 0}, (Sum(ALL, (MOVED, OTHER, DIED)),))


def nothing(shown: Shown) -> Collection[Name]:
    """An audit that finds nothing."""
    return ()


def alone(n: int, *, times: int) -> LinkedCells:
    """So many cells of one count that are linked to nothing."""
    return LinkedCells({(str(place),): n for place in range(times)})


def rounded(cells: LinkedCells, earlier: Shown | None = None, key: bytes = KEY) -> Vector:
    return protect(cells, key, "here", nothing, earlier)


def test_each_count_goes_to_a_multiple_beside_it_and_sums_hold() -> None:
    shown = rounded(REASONS).shown
    assert shown[MOVED] in (5, 10)
    assert shown[OTHER] in (15, 20)
    assert shown[ALL] in (25, 30)
    assert shown[DIED] == 0
    assert shown[ALL] == shown[MOVED] + shown[OTHER] + shown[DIED]


@pytest.mark.parametrize(("count", "up"), [(0, 0), (1, 200), (2, 400), (3, 600), (4, 800), (5, 0)])
def test_of_a_thousand_cells_as_many_go_up_as_keeps_their_mean(count: int, up: int) -> None:
    drawn = [draw(KEY, "here", name, 0, 5).least < count % 5 for name in alone(count, times=1000).counts]
    assert abs(sum(drawn) - up) <= 45  # more than three standard deviations, one way, at 600: 15.5 each


def test_cells_that_are_linked_to_nothing_go_as_drawn() -> None:
    cells = alone(1, times=200)
    shown = rounded(cells).shown
    assert shown == {name: 5 if draw(KEY, "here", name, 0, 5).least < 1 else 0 for name in cells.counts}


def test_the_same_key_draws_the_same_and_another_does_not() -> None:
    cells = alone(2, times=100)
    assert rounded(cells).shown == rounded(cells).shown
    assert rounded(cells).shown != rounded(cells, key=KEY[::-1]).shown


def test_names_that_only_look_alike_are_drawn_apart() -> None:
    draws = {draw(KEY, source, name, 0, 5) for source, name in [("a", ("b", "c")), ("a", ("b|c",)), ("ab", ("c",))]}
    assert len(draws) == 3


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        draw(KEY[:31], "here", ALL, 0, 5)


def test_what_was_shown_before_stays() -> None:
    before = rounded(REASONS).shown
    more = joined(
        REASONS, LinkedCells({OTHER: 18, ("north",): 11, ("south",): 7}, (Sum(OTHER, (("north",), ("south",))),))
    )
    after = rounded(more, before).shown
    assert {name: after[name] for name in before} == before
    assert after[OTHER] == after["north",] + after["south",]


def test_what_cannot_be_shown_beside_what_was_shown_before_is_hidden() -> None:
    cells = LinkedCells({ALL: 27, MOVED: 9, OTHER: 18}, (Sum(ALL, (MOVED, OTHER)),))
    vector = rounded(cells, {ALL: 30, MOVED: 30})  # leaves 0 for 18
    assert vector.hidden == (OTHER,)
    assert (vector.shown[ALL], vector.shown[MOVED]) == (30, 30)


def test_a_cell_that_stays_short_is_drawn_again_and_then_hidden() -> None:
    seen: list[int | None] = []

    def never_moved(shown: Shown) -> Collection[Name]:
        seen.append(shown[MOVED])
        return [MOVED] if shown[MOVED] is not None else []

    vector = protect(REASONS, KEY, "here", never_moved)
    assert set(seen) == {5, 10, None}
    assert vector.hidden == (MOVED,)
    assert not vector.short


def test_when_nothing_is_left_to_hide_it_says_what_falls_short() -> None:
    vector = protect(REASONS, KEY, "here", lambda shown: [MOVED])
    assert vector.short == (MOVED,)
    assert set(vector.hidden) == set(REASONS.counts)


def test_an_exact_count_that_is_public_is_shown_as_it_is() -> None:
    cells = LinkedCells(REASONS.counts, REASONS.sums, public=frozenset({MOVED}))
    assert rounded(cells).shown[MOVED] == 9


def test_under_suppression_nothing_under_ten_is_shown_and_what_gives_it_away_neither() -> None:
    def lone_hidden(shown: Shown) -> Collection[Name]:
        hidden = [name for name in (MOVED, OTHER) if shown[name] is None]
        return hidden if len(hidden) == 1 else []

    cells = LinkedCells({ALL: 27, MOVED: 9, OTHER: 18}, (Sum(ALL, (MOVED, OTHER)),))
    vector = suppress(cells, rounded(cells), lone_hidden)
    assert set(vector.hidden) == {MOVED, OTHER}
    assert vector.shown[ALL] in (25, 30)


def test_sums_that_do_not_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        LinkedCells({ALL: 3, MOVED: 1}, (Sum(ALL, (MOVED,)),))


def test_too_many_cells_are_refused_in_a_sentence() -> None:
    with pytest.raises(IwwError) as error:
        rounded(alone(1, times=20_001))
    assert error.value.say("en") == (
        "Source ‘here’ has 20001 linked counts, and at most 20000 can be protected at once. Ask fewer figures or coarser "
        "groups of it."
    )
    assert error.value.say("nl") == (
        "Bron ‘here’ heeft 20001 samenhangende aantallen, en er kunnen er hoogstens 20000 tegelijk worden beschermd. "
        "Vraag er minder figuren of grovere groepen van."
    )


@pytest.mark.parametrize("seed", range(12))
def test_linked_tables_stay_additive_and_move_by_at_most_four(seed: int) -> None:
    cells = linked_tables(seed, (15, 300))
    vector = protected(cells)
    assert not vector.hidden
    assert not vector.short
    for each in cells.sums:
        if {each.whole, *each.parts} <= set(vector.shown):
            assert vector.shown[each.whole] == sum(vector.shown[part] or 0 for part in each.parts)
    assert {abs((n or 0) - cells.counts[name]) > 4 for name, n in vector.shown.items()} == {False}
