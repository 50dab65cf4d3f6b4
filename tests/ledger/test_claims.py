"""Of each incident one worker tells, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from netease_crawler.drift import Fall
from netease_crawler.ledger.alerts import raise_alert, resolve
from netease_crawler.ledger.claims import FIELD, Claims, claim_field
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.page import Bucket
from netease_crawler.storage.connection import Database, Patience
from tests.ledger.test_crawls import ARGUMENTS, begin, end_all

HOST = ("refused", "www.163.com")


async def claims_of(database: Database) -> Claims:
    await Crawls(database).join("c", "article", ARGUMENTS, "other:1:a")
    return Claims(database, "c", Patience())


async def told(database: Database) -> Any:
    crawl = await database["crawls"].find_one({"_id": "c"}) or {}
    return crawl.get(FIELD)


def test_of_many_workers_one_may_tell(in_database):
    async def scenario(database: Database) -> list[bool]:
        claims = await claims_of(database)
        return list(await asyncio.gather(*(claims.claim(*HOST) for _ in range(20))))

    assert sorted(in_database(scenario)) == [False] * 19 + [True]


def test_what_was_told_is_told_for_all_runs_to_come(in_database):
    async def scenario(database: Database) -> list[bool]:
        claims = await claims_of(database)
        await claims.claim(*HOST)
        await claims.keep(*HOST)
        await age(database)
        again = await claims_of(database)
        other = [("refused", "dy.163.com"), ("gave_up", "www.163.com"), ("refused", "$x.y\n")]
        return [await again.claim(*HOST), *[await again.claim(*one) for one in other]]

    assert in_database(scenario) == [False, True, True, True]


async def age(database: Database) -> None:
    """Let the claim be as old as one whose worker has died."""
    field = f"{claim_field(*HOST)}.at"
    crawl = await database["crawls"].find_one({"_id": "c"})
    at = crawl[FIELD]["refused"][field.split(".")[2]]["at"]  # type: ignore[index]
    older = {"$set": {field: at - timedelta(seconds=121)}}
    await database["crawls"].update_one({"_id": "c"}, older)


def test_worker_that_died_before_it_told_is_replaced(in_database):
    async def scenario(database: Database) -> list[bool]:
        claims = await claims_of(database)
        await claims.claim(*HOST)
        at_once = await claims.claim(*HOST)
        await age(database)
        return [at_once, await claims.claim(*HOST), await claims.claim(*HOST)]

    assert in_database(scenario) == [False, True, False]


def test_what_is_given_back_may_be_claimed_again(in_database):
    async def scenario(database: Database) -> list[bool]:
        claims = await claims_of(database)
        for one in (HOST, ("ended", "empty")):
            await claims.claim(*one)
            await claims.keep(*one)
        await claims.give_back(*HOST)
        return [await claims.claim(*HOST), await claims.claim("ended", "empty")]

    assert in_database(scenario) == [True, False]


def test_finished_crawl_has_nothing_that_was_told(in_database):
    async def scenario(database: Database) -> list[bool]:
        seen = []
        crawls, frontier = await begin(database)
        claims = Claims(database, "c", Patience())
        await claims.claim(*HOST)
        await crawls.leave("c", "other:1:a")
        seen.append(await told(database) is None)
        await crawls.join("c", "article", ARGUMENTS, "other:1:a")
        await end_all(frontier, Bucket.STORED)
        await crawls.leave("c", "other:1:a")
        seen.append(await told(database) is None)
        return seen

    assert in_database(scenario) == [False, True]


def test_drift_that_was_resolved_is_told_again_when_it_returns(in_database):
    fall = Fall(layout="ep", field="source", usual=0.99, seen=0.0, asked=4, pages=("https://x",))

    async def scenario(database: Database) -> list[bool]:
        claims = await claims_of(database)
        await raise_alert(database, "c", fall)
        for name in ("ep/source", "ep/editor"):
            await claims.claim("drift", name)
            await claims.keep("drift", name)
        await resolve(database, "c", [("ep", "source")])
        return [await claims.claim("drift", name) for name in ("ep/source", "ep/editor")]

    assert in_database(scenario) == [True, False]
