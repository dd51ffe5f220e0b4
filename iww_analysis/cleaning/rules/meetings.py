"""Apply the rules of meetings: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import PLACE, Cleaned, Context, clean_tables, problems_of
from iww_analysis.tables.cells.missing import is_missing

SECTORS = {party.code: party.extra["sector"] for party in vocabulary.read("party").values}
OF_A_CASE = [kind.code for kind in vocabulary.read("meeting_kind").values if kind.extra["of_a_case"]]


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of meetings and who came; `raw`: table -> records as text, with their rows.

    Where a form does not say whether a meeting was held, a reason against it means no, and a date means yes where nobody
    wrote that it is not known.
    A meeting after the extraction date was planned, not held: after_extraction (note), held becomes no.
    A meeting about a case must name it, another one a session or team: missing_required (row).
    """
    cleaned = clean_tables("meetings", raw, context)
    if "meetings" in cleaned:
        cleaned["meetings"] = _meeting_rules(cleaned["meetings"], context)
        if "attendances" in cleaned:
            cleaned["attendances"] = _placed(cleaned["attendances"], cleaned["meetings"].records)
    return cleaned


def _meeting_rules(cleaned: Cleaned, context: Context) -> Cleaned:
    meetings = cleaned.records.copy()
    unwritten = meetings["held"].isin(["empty", "not_recorded"])
    meetings.loc[unwritten & meetings["date"].notna(), "held"] = "yes"
    meetings.loc[is_missing(cleaned.records["held"]) & ~is_missing(meetings["reason_not_held"]), "held"] = "no"
    planned = meetings["date"] > (context.extraction_date or pd.Timestamp.max)
    meetings.loc[planned, "held"] = "no"
    day = meetings["date"].dt.strftime("%Y-%m-%d").fillna("0000-00-00")
    case, session, team = (meetings[name].astype("str") for name in ("case_id", "session", "team"))
    about = case.fillna(session).fillna(team)
    meetings["meeting_id"] = about.fillna("") + "/" + meetings["kind"].astype("str") + "/" + day
    nobody = about.isna() | (meetings["kind"].isin(OF_A_CASE) & meetings["case_id"].isna())
    return cleaned.with_records(
        meetings,
        problems_of("meetings", "case_id", meetings[nobody], "missing_required", "row"),
        problems_of("meetings", "date", meetings[planned], "after_extraction", "note"),
    )


def _placed(cleaned: Cleaned, meetings: pd.DataFrame) -> Cleaned:
    """Tie each attendance to the meeting on the same row (and of the same kind, where the form tells kinds apart)."""
    came = cleaned.records.drop(columns=["meeting_id"])
    kind_known = ~is_missing(came["kind"]).any()
    on = [*PLACE, "kind"] if kind_known else PLACE
    came = came if kind_known else came.drop(columns="kind")
    known = meetings[[*PLACE, "kind", "meeting_id"]].drop_duplicates(on)
    came = came.merge(known, on=on, how="left", validate="many_to_one").set_axis(came.index)
    came["sector"] = came["party"].astype("str").map(SECTORS).fillna("not_recorded").astype("str")
    return cleaned.with_records(came)
