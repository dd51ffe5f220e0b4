"""Read what the sources are and the words they use: data files of this package."""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

REGISTERS = ("harderwijk", "elburg", "nijmegen", "beuningen", "druten")
TEAMS = ("wijkteam-noord", "wijkteam-zuid")
Words = Mapping[str, Mapping[str, Sequence[str]]]  # vocabulary list -> code -> what this source writes


@dataclass(frozen=True)
class Delivery:
    """One delivery: the day it was received, and the day up to which it knows."""

    received: dt.date
    extraction: dt.date
    period: tuple[dt.date, dt.date]

    @property
    def folder(self) -> str:
        """Name the folder under the source."""
        return self.received.isoformat()


@dataclass(frozen=True)
class Settings:
    """What a register is; `more` holds the shares and lists that only some of its chapters use."""

    name: str
    n: int
    unit: str
    study: str
    start: dt.date
    end: dt.date
    deliveries: tuple[Delivery, ...]
    more: Mapping[str, Any]

    @property
    def instrument(self) -> str:
        """Name the instrument version that the source scores with, or nothing."""
        return str(self.more.get("instrument", ""))


@cache
def toml(name: str) -> Mapping[str, Any]:
    """Give a data file of this package."""
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def crosswalk(source: str) -> bytes:
    """Give the crosswalk of a source as it is written beside the data."""
    text = (files(__package__) / "data" / "crosswalks" / f"{source}.toml").read_text(encoding="utf-8")
    return text.encode()


def register(name: str, cases: int | None) -> Settings:
    """Give a register's settings; `cases` is the number of cases of all five registers together."""
    more = toml("sources.toml")[name]
    total = sum(toml("sources.toml")[source]["n"] for source in REGISTERS)
    n = more["n"] if cases is None else max(40, round(more["n"] * cases / total))
    return Settings(name, n, more["unit"], more["study"], more["start"], more["end"], deliveries(more), more)


def deliveries(more: Mapping[str, Any]) -> tuple[Delivery, ...]:
    """Give the deliveries of a source, the first first."""
    return tuple(Delivery(d["received"], d["extraction"], tuple(d["period"])) for d in more["deliveries"])


def words(source: str) -> Words:
    """Give what a source writes: the shared words, and its own instead where it has any."""
    document = toml("words.toml")
    own = document["source"].get(source, {})
    shared = {name: codes for name, codes in document.items() if name not in ("source", "interviews")}
    return {name: {**shared.get(name, {}), **own.get(name, {})} for name in {**shared, **own}}


def interview_words(source: str) -> Words:
    """Give the names of the codes and variables in a source's project of coded interviews, if it has one."""
    return dict(toml("words.toml")["interviews"].get(source, {}))
