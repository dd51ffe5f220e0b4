"""Tell from which rows each mark was counted: the rows, how many, and a keyed hash by which the set can be checked."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from iww_analysis.analysis.answer import Answer, StudyTables
from iww_analysis.analysis.finding import Finding

MOST_ROWS = 200  # of a mark with more rows these are not listed
Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class RowSet:
    """The rows behind one mark. `rows`: place -> row numbers as `5,9-12,80`; None where they are too many to list."""

    hash: str
    n_rows: int
    rows: Mapping[str, str] | None


def row_sets(finding: Finding, tables: StudyTables, addresses: Sequence[str], key: bytes) -> list[RowSet]:
    """Give the rows behind every mark of a finding, in the order of its numbers; `addresses`: of the same marks."""
    tables = tables.only(finding.sources)
    sets: list[RowSet] = []
    for part in finding.parts:
        here = addresses[len(sets) : len(sets) + len(part.numbers)]
        places_of_mark = _places_per_mark(part, tables.rows(part.question, {}))
        for mark, address in enumerate(here):
            places = places_of_mark.get(mark, {})
            n_rows = sum(map(len, places.values()))
            listed = {place: ranges(rows) for place, rows in sorted(places.items())} if n_rows <= MOST_ROWS else None
            sets.append(RowSet(keyed_hash(address, places, key), n_rows, listed))
    return sets


def _places_per_mark(part: Answer, rows: pd.DataFrame) -> dict[int, dict[str, Numbers]]:
    """Per mark (its position in the numbers) and place the row numbers, ascending and each once."""
    if rows.empty:
        return {}
    by = list(part.question.by)
    groups, places = rows.groupby(by, sort=True), rows.groupby(["source", "source_id"], sort=True)
    keys = groups.size().reset_index()[by].astype("str")
    marks = part.numbers[by].astype("str").assign(mark=range(len(part.numbers)))
    mark_of = keys.merge(marks, on=by, how="left", validate="one_to_one")["mark"].fillna(-1).astype("int64")
    names = ["/".join(place) for place in places.size().index]
    numbered = pd.DataFrame({"group": groups.ngroup(), "place": places.ngroup(), "row": rows["source_row"]})
    ordered = numbered.drop_duplicates().sort_values(["group", "place", "row"])
    group, place, row = (ordered[name].to_numpy(dtype="int64") for name in ordered)
    starts = np.flatnonzero(np.r_[True, (np.diff(place) != 0) | (np.diff(group) != 0)])
    places_of_mark: dict[int, dict[str, Numbers]] = {}  # under -1 what is not drawn
    for start, end in zip(starts, [*starts[1:], len(row)], strict=True):
        places_of_mark.setdefault(int(mark_of[group[start]]), {})[names[place[start]]] = row[start:end]
    return places_of_mark


def keyed_hash(address: str, places: Mapping[str, Numbers], key: bytes) -> str:
    """Hash which rows a mark was counted from: of use to who has the key, without it no guess can be checked.

    HMAC-SHA256 of the address and, per place in order of its name, the name and its row numbers as 8 bytes each,
    the least first; a zero byte after the address and after each name.
    """
    digest = hmac.new(key, address.encode() + b"\0", "sha256")
    for place, rows in sorted(places.items()):
        digest.update(place.encode() + b"\0" + rows.astype("<i8").tobytes())
    return digest.hexdigest()


def ranges(rows: Numbers) -> str:
    """Write ascending row numbers short: `5,9-12,80`."""
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def numbers_in(text: str) -> set[int]:
    """Read row numbers that were written short."""
    ends = [piece.partition("-") for piece in text.split(",") if piece]
    return {n for first, _, last in ends for n in range(int(first), int(last or first) + 1)}
