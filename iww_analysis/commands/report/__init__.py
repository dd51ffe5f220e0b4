"""Make a report of some sources, store it where it is not current, and say what changed."""

import re
from collections.abc import Sequence

from iww_analysis.commands.report.state import Report, is_current, old_places, words_of
from iww_analysis.io.disk import files, folders, locks
from iww_analysis.io.disk.home import INTERNAL, RECEIPTS, Home, chosen
from iww_analysis.io.processed import inputs
from iww_analysis.messages.console import ACT, OK, Console
from iww_analysis.messages.errors import Lang, Message, Place, fail
from iww_analysis.report import interpretation
from iww_analysis.report.manifest import Request


def run(
    home: Home, console: Console, *, sources: Sequence[str] | None, study: str, name: str, internal: bool
) -> int:  # fmt: skip
    """Make the report and say where it is and what it says otherwise than before; gives the exit code."""
    wanted = chosen(home, sources)
    if study:
        from iww_analysis.commands import build  # pandas, that a report which is current does without

        wanted = tuple(source for source in wanted if build.origin_of(home, source).study == study)
        if not wanted:
            raise fail("study_unknown", study=study)
    title = (name or study or ("-".join(sources) if sources else "all")) + (INTERNAL if internal else "")
    with locks.held(home, "report", title), console.busy("reporting"):
        made = report(home, wanted, title, study_id=study, lang=console.lang, internal=internal)
        if not made.current:
            write(home, made)
    index = home.report(title) / "index.html"
    refused = [file for source in wanted for file in inputs.refused(home, source)]
    messages = [*made.messages, *made.stopped, *old_places(home)]
    console.messages([*messages, *(Message("file_refused", Place(file)) for file in refused), *made.changes])
    console.say("report_current" if made.current else "reported", path=index)
    ok = not refused and not made.stopped
    console.give({"ok": ok, "refused": refused, "report": str(index), "current": made.current,
                  "changes": console.documents(made.changes), "messages": console.documents(messages)})  # fmt: skip
    return OK if ok else ACT


def report(
    home: Home, sources: Sequence[str], name: str, *, study_id: str = "", lang: Lang = "nl", internal: bool = False
) -> Report:
    """Build what is stale, run the notebooks on these sources and gather the report; nothing is written yet.

    When inputs, library, notebooks and words are those of the report that is there, that one is current.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or files.NOT_ON_WINDOWS.search(name):
        raise fail("report_name", found=name)
    if name.endswith(INTERNAL) is not internal:
        raise fail("report_name_internal", found=name, end=INTERNAL)
    request = Request(name, tuple(sources), study_id, lang, internal)
    if not any(inputs.is_stale(home, source) for source in sources) and is_current(home, request):
        return Report(name, current=True)
    from iww_analysis.commands.report.make import make_with_changes  # takes pandas, matplotlib and a kernel's client

    return make_with_changes(home, request)


def write(home: Home, made: Report) -> None:
    """Store what may leave of a report as one set, and then what stays inside as another.

    The researcher's words are in neither: they only get headings for new figures, first. A run that is killed between the two
    leaves receipts of another making of the report, as `iww verify` says; the next `iww report` mends that.
    """
    folder, kind = home.report(made.name), folders.INTERNAL if made.name.endswith(INTERNAL) else folders.REPORT
    contents = dict(made.files)
    inside = [path for path in contents if path.startswith(RECEIPTS)]
    headings = contents.pop(interpretation.NAME, b"").decode("utf-8")
    with locks.held(home, "report", made.name):
        if headings:
            now = interpretation.with_new_headings(words_of(home, made.name), headings)
            files.write_text(folder / interpretation.NAME, now)
        kept = [(path.removeprefix(RECEIPTS), contents.pop(path)) for path in inside]
        folders.write(folder, contents.items(), kind)
        folders.write(home.receipts(made.name), kept, folders.RECEIPTS)
