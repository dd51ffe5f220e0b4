"""Read a sample of records from the raw files again, with other readers, and hold what stands there against the tables.

Which rows: drawn by the manifest's own key, so that one report has one sample. Held are identifiers (through their
pseudonym), days that are written plainly, and words that a line of the crosswalk or one list turns into a code.
"""

import base64
import hmac
import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from duckdb import DuckDBPyConnection as Connection

from iww_analysis import vocabulary
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column
from iww_analysis.verify.evidence import Document, HashedFiles
from iww_analysis.verify.outcome import Check, Tally
from iww_analysis.verify.raw import other_readers
from iww_analysis.verify.raw.other_readers import HEAD, SheetTexts

PER_SOURCE = 50
_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})|(\d{4})-(\d{2})-(\d{2})")
_YEARS = (1901, 2099)  # another stands for a day that is not known
_HOW = "SELECT encoding, delimiter FROM sources WHERE source = ? AND source_id = ?"  # of a text
_OF_CASE = {  # what a key of a person rests on, in a source whose cases have keys at all
    "case_persons": """LEFT JOIN (SELECT source, case_id, municipality AS case_municipality, date_referral AS case_referral
                       FROM cases WHERE number_key IS NOT NULL) USING (source, case_id)"""
}
StoredRecord = Mapping[str, str]  # a record of a table, each value as text
Records = Mapping[str, Mapping[int, Sequence[StoredRecord]]]  # table -> row of the sheet -> records


@dataclass(frozen=True)
class SampledSource:
    """What a source's sample rests on: cards, oldest first, crosswalk, and the key of its pseudonyms (None: not here)."""

    name: str
    cards: Sequence[Document]
    crosswalk: Document
    key: bytes | None

    @property
    def hides(self) -> bool:
        """Whether identifiers have pseudonyms here that can be made again: in a case study they are invented labels."""
        return self.key is not None and self.cards[-1]["regime"] != "case_study"

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Per list the code of each word: by the crosswalk's own line, else by the list."""
        lines = self.crosswalk.get("codes", {})
        by_line = {name: {vocabulary.key(w): c for w, c in of.items() if c != "?"} for name, of in lines.items()}
        return {name: {**vocabulary.read(name).lookup, **by_line.get(name, {})} for name in vocabulary.names()}


def check(home: HashedFiles, source: SampledSource, connection: Connection, seed: str) -> Sequence[Check]:
    """Hold a sample of a source's records against its raw files, each opened once."""
    tally, by_file = Tally("sample"), defaultdict[tuple[str, str], dict[str, list[int]]](lambda: defaultdict(list))
    for source_id, row in drawn(connection, source.name, seed):
        received, _, place = source_id.partition("/")
        file, _, sheet = place.partition("#")
        by_file[received, file][sheet].append(row)
    for (received, file), rows in sorted(by_file.items()):
        path = f"data/raw/{source.name}/{received}/{file}"
        card = next(card for card in source.cards if str(card["received"]) == received)
        if home.sha256(path) != card["files"].get(file):  # the check of hashes names it; it is not opened
            tally.add(Check("sample", 0, skipped="altered"))
            continue
        written = connection.execute(_HOW, [source.name, f"{received}/{file}"]).fetchone() or ()
        sheets = other_readers.read(file, home[path], [row for of_sheet in rows.values() for row in of_sheet], *written)
        if not rows.keys() <= sheets.keys():
            tally.add(Check("sample", 0, skipped="no_other_reader"))
        for sheet, numbers in ((sheet, of_sheet) for sheet, of_sheet in rows.items() if sheet in sheets):
            lines = entry_of(source, file, sheet)
            source_id = f"{received}/{file}" + (f"#{sheet}" if sheet else "")
            records = _records(connection, source.name, source_id, numbers, lines)
            _sheet(tally, source, lines, sheets[sheet], numbers, records, Place(path, sheet or None))
    return tally.checks


