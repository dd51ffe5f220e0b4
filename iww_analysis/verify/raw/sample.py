"""Read a sample of records from the raw files again, with other readers, and hold what stands there against the tables.

Which rows: drawn by the manifest's own key, so that one report has one sample. Held are identifiers (through their
pseudonym), days that are written plainly, and words that a line of the crosswalk or one list turns into a code.
"""

import base64
import fnmatch
import hmac
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from iww_analysis import vocabulary
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column
from iww_analysis.verify.outcome import Check, joined
from iww_analysis.verify.raw import other_readers
from iww_analysis.verify.raw.other_readers import HEAD, Rows

PER_SOURCE = 50
_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})|(\d{4})-(\d{2})-(\d{2})")
_YEARS = (1901, 2099)  # another stands for a day that is not known
Card = Mapping[str, Any]
Record = Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """What the sample of one source rests on: its deliveries' cards, oldest first, its crosswalk, and the key of its
    pseudonyms (None: not here).
    """

    name: str
    cards: Sequence[Card]
    crosswalk: Mapping[str, Any]
    key: bytes | None

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Per list the code of each word: by the crosswalk's own line, else by the list."""
        lines = self.crosswalk.get("codes", {})
        own = {name: {vocabulary.key(w): c for w, c in of.items() if c != "?"} for name, of in lines.items()}
        return {name: {**vocabulary.read(name).lookup, **own.get(name, {})} for name in vocabulary.names()}


def check(home: Home, source: Source, connection: duckdb.DuckDBPyConnection, seed: str) -> list[Check]:
    """Hold a sample of a source's records against its raw files."""
    by_sheet: dict[str, list[int]] = {}
    for source_id, row in drawn(connection, source.name, seed):
        by_sheet.setdefault(source_id, []).append(row)
    return list(joined([_of_sheet(home, source, connection, *each) for each in sorted(by_sheet.items())]))


def drawn(connection: duckdb.DuckDBPyConnection, source: str, seed: str) -> list[tuple[str, int]]:
    """Draw places, delivery and sheet with a row, from all that the tables of a source hold."""
    every = " UNION ".join(f'SELECT source_id, source_row FROM "{name}" WHERE source = $source' for name in TABLES)
    rows = sorted(connection.execute(every, {"source": source}).fetchall())
    return random.Random(f"{seed}|{source}").sample(rows, min(PER_SOURCE, len(rows)))


def _of_sheet(
    home: Home, source: Source, connection: duckdb.DuckDBPyConnection, source_id: str, rows: list[int]
) -> Check:
    received, _, rest = source_id.partition("/")
    file, _, sheet = rest.partition("#")
    content = files.read_bytes(home.raw / source.name / received / file)
    card = next(card for card in source.cards if str(card["received"]) == received)
    if files.sha256(content) != card["files"].get(file):  # the check of hashes names it; it is not opened
        return Check("sample", 0, skipped="altered")
    how = connection.execute(_HOW, [source.name, source_id]).fetchone()
    sheets = other_readers.read(file, content, rows, *(how or ()))
    if sheets is None:
        return Check("sample", 0, skipped="no_other_reader")
    place = Place(f"data/raw/{source.name}/{received}/{file}", sheet or None)
    cells, walk = sheets.get(sheet, {}), _walk(source.crosswalk, file, sheet)
    head, n, findings = _header(cells, walk["columns"]), 0, []
    records = {table: _records(connection, source.name, source_id, rows, table) for table in TABLES}
    for row in rows:
        n += 1
        if not any(text.strip() for text in cells.get(row, ())):
            findings.append(Message("verify_row_absent", Place(place.file, place.sheet, row)))
        for heading, column, same in _held(source, walk, _named(cells.get(row, ()), head), records, row):
            n += 1
            if not same:
                findings.append(
                    Message("verify_cell", Place(place.file, place.sheet, row, heading), {"column": column})
                )
    return Check("sample", n, tuple(findings))


_HOW = "SELECT encoding, delimiter FROM sources WHERE source = ? AND source_id = ?"


def _walk(crosswalk: Mapping[str, Any], file: str, sheet: str) -> Mapping[str, Any]:
    return next(
        walk for walk in crosswalk["sheets"]
        if fnmatch.fnmatchcase(file, walk["file"]) and fnmatch.fnmatchcase(sheet, walk.get("sheet") or "*")
    )  # fmt: skip


