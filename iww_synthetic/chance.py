"""Draw by chance, the same on every machine: everything is made from one stream of uniform numbers."""

import math
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from statistics import NormalDist
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_NORMAL = NormalDist()


class Chance:
    """A seeded stream per name, so that a change in one source leaves the others as they were.

    Only `Generator.random` is used: numpy may change its other methods between versions.
    """

    def __init__(self, seed: int, name: str) -> None:
        self._generator = np.random.default_rng([seed, *name.encode()])

    def uniform(self) -> float:
        """Give a number in [0, 1)."""
        return float(self._generator.random())

    def yes(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """Give a whole number in low..high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """Give one value, all equally likely."""
        return values[self.between(0, len(values) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Give one key, as likely as its weight."""
        rest = self.uniform() * sum(weights.values())
        for value, weight in weights.items():
            rest -= weight
            if rest < 0:
                return value
        return next(reversed(list(weights)))

    def many(self, weights: Mapping[T, float], n: int) -> list[T]:
        """Give n keys, each as likely as its weight; a key can come more than once."""
        values, bounds = list(weights), list(accumulate(weights.values()))
        return [values[min(bisect(bounds, self.uniform() * bounds[-1]), len(values) - 1)] for _ in range(n)]

    def sample(self, values: Sequence[T], k: int) -> list[T]:
        """Give k different values in the order in which they were drawn."""
        left = list(values)
        return [left.pop(self.between(0, len(left) - 1)) for _ in range(min(k, len(left)))]

    def skewed(self, median: float, sigma: float) -> float:
        """Give a log-normal number: half lie below the median, a few far above."""
        u = min(max(self.uniform(), 1e-9), 1 - 1e-9)
        return median * math.exp(sigma * _NORMAL.inv_cdf(u))
