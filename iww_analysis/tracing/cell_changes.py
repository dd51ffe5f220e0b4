"""Say of the rows behind a mark what their raw cells held, what that became, and which line of which file says so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.question import Question, looked_at
from iww_analysis.analysis.study import Study
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.privacy.identifiers_in_text import identifiers_in
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.cell_readers import tidy
from iww_analysis.tables.statement import Column
from iww_analysis.tracing.source_sheet import FindSheet, SourceSheet

PLACE = ["source", "received", "file", "sheet", "row"]
VALUES = [*PLACE, "table", "column", "heading", "raw", "value", "rule", "said_in"]
SHOWN = ("code", "date", "integer", "label")  # kinds of column whose cells can be told
_HIDDEN = ("", "unreadable", "suppressed")


class Way(NamedTuple):
    """How a column of a record was filled: from under a heading, or with a value that is given."""

    heading: str
    said_in: str
    constants: tuple[tuple[str, str], ...] = ()  # of the records that are filled so
    rule: str = ""


Rules = Mapping[tuple[str, str], str]  # raw text and new value -> rule


def changes_of(question: Question, found: pd.DataFrame, study: Study, find_sheet: FindSheet) -> pd.DataFrame:
    """Give for each row, and each column that the question looks at, the raw cell and what it became (columns: VALUES).

    `found`: rows of the processed tables. Keys and free text are not told, and a raw text only where it was understood.
    """
    parts = []
    for table, column, name in _columns(question):
        if TABLES[table][column].kind in SHOWN:
            rows = _placed(question, table, column, name, found, study)
            for (source, source_id), own in rows.groupby(["source", "source_id"], sort=True):
                sheet = find_sheet(str(source), str(source_id))
                if sheet is not None:
                    rules = _rules(study.changes, str(source), table, column)
                    parts.append(_of_sheet(sheet, table, TABLES[table][column], own, rules))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=VALUES)


def is_told_twice(questions: Sequence[Question]) -> bool:
    """Whether a column of a table can be told of twice, since questions look at it under two names."""
    places = [(table, column) for question in questions for table, column, _ in _columns(question)]
    return len(places) > len(set(places))


def _columns(question: Question) -> list[tuple[str, str, str]]:
    """The columns of tables that a question looks at; a name that it joins or derives is no column of its own table."""
    other = {*question.derive, *(name for join in question.joins for name in join.columns)}
    return [
        (table, column, name)
        for table, column, name in looked_at(question)
        if column in TABLES[table] and not (table == question.table and column == name and name in other)
    ]


def _placed(question: Question, table: str, column: str, name: str, found: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The records that hold a column: those of the question's own table, or those that were joined to them."""
    join = next((join for join in question.joins if join.columns.get(name) == column and join.table == table), None)
    if join is None:
        return found.assign(_value=found[column])
    here = [name for name in (*join.on, *join.columns) if name in found]
    there = {**dict.fromkeys(join.on, ""), **join.columns}
    wanted = found[here].drop_duplicates().rename(columns={name: old for name, old in there.items() if old})
    rows = study.tables.alike(table, wanted)
    return rows.assign(_value=rows[column])


