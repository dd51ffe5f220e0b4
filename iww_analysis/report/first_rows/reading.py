"""Say how the first rows of a delivered sheet are read: under each heading what its cells are understood as, in words.

The rows are read and cleaned as a build does. What a person can be known by is not shown: of identifiers the form alone, of
names, texts and births only that something is there, as in the form of open questions.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import Cleaned
from iww_analysis.cleaning.clean_batch import clean_rows
from iww_analysis.cleaning.known_sheet import DeliveredSheet, KnownSheet
from iww_analysis.cleaning.records import Group, groups, groups_of_others
from iww_analysis.cleaning.source import Keys, context_of
from iww_analysis.crosswalk.ask.meanings import constants_in_words
from iww_analysis.crosswalk.crosswalk import Crosswalk, Target
from iww_analysis.disclosure.public_numbers import field_name, table_name
from iww_analysis.messages import numbers, sentences
from iww_analysis.messages.errors import Lang, Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.key_folding import form
from iww_analysis.tables.cells.missing import missing_reason
from iww_analysis.tables.statement import Column

SHOWN, CLEANED = 5, 1_000  # first rows: what a sign means can be told by the rows below those that are shown
NO_ANSWER = (
    "unknown_code",
    "date_order_open",
    "date_half_converted",
    "decimal_open",
)  # rules by which a cell waits for a person
NAMED = 8  # rows of a kind in a sentence
NOTHING = "–"  # no record stands on the row

Guesses = Mapping[str, str]  # heading that is an open question -> what the program takes it for, in words
Record = Mapping[Any, Any]  # column -> value
_AS_THEY_ARE = partial(pa.array, type=pa.large_string())


class HeadingRead(NamedTuple):
    """What a heading is read as (`means`), and its cell in each of the rows that are shown."""

    means: str
    heading: str
    values: tuple[str, ...]


class TableRead(NamedTuple):
    """What the headings of a sheet say of one table."""

    name: str
    headings: tuple[HeadingRead, ...]


@dataclass(frozen=True)
class SheetRead:
    """How the first rows of a sheet are read. `rows`: their numbers in the file.

    `not_counting`: which of these rows could not be used as it is, and why; `unanswered`: what waits for a person;
    `left_out`: what is not read, and why.
    """

    received: str
    place: str
    rows: tuple[int, ...] = ()
    tables: tuple[TableRead, ...] = ()
    not_counting: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def sheet_read(
    sheet: DeliveredSheet, crosswalk: Crosswalk, guesses: Guesses, refusals: Collection[Message], lang: Lang
) -> SheetRead:
    """Say how the first rows of a sheet are read by the crosswalk as it is. `refusals`: why it is not read, if it is not."""
    if not isinstance(sheet, KnownSheet):
        known = sentences.read("quality")["not_read"]
        nothing = not_read(sheet.origin.received, sheet.place, refusals, lang)
        return nothing if refusals else replace(nothing, left_out=(known.get(sheet.note, {lang: sheet.note})[lang],))
    first = _FirstRows(sheet, crosswalk, lang)
    return SheetRead(
        received=numbers.day(sheet.origin.received, lang),
        place=sheet.place.say(lang),
        rows=first.numbers,
        tables=tuple(first.tables()),
        not_counting=tuple(first.not_counting()),
        unanswered=tuple(_unanswered(sheet, lang, guesses)),
        left_out=tuple(_left_out(sheet, first.numbers, lang)),
    )


def not_read(received: dt.date, place: Place, why: Iterable[Message], lang: Lang) -> SheetRead:
    """Say of a sheet why it is not read."""
    return SheetRead(numbers.day(received, lang), place.say(lang), left_out=tuple(message.say(lang) for message in why))


def _say(name: str, lang: Lang, **words: object) -> str:
    return str(sentences.read("first_rows")[name][lang]).format(**words)


@dataclass(frozen=True)
class _FirstRows:
    """The first rows of a sheet, cleaned."""

    sheet: KnownSheet
    crosswalk: Crosswalk
    lang: Lang

    @cached_property
    def rows(self) -> pd.DataFrame:
        return self.sheet.rows_read.head(CLEANED)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The rows that are shown."""
        return tuple(map(int, self.rows.index[:SHOWN]))

    @cached_property
    def ragged(self) -> pd.Series:
        raw = self.sheet.raw
        return self.sheet.ragged(raw.widths, raw.cells.loc[self.rows.index]).astype(bool)

    @cached_property
    def of_others(self) -> set[int]:
        return groups_of_others(self.sheet.entry)

    @cached_property
    def cleaned(self) -> Mapping[str, Cleaned]:
        """The records of the rows. No pseudonym is made, so no key is asked for: of an identifier its form alone is shown."""
        context = context_of(self.sheet, self.crosswalk, Keys(b"", may_overlap=False), set())
        context = replace(context, pseudonyms=lambda _: _AS_THEY_ARE)
        return clean_rows(self.sheet, self.rows[~self.ragged], context)

    @cached_property
    def records(self) -> Mapping[tuple[str, int], list[Record]]:
        """The records of the rows that are shown, by table and row."""
        found = defaultdict[tuple[str, int], list[Record]](list)
        for name, each in self.cleaned.items():
            shown = each.records[each.records["source_row"].isin(self.numbers)]
            for record in shown.astype("object").to_dict("records"):
                found[name, int(record["source_row"])].append(record)
        return found

    @cached_property
    def rules(self) -> Mapping[tuple[str, str, int, int], str]:
        """The rules by which cells of these rows have no value: by table, column, row and group of headings."""
        problems = pd.concat([each.problems for each in self.cleaned.values()])
        of_cells = problems[problems["severity"].eq("cell") & problems["source_row"].isin(self.numbers)]
        places = zip(*(of_cells[name] for name in ("table", "column", "source_row", "group", "rule")), strict=True)
        return {(table, column, int(row), int(group)): rule for table, column, row, group, rule in places}

    def tables(self) -> Iterator[TableRead]:
        """Give what is read for each table, the one of which every row makes a record first."""
        read = dict[str, list[HeadingRead]]()
        for number, (table, _, group) in enumerate(groups(self.sheet.entry)):
            read.setdefault(table, []).extend(self._headings(number, group))
        for table, heading in self._of_all_rows():
            read.setdefault(table, []).append(heading)
        yield from (TableRead(table_name(name, self.lang), tuple(those)) for name, those in read.items() if those)

    def _headings(self, number: int, group: Group) -> Iterator[HeadingRead]:
        for heading, target in group.values():
            names = (heading, *self.sheet.entry.other_names(heading, target))
            if here := next((name for name in names if name in self.rows), None):
                means = field_name(target.table, target.column, self.lang) + constants_in_words(target, self.lang)
                values = tuple(self._value(row, here, target, number) for row in self.numbers)
                yield HeadingRead(means, here, values)

    def _of_all_rows(self) -> Iterator[tuple[str, HeadingRead]]:
        """What no heading says, but the card, the name of the sheet or the crosswalk, of all rows."""
        entry, anchor = self.sheet.entry, self.sheet.entry.anchor
        said = [(anchor, name, text, "by_card") for name, text in self.sheet.origin.givens.items()]
        said += [(anchor, name, text, "by_sheet_name") for name, text in entry.named(self.sheet.raw.name).items()]
        said += [(table, name, text, "by_crosswalk") for (table, name), text in entry.constants.items()]
        by_heading = {target.field for heading in self.sheet.columns_read for target in entry.columns[heading]}
        for table, name, text, by in said:
            if name in TABLES[table] and f"{table}.{name}" not in by_heading:
                words = tuple(self._said(Target(table, name), text, row) for row in self.numbers)
                yield table, HeadingRead(field_name(table, name, self.lang), _say(by, self.lang), words)

    def _said(self, target: Target, text: str, row: int) -> str:
        """What a text that holds for all rows is read as; a name stays as it was said."""
        if target.statement.kind == "label":
            return text
        records = self.records.get((target.table, row), ())
        return "; ".join(dict.fromkeys(self._in_words(record, target, row, text) for record in records)) or NOTHING

    def _value(self, row: int, heading: str, target: Target, number: int) -> str:
        """What a cell is read as; where it makes several records, of each."""
        if self.ragged[row]:
            return NOTHING
        records, raw = self.records.get((target.table, row), []), str(self.rows.at[row, heading])
        own = [record for record in records if number in self.of_others or record["group"] == number]
        words = dict.fromkeys(self._in_words(record, target, row, raw) for record in own)
        return "; ".join(words) or self._missing(missing_reason(raw) or "empty")

    def _in_words(self, record: Record, target: Target, row: int, raw: str) -> str:
        name, column = target.column, target.statement
        rule = self.rules.get((target.table, name, row, int(record["group"])), "")
        if rule in NO_ANSWER:
            return _say("unanswered", self.lang)
        value = record.get(name)
        if column.kind == "code" and not pd.isna(value):
            known = vocabulary.read(column.vocabulary)
            return known.label(value, self.lang) if value in known else self._missing(value, rule)
        if name in record and not pd.isna(value):
            return self._shown(column, value)
        if isinstance(month := record.get(f"{name}_month"), str):
            return _say("month", self.lang, month=numbers.month(month, self.lang))
        absent = record.get(f"{name}_missing")
        reason = missing_reason(raw) if absent is None or pd.isna(absent) else absent
        unkept = reason is None and not rule  # used while reading, as a birth is, or not cleared, as a quote
        return _say("not_shown", self.lang) if unkept else self._missing(reason or "unreadable", rule)

    def _shown(self, column: Column, value: Any) -> str:
        """A value, as far as nobody can be known by it."""
        match column.kind:
            case "date":
                return numbers.day(value, self.lang)
            case "integer":
                return str(value)
            case "key":
                return _say("number", self.lang, form=form(str(value)))
        return _say("not_shown", self.lang)

    def _missing(self, reason: str, rule: str = "") -> str:
        named = sentences.read("first_rows")["missing"]
        words = named[reason][self.lang] if reason in named else vocabulary.read("missing").label(reason, self.lang)
        return f"{words}: {_rule(rule, self.lang)}" if rule and reason == "unreadable" else str(words)

    def not_counting(self) -> Iterator[str]:
        """Say which of the rows that are shown could not be used as they are, and why."""
        entry = self.sheet.entry
        problems = self.cleaned[entry.anchor].problems
        refused = problems[problems["severity"].eq("row") & ~problems["column"].isin(entry.varied)]
        rows_of = defaultdict[str, dict[int, None]](dict)
        for row in self.numbers:
            of_row = refused[refused["source_row"] == row]
            why = [_rule("ragged", self.lang)] if self.ragged[row] else []
            for column, rule in zip(of_row["column"], of_row["rule"], strict=True):
                why.append(f"{_rule(rule, self.lang)}: {field_name(entry.anchor, column, self.lang)}")
            for each in why:
                rows_of[each][row] = None
        yield from (
            _say("not_counting", self.lang, rows=", ".join(map(str, rows)), why=why) for why, rows in rows_of.items()
        )


