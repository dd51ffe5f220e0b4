"""Count what came of many strangers: by seed, by kind of mess and by what went wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.strangers.book.model import Stranger
from benchmarks.strangers.maker import make
from benchmarks.strangers.trial.compare import ASKED, RIGHT, SAID, SILENT, Compared, compare
from benchmarks.strangers.trial.deliver import Outcome, deliver
from benchmarks.strangers.trial.marks import compare_marks

CRASHED, STOPPED = "crashed", "stopped"
MOST_ANSWERS = 20
WHOLE = 4  # of so many strangers one is also checked as a whole


@dataclass(frozen=True)
class Trial:
    """A stranger, what came of it and how that holds against the truth."""

    stranger: Stranger
    outcome: Outcome
    compared: Compared

    @property
    def verdict(self) -> str:
        """The worst that happened."""
        if self.outcome.crashed:
            return CRASHED
        if self.outcome.stopped:
            return STOPPED
        verdicts = {wrong.verdict for wrong in self.compared.wrong}
        return next((each for each in (SILENT, ASKED, SAID) if each in verdicts), RIGHT)

    @property
    def n_answers(self) -> int:
        """Answers about the files; those of the card, which every delivery needs, are counted apart."""
        return len(self.outcome.filled.answers) - self.outcome.filled.of_card

    def say(self) -> str:
        """One line."""
        wrong = Counter(each.verdict for each in self.compared.wrong)
        counts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(wrong.items()))
        made = f"{self.stranger.seed:5} {self.stranger.style:17} {self.verdict:15}"
        answers = f"{self.n_answers:2}+{self.outcome.filled.of_card} answers"
        return f"{made} {answers}  {self.compared.n_right:4} right {counts}  [{', '.join(self.stranger.mess)}]"


def trial(seed: int, style: str = "", mess: tuple[str, ...] | None = None, *, report: bool = False) -> Trial:
    """Make the stranger of a seed and try it; `report`: up to the receipts of a report."""
    stranger = make(seed, style, mess)
    outcome = deliver(stranger, whole=seed % WHOLE == 0, report=report)
    compared = compare(outcome)
    if outcome.receipts:
        marks = [*compare_marks(stranger, outcome.receipts)]
        compared.n_right += marks.count(None)
        compared.wrong += filter(None, marks)
    return Trial(stranger, outcome, compared)


def summary(trials: list[Trial]) -> Iterator[str]:
    """What many trials come to, as lines."""
    verdicts = Counter(each.verdict for each in trials)
    yield f"\n{len(trials)} strangers: " + ", ".join(f"{n} {verdict}" for verdict, n in verdicts.most_common())
    cells = Counter(wrong.verdict for each in trials for wrong in each.compared.wrong)
    right = sum(each.compared.n_right for each in trials)
    yield f"values: {right} right, " + ", ".join(f"{n} {verdict}" for verdict, n in cells.most_common())
    answers = [each.n_answers for each in trials]
    card = [each.outcome.filled.of_card for each in trials]
    yield f"answers about the files: median {median(answers):.0f}, most {max(answers)}; on the card: median {median(card):.0f}"
    yield from _table("style", ((each.stranger.style, each.verdict) for each in trials))
    by_mess = Counter[tuple[str, str]]()
    for each in trials:
        by_mess.update(each.compared.by_mess)
    yield from _table("mess (values)", (key for key, n in by_mess.items() for _ in range(n)))
    yield "\nwhat went wrong, by how many strangers:"
    kinds = Counter[str]()
    for each in trials:
        kinds.update(set(_kinds(each)))
    yield from (f"{n:5}  {kind}" for kind, n in kinds.most_common())


def _kinds(each: Trial) -> Iterator[str]:
    if each.outcome.crashed:
        yield f"{CRASHED}: {each.outcome.crashed.strip().splitlines()[-1][:150]}"
    if each.outcome.stopped:
        yield f"{STOPPED}: {each.outcome.stopped[:150]}"
    for kind, what in each.outcome.filled.not_askable:
        yield f"no such answer in the form: {kind}: {what.partition(': ')[2]}"
    for wrong in each.compared.wrong:
        yield f"{wrong.verdict}: {wrong.what} {wrong.table}.{wrong.column}" + (f" [{wrong.mess}]" if wrong.mess else "")


def _table(name: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    counts = Counter(pairs)
    heads = [h for h in (RIGHT, ASKED, SAID, SILENT, STOPPED, CRASHED) if any(v == h for _, v in counts)]
    yield f"\n| {name} | " + " | ".join(heads) + " |\n|---" * 1 + "|---" * len(heads) + "|"
    for each in sorted({first for first, _ in counts}):
        yield f"| {each} | " + " | ".join(str(counts[each, head]) for head in heads) + " |"
