"""Start a home: the folder of one project, with notebooks of its own to read and to write in."""

from collections.abc import Iterator
from pathlib import Path

from iww_analysis.commands.report.state import library_notebooks
from iww_analysis.figures.declaration import CATALOGUE
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.console import OK, Console
from iww_analysis.messages.errors import Lang
from iww_analysis.messages.sentences import say
from iww_analysis.report import interpretation, notebooks

NEVER_SHARED = "/data/\n/reports/\n"  # what lies there can point out people


def start(home: Home, lang: Lang = "nl") -> list[Path]:
    """Write what a home begins with, and give what was written; what lies there already stays as it is.

    Its notebooks are the library's, without what they showed of the demo and without anybody's words.
    """
    absent = {
        home.path / path: content for path, content in _beginning(home, lang) if not files.exists(home.path / path)
    }
    for path, content in absent.items():
        files.write_bytes(path, content)
    return list(absent)


def _beginning(home: Home, lang: Lang) -> Iterator[tuple[str, bytes]]:
    yield "data/raw/LEESMIJ.md", say("start_readme", lang).encode()
    yield ".gitignore", NEVER_SHARED.encode()
    unwritten = interpretation.for_cells({}, {}, list(CATALOGUE), home.from_here(home.report("all")), lang)
    for path, content in files.read_all(library_notebooks(), ["*.ipynb"]).items():
        notebook = notebooks.prepared(notebooks.parsed(content), {})
        notebooks.put_words(notebook, unwritten)
        yield f"notebooks/{path}", notebooks.as_text(notebook).encode()


def run(home: Home, console: Console) -> int:
    """Start a home and say how to go on; gives the exit code."""
    written = start(home, console.lang)
    console.say("started", path=home.path)
    console.give({"ok": True, "folder": str(home.path), "written": [str(path) for path in written]})
    return OK
