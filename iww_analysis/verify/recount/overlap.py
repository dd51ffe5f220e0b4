"""Count again what a receipt says of cases in two sources: how many are found, or are left out of one of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from duckdb import DuckDBPyConnection as Connection

from iww_analysis.analysis.finding import Caveat
from iww_analysis.analysis.overlap import BIRTH, NUMBER, Settled
from iww_analysis.analysis.sql import left_out_as_sql
from iww_analysis.messages.errors import Place
from iww_analysis.verify.evidence import Document
from iww_analysis.verify.outcome import Tally
from iww_analysis.verify.recount import rule

_COUNTS = {"overlap_open": "n_found", "overlap_settled": "n_left"}
Pairs = Mapping[tuple[str, str, str], Mapping[str, Any]]  # what is said, source and other source -> its words


def recounted(caveats: Iterable[Caveat], connection: Connection) -> Pairs:
    """What must be said of pairs of sources, each number counted in SQL. Of `caveats` only what they are about is used."""
    pairs = _of_pairs(caveats)
    return {pair: {**words, _COUNTS[pair[0]]: _count(connection, *pair, words)} for pair, words in pairs.items()}


def compare(tally: Tally, due: Pairs, receipt: Document, file: str, figure: str, *, internal: bool) -> None:
    """Hold what one receipt says of pairs of sources against what is due; on a public one a number is protected."""
    said = _of_pairs((each["code"], each["words"]) for each in receipt["caveats"])
    shown = receipt["access"] == "restricted" or internal
    for pair in dict.fromkeys([*due, *said]):
        name = _COUNTS[pair[0]]
        n, found = (words.get(pair, {}).get(name, "–") for words in (due, said))
        expected = n if shown or isinstance(n, str) else rule.count(n, due[pair]["regime"])
        words = {"part": pair[0], "mark": f"{pair[1]} / {pair[2]}", "number": name}
        numbers = {"found": "x" if found is None else found, "expected": "x" if expected is None else expected}
        tally.hold("account", found == expected, "verify_number", Place(file), figure=figure, **words, **numbers)


def _of_pairs(caveats: Iterable[Caveat]) -> Pairs:
    return {(code, str(w["source"]), str(w["other"])): w for code, w in caveats if code in _COUNTS}


def _count(connection: Connection, code: str, source: str, other: str, words: Mapping[str, Any]) -> int:
    by = (str(words["by"]),) if code == "overlap_settled" else (NUMBER, BIRTH)
    found = left_out_as_sql(Settled(source, other, each) for each in by)
    return int(connection.sql(f"SELECT count(*) FROM ({found})").fetchall()[0][0])
