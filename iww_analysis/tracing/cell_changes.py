"""Say of the rows behind a mark what their raw cells held, what that became, and which line of which file says so."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.question import PROVENANCE, Question, looked_at
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.cleaning.rules import referral_days
from iww_analysis.crosswalk.crosswalk import Target
from iww_analysis.crosswalk.toml_lines import LineNumbers
from iww_analysis.privacy.text.cover import HELD_BACK, may_be_shown
from iww_analysis.privacy.text.shapes import identifiers_in
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.cell_readers import tidy
from iww_analysis.tables.statement import Column, Table

PLACE = ["source", "received", "file", "sheet", "row"]
VALUES = [*PLACE, "table", "column", "heading", "raw", "value", "rule", "said_in"]
SHOWN = ("code", "date", "integer", "label")  # kinds of column whose cells are shown
_HIDDEN = ("", "unreadable", "suppressed")
_CHANGE = ["filling", "cell", "word", "value"]


@dataclass(frozen=True)
class SourceSheet:
    """One sheet of a delivery as the crosswalk reads it.

    `number`: the place of its entry among those of the crosswalk; `lines`: where the crosswalk says what; `foldings`: which
    ways of writing a case number are one; `read`: gives rows as cells of text, by their numbers in ascending order, each once.
    """

    known: KnownSheet
    number: int
    lines: LineNumbers
    foldings: Sequence[str]
    read: Callable[[tuple[int, ...]], pd.DataFrame]

    def at(self, line: int | None) -> str:
        """Name a line of the crosswalk with its file; "" where there is none."""
        return f"{self.known.origin.source}.toml:{line}" if line else ""

    def cells(self, rows: Sequence[int], heading: str) -> pd.Series:
        """The text under a heading in these rows; empty where the sheet lacks it. `rows`: ascending, each once."""
        cells, position = self.read(tuple(rows)), self.known.positions.get(heading)
        if position is None or position not in cells:
            return pd.Series("", index=cells.index, dtype="str")
        return self.known.under(heading, cells[position].astype("str"))


FindSheet = Callable[[str, str], SourceSheet | None]  # of a source and a source_id


class Filling(NamedTuple):
    """How a column of a record was filled: from under a heading, or with a value that is given.

    `said_in`: the file and line that say so; `constants`: of the records that are filled so.
    """

    heading: str
    said_in: str
    constants: tuple[tuple[str, str], ...] = ()
    rule: str = ""


Rules = Mapping[tuple[str, str], str]  # raw text and new value -> rule


def changes_of(question: Question, records: pd.DataFrame, study: Study, find_sheet: FindSheet) -> pd.DataFrame:
    """Give for each row, and each column that the question looks at, the raw cell and what it became (columns: VALUES).

    `records`: rows of the processed tables. Keys and free text are not shown, and a raw text only where it was understood.
    """
    changes = []
    for table, column_name, name in _columns(question):
        column = TABLES[table][column_name]
        if column.kind in SHOWN:
            holders = _holders(question, table, column_name, name, records, study)
            for (source, source_id), rows in holders.groupby(["source", "source_id"], sort=True):
                sheet = find_sheet(str(source), str(source_id))
                if sheet is not None:
                    fillings = list(_fillings(sheet, table, column))
                    rules = _rules(study.changes, str(source), table, column_name)
                    filled = _filled(sheet, column, fillings, rows)
                    of_sheet = _distinct_changes(sheet, column, fillings, filled, rules)
                    changes.append(of_sheet.assign(table=table, column=column_name)[VALUES])
    changes = [frame for frame in changes if len(frame)]
    return _with_referrals(pd.concat(changes, ignore_index=True), study) if changes else pd.DataFrame(columns=VALUES)


def _with_referrals(changes: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The same, with behind each day that no cell of its row says the row of the list of referrals that does: FILE:SHEET:ROW."""
    days = changes.query("table == 'cases' and column == 'date_referral' and rule == 'derived'")
    if days.empty or referral_days.FOUND not in set(study.changes["rule"]):
        return changes
    sheets = days["received"] + "/" + days["file"] + ("#" + days["sheet"]).where(days["sheet"] != "", "")
    own = pd.DataFrame({"source": days["source"], "source_id": sheets, "source_row": days["row"]})
    cases = study.tables.alike("cases", own)
    of_cases = cases[["source", "case_id", "date_referral"]].rename(columns={"date_referral": "date"})
    behind = referral_days.behind(cases, study.tables.alike("referrals", of_cases))
    lists = behind["source_id_of_referral"].astype("str").str.partition("/")[2].str.replace("#", ":")
    places = behind[PROVENANCE].astype({"source": "str", "source_id": "str"})
    places["said"] = lists + ":" + behind["source_row_of_referral"].astype("str")
    found = own.merge(places, how="left")["said"].set_axis(days.index).dropna()
    changes.loc[found.index, ["rule", "said_in"]] = [(referral_days.FOUND, each) for each in found]
    return changes


