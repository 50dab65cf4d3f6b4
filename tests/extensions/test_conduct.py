"""What a crawl notes of its conduct, by what its parts tell."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler

from netease_crawler import signals
from netease_crawler.extensions.conduct import ConductLog
from netease_crawler.ledger.session import CrawlSession
from netease_crawler.spiders.article import ArticleSpider
from netease_crawler.storage.connection import Database, Document, Patience

URL = "https://www.163.com/dy/article/J22CN60P0514R9KQ.html"
HOUR = 3600  # seconds


@pytest.fixture
def noted(in_database) -> Callable[[Callable[[Crawler], None]], Document]:
    """Returns what a crawler in which something happens has noted of its host."""

    def note(happen: Callable[[Crawler], None]) -> Document:
        async def scenario(database: Database) -> Document:
            crawler = Crawler(ArticleSpider, {"CRAWL_RATE": 0})
            extension = ConductLog.from_crawler(crawler)
            spider = ArticleSpider("c", {"urls": URL})
            spider.ledger = CrawlSession(
                database, "c", "w", patience=Patience(), on_failure=pytest.fail
            )
            crawler.spider = spider
            await spider.ledger.start()
            happen(crawler)
            await spider.ledger.conduct.close()
            await spider.ledger.close()
            assert extension  # signals hold their receivers weakly
            [document] = await database["conduct"].find({}).to_list()
            assert document["host"] == "www.163.com"
            return {"requests": len(document["sent"]), **document["counts"]}

        found: Document = in_database(scenario)
        return found

    return note


def send(crawler: Crawler, signal: object, **told: Any) -> None:
    crawler.signals.send_catch_log(signal, **told)


@pytest.mark.parametrize(("seconds", "outcome"), [(HOUR, "broken"), (0, "waited")])
def test_retry_is_held_to_its_retry_after_once(noted, seconds, outcome):
    def happen(crawler: Crawler) -> None:
        retry = Request(URL)
        send(
            crawler,
            signals.retry_after_asked,
            host="www.163.com",
            until=time.monotonic() + seconds,
            retry=retry,
        )
        send(crawler, signals.robots_decided, request=retry, decision="allowed")
        send(crawler, signals.request_sent, request=retry)
        redirected = retry.replace(url=f"{URL}?f=post")
        send(crawler, signals.robots_decided, request=redirected, decision="allowed")
        send(crawler, signals.request_sent, request=redirected)

    assert noted(happen) == {"requests": 2, "allowed": 2, "asked": 1, outcome: 1}


def test_retry_after_without_a_retry_ends_it(noted):
    def happen(crawler: Crawler) -> None:
        send(
            crawler,
            signals.retry_after_asked,
            host="www.163.com",
            until=time.monotonic() + HOUR,
            retry=None,
        )

    assert noted(happen) == {"requests": 0, "asked": 1, "ended": 1}


def test_request_is_counted_as_allowed_when_it_is_sent(noted):
    def happen(crawler: Crawler) -> None:
        request = Request(URL)
        for _ in range(3):  # it waits for its turn
            send(crawler, signals.robots_decided, request=request, decision="allowed")
        send(crawler, signals.request_sent, request=request)

    assert noted(happen) == {"requests": 1, "allowed": 1}


def test_request_that_robots_txt_was_not_asked_about_is_noted(noted):
    def happen(crawler: Crawler) -> None:
        robots_txt = Request("https://www.163.com/robots.txt")
        send(crawler, signals.robots_decided, request=robots_txt, decision="robots_txt")
        moved = robots_txt.replace(url="https://www.163.com/special/robots.txt")
        for request in (Request(URL), robots_txt, moved):
            send(crawler, signals.request_sent, request=request)

    assert noted(happen) == {"requests": 3, "unchecked": 1}
