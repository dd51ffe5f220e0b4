"""Read a finished report as its reader gets it: what stands in the figures, beside the public receipts.

Nothing is drawn again and no code that draws is asked, so that a reviewer who has only the released report can do this too.
What place and size say of numbers is declared with each figure; pictures as PNG are held by their hash alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from urllib.parse import unquote

from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.verify.evidence import Contents, Document, document
from iww_analysis.verify.finished import geometry, pages, spelled, svg
from iww_analysis.verify.outcome import Check, Tally

_PUBLIC = re.compile(r"figures/([FT]\d\d)\.json")
_FIGURE = re.compile(r"figures/([FT]\d\d)\.svg")
_N = "n = "  # how each account below the title begins
_TITLE = re.compile(r"(.*) \(n = (x|\d[\d.,]*)\)")
# only for who may see the raw files
_RESTRICTED = {"raw", "n_rows", "rows", "row_set", "sha256", "crosswalk", "rows_in_file", "rows_kept", "called"}
_KEYED = ("mark", "drawn", "totals", "absent", "left_out", "words")  # whose names are not names but data
_SHARED = ("part", "mark", "address", "drawn")  # of a mark, on the public and the restricted receipt

# the keys of a mark, and the question that it answers, "" where not named
MarkKeys = tuple[frozenset[tuple[str, str]], str]


def check(files: Contents, lang: Lang) -> Sequence[Check]:
    """Hold what stands in the finished files against the public receipts."""
    tally, receipts = Tally("public"), dict[str, Document]()
    synthetic = bool(document(files["manifest.json"]).get("synthetic"))
    public: dict[str, Document] = {path: document(files[path]) for path in sorted(files) if _PUBLIC.fullmatch(path)}
    for path, receipt in public.items():
        if _is_whole(receipt):
            receipts[path[8:-5]] = receipt
        else:
            tally.fault("public", "verify_receipt_broken", Place(path))
    for figure in filter(None, map(_FIGURE.fullmatch, sorted(files))):
        _figure(tally, figure[0], files, receipts.get(figure[1]), lang, synthetic=synthetic)
    for path, receipt in public.items():  # it says that it is public, and holds nothing that only few may see
        shown = sorted(_RESTRICTED & set(_names(receipt)))
        is_public = receipt.get("access") == "public" and not shown
        tally.hold("public", is_public, "restricted_shown", Place(path), found=", ".join(shown) or "access")
    for id_, receipt in receipts.items():  # the restricted one says of every mark what the public one says
        if (path := f"receipts/{id_}.json") in files:
            alike = _shared(document(files[path])) == _shared(receipt)
            tally.hold("receipts_alike", alike, "receipts_differ", Place(path))
    tally.add(*pages.check(files, receipts, lang, synthetic=synthetic))
    return tally.checks


def _is_whole(receipt: Document) -> bool:
    """Whether a receipt has all that is read of it here."""
    try:
        marks = [(m["part"], m["address"], m["mark"].items(), m["drawn"].items()) for m in receipt["marks"]]
        asked = [(q["name"], q["unit"], q["n_in"], q["n_out"], q["left_out"].values(), [t.values() for t in q["totals"]])
                 for q in receipt["questions"]]  # fmt: skip
        digests = receipt["digests"]
        whole = marks and asked and receipt["rule"]["name"] and digests["numbers"] and digests["marks"]
        return bool(whole and receipt["figure"] in CATALOGUE)
    except (KeyError, TypeError, AttributeError):
        return False


def _figure(tally: Tally, path: str, files: Contents, receipt: Document | None, lang: Lang, *, synthetic: bool) -> None:
    place = Place(path)
    try:
        drawing = svg.read(files[path])
    except svg.NoFigureError:
        tally.hold("marks", False, "figure_unreadable", place)
        return
    # the mark of invented data, and of unprotected numbers, on every figure that needs it
    needed = ["synthetic"] if synthetic and (receipt is None or receipt.get("synthetic")) else []
    needed += ["internal"] if receipt and receipt.get("parameters", {}).get("internal") else []
    written = {shape.text for shape in drawing.texts}
    tally.add(Check("badges", 0))
    for badge in needed:
        tally.hold("badges", texts.word(badge, lang) in written, "badge_absent", place, mark=badge)
    if receipt is None:
        tally.add(Check("marks", 1, tuple(Message("mark_extra", place, {"mark": s.address}) for s in drawing.marks)))
        return
    _addresses(tally, place, drawing, receipt)
    n, faults = geometry.measured(receipt, drawing, lang)
    tally.add(Check("measures", n, tuple(Message(f"drawn_{kind}", place, {"mark": mark}) for kind, mark in faults)))
    _numbers(tally, place, drawing, receipt, files.get(f"{path[:-4]}.csv", b""), lang)


def _keys(address: str) -> MarkKeys:
    """The keys of an address; which value it shows is no key."""
    pairs = [pair.partition("=")[::2] for pair in address.split("|")[1:]]
    values = {name: unquote(value) for name, value in pairs if name != "value"}
    return frozenset((name, value) for name, value in values.items() if name != "part"), values.get("part", "")


def _by_keys(receipt: Document) -> dict[MarkKeys, list[Document]]:
    """The marks of a receipt by their keys: alone, and with the question that they answer."""
    marks = defaultdict(list)
    for mark in receipt["marks"]:
        keys = frozenset((name, str(value)) for name, value in mark["mark"].items() if name != "part")
        marks[keys, ""].append(mark)
        marks[keys, mark["part"]].append(mark)
    return marks


def _addresses(tally: Tally, place: Place, drawing: svg.Drawing, receipt: Document) -> None:
    """Every mark of the receipt is in the figure, and every mark in the figure is in the receipt."""
    addresses, known, figure = [shape.address for shape in drawing.marks], _by_keys(receipt), receipt["figure"]
    times, drawn = Counter(addresses), {*addresses, *map(geometry.base, addresses)}
    expected = [mark["address"] for mark in receipt["marks"]]
    faults = [("mark_absent", address) for address in expected if address not in drawn]
    faults += [("mark_extra", address) for address in addresses
               if not address.startswith(f"{figure}|") or _keys(address) not in known or times[address] > 1]  # fmt: skip
    findings = tuple(Message(code, place, {"mark": address}) for code, address in faults)
    tally.add(Check("marks", len({*times, *expected}), findings))


def _numbers(tally: Tally, place: Place, drawing: svg.Drawing, receipt: Document, csv: bytes, lang: Lang) -> None:
    """Every number that stands in a figure is one of its receipt: in a mark its own, elsewhere one of the figure's."""
    marks, questions, declared = _by_keys(receipt), receipt["questions"], CATALOGUE[receipt["figure"]].geometry
    everywhere = {"0"} | {token for row in pages.rows(csv, lang) for cell in row for token in spelled.tokens(cell)}
    everywhere = everywhere.union(*(spelled.of_mark(mark, lang) for mark in receipt["marks"]))
    everywhere = everywhere.union(*(spelled.of_question(question, lang) for question in questions))
    beside = {*declared.get("also", ())} | (everywhere if declared.get("shared") else set())
    for shape in drawing.marks:
        numbers = spelled.tokens(shape.text)
        tally.add(Check("numbers", len(numbers)))
        allowed = beside.union(*(spelled.of_mark(mark, lang) for mark in marks.get(_keys(shape.address), ())))
        if not {*numbers} <= allowed:
            tally.fault("numbers", "drawn_number", place, mark=shape.address)
    for shape in drawing.texts:
        numbers = spelled.tokens(shape.text)
        tally.add(Check("numbers", len(numbers)))
        if shape.axes and not declared.get("loose") and (unknown := {*numbers} - everywhere):
            tally.fault("numbers", "number_unknown", place, found=", ".join(sorted(unknown)))
    named = {question["name"]: question for question in questions}
    units = {name: unit[lang] for name, unit in CATALOGUE[receipt["figure"]].texts.parts.items() if name in named}
    units = units or {questions[0]["name"]: texts.unit(questions[0]["unit"], lang)}
    accounts = [_account_tokens(named[name], unit, lang) for name, unit in units.items()]
    for account, expected in zip_longest(_accounts(drawing), accounts, fillvalue=["–"]):
        tally.hold("numbers", account == expected, "n_other", place, found=account[0])
    totals = _totals(questions, pages.labels(csv, lang), lang)
    for shape in drawing.texts:  # each n in the title of a panel: the total of the group that it names
        title = _TITLE.fullmatch(shape.text)
        if shape.axes and title:
            holds = title[2] in totals.get(title[1], {spelled.number(0, lang), spelled.HIDDEN})
            tally.hold("numbers", holds, "n_other", place, found=title[2])


