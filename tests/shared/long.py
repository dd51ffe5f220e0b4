"""What is long: `make test` takes a sample, `make long` does the rest."""

from collections.abc import Container, Iterable
from typing import Any

import pytest


def sampled(values: Iterable[Any], sample: Container[Any]) -> list[Any]:
    """Values of a parameter, of which those outside the sample are left to `make long`."""
    return [pytest.param(value, marks=() if value in sample else pytest.mark.long) for value in values]
