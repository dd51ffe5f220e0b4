"""Read the tables, pages and notebooks of a finished report, and hold their numbers against the public receipts."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.verify.evidence import Contents, Document, document
from iww_analysis.verify.finished import spelled
from iww_analysis.verify.outcome import Check, Tally

INDEX = "index.html"
REVIEWS = {"review.html": "figures", "receipts/review.html": "receipts"}  # page -> where its receipts lie
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # beginnings that the CSV keeps from running, by a sign in front
_SHOWN = re.compile(r"([FT]\d\d) · .* = (\S+) · \S+ ([0-9a-f]{6}) · \S+ ([0-9a-f]{6})")  # the line under a figure


def check(files: Contents, receipts: Mapping[str, Document], lang: Lang, *, synthetic: bool) -> Sequence[Check]:
    """Hold every CSV, the page, the notebooks and the reviewer's page against the receipts, and each other."""
    tally = Tally()
    for id_, receipt in receipts.items():
        _csv(tally, f"figures/{id_}.csv", files, receipt, lang)
    if INDEX in files:
        _index(tally, files, receipts, lang, synthetic=synthetic)
    _notebooks(tally, files, receipts, lang)
    for page, folder in REVIEWS.items():
        if page in files:
            tally.add(*_review(page, files, folder, lang))
    return tally.checks


def rows(content: bytes, lang: Lang) -> list[list[str]]:
    """The cells of a CSV of the report."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace")), delimiter=";" if lang == "nl" else ","))


def labels(content: bytes, lang: Lang) -> dict[str, str]:
    """The label of each code, as the CSV of a figure says them."""
    head, *lines = rows(content, lang) or [[]]
    labelled = {name.removesuffix(" (label)"): n for n, name in enumerate(head) if name.endswith(" (label)")}
    pairs = [(n, labelled[name]) for n, key in enumerate(head) if (name := texts.key(key, lang)) in labelled]
    return {line[n]: line[label] for line in lines if len(line) == len(head) for n, label in pairs if line[n]}


def _csv(tally: Tally, path: str, files: Contents, receipt: Document, lang: Lang) -> None:
    """Each line is a mark of the receipt, in its order: the same keys, and its drawn numbers as this language writes them."""
    if path not in files:
        tally.hold("tables", False, "held_lacks", Place(path))
        return
    head, *lines = rows(files[path], lang) or [[]]
    marks = receipt["marks"]
    tally.add(Check("tables", sum(len(mark["drawn"]) for mark in marks)))
    if len(lines) != len(marks):
        tally.fault("tables", "csv_rows", Place(path), n=len(lines), expected=len(marks))
    for n, (line, mark) in enumerate(zip(lines, marks, strict=False), start=2):
        if len(line) != len(head) or not _same(dict(zip(head, line, strict=True)), receipt["figure"], mark, lang):
            tally.fault("tables", "csv_other", Place(path, row=n), mark=mark["address"])


def _same(line: Mapping[str, str], figure: str, mark: Document, lang: Lang) -> bool:
    """Whether a line of the CSV says what a mark says, and nothing that it does not."""
    keys = {name: str(value) for name, value in mark["mark"].items()}
    labelled = {f"{texts.key(name, lang)} (label)": CATALOGUE[figure].texts.label(name, value, lang)
                for name, value in keys.items()}  # fmt: skip
    values = {texts.value(name, lang): value for name, value in mark["drawn"].items()}
    exact = {texts.value("part", lang): mark["part"]} | labelled | keys
    empty = ("", spelled.HIDDEN) if None in values.values() else ("",)
    for name, cell in line.items():
        text = cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
        allowed = (exact[name],) if name in exact else empty
        is_number = name in values and name not in exact
        if not (spelled.is_cell(text, values[name], lang) if is_number else text in allowed):
            return False
    return {*keys, *values} <= {*line}


class _Reader(HTMLParser):
    """Per section of a page, by its id: the rows of its tables, the lines of its lists, and its text; scripts with JSON."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows, self.lines = dict[str, list[list[str]]](), dict[str, list[str]]()
        self.banners, self.json, self._section = list[str](), [""], ""
        self._into: list[str] | None = None  # what is read goes to the end of its last
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._section = given.get("id") or ""
        elif tag == "tr":
            self.rows.setdefault(self._section, []).append([])
        elif tag in ("td", "th"):
            self._read_into(self.rows.setdefault(self._section, [[]])[-1])
        elif tag == "li":
            self._read_into(self.lines.setdefault(self._section, []))
        elif given.get("class") == "banner":
            self._read_into(self.banners)
        elif tag == "script":
            self._into = self.json if given.get("type") == "application/json" else None

    def _read_into(self, pieces: list[str]) -> None:
        pieces.append("")
        self._into = pieces

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._section = ""
        if tag in ("td", "th", "li", "p", "script"):
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data


def _pictures(files: Contents) -> list[tuple[str, bool]]:
    """Every picture of the report by the id of its figure, and whether it is one of numbers, which have a receipt."""
    pictures = [name[8:-4] for name in sorted(files) if name.startswith("figures/") and name.endswith(".svg")]
    return [(id_, f"figures/{id_}.json" in files) for id_ in pictures]


