"""Apply the rules of outcomes: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import Cleaned, Context, clean_tables, problems_of, with_implied

VERSIONS, DOMAINS = vocabulary.read("instrument_version"), vocabulary.read("instrument_domain")
_LOW, _HIGH = ({v.code: v.extra[bound] for v in VERSIONS.values} for bound in ("low", "high"))
_HELD = [(v.code, version) for v in DOMAINS.values for version in v.extra["versions"]]


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of measurements and scores; `raw`: table -> records as text, with their rows.

    Scores without a measurement of their own make one: case, instrument version and moment. A score that its
    instrument version cannot hold becomes missing: out_of_scale, domain_not_in_version (cell). The version belongs to a
    measurement, not to a file.
    """
    cleaned = clean_tables("outcomes", with_implied(raw, "measurements", "scores"), context)
    if "scores" in cleaned:
        scores = cleaned["scores"].records.copy()
        low, high = (scores["instrument_version"].astype("str").map(bounds) for bounds in (_LOW, _HIGH))
        scored = scores["score"].notna()
        beyond = scored & ((scores["score"] < low) | (scores["score"] > high)).fillna(False).astype(bool)
        pairs = pd.MultiIndex.from_frame(scores[["domain", "instrument_version"]])
        known = scores["domain"].isin(DOMAINS.codes) & scores["instrument_version"].isin(VERSIONS.codes)
        foreign = scored & known & ~pairs.isin(_HELD)
        scores["score"] = scores["score"].mask(beyond | foreign)
        scores["score_missing"] = scores["score_missing"].mask(beyond | foreign, "unreadable")
        cleaned["scores"] = cleaned["scores"].with_records(
            scores,
            problems_of("scores", "score", scores[beyond], "out_of_scale", "cell"),
            problems_of("scores", "score", scores[foreign], "domain_not_in_version", "cell"),
        )
    return cleaned
