"""Tables drawn in a test, and the study, the context and the pseudonyms that go with them."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from iww_analysis.analysis.answer import HeldTables
from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.study import ACCOUNTS, Study
from iww_analysis.cleaning.clean import Context
from iww_analysis.crosswalk.origin import parse
from iww_analysis.privacy import pseudonyms
from iww_analysis.tables import TABLES
from iww_analysis.tables.contract import empty
from iww_analysis.tables.statement import Table
from shared.shown import with_shown


def drawn(table: str) -> pd.DataFrame:
    """Read a table drawn with pipes, first line the headings; every cell is text, an empty one "" (pieces stripped)."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines() if line.strip()]
    return pd.DataFrame(lines[1:], columns=lines[0], dtype="str")


def placed(frame: pd.DataFrame, source_id: str = "2021-01-01/list.csv") -> pd.DataFrame:
    """Give records their place in a raw file, row 2 onwards."""
    return frame.assign(source_id=source_id, source_row=range(2, len(frame) + 2))


def typed(table: Table, frame: pd.DataFrame, source: str = "here") -> pd.DataFrame:
    """Make a processed table of drawn text: every column of the statement, in its type; what is not drawn is missing."""
    out = pd.DataFrame({"source": source}, index=frame.index)
    for column in table:
        if column.transient:
            continue
        texts = frame[column.name] if column.name in frame else pd.Series("", index=frame.index, dtype="str")
        known = texts.where(texts != "")
        if column.kind == "date":
            out[column.name] = pd.to_datetime(known).astype("datetime64[us]")
        elif column.kind == "integer":
            out[column.name] = pd.to_numeric(known).astype("Int64")
        else:
            out[column.name] = known.astype("str")
    if "source" in frame:
        out["source"] = frame["source"]
    for name in table.stored:
        if name not in out:
            out[name] = pd.Series(None, index=frame.index, dtype="str")
    out["source_id"] = out["source"] + "/list.csv"
    out["source_row"] = range(2, len(out) + 2)
    return out[list(table.stored)]


def study_of(recorded: str = "*", **drawings: str) -> Study:
    """A study of drawn tables; every source in them records every column of them, or only those named."""
    tables = {
        name: typed(TABLES[name], drawn(drawings[name])) if name in drawings else empty(TABLES[name]) for name in TABLES
    }
    sources = sorted({source for frame in tables.values() for source in frame["source"]})
    every = {(table, column.name) for table in TABLES for column in TABLES[table]}
    told = every if recorded == "*" else {(t, c) for name in recorded.split() for t, _, c in [name.partition(".")]}
    cards = {s: parse({"source": s, "received": "2021-01-01", "extraction_date": "2020-12-31", "regime": "register",
                       "case_is": {"nl": s[0]}, "files": {"x": "y"}}, s) for s in sources}  # fmt: skip
    study = Study(
        HeldTables(tables),
        cards,
        dict.fromkeys(sources, frozenset(told)),
        {},
        {n: pd.DataFrame({"source": []}) for n in ACCOUNTS},
    )
    return with_shown(study)


def counts(finding: Finding, part: str, value: str = "n_cases") -> dict[tuple[str, ...], int]:
    """What a part counts, zeros left out."""
    numbers = finding.part(part).numbers
    keys = list(finding.part(part).question.by)
    return {tuple(row[keys]): int(row[value]) for _, row in numbers.iterrows() if row[value]}


def plain_context(**more: Any) -> Context:
    """A context without pseudonyms, extracted on the last day of 2020."""
    return Context(**({"source": "here", "extraction_date": pd.Timestamp("2020-12-31")} | more))


def pseudonymiser(key: bytes, domain: str) -> Callable[[str], str]:
    """Make the function that turns one identifier into its pseudonym."""
    hide = pseudonyms.pseudonymiser(key, domain)
    return lambda identifier: str(hide([identifier])[0])
