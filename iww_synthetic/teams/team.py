"""Give what is true of two invented teams: their effect arena, what was said on their cases, what they learnt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iww_synthetic.cases.truth import Day
from iww_synthetic.chance import Chance
from iww_synthetic.settings import toml

PRESENT = {"j": "yes", "d": "partly", "n": "no", ".": "not_discussed"}
CONTRIBUTION = {"+": "helpful", "0": "neutral", "-": "hindering", ".": "not_discussed"}
EDGE_KINDS = {
    ("investor", "activity"): "invests", ("activity", "effect"): "leads_to", ("effect", "effect"): "leads_to",
    ("effect", "beneficiary"): "benefits",
}  # fmt: skip
STATUS = {"g": "observed", "v": "expected", "w": "contradicted", ".": "not_discussed"}
VOICES = ("client", "professional", "registration")


Record = Mapping[str, Any]


@dataclass(frozen=True)
class Judgement:
    """What one voice said of one element in one case."""

    case: str
    perspective: str
    day: Day
    element: str
    present: str
    contribution: str
    quote: str
    cleared: str


@dataclass(frozen=True)
class Team:
    """A team's arena and interviews. `nodes`: id -> kind, label, level, placed_by; `edges`: (from, to).

    `seed`: by which chance decides what the truth leaves open, such as the words of the interviews.
    """

    name: str
    more: Mapping[str, Any]
    nodes: Mapping[str, Mapping[str, Any]]
    edges: tuple[tuple[str, str], ...]
    judgements: tuple[Judgement, ...]
    seed: int

    @property
    def cases(self) -> tuple[str, ...]:
        """The invented labels of the cases."""
        return tuple(voice["case"] for voice in self.more["voices"])

    @property
    def themes(self) -> Mapping[str, str]:
        """What each effect is about, on the list that arenas share."""
        return dict(self.more["themes"])

    @property
    def evidence(self) -> list[Record]:
        """What each voice says of each effect in each case: node, case, voice, status."""
        return [
            {"node": node, "case": case, "voice": voice, "status": STATUS[sign]}
            for node, said in self.more["evidence"].items()
            for voice, signs in zip(VOICES, said, strict=True)
            for case, sign in zip(self.cases, signs, strict=True)
        ]

    @property
    def outcomes(self) -> list[Record]:
        """What came of each case, according to whom."""
        return [
            {"case": entry["case"], "day": entry["day"], "according_to": by, "level": level, "outcome": outcome,
             "direction": direction}
            for entry in self.more["outcomes"] for by, level, outcome, direction in entry["told"]
        ]  # fmt: skip

    @property
    def needs(self) -> list[Record]:
        """What the team wants to learn, in its own order, and what the closing session laid beside it."""
        return [
            {"priority": priority, "need": entry["need"], "finding": finding, "element": element or None}
            for priority, entry in enumerate(self.more["needs"], start=1)
            for element, finding in entry["findings"]
        ]

    @property
    def meetings(self) -> list[Record]:
        """The sessions of the team: kind, day, parties."""
        return list(self.more["meetings"])

    def edge_kind(self, edge: tuple[str, str]) -> str:
        """Say what a line means, from the kinds of the items at both ends."""
        return EDGE_KINDS[self.nodes[edge[0]]["kind"], self.nodes[edge[1]]["kind"]]


def team(name: str, seed: int) -> Team:
    """Give what is true of a team. Chance only decides which quotes are used and cleared."""
    more = toml("teams.toml")[name]
    edges = tuple((start, end) for start, ends in more["edges"].items() for end in ends)
    return Team(name, more, more["nodes"], edges, tuple(_judgements(more, Chance(seed, f"truth {name}"))), seed)


def _judgements(more: Mapping[str, Any], chance: Chance) -> list[Judgement]:
    left: dict[tuple[str, str, str], list[str]] = {}
    out = []
    for voice in more["voices"]:
        for perspective in ("client", "professional"):
            said = voice[perspective]
            for element, present, contribution in zip(
                toml("teams.toml")["elements"], said["present"], said["contribution"], strict=True
            ):
                quote = _quote(left, (element, perspective, PRESENT[present]), more["team"], chance)
                cleared = ("yes" if chance.yes(0.75) else "no") if quote else "not_applicable"
                out.append(Judgement(voice["case"], perspective, said["day"], element, PRESENT[present],
                                     CONTRIBUTION[contribution], quote, cleared))  # fmt: skip
    return out


def _quote(left: dict[tuple[str, str, str], list[str]], said: tuple[str, str, str], team: str, chance: Chance) -> str:
    """Give a quote that was not used yet; the first half of a list belongs to one team, the rest to the other."""
    element, perspective, present = said
    every = toml("quotes.toml")[element][perspective].get(present, [])
    half = (len(every) + 1) // 2
    mine = left.setdefault(said, every[:half] if team == "Team Noord" else every[half:])
    return mine.pop(chance.between(0, len(mine) - 1)) if mine else ""