def _of_sheet(sheet: SourceSheet, table: str, column: Column, rows: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The changes of one column in one sheet."""
    ways = list(_ways(sheet, table, column))
    numbers, at = np.unique(rows["source_row"].to_numpy(), return_inverse=True)
    words = _objects(rows[f"{column.name}_raw"]) if f"{column.name}_raw" in rows else None
    held = {name: _objects(rows[name]) for way in ways for name, _ in way.constants if name in rows}
    taken, cells = np.full(len(rows), -1), np.full(len(rows), "", dtype=object)
    for number, way in enumerate(ways):
        fits = taken < 0
        for name, value in way.constants:
            fits &= (held[name] == value) if name in held else True
        if way.heading and fits.any():
            own = sheet.cells(numbers.tolist(), way.heading).to_numpy(dtype=object)[at]
            if words is not None and any(other.constants == way.constants for other in ways[number + 1 :]):
                fits[fits] = _hold(own[fits], words[fits])
            cells[fits] = own[fits]
        taken[fits] = number
    told = pd.DataFrame({
        "way": taken, "cell": cells, "word": cells if words is None else np.where(cells == "", "", words),
        "value": _texts(rows["_value"]).to_numpy(dtype=object), "row": rows["source_row"].to_numpy(),
    })  # fmt: skip
    known = told if (taken >= 0).all() else told[taken >= 0]
    return _told(sheet, table, column, known, ways, rules) if len(known) else pd.DataFrame(columns=VALUES)


def _hold(cells: np.ndarray, words: np.ndarray) -> list[bool]:
    """Whether each cell holds the word that was read from it."""
    return [not word or word in " ".join(cell.split()) for cell, word in zip(cells, words, strict=True)]


def _objects(values: pd.Series) -> np.ndarray:
    return values.astype("object").where(values.notna(), "").to_numpy(dtype=object)


def _ways(sheet: SourceSheet, table: str, column: Column) -> Iterator[Way]:
    """How a column can have been filled, in the order in which that is sought."""
    walk, file = sheet.walk, f"{sheet.origin.source}.toml"
    read = [(h, t) for h, targets in walk.columns.items() for t in targets if h in sheet.known.positions]
    for heading, target in (pair for pair in read if pair[1].table == table):
        line = _at(file, sheet.lines.heading(sheet.number, heading))
        yield from _ways_of(heading, target, column, line)
    for of in dict.fromkeys((table, walk.anchor)):
        if (of, column.name) in walk.constants:
            yield Way("", _at(file, sheet.lines.constant(sheet.number, f"{of}.{column.name}")), (), "constant")
    if walk.anchor != table:
        for heading, target in read:
            if (target.table, target.column) == (walk.anchor, column.name) and not target.split:
                yield Way(heading, _at(file, sheet.lines.heading(sheet.number, heading)))
    if column.name in sheet.origin.givens:
        yield Way("", "origin.toml", (), "origin")
    if column.kind != "label":  # a name that the build gives tells nothing
        yield Way("", "", (), "derived")


def _ways_of(heading: str, target: Target, column: Column, line: str) -> Iterator[Way]:
    """How one target of a heading can have filled a column of its table."""
    own = TABLES[target.table][target.column]
    if column.name == own.name or (own.transient and not own.gives and column.kind == "label"):
        yield Way(heading, line, target.constants)
    elif own.gives == column.name:
        yield Way(heading, line, target.constants, "derived")
    elif column.name in dict(target.constants):
        yield Way("", line, target.constants, "constant")


def _at(file: str, line: int | None) -> str:
    return f"{file}:{line}" if line else ""


def _told(
    sheet: SourceSheet, table: str, column: Column, rows: pd.DataFrame, ways: Sequence[Way], rules: Rules
) -> pd.DataFrame:
    """Tell of each row the cell, the value and what was done; worked out once per distinct change."""
    kinds = ["way", "cell", "word", "value"]
    which = rows.groupby(kinds, sort=False).ngroup().to_numpy()
    once = np.sort(np.unique(rows["row"].to_numpy() * (which.max(initial=0) + 1) + which, return_index=True)[1])
    changes = rows[kinds].drop_duplicates().itertuples(index=False, name=None)
    told = [_change(sheet, column, ways[way], _raw(cell, word), value, rules) for way, cell, word, value in changes]
    place, card, which = sheet.known.place, sheet.origin, which[once]
    named = {
        name: np.array(texts, dtype=object)[which]
        for name, texts in zip(("heading", "raw", "value", "rule", "said_in"), zip(*told, strict=True), strict=True)
    }
    return pd.DataFrame({"source": card.source, "received": card.received.isoformat(), "file": place.file,
                         "sheet": place.sheet or "", "row": rows["row"].to_numpy()[once], "table": table,
                         "column": column.name} | named)[VALUES]  # fmt: skip


def _change(sheet: SourceSheet, column: Column, way: Way, raw: str, value: str, rules: Rules) -> tuple[str, ...]:
    """Heading, the raw text as far as it may be told, value, rule, and where that is said."""
    rule = _rule(way, raw, value, rules)
    shown = way.rule != "derived" and _may_be_told(raw, value)
    return way.heading, raw if shown else "", value, rule, _said_in(sheet, column, way, rule, raw)


def _raw(cell: str, word: str) -> str:
    """The raw text of a value: of a cell that holds several, only the word that was understood."""
    return cell if not word or word == " ".join(cell.split()) else word


def _rules(changes: pd.DataFrame, source: str, table: str, column: str) -> Rules:
    own = changes[(changes["source"] == source) & (changes["table"] == table) & (changes["column"] == column)]
    return {
        (str(raw), str(new)): str(rule)
        for raw, new, rule in own[["raw", "new", "rule"]].itertuples(index=False, name=None)
    }


def _rule(way: Way, raw: str, value: str, rules: Rules) -> str:
    """The rule that made a value of a raw text; "" where it stands as it was delivered."""
    if way.rule or raw == value:
        return way.rule
    if rule := rules.get((raw, value)):
        return rule
    if value in vocabulary.read("missing"):
        return "missing"
    if tidy(raw) == value:
        return "white_space"
    return "part_of_cell" if value and value.casefold() in raw.casefold() else "derived" if value else ""


def _said_in(sheet: SourceSheet, column: Column, way: Way, rule: str, raw: str) -> str:
    """Where it is said what the heading is and, if that is in the crosswalk, what the word or the day means."""
    line = None
    if rule == "crosswalk" and column.vocabulary:
        line = sheet.lines.word(column.vocabulary, raw)
    elif rule.startswith("date_"):
        line = sheet.lines.setting(sheet.number, "date_order")
    return f"{way.said_in}, {line}" if line else way.said_in


def _may_be_told(raw: str, value: str) -> bool:
    """Whether a raw cell can be shown: it was understood, and holds nothing that looks like an identifier."""
    return value not in _HIDDEN and not identifiers_in(raw)


def _texts(values: pd.Series) -> pd.Series:
    """Values as text; a day as 2021-03-01, what is missing as nothing."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    texts: pd.Series = values.astype("str").where(values.notna(), "")
    return texts
