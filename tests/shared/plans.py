"""The plans of the sources, and what the tables say: how a path of plan.json finds the function that answers it.

Only plan.json and the processed tables are read here, none of the analysis.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from shared.sources import HOME, built, plan

Answer = Callable[..., Any]
Answers = Mapping[str, Answer]  # path in plan.json, "*" for any name -> what the tables say

OF_STUDIES = ("hu-wijkteams", "specialist-dichterbij")  # asked in test_plan_studies
OF_INTERVIEWS = ("nijmegen-interviews", "samen-aan-zet-interviews")  # asked in test_plan_interviews
# Of the teams and of Harderwijk's list these are asked in test_plan_teams.
OF_TEAMS = ("arena.themes", "evidence", "outcomes", "learning_needs", "sessions", "documents", "codes", "codings",
            "organisations_by_one_name")  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """The processed tables of a source, and its name."""

    source: str

    def __getattr__(self, name: str) -> pd.DataFrame:
        return built(self.source).tables[name]

    @property
    def closed(self) -> pd.DataFrame:
        return self.cases[self.cases["date_closed"].notna()]

    @property
    def opened(self) -> pd.DataFrame:
        return self.cases[self.cases["date_closed"].isna()]

    @property
    def joint(self) -> pd.DataFrame:
        return self.meetings[self.meetings["kind"] == "joint_client_meeting"]


def counts(values: pd.Series) -> dict[str, int]:
    """Count by value, as plan.json writes it: text, nothing for what does not occur."""
    return {str(value): int(n) for value, n in values.value_counts(dropna=False).items()}


def card(source: str) -> dict[str, Any]:
    return tomllib.loads((HOME.deliveries(source)[-1] / "origin.toml").read_text(encoding="utf-8"))


def records(table: pd.DataFrame, *same: str, **names: str) -> list[dict[str, Any]]:
    """Records as a plan tells them: name = column; days as text, and for what is missing why, where that is known."""
    out = {}
    for name, column in {**names, **{name: name for name in same}}.items():
        values = table[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.strftime("%Y-%m-%d")
        values = values.astype("object").where(values.notna(), None)
        out[name] = values.fillna(table[f"{column}_missing"]) if f"{column}_missing" in table else values
    return list(pd.DataFrame(out, dtype="object").to_dict("records"))


# ---- what every source is asked -------------------------------------------------------------------------------------


def form(_: Tables) -> str:
    return "iww-plan/1"


def source_of(t: Tables) -> str:
    (source,) = t.sources["source"].unique()
    return str(source)


def study_of_card(t: Tables) -> str:
    return str(card(t.source)["study"])


def cleared_quotes(t: Tables) -> int:
    return int(t.segments["quote"].notna().sum())


def quotes_held_back(t: Tables) -> int:
    held_back = t.segments[t.segments["cleared"] == "no"]
    assert held_back["quote"].isna().all()
    return len(held_back)


def account_of_a_sheet(t: Tables, number: str) -> dict[str, Any]:
    wanted = plan(t.source)["ledger"][int(number)]
    place = ("delivery", "file", "sheet")
    (line,) = [x for x in built(t.source).ledger["sheets"] if all(x[key] == wanted[key] for key in place)]
    return {key: line[key] for key in wanted}


COMMON: Answers = {
    "format": form,
    "source": source_of,
    "study": study_of_card,
    "quotes.cleared": cleared_quotes,
    "quotes.not_cleared": quotes_held_back,
    "ledger.*": account_of_a_sheet,
}


# ---- one answer -----------------------------------------------------------------------------------------------------


def both(source: str, path: tuple[str, ...], answers: Answers, **more: Any) -> tuple[Any, Any]:
    """What the tables say and what was planned, both in any order; a path that no function answers fails."""
    pattern = pattern_of(path, answers)
    assert pattern, f"no test reads {'.'.join(path)}"
    wild = [key for key, part in zip(path, pattern.split("."), strict=True) if part == "*"]
    return in_any_order(answers[pattern](Tables(source), *wild, **more)), in_any_order(at(plan(source), path))


def leaves(value: Any, answers: Iterable[str], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of a plan that a function answers, and those that none does."""
    if pattern_of(path, answers) or not isinstance(value, dict | list) or not value:
        yield path
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(inner, answers, (*path, str(key)))


def pattern_of(path: tuple[str, ...], answers: Iterable[str]) -> str | None:
    return next((p for p in answers if re.fullmatch(p.replace(".", r"\.").replace("*", "[^.]+"), ".".join(path))), None)


def at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def in_any_order(value: Any) -> Any:
    """The order of a list of records and of names is no answer, nor that of the names in a record."""
    if isinstance(value, dict):
        return {key: in_any_order(inner) for key, inner in sorted(value.items())}
    if isinstance(value, list):
        return sorted((in_any_order(item) for item in value), key=repr)
    return value
