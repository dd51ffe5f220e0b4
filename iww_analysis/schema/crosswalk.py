"""Hold what a source's headings and words mean: the one file that a new municipality takes."""

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.errors import IwwError, Message, Place, fail
from iww_analysis.schema.tables import Tables

FORMAT = "iww-crosswalk/1"
OPEN = "?"  # an open question: what a heading or word means is still to be answered


@dataclass(frozen=True)
class Target:
    """Where a heading's cells go: a column of a table, in the record that `constants` tells apart from others."""

    table: str
    column: str
    split: str = ""
    constants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Exclusion:
    """Rows that are no data of the study: those whose cell under `heading` equals `equals`."""

    heading: str
    equals: str
    reason: str


@dataclass(frozen=True)
class SheetWalk:
    """How one kind of sheet is read. `anchor` is the table of which every row makes exactly one record."""

    file: str
    sheet: str
    anchor: str
    date_order: str
    columns: Mapping[str, tuple[Target, ...]]
    constants: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    ignore: Mapping[str, str] = field(default_factory=dict)
    exclude: tuple[Exclusion, ...] = ()
    open_headings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the kind of sheet for messages and for telling deliveries of one sheet together."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file

    @property
    def known_headings(self) -> tuple[str, ...]:
        """Every heading the crosswalk speaks of, read or not."""
        return (*self.columns, *self.ignore, *self.open_headings, *(rule.heading for rule in self.exclude))

    def heading_of(self, table: str, column: str) -> str | None:
        """Give the first heading that fills a column, for messages."""
        return next(
            (h for h, ts in self.columns.items() if any((t.table, t.column) == (table, column) for t in ts)), None
        )

    def fits(self, file: str, sheet: str) -> bool:
        """Say whether this entry speaks of that sheet."""
        return fnmatch.fnmatchcase(file, self.file) and fnmatch.fnmatchcase(sheet, self.sheet or "*")


@dataclass(frozen=True)
class Crosswalk:
    """One source's sheets and words. `codes`: vocabulary list -> folded word -> code."""

    source: str
    sheets: tuple[SheetWalk, ...]
    codes: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, str]]  # as written, for reporting unused lines
    ignored_sheets: tuple[tuple[str, str, str], ...] = ()  # file, sheet, reason

    def sheet_for(self, file: str, sheet: str) -> SheetWalk | None:
        """Find the entry for a sheet; the first that fits."""
        return next((walk for walk in self.sheets if walk.fits(file, sheet)), None)

    def ignored_because(self, file: str, sheet: str) -> str | None:
        """Give the reason why a sheet is not read, if the crosswalk gives one."""
        return next(
            (
                why
                for f, s, why in self.ignored_sheets
                if fnmatch.fnmatchcase(file, f) and fnmatch.fnmatchcase(sheet, s)
            ),
            None,
        )


def parse(document: Mapping[str, Any], tables: Tables, name: str) -> Crosswalk:
    """Make a crosswalk of a read TOML document; raises IwwError with every fault in it at once."""
    faults = list(_faults(document, tables, name))
    if faults:
        raise IwwError(*faults)
    words = {vocab: {w: c for w, c in lines.items() if c != OPEN} for vocab, lines in _table(document, "codes").items()}
    return Crosswalk(
        source=str(document["source"]),
        sheets=tuple(_sheet(entry) for entry in _list(document, "sheets")),
        codes={vocab: {vocabulary.key(word): code for word, code in lines.items()} for vocab, lines in words.items()},
        words=words,
        ignored_sheets=tuple(
            (str(e.get("file", "*")), str(e.get("sheet", "*")), str(e["reason"]))
            for e in _list(document, "ignore_sheets")
        ),
    )


def targets(value: object) -> tuple[Target, ...]:
    """Read what stands behind a heading: a target, a target with constants, several, or an open question."""
    if value == OPEN:
        return ()
    entries = value if isinstance(value, list) else [value]
    return tuple(_target(entry) for entry in entries)


