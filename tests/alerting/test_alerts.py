"""When people are told, and what keeps them from it: the extension, without a crawl around it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from scrapy.crawler import Crawler

from netease_crawler import signals
from netease_crawler.alerting import delivery
from netease_crawler.extensions import alerts
from netease_crawler.extensions.alerts import Alerts
from netease_crawler.incident import Incident, Kind
from netease_crawler.ledger import claims
from netease_crawler.ledger.crawls import EMPTY, FINISHED, Crawls
from netease_crawler.ledger.session import CrawlSession
from netease_crawler.spiders.article import ArticleSpider
from netease_crawler.storage.connection import Database, Patience, open_client
from tests.alerting.listener import Listener, running

HOST = "www.163.com"
REFUSED = Incident(kind=Kind.REFUSED, what=HOST, reason="www.163.com refuses: 10 of 13")
FALLEN = [
    Incident(kind=Kind.DRIFT, what=f"ep/{field}", reason=f"ep shows {field} on 0%")
    for field in ("title", "source", "editor", "location", "history")
]


class Worker:
    """A worker at the crawl c: what it notices, and that it leaves."""

    def __init__(self, database: Database, name: str, *listeners: Listener) -> None:
        addresses = [listener.address() for listener in listeners]
        self._crawler = Crawler(ArticleSpider, {"CRAWL_RATE": 0, "ALERT_WEBHOOKS": addresses})
        self._extension = Alerts.from_crawler(self._crawler)  # signals hold receivers weakly
        self._spider = ArticleSpider("c", {"urls": "J22CN60P0514R9KQ"})
        self._spider.ledger = CrawlSession(
            database, "c", name, patience=Patience(), on_failure=pytest.fail
        )
        self._crawler.spider = self._spider

    def notices(self, *incidents: Incident) -> None:
        for incident in incidents:
            self._crawler.signals.send_catch_log(signals.incident_noticed, incident=incident)

    def finds_over(self, kind: Kind, what: str) -> None:
        self._crawler.signals.send_catch_log(signals.incident_over, kind=kind, what=what)

    async def leaves(self, outcome: str | None = None) -> None:
        """Returns when all was told."""
        await self._crawler.signals.send_catch_log_async(
            signals.worker_left, spider=self._spider, outcome=outcome, reason="finished"
        )


async def joined(database: Database, name: str, *listeners: Listener) -> Worker:
    await Crawls(database).join("c", "article", {}, name)
    return Worker(database, name, *listeners)


def reasons(listener: Listener) -> list[str]:
    return [received.body["reason"] for received in listener.received]


@pytest.fixture
def without_database() -> Callable[[Callable[[Database], Awaitable[None]]], None]:
    """Runs a coroutine function on a database whose server is away."""

    def run(operation: Callable[[Database], Awaitable[None]]) -> None:
        async def unconnected() -> None:
            async with open_client("mongodb://127.0.0.1:1") as client:
                await operation(client["c"])

        asyncio.run(unconnected())

    return run


def test_message_that_hangs_keeps_no_other_waiting(in_database, caplog):
    all_are_there = threading.Event()
    with running(Listener()) as sound, running(Listener(until=all_are_there)) as hanging:

        def look() -> None:
            if len(sound.received) == len(FALLEN) - 1:  # and one that is being received
                all_are_there.set()

        sound.on_post = look

        async def scenario(database: Database) -> None:
            worker = await joined(database, "other:1:a", hanging, sound)
            worker.notices(*FALLEN)
            await worker.leaves()

        in_database(scenario)
    expected = sorted(incident.reason for incident in FALLEN)
    assert (sorted(reasons(sound)), sorted(reasons(hanging))) == (expected, expected)
    assert caplog.messages == []


def test_claim_that_is_not_answered_keeps_nobody_from_being_told(
    without_database, monkeypatch, caplog
):
    monkeypatch.setattr(alerts, "_ANSWER", 0.1)

    async def scenario(database: Database) -> None:
        worker = Worker(database, "other:1:a", listener)
        worker.notices(REFUSED)
        await worker.leaves()

    with running(Listener()) as listener:
        without_database(scenario)
    assert reasons(listener) == [REFUSED.reason]
    assert "It is not noted who was told of an incident: no answer in 0.1 s" in caplog.messages


def test_end_that_cannot_be_read_is_an_error(without_database, monkeypatch, caplog):
    monkeypatch.setattr(alerts, "_ANSWER", 0.1)
    with running(Listener()) as listener:
        without_database(lambda database: Worker(database, "other:1:a", listener).leaves(EMPTY))
    assert "How the crawl ended is not told: no answer in 0.1 s" in caplog.messages


def test_what_is_cut_off_at_the_end_is_said(in_database, monkeypatch, caplog):
    monkeypatch.setattr(alerts, "_LAST", 0)
    never = threading.Event()

    async def scenario(database: Database) -> None:
        worker = await joined(database, "other:1:a", hanging)
        worker.notices(*FALLEN[:2])
        await worker.leaves()

    with running(Listener(until=never)) as hanging:
        in_database(scenario)
        never.set()
    assert sorted(caplog.messages) == [
        "Cut off after 0 s: ep shows source on 0%",
        "Cut off after 0 s: ep shows title on 0%",
    ]


def test_time_that_a_claim_is_given_is_enough_for_a_delivery():
    assert claims.DELIVERY > alerts._ANSWER + delivery.LONGEST


def told_again(in_database: Any, happen: Callable[..., Awaitable[None]]) -> int:
    """Return how often a refusal was told of, when some worker noticed it before and after."""

    async def scenario(database: Database) -> None:
        first = await joined(database, "other:1:a", listener)
        first.notices(REFUSED)
        await first.leaves()
        await happen(database, first)
        last = Worker(database, "other:1:z", listener)
        last.notices(REFUSED)
        await last.leaves()

    with running(Listener()) as listener:
        in_database(scenario)
    return len(listener.received)


def test_host_that_answers_the_worker_it_refused_may_refuse_again(in_database):
    async def happen(database: Database, first: Worker) -> None:
        first.finds_over(Kind.REFUSED, HOST)
        await first.leaves()

    assert told_again(in_database, happen) == 2


def test_host_that_answers_another_worker_may_refuse_the_first_still(in_database):
    async def happen(database: Database, first: Worker) -> None:
        other = await joined(database, "other:1:b", Listener())
        other.finds_over(Kind.REFUSED, HOST)
        await other.leaves()

    assert told_again(in_database, happen) == 1


def test_host_that_answers_all_workers_of_a_later_run_may_refuse_again(in_database):
    async def happen(database: Database, first: Worker) -> None:
        await Crawls(database).leave("c", "other:1:a")
        later = [await joined(database, f"other:2:{name}", Listener()) for name in "ab"]
        later[1].finds_over(Kind.REFUSED, HOST)
        await later[1].leaves()

    assert told_again(in_database, happen) == 2


def test_incident_and_its_end_and_another_one_are_taken_in_their_order(in_database):
    async def scenario(database: Database) -> None:
        worker = await joined(database, "other:1:a", listener)
        for _ in range(3):
            worker.notices(REFUSED)
            worker.notices(REFUSED)
            worker.finds_over(Kind.REFUSED, HOST)
        await worker.leaves(FINISHED)

    with running(Listener()) as listener:
        in_database(scenario)
    assert len(listener.received) == 3
