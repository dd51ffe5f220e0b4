"""Mess in what a cell says: words for missing, days that are none, signs, spellings."""

import datetime as dt
import unicodedata
from collections.abc import Callable
from random import Random

from benchmarks.strangers.book.model import EMPTY, Cell, Column, Gap, Row, Sheet, Shown, Stranger
from benchmarks.strangers.book.scribe import MONTHS

WORDS_FOR_MISSING = {"onbekend": "unknown", "n.v.t.": "not_applicable", "?": "unknown", "weet niet": "unknown"}


def _of(stranger: Stranger, *kinds: str) -> list[tuple[Sheet, Row, Column, Cell]]:
    """The filled cells of kept rows, nothing of which was touched yet."""
    return [
        (sheet, row, column, cell)
        for sheet in stranger.sheets
        if sheet.row_is
        for row, column, cell in sheet.cells(*kinds)
        if not cell.mess and not isinstance(cell.true, Gap) and cell.raw is not None
    ]


def _some(
    rng: Random, cells: list[tuple[Sheet, Row, Column, Cell]], most: int = 4
) -> list[tuple[Sheet, Row, Column, Cell]]:
    return rng.sample(cells, min(len(cells), rng.randrange(2, most + 1)))


def _strike(cell: Cell, raw: object, true: object, mess: str) -> None:
    cell.raw, cell.true, cell.mess = raw, true, mess


def words_for_missing(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: codes that were not known are written in words."""
    cells = [
        each
        for each in _of(stranger, "code")
        if not isinstance(each[3].true, tuple) and each[2].meanings[0].table == each[0].row_is
    ]
    cells = [
        each
        for each in cells
        if each[2].meanings[0].column not in ("status", "kind", "domain", "moment", "instrument_version")
    ]
    for _, _, column, cell in (chosen := _some(rng, cells, 6)):
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
        word, why = rng.choice((("onbekend", "unknown"), ("volgt nog", "unreadable"), ("?", "unknown")))
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
    """DOMAIN 2.6: capitals, spaces at the ends, double and hard spaces in words."""
    cells = [each for each in _of(stranger, "code") if isinstance(each[3].raw, str)]
    for _, _, _, cell in (chosen := _some(rng, cells, 8)):
        raw = str(cell.raw)
        spelled = rng.choice((raw.upper(), f" {raw} ", raw.replace(" ", "  "), raw.replace(" ", "\u00a0"), raw.lower(),
                              unicodedata.normalize("NFD", raw)))  # fmt: skip
        _strike(cell, spelled, cell.true, "loose_spelling")
    return bool(chosen)


def loose_numbers(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: whole numbers with decimals, as a spreadsheet exports them."""
    cells = _of(stranger, "number")
    for _, _, _, cell in (chosen := _some(rng, cells) if cells else []):
        _strike(cell, f"{cell.raw},0", cell.true, "loose_numbers")
    return bool(chosen)


KINDS: dict[str, Callable[[Random, Stranger], bool]] = {each.__name__: each for each in (
    words_for_missing, closing_unknown, closing_month, shown_as_month, sentinel_days, loose_spelling, loose_numbers)}  # fmt: skip