def _header(cells: Rows, wanted: Mapping[str, Any]) -> dict[str, int]:
    """Where each heading stands: in the row that holds most of them, and only those that stand there once."""
    known = {vocabulary.key(heading): heading for heading in wanted}
    first = [row for number, row in cells.items() if number <= HEAD]
    best = max(first, key=lambda row: len(known.keys() & set(map(vocabulary.key, row))), default=[])
    texts = list(map(vocabulary.key, best))
    return {known[text]: texts.index(text) for text in texts if text in known and texts.count(text) == 1}


def _named(row: Sequence[str], head: Mapping[str, int]) -> dict[str, str]:
    return {heading: row[position] for heading, position in head.items() if position < len(row)}


# ---- what a cell must have become -----------------------------------------------------------------------------------


def _held(
    source: Source,
    walk: Mapping[str, Any],
    cells: Mapping[str, str],
    records: Mapping[str, Mapping[int, list[Record]]],
    row: int,
) -> Iterator[tuple[str, str, bool]]:
    """Give of every cell that can be followed in one step its heading, its column, and whether a record there holds it."""
    for heading, text in cells.items():
        for target in _targets(walk["columns"][heading]):
            table, _, name = target["to"].partition(".")
            constants = {k: v for k, v in target.items() if k != "to"}
            if "split" in constants or TABLES[table][name].transient:
                continue
            value = _value(source, walk, heading, TABLES[table][name], text)
            there = [own for own in records[table].get(row, ()) if all(own[k] == v for k, v in constants.items())]
            if value is not None and there:
                yield heading, target["to"], value in [own[name] for own in there]


def _targets(entry: object) -> list[dict[str, Any]]:
    entries: list[Any] = entry if isinstance(entry, list) else [entry]
    return [{"to": each} if isinstance(each, str) else dict(each) for each in entries if each != "?"]


def _records(
    connection: duckdb.DuckDBPyConnection, source: str, source_id: str, rows: Sequence[int], table: str
) -> dict[int, list[Record]]:
    """The records of a table that stand on these rows, each as text."""
    text = f'SELECT * FROM "{table}" WHERE source = $source AND source_id = $id AND list_contains($rows, source_row)'
    answer = connection.execute(text, {"source": source, "id": source_id, "rows": list(rows)})
    names = [column[0] for column in answer.description or ()]
    found: dict[int, list[Record]] = {}
    for values in answer.fetchall():
        record = {name: str(value).removesuffix(" 00:00:00") for name, value in zip(names, values, strict=True)}
        found.setdefault(int(record["source_row"]), []).append(record)
    return found


def _value(source: Source, walk: Mapping[str, Any], heading: str, column: Column, text: str) -> str | None:
    """What a cell becomes in one step; None where it takes more than that, or nothing stands there."""
    match column.kind:
        case "key":
            return _pseudonym(source, walk, column.name, text)
        case "code":
            return source.words[column.vocabulary or ""].get(vocabulary.key(text))
        case "date":
            return _day(walk, heading, text)
    return None


def _day(walk: Mapping[str, Any], heading: str, text: str) -> str | None:
    """A day that is written as 26-08-2020 (by a sheet that has its days so) or 2020-08-26."""
    found = _DAY.fullmatch(text.strip())
    if not found or (found[1] and (walk.get("date_order", "dmy") != "dmy" or heading in walk.get("date_orders", {}))):
        return None
    year, month, day = (found[3], found[2], found[1]) if found[1] else (found[4], found[5], found[6])
    return f"{year}-{int(month):02}-{int(day):02}" if _YEARS[0] <= int(year) <= _YEARS[1] else None


def _pseudonym(source: Source, walk: Mapping[str, Any], column: str, text: str) -> str | None:
    """The pseudonym of an identifier: the first 80 bits of HMAC-SHA256 in base32; in a case study its invented label."""
    plain = re.sub(r"\s", "", text).upper()
    width = int(walk.get("ids", {}).get(column, 0))
    plain = plain.zfill(width) if plain.isdigit() else plain
    if (
        not re.fullmatch(r"[0-9A-Z/_-]*[0-9]", plain)
        or source.key is None
        or source.cards[-1]["regime"] == "case_study"
    ):
        return None
    hashed = hmac.digest(source.key, f"p1|{source.name}|{column}|{plain}".encode(), "sha256")[:10]
    return "p1-" + base64.b32encode(hashed).decode().lower()
