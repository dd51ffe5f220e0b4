"""Edit tables of a TOML document in place: lines go where people expect them, and what they wrote stays."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import tomlkit
from tomlkit.container import Container, OutOfOrderTableProxy
from tomlkit.items import AoT, Comment, Item, KeyType, SingleKey, Table, Whitespace

from iww_analysis import vocabulary
from iww_analysis.crosswalk.crosswalk import OPEN
from iww_analysis.messages import sentences


class TomlLine(NamedTuple):
    """One line of a file: what stands before and behind the equals sign, and the comment beside it."""

    key: str
    value: object
    comment: str = ""


def comment(name: str, **words: object) -> str:
    """Give a comment as files hold it."""
    return sentences.filled(sentences.read("proposals")["comment"][name], **words)


def comment_beside(table: Any, name: str) -> str:
    """Give the comment beside a line."""
    item = table.item(name) if hasattr(table, "item") else None
    return item.trivia.comment.lstrip("# ") if isinstance(item, Item) else ""


def table_in(parent: Any, name: str) -> Table:
    """Give a table within another, begun where it is not there."""
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


def append_to_list(document: tomlkit.TOMLDocument, name: str, table: Table) -> None:
    """Put a table at the end of a list of tables, as each [[sheets]] is."""
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


def append(table: Any, lines: Iterable[TomlLine], *, quoted: bool = True) -> None:
    """Write lines at the end of a table, before the blank lines and comments that lead to the next one."""
    tail = _take_tail(table)
    for line in lines:
        key = SingleKey(line.key, KeyType.Basic) if quoted else SingleKey(line.key)
        table.append(key, item_of(line))
    for item in tail:
        table.add(item)


def write_lines(table: Any, lines: Iterable[TomlLine]) -> None:
    """Write new lines, and the answers to open questions where these stand."""
    there = {vocabulary.key(str(name)): str(name) for name in table}
    known = [(line, there.get(vocabulary.key(line.key))) for line in lines]
    for line, name in known:
        if name and table[name] == OPEN:
            replace_line(table, line._replace(key=name))
    append(table, [line for line, name in known if name is None])


def replace_line(table: Any, line: TomlLine) -> None:
    """Put another value in a line; the program's own question beside it goes, what a person wrote there stays."""
    trivia, texts = table[line.key].trivia, sentences.read("proposals")
    questions = ("looks_like", "constant", "link", "dates_ambiguous", "dates_mixed", "half_dates", "decimals_mixed",
                 "fill_down", "missing_words", "separators", "sheet_name", "names")  # fmt: skip
    asking = [texts["comment"][name] for name in questions]
    asking += [texts["reason"][name]["nl"] for name in ("nothing", "empty")]
    beside = trivia.comment.lstrip("# ")
    if beside.startswith(tuple(text.partition("{")[0] for text in asking)) or beside.endswith(comment("confirm")):
        trivia.comment = trivia.comment_ws = ""
    table[line.key] = item_of(TomlLine(line.key, line.value) if trivia.comment else line)


def take_away(table: Any, names: Iterable[str]) -> None:
    """Take away lines that are open questions."""
    for name in names:
        there = next((key for key in table if vocabulary.key(str(key)) == vocabulary.key(name)), None)
        if there is not None and table[there] == OPEN:
            table.remove(there)


def item_of(line: TomlLine) -> Item:
    """Make of a line what stands behind its key, with the comment beside it."""
    item = value_of(line.value)
    if line.comment:
        item.comment(" ".join(line.comment.split()))
    return item


def value_of(value: object) -> Item:
    """Make of a value an item that stands on one line."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(value_of(part) for part in value)
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
