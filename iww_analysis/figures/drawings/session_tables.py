"""Draw tables of what teams are, what they want to learn, and what sessions and observations brought."""

from collections.abc import Sequence
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing
from iww_analysis.figures.shapes import text_table
from iww_analysis.figures.shapes.text_table import WIDTH, Paragraph, TableCell, TableLine, grouped, quiet, strong, text
from iww_analysis.messages import numbers

_SCALE, _SCORE, _WIDEST = 0.6, 0.68, 5  # inches of a scale and of a score; columns of scores beside each other
_PROFILE = {"mandate": 1.65, "composition": 1.5, "area": 1.05, "municipality": 1.12, "day": 0.92}  # inches


def needs_and_findings(canvas: Canvas) -> None:
    """T04: per team its learning needs in its own order, and the findings beside each."""
    findings = grouped(canvas, "findings", "team", "need")
    lines = [text_table.head(canvas.word("col_priority"), canvas.word("col_need"), canvas.word("col_found"))]
    for (team,), marks in sorted(grouped(canvas, "needs", "team").items()):
        lines.append(text_table.group(strong(team)))
        needs = {str(row["need"]): row for row in marks}
        for need in text_table.in_order(list(needs.values()), "need", "priority"):
            row = needs[need]
            rank = "–" if missing(row["priority"]) else canvas.number(row["priority"])
            beside = [Paragraph(_with_element(canvas, mark), mark) for mark in findings.get((team, need), [])]
            beside = beside or [quiet(canvas.word("nothing_beside"))]
            lines.append(TableLine([[Paragraph(rank)], [Paragraph(need, row)], beside]))
    text_table.draw(canvas, [0.85, 2.2, WIDTH - 3.05], lines)


def _with_element(canvas: Canvas, row: MarkRow) -> str:
    element = text(row, "element")
    named = f" ({canvas.label('element', element)})" if element in vocabulary.read("factor") else ""
    return f"{row['finding']}{named}"


def roles_and_interests(canvas: Canvas) -> None:
    """T05: per team the parties with their role and interest."""
    lines = [text_table.head(*(canvas.word(f"col_{name}") for name in ("party", "role", "interest")))]
    for (team,), marks in grouped(canvas, "roles", "team").items():
        lines.append(text_table.group(strong(team)))
        by_party = {str(row["party"]): row for row in marks}
        for party in canvas.order("party", list(by_party)):
            cells: list[TableCell] = [[_of(by_party[party], name)] for name in ("role", "interest")]
            lines.append(TableLine([[Paragraph(canvas.label("party", party))], *cells]))
    text_table.draw(canvas, [1.2, (WIDTH - 1.2) / 2, (WIDTH - 1.2) / 2], lines)


def _of(row: MarkRow, name: str) -> Paragraph:
    """One of the texts of a mark, with an address of its own."""
    return Paragraph(text(row, name) or "–", row, value=name)


def team_profiles(canvas: Canvas) -> None:
    """T06: per team its kind, then mandate, composition, area, municipalities and first day."""
    lines = [text_table.head(*(canvas.word(f"profile_{name}") for name in _PROFILE))]
    places = grouped(canvas, "stands_in", "team"), grouped(canvas, "works_for", "team")
    profiles = grouped(canvas, "teams", "team")
    for team in canvas.groups("team"):
        (row,) = profiles.get((team,), [None])
        towns = {str(mark["municipality"]): mark for of_team in places for mark in of_team.get((team,), [])}
        named = [
            Paragraph(canvas.label("municipality", code), mark, combined=True) for code, mark in sorted(towns.items())
        ]
        kind = f" · {canvas.label('team_type', row['team_type'])}" if row and text(row, "team_type") else ""
        lines.append(text_table.group(strong(team + kind)))
        lines.append(TableLine(_profile(canvas, row, named)))
    text_table.draw(canvas, list(_PROFILE.values()), lines)


def _profile(canvas: Canvas, row: MarkRow | None, towns: TableCell) -> list[TableCell]:
    if row is None:
        return [[quiet("–")], [], [], towns, []]
    day = Paragraph(text_table.day(row, canvas.lang) or "–", row, value="day")
    return [*([_of(row, name)] for name in ("mandate", "composition", "area")), towns or [quiet("–")], [day]]


