"""Name the cells of what the pages on the quality of data count of one source: see docs/formats/vector.md."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from iww_analysis.analysis.questions import quality as asked
from iww_analysis.analysis.questions.coverage import ELIGIBLE
from iww_analysis.disclosure import public_names
from iww_analysis.disclosure.vector.cells import Name
from iww_analysis.disclosure.vector.links import ASKED_ABOUT, COUNTED, LEFT_OUT, TOTAL

ALL = "all"  # years
NOT_DUE = ("not_applicable", asked.NO_RECORD)  # here a value is not expected
_PROBLEM = ["file", "sheet", "heading", "rule", "severity"]
Line = Mapping[str, Any]


def cell(part: str, *keys: str) -> Name:
    """What counts rows, records or cells of a sheet: a part of the receipt of quality, and its keys."""
    return ("quality", part, *keys)


def place_of(line: Line) -> tuple[str, str, str]:
    """A sheet, as the ledger calls it."""
    return line["delivery"], line["file"], line["sheet"]


def cases_in(year: str) -> Name:
    """The cases of a year of referral, or all."""
    return _in_year("quality.cases", year, ASKED_ABOUT)


def asked_of(place: str, year: str) -> Name:
    """The cases of which a field is asked."""
    return _in_year("quality.closed" if place in ELIGIBLE else "quality.cases", year, ASKED_ABOUT)


def due_of(place: str, year: str) -> Name:
    """Of these, the cases where a value may be expected."""
    return _in_year(f"quality.{place} due", year, COUNTED)


def value_of(place: str, year: str) -> Name:
    """Of these, the cases that have a value."""
    return _in_year(f"quality.{place}", year, COUNTED)


def absence_of(place: str, why: str) -> Name:
    """Of the cases of which a field is asked, those that have no value, by why not."""
    return (f"quality.{place}", LEFT_OUT, why)


def kind_of(table: str, kind: str) -> Name:
    """The records of one kind."""
    return (f"quality.{table}", TOTAL, kind)


def unused_of(sheet: str, heading: str, fields: Sequence[str], why: str) -> Name:
    """The cells that are filled under a heading; `why`: it is not read."""
    return cell("unused", sheet, public_names.heading(heading), ", ".join(fields), why)


def problems_of(set_aside: pd.DataFrame) -> Mapping[Name, int]:
    """The cells or rows in which a rule found a problem, by file, sheet, heading, rule and severity."""
    n_of = Counter[Name]()
    for file, sheet, heading, *rule, n in set_aside.groupby(_PROBLEM).size().reset_index().itertuples(index=False):
        n_of[cell("problems", str(file), str(sheet), public_names.heading(str(heading)), *map(str, rule))] += int(n)
    return n_of


def _in_year(name: str, year: str, of_all: str) -> Name:
    return (name, of_all) if year == ALL else (name, TOTAL, year)
