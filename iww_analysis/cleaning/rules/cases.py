"""Apply the rules of case registrations: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import (
    NONE_FOUND,
    Cleaned,
    Context,
    Severity,
    clean_tables,
    codes_of,
    constant,
    problems_of,
    with_records,
)
from iww_analysis.tables.cases import TABLES
from iww_analysis.tables.cells.interning import columns_of

ROW: Severity = "row"
NOTE: Severity = "note"
BIRTH = ("birth_date", "birth_date_missing")
CLOSURE_REASONS = vocabulary.read("closure_reason")
AGE_CLASSES = vocabulary.read("age_class")
MUNICIPALITIES = vocabulary.read("municipality")


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of records of case registrations; `raw`: table -> records as text, with their rows.

    Rules on a case (row: it cannot be used; cell: a value becomes typed missing; note: kept and reported):
    date_order (row) referral after closure; after_extraction (row) referral or closure after the extraction date;
    intake_order, plan_order (cell) intake or plan before the referral or after the closure;
    reason_while_open (cell) a reason for closure on an open case; closed_without_date, open_with_date (note);
    municipality_not_valid (note) a code that was not in use on the day of referral.
    """
    cleaned = clean_tables(TABLES, raw, context)
    if "cases" in cleaned:
        cleaned["cases"] = _case_rules(cleaned["cases"], context)
        if "case_persons" in cleaned:
            persons = cleaned["case_persons"].records
            referral = cleaned["cases"].records.set_index("source_row")["date_referral"]
            aged = _with_age_class(persons, referral.reindex(persons["source_row"]).set_axis(persons.index))
            cleaned["case_persons"] = with_records(cleaned["case_persons"], aged)
    return cleaned


def _case_rules(cleaned: Cleaned, context: Context) -> Cleaned:
    cases = cleaned.records.copy(deep=False)
    cases["extraction_date"] = pd.Series(context.extraction_date, index=cases.index, dtype="datetime64[us]")
    cases["extraction_date_missing"] = constant(None, cases.index)
    last = cases[["extraction_date", "date_closed"]].min(axis=1)
    referral, closed, is_open = cases["date_referral"], cases["date_closed"], cases["status"].eq("open")
    without_date = cases["status"].eq("closed") & closed.isna()
    problems = [
        problems_of("cases", column, cases[wrong], rule, severity)
        for column, wrong, rule, severity in (
            ("date_closed", closed < referral, "date_order", ROW),
            ("date_referral", referral > cases["extraction_date"], "after_extraction", ROW),
            ("date_closed", closed > cases["extraction_date"], "after_extraction", ROW),
            ("date_closed", without_date, "closed_without_date", NOTE),
            ("status", is_open & closed.notna(), "open_with_date", NOTE),
            ("municipality", _out_of_use(cases), "municipality_not_valid", NOTE),
        )
    ]
    for name, rule in (("date_intake", "intake_order"), ("date_plan", "plan_order")):
        wrong = (cases[name] < referral) | (cases[name] > last)
        problems.append(problems_of("cases", name, cases[wrong], rule, "cell"))
        cases.loc[wrong, name] = pd.NaT
        cases.loc[wrong, f"{name}_missing"] = "unreadable"
    early = is_open & closed.isna() & cases["closure_reason"].isin(CLOSURE_REASONS.codes)
    problems.append(problems_of("cases", "closure_reason", cases[early], "reason_while_open", "cell"))
    cases.loc[early, "closure_reason"] = "not_applicable"
    return with_records(cleaned, cases, *problems)


def _out_of_use(cases: pd.DataFrame) -> pd.Series:
    """Say of which cases the municipality's code had not begun on the day of referral, or had ended."""
    codes = cases["municipality"].astype("category")
    bounds = [MUNICIPALITIES[code].extra if code in MUNICIPALITIES else {} for code in codes.cat.categories]
    first, last = (
        pd.Series(
            pd.DatetimeIndex([bound.get(name) for bound in [*bounds, {}]]).take(codes.cat.codes.to_numpy()),
            index=cases.index,
        )
        for name in ("valid_from", "valid_to")
    )
    return (cases["date_referral"] < first) | (cases["date_referral"] > last)


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Find the age class of persons who stand apart from their case, and one name per organisation.

    Needs all sheets of a source: persons, cases and the list of organisations may stand in different files. Finds no
    problems.
    """
    settled = {}
    if BIRTH[0] in columns_of(records, "case_persons") and "cases" in records:
        persons, cases = records["case_persons"], records["cases"]
        referral = persons["case_id"].map(cases.drop_duplicates("case_id").set_index("case_id")["date_referral"])
        settled["case_persons"] = _with_age_class(persons, referral)
    if "case_organisations" in records:
        settled["case_organisations"] = _with_one_name(records["case_organisations"], records.get("organisations"))
    return settled, NONE_FOUND


def _with_one_name(named: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
    aliases = {} if known is None else dict(zip(known["alias"].map(vocabulary.key), known["organisation"], strict=True))
    names = {name: aliases.get(vocabulary.key(name), name) for name in named["organisation"].unique()}
    return named.assign(canonical=named["organisation"].map(names).astype("str"))


def _with_age_class(persons: pd.DataFrame, referral: pd.Series) -> pd.DataFrame:
    """Find the class of the age at referral where the source gives no class of its own; the birth date goes."""
    birth, known = persons["birth_date"], codes_of("age_class")
    had_birthday = (referral.dt.month * 100 + referral.dt.day) >= (birth.dt.month * 100 + birth.dt.day)
    age = referral.dt.year - birth.dt.year - (~had_birthday).astype(int)
    given, absent = persons["age_class"].astype(known), persons["birth_date_missing"].astype(known)
    has_class = given.isin(AGE_CLASSES.codes)
    by_age = [~has_class & age.between(value.extra["low"], value.extra["high"]) for value in AGE_CLASSES.values]
    otherwise = given.where(given.ne("not_recorded"), absent).fillna("unknown").cat.codes
    classes = np.select(by_age, list(range(len(by_age))), default=otherwise)  # codes of the list come first
    return persons.assign(age_class=pd.Categorical.from_codes(classes, dtype=known)).drop(columns=list(BIRTH))