def learning_sessions(canvas: Canvas) -> None:
    """T08: per session its day, its themes with what came of them, and who was there."""
    marks = {str(row["session"]): row for row in canvas.marks("sessions")}
    themes, parties = grouped(canvas, "themes", "session"), grouped(canvas, "parties", "session")
    every: dict[str, MarkRow] = {name: {"session": name} for (name,) in (*themes, *parties)}
    every.update(marks)
    lines = [text_table.head(*(canvas.word(f"col_{name}") for name in ("session", "themes", "parties")))]
    for session in text_table.in_order(list(every.values()), "session", "day"):
        row = marks.get(session)
        heading = [
            strong(session),
            Paragraph(text_table.day(row, canvas.lang) or canvas.word("no_day"), row) if row else quiet("–"),
        ]
        raised = [
            Paragraph(text_table.after_colon(mark["theme"], text(mark, "finding")), mark)
            for mark in themes.get((session,), [])
        ]
        came = {str(mark["party"]): mark for mark in parties.get((session,), [])}
        there = [Paragraph(canvas.label("party", code), came[code]) for code in canvas.order("party", list(came))]
        lines.append(TableLine([heading, raised or [quiet("–")], there or [quiet("–")]]))
    text_table.draw(canvas, [1.4, WIDTH - 3.0, 1.6], lines)


def themes_of_municipalities(canvas: Canvas) -> None:
    """T11: per municipality and kind of theme what was found."""
    lines = [text_table.head(canvas.word("col_kind"), canvas.word("col_themes"))]
    themes = grouped(canvas, "themes", "municipality", "kind")
    for town in canvas.groups("municipality"):
        lines.append(text_table.group(strong(canvas.label("municipality", town))))
        for kind in canvas.order("kind", [key[1] for key in themes if key[0] == town]):
            paragraphs = [
                Paragraph(text_table.after_colon(row["theme"], text(row, "finding")), row) for row in themes[town, kind]
            ]
            lines.append(TableLine([[Paragraph(canvas.label("kind", kind))], paragraphs]))
    text_table.draw(canvas, [1.35, WIDTH - 1.35], lines)


# --- T10 -------------------------------------------------------------------------------------------------------------

FormColumn = tuple[str, str]  # meeting and observer


def observed_items(canvas: Canvas) -> None:
    """T10: per form its items against meetings, numbered in order of their month; a column per observer."""
    observed = {str(row["meeting"]): row for row in canvas.marks("observed")}
    meetings = text_table.in_order(list(observed.values()), "meeting", "month")
    scores = [*canvas.marks("named"), *canvas.marks("unnamed")]
    columns = sorted({(str(row["meeting"]), str(row["observer"])) for row in scores},
                     key=lambda column: (meetings.index(column[0]), column[1]))  # fmt: skip
    names = [Paragraph(_numbered(canvas, n, row), row) for n, row in enumerate((observed[m] for m in meetings), 1)]
    lines = [text_table.group(strong(canvas.word("meetings_observed")), *names)]
    for form in sorted({text(row, "form") for row in observed.values()}):
        of_form = [column for column in columns if text(observed[column[0]], "form") == form]
        lines += [text_table.group(strong(canvas.word("form", form=form)))] if form else []
        mine = [row for row in scores if (row["meeting"], row["observer"]) in of_form]
        per = -(-len(of_form) // -(-len(of_form) // _WIDEST))  # blocks of about one width
        for n in range(0, len(of_form), per):
            lines += _scores(canvas, mine, of_form[n : n + per], meetings)
    text_table.draw(canvas, [WIDTH - _SCALE - _WIDEST * _SCORE, _SCALE, *[_SCORE] * _WIDEST], lines)


def _numbered(canvas: Canvas, n: int, row: MarkRow) -> str:
    month = text(row, "month")
    when = f" · {numbers.month(month, canvas.lang)}" if month else ""
    return f"{n}{numbers.TIE}{numbers.TIE}{row['meeting']}{when}"


def _scores(
    canvas: Canvas, scores: Sequence[MarkRow], columns: Sequence[FormColumn], meetings: Sequence[str]
) -> list[TableLine]:
    """One block of columns: number of the meeting, observer, and a line per item."""
    centred: dict[str, Any] = {"ha": "center"}
    spare: list[TableCell] = [[]] * (_WIDEST - len(columns))
    heads = [[strong(str(meetings.index(meeting) + 1), **centred), *([Paragraph(observer, look=centred)] if observer else [])]
             for meeting, observer in columns]  # fmt: skip
    lines = [
        TableLine(
            [[strong(canvas.word("col_item"))], [strong(canvas.word("col_scale"), **centred)], *heads, *spare], "head"
        )
    ]
    at = {(str(row["item"]), (str(row["meeting"]), str(row["observer"]))): row for row in scores}
    for item in text_table.in_order(scores, "item", "place"):
        scored = [at.get((item, column)) for column in columns]
        cells = [[Paragraph("–" if row is None else canvas.number(row["value"]), row, look=centred)] for row in scored]
        scales = {_scale(canvas, row) for (name, _), row in at.items() if name == item}
        lines.append(
            TableLine([[Paragraph(item)], [Paragraph(scale, look=centred) for scale in sorted(scales)], *cells, *spare])
        )
    return lines


def _scale(canvas: Canvas, row: MarkRow) -> str:
    low, high = (canvas.number(row[name]) for name in ("scale_low", "scale_high"))
    return "–" if missing(row["scale_low"]) else f"{low}–{high}"
