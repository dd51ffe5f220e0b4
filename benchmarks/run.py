"""Time a build against its floor: read the same files as text and write them as Parquet, nothing else.

Both in fresh processes, in turn, CPU seconds of the whole process; the median of the pairs' ratios is what counts.
Run: `make bench`, or `python -m benchmarks.run [CASES]`. Prints the lines of benchmarks/results.md.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
BUILD = """
from iww_analysis.commands.build import build
from iww_analysis.io.disk.home import Home
from pathlib import Path
build(Home(Path({home!r})), "nijmegen")
"""
FLOOR = """
import io, pandas as pd
from pathlib import Path
for path in sorted(Path({home!r}).glob("data/raw/nijmegen/*/*.csv")):
    frame = pd.read_csv(path, sep=";", encoding="cp1252", dtype="str", keep_default_na=False, on_bad_lines="skip")
    frame.to_parquet(io.BytesIO())
"""


def cpu_seconds(code: str) -> float:
    """Run code in a fresh process; give the processor time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(cases: int) -> None:
    """Make an invented register and time both on it."""
    import iww_synthetic
    from iww_analysis.io.disk import files

    with tempfile.TemporaryDirectory() as folder:
        for path, content in iww_synthetic.sources(cases=cases).items():
            if "nijmegen" in path:
                files.write_bytes(Path(folder) / path, content)
        code = {"build": BUILD.format(home=folder), "floor": FLOOR.format(home=folder)}
        empty = {
            name: cpu_seconds(line)
            for name, line in (("build", "import iww_analysis.commands.build"), ("floor", "import pandas"))
        }
        rounds = [{name: cpu_seconds(line) - empty[name] for name, line in code.items()} for _ in range(ROUNDS)]
    ratios = [pair["build"] / pair["floor"] for pair in rounds]
    build, floor = (statistics.median(pair[name] for pair in rounds) for name in ("build", "floor"))
    sys.stdout.write(
        f"| {cases} | {build:.2f} | {floor:.2f} | {statistics.median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f}) |\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
