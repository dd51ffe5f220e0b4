"""Address every mark: by its figure and keys, the same on the figure, in its receipts and in `iww trace`."""

import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import unquote

from iww_analysis.disclosure import Protected
from iww_analysis.figures.canvas.wording import MarkRow

_UNSAFE = {sign: f"%{ord(sign):02X}" for sign in "%|= \t\n\"'<>&"}
_ID = re.compile(rb' id="([^"]*)"')


def gid(figure_id: str, keys: Mapping[str, str]) -> str:
    """Make the address of a mark: `F05|municipality=GM0268|reason=moved`. Signs that an id cannot hold are %-coded."""
    return "|".join([figure_id, *(f"{key}={''.join(_UNSAFE.get(s, s) for s in value)}" for key, value in keys.items())])


def keys_of(address: str) -> tuple[str, dict[str, str]]:
    """Take an address apart: the figure and the keys of the mark (and `part`, `value` where keys alone do not tell)."""
    figure_id, *pairs = address.split("|")
    return figure_id, {key: unquote(value) for key, _, value in (pair.partition("=") for pair in pairs)}


class Addresses:
    """The addresses of one figure's marks; the question (`part`) belongs to it where two marks have the same keys."""

    def __init__(self, data: Protected) -> None:
        self._data = data
        self._rows: list[MarkRow] = list(data.marks.to_dict("records"))
        seen = Counter(map(self._keys, self._rows))
        self._twice = {keys for keys, times in seen.items() if times > 1}

    def of(self, row: MarkRow, *, combined: bool = False, value: str = "") -> str:
        """The address of a mark; `combined`: several marks with the same keys are drawn as one."""
        keys = {key: str(row[key]) for key in self._data.keys if str(row.get(key, "")) != ""}
        if not combined and self._keys(row) in self._twice:
            keys["part"] = str(row["part"])
        return gid(self._data.id, keys | ({"value": value} if value else {}))

    def drawn(self, svg: bytes) -> list[str]:
        """Per mark the address that its element in the picture bears; its own where none is drawn."""
        there = {match.decode() for match in _ID.findall(svg)}
        both = ((self.of(row), self.of(row, combined=True)) for row in self._rows)
        return [together if alone not in there and together in there else alone for alone, together in both]

    def _keys(self, row: MarkRow) -> tuple[str, ...]:
        return tuple(str(row[key]) for key in self._data.keys)
