"""Say how the days and numbers of a sheet are written: by column, from what its values prove, else as a question."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from iww_analysis.crosswalk.ask.open_question import Choice, OpenQuestion, key
from iww_analysis.crosswalk.crosswalk import DAYS, DECIMALS, OPEN, ORDERS, HeadingTargets, SheetCrosswalk
from iww_analysis.crosswalk.propose import column_profile
from iww_analysis.crosswalk.propose.column_profile import ColumnProfile, DateOrder
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet
from iww_analysis.crosswalk.toml_tables import TomlLine, comment
from iww_analysis.messages import sentences
from iww_analysis.tables.cells.dates import AS_WRITTEN, SWAPPED, counts_of, half_converted

DUTCH = ORDERS[0]


@dataclass(frozen=True)
class NumberAndDateStyle:
    """How one sheet writes days and numbers. `columns`: what its headings fill; `entry`: what the crosswalk says already."""

    sheet: RecognisedSheet
    columns: HeadingTargets
    ask: Callable[[OpenQuestion], str]
    entry: SheetCrosswalk | None = None

    @cached_property
    def order(self) -> TomlLine | None:
        """The order of the sheet, that holds for every column of which nothing else is said; None where it is said."""
        if self.entry and self.entry.date_order != OPEN:
            return None
        if self._proven:
            return TomlLine("date_order", self._proven.most_common(1)[0][0])
        whole = column_profile.date_order(profile for headings in self._days for profile in self._profiles(headings))
        if not whole.proven:
            return None if self.entry else TomlLine("date_order", DUTCH, comment("dates_no_matter"))
        return TomlLine("date_order", *self._asked(whole, [h for headings in self._days for h in headings]))

    @property
    def orders(self) -> Iterator[TomlLine]:
        """The columns that are written otherwise than the sheet, or of which only a person knows how they are written."""
        default = str(self.order.value) if self.order else self.entry.date_order if self.entry else DUTCH
        for headings in self._days:
            new = [heading for heading in headings if self._is_new(heading)]
            order = column_profile.date_order(self._profiles(headings))
            if new and order.proven in ORDERS and order.proven != default and len(new) == len(headings):
                yield from (TomlLine(heading, order.proven) for heading in new)
            elif new and order.proven == OPEN and self._proven and default != OPEN:
                value, beside = self._doubtful(headings, order, default)
                yield from (TomlLine(heading, value, beside) for heading in new if beside or value != default)

    @property
    def half_dates(self) -> Iterator[TomlLine]:
        """The columns that Excel half converted: only a person knows whether day and month have changed places."""
        answers = sentences.read("proposals")["answer"]["half_dates"]
        choices = tuple(Choice(value, **answers[value]) for value in (SWAPPED, AS_WRITTEN))
        for heading in [name for headings in self._days for name in headings if name in self.sheet.columns]:
            half = half_converted(counts_of(self.sheet.columns[heading].filled))
            if half and (not self.entry or self.entry.half_dates.get(heading, OPEN) == OPEN):
                words = half._asdict()
                about, n = key("half", *self.sheet.pattern, heading), sum(words.values())
                answer = self.ask(OpenQuestion(
                    "ask_half_dates", self.sheet.place(heading), words, choices, key=about, n=half.n_days, of=n
                ))  # fmt: skip
                yield TomlLine(heading, answer or OPEN, "" if answer else comment("half_dates", **words))

    @property
    def decimals(self) -> Iterator[TomlLine]:
        """The columns of numbers that do not write 1.234,5."""
        for headings in _alike(self.columns, ("integer",)):
            sign = column_profile.decimal(self._profiles(headings))
            known = self.entry.decimals if self.entry else {}
            asked = any(known.get(heading) == OPEN for heading in headings)
            if asked or (sign in (OPEN, DECIMALS[1]) and all(map(self._is_new, headings))):
                value, beside = self._asked_decimal(headings) if asked or sign == OPEN else (sign, "")
                yield from (TomlLine(heading, value, beside) for heading in headings)

    def _asked_decimal(self, headings: Sequence[str]) -> tuple[str, str]:
        """The sign before decimals that a person says, else the question and why it is one."""
        texts = [text for profile in self._profiles(headings) for text in profile.filled]
        counts = column_profile.decimal_signs(texts)
        answers = sentences.read("proposals")["answer"]["decimal"]
        choices = tuple(Choice(sign, **answers[sign]) for sign in DECIMALS)
        words = {"comma": counts[","], "point": counts["."]}
        place, about = self.sheet.place(headings[0]), key("decimal", *self.sheet.pattern, headings[0])
        n = sum(words.values())
        question = OpenQuestion("ask_decimal", place, words, choices, key=about, n=n, of=len(texts), unit="cells")
        if answer := self.ask(question):
            return answer, ""
        return OPEN, comment("decimals_mixed", **words)

    def _doubtful(self, headings: Sequence[str], order: DateOrder, default: str) -> tuple[str, str]:
        """The order of columns that prove none, with what is to be said: that of all others, or what a person says."""
        asked = self.entry and any(heading in self.entry.date_orders for heading in headings)
        if len(self._proven) == 1 and not order.day_first and not asked:
            return default, comment("dates_hint") if self.order else ""
        return self._asked(order, headings, headings[0])

    def _asked(self, order: DateOrder, headings: Sequence[str], *heading: str) -> tuple[str, str]:
        """The order of some headings, asked of the sheet or of one heading, that a person says, else the question and why."""
        words = {"day_first": order.day_first, "month_first": order.month_first, "ambiguous": order.ambiguous}
        answers = sentences.read("proposals")["answer"]["date_order"]
        choices = tuple(Choice(value, **answers[value]) for value in ORDERS[:2])
        n = sum(len(profile.filled) for profile in self._profiles(headings))
        about = key("order", *self.sheet.pattern, *heading)
        place = self.sheet.place(*heading)
        if answer := self.ask(
            OpenQuestion("ask_date_order", place, words, choices, key=about, n=n, of=n, unit="cells")
        ):
            return answer, ""
        return OPEN, comment("dates_mixed", **words) if order.day_first else comment("dates_ambiguous")

    @cached_property
    def _days(self) -> list[tuple[str, ...]]:
        return _alike(self.columns, DAYS)

    @cached_property
    def _proven(self) -> Counter[str]:
        """The orders that columns of days prove, read or not, with how many do."""
        orders = (column_profile.date_order([profile]).proven for profile in self.sheet.columns.values())
        return Counter(order for order in orders if order in ORDERS)

    def _profiles(self, headings: Collection[str]) -> list[ColumnProfile]:
        return [self.sheet.columns[heading] for heading in headings if heading in self.sheet.columns]

    def _is_new(self, heading: str) -> bool:
        """Whether nothing is said yet of this column, or only that it is a question."""
        known = self.entry.columns if self.entry else {}
        return heading not in known or bool(self.entry and self.entry.date_orders.get(heading) == OPEN)


def _alike(columns: HeadingTargets, kinds: Collection[str]) -> list[tuple[str, ...]]:
    """Put headings together that fill the same columns of these kinds, and must therefore be written alike."""
    groups: list[tuple[tuple[str, ...], set[tuple[str, str]]]] = []
    for heading, targets in columns.items():
        fields = {(t.table, t.column) for t in targets if t.statement.kind in kinds}
        near = [group for group in groups if group[1] & fields]
        headings = (*(name for names, _ in near for name in names), heading)
        if fields:
            groups = [group for group in groups if group not in near]
            groups.append((headings, fields.union(*(others for _, others in near))))
    return [headings for headings, _ in groups]
