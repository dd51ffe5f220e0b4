"""Apply the rules of case registrations: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import (
    NONE_FOUND,
    Cleaned,
    Context,
    bound,
    clean_tables,
    codes_of,
    constant,
    parsed_keys,
    problems_of,
)
from iww_analysis.tables.cells import overlap_keys
from iww_analysis.tables.cells.interning import TEXT, columns_of

BIRTH = ["birth_date", "birth_date_missing"]
CLOSURE_REASONS = vocabulary.read("closure_reason")
AGE_CLASSES = vocabulary.read("age_class")
PERSON_ROLES = vocabulary.read("person_role")
_FIRST_DAYS, _LAST_DAYS = (  # of the codes of municipalities
    pd.Series({v.code: v.extra.get(bound) for v in vocabulary.read("municipality").values}, dtype="datetime64[us]")
    for bound in ("valid_from", "valid_to")
)


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of records of case registrations; `raw`: table -> records as text, with their rows.

    Rules on a case (row: it cannot be used; cell: a value becomes typed missing; note: kept and reported):
    date_order (row) referral after closure; after_extraction (row) referral or closure after the extraction date;
    intake_order, plan_order (cell) intake or plan before the referral or after the closure;
    reason_while_open (cell) a reason for closure on an open case; closed_without_date, open_with_date (note);
    birth_impossible (cell) a birth after the referral, or more than OLDEST years before it;
    municipality_not_valid (note) a code that was not in use on the day of referral.
    """
    cleaned = clean_tables("cases", raw, context)
    if "case_persons" in cleaned:
        cleaned["case_persons"] = cleaned["case_persons"].with_records(_with_place(cleaned["case_persons"].records))
    if "cases" in cleaned:
        cleaned["cases"] = _case_rules(_with_days(cleaned["cases"], context.referral_days), context)
        cases = cleaned["cases"].records
        if context.overlap and "case_id" in raw["cases"]:
            cases = overlap_keys.with_number_key(cases, _numbers(raw["cases"]["case_id"], context), context.overlap)
        cleaned["cases"] = cleaned["cases"].with_records(cases)
        if "case_persons" in cleaned:
            of_row = cases.set_index("source_row")
            persons = overlap_keys.with_birth_key(
                cleaned["case_persons"].records, of_row, "source_row", context.overlap
            )
            referral = of_row["date_referral"]
            aged, problems = _with_age_class(persons, referral.reindex(persons["source_row"]).set_axis(persons.index))
            cleaned["case_persons"] = cleaned["case_persons"].with_records(aged, problems)
    return cleaned


def _numbers(texts: pd.Series, context: Context) -> pa.Array:
    """The numbers of cases in their one form."""
    column = parsed_keys(texts, "case_id", context, own=True)
    return pa.array(column.parsed.values, TEXT).take(pa.array(column.codes))


def _with_days(cleaned: Cleaned, days: pd.Series) -> Cleaned:
    """Give cases the day of referral that was found for their row, so that they lack none."""
    if days.empty:
        return cleaned
    cases, problems = cleaned.records, cleaned.problems
    found = days.reindex(cases["source_row"]).set_axis(cases.index).where(cases["date_referral"].isna())
    cases = cases.assign(
        date_referral=cases["date_referral"].fillna(found),
        date_referral_missing=cases["date_referral_missing"].mask(found.notna()),
    )
    is_of_day = problems["rule"].eq("missing_required") & problems["column"].eq("date_referral")
    settled = is_of_day & problems["source_row"].isin(cases.loc[found.notna(), "source_row"])
    return replace(cleaned, records=cases, problems=problems[~settled])


