"""Say what a build found in the rows: one message per file, sheet, column and rule, with the rows to look at."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from iww_analysis.cleaning.rules import referral_days
from iww_analysis.messages.errors import Message, Place
from iww_analysis.tables import TABLES
from iww_analysis.tables.raw_sheet import PROJECT_SUFFIXES

OTHERWISE = {  # what happened where a rule that sets a row aside did not: only what stands beside the row's own went, or nothing
    ("missing_required", "cell"): "beside_missing_required", ("date_order", "cell"): "beside_date_order",
    ("municipality_elsewhere", "cell"): "beside_municipality_elsewhere",
    ("after_extraction", "cell"): "beside_after_extraction", ("after_extraction", "note"): "not_held_yet",
    ("no_consent", "cell"): "beside_no_consent", ("consent_withdrawn", "cell"): "beside_consent_withdrawn",
    ("consent_open", "cell"): "beside_consent_open",
}  # fmt: skip
ROWS_NAMED = 8  # rows named in a message; the others are in set_aside.parquet


def notices(tables: Mapping[str, pd.DataFrame], sheets: Sequence[Mapping[str, Any]]) -> list[Message]:
    """Give the messages for what was set aside, became missing or was noted, and for sheets that bring nothing new or double."""
    return [*of_rows(tables["set_aside"]), *_sheets(sheets), *first_referrals(tables), *_projects(tables)]


def first_referrals(tables: Mapping[str, pd.DataFrame]) -> Iterator[Message]:
    """Say of how many cases of a sheet the day of referral comes from which list of referrals."""
    if referral_days.FOUND not in set(tables["set_aside"]["rule"]):
        return
    of_sheets = tables["sources"][["source_id", "file", "sheet"]].astype("str")
    place_of = {source_id: Place(file, sheet or None) for source_id, file, sheet in of_sheets.to_numpy().tolist()}
    behind = referral_days.behind(
        referral_days.with_found_day(tables["cases"], tables["set_aside"]), tables["referrals"]
    )
    for (cases, referrals), rows in behind.astype("str").groupby(["source_id", "source_id_of_referral"]):
        other = ":".join(filter(None, (place_of[referrals].file, place_of[referrals].sheet)))
        yield Message("first_referral", place_of[cases], {"n": len(rows), "other": other})


def of_rows(set_aside: pd.DataFrame) -> Iterator[Message]:
    """Give a message per file, sheet, heading and rule, with the rows to look at."""
    elsewhere = set_aside["rule"] == referral_days.FOUND  # told with where the day comes from
    for names, rows in set_aside[~elsewhere].groupby(["file", "sheet", "heading", "rule", "severity"], sort=True):
        file, sheet, heading, rule, severity = map(str, names)
        numbers = sorted(rows["source_row"].astype(int).unique())
        named = ", ".join(map(str, numbers[:ROWS_NAMED])) + (" …" if len(numbers) > ROWS_NAMED else "")
        place = Place(file, sheet or None, column=heading or None)
        words: dict[str, object] = {"rows": named, "n": len(numbers)}
        if rule == "out_of_range":
            table, name = map(str, rows[["table", "column"]].iloc[0])
            words |= {"low": TABLES[table][name].low, "high": TABLES[table][name].high}
        outcome = OTHERWISE.get((rule, severity))
        yield Message(outcome, place, words) if outcome else Message(f"rule_{rule}", place, words)


def without_a_row(set_aside: pd.DataFrame, sheets: Iterable[Mapping[str, Any]]) -> Iterator[Message]:
    """Say of which sheets every row lacks a value that it cannot do without, and which that are."""
    lacking = set_aside[(set_aside["rule"] == "missing_required") & (set_aside["severity"] == "row")]
    for line in sheets:
        rows = lacking[(lacking["file"] == line["file"]) & (lacking["sheet"].astype("str") == (line["sheet"] or ""))]
        if len(rows) and line["rows_read"] == line["rows_set_aside"]:
            needed = [
                TABLES[table][name] for table, name in dict.fromkeys(zip(rows["table"], rows["column"], strict=True))
            ]
            names = {"nl": [each.nl for each in needed], "en": [each.name.replace("_", " ") for each in needed]}
            what = {lang: ", ".join(dict.fromkeys(each)) for lang, each in names.items()}
            yield Message(
                "no_row_counts", Place(line["file"], line["sheet"] or None), {"n": line["rows_read"], "what": what}
            )


def _sheets(sheets: Sequence[Mapping[str, Any]]) -> Iterator[Message]:
    newest = max((line["delivery"] for line in sheets), default="")
    for line in sheets:
        place = Place(line["file"], line["sheet"] or None)
        if line.get("not_read_because"):
            continue
        if line["rows_read"] == 0:
            yield Message("no_rows", place)
        elif line["rows_read"] == line["rows_duplicate"]:
            yield Message("delivery_repeated", place, {"delivery": line["delivery"], "n": line["rows_read"]})
        elif line["delivery"] < newest and line["rows_superseded"] + line["rows_duplicate"]:
            fates = {"again": line["rows_duplicate"], "corrected": line["rows_superseded"], "only": line["rows_kept"]}
            yield Message("delivery_overlap", place, {"delivery": line["delivery"], "n": line["rows_read"]} | fates)


def _projects(tables: Mapping[str, pd.DataFrame]) -> Iterator[Message]:
    """Name projects in one delivery that both code the same documents: perhaps two exports, with new GUIDs, of one project."""
    if "codings" not in tables:
        return
    same = list(TABLES["codings"].inherits)
    sources = tables["sources"][["source_id", "file", "received"]]
    coded = tables["codings"].dropna(subset="document").merge(sources, on="source_id")
    coded = coded[coded["file"].str.lower().str.endswith(PROJECT_SUFFIXES)].drop_duplicates([*same, "file", "received"])
    for _, delivery in coded.groupby("received"):
        of_file = {str(file): coding[same] for file, coding in delivery.groupby("file")}
        for (file, rows), (other, others) in itertools.combinations(of_file.items(), 2):
            if n := len(rows.merge(others)):
                yield Message("qda_project_twice", Place(file), {"other": other, "n": n})
