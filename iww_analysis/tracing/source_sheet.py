"""Hold the raw sheet that a record came from, and give the cells of the rows asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.crosswalk.toml_lines import LineNumbers


@dataclass(frozen=True)
class SourceSheet:
    """One sheet of a delivery as the crosswalk reads it.

    `number`: the place of its entry among those of the crosswalk; `lines`: where the crosswalk says what; `read`: gives
    rows as cells of text, by their numbers in ascending order, each once.
    """

    known: KnownSheet
    number: int
    lines: LineNumbers
    read: Callable[[tuple[int, ...]], pd.DataFrame]

    def at(self, line: int | None) -> str:
        """Name a line of the crosswalk with its file; "" where there is none."""
        return f"{self.known.origin.source}.toml:{line}" if line else ""

    def cells(self, rows: Sequence[int], heading: str) -> pd.Series:
        """The text under a heading in these rows; empty where the sheet lacks it. `rows`: ascending, each once."""
        cells, position = self.read(tuple(rows)), self.known.positions.get(heading)
        if position is None or position not in cells:
            return pd.Series("", index=cells.index, dtype="str")
        return cells[position].astype("str")


FindSheet = Callable[[str, str], SourceSheet | None]  # of a source and a source_id
