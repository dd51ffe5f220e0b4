"""Make linked cells of the questions that are asked of one source: what a reader of all of them can add up or subtract.

Cells and sums are found from the units that each cell counts, not from names:
- what was asked about is what was counted and what was left out; what was counted is the totals together; a total is its groups
  together, where no unit is in two of them, and else at least each of them and at most all;
- two cells of different questions that count the same units are one cell, as are sums over keys that another question counts;
- of questions that count within one another the rest is a cell that a reader can subtract;
- a cell that counts what two others have in common (two life domains of a case) bounds what each has alone, and what neither.
Counts of different units (cases and meetings) are not linked, nor are groups of unlike questions that happen to be within
one another.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Sum
from iww_analysis.disclosure.vector.unit_sets import Group, Unit, Units, UnitSets

ASKED_ABOUT, LEFT_OUT, COUNTED, TOTAL, OVER, REST, NEITHER, TOGETHER = (
    "n_in", "left_out", "n_out", "total", "over", "rest", "neither", "together"
)  # fmt: skip


def linked_cells(
    answers: Mapping[str, UnitSets], exact: Collection[str] = (), reasons_apart: Collection[str] = ()
) -> LinkedCells:
    """All cells of questions by their names, as `UnitTables` of one source answered them, and their links.

    `exact`: questions whose counts are public as they are, such as those of cases that are followed with consent. A question
    that has nothing to ask about in this source has no cells. `reasons_apart`: questions of which a reason to leave out is no
    cell of another question: they name only reasons that occur, so that the other's would be told to be nothing.
    """
    drawing = _Drawing()
    sets = {name: of_question for name, of_question in answers.items() if of_question.asked_about}
    for name, of_question in sets.items():
        drawing.add(name, of_question, reasons_alike=name not in reasons_apart)
        if name in exact or of_question.question.case_study:
            drawing.public |= {at for at in drawing.counts if at[0] == name}
    drawing.add_common_parts(sets)
    drawing.add_rests()
    return drawing.cells()


@dataclass
class _Drawing:
    """Cells and sums as they are found; of each cell its units."""

    counts: dict[Name, int] = field(default_factory=dict)
    sums: dict[Sum, None] = field(default_factory=dict)
    unseen: set[Name] = field(default_factory=set)
    public: set[Name] = field(default_factory=set)
    alike: dict[tuple[object, Units], list[Name]] = field(default_factory=lambda: defaultdict(list))
    outer: dict[tuple[object, Units], Name] = field(default_factory=dict)  # what is looked at for rests

    def add(self, name: str, sets: UnitSets, *, reasons_alike: bool = True) -> None:
        """The cells of one question, the outermost first."""
        asked_about = self._cell(sets, sets.asked_about, name, ASKED_ABOUT, outer=True)
        counted = self._cell(sets, sets.counted, name, COUNTED, outer=True)
        left_out = [
            self._cell(sets, units, name, LEFT_OUT, reason, alike=reasons_alike)
            for reason, units in sets.reasons.items()
        ]
        self._sum(asked_about, [counted, *left_out])
        totals = {
            first: self._cell(sets, units, name, TOTAL, first, outer=True) for first, units in sets.of_totals.items()
        }
        self._part(counted, sets.counted, {totals[first]: units for first, units in sets.of_totals.items()})
        for number, groups in sorted(sets.groups.items(), key=lambda each: each[0] != sets.number):
            of = {group: self._cell(sets, units, name, number, *group) for group, units in groups.items()}
            if number == sets.number:
                self._in_totals(totals, sets, of)
                self._over_keys(name, sets, of)
            else:
                self._of_known(name, sets, of, groups)
        self.counts |= {(name, n, *group): value for n, of in sets.figures.items() for group, value in of.items()}

    def _cell(self, sets: UnitSets, units: Units, *at: str, outer: bool = False, alike: bool = True) -> Name:
        """One cell. Of those in one question that count the same units the first stands for them in other questions.

        The others follow from it by sums: were each the same cell, what else they hold would be told to be nothing.
        """
        self.counts[at] = len(units)
        if alike and units and at[0] not in {other[0] for other in self.alike[sets.kind, units]}:
            self.alike[sets.kind, units].append(at)
            if outer:
                self.outer.setdefault((sets.kind, units), at)
        return at

    def _in_totals(self, totals: Mapping[str, Name], sets: UnitSets, of: Mapping[Group, Name]) -> None:
        for first, total in totals.items():
            self._part(total, sets.of_totals[first], {of[g]: units for g, units in sets.each.items() if g[0] == first})

    def _of_known(self, name: str, sets: UnitSets, of: Mapping[Group, Name], groups: Mapping[Group, Units]) -> None:
        """A number of units of which something is known is within the count of those units."""
        for group, units in groups.items():
            if sets.each.get(group) == units:
                self._sum((name, sets.number, *group), [of[group]])
            elif group in sets.each:
                self._rest((name, sets.number, *group), of[group])

    def _over_keys(self, name: str, sets: UnitSets, of: Mapping[Group, Name]) -> None:
        """Sums over some of the keys: nobody publishes them, unless another question does."""
        n = len(sets.question.by)
        for kept in (kept for size in range(1, n) for kept in combinations(range(n), size) if kept != (0,)):
            over: dict[Group, list[Group]] = defaultdict(list)
            for group in of:
                over[tuple(group[place] if place in kept else "*" for place in range(n))].append(group)
            for where, groups in over.items():
                units = frozenset[Unit]().union(*(sets.each[group] for group in groups))
                if len(groups) > 1 and len(units) == sum(len(sets.each[group]) for group in groups) > 0:
                    at = self._cell(sets, units, name, OVER, *where)
                    self.unseen.add(at)
                    self._sum(at, [of[group] for group in groups])

    def add_common_parts(self, sets: Mapping[str, UnitSets]) -> None:
        """Questions of which each group counts what two groups of another have in common."""
        for (one, single), (two, paired) in ((a, b) for a in sets.items() for b in sets.items()):
            triples = list(_in_common(single, paired)) if single.kind == paired.kind else []
            for first, left, right, pair in triples:
                self._overlap((one, single.number), (two, paired.number), first, left, right, pair)

    def _overlap(self, single: Name, paired: Name, first: str, left: Group, right: Group, pair: Group) -> None:
        total, common = (single[0], TOTAL, first), (*paired, *pair)
        one, other = (*single, *left), (*single, *right)
        only = [self._rest(of, common) for of in (one, other)]
        neither = self._unseen(self.counts[total] - self.counts[other] - self.counts[only[0]], *common, NEITHER)
        self._sum(total, [other, only[0], neither])

    def add_rests(self) -> None:
        """What is left of the next larger of what questions ask about, count or total."""
        cells = sorted(self.outer.items(), key=lambda each: (len(each[0][1]), each[1]))
        for place, ((kind, units), name) in enumerate(cells):
            larger = [(whole, at) for (other, whole), at in cells[place + 1 :] if other == kind and units < whole]
            for whole, at in larger:
                if name[0] != at[0] and not any(between < whole for between, _ in larger):
                    self._rest(at, name)

    def cells(self) -> LinkedCells:
        """The whole: what counts the same under one name, and no sum that leads nowhere."""
        same = dict(self._same())
        linked = {*same, *same.values()}
        lone = {at for at in self.unseen if at[1] == OVER and at not in linked}
        sums = {
            Sum(same.get(whole, whole), tuple(same.get(part, part) for part in parts))
            for whole, parts in self.sums
            if whole not in lone
        }
        proper = tuple(sorted(each for each in sums if each.parts != (each.whole,)))
        counts = {name: n for name, n in self.counts.items() if name not in same and name not in lone}
        public = {same.get(name, name) for name in self.public - self.unseen}
        return LinkedCells(counts, proper, frozenset(self.unseen & set(counts)), same, frozenset(public & set(counts)))

    def _same(self) -> Iterator[tuple[Name, Name]]:
        for names in filter(None, self.alike.values()):
            own = min(names, key=lambda name: (name in self.unseen, name))
            yield from ((name, own) for name in names if name != own)

    def _part(self, whole: Name, units: Units, parts: Mapping[Name, Units]) -> None:
        """A whole and its parts: together, where no unit is in two; else between the largest and all of them."""
        sizes = sum(map(len, parts.values()))
        if sizes == len(units):
            self._sum(whole, parts)
            return
        for part in parts:
            self._rest(whole, part)
        together = self._unseen(sizes, *whole, TOGETHER)
        self._sum(together, parts)
        self._rest(together, whole)

    def _rest(self, whole: Name, part: Name) -> Name:
        rest = self._unseen(self.counts[whole] - self.counts[part], *whole, REST, *part)
        self._sum(whole, [part, rest])
        return rest

    def _unseen(self, count: int, *name: str) -> Name:
        self.counts[name] = count
        self.unseen.add(name)
        return name

    def _sum(self, whole: Name, parts: Iterable[Name]) -> None:
        if each := tuple(parts):  # without groups there is no sum: which there could be nobody said
            self.sums[Sum(whole, each)] = None


def _in_common(single: UnitSets, paired: UnitSets) -> Iterator[tuple[str, Group, Group, Group]]:
    """First key, two groups of one question, and the group of the other that counts what they have in common; all or none."""
    if len(single.question.by) != 2 or len(paired.question.by) != 3 or not paired.each:
        return
    found = []
    for group, units in paired.each.items():
        first, left, right = group[0], (group[0], group[1]), (group[0], group[2])
        if single.each.get(left, frozenset()) & single.each.get(right, frozenset()) != units:
            return
        if left in single.each and right in single.each and first in single.of_totals:
            found.append((first, left, right, group))
    yield from found
