"""Draw tables that lay beside each other what is known of a case: voices, registration, meetings and outcomes."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.patches import Rectangle

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, grouped, keyed, missing, text_of
from iww_analysis.figures.shapes import signs, text_table
from iww_analysis.figures.shapes.text_table import WIDTH, Paragraph, TableCell, TableLine, quiet, strong

Marks = Mapping[str, Sequence[MarkRow]]  # question -> what it says of one case

_THEME, _NAME = 1.2, 1.34  # inches for the subjects of a description, and for the names of themes
_QUIET = {"color": style.GREY, "style": "italic"}
_VOICE = 0.19  # inches for the sign of one voice
_ELEMENT, _SOURCE = 1.35, 1.05  # inches at least for the names of elements, and for who names them
_SHAPES = {"client": "o", "professional": "s", "relative": "^"}
_SIZE = 7.0  # points of a sign

# --- T02 -------------------------------------------------------------------------------------------------------------


def joint_display(canvas: Canvas) -> None:
    """T02: per case its registration and the voices, a line per theme with a cleared quote, the other themes in one line."""
    lines: list[TableLine] = []
    for case, marks in _by_case(canvas, "quotes", "interviews", "registration", "joint").items():
        spoken = {str(row["perspective"]): row for row in marks["interviews"]}
        quotes = {(str(row["element"]), str(row["perspective"])): row for row in marks["quotes"]}
        voices = canvas.order("perspective", ["client", "professional", *spoken, *(voice for _, voice in quotes)])
        widths = [_NAME, *[(WIDTH - _NAME) / len(voices)] * len(voices)]
        heads = []
        for voice in voices:
            n = canvas.number(spoken[voice]["n_documents"]) if voice in spoken else ""
            held = Paragraph(canvas.word("interviews", n=n), spoken[voice]) if n else quiet(canvas.word("no_interview"))
            heads.append([strong(canvas.label("perspective", voice)), held])
        lines.append(text_table.group(strong(case), *_registration(canvas, marks)))
        lines.append(TableLine([[strong(canvas.word("col_theme"))], *heads], "head", widths=widths))
        cleared = {str(row["element"]) for row in marks["quotes"] if not missing(row.get("quote"))}
        for theme in canvas.order("element", list(cleared)):
            cells = [[_quote(canvas, quotes.get((theme, voice)), voice in spoken)] for voice in voices]
            lines.append(TableLine([[Paragraph(canvas.label("element", theme))], *cells], widths=widths))
        silent = canvas.order("element", [theme for theme, _ in quotes if theme not in cleared])
        if silent:
            held_back = [[quotes[theme, voice] for theme in silent if (theme, voice) in quotes] for voice in voices]
            cells = [[_quote(canvas, row, True, "held_back") for row in rows] for rows in held_back]
            lines.append(TableLine([[quiet(canvas.word("none_cleared"))], *cells], widths=widths))
    text_table.draw(canvas, [WIDTH], lines)


def _by_case(canvas: Canvas, *parts: str) -> dict[str, Marks]:
    """Per case its marks of these questions."""
    by_part = {part: grouped(canvas.marks(part), "case") for part in parts}
    return {case: {part: of.get((case,), []) for part, of in by_part.items()} for case in canvas.groups("case")}


def _quote(canvas: Canvas, row: MarkRow | None, spoken: bool, held_back: str = "not_cleared") -> Paragraph:
    """A cleared quote with how many fragments there are; else why there is none."""
    if row is None:
        return quiet(canvas.word("not_raised" if spoken else "no_interview"))
    n = canvas.number(row["n_fragments"])
    if missing(row.get("quote")):
        return Paragraph(canvas.word(held_back, theme=canvas.label("element", row["element"]), n=n), row, look=_QUIET)
    return Paragraph(canvas.word("quoted", quote=row["quote"], n=n), row)


def _registration(canvas: Canvas, marks: Marks) -> list[Paragraph]:
    """What registers hold of a case, as paragraphs with their marks: the case, then its joint meetings."""
    row, joint = (next(iter(marks[part]), None) for part in ("registration", "joint"))
    if row is None:
        return [quiet(canvas.word("not_registered"))]
    given = [name for name in ("door", "case_status") if _is_given(row, name)]
    facts = [canvas.word(name, what=canvas.label(name, row[name])) for name in given]
    after = row.get("months_to_result")
    facts.append(
        canvas.word("no_result_known") if missing(after) else _after(canvas, after, "first_result", "first_result_soon")
    )
    registered = [Paragraph(canvas.word("registered", what=" · ".join(facts)), row)]
    if joint is None:
        return [*registered, quiet(canvas.word("no_joint_meeting"))]
    n, months = canvas.number(joint["n_meetings"]), joint["months_to_meeting"]
    return [*registered, Paragraph(_after(canvas, months, "joint_meetings", "joint_meetings_soon", n=n), joint)]


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
    """The themes of a description, each with what is known of it in sentences; a code that a mark does not give is said so."""
    stages = canvas.order("stage", [str(row["stage"]) for row in marks["meetings"]])
    held = sorted(marks["meetings"], key=lambda row: stages.index(str(row["stage"])))
    registered, *joint = _registration(canvas, marks)

    def line(row: MarkRow, name: str, what: str, *keys: str) -> Paragraph:
        given = {key: canvas.label(key, row[key]) if _is_given(row, key) else canvas.word("not_said") for key in keys}
        return Paragraph(canvas.word(name, **{what: row[what]}, **given), row)

    outcomes = [
        ("outcome_line" if _is_given(row, "according_to") else "outcome_untold", row) for row in marks["outcomes"]
    ]
    return {
        "case_registration": [registered],
        "case_meetings": [*(Paragraph(_meeting(canvas, row), row) for row in held), *joint],
        "case_context": text_table.themes(marks["context"]),
        "case_actions": [line(row, "action_line", "action", "actor", "status") for row in marks["actions"]],
        "case_outcomes": [line(row, name, "outcome", "direction", "according_to") for name, row in outcomes],
    }


def _meeting(canvas: Canvas, row: MarkRow) -> str:
    stage, months = canvas.label("stage", row["stage"]), row["months"]
    if row["held"] == "yes":
        is_later = row["stage"] != "introduction" and not missing(months) and months >= 0
        if is_later:
            return _after(canvas, months, "held_after", "held_soon", stage=stage)
        return canvas.word("held_once", stage=stage)
    if row["held"] != "no":
        return canvas.word("held_unknown", stage=stage)
    if not _is_given(row, "reason"):
        return canvas.word("not_held", stage=stage)
    return canvas.word("not_held_because", stage=stage, why=canvas.label("reason", row["reason"]))


def _after(canvas: Canvas, months: Any, later: str, soon: str, **gaps: object) -> str:
    """A phrase with so many whole months; one of its own where that is none."""
    return canvas.word(later if months else soon, months=canvas.number(months), **gaps)


def _is_given(row: MarkRow, name: str) -> bool:
    return text_of(row, name) not in ("", "empty")


# --- T03 -------------------------------------------------------------------------------------------------------------


def elements_by_case(canvas: Canvas) -> None:
    """T03: elements against cases, a sign per voice; coloured where both call it present; beside it who names the element."""
    shapes = {voice: _SHAPES.get(voice, "D") for voice in canvas.codes("perspective", "judgements")}
    cases = text_table.in_order(canvas.marks(), "case", "place")
    longest = max(wrapping.width(word, weight="bold") for case in cases for word in strong(case).text.split())
    width = max(_VOICE * len(shapes) + 0.08, min(longest + 0.04, 1.5))  # so that a label is broken at its spaces
    widest = max(int((WIDTH - _ELEMENT - _SOURCE) / width), 1)
    blocks = -(-len(cases) // widest)
    per = -(-len(cases) // blocks)
    lines = [line for n in range(blocks) for line in _elements(canvas, cases[n * per : (n + 1) * per], per, shapes)]
    rest = WIDTH - per * width
    legend = signs.of_voices(canvas, shapes, _SIZE) | signs.of_judgements(canvas, shapes, _SIZE)
    if {str(row["present"]) for row in canvas.marks("judgements")} - {*signs.ANSWERS, "not_discussed"}:
        legend |= signs.named(canvas, no_judgement="unreadable")
    legend[canvas.word("both_box")] = Rectangle((0, 0), 1, 1, **style.BOXES["agree"])
    text_table.draw(canvas, [rest * 0.56, *[width] * per, rest * 0.44], lines, legend)


def _elements(canvas: Canvas, cases: Sequence[str], columns: int, shapes: Mapping[str, str]) -> list[TableLine]:
    """One block of cases: their names, how many elements both call present, and the elements."""
    judged = grouped(canvas.marks("judgements"), "case", "element")
    both = keyed(canvas.marks("both"), "case", "element")
    known = vocabulary.read("working_element")
    agreed = canvas.data.totals["both"].set_index("case")["n_judgements"]
    spare: list[TableCell] = [[]] * (columns - len(cases))
    n = [[Paragraph(canvas.number(agreed.get(case, 0)), look={"ha": "center"})] for case in cases]
    first, last = ([strong(canvas.word(name))] for name in ("col_element", "col_named_by"))
    heads = TableLine([first, *([strong(case, ha="center")] for case in cases), *spare, last], "head")
    lines = [heads, TableLine([[quiet(canvas.word("both_present"))], *n, *spare, []])]
    for element in canvas.order("element", [key[1] for key in judged]):
        cells = [_judgements(judged.get((case, element), []), shapes) for case in cases]
        shaded = {place: both[case, element] for place, case in enumerate(cases, 1) if (case, element) in both}
        source = known[element].source.split(";")[0] if element in known else ""  # then follows how the list was made
        name, by = (Paragraph(text) for text in (canvas.label("element", element), canvas.label("named_by", source)))
        lines.append(TableLine([[name], *cells, *spare, [by]], shaded=shaded))
    return lines


def _judgements(judged: Sequence[MarkRow], shapes: Mapping[str, str]) -> TableCell:
    """What each voice says; not discussed, or missing, has no shape, so that it cannot be taken for a no."""
    by_voice = keyed(judged, "perspective")
    cell = []
    for row, shape in ((by_voice[voice,], shape) for voice, shape in shapes.items() if (voice,) in by_voice):
        answer = str(row["present"])
        silent = style.SIGNS["flat" if answer == "not_discussed" else "unreadable"]
        cell.append(Paragraph("", row, sign=signs.look(answer, _SIZE, shape) if answer in signs.ANSWERS else silent))
    return cell


# --- T07 -------------------------------------------------------------------------------------------------------------


def outcomes_by_level(canvas: Canvas) -> None:
    """T07: per level its outcomes against who finds them relevant, a sign for the way it went, and who says so."""
    relevant = grouped(canvas.marks("relevant"), "level", "outcome")
    sayers = grouped(canvas.marks("told"), "level", "outcome")
    parties = canvas.codes("relevant_for", "relevant")
    turned = [[strong(canvas.label("relevant_for", party), ha="center", rotation=90)] for party in parties]
    first, last = ([strong(canvas.word(name))] for name in ("col_outcome", "col_according_to"))
    lines = [TableLine([first, *turned, last], "head")]
    for level in canvas.codes("level", "relevant"):
        lines.append(text_table.group(strong(canvas.label("level", level))))
        for outcome in sorted(outcome for of, outcome in relevant if of == level):
            mine: dict[str, list[Paragraph]] = {party: [] for party in parties}
            for row in relevant[level, outcome]:
                several = canvas.number(row["n_outcomes"]) if row["n_outcomes"] > 1 else ""
                mine[str(row["relevant_for"])].append(Paragraph(several, row, sign=_way(str(row["direction"]))))
            told = sayers.get((level, outcome), [])
            by = [Paragraph(canvas.label("according_to", row["according_to"]), row) for row in told]
            lines.append(TableLine([[Paragraph(outcome)], *mine.values(), by or [quiet("–")]]))
    party = min(0.6, (WIDTH - 2.6) / len(parties))
    ways = {way if way in style.WAYS else "": None for way in canvas.codes("direction", "relevant")}
    names = {way: canvas.label("direction", way) if way else canvas.word("no_direction") for way in ways}
    legend = {name: signs.handle(_way(way)) for way, name in names.items()}
    text_table.draw(canvas, [WIDTH - party * len(parties) - 1.0, *[party] * len(parties), 1.0], lines, legend)


def _way(direction: str) -> dict[str, Any]:
    ink = {"markersize": _SIZE, "markeredgecolor": style.INK, "color": style.INK}
    return {**ink, **style.WAYS.get(direction, style.WAYS["no_direction"])}
