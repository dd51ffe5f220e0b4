"""Clean records: every cell by the statement of its column, then the rules of its table."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from iww_analysis import privacy, vocabulary
from iww_analysis.schema import cells
from iww_analysis.schema.tables import PROVENANCE, Column, Table

Severity = Literal["row", "cell", "note"]
PLACE = ["source_id", "source_row"]
PROBLEM_COLUMNS = ["table", "column", *PLACE, "group", "rule", "severity"]
CHANGE_COLUMNS = ["table", "column", "raw", "new", "rule", "n"]


@dataclass(frozen=True)
class Context:
    """What holds for a batch of records: the source, how its dates are meant, its words, its pseudonyms.

    `codes`: vocabulary list -> folded word -> code; `ids`: column -> width in digits; `pseudonym` is None in a case
    study, where identifiers are invented labels.
    """

    source: str
    date_order: str = "dmy"
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    pseudonym: Callable[[str], Callable[[str], str]] | None = None
    extraction_date: pd.Timestamp | None = None


@dataclass(frozen=True)
class Cleaned:
    """Clean records of one table, and what was found on the way.

    `problems` has one row per problem: table, column, source_id, source_row, group (of headings), rule,
    severity. Severity `row`: the
    record cannot be used; `cell`: one value became typed missing; `note`: kept, reported.
    `changes` has one row per distinct table, column, raw, new and rule, with n; raw is empty where it may identify.
    """

    records: pd.DataFrame
    problems: pd.DataFrame
    changes: pd.DataFrame


SEVERITY_OF_RULE: Mapping[str, Severity] = {
    "unreadable_date": "cell",
    "unreadable_number": "cell",
    "out_of_range": "cell",
    "unknown_code": "cell",
    "identifier_in_text": "cell",
}


def clean_cells(table: Table, raw: pd.DataFrame, context: Context) -> Cleaned:
    """Read every cell of a table's records by its column's statement; no rule between cells is applied yet.

    `raw` holds text, with `source_id` and `source_row`; columns that are not recorded become typed `not_recorded`.
    A record that lacks a required value has a problem of severity `row`.
    """
    out = raw[PLACE].assign(group=raw.get("group", -1))
    problems: list[pd.DataFrame] = []
    changes: list[pd.DataFrame] = []
    for column in table:
        if column.name not in raw:
            _not_recorded(out, column)
            continue
        texts = _unnamed(raw[column.name]) if column.kind == "person" else raw[column.name]
        reading = cells.read_distinct(texts, _reader(column, context))
        _store(out, column, texts, reading)
        problems.append(_cell_problems(table, column, raw, reading))
        changes.append(_changes(table, column, texts, reading))
    problems.append(_required(table, out))
    return Cleaned(out, join(problems, PROBLEM_COLUMNS), join(changes, CHANGE_COLUMNS))


def _reader(column: Column, context: Context) -> cells.Reader:
    match column.kind:
        case "date" | "birth_date":
            return cells.date_reader(context.date_order)
        case "integer":
            return cells.integer_reader(column.low, column.high)
        case "code":
            name = column.vocabulary or ""
            return cells.code_reader(vocabulary.read(name), context.codes.get(name, {}))
        case "key":
            return _key_reader(column, context)
        case "label" | "person":
            return _label_reader
        case "quote":
            return cells.read_label


def _label_reader(text: str) -> cells.Reading:
    if privacy.identifiers_in(text) or privacy.addresses_somebody(text):
        return None, "suppressed", "identifier_in_text"
    return cells.read_label(text)


NUMBERED = re.compile(r"\D*\d+")


def _unnamed(texts: pd.Series) -> pd.Series:
    """Give people who are not known by a number a letter each, by the alphabet: A, B, … within these records."""
    told = sorted({text for text in texts.str.strip().unique() if not NUMBERED.fullmatch(text)})
    names = [text for text in told if vocabulary.key(text) not in vocabulary.read("missing").lookup and text]
    letters = {name: f"{chr(ord('A') + n % 26)}{n // 26 or ''}" for n, name in enumerate(names)}
    return texts.map(lambda text: letters.get(text.strip(), text))


def _key_reader(column: Column, context: Context) -> cells.Reader:
    if context.pseudonym is None:
        return _label_reader
    read = cells.key_reader(context.ids.get(column.name))
    hide = context.pseudonym(column.name)

    def reader(text: str) -> cells.Reading:
        value, missing, rule = read(text)
        return (None if value is None else hide(str(value))), missing, rule

    return reader


def _store(out: pd.DataFrame, column: Column, texts: pd.Series, reading: pd.DataFrame) -> None:
    value, missing = reading["value"], reading["missing"]
    if column.kind == "code":
        out[column.name] = value.fillna(missing).astype("str")
        known = ~reading["rule"].isin(["unknown_code"]) & (texts.str.strip() != "")
        out[f"{column.name}_raw"] = texts.map(cells.tidy).where(known).astype("str")
    elif column.kind in ("date", "birth_date"):
        out[column.name] = pd.to_datetime(value).astype("datetime64[us]")
    elif column.kind == "integer":
        out[column.name] = value.astype("Int64")
    else:
        out[column.name] = value.astype("str").where(value.notna())
    if column.typed_missing:
        out[f"{column.name}_missing"] = missing.astype("str").where(missing.notna())


def _not_recorded(out: pd.DataFrame, column: Column) -> None:
    text = pd.Series(None, index=out.index, dtype="str")
    if column.kind == "code":
        out[column.name] = "not_recorded"
        out[column.name] = out[column.name].astype("str")
        out[f"{column.name}_raw"] = text
    elif column.kind in ("date", "birth_date"):
        out[column.name] = pd.Series(pd.NaT, index=out.index, dtype="datetime64[us]")
    elif column.kind == "integer":
        out[column.name] = pd.Series(pd.NA, index=out.index, dtype="Int64")
    else:
        out[column.name] = text
    if column.typed_missing:
        out[f"{column.name}_missing"] = "not_recorded"
        out[f"{column.name}_missing"] = out[f"{column.name}_missing"].astype("str")


def _cell_problems(table: Table, column: Column, raw: pd.DataFrame, reading: pd.DataFrame) -> pd.DataFrame:
    return found(table.name, column.name, raw[reading["rule"].isin(SEVERITY_OF_RULE)], reading["rule"], "cell")


def _required(table: Table, out: pd.DataFrame) -> pd.DataFrame:
    required = [column.name for column in table if column.required]
    parts = [found(table.name, name, out[is_missing(out[name])], "missing_required", "row") for name in required]
    return join(parts, PROBLEM_COLUMNS)


def is_missing(values: pd.Series) -> pd.Series:
    """Say which values are absent: null, or a code of the list `missing`."""
    return values.isna() | values.isin(vocabulary.read("missing").codes)


def is_missing_any(frame: pd.DataFrame) -> pd.Series:
    """Say which rows lack a value in any column."""
    missing = pd.Series(False, index=frame.index)
    for name in frame:
        missing |= is_missing(frame[name])
    return missing


def found(table: str, column: str, rows: pd.DataFrame, rule: str | pd.Series, severity: Severity) -> pd.DataFrame:
    """Make problems for the given rows; `rule` is one name, or a series on the same index."""
    if rows.empty:
        return pd.DataFrame(columns=PROBLEM_COLUMNS)
    out = rows[PLACE].assign(group=rows.get("group", -1))
    out["table"], out["column"], out["severity"] = table, column, severity
    out["rule"] = rule if isinstance(rule, str) else rule.reindex(rows.index)
    return out[PROBLEM_COLUMNS]


def _changes(table: Table, column: Column, texts: pd.Series, reading: pd.DataFrame) -> pd.DataFrame:
    """Count the distinct changes of a column. The raw text is told only where a rule proves that it is harmless."""
    changed = reading[reading["rule"].notna()]
    if changed.empty:
        return pd.DataFrame(columns=CHANGE_COLUMNS)
    tells = column.kind in ("code", "date") and column.name != "birth_date"
    out = pd.DataFrame({"raw": texts.reindex(changed.index), "new": changed["value"], "rule": changed["rule"]})
    out["new"] = out["new"].where(out["new"].notna(), changed["missing"])
    if not tells:
        out["raw"], out["new"] = None, None
    out.loc[out["rule"].isin(["unknown_code", "unreadable_date"]), "raw"] = None
    if column.kind == "date":
        out["new"] = out["new"].map(lambda v: v.date().isoformat() if isinstance(v, pd.Timestamp) else v)
    counted = out.groupby(["raw", "new", "rule"], dropna=False).size().rename("n").reset_index()
    counted.insert(0, "table", table.name)
    counted.insert(1, "column", column.name)
    return counted


def join(frames: Iterable[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Put frames under each other; none at all gives an empty frame with these columns."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(filled, ignore_index=True)[list(columns)]


def distinct(table: Table, records: pd.DataFrame) -> pd.DataFrame:
    """Keep one record per key (the first), in the columns and order of the table's statement."""
    for name in PROVENANCE:
        if name not in records:
            records = records.assign(**{name: None})
    return records.drop_duplicates(list(table.key))[list(table.stored)].reset_index(drop=True)


def clean_tables(tables: Iterable[Table], raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Read the cells of every table of a noun that has records in this batch."""
    return {table.name: clean_cells(table, raw[table.name], context) for table in tables if table.name in raw}


def with_records(cleaned: Cleaned, records: pd.DataFrame, *problems: pd.DataFrame) -> Cleaned:
    """Give the same result with other records and more problems."""
    return Cleaned(records, join([cleaned.problems, *problems], PROBLEM_COLUMNS), cleaned.changes)
