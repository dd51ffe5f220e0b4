"""Random sets of linked tables over the same invented people, and the same sets with a weakness planted in them."""

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from iww_analysis.disclosure.audit.attacker import Attacker, attacker
from iww_analysis.disclosure.audit.verdict import Verdict, judge
from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Shown, Sum
from iww_analysis.disclosure.vector.protect import Vector, protect

KEY = bytes(range(32))
REACH = 4
MOST_KINDS = 300  # of people: the whole table that lies behind the published ones
ALL = ("all",)


def linked_tables(seed: int, people: tuple[int, int] = (15, 2000)) -> LinkedCells:
    """Two to six tables of one to three variables each, with all their margins, over two to five variables.

    The table over all variables is what nobody sees: it holds the published ones together, so that the attacker also knows
    that no combination counts less than nothing.
    """
    chance = random.Random(seed)
    n = round(math.exp(chance.uniform(*map(math.log, people))))
    levels = _levels(chance)
    tables = _tables(chance, sorted(levels))
    every = [{v: chance.choices(range(k), [1 / (1 + i) for i in range(k)])[0] for v, k in levels.items()} for _ in range(n)]
    margins = {margin for table in tables for size in range(len(table) + 1) for margin in itertools.combinations(table, size)}
    whole = tuple(sorted(levels))
    counts = {}
    for kept in margins | {whole}:
        counted = Counter(_name(kept, [person[v] for v in kept]) for person in every)
        counts |= {_name(kept, at): counted[_name(kept, at)] for at in _groups(kept, levels)}
    largest = [t for t in tables if not any(set(t) < set(other) for other in tables)]
    sums = [*_margin_sums(margins, levels), *(s for t in largest if t != whole for s in _parts(t, whole, levels))]
    unseen = frozenset() if whole in margins else frozenset(_name(whole, at) for at in _groups(whole, levels))
    return LinkedCells(counts, tuple(dict.fromkeys(sums)), unseen)


def _levels(chance: random.Random) -> dict[str, int]:
    while True:
        levels = {v: chance.randint(2, 6) for v in "ABCDE"[: chance.randint(2, 5)]}
        if math.prod(levels.values()) <= MOST_KINDS:
            return levels


def _tables(chance: random.Random, variables: list[str]) -> list[tuple[str, ...]]:
    possible = [t for size in (1, 2, 3) for t in itertools.combinations(variables, size)]
    return chance.sample(possible, min(chance.randint(2, 6), len(possible)))


def _groups(kept: tuple[str, ...], levels: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*(range(levels[v]) for v in kept))


def _name(kept: tuple[str, ...], at: tuple[int, ...] | list[int]) -> Name:
    return tuple(f"{v}={level}" for v, level in zip(kept, at, strict=True)) or ALL


def _margin_sums(margins: set[tuple[str, ...]], levels: Mapping[str, int]) -> Iterator[Sum]:
    for kept in sorted(margins):
        for variable in kept:
            yield from _parts(tuple(v for v in kept if v != variable), kept, levels)


def _parts(few: tuple[str, ...], many: tuple[str, ...], levels: Mapping[str, int]) -> Iterator[Sum]:
    for at in _groups(few, levels):
        given = dict(zip(few, at, strict=True))
        fine = [g for g in _groups(many, levels) if all(given.get(v, x) == x for v, x in zip(many, g, strict=True))]
        yield Sum(_name(few, at), tuple(_name(many, g) for g in fine))


def sees(cells: LinkedCells, shown: Shown, **more: object) -> Attacker:
    """The attacker of what is shown of these cells."""
    return attacker(shown, cells.sums, **{"reach": REACH, **more})  # type: ignore[arg-type]


def protected(cells: LinkedCells, earlier: Shown | None = None) -> Vector:
    """The vector of a set of cells, drawn by a key of these tests and audited."""
    return protect(cells, KEY, "here", lambda shown: judged(cells, shown).falls_short, earlier)


def judged(cells: LinkedCells, shown: Shown) -> Verdict:
    """What the audit says of what is shown of these cells."""
    return judge(sees(cells, shown, exact=cells.public), public=cells.public)


