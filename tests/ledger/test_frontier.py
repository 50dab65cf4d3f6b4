"""Leases: every page is fetched by one worker, depth by depth, and ends once."""

from __future__ import annotations

import asyncio

import pytest

from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import LEASED, PENDING, Bucket, End, Page
from netease_crawler.storage.connection import Database


def page(key: str, depth: int = 0, **values: str) -> Page:
    return Page(key=key, url=f"https://www.163.com/dy/article/{key}.html", depth=depth, **values)


def ends(bucket: Bucket, *pages: Page) -> list[End]:
    return [End(page=ended, bucket=bucket) for ended in pages]


async def keys(frontier: Frontier, worker: str, limit: int = 64) -> list[str]:
    return [leased.key for leased in await frontier.lease(worker, limit)]


async def run_out(database: Database, key: str) -> None:
    """Let the lease of *key* have run out a second ago, by the server's clock."""
    await database["frontier"].update_one(
        {"key": key}, [{"$set": {"until": {"$subtract": ["$$NOW", 1000]}}}]
    )


def test_page_is_discovered_once_with_its_first_depth(in_database):
    async def scenario(database: Database) -> list[Page]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A")])
        await frontier.discover([page("A", 1, found_on="B"), page("B", 1, found_on="A")])
        first = await frontier.lease("w", 64)
        await frontier.end(ends(Bucket.STORED, *first))
        return first + await frontier.lease("w", 64)

    assert in_database(scenario) == [page("A"), page("B", 1, found_on="A")]


def test_newest_doc_ids_are_leased_first(in_database):
    async def scenario(database: Database) -> list[str]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A"), page("C"), page("B")])
        return await keys(frontier, "w", limit=2)

    assert in_database(scenario) == ["C", "B"]


def test_next_depth_waits_until_every_page_of_this_one_has_ended(in_database):
    async def scenario(database: Database) -> list[list[str]]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A"), page("B"), page("C", 1)])
        leased = [await keys(frontier, "w1"), await keys(frontier, "w2")]
        await frontier.end(ends(Bucket.STORED, page("A")))
        leased.append(await keys(frontier, "w2"))
        await frontier.end(ends(Bucket.DELETED, page("B")))
        return [*leased, await keys(frontier, "w2")]

    assert in_database(scenario) == [["B", "A"], [], [], ["C"]]


def test_many_workers_that_lease_at_once_share_without_overlap(in_database):
    everything = [f"K{number:03}" for number in range(500)]

    async def scenario(database: Database) -> list[str]:
        frontier = Frontier(database, "c")
        await frontier.discover([page(key) for key in everything])
        held: dict[str, list[str]] = {f"w{number}": [] for number in range(6)}

        async def lease(worker: str) -> int:
            leased = await frontier.lease(worker, 32, held[worker])
            held[worker] += [leased_page.key for leased_page in leased]
            return len(leased)

        while any(await asyncio.gather(*map(lease, held))):
            pass
        return [key for keys_held in held.values() for key in keys_held]

    leased = in_database(scenario)
    assert sorted(leased) == everything


def test_lease_that_ran_out_goes_to_another_worker(in_database):
    async def scenario(database: Database) -> list[list[str]]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A"), page("B")])
        leased = [await keys(frontier, "w1")]
        await run_out(database, "A")
        leased.append(await keys(frontier, "w2"))
        return leased

    assert in_database(scenario) == [["B", "A"], ["A"]]


def test_renewed_lease_stays(in_database):
    async def scenario(database: Database) -> list[str]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A")])
        await keys(frontier, "w1")
        await run_out(database, "A")
        await frontier.renew("w1", ["A"])
        return await keys(frontier, "w2")

    assert in_database(scenario) == []


