"""Draw who says what: effects, factors, qualities, barriers and how joint work is experienced, each as a grid."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, missing, rows
from iww_analysis.figures.shapes import grid

_LABELS = 1.75  # inches for the names of lines
_EFFECTS = 1.5  # inches for the names of effects: words of a group, over several lines
_ITEMS = 1.3  # inches for the names of items on experience
_ROOM = style.WIDTH - 0.35  # inches of names and columns together


def _seen(values: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values if str(value) != ""))


def _natural(node: str) -> tuple[str, int, str]:
    letters = node.rstrip("0123456789")
    return letters, int(node[len(letters) :] or 0), node


def _text(row: MarkRow | None, column: str) -> str:
    return "" if row is None or missing(row.get(column)) else str(row[column])


def effects(canvas: Canvas) -> None:
    """F11: per arena effects against what voices say of them; the shade is of all voices of that arena."""
    arenas, status = canvas.groups("arena"), vocabulary.read("evidence_status").codes
    codes = {"": ["claimed", *status]}
    across = grid.columns(codes, partial(_status, canvas), _ROOM - _EFFECTS, narrow="claimed")
    placed = grid.keyed(canvas.data.part("effects"), "arena", "node")
    downs = [_nodes(arena, placed) for arena in arenas]
    room = canvas.rows(0.3, *(down.end + grid.head(across) + 0.45 for down in downs))
    canvas.legend(room[0], grid.shades(canvas) | grid.dashes(canvas, "not_looked_for"), columns=5)
    for arena, down, place in zip(arenas, downs, room[1:], strict=True):
        (ax,) = canvas.cells(place, 1, 1)
        grid.dress(ax, across, down, title=canvas.panel_title("arena", arena, "evidence"))
        _voices(canvas, ax, arena, placed, across, down)


def _nodes(arena: str, placed: Mapping[tuple[str, ...], MarkRow]) -> grid.Side:
    """The effects of an arena in the order of their numbers, in the group's own words."""
    nodes = sorted((node for of, node in placed if of == arena), key=_natural)
    return grid.lines({"": nodes}, lambda node: f"{node} {_text(placed[arena, node], 'label')}".strip(), _EFFECTS)


def _status(canvas: Canvas, code: str) -> str:
    return canvas.word("in_arena") if code == "claimed" else canvas.label("status", code)


def _voices(canvas: Canvas, ax: Axes, arena: str, placed: Mapping[tuple[str, ...], MarkRow], across: grid.Side,
            down: grid.Side) -> None:  # fmt: skip
    totals = canvas.data.totals["evidence"].set_index("arena")["n_voices"]
    evidence = grid.keyed(canvas.data.part("evidence"), "arena", "node", "status")
    for node, y in down.at.items():
        grid.claim(canvas, ax, placed[arena, node], across.at["claimed"], y)
        for status in list(across.at)[1:]:
            row = evidence.get((arena, node, status))
            if row is None:
                grid.dash(ax, across.at[status], y)
            else:
                grid.count(canvas, ax, row, across.at[status], y, row["n_voices"], totals[arena])


def factors(canvas: Canvas) -> None:
    """F13: factors against teams, the teams per region."""
    marks = canvas.data.marks
    region = {str(row["team"]): _text(row, "region") for row in canvas.marks()}
    teams = sorted(region, key=lambda team: (_place("region", region[team]), team))
    groups: dict[str, list[str]] = {}
    for team in teams:
        name = " / ".join(canvas.label("region", part) for part in region[team].split("+") if part)
        groups.setdefault(name, []).append(team)
    across = grid.columns(groups, str, _ROOM - _LABELS)
    down = grid.lines({"": canvas.codes("factor")}, canvas.labels("factor"), _LABELS)
    ax = grid.alone(canvas, across, down, grid.signs(canvas, "present", marks["present"].astype(str)), columns=5)
    for row in canvas.marks():
        grid.sign(canvas, ax, row, across.at[str(row["team"])], down.at[str(row["factor"])], _text(row, "present"))


def _place(name: str, code: str) -> tuple[int, str]:
    codes = vocabulary.read(name).codes
    return (codes.index(code) if code in codes else len(codes), code)


