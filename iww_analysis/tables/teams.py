"""Hold who works together: organisations under one name, teams, their municipalities and regions, roles and interests."""

from iww_analysis.tables.statement import Column, Table

_TEAM = Column("team", "label", "team", "Team, under its invented or public name.", required=True)
_MUNICIPALITY = Column("municipality", "code", "gemeente", "Municipality in which the team works.", "municipality")

ORGANISATIONS = Table(
    "organisations", "organisaties", "name of an organisation", key=("alias",),
    columns=(
        Column("organisation", "label", "organisatie (één naam)", "The name under which it is counted.", required=True),
        Column("alias", "label", "ook geschreven als", "A name as written in the source's other files.", required=True),
        Column("sector", "code", "sector", "Field in which the organisation works.", "organisation_sector"),
    ),
)  # fmt: skip

TEAMS = Table(
    "teams", "teams", "team", key=("team",), inherits=("team",),
    columns=(
        _TEAM, _MUNICIPALITY,
        Column("team_type", "code", "soort team", "Kind of team.", "team_type"),
        Column("mandate", "label", "opdracht en mandaat", "What the team is asked and allowed to do."),
        Column("composition", "label", "samenstelling", "Who are in the team, by profession."),
        Column("area", "label", "gebied", "Area the team works for."),
        Column("start", "date", "startdatum", "Day on which the team began."),
    ),
)  # fmt: skip

TEAM_MUNICIPALITIES = Table(
    "team_municipalities", "gemeenten per team", "municipality of a team", key=("team", "municipality"),
    inherits=("team",), needs=("municipality",),
    columns=(_TEAM, Column("municipality", "code", "gemeente", "Municipality that the team works for.", "municipality",
                           required=True)),
)  # fmt: skip

REGION_MEMBERSHIPS = Table(
    "region_memberships", "regio's van gemeenten", "municipality in a region, from day to day",
    key=("region", "municipality", "valid_from"),
    columns=(
        Column("region", "code", "regio", "The region.", "region", required=True),
        Column("municipality", "code", "gemeente", "Municipality that belongs to it.", "municipality", required=True),
        Column("valid_from", "date", "geldig van", "First day of the membership; absent where no study reaches back so far."),
        Column("valid_to", "date", "geldig tot en met", "Last day of the membership; absent while it lasts."),
    ),
    trap="Membership changes with time: Voorschoten was in Haaglanden until 2023 and is in Holland Rijnland since.",
)  # fmt: skip

ROLES = Table(
    "roles", "rollen en belangen", "party of a team", key=("team", "party"), inherits=("team",),
    columns=(
        _TEAM,
        Column("party", "code", "partij", "Municipality, practice organisation or professional.", "role_party", required=True),
        Column("role", "label", "rol", "What the party does, in its own words."),
        Column("interest", "label", "belang", "What the party has to gain or lose."),
    ),
)  # fmt: skip

TABLES = (ORGANISATIONS, TEAMS, TEAM_MUNICIPALITIES, REGION_MEMBERSHIPS, ROLES)
