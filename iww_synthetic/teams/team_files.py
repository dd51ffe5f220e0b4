"""Write down what two invented teams laid on their effect arena, and what was said in the interviews."""

from collections.abc import Mapping, Sequence
from typing import Any

from iww_synthetic.chance import Chance
from iww_synthetic.files import qda, workbook
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Cell, Sheet
from iww_synthetic.files.workbook import Page
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import deliveries, words
from iww_synthetic.teams import evidence, team_interviews
from iww_synthetic.teams.team import Team

SOFT_RETURN = "\n"


def files(it: Team, seed: int) -> list[File]:
    """Give the files of a team. What was added later has a pen of its own, so that the older files keep their mess."""
    pen, later = (
        Pen(Chance(seed, f"{name} {it.name}"), words(it.name), {"text": 50, "month": 30, "cell": 20}, noise=0.05)
        for name in ("mess", "later mess")
    )
    [delivery] = deliveries(it.more)
    if it.name == "wijkteam-zuid":
        return _zuid(it, pen, later) + evidence.texts(it, later)
    project = qda.project(team_interviews.documents(it), team_interviews.codebook(), "atlasti")
    coded = File(delivery, "interviews team noord.qdpx", project, team_interviews.sheets(it))
    return [*_noord(it, pen, later), *evidence.workbooks(it, later), coded]


# ---- Noord: one line per item, lines as a list behind it -----------------------------------------------------------


def _noord(it: Team, pen: Pen, later: Pen) -> list[File]:
    arena = Sheet()
    arena.add([f"Effectenarena {it.more['team']}"], "title")
    arena.add(["Overgenomen van de foto van de flap"], "title")
    arena.add([], "empty")
    arena.add(["Nr", "Soort", "Omschrijving", "Niveau", "Geplaatst door", "Leidt tot / naar", "Thema"], "header")
    merged, start = workbook.title_areas(7, 2), len(arena.lines) + 1
    kinds = list(it.nodes.values())
    for number, (node, spec) in enumerate(it.nodes.items()):
        first = number == 0 or kinds[number - 1]["kind"] != spec["kind"]
        theme = later.word("arena_theme", it.themes[node]) if node in it.themes else ""
        arena.add([*_noord_row(it, node, spec, first, pen), theme])
    merged += _runs([spec["kind"] for spec in kinds], start)
    arena.add([], "empty")
    arena.add(
        ["* Bron: werkbijeenkomst met team, cliënten, ambtenaren en partners. Verwachtingen, geen bewijs."], "footnote"
    )
    interviews = _interviews(
        it, pen, ("Casus", "Perspectief", "Datum", "Element", "Aanwezig", "Bijdrage", "Citaat", "Vrijgegeven")
    )
    pages = [Page("Arena", arena, merged, widths={3: 44, 5: 28})]
    codings = [Page("Codering", interviews, workbook.title_areas(8, 1), widths={4: 28, 7: 80})]
    [delivery] = deliveries(it.more)
    return [
        File(delivery, "effectenarena team noord.xlsx", workbook.write(pages), {"Arena": arena}),
        File(delivery, "interviews team noord.xlsx", workbook.write(codings), {"Codering": interviews}),
    ]


def _noord_row(it: Team, node: str, spec: Mapping[str, Any], first: bool, pen: Pen) -> list[Cell]:
    ends = [end for start, end in it.edges if start == node]
    return [
        node, pen.word("arena_node_kind", spec["kind"]) if first else None, spec["label"],
        pen.word("effect_level", spec["level"]) if "level" in spec else "",
        pen.many("arena_party", spec["placed_by"], (", ", " / ", "; ")), pen.chance.pick((", ", ",", "; ")).join(ends),
    ]  # fmt: skip


def _runs(kinds: Sequence[str], start: int) -> list[str]:
    """Merge the cells of the second column over rows of one kind."""
    areas = []
    for kind in dict.fromkeys(kinds):
        rows = [start + i for i, k in enumerate(kinds) if k == kind]
        areas.append(f"B{rows[0]}:B{rows[-1]}")
    return areas


# ---- Zuid: one line per group, four fields with several items; lines on a second sheet ------------------------------

ZUID_FIELDS = (
    ("Investeerders", "investor", None), ("Activiteiten", "activity", None),
    ("Effecten voor bewoners", "effect", "individual"), ("Effecten voor de buurt", "effect", "neighbourhood"),
    ("Effecten voor organisaties", "effect", "organisation"), ("Effecten voor de samenleving", "effect", "society"),
    ("Incasseerders", "beneficiary", None),
)  # fmt: skip


def _zuid(it: Team, pen: Pen, later: Pen) -> list[File]:
    arena = Sheet()
    arena.add([f"Effectenarena {it.more['team']}, 3 oktober 2017"], "title")
    arena.add(["Datum", "Groep", *(heading for heading, _, _ in ZUID_FIELDS)], "header")
    groups = list(dict.fromkeys(party for spec in it.nodes.values() for party in spec["placed_by"]))
    for group in groups:
        fields: list[Cell] = [_items(it, group, kind, level, pen) for _, kind, level in ZUID_FIELDS]
        arena.add([it.more["arena_date"] if group == groups[0] else None, pen.word("arena_party", group), *fields])
    lines = Sheet()
    lines.add(["Van", "Naar"], "header")
    for node in it.nodes:
        ends = [end for start, end in it.edges if start == node]
        if ends:
            lines.add([node, pen.chance.pick((", ", " + ", "; ")).join(ends)])
    merged = [*workbook.title_areas(9, 1), f"A3:A{2 + len(groups)}"]
    themes = evidence.themes(it, later)
    pages = [
        themes,
        Page("Effectenarena", arena, merged, widths=dict.fromkeys(range(3, 10), 34)),
        Page("Lijnen", lines),
    ]
    sheets = {page.name: page.sheet for page in pages}
    interviews = _interviews(
        it, pen, ("casus", "perspectief", "gesprek", "element", "oordeel", "bijdrage", "citaat", "vrijgegeven")
    )
    [delivery] = deliveries(it.more)
    return [
        File(delivery, "arena team zuid.xlsx", workbook.write(pages), sheets),
        File(delivery, "oordelen_zuid.csv", interviews.csv(), {"": interviews}),
    ]


def _items(it: Team, group: str, kind: str, level: str | None, pen: Pen) -> str:
    items = [
        f"{node} {spec['label']}"
        for node, spec in it.nodes.items()
        if spec["kind"] == kind and spec.get("level") == level and group in spec["placed_by"]
    ]
    return pen.chance.pick((SOFT_RETURN, "; ")).join(items)


# ---- both ----------------------------------------------------------------------------------------------------------


def _interviews(it: Team, pen: Pen, headings: Sequence[str]) -> Sheet:
    sheet = Sheet()
    if it.name == "wijkteam-noord":
        sheet.add(["Oordelen per casus, element en perspectief"], "title")
    else:
        pen = Pen(pen.chance, pen.words, {"text": 1}, noise=0.04)
    sheet.add(headings, "header")
    for j in it.judgements:
        sheet.add([
            j.case, pen.word("perspective", j.perspective), pen.day(j.day), pen.word("factor", j.element),
            pen.word("judgement", j.present), pen.word("contribution", j.contribution), j.quote, pen.word("yes_no", j.cleared),
        ])  # fmt: skip
    return sheet
