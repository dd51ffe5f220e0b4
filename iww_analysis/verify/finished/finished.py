"""Read a finished report as its reader gets it: what stands in the figures, beside the public receipts.

Nothing is drawn again and no code that draws is asked, so that a reviewer who has only the released report can do this too.
What place and size say of numbers is declared with each figure; pictures as PNG are held by their hash alone.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.verify.finished import geometry, pages, spelled, svg
from iww_analysis.verify.outcome import Check, joined

Files = Mapping[str, bytes]
Receipt = Mapping[str, Any]
_PUBLIC = re.compile(r"figures/([FT]\d\d)\.json")
_FIGURE = re.compile(r"figures/([FT]\d\d)\.svg")
RESTRICTED = {"raw", "n_rows", "rows", "crosswalk", "rows_in_file", "rows_kept"}  # only for who may see the raw files


def check(files: Files, lang: Lang) -> list[Check]:
    """Hold what stands in the finished files against the public receipts."""
    manifest = _json(files["manifest.json"])
    told = {found[1]: _json(files[path]) for path in sorted(files) if (found := _PUBLIC.fullmatch(path))}
    receipts = {id_: receipt for id_, receipt in told.items() if _is_whole(receipt)}
    broken = tuple(
        Message("verify_receipt_broken", Place(f"figures/{id_}.json")) for id_ in told if id_ not in receipts
    )
    checks = [Check("public", 0, broken)]
    for path in sorted(files):
        if found := _FIGURE.fullmatch(path):
            checks += _figure(found[1], files, receipts.get(found[1]), lang, synthetic=bool(manifest.get("synthetic")))
    checks += [_public(path, _json(files[path])) for path in sorted(files) if _PUBLIC.fullmatch(path)]
    checks += _restricted(files, receipts)
    checks += pages.check(files, receipts, lang, synthetic=bool(manifest.get("synthetic")))
    return list(joined(checks))


def _is_whole(receipt: Receipt) -> bool:
    """Whether a receipt has all that is read of it here."""
    try:
        marks = [
            (m["part"], m["address"], m["row_set"], m["mark"].items(), m["drawn"].items()) for m in receipt["marks"]
        ]
        asked = [(q["name"], q["unit"], q["n_in"], q["n_out"], q["left_out"].values(), [t.values() for t in q["totals"]])
                 for q in receipt["questions"]]  # fmt: skip
        return bool(
            marks
            and asked
            and receipt["rule"]["name"]
            and receipt["digests"]["numbers"]
            and receipt["digests"]["marks"]
        )
    except (KeyError, TypeError, AttributeError):
        return False


def _json(content: bytes) -> dict[str, Any]:
    """What JSON holds; nothing where it is none: its hash says so already."""
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _figure(id_: str, files: Files, receipt: Receipt | None, lang: Lang, *, synthetic: bool) -> list[Check]:
    path = f"figures/{id_}.svg"
    try:
        drawing = svg.read(files[path])
    except svg.NoFigureError:
        return [Check("marks", 1, (Message("figure_unreadable", Place(path)),))]
    checks = [_marked(path, drawing, receipt, lang, synthetic=synthetic)]
    if receipt is None or not receipt.get("marks"):
        extra = tuple(Message("mark_extra", Place(path), {"mark": shape.address}) for shape in drawing.marks)
        return [*checks, Check("marks", 1, extra)]
    n, faults = geometry.measured(receipt, drawing, lang)
    told = tuple(Message(f"drawn_{fault.kind}", Place(path), {"mark": fault.mark}) for fault in faults)
    csv = files.get(f"figures/{id_}.csv", b"")
    return [
        *checks,
        _addresses(path, drawing, receipt),
        Check("measures", n, told),
        _numbers(path, drawing, receipt, csv, lang),
    ]


def _marked(path: str, drawing: svg.Drawing, receipt: Receipt | None, lang: Lang, *, synthetic: bool) -> Check:
    """The mark of invented data, and of unprotected numbers, on every figure that needs it."""
    needed = ["synthetic"] if synthetic and (receipt is None or receipt.get("synthetic")) else []
    needed += ["internal"] if receipt and receipt.get("parameters", {}).get("internal") else []
    said = " ".join(shape.text for shape in drawing.texts)
    lacking = [name for name in needed if texts.word(name, lang) not in said]
    return Check("badges", len(needed), tuple(Message("badge_absent", Place(path), {"mark": name}) for name in lacking))


# --- marks -----------------------------------------------------------------------------------------------------------


def _keys(address: str) -> tuple[frozenset[tuple[str, str]], str]:
    """The keys of an address, and the question where it is named; which value it shows is no key."""
    pairs = [pair.partition("=")[::2] for pair in address.split("|")[1:]]
    told = {name: unquote(value) for name, value in pairs if name != "value"}
    part = told.pop("part", "")
    return frozenset(told.items()), part


def _known(receipt: Receipt) -> dict[tuple[frozenset[tuple[str, str]], str], list[Mapping[str, Any]]]:
    """The marks of a receipt by their keys: alone, and with the question that they answer."""
    found = defaultdict(list)
    for mark in receipt["marks"]:
        keys = frozenset((name, str(value)) for name, value in mark["mark"].items() if name != "part")
        found[keys, ""].append(mark)
        found[keys, mark["part"]].append(mark)
    return found


def _addresses(path: str, drawing: svg.Drawing, receipt: Receipt) -> Check:
    """Every mark of the receipt is in the figure, and every mark in the figure is in the receipt."""
    ids = [shape.address for shape in drawing.marks]
    there, known = {*ids, *map(geometry.base, ids)}, _known(receipt)
    found = [Message("mark_absent", Place(path), {"mark": mark["address"]}) for mark in receipt["marks"]
             if mark["address"] not in there]  # fmt: skip
    found += [Message("mark_extra", Place(path), {"mark": id_}) for id_ in ids
              if not id_.startswith(f"{receipt['figure']}|") or _keys(id_) not in known or ids.count(id_) > 1]  # fmt: skip
    return Check("marks", len({*ids, *(mark["address"] for mark in receipt["marks"])}), tuple(found))


# --- numbers as text -------------------------------------------------------------------------------------------------


def _numbers(path: str, drawing: svg.Drawing, receipt: Receipt, csv: bytes, lang: Lang) -> Check:
    """Every number that stands in a figure is one of its receipt: in a mark its own, elsewhere one of the figure's."""
    known, rules = _known(receipt), CATALOGUE[receipt["figure"]].geometry
    wide = _everywhere(receipt, csv, lang)
    found: list[Message] = []
    n = 0
    for shape in drawing.marks:
        own = {*rules.get("also", ())} | {
            form for mark in known.get(_keys(shape.address), ()) for form in spelled.of_mark(mark, lang)
        }
        said = spelled.tokens(shape.text)
        n += len(said)
        fits = set(said) <= (own | wide if rules.get("shared") else own)
        if not fits:
            found.append(Message("drawn_number", Place(path), {"mark": shape.address}))
    for shape in drawing.texts:
        said = spelled.tokens(shape.text)
        n += len(said)
        if shape.axes and not rules.get("loose") and not set(said) <= wide:
            found.append(Message("number_unknown", Place(path), {"found": ", ".join(sorted(set(said) - wide))}))
    counted = [*_page_ns(drawing, receipt, lang), *_panel_ns(drawing, receipt, csv, lang)]
    found += [Message("n_other", Place(path), {"found": said}) for said, holds in counted if not holds]
    return Check("numbers", n + len(counted), tuple(found))


