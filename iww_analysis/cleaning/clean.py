"""Clean records: every cell by the statement of its column, then the rules of its table."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iww_analysis import vocabulary
from iww_analysis.cleaning.changes import Counted
from iww_analysis.messages.errors import Place, during
from iww_analysis.privacy.pseudonyms import Hide
from iww_analysis.privacy.text.cover import may_be_shown
from iww_analysis.tables import NOUNS, TABLES
from iww_analysis.tables.cells import cell_readers, dates, key_folding
from iww_analysis.tables.cells.distinct_values import Known, Memory, ParsedColumn, ParsedTexts, read_all, read_distinct
from iww_analysis.tables.cells.interning import distinct
from iww_analysis.tables.cells.missing import is_missing
from iww_analysis.tables.cells.names import name_reader, read_invented_name
from iww_analysis.tables.statement import Column, Table

Severity = Literal["row", "cell", "note"]
PLACE = ["source_id", "source_row"]
PLAIN_KEY = r"^[0-9A-Z/_-]*[0-9]$"  # an identifier in its one form already
UNLIKE = ("key", "label", "person", "quote")  # kinds of which few texts come again in a later batch
PROBLEM_COLUMNS = ["table", "column", *PLACE, "group", "rule", "severity"]
NONE_FOUND = pd.DataFrame(columns=PROBLEM_COLUMNS)


@dataclass(frozen=True)
class Context:
    """What holds for a batch of records: the source, how its dates and numbers are meant, its words, its pseudonyms.

    `codes`: (table, column) -> folded word -> code; `ids`: column -> width in digits; `keys`: column -> how its identifiers
    are folded; `pseudonyms`: column -> what hides its identifiers, None in a case study, where they are invented labels;
    `overlap`: what hides the keys by which a case is found in another source, None where there are none;
    `date_orders` and `decimals`: (table, column) -> what differs from the sheet; `machine_words`: what "NA" is among its names,
    as a person said; `names`: column -> name as written -> the one under which it counts. What is
    kept to be fast: `known`, what identifiers that stand in several tables of this batch mean, and
    `memories`, what words and days meant in earlier batches. `small`: how identifiers of this sheet with small letters are
    written, by what they are in large ones; `clashes`: columns whose identifiers differ only in that.
    `referral_days`: row of this sheet -> the day of referral of its case, which it does not say itself.
    """

    source: str
    date_order: str = "dmy"
    codes: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pseudonyms: Callable[[str], Hide] | None = None
    overlap: Hide | None = None
    extraction_date: pd.Timestamp | None = None
    municipalities: tuple[str, ...] = ()  # those of the card; none: any
    date_orders: Mapping[tuple[str, str], str] = field(default_factory=dict)
    excel_epoch: int = 1900
    decimals: Mapping[tuple[str, str], str] = field(default_factory=dict)
    machine_words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known: Known = field(default_factory=dict, compare=False)
    memories: dict[Hashable, Memory] = field(default_factory=dict, compare=False)
    small: dict[tuple[str, str], set[str]] = field(default_factory=dict, compare=False)
    clashes: set[str] = field(default_factory=set, compare=False)
    referral_days: pd.Series = field(default_factory=lambda: pd.Series(dtype="datetime64[us]"), compare=False)


@dataclass(frozen=True)
class Cleaned:
    """Clean records of one table, and what was found on the way.

    `problems` has one row per problem: table, column, source_id, source_row, group (of headings), rule, severity. Severity
    `row`: the record cannot be used; `cell`: one value became typed missing; `note`: kept, reported.
    """

    records: pd.DataFrame
    problems: pd.DataFrame
    counted: Sequence[Counted]

    def with_records(self, records: pd.DataFrame, *problems: pd.DataFrame) -> "Cleaned":
        """Give the same result with other records and more problems."""
        return replace(self, records=records, problems=join([self.problems, *problems]))


REFUSING = frozenset({  # rules by which a cell has no value; the others change it
    "unreadable_date", "month_only", "date_order_open", "date_half_converted", "unreadable_number", "decimal_open",
    "birth_impossible", "missing_word", "error_word",
    "out_of_range", "unknown_code", "identifier_in_text",
})  # fmt: skip


def clean_cells(table: Table, raw: pd.DataFrame, context: Context) -> Cleaned:
    """Read every cell of a table's records by its column's statement; no rule between cells is applied yet.

    `raw` holds text, with `source_id` and `source_row`; columns that are not recorded become typed `not_recorded`.
    A record that lacks a required value has a problem of severity `row`. Codes, reasons and the labels of a case study
    are categories; pseudonyms are columns of Arrow in which each stands once.
    """
    out = {name: raw[name] for name in PLACE} | {"group": raw.get("group", pd.Series(-1, index=raw.index))}
    places = pd.DataFrame(out, copy=False)
    problems, counted = [], []
    for column in table:
        with during("unexpected_cleaning", Place(column=f"{table.name}.{column.name}")):
            cells = _parsed(raw, column, table, context)
        out |= _kept_in(column, cells)
        if cells.parsed.ruled:
            problems.append(_refusals(table, column, cells, places))
            counted.append(Counted(table.name, column, cells.parsed, cells.counts()))
    records = pd.DataFrame(out, copy=False)
    problems += [
        problems_of(table.name, column.name, records[lacks(records, column)], "missing_required", "row")
        for column in table if column.required
    ]  # fmt: skip
    return Cleaned(records, join(problems), counted)


def lacks(records: pd.DataFrame, column: Column) -> pd.Series:
    """Say which records lack a value; where the month of a day tells something, that is enough."""
    absent = is_missing(records[column.name])
    return absent & records[f"{column.name}_month"].isna() if column.month else absent


def bound(records: pd.DataFrame, name: str, *, last: bool) -> pd.Series:
    """The days of a column; where only the month is known its first or last day, which is a bound and no day."""
    months = records[f"{name}_month"].astype("str")
    if months.isna().all():
        return records[name]
    firsts = pd.to_datetime(months, format="%Y-%m")
    return records[name].fillna(firsts + pd.offsets.MonthEnd(0) if last else firsts)


def _parsed(raw: pd.DataFrame, column: Column, table: Table, context: Context) -> ParsedColumn:
    if column.name not in raw:
        return ParsedColumn.of_one("", (None, "not_recorded", None), raw.index)
    texts = _lettered(raw[column.name].astype("str")) if column.kind == "person" else raw[column.name]
    if column.kind == "key" and context.pseudonyms:
        return parsed_keys(texts, column.name, context, own=table.key == (column.name,))
    place, read = _reader(column, table, context, texts)
    if column.kind in UNLIKE:
        return read_distinct(texts, read)
    return read_distinct(texts, read, context.memories.setdefault(place, Memory(read)))


def parsed_keys(texts: pd.Series, name: str, context: Context, *, own: bool) -> ParsedColumn:
    """Read the identifiers of a column, and hide them; columns of the same texts in one batch are read once.

    `own`: each is that of a record of its own, so that two that differ only in letters are two.
    """
    hide = context.pseudonyms(name) if context.pseudonyms else None
    return read_all(texts, partial(_hidden, name=name, context=context, hide=hide, own=own), context.known, name)


def _hidden(identifiers: pa.Array, name: str, context: Context, hide: Hide | None, *, own: bool) -> ParsedTexts:
    """Read identifiers and put pseudonyms in their place. Nearly all are in their one form already."""
    width, foldings = context.ids.get(name), context.keys.get(name, ())
    plain = pc.match_substring_regex(identifiers, PLAIN_KEY).to_numpy(zero_copy_only=False)
    texts = identifiers.to_pylist()
    parsed, read = ParsedTexts(texts), key_folding.key_reader(width, foldings)
    closer = range(len(texts)) if width or foldings else np.flatnonzero(~plain)
    for n in closer:
        parsed.correct(int(n), read(texts[n]))
    numbers, names = np.arange(len(texts)), texts
    if len(closer):  # an identifier can be written in several ways, or be missing
        numbers, distinct = pd.factorize(np.array(parsed.values, dtype=object))
        names = distinct.tolist()
        if own and not foldings and key_folding.differ_in_letters(texts, parsed.values, closer, name, context.small):
            context.clashes.add(name)
    if hide:
        parsed.names = pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32), mask=numbers < 0), hide(names))
    return parsed


def _reader(column: Column, table: Table, context: Context, texts: pd.Series) -> tuple[Hashable, cell_readers.Reader]:
    """How a column is read, and a name for it: columns of one name are read alike."""
    place = (table.name, column.name)
    match column.kind:
        case "date" | "birth_date":
            order, epoch = context.date_orders.get(place, context.date_order), context.excel_epoch
            if column.kind == "date":
                return (order, epoch), dates.date_reader(order, epoch)
            return place, dates.birth_reader(order, epoch, context.extraction_date)
        case "integer":
            return place, cell_readers.integer_reader(column.low, column.high, context.decimals.get(place, ","))
        case "code":
            words = vocabulary.read(column.vocabulary)
            signs = "+" in words.lookup and cell_readers.has_signs(distinct(texts)[1].to_pylist(), words)
            read = cell_readers.code_reader(words, context.codes.get(place, {}), signs=signs)
            return (*place, signs), cell_readers.mending(read)
        case "quote":
            return place, cell_readers.mending(cell_readers.read_label)
        case "key" if foldings := context.keys.get(column.name):
            return place, key_folding.key_reader(None, foldings)
        case "key" | "person":
            return place, cell_readers.mending(read_invented_name)
    read = name_reader(context.machine_words.get(place, ""), context.names.get(column.name, {}))
    return place, cell_readers.mending(read)


NUMBERED = re.compile(r"\D*\d{1,3}")


def _lettered(texts: pd.Series) -> pd.Series:
    """Give people who are not known by a number a letter each, by the alphabet: A, B, … within these records."""
    unnumbered = sorted({text for text in texts.str.strip().unique() if text and not _is_numbered(text)})
    names = [text for text in unnumbered if vocabulary.key(text) not in vocabulary.read("missing").lookup]
    letters = {name: f"{chr(ord('A') + n % 26)}{n // 26 or ''}" for n, name in enumerate(names)}
    return texts.map(lambda text: letters.get(text.strip(), text))


def _is_numbered(text: str) -> bool:
    """Whether somebody is known by a number, and by no name beside it."""
    return bool(NUMBERED.fullmatch(text)) and may_be_shown(text)


def _kept_in(column: Column, cells: ParsedColumn) -> dict[str, pd.Series]:
    """The columns that a column is kept in: its value, a code's raw word, why a typed value is absent."""
    parsed, kept = cells.parsed, {}
    match column.kind:
        case "code":
            kept[column.name] = cells.codes_of(codes_of(column.vocabulary))
            kept[f"{column.name}_raw"] = cells.words([
                None if rule == "unknown_code" else cell_readers.tidy(text) or None
                for text, rule in zip(parsed.texts, parsed.rules, strict=True)
            ])  # fmt: skip
        case "date" | "birth_date":
            kept[column.name] = cells.days
        case "key":
            kept[column.name] = cells.names
        case kind:
            kept[column.name] = cells.each(parsed.values, "Int64" if kind == "integer" else "str")
    if column.typed_missing:
        kept[f"{column.name}_missing"] = cells.reasons(codes_of(""))
    if column.month:
        pairs = zip(parsed.texts, parsed.rules, strict=True)
        kept[f"{column.name}_month"] = cells.words([
            dates.month_of(text) if rule == "month_only" else None for text, rule in pairs
        ])  # fmt: skip
    return kept


