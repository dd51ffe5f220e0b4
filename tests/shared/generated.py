"""Draw true case records and write them down as a municipality would, with what must come back of it, row for row."""

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from iww_analysis import vocabulary

EXTRACTION = dt.date(2020, 12, 31)
SHEET = "Blad1"
WORKBOOKS = 1 / 13  # share of tables that are written as a workbook
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
MARKS = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}
LINE_ENDS = {"crlf": ("\r\n",), "lf": ("\n",), "mixed": ("\r\n", "\n", "\r")}
MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
          "december")  # fmt: skip
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
DAYS = {  # how a column of days is written; those under "any" mean the same in whatever order
    "dmy": ("{d}-{m}-{y}", "{d:02}-{m:02}-{y}", "{d:02}/{m:02}/{y2:02}", "{d}.{m}.{y}", "{d}/{m}/{y} 00:00"),
    "mdy": ("{m}/{d}/{y}", "{m:02}/{d:02}/{y2:02}", "{m}-{d}-{y}"),
    "ymd": ("{y}/{m}/{d}", "{y}.{m:02}.{d:02}"),
    "any": ("{y}-{m:02}-{d:02}", "{y}-{m:02}-{d:02} 00:00:00", "{d} {month} {y}", "{d}-{mon}-{y}", "{d} {MON} {y}",
            "{weekday} {d} {month} {y}", "{serial}"),
}  # fmt: skip
DAY_ZERO, DAY_ZERO_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
TYPED = "typed"  # a real date cell of a workbook
AGES = (
    (0, "0-11"),
    (12, "12-17"),
    (18, "18-22"),
    (23, "23-34"),
    (35, "35-49"),
    (50, "50-64"),
    (65, "65-74"),
    (75, "75+"),
)
TEAMS = ("Team Noord", "Wijkteam Zuid-Oost", "Sociaal team Één", "Buurtteam Hoëkwartier", "Wijkteam ’t Zand")
MISSING = ("empty", "unknown", "not_applicable", "refused", "suppressed", "unreadable", "not_recorded")
LOCAL = {  # words that only this source has: list -> word -> code
    "closure_reason": {"Sluis 2": "moved", "Klaar!": "according_to_plan", "Niet vragen": "refused"},
    "referrer_role": {"Balie 3": "wmo_desk"},
}  # fmt: skip
TITLES = ("Overzicht casussen wijkteam", "Totaaloverzicht 2019", "Export uit Suite, blad 1", "Aangemaakt op 4-1-2021")
FOOTNOTES = ("* voorlopige cijfers", "Bron: Suite voor het sociaal domein; export", "Peildatum 31-12-2020",
             "Dit overzicht is nog niet volledig")  # fmt: skip
REMARKS = ("belt terug", 'zei: "ja, graag"', "eerste regel\ntweede regel", "a; b", "x\r\ny, z", "", "50% | rest")

Cell = Any  # text; in a workbook also a number, a day, yes or no
Truth = dict[str, Any]  # "table.column" -> value; "case_domains" -> the domains


@dataclass
class Table:
    """One drawn table: its file, its entry of the crosswalk, and what must come of it."""

    number: int
    name: str
    sheet: str
    content: bytes
    entry: str
    account: dict[str, Any]  # a line of the ledger
    kept: dict[int, Truth]  # row -> what stands on it
    aside: set[tuple[int, str]]  # row and reason
    mess: set[str]


