"""Hold all counts of one source as linked cells: each count once, and which of them add up to which.

A set of tables is one system of cells and equalities, whatever their shape and however many margins they share: Salazar-González,
Low & Young, "Controlled rounding in linked tables" (as in the SDC Handbook of ESSnet, chapter 5).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

Name = tuple[str, ...]
Shown = Mapping[Name, int | None]  # None: hidden


class Sum(NamedTuple):
    """A cell that counts what its parts count together, each unit in one of them."""

    whole: Name
    parts: tuple[Name, ...]


@dataclass(frozen=True)
class LinkedCells:
    """The counts of one source and the equalities between them.

    `unseen`: cells that nobody publishes but that a reader can compute or bound, such as what a part leaves of its whole;
    they only have to exist. `same`: another name of a cell -> its own name. `public`: cells of which the exact count is
    shown, such as cases that a study follows by consent.
    """

    counts: Mapping[Name, int]
    sums: tuple[Sum, ...] = ()
    unseen: frozenset[Name] = frozenset()
    same: Mapping[Name, Name] = field(default_factory=dict)
    public: frozenset[Name] = frozenset()

    def __post_init__(self) -> None:
        unknown = {name for each in self.sums for name in (each.whole, *each.parts)} - set(self.counts)
        if unknown or not set(self.same.values()) <= set(self.counts):
            raise ValueError(f"{len(unknown)} cells in sums without a count")
        if wrong := [each.whole for each in self.sums if self.counts[each.whole] != self._together(each.parts)]:
            raise ValueError(f"counts that do not add up: {wrong[:3]}")

    @property
    def published(self) -> tuple[Name, ...]:
        """The cells that are to be shown, in order of their names."""
        return tuple(sorted(set(self.counts) - self.unseen))

    def beside(self, names: Collection[Name]) -> set[Name]:
        """These cells and all that stand in one sum with any of them."""
        wanted = set(names)
        members = [{each.whole, *each.parts} for each in self.sums]
        return wanted.union(*(cells for cells in members if cells & wanted))

    def called(self, names: Mapping[Name, Name]) -> "LinkedCells":
        """The same cells by other names: those that count what a cell of another set does, by its name there."""
        sums = tuple(
            Sum(names.get(s.whole, s.whole), tuple(names.get(part, part) for part in s.parts)) for s in self.sums
        )
        counts = {names.get(name, name): n for name, n in self.counts.items()}
        return replace(self, counts=counts, sums=tuple(each for each in sums if each.parts != (each.whole,)))

    def every_name(self, shown: Shown) -> dict[Name, int | None]:
        """What is shown, under the other names of its cells too."""
        return {**shown, **{other: shown[name] for other, name in self.same.items() if name in shown}}

    def _together(self, parts: Iterable[Name]) -> int:
        return sum(self.counts[name] for name in parts)


def joined(*every: LinkedCells) -> LinkedCells:
    """Several sets of cells as one; a name that stands in two of them is one cell."""
    whole = LinkedCells({})
    for each in every:
        whole = replace(
            whole, counts={**whole.counts, **each.counts}, sums=tuple(dict.fromkeys((*whole.sums, *each.sums))),
            unseen=whole.unseen | each.unseen, same={**whole.same, **each.same}, public=whole.public | each.public,
        )  # fmt: skip
    return whole
