"""Hold every processed table against the truth, cell by cell; keys, which are pseudonyms, by who is who."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from benchmarks.strangers.book.model import Gap, Sheet
from benchmarks.strangers.book.truth import TELLING, Expected, From, expected
from benchmarks.strangers.trial.deliver import Outcome
from iww_analysis import TABLES, vocabulary

RIGHT, ASKED, SAID, SILENT = "right", "not expressible", "said, not right", "silently wrong"
COUNTED = ("cases", "case_persons", "case_domains", "meetings", "attendances", "scores", "actions", "households",
           "case_network", "case_organisations", "judgements", "observations", "indicators", "arena_nodes",
           "arena_edges")  # fmt: skip
ABSENT = {"empty", "not_applicable", "not_recorded"}  # of a blank cell it is not told apart why it is blank


@dataclass(frozen=True)
class Wrong:
    """A value that is not what it should be. `mess`: what was done to its cell or row."""

    verdict: str
    what: str
    table: str
    column: str
    true: str
    found: str
    heading: str = ""
    raw: str = ""
    mess: str = ""


@dataclass
class Compared:
    """How many values are right, and each that is not."""

    n_right: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    by_mess: Counter[tuple[str, str]] = field(default_factory=Counter)


def compare(outcome: Outcome) -> Compared:
    """Compare every record that must be there, and every one that is."""
    compared, truth = Compared(), expected(outcome.stranger)
    judge = _Judge(outcome)
    places = {name: _by_place(frame) for name, frame in outcome.tables.items() if "source_row" in frame}
    who = defaultdict[str, set[tuple[str, str]]](set)
    met: set[tuple[str, int]] = set()
    for record in truth:
        there = places.get(record.table, {})
        found = [n for place in record.places for n in there.get(place, ()) if _fits(outcome, record, n)]
        if not found:
            _note(compared, judge.absent(record), _mess(record))
            found = [
                n for place in record.places for n in there.get(place, ()) if _fits(outcome, record, n, loosely=True)
            ]
        if not found:
            continue
        met.add((record.table, found[0]))
        line = outcome.tables[record.table].iloc[found[0]]
        for column, (true, origin) in record.values.items():
            verdict = judge.value(record, line, column, true, origin)
            _note(compared, verdict, origin.cell.mess or origin.row.mess)
        for column, key in record.keys.items():
            if column in line.index and pd.notna(line[column]):
                who[column].add((key, str(line[column])))
    for wrong in (*_people(who), *judge.too_many(truth, met)):
        _note(compared, wrong, wrong.mess)
    return compared


def _note(compared: Compared, wrong: Wrong | None, mess: str) -> None:
    if wrong is None:
        compared.n_right += 1
    else:
        compared.wrong.append(wrong)
    if mess:
        compared.by_mess[mess, wrong.verdict if wrong else RIGHT] += 1


def _by_place(frame: pd.DataFrame) -> dict[tuple[str, int], list[int]]:
    places = defaultdict[tuple[str, int], list[int]](list)
    for n, (source_id, row) in enumerate(zip(frame["source_id"].astype(str), frame["source_row"], strict=True)):
        places[source_id, int(row)].append(n)
    return places


def _fits(outcome: Outcome, record: Expected, n: int, *, loosely: bool = False) -> bool:
    """Whether a line can be a record: it says which of its row it is, or (loosely) does not say that."""
    line = outcome.tables[record.table].iloc[n]
    if loosely and "applicant" not in record.by.values():  # a person of whom no role is said may be the client alone
        return False
    return all(
        isinstance(_found(line, column), Gap) if loosely else str(line.get(column)) == str(value)
        for column, value in record.by.items()
    )


def _mess(record: Expected) -> str:
    return next((o.cell.mess or o.row.mess for _, o in record.values.values() if o.cell.mess or o.row.mess), "")


class _Judge:
    """Say of a value or record whether it is right, and if not whether anyone was asked or told."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.said = {(vocabulary.key(m.place.column or ""), m.place.file) for m in outcome.said if m.place.column}
        self.said_of_sheets = {
            (m.place.file, m.place.sheet or "") for m in outcome.said if not m.place.column and m.place.file
        }
        aside = outcome.tables.get("set_aside", pd.DataFrame(columns=["source_id", "source_row", "heading"]))
        self.aside = {(str(i), int(r)) for i, r in zip(aside["source_id"], aside["source_row"], strict=True)}
        tables = [t for name, t in outcome.tables.items() if name in TABLES and "source_id" in t]
        self.read = {str(name) for table in tables for name in table["source_id"].unique()}
        self.open = " ".join(vocabulary.key(line) for line in outcome.open_questions)

    def value(self, record: Expected, line: pd.Series, column: str, true: object, origin: From) -> Wrong | None:
        """None where the value is right."""
        found = _found(line, column)
        if _same(true, found, line, column):
            return None
        asked = origin.column.heading or not isinstance(found, Gap)  # what stands in no column can only be asked
        verdict = self._verdict(record, origin) if asked else ASKED
        return Wrong(verdict, "value", record.table, column, _say(true), _say(found),
                     origin.column.heading, repr(origin.cell.raw), origin.cell.mess or origin.row.mess)  # fmt: skip

    def absent(self, record: Expected) -> Wrong | None:
        """A record that is not there; None where it says nothing."""
        origin = next((o for _, o in record.values.values()), None)
        if origin is None and not record.by:
            return None
        if record.by and not record.values:
            heading = next(
                (
                    c.heading
                    for c in self._sheet(record).columns
                    if any(m.table == record.table and m.column in record.by for m in c.meanings)
                ),
                "",
            )
            verdict = self._of_heading(record, heading)
        else:
            heading = origin.column.heading if origin else ""
            verdict = self._verdict(record, origin) if origin else SILENT
        return Wrong(verdict, "no record", record.table, next(iter(record.by), ""), _say(dict(record.by)), "", heading,
                     repr(origin.cell.raw) if origin else "", _mess(record))  # fmt: skip

    def _sheet(self, record: Expected):
        return next(s for d in self.outcome.stranger.deliveries for s in d.sheets
                    if record.places[-1][0] == s.source_id(d.received))  # fmt: skip

    def _verdict(self, record: Expected, origin: From) -> str:
        return self._of_heading(record, origin.column.heading, str(origin.cell.raw))

    def _of_heading(self, record: Expected, heading: str, raw: str = "") -> str:
        sheet = self._sheet(record)
        if self._is_open(heading, raw) or self._sheet_is_open(sheet):
            return ASKED
        of_row = any(place in self.aside for place in record.places)
        of_column = any(key == vocabulary.key(heading) for key, _ in self.said)
        told = of_row or of_column or (sheet.file, sheet.name) in self.said_of_sheets or self._is_refused(sheet)
        return SAID if told else SILENT

    def _is_refused(self, sheet: Sheet) -> bool:
        """Whether none of a sheet was read, and that was said."""
        delivered = [s.source_id(d.received) for d in self.outcome.stranger.deliveries for s in d.sheets if s is sheet]
        return not set(delivered) & self.read and any(m.place.file == sheet.file for m in self.outcome.said)

    def _is_open(self, heading: str, raw: str) -> bool:
        keys = [vocabulary.key(text) for text in (heading, raw) if text]
        return any(f"{key}" in self.open and key for key in keys)

    def _sheet_is_open(self, sheet) -> bool:
        return any(kind in ("sheet", "row") for kind, _ in self.outcome.filled.not_askable) or any(
            m.code in ("sheet_unrecognised", "sheet_open_row") and m.place.file == sheet.file for m in self.outcome.said
        )

    def too_many(self, truth: list[Expected], met: set[tuple[str, int]]) -> Iterator[Wrong]:
        """Records that nothing in the files says."""
        known = {record.table for record in truth}
        for name in COUNTED:
            frame = self.outcome.tables.get(name)
            if frame is None or "source_row" not in frame:
                continue
            extra = [n for n in range(len(frame)) if (name, n) not in met and _says_something(name, frame.iloc[n])]
            for n in extra:
                line = frame.iloc[n]
                verdict = SAID if any(map(self._is_refused, self.outcome.stranger.sheets)) else SILENT
                why = "a record too many" if name in known else "a table nobody asked for"
                yield Wrong(verdict, why, name, TELLING.get(name, ""), "", str(line.get(TELLING.get(name, "source_row"))),
                            mess=self._mess_of_row(line))  # fmt: skip

    def _mess_of_row(self, line: pd.Series) -> str:
        for delivery in self.outcome.stranger.deliveries:
            for sheet in delivery.sheets:
                if line["source_id"] == sheet.source_id(delivery.received):
                    n = int(line["source_row"]) - sheet.number_of(0)
                    if 0 <= n < len(sheet.rows):
                        return sheet.rows[n].mess
        return ""