@dataclass
class Style:
    """How one table is written."""

    encoding: str
    delimiter: str
    line_ends: str
    quoting: int
    order: str
    workbook: bool
    day_zero: dt.date  # from when Excel counts days
    orders: dict[str, str] = field(default_factory=dict)  # headings of columns -> how their days are written
    mess: set[str] = field(default_factory=set)

    def can(self, text: str) -> bool:
        """Say whether the encoding knows every sign of a text."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True


@dataclass(frozen=True)
class Column:
    """One column: its heading, its line of the crosswalk ("" if it has none), and how a cell of it is drawn."""

    heading: str
    to: str
    draw: Callable[["Case"], tuple[Cell, Truth]]


@dataclass(frozen=True)
class Case:
    """What is so of one case, however it is written."""

    label: str
    referral: dt.date
    intake: dt.date
    closed: dt.date
    birth: dt.date


def table(number: int) -> Table:
    """Draw one table; the same number, the same table."""
    rng = Random(f"iww table {number}")
    style = Style(
        rng.choice(ENCODINGS), rng.choice(";;,\t|"), rng.choice(list(LINE_ENDS)), rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        rng.choice(["dmy", "dmy", "dmy", "mdy", "ymd"]), rng.random() < WORKBOOKS,
        rng.choice([*[DAY_ZERO] * 9, DAY_ZERO_1904]),
    )  # fmt: skip
    if style.workbook:
        style.encoding = "utf-8"
    style.mess |= {style.order, "workbook"} if style.workbook else {style.order, style.encoding, style.delimiter,
                                                                   style.line_ends, f"quoting {style.quoting}"}  # fmt: skip
    columns, ids = _columns(rng, style)
    rows = _rows(rng, style, columns, lambda n: f"{number:04}{n:03}" if ids else f"W{number:04}-{n}")
    name, sheet = (f"t{number:04}.xlsx", SHEET) if style.workbook else (f"t{number:04}.csv", "")
    content = _workbook(rng, style, rows) if style.workbook else _text(rng, style, rows)
    return Table(number, name, sheet, content, _entry(name, columns, ids, style), *_outcome(rows), style.mess)


def codes() -> str:
    """The part of the crosswalk that all tables share."""
    return "".join(f"[codes.{name}]\n" + "".join(f"{json.dumps(w)} = {json.dumps(c)}\n" for w, c in words.items())
                   for name, words in LOCAL.items())  # fmt: skip


# ---- the columns ----------------------------------------------------------------------------------------------------


def _columns(rng: Random, style: Style) -> tuple[list[Column], int]:
    """Draw the columns in their order, and to what width their identifiers are to be filled (0: they are)."""
    ids = rng.choice([0, 7])
    split = rng.choice(";,/")
    domain = Column("Leefgebied", f'{{ to = "case_domains.domain", split = "{split}" }}', _domains(rng, style, split))
    every = [
        Column("Datum intake", '"cases.date_intake"', _day(rng, style, "Datum intake", "intake", "cases.date_intake")),
        Column("Datum afsluiting", '"cases.date_closed"',
               _day(rng, style, "Datum afsluiting", "closed", "cases.date_closed", sentinels=True)),
        Column("Reden afsluiting", '"cases.closure_reason"', _code(rng, style, "closure_reason", "cases.closure_reason")),
        Column("Eén plan", '"cases.one_plan"', _code(rng, style, "yes_no", "cases.one_plan")),
        Column("Aangemeld door", '"referrals.referrer_role"', _code(rng, style, "referrer_role", "referrals.referrer_role")),
        Column("Aantal kinderen", '"households.n_children"', _children(rng, style)),
        Column("Huishoudtype", '"households.household_type"', _code(rng, style, "household_type", "households.household_type")),
        Column("Geboortedatum kind", '"case_persons.birth_date"', _birth(rng, style)),
        Column("Gemeente", '"cases.municipality"', _municipality(rng)),
        Column("Wijkteam", '"cases.team"', _team(rng, style)),
        domain,
    ]  # fmt: skip
    chosen = rng.sample(every, rng.choice([1, 2, 2, 3, 3, 4, len(every)]))
    if domain in chosen and rng.random() < 0.3:
        style.mess.add("heading twice")
        chosen.append(Column("Leefgebied (2)", domain.to, domain.draw))
    if rng.random() < 0.4:
        style.mess.add("unknown column")
        chosen.append(Column("Behandelaar", "", lambda _: (rng.choice(["x", "7", ""]), {})))
    chosen += [
        Column("Casusnr.", '"cases.case_id"', _identifier(rng, style, ids)),
        _referral(rng, style),
        Column("Toelichting", "", lambda _: (rng.choice(REMARKS), {})),
    ]
    rng.shuffle(chosen)
    # the file's first column of two with one heading is the plain one
    twice = [n for n, column in enumerate(chosen) if column.heading.startswith("Leefgebied")]
    for n, heading in zip(twice, ("Leefgebied", "Leefgebied (2)"), strict=False):
        chosen[n] = Column(heading, chosen[n].to, chosen[n].draw)
    return chosen, ids


def _referral(rng: Random, style: Style) -> Column:
    """The day of the referral, which some sources take for two things at once."""
    draw = _day(rng, style, "Datum melding", "referral", "cases.date_referral", never_missing=True)
    if rng.random() < 0.7:
        return Column("Datum melding", '"cases.date_referral"', draw)

    def both(case: Case) -> tuple[Cell, Truth]:
        written, truth = draw(case)
        return written, truth | {"referrals.date": case.referral, "referrals.date_missing": None}

    style.mess.add("one cell for two fields")
    return Column("Datum melding", '["cases.date_referral", "referrals.date"]', both)


def _identifier(rng: Random, style: Style, width: int) -> Callable[[Case], tuple[Cell, Truth]]:
    def draw(case: Case) -> tuple[Cell, Truth]:
        written: Cell = rng.choice([case.label, case.label.lower(), f"{case.label} "])
        if width:  # Excel took the zeros
            written = int(case.label) if style.workbook else str(int(case.label))
        return written, {"case_id": case.label}

    return draw


def _day(
    rng: Random, style: Style, heading: str, of: str, to: str, *, sentinels: bool = False, never_missing: bool = False
) -> Callable[[Case], tuple[Cell, Truth]]:
    notations = rng.sample(DAYS[_order(rng, style, heading)] + DAYS["any"], rng.choice([1, 1, 1, 2]))
    if style.workbook and rng.random() < 0.5:
        notations = [TYPED]
    style.mess |= set(notations)

    def draw(case: Case) -> tuple[Cell, Truth]:
        notation = rng.choice(notations)
        chance = 1 if never_missing else rng.random()
        if chance < 0.15:
            written, code = _absent(rng, style, ())
            return written, {to: None, f"{to}_missing": code}
        if chance < 0.25 and sentinels and "{y}" in notation + (notation == TYPED) * "{y}":
            style.mess.add("sentinel")
            day, code = rng.choice([(dt.date(1900, 1, 1), "unknown"), (dt.date(9999, 12, 31), "not_applicable")])
            return _written(style, day, notation), {to: None, f"{to}_missing": code}
        return _written(style, day := getattr(case, of), notation), {to: day, f"{to}_missing": None}

    return draw


def _order(rng: Random, style: Style, heading: str) -> str:
    """Draw what stands first in the days of a column: mostly what does in the other columns."""
    style.orders[heading] = rng.choice([style.order] * 3 + ["dmy", "mdy"])
    return style.orders[heading]


def _written(style: Style, day: dt.date, notation: str) -> Cell:
    if notation == TYPED:
        return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a cell of a workbook knows no zone
    month = MONTHS[day.month - 1]
    return notation.format(
        d=day.day, m=day.month, y=day.year, y2=day.year % 100, month=month, mon=month[:3] if day.month != 3 else "mrt",
        MON=month.upper(), weekday=WEEKDAYS[day.weekday()], serial=(day - style.day_zero).days,
    )  # fmt: skip


def _code(rng: Random, style: Style, name: str, to: str) -> Callable[[Case], tuple[Cell, Truth]]:
    words = [(word, code) for word, code in _words(name) if style.can(word)]

    def draw(_: Case) -> tuple[Cell, Truth]:
        if rng.random() < 0.2:
            written, code = _absent(rng, style, vocabulary.read(name).lookup)
            return written, {to: code}
        if name == "yes_no" and style.workbook and rng.random() < 0.5:
            yes = rng.random() < 0.5
            return yes, {to: "yes" if yes else "no"}
        word, code = rng.choice(words)
        return _variant(rng, style, word), {to: code}

    return draw


@cache
def _words(name: str) -> tuple[tuple[str, str], ...]:
    """Every word of a list with its code, and the source's own words."""
    own = [(word, value.code) for value in vocabulary.read(name).values for word in (value.nl, *value.words)]
    return (*own, *LOCAL.get(name, {}).items())


