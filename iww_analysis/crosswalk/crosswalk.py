"""Hold what a source's headings and words mean: the one file that a new municipality takes."""

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from iww_analysis import vocabulary
from iww_analysis.tables import TABLES
from iww_analysis.tables.cells.dates import AS_WRITTEN, SWAPPED
from iww_analysis.tables.cells.missing import MISSING, NAME
from iww_analysis.tables.statement import Column, Table

FORMAT = "iww-crosswalk/1"
OPEN = "?"  # an open question: what a heading or word means is still to be answered
NOT_KNOWN = "not_known"  # the answer that nobody knows: it is read as an open question is, and not asked again
UNANSWERED = (OPEN, NOT_KNOWN)
ORDERS = ("dmy", "mdy", "ymd")
DAYS = ("date", "birth_date")  # kinds of column
EPOCHS = (1900, 1904)
DECIMALS = (",", ".")
YES, NO = "yes", "no"
SEPARATORS = frozenset(";\n|,/+&")  # what can separate several values in one cell
ANSWERS = {"half_dates": (SWAPPED, AS_WRITTEN), "fill_down": (YES, NO), "missing_words": (MISSING, NAME)}
YEARS = r"(?:19|20)\d\d(?:[-–/ ]+(?:19|20)?\d\d)?"  # in the name of a sheet
SEVERAL = "/"  # between the names of sheets that are one table: no name of a sheet can hold it
NAMED = ("team",)  # columns of names without a list, each name a panel or a mark of its own
UNREADABLE = "unreadable"  # of the reasons for a missing value
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

    def holds_for(self, table: Table, constants: Mapping[str, str]) -> bool:
        """Whether its cell says the same of all records of a table, with these constants, that one row makes.

        So does the version of an instrument, of the scores and of the day of a measurement; one of a moment, of those alone.
        """
        common = self.column in table.inherits and self.column in TABLES[self.table].inherits
        return common and not self.split and {*self.constants} <= {*constants.items()}


def under(heading: str, word: str) -> str:
    """Write a word of a list that means something under one heading alone, such as a number of a legend."""
    return f"{heading} = {word}"


def as_read(setting: str) -> str:
    """Give how a setting is read: what nobody knows is read as what nobody said yet."""
    return OPEN if setting == NOT_KNOWN else setting


HeadingTargets = Mapping[str, tuple[Target, ...]]  # heading -> what it fills


@dataclass(frozen=True)
class Exclusion:
    """Rows that are no data of the study: those whose cell under `heading` equals `equals`."""

    heading: str
    equals: str
    reason: str


