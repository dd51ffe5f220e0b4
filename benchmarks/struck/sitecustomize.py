"""Strike a process at its k-th write: end it as `kill -9` does, or let the call fail as a full or broken disk does.

Python imports a module of this name at its start from wherever PYTHONPATH points (`benchmarks.kills`,
`tests/properties/test_crash.py`).
IWW_STRIKE says how, at which call and under which folder: `kill 12 FOLDER`, `ENOSPC 12 FOLDER`, `count 0 FILE FOLDER`; a
name in small letters, `enospc`, fails from that call on. Children are left alone. A write is struck when half of it is done.
"""

import atexit
import builtins
import errno
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
STAYS = {"unlink", "remove", "rmdir", "replace", "rename", "utime"}  # what a full disk still does


class Strike:
    """Counts the calls that write below a folder and strikes at one of them."""

    def __init__(self, how: str, at: int, root: str) -> None:
        self.how, self.at, self.root, self.calls = how, at, root, 0

    def concerns(self, path: object) -> bool:
        """Say whether a path, or an open file, lies below the folder."""
        if isinstance(path, int):
            try:
                return str(Path(f"/proc/self/fd/{path}").readlink()).startswith(self.root)
            except OSError:
                return False
        return isinstance(path, str | os.PathLike) and str(Path(path).absolute()).startswith(self.root)

    def tick(self, name: str, halfway: Callable[[], object] = lambda: None) -> None:
        """Count a call that is about to be made, and strike if this is the one."""
        self.calls += 1
        lasting = self.how.islower() and self.how not in ("kill", "count")
        if self.calls != self.at and not (lasting and self.calls > self.at):
            return
        if self.how == "kill":
            halfway()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.how != "count" and not (lasting and self.how != "eio" and name in STAYS):
            halfway()
            number = getattr(errno, self.how.upper())
            raise OSError(number, os.strerror(number))


def arm(strike: Strike) -> None:
    """Put the strike before every call that writes."""
    for name in ("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "fsync", "utime"):
        setattr(os, name, _before(strike, name, getattr(os, name)))
    opening, low = io.open, os.open

    def low_opened(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & WRITES and strike.concerns(path):
            strike.tick("open")
        return low(path, flags, *args, **kwargs)

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if isinstance(file, int) or not set(mode) & set("wxa+") or not strike.concerns(file):
            return opening(file, mode, *args, **kwargs)
        strike.tick("open")
        raw = _Raw(file, mode.replace("b", "").replace("t", ""))
        raw.strike = strike
        buffered: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, **kwargs)

    os.open, io.open, builtins.open = low_opened, opened, opened


def _before(strike: Strike, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def struck(path: Any, *args: Any, **kwargs: Any) -> Any:
        if strike.concerns(path):
            strike.tick(name)
        return call(path, *args, **kwargs)

    return struck


class _Raw(io.FileIO):
    strike: Strike

    def write(self, data: Any) -> int | None:
        self.strike.tick("write", lambda: io.FileIO.write(self, bytes(data)[: len(data) // 2]))
        return super().write(data)


if told := os.environ.pop("IWW_STRIKE", ""):
    how, at, *where = told.split(" ")
    struck = Strike(how, int(at), where[-1])
    if how == "count":
        atexit.register(lambda: Path(where[0]).write_text(str(struck.calls), encoding="ascii"))
    arm(struck)
