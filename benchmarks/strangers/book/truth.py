"""Say what the processed tables must hold of the sheets of a stranger: record by record, with the cell each value comes from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.strangers.book.model import Cell, Column, Gap, Meaning, Row, Sheet, Stranger

ONCE = {
    "cases": (),
    "referrals": ("date",),
    "case_domains": (),
    "case_organisations": (),
    "households": (),
    "case_network": (),
}  # per case, and this
TWICE = "repeated_rows"
TELLING = {"case_domains": "domain", "attendances": "party", "case_organisations": "organisation",
           "arena_edges": "to_id"}  # many of one row  # fmt: skip
BINDING = ("case_id", "consent")  # what says of which thing a row is, or whether it may be used


class From(NamedTuple):
    """The cell a value comes from."""

    sheet: Sheet
    column: Column
    cell: Cell
    row: Row


@dataclass
class Expected:
    """A record that a table must hold. `by`: which of the records of its row it is; `values`: column -> (value, origin).

    `places`: (source_id, row) of each row that says it; a table holds it at one of these.
    """

    table: str
    places: list[tuple[str, int]]
    by: dict[str, object]
    values: dict[str, tuple[object, From]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def expected(stranger: Stranger) -> list[Expected]:
    """Give every record that must be there; of one record in several deliveries the last."""
    last: dict[tuple[object, ...], list[Expected]] = {}
    for delivery in stranger.deliveries:
        for sheet in delivery.sheets:
            source_id = sheet.source_id(delivery.received)
            if sheet.row_is:
                for number, row, above in _rows(sheet):
                    made = list(_records(sheet, row, source_id, number, above))
                    before = last.pop(key := _key(sheet, row, above, number), [])
                    if row.mess == TWICE:  # which of both stays does not matter
                        for one, other in zip(made, before, strict=True):
                            one.places += other.places
                    last[key] = made
    records = _once([record for made in last.values() for record in made])
    if stranger.day_from_referrals:
        _give_days(records)
    return records


def _give_days(records: list[Expected]) -> None:
    """Give each case the day of its first referral."""
    first: dict[str, tuple[object, From]] = {}
    for record in records:
        if record.table == "referrals":
            case, day = record.keys["case_id"], record.values["date"]
            first[case] = min(first.get(case, day), day, key=lambda each: str(each[0]))
    for record in records:
        if record.table == "cases":
            record.values["date_referral"] = first[record.keys["case_id"]]


def _once(records: list[Expected]) -> list[Expected]:
    """What two sheets say of one thing is one record."""
    known: dict[tuple[object, ...], Expected] = {}
    for n, record in enumerate(records):
        names = ONCE.get(record.table)
        values = [str(record.values[name][0]) if name in record.values else "" for name in names or ()]
        by = tuple(sorted(map(str, record.by.items())))
        one = known.setdefault(
            (record.table, *((record.keys.get("case_id"), *values, by) if names is not None else (n,))), record
        )
        if one is not record:
            one.places += record.places
            said = {c: v for c, v in record.values.items() if not isinstance(v[0], Gap) or c not in one.values}
            one.values |= said
    return list(known.values())


def _rows(sheet: Sheet) -> Iterator[tuple[int, Row, Row]]:
    """The rows that are kept, with the row above that says of which record they are."""
    place = next((n for n, column in enumerate(sheet.columns) if column.heading == sheet.fill_down), None)
    above: Row | None = None
    for n, row in enumerate(sheet.rows):
        if row.fate == "kept":
            above = row if above is None or place is None or row.cells[place].raw not in (None, "") else above
            yield sheet.number_of(n), row, above


def _key(sheet: Sheet, row: Row, above: Row, number: int) -> tuple[object, ...]:
    found = {}
    for column, cell, first in zip(sheet.columns, row.cells, above.cells, strict=True):
        for meaning in column.meanings:
            found[meaning.field] = first.true if column.kind == "key" else cell.true
    names = {"cases": ("cases.case_id",), "case_persons": ("cases.case_id", "case_persons.person_id"),
             "referrals": ("cases.case_id", "referrals.date"), "actions": ("actions.action_id",),
             "meetings": ("cases.case_id", "meetings.kind", "meetings.date"),
             "scores": ("cases.case_id", "scores.domain", "scores.moment", "scores.instrument_version"),
             "measurements": ("cases.case_id", "measurements.moment", "measurements.instrument_version"),
             "case_domains": ("cases.case_id", "case_domains.domain", "case_domains.moment"),
             "judgements": ("cases.case_id", "judgements.perspective", "judgements.element"),
             "observations": ("observations.meeting", "observations.item"), "indicators": ("indicators.indicator",),
             "arena_nodes": ("arena_nodes.team", "arena_nodes.arena_id", "arena_nodes.node_id")}[sheet.row_is]  # fmt: skip
    own = (_case_id(found) if name == "cases.case_id" else found.get(name) for name in names)
    return (sheet.row_is, sheet.wide, row.again, *own)


def _case_id(found: dict[str, object]) -> object:
    return next((value for name, value in found.items() if name.endswith(".case_id")), None)


def _records(sheet: Sheet, row: Row, source_id: str, number: int, above: Row) -> Iterator[Expected]:
    """The records that a row makes: its own, and those beside it; on its side one per column, which share what is its own."""
    filled = list(zip(sheet.columns, row.cells, above.cells, strict=True))
    keys = (str(first.true) for column, _, first in filled if "case_id" in {m.column for m in column.meanings})
    case, records = next(keys, "") + f"/{row.again}" * bool(row.again), _made(sheet, row, (source_id, number), above)
    own = records.pop((sheet.row_is,))
    for name, value in sheet.constants.items():  # what no column says, but the name of the sheet, or its maker
        if name.startswith(f"{sheet.row_is}."):
            own.values[name.partition(".")[2]] = (value, From(sheet, Column(""), Cell(sheet.name, value), row))
    for record in (own, *records.values()):
        if sheet.wide and record.table == own.table:
            record.values |= own.values
            record.keys |= own.keys
        record.keys["case_id"] = case
    yield from () if sheet.wide else (own,)
    yield from (record for record in records.values() if record.values or record.by or len(record.keys) > 1)


def _made(sheet: Sheet, row: Row, place: tuple[str, int], above: Row) -> dict[tuple[object, ...], Expected]:
    """What each cell of a row says, by the record that it is of; the row's own is always there."""
    records: dict[tuple[object, ...], Expected] = {(sheet.row_is,): Expected(sheet.row_is, [place], {})}
    for column, cell, first in zip(sheet.columns, row.cells, above.cells, strict=True):
        for meaning in column.meanings:
            true = first.true if column.kind == "key" else cell.true
            for value in true if isinstance(true, tuple) else (true,):
                several = TELLING.get(meaning.table) == meaning.column
                if meaning.column in BINDING or not _says(value, meaning, sheet, several=several):
                    continue
                by = dict(meaning.constants) | ({meaning.column: value} if several else {})
                name = (meaning.table, *(sorted(map(str, by.items())) if _is_apart(meaning, sheet) else ()))
                record = records.setdefault(name, Expected(meaning.table, [place], by))
                record.by |= by
                if column.kind == "key":
                    record.keys[meaning.column] = str(value)
                elif not several:
                    record.values[meaning.column] = (value, From(sheet, column, cell, row))
    return records


def _is_apart(meaning: Meaning, sheet: Sheet) -> bool:
    """Whether a column is of another record than the row's own."""
    return meaning.table != sheet.row_is or bool(sheet.wide and meaning.constants)


def _says(value: object, meaning: Meaning, sheet: Sheet, *, several: bool) -> bool:
    """Whether a value makes a record beside the row's own: a blank cell does not, nor a list of nothing."""
    if not isinstance(value, Gap) or not (_is_apart(meaning, sheet) or several):
        return True
    return bool(meaning.constants) and not several and value.why != "empty"
