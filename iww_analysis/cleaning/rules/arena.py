"""Apply the rules of effect arenas: records in, clean records and what is wrong with them out."""

import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.cleaning.clean import PLACE, Cleaned, Context, clean_tables, join, problems_of

ITEM = r"^\s*(?P<node_id>[A-Za-z]+\d+)\s*[.:)\-]?\s+(?P<label>.+)$"
NUMBER = r"[A-Za-z]+\d+"
UNTIL, AND = r"\s*(?:t\s*/?\s*m|tot en met|-|–)\s*", r"\s*(?:en|and|plus|[&+/,;.]|)\s*"
NUMBERS = re.compile(
    rf"{NUMBER}(?:{UNTIL}{NUMBER})?(?:{AND}{NUMBER}(?:{UNTIL}{NUMBER})?)+|{NUMBER}{UNTIL}{NUMBER}", re.IGNORECASE
)
ARROW = re.compile(r"[→➔➜⇒⟶]|[-=–]*>")
RANGE = re.compile(rf"([A-Za-z]+)(\d+)(?:{UNTIL}([A-Za-z]+)(\d+))?", re.IGNORECASE)
OURS = "?"  # before the words of an item that has no number, until all sheets of its arena are together
ITS_ITEM = "?ITEM"  # where a line begins that stands beside an item without a number
LETTERS = {"investor": "I", "activity": "A", "effect": "E", "beneficiary": "B"}  # of the numbers that we give
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

    A cell such as "A1 joint intake" is taken apart into number and text, arrows such as "A4 t/m A6", "E5 en E8" and "I3I4" into
    one line each. An item without a number is known by its words. What a line means follows from the items at its ends: see
    `settle`, which needs all sheets of an arena together.
    """
    raw = dict(raw)
    if "arena_nodes" in raw and "item" in raw["arena_nodes"]:
        written = raw["arena_nodes"]["item"].astype("str")
        parts = written.str.extract(ITEM)
        parts["label"] = parts["label"].fillna(written)
        raw["arena_nodes"] = raw["arena_nodes"].assign(**parts.fillna("").astype("str"))
    if {"arena_nodes", "arena_edges"} <= raw.keys():  # lines beside items: a row can make several
        raw["arena_edges"] = _beside_items(raw["arena_edges"])
    for name in ("arena_nodes", "arena_edges"):
        if name in raw and "arenas" not in raw and set(ARENA) <= set(raw[name]):
            raw["arenas"] = raw[name][[*PLACE, *ARENA]].drop_duplicates(ARENA)
    cleaned = clean_tables("arena", raw, context)
    for name in UPPER.keys() & cleaned.keys():
        records = cleaned[name].records
        numbers = {column: records[column].astype("str").str.upper() for column in UPPER[name]}
        cleaned[name] = cleaned[name].with_records(records.assign(**numbers))
    if "arena_nodes" in cleaned:
        items = cleaned["arena_nodes"].records
        words = items["label"].map(vocabulary.key, na_action="ignore").astype("str")
        ours = OURS + items["kind"].astype("str") + " " + words
        items = items.assign(node_id=items["node_id"].fillna(ours))
        cleaned["arena_nodes"] = cleaned["arena_nodes"].with_records(items)
        if "arena_edges" in cleaned:
            lines = cleaned["arena_edges"].records
            of_row = items.drop_duplicates("source_row").set_index("source_row")["node_id"]
            begins = lines["from_id"].where(~lines["from_id"].eq(ITS_ITEM), lines["source_row"].map(of_row))
            cleaned["arena_edges"] = cleaned["arena_edges"].with_records(lines.assign(from_id=begins))
    return cleaned


def _beside_items(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines of which each has one end, and begins at the item of its row where that has no number."""
    if "from_id" in lines:
        begins = lines["from_id"].astype("str")
        lines = lines.assign(from_id=begins.where(begins.str.strip() != "", ITS_ITEM))
    if "to_id" in lines:
        ends = lines["to_id"].astype("str").map(_numbers)
        lines = lines.assign(to_id=ends).explode("to_id", ignore_index=True).astype({"to_id": "str"})
    return lines


def _numbers(text: str) -> list[str]:
    """The numbers that one arrow points at: those from and until included; a text that is none stays as it is."""
    bare = ARROW.sub(" ", text).strip()
    if not re.fullmatch(NUMBER, bare) and not NUMBERS.fullmatch(bare):
        return [text]
    found = []
    for letter, first, until, last in RANGE.findall(bare):
        whole = range(int(first), int(last) + 1) if last and until.upper() == letter.upper() else [int(first)]
        found += [f"{letter}{n}" for n in whole]
    return found


