"""Let a report leave: the only way out. All of it is verified, people say who and why, and it is written down here first."""

import datetime as dt
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from iww_analysis.commands import build
from iww_analysis.commands.report.make import key_of_rows
from iww_analysis.commands.report.state import library_notebooks
from iww_analysis.commands.shown_counts import audited
from iww_analysis.commands.verify import signing_key, verify
from iww_analysis.disclosure import followed
from iww_analysis.io.disk import files, folders, locks
from iww_analysis.io.disk.home import Home, read_origin
from iww_analysis.io.disk.lazy_files import LazyFiles
from iww_analysis.io.processed import inputs
from iww_analysis.messages.console import OK, Console
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.report.manifest import MANIFEST
from iww_analysis.verify.release import bundle, declared, gate, units
from iww_analysis.verify.release.gate import Candidate, Earlier

LOG = "releases.jsonl"


def candidate(home: Home, name: str, said: declared.Said, said_in: Place) -> Candidate:
    """Gather all that decides whether a report may leave; nothing is written. Raises IwwError where there is no such report."""
    verified = verify(home, name)
    public = dict(LazyFiles(home.report(name)))
    sources = json.loads(public[MANIFEST])["sources"]
    cards = [read_origin(delivery) for source in sources for delivery in home.deliveries(source)]
    return Candidate(
        name, public, verified, audited(home, sources), said, said_in,
        units.units_of(build.as_if_built(home, sources)[0]),
        max((dt.date.fromisoformat(str(card["received"])) for card in cards), default=dt.date.min),
        _library_code(), _undecided(home, name), earlier(home),
    )  # fmt: skip


def _library_code() -> frozenset[str]:
    """The code in the notebooks of the library."""
    notebooks = files.read_all(library_notebooks(), ["*.ipynb"]).values()
    return frozenset(code for notebook in notebooks for code in gate.code_of(json.loads(notebook)))


def _undecided(home: Home, name: str) -> int:
    """How many followed cases are alone with what a report tells of them, and nobody decided on that."""
    both = (files.read_if_there(folder / followed.NAME) for folder in (home.receipts(name), home.decisions))
    return len(followed.undecided(*both))


def earlier(home: Home) -> list[Earlier]:
    """Every release that left before, in order, also those that were withdrawn."""
    events = _events(home)
    withdrawn = {event["release"] for event in events if event["event"] == bundle.WITHDRAWN}
    return [_earlier(home, event, withdrawn) for event in events if event["event"] == bundle.RELEASED]


def _earlier(home: Home, event: Mapping[str, Any], withdrawn: set[str]) -> Earlier:
    release = event["release"]
    kept, of_units = dict(LazyFiles(home.bundle(release))), home.releases / "units" / f"{release}.json"
    whole = bundle.is_whole(kept) and bundle.digest(kept) == event["digest"]
    there: dict[str, Any] = files.read_json(of_units) if files.exists(of_units) else {"sources": None, "code": ""}
    return Earlier(
        release, event["report"], dt.date.fromisoformat(event["date"]), event["digest"], event["sources"],
        there["sources"], there["code"], release in withdrawn, whole,
    )  # fmt: skip


def _events(home: Home) -> list[dict[str, Any]]:
    """What left and what was withdrawn, oldest first."""
    lines = files.read_if_there(home.releases / LOG).decode("utf-8").splitlines()
    try:
        return [dict(json.loads(line)) for line in lines]
    except ValueError:
        raise fail("release_log_broken", Place(f"data/releases/{LOG}")) from None


def _write_down(home: Home, event: Mapping[str, Any]) -> None:
    events = _events(home)
    if event not in events:
        lines = [json.dumps(each, ensure_ascii=False) for each in (*events, event)]
        files.write_text(home.releases / LOG, "\n".join(lines) + "\n")


