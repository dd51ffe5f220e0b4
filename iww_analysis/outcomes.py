"""Hold measurements with the version of their instrument, outcomes as stakeholders name them, and indicators."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.schema.clean import Cleaned, Context, clean_tables, found, with_records
from iww_analysis.schema.tables import Column, Table

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


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of measurements and scores; `raw`: table -> records as text, with their rows.

    Scores without a measurement of their own make one: case, instrument version and moment. A score that its
    instrument version cannot hold becomes missing: out_of_scale, domain_not_in_version (cell).
    """
    if "scores" in raw and "measurements" not in raw:
        keep = ["source_id", "source_row", *MEASUREMENTS.inherits]
        raw = {**raw, "measurements": raw["scores"][[c for c in keep if c in raw["scores"]]].drop_duplicates()}
    cleaned = clean_tables(TABLES, raw, context)
    if "scores" in cleaned:
        cleaned["scores"] = _score_rules(cleaned["scores"])
    return cleaned


def _score_rules(cleaned: Cleaned) -> Cleaned:
    """Hold every score against its own version: the version belongs to a measurement, not to a file."""
    scores = cleaned.records.copy()
    low, high = (scores["instrument_version"].astype("str").map(bounds) for bounds in (_LOW, _HIGH))
    scored = scores["score"].notna()
    beyond = scored & ((scores["score"] < low) | (scores["score"] > high)).fillna(False).astype(bool)
    pairs = pd.MultiIndex.from_frame(scores[["domain", "instrument_version"]])
    known = scores["domain"].isin(DOMAINS.codes) & scores["instrument_version"].isin(VERSIONS.codes)
    foreign = scored & known & ~pairs.isin(_HELD)
    scores["score"] = scores["score"].mask(beyond | foreign)
    scores["score_missing"] = scores["score_missing"].mask(beyond | foreign, "unreadable")
    return with_records(
        cleaned, scores,
        found("scores", "score", scores[beyond], "out_of_scale", "cell"),
        found("scores", "score", scores[foreign], "domain_not_in_version", "cell"),
    )  # fmt: skip


VERSIONS, DOMAINS = vocabulary.read("instrument_version"), vocabulary.read("instrument_domain")
_LOW, _HIGH = ({v.code: v.extra[bound] for v in VERSIONS.values} for bound in ("low", "high"))
_HELD = [(v.code, version) for v in DOMAINS.values for version in v.extra["versions"]]
