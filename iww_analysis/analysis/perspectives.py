"""Ask what client and professional say of the same case, and what a team expects of its own way of working."""

from iww_analysis.schema.finding import Finding, ask
from iww_analysis.schema.question import Derive, Question, Statistic, Where
from iww_analysis.study import Study


def same_case(study: Study) -> Finding:
    """F12: per team, case, element and perspective whether the element was there and whether it helped.

    `present` and `contribution` are codes, not counts; not_discussed is not no.
    """
    chosen = study.only(*study.with_table("judgements"))
    question = Question(
        "judgements", "judgements", "n_judgements", ("team", "case", "element", "perspective"),
        derive={"case": Derive("same", ("case_id",))},
        numbers={"present": Statistic("first", "present"), "contribution": Statistic("first", "contribution")},
    )  # fmt: skip
    return ask("F12", [question], chosen.tables, synthetic=study.synthetic).with_caveat("cases_selected")


def effect_arena(study: Study) -> Finding:
    """F10: per arena its items with the number of parties that placed each, who placed what, and the lines."""
    chosen = study.only(*study.with_table("arena_nodes"))
    node = {"arena": Derive("same", ("arena_id",)), "node": Derive("same", ("node_id",))}
    line = {
        "arena": Derive("same", ("arena_id",)),
        "node": Derive("same", ("from_id",)),
        "to_node": Derive("same", ("to_id",)),
    }
    questions = [
        Question("items", "arena_nodes", "n_items", ("arena", "node", "kind"), derive=node,
                 numbers={"n_items": Statistic("units"), "label": Statistic("first", "label"), "level": Statistic("first", "level")}),
        Question("placed", "arena_nodes", "n_items", ("arena", "node", "placed_by"), derive=node,
                 where=(Where("placed_by", "known", reason="not_said_who"),)),
        Question("lines", "arena_edges", "n_lines", ("arena", "node", "to_node", "kind"), derive=line),
    ]  # fmt: skip
    return ask("F10", questions, chosen.tables, synthetic=study.synthetic).with_caveat("expectations_not_proof")
