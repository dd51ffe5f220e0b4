"""Draw who says what: effects, factors, qualities, barriers and how joint work is experienced, each as a grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import MarkRow, keyed, natural, text_of
from iww_analysis.figures.shapes import grid
from iww_analysis.figures.shapes.bar_charts import panel_name

_LABELS = 1.75  # inches for the names of lines
_EFFECTS = 1.5  # inches for the names of effects: words of a group, over several lines
_ITEMS = 1.3  # inches for the names of items on experience
_ROOM = style.WIDTH - 0.35  # inches of names and columns together


def _k_of_n(canvas: Canvas, k: Any, n: Any) -> str:
    return f"{canvas.number(k)}/{canvas.number(n)}"


def effects(canvas: Canvas) -> None:
    """F11: per arena effects against what voices say of them; the shade is of all voices of that arena."""
    arenas, status = canvas.groups("arena"), vocabulary.read("evidence_status").codes
    columns = {"claimed": canvas.word("in_arena")} | {code: canvas.label("status", code) for code in status}
    across = grid.columns({"": list(columns)}, columns.__getitem__, _ROOM - _EFFECTS, narrow="claimed")
    placed = {arena: {str(row["node"]): row for row in canvas.marks("effects", arena=arena)} for arena in arenas}
    downs = [_nodes(placed[arena]) for arena in arenas]
    room = canvas.rows(0.3, *(down.end + grid.head(across) + 0.45 for down in downs))
    canvas.legend(room[0], grid.shades(canvas) | grid.dashes(canvas, "not_looked_for"), columns=5)
    totals = canvas.data.totals["evidence"].set_index("arena")["n_voices"]
    evidence = keyed(canvas.marks("evidence"), "arena", "node", "status")
    for arena, down, place in zip(arenas, downs, room[1:], strict=True):
        (ax,) = canvas.cells(place, 1, 1)
        grid.dress(ax, across, down, title=canvas.panel_title("arena", arena, "evidence"))
        for node, y in down.at.items():
            grid.claim(canvas, ax, placed[arena][node], across.at["claimed"], y)
            for code in status:
                row = evidence.get((arena, node, code))
                if row is None:
                    grid.dash(ax, across.at[code], y)
                else:
                    grid.count(canvas, ax, row, across.at[code], y, row["n_voices"], totals[arena])


def _nodes(placed: Mapping[str, MarkRow]) -> grid.Side:
    """The effects of an arena in the order of their numbers, in the group's own words."""
    nodes = sorted(placed, key=natural)
    return grid.lines({"": nodes}, lambda node: f"{node} {text_of(placed[node], 'label')}".strip(), _EFFECTS)


def factors(canvas: Canvas) -> None:
    """F13: factors against teams, the teams per region."""
    region = {str(row["team"]): text_of(row, "region") for row in canvas.marks()}
    order = canvas.order("region", list(region.values()))
    groups: dict[str, list[str]] = {}
    for team in sorted(region, key=lambda team: (order.index(region[team]), team)):
        name = " / ".join(canvas.label("region", code) for code in region[team].split("+") if code)
        groups.setdefault(name, []).append(team)
    across = grid.columns(groups, str, _ROOM - _LABELS)
    down = grid.lines({"": canvas.codes("factor")}, canvas.labels("factor"), _LABELS)
    ax = grid.alone(canvas, across, down, grid.rounds(canvas, "present"), columns=5)
    for row in canvas.marks():
        grid.sign(canvas, ax, row, across.at[str(row["team"])], down.at[str(row["factor"])], text_of(row, "present"))


def parties(canvas: Canvas) -> None:
    """F14: factors against parties; on the first line in how many teams each party was spoken to."""
    of = keyed(canvas.marks("spoken"), "party")
    across = grid.columns({canvas.word("parties"): canvas.codes("party")}, canvas.labels("party"), _ROOM - _LABELS)
    factor = canvas.codes("factor", "raised")
    blocks = {"": ["spoken"], canvas.word("raised_in"): factor}
    names = {"spoken": canvas.word("spoken_to")} | {code: canvas.label("factor", code) for code in factor}
    down = grid.lines(blocks, names.__getitem__, _LABELS)
    ax = grid.alone(canvas, across, down, grid.shades(canvas) | grid.dashes(canvas, "not_spoken_to"), columns=5)
    raised_by = keyed(canvas.marks("raised"), "party", "factor")
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
                grid.count(canvas, ax, row, x, down.at[code], k, n, text=_k_of_n(canvas, k, n))


def qualities(canvas: Canvas) -> None:
    """F15: per municipality qualities against groups, generic above specific."""
    kinds = {value.code: str(value.extra["kind"]) for value in vocabulary.read("quality").values}
    order = canvas.codes("quality")
    blocks = {canvas.word(kind): [q for q in order if kinds.get(q) == kind] for kind in ("generic", "specific")}
    room = (_ROOM - _LABELS) / 4
    across = grid.columns({"": canvas.codes("group")}, canvas.labels("group"), room, upright=False)
    down = grid.lines(blocks, canvas.labels("quality"), _LABELS)
    for town, ax in _panels(canvas, "qualities", grid.rounds(canvas, "named"), across, down, 4, room):
        for row in canvas.marks(municipality=town):
            grid.sign(
                canvas, ax, row, across.at[str(row["group"])], down.at[str(row["quality"])], text_of(row, "named")
            )


