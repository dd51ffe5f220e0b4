"""Draw who says what: effects, factors, qualities, barriers and how joint work is experienced, each as a grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from iww_analysis import vocabulary
from iww_analysis.figures.canvas import style, wrapping
from iww_analysis.figures.canvas.canvas import Canvas
from iww_analysis.figures.canvas.wording import grouped, keyed, natural, text_of
from iww_analysis.figures.shapes import grid, signs
from iww_analysis.figures.shapes.bar_charts import is_leftmost, name_lines, panel_name

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
    names = {
        arena: {node: f"{node} {text_of(row, 'label')}".strip() for node, row in of.items()}
        for arena, of in placed.items()
    }
    downs = [grid.lines({"": sorted(of, key=natural)}, of.__getitem__, _EFFECTS) for of in names.values()]
    room = canvas.rows(0.3, *(down.end + grid.head(across) + 0.45 for down in downs))
    canvas.legend(room[0], grid.shades(canvas) | signs.named(canvas, not_looked_for="flat"), columns=5)
    totals = canvas.data.totals["evidence"].set_index("arena")["n_voices"]
    evidence = keyed(canvas.marks("evidence"), "arena", "node", "status")
    for arena, down, place in zip(arenas, downs, room[1:], strict=True):
        (ax,) = canvas.cells(place, 1, 1)
        grid.dress(ax, across, down, title=canvas.panel_title("arena", arena, "evidence"))
        for node, y in down.at.items():
            canvas.sign(ax, placed[arena][node], across.at["claimed"], y, **style.SIGNS["claimed"])
            for code in status:
                row = evidence.get((arena, node, code))
                grid.count(canvas, ax, row, across.at[code], y, row and row["n_voices"], totals.get(arena))


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
    ax = grid.alone(canvas, across, down, signs.of_answers(canvas, "present"), columns=5)
    for row in canvas.marks():
        at = across.at[str(row["team"])], down.at[str(row["factor"])]
        signs.judgement(canvas, ax, row, *at, text_of(row, "present"))


def parties(canvas: Canvas) -> None:
    """F14: factors against parties; on the first line in how many teams each party was spoken to."""
    of = keyed(canvas.marks("spoken"), "party")
    across = grid.columns({canvas.word("parties"): canvas.codes("party")}, canvas.labels("party"), _ROOM - _LABELS)
    factor = canvas.codes("factor", "raised")
    blocks = {"": ["spoken"], canvas.word("raised_in"): factor}
    names = {"spoken": canvas.word("spoken_to")} | {code: canvas.label("factor", code) for code in factor}
    down = grid.lines(blocks, names.__getitem__, _LABELS)
    ax = grid.alone(canvas, across, down, grid.shades(canvas) | signs.named(canvas, not_spoken_to="flat"), columns=5)
    raised_by = keyed(canvas.marks("raised"), "party", "factor")
    for party, x in across.at.items():
        teams = of.get((party,))
        n = None if teams is None else teams["n_teams"]
        if teams is not None:
            canvas.text(ax, teams, x, down.at["spoken"], canvas.number(n), ha="center", va="center", weight="bold")
        for code in factor:
            row = raised_by.get((party, code))
            k = row and row["n_teams"]
            grid.count(canvas, ax, row, x, down.at[code], k, n, text=_k_of_n(canvas, k, n))


def qualities(canvas: Canvas) -> None:
    """F15: per municipality qualities against groups, generic above specific."""
    kinds = {value.code: str(value.extra["kind"]) for value in vocabulary.read("quality").values}
    order = canvas.codes("quality")
    blocks = {canvas.word(kind): [q for q in order if kinds.get(q) == kind] for kind in ("generic", "specific")}
    room = (_ROOM - _LABELS) / 4
    across = grid.columns({"": canvas.codes("group")}, canvas.labels("group"), room, upright=False)
    down = grid.lines(blocks, canvas.labels("quality"), _LABELS)
    for town, ax in _panels(canvas, "qualities", signs.of_answers(canvas, "named"), across, down, 4, room).items():
        for row in canvas.marks(municipality=town):
            at = across.at[str(row["group"])], down.at[str(row["quality"])]
            signs.judgement(canvas, ax, row, *at, text_of(row, "named"))


def _panels(canvas: Canvas, part: str, legend: Mapping[str, Any], across: grid.Side, down: grid.Side, wide: int,
            inches: float) -> dict[str, Axes]:  # fmt: skip
    """A panel per municipality, `wide` beside each other with the names of lines at the left."""
    towns = canvas.groups("municipality")
    titles = [panel_name(canvas, "municipality", town, part, inches) for town in towns]
    top = grid.head(across) + 0.15 * (max(title.count("\n") for title in titles) + 1) + 0.2
    room = canvas.rows(0.3, *([down.end + top] * -(-len(towns) // wide)))
    canvas.legend(room[0], legend, columns=5)
    axes = [ax for place in room[1:] for ax in canvas.cells(place, wide, wide)]
    for ax in axes[len(towns) :]:
        ax.set_visible(False)
    for ax, title in zip(axes, titles, strict=False):
        grid.dress(ax, across, down, named=is_leftmost(ax), title=title)
    return dict(zip(towns, axes, strict=False))


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
    ways = {str(row["contribution"]) for row in contributed}
    legend = grid.shades(canvas) | signs.named(canvas, not_asked_here="flat")
    legend |= signs.named(canvas, **{f"was_{way}": way for way in ("hindering", "helpful") if way in ways})
    ax = grid.alone(canvas, across, down, legend, columns=3, strip=0.7)
    asked, reports = (keyed(canvas.marks(of), "factor", "holder", "perspective") for of in ("discussed", "reported"))
    for factor, y in down.at.items():
        for column, x in across.at.items():
            of_voice, inner = (each.get((factor, *column.split("|"))) for each in (asked, reports))
            k, n = (0 if inner is None else inner["n_cases"]), of_voice and of_voice["n_cases"]
            grid.count(canvas, ax, of_voice, x, y, k, n, text=_k_of_n(canvas, k, n), inner=inner, shift=-0.08)
    edge = {"markeredgecolor": style.PAPER, "markeredgewidth": 0.5}
    for row in contributed:  # a small triangle: it hindered (down) or helped (up) in at least one of the cases
        x, y = across.at[f"{row['holder']}|{row['perspective']}"], down.at[str(row["factor"])]
        up = row["contribution"] == "helpful"
        look = {**style.SIGNS[str(row["contribution"])], **edge}
        canvas.sign(ax, row, x + 0.38, y + (-0.055 if up else 0.055), **look)


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
    legend = signs.named(canvas, claimed_in="claimed", contradicted_in="contradicted", voice_silent="flat")
    ax = grid.alone(canvas, across, down, grid.shades(canvas) | legend, columns=3, strip=0.7)
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
            x, items = across.at["arena"], claimed[place]["n_items"]
            canvas.sign(ax, claimed[place], x, y, **style.SIGNS["claimed"])
            if items > 1:
                ax.text(x + 0.09, y, f"× {canvas.number(items)}", ha="left", va="center", color=style.GREY)
        for voice, x in across.at.items():
            row = asked.get((*place, voice))
            seen, against = (spoken.get((*place, voice, status)) for status in ("observed", "contradicted"))
            if row is None:
                if voice != "arena":
                    grid.count(canvas, ax, None, x, y, 0, 0)
                continue
            k, n = (0 if seen is None else seen["n_cases"]), row["n_cases"]
            text = f"{canvas.number(k)} {canvas.word('of')} {canvas.number(n)}"
            grid.count(canvas, ax, row, x - 0.12, y, k, n, text=text, inner=seen, width=0.56)
            if against is not None:  # a cross with the number of cases in which the effect was contradicted
                canvas.sign(ax, against, x + 0.23, y, **style.SIGNS["contradicted"])
                n = canvas.number(against["n_cases"])
                ax.text(x + 0.32, y, n, ha="left", va="center", color=style.WARNING)


def experience(canvas: Canvas) -> None:
    """F22: per municipality items against what each voice says of them; the numbers of one voice add up to its cases."""
    voices = canvas.codes("perspective")
    answers = canvas.codes("present")
    groups = {canvas.label("perspective", voice): [f"{voice}|{code}" for code in answers] for voice in voices}
    room = (_ROOM - _ITEMS) / 3
    across = grid.columns(groups, canvas.labels("present"), room, upright=False)
    down = grid.lines({"": canvas.codes("item")}, canvas.labels("item"), _ITEMS)
    totals = canvas.data.totals["experience"].set_index("municipality")["n_cases"]
    for town, ax in _panels(canvas, "experience", grid.shades(canvas), across, down, 3, room).items():
        for row in canvas.marks(municipality=town):
            x = across.at[f"{row['perspective']}|{row['present']}"]
            grid.count(canvas, ax, row, x, down.at[str(row["item"])], row["n_cases"], totals[town])


# --- two voices on the same case --------------------------------------------------------------------------------------

_HIGH = 0.235  # inches per element
_PER_ROW = 2  # teams beside each other
_AT = {"client": -0.2, "professional": 0.2}
_SHAPE = {"client": "o", "professional": "s"}
_SIZE = 7.5


def same_case(canvas: Canvas) -> None:
    """F12: per team elements against cases; client and professional as two signs, a frame where they differ."""
    teams = canvas.groups("team")
    elements = canvas.codes("element")
    blocks = [teams[n : n + _PER_ROW] for n in range(0, len(teams), _PER_ROW)]
    room = canvas.rows(0.62, *([_HIGH * len(elements) + 0.62] * len(blocks)))
    canvas.legend(room[0], _voice_signs(canvas), columns=3)
    for place, block in zip(room[1:], blocks, strict=True):
        cases = [sorted({str(row["case"]) for row in canvas.marks(team=team)}) for team in block]
        axes = canvas.cells(place, len(block), len(block), sharey=True, widths=[max(len(c), 2) for c in cases])
        for ax, team, of_team in zip(axes, block, cases, strict=True):
            _team(canvas, ax, team, of_team, elements)
        name_lines(axes, [canvas.label("element", code) for code in elements], _LABELS)


def _team(canvas: Canvas, ax: Axes, team: str, cases: Sequence[str], elements: Sequence[str]) -> None:
    for (case, element), pair in sorted(grouped(canvas.marks(team=team), "case", "element").items()):
        x, y = cases.index(case), elements.index(element)
        answers = [str(row["present"]) for row in pair if str(row["present"]) in signs.ANSWERS]
        if len(set(answers)) > 1:  # both spoke of it, and did not say the same
            ax.add_patch(Rectangle((x - 0.42, y - 0.43), 0.84, 0.86, **style.BOXES["differ"]))
        for row in pair:
            voice = str(row["perspective"])
            at = x + _AT.get(voice, 0.0)
            answered = signs.judgement(canvas, ax, row, at, y, str(row["present"]), _SIZE, _SHAPE.get(voice, "D"))
            if answered and str(row.get("contribution")) == "hindering":
                ax.plot([at + 0.15], [y + 0.3], **style.SIGNS["hinders"])
    ax.set(xlim=(-0.5, len(cases) - 0.5), ylim=(len(elements) - 0.5, -0.5))
    ax.set_xticks(range(len(cases)), [wrapping.wrapped(case, 0.45) for case in cases])
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0)
    for line in range(len(elements) + 1):
        ax.axhline(line - 0.5, color=style.LIGHT, linewidth=0.5, zorder=0)
    for line in range(1, len(cases)):
        ax.axvline(line - 0.5, color=style.LIGHT, linewidth=0.5, zorder=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_title(panel_name(canvas, "team", team, "judgements", 2.2))


def _voice_signs(canvas: Canvas) -> dict[str, signs.Sign]:
    """Names with their signs: the voices in grey, the judgements in both shapes."""
    shapes = {voice: _SHAPE.get(voice, "D") for voice in canvas.codes("perspective")}
    fill = {" " * n: Rectangle((0, 0), 0, 0, visible=False) for n in range(1, 4 - len(shapes))}  # the first column
    legend = signs.of_voices(canvas, shapes, _SIZE) | fill | signs.of_judgements(canvas, shapes, _SIZE)
    legend[canvas.word("differ")] = Rectangle((0, 0), 1, 1, **style.BOXES["differ"])
    if any(text_of(row, "contribution") == "hindering" for row in canvas.marks()):
        legend[canvas.word("hindering")] = signs.handle(style.SIGNS["hinders"])
    return legend
