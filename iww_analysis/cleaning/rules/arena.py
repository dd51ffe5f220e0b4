"""Apply the rules of effect arenas: records in, clean records and what is wrong with them out."""

from collections.abc import Mapping

import pandas as pd

from iww_analysis.cleaning.clean import PLACE, Cleaned, Context, clean_tables, join, problems_of

ITEM = r"^\s*(?P<node_id>[A-Za-z]+\d+)\s*[.:)\-]?\s+(?P<label>.+)$"
ARENA = ["team", "arena_id"]
UPPER = {"arena_nodes": ["node_id"], "arena_edges": ["from_id", "to_id"], "arena_evidence": ["node_id"]}
EDGE_KINDS: Mapping[tuple[str | None, str | None], str] = {
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
        items = raw["arena_nodes"]["item"].astype("str")
        parts = items.str.extract(ITEM)
        parts["label"] = parts["label"].fillna(items)
        raw["arena_nodes"] = raw["arena_nodes"].assign(**parts.fillna("").astype("str"))
    for name in ("arena_nodes", "arena_edges"):
        if name in raw and "arenas" not in raw and set(ARENA) <= set(raw[name]):
            raw["arenas"] = raw[name][[*PLACE, *ARENA]].drop_duplicates(ARENA)
    cleaned = clean_tables("arena", raw, context)
    for name in UPPER.keys() & cleaned.keys():
        records = cleaned[name].records
        numbers = {column: records[column].astype("str").str.upper() for column in UPPER[name]}
        cleaned[name] = cleaned[name].with_records(records.assign(**numbers))
    return cleaned


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Say what each line means by the items at its ends; a line or evidence to no such item is left out.

    Needs all sheets of an arena. Problems: dangling_line, unknown_effect (cell), line_of_no_kind (note). A line runs
    from investor to activity, from activity or effect to effect, or from effect to beneficiary.
    """
    kinds: dict[object, str] = {}
    if "arena_nodes" in records:
        items = records["arena_nodes"].drop_duplicates([*ARENA, "node_id"])
        kinds = items.set_index([*ARENA, "node_id"])["kind"].to_dict()

    def kinds_of(frame: pd.DataFrame, column: str) -> list[str | None]:
        return [kinds.get(place) for place in frame[[*ARENA, column]].itertuples(index=False, name=None)]

    settled, problems = {}, []
    if "arena_edges" in records:
        edges = records["arena_edges"]
        ends = list(zip(kinds_of(edges, "from_id"), kinds_of(edges, "to_id"), strict=True))
        edges = edges.assign(kind=pd.Series([EDGE_KINDS.get(pair, "other") for pair in ends], edges.index, dtype="str"))
        dangling = pd.Series([None in pair for pair in ends], edges.index, dtype=bool)
        odd = edges["kind"].eq("other") & ~dangling
        settled["arena_edges"] = edges[~dangling]
        problems += [
            problems_of("arena_edges", "to_id", edges[dangling], "dangling_line", "cell"),
            problems_of("arena_edges", "kind", edges[odd], "line_of_no_kind", "note"),
        ]
    if "arena_evidence" in records:
        evidence = records["arena_evidence"]
        effect = pd.Series(kinds_of(evidence, "node_id"), evidence.index, dtype="object").eq("effect")
        settled["arena_evidence"] = evidence[effect]
        problems.append(problems_of("arena_evidence", "node_id", evidence[~effect], "unknown_effect", "cell"))
    return settled, join(problems)
