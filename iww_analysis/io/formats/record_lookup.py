"""Read a few records of a long text file by their numbers, without reading it whole as cells."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from iww_analysis.io.disk import files
from iww_analysis.io.formats import encoding
from iww_analysis.io.formats.text import cells_by_arrow
from iww_analysis.tables.raw_sheet import RawSheet, cells_of

LONG = 1 << 24  # bytes from which a text is not read whole for the sake of a few records
GAP = 1 << 16  # bytes between two records that are sooner read than skipped
_WIDE = ("utf-16", "utf-32")


@dataclass(frozen=True)
class Records:
    """Where the records of a text file begin, in bytes; the last number is where the file ends."""

    path: Path
    sheet: RawSheet
    starts: np.ndarray[Any, Any]

    def cells(self, numbers: Sequence[int]) -> pd.DataFrame:
        """Give records as cells of text, by their 1-based numbers in ascending order."""
        text = b"".join(self._bytes(np.asarray(numbers, dtype=np.int64) - 1))
        decoded = text.decode(self.sheet.encoding, encoding.MENDED if "utf-8" in self.sheet.encoding else "strict")
        cells = _quickly(decoded, self.sheet.delimiter)
        if cells is None or len(cells) != len(numbers):
            cells = cells_of(list(csv.reader(io.StringIO(decoded, newline=""), delimiter=self.sheet.delimiter)))
        return cells.set_axis(list(numbers), axis=0)

    def _bytes(self, numbers: np.ndarray[Any, Any]) -> Iterator[bytes]:
        """The records themselves; those near each other are read in one go."""
        begins, ends = self.starts[numbers], self.starts[numbers + 1]
        apart = np.flatnonzero(begins[1:] - ends[:-1] > GAP) + 1
        with files.opened(self.path) as stream:
            for begin, end in zip(np.split(begins, apart), np.split(ends, apart), strict=True):
                if len(begin):
                    stream.seek(int(begin[0]))
                    held = stream.read(int(end[-1] - begin[0]))
                    first = begin[0]
                    yield from (
                        held[b:e] for b, e in zip((begin - first).tolist(), (end - first).tolist(), strict=True)
                    )


def is_long(path: Path) -> bool:
    """Whether a file is so long that it is not read whole for the sake of a few records."""
    return path.stat().st_size > LONG


def records(path: Path, sheet: RawSheet, n_records: int) -> Records | None:
    """Find where records begin, by the line ends that stand outside quotation marks.

    None where that does not give as many records as the file is known to hold: it must then be read whole.
    """
    if sheet.encoding.startswith(_WIDE) or not sheet.delimiter:
        return None
    begins, offset, odd, last = [np.zeros(1, dtype=np.int64)], 0, 0, b""
    with files.opened(path) as stream:
        for chunk in iter(lambda: stream.read(LONG), b""):
            signs = np.frombuffer(chunk, np.uint8)
            ends = np.flatnonzero(signs == ord("\n"))
            quotes = np.flatnonzero(signs == ord('"'))
            outside = (np.searchsorted(quotes, ends) + odd) % 2 == 0
            begins.append(ends[outside] + 1 + offset)
            offset, odd, last = offset + len(chunk), (odd + len(quotes)) % 2, chunk[-1:]
    if last != b"\n":
        begins.append(np.array([offset]))
    starts = np.concatenate(begins)
    return Records(path, sheet, starts) if len(starts) - 1 == n_records else None


def _quickly(text: str, delimiter: str) -> pd.DataFrame | None:
    """Read by Arrow what is plainly quoted and of one width; else give None."""
    if (
        "\n\n" in text
        or "\n\r\n" in text
        or re.search(rf'[^{re.escape(delimiter)}\r\n"]"[^{re.escape(delimiter)}\r\n"]', text)
    ):
        return None
    width = len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []))
    return cells_by_arrow(text.encode(), delimiter, width)