def _accounts(drawing: svg.Drawing) -> Iterator[list[str]]:
    """The numbers of each account below the title; they follow each other from the first line that begins as one."""
    for shape in (shape for shape in drawing.texts if not shape.axes):
        first = next((at for at, line in enumerate(shape.lines) if line.startswith(_N)), len(shape.lines))
        facts = " ".join(shape.lines[first:]).split(" · ")
        yield from (spelled.tokens(fact) for fact in facts if fact.startswith(_N))


def _account_tokens(question: Document, unit: str, lang: Lang) -> list[str]:
    """The numbers that an account must hold, in order: counted, of how many where that is more, and left out by reason."""
    n_in, n_out = question["n_in"], question["n_out"]
    left = {texts.left_out(why, lang): n for why, n in question["left_out"].items() if n != 0}
    of = [spelled.number(n_in, lang)] if n_in != n_out else []
    gone = [token for why, n in left.items() for token in (*spelled.tokens(why), spelled.number(n, lang))]
    return [spelled.number(n_out, lang), *spelled.tokens(unit), *of, *gone]


def _totals(questions: Sequence[Document], labels: Mapping[str, str], lang: Lang) -> Mapping[str, set[str]]:
    """The totals of each group, by its label."""
    totals = defaultdict[str, set[str]](set)
    for line in (line for question in questions for line in question["totals"]):
        code = next((value for value in line.values() if isinstance(value, str)), "")
        totals[labels.get(code, code)] |= spelled.numbers(line.values(), lang)
    return totals


def _names(value: object) -> Iterator[str]:
    """The names that JSON holds at any depth; what a mark or a total is keyed by are not names but data."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name
            yield from _names(inside) if name not in _KEYED else ()
    elif isinstance(value, list):
        for inside in value:
            yield from _names(inside)


def _shared(receipt: Document) -> tuple[object, ...]:
    """What the public and the restricted receipt both say."""
    return receipt.get("digests"), [{name: mark.get(name) for name in _SHARED} for mark in receipt.get("marks", ())]
