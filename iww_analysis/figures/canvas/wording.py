"""Word what stands on a figure: labels of codes, counts and shares as its rule lets them be written."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from iww_analysis import disclosure, vocabulary
from iww_analysis.crosswalk.origin import Origin
from iww_analysis.disclosure import Protected
from iww_analysis.figures import texts
from iww_analysis.messages import numbers

LEAST_FOR_SHARE = 10
MarkRow = Mapping[Hashable, Any]


@dataclass
class Wording:
    """What may be drawn, of which sources, in which language."""

    data: Protected
    texts: texts.FigureTexts
    lang: str
    origins: Sequence[Origin] = ()

    def word(self, name: str, **gaps: object) -> str:
        """A word or phrase of the catalogue."""
        return texts.word(name, self.lang, **gaps)

    def label(self, key: str, code: object) -> str:
        """The label of a code."""
        return self.texts.label(key, str(code), self.lang)

    def labels(self, key: str) -> Callable[[str], str]:
        """What labels the codes of a key."""
        return partial(self.label, key)

    def marks(self, part: str = "", **keys: str) -> list[MarkRow]:
        """The marks of one question or of all that have these keys."""
        frame = self._frame(part)
        for key, code in keys.items():
            frame = frame[frame[key] == code]
        return list(frame.to_dict("records"))

    def _frame(self, part: str) -> pd.DataFrame:
        return self.data.part(part) if part else self.data.marks

    def number(self, value: Any) -> str:
        """A count or number of days; x where hidden."""
        return numbers.number(None if missing(value) else float(value), self.lang)

    def share(self, value: Any) -> str:
        """A share as a percentage; x where hidden."""
        return numbers.share(None if missing(value) else float(value), self.lang)

    def share_of(self, row: MarkRow, count: str) -> str:
        """The share of a mark as a percentage; where it is rounded to nothing but something was counted, less than the base."""
        base = disclosure.limits(self.data.rule).get("share_base")
        is_nothing = not missing(row["share"]) and float(row["share"]) == 0
        is_counted = not missing(row.get(count)) and row[count] > 0
        return f"<{self.share(base)}" if base and is_nothing and is_counted else self.share(row["share"])

    def few(self, row: MarkRow) -> bool:
        """Whether the units that a mark's share is of are fewer than ten: too few for a percentage, whatever the rule."""
        totals = self.data.totals[str(row["part"])]
        first, unit = totals.columns[:2]
        of = totals.loc[totals[first].astype(str) == str(row[first]), unit]
        return len(of) == 1 and self.is_few(of.iloc[0])

    def is_few(self, units: Any) -> bool:
        """Whether so many units are too few for a percentage."""
        return not missing(units) and int(units) < LEAST_FOR_SHARE

    def order(self, key: str, of: Sequence[str]) -> list[str]:
        """The codes that occur, in the agreed order of their list; codes of no list come after, alphabetically."""
        name = self.texts.lists.get(key, "")
        if not name or name.startswith("@"):
            agreed: tuple[str, ...] = texts.codes(name[1:]) if name else ()
        else:
            agreed = (*vocabulary.read(name).codes, *vocabulary.read("missing").codes)
        present = dict.fromkeys(of)
        return [code for code in agreed if code in present] + sorted(code for code in present if code not in agreed)

    def codes(self, key: str, part: str = "") -> list[str]:
        """The codes of a key that marks have, of one question or of all, in the agreed order."""
        return self.order(key, [str(code) for code in self._frame(part)[key] if str(code) != ""])

    def groups(self, key: str = "municipality", part: str = "") -> list[str]:
        """The values of a key in order of their labels, as panels stand."""
        codes = dict.fromkeys(str(code) for code in self._frame(part)[key] if code != "")
        return sorted(codes, key=lambda code: self.label(key, code))

    def panel_title(self, key: str, code: str, part: str) -> str:
        """The name of a panel with its n."""
        totals = self.data.totals[part].set_index(key).iloc[:, 0]
        n = totals.get(code, 0)
        return f"{self.label(key, code)} (n{numbers.TIE}={numbers.TIE}{self.number(n)})"


def grouped(marks: Iterable[MarkRow], *keys: str) -> dict[tuple[str, ...], list[MarkRow]]:
    """Marks by the values of some of their keys."""
    groups: dict[tuple[str, ...], list[MarkRow]] = {}
    for row in marks:
        groups.setdefault(tuple(str(row[key]) for key in keys), []).append(row)
    return groups


def keyed(marks: Iterable[MarkRow], *keys: str) -> dict[tuple[str, ...], MarkRow]:
    """Marks by keys that tell one from another."""
    return {of: alike[-1] for of, alike in grouped(marks, *keys).items()}


def text_of(row: MarkRow | None, name: str) -> str:
    """What a mark says in words; nothing where it says nothing."""
    return "" if row is None or missing(row.get(name)) else str(row[name])


def natural(node: str) -> tuple[str, int, str]:
    """Sort by this: E2 stands before E10."""
    letters = node.rstrip("0123456789")
    return letters, int(node[len(letters) :] or 0), node


def missing(value: Any) -> bool:
    """Whether there is no number to show."""
    return value is None or bool(pd.isna(value))