def _absent(rng: Random, style: Style, known: Sequence[str] | Any) -> tuple[str, str]:
    """A word for a value that is not there, with the kind of absence; none that the column's own list (`known`) has."""
    if rng.random() < 0.4:
        return rng.choice(["", "", " "]), "empty"
    value = vocabulary.read("missing")[rng.choice(MISSING)]
    fit = [word for word in (value.nl, *value.words) if word and vocabulary.key(word) not in known and style.can(word)]
    return rng.choice(fit), value.code


def _variant(rng: Random, style: Style, word: str) -> str:
    """The same word with other case, spaces or accents."""
    forms = [word, word, word.upper(), word.capitalize(), f" {word} ", word.replace(" ", "  "), word.replace(" ", "\u00a0"),
             word.replace("ë", "e").replace("é", "e").replace("ï", "i")]  # fmt: skip
    return next(form for form in (rng.choice(forms), word) if style.can(form))


def _domains(rng: Random, style: Style, split: str) -> Callable[[Case], tuple[Cell, Truth]]:
    words = [(word, code) for word, code in _words("life_domain") if style.can(word)]

    def draw(_: Case) -> tuple[Cell, Truth]:
        taken = rng.sample(words, rng.choice([0, 1, 1, 2, 3]))
        if not taken:
            return rng.choice(["", "onbekend"]), {"case_domains": frozenset()}
        if len(taken) > 1:
            style.mess.add(f"several in a cell by {split}")
        between = split + rng.choice(["", " "])
        return between.join(_variant(rng, style, word) for word, _ in taken), {
            "case_domains": frozenset(c for _, c in taken)
        }

    return draw


