"""Hold measurements with the version of the instrument they were made with."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis.schema.clean import Cleaned, Context, clean_tables
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
        Column("score", "integer", "score", "Level on the domain.", unit="level (ordinal)", low=1, high=5,
               trap="Ordinal: no means, no sums. Split domains of 2013 and 2017 are not comparable."),
    ),
)  # fmt: skip

TABLES = (MEASUREMENTS, SCORES)


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of measurements and scores; `raw`: table -> records as text, with their rows.

    Scores without a measurement of their own make one: case, instrument version and moment.
    """
    if "scores" in raw and "measurements" not in raw:
        keep = ["source_id", "source_row", *MEASUREMENTS.inherits]
        raw = {**raw, "measurements": raw["scores"][[c for c in keep if c in raw["scores"]]].drop_duplicates()}
    return clean_tables(TABLES, raw, context)
