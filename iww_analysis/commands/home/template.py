"""Write an empty form that people fill in."""

from pathlib import Path

from iww_analysis.crosswalk.forms.empty_form import empty_form
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.io.formats.write_workbook import saved
from iww_analysis.messages.console import OK, Console
from iww_analysis.messages.errors import Lang, Place, fail


def template(kind: str, path: Path, lang: Lang = "nl") -> Path:
    """Write an empty form and give where it is; a file that is already there, perhaps filled in, is never overwritten.

    `path`: a file, or a folder to put it in; the name ends with .xlsx. An unknown kind is a message that names the forms.
    """
    path = files.within(path, kind)
    path = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
    content = saved(empty_form(kind, lang))
    if files.exists(path):
        raise fail("template_exists", Place(path.name))
    files.clear(path)
    files.write_bytes(path, content)
    return path


def run(home: Home, console: Console, *, kind: str, to: Path | None) -> int:
    """Write a form of a kind and say where; gives the exit code."""
    path = template(kind, to or Path(kind), console.lang)
    console.say("templated", path=path)
    console.give({"ok": True, "file": str(path)})
    return OK
