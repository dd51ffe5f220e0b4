"""Count what a report does, in this process and in the kernels of its notebooks: drawings, questions answered, files hashed.

Each call of a real function adds a line to a file, which all processes share.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOG = "IWW_TEST_LOG"
KERNEL = "import sys; sys.path.insert(0, {tests!r}); from shared import counting; counting.count(setattr)"


def count(patch: Callable[[Any, str, Any], None]) -> None:
    """Let the functions that draw, answer and hash say so, each time they are called; `patch`: sets one of them."""
    from iww_analysis.analysis.answer import HeldTables
    from iww_analysis.figures.canvas import style

    answer, digest = HeldTables.answer, hashlib.file_digest

    def saying_canvas(name: str) -> Callable[[Any], Any]:
        canvas = getattr(style, name)

        def made(figure: Any) -> Any:
            _log("drawn", name)
            return canvas(figure)

        return made

    def saying_answer(tables: Any, question: Any) -> Any:
        sources = sorted({source for frame in tables.values() for source in frame["source"].unique()})
        _log("answered", f"{sources} {question!r}")
        return answer(tables, question)

    def saying_digest(file: Any, *rest: Any) -> Any:
        _log("hashed", str(file.name))
        return digest(file, *rest)

    for canvas in ("FigureCanvasSVG", "FigureCanvasAgg"):
        patch(style, canvas, saying_canvas(canvas))
    patch(HeldTables, "answer", saying_answer)
    patch(hashlib, "file_digest", saying_digest)


def in_kernels_too(folder: Path, environment: Callable[[str, str], None]) -> Path:
    """Have kernels count as well, by a start-up file of IPython's own; gives the file that the counts are in."""
    start = folder / "ipython" / "profile_default" / "startup" / "count.py"
    start.parent.mkdir(parents=True)
    start.write_text(KERNEL.format(tests=str(Path(__file__).parents[1])), encoding="utf-8")
    environment("IPYTHONDIR", str(folder / "ipython"))
    environment(LOG, str(folder / "counts"))
    return folder / "counts"


def counted(log: Path, what: str) -> Counter[str]:
    """How often each thing was done."""
    lines = [line.split("\t", 1) for line in log.read_text(encoding="utf-8").splitlines()]
    return Counter(thing for kind, thing in lines if kind == what)


def _log(kind: str, thing: str) -> None:
    with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
        log.write(f"{kind}\t{thing}\n")
