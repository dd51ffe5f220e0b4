"""Run a parser in a child process with limits: what kills the child, makes it hang or swells it is one message here.

The child is a fresh interpreter (spawned, never forked) that is kept warm and used again. It is started by `subprocess`:
`multiprocessing` would run the main module again in the child, slowly for `iww`, and again and again for an unguarded script.
"""

import atexit
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil

from iww_analysis.io.sandbox.limits import MOST_MEMORY, SECONDS
from iww_analysis.messages.errors import IwwError, Message, Place, fail

try:
    import resource
except ImportError:  # Windows: the parent's watch is all there is
    resource = None  # type: ignore[assignment]

R = TypeVar("R")
_TICK = 0.05  # seconds between two looks at the child
_START = "import sys; sys.path[:] = {path!r}; from iww_analysis.io.sandbox import child_process; child_process.serve()"
_lock = threading.Lock()
_warm: "_Child | None" = None


def run(
    work: Callable[..., R], *arguments: object, name: str, seconds: float = SECONDS, memory: int = MOST_MEMORY
) -> R:
    """Give what `work(*arguments)` gives in the child; raises IwwError about the file `name` when that fails.

    `work` is a function of a module, found there by its name. An error that is not about the file is told by its kind only.
    """
    global _warm
    with _lock:
        if _warm is None or not _warm.usable():
            _warm = _Child()
        try:
            answer, value = _warm.ask((work, arguments, memory), seconds, memory)
        except BaseException:
            _warm.end()
            _warm = None
            raise
    match answer:
        case "done":
            return value  # type: ignore[no-any-return]
        case "failed":
            raise IwwError(*(Message(code, place, words) for code, place, words in value))
        case "late":
            raise fail("file_slow", Place(name), seconds=round(seconds))
        case "swollen":
            raise fail("file_swollen", Place(name), most=memory // 1_000_000)
        case _:
            raise fail("file_crashed", Place(name), error=value)


class _Child:
    def __init__(self) -> None:
        self.parent = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START.format(path=sys.path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
        self.seen = psutil.Process(self.process.pid)
        self.pool = ThreadPoolExecutor(1)
        atexit.register(self.end)

    def usable(self) -> bool:
        """A child of another process (after a fork), a dead one, and one that kept much memory are not."""
        if self.parent != os.getpid():
            return False
        if self.process.poll() is None and self._memory() < MOST_MEMORY // 8:
            return True
        self.end()
        return False

    def ask(self, request: object, seconds: float, memory: int) -> tuple[str, Any]:
        """Give the answer, or "late", "swollen" or "died": then the child is gone."""
        until = time.monotonic() + seconds
        future = self.pool.submit(self._exchange, request)
        while not wait([future], _TICK).done:
            if self._memory() > memory:
                return self._stopped(future, "swollen")
            if time.monotonic() > until:
                return self._stopped(future, "late")
        try:
            return future.result()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._stopped(future, "died")

    def end(self) -> None:
        """Kill the child, if it is ours and alive."""
        atexit.unregister(self.end)
        if self.parent == os.getpid():
            self.process.kill()
            self.pool.shutdown()
            with suppress(OSError):  # what could not be written stays unwritten
                self.process.communicate()

    def _exchange(self, request: object) -> tuple[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        pickle.dump(request, self.process.stdin, protocol=5)
        self.process.stdin.flush()
        answer: tuple[str, Any] = pickle.load(self.process.stdout)
        return answer

    def _memory(self) -> int:
        try:
            return int(self.seen.memory_info().rss)
        except psutil.Error:  # it is gone: the exchange will say so
            return 0

    def _stopped(self, future: Future[tuple[str, Any]], how: str) -> tuple[str, Any]:
        self.process.kill()
        wait([future])
        return how, f"exit {self.process.wait()}"


def serve() -> None:
    """Be the child: answer requests until the parent is gone. What parsers print goes nowhere."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    while True:
        try:
            work, arguments, memory = pickle.load(requests)
        except EOFError:
            return
        pickle.dump(_outcome(work, arguments, memory), answers, protocol=5)
        answers.flush()


def _outcome(work: Callable[..., Any], arguments: tuple[object, ...], memory: int) -> tuple[str, Any]:
    """Do the work within twice the limit, since address space is reserved more widely than it is used."""
    if resource is not None:
        with suppress(ValueError, OSError):  # macOS may not allow it
            most = psutil.Process().memory_info().vms + 2 * memory
            resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        return "done", work(*arguments)
    except IwwError as error:
        return "failed", [(message.code, message.place, dict(message.words)) for message in error.messages]
    except MemoryError:
        return "swollen", ""
    except BaseException as error:  # a panic in Rust is no Exception
        return "raised", type(error).__name__
