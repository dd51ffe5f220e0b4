"""Write the true answers on a team's evidence, outcomes, learning needs, sessions and coded interviews down."""

from typing import Any

from iww_synthetic.files.forms import as_told
from iww_synthetic.teams import team_interviews
from iww_synthetic.teams.team import Team


def answers(it: Team) -> dict[str, Any]:
    """Give what a plan says of it; a team without coded texts has no answers on them."""
    out: dict[str, Any] = {
        "evidence": as_told(it.evidence, "node", "case", "voice", "status"),
        "outcomes": as_told(it.outcomes, "case", "level", "outcome", "direction", "according_to", "day"),
        "learning_needs": as_told(it.needs, "priority", "need", "finding", "element"),
        "sessions": [{**as_told([s], "kind", "day")[0], "parties": s["parties"]} for s in it.meetings],
    }
    documents = team_interviews.documents(it)
    if documents:
        out["documents"] = [
            {"document": d.name, "case": d.case, "day": d.variables["datum"], "n_segments": len(d.segments)}
            for d in documents
        ]
        out["codes"] = team_interviews.elements(it.name)
        out["codings"] = list(team_interviews.codings(it))
    return out
