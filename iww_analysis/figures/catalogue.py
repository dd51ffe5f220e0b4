"""List every figure: the question behind it, how it is drawn, and for whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from iww_analysis.analysis import compare, coverage, pathways, perspectives
from iww_analysis.figures import arena, bars, cases, flow, heat, months, tables, texts, voices
from iww_analysis.figures.sheet import Sheet
from iww_analysis.figures.texts import Texts
from iww_analysis.schema.clean import is_missing
from iww_analysis.schema.finding import Finding
from iww_analysis.schema.origin import Regime
from iww_analysis.study import Study


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
    draw: Callable[[Sheet], None]


_HOW: Mapping[str, tuple[Callable[[Study], Finding], Callable[[Sheet], None]]] = {
    "F01": (compare.intake, months.intake),
    "F02": (coverage.recorded, heat.coverage),
    "F03": (compare.life_domains, heat.life_domains),
    "F04": (pathways.time_to_closure, months.time_to_closure),
    "F05": (compare.closure_reasons, bars.closure_reasons),
    "F06": (pathways.timelines, cases.timelines),
    "F07": (pathways.early_meetings, cases.early_meetings),
    "F08": (pathways.parties_present, bars.parties),
    "F10": (perspectives.effect_arena, arena.arenas),
    "F12": (perspectives.same_case, voices.same_case),
    "F17": (pathways.flow, flow.flow),
    "F23": (compare.plans_and_actions, bars.plans_and_actions),
    "T01": (compare.sources, tables.sources),
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
    recorded = [source for source, pairs in study.recorded.items() if (table, column) in pairs]
    values = study[table].loc[study[table]["source"].isin(recorded), column]
    return bool((~is_missing(values)).any())