def settle(records: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Say what each line means by the items at its ends; a line or evidence to no such item is left out.

    Needs all sheets of an arena. An item without a number gets one of ours. Problems: dangling_line, unknown_effect (cell),
    line_of_no_kind, numbered_here (note). A line runs from investor to activity, from activity or effect to effect, or from
    effect to beneficiary.
    """
    settled: dict[str, pd.DataFrame] = {}
    problems = []
    kinds: dict[object, str] = {}
    if "arena_nodes" in records:
        numbers = _numbers_of_ours(records["arena_nodes"])
        if numbers:
            every = records["arena_nodes"]
            unnumbered = every["node_id"].astype("str").str.startswith(OURS)
            problems.append(problems_of("arena_nodes", "node_id", every[unnumbered], "numbered_here", "note"))
            settled["arena_nodes"] = _numbered(every, "node_id", numbers)
            if "arena_edges" in records:
                settled["arena_edges"] = _numbered(records["arena_edges"], "from_id", numbers)
        records = {**records, **settled}
        items = records["arena_nodes"].drop_duplicates([*ARENA, "node_id"])
        kinds = items.set_index([*ARENA, "node_id"])["kind"].to_dict()

    def kinds_of(frame: pd.DataFrame, column: str) -> list[str | None]:
        return [kinds.get(place) for place in frame[[*ARENA, column]].itertuples(index=False, name=None)]

    if "arena_edges" in records:
        edges = _one_by_one(records["arena_edges"], records["arena_nodes"]) if kinds else records["arena_edges"]
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


def _one_by_one(lines: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Lines of one item to one item: on a sheet of lines alone an end can name several, or say an item in its words."""
    places = items[[*ARENA, "node_id", "label"]].drop_duplicates([*ARENA, "node_id"])
    known = {place: place[-1] for place in places[[*ARENA, "node_id"]].itertuples(index=False, name=None)}
    words = places.assign(label=places["label"].astype("str").map(vocabulary.key))
    words = words.drop_duplicates([*ARENA, "label"], keep=False)
    by_words = {(team, arena, label): number for team, arena, number, label in words.itertuples(index=False, name=None)}

    def number_of(place: tuple[str, str, str]) -> str:
        team, arena, text = place
        numbered = re.match(ITEM, text)
        names = [
            place,
            *([(team, arena, numbered["node_id"])] if numbered else []),
            (team, arena, vocabulary.key(text)),
        ]
        return str(next((n for name in names if (n := known.get(name) or by_words.get(name))), text))

    for column in ("from_id", "to_id"):
        ends = lines[column].astype("str").map(_numbers)
        lines = lines.assign(**{column: ends}).explode(column, ignore_index=True).astype({column: "str"})
        of_place = lines[[*ARENA, column]].itertuples(index=False, name=None)
        lines = lines.assign(**{column: pd.Series(map(number_of, of_place), lines.index, dtype="str")})
    return lines


def _numbers_of_ours(items: pd.DataFrame) -> dict[tuple[object, ...], str]:
    """Give items without a number one after those of their arena: (team, arena, words) -> number, in the order of the rows."""
    places = items[[*ARENA, "node_id", "kind"]].astype("str").drop_duplicates([*ARENA, "node_id"])
    last: Counter[tuple[str, ...]] = Counter()
    for team, arena, number, _ in places.itertuples(index=False, name=None):
        if match := re.fullmatch(r"([A-Z]+)(\d+)", number):
            last[team, arena, match[1]] = max(last[team, arena, match[1]], int(match[2]))
    numbers: dict[tuple[object, ...], str] = {}
    for team, arena, words, kind in places.itertuples(index=False, name=None):
        if words.startswith(OURS):
            letter = LETTERS.get(kind, "X")
            last[team, arena, letter] += 1
            numbers[team, arena, words] = f"{letter}{last[team, arena, letter]}"
    return numbers


def _numbered(records: pd.DataFrame, column: str, numbers: Mapping[tuple[object, ...], str]) -> pd.DataFrame:
    keys = records[[*ARENA, column]].astype("str").itertuples(index=False, name=None)
    return records.assign(
        **{column: pd.Series([numbers.get(key, key[-1]) for key in keys], records.index, dtype="str")}
    )