def parties(canvas: Canvas) -> None:
    """F14: factors against parties; on the first line in how many teams each party was spoken to."""
    spoken, raised = (canvas.data.part(name) for name in ("spoken", "raised"))
    of = grid.keyed(spoken, "party")
    order = canvas.order("party", _seen([*spoken["party"], *raised["party"]]))
    across = grid.columns({canvas.word("parties"): order}, canvas.labels("party"), _ROOM - _LABELS)
    factor = canvas.codes("factor", "raised")
    blocks = {"": ["spoken"], canvas.word("raised_in"): factor}
    names = {"spoken": canvas.word("spoken_to")} | {code: canvas.label("factor", code) for code in factor}
    down = grid.lines(blocks, names.__getitem__, _LABELS)
    ax = grid.alone(canvas, across, down, grid.shades(canvas) | grid.dashes(canvas, "not_spoken_to"), columns=5)
    raised_by = grid.keyed(raised, "party", "factor")
    for party, x in across.at.items():
        n = of[party,]["n_teams"] if (party,) in of else None
        if (party,) in of:
            teams = ax.text(x, down.at["spoken"], canvas.number(n), ha="center", va="center", weight="bold")
            canvas.mark(teams, of[party,])
        for code in factor:
            row = raised_by.get((party, code))
            if row is None:
                grid.dash(ax, x, down.at[code])
            else:
                k = row["n_teams"]
                grid.count(canvas, ax, row, x, down.at[code], k, n, text=f"{canvas.number(k)}/{canvas.number(n)}")


def qualities(canvas: Canvas) -> None:
    """F15: per municipality qualities against groups, generic above specific."""
    marks = canvas.data.marks
    kinds = {value.code: str(value.extra["kind"]) for value in vocabulary.read("quality").values}
    order = canvas.codes("quality")
    blocks = {canvas.word(kind): [q for q in order if kinds.get(q) == kind] for kind in ("generic", "specific")}
    room = (_ROOM - _LABELS) / 4
    across = grid.columns({"": canvas.codes("group")}, canvas.labels("group"), room, upright=False)
    down = grid.lines(blocks, canvas.labels("quality"), _LABELS)
    legend = grid.signs(canvas, "named", marks["named"].astype(str))
    for town, ax in _panels(canvas, "qualities", legend, across, down, 4, room):
        for row in canvas.marks(municipality=town):
            grid.sign(canvas, ax, row, across.at[str(row["group"])], down.at[str(row["quality"])], _text(row, "named"))


