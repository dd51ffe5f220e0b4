"""Write down what was looked for on two teams' cases: the arena tested, outcomes, learning needs, sessions."""

from collections.abc import Sequence

from iww_synthetic.files import workbook
from iww_synthetic.files.forms import Field, Form
from iww_synthetic.files.mess import Pen
from iww_synthetic.files.sheet import Sheet
from iww_synthetic.files.workbook import Page
from iww_synthetic.registers.writing import File
from iww_synthetic.settings import deliveries
from iww_synthetic.teams.team import VOICES, Record, Team

# ---- Noord: workbooks with merged cells ------------------------------------------------------------------------------

TESTED = Form(
    "Toetsing", ["Toetsing van de effectenarena, Team Noord", "Per effect en casus: wat zeggen de drie stemmen?"],
    [Field("Nr", "node", merged=True), Field("Effect", "label", merged=True), Field("Casus", "case"),
     Field("Zegt cliënt", "client", "evidence_status"), Field("Zegt professional", "professional", "evidence_status"),
     Field("Staat in registratie", "registration", "evidence_status")],
    ["* Niet besproken is niet weersproken."], {2: 44},
)  # fmt: skip
OUTCOMES = Form(
    "Uitkomsten", ["Uitkomsten per casus, zoals betrokkenen ze noemden"],
    [Field("Casus", "case"), Field("Volgens", "according_to", "perspective"), Field("Niveau", "level", "outcome_level"),
     Field("Uitkomst", "outcome"), Field("Richting", "direction", "outcome_direction"), Field("Gevraagd op", "day")],
    widths={4: 52},
)  # fmt: skip
NEEDS = Form(
    "Leerbehoeften", ["Slotsessie Team Noord: wat wilden we leren, en wat vonden we?"],
    [Field("Volgorde", "priority", merged=True), Field("Leerbehoefte", "need", merged=True),
     Field("Bevinding", "finding"), Field("Element", "element", "factor")],
    ["* Volgorde zoals het team die bij de start koos."], {2: 48, 3: 70},
)  # fmt: skip
SESSIONS = Form(
    "Bijeenkomsten", ["Bijeenkomsten met Team Noord"],
    [Field("Soort bijeenkomst", "kind", "meeting_kind"), Field("Datum", "day"), Field("Aanwezig", "parties", "party")],
    widths={3: 52},
)  # fmt: skip


def workbooks(it: Team, pen: Pen) -> list[File]:
    """Give the workbooks of Team Noord: an effect that stands there twice, an outcome without a level."""
    bare = {"case": "Casus N2", "according_to": "client", "outcome": "Uitkomst zonder niveau"}
    tested, needs, sessions = _side_by_side(it), it.needs, it.meetings
    return [
        _workbook(it, "toetsing team noord.xlsx",
                  [TESTED.page(tested, pen, again=0), OUTCOMES.page(it.outcomes, pen, again=4, bare=bare)]),
        _workbook(it, "slotsessie team noord.xlsx", [NEEDS.page(needs, pen), SESSIONS.page(sessions, pen)]),
    ]  # fmt: skip


def _side_by_side(it: Team) -> list[Record]:
    """Put the voices on one effect in one case next to one another."""
    said = {(e["node"], e["case"], e["voice"]): e["status"] for e in it.evidence}
    return [
        {"node": node, "label": it.nodes[node]["label"], "case": case, **{v: said[node, case, v] for v in VOICES}}
        for node in it.themes for case in it.cases
    ]  # fmt: skip


def _workbook(it: Team, name: str, pages: Sequence[Page]) -> File:
    [delivery] = deliveries(it.more)
    return File(delivery, name, workbook.write(pages), {page.name: page.sheet for page in pages})


# ---- Zuid: text files with other words, and a sheet that gives every effect its theme ---------------------------------

THEMES = Form(
    "Thema per effect", ["Effecten met hun thema, om naast andere arena's te leggen"],
    [Field("Nr", "node"), Field("Effect", "label"), Field("Voor wie", "level", "effect_level"),
     Field("Ingebracht door", "placed_by", "arena_party"), Field("Thema", "theme", "arena_theme")],
    widths={2: 40, 4: 30, 5: 24},
)  # fmt: skip
TEXT_FORMS = {
    "toetsing_zuid.csv": [
        Field("casus", "case"), Field("effectnr", "node"), Field("stem", "voice", "voice"),
        Field("toets", "status", "evidence_status"),
    ],
    "uitkomsten_zuid.csv": [
        Field("casus", "case"), Field("wie zegt het", "according_to", "perspective"), Field("niveau", "level", "outcome_level"),
        Field("wat is er veranderd", "outcome"), Field("kant", "direction", "outcome_direction"), Field("d.d.", "day"),
    ],
    "slotsessie_zuid.csv": [
        Field("nr", "priority"), Field("wat willen we leren", "need"), Field("wat vonden we", "finding"),
        Field("gaat over", "element", "factor"),
    ],
    "bijeenkomsten_zuid.csv": [
        Field("bijeenkomst", "kind", "meeting_kind"), Field("d.d.", "day"), Field("wie waren er", "parties", "party"),
    ],
}  # fmt: skip


def themes(it: Team, pen: Pen) -> Page:
    """Write the sheet that gives every effect of Team Zuid its theme."""
    records = [{"node": node, **it.nodes[node], "theme": theme} for node, theme in it.themes.items()]
    return THEMES.page(records, pen)


def texts(it: Team, pen: Pen) -> list[File]:
    """Give the text files of Team Zuid: separated by semicolons, in the old Windows character set."""
    pen = Pen(pen.chance, pen.words, {"text": 40, "padded": 30, "month_short": 30}, noise=0.05)
    records = {
        "toetsing_zuid.csv": it.evidence, "uitkomsten_zuid.csv": it.outcomes, "slotsessie_zuid.csv": it.needs,
        "bijeenkomsten_zuid.csv": it.meetings,
    }  # fmt: skip
    return [_text(it, name, each, pen) for name, each in records.items()]


def _text(it: Team, name: str, records: Sequence[Record], pen: Pen) -> File:
    sheet = Form(name, (), TEXT_FORMS[name]).csv(records, pen)
    if name == "toetsing_zuid.csv":
        _junk(sheet)
    [delivery] = deliveries(it.more)
    return File(delivery, name, sheet.csv(), {"": sheet})


def _junk(sheet: Sheet) -> None:
    """Add the rows that are no evidence: a row twice, the headings again, no case, a cell too many, an empty line."""
    first, second = [line.cells for line in sheet.lines if line.kind == "kept"][:2]
    sheet.insert_among_kept(0.3, second, "duplicate")
    sheet.insert_among_kept(0.5, sheet.lines[0].cells, "header")
    sheet.insert_among_kept(0.6, ["", *first[1:]], "missing_required")
    sheet.insert_among_kept(0.8, [*first, "zie gesprek"], "ragged")
    sheet.add([], "empty")
