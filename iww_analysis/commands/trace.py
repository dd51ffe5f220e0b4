"""Trace a mark of a report back to the rows of the raw files, and print what was found."""

from collections.abc import Mapping, Sequence

from iww_analysis.commands.session import open_session
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.console import OK, Console, records
from iww_analysis.tracing.text import trace_lines
from iww_analysis.tracing.trace import Trace, parse_marks

FRAMES = ("marks", "rows", "values", "fragments", "base")


def walk_back(
    home: Home, figure: str, mark: Mapping[str, str], report: str, sources: Sequence[str] = (), *, internal: bool = False,
) -> Trace:  # fmt: skip
    """All that stands behind a mark, sought in `sources`, else in those of the report, else in all of the home folder.

    The numbers are those of an internal report where the report is one.
    """
    folder = home.report(report)
    manifest = files.read_json(folder / "manifest.json") if files.are_there(folder, ["manifest.json"]) else {}
    session = open_session(home, sources or manifest.get("sources") or home.sources())
    return session.trace(figure, mark, internal=internal or bool(manifest.get("internal")))


def run(home: Home, console: Console, *, figure: str, marks: Sequence[str], report_name: str) -> int:
    """Print the trace of marks that are written as KEY=VALUE; gives the exit code."""
    trace = walk_back(home, figure, parse_marks(marks), report_name)
    for line in () if console.as_json else trace_lines(trace, console.lang):
        console.write(line)
    of_trace = {"figure": trace.figure, "mark": dict(trace.mark), "rule": trace.rule, "sql": dict(trace.sql)}
    console.give({"ok": True, **of_trace} | {name: records(getattr(trace, name)) for name in FRAMES})
    return OK