@dataclass(frozen=True)
class SheetPattern:
    """Which sheets are meant, by the names of file and sheet with stars; no name of a sheet is every sheet of the file.

    `sheet`: one name, or several with SEVERAL between them.
    """

    file: str
    sheet: str

    @property
    def name(self) -> str:
        """Name the kind of sheet for messages and for telling deliveries of one sheet together."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file

    def fits(self, file: str, sheet: str) -> bool:
        """Say whether a sheet is meant."""
        names = (self.sheet or "*").split(SEVERAL)
        return fnmatch.fnmatchcase(file, self.file) and any(fnmatch.fnmatchcase(sheet, name) for name in names)


def without_years(name: str) -> str:
    """The name of a sheet without the years in it, where more than that is left."""
    return " ".join(re.sub(YEARS, " ", name).split()) or name


@dataclass(frozen=True)
class SheetName:
    """What the name of a sheet says of every row on it: the field, and what is written round the names ("Team {}").

    No field: a person said that it says nothing.
    """

    table: str
    column: str
    written_as: str = "{}"

    def text(self, name: str) -> str:
        """Give what stands in the field for a sheet of this name."""
        before, _, behind = self.written_as.partition("{}")
        return without_years(name).removeprefix(before).removesuffix(behind).strip()


@dataclass(frozen=True)
class SheetCrosswalk(SheetPattern):
    """How one kind of sheet is read. `anchor` is the table of which every row makes exactly one record.

    `a_column_is`: the columns of the anchor that headings stand for, such as the element of a judgement, where a row makes a
    record for each of them that is filled; what no such heading says holds for all records of the row.

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
    a_column_is: tuple[str, ...] = ()
    sheet_name: SheetName | None = None  # what the name of the sheet says of every row on it

    @property
    def known_headings(self) -> tuple[str, ...]:
        """Every heading the crosswalk speaks of, read or not."""
        return (*self.columns, *self.ignore, *self.open_headings, *(rule.heading for rule in self.exclude))

    @property
    def varied(self) -> frozenset[str]:
        """The columns of the anchor in which the records of one row differ; none where a row makes one."""
        if not self.a_column_is:
            return frozenset()
        of_columns = [t for targets in self.columns.values() for t in targets if t.table == self.anchor and t.constants]
        made = [column.name for column in TABLES[self.anchor] if column.computed]
        return frozenset(
            {*self.a_column_is, *made, *(name for t in of_columns for name in (t.column, *dict(t.constants)))}
        )

    def heading_of(self, table: str, column: str) -> str | None:
        """Give the first heading that fills a column, for messages."""
        field = f"{table}.{column}"
        return next((heading for heading, filled in self.columns.items() if field in [t.field for t in filled]), None)

    def named(self, sheet: str) -> dict[str, str]:
        """Give what the name of a sheet says of its rows: by column of the record that a row makes."""
        said = self.sheet_name
        return {said.column: said.text(sheet)} if said and said.column else {}

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

    `codes`: vocabulary list -> folded word -> code; `words_under`: list -> folded heading -> folded word -> code, of lines such
    as "Reden = 3", which say what a word means under one heading alone; `ignored_sheets`: with the reason; `keys`: column of
    identifiers -> how they are folded, wherever they stand; none where a person said that they stay as they are. `names`: column
    of NAMED -> name as written -> the one under which it counts, itself where a person said that it is another. `no_names`:
    folded words of texts of which a person said that they name nobody; `names_hidden`: the pseudonyms of those that do.
    """

    source: str
    sheets: tuple[SheetCrosswalk, ...]
    codes: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, str]]  # as written, for reporting unused lines
    ignored_sheets: tuple[tuple[SheetPattern, str], ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    words_under: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    no_names: frozenset[str] = frozenset()
    names_hidden: frozenset[str] = frozenset()

    @property
    def told_by_lists(self) -> tuple[Target, ...]:
        """What of a case a list of its own tells where the row of the case does not: the day of referral."""
        lists = [
            entry for entry in self.sheets if entry.anchor == "referrals" and entry.heading_of("referrals", "date")
        ]
        return (Target("cases", "date_referral"),) if lists else ()

    def codes_under(self, name: str, headings: Iterable[str]) -> Mapping[str, str]:
        """Give the words of a list as they are read under headings of one field: what a line says of a heading comes first.

        A word that two of these headings use otherwise is unreadable.
        """
        every = [self.words_under.get(name, {}).get(vocabulary.key(heading), {}) for heading in headings]
        codes = {word: {lines[word] for lines in every if word in lines} for lines in every for word in lines}
        own = {word: (*those,)[0] if len(those) == 1 else UNREADABLE for word, those in codes.items()}
        return {**self.codes.get(name, {}), **own}

    def sheet_for(self, file: str, sheet: str) -> SheetCrosswalk | None:
        """Find the entry for a sheet; the first that fits."""
        return next((entry for entry in self.sheets if entry.fits(file, sheet)), None)

    def ignored_because(self, file: str, sheet: str) -> str | None:
        """Give the reason why a sheet is not read, if the crosswalk gives one."""
        return next((reason for pattern, reason in self.ignored_sheets if pattern.fits(file, sheet)), None)
