"""Make a report twice under different circumstances and hold the files against each other: every one has the same bytes.

    python -m benchmarks.same [SOURCE…]

Fresh processes, with another folder (its files put there in another order), time zone, language, encoding, hash seed,
clock, number of threads, width of the terminal, home and rights of new files. Without sources: all synthetic ones.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import matplotlib

ROOT = Path(__file__).resolve().parents[1]
NAME = "same"
PUBLISHED = ("data/processed", "data/receipts", "reports")
THREADS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_IO_THREADS")
EIGHT_YEARS = 8 * 365 * 86_400  # seconds


@dataclass(frozen=True)
class Circumstances:
    """What differs between two runs."""

    folder: str
    environment: Mapping[str, str]
    backwards: bool = False  # in which order its files were put in the folder
    mask: int = -1  # rights taken from new files


HERE = Circumstances(
    "a", {"TZ": "UTC", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "0", "COLUMNS": "80"}  # where Turkish lacks, C in UTF-8
)  # fmt: skip
THERE = Circumstances(
    "een andere map, été",
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "4242",
     "COLUMNS": "213", "SAME_SHIFT": str(EIGHT_YEARS), **dict.fromkeys(THREADS, "1")},
    backwards=True,
    mask=0o077,
)  # fmt: skip


def copied(home: Path, sources: Sequence[str], to: Path, *, backwards: bool = False) -> Path:
    """Copy what a build of some sources reads to another home, file by file."""
    read = [
        path for source in sources for path in sorted((home / "data" / "raw" / source).rglob("*")) if path.is_file()
    ]
    read += [home / "data" / "crosswalks" / f"{source}.toml" for source in sources]
    read += (home / "notebooks").glob("*.ipynb")
    for path in sorted(read, reverse=backwards):
        place = to / path.relative_to(home)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return to


def run(home: Path, sources: Sequence[str], at: Circumstances, options: Sequence[str] = ()) -> dict[str, str]:
    """Build and report in a process of its own, and give the hash of every published file."""
    own = home.parent / f"own {at.folder}"
    own.mkdir()
    environment = {
        **os.environ, **at.environment, "HOME": str(own), "TMPDIR": str(own), "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "benchmarks" / "clock"), str(ROOT)]),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "iww_analysis", "report", *sources, "--name", NAME, *options, "--home", str(home), "--json"],
        cwd=own, env=environment, capture_output=True, check=False, umask=at.mask,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr).decode("utf-8", "replace"))
    return published(home)


def published(home: Path) -> dict[str, str]:
    """Give the hash of every file that was made."""
    made = [path for folder in PUBLISHED for path in (home / folder).rglob("*") if path.is_file()]
    return {path.relative_to(home).as_posix(): sha256(path.read_bytes()).hexdigest() for path in sorted(made)}


def both(
    home: Path, sources: Sequence[str], folder: Path, options: Sequence[str] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """Make the report of some sources of a home here and there, side by side."""

    def one(at: Circumstances) -> dict[str, str]:
        return run(copied(home, sources, folder / at.folder, backwards=at.backwards), sources, at, options)

    with ThreadPoolExecutor() as pool:
        here, there = pool.map(one, (HERE, THERE))
    return here, there


def differing(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Name the files that are not the same, or not in both."""
    return sorted(path for path in {*here, *there} if here.get(path) != there.get(path))


def main(sources: Sequence[str]) -> int:
    """Say for each kind of file how many are the same, and name those that differ."""
    sources = sources or sorted({path.parent.parent.name for path in (ROOT / "data" / "raw").glob("*/*/plan.json")})
    folder = Path(tempfile.mkdtemp())
    started = time.monotonic()
    here, there = both(ROOT, sources, folder)
    different = differing(here, there)
    for part in sorted({path.rsplit(".", 1)[-1] for path in here}):
        paths = [path for path in here if path.endswith(f".{part}")]
        sys.stdout.write(f"{part:8} {len(paths):5} files, {sum(path in different for path in paths)} differ\n")
    sys.stdout.write(f"{len(different)} of {len(here)} files differ; {time.monotonic() - started:.0f} s\n")
    if different:
        sys.stdout.write("\n".join([*different, f"both are kept: {folder}", ""]))
    else:
        shutil.rmtree(folder)
    return bool(different)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
