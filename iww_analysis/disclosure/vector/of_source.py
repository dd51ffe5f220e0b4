"""Put all that figures count of one source in cells, and protect them; what came of it as a document that can be kept."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from iww_analysis.analysis.finding import Finding
from iww_analysis.disclosure.audit.attacker import attacker
from iww_analysis.disclosure.audit.verdict import VALUES, Verdict, judge
from iww_analysis.disclosure.vector.cells import LinkedCells, Name, Shown, joined
from iww_analysis.disclosure.vector.links import ASKED_ABOUT, linked_cells
from iww_analysis.disclosure.vector.protect import BASE, Vector, protect
from iww_analysis.disclosure.vector.quality_cells import QualityCells
from iww_analysis.disclosure.vector.shown_counts import cells_of
from iww_analysis.disclosure.vector.unit_sets import UnitSets

FORMAT = "iww-vector/1"
REACH = BASE - 1  # how far a shown number lies from its count at most, as the public rule says
Document = Mapping[str, Any]


@dataclass(frozen=True)
class AskedOfSource:
    """A figure as it was asked of `UnitTables`, and whether its counts are shown as they are."""

    finding: Finding
    exact: bool


def cells(
    source: str, asked: Iterable[AskedOfSource], quality: QualityCells | None = None
) -> tuple[LinkedCells, list[str]]:
    """The linked cells of a source, and the names of all its questions, also of those that have nothing to ask about."""
    quality = quality or QualityCells()
    answers, exact = dict(quality.answers), list[str]()
    for each in asked:
        for part in each.finding.parts:
            assert isinstance(part, UnitSets)
            name = cells_of(each.finding.id, part.question, source)
            answers[name] = part.of_source(source)
            exact += [name] if each.exact else []
    linked = linked_cells(answers, exact, quality.answers)
    return joined(linked, quality.cells.called(linked.same)), sorted(answers)


def protected(
    source: str, asked: Iterable[AskedOfSource], key: bytes, earlier: Shown | None = None,
    quality: QualityCells | None = None,
) -> Document:  # fmt: skip
    """Protect and attack all counts of a source. `earlier`: what was shown before of the same tables; that stays."""
    linked, questions = cells(source, asked, quality)
    verdicts = [Verdict()]

    def falls_short(shown: Shown) -> Sequence[Name]:
        verdicts.append(judge(attacker(shown, linked.sums, reach=REACH, exact=linked.public), public=linked.public))
        return verdicts[-1].falls_short

    vector = protect(linked, key, source, falls_short, earlier)
    if vector.short or verdicts[-1].impossible:  # nothing is left to hide: none of it may be shown
        vector = replace(vector, shown=dict.fromkeys(vector.shown))
    return _document(linked, questions, vector, verdicts[-1])


def _document(linked: LinkedCells, questions: Sequence[str], vector: Vector, verdict: Verdict) -> Document:
    shown = [[*name, n] for name, n in sorted(vector.shown.items())]
    return {
        "format": FORMAT, "base": BASE, "solver": vector.solver, "nearest_proved": vector.proved, "questions": list(questions),
        "shown": shown, "same": [[list(name), list(own)] for name, own in sorted(linked.same.items())],
        "exact": [list(name) for name in sorted(linked.public)],
        "sums": [[list(each.whole), [list(part) for part in each.parts]] for each in linked.sums],
        "drawn_again": [[*name, n] for name, n in sorted(vector.turns.items())],
        "further": [list(name) for name in sorted(vector.further)],
        "audit": {"of": fingerprint(shown), "values": VALUES, "safe": verdict.safe, "programmes": verdict.programmes},
    }  # fmt: skip


def fingerprint(shown: Sequence[Sequence[Any]]) -> str:
    """A hash of what is shown, by which an audit says what it was of."""
    return hashlib.sha256(json.dumps(shown, ensure_ascii=True).encode()).hexdigest()


def own_cells(document: Document) -> dict[Name, int | None]:
    """What may be shown of each cell, under its own name."""
    return {tuple(name): n for *name, n in document["shown"]}


def every_cell(document: Document) -> dict[Name, int | None]:
    """What may be shown, under every name that a cell has; a question that asks about nothing counts nothing."""
    shown = own_cells(document)
    nothing: dict[Name, int | None] = {(name, ASKED_ABOUT): 0 for name in document["questions"]}
    return {**nothing, **shown, **dict(_other_names(document, shown))}


def _other_names(document: Document, shown: Shown) -> Iterator[tuple[Name, int | None]]:
    for name, own in document["same"]:
        if tuple(own) in shown:
            yield tuple(name), shown[tuple(own)]
