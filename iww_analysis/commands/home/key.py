"""Make, show and renew the key of the pseudonyms: asked for, told where it lies, and written down for each source it touches."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import NamedTuple

from iww_analysis.commands import source_key
from iww_analysis.io.disk import files, key_file, locks, logbook
from iww_analysis.io.disk.home import Home
from iww_analysis.io.processed import inputs
from iww_analysis.messages.console import ACT, OK, Console
from iww_analysis.messages.errors import IwwError, fail
from iww_analysis.privacy.keys import check_value
from iww_analysis.privacy.pseudonyms import demo_key

ACTS = ("new", "show", "rotate")


class Keyed(NamedTuple):
    """A source that was built: the check value of its key then, and of the one it would be built with now ("": none)."""

    source: str
    then: str
    now: str


def run(home: Home, console: Console, *, act: str, yes: bool, reveal: bool) -> int:
    """Make, show or renew the key; gives the exit code."""
    if act not in ACTS:
        raise fail("key_act", found=act, known=", ".join(ACTS))
    if act == "new":
        return _new(home, console)
    return _rotate(home, console, yes=yes) if act == "rotate" else _show(home, console, reveal=reveal)


def _new(home: Home, console: Console) -> int:
    """Make a key where there is none; sources that were built with one that is gone wait for it, or for a rotation."""
    if lost := [message for message in source_key.key_faults(home, home.sources()) if message.code == "key_gone"]:
        raise IwwError(*lost)
    key_file.make(home)
    console.say("key_made", path=key_file.place(), check=_check())
    _say_what_is_not_known(console)
    console.give({"ok": True, "file": str(key_file.place()), "check": _check()})
    return OK


def _show(home: Home, console: Console, *, reveal: bool) -> int:
    """Say where the key lies, its check value, what is wrong with it, and which sources were built with another."""
    found = key_file.faults(home)
    if key := key_file.content():
        console.say("key_shown", path=key_file.place(), check=_check())
        _say_what_is_not_known(console)
    found += [message for message in source_key.key_faults(home, home.sources()) if message not in found]
    console.messages(found)
    if key and reveal:
        console.write(key.hex())
    console.give({"ok": not found, "file": str(key_file.place()), "check": _check(), "messages": console.documents(found)}
                 | ({"key": key.hex()} if reveal else {}))  # fmt: skip
    return ACT if found else OK


def _rotate(home: Home, console: Console, *, yes: bool) -> int:
    """Have sources built with another key from now on: the one that lies here if it is not theirs, else a new one."""
    every = keyed(home)
    moved = [each for each in every if each.now and each.then != each.now]
    touched = {each.source for each in moved or every if each.now != each.then or each.then != check_value(demo_key())}
    if not touched and not files.exists(key_file.place()):
        raise IwwError(*key_file.faults(home))
    console.say("key_would_stay" if moved else "key_would_change", check=_check() or "–", sources=_names(touched))
    reports = {name for name, manifest in home.manifests().items() if touched & {*manifest["sources"]}}
    console.say("would_concern", reports=_names(reports))
    done = yes or console.confirmed()
    if done:
        aside = None if moved else key_file.renew(home)
        _write_down(home, touched)
        if aside:
            console.say("key_aside", path=aside)
        console.say("key_rotated", path=key_file.place(), check=_check())
    else:
        console.say("not_confirmed")
    console.give({"ok": done, "done": done, "check": _check(), "sources": sorted(touched), "reports": sorted(reports)})
    return OK if done else ACT


def keyed(home: Home) -> list[Keyed]:
    """Every source that was built with a key that is known, with the one it would be built with now."""
    return list(_keyed(home))


def _keyed(home: Home) -> Iterator[Keyed]:
    secret = _check()
    for source in home.sources():
        with suppress(IwwError):  # a card that cannot be read is said when it is built
            if home.deliveries(source) and (then := inputs.known_key(home, source)):
                yield Keyed(source, then, check_value(demo_key()) if source_key.is_invented(home, source) else secret)


def _write_down(home: Home, sources: Collection[str]) -> None:
    """Write in the logbook of sources with which key they are built from now on."""
    on = dt.date.today().isoformat()  # noqa: DTZ011 - the day that is written down
    for source, then, now in keyed(home):
        if source in sources:
            with locks.held(home, "source", source):
                logbook.write(home, source, {"event": logbook.KEY_CHANGED, "before": then, "key": now, "on": on})


def _check() -> str:
    """The check value of the key that lies here; nothing where there is none."""
    key = key_file.content()
    return check_value(key) if key else ""


def _say_what_is_not_known(console: Console) -> None:
    if not key_file.tells_rights():
        console.say("key_rights_unknown")
    console.say("key_copies_unknown")


def _names(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "–"
