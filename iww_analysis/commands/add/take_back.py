"""Take a wrong delivery back, and erase what the law says must go: shown first, then done and recorded."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from iww_analysis.cleaning.known_sheet import KnownSheet
from iww_analysis.cleaning.rules.cases import says_closed
from iww_analysis.commands import build, release, report, source_key
from iww_analysis.commands.add.answers import ask_again
from iww_analysis.commands.build import open_file, read_crosswalk
from iww_analysis.commands.report.state import old_places
from iww_analysis.crosswalk import origin
from iww_analysis.crosswalk.write import OriginFile
from iww_analysis.io import erased_rows
from iww_analysis.io.disk import files, folders, locks, logbook
from iww_analysis.io.disk.home import ORIGIN, Home, Without, chosen, read_origin
from iww_analysis.io.processed import inputs, store
from iww_analysis.messages.console import ACT, OK, Console
from iww_analysis.messages.errors import IwwError, Lang, Message, Place, fail
from iww_analysis.messages.sentences import say
from iww_analysis.tables import TABLES

CLOSED, ROWS = "closed_cases", "rows_of_delivery"  # what is counted beside the records of each table
NAMES = (*TABLES, CLOSED, ROWS)
Counts = Mapping[str, int]  # one of NAMES -> how many


def changes_without(home: Home, source: str, day: str) -> dict[str, tuple[int, int]]:
    """Say what would change without a delivery, now and then: records per table, closed cases, and its rows that count.

    Nothing is written. Raises IwwError where the source has no such delivery, or no key to count with.
    """
    if found := source_key.key_faults(home, [source]):
        raise IwwError(*found)
    days = {path.partition("/")[0] for path in inputs.known_files(home, source)}
    if day not in days:
        raise fail("delivery_unknown", found=day, known=", ".join(sorted(days)) or "-")
    now, then = _counts(home, source, day), _counts(Without(home.path, home, source, {day}), source, day)
    return {name: (now.get(name, 0), then.get(name, 0)) for name in NAMES if now.get(name, 0) != then.get(name, 0)}


def _counts(home: Home, source: str, day: str) -> Counts:
    """The counts of a build; none where it cannot be built."""
    with suppress(IwwError):
        _, built = build.build_that_counts(home, source)
        counts = {name: len(table) for name, table in built.tables.items() if name in TABLES}
        if "cases" in counts:
            counts[CLOSED] = int(says_closed(built.tables["cases"]).sum())
        kept = sum(line["rows_kept"] for line in built.ledger["sheets"] if line["delivery"] == day)
        return counts | {ROWS: kept}
    return {}


def undo(home: Home, source: str, day: str, on: dt.date, *, lang: Lang = "nl") -> list[Message]:
    """Take a delivery back: it goes from `data/raw` to `data/taken-back`, the logbook says so, and the source is built anew.

    Gives why it could not be built, if it could not.
    """
    chosen(home, [source])
    with locks.held(home, "source", source):
        paths = {path: sha for path, sha in inputs.known_files(home, source).items() if path.startswith(f"{day}/")}
        of_day = {path.removeprefix(f"{day}/"): sha for path, sha in paths.items()}
        event = {"event": logbook.TAKEN_BACK, "delivery": day, "files": of_day, "on": on.isoformat()}
        logbook.write(home, source, event)
        folders.move(home.raw / source / day, home.taken_back(source) / day)
        stopped = _build_anew(home, source)
        _first_rows_anew(home, source, lang)
        return stopped


def _first_rows_anew(home: Home, source: str, lang: Lang) -> None:
    """Show the first rows of what is left; a page or form that cannot be made anew goes, for it shows rows of before."""
    before = {path for path in (home.first_rows(source), home.question_form(source)) if files.exists(path)}
    shown = set[Path | None]()
    if before and home.deliveries(source):
        with suppress(IwwError):
            anew = ask_again(home, source, lang=lang)
            shown = {anew.page, anew.form}
    for path in before - shown:
        files.remove(path)


def _build_anew(home: Home, source: str) -> list[Message]:
    """Build what is left of a source; gives why that cannot be done."""
    if not home.deliveries(source):
        folders.remove(home.processed(source))
        return []
    try:
        build.build_and_store(home, source)
    except IwwError as error:
        return [*error.messages]
    return []


def rows_of_case(home: Home, source: str, case: str) -> dict[Path, dict[str, list[int]]]:
    """Find the rows that a case stands on, by file and sheet, also in deliveries that were taken back; nothing is written."""
    found: dict[Path, dict[str, list[int]]] = {}
    crosswalk = read_crosswalk(home, source)
    foldings = crosswalk.keys.get("case_id", ())
    for delivery in (*home.deliveries(source), *home.deliveries_in(home.taken_back(source))):
        card = origin.parse(read_origin(delivery), source)
        for name in card.files:
            for sheet in open_file(delivery / name, card, crosswalk, []):
                if isinstance(sheet, KnownSheet) and (rows := sheet.rows_of_case(case, foldings)):
                    found.setdefault(delivery / name, {})[sheet.raw.name] = rows
    if not found:
        raise fail("erase_unknown", Place(source))
    return found


def erase(home: Home, source: str, case: str, on: dt.date, *, lang: Lang = "nl") -> list[Message]:
    """Empty every row that a case stands on, in all deliveries, and make tables and reports anew; the rows keep their numbers.

    Cards and logbook say how many rows of which file were emptied, and when; not whose. Raises IwwError, and does nothing,
    where a file is of a kind in which rows cannot be emptied.
    """
    with locks.held(home, "source", source):
        found = rows_of_case(home, source, case)
        emptied = {path: erased_rows.without(path.name, files.read_bytes(path), rows) for path, rows in found.items()}
        for path, content in emptied.items():
            n, sha = sum(map(len, found[path].values())), files.sha256(content)
            card = OriginFile(files.read_toml_text(path.parent / ORIGIN))
            card.erased(path.name, sha, n, on)
            both = [(path.name, content), (ORIGIN, str(card).encode("utf-8"))]
            folders.write(path.parent, both, folders.DELIVERY)
            if path.parents[1] == home.raw / source:
                event = {"event": logbook.ERASED, "delivery": path.parent.name, "files": {path.name: sha}}
                logbook.write(home, source, event | {"rows": n, "on": on.isoformat()})
        before = _cases(home, source)
        stopped = _build_anew(home, source)
        _first_rows_anew(home, source, lang)
        if stopped:  # nothing of before may stay
            folders.remove(home.processed(source))
        release.forget(home, source, before - _cases(home, source))
    return [*stopped, *_reports_anew(home, source)]


def _cases(home: Home, source: str) -> set[str]:
    """The cases of a source as it was last built; none where it is not."""
    path = home.processed(source) / "cases.parquet"
    return set(store.read_table(path)["case_id"].astype("str")) if files.exists(path) else set()


def _reports_anew(home: Home, source: str) -> list[Message]:
    """Make every report that holds a source anew; one that cannot be made now is named, to be made or removed by hand."""
    left = []
    for name, manifest in home.manifests().items():
        if source in manifest["sources"]:
            sources, study, internal = manifest["sources"], manifest["study"], manifest["internal"]
            lang: Lang = "en" if manifest["lang"] == "en" else "nl"
            try:
                made = report.report(home, sources, name, study_id=study, lang=lang, internal=internal)
                if not made.current:
                    report.write(home, replace(made, changes=()))
            except IwwError as error:
                left += [*error.messages, Message("report_not_erased", Place(home.from_here(home.report(name))))]
    return [*left, *old_places(home)]


def run(home: Home, console: Console, *, source: str, day: dt.date | None, case: str, yes: bool) -> int:
    """Show what would change, and do it when it is confirmed; gives the exit code."""
    chosen(home, [source])
    if day:
        others = {CLOSED: say("closed_cases", console.lang), ROWS: say("rows_of_delivery", console.lang)}
        changed = changes_without(home, source, day.isoformat())
        for name, (before, after) in changed.items():
            what = others.get(name) or (TABLES[name].nl if console.lang == "nl" else name)
            console.say("would_change", what=what, before=before, after=after)
        if not changed:
            console.say("would_change_nothing")
    else:
        for path, rows in rows_of_case(home, source, case).items():
            console.say("would_erase", file=f"{path.parent.name}/{path.name}", n=sum(map(len, rows.values())))
    reports = ", ".join(name for name, manifest in home.manifests().items() if source in manifest["sources"]) or "–"
    console.say("would_concern", reports=reports)
    left: Sequence[Message] = ()
    if done := yes or console.confirmed():
        on = dt.date.today()  # noqa: DTZ011 - the day that is written down
        lang = console.lang
        left = undo(home, source, day.isoformat(), on, lang=lang) if day else erase(home, source, case, on, lang=lang)
        console.messages(left)
        console.say("taken_back" if day else "erased", source=source)
    else:
        console.say("not_confirmed")
    console.give({"ok": done and not left, "done": done, "messages": console.documents(left)})
    return OK if done and not left else ACT