def release(home: Home, leaves: Candidate, to: Path, sign_with: Path) -> Path:
    """Write the bundle of a report here and where it goes to, and give its folder. Raises IwwError where it may not leave."""
    found = [*gate.faults(leaves), *_of_folder(home, to)]
    if found:
        raise IwwError(*found)
    inside, key = files.read_bytes(home.receipts(leaves.name) / MANIFEST), key_of_rows(home, leaves.manifest["sources"])
    made = bundle.bundle(leaves, inside, key, signing_key(home, sign_with))
    place = to / leaves.release
    there = dict(LazyFiles(place)) if files.exists(place) else made
    taken = [] if there == made else [Message("release_folder_taken", Place(str(place)))]
    if found := [*gate.already(leaves, bundle.digest(made)), *taken]:
        raise IwwError(*found)
    with locks.held(home, "report", "releases"):  # it is written down before anything leaves
        folders.write(home.bundle(leaves.release), made.items(), folders.BUILD)
        of_units = units.document(leaves.release, inputs.library_hash(), leaves.units)
        files.write_json(home.releases / "units" / f"{leaves.release}.json", of_units)
        _write_down(home, bundle.released(made))
        folders.write(place, made.items(), folders.BUNDLE)
    return place


def forget(home: Home, source: str, erased: Collection[str]) -> None:
    """Take the names of cases that were erased from what is kept of earlier releases; that there were such cases stays known."""
    for path, content in files.read_all(home.releases / "units", ["*.json"]).items():
        files.write_json(home.releases / "units" / path, units.without_names(json.loads(content), source, erased))


def _of_folder(home: Home, to: Path) -> list[Message]:
    """A release goes out of the folder of the project."""
    within = to.resolve().is_relative_to(home.path.resolve())
    return [Message("release_folder_in_home", Place(str(to)))] if within else []


def withdraw(home: Home, release_name: str, said: declared.Said, said_in: Place) -> None:
    """Write down that a release is withdrawn; that it left stays written down. Raises IwwError where that cannot be."""
    known = {each.release: each for each in earlier(home)}
    if release_name not in known:
        raise fail("release_unknown", found=release_name, known=", ".join(known) or "-")
    if known[release_name].withdrawn:
        raise fail("release_withdrawn_twice", Place(f"data/releases/{LOG}"), release=release_name)
    if found := [*declared.of_withdrawal(said, said_in)]:
        raise IwwError(*found)
    with locks.held(home, "report", "releases"):
        _write_down(home, bundle.withdrawn(release_name, said))


def run(
    home: Home, console: Console, *, name: str, to: Path | None, by: Path | None, sign_with: Path | None, withdraw_name: str,
) -> int:  # fmt: skip
    """Let a report leave, or write down that a release is withdrawn; gives the exit code."""
    said, said_in = _said(by)
    if withdraw_name:
        withdraw(home, withdraw_name, _completed(console, said, [*declared.WITHDRAWAL]), said_in)
        console.say("release_withdrawn", release=withdraw_name)
        console.give({"ok": True, "withdrawn": withdraw_name})
        return OK
    if to is None:
        raise fail("release_to_absent")
    if sign_with is None:
        raise fail("release_unsigned")
    with console.busy("releasing"):
        leaves = candidate(home, name, said, said_in)
    asked = declared.absent(said, case_study=leaves.shows_cases)
    leaves = leaves.with_said(_completed(console, said, asked))
    place = release(home, leaves, to, sign_with)
    console.say("released", release=leaves.release, path=place)
    console.give({"ok": True, "release": leaves.release, "folder": str(place)})
    return OK


def _said(by: Path | None) -> tuple[declared.Said, Place]:
    """What people say in a file; of what is asked on the terminal there is no place."""
    return (files.read_toml(by), Place(by.name)) if by else ({}, Place())


def _completed(console: Console, said: declared.Said, names: Sequence[str]) -> declared.Said:
    """What was said, and on a terminal what is asked beyond it."""
    if console.as_json or not sys.stdin.isatty():
        return said
    given = {name: console.ask(declared.question(name, console.lang), "") for name in names if not said.get(name)}
    return declared.with_answers(said, given)