def _children(rng: Random, style: Style) -> Callable[[Case], tuple[Cell, Truth]]:
    to = "households.n_children"

    def draw(_: Case) -> tuple[Cell, Truth]:
        if rng.random() < 0.15:
            written, code = _absent(rng, style, ())
            return written, {to: None, f"{to}_missing": code}
        n = rng.randint(0, 12)
        written: Cell = (
            rng.choice([n, float(n)]) if style.workbook else rng.choice([f"{n}", f"{n},0", f"{n}.0", f" {n}"])
        )
        return written, {to: n, f"{to}_missing": None}

    return draw


def _birth(rng: Random, style: Style) -> Callable[[Case], tuple[Cell, Truth]]:
    """A day of birth; in full, since a bare 55 could be 2055."""
    every = [
        n for n in DAYS[_order(rng, style, "Geboortedatum kind")] + DAYS["any"] if "y2" not in n and n != "{serial}"
    ]
    notation = TYPED if style.workbook else rng.choice(every)

    def draw(case: Case) -> tuple[Cell, Truth]:
        if (chance := rng.random()) < 0.2:  # a person exists only where something is filled in
            return ("", {}) if chance < 0.1 else ("onbekend", {"case_persons.age_class": "unknown"})
        before = (case.referral.month, case.referral.day) < (case.birth.month, case.birth.day)
        age = case.referral.year - case.birth.year - before
        return _written(style, case.birth, notation), {
            "case_persons.age_class": [name for low, name in AGES if low <= age][-1]
        }

    return draw


def _municipality(rng: Random) -> Callable[[Case], tuple[Cell, Truth]]:
    words = ("Harderwijk", "HARDERWIJK", "GM0243", "GM0243    ", "0243", "243")
    return lambda _: (rng.choice(words), {"cases.municipality": "GM0243"})


def _team(rng: Random, style: Style) -> Callable[[Case], tuple[Cell, Truth]]:
    fit = [team for team in TEAMS if style.can(team)]

    def draw(_: Case) -> tuple[Cell, Truth]:
        team = rng.choice(fit)
        return rng.choice([team, f" {team}", team.replace(" ", "  ")]), {"cases.team": team}

    return draw


# ---- the rows -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row of a file, above or below others: what it is, a cell per column, and what stands on it."""

    kind: str
    cells: list[Cell]
    truth: Truth = field(default_factory=dict)
    cut: int = 0  # cells that are lacking (-1) or too many (1)


