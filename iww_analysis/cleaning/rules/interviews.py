"""Apply the rules of coded interviews: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis.cleaning.clean import NONE_FOUND, Cleaned, Context, clean_tables, problems_of, with_records
from iww_analysis.privacy.identifiers_in_text import identifiers_in
from iww_analysis.tables.interviews import DOCUMENTS, TABLES, WHERE


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of coded interviews; `raw`: table -> records as text, with their rows.

    A quote that nobody cleared is not kept; one that seems to hold an identifier is not kept either, cleared or not:
    identifier_in_text (cell). The words stay in the raw file, where trace finds them again.
    """
    named = next((raw[name] for name in ("judgements", "codings") if name in raw), None)
    if named is not None and "documents" not in raw:
        keep = ["source_id", "source_row", *DOCUMENTS.inherits]
        raw = {**raw, "documents": named[[c for c in keep if c in named]].drop_duplicates()}
    cleaned = clean_tables(TABLES, raw, context)
    if "segments" in cleaned:
        cleaned["segments"] = _only_cleared(cleaned["segments"])
    return cleaned


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Drop the interviews without a name of which the same voice on the same case has one with a name. Finds no problems.

    Needs all sheets of a source: judgements (that name no document) and codings can stand in different files.
    """
    if "documents" not in records:
        return {}, NONE_FOUND
    documents = records["documents"]
    named = documents[documents["document"].notna()]
    again = documents["document"].isna() & pd.MultiIndex.from_frame(documents[[*WHERE]]).isin(
        pd.MultiIndex.from_frame(named[[*WHERE]])
    )
    return {"documents": documents[~again]}, NONE_FOUND


def _only_cleared(cleaned: Cleaned) -> Cleaned:
    segments = cleaned.records.copy()
    telling = segments["quote"].map(identifiers_in, na_action="ignore").map(bool, na_action="ignore").eq(True)
    problems = problems_of("segments", "quote", segments[telling], "identifier_in_text", "cell")
    segments["quote"] = segments["quote"].where(segments["cleared"].eq("yes") & ~telling)
    return with_records(cleaned, segments, problems)
