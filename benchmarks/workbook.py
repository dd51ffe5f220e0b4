"""Time reading a workbook against pandas with openpyxl: 100,000 rows × 18 columns, the whole read, child process and all.

Both in fresh processes, in turn, CPU seconds of the process and its children, less what they take to import; the median of the
pairs' ratios is what counts. Run: `python -m benchmarks.workbook [ROWS]`. Prints a line of benchmarks/results.md.
"""

import datetime as dt
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

ROUNDS = 5
OURS = """
from pathlib import Path
from iww_analysis.io.formats import workbook
path = Path({path!r})
print([sheet.cells.shape for sheet in workbook.read_workbook(path.name, path.read_bytes())])
"""
PEER = """
import pandas as pd
print([pd.read_excel({path!r}, engine="openpyxl", header=None, dtype=object).shape])
"""
IMPORTS = {OURS: "import iww_analysis.io.formats.workbook", PEER: "import pandas, openpyxl"}
WORDS = ("Financiën", "Wonen", "Werk en opleiding", "Zorg", "ja", "nee", "onbekend")


def write(path: Path, rows: int) -> None:
    """Make an invented register: numbers as text, dates, scores, amounts, words, notes, empty cells."""
    dice = random.Random(20201231)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Blad1")
    sheet.append([f"kop {n}" for n in range(18)])
    for number in range(rows):
        days = [dt.datetime(2018, 1, 1) + dt.timedelta(days=dice.randrange(1500)) for _ in range(2)]  # noqa: DTZ001
        words = [dice.choice(WORDS) for _ in range(7)]
        scores = [dice.randrange(1, 6) for _ in range(3)]
        note = f"notitie {dice.randrange(10**6)} over iets" if number % 3 else None
        amount = round(dice.random() * 1000, 2)
        sheet.append(
            [f"{number:06d}", *days, *words, *scores, note, amount, dice.random() < 0.5, dice.randrange(10**6), "x"]
        )
    book.save(path)


def cpu_seconds(code: str) -> float:
    """Run code in a fresh process; give the processor time that it and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rows: int) -> None:
    """Make a workbook and time both on it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write(path, rows)
        empty = {code: cpu_seconds(line) for code, line in IMPORTS.items()}
        pairs = [
            [cpu_seconds(code.format(path=str(path))) - empty[code] for code in (PEER, OURS)] for _ in range(ROUNDS)
        ]
    ratios = [peer / ours for peer, ours in pairs]
    peer, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    spread = f"{statistics.median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f})"
    sys.stdout.write(f"| {rows} x 18 | {peer:.1f} | {ours:.1f} | {spread} |\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
