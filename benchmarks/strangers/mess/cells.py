"""Mess in what a cell says: words for missing, days that are none, signs, spellings."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from random import Random

from benchmarks.strangers.book.model import EMPTY, Cell, Column, Error, Gap, Row, Sheet, Shown, Stranger
from benchmarks.strangers.book.scribe import MONTHS

WORDS_FOR_MISSING = {"onbekend": "unknown", "n.v.t.": "not_applicable", "?": "unknown", "weet niet": "unknown"}


def _of(stranger: Stranger, *kinds: str) -> list[tuple[Sheet, Row, Column, Cell]]:
    """The filled cells of kept rows, nothing of which was touched yet."""
    return [
        (sheet, row, column, cell)
        for sheet in stranger.sheets
        if sheet.row_is
        for row, column, cell in sheet.cells(*kinds)
        if not cell.mess and not isinstance(cell.true, Gap) and cell.raw is not None and _is_loose(sheet, column)
    ]


def _is_loose(sheet: Sheet, column: Column) -> bool:
    """Whether a cell can be written otherwise by itself: SPSS has no text among numbers, a merged cell is one of many."""
    typed = sheet.file.endswith(".sav") and column.kind in ("code", "date", "number")
    return not typed and not any(sheet.columns[at] is column for at, _, _ in sheet.merged)


def _days(stranger: Stranger) -> list[tuple[Sheet, Row, Column, Cell]]:
    """The days among them; of a birth the age is what it truly says."""
    return [each for each in _of(stranger, "date") if isinstance(each[3].true, dt.date)]


def _some(
    rng: Random, cells: list[tuple[Sheet, Row, Column, Cell]], most: int = 4
) -> list[tuple[Sheet, Row, Column, Cell]]:
    return rng.sample(cells, min(len(cells), rng.randrange(2, most + 1)))  # none of none


def _strike(cell: Cell, raw: object, true: object, mess: str) -> None:
    cell.raw, cell.true, cell.mess = raw, true, mess


def words_for_missing(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: codes that were not known are written in words."""
    cells = [each for each in _of(stranger, "code") if _is_plain(each) and not _is_told_beside(each)]
    for _, _, column, cell in (chosen := _some(rng, cells, 6) if cells else []):
        word = rng.choice(sorted(WORDS_FOR_MISSING))
        stranger.words[column.words, word] = WORDS_FOR_MISSING[word]
        _strike(cell, word, Gap(WORDS_FOR_MISSING[word]), "words_for_missing")
    return bool(chosen)


def _closing(stranger: Stranger) -> list[tuple[Sheet, Row, Column, Cell]]:
    """The closing days of cases that are closed, where a reason or status on the row says so too."""
    return [
        each for each in _of(stranger, "date")
        if each[2].meanings[0].field == "cases.date_closed" and any(
            cell.true not in (EMPTY, "open") for column, cell in zip(each[0].columns, each[1].cells, strict=True)
            if column.meanings and column.meanings[0].field in ("cases.closure_reason", "cases.status"))
    ]  # fmt: skip


def closing_unknown(rng: Random, stranger: Stranger) -> bool:
    """A1: the closing day of a closed case reads as words."""
    for _, _, _, cell in (chosen := _some(rng, _closing(stranger), 5)):
        word, why = rng.choice((("onbekend", "unknown"), ("volgt nog", "unknown"), ("?", "unknown")))
        _strike(cell, word, Gap(why), "closing_unknown")
    return bool(chosen)


def closing_month(rng: Random, stranger: Stranger) -> bool:
    """A1: of the closing day only the month is known."""
    for _, _, _, cell in (chosen := _some(rng, _closing(stranger), 4)):
        day = cell.true
        assert isinstance(day, dt.date)
        _strike(cell, f"{MONTHS[day.month - 1]} {day.year}", Gap("unreadable", f"{day:%Y-%m}"), "closing_month")
    return bool(chosen)


def shown_as_month(rng: Random, stranger: Stranger) -> bool:
    """A2: a real date that is shown as mmm-yy: the month is what was typed."""
    cells = [each for each in _closing(stranger) if isinstance(each[3].raw, dt.date) and each[0].file.endswith("xlsx")]
    for _, _, _, cell in (chosen := _some(rng, cells, 4) if cells else []):
        day = cell.true
        assert isinstance(day, dt.date)
        _strike(cell, Shown(day.replace(day=1), "mmm-yy"), Gap("unreadable", f"{day:%Y-%m}"), "shown_as_month")
    return bool(chosen)