def _rows(rng: Random, style: Style, columns: Sequence[Column], label: Callable[[int], str]) -> list[Row]:
    """Draw the rows of a file from above to below."""

    def some(mess: str, most: int = 1) -> range:
        n = rng.choice([0, 0, *range(1, most + 1)])
        style.mess |= {mess} if n else set()
        return range(n)

    def lone(kind: str, texts: Sequence[str], last: str = "") -> Row:
        return Row(kind, [rng.choice(texts), *[""] * (len(columns) - 2), last])

    header = Row("header", [_heading(rng, style, column.heading) for column in columns])
    body = [_record("kept", columns, _case(rng, label(n))) for n in range(rng.randint(3, 12))]
    between = [row for n, kind in enumerate(ODD) for _ in some(kind)
               if (row := _odd(rng, style, kind, columns, _case(rng, label(100 + n))))]  # fmt: skip
    between += [rng.choice(body) for _ in some("duplicate", 2)]
    between += [header for _ in some("repeated header", 2)]
    between += [lone("empty", [""]) for _ in some("empty row", 2)]
    between += [lone("total", ["Subtotaal noord", "subtotaal:"], "4") for _ in some("subtotal")]
    for row in between:
        body.insert(rng.randrange(len(body)), row)  # a workbook knows no empty row at its end
    return [
        *(lone("empty", [""]) for _ in some("empty above")),
        *(lone("title", TITLES) for _ in some("title", 3)),
        *(lone("empty", [""]) for _ in some("empty below title")),
        header, *body,
        *(lone("total", ["Totaal", "TOTAAL:", "Eindtotaal", "Som"], "12") for _ in some("total")),
        *(lone("footnote", FOOTNOTES) for _ in some("footnote", 2)),
        *(lone("empty", [" " if style.workbook else ""]) for _ in some("trailing empty", 3)),
    ]  # fmt: skip


ODD = ("ragged", "missing_required", "date_order", "excluded")  # rows that are not kept


def _odd(rng: Random, style: Style, kind: str, columns: Sequence[Column], case: Case) -> Row | None:
    """Draw a row that is not kept; None where this table cannot have it."""
    at = {column.heading: n for n, column in enumerate(columns)}
    row = _record(kind, columns, case)
    if kind == "missing_required":
        row.cells[at["Datum melding"]] = rng.choice(["", "onbekend"])
    elif kind == "excluded":
        row.cells[at["Toelichting"]] = rng.choice(["TEST", " test "])
    elif kind == "date_order":
        backwards = replace(case, closed=case.referral - dt.timedelta(days=3))
        tries = (_record(kind, columns, backwards) for _ in range(30))
        return next((row for row in tries if row.truth.get("cases.date_closed")), None)
    else:
        return None if style.workbook else replace(row, cut=rng.choice([-1, 1]))  # a workbook's rows are all as wide
    return row


def _case(rng: Random, label: str) -> Case:
    def after(day: dt.date, most: int) -> dt.date:
        return day + dt.timedelta(days=rng.randint(0, most))

    referral = after(dt.date(2018, 1, 1), 900)
    intake = after(referral, 40)
    return Case(label, referral, intake, after(intake, 120), after(dt.date(1931, 1, 1), 87 * 365))


def _record(kind: str, columns: Sequence[Column], case: Case) -> Row:
    drawn = [column.draw(case) for column in columns]
    truth: Truth = {}
    for _, part in drawn:
        truth |= {
            name: value | truth.get(name, value) if isinstance(value, frozenset) else value
            for name, value in part.items()
        }
    return Row(kind, [cell for cell, _ in drawn], truth)


def _heading(rng: Random, style: Style, heading: str) -> str:
    plain = heading.removesuffix(" (2)")
    if plain == "Leefgebied":
        return plain  # two spellings would be two headings
    style.mess.add("heading " + (how := rng.choice(list(HEADINGS))))
    return HEADINGS[how](plain)


HEADINGS: dict[str, Callable[[str], str]] = {
    "plain": str, "upper": str.upper, "double space": lambda h: h.replace(" ", "  "), "NBSP": lambda h: h.replace(" ", "\u00a0"),
    "colon": lambda h: f" {h}:", "two lines": lambda h: h.replace(" ", "\n"), "no accents": lambda h: h.replace("é", "e"),
}  # fmt: skip


# ---- the file -------------------------------------------------------------------------------------------------------


