"""Make a report of some sources, write it where it is not current, and say what changed."""

from collections.abc import Sequence

from iww_analysis.commands import build, inputs
from iww_analysis.io.disk import locks
from iww_analysis.io.disk.home import Home, chosen
from iww_analysis.messages.console import ACT, OK, Console
from iww_analysis.messages.errors import Message, Place, fail
from iww_analysis.report import assemble


def run(
    home: Home, console: Console, *, sources: Sequence[str] | None, study: str, name: str, internal: bool
) -> int:  # fmt: skip
    """Make the report and say where it is and what it says otherwise than before; gives the exit code."""
    wanted = chosen(home, sources)
    if study:
        wanted = tuple(source for source in wanted if build.origin_of(home, source).study == study)
        if not wanted:
            raise fail("study_unknown", study=study)
    title = (name or study or ("-".join(sources) if sources else "all")) + ("-intern" if internal else "")
    with locks.held(home, "report", title), console.busy("reporting"):
        made = assemble.report(home, wanted, title, study_id=study, lang=console.lang, internal=internal)
        if not made.current:
            assemble.write(home, made)
    index = home.report(title) / "index.html"
    refused = [file for source in wanted for file in inputs.refused(home, source)]
    console.messages([*made.messages, *(Message("file_refused", Place(file)) for file in refused), *made.changes])
    console.say("report_current" if made.current else "reported", path=index)
    console.give({"ok": not refused, "refused": refused, "report": str(index), "current": made.current,
                  "changes": console.documents(made.changes), "messages": console.documents(made.messages)})  # fmt: skip
    return ACT if refused else OK
