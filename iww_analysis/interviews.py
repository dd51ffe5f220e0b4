"""Hold coded interviews: who said what of which element in which case."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis import privacy
from iww_analysis.schema.clean import Cleaned, Context, clean_tables, found, with_records
from iww_analysis.schema.tables import Column, Table

_TEAM = Column("team", "label", "team", "Team whose case it is.", required=True)
_CASE_ID = Column("case_id", "key", "casus", "The case that the interview is about.", required=True)
_PERSPECTIVE = Column("perspective", "code", "perspectief", "Whose voice this is.", "perspective", required=True)
_ELEMENT = Column(
    "element", "code", "werkzaam element", "Working element of integrated work.", "working_element", required=True
)

DOCUMENTS = Table(
    "documents", "documenten", "interview", key=("team", "case_id", "perspective"), inherits=("team", "case_id", "perspective"),
    columns=(
        _TEAM, _CASE_ID, _PERSPECTIVE,
        Column("date", "date", "datum interview", "Day of the interview."),
    ),
)  # fmt: skip

JUDGEMENTS = Table(
    "judgements", "oordelen", "case, element and perspective", key=("team", "case_id", "perspective", "element"),
    inherits=("team", "case_id", "perspective", "element"),
    columns=(
        _TEAM, _CASE_ID, _PERSPECTIVE, _ELEMENT,
        Column("present", "code", "aanwezig", "Whether the element was there, in this voice.", "judgement",
               trap="Not discussed is not no."),
        Column("contribution", "code", "bijdrage", "Whether it helped or hindered, in this voice.", "contribution"),
    ),
)  # fmt: skip

SEGMENTS = Table(
    "segments", "fragmenten", "coded fragment", key=("source_id", "source_row", "element"),
    inherits=("team", "case_id", "perspective", "element"),
    needs=('quote',),
    columns=(
        _TEAM, _CASE_ID, _PERSPECTIVE, _ELEMENT,
        Column("quote", "quote", "citaat", "What was said; kept only when cleared."),
        Column("cleared", "code", "citaat vrijgegeven", "Whether a person cleared the quote for publication.", "yes_no"),
    ),
)  # fmt: skip

TABLES = (DOCUMENTS, JUDGEMENTS, SEGMENTS)


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of coded interviews; `raw`: table -> records as text, with their rows.

    A quote that nobody cleared is not kept; one that seems to hold an identifier is not kept either, cleared or not:
    identifier_in_text (cell). The words stay in the raw file, where trace finds them again.
    """
    if "judgements" in raw and "documents" not in raw:
        keep = ["source_id", "source_row", *DOCUMENTS.inherits]
        raw = {**raw, "documents": raw["judgements"][[c for c in keep if c in raw["judgements"]]].drop_duplicates()}
    cleaned = clean_tables(TABLES, raw, context)
    if "segments" in cleaned:
        cleaned["segments"] = _only_cleared(cleaned["segments"])
    return cleaned


def _only_cleared(cleaned: Cleaned) -> Cleaned:
    segments = cleaned.records.copy()
    telling = segments["quote"].map(privacy.identifiers_in, na_action="ignore").map(bool, na_action="ignore").eq(True)
    problems = found("segments", "quote", segments[telling], "identifier_in_text", "cell")
    segments["quote"] = segments["quote"].where(segments["cleared"].eq("yes") & ~telling)
    return with_records(cleaned, segments, problems)
