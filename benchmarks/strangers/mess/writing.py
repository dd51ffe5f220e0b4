"""Mess in how files are written: code pages, separators, sheets that are no table, a header that comes again."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from benchmarks.strangers.book.model import Cell, Column, Row, Sheet, Stranger


def trailing_separator(rng: Random, stranger: Stranger) -> bool:
    """B6: a separator at the end of every row."""
    texts = [kind for delivery in stranger.deliveries for kind in delivery.kinds.values() if kind.kind == "text"]
    for kind in texts:
        kind.trailing = True
    return bool(texts)


def old_code_page(rng: Random, stranger: Stranger) -> bool:
    """A6: the code page of the Mac or of DOS."""
    texts = [kind for delivery in stranger.deliveries for kind in delivery.kinds.values() if kind.encoding == "cp1252"]
    page = rng.choice(("cp850", "mac_roman"))
    letters = {
        c
        for sheet in stranger.sheets
        for row in sheet.rows
        for cell in row.cells
        for c in str(cell.raw)
        if ord(c) > 127
    }
    if not letters or any(not _fits(letter, page) for letter in letters):
        return False
    for kind in texts:
        kind.encoding = page
    return bool(texts)


def _fits(letter: str, page: str) -> bool:
    try:
        letter.encode(page)
    except UnicodeEncodeError:
        return False
    return True


def lists_sheet(rng: Random, stranger: Stranger) -> bool:
    """DOMAIN 2.6: a hidden sheet with lists to choose from."""
    for delivery in stranger.deliveries:
        for name in [name for name, kind in delivery.kinds.items() if kind.kind == "xlsx"]:
            words = [["Ja", "Noord"], ["Nee", "Zuid"], ["Deels", "West"]]
            rows = [Row([Cell(word) for word in line]) for line in words]
            delivery.sheets.append(
                Sheet(name, "Keuzelijsten", "", [Column("JaNee"), Column("Teams")], rows, hidden=True)
            )
            return True
    return False


def header_only_sheet(rng: Random, stranger: Stranger) -> bool:
    """C1: a sheet for next year with a header and no rows yet."""
    for delivery in stranger.deliveries:
        for sheet in delivery.sheets:
            if sheet.file.endswith("xlsx") and sheet.row_is == "cases":
                columns = [replace(column, group="") for column in sheet.columns]
                delivery.sheets.append(Sheet(sheet.file, "2024", "", columns, []))
                return True
    return False


def header_again(rng: Random, stranger: Stranger) -> bool:
    """B6: an export of pages repeats its header."""
    sheets = [
        s for s in stranger.sheets if s.row_is == "cases" and s.file.endswith(("csv", "txt")) and len(s.rows) > 20
    ]
    for sheet in sheets[:1]:
        sheet.rows.insert(15, Row([Cell(column.heading) for column in sheet.columns], "gone", "header_again"))
    return bool(sheets)


def sep_line(rng: Random, stranger: Stranger) -> bool:
    """B6: a first line that tells Excel which sign separates."""
    done = False
    for delivery in stranger.deliveries:
        for name, kind in delivery.kinds.items():
            if kind.kind == "text" and kind.delimiter in ";,":
                kind.sep_line = done = True
                for sheet in (each for each in delivery.sheets if each.file == name):
                    sheet.above.insert(0, [])
    return done


def titles_in_text(rng: Random, stranger: Stranger) -> bool:
    """B6: titles above the table of a text file, with commas in them."""
    sheets = [s for s in stranger.sheets if s.row_is and s.file.endswith("csv") and not s.above]
    for sheet in sheets:
        sheet.above = [
            ["Uitdraai sociaal team, per casus, alle wijken"],
            ["Afdeling Maatschappelijke Ontwikkeling, Zorg, Welzijn"],
        ]
    return bool(sheets)


def summary_sheet(rng: Random, stranger: Stranger) -> bool:
    """A sheet in front with counts per team."""
    for delivery in stranger.deliveries:
        for name in [name for name, kind in delivery.kinds.items() if kind.kind == "xlsx"]:
            lines = [["Noord", 12, 8], ["Zuid", 9, 3], ["Totaal", 21, 11]]
            rows = [Row([Cell(value) for value in line]) for line in lines]
            columns = [Column("Team"), Column("Aantal casussen"), Column("Waarvan afgesloten")]
            delivery.sheets.insert(0, Sheet(name, "Samenvatting", "", columns, rows))
            return True
    return False


KINDS: dict[str, Callable[[Random, Stranger], bool]] = {
    each.__name__: each
    for each in (
        trailing_separator, old_code_page, lists_sheet, header_only_sheet, header_again, sep_line, titles_in_text, summary_sheet,
    )
}  # fmt: skip
