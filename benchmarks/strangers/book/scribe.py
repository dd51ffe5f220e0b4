"""Write cases down as one municipality would: its own headings and words, one for each thing, in one notation of days."""

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from benchmarks.strangers.book.model import EMPTY, MISSING, Cell, Column, Gap, Meaning, Row, Sheet, Stranger
from benchmarks.strangers.book.world import Case

NOTATIONS = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "real", "%d-%m-%y", "d-m-yyyy", "d mmmm yyyy")
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
KINDS = {"key": ("case_id", "person_id", "household_id", "action_id"), "number": ("n_children", "n_people", "score"),
         "label": ("team", "organisation", "session")}  # fmt: skip
LISTS = {
    "status": "case_status", "one_plan": "yes_no", "one_coordinator": "yes_no", "repeated": "yes_no", "involved": "yes_no",
    "held": "yes_no", "reason_not": "network_reason", "reason_not_held": "dropout_reason", "domain": "life_domain",
    "kind": "meeting_kind", "role": "person_role", "actor": "actor_role", "made_by": "plan_maker",
}  # fmt: skip
OF_TABLE = {"actions.status": "action_status", "case_domains.status": "domain_status", "scores.domain": "zrm_2017"}


@cache
def words() -> dict[str, Any]:
    """The public words of the field."""
    return tomllib.loads(files("benchmarks.strangers").joinpath("words.toml").read_text(encoding="utf-8"))


def kind_of(field: str) -> str:
    """Say what kind of value a field holds."""
    name = field.partition(".")[2]
    plain = next((kind for kind, names in KINDS.items() if name in names), "")
    return plain or ("date" if name == "date" or name.startswith("date_") or name == "birth_date" else "code")


def list_of(field: str) -> str:
    """Name the list of which a field's words are."""
    name = field.partition(".")[2]
    return OF_TABLE.get(field, LISTS.get(name, name)) if kind_of(field) == "code" else ""


class Scribe:
    """One way of writing, held to throughout a delivery. `notation`: of days; `technical`: headings as a database has them."""

    def __init__(
        self, rng: Random, stranger: Stranger, *, technical: bool = False, notation: str = "", english: bool = False
    ) -> None:
        """Choose a notation and the form of the numbers of cases; words are chosen as they are needed."""
        self.rng, self.stranger, self.technical, self.english = rng, stranger, technical, english
        self.notation = notation or rng.choice(NOTATIONS)
        self.number = rng.choice(("{:05}", "{}", "D-{:05}", "20{}", "W{:06}", "{:04}"))
        self.split = rng.choice((", ", "; ", " / ", "\n"))
        self.chosen: dict[tuple[str, str], str] = {}
        self.headings: dict[str, str] = {}
        self.taken: set[str] = set()

    def heading(self, name: str) -> str:
        """The heading for a field, the same each time; no two fields share one."""
        if name not in self.headings:
            every = (words()["english"] if self.english else {}).get(name) or words()["headings"][name]
            free = [head for head in map(self._dressed, every) if head.casefold() not in self.taken]
            self.headings[name] = self.rng.choice(free)
            self.taken.add(self.headings[name].casefold())
        return self.headings[name]

    def _dressed(self, heading: str) -> str:
        return heading.upper().replace(" ", "_").replace(".", "") if self.technical else heading

    def word(self, name: str, code: str) -> str:
        """The word for a code, the same each time; no two codes of a list share one."""
        if (name, code) not in self.chosen:
            taken = {word.casefold() for (of, _), word in self.chosen.items() if of == name}
            free = [word for word in words()["words"][name][code] if word.casefold() not in taken]
            self.chosen[name, code] = self.rng.choice(free)
            self._mean(name, self.chosen[name, code], code)
        return self.chosen[name, code]

    def _mean(self, name: str, word: str, code: str) -> None:
        known = self.stranger.words.setdefault((name, word.casefold()), code)
        if known != code:
            raise AssertionError(f"the maker uses {word!r} of {name} for {known} and {code}")

    def key(self, number: object) -> str:
        """The number of a case in its form."""
        return self.number.format(number)

    def day(self, day: dt.date) -> object:
        """A day in the notation of this file."""
        if self.notation == "real":
            return day
        if self.notation == "d-m-yyyy":
            return f"{day.day}-{day.month}-{day.year}"
        if self.notation == "d mmmm yyyy":
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        return day.strftime(self.notation)

    def cell(self, column: Column, value: object) -> Cell:
        """Write one value down."""
        if isinstance(value, Gap):
            why = "" if value == EMPTY else self.word(MISSING, value.why)
            return Cell(why or None, value)
        if isinstance(value, tuple):
            if not value:
                return Cell(None, EMPTY)
            parts = [str(self.cell(column, each).raw) for each in value]
            return Cell(self.split.join(parts), value)
        if column.kind == "code" and column.words != "municipality":
            return Cell(self.word(column.words, str(value)), value)
        if column.kind == "date" and isinstance(value, dt.date):
            return Cell(self.day(value), value)
        return Cell(value, value)

    def column(self, name: str, *meanings: Meaning, heading: str = "", many: bool = False) -> Column:
        """A column that fills a field; `meanings` where it is not simply that one."""
        table, _, field = name.partition(".")
        filled = meanings or (Meaning(table, field),)
        return Column(
            heading or self.heading(name), kind_of(name), filled, list_of(name), self.split.strip(" ") if many else ""
        )

    def unread(self, name: str) -> Column:
        """A column that an analyst does not need."""
        return Column(self._dressed(name))

    def filler(self, name: str, n: int) -> Cell:
        """What stands in a column that is not to be read."""
        of = words()["unread"][name]
        rng = self.rng
        made: dict[str, object] = {
            "day": self.day(dt.date(2022, 1, 1) + dt.timedelta(days=rng.randrange(300))),
            "initials": rng.choice(("AvD", "MB", "JK", "SdV", "RO")),
            "bsn": _bsn(n),
            "mail": f"bewoner{n}@example.org",
            "number": n + 1,
            "postcode": f"{1011 + n} AB",
        }
        return Cell(made[of[0]] if len(of) == 1 else rng.choice(of) if rng.random() < 0.4 else None)

    def sheet(
        self, file: str, name: str, row_is: str, fields: list[Column], items: list[Case], get: dict[str, str],
        *, unread: tuple[str, ...] = (),
    ) -> Sheet:  # fmt: skip
        """Make a sheet of one row per item. `get`: heading -> under which name an item holds what stands there."""
        rows = []
        others = [self.unread(each) for each in unread]
        for n, item in enumerate(items):
            cells = [self.cell(column, item[get[column.heading]]) for column in fields]
            rows.append(Row([*cells, *(self.filler(each, n) for each in unread)]))
        return Sheet(file, name, row_is, [*fields, *others], rows)


def _bsn(n: int) -> str:
    """An invented number of the test range that passes the check of eleven."""
    for last in range(100):
        digits = f"99999{n % 100:02}{last:02}"
        weighed = sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
        if weighed % 11 == 0:
            return digits
    raise AssertionError(n)
