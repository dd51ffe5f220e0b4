"""Write the files that people go on with: a crosswalk and a card of origin, keeping whatever they wrote in them."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import tomlkit
from tomlkit.container import Container, OutOfOrderTableProxy
from tomlkit.items import AoT, Comment, Item, KeyType, SingleKey, Table, Whitespace

from iww_analysis import vocabulary
from iww_analysis.crosswalk import crosswalk, origin
from iww_analysis.crosswalk.crosswalk import OPEN, Target
from iww_analysis.messages import sentences

BY_HEADING = (  # settings of single columns
    "date_orders",
    "half_dates",
    "decimals",
    "fill_down",
    "missing_words",
    "separators",
)


class TomlLine(NamedTuple):
    """One line of a file: what stands before and behind the equals sign, and the comment beside it."""

    key: str
    value: object
    comment: str = ""


class _TomlFile:
    """A file that is being written. `text`: as it stands now, or nothing: then it begins as `beginning`."""

    def __init__(self, text: str, beginning: str) -> None:
        self.text = text
        self._document = tomlkit.parse(text.replace("\r\n", "\n") or beginning)

    def __str__(self) -> str:
        """Give the text, its lines ended as the file did and the file with one newline."""
        written = tomlkit.dumps(self._document)
        if written == self.text.replace("\r\n", "\n"):
            return self.text
        written = written.rstrip("\n") + "\n"
        if not self.text:
            return re.sub(r"\n{3,}", "\n\n", written)
        return written.replace("\n", "\r\n") if "\r\n" in self.text else written

    @property
    def document(self) -> Mapping[str, Any]:
        """What the file says, as plain values."""
        return self._document.unwrap()


class CrosswalkFile(_TomlFile):
    """A crosswalk that is being written. `text`: as it stands in the file now, or nothing."""

    def __init__(self, source: str, received: dt.date, text: str = "") -> None:
        lines = comment("crosswalk", source=source, received=received.isoformat()).splitlines()
        heading = "".join(f"# {line}\n" for line in lines)
        super().__init__(text, f'{heading}\nformat = "{crosswalk.FORMAT}"\nsource = "{source}"\n\n')

    @property
    def n_open(self) -> int:
        """Questions that the crosswalk still asks."""
        sheets = self.document.get("sheets", ())
        tables = [sheet.get(part, {}) for sheet in sheets for part in ("columns", "constants", *BY_HEADING)]
        tables += [{"date_order": sheet.get("date_order")} for sheet in sheets]
        tables += [self.document.get("keys", {})]
        tables += [lines for part in ("codes", "names") for lines in self.document.get(part, {}).values()]
        return sum(value == OPEN for table in tables for value in table.values())

    def add_sheet(self, number: int | None, head: Sequence[TomlLine], parts: Mapping[str, Sequence[TomlLine]]) -> None:
        """Write a kind of sheet, or what an entry lacks; `number` is its place in the crosswalk, None when it is new.

        `head`: file, sheet, one_row_is, date_order. `parts`: columns, constants, date_orders, half_dates, decimals, fill_down,
        missing_words, separators, ids, ignore, in this order; their lines are new, or answer a "?" that is there. What answers
        by not being read goes from columns to ignore, and a constant of no value goes.
        """
        if number is None:
            table = tomlkit.table()
            _append(table, head, quoted=False)
            _append_to_list(self._document, "sheets", table)
        else:
            table = self._document["sheets"][number]
            if head:  # the answer to its "?"
                _write(table, head)
        _take_away(table.get("columns", {}), [line.key for line in parts["ignore"]])
        _take_away(table.get("constants", {}), [line.key for line in parts["constants"] if line.value is None])
        for name, part in parts.items():
            lines = [line for line in part if line.value is not None]
            if lines or (name == "columns" and number is None):
                _write(_table_in(table, name), lines)

    def ask_again(self, number: int | None, headings: Iterable[str]) -> None:
        """Make open questions of headings of an entry, without what was said of how their cells are written."""
        table = {} if number is None else self._document["sheets"][number]
        for heading in headings:
            for name in BY_HEADING:
                if heading in table.get(name, {}):
                    table[name].remove(heading)
            table["columns"][heading] = _item(TomlLine(heading, OPEN))

    def ignore_sheet(self, file: str, sheet: str, reason: str) -> None:
        """Write that a sheet is not read, and why."""
        table = tomlkit.table()
        lines = [TomlLine("file", file), TomlLine("sheet", sheet), TomlLine("reason", reason)]
        _append(table, [line for line in lines if line.value], quoted=False)
        _append_to_list(self._document, "ignore_sheets", table)

    def add_words(self, name: str, lines: Sequence[TomlLine]) -> None:
        """Write words of one list of codes."""
        if "codes" not in self._document:
            self._document.append("codes", tomlkit.table(is_super_table=True))
        _write(_table_in(self._document["codes"], name), lines)

    def add_keys(self, lines: Sequence[TomlLine]) -> None:
        """Write how columns of identifiers are folded."""
        if "keys" not in self._document:
            self._document.append("keys", tomlkit.table())
        _write(self._document["keys"], lines)

    def add_names(self, column: str, line: TomlLine) -> None:
        """Write under which name one counts; names are told apart by every letter and sign."""
        if "names" not in self._document:
            self._document.append("names", tomlkit.table(is_super_table=True))
        table = _table_in(self._document["names"], column)
        if line.key not in table:
            _append(table, [line])
        elif table[line.key] == OPEN:
            _replace(table, line)

    def drop_key(self, column: str) -> None:
        """Take away how a column of identifiers is folded, where that is still a question."""
        keys = self._document.get("keys")
        _take_away({} if keys is None else keys, [column])
        if keys is not None and not len(keys):
            self._document.remove("keys")

    def drop_word(self, name: str, word: str) -> None:
        """Take away a word that is still a question."""
        _take_away(self._document.get("codes", {}).get(name, {}), [word])


class OriginFile(_TomlFile):
    """A card of origin that is being written. `text`: as it stands in the file now, or nothing."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, f'# {comment("origin")}\nformat = "{origin.FORMAT}"\n')

    def write(self, lines: Iterable[TomlLine]) -> None:
        """Write lines at the end."""
        _append(self._document, lines, quoted=False)

    def add_files(self, files: Mapping[str, str]) -> None:
        """Name files with their hashes; those that are there already stay."""
        known = _table_in(self._document, "files")
        _append(known, [TomlLine(name, sha256) for name, sha256 in files.items() if name not in known])

    def add_days(self, days: Mapping[str, dt.date]) -> None:
        """Write the day that files themselves say, each to be confirmed; those that are there already stay."""
        if new := {name: day for name, day in days.items() if name not in self._document.get("extraction_dates", {})}:
            beside = comment("extraction_of_file")
            _append(_table_in(self._document, "extraction_dates"), [TomlLine(*each, beside) for each in new.items()])

    def erased(self, name: str, sha256: str, n: int, on: dt.date) -> None:
        """Give a file of which rows were emptied its new hash, and say beside it how many, and when."""
        self._document["files"][name] = _item(TomlLine(name, sha256, comment("erased", n=n, day=on.isoformat())))

    def assumed(self, name: str) -> str:
        """Give the comment beside a line if it asks a person to confirm what was assumed, else nothing; `name`: see `answer`."""
        field, _, part = name.partition(".")
        table, name = (self._document.get(field, {}), part) if part else (self._document, name)
        line = table.item(name) if name in table and hasattr(table, "item") else None
        beside = line.trivia.comment.lstrip("# ") if isinstance(line, Item) else ""
        return beside if beside.endswith(comment("confirm")) else ""

    def answer(self, name: str, value: object) -> None:
        """Put an answer where the question stood; `name` may be of a part, as in "case_is.nl"."""
        field, _, part = name.partition(".")
        if part and self.assumed(name):
            _replace(self._document[field], TomlLine(part, value))
        elif part:
            self._document[field][part] = value
        else:
            _replace(self._document, TomlLine(field, value))


