"""Read the tables, pages and notebooks of a finished report, and hold their numbers against the public receipts."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from iww_analysis.figures import texts
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.verify.finished import spelled
from iww_analysis.verify.outcome import Check

Files = Mapping[str, bytes]
Receipt = Mapping[str, Any]
INDEX, REVIEWS = (
    "index.html",
    {"review.html": "figures", "receipts/review.html": "receipts"},
)  # page -> where its receipts lie
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # beginnings that the CSV keeps from running, by a sign in front


def check(files: Files, receipts: Mapping[str, Receipt], lang: Lang, *, synthetic: bool) -> list[Check]:
    """Hold every CSV, the page, the notebooks and the reviewer's page against the receipts, and each other."""
    checks = [_csv(f"figures/{id_}.csv", files, receipt, lang) for id_, receipt in receipts.items()]
    checks += [*_page(files, receipts, lang, synthetic=synthetic), _notebooks(files, receipts, lang)]
    return checks + [_review(page, files, folder, lang) for page, folder in REVIEWS.items() if page in files]


# --- csv -------------------------------------------------------------------------------------------------------------


def rows(content: bytes, lang: Lang) -> list[list[str]]:
    """The cells of a CSV of the report."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace")), delimiter=";" if lang == "nl" else ","))


def labels(content: bytes, lang: Lang) -> dict[str, str]:
    """The label of each code, as the CSV of a figure says them."""
    head, *lines = rows(content, lang) or [[]]
    keys = {name.removesuffix(" (label)"): n for n, name in enumerate(head) if name.endswith(" (label)")}
    at = [(n, place) for name, place in keys.items() for n, key in enumerate(head) if texts.key(key, lang) == name]
    return {line[n]: line[place] for line in lines if len(line) == len(head) for n, place in at if line[n]}


def _csv(path: str, files: Files, receipt: Receipt, lang: Lang) -> Check:
    """Each line is a mark of the receipt, in its order: the same keys, and its drawn numbers as this language writes them."""
    if path not in files:
        return Check("tables", 1, (Message("held_lacks", Place(path)),))
    head, *lines = rows(files[path], lang) or [[]]
    marks = receipt["marks"]
    found = (
        []
        if len(lines) == len(marks)
        else [Message("csv_rows", Place(path), {"n": len(lines), "expected": len(marks)})]
    )
    for n, (line, mark) in enumerate(zip(lines, marks, strict=False), start=2):
        if len(line) != len(head) or not _same(dict(zip(head, line, strict=True)), receipt["figure"], mark, lang):
            found.append(Message("csv_other", Place(path, row=n), {"mark": mark["address"]}))
    return Check("tables", sum(len(mark["drawn"]) for mark in marks), tuple(found))


def _same(line: Mapping[str, str], figure: str, mark: Mapping[str, Any], lang: Lang) -> bool:
    """Whether a line of the CSV says what a mark says, and nothing that it does not."""
    plain = {
        name: cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell for name, cell in line.items()
    }
    told = {name: str(value) for name, value in mark["mark"].items()}
    said = CATALOGUE[figure].texts
    labels = {f"{texts.key(name, lang)} (label)": said.label(name, value, lang) for name, value in told.items()}
    values = {texts.value(name, lang): value for name, value in mark["drawn"].items()}
    exact = {texts.value("part", lang): mark["part"]} | labels | told
    empty = ("", spelled.HIDDEN) if None in values.values() else ("",)
    return {*told, *values} <= {*plain} and all(
        cell == exact[name] if name in exact
        else spelled.is_cell(cell, values[name], lang) if name in values
        else cell in empty
        for name, cell in plain.items()
    )  # fmt: skip


# --- the page --------------------------------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """Per section of a page, by its id: the rows of its tables, the lines of its lists, and its text; scripts with JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self.lines: dict[str, list[str]] = {}
        self.banners: list[str] = []
        self.json = ""
        self._section, self._into = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "section":
            self._section = told.get("id") or ""
        elif tag == "tr":
            self.rows.setdefault(self._section, []).append([])
        elif tag in ("td", "th"):
            self._into = "cell"
            self.rows.setdefault(self._section, [[]])[-1].append("")
        elif tag == "li":
            self._into = "line"
            self.lines.setdefault(self._section, []).append("")
        elif told.get("class") == "banner":
            self._into = "banner"
            self.banners.append("")
        elif tag == "script":
            self._into = "json" if told.get("type") == "application/json" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._section = ""
        if tag in ("td", "th", "li", "p", "script"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        match self._into:
            case "cell":
                self.rows[self._section][-1][-1] += data
            case "line":
                self.lines[self._section][-1] += data
            case "banner":
                self.banners[-1] += data
            case "json":
                self.json += data


def _without_figures(page: str, path: str, files: Files) -> tuple[str, list[Message]]:
    """The page without its pictures: each figure must stand in its own section exactly as in its file, and no other picture."""
    found = []
    for name in sorted(files):
        if name.startswith("figures/") and name.endswith(".svg"):
            svg = files[name].decode("utf-8", "replace")
            inline = svg[svg.find("<svg") :]
            section = re.search(rf'<section[^>]* id="{name[8:-4]}"', page)
            begin = section.start() if section else -1
            at = page.find(inline, begin)
            if begin < 0 or at < 0 or at > page.find("</section>", begin):
                found.append(Message("page_figure", Place(path), {"figure": name[8:-4]}))
            page = page.replace(inline, "", 1)
    if "<svg" in page:
        found.append(Message("page_picture", Place(path)))
    return page, found


def _page(files: Files, receipts: Mapping[str, Receipt], lang: Lang, *, synthetic: bool) -> Iterator[Check]:
    if INDEX not in files:
        return
    rest, found = _without_figures(files[INDEX].decode("utf-8", "replace"), INDEX, files)
    reader = _Reader()
    reader.feed(rest)
    n = len(receipts)
    for id_, receipt in receipts.items():
        if reader.rows.get(id_) != rows(files.get(f"figures/{id_}.csv", b""), lang):
            found.append(Message("page_table", Place(INDEX), {"figure": id_}))
        lines = reader.lines.get(id_, [])
        for question in receipt["questions"]:
            n += 1
            if not _accounted(question, [line for line in lines if line.endswith(f"({question['name']})")], lang):
                found.append(Message("page_account", Place(INDEX), {"figure": id_}))
    if synthetic and texts.word("synthetic", lang) not in " ".join(reader.banners).lower():
        found.append(Message("badge_absent", Place(INDEX), {"mark": "synthetic"}))
    yield Check("page", n + 1, tuple(found))


def _accounted(question: Mapping[str, Any], lines: Sequence[str], lang: Lang) -> bool:
    """Whether the account says what was counted of how many, and what was left out, with the numbers of the receipt."""
    left = {why: n for why, n in question["left_out"].items() if n != 0}
    expected = [[spelled.number(n, lang) for n in (question["n_out"], question["n_in"])]]
    expected += [[spelled.number(n, lang), *spelled.tokens(texts.left_out(why, lang))] for why, n in left.items()]
    said = [spelled.tokens(line.removesuffix(f"({question['name']})")) for line in lines]
    return said == expected


# --- notebooks -------------------------------------------------------------------------------------------------------


def _notebooks(files: Files, receipts: Mapping[str, Receipt], lang: Lang) -> Check:
    """A figure that a notebook shows bears the digests of its receipt, and its n."""
    line = re.compile(r"([FT]\d\d) · .* = (\S+) · \S+ ([0-9a-f]{6}) · \S+ ([0-9a-f]{6})")
    n, found = 0, []
    for path in sorted(files):
        if not path.endswith(".ipynb"):
            continue
        for id_, counted, numbers, marks in line.findall("\n".join(_printed(files[path]))):
            n += 1
            told = receipts.get(id_, {})
            digests = told.get("digests", {"numbers": numbers, "marks": marks})  # a panel has no receipt
            same = (digests["numbers"][:6], digests["marks"][:6]) == (numbers, marks)
            counts = {spelled.number(q["n_out"], lang) for q in told.get("questions", ())} or {counted}
            if not same or counted not in counts:
                found.append(Message("notebook_other", Place(path), {"figure": id_}))
    return Check("notebooks", n, tuple(found))


def _printed(content: bytes) -> Iterator[str]:
    """The plain text of every output of a notebook."""
    try:
        cells = json.loads(content)["cells"]
    except (ValueError, KeyError, TypeError):
        return
    for cell in cells:
        for output in cell.get("outputs", ()):
            text = output.get("text") or output.get("data", {}).get("text/plain") or ""
            yield from "".join(text).splitlines()


# --- the reviewer's page ---------------------------------------------------------------------------------------------


def _review(path: str, files: Files, folder: str, lang: Lang) -> Check:
    """The reviewer's page shows each figure as it is, and tells each mark as its receipt does."""
    rest, found = _without_figures(files[path].decode("utf-8", "replace"), path, files)
    reader = _Reader()
    reader.feed(rest)
    try:
        told = json.loads(reader.json)
    except ValueError:
        return Check("review", 1, (Message("page_broken", Place(path)),))
    n = 0
    for id_, shown in told.items():
        receipt = json.loads(files.get(f"{folder}/{id_}.json", b'{"marks": []}'))
        same = [(m["address"], m["part"], m["set"], m.get("rows") is None) for m in shown["marks"]]
        n += len(same)
        marks = [(m["address"], m["part"], m["row_set"], m.get("rows") is None) for m in receipt["marks"]]
        if same != marks or not _listed(reader.rows.get(id_, []), receipt["marks"], lang):
            found.append(Message("review_other", Place(path), {"figure": id_}))
    return Check("review", n, tuple(found))


def _listed(lines: Sequence[Sequence[str]], marks: Sequence[Mapping[str, Any]], lang: Lang) -> bool:
    """Whether the table of all marks, a head and a line each, has the drawn numbers of each, and the raw ones if it has any."""
    if len(lines) != len(marks) + 1:
        return False
    for (_, *cells), mark in zip(lines[1:], marks, strict=True):
        values = (mark["drawn"], mark.get("raw", {}))
        for cell, told in zip(cells, values, strict=False):
            named = {token for name in told for token in spelled.tokens(texts.value(name, lang))}  # such as "90 dagen"
            if not set(spelled.tokens(cell)) <= spelled.of_mark({"mark": {}, "drawn": told}, lang) | named:
                return False
    return True