@dataclass(frozen=True)
class Leak:
    """What is shown with a weakness in it: `weak` are cells that can be known too well."""

    kind: str
    cells: LinkedCells
    shown: Shown
    weak: tuple[Name, ...]
    knows: Mapping[str, object] = field(default_factory=dict)
    public: tuple[Name, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the audit names a cell that can be known too well: of the weak ones, or of those that follow from them."""
        return bool(judge(sees(self.cells, self.shown, **self.knows), public=self.public, first=True).short)


def _nearest(cells: LinkedCells, _: Vector) -> Leak | None:
    """To the nearest multiple, without chance: a zero that is shown is 0, 1 or 2."""
    shown = {name: (cells.counts[name] + 2) // 5 * 5 for name in cells.published}
    weak = tuple(name for name, n in shown.items() if n == 0)
    return Leak("to the nearest", cells, shown, weak, {"reach": 2}) if weak else None


def _one_hidden(cells: LinkedCells, _: Vector) -> Leak | None:
    """Exact numbers, those under ten hidden, and one of them alone in its sum."""
    shown = {name: None if cells.counts[name] < 10 else cells.counts[name] for name in cells.published}
    alone = {h[0] for s in cells.sums if len(h := [n for n in (s.whole, *s.parts) if shown.get(n) is None]) == 1}
    exact = [name for name, n in shown.items() if n is not None]
    return Leak("hidden, computable", cells, shown, tuple(alone), {"exact": exact}) if alone else None


def _exact_total(cells: LinkedCells, vector: Vector) -> Leak | None:
    """A small total in the text, beside its parts that were rounded."""
    for each in cells.sums:
        if each.whole in vector.shown and cells.counts[each.whole] <= 3 and len(each.parts) > 1:
            shown = {**vector.shown, each.whole: cells.counts[each.whole]}
            return Leak("exact total", cells, shown, each.parts, {"exact": [each.whole]}, (each.whole,))
    return None


def _drawn_twice(cells: LinkedCells, vector: Vector) -> Leak | None:
    """One cell in two figures, drawn apart: once down and once up."""
    for name, n in vector.shown.items():
        if 5 < cells.counts[name] < 10:
            twin = (*name, "again")
            linked = LinkedCells({**cells.counts, twin: cells.counts[name]}, (*cells.sums, Sum(name, (twin,))), cells.unseen)
            return Leak("drawn twice", linked, {**vector.shown, twin: 15 - (n or 0)}, (name, twin))
    return None


def _share(cells: LinkedCells, vector: Vector) -> Leak | None:
    """A share with its decimals tells a small count."""
    small = [name for name in vector.shown if 0 < cells.counts[name] < 10]
    if not small:
        return None
    n = cells.counts[small[0]]
    return Leak("share", cells, vector.shown, (small[0],), {"ranges": {small[0]: (n, n + 1)}})


def _part_over_whole(cells: LinkedCells, vector: Vector) -> Leak | None:
    """A part that is shown larger than its whole."""
    for each in cells.sums:
        seen = [p for p in each.parts if p in vector.shown and cells.counts[p] > 0]
        if each.whole in vector.shown and 0 < cells.counts[each.whole] < 5 and seen:
            return Leak("part over whole", cells, {**vector.shown, each.whole: 0, seen[0]: 5}, (each.whole, seen[0]))
    return None


def _drawn_alone(cells: LinkedCells, vector: Vector) -> Leak | None:
    """A sum whose two parts went down while it went up: each drawn by itself."""
    for each in cells.sums:
        low = [cells.counts[p] // 5 * 5 for p in each.parts]
        up = sum(low) + 10
        if len(low) == 2 and set(each.parts) <= set(vector.shown) and max(low) < 10 and up - 5 < cells.counts[each.whole] < up:
            lone = LinkedCells({n: cells.counts[n] for n in (each.whole, *each.parts)}, (each,))
            shown = {each.whole: up, **dict(zip(each.parts, low, strict=True))}
            return Leak("drawn alone", lone, shown, each.parts)
    return None


PLANTS: tuple[Callable[[LinkedCells, Vector], Leak | None], ...] = (
    _nearest, _one_hidden, _exact_total, _drawn_twice, _share, _part_over_whole, _drawn_alone
)  # fmt: skip


def leaks(n: int, people: tuple[int, int] = (15, 300)) -> Iterator[Leak]:
    """So many sets with a weakness, of each kind in turn."""
    kinds = itertools.cycle(PLANTS)
    plant, made = next(kinds), 0
    for seed in itertools.count():
        if made == n:
            return
        cells = linked_tables(seed, people)
        leak = plant(cells, protected(cells))
        if leak:
            yield leak
            plant, made = next(kinds), made + 1
