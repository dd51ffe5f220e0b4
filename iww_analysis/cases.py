"""Hold case registrations: referrals, cases, persons, households, domains, organisations, network, plans, actions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.schema.clean import (
    PROBLEM_COLUMNS,
    Cleaned,
    Context,
    clean_tables,
    codes_of,
    constant,
    found,
    with_records,
)
from iww_analysis.schema.compact import columns_of
from iww_analysis.schema.tables import Column, Table

CASE_ID = Column(
    "case_id", "key", "casusnummer", "The case, as numbered by whoever registered it.", required=True,
    trap="A case is not a person, a referral or a household; what it is differs per source (see sources).",
)  # fmt: skip

CASES = Table(
    "cases", "casussen", "case", key=("case_id",),
    columns=(
        CASE_ID,
        Column("case_label", "label", "casuslabel", "Invented label of a case that a study follows with consent; "
               "empty for all others.", trap="Followed cases were selected, not drawn at random."),
        Column("municipality", "code", "gemeente", "Municipality that registered the case.", "municipality", required=True),
        Column("team", "label", "team", "Team that holds the case."),
        Column("door", "code", "ingang", "Door through which the client came in.", "door"),
        Column("date_referral", "date", "datum aanmelding", "Day on which the case was reported.", required=True),
        Column("date_intake", "date", "datum intake", "Day of the first conversation."),
        Column("date_plan", "date", "datum plan", "Day on which the plan was set.",
               trap="The legal six weeks run over the inquiry, not over the plan."),
        Column("date_closed", "date", "datum afsluiting", "Day on which the case was closed; absent while it is open."),
        Column("date_first_result", "date", "datum eerste resultaat", "Day of the first result that was written down.",
               trap="Only known for cases that a study follows."),
        Column("status", "code", "status", "Open or closed, as registered.", "case_status"),
        Column("closure_reason", "code", "reden afsluiting", "Why the case was closed.", "closure_reason",
               trap="Administrative closure says nothing about the result."),
        Column("one_plan", "code", "één plan", "One plan for the household.", "yes_no"),
        Column("one_coordinator", "code", "één regisseur", "One coordinator for the household.", "yes_no"),
        Column("repeated", "code", "herhaald beroep", "The household was known before.", "yes_no"),
        Column("extraction_date", "date", "peildatum", "Day on which the delivery that last knew the case was extracted: "
               "open cases are censored there."),
    ),
)  # fmt: skip

REFERRALS = Table(
    "referrals", "aanmeldingen", "referral", key=("case_id", "date"), inherits=("case_id",),
    columns=(
        CASE_ID,
        Column("date", "date", "datum aanmelding", "Day of the referral."),
        Column("referrer_role", "code", "aanmelder", "Who referred, by role.", "referrer_role"),
    ),
    trap="One case can have several referrals; one referral can end without a case.",
)  # fmt: skip

CASE_PERSONS = Table(
    "case_persons", "personen per casus", "person in a case", key=("case_id", "person_id"), inherits=("case_id",),
    needs=('person_id', 'birth_date', 'sex', 'age_class'),
    columns=(
        CASE_ID,
        Column("person_id", "key", "cliëntnummer", "The person, as numbered by whoever registered them."),
        Column("role", "code", "rol", "Place of the person in the case.", "person_role"),
        Column("sex", "code", "geslacht", "Sex as registered.", "sex"),
        Column("age_class", "code", "leeftijdsklasse", "Age at referral, in classes.", "age_class"),
        Column("birth_date", "birth_date", "geboortedatum", "Used to find the age class; never kept.",
               transient=True, gives="age_class"),
    ),
)  # fmt: skip

HOUSEHOLDS = Table(
    "households", "huishoudens", "household in a case", key=("case_id",), inherits=("case_id",),
    columns=(
        CASE_ID,
        Column("household_id", "key", "huishoudnummer", "The household, as numbered by whoever registered it."),
        Column("household_type", "code", "huishoudtype", "Composition of the household.", "household_type"),
        Column("n_children", "integer", "aantal kinderen", "Children living at home.", unit="persons", low=0, high=20),
    ),
)  # fmt: skip

CASE_DOMAINS = Table(
    "case_domains", "leefgebieden per casus", "life domain in a case", key=("case_id", "domain", "moment"),
    inherits=("case_id",),
    needs=('domain',),
    columns=(
        CASE_ID,
        Column("domain", "code", "leefgebied", "Life domain, on the project's own list of eleven.", "life_domain", required=True,
               trap="Source schemes map many-to-many and with loss; the source's word is kept beside it."),
        Column("moment", "code", "moment", "When this was registered.", "moment"),
        Column("status", "code", "status", "Whether the domain is a problem.", "domain_status",
               trap="A domain that is not mentioned is not a domain without problems."),
    ),
)  # fmt: skip

CASE_ORGANISATIONS = Table(
    "case_organisations", "organisaties per casus", "organisation in a case", key=("case_id", "organisation", "moment"),
    inherits=("case_id",),
    needs=('organisation',),
    columns=(
        CASE_ID,
        Column("organisation", "label", "organisatie", "Organisation involved, as written.", required=True,
               trap="The same organisation is written in several ways: count canonical names."),
        Column("canonical", "label", "organisatie (één naam)", "The same under one name, by the source's list of organisations."),
        Column("moment", "code", "moment", "When this was registered.", "moment"),
    ),
)  # fmt: skip

CASE_NETWORK = Table(
    "case_network", "netwerk per casus", "case and moment", key=("case_id", "moment"), inherits=("case_id",),
    columns=(
        CASE_ID,
        Column("moment", "code", "moment", "When this was registered.", "moment"),
        Column("involved", "code", "netwerk betrokken", "Whether relatives or others close by take part.", "yes_no",
               trap="Empty is not no."),
        Column("n_people", "integer", "aantal naasten", "People close by who take part.", unit="persons", low=0, high=50),
        Column("reason_not", "code", "reden netwerk niet betrokken", "Why the network takes no part.", "network_reason"),
    ),
)  # fmt: skip

PLANS = Table(
    "plans", "plannen", "plan", key=("case_id", "date"), inherits=("case_id",),
    needs=('date', 'made_by'),
    columns=(
        CASE_ID,
        Column("date", "date", "datum plan", "Day on which the plan was made."),
        Column("made_by", "code", "opgesteld door", "Who made the plan.", "plan_maker"),
        Column("professionals_present", "code", "professionals aanwezig", "Whether professionals were in the room "
               "while the plan was made.", "yes_no", trap="In Samen aan zet the idea is that they are not."),
    ),
)  # fmt: skip

GOALS = Table(
    "goals", "doelen", "goal", key=("case_id", "goal"), inherits=("case_id",), needs=("goal",),
    columns=(
        CASE_ID,
        Column("goal", "label", "doel", "Number or short name of the goal.", required=True),
        Column("domain", "code", "leefgebied", "Life domain of the goal.", "life_domain"),
        Column("gas_variant", "code", "GAS-variant", "Scale on which attainment is scored.", "instrument_version",
               trap="In the variants the start is -2, -1 or 0."),
        Column("achieved", "code", "doel behaald", "Whether the goal was reached.", "yes_no"),
    ),
)  # fmt: skip

ACTIONS = Table(
    "actions", "vervolgacties", "follow-up action", key=("action_id",),
    columns=(
        Column("action_id", "key", "actienummer", "The action, as numbered by whoever registered it.", required=True),
        CASE_ID,
        Column("date", "date", "datum actie", "Day on which the action was agreed."),
        Column("actor", "code", "wie", "Who would do it.", "actor_role"),
        Column("domain", "code", "leefgebied", "Life domain of the action.", "life_domain"),
        Column("action", "label", "actie", "What was agreed, in a few words."),
        Column("status", "code", "status actie", "How far the action is.", "action_status"),
    ),
)  # fmt: skip

TABLES = (
    CASES,
    REFERRALS,
    CASE_PERSONS,
    HOUSEHOLDS,
    CASE_DOMAINS,
    CASE_ORGANISATIONS,
    CASE_NETWORK,
    PLANS,
    GOALS,
    ACTIONS,
)


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
    problems = [
        found("cases", "date_closed", cases[cases["date_closed"] < cases["date_referral"]], "date_order", "row"),
        found(
            "cases",
            "date_referral",
            cases[cases["date_referral"] > cases["extraction_date"]],
            "after_extraction",
            "row",
        ),
        found(
            "cases", "date_closed", cases[cases["date_closed"] > cases["extraction_date"]], "after_extraction", "row"
        ),
        found("cases", "date_closed", cases[_closed_without_date(cases)], "closed_without_date", "note"),
        found(
            "cases",
            "status",
            cases[cases["status"].eq("open") & cases["date_closed"].notna()],
            "open_with_date",
            "note",
        ),
        found("cases", "municipality", cases[_out_of_use(cases)], "municipality_not_valid", "note"),
    ]
    for name, rule in (("date_intake", "intake_order"), ("date_plan", "plan_order")):
        wrong = (cases[name] < cases["date_referral"]) | (cases[name] > last)
        problems.append(found("cases", name, cases[wrong], rule, "cell"))
        cases.loc[wrong, name] = pd.NaT
        cases.loc[wrong, f"{name}_missing"] = "unreadable"
    early = (
        cases["status"].eq("open") & cases["date_closed"].isna() & cases["closure_reason"].isin(CLOSURE_REASONS.codes)
    )
    problems.append(found("cases", "closure_reason", cases[early], "reason_while_open", "cell"))
    cases.loc[early, "closure_reason"] = "not_applicable"
    return with_records(cleaned, cases, *problems)


def _closed_without_date(cases: pd.DataFrame) -> pd.Series:
    return cases["status"].eq("closed") & cases["date_closed"].isna()


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
    return settled, pd.DataFrame(columns=PROBLEM_COLUMNS)


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
    told = given.isin(AGE_CLASSES.codes)
    by_age = [~told & age.between(value.extra["low"], value.extra["high"]) for value in AGE_CLASSES.values]
    otherwise = given.where(given.ne("not_recorded"), absent).fillna("unknown").cat.codes
    classes = np.select(by_age, list(range(len(by_age))), default=otherwise)  # codes of the list come first
    return persons.assign(age_class=pd.Categorical.from_codes(classes, dtype=known)).drop(columns=list(BIRTH))


BIRTH = ("birth_date", "birth_date_missing")
CLOSURE_REASONS = vocabulary.read("closure_reason")
AGE_CLASSES = vocabulary.read("age_class")
MUNICIPALITIES = vocabulary.read("municipality")
