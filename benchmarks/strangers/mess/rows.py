"""Mess in rows: sums, repeats, empty rows, hidden rows, rows that cannot be used."""

import copy
import datetime as dt
from collections.abc import Callable
from random import Random

from benchmarks.strangers.book.model import Cell, Row, Sheet, Stranger


def _sheets(stranger: Stranger, row_is: str = "") -> list[Sheet]:
    """Sheets of which rows can be put in: one record per row."""
    return [
        s
        for s in stranger.sheets
        if s.row_is and row_is in ("", s.row_is) and not s.fill_down and not s.merged and len(s.rows) > 8
    ]


def total_row(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: a line at the end that counts the rows."""
    sheets = _sheets(stranger)
    for sheet in sheets[:1]:
        cells = [Cell() for _ in sheet.columns]
        cells[0].raw, cells[-1].raw = "Totaal", len(sheet.rows)
        sheet.rows.append(Row(cells, "gone", "total_row"))
    return bool(sheets)


def total_team(rng: Random, stranger: Stranger) -> bool:
    """B5: a team whose name begins with the word Totaal has cases like any other."""
    done = False
    for sheet in stranger.sheets:
        place = sheet.column("cases.team")
        first = sheet.rows[0].cells[place].true if place is not None and sheet.rows else None
        for cell in [row.cells[place or 0] for row in sheet.rows if first and row.cells[place or 0].true == first]:
            cell.true, done = f"Totaal Welzijn {first}", True
            if cell.raw is not None:  # of cells that are one the first alone is written
                cell.raw, cell.mess = cell.true, "total_team"
    return done


def empty_rows(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: empty rows among and below the others."""
    sheets = [sheet for sheet in _sheets(stranger) if not sheet.file.endswith("sav")]
    for sheet in sheets[:1]:
        for place in (len(sheet.rows), rng.randrange(3, len(sheet.rows))):
            sheet.rows.insert(place, Row([Cell() for _ in sheet.columns], "gone", "empty_rows"))
    return bool(sheets)


def year_bands(rng: Random, stranger: Stranger) -> bool:
    """Among the cases of a workbook a line per year: the year in one cell as wide as the table."""
    done = False
    for sheet in [s for s in _sheets(stranger, "cases") if s.file.endswith("xlsx") and not s.name.isdigit()]:
        place, before = sheet.column("cases.date_referral"), 0
        for row in list(sheet.rows) if place is not None else ():
            day = row.cells[place or 0].true
            if row.fate == "kept" and isinstance(day, dt.date) and day.year != before:
                band = Row([Cell(str(day.year)), *(Cell() for _ in sheet.columns[1:])], "gone", "year_bands", across=True)
                sheet.rows.insert(next(n for n, each in enumerate(sheet.rows) if each is row), band)
                before, done = day.year, True
    return done


def repeated_rows(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: a row that stands in the file twice."""
    sheets = _sheets(stranger, "cases")
    for sheet in sheets[:1]:
        row = rng.choice([row for row in sheet.rows if row.fate == "kept"])
        again = copy.deepcopy(row)
        again.mess = "repeated_rows"
        sheet.rows.append(again)  # the same cells: which of both stays does not matter, and the truth takes the last
    return bool(sheets)


def hidden_rows(rng: Random, stranger: Stranger) -> bool:
    """A2: rows that someone filtered away count like any other."""
    sheets = [sheet for sheet in _sheets(stranger) if sheet.file.endswith("xlsx")]
    for sheet in sheets[:1]:
        for row in rng.sample([row for row in sheet.rows if row.fate == "kept"], 3):
            row.hidden, row.mess = True, "hidden_rows"
    return bool(sheets)


def impossible_rows(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: a case that was closed before it was reported, or without a number, cannot be used."""
    if len(stranger.deliveries) > 1:
        return False
    for sheet in _sheets(stranger, "cases"):
        key, first, last = (
            sheet.column(name) for name in ("cases.case_id", "cases.date_referral", "cases.date_closed")
        )
        usable = [
            row for row in sheet.rows if row.fate == "kept" and not row.mess and not any(c.mess for c in row.cells)
        ]
        closed = [row for row in usable if last is not None and isinstance(row.cells[last].true, dt.date)]
        if closed and first is not None and key is not None and len(stranger.sheets) == 1:
            row = rng.choice(closed)
            row.cells[first].raw, row.cells[last or 0].raw = row.cells[last or 0].raw, row.cells[first].raw
            row.fate, row.mess = "aside", "impossible_rows"
            other = rng.choice([each for each in usable if each is not row])
            other.cells[key].raw, other.fate, other.mess = None, "aside", "impossible_rows"
            return row.cells[first].raw != row.cells[last or 0].raw
    return False


def subtotals(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: after some rows a line that counts those above it."""
    sheets = _sheets(stranger, "cases")
    for sheet in sheets[:1]:
        for place in (len(sheet.rows), len(sheet.rows) // 2):
            cells = [Cell() for _ in sheet.columns]
            cells[0].raw = f"Subtotaal {place}"
            sheet.rows.insert(place, Row(cells, "gone", "subtotals"))
    return bool(sheets)


def footnotes(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: notes below the table."""
    sheets = [sheet for sheet in _sheets(stranger) if not sheet.file.endswith("sav")]
    for sheet in sheets[:1]:
        sheet.below += [[], ["* voorlopige cijfers, kunnen nog wijzigen"], ["Bron: eigen registratie van het team"]]
    return bool(sheets)


def after_extraction(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: a case that was reported after the data were taken from the system."""
    if len(stranger.sheets) != 1:
        return False
    for sheet in _sheets(stranger, "cases"):
        place = sheet.column("cases.date_referral")
        usable = [
            row for row in sheet.rows if row.fate == "kept" and not row.mess and not any(c.mess for c in row.cells)
        ]
        same = [row for row in usable if place is not None and isinstance(row.cells[place].raw, (str, dt.date))]
        if same and place is not None:
            row, day = rng.choice(same), row_day(same[0], place)
            raw = str(row.cells[place].raw)
            if isinstance(row.cells[place].raw, dt.date) or str(day.year) in raw:
                later = dt.date(day.year + 40, day.month, day.day)
                source = same[0].cells[place].raw
                row.cells[place].raw = (
                    later if isinstance(source, dt.date) else str(source).replace(str(day.year), str(later.year))
                )
                row.fate, row.mess = "aside", "after_extraction"
                return True
    return False


def row_day(row: Row, place: int) -> dt.date:
    """The day that stands in a cell of a row."""
    day = row.cells[place].true
    assert isinstance(day, dt.date)
    return day


def _respelled(stranger: Stranger, mess: str, spell: Callable[[str], str]) -> bool:
    """Write the numbers of the cases otherwise in every sheet but that of the cases, or in the second of two deliveries."""
    first = stranger.deliveries[0].sheets[0]
    others = [sheet for sheet in stranger.sheets[1:] if sheet.row_is and sheet.file != first.file]
    changed = False
    for sheet in others:
        place = next((n for n, c in enumerate(sheet.columns) if "case_id" in {m.column for m in c.meanings}), None)
        for row in (
            sheet.rows if (place is not None and sheet.row_is != first.row_is) or len(stranger.deliveries) > 1 else ()
        ):
            cell = row.cells[place or 0]
            if isinstance(cell.raw, str) and not cell.mess:
                changed |= spell(cell.raw) != cell.raw
                cell.raw, cell.mess = spell(cell.raw), mess
    return changed


def zeros_lost(rng: Random, stranger: Stranger) -> bool:
    """B2: the zeros in front of numbers are gone in a file."""
    return _respelled(stranger, "zeros_lost", lambda text: text.lstrip("0"))


def other_separators(rng: Random, stranger: Stranger) -> bool:
    """B2: a hyphen in the numbers of one file and none in the other."""
    return _respelled(stranger, "other_separators", lambda text: text.replace("-", ""))


def other_hyphen(rng: Random, stranger: Stranger) -> bool:
    """B2: a hyphen that does not break, as text editors put it."""
    if any(
        kind.kind == "text" and not kind.encoding.startswith("utf")
        for d in stranger.deliveries
        for kind in d.kinds.values()
    ):
        return False
    return _respelled(stranger, "other_hyphen", lambda text: text.replace("-", "\u2011"))


def small_letters(rng: Random, stranger: Stranger) -> bool:
    """B2: small letters in the numbers of one file."""
    return _respelled(stranger, "small_letters", str.lower)


KINDS: dict[str, Callable[[Random, Stranger], bool]] = {
    each.__name__: each
    for each in (
        total_row, total_team, empty_rows, year_bands, repeated_rows, hidden_rows, impossible_rows, subtotals, footnotes,
        after_extraction, zeros_lost, other_separators, other_hyphen, small_letters,
    )
}  # fmt: skip