def _panels(canvas: Canvas, part: str, legend: Mapping[str, Any], across: grid.Side, down: grid.Side, wide: int,
            inches: float) -> list[tuple[str, Axes]]:  # fmt: skip
    """A panel per municipality, `wide` beside each other with the names of lines at the left."""
    towns = canvas.groups("municipality")
    titles = [wrapping.wrapped(canvas.panel_title("municipality", t, part), inches, 9.0, "bold") for t in towns]
    top = grid.head(across) + 0.15 * (max(title.count("\n") for title in titles) + 1) + 0.2
    room = canvas.rows(0.3, *([down.end + top] * -(-len(towns) // wide)))
    canvas.legend(room[0], legend, columns=5)
    axes = [ax for place in room[1:] for ax in canvas.cells(place, wide, wide)]
    for n, ax in enumerate(axes):
        ax.set_visible(n < len(towns))
        if n < len(towns):
            grid.dress(ax, across, down, named=n % wide == 0, title=titles[n])
    return list(zip(towns, axes, strict=False))


def barriers(canvas: Canvas) -> None:
    """F18: barriers and helping factors against who holds them and who says so."""
    discussed, reported, contributed = (canvas.data.part(name) for name in ("discussed", "reported", "contributed"))
    kinds = {value.code: str(value.extra["kind"]) for value in vocabulary.read("factor").values}
    order = canvas.codes("factor", "discussed")
    blocks = {canvas.word(kind): [f for f in order if kinds[f] == kind] for kind in ("barrier", "working_element")}
    groups: dict[str, Sequence[str]] = {}
    for holder in canvas.codes("holder", "discussed"):
        voices = canvas.order("perspective", _seen(discussed.loc[discussed["holder"] == holder, "perspective"]))
        groups[canvas.word("held_by", who=canvas.label("holder", holder))] = [f"{holder}|{voice}" for voice in voices]
    across = grid.columns(groups, canvas.labels("perspective"), _ROOM - _LABELS, upright=False)
    down = grid.lines(blocks, canvas.labels("factor"), _LABELS)
    signs = grid.shades(canvas) | grid.dashes(canvas, "not_asked_here")
    signs |= grid.contributions(canvas, contributed["contribution"])
    ax = grid.alone(canvas, across, down, signs, columns=3, strip=0.7)
    _reported(canvas, ax, across, down, discussed, reported)
    for row in rows(contributed):
        x, y = across.at[f"{row['holder']}|{row['perspective']}"], down.at[str(row["factor"])]
        grid.contribution(canvas, ax, row, x, y)


def _reported(
    canvas: Canvas, ax: Axes, across: grid.Side, down: grid.Side, discussed: pd.DataFrame, reported: pd.DataFrame
) -> None:
    reports = grid.keyed(reported, "factor", "holder", "perspective")
    asked = grid.keyed(discussed, "factor", "holder", "perspective")
    for factor, y in down.at.items():
        for column, x in across.at.items():
            row, inner = (each.get((factor, *column.split("|"))) for each in (asked, reports))
            if row is None:
                grid.dash(ax, x, y)
                continue
            k, n = (0 if inner is None else inner["n_cases"]), row["n_cases"]
            k_of_n = f"{canvas.number(k)}/{canvas.number(n)}"
            grid.count(canvas, ax, row, x, y, k, n, text=k_of_n, inner=inner, shift=-0.08)


def confrontation(canvas: Canvas) -> None:
    """F21: effects against arena, registration, client and professional; shared themes above effects of one arena."""
    marks = canvas.data.marks
    shared = canvas.order("effect", _seen(marks.loc[marks["arena"] == "", "effect"]))
    alone = {arena: sorted(_seen(marks.loc[marks["arena"] == arena, "effect"]), key=_natural)
           for arena in sorted(_seen(marks["arena"]))}  # fmt: skip
    blocks: dict[str, Sequence[str]] = {canvas.word("shared_effects"): [f"|{effect}" for effect in shared]}
    blocks |= {canvas.word("own_effects", arena=a): [f"{a}|{effect}" for effect in codes] for a, codes in alone.items()}
    across = grid.columns({"": vocabulary.read("voice").codes}, canvas.labels("voice"), _ROOM - _LABELS - 0.2)
    label = {
        (str(row["arena"]), str(row["effect"])): _text(row, "label")
        for row in canvas.marks()
        if row["voice"] == "arena"
    }
    down = grid.lines(blocks, lambda code: _effect(canvas, code, label), _LABELS + 0.2)
    signs = grid.shades(canvas) | grid.claims(canvas) | grid.contradictions(canvas)
    ax = grid.alone(canvas, across, down, signs | grid.dashes(canvas, "voice_silent"), columns=3, strip=0.7)
    _confronted(canvas, ax, across, down)


def _effect(canvas: Canvas, code: str, label: Mapping[tuple[str, str], str]) -> str:
    arena, effect = code.split("|")
    return f"{effect} {label.get((arena, effect), '')}".strip() if arena else canvas.label("effect", effect)


def _confronted(canvas: Canvas, ax: Axes, across: grid.Side, down: grid.Side) -> None:
    spoken = grid.keyed(_both(canvas, "told"), "arena", "effect", "voice", "status")
    asked = grid.keyed(_both(canvas, "looked_for"), "arena", "effect", "voice")
    claimed = grid.keyed(_both(canvas, "claimed"), "arena", "effect")
    for code, y in down.at.items():
        place = tuple(code.split("|"))
        for voice, x in across.at.items():
            if voice == "arena":
                row = claimed.get(place)
                if row is not None:
                    grid.claim(canvas, ax, row, x, y, several=row["n_items"])
                continue
            asked_here = asked.get((*place, voice))
            if asked_here is None:
                grid.dash(ax, x, y)
                continue
            seen, against = (spoken.get((*place, voice, status)) for status in ("observed", "contradicted"))
            k, n = (0 if seen is None else seen["n_cases"]), asked_here["n_cases"]
            grid.count(canvas, ax, asked_here, x - 0.12, y, k, n, text=grid.of_n(canvas, k, n), inner=seen, width=0.56)
            if against is not None:
                grid.contradiction(canvas, ax, against, x + 0.3, y, against["n_cases"])


def _both(canvas: Canvas, name: str) -> pd.DataFrame:
    """The marks of a question over shared themes and over effects that stand alone."""
    marks = canvas.data.marks
    return marks[marks["part"].isin([name, f"{name}_alone"])]


def experience(canvas: Canvas) -> None:
    """F22: per municipality items against what each voice says of them; the numbers of one voice add up to its cases."""
    voices = canvas.codes("perspective")
    answers = canvas.codes("present")
    groups = {canvas.label("perspective", voice): [f"{voice}|{code}" for code in answers] for voice in voices}
    room = (_ROOM - _ITEMS) / 3
    across = grid.columns(groups, canvas.labels("present"), room, upright=False)
    down = grid.lines({"": canvas.codes("item")}, canvas.labels("item"), _ITEMS)
    totals = canvas.data.totals["experience"].set_index("municipality")["n_cases"]
    for town, ax in _panels(canvas, "experience", grid.shades(canvas), across, down, 3, room):
        for row in canvas.marks(municipality=town):
            x = across.at[f"{row['perspective']}|{row['present']}"]
            grid.count(canvas, ax, row, x, down.at[str(row["item"])], row["n_cases"], totals[town])
