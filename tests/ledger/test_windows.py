"""The most requests in any window, and those that are too many."""

from __future__ import annotations

import math
import random

import pytest

from netease_crawler.ledger.windows import Excess, Sender, Window, instant

A, B = Sender("a", 20, 2), Sender("b", 20, 2)
SLOW, UNLIMITED = Sender("c", 0.5, 64), Sender("d", 0, 2)
SECOND = 1000  # milliseconds

Requests = list[tuple[int, Sender]]


def looked_at(milliseconds: int, requests: Requests) -> Window:
    window = Window(milliseconds)
    for at, sender in requests:
        window.add(at, sender)
    return window


def each(milliseconds: int, *times: int, sender: Sender = SLOW) -> Window:
    return looked_at(milliseconds, [(at, sender) for at in times])


@pytest.mark.parametrize(
    ("times", "most"),
    [
        ((), 0),
        ((5,), 1),
        ((0, 999), 2),
        ((0, 1000), 1),
        ((0, 0, 0), 3),
        ((0, 600, 1200, 1300, 1599, 2300), 4),
    ],
)
def test_window_is_half_open(times, most):
    assert each(SECOND, *times).most == most


def test_each_worker_may_have_one_at_the_edge():
    # half a request a second is none in a whole second
    both = [(0, SLOW), (0, Sender("e", 0.5, 64))]
    assert looked_at(SECOND, both).excess is None
    assert looked_at(SECOND, [*both, (999, SLOW)]).excess == Excess(
        seconds=1, began_at=instant(0), requests=3, allowed=2, rate=0.5, workers=2
    )


def test_lateness_and_precision_are_allowed_for():
    # one for the worker, and 0.5 × (1.622 + 0.25 + 2 × 0.064) = 1
    assert each(1622, 0, 1621).excess is None
    assert each(1621, 0, 1620).excess == Excess(
        seconds=1.621, began_at=instant(0), requests=2, allowed=1, rate=0.5, workers=1
    )


def test_worst_window_is_told():
    excess = each(SECOND, 0, 10, 20, 5000, 5010, 5020, 5030, 9000, 9010, 9020).excess
    assert excess is not None
    assert (excess.began_at, excess.requests) == (instant(5000), 4)
    assert excess.line == (
        "4 requests in the 1 s from 1970-01-01 00:00:05.000 UTC on; 1 may be, at 0.5 a second,"
        " workers: 1"
    )


def test_without_a_rate_nothing_is_too_much():
    window = each(SECOND, *range(500), sender=UNLIMITED)
    assert (window.most, window.excess) == (500, None)


def test_highest_rate_in_a_window_counts():
    busy = [(at, A) for at in range(0, SECOND, 50)]
    window = looked_at(SECOND, [*busy, (SECOND, SLOW), (SECOND + 1, SLOW)])
    assert (window.most, window.excess) == (21, None)


def drawn(chance: random.Random) -> Requests:
    """Return some minutes of requests, with pauses and bursts."""
    at = 0
    requests: Requests = []
    for _ in range(400):
        at += chance.choice((0, 3, 20, 50, 50, 50, 400, 3000))
        requests.append((at, chance.choice((A, A, A, B, SLOW))))
    return requests


def searched(milliseconds: int, requests: Requests) -> tuple[int, Excess | None]:
    """Return what a Window is to find, by looking at each window anew."""
    most = 0
    worst = None
    for last, (end, _) in enumerate(requests):
        inside = [(at, by) for at, by in requests[: last + 1] if at > end - milliseconds]
        most = max(most, len(inside))
        rate = max(by.rate for _, by in inside)
        uncertain = 250 + 2 * max(by.precision for _, by in inside)
        workers = len({by.worker for _, by in inside})
        allowed = math.floor(rate * (milliseconds + uncertain) / 1000) + workers
        too_many = len(inside) - allowed
        if too_many > (worst.requests - worst.allowed if worst else 0):
            worst = Excess(
                seconds=milliseconds / 1000,
                began_at=instant(inside[0][0]),
                requests=len(inside),
                allowed=allowed,
                rate=rate,
                workers=workers,
            )
    return most, worst


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("milliseconds", [1, 77, 500, 1000, 10_000, 100_000])
def test_every_window_is_looked_at(seed, milliseconds):
    requests = drawn(random.Random(seed))
    window = looked_at(milliseconds, requests)
    assert (window.most, window.excess) == searched(milliseconds, requests)
