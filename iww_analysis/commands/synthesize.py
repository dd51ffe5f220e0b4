"""Write the invented sources, where what invents them is installed: a package of its own, found by its entry point."""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, cast

from iww_analysis.io.disk.home import Home
from iww_analysis.messages.console import OK, Console
from iww_analysis.messages.errors import fail

GROUP = "iww_analysis.synthesize"


class Inventor(Protocol):
    """What the entry point gives: sources as {path under the home: bytes}, and how they are written there."""

    def sources(self, seed: int = ..., cases: int | None = None) -> Mapping[str, bytes]:
        """Invent sources; the same seed gives the same bytes."""
        ...

    def write(self, home: Home, made: Mapping[str, bytes]) -> list[str]:
        """Write sources; gives the paths that changed."""
        ...


def run(home: Home, console: Console, *, seed: int | None, cases: int | None) -> int:
    """Invent sources, write them, and say how many changed; gives the exit code."""
    inventor = inventor_in(entry_points(group=GROUP))
    made = inventor.sources(cases=cases) if seed is None else inventor.sources(seed, cases)
    written = inventor.write(home, made)
    console.say("synthesized", n=len(made), written=len(written))
    console.give({"ok": True, "files": list(made), "written": written})
    return OK


def inventor_in(installed: Iterable[EntryPoint]) -> Inventor:
    """Load the first of these entry points; raises IwwError when nothing that invents sources is installed."""
    for entry in sorted(installed, key=lambda entry: entry.value):
        return cast(Inventor, entry.load())
    raise fail("no_synthetic_sources", group=GROUP)
