"""Hold effect arenas as typed graphs: who invests in which activity, to what effect, for whose benefit."""

from iww_analysis.tables.statement import Column, Table

_TEAM = Column("team", "label", "team", "Team whose way of working the arena maps.", required=True)
_ARENA_ID = Column("arena_id", "label", "arena", "The arena; one per group that filled it in.", required=True)

ARENAS = Table(
    "arenas", "effectenarena's", "arena", key=("team", "arena_id"), inherits=("team", "arena_id"),
    columns=(
        _TEAM, _ARENA_ID,
        Column("date", "date", "datum arena", "Day of the workshop."),
    ),
    trap="A filled arena shows what the participants expect, not proof of effect.",
)  # fmt: skip

NODES = Table(
    "arena_nodes", "onderdelen van de arena", "item and who placed it", key=("team", "arena_id", "node_id", "placed_by"),
    inherits=("team", "arena_id", "kind"),
    needs=('item', 'node_id', 'label'),
    columns=(
        _TEAM, _ARENA_ID,
        Column("item", "label", "onderdeel", "Number and text in one cell, as in 'A1 joint intake'.", transient=True),
        Column("node_id", "label", "nummer", "Number of the item within the arena, such as A1."),
        Column("kind", "code", "soort", "Investor, activity, effect or beneficiary.", "arena_node_kind", required=True),
        Column("label", "label", "omschrijving", "The item in the group's own words."),
        Column("level", "code", "niveau", "For effects: for whom it counts.", "effect_level"),
        Column("placed_by", "code", "geplaatst door", "Party that placed the item.", "arena_party"),
        Column("shared", "code", "gedeeld thema", "What the item is about, on the list that arenas share.", "arena_theme"),
    ),
    trap="One line per item and party: count distinct items.",
)  # fmt: skip

EDGES = Table(
    "arena_edges", "lijnen in de arena", "line", key=("team", "arena_id", "from_id", "to_id"), inherits=("team", "arena_id"),
    needs=('to_id',),
    columns=(
        _TEAM, _ARENA_ID,
        Column("from_id", "label", "van", "Item where the line starts.", required=True),
        Column("to_id", "label", "naar", "Item where the line ends.", required=True),
        Column("kind", "code", "soort lijn", "Follows from the items at both ends.", "arena_edge_kind"),
    ),
)  # fmt: skip

EVIDENCE = Table(
    "arena_evidence", "toetsing van de arena", "effect, case and voice", key=("team", "arena_id", "node_id", "case_id", "voice"),
    inherits=("team", "arena_id"),
    columns=(
        _TEAM, _ARENA_ID,
        Column("node_id", "label", "nummer", "Number of the effect within the arena.", required=True),
        Column("case_id", "key", "casus", "The case in which it was looked for.", required=True),
        Column("voice", "code", "volgens", "Client, professional or registration.", "voice", required=True),
        Column("status", "code", "status", "Expected, observed, contradicted or not discussed.", "evidence_status",
               required=True, trap="Not discussed is not contradicted."),
    ),
)  # fmt: skip

LEARNING_NEEDS = Table(
    "learning_needs", "leerbehoeften", "learning need and finding", key=("team", "need", "finding"), inherits=("team",),
    columns=(
        _TEAM,
        Column("need", "label", "leerbehoefte", "What the team wants to learn.", required=True),
        Column("priority", "integer", "prioriteit", "Place in the team's own order.", unit="rank", low=1, high=50),
        Column("finding", "label", "bevinding", "What the closing session laid beside it."),
        Column("element", "code", "element", "The working element that the finding is about.", "factor"),
    ),
)  # fmt: skip

TABLES = (ARENAS, NODES, EDGES, EVIDENCE, LEARNING_NEEDS)