def comment(name: str, **words: object) -> str:
    """Give a comment as files hold it."""
    return str(sentences.read("proposals")["comment"][name]).format(**words)


def written(targets: Sequence[Target]) -> object:
    """Give a heading's targets as the crosswalk writes them."""
    entries: list[object] = []
    for target in targets:
        more = ({"split": target.split} if target.split else {}) | dict(target.constants)
        entries.append({"to": target.field} | more if more else target.field)
    return entries[0] if len(entries) == 1 else entries


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


def _append(table: Any, lines: Iterable[TomlLine], *, quoted: bool = True) -> None:
    """Write lines at the end of a table, before the blank lines and comments that lead to the next one."""
    tail = _take_tail(table)
    for line in lines:
        key = SingleKey(line.key, KeyType.Basic) if quoted else SingleKey(line.key)
        table.append(key, _item(line))
    for item in tail:
        table.add(item)


def _write(table: Any, lines: Iterable[TomlLine]) -> None:
    """Write new lines, and the answers to open questions where these stand."""
    there = {vocabulary.key(str(name)): str(name) for name in table}
    known = [(line, there.get(vocabulary.key(line.key))) for line in lines]
    for line, name in known:
        if name and table[name] == OPEN:
            _replace(table, line._replace(key=name))
    _append(table, [line for line, name in known if name is None])


def _replace(table: Any, line: TomlLine) -> None:
    """Put another value in a line; the program's own question beside it goes, what a person wrote there stays."""
    trivia, texts = table[line.key].trivia, sentences.read("proposals")
    questions = ("looks_like", "constant", "link", "dates_ambiguous", "dates_mixed", "half_dates", "decimals_mixed",
                 "fill_down", "missing_words", "separators", "names")  # fmt: skip
    asking = [texts["comment"][name] for name in questions]
    asking += [texts["reason"][name]["nl"] for name in ("nothing", "empty")]
    beside = trivia.comment.lstrip("# ")
    if beside.startswith(tuple(text.partition("{")[0] for text in asking)) or beside.endswith(comment("confirm")):
        trivia.comment = trivia.comment_ws = ""
    table[line.key] = _item(TomlLine(line.key, line.value) if trivia.comment else line)


def _take_away(table: Any, names: Iterable[str]) -> None:
    """Take away lines that are open questions."""
    for name in names:
        there = next((key for key in table if vocabulary.key(str(key)) == vocabulary.key(name)), None)
        if there is not None and table[there] == OPEN:
            table.remove(there)


def _item(line: TomlLine) -> Item:
    item = _value(line.value)
    if line.comment:
        item.comment(" ".join(line.comment.split()))
    return item


def _value(value: object) -> Item:
    """Make of a value an item that stands on one line."""
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
