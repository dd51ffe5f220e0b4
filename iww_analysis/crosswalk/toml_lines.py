"""Find the line of a crosswalk on which something is said, so that a reviewer can open the file there."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.crosswalk.parse import targets
from iww_analysis.tables import TABLES

_TABLE = re.compile(r"\s*\[(\[?)\s*([^\]]+?)\s*\]")
_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)"""
_ENTRY = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
_LONG = re.compile(r"""\"\"\"|'''""")

Fields = Collection[tuple[str, str]]  # table, column


@dataclass(frozen=True)
class LineNumbers:
    """On which line of a crosswalk each entry begins, by its path of keys."""

    at: Mapping[tuple[str, ...], int]

    def of(self, *path: str | int) -> int | None:
        """The line where the entry with these keys begins, None where there is none; a word may be written in any way."""
        return self.at.get(_folded(tuple(map(str, path))))


def line_numbers(text: str) -> LineNumbers:
    """Read where the entries of a crosswalk stand; its text must be TOML."""
    return LineNumbers({_folded(path): number for path, number in _entries(text)})


def used_lines(text: str, fields: Fields) -> list[tuple[int, str]]:
    """Give the lines that fill these fields: headings, constants, words of their lists, names, rows left out."""
    text = text.removeprefix("\ufeff")
    document, written = tomllib.loads(text), text.splitlines()
    lists = {TABLES[table][column].vocabulary for table, column in fields}
    numbers = {
        number
        for path, number in line_numbers(text).at.items()
        if (path[0] == "codes" and path[1] in lists)
        or (path[0] == "names" and path[1] in {column for _, column in fields})
        or (path[0] == "sheets" and len(path) > 3 and _fills(document["sheets"][int(path[1])], path[2:], fields))
    }
    return [(number, written[number - 1].strip()) for number in sorted(numbers)]


def _entries(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    table: tuple[str, ...] = ()
    count: dict[str, int] = {}
    within = ""  # the marks that end a text of several lines
    for number, line in enumerate(text.splitlines(), start=1):
        if within:
            within = "" if within in line else within
        elif match := _TABLE.match(line):
            table = _keys(match[2])
            if match[1]:
                count[match[2]] = count.get(match[2], -1) + 1
            if table[0] in count:
                table = (table[0], str(count[table[0]]), *table[1:])
        elif match := _ENTRY.match(line):
            yield (*table, *_keys(match[1])), number
            marks = _LONG.findall(line)
            within = marks[0] if len(marks) == 1 else ""


def _keys(dotted: str) -> tuple[str, ...]:
    """Take a key apart, as TOML reads it."""
    keys, rest = [], tomllib.loads(f"{dotted} = 0")
    while isinstance(rest, dict):
        ((key, rest),) = rest.items()
        keys.append(str(key))
    return tuple(keys)


def _folded(path: tuple[str, ...]) -> tuple[str, ...]:
    return (*path[:2], vocabulary.key(path[2])) if path[0] == "codes" and len(path) > 2 else path


def _fills(sheet: Mapping[str, Any], path: tuple[str, ...], fields: Fields) -> bool:
    """Whether an entry of a sheet decides what stands in one of the fields."""
    part, name = path[0], path[1]
    filled = {target.table for value in sheet.get("columns", {}).values() for target in targets(value)}
    if part == "columns":  # a record inherits columns of the row's own table
        here = {(at, column) for table, column in fields if table in filled for at in (table, sheet["one_row_is"])}
        return any((target.table, target.column) in here for target in targets(sheet[part][name]))
    if part == "constants":
        return tuple(name.split(".", 1)) in fields
    return part == "exclude" and bool({table for table, _ in fields} & filled)
