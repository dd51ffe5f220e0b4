"""Hold measurements with the version of their instrument, outcomes as stakeholders name them, and indicators."""

from iww_analysis.tables.statement import Column, Table

_CASE_ID = Column("case_id", "key", "casusnummer", "The case that was scored.", required=True)
_VERSION = Column(
    "instrument_version", "code", "instrumentversie", "Instrument and version, e.g. the ZRM of 2013.", "instrument_version",
    required=True, trap="Eleven columns are no proof of the 2013 version: the crosswalk must say which it is.",
)  # fmt: skip

_MOMENT = Column("moment", "code", "meetmoment", "Begin, in between or end.", "moment", required=True)

MEASUREMENTS = Table(
    "measurements", "metingen", "measurement", key=("case_id", "instrument_version", "moment"),
    inherits=("case_id", "instrument_version", "moment"),
    columns=(
        _CASE_ID, _VERSION, _MOMENT,
        Column("date", "date", "datum meting", "Day of the measurement."),
        Column("rater", "code", "beoordelaar", "Who gave the scores.", "rater"),
    ),
)  # fmt: skip

SCORES = Table(
    "scores", "scores", "score on a domain", key=("case_id", "instrument_version", "moment", "domain"),
    inherits=("case_id", "instrument_version", "moment"),
    columns=(
        _CASE_ID, _VERSION, _MOMENT,
        Column("domain", "code", "domein", "Domain of the instrument.", "instrument_domain", required=True),
        Column("score", "integer", "score", "Level on the domain, on the scale of its instrument version.",
               unit="level (ordinal)", low=-3, high=100,
               trap="Ordinal: no means, no sums. Split domains of 2013 and 2017 are not comparable."),
    ),
)  # fmt: skip

OUTCOMES = Table(
    "outcomes", "uitkomsten", "outcome and who finds it relevant",
    key=("municipality", "team", "case_id", "level", "outcome", "according_to", "relevant_for"),
    columns=(
        Column("municipality", "code", "gemeente", "Municipality that it is about.", "municipality"),
        Column("team", "label", "team", "Team that it is about."),
        Column("case_id", "key", "casus", "The case that it is about; empty for a team or municipality."),
        Column("level", "code", "niveau", "Case, individual, team or municipality.", "outcome_level", required=True),
        Column("outcome", "label", "uitkomst", "The outcome as stakeholders name it.", required=True,
               trap="Named with stakeholders, not fixed in advance."),
        Column("direction", "code", "richting", "Better, the same, worse or mixed.", "outcome_direction"),
        Column("according_to", "code", "volgens", "Who says so.", "perspective"),
        Column("relevant_for", "code", "relevant voor", "Who finds the outcome relevant.", "perspective"),
        Column("date", "date", "datum uitkomst", "Day on which it was told."),
    ),
)  # fmt: skip

INDICATORS = Table(
    "indicators", "indicatoren", "indicator of a year", key=("municipality", "indicator", "year"),
    columns=(
        Column("municipality", "code", "gemeente", "Municipality that counted.", "municipality", required=True),
        Column("indicator", "code", "indicator", "What was counted.", "indicator", required=True),
        Column("year", "integer", "jaar", "Year over which was counted.", unit="year", required=True, low=1990, high=2100),
        Column("n_counted", "integer", "teller", "Units for which it holds.", unit="units of the definition", low=0,
               high=100_000_000),
        Column("n_of", "integer", "noemer", "Units of which it was asked.", unit="units of the definition", low=0,
               high=100_000_000),
        Column("meaning", "label", "definitie", "What the municipality counted, in its own words."),
        Column("comparable", "code", "vergelijkbaar", "Whether the definition is that of the others.", "yes_no",
               trap="What cannot be compared is said, not averaged."),
    ),
)  # fmt: skip

TABLES = (MEASUREMENTS, SCORES, OUTCOMES, INDICATORS)
