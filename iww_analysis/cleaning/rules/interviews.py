"""Apply the rules of coded interviews: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis.cleaning.clean import NONE_FOUND, Cleaned, Context, clean_tables, with_implied

VOICE = ["municipality", "team", "case_id", "perspective"]


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of coded interviews; `raw`: table -> records as text, with their rows.

    A quote that nobody cleared is not kept. The words stay in the raw file, where trace finds them again.
    """
    cleaned = clean_tables("interviews", with_implied(raw, "documents", "judgements", "codings"), context)
    if "segments" in cleaned:
        segments = cleaned["segments"].records.copy()
        segments["quote"] = segments["quote"].where(segments["cleared"].eq("yes"))
        cleaned["segments"] = cleaned["segments"].with_records(segments)
    return cleaned


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Drop the interviews without a name of which the same voice on the same case has one with a name. Finds no problems.

    Needs all sheets of a source: judgements (that name no document) and codings can stand in different files.
    """
    if "documents" not in records:
        return {}, NONE_FOUND
    documents = records["documents"]
    nameless, voices = documents["document"].isna(), pd.MultiIndex.from_frame(documents[VOICE])
    return {"documents": documents[~(nameless & voices.isin(voices[~nameless]))]}, NONE_FOUND
