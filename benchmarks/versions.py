"""Hold this version's commands against those of another checkout, in turn: CPU of whole processes, imports included.

`python -m benchmarks.versions OTHER [ROUNDS]`: OTHER is a clone of another version with a `.venv` of its own (`make setup`).
Both make the report of the invented sources anew, so what lies in `data/processed` and `reports` of both is removed first.
"""

import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

HERE = Path(__file__).parents[1]
COMMANDS = {
    "import pandas": ["python", "-c", "import pandas"],
    "import pandas, iww_analysis": ["python", "-c", "import pandas, iww_analysis"],
    "iww --help": ["iww", "--help"],
    "iww report, all stale": ["iww", "report"],
    "iww report, unchanged": ["iww", "report"],
    "iww verify": ["iww", "verify", "--report", "all"],
}


def cpu(checkout: Path, command: Sequence[str]) -> float:
    """Seconds of user and system time that a command of a checkout takes, its child processes included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program, *words = command
    done = subprocess.run([checkout / ".venv" / "bin" / program, *words], cwd=checkout, capture_output=True)
    assert done.returncode == 0, done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def forget(checkout: Path) -> None:
    """Remove what was built and reported."""
    for folder in [*checkout.glob("data/processed/*/"), checkout / "reports"]:
        shutil.rmtree(folder, ignore_errors=True)


def main(other: Path, rounds: int) -> None:
    """Print a line per command: CPU here and there, and the median of the ratios with the least and the most."""
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            if name.endswith("stale"):
                forget(HERE)
                forget(other)
            seconds[name].append((cpu(HERE, command), cpu(other, command)))
    for name, pairs in seconds.items():
        ratios = sorted(here / there for here, there in pairs)
        here, there = (median(column) for column in zip(*pairs, strict=True))
        spread = f"{median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"
        sys.stdout.write(f"| {name} | {here:.2f} | {there:.2f} | {spread} |\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
