"""Hold meetings and who came: joint client meetings, dialogues, case discussions."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.schema.clean import PLACE, Cleaned, Context, clean_tables, found, is_missing, with_records
from iww_analysis.schema.tables import Column, Table

_CASE_ID = Column("case_id", "key", "casusnummer", "The case that was discussed.", required=True)
_KIND = Column("kind", "code", "soort bijeenkomst", "Kind of meeting.", "meeting_kind", required=True)

MEETINGS = Table(
    "meetings", "bijeenkomsten", "meeting", key=("case_id", "kind", "date"), inherits=("case_id",),
    needs=('date', 'held', 'reason_not_held'),
    columns=(
        Column("meeting_id", "label", "bijeenkomst", "The meeting: case, kind and day; made while reading."),
        _CASE_ID,
        _KIND,
        Column("date", "date", "datum bijeenkomst", "Day of the meeting."),
        Column("held", "code", "doorgegaan", "Whether the meeting took place.", "yes_no",
               trap="A date without a yes is read as held; a reason for not holding it as not held."),
        Column("reason_not_held", "code", "reden niet doorgegaan", "Why the meeting did not take place.", "dropout_reason"),
    ),
)  # fmt: skip

ATTENDANCES = Table(
    "attendances", "aanwezigen", "party at a meeting", key=("meeting_id", "party"), inherits=("case_id", "kind"),
    needs=('party',),
    columns=(
        Column("meeting_id", "label", "bijeenkomst", "The meeting."),
        _CASE_ID,
        Column("kind", "code", "soort bijeenkomst", "Kind of meeting.", "meeting_kind"),
        Column("party", "code", "aanwezige partij", "Party that was present.", "party", required=True),
        Column("sector", "code", "sector", "Side of the table the party sits on; follows from the party.", "party_sector"),
    ),
    trap="Counts parties, not people: two colleagues of one organisation are one.",
)  # fmt: skip

TABLES = (MEETINGS, ATTENDANCES)


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of meetings and who came; `raw`: table -> records as text, with their rows.

    Where a form does not say whether a meeting was held, a reason against it means no and a date means yes.
    A meeting after the extraction date was planned, not held: after_extraction (note), held becomes no.
    """
    cleaned = clean_tables(TABLES, raw, context)
    if "meetings" in cleaned:
        cleaned["meetings"] = _meeting_rules(cleaned["meetings"], context)
        if "attendances" in cleaned:
            cleaned["attendances"] = _placed(cleaned["attendances"], cleaned["meetings"].records)
    return cleaned


def _meeting_rules(cleaned: Cleaned, context: Context) -> Cleaned:
    meetings = cleaned.records.copy()
    unsaid = is_missing(meetings["held"])
    reason, dated = ~is_missing(meetings["reason_not_held"]), meetings["date"].notna()
    meetings.loc[unsaid & dated, "held"] = "yes"
    meetings.loc[unsaid & reason, "held"] = "no"
    planned = meetings["date"] > (context.extraction_date or pd.Timestamp.max)
    meetings.loc[planned, "held"] = "no"
    day = meetings["date"].dt.strftime("%Y-%m-%d").fillna("0000-00-00")
    meetings["meeting_id"] = meetings["case_id"].fillna("") + "/" + meetings["kind"] + "/" + day
    return with_records(cleaned, meetings, found("meetings", "date", meetings[planned], "after_extraction", "note"))


def _placed(cleaned: Cleaned, meetings: pd.DataFrame) -> Cleaned:
    """Tie each attendance to the meeting on the same row (and of the same kind, where the form tells kinds apart)."""
    came = cleaned.records.drop(columns=["meeting_id"])
    told = ~is_missing(came["kind"]).any()
    on = [*PLACE, "kind"] if told else PLACE
    came = came if told else came.drop(columns="kind")
    known = meetings[[*PLACE, "kind", "meeting_id"]].drop_duplicates(on)
    came = came.merge(known, on=on, how="left", validate="many_to_one").set_axis(came.index)
    came["sector"] = (
        came["party"].map({v.code: v.extra["sector"] for v in PARTIES.values}).fillna("not_recorded").astype("str")
    )
    return with_records(cleaned, came)


PARTIES = vocabulary.read("party")
