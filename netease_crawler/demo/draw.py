"""Chance that repeats: the same key gives the same values on every machine and version."""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def stamp(text: str) -> int:
    """Return a number of 48 bits that follows from *text*."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


class Draw:
    """Values that follow from a key: the seed of the site, and what they are for."""

    __slots__ = ("_state",)

    def __init__(self, *key: object) -> None:
        self._state = stamp("/".join(map(str, key)))

    def branch(self, name: int) -> Draw:
        """Return the draw for one thing more, *name* being its stamp; a cheap new key."""
        branch = Draw.__new__(Draw)
        branch._state = self._state ^ name  # noqa: SLF001 - its own class
        branch.below(1)  # mixes the two
        return branch

    def below(self, limit: int) -> int:
        """Return a number from 0 to *limit* - 1; *limit* is at most 2 ** 48."""
        # the generator of drand48(), written out: a page takes several hundred values
        self._state = state = (self._state * 25214903917 + 11) & 0xFFFFFFFFFFFF
        return state * limit >> 48

    def between(self, first: int, last: int) -> int:
        """Return a number from *first* to *last*, both included."""
        return first + self.below(last - first + 1)

    def choice(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]

    def sample(self, size: int, count: int) -> list[int]:
        """Return *count* different numbers below *size*, all of them if there are fewer."""
        count = min(count, size)
        if 2 * count > size:
            numbers = list(range(size))
            for last in range(size - 1, 0, -1):
                other = self.below(last + 1)
                numbers[last], numbers[other] = numbers[other], numbers[last]
            return numbers[:count]
        chosen: dict[int, None] = {}
        while len(chosen) < count:
            chosen[self.below(size)] = None
        return list(chosen)


class Shuffle:
    """An order of the numbers below *size*, computed in both directions."""

    def __init__(self, size: int, *key: object) -> None:
        draw = Draw(*key)
        self._size = size
        self._start = draw.below(size)
        # far from 0, so that neighbours end up far apart
        self._step = size // 3 + draw.below(size // 3 + 1) + 1
        while math.gcd(self._step, size) != 1:
            self._step += 1
        self._back = pow(self._step, -1, size)

    def forward(self, number: int) -> int:
        return (self._start + number * self._step) % self._size

    def backward(self, number: int) -> int:
        return (number - self._start) * self._back % self._size
