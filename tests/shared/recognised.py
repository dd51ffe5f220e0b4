"""Sheets drawn in a test, as they are recognised."""

from itertools import zip_longest

import pandas as pd

from iww_analysis.crosswalk import crosswalk
from iww_analysis.crosswalk.propose.recognise import RecognisedSheet, recognise
from shared.frames import drawn
from shared.homes import Rows


def sheet(text: str, others: tuple[crosswalk.Crosswalk, ...] = ()) -> RecognisedSheet:
    """Recognise a drawn sheet, its headings as the first row."""
    frame = drawn(text)
    rows = [list(frame.columns), *frame.to_numpy().tolist()]
    return recognise("lijst.csv", "", as_cells(rows), others)


def as_cells(rows: Rows) -> pd.DataFrame:
    """The cells of a sheet as they are read: text, by the number of the row."""
    wide = list(zip_longest(*zip_longest(*rows, fillvalue="")))
    return pd.DataFrame(wide, index=range(1, len(wide) + 1), dtype="str")


def best(recognised: RecognisedSheet, heading: str) -> str:
    """The fields that a heading surely fills, "-" for not read, "?" for an open question."""
    proposal = next(p for p in recognised.proposals if p.heading == heading)
    return proposal.sure.label if proposal.sure else "?"
