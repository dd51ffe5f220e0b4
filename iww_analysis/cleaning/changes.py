"""Count what changed in the cells of a source: each distinct change once, with the rule, and in how many cells."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from iww_analysis.tables.cells.distinct_values import ParsedTexts
from iww_analysis.tables.statement import Column

Changes = Counter[tuple[str | None, ...]]
CHANGE_COLUMNS = ["table", "column", "raw", "new", "rule", "n"]


class Counted(NamedTuple):
    """How many cells of a column held each of the texts that a rule changed or refused, by number."""

    table: str
    column: Column
    parsed: ParsedTexts
    counts: np.ndarray


def changes_in(counted: Iterable[Counted]) -> Changes:
    """Count the distinct changes. The raw text is told only where a rule proves that it is harmless."""
    changes: Changes = Counter()
    for table, column, parsed, counts in counted:
        ruled, every = np.array(parsed.ruled, dtype=np.int64), np.zeros(len(parsed.texts), dtype=np.int64)
        every[: len(counts)] = counts  # texts that came later are none of these cells
        for n in ruled[every[ruled] > 0].tolist():
            rule, raw, new = parsed.rules[n], None, None
            if column.kind in ("code", "date"):
                value = parsed.values[n] or parsed.missing[n]
                new = value.date().isoformat() if isinstance(value, pd.Timestamp) else value
                raw = parsed.texts[n] if rule not in ("unknown_code", "unreadable_date") else None
            changes[table, column.name, raw, new, rule] += int(every[n])
    return changes


def together(counted: Iterable[Counted]) -> list[Counted]:
    """Add up the counts of what columns of several batches mean alike."""
    sums: dict[tuple[str, str, int], Counted] = {}
    for one in counted:
        place = (one.table, one.column.name, id(one.parsed))
        before = sums[place].counts if place in sums else np.zeros(0, dtype=np.int64)
        counts = one.counts.copy()
        counts[: len(before)] += before
        sums[place] = one._replace(counts=counts)
    return list(sums.values())
