"""How fast a crawl goes, by the record of its requests."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.pace import Bar, Pace, read_pace
from netease_crawler.ledger.reports import UnknownCrawlError
from netease_crawler.storage.connection import Database, Document
from tests.conftest import InDatabase

BEGAN = datetime(2025, 3, 4, 8, tzinfo=timezone.utc)


def noted(number: int, at: datetime, sent: list[int], crawl: str = "c") -> Document:
    return {"_id": f"{crawl}/w/{number}", "crawl": crawl, "at": at, "sent": sent, "counts": {}}


def pace(
    in_database: InDatabase[Any], documents: list[Document], workers: Document | None = None
) -> Pace:
    async def scenario(database: Database) -> Pace:
        await database["crawls"].insert_one({"_id": "c", "workers": workers or {}})
        if documents:
            await database["conduct"].insert_many(documents)
        return await read_pace(database, "c")

    read: Pace = in_database(scenario)
    return read


def at_work(**joined: timedelta) -> Document:
    now = datetime.now(timezone.utc)
    return {
        f"machine:1:{name}": {"joined_at": now - ago, "heartbeat_at": now}
        for name, ago in joined.items()
    }


@pytest.mark.parametrize(("minutes", "seconds"), [(9, 10), (50, 60), (59 * 60, 3600)])
def test_bars_have_the_requests_of_their_time(in_database, minutes, seconds):
    chance = random.Random(minutes)
    requests: Counter[datetime] = Counter()
    documents = []
    for number in range(200):
        at = BEGAN + timedelta(seconds=chance.randrange(60 * minutes), milliseconds=number)
        sent = sorted(chance.sample(range(1, 12_000), chance.randrange(20)))
        documents.append(noted(number, at, [0, *sent]))
        for later in (0, *sent):
            after = (at + timedelta(milliseconds=later) - BEGAN) // timedelta(seconds=seconds)
            requests[BEGAN + after * timedelta(seconds=seconds)] += 1
    span = timedelta(seconds=seconds)
    first, last = min(requests), max(requests)
    assert pace(in_database, documents).bars == [
        Bar(begin=begin, end=begin + span, requests=requests[begin])
        for begin in (first + n * span for n in range((last - first) // span + 1))
    ]


def test_what_was_noted_without_a_request_is_no_bar(in_database):
    documents = [
        noted(1, BEGAN, [0, 1]),
        noted(2, BEGAN + timedelta(days=300), []),
        noted(3, BEGAN + timedelta(seconds=1), [0], crawl="other"),
    ]
    assert pace(in_database, documents).bars == [
        Bar(begin=BEGAN, end=BEGAN + timedelta(seconds=10), requests=2)
    ]


def test_rate_is_that_of_the_last_minute_which_is_written(in_database):
    now = datetime.now(timezone.utc)
    documents = [  # two requests a second, until now
        noted(n, now - timedelta(seconds=10 * n), [500 * k for k in range(20)])
        for n in range(1, 20)
    ]
    workers = at_work(one=timedelta(minutes=3), two=timedelta(seconds=5))
    read = pace(in_database, documents, workers)
    assert read.requests_per_second == pytest.approx(2, abs=0.05)
    assert [worker.name for worker in read.workers] == ["machine:1:one", "machine:1:two"]


def test_rate_of_who_has_just_joined_again_does_not_count_the_pause(in_database):
    now = datetime.now(timezone.utc)
    documents = [noted(1, now - timedelta(seconds=30), [250 * k for k in range(120)])]
    read = pace(in_database, documents, at_work(one=timedelta(seconds=30)))
    assert read.requests_per_second == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize("joined", [{}, {"one": timedelta(seconds=15)}])
def test_rate_is_unknown_where_nobody_has_been_at_it_for_long(in_database, joined):
    now = datetime.now(timezone.utc)
    documents = [noted(1, now - timedelta(seconds=30), [250 * k for k in range(120)])]
    assert pace(in_database, documents, at_work(**joined)).requests_per_second is None


def test_worker_without_a_heartbeat_is_not_at_it(in_database):
    long_ago = datetime.now(timezone.utc) - timedelta(seconds=70)
    workers = {"machine:1:a": {"joined_at": long_ago, "heartbeat_at": long_ago}}
    assert pace(in_database, [], workers).workers == []


def test_crawl_without_requests(in_database):
    read = pace(in_database, [])
    assert (read.workers, read.requests_per_second, read.bars) == ([], None, [])


def test_crawl_that_is_not_there(in_database):
    async def scenario(database: Database) -> None:
        await Crawls(database).join("c", "article", {"urls": "A"}, "w:1:a")
        await read_pace(database, "absent")

    with pytest.raises(UnknownCrawlError, match="absent"):
        in_database(scenario)
