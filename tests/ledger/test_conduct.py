"""The record of how a crawl behaves: written by its workers, read for a report."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from netease_crawler.ledger.conduct import Conduct
from netease_crawler.ledger.conduct_report import Busiest, ConductReport, read_conduct, since_latest
from netease_crawler.ledger.reports import UnknownCrawlError
from netease_crawler.ledger.windows import Sender, Window, milliseconds
from netease_crawler.storage.clock import DatabaseClock
from netease_crawler.storage.connection import Database, Document
from tests.conftest import InDatabase

BEGAN = datetime(2025, 3, 4, 8, tzinfo=timezone.utc)
HOST = "www.163.com"
OTHER = {"_id": "other/w/1", "crawl": "other"}


def document(number: int, worker: str, *, host: str = HOST, at: int, **more: Any) -> Document:
    """Return a document of *worker* that begins *at* milliseconds after BEGAN."""
    return {
        "_id": f"c/{worker}/{number}",
        "crawl": "c",
        "worker": worker,
        "rate": 1.0,
        "host": host,
        "precision": 2,
        "at": BEGAN + timedelta(milliseconds=at),
        "sent": [0],
        "counts": {},
        **more,
    }


async def conduct_of(database: Database, rate: float) -> Conduct:
    clock = DatabaseClock(database)
    await clock.look()
    return Conduct(database, "c", "w", rate, clock)


async def database_time(database: Database) -> datetime:
    hello = await database.command("hello", codec_options=database.codec_options)
    told: datetime = hello["localTime"]
    return told


def reading(in_database: InDatabase[Any], documents: list[Document], *windows: float) -> Any:
    async def scenario(database: Database) -> ConductReport:
        await database["crawls"].insert_one({"_id": "c"})
        await database["conduct"].insert_many(documents)
        return await read_conduct(database, "c", windows)

    return in_database(scenario)


def test_requests_are_kept_with_the_time_of_the_database(in_database):
    async def scenario(database: Database) -> tuple[datetime, list[Document], datetime]:
        conduct = await conduct_of(database, 2.0)
        before = await database_time(database)
        conduct.sent(HOST)
        await asyncio.sleep(0.3)
        conduct.sent(HOST)
        conduct.sent("dy.163.com")
        conduct.count(HOST, "asked")
        conduct.count(HOST, "paused_seconds", 0.5)
        await conduct.write()
        return before, await found(database), await database_time(database)

    before, documents, after = in_database(scenario)
    for one in documents:
        precision = timedelta(milliseconds=one.pop("precision"))
        sent = [one["at"] + timedelta(milliseconds=later) for later in one.pop("sent")]
        assert before - precision <= one.pop("at") == sent[0] <= sent[-1] <= after + precision
        assert precision < timedelta(seconds=0.1)
        assert [round((at - sent[0]).total_seconds(), 1) for at in sent] in ([0.0], [0.0, 0.3])
    assert documents == [
        {
            "_id": "c/w/1",
            "crawl": "c",
            "worker": "w",
            "rate": 2.0,
            "host": HOST,
            "counts": {"asked": 1, "paused_seconds": 0.5},
        },
        {
            "_id": "c/w/2",
            "crawl": "c",
            "worker": "w",
            "rate": 2.0,
            "host": "dy.163.com",
            "counts": {},
        },
    ]


def test_each_write_has_what_is_new(in_database):
    async def scenario(database: Database) -> list[tuple[Any, ...]]:
        conduct = await conduct_of(database, 0)
        for requests in (2, 0, 1):
            for _ in range(requests):
                conduct.sent(HOST)
            await conduct.write()
        await conduct.close()
        return [(one["_id"], len(one["sent"]), one.get("is_last")) for one in await found(database)]

    assert in_database(scenario) == [("c/w/1", 2, None), ("c/w/2", 1, True)]


def test_write_whose_answer_was_lost_is_repeated(in_database):
    async def scenario(database: Database) -> tuple[list[Document], list[Document]]:
        conduct = await conduct_of(database, 1)
        conduct.sent(HOST)
        await conduct.write()
        written = await found(database)
        conduct._unwritten = written[:]
        await conduct.write()
        return written, await found(database)

    written, again = in_database(scenario)
    assert len(written) == 1
    assert again == written


def test_who_did_nothing_writes_nothing(in_database):
    async def scenario(database: Database) -> list[Document]:
        conduct = await conduct_of(database, 1)
        await conduct.close()
        return await found(database)

    assert in_database(scenario) == []


async def found(database: Database) -> list[Document]:
    return await database["conduct"].find({}).sort("_id").to_list()


@pytest.mark.parametrize("seed", range(3))
def test_workers_requests_are_looked_at_together(in_database, seed):
    chance = random.Random(seed)
    documents = []
    requests = []
    for worker in "abc":
        at = chance.randrange(5000)
        for number in range(30):
            sent = [0]
            for _ in range(chance.randrange(20)):
                sent.append(sent[-1] + chance.choice((0, 1, 50, 900)))
            documents.append(document(number, worker, at=at, sent=sent))
            requests += [(at + later, Sender(worker, 1.0, 2)) for later in sent]
            at += sent[-1] + chance.choice((1, 10, 40_000))
    chance.shuffle(documents)
    windows = [Window(1000), Window(10_000)]
    for after, sender in sorted(requests):
        for window in windows:
            window.add(milliseconds(BEGAN) + after, sender)

    [host] = reading(in_database, documents, 1, 10).hosts
    assert host.requests == len(requests)
    assert host.busiest == [
        Busiest(seconds=1, requests=windows[0].most, per_second=windows[0].most),
        Busiest(seconds=10, requests=windows[1].most, per_second=windows[1].most / 10),
    ]
    assert host.excesses == [window.excess for window in windows]
    assert host.first_at == BEGAN + timedelta(milliseconds=min(requests)[0])
    assert host.last_at == BEGAN + timedelta(milliseconds=max(requests)[0])


def test_hosts_are_looked_at_apart(in_database):
    documents = [
        document(number, "w", host=host, at=100 * number)
        for number, host in enumerate((HOST, "dy.163.com", HOST, "news.163.com"))
    ]
    report = reading(in_database, documents, 1)
    assert [(host.host, host.busiest[0].requests) for host in report.hosts] == [
        (HOST, 2),
        ("dy.163.com", 1),
        ("news.163.com", 1),
    ]
    assert report.problem is None


def test_other_crawls_are_not_looked_at(in_database):
    documents = [document(1, "w", at=0), document(2, "v", at=0) | {"crawl": "other"}]
    assert reading(in_database, documents, 1).hosts[0].requests == 1


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"counts": {"asked": 2, "broken": 1, "waited": 1}}, "once"),
        ({"counts": {"asked": 2, "broken": 2}}, "2 times"),
        ({"counts": {"asked": 2, "waited": 2}}, None),
    ],
)
def test_retry_after_that_is_not_kept_is_a_problem(in_database, more, problem):
    report = reading(in_database, [document(1, "w", at=0, **more)], 1)
    assert report.problem == (
        f"{HOST} was asked again {problem} before its Retry-After was over" if problem else None
    )


def test_workers_whose_last_word_is_missing_are_counted(in_database):
    documents = [
        document(1, "killed", at=0),
        document(2, "killed", at=9),
        document(1, "left", at=0),
        document(2, "left", at=9, is_last=True),
    ]
    report = reading(in_database, documents, 1)
    assert (report.workers, report.unfinished) == (2, 1)


def test_crawl_that_is_not_there(in_database):
    async def scenario(database: Database) -> None:
        await read_conduct(database, "absent", [1])

    with pytest.raises(UnknownCrawlError, match="absent"):
        in_database(scenario)


@pytest.mark.parametrize(
    ("requests", "since"),
    [(11, None), (10, None), (9, 2000), (5, 2000), (4, 3000), (2, 4000), (1, 4000)],
)
def test_latest_requests_begin_with_a_document(in_database, requests, since):
    """The documents have 5, 1 (a robots.txt that forbids), 2, 2 of them."""
    documents = [
        document(1, "w", at=1000, sent=[0, 1, 2, 3, 4]),
        document(2, "w", at=2000, sent=[], counts={"forbidden": 3}),
        document(3, "w", at=3000, sent=[0, 1]),
        document(4, "w", at=4000, sent=[0, 1]),
    ]

    async def scenario(database: Database) -> datetime | None:
        await database["conduct"].insert_many([*documents, document(5, "w", at=9) | OTHER])
        return await since_latest(database, "c", requests)

    found = in_database(scenario)
    assert found == (None if since is None else BEGAN + timedelta(milliseconds=since))


def test_only_what_was_noted_since_is_looked_at(in_database):
    documents = [document(n, "w", at=1000 * n, sent=[0, 9]) for n in range(5)]

    async def scenario(database: Database) -> ConductReport:
        await database["crawls"].insert_one({"_id": "c"})
        await database["conduct"].insert_many(documents)
        return await read_conduct(database, "c", [60], BEGAN + timedelta(seconds=3))

    [host] = in_database(scenario).hosts
    assert (host.requests, host.first_at) == (4, BEGAN + timedelta(seconds=3))
