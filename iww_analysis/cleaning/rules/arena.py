"""Apply the rules of effect arenas: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis.cleaning.clean import PROBLEM_COLUMNS, Cleaned, Context, clean_tables, join, problems_of, with_records
from iww_analysis.tables.arena import TABLES

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
        settled["arena_edges"], of_edges = _tied(records["arena_edges"], kinds)
        problems += of_edges
    if "arena_evidence" in records:
        evidence = records["arena_evidence"]
        effect = _kind_of(evidence, "node_id", kinds).eq("effect")
        settled["arena_evidence"] = evidence[effect]
        problems.append(problems_of("arena_evidence", "node_id", evidence[~effect], "unknown_effect", "cell"))
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
        problems_of("arena_edges", "to_id", tied[dangling], "dangling_line", "cell"),
        problems_of("arena_edges", "kind", tied[odd], "line_of_no_kind", "note"),
    ]