def _placed(rng: Random, style: Style, rows: Sequence[Row]) -> Iterator[tuple[Row, list[Cell]]]:
    """Put empty columns before and between the cells, then leave a cell out or add one."""
    gaps = [rng.choice([0, 0, 0, 1, 2]), *(int(rng.random() < 0.07) for _ in rows[0].cells[1:])]
    style.mess |= {"not in column A"} if gaps[0] else set()
    style.mess |= {"empty column"} if any(gaps[1:]) else set()
    for row in rows:
        cells = [each for gap, cell in zip(gaps, row.cells, strict=True) for each in (*[""] * gap, cell)]
        yield row, cells[:-1] if row.cut < 0 else [*cells, *["x"] * row.cut]


def _text(rng: Random, style: Style, rows: Sequence[Row]) -> bytes:
    out = io.StringIO(newline="")
    for row, cells in _placed(rng, style, rows):
        if row.kind in ("title", "footnote", "empty", "total") and rng.random() < 0.5:  # as typed, not as exported
            while cells and not cells[-1]:
                cells.pop()
        one = io.StringIO(newline="")
        csv.writer(one, delimiter=style.delimiter, quoting=style.quoting).writerow(cells)
        line, end = one.getvalue().removesuffix("\r\n"), rng.choice(LINE_ENDS[style.line_ends])
        if not line and out.getvalue().endswith("\r"):
            end = "\r\n"  # a lone line feed would be one line end with the carriage return before it
        out.write(line + end)
    text = MARKS.get(style.encoding, "") + out.getvalue()
    return text.encode(style.encoding)


def _workbook(rng: Random, style: Style, rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook()
    if rng.random() < 0.3 and not style.mess & {
        "sentinel",
        "{serial}",
    }:  # before its first day, or counted from another
        style.mess.add("1904")
        book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for _, cells in _placed(rng, style, rows):
        sheet.append([None if cell == "" else cell for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _entry(name: str, columns: Sequence[Column], ids: int, style: Style) -> str:
    lines = "".join(f"{json.dumps(c.heading, ensure_ascii=False)} = {c.to}\n" for c in columns if c.to)
    headings = {column.heading for column in columns}
    other = {heading: order for heading, order in style.orders.items() if order != style.order and heading in headings}
    style.mess |= {"another order in a column"} if other else set()
    return f"""
[[sheets]]
file = "{name}"
one_row_is = "cases"
date_order = "{style.order}"
excel_epoch = {1904 if style.day_zero == DAY_ZERO_1904 else 1900}
[sheets.columns]
{lines}
[sheets.date_orders]
{"".join(f'"{heading}" = "{order}"' + chr(10) for heading, order in other.items())}
[sheets.ids]
{f"case_id = {ids}" if ids else ""}
[sheets.ignore]
"Toelichting" = "vrije tekst"
[[sheets.exclude]]
column = "Toelichting"
equals = "TEST"
reason = "proefregistratie"
"""


# ---- what must come of it -------------------------------------------------------------------------------------------


def _outcome(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[int, Truth], set[tuple[int, str]]]:
    """Give the account, what stands on each kept row, and which rows are set aside for what reason."""
    kept: dict[int, Truth] = {}
    aside: set[tuple[int, str]] = set()
    n: Counter[str] = Counter()
    seen: set[int] = set()
    for number, row in enumerate(rows, start=1):
        kind = "duplicate" if row.kind == "kept" and id(row) in seen else row.kind
        seen.add(id(row))
        n[kind] += 1
        if kind == "kept":
            kept[number] = row.truth
        elif kind in ODD and kind != "excluded":
            aside.add((number, kind))
    reasons = {kind: n[kind] for kind in ODD if n[kind] and kind != "excluded"}
    account = {
        f"rows_{kind}": n[kind]
        for kind in ("title", "header", "empty", "total", "footnote", "excluded", "kept", "duplicate")
    }
    account |= {"rows_in_file": len(rows), "rows_read": n["kept"] + n["duplicate"] + sum(reasons.values()), "rows_superseded": 0,
                "rows_set_aside": sum(reasons.values()), "set_aside_by_reason": reasons}  # fmt: skip
    return account, kept, aside
