"""An account of 网易号: its card, when it publishes, and what its articles recommend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime

from netease_crawler.storage.account import AccountFacts, AmbiguousNameError, read_account
from netease_crawler.storage.article import stored_among
from netease_crawler.storage.timelines import TimelineBar
from netease_crawler.times import BEIJING
from netease_crawler.web.page import Asked, Page
from netease_crawler.web.parameters import text
from netease_crawler.web.problems import not_found

_RECOMMENDING = 200
"""Articles; what 10,000 of them recommend takes more than a second to count."""
_FEWEST_MONTHS, _MOST_MONTHS = 12, 240


@dataclass(frozen=True, kw_only=True)
class BusyHour:
    """An hour of the day in Beijing."""

    hour: int
    """From 0."""
    count: int
    """Articles published in it, on whatever day."""


@dataclass(frozen=True, kw_only=True)
class AccountPage:
    """An account, or those among which to choose."""

    choices: Sequence[str]
    """Media ids of the accounts that have the name asked for, where several do; else empty."""
    account: AccountFacts | None
    """Null where there are choices. What is recommended is that of its newest 200 articles."""
    months: Sequence[TimelineBar]
    """Its articles by month of publication, empty months too, up to the last: from the first on,
    12 at least, the last 240 at most."""
    busiest: Sequence[BusyHour]
    """The three hours with most of its articles, those with most first."""
    in_archive: Sequence[str]
    """Of the pages that it recommends most, the doc ids of those that the archive has."""


async def _view(asked: Asked) -> AccountPage:
    name = asked.values["name"]
    try:
        facts = await read_account(asked.database, name, recommending=_RECOMMENDING)
    except AmbiguousNameError as error:
        return AccountPage(choices=error.args, account=None, months=(), busiest=(), in_archive=())
    if facts is None:
        raise not_found(f"{name} is no account of the archive")
    return AccountPage(
        choices=(),
        account=facts,
        months=_bars(facts.by_month),
        busiest=_busiest(facts.by_hour),
        in_archive=await stored_among(asked.database, [one.doc_id for one in facts.recommended]),
    )


def _bars(by_month: Mapping[str, int]) -> list[TimelineBar]:
    if not by_month:
        return []
    last = _number(max(by_month))
    first = min(_number(min(by_month)), last - _FEWEST_MONTHS + 1)
    first = max(first, last - _MOST_MONTHS + 1)
    counts = {_number(month): count for month, count in by_month.items()}
    return [
        TimelineBar(begin=_begin(month), end=_begin(month + 1), count=counts.get(month, 0))
        for month in range(first, last + 1)
    ]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _begin(number: int) -> datetime:
    if number // 12 > MAXYEAR:  # it follows a time that is on a page by mistake
        return datetime.max.replace(tzinfo=BEIJING)
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=BEIJING)


def _busiest(by_hour: Sequence[Sequence[int]]) -> list[BusyHour]:
    counts = [sum(day[hour] for day in by_hour) for hour in range(24)]
    most = sorted(range(24), key=lambda hour: -counts[hour])[:3]
    return [BusyHour(hour=hour, count=counts[hour]) for hour in most if counts[hour]]


PAGE = Page(
    path="/account",
    template="account.html",
    summary="An account of 网易号, and its articles that are stored.",
    shows=AccountPage,
    view=_view,
    parameters=(text("name", "Media id (T…) or whole name of the 网易号", is_required=True),),
)
