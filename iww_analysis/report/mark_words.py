"""Say in words what a mark of a figure is and what it shows: labels for codes, numbers as readers write them."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iww_analysis import disclosure, vocabulary
from iww_analysis.figures import texts
from iww_analysis.figures.canvas.wording import LEAST_FOR_SHARE
from iww_analysis.figures.declaration import CATALOGUE, Catalogue
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import Lang
from iww_analysis.messages.numbers import HIDDEN
from iww_analysis.report.receipts import Receipt

Mark = Mapping[str, Any]  # one of the marks of a receipt
# Values that hold codes (or several, with commas) where the catalogue names no list for them.
_LISTS = {
    "door": "door", "case_status": "case_status", "reason": "dropout_reason", "actor": "actor_role", "better": "yes_no",
    "team_type": "team_type", "region": "region", "study": "study", "municipality": "municipality",
    "conditions": "working_element",
}  # fmt: skip
_NOT_SAID = ("regime", "place")  # what decides how a line is drawn and is not itself shown


@dataclass(frozen=True)
class Words:
    """The words of one figure's marks.

    `totals`: question -> value of its first key -> units; `items`: the description of what marks name by a code.
    """

    figure: texts.FigureTexts
    lang: Lang
    rule: str
    totals: Mapping[str, Mapping[str, int | None]]
    items: Mapping[tuple[str, str], str]

    def mark(self, mark: Mark) -> str:
        """Which mark it is: its keys with their labels, and which question where that has a name of its own."""
        arena = mark["mark"].get("arena", "")
        pieces = [
            f"{texts.key(key, self.lang)}: {self.items.get((arena, code)) or self.figure.label(key, code, self.lang)}"
            for key, code in mark["mark"].items()
        ]
        question = self.question(mark["part"]) if len(self.totals) > 1 else ""
        return "; ".join([*pieces, question] if question else pieces)

    def question(self, name: str) -> str:
        """What a question counts; nothing where its keys say enough."""
        return ({**self.figure.parts, **self.figure.questions}).get(name, {}).get(self.lang, "")

    def numbers(self, mark: Mark, which: str) -> list[tuple[str, str, str]]:
        """What a mark shows, as drawn or (`raw`) as counted: name of the value, its heading, and it in words."""
        lines = []
        for name, value in mark.get(which, {}).items():
            if self._is_said(mark, name, value):
                key = texts.key(
                    name, self.lang
                )  # of a value that holds codes, which is named as the key of that list is
                is_key = name in self.figure.lists and key != name
                lines.append((name, key if is_key else texts.value(name, self.lang), self._value(mark, which, name)))
        return lines

    def steps(self, mark: Mark) -> Iterator[tuple[str, str, str]]:
        """Every number of a mark: its heading, as counted, and as drawn."""
        both = zip(self.numbers(mark, "raw"), self.numbers(mark, "drawn"), strict=True)
        for (name, heading, counted), (_, _, drawn) in both:
            if not isinstance(mark["raw"][name], str):
                yield heading, counted, drawn

    def _is_said(self, mark: Mark, name: str, value: object) -> bool:
        if name in _NOT_SAID or name.endswith("_en" if self.lang == "nl" else "_nl") or value == "":
            return False
        of = self.totals[mark["part"]].get(
            next(iter(mark["mark"].values()))
        )  # the units that a share is of, where known
        few = of is not None and of < LEAST_FOR_SHARE
        return not (name == "share" and self.rule != "register" and few)

    def _value(self, mark: Mark, which: str, name: str) -> str:
        value = mark[which][name]
        if value is None:
            return f"{HIDDEN} ({texts.word('hidden', self.lang)})"
        if isinstance(value, str):
            return self._text(name, value)
        if name == "share":
            return self._share(mark, which, value)
        return counted(value, self.lang)

    def _share(self, mark: Mark, which: str, value: float) -> str:
        """A share as the figure writes it; rounded to nothing where something was counted, it is less than the base."""
        if which == "raw":
            return f"{numbers.number(100 * value, self.lang, 1)}%"
        base = disclosure.limits(self.rule).get("share_base")
        counts = {name: n for name, n in mark[which].items() if name.startswith("n_")}
        some = counts["n_counted"] if "n_counted" in counts else any(counts.values())
        return f"<{numbers.share(base, self.lang)}" if base and value == 0 and some else numbers.share(value, self.lang)

    def _text(self, name: str, value: str) -> str:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return numbers.day(dt.date.fromisoformat(value), self.lang)
        if name == "month":
            return numbers.month(value, self.lang)
        if name in self.figure.lists or name not in _LISTS:
            return self.figure.label(name, value, self.lang)
        known = vocabulary.read(_LISTS[name])
        return ", ".join(
            known.label(code, self.lang) if code in known else self.figure.label(name, code, self.lang)
            for code in re.split(", ?", value)
        )


def of(receipt: Receipt, lang: Lang, catalogue: Catalogue = CATALOGUE) -> Words:
    """Gather what the words of a figure's marks rest on."""
    totals = {
        question["name"]: {str(group[question["keys"][0]]): group[question["unit"]] for group in question["totals"]}
        for question in receipt["questions"]
    }
    items = {
        (mark["mark"].get("arena", ""), mark["mark"]["node"]): mark["drawn"]["label"]
        for mark in receipt["marks"]
        if "label" in mark["drawn"] and "node" in mark["mark"]
    }
    return Words(catalogue[receipt["figure"]].texts, lang, receipt["rule"]["name"], totals, items)


def counted(value: float | None, lang: Lang) -> str:
    """Write a number whole, or with the decimals it has; x where it is hidden."""
    whole = value is None or float(value).is_integer()
    return numbers.number(value, lang, 0 if whole else 2)
