"""Hold meetings and who came, what was observed there, and the themes that were raised."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.schema.clean import PLACE, Cleaned, Context, clean_tables, found, is_missing, with_records
from iww_analysis.schema.tables import Column, Table

_CASE_ID = Column("case_id", "key", "casusnummer", "The case that was discussed; empty for a session of teams.")
_TEAM = Column("team", "label", "team", "Team that met.")
_SESSION = Column("session", "label", "sessie", "Name or number of a session that is about no single case.")
_MUNICIPALITY = Column("municipality", "code", "gemeente", "Municipality that it is about.", "municipality")
_KIND = Column("kind", "code", "soort bijeenkomst", "Kind of meeting.", "meeting_kind", required=True)

MEETINGS = Table(
    "meetings", "bijeenkomsten", "meeting", key=("case_id", "team", "session", "kind", "date"),
    inherits=("case_id", "team", "session"),
    needs=('date', 'held', 'reason_not_held'),
    columns=(
        Column("meeting_id", "label", "bijeenkomst", "The meeting: case, session or team, kind and day; made while reading."),
        _CASE_ID, _TEAM, _SESSION, _KIND,
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

OBSERVATIONS = Table(
    "observations", "observaties", "item of an observation form", key=("meeting", "form", "item", "observer"),
    columns=(
        _MUNICIPALITY, _TEAM, _CASE_ID,
        Column("meeting", "label", "bijeenkomst", "The meeting that was observed, by its invented name.", required=True),
        Column("date", "date", "datum observatie", "Day of the meeting."),
        Column("form", "label", "formulier", "Observation form and version."),
        Column("item", "label", "item", "What was looked at, in the form's own words.", required=True),
        Column("value", "integer", "score", "Score on the item.", unit="level (ordinal)", low=0, high=100,
               trap="Ordinal, on the form's own scale: no means over items."),
        Column("scale_low", "integer", "schaal van", "Lowest level of the item.", unit="level (ordinal)", low=0, high=100),
        Column("scale_high", "integer", "schaal tot", "Highest level of the item.", unit="level (ordinal)", low=0, high=100),
        Column("observer", "person", "observator", "Who observed, as a number."),
    ),
)  # fmt: skip

THEMES = Table(
    "themes", "thema's", "theme raised", key=("municipality", "team", "session", "case_id", "kind", "theme", "raised_by"),
    inherits=("team", "session", "case_id", "municipality"), needs=("theme",),
    columns=(
        _MUNICIPALITY, _TEAM, _SESSION, _CASE_ID,
        Column("date", "date", "datum", "Day on which it was raised."),
        Column("kind", "code", "soort thema", "Where the theme belongs.", "theme_kind", required=True),
        Column("theme", "label", "thema", "What was raised, in a few words.", required=True),
        Column("finding", "label", "bevinding", "What came of it, in one sentence."),
        Column("raised_by", "code", "ingebracht door", "Who raised it.", "perspective"),
    ),
)  # fmt: skip

TABLES = (MEETINGS, ATTENDANCES, OBSERVATIONS, THEMES)


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of meetings and who came; `raw`: table -> records as text, with their rows.

    Where a form does not say whether a meeting was held, a reason against it means no and a date means yes.
    A meeting after the extraction date was planned, not held: after_extraction (note), held becomes no.
    A meeting about a case must name it, another one a session or team: missing_required (row).
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
    case, session, team = (meetings[name].astype("str") for name in ("case_id", "session", "team"))
    about = case.fillna(session).fillna(team)
    meetings["meeting_id"] = about.fillna("") + "/" + meetings["kind"].astype("str") + "/" + day
    of_a_case = meetings["kind"].map({v.code: v.extra["of_a_case"] for v in KINDS.values}).eq(True)
    nobody = about.isna() | (of_a_case & meetings["case_id"].isna())
    return with_records(
        cleaned, meetings,
        found("meetings", "case_id", meetings[nobody], "missing_required", "row"),
        found("meetings", "date", meetings[planned], "after_extraction", "note"),
    )  # fmt: skip


def _placed(cleaned: Cleaned, meetings: pd.DataFrame) -> Cleaned:
    """Tie each attendance to the meeting on the same row (and of the same kind, where the form tells kinds apart)."""
    came = cleaned.records.drop(columns=["meeting_id"])
    told = ~is_missing(came["kind"]).any()
    on = [*PLACE, "kind"] if told else PLACE
    came = came if told else came.drop(columns="kind")
    known = meetings[[*PLACE, "kind", "meeting_id"]].drop_duplicates(on)
    came = came.merge(known, on=on, how="left", validate="many_to_one").set_axis(came.index)
    came["sector"] = (
        came["party"]
        .astype("str")
        .map({v.code: v.extra["sector"] for v in PARTIES.values})
        .fillna("not_recorded")
        .astype("str")
    )
    return with_records(cleaned, came)


PARTIES = vocabulary.read("party")
KINDS = vocabulary.read("meeting_kind")
