"""Lay out the reviewer's page: every mark of every figure can be opened and says how it was counted; no request is made."""

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iww_analysis import disclosure, vocabulary
from iww_analysis.figures import texts
from iww_analysis.figures.canvas.addresses import keys_of
from iww_analysis.figures.canvas.wording import LEAST_FOR_SHARE
from iww_analysis.figures.declaration import CATALOGUE, Catalogue
from iww_analysis.figures.figure import Figure
from iww_analysis.messages import numbers
from iww_analysis.messages.errors import Lang
from iww_analysis.messages.numbers import HIDDEN
from iww_analysis.report import page as house
from iww_analysis.report.receipts import Receipt

_MOST_GROUPS = 15  # of more groups the account gives no totals
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
                key = texts.key(name, self.lang)  # a value that holds codes is named as the key of its list is
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
        if name != "share" or self.rule == "register":
            return True
        of = self.totals[mark["part"]].get(
            next(iter(mark["mark"].values()))
        )  # the units that it is a share of, if known
        return of is None or of >= LEAST_FOR_SHARE

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


def words_of(receipt: Receipt, lang: Lang, catalogue: Catalogue) -> Words:
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


def page(
    receipts: Mapping[str, Receipt],
    figures: Sequence[Figure],
    name: str,
    lang: Lang,
    *,
    synthetic: bool,
    internal: bool,
    restricted: bool,
    catalogue: Catalogue = CATALOGUE,
) -> str:
    """Give the page. `receipts`: figure -> its receipt, public or restricted as the page is; a panel has none, and is not
    shown.

    Refuses receipts of the other kind: no raw number can reach a public page by mistake.
    """
    kind = "restricted" if restricted else "public"
    if wrong := sorted(id_ for id_, receipt in receipts.items() if receipt["access"] != kind):
        raise ValueError(f"not {kind} receipts: {', '.join(wrong)}")
    wording, script = house.texts_of(lang, "report", "review"), house.packaged("review.js")
    drawn = ((figure, receipts[figure.id]) for figure in figures if figure.id in receipts)
    shown = [_figure(figure, receipt, name, wording, lang, catalogue) for figure, receipt in drawn]
    for_script = {each["figure"].id: each["told"] for each in shown}
    document = json.dumps(for_script, ensure_ascii=False, separators=(",", ":"))
    return house.template("review.html").render(
        lang=lang, t=wording, name=name, synthetic=synthetic, internal=internal, restricted=restricted, figures=shown,
        index=_index(name, internal=internal, restricted=restricted),
        told=document.replace("<", "\\u003c"),  # no sign in it can end the element that holds it
        script=script, script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )  # fmt: skip


def _index(name: str, *, internal: bool, restricted: bool) -> str:
    """Where the report lies, seen from the page: what stays inside has a folder of its own."""
    folder = f"../../{'internal' if internal else '../reports'}/{name}/" if restricted else ""
    return f"{folder}index.html"


def _figure(
    figure: Figure, receipt: Receipt, name: str, wording: house.Texts, lang: Lang, catalogue: Catalogue
) -> dict[str, Any]:
    words = words_of(receipt, lang, catalogue)
    places = sorted({place for mark in receipt["marks"] for place in mark.get("rows") or {}})
    several = len(receipt["questions"]) > 1
    lines = [
        {"words": words.mark(mark), "drawn": words.numbers(mark, "drawn"), "n_rows": counted(mark.get("n_rows"), lang),
         "counted": "; ".join(f"{heading}: {n}" for heading, n, _ in words.steps(mark)) if "raw" in mark else ""}
        for mark in receipt["marks"]
    ]  # fmt: skip
    return {
        "figure": figure,
        "svg": house.inline(figure),
        "told": {"rule": receipt["rule"][lang],
                 "places": [_place(place, wording) for place in places],
                 "marks": [_panel(mark, words, places, _command(mark, name, several)) for mark in receipt["marks"]]},
        "marks": lines,
        "how": _how(receipt, words, wording, lang),
    }  # fmt: skip


def _panel(mark: Mapping[str, Any], words: Words, places: Sequence[str], command: str) -> dict[str, Any]:
    """What the panel says of a mark beyond its line in the table. Of too many rows only their number is told."""
    panel = {"address": mark["address"], "part": mark["part"], "command": command}
    if "raw" not in mark:
        return panel
    rows = mark["rows"]
    listed = None if rows is None else [[places.index(place), numbers] for place, numbers in rows.items()]
    return panel | {"set": mark["row_set"], "steps": list(words.steps(mark)), "rows": listed}


def _command(mark: Mapping[str, Any], name: str, several: bool) -> str:
    """The command that walks back from this mark, as any shell takes it; of several questions it names which."""
    figure, keys = keys_of(mark["address"])
    command = f"iww trace {figure} --report {name}"
    for key, value in (keys | ({"part": mark["part"]} if several else {})).items():
        text = f"{key}={value}"
        plain = re.fullmatch(r"[A-Za-z0-9=_.-]*", text)
        command += " --mark " + (text if plain else '"' + text.replace('"', '\\"') + '"')
    return command


def _place(place: str, wording: house.Texts) -> str:
    """A place in words: `elburg/2021-07-08/dossiers.xlsx#Dossiers` is a file, a sheet, a source and a delivery."""
    source, received, rest = place.split("/", 2)
    file, mark, sheet = rest.rpartition("#")
    within = wording["in_sheet"].format(file=file, sheet=sheet) if mark else rest
    return str(wording["delivered_as"]).format(file=within, source=source, received=received)


def _how(receipt: Receipt, words: Words, wording: house.Texts, lang: Lang) -> dict[str, Any]:
    """How a figure was counted: its caveats, the account and SQL of each question, its sources and crosswalk lines."""
    return {
        "caveats": [texts.caveat(each["code"], lang, each["words"]) for each in receipt["caveats"]],
        "questions": [
            {"part": of["name"], "account": list(_account(of, words, wording, lang)), "sql": of["sql"],
             "name": words.question(of["name"]) or f"{texts.unit(of['unit'], lang)} ({of['name']})"}
            for of in receipt["questions"]
        ],
        "absent": house.not_compared(receipt["absent"], wording, lang),
        **{name: receipt.get(name, []) for name in ("sources", "crosswalk", "digests", "code", "versions")},
    }  # fmt: skip


def _account(question: Mapping[str, Any], words: Words, wording: house.Texts, lang: Lang) -> Iterator[str]:
    """From source to figure, one sentence a line: counted of asked for, left out and why, and the units per group."""
    unit, first, groups = question["unit"], question["keys"][0], question["totals"]
    yield from house.account(unit, question["n_in"], question["n_out"], question["left_out"], wording, lang)
    if 0 < len(groups) <= _MOST_GROUPS:
        units = ", ".join(f"{words.figure.label(first, of[first], lang)} {counted(of[unit], lang)}" for of in groups)
        yield wording["per_group"].format(unit=texts.unit(unit, lang), key=texts.key(first, lang), groups=units)
