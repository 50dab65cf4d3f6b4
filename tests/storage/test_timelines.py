"""Timelines have bars of the shortest step with which they are not too many."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from netease_crawler.storage.timelines import TimelineBar, timeline

BEIJING = timezone(timedelta(hours=8))


def beijing(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("times", "bars"),
    [
        ([], []),
        (["2025-01-01"], [("2025-01-01", "2025-01-02", 1)]),
        (
            ["2024-12-31T23:59:59", "2025-01-02T00:00", "2025-01-02T12:00"],
            [
                ("2024-12-31", "2025-01-01", 1),
                ("2025-01-01", "2025-01-02", 0),
                ("2025-01-02", "2025-01-03", 2),
            ],
        ),
    ],
)
def test_a_timeline_of_days(times: list[str], bars: list[tuple[str, str, int]]) -> None:
    in_utc = [beijing(one).astimezone(timezone.utc) for one in times]
    assert timeline(in_utc, 1) == [
        TimelineBar(begin=beijing(begin), end=beijing(end), count=count)
        for begin, end, count in bars
    ]


@pytest.mark.parametrize(
    ("first", "last", "first_bar", "last_bar", "count"),
    [
        ("2025-01-01", "2025-03-01", "2025-01-01/2025-01-02", "2025-03-01/2025-03-02", 60),
        # Wednesday to Sunday: weeks from Monday to Monday
        ("2025-01-01", "2025-03-02", "2024-12-30/2025-01-06", "2025-02-24/2025-03-03", 9),
        ("2025-01-01", "2026-02-22", "2024-12-30/2025-01-06", "2026-02-16/2026-02-23", 60),
        ("2025-01-01", "2026-02-23", "2025-01-01/2025-02-01", "2026-02-01/2026-03-01", 14),
        ("2020-12-31", "2025-11-30", "2020-12-01/2021-01-01", "2025-11-01/2025-12-01", 60),
        ("2020-12-31", "2025-12-01", "2020-10-01/2021-01-01", "2025-10-01/2026-01-01", 21),
        ("2010-01-01", "2025-01-01", "2010-01-01/2011-01-01", "2025-01-01/2026-01-01", 16),
        ("1900-06-01", "2025-01-01", "1900-01-01/1910-01-01", "2020-01-01/2030-01-01", 13),
        ("1066-06-01", "2025-01-01", "1000-01-01/1100-01-01", "2000-01-01/2100-01-01", 11),
        ("0001-01-02", "2025-01-01", "0001-01-01/0100-01-01", "2000-01-01/2100-01-01", 21),
    ],
)
def test_a_timeline_takes_the_shortest_step_that_fits(
    first: str, last: str, first_bar: str, last_bar: str, count: int
) -> None:
    bars = timeline([beijing(last), beijing(first)], 7)
    shown = [f"{bar.begin.date()}/{bar.end.date()}" for bar in bars]
    assert (shown[0], shown[-1], len(shown)) == (first_bar, last_bar, count)
    assert [bar.begin for bar in bars[1:]] == [bar.end for bar in bars[:-1]]
    assert [bar.count for bar in bars] == [7] + [0] * (count - 2) + [7]


def test_a_timeline_that_ends_with_the_last_year_there_is() -> None:
    bars = timeline([beijing("9999-12-31")], 1)
    assert bars == [
        TimelineBar(begin=beijing("9999-12-31"), end=datetime.max.replace(tzinfo=BEIJING), count=1)
    ]
