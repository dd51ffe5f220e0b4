"""Hold what a source's headings and words mean: the one file that a new municipality takes."""

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.dates import AS_WRITTEN, SWAPPED
from iww_analysis.tables.cells.key_folding import FOLDINGS
from iww_analysis.tables.statement import Column

FORMAT = "iww-crosswalk/1"
OPEN = "?"  # an open question: what a heading or word means is still to be answered
ORDERS = ("dmy", "mdy", "ymd")
DAYS = ("date", "birth_date")  # kinds of column
EPOCHS = (1900, 1904)
DECIMALS = (",", ".")
YES, NO = "yes", "no"
SEPARATORS = frozenset(";\n|,/+&")  # what can separate several values in one cell
MISSING, NAME = "missing", "name"  # what "NA" is in a column of names
ANSWERS = {"half_dates": (SWAPPED, AS_WRITTEN), "fill_down": (YES, NO), "missing_words": (MISSING, NAME)}
MANY_CODES = 20  # more are not listed in a message


@dataclass(frozen=True)
class Target:
    """Where a heading's cells go: a column of a table, in the record that `constants` tells apart from others."""

    table: str
    column: str
    split: str = ""
    constants: tuple[tuple[str, str], ...] = ()

    @property
    def field(self) -> str:
        """Its table and column, as files name them: "cases.case_id"."""
        return f"{self.table}.{self.column}"

    @property
    def statement(self) -> Column:
        """What its column must be."""
        return TABLES[self.table][self.column]


HeadingTargets = Mapping[str, tuple[Target, ...]]  # heading -> what it fills


@dataclass(frozen=True)
class Exclusion:
    """Rows that are no data of the study: those whose cell under `heading` equals `equals`."""

    heading: str
    equals: str
    reason: str


@dataclass(frozen=True)
class SheetPattern:
    """Which sheets are meant, by the names of file and sheet with stars; no name of a sheet is every sheet of the file."""

    file: str
    sheet: str

    @property
    def name(self) -> str:
        """Name the kind of sheet for messages and for telling deliveries of one sheet together."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file

    def fits(self, file: str, sheet: str) -> bool:
        """Say whether a sheet is meant."""
        return fnmatch.fnmatchcase(file, self.file) and fnmatch.fnmatchcase(sheet, self.sheet or "*")


@dataclass(frozen=True)
class SheetCrosswalk(SheetPattern):
    """How one kind of sheet is read. `anchor` is the table of which every row makes exactly one record.

    `date_orders` and `decimals`: heading -> how its days and numbers are written, where that is not as in the sheet.
    `half_dates`: heading -> what the real days are in a column that Excel half converted, "swapped" or "as_written".
    `fill_down`: heading -> whether a row in which it is empty goes on with the row above (yes, no, or ? while nobody said).
    `separators`: heading -> the signs that a person said separate the names in its cells ("no": none does).
    `missing_words`: heading -> whether "NA" among its names is "missing" or a "name".
    """

    anchor: str
    date_order: str
    columns: HeadingTargets
    constants: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    ignore: Mapping[str, str] = field(default_factory=dict)
    exclude: tuple[Exclusion, ...] = ()
    open_headings: tuple[str, ...] = ()
    date_orders: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    half_dates: Mapping[str, str] = field(default_factory=dict)
    fill_down: Mapping[str, str] = field(default_factory=dict)
    missing_words: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    excel_epoch: int = 1900

    @property
    def known_headings(self) -> tuple[str, ...]:
        """Every heading the crosswalk speaks of, read or not."""
        return (*self.columns, *self.ignore, *self.open_headings, *(rule.heading for rule in self.exclude))

    def heading_of(self, table: str, column: str) -> str | None:
        """Give the first heading that fills a column, for messages."""
        field = f"{table}.{column}"
        return next((heading for heading, filled in self.columns.items() if field in [t.field for t in filled]), None)

    def other_names(self, heading: str, target: Target) -> list[str]:
        """Name the other headings of a field of the anchor: a form can change its headings from year to year."""
        if target.table != self.anchor or target.constants:
            return []
        return [name for name, filled in self.columns.items() if name != heading and target in filled]

    def is_other_name(self, heading: str, target: Target) -> bool:
        """Say whether an earlier heading fills this field of the anchor."""
        names = list(self.columns)
        return any(names.index(name) < names.index(heading) for name in self.other_names(heading, target))

    def date_order_of(self, table: str, column: str) -> str:
        """Say how the days of a column are written; a column that a record inherits is written as the anchor's."""
        return self.date_orders.get(self.source_of(table, column), self.date_order)

    def decimal_of(self, table: str, column: str) -> str:
        """Give the sign before decimals in a column of numbers."""
        return self.decimals.get(self.source_of(table, column), DECIMALS[0])

    def source_of(self, table: str, column: str) -> str:
        """Name the heading that fills a column, or that of the anchor which it is inherited from; "" for none."""
        return self.heading_of(table, column) or self.heading_of(self.anchor, column) or ""


