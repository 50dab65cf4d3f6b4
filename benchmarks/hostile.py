"""What the pages that are hardest to read cost: time and memory at sizes n, 2n and 4n."""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.report import progress, publish, table, verdict
from netease_crawler.pages import PageError, parse_article
from netease_crawler.pages.limits import excess
from tests.pages.hostile import HOSTILE
from tests.pages.small_page import URL

_FEWEST, _MOST = 100, 250_000  # units of a page of the first size
_SIZES = (1, 2, 4)
_ROUNDS = 3
_LONGEST = 5.0  # seconds that any page may take
_LARGEST = 500e6  # bytes
_NOTHING = 0.02  # seconds, of which no ratio is taken

_EPILOG = """example:
  python -m benchmarks.hostile
"""


class Cost(NamedTuple):
    """What one page cost."""

    page_bytes: int
    seconds: float
    resident_bytes: int
    """How much the process grew at most."""
    end: str


def main() -> None:
    argparse.ArgumentParser(
        prog="python -m benchmarks.hostile",
        description="Read pages that are made to be hard to read, each as large as is let in.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    publish("hostile", _section({name: measure(name) for name in HOSTILE}))


def measure(name: str) -> list[Cost]:
    """Return the cost of the page *name* at each size, of which the last is about the limit."""
    make, units = HOSTILE[name], _FEWEST
    while units < _MOST and excess(make(units * 2 * _SIZES[-1]).encode()) is None:
        units *= 2
    progress(f"{name}: {units} units and more")
    return [_cost(make, units * size) for size in _SIZES]


def _cost(make: Callable[[int], str], units: int) -> Cost:
    """Return the median of some rounds, each in a process of its own."""
    body = make(units).encode()
    costs = []
    for _ in range(_ROUNDS):
        with multiprocessing.get_context("fork").Pool(1) as process:
            costs.append(process.apply(_read, (body,)))
    return sorted(costs, key=lambda cost: cost.seconds)[_ROUNDS // 2]


def _read(body: bytes) -> Cost:
    before = _peak()
    began = time.perf_counter()
    try:
        parse_article(body, URL)
        end = "read"
    except PageError as error:
        end = type(error).__name__
    return Cost(len(body), time.perf_counter() - began, _peak() - before, end)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _section(costs: dict[str, list[Cost]]) -> str:
    rows = [_row(name, sizes) for name, sizes in costs.items()]
    every = [cost for sizes in costs.values() for cost in sizes]
    slowest = max(cost.seconds for cost in every)
    largest = max(cost.resident_bytes for cost in every)
    return "\n".join(
        (
            table(("page", "KB of 4n", "ms of n", "2n", "4n", "4n to 2n", "MB of 4n", "end"), rows),
            "",
            "Pages of one kind each (`tests/pages/hostile.py`), 4n about as large as is let in."
            f" Medians of {_ROUNDS}, each in a process of its own, whose growth is the memory."
            f" A ratio near 2 is linear, 4 is the square; below {_NOTHING * 1e3:.0f} ms none is"
            " given. What grows with the square, the parser's work for the most part, ends"
            " where the page is refused (see `netease_crawler/pages/limits.py`).",
            "",
            f"Goals: no page takes {_LONGEST:.0f} s: {slowest:.2f} s,"
            f" {verdict(slowest < _LONGEST)}; none {_LARGEST / 1e6:.0f} MB:"
            f" {largest / 1e6:.0f} MB, {verdict(largest < _LARGEST)}.",
        )
    )


def _row(name: str, sizes: list[Cost]) -> tuple[str, ...]:
    _, half, last = sizes
    ratio = last.seconds / half.seconds
    return (
        f"`{name}`" if "<" in name else name,
        f"{last.page_bytes / 1e3:.0f}",
        *(f"{cost.seconds * 1e3:.1f}" for cost in sizes),
        "" if last.seconds < _NOTHING else f"{ratio:.1f}",
        f"{last.resident_bytes / 1e6:.0f}",
        last.end,
    )


if __name__ == "__main__":
    main()