def _rule(rule: str, lang: Lang) -> str:
    return str(sentences.read("report")["rules"][rule][lang])


def _unanswered(sheet: KnownSheet, lang: Lang, guesses: Guesses) -> Iterator[str]:
    """The headings of which nobody said yet what they mean, with what the program takes them for."""
    here = (heading for heading in sheet.entry.open_headings if heading in sheet.positions)
    for heading in (*here, *sheet.unknown_headings):
        guess = guesses.get(heading)
        yield _say("open_heading", lang, heading=heading) + (f" ({_say('guess', lang, guess=guess)})" if guess else "")


def _left_out(sheet: KnownSheet, rows: Sequence[int], lang: Lang) -> Iterator[str]:
    """What is not read: headings, rows that the crosswalk excludes, and what stands above and between the first rows."""
    entry = sheet.entry
    for heading, why in entry.ignore.items():
        if heading in sheet.positions:
            yield _say("ignored", lang, heading=heading, why=why)
    for rule in entry.exclude:
        yield _say("excluded", lang, heading=rule.heading, found=rule.equals, why=rule.reason)
    cells = sheet.raw.cells
    kinds = sheet.row_kinds(sheet.padded(cells.loc[: rows[-1]] if rows else cells.head(CLEANED)))
    for kind in ("title", "header", "total", "footnote"):
        numbers_of = [str(row) for row in kinds.index[(kinds == kind).to_numpy()] if row != sheet.header.row]
        if numbers_of:
            named = ", ".join(numbers_of[:NAMED]) + (" …" if len(numbers_of) > NAMED else "")
            yield _say("rows", lang, rows=named, kind=sentences.read("report")[f"rows_{kind}"][lang])
