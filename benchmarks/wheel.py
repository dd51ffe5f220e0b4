"""Install the wheel outside the repository and go the whole way with it, from an empty folder to a verified report.

    python -m benchmarks.wheel [PYTHON…]

For each Python (3.11, 3.12 and 3.13 as far as they are there): an environment with the locked dependencies and the wheel,
`iww start`, `key new`, `add`, the card filled in, `check`, `report`, `verify`. One that cannot be installed or stops is
named; exit 1.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("python3.11", "python3.12", "python3.13")
CASES = 40
ANSWERS = {'municipality = ["?"]': 'municipality = ["GM0228"]', 'study = "?"': 'study = ""'}  # on the card


def make_wheel(to: Path, python: str = sys.executable) -> Path:
    """Build the wheel from a copy of what version control holds, so that nothing is left in the repository."""
    source = to / "source"
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for path in (Path(name) for name in tracked if name.startswith(("iww_", "notebooks/")) or "/" not in name):
        if (ROOT / path).is_file():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, source / path)
    words = [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        to,
        source,
    ]
    subprocess.run([python, *words], check=True, capture_output=True)
    return next(to.glob("iww_analysis-*.whl"))


def delivery(path: Path) -> Path:
    """Write an invented export: cases of a year, three of four closed."""
    lines = ["Casusnummer;Datum aanmelding;Datum afsluiting;Reden afsluiting"]
    for i in range(CASES):
        closed = f"{i % 28 + 1:02}-{i % 6 + 7:02}-2023;volgens plan" if i % 4 else ";"
        lines.append(f"Z-{i:03};{i % 28 + 1:02}-{i % 5 + 1:02}-2023;{closed}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def go(command: Sequence[str], folder: Path, steps: Sequence[str], environment: Mapping[str, str]) -> Path:
    """Go the way in an empty folder and give the home: each step must end well, and knows nothing of the repository."""
    home = folder / "mijn wijk"
    export = delivery(folder / "export.csv")
    words = {
        "start": ("start", str(home)), "key": ("key", "new"),
        "add": ("add", "ede", str(export), "--received", "2024-01-15", "--yes"),
        "check": ("check",), "build": ("build",), "report": ("report", "ede"), "verify": ("verify", "--report", "ede"),
    }  # fmt: skip
    for step in steps:
        done = subprocess.run([*command, *words[step]], cwd=folder if step == "start" else home, env=dict(environment),
                              capture_output=True, text=True, check=False)  # fmt: skip
        if done.returncode and step != "check":  # it has something to say: who delivered is not known
            raise SystemExit(f"iww {step}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        for card in home.glob("data/raw/*/*/origin.toml"):
            text = card.read_text(encoding="utf-8")
            for question, answer in ANSWERS.items():
                text = text.replace(question, answer)
            card.write_text(text, encoding="utf-8")
    return home


def bare(folder: Path) -> dict[str, str]:
    """An environment that knows no other home, key or path of modules."""
    left_out = ("PYTHON", "IWW_", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"IWW_KEY_FILE": str(folder / "key")}


def runs(python: str) -> bool:
    """Whether a Python is there and starts."""
    return (
        shutil.which(python) is not None
        and subprocess.run([python, "-V"], capture_output=True, check=False).returncode == 0
    )


def main() -> None:
    """Go the way with every Python that is there."""
    pythons = [python for python in sys.argv[1:] or PYTHONS if runs(python)]
    with tempfile.TemporaryDirectory() as folder:
        wheel = make_wheel(Path(folder) / "wheel")
        for python in pythons:
            place = Path(folder) / python.replace(os.sep, "_")
            subprocess.run([python, "-m", "venv", place / "venv"], check=True)
            own = place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
            pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run(
                [*pip, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True, stderr=subprocess.DEVNULL
            )
            subprocess.run([*pip, "--no-deps", wheel], check=True, stderr=subprocess.DEVNULL)
            go([str(own), "-m", "iww_analysis"], place, ("start", "key", "add", "check", "report", "verify"), bare(place))
            sys.stdout.write(f"{python}: van een lege map tot een nagelopen rapport\n")
    if not pythons:
        raise SystemExit("no Python of 3.11, 3.12 or 3.13 is there")


if __name__ == "__main__":
    main()
