"""Say once more what may be drawn, written apart from `disclosure`: counts by the vectors of their sources, shares by these."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import floor
from typing import Any

from iww_analysis.analysis.question import Question
from iww_analysis.disclosure import rounding
from iww_analysis.disclosure.audit.attacker import attacker
from iww_analysis.disclosure.audit.verdict import judge
from iww_analysis.messages.errors import Place
from iww_analysis.verify.evidence import Document
from iww_analysis.verify.outcome import Check, Tally
from iww_analysis.verify.recount.recount import Keys, Recounted, Values

_TIE = 1e-9  # nearer to half a step than this, the last bits of a division decide: both neighbours are right
Cell = tuple[str, ...]


def count(n: int, rule: str) -> int | None:
    """What may be drawn of a count that stands in no vector: none under the threshold, else the nearest multiple, up halfway."""
    if rule != "register":
        return n
    limits = rounding.limits("own")
    return None if n < limits["threshold"] else floor(n / limits["base"] + 0.5) * int(limits["base"])


def shares(share: float, of: float | None) -> tuple[float | None, ...]:
    """What may be drawn of a share of shown counts: none of too few, else the nearest multiple of the base."""
    limits = rounding.limits("register")
    if of is None or of < limits["share_least"]:
        return (None,)
    steps = min(share, 1.0) / limits["share_base"]
    near = (floor(steps), floor(steps) + 1) if abs(steps - floor(steps) - 0.5) < 1e-6 else (floor(steps + 0.5),)
    return tuple(step * limits["share_base"] for step in near)


@dataclass(frozen=True)
class Shown:
    """What the vectors of sources say, by source; see docs/formats/vector.md."""

    vectors: Mapping[str, Document]

    @cached_property
    def _cells(self) -> Mapping[str, Mapping[Cell, int | None]]:
        return {source: dict(_cells_of(document)) for source, document in self.vectors.items()}

    def reach(self, sources: Sequence[str]) -> int:
        """How far from its count what is shown of a cell over these sources may lie."""
        documents = [self.vectors[source] for source in sources if source in self.vectors]
        return sum((2 if each["further"] else 1) * int(each["base"]) - 1 for each in documents)

    def check(self) -> Check:
        """Hold that what is shown of each source adds up, and that just this was attacked and found safe."""
        tally = Tally("shown")
        for source, document in self.vectors.items():
            place = Place(f"data/shown/{source}.json")
            shown = _own_cells(document)
            for whole, parts in document["sums"]:
                total, *values = [shown.get(tuple(name)) for name in (whole, *parts)]
                holds = total is None or None in values or total == sum(n for n in values if n is not None)
                tally.hold("shown", holds, "verify_shown_sum", place, cell=", ".join(whole))
            of_these = hashlib.sha256(json.dumps(document["shown"], ensure_ascii=True).encode()).hexdigest()
            audit = document["audit"]
            tally.hold("shown", audit["of"] == of_these and audit["safe"] is True, "verify_shown_audit", place)
        return tally.checks[0]

    def attacked(self) -> Check:
        """Attack what is shown of each source, as who knows all but the key would; what was kept of an attack is not believed."""
        tally = Tally("audit")
        for source, document in self.vectors.items():
            shown, exact = _own_cells(document), [tuple(name) for name in document["exact"]]
            sums = [(tuple(whole), [tuple(part) for part in parts]) for whole, parts in document["sums"]]
            known = attacker(shown, sums, reach=self.reach([source]), exact=exact)
            verdict = judge(known, public=exact)
            for name in shown:
                safe = name not in verdict.falls_short and not verdict.impossible
                tally.hold("audit", safe, "verify_audit", Place(f"data/shown/{source}.json"), cell=", ".join(name))
        return tally.checks[0]

    def of(self, figure: str, question: Question, sources: Sequence[str], *at: str) -> int | None:
        """What may be shown of a cell of a question, over sources: of those that are asked it alone."""
        if any(not self.vectors.get(source) for source in sources):
            return None
        counts: list[int | None] = []
        for source in sources:
            name = f"{figure}.{question.name}" + "".join(f" -{s.other}" for s in question.settled if s.source == source)
            if name in self.vectors[source]["questions"]:
                plain = {f"{label} ({of})": label for _, label, of in question.apart if of == source}
                counts.append(self._cells[source].get((name, *(plain.get(word, word) for word in at)), 0))
        return None if not counts or None in counts else sum(n for n in counts if n is not None)

    def cell(self, source: str, name: Cell, n: int) -> int | None:
        """What may be shown of a count on the page of quality; a source without a vector shows none."""
        cells = self._cells.get(source, {})
        return cells.get(name, None if n or not cells else 0)

    def drawn(self, figure: str, part: Recounted, sources: Sequence[str]) -> Recounted:
        """A question with what may be shown in place of its counts, without marks that would tell something by being there."""
        question = part.question
        counts = [name for name in question.statistics if name.startswith("n_")]

        def shown(*at: str) -> Any:
            return self.of(figure, question, sources, *at)

        marks = {
            keys: values | {name: shown(name, *keys) for name in counts if name in values}
            for keys, values in part.marks.items()
        }
        return replace(
            part, marks={keys: values for keys, values in marks.items() if not counts or _stays(keys, marks, question)},
            totals={first: n for first in part.totals if (n := shown("total", first)) != 0},
            n_in=shown("n_in"), n_out=shown("n_out"), left_out={why: shown("left_out", why) for why in part.left_out},
        )  # fmt: skip


def _own_cells(document: Document) -> dict[Cell, int | None]:
    return {tuple(name): n for *name, n in document["shown"]}


def _cells_of(document: Document) -> Iterator[tuple[Cell, int | None]]:
    own = _own_cells(document)
    yield from own.items()
    yield from ((tuple(other), own.get(tuple(name))) for other, name in document["same"])


def _stays(keys: Keys, marks: Mapping[Keys, Values], question: Question) -> bool:
    """Whether a mark is shown: it counts something, or is an agreed value in a group of which something is shown."""

    def is_some(values: Values) -> bool:
        return any(n for name, n in values.items() if name.startswith("n_"))

    if is_some(marks[keys]):
        return True
    of_levels = {n: question.levels[key] for n, key in enumerate(question.by) if key in question.levels}
    if not of_levels or any(keys[n] not in map(str, values) for n, values in of_levels.items()):
        return False
    beside = [n for n in range(len(keys)) if n not in of_levels]
    alike = [values for other, values in marks.items() if all(other[n] == keys[n] for n in beside)]
    return not beside or any(is_some(values) or None in values.values() for values in alike)
