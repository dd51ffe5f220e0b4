"""Write the files that people go on with: a crosswalk and a card of origin, keeping whatever they wrote in them."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import tomlkit
from tomlkit.container import Container, OutOfOrderTableProxy
from tomlkit.items import AoT, Comment, Item, KeyType, SingleKey, Table, Whitespace

from iww_analysis.schema import crosswalk, origin
from iww_analysis.schema.crosswalk import Target
from iww_analysis.schema.proposals import texts


class Line(NamedTuple):
    """One line of a file: what stands before and behind the equals sign, and the comment beside it."""

    key: str
    value: object
    comment: str = ""


@dataclass(frozen=True)
class Entry:
    """What is to be written about one kind of sheet; `number` is its place in the crosswalk, None when it is new.

    `head`: file, sheet, one_row_is, date_order; `columns`, `ids` and `ignore`: lines that are not there yet.
    """

    number: int | None
    head: Sequence[Line]
    columns: Sequence[Line] = ()
    ids: Sequence[Line] = ()
    ignore: Sequence[Line] = ()


@dataclass
class Draft:
    """A crosswalk that is being written. `text`: as it stands in the file now, or nothing."""

    source: str
    received: dt.date
    text: str = ""
    _document: tomlkit.TOMLDocument = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._document = tomlkit.parse(self.text.replace("\r\n", "\n") or self._beginning())

    def __str__(self) -> str:
        return _as_was(tomlkit.dumps(self._document), self.text)

    def _beginning(self) -> str:
        lines = comment("crosswalk", source=self.source, received=self.received.isoformat()).splitlines()
        return (
            "".join(f"# {line}\n" for line in lines) + f'\nformat = "{crosswalk.FORMAT}"\nsource = "{self.source}"\n\n'
        )

    @property
    def document(self) -> Mapping[str, Any]:
        """What the file says, as plain values."""
        return self._document.unwrap()

    def add_sheet(self, entry: Entry) -> None:
        """Write a kind of sheet, or what an entry lacks."""
        if entry.number is None:
            table = tomlkit.table()
            _append(table, entry.head, quoted=False)
            _append_to_list(self._document, "sheets", table)
        else:
            table = self._document["sheets"][entry.number]
        for name, lines in (("columns", entry.columns), ("ids", entry.ids), ("ignore", entry.ignore)):
            if lines or (name == "columns" and entry.number is None):
                _append(_table_in(table, name), lines)

    def ignore_sheet(self, file: str, sheet: str, reason: str) -> None:
        """Write that a sheet is not read, and why."""
        table = tomlkit.table()
        lines = [Line("file", file), Line("sheet", sheet), Line("reason", reason)]
        _append(table, [line for line in lines if line.value], quoted=False)
        _append_to_list(self._document, "ignore_sheets", table)

    def add_words(self, name: str, lines: Sequence[Line]) -> None:
        """Write words of one list of codes."""
        if "codes" not in self._document:
            self._document.append("codes", tomlkit.table(is_super_table=True))
        _append(_table_in(self._document["codes"], name), lines)


def comment(name: str, **words: object) -> str:
    """Give a comment as files hold it."""
    return str(texts()["comment"][name]).format(**words)


def written(targets: Sequence[Target]) -> object:
    """Give a heading's targets as the crosswalk writes them."""
    entries = [_written(target) for target in targets]
    return entries[0] if len(entries) == 1 else entries


def _written(target: Target) -> object:
    name = f"{target.table}.{target.column}"
    more = ({"split": target.split} if target.split else {}) | dict(target.constants)
    return {"to": name} | more if more else name


def _table_in(parent: Any, name: str) -> Table:
    if name not in parent and isinstance(parent, OutOfOrderTableProxy):
        parent[name] = tomlkit.table()
    if name not in parent:
        tail = _take_tail(parent)
        _innermost(parent).add(tomlkit.nl())
        parent.append(name, tomlkit.table())
        _put_tail(parent, tail)
    table = parent[name]
    assert isinstance(table, Table)
    return table


def _append_to_list(document: tomlkit.TOMLDocument, name: str, table: Table) -> None:
    if name not in document:
        document.append(name, AoT([]))
    entries = document[name]
    assert isinstance(entries, AoT)
    tail = []
    if len(entries):
        tail = _take_tail(entries[-1])
        _innermost(entries[-1]).add(tomlkit.nl())
    entries.append(table)
    _put_tail(table, tail)


def _put_tail(table: Any, tail: Sequence[Item]) -> None:
    """Put back what led to the next table, with one blank line before it."""
    _innermost(table).add(tomlkit.nl())
    for item in tail[1:] if tail and isinstance(tail[0], Whitespace) else tail:
        _innermost(table).add(item)


def _append(table: Any, lines: Iterable[Line], *, quoted: bool = True) -> None:
    """Write lines at the end of a table, before the blank lines and comments that lead to the next one."""
    tail = _take_tail(table)
    for line in lines:
        key = SingleKey(line.key, KeyType.Basic) if quoted else SingleKey(line.key)
        table.append(key, _item(line))
    for item in tail:
        table.add(item)


def _item(line: Line) -> Item:
    item = _value(line.value)
    if line.comment:
        item.comment(" ".join(line.comment.split()))
    return item


def _value(value: object) -> Item:
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_value(part) for part in value)
        return array
    return tomlkit.item(value)


def _take_tail(table: Any) -> list[Item]:
    """Take away the blank lines and comments at the end of a table: they belong to what comes after it."""
    body = _innermost(table).body
    tail: list[Item] = []
    while body and body[-1][0] is None and isinstance(body[-1][1], (Whitespace, Comment)):
        tail.insert(0, body.pop()[1])
    return tail


def _innermost(table: Any) -> Container:
    """The container that the last line of a table stands in."""
    container: Container = table if isinstance(table, Container) else table.value
    last = container.body[-1][1] if container.body else None
    if isinstance(last, AoT) and len(last):
        last = last[-1]
    return _innermost(last) if isinstance(last, Table) else container


def origin_text(old: str, card: Sequence[Line], files: Mapping[str, str]) -> str:
    """Write the card of a delivery; where there is one already, only the files are added to it."""
    document = tomlkit.parse(old.replace("\r\n", "\n") or f'# {comment("origin")}\nformat = "{origin.FORMAT}"\n')
    if not old:
        _append(document, card, quoted=False)
    known = _table_in(document, "files")
    _append(known, [Line(name, sha256) for name, sha256 in files.items() if name not in known])
    return _as_was(tomlkit.dumps(document), old)


def _as_was(written: str, old: str) -> str:
    """End lines as the file did, and the file with one newline."""
    if written == old.replace("\r\n", "\n"):
        return old
    written = written.rstrip("\n") + "\n"
    if not old:
        return re.sub(r"\n{3,}", "\n\n", written)
    return written.replace("\n", "\r\n") if "\r\n" in old else written
