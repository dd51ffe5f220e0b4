"""Find the lines of a crosswalk that decide what stands in certain columns: for a person who opens the file."""

import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from iww_analysis.crosswalk.crosswalk import targets
from iww_analysis.crosswalk.lines import lines
from iww_analysis.tables.statement import Tables

Columns = Collection[tuple[str, str]]  # table, column


def used_lines(text: str, columns: Columns, tables: Tables) -> list[tuple[int, str]]:
    """Give the lines that fill these columns: headings, constants, words of their lists, and rows that are left out."""
    text = text.removeprefix("\ufeff")
    document, written = tomllib.loads(text), text.splitlines()
    lists = {tables[table][column].vocabulary for table, column in columns}
    found = {
        number
        for path, number in lines(text).at.items()
        if (path[0] == "codes" and path[1] in lists)
        or (path[0] == "sheets" and len(path) > 3 and _fills(document["sheets"][int(path[1])], path[2:], columns))
    }
    return [(number, written[number - 1].strip()) for number in sorted(found)]


def _fills(sheet: Mapping[str, Any], path: tuple[str, ...], columns: Columns) -> bool:
    """Whether an entry of a sheet decides what stands in one of the columns."""
    kind, name = path[0], path[1]
    match kind:
        case "columns":
            return any((t.table, t.column) in _filled(sheet, columns) for t in targets(sheet[kind][name]))
        case "constants":
            return tuple(name.split(".", 1)) in columns
        case "exclude":
            return bool({table for table, _ in columns} & _tables(sheet))
        case _:
            return False


def _filled(sheet: Mapping[str, Any], columns: Columns) -> set[tuple[str, str]]:
    """The columns, and those of the row's own table that the records in it inherit."""
    here = _tables(sheet)
    return {(at, column) for table, column in columns if table in here for at in (table, sheet["one_row_is"])}


def _tables(sheet: Mapping[str, Any]) -> set[str]:
    return {target.table for value in sheet.get("columns", {}).values() for target in targets(value)}