def _everywhere(receipt: Receipt, csv: bytes, lang: Lang) -> set[str]:
    """Every number that may stand anywhere in a figure: of its marks, questions and labels."""
    found = {"0"} | {form for mark in receipt["marks"] for form in spelled.of_mark(mark, lang)}
    found |= {n for question in receipt["questions"] for n in spelled.of_question(question, lang)}
    return found | {token for row in pages.rows(csv, lang) for cell in row for token in spelled.tokens(cell)}


_N = re.compile(r"n = (x|\d[\d.,]*)([^·(]*)(?:\(([^)]*)\))?")


def _page_ns(drawing: svg.Drawing, receipt: Receipt, lang: Lang) -> Iterator[tuple[str, bool]]:
    """Each n below the title: counted in one question, of how many, left out for which reasons."""
    page = " ".join(shape.text for shape in drawing.texts if not shape.axes)
    for n, _, aside in _N.findall(page):
        said = set(spelled.tokens(aside))
        yield n, any(n == spelled.number(q["n_out"], lang) and said <= _asides(q, lang) for q in receipt["questions"])


def _asides(question: Mapping[str, Any], lang: Lang) -> set[str]:
    return {spelled.number(n, lang) for n in (question["n_in"], *question["left_out"].values())}


def _panel_ns(drawing: svg.Drawing, receipt: Receipt, csv: bytes, lang: Lang) -> Iterator[tuple[str, bool]]:
    """Each n in the title of a panel: the total of the group that it names."""
    labels = pages.labels(csv, lang)
    totals = defaultdict(set)
    for question in receipt["questions"]:
        for line in question["totals"]:
            codes = [value for value in line.values() if isinstance(value, str)]
            for n in (value for value in line.values() if not isinstance(value, str)):
                totals[labels.get(codes[0], codes[0]) if codes else ""].add(spelled.number(n, lang))
    for shape in drawing.texts:
        title = re.fullmatch(r"(.*) \(n = (x|\d[\d.,]*)\)", shape.text)
        if shape.axes and title:
            yield title[2], title[2] in totals.get(title[1], {spelled.number(0, lang), spelled.HIDDEN})


# --- receipts --------------------------------------------------------------------------------------------------------


def _public(path: str, receipt: Receipt) -> Check:
    """A public receipt says that it is one, and holds nothing that only few may see."""
    held = sorted(RESTRICTED & set(_names(receipt)))
    if receipt.get("access") == "public" and not held:
        return Check("public", 1)
    return Check("public", 1, (Message("restricted_shown", Place(path), {"found": ", ".join(held) or "access"}),))


def _names(value: object) -> Iterator[str]:
    """The names that JSON holds at any depth; what a mark or a total is keyed by are not names but data."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name
            yield from _names(inside) if name not in ("mark", "drawn", "totals", "absent", "left_out", "words") else ()
    elif isinstance(value, list):
        for inside in value:
            yield from _names(inside)


_SHARED = ("part", "mark", "address", "drawn", "row_set")


def _restricted(files: Files, receipts: Mapping[str, Receipt]) -> Iterator[Check]:
    """Where the restricted receipts are there too: they say of every mark what the public one says."""
    for id_, public in receipts.items():
        path = f"receipts/{id_}.json"
        if path in files:
            told = _json(files[path])
            alike = told.get("digests") == public.get("digests") and _shared(told) == _shared(public)
            yield Check("receipts_alike", 1, () if alike else (Message("receipts_differ", Place(path)),))


def _shared(receipt: Receipt) -> list[dict[str, Any]]:
    return [{name: mark.get(name) for name in _SHARED} for mark in receipt.get("marks", ())]