def drawn(connection: Connection, source: str, seed: str) -> list[tuple[str, int]]:
    """Draw places, delivery and sheet with a row, from all that the tables of a source hold."""
    every = " UNION ".join(f'SELECT source_id, source_row FROM "{name}" WHERE source = $source' for name in TABLES)
    rows = sorted(connection.execute(every, {"source": source}).fetchall())
    return random.Random(f"{seed}|{source}").sample(rows, min(PER_SOURCE, len(rows)))


def entry_of(source: SampledSource, file: str, sheet: str) -> Document:
    """The first entry of the crosswalk that speaks of a sheet; one can name several."""
    for entry in source.crosswalk["sheets"]:
        named = entry.get("sheet") or "*"
        names = named if isinstance(named, list) else [named]
        if fnmatchcase(file, entry["file"]) and any(fnmatchcase(sheet, name) for name in names):
            return dict(entry)
    return {"columns": {}}


def _sheet(
    tally: Tally, source: SampledSource, lines: Document, cells: SheetTexts, rows: Sequence[int], records: Records, place: Place
) -> None:  # fmt: skip
    """Hold the sampled rows of one sheet against the records that stand on them; `lines`: the crosswalk's, of this sheet.

    Of every cell that can be followed in one step, a record on its row must hold what the cell becomes.
    """
    head = header(cells, lines["columns"])
    for row in rows:
        texts = cells.get(row, [])
        tally.hold("sample", any(map(str.strip, texts)), "verify_row_absent", replace(place, row=row))
        for heading, position in head.items():
            for target in targets(lines["columns"][heading]) if position < len(texts) else ():
                table, _, name = target["to"].partition(".")
                constants = {k: v for k, v in target.items() if k != "to"}
                if "split" in constants:
                    continue
                kept = {k: v for k, v in constants.items() if not TABLES[table][k].transient}
                here = [each for each in records[table].get(row, ()) if all(each[k] == v for k, v in kept.items())]
                due = {name: None if TABLES[table][name].transient else
                       _value(source, lines, heading, TABLES[table][name], texts[position])}  # fmt: skip
                due |= _overlap_key(source, lines, heading, target["to"], texts[position], here)
                for column, value in due.items():
                    if value is not None and here:
                        same = value in [_first(record[column]) for record in here]
                        where = replace(place, row=row, column=heading)
                        tally.hold("sample", same, "verify_cell", where, column=f"{table}.{column}")


def _overlap_key(
    source: SampledSource, lines: Document, heading: str, field: str, text: str, here: Sequence[StoredRecord]
) -> Mapping[str, str | None]:
    """The key by which a case is found in another source, where a cell gives one: of its number, or of a year of birth."""
    first = here[0] if here else {}
    if field == "cases.case_id" and first.get("number_key", "None") != "None":
        return {"number_key": _number_key(source, lines, text, first["municipality"])}
    if field == "case_persons.birth_date" and first.get("case_referral", "None") != "None":
        return {"birth_key": _birth_key(source, _day(lines, heading, text), first)}
    return {}


def _first(value: str) -> str:
    """An identifier without the number of its episode."""
    return re.sub(r"^(p1-[a-z2-7]{16})/\d+$", r"\1", value)


def header(cells: SheetTexts, wanted: Mapping[str, Any]) -> dict[str, int]:
    """Where each heading stands: in the row that holds most of them, and only those that stand there once."""
    known = {vocabulary.key(heading): heading for heading in wanted}
    keyed = [list(map(vocabulary.key, row)) for number, row in cells.items() if number <= HEAD]
    texts = max(keyed, key=lambda row: len(known.keys() & set(row)), default=[])
    return {known[text]: texts.index(text) for text in texts if text in known and texts.count(text) == 1}


def targets(entry: object) -> list[dict[str, Any]]:
    """What a line of a crosswalk fills: each with its constants."""
    entries: list[Any] = entry if isinstance(entry, list) else [entry]
    return [{"to": each} if isinstance(each, str) else dict(each) for each in entries if each != "?"]


