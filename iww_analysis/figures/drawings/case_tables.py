"""Draw tables that lay beside each other what is known of a case: voices, registration, meetings and outcomes."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing, rows
from iww_analysis.figures.shapes import text_table
from iww_analysis.figures.shapes.text_table import WIDTH, Paragraph, TableCell, TableLine, grouped, quiet, strong, text
from iww_analysis.messages import numbers

Marks = Mapping[str, Sequence[MarkRow]]  # question -> what it says of one case

_THEME, _NAME = 1.2, 1.34  # inches for the subjects of a description, and for the names of themes
_QUIET = {"color": style.GREY, "style": "italic"}
_VOICE = 0.19  # inches for the sign of one voice
_ELEMENT, _SOURCE = 1.35, 1.05  # inches at least for the names of elements, and for who names them
_SHAPES = {"client": "o", "professional": "s", "relative": "^"}
_FILL = {"yes": ("full", style.MAIN), "partly": ("left", style.MAIN), "no": ("full", style.PAPER)}
_DIRECTIONS = {
    "better": ("^", style.MAIN),
    "same": ("s", style.LIGHT),
    "worse": ("v", style.PAPER),
    "mixed": ("D", style.ACCENT),
}


# --- T02 -------------------------------------------------------------------------------------------------------------


def joint_display(canvas: Canvas) -> None:
    """T02: per case its registration, then per theme a quote of each voice."""
    lines: list[TableLine] = []
    for case, marks in _by_case(canvas, "quotes", "interviews", "registration", "joint").items():
        lines += _case(canvas, case, marks)
    text_table.draw(canvas, [WIDTH], lines)


def _by_case(canvas: Canvas, *parts: str) -> dict[str, Marks]:
    """Per case its marks of these questions."""
    by_part = {part: grouped(canvas, part, "case") for part in parts}
    return {case: {part: of.get((case,), []) for part, of in by_part.items()} for case in canvas.groups("case")}


def _case(canvas: Canvas, case: str, marks: Marks) -> list[TableLine]:
    """A case: its registration, the voices, a line per theme with a cleared quote, and the other themes in one line."""
    spoken = {str(row["perspective"]): row for row in marks["interviews"]}
    quotes = {(str(row["element"]), str(row["perspective"])): row for row in marks["quotes"]}
    voices = canvas.order("perspective", ["client", "professional", *spoken, *(voice for _, voice in quotes)])
    widths = [_NAME, *[(WIDTH - _NAME) / len(voices)] * len(voices)]
    heads = [[strong(canvas.label("perspective", voice)), _interviews(canvas, spoken.get(voice))] for voice in voices]
    lines = [
        text_table.group(strong(case), *_registration(canvas, marks)),
        TableLine([[strong(canvas.word("col_theme"))], *heads], "head", widths=widths),
    ]
    cleared = {str(row["element"]) for row in marks["quotes"] if not missing(row.get("quote"))}
    for theme in canvas.order("element", list(cleared)):
        cells = [[_quote(canvas, quotes.get((theme, voice)), voice in spoken)] for voice in voices]
        lines.append(TableLine([[Paragraph(canvas.label("element", theme))], *cells], widths=widths))
    silent = canvas.order("element", [theme for theme, _ in quotes if theme not in cleared])
    if silent:
        cells = [[_held_back(canvas, quotes[theme, v]) for theme in silent if (theme, v) in quotes] for v in voices]
        lines.append(TableLine([[quiet(canvas.word("none_cleared"))], *cells], widths=widths))
    return lines


def _interviews(canvas: Canvas, row: MarkRow | None) -> Paragraph:
    if row is None:
        return quiet(canvas.word("no_interview"))
    return Paragraph(canvas.word("interviews", n=canvas.number(row["n_documents"])), row)


def _quote(canvas: Canvas, row: MarkRow | None, spoken: bool) -> Paragraph:
    """A cleared quote with how many fragments there are; else why there is none."""
    if row is None:
        return quiet(canvas.word("not_raised" if spoken else "no_interview"))
    n = canvas.number(row["n_fragments"])
    if missing(row.get("quote")):
        return Paragraph(canvas.word("not_cleared", n=n), row, look=_QUIET)
    return Paragraph(canvas.word("quoted", quote=row["quote"], n=n), row)


def _held_back(canvas: Canvas, row: MarkRow) -> Paragraph:
    n = canvas.number(row["n_fragments"])
    return Paragraph(canvas.word("held_back", theme=canvas.label("element", row["element"]), n=n), row, look=_QUIET)


def _registration(canvas: Canvas, marks: Marks) -> list[Paragraph]:
    """What registers hold of a case, as paragraphs with their marks: the case, then its joint meetings."""
    row, joint = (next(iter(marks[part]), None) for part in ("registration", "joint"))
    if row is None:
        return [quiet(canvas.word("not_registered"))]
    facts = [
        canvas.word(name, what=canvas.label(name, row[name])) for name in ("door", "case_status") if _is_said(row, name)
    ]
    days = row.get("days_to_result")
    facts.append(
        canvas.word("no_result_known") if missing(days) else canvas.word("first_result", n=canvas.number(days))
    )
    registered = [Paragraph(canvas.word("registered", what=" · ".join(facts)), row)]
    if joint is None:
        return [*registered, quiet(canvas.word("no_joint_meeting"))]
    n, days = canvas.number(joint["n_meetings"]), canvas.number(joint["days_to_meeting"])
    return [*registered, Paragraph(canvas.word("joint_meetings", n=n, days=days), joint)]


# --- T09 -------------------------------------------------------------------------------------------------------------


def vignettes(canvas: Canvas) -> None:
    """T09: per case its registration, meetings, context, actions and outcomes, each in a line of its own."""
    lines: list[TableLine] = []
    for case, marks in _by_case(canvas, "registration", "joint", "meetings", "context", "actions", "outcomes").items():
        lines.append(text_table.group(strong(case)))
        for name, paragraphs in _vignette(canvas, marks).items():
            lines.append(TableLine([[strong(canvas.word(name))], paragraphs or [quiet(canvas.word("none_described"))]]))
    text_table.draw(canvas, [_THEME, WIDTH - _THEME], lines)


def _vignette(canvas: Canvas, marks: Marks) -> dict[str, list[Paragraph]]:
    stages = canvas.order("stage", [str(row["stage"]) for row in marks["meetings"]])
    held = sorted(marks["meetings"], key=lambda row: (stages.index(str(row["stage"])), text(row, "month")))
    registered, *joint = _registration(canvas, marks)
    return {
        "case_registration": [registered],
        "case_meetings": [*(Paragraph(_meeting(canvas, row), row) for row in held), *joint],
        "case_context": [
            Paragraph(text_table.after_colon(row["theme"], text(row, "finding")), row) for row in marks["context"]
        ],
        "case_actions": [Paragraph(_action(canvas, row), row) for row in marks["actions"]],
        "case_outcomes": [Paragraph(_outcome(canvas, row), row) for row in marks["outcomes"]],
    }


def _meeting(canvas: Canvas, row: MarkRow) -> str:
    stage, month = canvas.label("stage", row["stage"]), text(row, "month")
    if row["held"] == "yes":
        when = {"month": numbers.month(month, canvas.lang)} if month else {}
        return canvas.word("held_in" if month else "held_once", stage=stage, **when)
    if row["held"] != "no":
        return canvas.word("held_unknown", stage=stage)
    if not _is_said(row, "reason"):
        return canvas.word("not_held", stage=stage)
    return canvas.word("not_held_because", stage=stage, why=canvas.label("reason", row["reason"]))


def _action(canvas: Canvas, row: MarkRow) -> str:
    labels = {name: _label_of(canvas, row, name) for name in ("actor", "status")}
    return canvas.word("action_line", action=row["action"], **labels)


def _outcome(canvas: Canvas, row: MarkRow) -> str:
    labels = {name: _label_of(canvas, row, name) for name in ("direction", "according_to")}
    by = "outcome_line" if _is_said(row, "according_to") else "outcome_untold"
    return canvas.word(by, outcome=row["outcome"], **labels)


def _label_of(canvas: Canvas, row: MarkRow, name: str) -> str:
    """The label of what a mark says, or that it does not say it."""
    return canvas.label(name, row[name]) if _is_said(row, name) else canvas.word("not_said")


def _is_said(row: MarkRow, name: str) -> bool:
    return text(row, name) not in ("", "empty")


# --- T03 -------------------------------------------------------------------------------------------------------------


def elements_by_case(canvas: Canvas) -> None:
    """T03: elements against cases, a sign per voice; coloured where both call it present; beside it who names the element."""
    data = canvas.data
    voices = canvas.order("perspective", [v for v in data.part("judgements")["perspective"].astype(str) if v])
    cases = text_table.in_order(rows(data.marks), "case", "place")
    longest = max(wrapping.width(word, weight="bold") for case in cases for word in strong(case).text.split())
    width = max(_VOICE * len(voices) + 0.08, min(longest + 0.04, 1.5))  # so that a label is broken at its spaces
    widest = max(int((WIDTH - _ELEMENT - _SOURCE) / width), 1)
    blocks = -(-len(cases) // widest)
    per = -(-len(cases) // blocks)
    lines = [line for n in range(blocks) for line in _elements(canvas, cases[n * per : (n + 1) * per], per, voices)]
    rest = WIDTH - per * width
    text_table.draw(canvas, [rest * 0.56, *[width] * per, rest * 0.44], lines, _legend(canvas, voices))


def _elements(canvas: Canvas, cases: Sequence[str], columns: int, voices: Sequence[str]) -> list[TableLine]:
    """One block of cases: their names, how many elements both call present, and the elements."""
    judged = grouped(canvas, "judgements", "case", "element")
    both = {key: pair[0] for key, pair in grouped(canvas, "both", "case", "element").items()}
    agreed = canvas.data.totals["both"].set_index("case")["n_judgements"]
    spare: list[TableCell] = [[]] * (columns - len(cases))
    n = [[Paragraph(canvas.number(agreed.get(case, 0)), look={"ha": "center"})] for case in cases]
    lines = [
        TableLine([[strong(canvas.word("col_element"))], *([strong(case, ha="center")] for case in cases), *spare,
              [strong(canvas.word("col_named_by"))]], "head"),
        TableLine([[quiet(canvas.word("both_present"))], *n, *spare, []]),
    ]  # fmt: skip
    for element in canvas.order("element", [key[1] for key in judged]):
        signs = [_signs(judged.get((case, element), []), voices) for case in cases]
        shaded = {place: both[case, element] for place, case in enumerate(cases, 1) if (case, element) in both}
        name, source = [Paragraph(canvas.label("element", element))], [Paragraph(_named_by(canvas, element))]
        lines.append(TableLine([name, *signs, *spare, source], shaded=shaded))
    return lines


def _signs(judged: Sequence[MarkRow], voices: Sequence[str]) -> TableCell:
    ordered = sorted(judged, key=lambda row: voices.index(str(row["perspective"])))
    return [Paragraph("", row, sign=_look(str(row["perspective"]), str(row["present"]))) for row in ordered]


def _look(voice: str, answer: str) -> dict[str, Any]:
    if answer not in _FILL:  # not discussed, or missing: no shape at all, so that it cannot be taken for a no
        return {"marker": "_" if answer == "not_discussed" else "x", "markersize": 6, "color": style.GREY}
    fill, colour = _FILL[answer]
    return {"marker": _SHAPES.get(voice, "D"), "markersize": 7, "fillstyle": fill, "markerfacecolor": colour,
            "markerfacecoloralt": style.PAPER, "markeredgecolor": style.MAIN, "color": style.MAIN}  # fmt: skip


def _named_by(canvas: Canvas, element: str) -> str:
    """Who names an element, as the vocabulary says; what follows the semicolon is how the list was made."""
    known = vocabulary.read("working_element")
    source = known[element].source.split(";")[0] if element in known else ""
    return canvas.label("named_by", source)


def _legend(canvas: Canvas, voices: Sequence[str]) -> dict[str, Any]:
    grey = {"markerfacecolor": style.GREY, "markeredgecolor": style.GREY}
    signs: dict[str, Any] = {canvas.label("perspective", v): _handle(_look(v, "yes") | grey) for v in voices}
    signs |= {canvas.label("present", code): tuple(_handle(_look(v, code)) for v in voices) for code in _FILL}
    answers = set(canvas.data.part("judgements")["present"].astype(str))
    signs[canvas.label("present", "not_discussed")] = _handle(_look("", "not_discussed"))
    if answers - {*_FILL, "not_discussed"}:
        signs[canvas.word("no_judgement")] = _handle(_look("", "empty"))
    signs[canvas.word("both_box")] = Rectangle((0, 0), 1, 1, facecolor=text_table.SHADE, edgecolor=style.ACCENT)
    return signs


def _handle(look: dict[str, Any]) -> Line2D:
    return Line2D([], [], linestyle="none", **look)


# --- T07 -------------------------------------------------------------------------------------------------------------


def outcomes_by_level(canvas: Canvas) -> None:
    """T07: per level its outcomes against who finds them relevant, a sign for the way it went, and who says so."""
    relevant = grouped(canvas, "relevant", "level", "outcome")
    parties = canvas.order("relevant_for", [str(row["relevant_for"]) for mine in relevant.values() for row in mine])
    sayers = grouped(canvas, "told", "level", "outcome")
    names = [[text_table.turned(canvas.label("relevant_for", party))] for party in parties]
    lines = [
        TableLine([[strong(canvas.word("col_outcome"))], *names, [strong(canvas.word("col_according_to"))]], "head")
    ]
    for level in canvas.order("level", [key[0] for key in relevant]):
        lines.append(text_table.group(strong(canvas.label("level", level))))
        for outcome in sorted(key[1] for key in relevant if key[0] == level):
            mine = relevant[level, outcome]
            signs = [[_direction(canvas, row) for row in mine if row["relevant_for"] == party] for party in parties]
            by = [
                Paragraph(canvas.label("according_to", row["according_to"]), row)
                for row in sayers.get((level, outcome), [])
            ]
            lines.append(TableLine([[Paragraph(outcome)], *signs, by or [quiet("–")]]))
    party = min(0.6, (WIDTH - 2.6) / len(parties))
    widths = [WIDTH - party * len(parties) - 1.0, *[party] * len(parties), 1.0]
    text_table.draw(canvas, widths, lines, _directions(canvas))


def _direction(canvas: Canvas, row: MarkRow) -> Paragraph:
    several = canvas.number(row["n_outcomes"]) if row["n_outcomes"] > 1 else ""
    return Paragraph(several, row, sign=_way(str(row["direction"])))


def _way(direction: str) -> dict[str, Any]:
    marker, colour = _DIRECTIONS.get(direction, ("x", style.GREY))
    return {
        "marker": marker,
        "markersize": 7,
        "markerfacecolor": colour,
        "markeredgecolor": style.INK,
        "color": style.INK,
    }


def _directions(canvas: Canvas) -> dict[str, Any]:
    ways = {str(row["direction"]) for row in canvas.marks("relevant")}
    known = {
        canvas.label("direction", way): _handle(_way(way))
        for way in canvas.order("direction", sorted(ways & {*_DIRECTIONS}))
    }
    return known | ({canvas.word("no_direction"): _handle(_way("empty"))} if ways - {*_DIRECTIONS} else {})