def share_a_column(questions: Sequence[Question]) -> bool:
    """Whether questions look at one column of a table more than once, so that their changes can be the same."""
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


def _holders(
    question: Question, table: str, column: str, name: str, records: pd.DataFrame, study: Study
) -> pd.DataFrame:
    """The records that hold a column, as `_value`: those of the question's own table, or those that were joined to them."""
    join = next((join for join in question.joins if join.columns.get(name) == column and join.table == table), None)
    if join is None:
        return records.assign(_value=records[column])
    here = [name for name in (*join.on, *join.columns) if name in records]
    there = {**dict.fromkeys(join.on, ""), **join.columns}
    wanted = records[here].drop_duplicates().rename(columns={name: old for name, old in there.items() if old})
    rows = study.tables.alike(table, wanted)
    return rows.assign(_value=rows[column])


def _rules(changes: pd.DataFrame, source: str, table: str, column: str) -> Rules:
    at = (changes["source"] == source) & (changes["table"] == table) & (changes["column"] == column)
    lines = changes.loc[at, ["raw", "new", "rule"]].astype("str")
    return {(raw, new): rule for raw, new, rule in lines.itertuples(index=False, name=None)}


def _fillings(sheet: SourceSheet, table: str, column: Column) -> Iterator[Filling]:
    """How a column can have been filled, in the order in which that is sought."""
    entry, number, lines = sheet.known.entry, sheet.number, sheet.lines
    read = [(name, target) for name in sheet.known.columns_read for target in entry.columns[name]]
    for heading, target in (pair for pair in read if _fills(pair[1], TABLES[table], entry.anchor)):
        under, line = TABLES[table][target.column], sheet.at(lines.of("sheets", number, "columns", heading))
        if column.name == under.name or (under.transient and not under.gives and column.kind == "label"):
            yield Filling(heading, line, target.constants)
        elif under.gives == column.name:
            yield Filling(heading, line, target.constants, "derived")
        elif column.name in dict(target.constants):
            yield Filling("", line, target.constants, "constant")
    inherits = column.name in (*TABLES[table].inherits, "municipality", "team")  # what a row tells all its records
    yield from _of_every_row(sheet, dict.fromkeys((table, *([entry.anchor] if inherits else ()))), column)
    for heading, target in read if inherits and entry.anchor != table else ():
        if (target.table, target.column) == (entry.anchor, column.name) and not target.split and not target.constants:
            yield Filling(heading, sheet.at(lines.of("sheets", number, "columns", heading)))
    if column.name in sheet.known.origin.givens:
        yield Filling("", "origin.toml", (), "origin")
    if column.kind != "label":  # a name that the build gives tells nothing
        yield Filling("", "", (), "derived")


def _fills(target: Target, table: Table, anchor: str) -> bool:
    """Whether a heading fills records of a table: its own, or those of which it says what all of a row have in common."""
    shared = target.table != anchor != table.name and target.holds_for(table, dict(target.constants))
    return target.table == table.name or shared


def _of_every_row(sheet: SourceSheet, tables: Iterable[str], column: Column) -> Iterator[Filling]:
    """What holds for every row of a sheet: a constant of one of these tables, or what the name of the sheet says."""
    entry, number, lines = sheet.known.entry, sheet.number, sheet.lines
    for of in (of for of in tables if (of, column.name) in entry.constants):
        yield Filling("", sheet.at(lines.of("sheets", number, "constants", f"{of}.{column.name}")), (), "constant")
    if column.name in entry.named(sheet.known.raw.name):
        yield Filling("", sheet.at(lines.of("sheets", number, "sheet_name", "to")), (), "constant")


