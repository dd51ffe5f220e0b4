"""Say what a table must be: the check, the data dictionary and the cleaning all read the same statement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from iww_analysis import vocabulary

Kind = Literal["key", "label", "person", "code", "date", "integer", "quote", "birth_date"]

PROVENANCE = ("source", "source_id", "source_row")


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    `kind` decides how a cell is cleaned:
    key         an identifier from somebody's system: a keyed pseudonym (an invented label in a case study stays);
    label       a short text that names no person: kept as written, with […] for what may point out one;
    person      who looked or coded, as a number; any other text becomes a letter, in alphabetical order;
    code        one value of the closed list `vocabulary`, or a code of the list `missing`;
    date        a day; `<name>_missing` says why it is absent, `<name>_month` the month ("2022-05") where that alone is known;
    integer     a whole number within `low`..`high`; `<name>_missing` says why it is absent;
    quote       free text: kept only where the row's `cleared` is yes, with […] for what may point out a person;
    birth_date  used while reading, never kept.
    """

    name: str
    kind: Kind
    nl: str
    meaning: str
    vocabulary: str = ""
    unit: str | None = None
    required: bool = False
    low: int | None = None
    high: int | None = None
    trap: str | None = None
    transient: bool = False  # read, used by the noun, not kept in the processed table
    gives: str = ""  # the kept column that a transient one is turned into
    computed: bool = False  # made by the build: no heading can be it
    month: bool = False  # of a day of which the month alone tells something too: it is kept in `<name>_month`
    proper: bool = False  # of a label: the names of teams, organisations, documents, in which a capital tells nothing

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind) or (self.kind == "code") != (self.vocabulary in vocabulary.names()):
            raise ValueError(f"column {self.name}: no kind {self.kind!r} with the list {self.vocabulary!r}")

    @property
    def typed_missing(self) -> bool:
        """Whether a companion column `<name>_missing` says why a value is absent."""
        return self.kind in ("date", "integer", "birth_date")


@dataclass(frozen=True)
class Table:
    """A canonical table: one row per `row_is`, found again by `key`.

    `inherits` names the columns that a record takes from the raw row it stands on, such as the case that a
    domain belongs to. A record exists only where a cell of one of the columns in `needs` is filled (always, if none).
    `speaker`: the column that says whose words a record holds; `of_groups`: without a case these are a group's.
    """

    name: str
    nl: str
    row_is: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    inherits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    trap: str | None = None
    period: tuple[str, str] | None = (
        None  # its begin and end: one key can have several periods, each a record of its own
    )
    renewed_by: tuple[str, ...] = ()  # what a later delivery replaces as a whole, such as a document; else by the key
    speaker: str = ""
    of_groups: bool = False

    def __post_init__(self) -> None:
        names = {*self.key, *self.inherits, *self.needs, *self.renewed_by, *(self.period or ()), self.speaker} - {""}
        if strange := names.difference(PROVENANCE, [column.name for column in self.columns]):
            raise ValueError(f"table {self.name}: no column {', '.join(sorted(strange))}")

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    @property
    def of_persons(self) -> bool:
        """Whether its records can be a person's words, or about the client of a case: in a case study they take consent."""
        return bool(self.speaker) or "case_id" in self

    @property
    def stored(self) -> tuple[str, ...]:
        """The columns of the processed table, in order, provenance last."""
        names: list[str] = []
        for column in self.columns:
            if column.transient:
                continue
            names.append(column.name)
            if column.kind == "code":
                names.append(f"{column.name}_raw")
            if column.typed_missing:
                names.append(f"{column.name}_missing")
            if column.month:
                names.append(f"{column.name}_month")
        return (*names, *PROVENANCE)


Tables = Mapping[str, Table]


def read_tables(declared: Mapping[str, Any]) -> tuple[Table, ...]:
    """Read the tables that the file of a noun declares; a field, kind, list or column that is not known is refused.

    `shared` columns stand in a table by their name alone.
    """
    shared = {column["name"]: column for column in declared.get("shared", ())}
    tables = []
    for name, fields in declared["tables"].items():
        columns = tuple(Column(**(shared[each] if isinstance(each, str) else each)) for each in fields["columns"])
        others: dict[str, Any] = {field: tuple(v) if isinstance(v, list) else v for field, v in fields.items()}
        tables.append(Table(name, **others | {"columns": columns}))
    return tuple(tables)
