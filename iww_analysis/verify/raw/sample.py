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
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column
from iww_analysis.verify.evidence import Document, HashedFiles
from iww_analysis.verify.outcome import Check, joined
from iww_analysis.verify.raw import other_readers
from iww_analysis.verify.raw.other_readers import HEAD, SheetTexts

PER_SOURCE = 50
_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})|(\d{4})-(\d{2})-(\d{2})")
_YEARS = (1901, 2099)  # another stands for a day that is not known
_HOW = "SELECT encoding, delimiter FROM sources WHERE source = ? AND source_id = ?"  # of a text
RowNumbers = Mapping[str, Sequence[int]]  # sheet -> rows
StoredRecord = Mapping[str, str]  # a record of a table, each value as text


@dataclass(frozen=True)
class SampledSource:
    """What the sample of one source rests on: its deliveries' cards, oldest first, its crosswalk, and the key of its
    pseudonyms (None: not here).
    """

    name: str
    cards: Sequence[Document]
    crosswalk: Document
    key: bytes | None

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Per list the code of each word: by the crosswalk's own line, else by the list."""
        lines = self.crosswalk.get("codes", {})
        by_line = {name: {vocabulary.key(w): c for w, c in of.items() if c != "?"} for name, of in lines.items()}
        return {name: {**vocabulary.read(name).lookup, **by_line.get(name, {})} for name in vocabulary.names()}


def check(home: HashedFiles, source: SampledSource, connection: duckdb.DuckDBPyConnection, seed: str) -> list[Check]:
    """Hold a sample of a source's records against its raw files, each opened once."""
    by_file: dict[tuple[str, str], dict[str, list[int]]] = {}
    for source_id, row in drawn(connection, source.name, seed):
        received, _, place = source_id.partition("/")
        file, _, sheet = place.partition("#")
        by_file.setdefault((received, file), {}).setdefault(sheet, []).append(row)
    checks = (_of_file(home, source, connection, *place, by_file[place]) for place in sorted(by_file))
    return list(joined([check for of_file in checks for check in of_file]))


def drawn(connection: duckdb.DuckDBPyConnection, source: str, seed: str) -> list[tuple[str, int]]:
    """Draw places, delivery and sheet with a row, from all that the tables of a source hold."""
    every = " UNION ".join(f'SELECT source_id, source_row FROM "{name}" WHERE source = $source' for name in TABLES)
    rows = sorted(connection.execute(every, {"source": source}).fetchall())
    return random.Random(f"{seed}|{source}").sample(rows, min(PER_SOURCE, len(rows)))


def _of_file(
    home: HashedFiles, source: SampledSource, connection: duckdb.DuckDBPyConnection, received: str, file: str, rows: RowNumbers
) -> Iterator[Check]:  # fmt: skip
    path = f"data/raw/{source.name}/{received}/{file}"
    card = next(card for card in source.cards if str(card["received"]) == received)
    if home.sha256(path) != card["files"].get(file):  # the check of hashes names it; it is not opened
        yield Check("sample", 0, skipped="altered")
        return
    written = connection.execute(_HOW, [source.name, f"{received}/{file}"]).fetchone() or ()
    sheets = other_readers.read(file, home[path], [row for of_sheet in rows.values() for row in of_sheet], *written)
    if sheets is None:
        yield Check("sample", 0, skipped="no_other_reader")
        return
    for sheet, numbers in rows.items():
        source_id = f"{received}/{file}" + (f"#{sheet}" if sheet else "")
        of_sheet = _of_sheet(source.crosswalk, file, sheet)
        records = {
            table: _records(connection, source.name, source_id, numbers, table)
            for table in {
                target["to"].partition(".")[0] for entry in of_sheet["columns"].values() for target in _targets(entry)
            }
        }
        yield _held(source, of_sheet, sheets.get(sheet, {}), numbers, records, Place(path, sheet or None))


def _of_sheet(crosswalk: Document, file: str, sheet: str) -> Document:
    return next(
        lines for lines in crosswalk["sheets"]
        if fnmatch.fnmatchcase(file, lines["file"]) and fnmatch.fnmatchcase(sheet, lines.get("sheet") or "*")
    )  # fmt: skip


def _held(
    source: SampledSource, of_sheet: Document, cells: SheetTexts, rows: Sequence[int],
    records: Mapping[str, Mapping[int, list[StoredRecord]]], place: Place,
) -> Check:  # fmt: skip
    """Hold the sampled rows of one sheet against the records that stand on them."""
    head, n, findings = _header(cells, of_sheet["columns"]), 0, []
    for row in rows:
        texts = cells.get(row, [])
        n += 1
        if not any(text.strip() for text in texts):
            findings.append(Message("verify_row_absent", Place(place.file, place.sheet, row)))
        named = {heading: texts[position] for heading, position in head.items() if position < len(texts)}
        for heading, column, same in _compared(source, of_sheet, named, records, row):
            n += 1
            if not same:
                where = Place(place.file, place.sheet, row, heading)
                findings.append(Message("verify_cell", where, {"column": column}))
    return Check("sample", n, tuple(findings))


