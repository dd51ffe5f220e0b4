"""Read a finished report as its reader gets it: what stands in the figures, beside the public receipts.

Nothing is drawn again and no code that draws is asked, so that a reviewer who has only the released report can do this too.
What place and size say of numbers is declared with each figure; pictures as PNG are held by their hash alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.verify.evidence import Contents, Document, document
from iww_analysis.verify.finished import geometry, pages, spelled, svg
from iww_analysis.verify.outcome import Check, joined

_PUBLIC = re.compile(r"figures/([FT]\d\d)\.json")
_FIGURE = re.compile(r"figures/([FT]\d\d)\.svg")
_N = re.compile(r"n = (x|\d[\d.,]*)([^·(]*)(?:\(([^)]*)\))?")
_RESTRICTED = {"raw", "n_rows", "rows", "crosswalk", "rows_in_file", "rows_kept"}  # only for who may see the raw files
_KEYED = ("mark", "drawn", "totals", "absent", "left_out", "words")  # whose names are not names but data
_SHARED = (
    "part",
    "mark",
    "address",
    "drawn",
    "row_set",
)  # of a mark: what the public and the restricted receipt both say

MarkKeys = tuple[
    frozenset[tuple[str, str]], str
]  # the keys of a mark, and the question that it answers, "" where not named


def check(files: Contents, lang: Lang) -> list[Check]:
    """Hold what stands in the finished files against the public receipts."""
    synthetic = bool(document(files["manifest.json"]).get("synthetic"))
    public = {path: document(files[path]) for path in sorted(files) if _PUBLIC.fullmatch(path)}
    receipts = {path[8:-5]: receipt for path, receipt in public.items() if _is_whole(receipt)}
    broken = tuple(Message("verify_receipt_broken", Place(path)) for path in public if path[8:-5] not in receipts)
    checks = [Check("public", 0, broken)]
    for path in sorted(files):
        if figure := _FIGURE.fullmatch(path):
            checks += _figure(path, files, receipts.get(figure[1]), lang, synthetic=synthetic)
    checks += [_public(path, receipt) for path, receipt in public.items()]
    for id_, receipt in receipts.items():
        if (path := f"receipts/{id_}.json") in files:
            checks.append(_restricted(path, document(files[path]), receipt))
    return list(joined([*checks, *pages.check(files, receipts, lang, synthetic=synthetic)]))


def _is_whole(receipt: Document) -> bool:
    """Whether a receipt has all that is read of it here."""
    try:
        marks = [
            (m["part"], m["address"], m["row_set"], m["mark"].items(), m["drawn"].items()) for m in receipt["marks"]
        ]
        asked = [(q["name"], q["unit"], q["n_in"], q["n_out"], q["left_out"].values(), [t.values() for t in q["totals"]])
                 for q in receipt["questions"]]  # fmt: skip
        digests = receipt["digests"]
        whole = marks and asked and receipt["rule"]["name"] and digests["numbers"] and digests["marks"]
        return bool(whole and receipt["figure"] in CATALOGUE)
    except (KeyError, TypeError, AttributeError):
        return False


def _figure(path: str, files: Contents, receipt: Document | None, lang: Lang, *, synthetic: bool) -> list[Check]:
    try:
        drawing = svg.read(files[path])
    except svg.NoFigureError:
        return [Check("marks", 1, (Message("figure_unreadable", Place(path)),))]
    badges = _badges(path, drawing, receipt, lang, synthetic=synthetic)
    if receipt is None:
        extra = tuple(Message("mark_extra", Place(path), {"mark": shape.address}) for shape in drawing.marks)
        return [badges, Check("marks", 1, extra)]
    n, faults = geometry.measured(receipt, drawing, lang)
    measures = tuple(Message(f"drawn_{fault.kind}", Place(path), {"mark": fault.mark}) for fault in faults)
    numbers = _Numbers(path, drawing, receipt, files.get(f"{path[:-4]}.csv", b""), lang)
    return [badges, _addresses(path, drawing, receipt), Check("measures", n, measures), numbers.check()]


def _badges(path: str, drawing: svg.Drawing, receipt: Document | None, lang: Lang, *, synthetic: bool) -> Check:
    """The mark of invented data, and of unprotected numbers, on every figure that needs it."""
    needed = ["synthetic"] if synthetic and (receipt is None or receipt.get("synthetic")) else []
    needed += ["internal"] if receipt and receipt.get("parameters", {}).get("internal") else []
    written = " ".join(shape.text for shape in drawing.texts)
    lacking = [name for name in needed if texts.word(name, lang) not in written]
    return Check("badges", len(needed), tuple(Message("badge_absent", Place(path), {"mark": name}) for name in lacking))


# --- marks -----------------------------------------------------------------------------------------------------------


def _keys(address: str) -> MarkKeys:
    """The keys of an address; which value it shows is no key."""
    pairs = [pair.partition("=")[::2] for pair in address.split("|")[1:]]
    values = {name: unquote(value) for name, value in pairs if name != "value"}
    part = values.pop("part", "")
    return frozenset(values.items()), part


def _by_keys(receipt: Document) -> dict[MarkKeys, list[Document]]:
    """The marks of a receipt by their keys: alone, and with the question that they answer."""
    marks = defaultdict(list)
    for mark in receipt["marks"]:
        keys = frozenset((name, str(value)) for name, value in mark["mark"].items() if name != "part")
        marks[keys, ""].append(mark)
        marks[keys, mark["part"]].append(mark)
    return marks


def _addresses(path: str, drawing: svg.Drawing, receipt: Document) -> Check:
    """Every mark of the receipt is in the figure, and every mark in the figure is in the receipt."""
    addresses, known = [shape.address for shape in drawing.marks], _by_keys(receipt)
    times, drawn = Counter(addresses), {*addresses, *map(geometry.base, addresses)}
    expected = [mark["address"] for mark in receipt["marks"]]
    absent = [address for address in expected if address not in drawn]
    extra = [address for address in addresses
             if not address.startswith(f"{receipt['figure']}|") or _keys(address) not in known or times[address] > 1]  # fmt: skip
    findings = [Message("mark_absent", Place(path), {"mark": address}) for address in absent]
    findings += [Message("mark_extra", Place(path), {"mark": address}) for address in extra]
    return Check("marks", len({*times, *expected}), tuple(findings))


# --- numbers as text -------------------------------------------------------------------------------------------------


class _Numbers:
    """Every number that stands in a figure is one of its receipt: in a mark its own, elsewhere one of the figure's."""

    def __init__(self, path: str, drawing: svg.Drawing, receipt: Document, csv: bytes, lang: Lang) -> None:
        self.place, self.drawing, self.receipt, self.csv, self.lang = Place(path), drawing, receipt, csv, lang
        self.rules = CATALOGUE[receipt["figure"]].geometry

    def check(self) -> Check:
        marks, everywhere = _by_keys(self.receipt), self._everywhere()
        n, findings = 0, list[Message]()
        for shape in self.drawing.marks:
            numbers = spelled.tokens(shape.text)
            n += len(numbers)
            allowed = {
                form for mark in marks.get(_keys(shape.address), ()) for form in spelled.of_mark(mark, self.lang)
            }
            allowed |= {*self.rules.get("also", ())} | (everywhere if self.rules.get("shared") else set())
            if not {*numbers} <= allowed:
                findings.append(Message("drawn_number", self.place, {"mark": shape.address}))
        for shape in self.drawing.texts:
            numbers = spelled.tokens(shape.text)
            n += len(numbers)
            if shape.axes and not self.rules.get("loose") and (unknown := {*numbers} - everywhere):
                findings.append(Message("number_unknown", self.place, {"found": ", ".join(sorted(unknown))}))
        counted = [*self._ns_of_page(), *self._ns_of_panels()]
        findings += [Message("n_other", self.place, {"found": text}) for text, holds in counted if not holds]
        return Check("numbers", n + len(counted), tuple(findings))

    def _everywhere(self) -> set[str]:
        """Every number that may stand anywhere in a figure: of its marks, questions and labels."""
        of_marks = {form for mark in self.receipt["marks"] for form in spelled.of_mark(mark, self.lang)}
        of_questions = {n for question in self.receipt["questions"] for n in spelled.of_question(question, self.lang)}
        of_labels = {n for row in pages.rows(self.csv, self.lang) for cell in row for n in spelled.tokens(cell)}
        return {"0"} | of_marks | of_questions | of_labels

    def _ns_of_page(self) -> Iterator[tuple[str, bool]]:
        """Each n below the title: counted in one question, of how many, left out for which reasons."""
        page = " ".join(shape.text for shape in self.drawing.texts if not shape.axes)
        for n, _, aside in _N.findall(page):
            numbers = set(spelled.tokens(aside))
            yield (
                n,
                any(
                    n == spelled.number(question["n_out"], self.lang)
                    and numbers
                    <= {spelled.number(m, self.lang) for m in (question["n_in"], *question["left_out"].values())}
                    for question in self.receipt["questions"]
                ),
            )

    def _ns_of_panels(self) -> Iterator[tuple[str, bool]]:
        """Each n in the title of a panel: the total of the group that it names."""
        labels = pages.labels(self.csv, self.lang)
        totals: dict[str, set[str]] = defaultdict(set)
        for line in (line for question in self.receipt["questions"] for line in question["totals"]):
            code = next((value for value in line.values() if isinstance(value, str)), "")
            numbers = (value for value in line.values() if not isinstance(value, str))
            totals[labels.get(code, code)] |= {spelled.number(n, self.lang) for n in numbers}
        for shape in self.drawing.texts:
            title = re.fullmatch(r"(.*) \(n = (x|\d[\d.,]*)\)", shape.text)
            if shape.axes and title:
                yield title[2], title[2] in totals.get(title[1], {spelled.number(0, self.lang), spelled.HIDDEN})


# --- receipts --------------------------------------------------------------------------------------------------------


def _public(path: str, receipt: Document) -> Check:
    """A public receipt says that it is one, and holds nothing that only few may see."""
    shown = sorted(_RESTRICTED & set(_names(receipt)))
    if receipt.get("access") == "public" and not shown:
        return Check("public", 1)
    return Check("public", 1, (Message("restricted_shown", Place(path), {"found": ", ".join(shown) or "access"}),))


def _names(value: object) -> Iterator[str]:
    """The names that JSON holds at any depth; what a mark or a total is keyed by are not names but data."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name
            yield from _names(inside) if name not in _KEYED else ()
    elif isinstance(value, list):
        for inside in value:
            yield from _names(inside)


def _restricted(path: str, receipt: Document, public: Document) -> Check:
    """A restricted receipt says of every mark what the public one says."""
    alike = receipt.get("digests") == public.get("digests") and _shared(receipt) == _shared(public)
    return Check("receipts_alike", 1, () if alike else (Message("receipts_differ", Place(path)),))


def _shared(receipt: Document) -> list[dict[str, Any]]:
    return [{name: mark.get(name) for name in _SHARED} for mark in receipt.get("marks", ())]
