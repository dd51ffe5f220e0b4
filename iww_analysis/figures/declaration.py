"""List every figure: the question behind it, how it is drawn, and for whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from iww_analysis.analysis.finding import Finding
from iww_analysis.analysis.questions import (
    compare,
    configurations,
    coverage,
    displays,
    effects,
    pathways,
    perspectives,
    sessions,
)
from iww_analysis.analysis.questions import voices as who_says
from iww_analysis.analysis.study import Study
from iww_analysis.cleaning.clean import is_missing
from iww_analysis.crosswalk.origin import Regime
from iww_analysis.figures import texts
from iww_analysis.figures.texts import Texts

if TYPE_CHECKING:
    from iww_analysis.figures.canvas.canvas import Canvas


@dataclass(frozen=True)
class Entry:
    """One figure. `needs`: tables, or table.column, that must hold something; `notebook`: the number of its notebook."""

    id: str
    regime: Regime
    studies: tuple[str, ...]
    needs: tuple[str, ...]
    notebook: int
    texts: Texts
    ask: Callable[[Study], Finding]
    drawn_by: str  # the module and the function that draw it

    def draw(self, canvas: "Canvas") -> None:
        """Draw it on its canvas; what that takes is loaded now."""
        module, _, name = self.drawn_by.partition(".")
        getattr(import_module(f"iww_analysis.figures.{_folder(module)}.{module}"), name)(canvas)


def _folder(module: str) -> str:
    return "shapes" if module == "bar_charts" else "drawings"


_HOW: Mapping[str, tuple[Callable[[Study], Finding], str]] = {
    "F01": (compare.intake, "months.intake"),
    "F02": (coverage.recorded, "heat.coverage"),
    "F03": (compare.life_domains, "heat.life_domains"),
    "F04": (pathways.time_to_closure, "months.time_to_closure"),
    "F05": (compare.closure_reasons, "bar_charts.closure_reasons"),
    "F06": (pathways.timelines, "cases.timelines"),
    "F07": (pathways.early_meetings, "cases.early_meetings"),
    "F08": (pathways.parties_present, "bar_charts.parties"),
    "F09": (effects.score_change, "changes.score_change"),
    "F10": (perspectives.effect_arena, "arena.arenas"),
    "F11": (who_says.effects, "judged.effects"),
    "F12": (perspectives.same_case, "voices.same_case"),
    "F13": (who_says.factors, "judged.factors"),
    "F14": (who_says.raised, "judged.parties"),
    "F15": (who_says.qualities, "judged.qualities"),
    "F16": (effects.indicators, "changes.indicators"),
    "F17": (pathways.flow, "flow.flow"),
    "F18": (who_says.barriers, "judged.barriers"),
    "F19": (effects.fragmentation, "changes.fragmentation"),
    "F20": (configurations.truth_table, "truth_table.configurations"),
    "F21": (who_says.confrontation, "judged.confrontation"),
    "F22": (who_says.experience, "judged.experience"),
    "F23": (compare.plans_and_actions, "bar_charts.plans_and_actions"),
    "T01": (compare.sources, "tables.sources"),
    "T02": (displays.joint_display, "case_tables.joint_display"),
    "T03": (displays.elements_by_case, "case_tables.elements_by_case"),
    "T04": (sessions.needs_and_findings, "session_tables.needs_and_findings"),
    "T05": (sessions.roles_and_interests, "session_tables.roles_and_interests"),
    "T06": (sessions.team_profiles, "session_tables.team_profiles"),
    "T07": (displays.outcomes_by_level, "case_tables.outcomes_by_level"),
    "T08": (sessions.learning_sessions, "session_tables.learning_sessions"),
    "T09": (displays.vignettes, "case_tables.vignettes"),
    "T10": (sessions.observed_items, "session_tables.observed_items"),
    "T11": (sessions.themes_of_municipalities, "session_tables.themes_of_municipalities"),
}


def _entry(id: str) -> Entry:  # noqa: A002 - the field's word
    said = texts.settings(id)
    return Entry(
        id, said["regime"], tuple(said["studies"]), tuple(said["needs"]), said["notebook"], texts.of(id), *_HOW[id]
    )


CATALOGUE: Mapping[str, Entry] = MappingProxyType({id_: _entry(id_) for id_ in texts.figure_ids() if id_ != "own"})


def lacking(entry: Entry, study: Study) -> tuple[str, ...]:
    """The needs of a figure that a study does not meet."""
    return tuple(need for need in entry.needs if not _holds(study, need))


def is_drawable(entry: Entry, study: Study) -> bool:
    """Whether a study holds what a figure needs. It can still turn out to have nothing to count."""
    return not lacking(entry, study)


def _holds(study: Study, need: str) -> bool:
    table, _, column = need.partition(".")
    if not column:
        return not study[table].empty
    return bool((~is_missing(study[table][column])).any())  # also where it follows from the sheet, not from a column
