"""Lay several effect arenas over one another: what they share, what is contested, and which lines are missing."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from iww_analysis import vocabulary
from iww_analysis.analysis.study import Study

_THEMES = [code for code in vocabulary.read("arena_theme").codes if code != "other_theme"]
_NODE = ["source", "team", "arena_id", "node_id"]
Node = tuple[str, ...]
Ends = dict[Node, list[tuple[Node, str]]]  # item -> the items to which its lines lead, with their kinds


@dataclass(frozen=True)
class Merged:
    """What several arenas say together. What they expect is no proof of effect.

    `themes`: per shared theme the arenas that expect it; `contested`: effects that at least one voice contradicted, with who
    saw them; `orphans`: activities without a line to an effect; `for_nobody`: effects without a line to a beneficiary.
    `of`: how many effects were looked for, and how many activities and effects there are.
    """

    themes: pd.DataFrame
    contested: pd.DataFrame
    orphans: pd.DataFrame
    for_nobody: pd.DataFrame
    of: dict[str, int]

    @property
    def parts(self) -> dict[str, pd.DataFrame]:
        """The four tables by name."""
        return {name: getattr(self, name) for name in ("themes", "contested", "orphans", "for_nobody")}

    def sentences(self, lang: str = "nl") -> list[str]:
        """What each table comes to, in one sentence."""
        several = int((self.themes["n_arenas"] > 1).sum())
        also = int((self.contested["observed_by"] != "").sum())
        gaps = {"several": several, "unique": len(self.themes) - several, "also": also}
        templates = {name: str(_texts()["sentence"][name][lang]) for name in self.parts}
        counts = {name: {"n": len(table), "of": self.of.get(name, 0)} for name, table in self.parts.items()}
        return [template.format(**counts[name], **gaps) for name, template in templates.items()]

    def table(self, name: str, lang: str = "nl") -> pd.DataFrame:
        """One of the tables with headings, themes and voices in words."""
        frame = self.parts[name].copy()
        if "theme" in frame:
            frame["theme"] = [vocabulary.read("arena_theme").label(code, lang) for code in frame["theme"]]
        for column in ("observed_by", "contradicted_by"):
            if column in frame:
                frame[column] = [_voices(codes, lang) for codes in frame[column]]
        return frame.rename(columns={column: heading[lang] for column, heading in _texts()["column"].items()})

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def _repr_html_(self) -> str:
        return "".join(
            f"<h4>{_texts()['section'][name]['nl']}</h4><p>{sentence}</p>" + self.table(name).to_html(index=False)
            for name, sentence in zip(self.parts, self.sentences(), strict=True)
        )


def merged(study: Study) -> Merged:
    """Lay all arenas of a study over one another, by the themes that they share.

    An effect is contested when a voice (client, professional, registration) contradicted it in a case. Effects of theme
    `other_theme` share nothing. A line counts from the activity to any effect, and from the effect, straight or through
    other effects, to any beneficiary.
    """
    nodes, evidence = study["arena_nodes"].drop_duplicates(_NODE), study["arena_evidence"]
    effects, activities = nodes[nodes["kind"] == "effect"], nodes[nodes["kind"] == "activity"]
    shared = effects[effects["shared"].isin(_THEMES)].assign(items=lambda f: f["arena_id"] + " " + f["node_id"])
    themes = shared.groupby("shared").agg(
        n_arenas=("arena_id", "nunique"), arenas=("arena_id", _list), items=("items", _list)
    )
    in_order = [code for code in _THEMES if code in themes.index]
    contradicted, observed = (
        evidence[evidence["status"] == status].groupby(_NODE)["voice"].agg(_list).reset_index(name=f"{status}_by")
        for status in ("contradicted", "observed")
    )
    contested = effects.merge(contradicted, on=_NODE).merge(observed, on=_NODE, how="left").fillna({"observed_by": ""})
    ends = _ends(study)
    return Merged(
        themes.reindex(in_order).rename_axis("theme").reset_index(),
        _named(contested, "contradicted_by", "observed_by"),
        _named(_without(activities, "effect", ends)),
        _named(_without(effects, "beneficiary", ends)),
        {
            "contested": len(effects.merge(evidence[_NODE].drop_duplicates())),
            "orphans": len(activities),
            "for_nobody": len(effects),
        },
    )


def _named(nodes: pd.DataFrame, *more: str) -> pd.DataFrame:
    """Items by their arena, number and words, in the order of the arena."""
    number = nodes["node_id"].str.extract(r"(\d+)$")[0].astype("Int64")
    ordered = nodes.assign(number=number).sort_values(["arena_id", "number", "node_id"])
    named = ordered[["arena_id", "node_id", "label", *more]].rename(columns={"arena_id": "arena", "node_id": "node"})
    return named.reset_index(drop=True)


def _without(nodes: pd.DataFrame, kind: str, ends: Ends) -> pd.DataFrame:
    """The items from which no line leads to one of this kind, straight or through effects."""

    def reaches(start: Node) -> bool:
        seen, todo = {start}, [start]
        while todo:
            for node, kind_there in ends.get(todo.pop(), []):
                if kind_there == kind:
                    return True
                if kind_there == "effect" and node not in seen:
                    seen.add(node)
                    todo.append(node)
        return False

    lost = [not reaches(node) for node in nodes[_NODE].itertuples(index=False, name=None)]
    return nodes[pd.Series(lost, index=nodes.index, dtype=bool)]


def _ends(study: Study) -> Ends:
    """Where the lines from each item lead: the item there and its kind."""
    nodes, edges = study["arena_nodes"][[*_NODE, "kind"]], study["arena_edges"][[*_NODE[:3], "from_id", "to_id"]]
    kinds = {tuple(node): kind for *node, kind in nodes.itertuples(index=False, name=None)}
    out: Ends = {}
    for *place, start, end in edges.itertuples(index=False, name=None):
        out.setdefault((*place, start), []).append(((*place, end), kinds.get((*place, end), "")))
    return out


def _list(values: pd.Series) -> str:
    return ", ".join(sorted(set(values)))


def _voices(codes: str, lang: str) -> str:
    return ", ".join(vocabulary.read("voice").label(code, lang) for code in codes.split(", ") if code)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("arenas.toml").read_text(encoding="utf-8"))
