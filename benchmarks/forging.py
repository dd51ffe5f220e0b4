"""Alter a number, picture, table or raw file as a careful forger would: CAREFUL are the ways, `rehashed` makes every hash fit."""

import io
import json
import random
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

from benchmarks.spoiling import Changes, Tree, row_removed, table_row
from iww_analysis.io.disk import files
from iww_analysis.io.processed import store
from iww_analysis.privacy.pseudonyms import demo_key
from iww_analysis.report.manifest import MANIFEST, files_hash, root

Forged = dict[str, bytes]
Way = Callable[[Tree, random.Random], Forged]
_TEXTS = (".json", ".toml", ".html", ".sig")


# ---- every hash ---------------------------------------------------------------------------------------------------------


def rehashed(tree: Tree, forged: Mapping[str, bytes], also: Mapping[str, str] = MappingProxyType({})) -> Changes:
    """Make every hash that follows from forged files fit: cards, ledgers, receipts, packages, pages and the manifest.

    A hash is found wherever it stands as text, and in the table of sources. `also`: hashes over several files, old and new.
    """
    start = {**tree.files, **forged}
    now, known = dict(start), dict[str, str]()
    while True:
        changed = [path for path, content in now.items() if content != tree.files[path]]
        pairs = {**also, **{files.sha256(tree.files[path]): files.sha256(now[path]) for path in changed}}
        pairs |= dict(zip(_over_the_report(tree, tree.files), _over_the_report(tree, now), strict=True))
        if pairs == known:
            return {path: now[path] for path in changed}
        known = pairs
        now = {path: _refitted(path, content, tree, now, pairs) for path, content in start.items()}


def _over_the_report(tree: Tree, contents: Mapping[str, bytes]) -> tuple[str, str]:
    """The hash over its public files, and the keyed one over what stays inside: the key of the demo is known to all."""
    public = json.loads(contents[f"reports/{tree.name}/{MANIFEST}"])["files"]
    inside = contents[f"data/receipts/{tree.name}/{MANIFEST}"]
    return files_hash(public), root(inside, tree.name, demo_key())["root"]


def _refitted(path: str, content: bytes, tree: Tree, now: Mapping[str, bytes], pairs: Mapping[str, str]) -> bytes:
    if path.endswith("/sources.parquet"):
        table = pq.read_table(io.BytesIO(content))
        hashes = [pairs.get(sha, sha) for sha in table["sha256"].to_pylist()]
        if hashes != table["sha256"].to_pylist():
            column = table.schema.get_field_index("sha256")
            return store.table_bytes(
                table.set_column(column, table.schema.field(column), pa.array(hashes, table["sha256"].type))
            )
    if not path.endswith(_TEXTS):
        return content
    text = content.decode()
    for old, new in pairs.items():
        text = text.replace(old, new)
    if PurePosixPath(path).name in ("datapackage.json", "ro-crate-metadata.json"):
        told = json.loads(text)
        for entry in [*told.get("resources", ()), *told.get("@graph", ())]:
            of = f"{PurePosixPath(path).parent}/{entry.get('path') or entry.get('@id')}"
            if of in now and of != path:
                entry |= {name: type(entry[name])(len(now[of])) for name in ("bytes", "contentSize") if name in entry}
        text = files.as_json(told)
    return text.encode()


# ---- numbers of figures -------------------------------------------------------------------------------------------------


class Figure:
    """The files of one figure in the making of a forgery: its receipts, its CSV, its picture, and the pages that hold them."""

    def __init__(self, tree: Tree, id_: str) -> None:
        """Take the files as they are."""
        self.tree, self.id, self.base, self.receipts = tree, id_, f"reports/{tree.name}", f"data/receipts/{tree.name}"
        self.public = json.loads(tree.files[f"{self.base}/figures/{id_}.json"])
        self.restricted = json.loads(tree.files[f"{self.receipts}/{id_}.json"])
        self.svg = tree.files[f"{self.base}/figures/{id_}.svg"].decode()
        self.csv = tree.files[f"{self.base}/figures/{id_}.csv"].decode()

    def forged(self) -> Forged:
        """Every file of the report that follows, the pages with them."""
        out = {f"{self.base}/figures/{self.id}.json": files.as_json(self.public).encode(),
               f"{self.receipts}/{self.id}.json": files.as_json(self.restricted).encode(),
               f"{self.base}/figures/{self.id}.svg": self.svg.encode(),
               f"{self.base}/figures/{self.id}.csv": self.csv.encode()}  # fmt: skip
        for path in [*self.tree.report("*.html"), *self.tree.inside("*.html")]:
            page = self.tree.files[path].decode()
            svg, csv = (self.tree.files[f"{self.base}/figures/{self.id}.{kind}"].decode() for kind in ("svg", "csv"))
            out[path] = page.replace(_inline(svg), _inline(self.svg)).replace(_table(csv), _table(self.csv)).encode()
        return {path: content for path, content in out.items() if content != self.tree.files[path]}


