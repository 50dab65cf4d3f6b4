from __future__ import annotations

import pytest

from netease_crawler.terminal.progress import Progress, duration


def test_progress_is_said_every_three_seconds_with_the_time_left() -> None:
    times = iter([100.0, 102.9, 103.0, 104.0, 110.0])  # the first: it begins
    said: list[str] = []
    progress = Progress(10_000, "articles", said.append, lambda: next(times))
    for done in (1000, 1200, 1500, 5000):
        progress.reached(done)
    assert said == ["1,200 of 10,000 articles, 22 s left", "5,000 of 10,000 articles, 10 s left"]


def test_more_than_there_were_at_first_is_no_negative_time() -> None:
    times = iter([0.0, 4.0])
    said: list[str] = []
    Progress(10, "articles", said.append, lambda: next(times)).reached(20)
    assert said == ["20 of 10 articles, 0 s left"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.4, "0 s"), (59.6, "1 min 0 s"), (3599.0, "59 min 59 s"), (7500, "2 h 5 min")],
)
def test_duration(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
