"""Find the line of a crosswalk on which something is said, so that a reviewer can open the file there."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from iww_analysis import vocabulary

_TABLE = re.compile(r"\s*\[(\[?)\s*([^\]]+?)\s*\]")
_ENTRY = re.compile(
    r"""\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+))*)\s*="""
)
_LONG = re.compile(r"""\"\"\"|'''""")


@dataclass(frozen=True)
class Lines:
    """On which line of a crosswalk each entry begins; a sheet is named by its place among the sheets, from 0.

    Each gives None where the crosswalk says nothing of it.
    """

    at: Mapping[tuple[str, ...], int]

    def heading(self, sheet: int, heading: str) -> int | None:
        """The line that says what a heading is."""
        return self.at.get(("sheets", str(sheet), "columns", heading))

    def constant(self, sheet: int, column: str) -> int | None:
        """The line that gives a `table.column` one value for a whole sheet."""
        return self.at.get(("sheets", str(sheet), "constants", column))

    def setting(self, sheet: int, name: str) -> int | None:
        """The line of a setting of a sheet, such as `date_order`."""
        return self.at.get(("sheets", str(sheet), name))

    def word(self, vocabulary_list: str, text: str) -> int | None:
        """The line that says what a word of the source means, however it is capitalised or spaced."""
        return self.at.get(("codes", vocabulary_list, vocabulary.key(text)))


def lines(text: str) -> Lines:
    """Read where the entries of a crosswalk stand; its text must be TOML."""
    return Lines({_folded(path): number for path, number in _entries(text)})


def _entries(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    table: tuple[str, ...] = ()
    count: dict[str, int] = {}
    within = ""  # the marks that end a text of several lines
    for number, line in enumerate(text.splitlines(), start=1):
        if within:
            within = "" if within in line else within
        elif found := _TABLE.match(line):
            table = _keys(found[2])
            if found[1]:
                count[found[2]] = count.get(found[2], -1) + 1
            if table[0] in count:
                table = (table[0], str(count[table[0]]), *table[1:])
        elif found := _ENTRY.match(line):
            yield (*table, *_keys(found[1])), number
            marks = _LONG.findall(line)
            within = marks[0] if len(marks) == 1 else ""


def _keys(dotted: str) -> tuple[str, ...]:
    """Take a key apart, as TOML reads it."""
    keys, found = [], tomllib.loads(f"{dotted} = 0")
    while isinstance(found, dict):
        ((key, found),) = found.items()
        keys.append(str(key))
    return tuple(keys)


def _folded(path: tuple[str, ...]) -> tuple[str, ...]:
    return (*path[:2], vocabulary.key(path[2])) if path[0] == "codes" and len(path) > 2 else path
