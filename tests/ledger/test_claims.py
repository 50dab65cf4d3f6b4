"""Of each incident one worker tells, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from netease_crawler.drift import Fall
from netease_crawler.ledger.alerts import raise_alert, resolve
from netease_crawler.ledger.claims import FIELD, Claims, claim_field, read_told
from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.page import Bucket
from netease_crawler.storage.connection import Database, Patience
from tests.ledger.test_crawls import ARGUMENTS, begin, end_all

T = TypeVar("T")
HOST = ("refused", "www.163.com")


async def claims_of(database: Database) -> Claims:
    await Crawls(database).join("c", "article", ARGUMENTS, "other:1:a")
    return Claims(database, "c", Patience())


async def told(database: Database) -> Any:
    crawl = await database["crawls"].find_one({"_id": "c"}) or {}
    return crawl.get(FIELD)


class Forgetful(Patience):
    """Loses the first answer to each operation, which the database has done."""

    async def __call__(self, operation: Callable[[], Awaitable[T]]) -> T:
        await operation()
        return await super().__call__(operation)


def test_of_many_workers_one_may_tell(in_database):
    async def scenario(database: Database) -> list[bool]:
        workers = [await claims_of(database) for _ in range(20)]
        return list(await asyncio.gather(*(worker.claim(*HOST) for worker in workers)))

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
        dead, second, third = [await claims_of(database) for _ in range(3)]
        await dead.claim(*HOST)
        at_once = await second.claim(*HOST)
        await age(database)
        return [at_once, await second.claim(*HOST), await third.claim(*HOST)]

    assert in_database(scenario) == [False, True, False]


def test_claim_whose_answer_was_lost_is_one(in_database):
    async def scenario(database: Database) -> list[bool]:
        other = await claims_of(database)
        claims = Claims(database, "c", Forgetful())
        claimed = [await claims.claim(*HOST), await other.claim(*HOST)]
        await claims.keep(*HOST)
        return [*claimed, await claims.claim(*HOST), await other.claim(*HOST)]

    assert in_database(scenario) == [True, False, False, False]


def test_what_nobody_could_be_told_may_be_claimed_again(in_database):
    async def scenario(database: Database) -> list[bool]:
        claims, other = await claims_of(database), await claims_of(database)
        for one in (HOST, ("ended", "empty")):
            await claims.claim(*one)
        await claims.give_back(*HOST)
        return [await other.claim(*HOST), await other.claim("ended", "empty")]

    assert in_database(scenario) == [True, False]


def test_late_worker_leaves_the_claim_of_another_alone(in_database):
    async def scenario(database: Database) -> list[bool]:
        late, other, third = [await claims_of(database) for _ in range(3)]
        await late.claim(*HOST)
        await age(database)
        await other.claim(*HOST)
        await late.give_back(*HOST)
        seen = [await third.claim(*HOST)]
        await late.keep(*HOST)
        await other.give_back(*HOST)
        return [*seen, await third.claim(*HOST)]

    assert in_database(scenario) == [False, True]


def test_nothing_is_kept_once_the_crawl_was_finished(in_database):
    async def scenario(database: Database) -> Any:
        crawls, frontier = await begin(database)
        claims = Claims(database, "c", Patience())
        await claims.claim(*HOST)
        await end_all(frontier, Bucket.STORED)
        await crawls.leave("c", "other:1:a")
        await claims.keep(*HOST)
        return [await told(database), await claims.claim(*HOST)]

    assert in_database(scenario) == [None, True]


def test_what_is_over_may_be_claimed_again_whoever_told(in_database):
    async def scenario(database: Database) -> list[bool]:
        claims, other = await claims_of(database), await claims_of(database)
        for one in (HOST, ("ended", "empty")):
            await claims.claim(*one)
            await claims.keep(*one)
        await other.release(*HOST)
        return [await other.claim(*HOST), await other.claim("ended", "empty")]

    assert in_database(scenario) == [True, False]


def test_earlier_claim_is_one_from_before_all_who_are_at_the_crawl(in_database):
    async def scenario(database: Database) -> list[bool]:
        crawls = Crawls(database)
        claims = await claims_of(database)
        await claims.claim(*HOST)
        await claims.keep(*HOST)
        await crawls.join("c", "article", ARGUMENTS, "other:1:b")
        await claims.release_earlier(*HOST)
        seen = [await claims.claim(*HOST)]
        await crawls.leave("c", "other:1:a")
        await claims.release_earlier(*HOST)
        return [*seen, await claims.claim(*HOST)]

    assert in_database(scenario) == [False, True]


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


def test_what_people_were_told_of_is_read_in_that_order(in_database):
    async def scenario(database: Database) -> tuple[list[tuple[str, str]], list[Any]]:
        claims = await claims_of(database)
        for kind, what in (HOST, ("ended", "empty: banned: HTTP 403"), ("gave_up", "c.m.163.com")):
            await claims.claim(kind, what)
            await asyncio.sleep(0.002)  # the database's unit is a millisecond
        await claims.keep("ended", "empty: banned: HTTP 403")
        await claims.keep(*HOST)
        read = await read_told(database, "c")
        return [(one.kind, one.what) for one in read], await read_told(database, "absent")

    assert in_database(scenario) == ([HOST, ("ended", "empty: banned: HTTP 403")], [])
