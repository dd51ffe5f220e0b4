"""Draw tables of what teams are, what they want to learn, and what sessions and observations brought."""

from collections.abc import Sequence
from typing import Any

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import words
from iww_analysis.figures.canvas.canvas import Row, Sheet, missing, rows
from iww_analysis.figures.shapes import text_table
from iww_analysis.figures.shapes.text_table import WIDTH, Cell, Line, Said, grouped, quiet, strong, text

_SCALE, _SCORE, _WIDEST = 0.6, 0.68, 5  # inches of a scale and of a score; columns of scores beside each other
_PROFILE = {"mandate": 1.65, "composition": 1.5, "area": 1.05, "municipality": 1.12, "day": 0.92}  # inches


def needs_and_findings(sheet: Sheet) -> None:
    """T04: per team its learning needs in its own order, and the findings beside each."""
    findings = grouped(sheet, "findings", "team", "need")
    lines = [text_table.head(sheet.word("col_priority"), sheet.word("col_need"), sheet.word("col_found"))]
    for (team,), found in sorted(grouped(sheet, "needs", "team").items()):
        lines.append(text_table.group(strong(team)))
        needs = {str(row["need"]): row for row in found}
        for need in text_table.in_order(list(needs.values()), "need", "priority"):
            row = needs[need]
            rank = "–" if missing(row["priority"]) else sheet.number(row["priority"])
            beside = [Said(_with_element(sheet, mark), mark) for mark in findings.get((team, need), [])]
            lines.append(Line([[Said(rank)], [Said(need, row)], beside or [quiet(sheet.word("nothing_beside"))]]))
    text_table.draw(sheet, [0.85, 2.2, WIDTH - 3.05], lines)


def _with_element(sheet: Sheet, row: Row) -> str:
    element = text(row, "element")
    named = f" ({sheet.label('element', element)})" if element in vocabulary.read("factor") else ""
    return f"{row['finding']}{named}"


def roles_and_interests(sheet: Sheet) -> None:
    """T05: per team the parties with their role and interest."""
    lines = [text_table.head(*(sheet.word(f"col_{name}") for name in ("party", "role", "interest")))]
    for (team,), found in grouped(sheet, "roles", "team").items():
        lines.append(text_table.group(strong(team)))
        by_party = {str(row["party"]): row for row in found}
        for party in sheet.order("party", list(by_party)):
            cells: list[Cell] = [[_of(by_party[party], name)] for name in ("role", "interest")]
            lines.append(Line([[Said(sheet.label("party", party))], *cells]))
    text_table.draw(sheet, [1.2, (WIDTH - 1.2) / 2, (WIDTH - 1.2) / 2], lines)


def _of(row: Row, name: str) -> Said:
    """One of the texts of a mark, with an address of its own."""
    return Said(text(row, name) or "–", row, value=name)


def team_profiles(sheet: Sheet) -> None:
    """T06: per team its kind, then mandate, composition, area, municipalities and first day."""
    lines = [text_table.head(*(sheet.word(f"profile_{name}") for name in _PROFILE))]
    places = grouped(sheet, "stands_in", "team"), grouped(sheet, "works_for", "team")
    profiles = grouped(sheet, "teams", "team")
    for team in sheet.groups("team"):
        (row,) = profiles.get((team,), [None])
        towns = {str(mark["municipality"]): mark for found in places for mark in found.get((team,), [])}
        named = [Said(sheet.label("municipality", code), mark, combined=True) for code, mark in sorted(towns.items())]
        kind = f" · {sheet.label('team_type', row['team_type'])}" if row and text(row, "team_type") else ""
        lines.append(text_table.group(strong(team + kind)))
        lines.append(Line(_profile(sheet, row, named)))
    text_table.draw(sheet, list(_PROFILE.values()), lines)


def _profile(sheet: Sheet, row: Row | None, towns: Cell) -> list[Cell]:
    if row is None:
        return [[quiet("–")], [], [], towns, []]
    day = Said(text_table.day(row, sheet.lang) or "–", row, value="day")
    return [*([_of(row, name)] for name in ("mandate", "composition", "area")), towns or [quiet("–")], [day]]