def _inline(svg: str) -> str:
    return svg[svg.index("<svg") :]


def _table(csv: str) -> str:
    """The rows of a CSV as the page holds them; cells with signs that HTML writes otherwise are not looked for."""
    lines = [line.split(";") for line in csv.removeprefix("\ufeff").splitlines()[1:]]
    return "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)


def _figures(tree: Tree, *ids: str) -> list[Figure]:
    found = [PurePosixPath(path).stem for path in tree.report("figures/*.json")]
    return [Figure(tree, id_) for id_ in found if not ids or id_ in ids]


def _drawn_number(tree: Tree, chance: random.Random) -> Forged:
    """A count behind a bar: in both receipts, the CSV, the picture, and the pages that hold them."""
    options = [(figure, n, name, value) for figure in _figures(tree, "F05", "F17", "F23", "F03")
               for n, mark in enumerate(figure.public["marks"])
               for name, value in mark["drawn"].items()
               if name.startswith("n_") and value and len(re.findall(rf"[>(]{value}[)< ]", figure.svg)) == 1]  # fmt: skip
    figure, n, name, value = chance.choice(options)
    for receipt in (figure.public, figure.restricted):
        receipt["marks"][n]["drawn"][name] = value + 5
    figure.restricted["marks"][n]["raw"][name] += 5
    figure.svg = re.sub(rf"([>(]){value}([)< ])", rf"\g<1>{value + 5}\g<2>", figure.svg)
    lines = figure.csv.split("\r\n")
    lines[n + 1] = re.sub(rf"(?<=;){value}(?=;|$)", str(value + 5), lines[n + 1])
    figure.csv = "\r\n".join(lines)
    return figure.forged()


def _raw_number(tree: Tree, chance: random.Random) -> Forged:
    """The raw count on the restricted receipt: what is drawn may still be what the rule makes of it."""
    figure = chance.choice(_figures(tree))
    mark = chance.choice([m for m in figure.restricted["marks"] if any(isinstance(v, int) for v in m["raw"].values())])
    name = chance.choice([name for name, value in mark["raw"].items() if isinstance(value, int)])
    mark["raw"][name] += 1
    return figure.forged()


def _bar(tree: Tree, chance: random.Random) -> Forged:
    """The length of a bar, in the picture and on the pages."""
    figure = chance.choice([f for f in _figures(tree, "F03", "F05", "F17", "F23") if re.search(_LENGTH, f.svg)])
    found = chance.choice(list(re.finditer(_LENGTH, figure.svg)))
    longer = f"{float(found[2]) + chance.randrange(2, 20):.6f}"
    figure.svg = figure.svg[: found.start()] + found[0].replace(found[2], longer) + figure.svg[found.end() :]
    return figure.forged()


_LENGTH = r'(id="F\d\d\|[^"]*">\s*<path d="M [\d.]+ [\d.]+ \nL )([\d.]+) [\d.]+ \nL [\d.]+ [\d.]+ '


def _text(tree: Tree, chance: random.Random) -> Forged:
    """A number that stands in a picture, there and on the pages only."""
    figure = chance.choice([figure for figure in _figures(tree) if re.search(r">\d+<", figure.svg)])
    found = chance.choice(list(re.finditer(r">(\d+)<", figure.svg)))
    figure.svg = f"{figure.svg[: found.start()]}>{int(found[1]) + 1}<{figure.svg[found.end() :]}"
    return figure.forged()


def _account(tree: Tree, chance: random.Random) -> Forged:
    """How many units were counted, on both receipts."""
    figure = chance.choice(_figures(tree))
    n = chance.randrange(len(figure.public["questions"]))
    name = chance.choice(["n_in", "n_out"])
    for receipt in (figure.public, figure.restricted):
        if receipt["questions"][n][name] is not None:
            receipt["questions"][n][name] += 10
    return figure.forged()