def _target(entry: object) -> Target:
    if isinstance(entry, str):
        table, _, column = entry.partition(".")
        return Target(table, column)
    if not isinstance(entry, Mapping) or "to" not in entry:
        raise fail("crosswalk_shape", found=entry, expected='{ to = "tabel.kolom" }')
    table, _, column = str(entry["to"]).partition(".")
    constants = tuple(sorted((k, str(v)) for k, v in entry.items() if k not in ("to", "split")))
    return Target(table, column, str(entry.get("split", "")), constants)


def _sheet(entry: Mapping[str, Any]) -> SheetWalk:
    columns = _table(entry, "columns")
    constants = {(k.partition(".")[0], k.partition(".")[2]): str(v) for k, v in _table(entry, "constants").items()}
    return SheetWalk(
        file=str(entry["file"]),
        sheet=str(entry.get("sheet", "")),
        anchor=str(entry["one_row_is"]),
        date_order=str(entry.get("date_order", "dmy")),
        columns={heading: targets(value) for heading, value in columns.items() if value != OPEN},
        constants=constants,
        ids={k: int(str(v)) for k, v in _table(entry, "ids").items()},
        ignore={k: str(v) for k, v in _table(entry, "ignore").items()},
        exclude=tuple(Exclusion(str(e["column"]), str(e["equals"]), str(e["reason"])) for e in _list(entry, "exclude")),
        open_headings=tuple(heading for heading, value in columns.items() if value == OPEN),
    )


def _faults(document: Mapping[str, Any], tables: Tables, name: str) -> Iterator[Message]:
    place = Place(name)
    if document.get("format") != FORMAT:
        yield Message("crosswalk_format", place, {"expected": FORMAT})
    for entry in _list(document, "sheets"):
        if entry.get("one_row_is") not in tables:
            yield Message("crosswalk_anchor", place, {"found": entry.get("one_row_is"), "expected": ", ".join(tables)})
        if entry.get("date_order", "dmy") not in ("dmy", "mdy", "ymd"):
            yield Message("crosswalk_date_order", place, {"found": entry.get("date_order")})
        for heading, value in _table(entry, "columns").items():
            for target in targets(value):
                yield from _target_faults(target, heading, tables, name)
                if target.table == entry.get("one_row_is") and (target.split or target.constants):
                    yield Message("crosswalk_split_row", Place(name, column=heading), {"found": target.table})
    for vocab, lines in _table(document, "codes").items():
        yield from _code_faults(vocab, lines, name)


def _target_faults(target: Target, heading: str, tables: Tables, name: str) -> Iterator[Message]:
    place = Place(name, column=heading)
    if target.table not in tables:
        yield Message("crosswalk_table", place, {"found": target.table, "expected": ", ".join(tables)})
        return
    table = tables[target.table]
    for column, constant in ((target.column, None), *target.constants):
        if column not in table:
            expected = ", ".join(c.name for c in table)
            yield Message("crosswalk_column", place, {"found": f"{target.table}.{column}", "expected": expected})
        elif constant is not None and (known := table[column].vocabulary) and constant not in vocabulary.read(known):
            yield Message("crosswalk_code", place, {"found": constant, "list": known,
                                                    "expected": ", ".join(vocabulary.read(known).codes)})  # fmt: skip


def _code_faults(vocab: str, lines: object, name: str) -> Iterator[Message]:
    place = Place(name, column=f"codes.{vocab}")
    if vocab not in vocabulary.names():
        yield Message("crosswalk_list", place, {"found": vocab, "expected": ", ".join(vocabulary.names())})
        return
    known = vocabulary.read(vocab)
    if not isinstance(lines, Mapping):
        raise fail("crosswalk_shape", found=f"codes.{vocab}", expected=f"[codes.{vocab}]")
    for code in lines.values():
        if code != OPEN and code not in known and code not in vocabulary.read("missing"):
            yield Message("crosswalk_code", place, {"found": code, "list": vocab, "expected": ", ".join(known.codes)})


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
