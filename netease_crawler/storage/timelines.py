"""How many articles were published when: by the day, week, month or longer, of Beijing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from netease_crawler.times import BEIJING

_MOST_BARS = 60
_FIRST, _LAST = datetime.min.replace(tzinfo=BEIJING), datetime.max.replace(tzinfo=BEIJING)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineBar:
    """How many articles were published in a part of time."""

    begin: datetime
    """Its first moment, midnight in Beijing; a week begins on Monday."""
    end: datetime
    """The first moment after it."""
    count: int


@dataclass(frozen=True, slots=True)
class _Step:
    """Divides time; the bars are numbered."""

    number: Callable[[date], int]
    first_day: Callable[[int], date]

    def begin(self, number: int) -> datetime:
        try:
            day = self.first_day(number)
        except ValueError:  # after the year 9999 or before 1: it is on a page by mistake
            return _LAST if number > 0 else _FIRST
        return datetime.combine(day, time(), BEIJING)


def timeline(times: Sequence[datetime], each: int) -> list[TimelineBar]:
    """Return bars from the first of the *times*, which are aware, to the last, empty ones too.

    By the shortest step of day, week, month, quarter, year, ten and a hundred years that makes 60
    bars at most. *each* is how many articles one stands for.
    """
    if not times:
        return []
    first, last = (instant.astimezone(BEIJING).date() for instant in (min(times), max(times)))
    fitting = (one for one in _STEPS if one.number(last) - one.number(first) < _MOST_BARS)
    step = next(fitting, _STEPS[-1])  # 100 bars from the year 1 to 9999
    counts = Counter(step.number(instant.astimezone(BEIJING).date()) for instant in times)
    return [
        TimelineBar(
            begin=step.begin(number), end=step.begin(number + 1), count=counts[number] * each
        )
        for number in range(step.number(first), step.number(last) + 1)
    ]


def _days(length: int) -> _Step:
    return _Step(
        lambda day: (day.toordinal() - 1) // length,  # the first of all days was a Monday
        lambda number: date.fromordinal(number * length + 1),
    )


def _months(length: int) -> _Step:
    return _Step(
        lambda day: (day.year * 12 + day.month - 1) // length,
        lambda number: date(number * length // 12, number * length % 12 + 1, 1),
    )


_STEPS = (_days(1), _days(7), *map(_months, (1, 3, 12, 120, 1200)))