def _question(tree: Tree, chance: random.Random) -> Forged:
    """The SQL by which it was counted."""
    figure = chance.choice(_figures(tree))
    n = chance.randrange(len(figure.public["questions"]))
    for receipt in (figure.public, figure.restricted):
        receipt["questions"][n]["sql"] += "\nLIMIT 100"
    return figure.forged()


def _rows_behind(tree: Tree, chance: random.Random) -> Forged:
    """The rows behind a mark, on the restricted receipt, and their hash."""
    figure = chance.choice([f for f in _figures(tree) if any(mark["rows"] for mark in f.restricted["marks"])])
    n = chance.choice([n for n, mark in enumerate(figure.restricted["marks"]) if mark["rows"]])
    mark = figure.restricted["marks"][n]
    mark["rows"] = {place: f"{rows},9999" for place, rows in mark["rows"].items()}
    mark["n_rows"] += len(mark["rows"])
    mark["row_set"] = files.sha256(repr(mark["rows"]).encode())
    return figure.forged()


def _mark_gone(tree: Tree, chance: random.Random) -> Forged:
    """A mark taken from receipts, CSV, picture and pages."""
    figure = chance.choice(_figures(tree, "F01", "F02", "F05", "F17"))
    n = chance.randrange(len(figure.public["marks"]))
    address = figure.public["marks"][n]["address"]
    for receipt in (figure.public, figure.restricted):
        del receipt["marks"][n]
    lines = figure.csv.split("\r\n")
    figure.csv = "\r\n".join([*lines[: n + 1], *lines[n + 2 :]])
    figure.svg = re.sub(rf'(?s)<g id="{re.escape(address)}">.*?</g>\n', "", figure.svg)
    return figure.forged()


# ---- other files of the report ------------------------------------------------------------------------------------------


def _picture(tree: Tree, chance: random.Random) -> Forged:
    """A stroke of paint over the PNG, saved as it was."""
    path = chance.choice([path.replace(".json", ".png") for path in tree.report("figures/*.json")])
    with Image.open(io.BytesIO(tree.files[path])) as picture:
        ImageDraw.Draw(picture).rectangle((200, 200, 240, 210), fill=chance.randrange(256))
        out = io.BytesIO()
        picture.save(out, format="png", optimize=True)
    return {path: out.getvalue()}


def _notebook(tree: Tree, chance: random.Random) -> Forged:
    """The n that a notebook prints."""
    path = next(path for path in tree.report("notebooks/*.ipynb") if b"\xc2\xb7 n_" in tree.files[path])
    return {
        path: re.sub(
            rb"(n_\w+ = )(\d+)", lambda m: m[1] + b"%d" % (int(m[2]) + chance.randrange(1, 9)), tree.files[path]
        )
    }


def _page(tree: Tree, chance: random.Random) -> Forged:
    """A number on the page that belongs to no figure: the quality of the data."""
    path = f"reports/{tree.name}/index.html"
    text = tree.files[path].decode()
    found = chance.choice(list(re.finditer(r'(<td class="number[^"]*">)(\d+)(<|%)', text)))
    return {path: f"{text[: found.start()]}{found[1]}{int(found[2]) + 1}{found[3]}{text[found.end() :]}".encode()}


def _sentence(tree: Tree, chance: random.Random) -> Forged:
    """A caveat taken from the page."""
    path = f"reports/{tree.name}/index.html"
    text = tree.files[path].decode()
    found = chance.choice(list(re.finditer(r'<ul class="mind"><li>[^<]*</li>', text)))
    return {path: (text[: found.start()] + '<ul class="mind">' + text[found.end() :]).encode()}


def _quality(tree: Tree, chance: random.Random) -> Forged:
    """A number on the receipt of the quality of the data."""
    path = chance.choice([f"reports/{tree.name}/quality.json", f"data/receipts/{tree.name}/quality.json"])
    told = json.loads(tree.files[path])
    options = [
        (mark["drawn"], name)
        for mark in told["marks"]
        for name, value in mark["drawn"].items()
        if isinstance(value, int)
    ]
    drawn, name = chance.choice(options)
    drawn[name] += 5
    return {path: files.as_json(told).encode()}


# ---- inputs -------------------------------------------------------------------------------------------------------------