def _filled(sheet: SourceSheet, column: Column, fillings: Sequence[Filling], rows: pd.DataFrame) -> pd.DataFrame:
    """What filled a column of these rows: number of the first filling that fits, raw cell, word read from it, value, row."""
    numbers, at = np.unique(rows["source_row"].to_numpy(), return_inverse=True)
    words = _texts(rows[f"{column.name}_raw"]) if f"{column.name}_raw" in rows else None
    filling, cells = np.full(len(rows), -1), np.full(len(rows), "", dtype=object)
    for number, (heading, _, constants, _) in enumerate(fillings):
        fits = filling < 0
        for name, value in constants:
            fits &= rows[name].isin([value]).to_numpy() if name in rows else True
        if heading and fits.any():
            under = sheet.cells(numbers.tolist(), heading).to_numpy(dtype=object)[at]
            if words is not None and any(other.constants == constants for other in fillings[number + 1 :]):
                pairs = zip(under[fits], words[fits], strict=True)  # of several headings, the one that holds the word
                fits[fits] = [not word or word in " ".join(cell.split()) for cell, word in pairs]
            cells[fits] = under[fits]
        filling[fits] = number
    filled = pd.DataFrame({
        "filling": filling, "cell": cells, "word": cells if words is None else np.where(cells == "", "", words),
        "value": _texts(rows["_value"]), "row": rows["source_row"].to_numpy(),
    })  # fmt: skip
    return filled[filled["filling"] >= 0]


def _distinct_changes(
    sheet: SourceSheet, column: Column, fillings: Sequence[Filling], filled: pd.DataFrame, rules: Rules
) -> pd.DataFrame:
    """Each change of a row once, with its place; what was done is worked out once per distinct change."""
    distinct = filled[_CHANGE].drop_duplicates()
    described = [
        _described(sheet, column, fillings[number], cell, word, value, rules)
        for number, cell, word, value in distinct.itertuples(index=False, name=None)
    ]
    descriptions = pd.DataFrame(described, columns=["heading", "raw", "rule", "said_in"], index=distinct.index)
    origin, place = sheet.known.origin, sheet.known.place
    changes = filled.drop_duplicates().merge(distinct.join(descriptions), on=_CHANGE, how="left")
    received, name = origin.received.isoformat(), place.sheet or ""
    return changes.assign(source=origin.source, received=received, file=place.file, sheet=name)


def _described(
    sheet: SourceSheet, column: Column, filling: Filling, cell: str, word: str, value: str, rules: Rules
) -> tuple[str, str, str, str]:
    """Heading, raw text (if it was understood and holds no identifier), rule, and the lines that say so."""
    raw = word if word and word != " ".join(cell.split()) else cell  # of a cell that holds several, the word understood
    rule = filling.rule if filling.rule or raw == value else rules.get((raw, value)) or _rule_unlisted(raw, value)
    rule = "no_such_field" if rule == "derived" and not filling.heading and value == "not_recorded" else rule
    line = sheet.lines.of("codes", column.vocabulary, raw) if rule == "crosswalk" and column.vocabulary else None
    if column.kind == "label" and raw != value and (named := sheet.lines.of("names", column.name, tidy(raw))):
        rule, line = "crosswalk", named
    line = sheet.lines.of("sheets", sheet.number, "date_order") if rule.startswith("date_") else line
    is_shown = filling.rule != "derived" and value not in _HIDDEN and _may_be_shown(column, raw, value)
    said_in = f"{filling.said_in}, {line}" if line else filling.said_in
    return filling.heading, raw if is_shown else "", rule, said_in


def _may_be_shown(column: Column, raw: str, value: str) -> bool:
    """Whether a raw cell holds nothing that was held back, or points out a person otherwise."""
    if column.kind in ("label", "code"):
        return HELD_BACK not in value and (raw == value or may_be_shown(raw, proper=column.proper))
    return not identifiers_in(raw)


def _rule_unlisted(raw: str, value: str) -> str:
    """The rule of a change that no account of the build lists."""
    if value in vocabulary.read("missing"):
        return "missing"
    if tidy(raw) == value:
        return "white_space"
    return "part_of_cell" if value and value.casefold() in raw.casefold() else "derived" if value else ""


def _texts(values: pd.Series) -> np.ndarray:
    """Values as text; a day as 2021-03-01, what is missing as nothing."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    return values.astype("str").where(values.notna(), "").to_numpy(dtype=object)