def learning_sessions(sheet: Sheet) -> None:
    """T08: per session its day, its themes with what came of them, and who was there."""
    marks = {str(row["session"]): row for row in rows(sheet.data.part("sessions"))}
    themes, parties = grouped(sheet, "themes", "session"), grouped(sheet, "parties", "session")
    every: dict[str, Row] = {name: {"session": name} for (name,) in (*themes, *parties)}
    every.update(marks)
    lines = [text_table.head(*(sheet.word(f"col_{name}") for name in ("session", "themes", "parties")))]
    for session in text_table.in_order(list(every.values()), "session", "day"):
        row = marks.get(session)
        said = [
            strong(session),
            Said(text_table.day(row, sheet.lang) or sheet.word("no_day"), row) if row else quiet("–"),
        ]
        raised = [
            Said(text_table.after_colon(mark["theme"], text(mark, "finding")), mark)
            for mark in themes.get((session,), [])
        ]
        came = {str(mark["party"]): mark for mark in parties.get((session,), [])}
        there = [Said(sheet.label("party", code), came[code]) for code in sheet.order("party", list(came))]
        lines.append(Line([said, raised or [quiet("–")], there or [quiet("–")]]))
    text_table.draw(sheet, [1.4, WIDTH - 3.0, 1.6], lines)


def themes_of_municipalities(sheet: Sheet) -> None:
    """T11: per municipality and kind of theme what was found."""
    lines = [text_table.head(sheet.word("col_kind"), sheet.word("col_themes"))]
    found = grouped(sheet, "themes", "municipality", "kind")
    for town in sheet.groups("municipality"):
        lines.append(text_table.group(strong(sheet.label("municipality", town))))
        for kind in sheet.order("kind", [key[1] for key in found if key[0] == town]):
            said = [Said(text_table.after_colon(row["theme"], text(row, "finding")), row) for row in found[town, kind]]
            lines.append(Line([[Said(sheet.label("kind", kind))], said]))
    text_table.draw(sheet, [1.35, WIDTH - 1.35], lines)


# --- T10 -------------------------------------------------------------------------------------------------------------

Column = tuple[str, str]  # meeting and observer


def observed_items(sheet: Sheet) -> None:
    """T10: per form its items against meetings, numbered in order of their month; a column per observer."""
    observed = {str(row["meeting"]): row for row in rows(sheet.data.part("observed"))}
    meetings = text_table.in_order(list(observed.values()), "meeting", "month")
    scores = [*rows(sheet.data.part("named")), *rows(sheet.data.part("unnamed"))]
    columns = sorted({(str(row["meeting"]), str(row["observer"])) for row in scores},
                     key=lambda column: (meetings.index(column[0]), column[1]))  # fmt: skip
    names = [Said(_numbered(sheet, n, row), row) for n, row in enumerate((observed[m] for m in meetings), 1)]
    lines = [text_table.group(strong(sheet.word("meetings_observed")), *names)]
    for form in sorted({text(row, "form") for row in observed.values()}):
        of_form = [column for column in columns if text(observed[column[0]], "form") == form]
        lines += [text_table.group(strong(sheet.word("form", form=form)))] if form else []
        mine = [row for row in scores if (row["meeting"], row["observer"]) in of_form]
        per = -(-len(of_form) // -(-len(of_form) // _WIDEST))  # blocks of about one width
        for n in range(0, len(of_form), per):
            lines += _scores(sheet, mine, of_form[n : n + per], meetings)
    text_table.draw(sheet, [WIDTH - _SCALE - _WIDEST * _SCORE, _SCALE, *[_SCORE] * _WIDEST], lines)


def _numbered(sheet: Sheet, n: int, row: Row) -> str:
    month = text(row, "month")
    when = f" · {words.month(month, sheet.lang)}" if month else ""
    return f"{n}{words.TIE}{words.TIE}{row['meeting']}{when}"


def _scores(sheet: Sheet, scores: Sequence[Row], columns: Sequence[Column], meetings: Sequence[str]) -> list[Line]:
    """One block of columns: number of the meeting, observer, and a line per item."""
    centred: dict[str, Any] = {"ha": "center"}
    spare: list[Cell] = [[]] * (_WIDEST - len(columns))
    heads = [[strong(str(meetings.index(meeting) + 1), **centred), *([Said(observer, look=centred)] if observer else [])]
             for meeting, observer in columns]  # fmt: skip
    lines = [
        Line([[strong(sheet.word("col_item"))], [strong(sheet.word("col_scale"), **centred)], *heads, *spare], "head")
    ]
    at = {(str(row["item"]), (str(row["meeting"]), str(row["observer"]))): row for row in scores}
    for item in text_table.in_order(scores, "item", "place"):
        found = [at.get((item, column)) for column in columns]
        cells = [[Said("–" if row is None else sheet.number(row["value"]), row, look=centred)] for row in found]
        scales = {_scale(sheet, row) for (name, _), row in at.items() if name == item}
        lines.append(Line([[Said(item)], [Said(scale, look=centred) for scale in sorted(scales)], *cells, *spare]))
    return lines


def _scale(sheet: Sheet, row: Row) -> str:
    low, high = (sheet.number(row[name]) for name in ("scale_low", "scale_high"))
    return "–" if missing(row["scale_low"]) else f"{low}–{high}"
