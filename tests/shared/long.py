"""What is long: `make test` takes a sample, `make long` does the rest."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def sampled(values: Iterable[Any], sample: Collection[Any]) -> list[Any]:
    """Values of a parameter, of which those outside the sample are left to `make long`."""
    values = list(values)
    assert all(value in values for value in sample)
    return [
        pytest.param(
            *value if isinstance(value, tuple) else (value,), marks=() if value in sample else pytest.mark.long
        )
        for value in values
    ]
