"""Pages of crawls whose articles are forgotten: the sums match, and nothing is fetched again."""

from __future__ import annotations

import pytest

from netease_crawler.ledger.crawls import Crawls
from netease_crawler.ledger.forgetting import count_forgettable, forget
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import Bucket, End, Page
from netease_crawler.ledger.reports import Report, Reports
from netease_crawler.storage.connection import Database
from netease_crawler.storage.forgetting import select
from netease_crawler.storage.quarantine import QuarantinedPage, quarantine
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article

SAVED = f"/home/lin/saved/{EARLY}.html.gz"
KEYS = (EARLY, MIDDLE, LATE)


def page(key: str) -> Page:
    return Page(key=key, url=f"https://www.163.com/dy/article/{key}.html")


async def finish(database: Database, crawl: str, ends: list[End]) -> None:
    crawls, frontier = Crawls(database), Frontier(database, crawl)
    await crawls.join(crawl, "article", {"urls": EARLY}, "other:1:a")
    await frontier.discover([end.page for end in ends])
    await crawls.end_seeding(crawl)
    await frontier.end(ends)
    await crawls.leave(crawl, "other:1:a")


async def archive(database: Database) -> None:
    """EARLY is stored, in the quarantine and a saved file; MIDDLE is stored, LATE is deleted."""
    entries = [Entry(article=make_article(doc_id), page=doc_id) for doc_id in (EARLY, MIDDLE)]
    await ArticleWriter(database, "first").write(entries, SEEN)
    stored = [End(page=page(key), bucket=Bucket.STORED, doc_id=key) for key in (EARLY, MIDDLE)]
    gone = End(page=page(LATE), bucket=Bucket.DELETED, reason="HTTP 404")
    await finish(database, "first", [*stored, gone])
    reason = f"UnknownLayoutError: no layout matches {make_article().title}"
    rejected = End(page=page(EARLY), bucket=Bucket.REJECTED, reason=reason)
    saved = End(page=Page(key=SAVED, url=f"file://{SAVED}"), bucket=Bucket.UPDATED, doc_id=EARLY)
    await quarantine(
        database,
        [
            QuarantinedPage(
                crawl="second",
                key=EARLY,
                url=rejected.page.url,
                reason=reason,
                answered_at=rejected.page.url,
                body=b"<title></title>",
            )
        ],
        SEEN,
    )
    await finish(database, "second", [rejected, saved, stored[1]])


async def forget_all(database: Database, *ids: str) -> list[tuple[str, int]]:
    selection = await select(database, ids)
    return [step async for step in forget(database, selection)]


def test_reports_of_old_crawls_add_up(in_database):
    async def scenario(database: Database) -> tuple[list[tuple[str, int]], list[Report]]:
        await archive(database)
        done = await forget_all(database, EARLY)
        return done, [await Reports(database).report(crawl) for crawl in ("first", "second")]

    done, reports = in_database(scenario)
    assert done == [("frontier", 3), ("quarantine", 1), ("articles", 1)]
    assert [report.problem for report in reports] == [None, None]
    assert [
        ({bucket: pages for bucket, pages in report.buckets.items() if pages}, report.reasons)
        for report in reports
    ] == [
        (
            {"stored": 1, "deleted": 1, "filtered": 1},
            {"deleted: HTTP 404": 1, "filtered: forgotten": 1},
        ),
        ({"stored": 1, "filtered": 2}, {"filtered: forgotten": 2}),
    ]


def test_the_list_of_crawls_agrees_with_their_reports(in_database):
    async def scenario(database: Database) -> dict[str, object]:
        await archive(database)
        await forget_all(database, EARLY)
        return {crawl.crawl: crawl.states for crawl in await Reports(database).summaries()}

    assert in_database(scenario) == {
        "first": {"stored": 1, "deleted": 1, "filtered": 1},
        "second": {"stored": 1, "filtered": 2},
    }


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_stopped_after_any_step_reports_add_up(in_database, steps):
    async def scenario(database: Database) -> list[object]:
        await archive(database)
        forgetting = forget(database, await select(database, [EARLY]))
        for _ in range(steps + 1):
            await forgetting.__anext__()
        await forgetting.aclose()
        halfway = await Reports(database).report("second")
        await forget_all(database, EARLY)
        left = await count_forgettable(database, await select(database, [EARLY]))
        return [halfway.problem, sum(left.values())]

    assert in_database(scenario) == [None, 0]


def test_a_page_that_waits_is_not_fetched(in_database):
    async def scenario(database: Database) -> list[str]:
        frontier = Frontier(database, "running")
        await frontier.discover([page(key) for key in KEYS])
        await forget_all(database, LATE[8:])
        return [leased.key for leased in await frontier.lease("other:1:a", 64)]

    assert in_database(scenario) == [MIDDLE, EARLY]


def test_a_page_that_is_being_fetched_keeps_its_end(in_database):
    async def scenario(database: Database) -> dict[str, int]:
        frontier = Frontier(database, "running")
        await frontier.discover([page(EARLY)])
        [leased] = await frontier.lease("other:1:a", 64)
        await forget_all(database, EARLY)
        await frontier.end([End(page=leased, bucket=Bucket.STORED, doc_id=EARLY)])
        await frontier.retry()
        return await frontier.counts()

    assert in_database(scenario) == {"filtered": 1}
