"""Deliveries of municipalities that nobody saw before, each with what is truly in it, counted from its own plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Mark = tuple[str, str, Mapping[str, str]]  # figure, part, keys


@dataclass(frozen=True)
class Delivery:
    """What was delivered on which days, what an analyst who knows it answers, and how many are truly behind ten marks.

    `answers`: a part of the key of a question -> what is chosen or typed in the form. `lines`: how a line of the crosswalk or
    the card begins -> what a person makes of it in a text editor; what is under "" is written below all others.
    """

    source: str
    files: Sequence[tuple[str, Mapping[str, bytes]]]
    truth: Sequence[tuple[Mark, int]]
    answers: Mapping[str, str]
    lines: Mapping[str, str]
    regime: str = "register"


def counted(
    figure: str, part: str, municipality: str, key: str, counts: Mapping[str, int], wanted: Iterable[str]
) -> list[tuple[Mark, int]]:
    """Marks of one question, each with what was counted by hand."""
    return [((figure, part, {"municipality": municipality, key: name}), counts[name]) for name in wanted]
