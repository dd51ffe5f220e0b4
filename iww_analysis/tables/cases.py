"""Hold case registrations: referrals, cases, persons, households, domains, organisations, network, plans, actions."""

from iww_analysis.tables.statement import Column, Table

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
    CASES, REFERRALS, CASE_PERSONS, HOUSEHOLDS, CASE_DOMAINS, CASE_ORGANISATIONS, CASE_NETWORK, PLANS, GOALS, ACTIONS,
)  # fmt: skip