def _case_rules(cleaned: Cleaned, context: Context) -> Cleaned:
    cases = cleaned.records.copy(deep=False)
    cases["extraction_date"] = pd.Series(context.extraction_date, index=cases.index, dtype="datetime64[us]")
    cases["extraction_date_missing"] = constant(None, cases.index)
    extraction, referral, closed = cases["extraction_date"], cases["date_referral"], cases["date_closed"]
    first_day, last_day = (
        bound(cases, name, last=last) for name, last in (("date_referral", False), ("date_closed", True))
    )
    is_open, dated = cases["status"].eq("open"), closed.notna() | cases["date_closed_month"].notna()
    with_reason = cases["closure_reason"].isin(CLOSURE_REASONS.codes)
    without_date = ~dated & (cases["status"].eq("closed") | (with_reason & ~is_open))
    codes = cases["municipality"].astype("str")
    first, last = (days.reindex(codes).to_numpy() for days in (_FIRST_DAYS, _LAST_DAYS))
    out_of_use = (referral < first) | (referral > last)
    problems = [
        problems_of("cases", "date_closed", cases[last_day < first_day], "date_order", "row"),
        problems_of("cases", "date_referral", cases[first_day > extraction], "after_extraction", "row"),
        problems_of(
            "cases",
            "date_closed",
            cases[bound(cases, "date_closed", last=False) > extraction],
            "after_extraction",
            "row",
        ),
        problems_of("cases", "date_closed", cases[without_date], "closed_without_date", "note"),
        problems_of("cases", "status", cases[is_open & dated], "open_with_date", "note"),
        problems_of("cases", "municipality", cases[out_of_use], "municipality_not_valid", "note"),
    ]
    end = cases[["extraction_date", "date_closed"]].min(axis=1)
    for name, rule in (("date_intake", "intake_order"), ("date_plan", "plan_order")):
        wrong = (cases[name] < referral) | (cases[name] > end)
        problems.append(problems_of("cases", name, cases[wrong], rule, "cell"))
        cases.loc[wrong, name] = pd.NaT
        cases.loc[wrong, f"{name}_missing"] = "unreadable"
    early = is_open & ~dated & with_reason
    problems.append(problems_of("cases", "closure_reason", cases[early], "reason_while_open", "cell"))
    cases.loc[early, "closure_reason"] = "not_applicable"
    return cleaned.with_records(cases, *problems)


def _with_place(persons: pd.DataFrame) -> pd.DataFrame:
    """Tell persons of one case apart who are known by no number: by their role, and which of those with that role they are."""
    unnumbered = persons["person_id"].isna() & persons["role"].isin(PERSON_ROLES.codes)
    if unnumbered.any():
        roles, nth = persons["role"].astype("str"), persons["nth"].astype("str")
        places = roles.where(nth.isna(), roles + " " + nth)
        again = places.groupby([persons["source_row"], places]).cumcount() + 1  # where no heading says which
        places = places.where(again == 1, places + " " + again.astype("str"))
        persons["place"] = places.where(unnumbered, None).astype("str")
    return persons.drop(columns=["nth", "nth_missing"])


def says_closed(cases: pd.DataFrame) -> pd.Series:
    """Say of which clean cases anything says that they are closed: a day or month, a status or a reason."""
    day = cases["date_closed"].notna() | cases["date_closed_month"].notna()
    return day | cases["status"].eq("closed") | cases["closure_reason"].isin(CLOSURE_REASONS.codes)


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Find the age class of persons who stand apart from their case, and one name per organisation.

    Needs all sheets of a source: persons, cases and the list of organisations may stand in different files. The problems:
    births that cannot be.
    """
    settled, problems = dict[str, pd.DataFrame](), NONE_FOUND
    if BIRTH[0] in columns_of(records, "case_persons") and "cases" in records:
        persons, cases = records["case_persons"], records["cases"]
        referral = persons["case_id"].map(cases.drop_duplicates("case_id").set_index("case_id")["date_referral"])
        settled["case_persons"], problems = _with_age_class(persons, referral)
    if "case_organisations" in records:
        named = records["case_organisations"]
        known = records.get("organisations", pd.DataFrame(columns=["alias", "organisation"]))
        one_name = dict(zip(known["alias"].map(vocabulary.key), known["organisation"], strict=True))
        names = {name: one_name.get(vocabulary.key(name), name) for name in named["organisation"].unique()}
        settled["case_organisations"] = named.assign(canonical=named["organisation"].map(names).astype("str"))
    return settled, problems


OLDEST = 110  # years at referral


def _with_age_class(persons: pd.DataFrame, referral: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the class of the age at referral where the source gives no class of its own; the birth date goes.

    Gives the persons, and those whose birth does not lie before the referral and within OLDEST years of it.
    """
    birth, known = persons["birth_date"], codes_of("age_class")
    had_birthday = (referral.dt.month * 100 + referral.dt.day) >= (birth.dt.month * 100 + birth.dt.day)
    age = referral.dt.year - birth.dt.year - (~had_birthday).astype(int)
    impossible = (birth > referral) | (age > OLDEST)
    problems = problems_of("case_persons", "birth_date", persons[impossible], "birth_impossible", "cell")
    given, absent = persons["age_class"].astype(known), persons["birth_date_missing"].astype(known)
    has_class = given.isin(AGE_CLASSES.codes)
    by_age = [
        ~has_class & ~impossible & age.between(value.extra["low"], value.extra["high"]) for value in AGE_CLASSES.values
    ]
    absent = absent.mask(impossible, "unreadable").astype(known)
    otherwise = given.where(given.ne("not_recorded"), absent).fillna("unknown").cat.codes
    classes = np.select(by_age, list(range(len(by_age))), default=otherwise)  # codes of the list come first
    return persons.assign(age_class=pd.Categorical.from_codes(classes, dtype=known)).drop(columns=BIRTH), problems
