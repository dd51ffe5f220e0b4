"""Write the numbers of one source as its regime allows, and name tables and fields for a reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor
from typing import Any

from iww_analysis.disclosure.rounding import limits
from iww_analysis.disclosure.vector.cells import Shown
from iww_analysis.messages import numbers, sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.tables import TABLES


class Number(str):
    """A number as a reader sees it. `raw`: as counted; `drawn`: as it may be known, None when hidden."""

    raw: int
    drawn: int | None

    @property
    def is_some(self) -> bool:
        """Whether it is shown to count something: what else is there because somebody is in it must not be seen."""
        return bool(self.drawn)


@dataclass(frozen=True)
class Guard:
    """Writes the numbers of one source by its regime: of a register as its vector says (see disclosure/vector).

    What of a register stands in no vector is hidden; what counts nothing needs no cell.
    """

    rule: str
    lang: Lang
    vector: Shown = field(default_factory=dict)

    def count(self, n: Any, *name: str) -> int | None:
        """A number of rows or cases as it may be known, by the name of its cell; None when hidden."""
        return self.vector.get(name, None if n or not self.vector else 0) if self.rule == "register" else int(n)

    def written(self, n: Any, *name: str) -> Number:
        """The same, to be read."""
        number = Number(numbers.number(self.count(n, *name), self.lang))
        number.raw, number.drawn = int(n), self.count(n, *name)
        return number

    def share(self, part: Number, whole: Number) -> float | None:
        """A share of two numbers as they are shown, of a register not of too few; none in a case study, which has k of n."""
        if part.drawn is None or not whole.drawn or self.rule == "case_study":
            return None
        share, of_rule = min(part.drawn / whole.drawn, 1), limits(self.rule)
        if not of_rule:
            return share
        rounded = floor(share / of_rule["share_base"] + 0.5 + 1e-9) * of_rule["share_base"]
        return None if whole.drawn < of_rule["share_least"] else rounded

    def reach(self, share: float | None, whole: Number) -> float:
        """How far a share of shown numbers may lie from the share that was counted."""
        step = limits(self.rule).get("base", 1) - 1
        return 0.0 if share is None or not whole.drawn else step * (1 + share) / whole.drawn


def table_name(table: object, lang: Lang) -> str:
    """What a reader calls a table."""
    return TABLES[str(table)].nl if lang == "nl" else str(table).replace("_", " ")


def field_name(table: object, column: object, lang: Lang) -> str:
    """What a reader calls a column of a table."""
    return TABLES[str(table)][str(column)].nl if lang == "nl" else str(column).replace("_", " ")


def consent_sentence(withheld: Mapping[str, Mapping[str, int | None]] | None, lang: str) -> str:
    """Say what counts nowhere for want of consent (why -> table -> how many, None when hidden), or that nothing does.

    Nothing is said where no record of a person is asked (None).
    """
    words = sentences.read("consent")
    if not withheld:
        return "" if withheld is None else str(words["all"][lang])
    told: Lang = "en" if lang == "en" else "nl"
    whys = []
    for why, counts in withheld.items():
        kinds = [f"{numbers.number(n, lang)} {table_name(table, told)}" for table, n in counts.items()]
        whys.append(f"{numbers.listed(kinds, lang)} ({words[why][lang]})")
    return str(words["some"][lang]).format(what="; ".join(whys))