def test_lease_whose_answer_was_lost_is_found_again(in_database):
    async def scenario(database: Database) -> list[list[str]]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A"), page("B"), page("C")])
        await keys(frontier, "w1", limit=2)  # C and B; only C is known to have come
        again = [leased.key for leased in await frontier.lease("w1", 64, held=["C"])]
        await frontier.renew("w1", ["C"])
        return [again, await keys(frontier, "w2")]

    assert in_database(scenario) == [["B", "A"], []]


def test_released_pages_are_pending_again(in_database):
    async def scenario(database: Database) -> list[list[str]]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A"), page("B")])
        await keys(frontier, "w1", limit=1)
        await keys(frontier, "w2", limit=1)
        await frontier.release(["w1"])
        return [await keys(frontier, "w3")]

    assert in_database(scenario) == [["B"]]


def test_first_end_of_a_page_stays(in_database):
    async def scenario(database: Database) -> dict[str, int]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A")])
        await frontier.lease("w", 64)
        await frontier.end(ends(Bucket.STORED, page("A")))
        await frontier.end(ends(Bucket.FAILED, page("A")))
        return await frontier.counts()

    assert in_database(scenario) == {"stored": 1}


def test_page_filtered_at_discovery_is_never_leased(in_database):
    async def scenario(database: Database) -> tuple[list[str], dict[str, int], bool]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A", filtered="created before since")])
        return await keys(frontier, "w"), await frontier.counts(), await frontier.is_done()

    assert in_database(scenario) == ([], {"filtered": 1}, True)


def test_retry_returns_only_what_was_banned_or_failed(in_database):
    async def scenario(database: Database) -> list[str]:
        frontier = Frontier(database, "c")
        pages = {bucket: page(bucket.value) for bucket in Bucket}
        await frontier.discover(list(pages.values()))
        await frontier.lease("w", 64)
        for bucket, ended in pages.items():
            await frontier.end(ends(bucket, ended))
        await frontier.retry()
        return await keys(frontier, "w")

    assert in_database(scenario) == ["failed", "banned"]


def test_crawls_do_not_see_each_other(in_database):
    async def scenario(database: Database) -> list[list[str]]:
        await Frontier(database, "c1").discover([page("A")])
        await Frontier(database, "c2").discover([page("A"), page("B")])
        return [await keys(Frontier(database, name), "w") for name in ("c1", "c2", "c3")]

    assert in_database(scenario) == [["A"], ["B", "A"], []]


@pytest.mark.parametrize("marked_first", [True, False])
@pytest.mark.parametrize(
    ("bucket", "counts"),
    [
        (Bucket.STORED, {"duplicate": 1}),
        (Bucket.UNCHANGED, {"unchanged": 1}),
        (Bucket.FAILED, {"failed": 1}),
    ],
)
def test_copy_ends_as_duplicate_if_it_would_be_stored(in_database, marked_first, bucket, counts):
    async def scenario(database: Database) -> dict[str, int]:
        frontier = Frontier(database, "c")
        await frontier.discover([page("A")])
        await frontier.lease("w", 64)
        if marked_first:
            await frontier.mark_copies(["A"])
        await frontier.end(ends(bucket, page("A")))
        if not marked_first:
            await frontier.mark_copies(["A"])
        return await frontier.counts()

    assert in_database(scenario) == counts


def test_pages_of_every_state_are_counted_for_their_crawl_alone(in_database):
    states = [PENDING, LEASED, *(bucket.value for bucket in Bucket)]

    async def scenario(database: Database) -> tuple[dict[str, int], dict[str, int]]:
        await database["frontier"].insert_many(
            {"crawl": "c1", "state": state, "key": f"{state}{n}"}
            for count, state in enumerate(states, start=1)
            for n in range(count)
        )
        await database["frontier"].insert_one({"crawl": "c2", "state": PENDING, "key": "a"})
        return await Frontier(database, "c1").counts(), await Frontier(database, "c3").counts()

    expected = {state: count for count, state in enumerate(states, start=1)}
    assert in_database(scenario) == (expected, {})
