"""Judge what is shown: which counts could be known too well, by whom, and which were not shown to be safe.

Asked of every cell that can be small: at least five possible values for an outsider who knows all numbers, the rule, the sums and
that zeros are shown; at least four for somebody who is counted there, or beside it, and knows that one unit.

First by moves (`worlds.py`): where every cell has one, both hold for every pair of a person and a cell. From what is shown
itself a cell that is 0 can only go up, so whoever stands in it is a move made once, and any other three times
after it. What has no move is looked at by itself: bounds by the linear relaxation, and within them each value in whole numbers,
as far as is needed. A person further away from such a cell than one sum is not tried.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from iww_analysis.disclosure.audit.attacker import Attacker, Name
from iww_analysis.disclosure.audit.worlds import NEAR, Solver, Spent

VALUES = 5
SMALL = 10  # a count that is surely as large is no secret
PROGRAMMES = 20_000


@dataclass(frozen=True)
class Verdict:
    """`short`: cell -> how many values it can have, too few; `unshown`: cells of which that was not found out in time."""

    short: Mapping[Name, int] = field(default_factory=dict)
    unshown: tuple[Name, ...] = ()
    programmes: int = 0
    impossible: bool = False  # no counts can have been shown as these were

    @property
    def safe(self) -> bool:
        """Whether every cell was shown to keep values enough."""
        return not (self.short or self.unshown or self.impossible)

    @property
    def falls_short(self) -> tuple[Name, ...]:
        """The cells that may not be shown so."""
        return tuple(sorted({*self.short, *self.unshown}))


def judge(
    known: Attacker,
    *,
    values: int = VALUES,
    of: Collection[Name] | None = None,
    public: Collection[Name] = (),
    programmes: int = PROGRAMMES,
    first: bool = False,
) -> Verdict:
    """Attack. `values`: what an outsider must leave open, one more than somebody who is counted.

    `of`: the cells that are asked about, all where none are named; `public`: cells whose exact count may be known, and so what
    follows from these alone; `programmes`: after so many the rest is not shown to be safe; `first`: stop at the first that
    falls short.
    """
    solver = Solver(programmes)
    asked = ~known.follows_from(public) & (known.low < SMALL) & [of is None or name in of for name in known.names]
    every = tuple(name for name, is_asked in zip(known.names, asked, strict=True) if is_asked)
    try:
        world = solver.world(known)
    except Spent:
        return Verdict(unshown=every, programmes=programmes)
    if world is None:
        return Verdict(unshown=every, programmes=programmes - solver.left, impossible=True)
    short: dict[Name, int] = {}
    unshown: dict[Name, None] = {}
    for who, cell, least in _attacks(known, _without_move(known, world, asked, solver, values), asked, values):
        name = known.names[cell]
        if first and short:
            break
        try:
            n = least if name in short else possible(who, cell, least, solver)
        except Spent:
            unshown[name] = None
        else:
            short |= {name: n} if 0 < n < least else {}  # none at all: nobody can be that person
    return Verdict(short, tuple(unshown), programmes - solver.left)


def _without_move(known: Attacker, world: np.ndarray, asked: np.ndarray, solver: Solver, values: int) -> np.ndarray:
    """The cells that no move changes, as far as the programmes go."""
    wanted = asked.copy()
    try:
        for move in solver.moves(known, world, wanted, values - 1):
            if all(known.holds(world + times * move) for times in range(values)):
                wanted[move != 0] = False
    except Spent:
        pass
    return wanted


def _attacks(
    known: Attacker, unmoved: np.ndarray, asked: np.ndarray, values: int
) -> Iterator[tuple[Attacker, int, int]]:
    """Who attacks which cell, and how many values must be left: from outside, then from within it and beside it."""
    cells = [int(cell) for cell in np.flatnonzero(unmoved)]
    yield from ((known, cell, values) for cell in cells)
    for cell in cells:
        beside = [other for other in known.beside(cell) if asked[other]]
        pairs = [(cell, cell), *((other, cell) for other in beside), *((cell, other) for other in beside)]
        yield from ((known.who_is_in(person), of, values - 1) for person, of in pairs if known.low[person] < 1)


def possible(known: Attacker, cell: int, enough: int, solver: Solver) -> int:
    """How many values a cell can have, counted no further than what is enough; enough, if it cannot be small."""
    ends = solver.bounds(known, cell)
    if ends is None:
        return 0
    low, high = int(np.ceil(ends[0] - NEAR)), int(np.floor(ends[1] + NEAR))
    if low >= SMALL:
        return enough
    n = 0
    for value in range(low, high + 1):
        n += solver.can_be(known.with_count(cell, value))
        if n >= enough:
            break
    return n
