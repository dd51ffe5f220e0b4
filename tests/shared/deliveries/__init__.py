"""Deliveries of municipalities that nobody saw before, each with what is truly in it, counted from its own plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Mark = tuple[str, str, Mapping[str, str]]  # figure, part, keys


@dataclass(frozen=True)
class Delivery:
    """What was delivered on which days, what an analyst who knows it answers, and how many are truly behind ten marks.

    `answers`: the start of a question, or the heading that is asked about -> what is chosen or typed in the form.
    """

    source: str
    files: Sequence[tuple[str, Mapping[str, bytes]]]
    answers: Mapping[str, str]
    truth: Sequence[tuple[Mark, int]]
    regime: str = "register"
    lines: Mapping[str, str] = field(default_factory=dict)
