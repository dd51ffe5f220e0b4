"""Draw tables of what the sources and the teams are, what teams want to learn, and what sessions and observations brought."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, grouped, keyed, missing, natural, text_of
from iww_analysis.figures.shapes import text_table
from iww_analysis.figures.shapes.text_table import WIDTH, Paragraph, TableCell, TableLine, quiet, strong
from iww_analysis.messages import numbers

_SCALE, _SCORE, _WIDEST = 0.6, 0.68, 5  # inches of a scale and of a score; columns of scores beside each other
_SOURCES = {"source": 1.03, "n": 1.03, "period": 1.14, "case_is": 1.52, "selection": 1.52}  # inches
_COUNTED = ("cases", "persons", "case_studies", "talks", "teams")  # the questions, in the order in which they are told
_PROFILE = {"mandate": 1.65, "composition": 1.5, "area": 1.05, "municipality": 1.12, "day": 0.92}  # inches


def sources(canvas: Canvas) -> None:
    """T01: one line per source; the numbers are marks of their own."""
    lines = [TableLine(_source(canvas, name), row={"source": name}) for name in canvas.groups("source")]
    heads = text_table.head(*(canvas.word(f"head_{name}") for name in _SOURCES))
    text_table.draw(canvas, list(_SOURCES.values()), [heads, *lines])


def _source(canvas: Canvas, source: str) -> list[TableCell]:
    """The cells of a source: name, numbers, period, what a case is, how cases were selected."""
    mine = canvas.marks(source=source)
    card, lang = next((row for row in mine if not missing(row.get("period"))), mine[0]), canvas.lang
    codes = [code for code in text_of(card, "municipality").split(", ") if code]
    towns = numbers.listed([canvas.label("municipality", code) for code in codes], lang)
    known, code = vocabulary.read("study"), text_of(card, "study")
    study = str(known[code].extra.get(f"short_{lang}", known[code].nl)) if code in known else ""
    name = [source, towns if towns.casefold() != source else "", study]
    days = [numbers.short_day(dt.date.fromisoformat(day), lang) for day in text_of(card, "period").split(" – ") if day]
    period = [day if n == 0 else f"{canvas.word('until')} {day}" for n, day in enumerate(days)]
    by_part, unit = {str(row["part"]): row for row in mine}, canvas.data.units
    values = {part: canvas.number(by_part[part][unit[part]]) for part in _COUNTED if part in by_part}
    counts = [Paragraph(canvas.word(f"n_{part}", n=n), by_part[part], unit[part]) for part, n in values.items()]
    return [
        [Paragraph(text) for text in name if text],
        counts,
        [Paragraph(day) for day in period],
        [Paragraph(text_of(card, f"case_is_{lang}"))],
        [Paragraph(text_of(card, f"selection_{lang}"))],
    ]


def needs_and_findings(canvas: Canvas) -> None:
    """T04: per team its learning needs in its own order, and the findings beside each."""
    findings = grouped(canvas.marks("findings"), "team", "need")
    lines = [text_table.head(canvas.word("col_priority"), canvas.word("col_need"), canvas.word("col_found"))]
    for (team,), marks in sorted(grouped(canvas.marks("needs"), "team").items()):
        lines.append(text_table.group(strong(team)))
        needs = keyed(marks, "need")
        for need in text_table.in_order(marks, "need", "priority"):
            row = needs[need,]
            rank = "–" if missing(row["priority"]) else canvas.number(row["priority"])
            beside = []
            for mark in findings.get((team, need), []):
                element = text_of(mark, "element")
                named = f" ({canvas.label('element', element)})" if element in vocabulary.read("factor") else ""
                beside.append(Paragraph(f"{mark['finding']}{named}", mark))
            beside = beside or [quiet(canvas.word("nothing_beside"))]
            lines.append(TableLine([[Paragraph(rank)], [Paragraph(need, row)], beside]))
    text_table.draw(canvas, [0.85, 2.2, WIDTH - 3.05], lines)


def roles_and_interests(canvas: Canvas) -> None:
    """T05: per team the parties with their role and interest."""
    lines = [text_table.head(*(canvas.word(f"col_{name}") for name in ("party", "role", "interest")))]
    for (team,), marks in grouped(canvas.marks("roles"), "team").items():
        lines.append(text_table.group(strong(team)))
        by_party = keyed(marks, "party")
        for party in canvas.order("party", [party for (party,) in by_party]):
            cells: list[TableCell] = [[_of(by_party[party,], name)] for name in ("role", "interest")]
            lines.append(TableLine([[Paragraph(canvas.label("party", party))], *cells]))
    text_table.draw(canvas, [1.2, (WIDTH - 1.2) / 2, (WIDTH - 1.2) / 2], lines)


def _of(row: MarkRow, name: str) -> Paragraph:
    """One of the texts of a mark, with an address of its own."""
    return Paragraph(text_of(row, name) or "–", row, value=name)


def team_profiles(canvas: Canvas) -> None:
    """T06: per team its kind, then mandate, composition, area, municipalities and first day."""
    lines = [text_table.head(*(canvas.word(f"profile_{name}") for name in _PROFILE))]
    profiles = keyed(canvas.marks("teams"), "team")
    for team in canvas.groups("team"):
        row = profiles.get((team,))
        of_town = keyed([*canvas.marks("stands_in", team=team), *canvas.marks("works_for", team=team)], "municipality")
        towns = [
            Paragraph(canvas.label("municipality", code), of_town[code,], combined=True) for (code,) in sorted(of_town)
        ]
        kind = f" · {canvas.label('team_type', row['team_type'])}" if row and text_of(row, "team_type") else ""
        lines.append(text_table.group(strong(team + kind)))
        if row is None:
            lines.append(TableLine([[quiet("–")], [], [], towns, []]))
        else:
            words = [[_of(row, name)] for name in ("mandate", "composition", "area")]
            day = Paragraph(text_table.day(row, canvas.lang) or "–", row, value="day")
            lines.append(TableLine([*words, towns or [quiet("–")], [day]]))
    text_table.draw(canvas, list(_PROFILE.values()), lines)


def learning_sessions(canvas: Canvas) -> None:
    """T08: per session its day, its themes with what came of them, and who was there."""
    sessions = keyed(canvas.marks("sessions"), "session")
    lines = [text_table.head(*(canvas.word(f"col_{name}") for name in ("session", "themes", "parties")))]
    for session in text_table.in_order(canvas.marks(), "session", "day"):
        row = sessions.get((session,))
        day = Paragraph(text_table.day(row, canvas.lang) or canvas.word("no_day"), row) if row else quiet("–")
        raised = text_table.themes(canvas.marks("themes", session=session))
        came = keyed(canvas.marks("parties", session=session), "party")
        order = canvas.order("party", [party for (party,) in came])
        there = [Paragraph(canvas.label("party", code), came[code,]) for code in order]
        lines.append(TableLine([[strong(session), day], raised or [quiet("–")], there or [quiet("–")]]))
    text_table.draw(canvas, [1.4, WIDTH - 3.0, 1.6], lines)


def themes_of_municipalities(canvas: Canvas) -> None:
    """T11: per municipality and kind of theme what was found."""
    lines = [text_table.head(canvas.word("col_kind"), canvas.word("col_themes"))]
    for town in canvas.groups("municipality"):
        lines.append(text_table.group(strong(canvas.label("municipality", town))))
        themes = grouped(canvas.marks("themes", municipality=town), "kind")
        kinds = canvas.order("kind", [kind for (kind,) in themes])
        lines += [
            TableLine([[Paragraph(canvas.label("kind", kind))], text_table.themes(themes[kind,])]) for kind in kinds
        ]
    text_table.draw(canvas, [1.35, WIDTH - 1.35], lines)


# --- T10 -------------------------------------------------------------------------------------------------------------

FormColumn = tuple[str, str]  # meeting and observer


def observed_items(canvas: Canvas) -> None:
    """T10: per form its items against meetings, numbered in order of their name; a column per observer."""
    observed = {str(row["meeting"]): row for row in canvas.marks("observed")}
    meetings = sorted(observed, key=natural)
    scores = [*canvas.marks("named"), *canvas.marks("unnamed")]
    columns = sorted({(str(row["meeting"]), str(row["observer"])) for row in scores},
                     key=lambda column: (meetings.index(column[0]), column[1]))  # fmt: skip
    names = []
    for n, row in enumerate((observed[meeting] for meeting in meetings), 1):
        names.append(Paragraph(f"{n}{numbers.TIE}{numbers.TIE}{row['meeting']}", row))
    lines = [text_table.group(strong(canvas.word("meetings_observed")), *names)]
    for form in sorted({text_of(row, "form") for row in observed.values()}):
        of_form = [column for column in columns if text_of(observed[column[0]], "form") == form]
        lines += [text_table.group(strong(canvas.word("form", form=form)))] if form else []
        mine = [row for row in scores if (row["meeting"], row["observer"]) in of_form]
        per = -(-len(of_form) // -(-len(of_form) // _WIDEST))  # blocks of about one width
        for n in range(0, len(of_form), per):
            lines += _scores(canvas, mine, of_form[n : n + per], meetings)
    text_table.draw(canvas, [WIDTH - _SCALE - _WIDEST * _SCORE, _SCALE, *[_SCORE] * _WIDEST], lines)


def _scores(canvas: Canvas, scores: Sequence[MarkRow], columns: Sequence[FormColumn],
            meetings: Sequence[str]) -> list[TableLine]:  # fmt: skip
    """One block of columns: number of the meeting, observer, and a line per item."""
    centred: dict[str, Any] = {"ha": "center"}
    spare: list[TableCell] = [[]] * (_WIDEST - len(columns))
    heads = [[strong(str(meetings.index(meeting) + 1), **centred), *([Paragraph(observer, look=centred)] if observer else [])]
             for meeting, observer in columns]  # fmt: skip
    names = [[strong(canvas.word("col_item"))], [strong(canvas.word("col_scale"), **centred)]]
    lines = [TableLine([*names, *heads, *spare], "head")]
    at = {(str(row["item"]), (str(row["meeting"]), str(row["observer"]))): row for row in scores}
    for item in text_table.in_order(scores, "item", "place"):
        scored = [at.get((item, column)) for column in columns]
        cells = [[Paragraph("–" if row is None else canvas.number(row["value"]), row, look=centred)] for row in scored]
        of_item = [row for (name, _), row in at.items() if name == item]
        scales = {"–" if missing(row["scale_low"]) else f"{canvas.number(row['scale_low'])}–{canvas.number(row['scale_high'])}"
                  for row in of_item}  # fmt: skip
        scale_cell = [Paragraph(scale, look=centred) for scale in sorted(scales)]
        lines.append(TableLine([[Paragraph(item)], scale_cell, *cells, *spare]))
    return lines
