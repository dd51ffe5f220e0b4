"""Tables drawn at random and written as municipalities write them: every value comes back, and every row is accounted for."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from iww_analysis.analysis import study
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.privacy.pseudonyms import demo_key
from shared import generated
from shared.frames import pseudonymiser
from shared.generated import Table, Truth
from shared.homes import home_with
from shared.long import sampled

TABLES = 2_080
SAMPLE = 80  # of these `make test` builds; every kind of mess is among them
TOGETHER = 40  # tables in one delivery
ONLY = {"cases", "referrals", "households", "case_persons", "case_domains"}
CASES = ("cases.date_referral", "cases.date_intake", "cases.date_closed")


@pytest.mark.parametrize("first", sampled(range(1, TABLES, TOGETHER), range(1, SAMPLE, TOGETHER)))
def test_what_was_written_comes_back_and_every_row_is_accounted_for(tmp_path: Path, first: int) -> None:
    tables = [generated.table(number) for number in range(first, first + TOGETHER)]
    crosswalk = "".join(table.entry for table in tables) + generated.codes()
    built = build.build(home_with(tmp_path, {table.name: table.content for table in tables}, crosswalk), "here")
    assert not built.messages
    assert set(built.tables) & set(study.TABLES) <= ONLY
    assert list(differences(tables, built)) == []


def differences(tables: list[Table], built: Built) -> Iterator[str]:
    """Name what came back otherwise than it was written: the number of the table, and what."""
    lines = {line["file"]: line for line in built.ledger["sheets"]}
    found = found_on_rows(built.tables)
    aside = set_aside(built.tables["set_aside"])
    for table in tables:
        line = lines.pop(table.name)
        if (told := {name: line[name] for name in table.account}) != table.account:
            yield f"table {table.number}: the account is {told}, written was {table.account}"
        if aside.get(table.name, set()) != table.aside:
            yield f"table {table.number}: set aside were {aside.get(table.name)}, written was {table.aside}"
        rows, expected = found.pop(table.name, {}), {row: whole(truth) for row, truth in table.kept.items()}
        for row in sorted({*rows, *expected}):
            if rows.get(row) != expected.get(row):
                told, meant = rows.get(row, {}), expected.get(row, {})
                unlike = {k: (told.get(k), meant.get(k)) for k in {*told, *meant} if told.get(k) != meant.get(k)}
                yield f"table {table.number}, row {row}: found and written {unlike}"
    yield from (f"file {name} is in no account" for name in {*lines, *found})


OPTIONAL = {"referrals": ("date_missing", "referrer_role"), "households": ("n_children_missing", "household_type")}


def whole(truth: Truth) -> Truth:
    """What a row must give: what was written on it, and what its table does not record."""
    pseudonym = pseudonymiser(demo_key(), "here|case_id")
    out: Truth = {
        "cases.municipality": "GM0243",
        "cases.closure_reason": "not_recorded",
        "cases.one_plan": "not_recorded",
    }
    out |= {f"{name}_missing": "not_recorded" for name in CASES}
    out |= {name: value for name, value in truth.items() if name != "case_id"}
    for table, columns in OPTIONAL.items():
        if any(name.startswith(f"{table}.") for name in truth):
            out = {f"{table}.{column}": "not_recorded" for column in columns} | out
    out["cases.case_id"] = pseudonym(truth["case_id"])
    return {name: value for name, value in out.items() if value is not None and value != frozenset()}


TOLD = {
    "cases": ("case_id", "municipality", "team", "date_referral", "date_intake", "date_closed", "date_referral_missing",
              "date_intake_missing", "date_closed_missing", "closure_reason", "one_plan"),
    "referrals": ("date", "date_missing", "referrer_role"),
    "households": ("n_children", "n_children_missing", "household_type"),
    "case_persons": ("age_class",),
}  # fmt: skip


def found_on_rows(tables: dict[str, pd.DataFrame]) -> dict[str, dict[int, Truth]]:
    """Give file -> row -> what the processed tables hold of it; a second record of one row is no part of any truth."""
    found: dict[str, dict[int, Truth]] = defaultdict(lambda: defaultdict(dict))
    for name, columns in TOLD.items():
        for record in records(tables, name):
            truth = found[record["file"]][record["source_row"]]
            told = {f"{name}.{column}": plain(record[column]) for column in columns}
            truth |= {key: (told[key] if key not in truth else "twice") for key in told if told[key] is not None}
    for record in records(tables, "case_domains"):
        truth = found[record["file"]][record["source_row"]]
        truth["case_domains"] = truth.get("case_domains", frozenset()) | {record["domain"]}
    return {file: dict(rows) for file, rows in found.items()}


def records(tables: dict[str, pd.DataFrame], name: str) -> Iterator[dict[str, Any]]:
    if name in tables:
        frame = tables[name]
        file = frame["source_id"].str.split("/").str[1].str.split("#").str[0]
        yield from frame.assign(file=file).to_dict("records")  # type: ignore[misc]


def plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def set_aside(frame: pd.DataFrame) -> dict[str, set[tuple[int, str]]]:
    found: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for line in frame[frame["severity"] == "row"].itertuples():
        found[str(line.file)].add((int(line.source_row), str(line.rule)))  # type: ignore[call-overload]
    return found


# ---- the generator itself -------------------------------------------------------------------------------------------

MESS = {
    *generated.ENCODINGS, ";", ",", "\t", "|", "crlf", "lf", "mixed", "quoting 0", "quoting 1", "workbook", "1904",
    "dmy", "mdy", "ymd", generated.TYPED, *(notation for notations in generated.DAYS.values() for notation in notations),
    "another order in a column", "sentinel", "several in a cell by ;", "several in a cell by ,", "several in a cell by /",
    *(f"heading {how}" for how in generated.HEADINGS), "heading twice", "unknown column", "empty column", "not in column A",
    *generated.ODD, "duplicate", "repeated header", "empty row", "empty above", "empty below title", "trailing empty", "title",
    "subtotal", "total", "footnote", "one cell for two fields",
}  # fmt: skip


def test_there_are_enough_tables_and_every_kind_of_mess_is_in_several() -> None:
    tables = [generated.table(number) for number in range(1, TABLES + 1, 4)]
    drawn = Counter(mess for table in tables for mess in table.mess)
    sample = {mess for number in range(1, SAMPLE + 1) for mess in generated.table(number).mess}
    assert TABLES >= 2_000
    assert {mess for mess in MESS if drawn[mess] < 5} == MESS - sample == set()
    assert set(drawn) - MESS == set()


def test_the_same_number_gives_the_same_table() -> None:
    one, other = generated.table(3), generated.table(3)
    assert (one.content, one.entry, one.account, one.kept) == (other.content, other.entry, other.account, other.kept)


@pytest.mark.parametrize("value", ["moved", None, "2019-01-02"])
def test_a_value_that_comes_back_otherwise_is_found(tmp_path: Path, value: str | None) -> None:
    table = next(
        t
        for t in map(generated.table, range(1, 100))
        if not t.aside and "cases.one_plan" in next(iter(t.kept.values()))
    )
    built = build.build(home_with(tmp_path, {table.name: table.content}, table.entry + generated.codes()), "here")
    assert list(differences([table], built)) == []
    next(iter(table.kept.values()))["cases.one_plan"] = value
    (said,) = differences([table], built)
    assert said.startswith(f"table {table.number}, row ")
    table.account["rows_kept"] += 1
    assert len(list(differences([table], built))) == 2