def sentinel_days(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: 1-1-1900 for a day that nobody knows."""
    cells = [
        each
        for each in _of(stranger, "date")
        if each[2].meanings[0].field in ("cases.date_intake", "cases.date_closed")
    ]
    cells = [each for each in cells if isinstance(each[3].raw, str) or each[2].meanings[0].field == "cases.date_intake"]
    for _, _, _, cell in (chosen := _some(rng, cells)):
        _strike(cell, "1-1-1900" if isinstance(cell.raw, str) else dt.date(1900, 1, 1), Gap("unknown"), "sentinel_days")
    return bool(chosen)


def loose_spelling(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: capitals, spaces at the ends, double and hard spaces in words, letters in two parts."""
    cells = [each for each in _of(stranger, "code") if isinstance(each[3].raw, str)]
    for sheet, _, _, cell in (chosen := _some(rng, cells, 8)):
        raw = str(cell.raw)
        spellings = [raw.upper(), f" {raw} ", raw.replace(" ", "  "), raw.replace(" ", "\u00a0"), raw.lower()]
        spellings += [] if sheet.file.endswith((".csv", ".txt")) else [unicodedata.normalize("NFD", raw)]
        _strike(cell, rng.choice(spellings), cell.true, "loose_spelling")
    return bool(chosen)


def loose_numbers(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: whole numbers with decimals, as a spreadsheet exports them."""
    cells = _of(stranger, "number")
    for _, _, _, cell in (chosen := _some(rng, cells) if cells else []):
        _strike(cell, f"{cell.raw},0", cell.true, "loose_numbers")
    return bool(chosen)


def other_notations(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: in one column some days are written otherwise: with the month in letters, with a time, as Excel counts."""
    cells = [each for each in _days(stranger) if isinstance(each[3].raw, str)]
    for _, _, _, cell in (chosen := _some(rng, cells, 6) if cells else []):
        day = _day(cell)
        count = (day - dt.date(1899, 12, 30)).days
        written = (f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day} 00:00:00", str(count), f"{day:%Y-%m-%d}")
        _strike(cell, rng.choice(written), day, "other_notations")
    return bool(chosen)


def greenwich(rng: Random, stranger: Stranger) -> bool:
    """A6: a column of moments in the time of Greenwich: just after midnight here it is the day before there."""
    cells = [
        each
        for each in _of(stranger, "date")
        if each[2].meanings[0].field in ("cases.date_intake", "cases.date_closed")
    ]
    cells = [each for each in cells if isinstance(each[3].raw, str)]
    for _, _, _, cell in cells:
        before = _day(cell) - dt.timedelta(days=1)
        _strike(cell, f"{before}T23:30:00Z", _day(cell), "greenwich")
    return bool(cells)


def never(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: 31-12-9999 as the closing day of what is open."""
    cells = [
        (sheet, row, column, cell)
        for sheet in stranger.sheets for row, column, cell in sheet.cells("date")
        if column.meanings[0].field == "cases.date_closed" and cell.raw is None and cell.true == EMPTY and not row.mess
    ]  # fmt: skip
    if any(sheet.order != "dmy" for sheet in stranger.sheets):
        return False
    texts = [
        each
        for each in cells
        if any(isinstance(row.cells[each[0].columns.index(each[2])].raw, str) for row in each[0].rows)
    ]
    for _, _, _, cell in texts:
        _strike(cell, "31-12-9999", Gap("not_applicable"), "never")
    return bool(texts)


def error_cells(rng: Random, stranger: Stranger) -> bool:
    """A2: formulas that failed."""
    cells = [each for each in _of(stranger, "code") if each[0].file.endswith("xlsx") and _is_plain(each)]
    for _, _, _, cell in (chosen := _some(rng, cells) if cells else []):
        _strike(cell, Error("#N/A"), Gap("unreadable"), "error_cells")
    return bool(chosen)


def plus_and_minus(rng: Random, stranger: Stranger) -> bool:
    """A3: + for yes and - for no, in a whole column."""
    names = sorted({each[2].meanings[0].field for each in _of(stranger, "code") if each[2].words == "yes_no"})
    for name in names[:1]:
        for _, _, column, cell in _of(stranger, "code"):
            if column.meanings[0].field == name:
                _strike(cell, {"yes": "+", "no": "-"}[str(cell.true)], cell.true, "plus_and_minus")
        stranger.words |= {("yes_no", "+"): "yes", ("yes_no", "-"): "no"}
    return bool(names)


def na_among_names(rng: Random, stranger: Stranger) -> bool:
    """A5: a statistics program wrote NA where no team was known."""
    cells = [each for each in _of(stranger, "label") if each[2].meanings[0].field == "cases.team"]
    for _, _, column, cell in (chosen := _some(rng, cells) if cells else []):
        stranger.words[column.words, "na"] = "unknown"
        _strike(cell, "NA", Gap("unknown"), "na_among_names")
    return bool(chosen)


def twice_encoded(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: letters with accents that went through the wrong code page."""
    cells = [each for each in _of(stranger, "code", "label") if _is_accented(each[3].raw)]
    for _, _, column, cell in cells:
        raw = str(cell.raw).encode("utf-8").decode("cp1252")
        if column.kind == "code" and not isinstance(cell.true, tuple):
            stranger.words[column.words, raw.casefold()] = str(cell.true)
        _strike(cell, raw, cell.true, "twice_encoded")
    return bool(cells)


def _is_accented(raw: object) -> bool:
    try:
        return isinstance(raw, str) and raw.encode("utf-8").decode("cp1252") != raw
    except UnicodeDecodeError:
        return False


def mixed_decimals(rng: Random, stranger: Stranger) -> bool:
    """A7: 2,0 and 2.0 in one column."""
    cells = [each for each in _of(stranger, "number") if each[2].meanings[0].table == "households"]
    for _, _, _, cell in cells if len(cells) > 4 else []:
        _strike(cell, f"{cell.raw}{rng.choice(',.')}0", cell.true, "mixed_decimals")
    return len(cells) > 4


def mistyped_municipality(rng: Random, stranger: Stranger) -> bool:
    """B8: the name of the municipality is mistyped on a row."""
    cells = [each for each in _of(stranger, "code") if each[2].words == "municipality"]
    for _, _, column, cell in rng.sample(cells, 1) if cells else []:
        raw = str(cell.raw)
        stranger.words[column.words, f"{raw}{raw[-1]}".casefold()] = str(cell.true)
        _strike(cell, f"{raw}{raw[-1]}", cell.true, "mistyped_municipality")
    return bool(cells)


def swapped_days(rng: Random, stranger: Stranger) -> bool:
    """A2: opened in Excel under American settings: days up to the twelfth are real dates with day and month swapped."""
    sheets = [s for s in stranger.sheets if s.file.endswith("xlsx") and s.row_is == "cases" and s.order == "dmy"]
    if len(stranger.sheets) != 1 or not sheets:
        return False
    days = [*_days(stranger)]
    otherwise = {each[2].heading for each in days if each[3].raw == _unpadded(each[3])}  # American settings read all
    plain = [each for each in days if each[3].raw == _day(each[3]).strftime("%d-%m-%Y")]
    cells = [each for each in plain if each[2].heading not in otherwise]
    for _, _, column, cell in cells:
        day = _day(cell)
        stranger.half[column.heading] = "swapped"
        if day.day <= 12:
            _strike(cell, dt.date(day.year, day.day, day.month), day, "swapped_days")
    return bool(cells)


def births_in_two_digits(rng: Random, stranger: Stranger) -> bool:
    """A4: days of birth of which the year has two digits."""
    cells = [each for each in _of(stranger, "date") if each[2].meanings[0].column == "age_class"]
    texts = [each[3].raw.strftime("%d-%m-%Y") if isinstance(each[3].raw, dt.date) else str(each[3].raw) for each in cells]
    if not cells or not all(re.search(r"\D\d{4}$", text) for text in texts):
        return False
    for (_, _, _, cell), text in zip(cells, texts, strict=True):
        _strike(cell, f"{text[:-4]}{text[-2:]}", cell.true, "births_in_two_digits")
    return True


def _is_told_beside(each: tuple[Sheet, Row, Column, Cell]) -> bool:
    """Whether a cell says that a meeting was not held, of which another says why: that tells it as well."""
    sheet, row, column, _ = each
    others = {c.meanings[0].field: cell for c, cell in zip(sheet.columns, row.cells, strict=True) if c.meanings}
    why = others.get("meetings.reason_not_held")
    return column.meanings[0].field == "meetings.held" and why is not None and why.true != EMPTY


def _unpadded(cell: Cell) -> str:
    """The day without zeros before it; "" where it has none to leave out."""
    day = _day(cell)
    return f"{day.day}-{day.month}-{day.year}" if min(day.day, day.month) < 10 else ""


def _day(cell: Cell) -> dt.date:
    assert isinstance(cell.true, dt.date)
    return cell.true


def _is_plain(each: tuple[Sheet, Row, Column, Cell]) -> bool:
    """Whether a cell holds one value of the row's own record, that is no part of its key."""
    sheet, _, column, cell = each
    meaning = column.meanings[0]
    return (
        not isinstance(cell.true, tuple)
        and meaning.table == sheet.row_is
        and meaning.column
        not in ("status", "kind", "domain", "moment", "instrument_version", "element", "perspective", "municipality")
    )


KINDS: dict[str, Callable[[Random, Stranger], bool]] = {
    each.__name__: each
    for each in (
        words_for_missing, closing_unknown, closing_month, shown_as_month, sentinel_days, loose_spelling, loose_numbers,
        other_notations, greenwich, never, error_cells, plus_and_minus, na_among_names, twice_encoded, mixed_decimals,
        mistyped_municipality, swapped_days, births_in_two_digits,
    )
}  # fmt: skip
