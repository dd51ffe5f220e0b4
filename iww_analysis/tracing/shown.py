"""Hold what a report shows of marks, by its receipt, beside what the data give today."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from iww_analysis.messages.errors import Message, Place
from iww_analysis.messages.numbers import HIDDEN
from iww_analysis.report.receipts import Receipt, plain
from iww_analysis.tracing.trace import Mark

ABSENT = "–"  # there is no such mark, or it has no such number
_NEAR = 1e-6  # a receipt holds six decimals
Name = frozenset[tuple[str, str]]  # of a mark: its keys with their values, and its part
Numbers = Mapping[str, Any]  # by name, drawn and raw; None: hidden


def shown_otherwise(marks: pd.DataFrame, receipt: Receipt, mark: Mark, why: tuple[Message, ...]) -> Iterator[Message]:
    """Give each mark of which a report shows other numbers than the data give today.

    `marks`: those of today, as in `Trace`; `mark`: which were asked for; `why`: what changed since the report was made.
    """
    with_raw = any("raw" in each for each in receipt["marks"])
    shown = {_name(each["mark"] | {"part": each["part"]}): _on_receipt(each) for each in receipt["marks"]}
    today = {_name(_keys(row)): _of_today(row, with_raw=with_raw) for row in marks.to_dict("records")}
    for name in dict.fromkeys([*(name for name in shown if mark.items() <= set(name)), *today]):
        before, now = shown.get(name, {}), today.get(name, {})
        other = [n for n in dict.fromkeys([*before, *now]) if _differs(before.get(n, ABSENT), now.get(n, ABSENT))]
        if other:
            texts = (", ".join(f"{n} {_text(numbers.get(n, ABSENT))}" for n in other) for numbers in (before, now))
            keys = ", ".join(f"{key}={value}" for key, value in sorted(name))
            yield Message(
                "shown_otherwise",
                Place(figure=receipt["figure"]),
                words=dict(zip(("shown", "now"), texts, strict=True)) | {"mark": keys, "why": why},
            )


def _name(keys: Mapping[Any, Any]) -> Name:
    return frozenset((str(key), str(value)) for key, value in keys.items() if value != "")


def _keys(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The keys of a mark of today, and its part."""
    return {n: v for n, v in row.items() if f"raw_{n}" not in row and not str(n).startswith("raw_") and n != "hidden"}


def _on_receipt(mark: Mapping[str, Any]) -> Numbers:
    return {**mark["drawn"], **{f"raw_{name}": value for name, value in mark.get("raw", {}).items()}}


def _of_today(row: Mapping[Any, Any], *, with_raw: bool) -> Numbers:
    """The numbers of a mark as a receipt would hold them; one that a mark does not have is left out."""
    there = [str(name) for name in row if str(name).startswith("raw_") and not pd.isna(row[name])]
    drawn = {name.removeprefix("raw_"): plain(row[name.removeprefix("raw_")]) for name in there}
    return drawn | ({name: plain(row[name]) for name in there} if with_raw else {})


def _differs(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) > _NEAR
    return bool(one != other)


def _text(value: Any) -> str:
    return HIDDEN if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
