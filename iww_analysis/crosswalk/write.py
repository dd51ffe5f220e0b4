"""Write the files that people go on with: a crosswalk and a card of origin, keeping whatever they wrote in them."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import tomlkit

from iww_analysis.crosswalk import crosswalk, origin
from iww_analysis.crosswalk.crosswalk import OPEN, Target
from iww_analysis.crosswalk.toml_tables import (
    TomlLine,
    append,
    append_to_list,
    comment,
    comment_beside,
    item_of,
    replace_line,
    table_in,
    take_away,
    value_of,
    write_lines,
)

BY_HEADING = (  # settings of single columns
    "date_orders",
    "half_dates",
    "decimals",
    "fill_down",
    "missing_words",
    "separators",
)


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
        tables = [self.document.get("keys", {})]
        tables += [lines for part in ("codes", "names") for lines in self.document.get(part, {}).values()]
        n_of_sheets = sum(map(_n_open_of, self.document.get("sheets", ())))
        return n_of_sheets + [value for table in tables for value in table.values()].count(OPEN)

    def widen(self, number: int, file: str) -> None:
        """Let an entry speak of the files that fit another pattern; not while it asks something, under the name that it has."""
        if not _n_open_of(self.document["sheets"][number]):
            self._document["sheets"][number]["file"] = file

    def add_sheet(self, number: int | None, head: Sequence[TomlLine], parts: Mapping[str, Sequence[TomlLine]]) -> None:
        """Write a kind of sheet, or what an entry lacks; `number` is its place in the crosswalk, None when it is new.

        `head`: file, sheet, one_row_is, date_order. `parts`: columns, constants, date_orders, half_dates, decimals, fill_down,
        missing_words, separators, ids, ignore, in this order; their lines are new, or answer a "?" that is there. What answers
        by not being read goes from columns to ignore, and a constant of no value goes.
        """
        if number is None:
            table = tomlkit.table()
            append(table, head, quoted=False)
            append_to_list(self._document, "sheets", table)
        else:
            table = self._document["sheets"][number]
            if head:  # the answer to its "?"
                write_lines(table, head)
        take_away(table.get("columns", {}), [line.key for line in parts["ignore"]])
        take_away(table.get("constants", {}), [line.key for line in parts["constants"] if line.value is None])
        for name, part in parts.items():
            lines = [line for line in part if line.value is not None]
            if lines or (name == "columns" and number is None):
                write_lines(table_in(table, name), lines)

    def ask_again(self, number: int | None, headings: Iterable[str]) -> None:
        """Make open questions of headings of an entry, without what was said of how their cells are written."""
        table = {} if number is None else self._document["sheets"][number]
        for heading in headings:
            for name in BY_HEADING:
                if heading in table.get(name, {}):
                    table[name].remove(heading)
            table["columns"][heading] = item_of(TomlLine(heading, OPEN))

    def add_sheet_name(self, number: int, name: str) -> None:
        """Let an entry speak of one more sheet."""
        entry = self._document["sheets"][number]
        known = entry.unwrap()["sheet"]
        entry["sheet"] = value_of([*(known if isinstance(known, list) else [known]), name])

    def ignore_sheet(self, file: str, sheet: str, reason: str) -> None:
        """Write that a sheet is not read, and why."""
        table = tomlkit.table()
        lines = [TomlLine("file", file), TomlLine("sheet", sheet), TomlLine("reason", reason)]
        append(table, [line for line in lines if line.value], quoted=False)
        append_to_list(self._document, "ignore_sheets", table)

    def add_words(self, name: str, lines: Sequence[TomlLine]) -> None:
        """Write words of one list of codes."""
        if "codes" not in self._document:
            self._document.append("codes", tomlkit.table(is_super_table=True))
        write_lines(table_in(self._document["codes"], name), lines)

    def add_keys(self, lines: Sequence[TomlLine]) -> None:
        """Write how columns of identifiers are folded."""
        if "keys" not in self._document:
            self._document.append("keys", tomlkit.table())
        write_lines(self._document["keys"], lines)

    def add_names(self, column: str, line: TomlLine) -> None:
        """Write under which name one counts; names are told apart by every letter and sign."""
        if "names" not in self._document:
            self._document.append("names", tomlkit.table(is_super_table=True))
        table = table_in(self._document["names"], column)
        if line.key not in table:
            append(table, [line])
        elif table[line.key] == OPEN:
            replace_line(table, line)

    def add_texts(self, lines: Sequence[TomlLine]) -> None:
        """Write what a person decided on words of texts that may be names."""
        write_lines(table_in(self._document, "texts"), lines)

    def drop_key(self, column: str) -> None:
        """Take away how a column of identifiers is folded, where that is still a question."""
        keys = self._document.get("keys")
        take_away({} if keys is None else keys, [column])
        if keys is not None and not len(keys):
            self._document.remove("keys")

    def drop_word(self, name: str, word: str) -> None:
        """Take away a word that is still a question."""
        take_away(self._document.get("codes", {}).get(name, {}), [word])


class OriginFile(_TomlFile):
    """A card of origin that is being written. `text`: as it stands in the file now, or nothing."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, f'# {comment("origin")}\nformat = "{origin.FORMAT}"\n')

    def write(self, lines: Iterable[TomlLine]) -> None:
        """Write lines at the end."""
        append(self._document, lines, quoted=False)

    def add_files(self, files: Mapping[str, str]) -> None:
        """Name files with their hashes; those that are there already stay."""
        known = table_in(self._document, "files")
        append(known, [TomlLine(name, sha256) for name, sha256 in files.items() if name not in known])

    def add_days(self, days: Mapping[str, dt.date]) -> None:
        """Write the day that files themselves say, each to be confirmed; those that are there already stay."""
        if new := {name: day for name, day in days.items() if name not in self._document.get("extraction_dates", {})}:
            beside = comment("extraction_of_file")
            append(table_in(self._document, "extraction_dates"), [TomlLine(*each, beside) for each in new.items()])

    def erased(self, name: str, sha256: str, n: int, on: dt.date) -> None:
        """Give a file of which rows were emptied its new hash, and say beside it how many, and when."""
        self._document["files"][name] = item_of(TomlLine(name, sha256, comment("erased", n=n, day=on.isoformat())))

    def assumed(self, name: str) -> str:
        """Give the comment beside a line if it asks a person to confirm what was assumed, else nothing; `name`: see `answer`."""
        field, _, part = name.partition(".")
        table, name = (self._document.get(field, {}), part) if part else (self._document, name)
        beside = comment_beside(table, name) if name in table else ""
        return beside if beside.endswith(comment("confirm")) else ""

    def answer(self, name: str, value: object, beside: str = "") -> None:
        """Put an answer where the question stood; `name` may be of a part, as in "case_is.nl"."""
        field, _, part = name.partition(".")
        if part and self.assumed(name):
            replace_line(self._document[field], TomlLine(part, value, beside))
        elif part:
            self._document[field][part] = value
        else:
            replace_line(self._document, TomlLine(field, value, beside))

    @property
    def not_known(self) -> list[str]:
        """The fields of which somebody answered that nobody knows; see `answer` for their names."""
        return [*_not_known(self._document)]


def written(targets: Sequence[Target]) -> object:
    """Give a heading's targets as the crosswalk writes them."""
    entries: list[object] = []
    for target in targets:
        more = ({"split": target.split} if target.split else {}) | dict(target.constants)
        entries.append({"to": target.field} | more if more else target.field)
    return entries[0] if len(entries) == 1 else entries


def _n_open_of(sheet: Mapping[str, Any]) -> int:
    """How many questions one entry still asks."""
    tables = [sheet.get(part, {}) for part in ("columns", "constants", "sheet_name", *BY_HEADING)]
    return sum(value == OPEN for table in ({"": sheet.get("date_order")}, *tables) for value in table.values())


def _not_known(table: Any) -> Iterator[str]:
    for name, value in table.items():
        if value == crosswalk.NOT_KNOWN or comment_beside(table, name) == comment(crosswalk.NOT_KNOWN):
            yield str(name)
        elif hasattr(value, "items"):
            yield from (f"{name}.{part}" for part in _not_known(value))
