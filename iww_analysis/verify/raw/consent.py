"""Hold the tables against the forms once more: read from the raw files who did not agree, by other readers and plain Python.

Taken is only what is certain: a cell for consent that is filled and no yes, as the last word on its voice. Nothing may stand
in a table on its row, of its document, or, where no document of the voice has a yes, of that voice.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection as Connection

from iww_analysis import vocabulary
from iww_analysis.messages.errors import Place
from iww_analysis.tables import TABLES
from iww_analysis.verify.evidence import HashedFiles
from iww_analysis.verify.outcome import Check, Tally
from iww_analysis.verify.raw import other_readers
from iww_analysis.verify.raw.sample import SampledSource, entry_of, header, targets

_EVERY = range(1, 2_000_000)  # rows of a text
_SPEAKERS = ("perspective", "according_to", "voice", "raised_by")
_HOW = "SELECT source_id, encoding, delimiter FROM sources WHERE source = ? AND source_id <> ''"


class Said(NamedTuple):
    """One filled cell for consent: of which case, speaker and document, whether it is a yes, and where it stands."""

    case: str
    speaker: str
    document: str
    is_yes: bool
    delivery: str
    source_id: str
    row: int


def check(home: HashedFiles, source: SampledSource, connection: Connection) -> Sequence[Check]:
    """Look in every table with a speaker for who did not agree."""
    tally = Tally("consent")
    last: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for said in _all(home, source, connection):
        last[said.case, said.speaker, said.document].append(said)
    verdicts = {of: _is_yes(every) for of, every in last.items()}
    for (case, speaker, document), every in last.items():
        if verdicts[case, speaker, document]:
            continue
        whole = not any(yes for (c, s, _), yes in verdicts.items() if (c, s) == (case, speaker))
        for name in (name for name, table in TABLES.items() if table.speaker):
            rows = [row for said in every for row in _on_row(connection, source.name, name, said)]
            rows += _of_voice(connection, source.name, name, (case, speaker, document), whole=whole)
            for source_id, row in dict.fromkeys(rows) or [("", 0)]:
                tally.hold(
                    "consent", not source_id, "verify_consent", Place(source_id or None, row=row or None), table=name
                )
    return tally.checks


def _is_yes(every: Sequence[Said]) -> bool:
    day = max(said.delivery for said in every)
    return all(said.is_yes for said in every if said.delivery == day)


def _all(home: HashedFiles, source: SampledSource, connection: Connection) -> Iterator[Said]:
    """Every filled cell for consent in the sheets that were read."""
    for source_id, encoding, delimiter in connection.execute(_HOW, [source.name]).fetchall():
        received, _, place = str(source_id).partition("/")
        file, _, sheet = place.partition("#")
        lines = entry_of(source, file, sheet)
        fields = {heading: {t["to"].partition(".")[2] for t in targets(to)} for heading, to in lines["columns"].items()}
        if not any("consent" in filled for filled in fields.values()):
            continue
        how = (encoding or "utf-8", delimiter or ",")
        cells = (other_readers.read(file, home[f"data/raw/{source.name}/{received}/{file}"], _EVERY, *how) or {}).get(
            sheet, {}
        )
        head = header(cells, lines["columns"])
        for row, texts in cells.items():
            text = {heading: texts[at].strip() for heading, at in head.items() if at < len(texts)}
            held = {name: text[heading] for heading, filled in fields.items() if text.get(heading) for name in filled}
            consent = vocabulary.key(held.get("consent", ""))
            if consent and consent != vocabulary.key(next(h for h, filled in fields.items() if "consent" in filled)):
                speaker = next((held[name] for name in _SPEAKERS if name in held), "")
                yield Said(
                    vocabulary.key(held.get("case_id", "")), source.words["perspective"].get(vocabulary.key(speaker), ""),
                    vocabulary.key(held.get("document", "")), source.words["yes_no"].get(consent) == "yes",
                    received, str(source_id), row,
                )  # fmt: skip


def _on_row(connection: Connection, source: str, table: str, said: Said) -> list[tuple[str, int]]:
    text = f'SELECT DISTINCT source_id, source_row FROM "{table}" WHERE source = ? AND source_id = ? AND source_row = ?'
    rows: list[tuple[str, int]] = connection.execute(text, [source, said.source_id, said.row]).fetchall()
    return rows


def _of_voice(
    connection: Connection, source: str, table: str, of: tuple[str, str, str], *, whole: bool
) -> list[tuple[str, int]]:
    """The rows of a table that are of a document, or of a voice of which no document has a yes."""
    case, speaker, document = of
    names = TABLES[table].stored
    if not case or not speaker or "case_id" not in names:
        return []
    column = TABLES[table].speaker
    shown = '"document"' if "document" in names else "NULL"
    text = f'SELECT source_id, source_row, case_id, {shown} FROM "{table}" WHERE source = ? AND "{column}" = ?'
    rows: list[tuple[Any, ...]] = connection.execute(text, [source, speaker]).fetchall()
    return [
        (source_id, row) for source_id, row, case_id, named in rows
        if vocabulary.key(str(case_id or "")) == case and (whole or (named and document == vocabulary.key(str(named))))
    ]  # fmt: skip
