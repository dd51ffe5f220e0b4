"""Draw tables that lay beside each other what is known of a case: voices, registration, meetings and outcomes."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, words
from iww_analysis.figures.canvas.canvas import Row, Sheet, missing, rows
from iww_analysis.figures.shapes import text_table
from iww_analysis.figures.shapes.text_table import WIDTH, Cell, Line, Said, grouped, quiet, strong, text

Marks = Mapping[str, Sequence[Row]]  # question -> what it says of one case

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


def joint_display(sheet: Sheet) -> None:
    """T02: per case its registration, then per theme a quote of each voice."""
    lines: list[Line] = []
    for case, marks in _by_case(sheet, "quotes", "interviews", "registration", "joint").items():
        lines += _case(sheet, case, marks)
    text_table.draw(sheet, [WIDTH], lines)


def _by_case(sheet: Sheet, *parts: str) -> dict[str, Marks]:
    """Per case its marks of these questions."""
    found = {part: grouped(sheet, part, "case") for part in parts}
    return {case: {part: of.get((case,), []) for part, of in found.items()} for case in sheet.groups("case")}


def _case(sheet: Sheet, case: str, marks: Marks) -> list[Line]:
    """A case: its registration, the voices, a line per theme with a cleared quote, and the other themes in one line."""
    spoken = {str(row["perspective"]): row for row in marks["interviews"]}
    said = {(str(row["element"]), str(row["perspective"])): row for row in marks["quotes"]}
    voices = sheet.order("perspective", ["client", "professional", *spoken, *(voice for _, voice in said)])
    widths = [_NAME, *[(WIDTH - _NAME) / len(voices)] * len(voices)]
    heads = [[strong(sheet.label("perspective", voice)), _interviews(sheet, spoken.get(voice))] for voice in voices]
    lines = [
        text_table.group(strong(case), *_registration(sheet, marks)),
        Line([[strong(sheet.word("col_theme"))], *heads], "head", widths=widths),
    ]
    cleared = {str(row["element"]) for row in marks["quotes"] if not missing(row.get("quote"))}
    for theme in sheet.order("element", list(cleared)):
        cells = [[_quote(sheet, said.get((theme, voice)), voice in spoken)] for voice in voices]
        lines.append(Line([[Said(sheet.label("element", theme))], *cells], widths=widths))
    silent = sheet.order("element", [theme for theme, _ in said if theme not in cleared])
    if silent:
        cells = [[_held_back(sheet, said[theme, v]) for theme in silent if (theme, v) in said] for v in voices]
        lines.append(Line([[quiet(sheet.word("none_cleared"))], *cells], widths=widths))
    return lines


def _interviews(sheet: Sheet, row: Row | None) -> Said:
    if row is None:
        return quiet(sheet.word("no_interview"))
    return Said(sheet.word("interviews", n=sheet.number(row["n_documents"])), row)


def _quote(sheet: Sheet, row: Row | None, spoken: bool) -> Said:
    """A cleared quote with how many fragments there are; else why there is none."""
    if row is None:
        return quiet(sheet.word("not_raised" if spoken else "no_interview"))
    n = sheet.number(row["n_fragments"])
    if missing(row.get("quote")):
        return Said(sheet.word("not_cleared", n=n), row, look=_QUIET)
    return Said(sheet.word("quoted", quote=row["quote"], n=n), row)


def _held_back(sheet: Sheet, row: Row) -> Said:
    n = sheet.number(row["n_fragments"])
    return Said(sheet.word("held_back", theme=sheet.label("element", row["element"]), n=n), row, look=_QUIET)


def _registration(sheet: Sheet, marks: Marks) -> list[Said]:
    """What registers hold of a case, as paragraphs with their marks: the case, then its joint meetings."""
    row, joint = (next(iter(marks[part]), None) for part in ("registration", "joint"))
    if row is None:
        return [quiet(sheet.word("not_registered"))]
    facts = [
        sheet.word(name, what=sheet.label(name, row[name])) for name in ("door", "case_status") if _is_said(row, name)
    ]
    days = row.get("days_to_result")
    facts.append(sheet.word("no_result_known") if missing(days) else sheet.word("first_result", n=sheet.number(days)))
    said = [Said(sheet.word("registered", what=" · ".join(facts)), row)]
    if joint is None:
        return [*said, quiet(sheet.word("no_joint_meeting"))]
    n, days = sheet.number(joint["n_meetings"]), sheet.number(joint["days_to_meeting"])
    return [*said, Said(sheet.word("joint_meetings", n=n, days=days), joint)]


# --- T09 -------------------------------------------------------------------------------------------------------------


def vignettes(sheet: Sheet) -> None:
    """T09: per case its registration, meetings, context, actions and outcomes, each in a line of its own."""
    lines: list[Line] = []
    for case, marks in _by_case(sheet, "registration", "joint", "meetings", "context", "actions", "outcomes").items():
        lines.append(text_table.group(strong(case)))
        for name, said in _vignette(sheet, marks).items():
            lines.append(Line([[strong(sheet.word(name))], said or [quiet(sheet.word("none_described"))]]))
    text_table.draw(sheet, [_THEME, WIDTH - _THEME], lines)


def _vignette(sheet: Sheet, marks: Marks) -> dict[str, list[Said]]:
    stages = sheet.order("stage", [str(row["stage"]) for row in marks["meetings"]])
    held = sorted(marks["meetings"], key=lambda row: (stages.index(str(row["stage"])), text(row, "month")))
    registered, *joint = _registration(sheet, marks)
    return {
        "case_registration": [registered],
        "case_meetings": [*(Said(_meeting(sheet, row), row) for row in held), *joint],
        "case_context": [
            Said(text_table.after_colon(row["theme"], text(row, "finding")), row) for row in marks["context"]
        ],
        "case_actions": [Said(_action(sheet, row), row) for row in marks["actions"]],
        "case_outcomes": [Said(_outcome(sheet, row), row) for row in marks["outcomes"]],
    }


def _meeting(sheet: Sheet, row: Row) -> str:
    stage, month = sheet.label("stage", row["stage"]), text(row, "month")
    if row["held"] == "yes":
        when = {"month": words.month(month, sheet.lang)} if month else {}
        return sheet.word("held_in" if month else "held_once", stage=stage, **when)
    if row["held"] != "no":
        return sheet.word("held_unknown", stage=stage)
    if not _is_said(row, "reason"):
        return sheet.word("not_held", stage=stage)
    return sheet.word("not_held_because", stage=stage, why=sheet.label("reason", row["reason"]))


def _action(sheet: Sheet, row: Row) -> str:
    told = {name: _said(sheet, row, name) for name in ("actor", "status")}
    return sheet.word("action_line", action=row["action"], **told)


def _outcome(sheet: Sheet, row: Row) -> str:
    told = {name: _said(sheet, row, name) for name in ("direction", "according_to")}
    by = "outcome_line" if _is_said(row, "according_to") else "outcome_untold"
    return sheet.word(by, outcome=row["outcome"], **told)


def _said(sheet: Sheet, row: Row, name: str) -> str:
    """The label of what a mark says, or that it does not say it."""
    return sheet.label(name, row[name]) if _is_said(row, name) else sheet.word("not_said")


def _is_said(row: Row, name: str) -> bool:
    return text(row, name) not in ("", "empty")


# --- T03 -------------------------------------------------------------------------------------------------------------


def elements_by_case(sheet: Sheet) -> None:
    """T03: elements against cases, a sign per voice; coloured where both call it present; beside it who names the element."""
    data = sheet.data
    voices = sheet.order("perspective", [v for v in data.part("judgements")["perspective"].astype(str) if v])
    cases = text_table.in_order(rows(data.marks), "case", "place")
    longest = max(words.width(word, weight="bold") for case in cases for word in strong(case).text.split())
    width = max(_VOICE * len(voices) + 0.08, min(longest + 0.04, 1.5))  # so that a label is broken at its spaces
    widest = max(int((WIDTH - _ELEMENT - _SOURCE) / width), 1)
    blocks = -(-len(cases) // widest)
    per = -(-len(cases) // blocks)
    lines = [line for n in range(blocks) for line in _elements(sheet, cases[n * per : (n + 1) * per], per, voices)]
    rest = WIDTH - per * width
    text_table.draw(sheet, [rest * 0.56, *[width] * per, rest * 0.44], lines, _legend(sheet, voices))


def _elements(sheet: Sheet, cases: Sequence[str], columns: int, voices: Sequence[str]) -> list[Line]:
    """One block of cases: their names, how many elements both call present, and the elements."""
    judged = grouped(sheet, "judgements", "case", "element")
    both = {key: found[0] for key, found in grouped(sheet, "both", "case", "element").items()}
    agreed = sheet.data.totals["both"].set_index("case")["n_judgements"]
    spare: list[Cell] = [[]] * (columns - len(cases))
    n = [[Said(sheet.number(agreed.get(case, 0)), look={"ha": "center"})] for case in cases]
    lines = [
        Line([[strong(sheet.word("col_element"))], *([strong(case, ha="center")] for case in cases), *spare,
              [strong(sheet.word("col_named_by"))]], "head"),
        Line([[quiet(sheet.word("both_present"))], *n, *spare, []]),
    ]  # fmt: skip
    for element in sheet.order("element", [key[1] for key in judged]):
        signs = [_signs(judged.get((case, element), []), voices) for case in cases]
        shaded = {place: both[case, element] for place, case in enumerate(cases, 1) if (case, element) in both}
        name, source = [Said(sheet.label("element", element))], [Said(_named_by(sheet, element))]
        lines.append(Line([name, *signs, *spare, source], shaded=shaded))
    return lines


def _signs(judged: Sequence[Row], voices: Sequence[str]) -> Cell:
    ordered = sorted(judged, key=lambda row: voices.index(str(row["perspective"])))
    return [Said("", row, sign=_look(str(row["perspective"]), str(row["present"]))) for row in ordered]


def _look(voice: str, said: str) -> dict[str, Any]:
    if said not in _FILL:  # not discussed, or missing: no shape at all, so that it cannot be taken for a no
        return {"marker": "_" if said == "not_discussed" else "x", "markersize": 6, "color": style.GREY}
    fill, colour = _FILL[said]
    return {"marker": _SHAPES.get(voice, "D"), "markersize": 7, "fillstyle": fill, "markerfacecolor": colour,
            "markerfacecoloralt": style.PAPER, "markeredgecolor": style.MAIN, "color": style.MAIN}  # fmt: skip


def _named_by(sheet: Sheet, element: str) -> str:
    """Who names an element, as the vocabulary says; what follows the semicolon is how the list was made."""
    known = vocabulary.read("working_element")
    source = known[element].source.split(";")[0] if element in known else ""
    return sheet.label("named_by", source)


def _legend(sheet: Sheet, voices: Sequence[str]) -> dict[str, Any]:
    grey = {"markerfacecolor": style.GREY, "markeredgecolor": style.GREY}
    signs: dict[str, Any] = {sheet.label("perspective", v): _handle(_look(v, "yes") | grey) for v in voices}
    signs |= {sheet.label("present", code): tuple(_handle(_look(v, code)) for v in voices) for code in _FILL}
    said = set(sheet.data.part("judgements")["present"].astype(str))
    signs[sheet.label("present", "not_discussed")] = _handle(_look("", "not_discussed"))
    if said - {*_FILL, "not_discussed"}:
        signs[sheet.word("no_judgement")] = _handle(_look("", "empty"))
    return signs | {sheet.word("both_box"): Rectangle((0, 0), 1, 1, facecolor=text_table.SHADE, edgecolor=style.ACCENT)}


def _handle(look: dict[str, Any]) -> Line2D:
    return Line2D([], [], linestyle="none", **look)


# --- T07 -------------------------------------------------------------------------------------------------------------


def outcomes_by_level(sheet: Sheet) -> None:
    """T07: per level its outcomes against who finds them relevant, a sign for the way it went, and who says so."""
    relevant = grouped(sheet, "relevant", "level", "outcome")
    parties = sheet.order("relevant_for", [str(row["relevant_for"]) for found in relevant.values() for row in found])
    told = grouped(sheet, "told", "level", "outcome")
    names = [[text_table.turned(sheet.label("relevant_for", party))] for party in parties]
    lines = [Line([[strong(sheet.word("col_outcome"))], *names, [strong(sheet.word("col_according_to"))]], "head")]
    for level in sheet.order("level", [key[0] for key in relevant]):
        lines.append(text_table.group(strong(sheet.label("level", level))))
        for outcome in sorted(key[1] for key in relevant if key[0] == level):
            found = relevant[level, outcome]
            signs = [[_direction(sheet, row) for row in found if row["relevant_for"] == party] for party in parties]
            by = [Said(sheet.label("according_to", row["according_to"]), row) for row in told.get((level, outcome), [])]
            lines.append(Line([[Said(outcome)], *signs, by or [quiet("–")]]))
    party = min(0.6, (WIDTH - 2.6) / len(parties))
    text_table.draw(
        sheet, [WIDTH - party * len(parties) - 1.0, *[party] * len(parties), 1.0], lines, _directions(sheet)
    )


def _direction(sheet: Sheet, row: Row) -> Said:
    return Said(sheet.number(row["n_outcomes"]) if row["n_outcomes"] > 1 else "", row, sign=_way(str(row["direction"])))


def _way(direction: str) -> dict[str, Any]:
    marker, colour = _DIRECTIONS.get(direction, ("x", style.GREY))
    return {
        "marker": marker,
        "markersize": 7,
        "markerfacecolor": colour,
        "markeredgecolor": style.INK,
        "color": style.INK,
    }


def _directions(sheet: Sheet) -> dict[str, Any]:
    ways = {str(row["direction"]) for row in rows(sheet.data.part("relevant"))}
    known = {
        sheet.label("direction", way): _handle(_way(way))
        for way in sheet.order("direction", sorted(ways & {*_DIRECTIONS}))
    }
    return known | ({sheet.word("no_direction"): _handle(_way("empty"))} if ways - {*_DIRECTIONS} else {})