def _header(cells: SheetTexts, wanted: Mapping[str, Any]) -> dict[str, int]:
    """Where each heading stands: in the row that holds most of them, and only those that stand there once."""
    known = {vocabulary.key(heading): heading for heading in wanted}
    keyed = [list(map(vocabulary.key, row)) for number, row in cells.items() if number <= HEAD]
    texts = max(keyed, key=lambda row: len(known.keys() & set(row)), default=[])
    return {known[text]: texts.index(text) for text in texts if text in known and texts.count(text) == 1}


# ---- what a cell must have become -----------------------------------------------------------------------------------


def _compared(
    source: SampledSource, of_sheet: Document, cells: Mapping[str, str],
    records: Mapping[str, Mapping[int, list[StoredRecord]]], row: int,
) -> Iterator[tuple[str, str, bool]]:  # fmt: skip
    """Give of every cell that can be followed in one step its heading, its column, and whether a record there holds it."""
    for heading, text in cells.items():
        for target in _targets(of_sheet["columns"][heading]):
            table, _, name = target["to"].partition(".")
            constants = {k: v for k, v in target.items() if k != "to"}
            if "split" in constants or TABLES[table][name].transient:
                continue
            value = _value(source, of_sheet, heading, TABLES[table][name], text)
            here = [
                record for record in records[table].get(row, ()) if all(record[k] == v for k, v in constants.items())
            ]
            if value is not None and here:
                yield heading, target["to"], value in [record[name] for record in here]


def _targets(entry: object) -> list[dict[str, Any]]:
    entries: list[Any] = entry if isinstance(entry, list) else [entry]
    return [{"to": each} if isinstance(each, str) else dict(each) for each in entries if each != "?"]


def _records(
    connection: duckdb.DuckDBPyConnection, source: str, source_id: str, rows: Sequence[int], table: str
) -> dict[int, list[StoredRecord]]:
    """The records of a table that stand on these rows, each as text."""
    text = f'SELECT * FROM "{table}" WHERE source = $source AND source_id = $id AND list_contains($rows, source_row)'
    answer = connection.execute(text, {"source": source, "id": source_id, "rows": list(rows)})
    names = [column[0] for column in answer.description or ()]
    by_row: dict[int, list[StoredRecord]] = {}
    for values in answer.fetchall():
        record = {name: str(value).removesuffix(" 00:00:00") for name, value in zip(names, values, strict=True)}
        by_row.setdefault(int(record["source_row"]), []).append(record)
    return by_row


def _value(source: SampledSource, of_sheet: Document, heading: str, column: Column, text: str) -> str | None:
    """What a cell becomes in one step; None where it takes more than that, or nothing stands there."""
    match column.kind:
        case "key":
            return _pseudonym(source, of_sheet, column.name, text)
        case "code":
            return source.words[column.vocabulary or ""].get(vocabulary.key(text))
        case "date":
            return _day(of_sheet, heading, text)
    return None


def _day(of_sheet: Document, heading: str, text: str) -> str | None:
    """A day that is written as 26-08-2020 (by a sheet that has its days so) or 2020-08-26."""
    parts = _DAY.fullmatch(text.strip())
    in_dutch_order = of_sheet.get("date_order", "dmy") == "dmy" and heading not in of_sheet.get("date_orders", {})
    if not parts or (parts[1] and not in_dutch_order):
        return None
    year, month, day = (parts[3], parts[2], parts[1]) if parts[1] else (parts[4], parts[5], parts[6])
    return f"{year}-{int(month):02}-{int(day):02}" if _YEARS[0] <= int(year) <= _YEARS[1] else None


def _pseudonym(source: SampledSource, of_sheet: Document, column: str, text: str) -> str | None:
    """The pseudonym of an identifier: the first 80 bits of HMAC-SHA256 in base32; in a case study its invented label."""
    plain = re.sub(r"\s", "", text).upper()
    width = int(of_sheet.get("ids", {}).get(column, 0))
    plain = plain.zfill(width) if plain.isdigit() else plain
    is_identifier = re.fullmatch(r"[0-9A-Z/_-]*[0-9]", plain)
    if not is_identifier or source.key is None or source.cards[-1]["regime"] == "case_study":
        return None
    hashed = hmac.digest(source.key, f"p1|{source.name}|{column}|{plain}".encode(), "sha256")[:10]
    return "p1-" + base64.b32encode(hashed).decode().lower()
