"""What calamine does not tell of an OpenDocument sheet: which cells are merged, and how a time is written for people."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, counted from 0: (row, column)

_TABLE = re.compile(rb"<table:table[ >].*?</table:table>|<table:table [^>]*/>", re.S)
_PIECE = re.compile(rb"<table:(table-row|table-cell|covered-table-cell)\b([^>]*)>")
_SPANNED = re.compile(rb'table:number-(?:rows|columns)-spanned="(?!1")')
_TIME = re.compile(r"PT(\d+)H(\d\d)M(\d\d)(?:[.,]\d+)?S")


def merged_ranges(content: bytes) -> dict[int, list[Range]] | None:
    """Give the merged cells of each sheet, by its place; None when this is no OpenDocument file."""
    tables = _tables(content)
    if tables is None:
        return None
    ranges: dict[int, list[Range]] = {n: [] for n, table in enumerate(tables) if _SPANNED.search(table)}
    for n in ranges:
        for cell in _cells(tables[n]):
            bottom = cell.row + _number(b"rows-spanned", cell.attributes) - 1
            right = cell.column + _number(b"columns-spanned", cell.attributes) - 1
            if (bottom, right) != (cell.row, cell.column):
                ranges[n].append(((cell.row, cell.column), (bottom, right)))
    return ranges


def most_cells(content: bytes) -> int:
    """Give the size of the largest rectangle around a sheet's filled cells, repeats and all; 0 if this is no OpenDocument."""
    areas = [0]
    for table in _tables(content) or ():
        filled = [cell for cell in _cells(table) if b"value-type" in cell.attributes]
        areas.append(max((cell.below for cell in filled), default=0) * max((cell.after for cell in filled), default=0))
    return max(areas)


def _tables(content: bytes) -> list[bytes] | None:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return None
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return _TABLE.findall(zipped.read("content.xml")) if "content.xml" in zipped.namelist() else None


class _Cell(NamedTuple):
    row: int
    below: int  # the first row, and column, that this cell with its repeats does not cover
    column: int
    after: int
    attributes: bytes


def _cells(table: bytes) -> Iterator[_Cell]:
    row, below, column = 0, 0, 0
    for kind, attributes in _PIECE.findall(table):
        if kind == b"table-row":
            row, below, column = below, below + _number(b"rows-repeated", attributes), 0
        else:
            after = column + _number(b"columns-repeated", attributes)
            yield _Cell(row, below, column, after, attributes)
            column = after


def _number(attribute: bytes, attributes: bytes) -> int:
    given = re.search(rb'table:number-%s="(\d{1,7})"' % attribute, attributes)
    return int(given[1]) if given else 1


def clock(value: object) -> object:
    """Write a time of day or duration as a person sees it: calamine gives `PT36H30M00S`."""
    if isinstance(value, str) and value.startswith("PT") and (parts := _TIME.fullmatch(value)):
        return ":".join(parts.groups())
    return value
