"""Try N strangers from a seed on: `python -m benchmarks.strangers [N [SEED]] [--style S] [--mess M ...] [--keep FOLDER]`."""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.strangers.maker import make
from benchmarks.strangers.mess.kinds import KINDS
from benchmarks.strangers.styles.catalogue import STYLES
from benchmarks.strangers.trial.compare import compare
from benchmarks.strangers.trial.deliver import deliver
from benchmarks.strangers.trial.tally import Trial, summary, trial

MANY, EACH = 200, 10


def main() -> int:
    """Try strangers and print what came of them; 1 where something is not right."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.strangers")
    parser.add_argument("n", nargs="?", type=int, default=MANY)
    parser.add_argument("seed", nargs="?", type=int, default=0)
    parser.add_argument("--style", choices=sorted(STYLES), default="")
    parser.add_argument("--mess", nargs="*", choices=sorted(KINDS))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--report", type=int, default=EACH, help="of so many strangers one goes to a report; 0: none")
    given = parser.parse_args()
    mess = None if given.mess is None else tuple(given.mess)
    if given.keep:
        return _look(given.seed, given.style, mess, given.keep)
    trials = []
    began = time.process_time()
    for seed in range(given.seed, given.seed + given.n):
        trials.append(trial(seed, given.style, mess, report=bool(given.report) and seed % given.report == 0))
        print(trials[-1].say(), flush=True)  # noqa: T201 - a command
    print("\n".join(summary(trials)))  # noqa: T201
    print(f"\n{(time.process_time() - began) / given.n:.1f} CPU seconds each")  # noqa: T201
    return int(any(each.verdict != "right" for each in trials))


def _look(seed: int, style: str, mess: tuple[str, ...] | None, folder: Path) -> int:
    """Try one stranger in a home that stays, and print what was answered, said and not right."""
    stranger = make(seed, style, mess)
    outcome = deliver(stranger, folder, whole=True)
    compared = compare(outcome)
    lines = [Trial(stranger, outcome, compared).say(), outcome.stopped, outcome.crashed]
    lines += [f"answered  {kind}: {what}" for kind, what in outcome.filled.answers]
    lines += [f"no answer {kind}: {what}" for kind, what in sorted(outcome.filled.not_askable)]
    lines += [f"open      {line}" for line in outcome.open_questions]
    lines += [f"said      {message.say('nl')}" for message in outcome.said]
    lines += [str(wrong) for wrong in compared.wrong]
    print("\n".join(filter(None, lines)))  # noqa: T201
    return int(bool(compared.wrong))


if __name__ == "__main__":
    sys.exit(main())
