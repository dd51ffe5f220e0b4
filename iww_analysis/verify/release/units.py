"""Know which cases of registers a release is about, and by how many it differs from an earlier one.

Who has two releases can subtract them: where they differ by few cases, what is left tells of these few. A case differs when it
is in one of the two alone, or when what is recorded of it changed. All of this stays inside.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from iww_analysis.analysis.study import Study
from iww_analysis.disclosure.audit.verdict import SMALL
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES

FORMAT, ERASED = "iww-units/1", "erased"
_OF_PLACES = ("source", "source_id", "source_row")  # where a record stands: another delivery may bring the same
Units = Mapping[str, Mapping[str, str]]  # source -> case -> a hash over all that is recorded of it


def units_of(study: Study) -> dict[str, dict[str, str]]:
    """Give the cases of every register of a study, each with a hash over its records in all tables."""
    registers = [source for source, card in study.origins.items() if card.regime == "register"]
    tables = [name for name in TABLES if name in study.tables and "case_id" in study[name].columns]
    return {source: _of_source(source, {name: study[name] for name in tables}) for source in registers}


def _of_source(source: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    records = dict[str, list[str]]()
    for name, table in tables.items():
        of_source = table[(table["source"] == source) & table["case_id"].notna()]
        columns = sorted(column for column in of_source.columns if column not in _OF_PLACES)
        values = zip(*(map(str, of_source[column]) for column in columns), strict=True)
        for case, record in zip(of_source["case_id"].astype("str"), values, strict=True):
            records.setdefault(case, []).append("\0".join((name, *record)))
    known = set(tables["cases"].loc[tables["cases"]["source"] == source, "case_id"].astype("str"))
    return {case: _hash(records[case]) for case in sorted(known)}


def _hash(records: list[str]) -> str:
    return hashlib.sha256("\1".join(sorted(records)).encode()).hexdigest()[:32]


def document(release: str, code: str, units: Units) -> dict[str, Any]:
    """Give the units of a release as they are kept inside. `code`: the hash of the library that made the records."""
    return {
        "format": FORMAT,
        "release": release,
        "code": code,
        "sources": {s: dict(cases) for s, cases in units.items()},
    }


def without_names(kept: Mapping[str, Any], source: str, erased: Collection[str]) -> dict[str, Any]:
    """Give kept units in which nobody who was erased has a name; each still counts as a case that a later release lacks."""
    cases, nameless = kept["sources"].get(source, {}), f"{ERASED}-"
    first = sum(case.startswith(nameless) for case in cases)
    names = {case: f"{nameless}{n}" for n, case in enumerate(sorted({*cases} & {*erased}), start=first + 1)}
    left = {names.get(case, case): "" if case in names else told for case, told in cases.items()}
    return {**kept, "sources": {**kept["sources"], source: left}} if names else dict(kept)


def differing(now: Units, earlier: Units, release: str, place: Place) -> Iterator[Message]:
    """Say of which sources a release differs from an earlier one by too few cases; never by how many."""
    for source in (source for source in now if source in earlier):
        one, other = now[source], earlier[source]
        moved = {*one} ^ {*other}
        changed = [case for case in one.keys() & other.keys() if one[case] != other[case]]
        words = {"source": source, "release": release, "threshold": SMALL}
        if 0 < len(moved) < SMALL:
            yield Message("release_differs_few", place, words)
        elif 0 < len(changed) < SMALL:
            yield Message("release_changed_few", place, words)