def _value(tree: Tree, chance: random.Random) -> Forged:
    """One value of a processed table into another that the column holds."""
    path, column = chance.choice([(f"data/processed/elburg/{table}.parquet", column) for table, column in _COUNTED])
    table = pq.read_table(io.BytesIO(tree.files[path]))
    values = table[column].to_pylist()
    at = chance.choice([n for n, value in enumerate(values) if value is not None])
    values[at] = chance.choice(sorted({value for value in values if value not in (None, values[at])}))
    index = table.schema.get_field_index(column)
    changed = table.set_column(index, table.schema.field(index), pa.array(values, pa.string()).cast(table[column].type))
    return {path: store.table_bytes(changed)}


_COUNTED = (("cases", "closure_reason"), ("case_domains", "domain"), ("plans", "made_by"), ("actions", "status"))


def _table_row(tree: Tree, chance: random.Random) -> Forged:
    changes = table_row(tree, chance, "cases", "case_domains", "plans", "actions", "referrals")
    return {path: content for path, content in changes.items() if content is not None}


def _ledger(tree: Tree, chance: random.Random) -> Forged:
    """The account of a sheet: as many rows more in the file as were kept more, so that it still adds up."""
    path = chance.choice(tree.like("data/processed/*/ledger.json"))
    told = json.loads(tree.files[path])
    sheet = chance.choice(told["sheets"])
    for name in ("rows_in_file", "rows_read", "rows_kept"):
        sheet[name] += 3
    return {path: files.as_json(told).encode()}


def _raw_row(tree: Tree, chance: random.Random) -> Forged:
    path = chance.choice(tree.raw(".csv", ".xlsx"))
    return {path: row_removed(path, tree.files[path], chance)}


def _raw_cell(tree: Tree, chance: random.Random) -> Forged:
    """The reason why a case was closed, in the file that was delivered."""
    (path,) = (path for path in tree.raw(".xlsx") if "dossiers" in path)
    book = openpyxl.load_workbook(io.BytesIO(tree.files[path]))
    sheet = book["Dossiers"]
    column = next(cell.column for row in sheet.iter_rows(max_row=12) for cell in row if cell.value == "Reden einde")
    cells = [row[0] for row in sheet.iter_rows(min_row=15, min_col=column, max_col=column) if row[0].value]
    words = sorted({str(cell.value) for cell in cells})
    cell = chance.choice(cells)
    cell.value = chance.choice([word for word in words if word.casefold()[:4] != str(cell.value).casefold()[:4]])
    out = io.BytesIO()
    book.save(out)
    return {path: out.getvalue()}


def _crosswalk(tree: Tree, chance: random.Random) -> Forged:
    """A line by which a word of Elburg becomes a code: another code of the same list."""
    path = "data/crosswalks/elburg.toml"
    text = tree.files[path].decode()
    lists = {m[1]: m for m in re.finditer(r"(?ms)^\[codes\.(\w+)\]\n(.*?)(?=^\[|\Z)", text)}
    lines = [(name, line) for name, block in lists.items() for line in re.finditer(r'(?m)^(".*?" = )"(\w+)"', block[2])]
    name, line = chance.choice(
        [(name, line) for name, line in lines if name in ("closure_reason", "life_domain")] or lines
    )
    codes = sorted({other[2] for named, other in lines if named == name and other[2] != line[2]})
    return {path: text.replace(line[0], f'{line[1]}"{chance.choice(codes)}"', 1).encode()}


CAREFUL: Mapping[str, Way] = {
    "drawn number: receipts, csv, picture, pages": _drawn_number,
    "raw count on the restricted receipt": _raw_number,
    "length of a bar: picture, pages": _bar,
    "number as text: picture, pages": _text,
    "n counted or asked for: receipts": _account,
    "SQL: receipts": _question,
    "rows behind a mark: receipts": _rows_behind,
    "mark gone: receipts, csv, picture, pages": _mark_gone,
    "paint on a png": _picture,
    "output of a notebook": _notebook,
    "number of data quality: page": _page,
    "caveat gone: page": _sentence,
    "number of data quality: receipt": _quality,
    "value in a processed table": _value,
    "row gone from a processed table": _table_row,
    "numbers of a ledger": _ledger,
    "row gone from a raw file": _raw_row,
    "cell of a raw file": _raw_cell,
    "line of a crosswalk": _crosswalk,
}
INPUT = ("data/raw/", "data/crosswalks/")  # a forgery of these is only seen by building again