@dataclass(frozen=True)
class Crosswalk:
    """One source's sheets and words.

    `codes`: vocabulary list -> folded word -> code; `ignored_sheets`: with the reason; `keys`: column of identifiers -> how they
    are folded, wherever they stand; none where a person said that they stay as they are.
    """

    source: str
    sheets: tuple[SheetCrosswalk, ...]
    codes: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, str]]  # as written, for reporting unused lines
    ignored_sheets: tuple[tuple[SheetPattern, str], ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sheet_for(self, file: str, sheet: str) -> SheetCrosswalk | None:
        """Find the entry for a sheet; the first that fits."""
        return next((entry for entry in self.sheets if entry.fits(file, sheet)), None)

    def ignored_because(self, file: str, sheet: str) -> str | None:
        """Give the reason why a sheet is not read, if the crosswalk gives one."""
        return next((reason for pattern, reason in self.ignored_sheets if pattern.fits(file, sheet)), None)


def parse(document: Mapping[str, Any], name: str) -> Crosswalk:
    """Make a crosswalk of a read TOML document (`name`: its file); raises IwwError with every fault in it at once."""
    if faults := list(_faults(document, name)):
        raise IwwError(*faults)
    lists = _table(document, "codes")
    words = {name: {word: code for word, code in lines.items() if code != OPEN} for name, lines in lists.items()}
    return Crosswalk(
        source=str(document["source"]),
        sheets=tuple(_sheet(entry) for entry in _list(document, "sheets")),
        codes={name: {vocabulary.key(word): code for word, code in lines.items()} for name, lines in words.items()},
        words=words,
        ignored_sheets=tuple(
            (SheetPattern(str(e.get("file", "*")), str(e.get("sheet", ""))), str(e["reason"]))
            for e in _list(document, "ignore_sheets")
        ),
        keys={column: tuple(map(str, v)) for column, v in _table(document, "keys").items() if v != OPEN},
    )


def targets(value: object) -> tuple[Target, ...]:
    """Read what stands behind a heading: a target, a target with constants, several, or an open question."""
    filled = []
    for given in [] if value == OPEN else value if isinstance(value, list) else [value]:
        entry = {"to": given} if isinstance(given, str) else given
        if not isinstance(entry, Mapping) or "to" not in entry:
            raise fail("crosswalk_shape", found=entry, expected='{ to = "tabel.kolom" }')
        table, _, column = str(entry["to"]).partition(".")
        constants = tuple(sorted((k, str(v)) for k, v in entry.items() if k not in ("to", "split")))
        filled.append(Target(table, column, str(entry.get("split", "")), constants))
    return tuple(filled)


def _sheet(entry: Mapping[str, Any]) -> SheetCrosswalk:
    columns, separators = _table(entry, "columns"), _by_heading(entry, "separators")
    constants = {name.partition("."): str(value) for name, value in _table(entry, "constants").items() if value != OPEN}
    return SheetCrosswalk(
        file=str(entry["file"]),
        sheet=str(entry.get("sheet", "")),
        anchor=str(entry["one_row_is"]),
        date_order=str(entry.get("date_order", "dmy")),
        columns={
            heading: _separated(targets(value), separators.get(heading, NO))
            for heading, value in columns.items()
            if value != OPEN
        },
        constants={(table, column): value for (table, _, column), value in constants.items()},
        ids={k: int(str(v)) for k, v in _table(entry, "ids").items()},
        ignore={k: str(v) for k, v in _table(entry, "ignore").items()},
        exclude=tuple(Exclusion(str(e["column"]), str(e["equals"]), str(e["reason"])) for e in _list(entry, "exclude")),
        open_headings=tuple(heading for heading, value in columns.items() if value == OPEN),
        date_orders=_by_heading(entry, "date_orders"),
        decimals=_by_heading(entry, "decimals"),
        half_dates=_by_heading(entry, "half_dates"),
        fill_down=_by_heading(entry, "fill_down"),
        missing_words=_by_heading(entry, "missing_words"),
        separators=separators,
        excel_epoch=int(entry.get("excel_epoch", EPOCHS[0])),
    )


def _separated(filled: tuple[Target, ...], signs: str) -> tuple[Target, ...]:
    """Targets whose cells are split by these signs too."""
    more = "" if signs in (NO, OPEN) else signs
    return tuple(replace(target, split=target.split + more) if target.split else target for target in filled)


def _by_heading(entry: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """The settings of single columns, by their heading as it stands under `columns`."""
    settings = {vocabulary.key(heading): str(value) for heading, value in _table(entry, name).items()}
    keys = {heading: vocabulary.key(heading) for heading in _table(entry, "columns")}
    return {heading: settings[key] for heading, key in keys.items() if key in settings}


def _faults(document: Mapping[str, Any], name: str) -> Iterator[Message]:
    if document.get("format") != FORMAT:
        yield Message("crosswalk_format", Place(name), {"expected": FORMAT})
    for entry in _list(document, "sheets"):
        anchor = entry.get("one_row_is")
        if anchor not in TABLES:
            yield Message("crosswalk_anchor", Place(name), {"found": anchor, "expected": ", ".join(TABLES)})
        yield from _style_faults(entry, name)
        yield from _unlike_faults(entry, name)
        for heading, value in _table(entry, "columns").items():
            for target in targets(value):
                yield from _target_faults(target, Place(name, column=heading))
                if target.table == anchor and (target.split or target.constants):
                    yield Message("crosswalk_split_row", Place(name, column=heading), {"found": target.table})
    for column, foldings in _table(document, "keys").items():
        if foldings != OPEN and not (isinstance(foldings, list) and set(foldings) <= set(FOLDINGS)):
            words = {"found": foldings, "expected": ", ".join(FOLDINGS)}
            yield Message("crosswalk_keys", Place(name, column=f"keys.{column}"), words)
    for vocabulary_list, lines in _table(document, "codes").items():
        yield from _code_faults(vocabulary_list, lines, Place(name, column=f"codes.{vocabulary_list}"))


def _style_faults(entry: Mapping[str, Any], name: str) -> Iterator[Message]:
    """What is wrong in what an entry says of how days and numbers are written."""
    orders, decimals = (_table(entry, name) for name in ("date_orders", "decimals"))
    for heading, order in ((None, entry.get("date_order", ORDERS[0])), *orders.items()):
        if order not in (*ORDERS, OPEN):
            yield Message("crosswalk_date_order", Place(name, column=heading), {"found": order})
    for heading, sign in decimals.items():
        if sign not in (*DECIMALS, OPEN):
            yield Message("crosswalk_decimal", Place(name, column=heading), {"found": sign})
    answers = {setting: _table(entry, setting) for setting in ANSWERS}
    for setting, given in answers.items():
        for heading in (heading for heading, answer in given.items() if answer not in (*ANSWERS[setting], OPEN)):
            yield Message(f"crosswalk_{setting}", Place(name, column=heading), {"found": given[heading]})
    yield from _separator_faults(separators := _table(entry, "separators"), name)
    if entry.get("excel_epoch", EPOCHS[0]) not in EPOCHS:
        yield Message("crosswalk_epoch", Place(name), {"found": entry.get("excel_epoch")})
    headings = set(map(vocabulary.key, _table(entry, "columns")))
    for heading in (*orders, *decimals, *separators, *(heading for given in answers.values() for heading in given)):
        if vocabulary.key(heading) not in headings:
            yield Message("crosswalk_notation_heading", Place(name, column=heading))


def _separator_faults(separators: Mapping[str, Any], name: str) -> Iterator[Message]:
    for heading, signs in separators.items():
        if signs not in (NO, OPEN) and not (signs and set(str(signs)) <= SEPARATORS):
            yield Message("crosswalk_separators", Place(name, column=heading), {"found": signs})


def _unlike_faults(entry: Mapping[str, Any], name: str) -> Iterator[Message]:
    """Headings that fill one column, while their days or numbers are not written alike."""
    date_order = str(entry.get("date_order", ORDERS[0]))
    for setting, kinds, default in (("date_orders", DAYS, date_order), ("decimals", ("integer",), DECIMALS[0])):
        styles, first = _by_heading(entry, setting), dict[Target, tuple[str, str]]()
        for heading, value in _table(entry, "columns").items():
            for slot in (Target(target.table, target.column) for target in targets(value)):
                if slot.table in TABLES and slot.column in TABLES[slot.table]:
                    style = styles.get(heading, default)
                    other, others = first.setdefault(slot, (heading, style))
                    if slot.statement.kind in kinds and others != style:
                        words = {"field": slot.field, "other": other, "table": setting}
                        yield Message("crosswalk_unlike", Place(name, column=heading), words)


def _target_faults(target: Target, place: Place) -> Iterator[Message]:
    if target.table not in TABLES:
        yield Message("crosswalk_table", place, {"found": target.table, "expected": ", ".join(TABLES)})
        return
    table = TABLES[target.table]
    for column, constant in ((target.column, None), *target.constants):
        if column not in table or table[column].computed:
            expected = ", ".join(c.name for c in table if not c.computed)
            yield Message("crosswalk_column", place, {"found": f"{target.table}.{column}", "expected": expected})
        elif constant is not None and (known := table[column].vocabulary) and constant not in vocabulary.read(known):
            yield _unknown_code(constant, known, place)


def _code_faults(name: str, lines: object, place: Place) -> Iterator[Message]:
    if name not in vocabulary.names():
        yield Message("crosswalk_list", place, {"found": name, "expected": ", ".join(vocabulary.names())})
        return
    if not isinstance(lines, Mapping):
        raise fail("crosswalk_shape", found=f"codes.{name}", expected=f"[codes.{name}]")
    for code in lines.values():
        if code != OPEN and code not in vocabulary.read(name) and code not in vocabulary.read("missing"):
            yield _unknown_code(code, name, place)


def _unknown_code(code: str, name: str, place: Place) -> Message:
    codes = vocabulary.read(name).codes
    expected = ", ".join(codes[:MANY_CODES]) + (" …" if len(codes) > MANY_CODES else "")
    return Message("crosswalk_code", place, {"found": code, "list": name, "expected": expected})


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name, {})
    if not isinstance(value, Mapping):
        raise fail("crosswalk_shape", found=name, expected=f"[{name}]")
    return value


def _list(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = document.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        raise fail("crosswalk_shape", found=name, expected=f"[[{name}]]")
    return value
