"""Lay out the reviewer's page: every mark of every figure can be opened and says how it was counted; no request is made."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iww_analysis.figures import texts
from iww_analysis.figures.canvas.addresses import keys_of
from iww_analysis.figures.declaration import CATALOGUE, Catalogue
from iww_analysis.figures.figure import Figure
from iww_analysis.messages.errors import Lang
from iww_analysis.report import mark_words
from iww_analysis.report import page as house
from iww_analysis.report.mark_words import Words, counted
from iww_analysis.report.receipts import Receipt

_MOST_GROUPS = 15  # of more groups the account gives no totals


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
    """Give the page. `receipts`: figure -> its receipt, public or restricted as the page is; a panel has none.

    Refuses receipts of the other kind: no raw number can reach a public page by mistake.
    """
    kind = "restricted" if restricted else "public"
    if wrong := sorted(id_ for id_, receipt in receipts.items() if receipt["access"] != kind):
        raise ValueError(f"not {kind} receipts: {', '.join(wrong)}")
    wording, script = house.texts_of(lang, "report", "review"), house.packaged("review.js")
    ordered = sorted(figures, key=lambda figure: bool(figure.lacking))
    shown = [_figure(figure, receipts.get(figure.id), name, wording, lang, catalogue) for figure in ordered]
    for_script = {each["figure"].id: each["told"] for each in shown if each["told"]}
    document = json.dumps(for_script, ensure_ascii=False, separators=(",", ":"))
    return house.template("review.html").render(
        lang=lang, t=wording, name=name, synthetic=synthetic, internal=internal, restricted=restricted, figures=shown,
        told=document.replace("<", "\\u003c"),  # no sign in it can end the element that holds it
        script=script, script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )  # fmt: skip


def _figure(
    figure: Figure, receipt: Receipt | None, name: str, wording: house.Texts, lang: Lang, catalogue: Catalogue
) -> dict[str, Any]:
    shown: dict[str, Any] = {"figure": figure, "svg": house.inline(figure), "told": None}
    if receipt is None:
        return shown
    words = mark_words.of(receipt, lang, catalogue)
    places = sorted({place for mark in receipt["marks"] for place in mark.get("rows") or {}})
    several = len(receipt["questions"]) > 1
    lines = [
        {"words": words.mark(mark), "drawn": words.numbers(mark, "drawn"), "n_rows": counted(mark.get("n_rows"), lang),
         "counted": "; ".join(f"{heading}: {n}" for heading, n, _ in words.steps(mark)) if "raw" in mark else ""}
        for mark in receipt["marks"]
    ]  # fmt: skip
    return shown | {
        "told": {"rule": receipt["rule"][lang],
                 "places": [_place(place, wording) for place in places],
                 "marks": [_panel(mark, words, places, _command(mark, name, several)) for mark in receipt["marks"]]},
        "marks": lines,
        "how": _how(receipt, words, wording, lang),
    }  # fmt: skip


def _panel(mark: Mapping[str, Any], words: Words, places: Sequence[str], command: str) -> dict[str, Any]:
    """What the panel says of a mark beyond its line in the table. Of too many rows only their number is told."""
    panel = {"address": mark["address"], "part": mark["part"], "set": mark["row_set"], "command": command}
    if "raw" not in mark:
        return panel
    rows = mark["rows"]
    listed = None if rows is None else [[places.index(place), numbers] for place, numbers in rows.items()]
    return panel | {"steps": list(words.steps(mark)), "rows": listed}


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
            {
                "part": question["name"],
                "name": words.question(question["name"])
                or f"{texts.unit(question['unit'], lang)} ({question['name']})",
                "account": list(_account(question, words, wording, lang)),
                "sql": question["sql"],
            }
            for question in receipt["questions"]
        ],
        "absent": house.not_compared(receipt["absent"], wording, lang),
    } | {name: receipt.get(name, []) for name in ("sources", "crosswalk", "digests", "code", "versions")}


def _account(question: Mapping[str, Any], words: Words, wording: house.Texts, lang: Lang) -> Iterator[str]:
    """From source to figure, one sentence a line: counted of asked for, left out and why, and the units per group."""
    unit, first, groups = question["unit"], question["keys"][0], question["totals"]
    yield from house.account(unit, question["n_in"], question["n_out"], question["left_out"], wording, lang)
    if 0 < len(groups) <= _MOST_GROUPS:
        units = ", ".join(f"{words.figure.label(first, of[first], lang)} {counted(of[unit], lang)}" for of in groups)
        yield wording["per_group"].format(unit=texts.unit(unit, lang), key=texts.key(first, lang), groups=units)
