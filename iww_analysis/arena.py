"""Hold effect arenas as typed graphs: who invests in which activity, to what effect, for whose benefit."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis.schema.clean import PROBLEM_COLUMNS, Cleaned, Context, clean_tables, found, join, with_records
from iww_analysis.schema.tables import Column, Table

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

ITEM = r"^\s*(?P<node_id>[A-Za-z]+\d+)\s*[.:)\-]?\s+(?P<label>.+)$"
ARENA = ["team", "arena_id"]
UPPER = {"arena_nodes": ["node_id"], "arena_edges": ["from_id", "to_id"], "arena_evidence": ["node_id"]}
EDGE_KINDS = {
    ("investor", "activity"): "invests",
    ("activity", "effect"): "leads_to",
    ("effect", "effect"): "leads_to",
    ("effect", "beneficiary"): "benefits",
}


def clean(raw: Mapping[str, pd.DataFrame], context: Context) -> dict[str, Cleaned]:
    """Clean a batch of effect arenas; `raw`: table -> records as text, with their rows.

    A cell such as "A1 joint intake" is taken apart into number and text. What a line means follows from the items
    at its ends: see `settle`, which needs all sheets of an arena together.
    """
    raw = dict(raw)
    if "arena_nodes" in raw and "item" in raw["arena_nodes"]:
        raw["arena_nodes"] = _numbered(raw["arena_nodes"])
    for name in ("arena_nodes", "arena_edges"):
        if name in raw and "arenas" not in raw and {"team", "arena_id"} <= set(raw[name]):
            raw["arenas"] = raw[name][["source_id", "source_row", "team", "arena_id"]].drop_duplicates(
                ["team", "arena_id"]
            )
    cleaned = clean_tables(TABLES, raw, context)
    for name, columns in UPPER.items():
        if name in cleaned:
            records = cleaned[name].records
            cleaned[name] = with_records(
                cleaned[name], records.assign(**{c: records[c].astype("str").str.upper() for c in columns})
            )
    return cleaned


def _numbered(nodes: pd.DataFrame) -> pd.DataFrame:
    items = nodes["item"].astype("str")
    apart = items.str.extract(ITEM)
    whole = apart["node_id"].isna()
    return nodes.assign(node_id=apart["node_id"].mask(whole, "").astype("str"),
                        label=apart["label"].mask(whole, items).astype("str"))  # fmt: skip


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Say what each line means by the items at its ends; a line or evidence to no such item is left out.

    Needs all sheets of an arena. Problems: dangling_line, unknown_effect (cell), line_of_no_kind (note). A line runs
    from investor to activity, from activity or effect to effect, or from effect to beneficiary.
    """
    kinds: dict[object, str] = {}
    if "arena_nodes" in records:
        items = records["arena_nodes"].drop_duplicates([*ARENA, "node_id"])
        kinds = items.set_index([*ARENA, "node_id"])["kind"].to_dict()
    settled, problems = {}, []
    if "arena_edges" in records:
        settled["arena_edges"], found_here = _tied(records["arena_edges"], kinds)
        problems += found_here
    if "arena_evidence" in records:
        evidence = records["arena_evidence"]
        effect = _kind_of(evidence, "node_id", kinds).eq("effect")
        settled["arena_evidence"] = evidence[effect]
        problems.append(found("arena_evidence", "node_id", evidence[~effect], "unknown_effect", "cell"))
    return settled, join(problems, PROBLEM_COLUMNS)


def _kind_of(records: pd.DataFrame, column: str, kinds: Mapping[object, str]) -> pd.Series:
    places = records[[*ARENA, column]].itertuples(index=False, name=None)
    return pd.Series([kinds.get(place) for place in places], index=records.index, dtype="object")


def _tied(edges: pd.DataFrame, kinds: Mapping[object, str]) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    ends = [_kind_of(edges, end, kinds) for end in ("from_id", "to_id")]
    pairs = list(zip(*ends, strict=True))
    tied = edges.assign(kind=[EDGE_KINDS.get(pair, "other") for pair in pairs]).astype({"kind": "str"})
    dangling = pd.Series([None in pair for pair in pairs], index=edges.index, dtype=bool)
    odd = tied["kind"].eq("other") & ~dangling
    return tied[~dangling], [
        found("arena_edges", "to_id", tied[dangling], "dangling_line", "cell"),
        found("arena_edges", "kind", tied[odd], "line_of_no_kind", "note"),
    ]
