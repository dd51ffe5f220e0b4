"""Trace a mark of a report back to the rows of the raw files, and print what was found. Nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from iww_analysis.commands import build
from iww_analysis.commands.session import open_session, sheet_finder
from iww_analysis.io.disk import files
from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed import inputs
from iww_analysis.messages.console import ACT, OK, Console, records
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.report.manifest import FORMAT, MANIFEST
from iww_analysis.tracing import rows
from iww_analysis.tracing.shown import shown_otherwise
from iww_analysis.tracing.text import trace_lines
from iww_analysis.tracing.trace import Trace, entry_of, parse_marks

FRAMES = ("marks", "rows", "values", "fragments", "base")


def walk_back(
    home: Home, figure: str, mark: Mapping[str, str], report: str, sources: Sequence[str] = (), *, internal: bool = False,
) -> Trace:  # fmt: skip
    """All that stands behind a mark, sought in `sources`, else in those of the report, else in all of the home folder.

    The numbers are those of an internal report where the report is one, and are held beside what the report shows. Raises
    IwwError where the report shows a mark of which the data now know nothing.
    """
    manifest = _manifest(home, report)
    session = open_session(home, sources or manifest.get("sources") or home.sources())
    receipt = _receipt(home, report, figure) if set(session.sources) == set(manifest.get("sources", ())) else None
    try:
        trace = session.trace(figure, mark, internal=internal or bool(manifest.get("internal")))
    except IwwError as error:
        gone = [*shown_otherwise(pd.DataFrame(), receipt, mark, _since(home, manifest))] if receipt else []
        raise (
            IwwError(*gone) if gone and error.messages[0].code in ("mark_unknown", "mark_value_unknown") else error
        ) from None
    if not receipt:
        return trace
    return replace(trace, otherwise=tuple(shown_otherwise(trace.marks, receipt, trace.mark, _since(home, manifest))))


def _receipt(home: Home, report: str, figure: str) -> dict[str, Any] | None:
    """The receipt of a figure of a report, with raw counts where that one is there."""
    id_ = entry_of(figure).id
    both = (home.receipts(report) / f"{id_}.json", home.report(report) / "figures" / f"{id_}.json")
    there = [path for path in both if files.exists(path)]
    return dict(files.read_json(there[0])) if there else None


def _manifest(home: Home, report: str) -> dict[str, Any]:
    """What both manifests of a report say; nothing where there is no report of that name. Raises IwwError for an older one."""
    public, inside = (folder / MANIFEST for folder in (home.report(report), home.receipts(report)))
    told = dict(files.read_json(public)) if files.exists(public) else {}
    if told and told["format"] != FORMAT:
        raise fail("report_old_place", Place(f"reports/{report}"), name=report)
    return (files.read_json(inside) if told and files.exists(inside) else {}) | told


def _since(home: Home, manifest: Mapping[str, Any]) -> tuple[Message, ...]:
    """What changed since a report was made."""

    def changed() -> Iterator[Message]:
        if "inputs" not in manifest:
            yield Message("since_unknown")
        for source, before in manifest.get("inputs", {}).items():
            now = inputs.hashes(home, source)
            if before["crosswalk"] != now["crosswalk"]:
                yield Message("since_crosswalk", words={"source": source})
            other = sorted(dict(before["raw"].items() ^ now["raw"].items()))
            if other:
                yield Message("since_raw", words={"source": source, "files": ", ".join(other)})
        if manifest["code"] != inputs.library_hash():
            yield Message("since_code")

    return tuple(changed()) or (Message("since_nothing"),)


def run(
    home: Home, console: Console, *, figure: str, marks: Sequence[str], row: str, case: str, report_name: str
) -> int:  # fmt: skip
    """Print the trace of marks that are written as KEY=VALUE, or of a row or case; gives the exit code."""
    if row or case:
        return _run_rows(home, console, figure, row, case, report_name)
    if not figure:
        raise fail("trace_what")
    trace = walk_back(home, figure, parse_marks(marks), report_name)
    console.messages(trace.otherwise)
    for line in () if console.as_json else trace_lines(trace, console.lang):
        console.write(line)
    said = {"ok": not trace.otherwise, "otherwise": console.documents(trace.otherwise), "n_rows": len(trace.places),
            "figure": trace.figure, "mark": dict(trace.mark), "rule": trace.rule, "sql": dict(trace.sql)}  # fmt: skip
    console.give(said | {name: records(getattr(trace, name)) for name in FRAMES})
    return ACT if trace.otherwise else OK


def _run_rows(home: Home, console: Console, figure: str, row: str, case: str, report_name: str) -> int:
    """Print in which marks the records of a row or case count, and of each figure why not."""
    manifest = _manifest(home, report_name)
    study, _ = build.as_if_built(home, manifest.get("sources") or home.sources())
    places = rows.places_of_row(study, row) if row else rows.places_of_case(study, sheet_finder(home), case)
    counted = rows.counted_in(study, places, entry_of(figure).id if figure else "")
    for line in () if console.as_json else rows.row_lines(study, places, counted, console.lang):
        console.write(line)
    console.give({"ok": True, "rows": records(places), "records": records(rows.records_at(study, places)),
                  "counted": records(counted)})  # fmt: skip
    return OK