def _without_figures(tally: Tally, check: str, path: str, files: Contents) -> _Reader:
    """Read a page without its pictures: each must stand in its own section exactly as in its file, and no other.

    A panel, of which there is no receipt, does not stand there.
    """
    page = files[path].decode("utf-8", "replace")
    for id_ in (id_ for id_, is_drawn in _pictures(files) if is_drawn):
        picture = files[f"figures/{id_}.svg"].decode("utf-8", "replace")
        inline = picture[picture.find("<svg") :]
        section = re.search(rf'<section[^>]* id="{id_}"', page)
        at = page.find(inline, section.start()) if section else -1
        if section is None or at < 0 or at > page.find("</section>", section.start()):
            tally.fault(check, "page_figure", Place(path), figure=id_)
        page = page.replace(inline, "", 1)
    if "<svg" in page:
        tally.fault(check, "page_picture", Place(path))
    return _Reader(page)


def _index(tally: Tally, files: Contents, receipts: Mapping[str, Document], lang: Lang, *, synthetic: bool) -> None:
    """The page shows each figure as it is, its table, and its account in the numbers of the receipt."""
    page, place = _without_figures(tally, "page", INDEX, files), Place(INDEX)
    for id_, receipt in receipts.items():
        same = page.rows.get(id_) == rows(files.get(f"figures/{id_}.csv", b""), lang)
        tally.hold("page", same, "page_table", place, figure=id_)
        for question in receipt["questions"]:
            lines = [line for line in page.lines.get(id_, ()) if line.endswith(f"({question['name']})")]
            tally.hold("page", _accounted(question, lines, lang), "page_account", place, figure=id_)
    without = " ".join(page.lines.get("lacking", ()))
    for id_ in (id_ for id_, is_drawn in _pictures(files) if not is_drawn):
        tally.hold("page", id_ in without, "page_lacking", place, figure=id_)
    badge = not synthetic or texts.word("synthetic", lang) in " ".join(page.banners).lower()
    tally.hold("page", badge, "badge_absent", place, mark="synthetic")


def _accounted(question: Document, lines: Sequence[str], lang: Lang) -> bool:
    """Whether the account says what was counted of how many, and what was left out, with the numbers of the receipt."""
    left = {why: n for why, n in question["left_out"].items() if n != 0}
    expected = [[spelled.number(n, lang) for n in (question["n_out"], question["n_in"])]]
    expected += [[spelled.number(n, lang), *spelled.tokens(texts.left_out(why, lang))] for why, n in left.items()]
    return [spelled.tokens(line.removesuffix(f"({question['name']})")) for line in lines] == expected


def _notebooks(tally: Tally, files: Contents, receipts: Mapping[str, Document], lang: Lang) -> None:
    """A figure that a notebook shows bears the digests of its receipt, and its n."""
    tally.add(Check("notebooks", 0))
    for path in sorted(path for path in files if path.endswith(".ipynb")):
        outputs = [each for cell in document(files[path]).get("cells", ()) for each in cell.get("outputs", ())]
        printed = ["".join(each.get("text") or each.get("data", {}).get("text/plain") or "") for each in outputs]
        for id_, counted, numbers, marks in _SHOWN.findall("\n".join("\n".join(printed).splitlines())):
            receipt = receipts.get(id_, {})
            digests = receipt.get("digests", {"numbers": numbers, "marks": marks})  # a panel has no receipt
            same = (digests["numbers"][:6], digests["marks"][:6]) == (numbers, marks)
            counts = {spelled.number(q["n_out"], lang) for q in receipt.get("questions", ())} or {counted}
            tally.hold("notebooks", same and counted in counts, "notebook_other", Place(path), figure=id_)


def _review(path: str, files: Contents, folder: str, lang: Lang) -> Sequence[Check]:
    """The reviewer's page shows each figure as it is, and tells each mark as its receipt does."""
    tally = Tally("review")
    page = _without_figures(tally, "review", path, files)
    try:
        figures = json.loads(page.json[0])
    except ValueError:
        return [Check("review", 1, (Message("page_broken", Place(path)),))]
    for id_, shown in figures.items():
        marks = json.loads(files.get(f"{folder}/{id_}.json", b'{"marks": []}'))["marks"]
        expected = [(m["address"], m["part"], m.get("row_set"), m.get("rows") is None) for m in marks]
        present = [(m["address"], m["part"], m.get("set"), m.get("rows") is None) for m in shown["marks"]]
        tally.add(Check("review", len(present)))
        if present != expected or not _listed(page.rows.get(id_, []), marks, lang):
            tally.fault("review", "review_other", Place(path), figure=id_)
    return tally.checks


def _listed(lines: Sequence[Sequence[str]], marks: Sequence[Document], lang: Lang) -> bool:
    """Whether the table of all marks, a head and a line each, has the drawn numbers of each, and the raw ones if it has any."""
    for (_, *cells), mark in zip(lines[1:], marks, strict=False):
        for cell, values in zip(cells, (mark["drawn"], mark.get("raw", {})), strict=False):
            in_names = {token for name in values for token in spelled.tokens(texts.value(name, lang))}  # "90 dagen"
            if not {*spelled.tokens(cell)} <= spelled.of_mark({"mark": {}, "drawn": values}, lang) | in_names:
                return False
    return len(lines) == len(marks) + 1
