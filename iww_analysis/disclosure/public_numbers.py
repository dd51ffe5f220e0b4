"""Write the numbers of one source as its regime allows, and name tables and fields for a reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iww_analysis.disclosure.rounding import limits, protected_count
from iww_analysis.messages import numbers, sentences
from iww_analysis.messages.errors import Lang
from iww_analysis.tables import TABLES


class Number(str):
    """A number as a reader sees it. `raw`: as counted; `drawn`: as it may be known, None when hidden."""

    raw: int
    drawn: int | None


@dataclass(frozen=True)
class Guard:
    """Writes the numbers of one source by its regime."""

    rule: str
    lang: Lang

    def count(self, n: Any) -> int | None:
        """A number of rows or cases as it may be known; None when hidden."""
        return protected_count(int(n), self.rule)

    def written(self, n: Any) -> Number:
        """The same, to be read."""
        number = Number(numbers.number(self.count(n), self.lang))
        number.raw, number.drawn = int(n), self.count(n)
        return number

    def share(self, part: Any, whole: Any) -> float | None:
        """A share of two protected numbers; none in a case study, which has k of n."""
        of, n = self.count(part), self.count(whole)
        if of is None or not n or self.rule == "case_study":
            return None
        base = float(limits("register")["share_base"])
        return of / n if self.rule == "internal" else round(min(of / n, 1) / base) * base


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
