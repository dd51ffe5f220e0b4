"""What calamine does not tell of an xlsx sheet: the errors in its cells (`#N/A`), which it gives as empty."""

import html
import io
import re
import zipfile

Errors = dict[int, dict[int, str]]  # row -> column -> text, counted from 0

_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*? t="e"[^>]*>(?:<f.*?(?:</f>|/>))?<v>(#[^<]{1,20})</v>', re.S)
_SHEET = re.compile(rb"<(?:\w+:)?sheet [^>]*>")
_LINK = re.compile(rb"<Relationship [^>]*>")


def error_cells(content: bytes) -> dict[str, Errors]:
    """Give the errors of each sheet that has any, by the sheet's name; nothing when this is no xlsx file."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        members = {name.replace("\\", "/"): name for name in zipped.namelist()}
        if "xl/workbook.xml" not in members or "xl/_rels/workbook.xml.rels" not in members:
            return {}
        links = zipped.read(members["xl/_rels/workbook.xml.rels"])
        targets = {_value(b"Id", link): _value(b"Target", link) for link in _LINK.findall(links)}
        errors: dict[str, Errors] = {}
        for sheet in _SHEET.findall(zipped.read(members["xl/workbook.xml"])):
            target = targets.get(_value(rb"\w+:id", sheet), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in members and b' t="e"' in (xml := zipped.read(members[path])):
                errors_of_sheet = errors.setdefault(_value(b"name", sheet), {})
                for letters, row, text in _CELL.findall(xml):
                    columns = errors_of_sheet.setdefault(int(row) - 1, {})
                    columns[column_number(letters) - 1] = text.decode("ascii", "replace")
        return errors


def _value(attribute: bytes, tag: bytes) -> str:
    given = re.search(rb'\s%s="([^"]*)"' % attribute, tag)
    return html.unescape(given[1].decode("utf-8", "replace")) if given else ""


def column_number(letters: bytes) -> int:
    """Give the number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(column: int) -> str:
    """Give Excel's letters for a column: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