def _says_something(name: str, line: pd.Series) -> bool:
    """Whether a record says more than that its column exists."""
    if name == "case_domains":
        return str(line["status"]) not in ABSENT - {"not_recorded"}
    telling = [
        c.name
        for c in TABLES[name]
        if c.kind != "key" and c.name in line.index and c.name not in ("moment", "meeting_id", "instrument_version")
    ]
    fixed = {"domain", "kind"} if name in ("meetings", "scores") else set()
    return name == "cases" or any(not isinstance(_found(line, c), Gap) for c in telling if c not in fixed)


def _found(line: pd.Series, column: str) -> object:
    """The value in a processed table, or why there is none."""
    value = line.get(column)
    if isinstance(value, pd.Timestamp):
        return value.date()
    if value is None or pd.isna(value):
        month = line.get(f"{column}_month")
        return Gap(str(line.get(f"{column}_missing", "empty")), str(month) if pd.notna(month) else "")
    if str(value) in vocabulary.read("missing").codes:
        return Gap(str(value))
    return value


def _same(true: object, found: object, line: pd.Series, column: str) -> bool:
    if isinstance(true, Gap) and isinstance(found, Gap):
        if true.month and f"{column}_month" in line.index:
            return true.month == found.month
        typed = (
            f"{column}_missing" in line.index or f"{column}_raw" in line.index
        )  # a label says not why it is not there
        return not typed or true.why == found.why or {true.why, found.why} <= ABSENT or true.month != ""
    if isinstance(true, dt.date) or isinstance(found, dt.date):
        return true == found
    try:
        return str(true) == str(found) or float(str(true)) == float(str(found))
    except ValueError:
        return False


def _say(value: object) -> str:
    return f"({value.why}{' ' + value.month if value.month else ''})" if isinstance(value, Gap) else str(value)


def _people(who: dict[str, set[tuple[str, str]]]) -> Iterator[Wrong]:
    """Numbers that became two pseudonyms, or one pseudonym of two numbers."""
    for column, pairs in who.items():
        split = Counter(true for true, _ in pairs)
        joined = Counter(found for _, found in pairs)
        for what, counts in (("one number, two records", split), ("two numbers, one record", joined)):
            for name, n in counts.items():
                if n > 1:
                    shown = name if what.startswith("one") else ", ".join(t for t, f in pairs if f == name)
                    yield Wrong(SILENT, what, "", column, shown, "")