def _records(connection: Connection, source: str, source_id: str, rows: Sequence[int], lines: Document) -> Records:
    """The records that stand on these rows, of each table that the sheet goes to, each as text."""
    given = {"source": source, "id": source_id, "rows": list(rows)}
    of_tables: dict[str, dict[int, list[StoredRecord]]] = {}
    for table in {target["to"].partition(".")[0] for entry in lines["columns"].values() for target in targets(entry)}:
        where = "source = $source AND source_id = $id AND list_contains($rows, source_row)"
        answer = connection.execute(f'SELECT * FROM "{table}" {_OF_CASE.get(table, "")} WHERE {where}', given)
        names, by_row = [column[0] for column in answer.description or ()], of_tables.setdefault(table, {})
        for values in answer.fetchall():
            record = {name: str(value).removesuffix(" 00:00:00") for name, value in zip(names, values, strict=True)}
            by_row.setdefault(int(record["source_row"]), []).append(record)
    return of_tables


def _value(source: SampledSource, lines: Document, heading: str, column: Column, text: str) -> str | None:
    """What a cell becomes in one step; None where it takes more than that, or nothing stands there."""
    match column.kind:
        case "key":
            return _pseudonym(source, lines, column.name, text)
        case "code":
            return source.words[column.vocabulary].get(vocabulary.key(text))
        case "date":
            return _day(lines, heading, text)
    return None


def _day(lines: Document, heading: str, text: str) -> str | None:
    """A day that is written as 26-08-2020 (by a sheet that has its days so) or 2020-08-26."""
    parts = _DAY.fullmatch(text.strip())
    in_dutch_order = lines.get("date_order", "dmy") == "dmy" and heading not in lines.get("date_orders", {})
    if not parts or (parts[1] and not in_dutch_order):
        return None
    year, month, day = (parts[3], parts[2], parts[1]) if parts[1] else (parts[4], parts[5], parts[6])
    return f"{year}-{int(month):02}-{int(day):02}" if _YEARS[0] <= int(year) <= _YEARS[1] else None


def _pseudonym(source: SampledSource, lines: Document, column: str, text: str) -> str | None:
    """The pseudonym of an identifier; in a case study, and of what is not known here, none."""
    plain = _plain(source, lines, column, text)
    return _hashed(source, f"{source.name}|{column}|{plain}") if plain else None


def _number_key(source: SampledSource, lines: Document, text: str, municipality: str) -> str | None:
    """The key by which a case is found in another source: of its municipality and number, without signs and leading zeros."""
    plain = _plain(source, lines, "case_id", text)
    bare = re.sub(r"[/_-]", "", re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain or ""))
    return _hashed(source, f"overlap|{municipality}|{bare}") if bare else None


def _birth_key(source: SampledSource, born: str | None, record: StoredRecord) -> str | None:
    """The key by which a case is found in another source: of its municipality, day of referral and a year of birth before it."""
    referral = record["case_referral"]
    if not born or born > referral or not source.hides:
        return None
    return _hashed(source, f"overlap|{record['case_municipality']}|{referral}|{born[:4]}")


def _hashed(source: SampledSource, text: str) -> str:
    """The first 80 bits of HMAC-SHA256 in base32."""
    hashed = hmac.digest(source.key or b"", f"p1|{text}".encode(), "sha256")[:10]
    return "p1-" + base64.b32encode(hashed).decode().lower()


def _plain(source: SampledSource, lines: Document, column: str, text: str) -> str | None:
    """An identifier as a build hides it; None where it is not known here what comes of it, or it is an invented label."""
    plain = re.sub(r"\s", "", text).upper()
    width = int(lines.get("ids", {}).get(column, 0))
    plain = plain.zfill(width) if plain.isdigit() else plain
    folded = source.crosswalk.get("keys", {}).get(column, [])
    if {*folded} - {"zeros", "separators", "case"}:  # of more than that it is not known here what comes of it
        return None
    plain = re.sub(r"(^|\D)0+(?=\d)", r"\1", plain) if "zeros" in folded else plain
    plain = re.sub(r"[/_-]", "", plain) if "separators" in folded else plain
    is_identifier = re.fullmatch(r"[0-9A-Z/_-]*[0-9]", plain)
    return plain if is_identifier and source.hides else None
