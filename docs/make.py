"""Write the pages that follow from the code: the data dictionary from the tables, the rule book from the tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

from iww_analysis import vocabulary
from iww_analysis.tables import NOUNS
from iww_analysis.tables.statement import Column, Table

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests"
RULE_BOOK = ("test_cells", "test_layout", "test_ledger", "test_rules", "test_disclosure", "test_analysis")


def data_dictionary() -> str:
    """Every processed table: its rows, columns, Dutch terms, units, allowed values and traps."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the statements in the code by `python -m docs.make`. Every table also has `source`, `source_id` and "
        "`source_row`: the file, sheet and row it comes from. A code column has `<name>_raw`, the source's own word where it "
        "is a known word; a date or number has `<name>_missing`, which says why it is absent "
        f"({', '.join(vocabulary.read('missing').codes)}). Code columns hold these reasons themselves. The days of referral and "
        "closure have `<name>_month` (`2022-05`), filled where the month alone is known.",
    ]
    for name, noun in NOUNS.items():
        lines += ["", f"# {name}", "", noun.about]
        for table in noun.tables:
            lines += _table(table)
    return "\n".join(lines) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"## {table.name} ({table.nl})"
    yield ""
    yield f"One row per {table.row_is}; key: {', '.join(table.key)}." + (
        f" **Trap:** {table.trap}" if table.trap else ""
    )
    yield ""
    yield "| column | Dutch | kind | meaning | values | trap |"
    yield "|---|---|---|---|---|---|"
    for column in table:
        if not column.transient:
            yield f"| {column.name} | {column.nl} | {column.kind} | {column.meaning} | {_values(column)} | {column.trap or ''} |"


def _values(column: Column) -> str:
    if column.vocabulary:
        codes = vocabulary.read(column.vocabulary).codes
        shown = ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")
        return f"`{column.vocabulary}`: {shown}"
    bounds = f"{column.low}–{column.high}" if column.low is not None else ""
    return " ".join(filter(None, [bounds, column.unit or "", "required" if column.required else ""]))


def rules() -> str:
    """Every rule that a test holds, in the words of the test."""
    lines = ["# Rules", "", "Each line is a test; made by `python -m docs.make`. Run one with `pytest -k`."]
    for stem in RULE_BOOK:
        tree = ast.parse((TESTS / "rules" / f"{stem}.py").read_text(encoding="utf-8"))
        lines += ["", f"## {(ast.get_docstring(tree) or stem).splitlines()[0]}", ""]
        tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
        lines += [f"- {node.name.removeprefix('test_').replace('_', ' ')}" for node in tests]
    return "\n".join(lines) + "\n"


PAGES = {"data-dictionary.md": data_dictionary, "rules.md": rules}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (HERE / name).write_text(make(), encoding="utf-8", newline="\n")
