"""Alter one thing in a home with a report: SINGLE holds ways that leave every hash as it was. Paths are those from home."""

import io
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed import store

Changes = dict[str, bytes | None]  # None: the file is gone
BESIDE = ("origin.toml", "plan.json")


@dataclass(frozen=True)
class Tree:
    """Every file of a home by its path: inputs, processed tables and one report."""

    home: Home
    name: str

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Path -> content."""
        base = self.home.path
        folders = (
            base / "data" / "raw",
            base / "data" / "crosswalks",
            base / "data" / "processed",
            self.home.report(self.name),
            self.home.receipts(self.name),
        )
        paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(base).as_posix(): path.read_bytes() for path in paths}

    def like(self, *patterns: str) -> list[str]:
        """The paths that fit a pattern such as `data/raw/*/*/*.csv`; what is in no hash of its own is left out."""
        own = ("duiding.md", "changes.json", "plan.json")
        return [path for path in self.files if PurePosixPath(path).name not in own
                and any(PurePosixPath(path).match(pattern) for pattern in patterns)]  # fmt: skip

    def raw(self, *suffixes: str) -> list[str]:
        """The delivered files of these kinds."""
        return [
            p for p in self.like("data/raw/*/*/*") if p.endswith(suffixes or "") and PurePosixPath(p).name not in BESIDE
        ]

    def report(self, pattern: str) -> list[str]:
        """Files of the report."""
        return self.like(f"reports/{self.name}/{pattern}")

    def inside(self, pattern: str) -> list[str]:
        """Files of the report that stay inside."""
        return self.like(f"data/receipts/{self.name}/{pattern}")


Way = Callable[[Tree, random.Random], Changes]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """One byte another."""
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ chance.randrange(1, 256)]) + content[at + 1 :]


def _byte(choose: Callable[[Tree], Sequence[str]]) -> Way:
    def way(tree: Tree, chance: random.Random) -> Changes:
        path = chance.choice(choose(tree))
        return {path: flipped(tree.files[path], chance)}

    return way


def _in_svg(pattern: str, alter: Callable[[re.Match[str], random.Random], str]) -> Way:
    """One place in the picture of a figure that has receipts."""

    def way(tree: Tree, chance: random.Random) -> Changes:
        paths = [path.replace(".json", ".svg") for path in tree.report("figures/*.json")]
        path = chance.choice([path for path in paths if re.search(pattern, tree.files[path].decode())])
        text = tree.files[path].decode()
        found = chance.choice(list(re.finditer(pattern, text)))
        return {path: (text[: found.start()] + alter(found, chance) + text[found.end() :]).encode()}

    return way


def _other_number(found: re.Match[str], chance: random.Random) -> str:
    return f">{int(found[1]) + chance.randrange(1, 9)}{found[2]}<"


def _wider(found: re.Match[str], chance: random.Random) -> str:
    return found[1] + f"{float(found[2]) + chance.randrange(2, 30):.6f}" + found[3]


def _other_colour(found: re.Match[str], chance: random.Random) -> str:
    return f"fill: #{chance.randrange(16**6):06x}"


def row_removed(path: str, content: bytes, chance: random.Random) -> bytes:
    """A raw file without one of its rows."""
    if path.endswith(".csv"):
        lines = content.splitlines(keepends=True)
        del lines[chance.randrange(len(lines) // 2, len(lines))]
        return b"".join(lines)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = max(book.worksheets, key=lambda each: each.max_row)
    sheet.delete_rows(chance.randrange(sheet.max_row // 2, sheet.max_row - 2))
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _raw_row(tree: Tree, chance: random.Random) -> Changes:
    path = chance.choice(tree.raw(".csv", ".xlsx"))
    return {path: row_removed(path, tree.files[path], chance)}


def _csv_row(tree: Tree, chance: random.Random) -> Changes:
    path = chance.choice([path.replace(".json", ".csv") for path in tree.report("figures/*.json")])
    lines = tree.files[path].splitlines(keepends=True)
    del lines[chance.randrange(1, len(lines))]
    return {path: b"".join(lines)}


def table_row(tree: Tree, chance: random.Random, *names: str) -> Changes:
    """A processed table without one of its rows."""
    paths = [path for path in tree.like("data/processed/*/*.parquet") if not names or PurePosixPath(path).stem in names]
    tables = {path: pq.read_table(io.BytesIO(tree.files[path])) for path in paths}
    path = chance.choice([path for path, table in tables.items() if table.num_rows > 1])
    at = chance.randrange(tables[path].num_rows)
    kept = pa.concat_tables([tables[path].slice(0, at), tables[path].slice(at + 1)]).combine_chunks()
    return {path: store.table_bytes(kept)}


def _crosswalk(tree: Tree, chance: random.Random) -> Changes:
    path = chance.choice(tree.like("data/crosswalks/*.toml"))
    lines = tree.files[path].splitlines(keepends=True)
    at = chance.choice([n for n, line in enumerate(lines) if b" = " in line])
    return {
        path: b"".join([*lines[:at], lines[at].replace(b'"', b'"x', 1) if b'"' in lines[at] else b"", *lines[at + 1 :]])
    }


def _somewhere(tree: Tree) -> list[str]:
    return [*tree.raw(), *tree.like("data/processed/*/*"), *tree.report("*"), *tree.report("*/*"), *tree.inside("*")]


def _removed(tree: Tree, chance: random.Random) -> Changes:
    return {chance.choice([path for path in _somewhere(tree) if not path.endswith("manifest.json")]): None}


def _added(tree: Tree, chance: random.Random) -> Changes:
    beside = PurePosixPath(chance.choice(_somewhere(tree)))
    return {(beside.parent / f"kopie van {beside.name}").as_posix(): tree.files[beside.as_posix()]}


def _renamed(tree: Tree, chance: random.Random) -> Changes:
    path = PurePosixPath(chance.choice([path for path in _somewhere(tree) if not path.endswith("manifest.json")]))
    return {path.as_posix(): None, (path.parent / f"oud {path.name}").as_posix(): tree.files[path.as_posix()]}


_BAR = r'(id="F(?:05|17|23)\|[^"]*">\s*<path d="M [\d.]+ [\d.]+ \nL )([\d.]+)( )'
SINGLE: Mapping[str, Way] = {
    "byte in a raw file": _byte(Tree.raw),
    "byte on the card of a delivery": _byte(lambda tree: tree.like("data/raw/*/*/origin.toml")),
    "byte in a processed table": _byte(lambda tree: tree.like("data/processed/*/*.parquet")),
    "byte in a ledger": _byte(lambda tree: tree.like("data/processed/*/ledger.json")),
    "byte in a figure (svg)": _byte(lambda tree: tree.report("figures/*.svg")),
    "byte in a figure (png)": _byte(lambda tree: tree.report("figures/*.png")),
    "byte in a figure (csv)": _byte(lambda tree: tree.report("figures/*.csv")),
    "byte in a public receipt": _byte(lambda tree: tree.report("figures/*.json")),
    "byte in a restricted receipt": _byte(lambda tree: tree.inside("*.json")),
    "byte in the manifest": _byte(lambda tree: tree.report("manifest.json")),
    "byte in a page or notebook": _byte(lambda tree: [*tree.report("*.html"), *tree.report("notebooks/*.ipynb")]),
    "number in a figure": _in_svg(r">(\d+)((?:%[^<]*)?)<", _other_number),
    "length of a bar": _in_svg(_BAR, _wider),
    "colour in a figure": _in_svg(r"fill: #[0-9a-f]{6}", _other_colour),
    "mark taken from a figure": _in_svg(r'(?s)<g id="[FT]\d\d\|[^"]*">.*?</g>', lambda m, c: ""),
    "row taken from a raw file": _raw_row,
    "row taken from a processed table": table_row,
    "row taken from a figure's csv": _csv_row,
    "crosswalk line": _crosswalk,
    "file gone": _removed,
    "file more": _added,
    "file renamed": _renamed,
}
