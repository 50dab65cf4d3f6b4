"""Crawls: joining, leaving, reports that add up."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from netease_crawler.ledger.crawls import CrawlConflictError, Crawls, new_worker_name
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import Bucket, End, Page
from netease_crawler.storage.connection import Database

ARGUMENTS = {"urls": "https://www.163.com/dy/article/K0A1B2C305149ABC.html", "depth": "1"}
PAGES = [Page(key=key, url=f"https://www.163.com/{key}") for key in ("A", "B", "C")]


async def begin(database: Database, worker: str = "other:1:a") -> tuple[Crawls, Frontier]:
    crawls, frontier = Crawls(database), Frontier(database, "c")
    await crawls.join("c", "article", ARGUMENTS, worker)
    await frontier.discover(PAGES)
    await crawls.end_seeding("c")
    return crawls, frontier


async def end_all(frontier: Frontier, bucket: Bucket, reason: str | None = None) -> None:
    await frontier.lease("other:1:a", 64)
    await frontier.end([End(page=page, bucket=bucket, reason=reason) for page in PAGES])


def name_of_a_dead_worker_here() -> str:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    machine, _, chance = new_worker_name().split(":")
    return f"{machine}:{process.pid}:{chance}"


def test_arguments_are_those_the_crawl_began_with(in_database):
    async def scenario(database: Database) -> tuple[object, object]:
        crawls, _ = await begin(database)
        await crawls.join("c", "article", {"depth": "9"}, "other:2:b")
        return await crawls.arguments("c", "article"), await crawls.arguments("d", "article")

    assert in_database(scenario) == (ARGUMENTS, None)


def test_crawl_of_another_spider_is_refused(in_database):
    async def scenario(database: Database) -> None:
        crawls, _ = await begin(database)
        await crawls.arguments("c", "saved")

    with pytest.raises(CrawlConflictError, match="crawl 'c' is one of the spider 'article'"):
        in_database(scenario)


def test_leases_of_a_dead_worker_of_this_machine_are_returned_at_once(in_database):
    dead, alive, elsewhere = name_of_a_dead_worker_here(), new_worker_name(), "elsewhere:1:c"

    async def scenario(database: Database) -> tuple[list[str], list[str], set[str]]:
        crawls, frontier = await begin(database, dead)
        held = [
            page.key
            for worker in (dead, alive, elsewhere)
            for page in await frontier.lease(worker, 1)
        ]
        for worker in (elsewhere, alive):
            await crawls.join("c", "article", ARGUMENTS, worker)
        leased = [page.key for page in await frontier.lease(alive, 64, ["B"])]
        return held, leased, set(await crawls.live_workers("c"))

    assert in_database(scenario) == (["C", "B", "A"], ["C"], {alive, elsewhere})


def test_running_a_crawl_again_retries_what_failed_if_nobody_is_at_it(in_database):
    async def scenario(database: Database) -> list[dict[str, int]]:
        crawls, frontier = await begin(database)
        await end_all(frontier, Bucket.FAILED)
        await crawls.join("c", "article", ARGUMENTS, "other:2:b")
        counts = [await frontier.counts()]
        await crawls.leave("c", "other:1:a")
        await crawls.leave("c", "other:2:b")
        await crawls.join("c", "article", ARGUMENTS, "other:3:c")
        return [*counts, await frontier.counts()]

    assert in_database(scenario) == [{"failed": 3}, {"pending": 3}]


@pytest.mark.parametrize(
    ("bucket", "outcome"),
    [
        (Bucket.STORED, "finished"),
        (Bucket.UNCHANGED, "finished"),
        (Bucket.DELETED, "empty"),
        (Bucket.BANNED, "empty"),
        (None, "interrupted"),
    ],
)
def test_outcome_when_the_last_worker_leaves(in_database, bucket, outcome):
    async def scenario(database: Database) -> str | None:
        crawls, frontier = await begin(database)
        if bucket is not None:
            await end_all(frontier, bucket)
        return await crawls.leave("c", "other:1:a")

    assert in_database(scenario) == outcome


def test_leaving_others_at_work_is_no_outcome(in_database):
    async def scenario(database: Database) -> str | None:
        crawls, _ = await begin(database)
        await crawls.join("c", "article", ARGUMENTS, "other:2:b")
        return await crawls.leave("c", "other:1:a")

    assert in_database(scenario) is None


def test_turns_are_taken_one_at_a_time(in_database):
    async def scenario(database: Database) -> list[bool]:
        crawls, _ = await begin(database)
        turns = [await crawls.take_turn("c", "w1"), await crawls.take_turn("c", "w2")]
        await crawls.end_turn("c", "w1")
        return [*turns, await crawls.take_turn("c", "w2")]

    assert in_database(scenario) == [True, False, True]


def test_more_banned_than_stored_is_incomplete(in_database):
    async def scenario(database: Database) -> str | None:
        crawls, frontier = await begin(database)
        await end_all(frontier, Bucket.STORED)
        more = [Page(key=f"D{number}", url="https://www.163.com/") for number in range(4)]
        await frontier.discover(more)
        await frontier.lease("other:1:a", 64)
        await frontier.end([End(page=page, bucket=Bucket.BANNED) for page in more])
        return await crawls.leave("c", "other:1:a")

    assert in_database(scenario) == "incomplete"


def test_crawl_left_before_its_first_page_is_interrupted(in_database):
    async def scenario(database: Database) -> str | None:
        crawls = Crawls(database)
        await crawls.join("c", "article", ARGUMENTS, "other:1:a")
        return await crawls.leave("c", "other:1:a")

    assert in_database(scenario) == "interrupted"


def test_of_two_that_join_an_ended_crawl_at_once_one_retries(in_database):
    async def scenario(database: Database) -> dict[str, int]:
        crawls, frontier = await begin(database)
        await end_all(frontier, Bucket.FAILED)
        await crawls.leave("c", "other:1:a")
        await asyncio.gather(
            *(crawls.join("c", "article", ARGUMENTS, f"other:{n}:b") for n in range(2))
        )
        return await frontier.counts()

    assert in_database(scenario) == {"pending": 3}


def test_workers_that_join_at_once_do_not_take_each_other_for_dead(in_database):
    here = new_worker_name()

    async def scenario(database: Database) -> set[str]:
        crawls = Crawls(database)
        joining = ["elsewhere:1:a", "elsewhere:2:b", here]
        await asyncio.gather(
            *(crawls.join("c", "article", ARGUMENTS, worker) for worker in joining)
        )
        return set(await crawls.live_workers("c"))

    assert in_database(scenario) == {"elsewhere:1:a", "elsewhere:2:b", here}


def test_worker_is_known_to_all_when_each_has_counted_since_it_joined(in_database):
    async def scenario(database: Database) -> list[bool]:
        crawls = Crawls(database)
        known = []
        for worker in ("other:1:a", "other:2:b", "other:3:c"):
            await crawls.join("c", "article", ARGUMENTS, worker)
            known.append(await crawls.is_known_to_all("c", worker))
        for worker in ("other:1:a", "other:2:b"):
            await asyncio.sleep(0.002)  # times in MongoDB are in milliseconds
            await crawls.heartbeat("c", worker)
            known.append(await crawls.is_known_to_all("c", "other:3:c"))
        return known

    assert in_database(scenario) == [True, False, False, False, True]