@cache
def codes_of(name: str) -> pd.CategoricalDtype:
    """All codes of a list, and the reasons for a missing value."""
    codes = vocabulary.read(name).codes if name else ()
    return pd.CategoricalDtype(list(dict.fromkeys((*codes, *vocabulary.read("missing").codes))))


def constant(word: str | None, index: pd.Index, known: pd.CategoricalDtype | None = None) -> pd.Series:
    """One word for all rows, held once."""
    known = known or pd.CategoricalDtype([] if word is None else [word])
    code = -1 if word is None else known.categories.get_loc(word)
    return pd.Series(pd.Categorical.from_codes(np.full(len(index), code, dtype=np.int32), dtype=known), index=index)


def _refusals(table: Table, column: Column, cells: ParsedColumn, places: pd.DataFrame) -> pd.DataFrame:
    """The problems of cells that have no value by a rule."""
    rules = cells.parsed.rules
    wrong = cells.parsed.once("wrong", lambda new: np.array([rule in REFUSING for rule in rules[new]], dtype=bool))
    rows = np.flatnonzero(wrong[cells.codes])
    return problems_of(table.name, column.name, places.take(rows), [str(rules[n]) for n in cells.codes[rows]], "cell")


def problems_of(
    table: str, column: str, rows: pd.DataFrame, rule: str | Sequence[str], severity: Severity
) -> pd.DataFrame:
    """Make problems for the given rows; `rule` is one name, or one for each row."""
    if rows.empty:
        return NONE_FOUND
    return pd.DataFrame({
        "table": table, "column": column, "source_id": rows["source_id"].astype("str"), "source_row": rows["source_row"],
        "group": rows.get("group", -1), "rule": rule, "severity": severity,
    }, index=rows.index)  # fmt: skip


def join(frames: Iterable[pd.DataFrame], columns: Sequence[str] = PROBLEM_COLUMNS) -> pd.DataFrame:
    """Put frames under each other; none at all gives an empty frame with these columns."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True)[[*columns]] if filled else pd.DataFrame(columns=[*columns])


def with_implied(raw: Mapping[str, pd.DataFrame], table: str, *makers: str) -> Mapping[str, pd.DataFrame]:
    """Add the records of a table that no sheet fills: what tells them apart stands in the first of `makers` that there is."""
    maker = next((raw[name] for name in makers if name in raw), None)
    if maker is None or table in raw:
        return raw
    named = [name for name in (*PLACE, *TABLES[table].inherits) if name in maker]
    return {**raw, table: maker[named].drop_duplicates()}


def clean_tables(noun: str, raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Read the cells of every table of a noun that has records in this batch."""
    tables = [table for table in NOUNS[noun].tables if table.name in raw]
    return {table.name: clean_cells(table, raw[table.name], context) for table in tables}
