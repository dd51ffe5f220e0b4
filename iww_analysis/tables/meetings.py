"""Hold meetings and who came, what was observed there, and the themes that were raised."""

from iww_analysis.tables.statement import Column, Table

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