def _panels(canvas: Canvas, part: str, legend: Mapping[str, Any], across: grid.Side, down: grid.Side, wide: int,
            inches: float) -> list[tuple[str, Axes]]:  # fmt: skip
    """A panel per municipality, `wide` beside each other with the names of lines at the left."""
    towns = canvas.groups("municipality")
    titles = [panel_name(canvas, "municipality", town, part, inches) for town in towns]
    top = grid.head(across) + 0.15 * (max(title.count("\n") for title in titles) + 1) + 0.2
    room = canvas.rows(0.3, *([down.end + top] * -(-len(towns) // wide)))
    canvas.legend(room[0], legend, columns=5)
    axes = [ax for place in room[1:] for ax in canvas.cells(place, wide, wide)]
    for ax in axes[len(towns) :]:
        ax.set_visible(False)
    for n, title in enumerate(titles):
        grid.dress(axes[n], across, down, named=n % wide == 0, title=title)
    return list(zip(towns, axes, strict=False))


def barriers(canvas: Canvas) -> None:
    """F18: barriers and helping factors against who holds them and who says so."""
    discussed, contributed = canvas.marks("discussed"), canvas.marks("contributed")
    kinds = {value.code: str(value.extra["kind"]) for value in vocabulary.read("factor").values}
    order = canvas.codes("factor", "discussed")
    blocks = {canvas.word(kind): [f for f in order if kinds[f] == kind] for kind in ("barrier", "working_element")}
    groups: dict[str, Sequence[str]] = {}
    for holder in canvas.codes("holder", "discussed"):
        voices = canvas.order("perspective", [str(row["perspective"]) for row in discussed if row["holder"] == holder])
        groups[canvas.word("held_by", who=canvas.label("holder", holder))] = [f"{holder}|{voice}" for voice in voices]
    across = grid.columns(groups, canvas.labels("perspective"), _ROOM - _LABELS, upright=False)
    down = grid.lines(blocks, canvas.labels("factor"), _LABELS)
    signs = grid.shades(canvas) | grid.dashes(canvas, "not_asked_here")
    signs |= grid.contributions(canvas, [str(row["contribution"]) for row in contributed])
    ax = grid.alone(canvas, across, down, signs, columns=3, strip=0.7)
    asked, reports = (
        keyed(marks, "factor", "holder", "perspective") for marks in (discussed, canvas.marks("reported"))
    )
    for factor, y in down.at.items():
        for column, x in across.at.items():
            of_voice, inner = (each.get((factor, *column.split("|"))) for each in (asked, reports))
            if of_voice is None:
                grid.dash(ax, x, y)
                continue
            k, n = (0 if inner is None else inner["n_cases"]), of_voice["n_cases"]
            grid.count(canvas, ax, of_voice, x, y, k, n, text=_k_of_n(canvas, k, n), inner=inner, shift=-0.08)
    for row in contributed:
        grid.contribution(
            canvas, ax, row, across.at[f"{row['holder']}|{row['perspective']}"], down.at[str(row["factor"])]
        )


def confrontation(canvas: Canvas) -> None:
    """F21: effects against arena, registration, client and professional; shared themes above effects of one arena."""
    named = {(str(row["arena"]), str(row["effect"])): "" for row in canvas.marks()}
    named |= {(str(row["arena"]), str(row["effect"])): text_of(row, "label") for row in canvas.marks(voice="arena")}
    shared = canvas.order("effect", [effect for arena, effect in named if not arena])
    blocks = {canvas.word("shared_effects"): [f"|{effect}" for effect in shared]}
    for arena in sorted({arena for arena, _ in named if arena}):
        alone = sorted((effect for of, effect in named if of == arena), key=natural)
        blocks[canvas.word("own_effects", arena=arena)] = [f"{arena}|{effect}" for effect in alone]
    names = {f"{arena}|{effect}": f"{effect} {words}".strip() if arena else canvas.label("effect", effect)
             for (arena, effect), words in named.items()}  # fmt: skip
    across = grid.columns({"": vocabulary.read("voice").codes}, canvas.labels("voice"), _ROOM - _LABELS - 0.2)
    down = grid.lines(blocks, names.__getitem__, _LABELS + 0.2)
    signs = grid.shades(canvas) | grid.claims(canvas) | grid.contradictions(canvas)
    ax = grid.alone(canvas, across, down, signs | grid.dashes(canvas, "voice_silent"), columns=3, strip=0.7)
    _confronted(canvas, ax, across, down)


def _confronted(canvas: Canvas, ax: Axes, across: grid.Side, down: grid.Side) -> None:
    """Per effect who claims it, who saw it and who contradicted it; of shared themes and of effects that stand alone."""
    told, looked_for, claims = (canvas.marks(n) + canvas.marks(f"{n}_alone") for n in ("told", "looked_for", "claimed"))
    spoken = keyed(told, "arena", "effect", "voice", "status")
    asked = keyed(looked_for, "arena", "effect", "voice")
    claimed = keyed(claims, "arena", "effect")
    for code, y in down.at.items():
        place = tuple(code.split("|"))
        if place in claimed:
            grid.claim(canvas, ax, claimed[place], across.at["arena"], y, several=claimed[place]["n_items"])
        for voice, x in across.at.items():
            row = asked.get((*place, voice))
            if row is None:
                if voice != "arena":
                    grid.dash(ax, x, y)
                continue
            seen, against = (spoken.get((*place, voice, status)) for status in ("observed", "contradicted"))
            k, n = (0 if seen is None else seen["n_cases"]), row["n_cases"]
            grid.count(canvas, ax, row, x - 0.12, y, k, n, text=grid.of_n(canvas, k, n), inner=seen, width=0.56)
            if against is not None:
                grid.contradiction(canvas, ax, against, x + 0.3, y, against["n_cases"])


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
