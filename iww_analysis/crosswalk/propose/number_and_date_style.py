"""Propose how the days and numbers of a sheet are written: by column, from what its values prove, else as a question."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from iww_analysis.crosswalk.crosswalk import DAYS, DECIMALS, OPEN, ORDERS, SheetCrosswalk, Target
from iww_analysis.crosswalk.open_question import Choice, Question, key
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.column_profile import DateOrder, Look
from iww_analysis.crosswalk.propose.proposal import texts
from iww_analysis.crosswalk.propose.recognise import Guess
from iww_analysis.crosswalk.write import Line, comment
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES

Columns = Mapping[str, tuple[Target, ...]]  # heading -> what it fills
DUTCH = ORDERS[0]


@dataclass(frozen=True)
class Notation:
    """How one sheet writes days and numbers. `where`: the patterns of its file and name; `walk`: what is said already."""

    guess: Guess
    columns: Columns
    where: tuple[str, str]
    ask: Callable[[Question], str]
    walk: SheetCrosswalk | None = None

    @cached_property
    def order(self) -> Line | None:
        """The order of the sheet, that holds for every column of which nothing else is said; None where it is said."""
        said = self.walk.date_order if self.walk else OPEN
        if said != OPEN:
            return None
        if self._proven:
            return Line("date_order", self._proven.most_common(1)[0][0])
        whole = column_profile.date_order(looks_of for columns in self._days for looks_of in self._looks(columns))
        if not whole.proven:
            return None if self.walk else Line("date_order", DUTCH, comment("dates_no_matter"))
        answer = self.ask(_question(whole, Place(self.guess.file, self.guess.sheet or None), key("order", *self.where)))
        return Line("date_order", answer or OPEN, "" if answer else _doubt(whole))

    @property
    def orders(self) -> Iterator[Line]:
        """The columns that are written otherwise than the sheet, or of which only a person knows how they are written."""
        line = self.order
        default = str(line.value) if line else self.walk.date_order if self.walk else DUTCH
        for headings in self._days:
            new = [heading for heading in headings if self._is_new(heading)]
            own = column_profile.date_order(self._looks(headings))
            if new and own.proven in ORDERS and own.proven != default and len(new) == len(headings):
                yield from (Line(heading, own.proven) for heading in new)
            elif new and own.proven == OPEN and self._proven and default != OPEN:
                value, said = self._doubtful(headings, own, default)
                yield from (Line(heading, value, said) for heading in new if said or value != default)

    @property
    def decimals(self) -> Iterator[Line]:
        """The columns of numbers that do not write 1.234,5."""
        for headings in _alike(self.columns, ("integer",)):
            sign = column_profile.decimal(self._looks(headings))
            if sign in ("?", DECIMALS[1]) and all(map(self._is_new, headings)):
                said = comment("decimals_mixed") if sign == "?" else ""
                yield from (Line(heading, DECIMALS[0] if said else sign, said) for heading in headings)

    def _doubtful(self, headings: Collection[str], own: DateOrder, default: str) -> tuple[str, str]:
        """The order of columns that prove none, with what is to be said: that of all others, or what a person says."""
        asked = self.walk and any(heading in self.walk.date_orders for heading in headings)
        if len(self._proven) == 1 and not own.day_first and not asked:
            return default, comment("dates_hint") if self.order else ""
        first = next(iter(headings))
        place = Place(self.guess.file, self.guess.sheet or None, column=first)
        answer = self.ask(_question(own, place, key("order", *self.where, first)))
        return answer or OPEN, "" if answer else _doubt(own)

    @cached_property
    def _days(self) -> list[tuple[str, ...]]:
        return _alike(self.columns, DAYS)

    @cached_property
    def _proven(self) -> Counter[str]:
        """The orders that columns of days prove, read or not, with how many do."""
        found = (column_profile.date_order([look]).proven for look in self.guess.under.values())
        return Counter(order for order in found if order in ORDERS)

    def _looks(self, headings: Collection[str]) -> list[Look]:
        return [self.guess.under[heading] for heading in headings if heading in self.guess.under]

    def _is_new(self, heading: str) -> bool:
        """Whether nothing is said yet of this column, or only that it is a question."""
        known = self.walk.columns if self.walk else {}
        return heading not in known or bool(self.walk and self.walk.date_orders.get(heading) == OPEN)


def _alike(columns: Columns, kinds: Collection[str]) -> list[tuple[str, ...]]:
    """Put headings together that fill the same columns of these kinds, and must therefore be written alike."""
    groups: list[tuple[tuple[str, ...], set[tuple[str, str]]]] = []
    for heading, targets in columns.items():
        fields = {(t.table, t.column) for t in targets if TABLES[t.table][t.column].kind in kinds}
        near = [group for group in groups if group[1] & fields]
        headings = (*(name for names, _ in near for name in names), heading)
        if fields:
            groups = [group for group in groups if group not in near]
            groups.append((headings, fields.union(*(others for _, others in near))))
    return [headings for headings, _ in groups]


def _question(order: DateOrder, place: Place, about: str) -> Question:
    words = order._asdict()
    words.pop("order")
    said = texts()["answer"]["date_order"]
    choices = tuple(Choice(value, said[value]["nl"], said[value]["en"]) for value in ORDERS[:2])
    n = order.day_first + order.month_first + order.ambiguous
    return Question("ask_date_order", place, words, choices, key=about, n=n, of=n)


def _doubt(order: DateOrder) -> str:
    if order.day_first:
        return comment("dates_mixed", day_first=order.day_first, month_first=order.month_first)
    return comment("dates_ambiguous")
