"""Mess in rows: sums, repeats, empty rows, hidden rows, rows that cannot be used."""

import copy
import datetime as dt
from collections.abc import Callable
from random import Random

from benchmarks.strangers.book.model import Cell, Row, Sheet, Stranger


def _sheets(stranger: Stranger, row_is: str = "") -> list[Sheet]:
    """Sheets of which rows can be put in: one record per row."""
    return [s for s in stranger.sheets if s.row_is and row_is in ("", s.row_is) and not s.fill_down and len(s.rows) > 8]


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
        for row in sheet.rows if place is not None else ():
            if row.cells[place or 0].raw == (first := sheet.rows[0].cells[place or 0].true):
                row.cells[place or 0].raw = row.cells[place or 0].true = f"Totaal Welzijn {first}"
                row.cells[place or 0].mess, done = "total_team", True
    return done


def empty_rows(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: empty rows among and below the others."""
    sheets = [sheet for sheet in _sheets(stranger) if not sheet.file.endswith("sav")]
    for sheet in sheets[:1]:
        for place in (len(sheet.rows), rng.randrange(3, len(sheet.rows))):
            sheet.rows.insert(place, Row([Cell() for _ in sheet.columns], "gone", "empty_rows"))
    return bool(sheets)


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


KINDS: dict[str, Callable[[Random, Stranger], bool]] = {each.__name__: each for each in (
    total_row, total_team, empty_rows, repeated_rows, hidden_rows, impossible_rows)}  # fmt: skip
