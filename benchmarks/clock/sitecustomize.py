"""Move the clock of every Python process that finds this folder on its path, by `SAME_SHIFT` seconds (`benchmarks.same`)."""

import ctypes
import datetime as dt
import gc
import os
import time

SHIFT = int(os.environ.get("SAME_SHIFT", "0"))
_time, _time_ns, _localtime, _gmtime, _strftime = time.time, time.time_ns, time.localtime, time.gmtime, time.strftime


def _replace(of: type, name: str, function: object) -> None:
    """Put a class method in a class that is made in C: its dictionary is found behind the read-only view of it."""
    gc.get_referents(of.__dict__)[0][name] = function
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(of))


if SHIFT:
    time.time = lambda: _time() + SHIFT
    time.time_ns = lambda: _time_ns() + SHIFT * 10**9
    time.localtime = lambda *at: _localtime(*at or (time.time(),))
    time.gmtime = lambda *at: _gmtime(*at or (time.time(),))
    time.strftime = lambda shape, *at: _strftime(shape, *at or (time.localtime(),))
    _replace(dt.datetime, "now", classmethod(lambda of, tz=None: of.fromtimestamp(time.time(), tz)))
    _replace(dt.datetime, "today", classmethod(lambda of: of.fromtimestamp(time.time())))
    _replace(dt.datetime, "utcnow", classmethod(lambda of: of.fromtimestamp(time.time(), dt.UTC).replace(tzinfo=None)))
    _replace(dt.date, "today", classmethod(lambda of: of.fromtimestamp(time.time())))
