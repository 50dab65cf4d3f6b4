"""Articles whose page has ended as deleted are marked, before the page ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from netease_crawler.ledger.batches import BatchWriter
from netease_crawler.ledger.ending import Ending, OpenPage
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import Bucket, Page
from netease_crawler.storage.connection import Database
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, SEEN, make_article
from tests.conftest import InDatabase

GONE = SEEN + timedelta(days=1)
LATER = SEEN + timedelta(days=2)
PAGE = Page(key=EARLY, url=f"https://www.163.com/dy/article/{EARLY}.html")


def ending(
    page: Page = PAGE, at: datetime | None = GONE, bucket: Bucket = Bucket.DELETED
) -> Ending:
    return Ending(OpenPage(page), bucket=bucket, reason="HTTP 404", found_at=at)


async def begin(database: Database, *pages: Page) -> BatchWriter:
    """Let a crawl have leased *pages*, whose articles, if any, are in the archive."""
    entries = [Entry(article=make_article(EARLY), page=EARLY)]
    await ArticleWriter(database, "before").write(entries, SEEN)
    frontier = Frontier(database, "c")
    await frontier.discover(pages)
    assert len(await frontier.lease("worker", 10)) == len(pages)
    return BatchWriter(database, "c", drop_copies=False)


async def state(database: Database) -> tuple[str, Any, Any]:
    """Return the state of the page, and the marks on the article and its search data."""
    page = await database["frontier"].find_one({"key": EARLY})
    article = await database["articles"].find_one({"_id": EARLY})
    text = await database["search"].find_one({"_id": EARLY})
    assert page is not None
    assert article is not None
    assert text is not None
    return page["state"], article.get("deleted_at"), text.get("deleted_at")


def test_the_article_of_a_deleted_page_is_marked_with_when_it_was_found(
    in_database: InDatabase[Any],
) -> None:
    other = Page(key=LATE, url=f"https://www.163.com/dy/article/{LATE}.html")

    async def scenario(database: Database) -> list[object]:
        batches = await begin(database, PAGE, other)
        buckets = await batches.write([ending(), ending(other)])
        return [buckets, await state(database), await database["articles"].count_documents({})]

    assert in_database(scenario) == [[Bucket.DELETED] * 2, ("deleted", GONE, GONE), 1]


@pytest.mark.parametrize("name", ["articles", "search"])
def test_a_page_does_not_end_before_its_article_is_marked(
    in_database: InDatabase[Any], name: str
) -> None:
    async def scenario(database: Database) -> list[object]:
        batches = await begin(database, PAGE)
        await database.command("collMod", name, validator={"deleted_at": {"$exists": False}})
        with pytest.raises(BulkWriteError):
            await batches.write([ending()])
        [failed, *_] = await state(database)
        await database.command("collMod", name, validator={})
        await batches.write([ending(at=LATER)])
        return [failed, await state(database)]

    # the article has its mark of the first try, if it was the search data that refused theirs
    first = GONE if name == "search" else LATER
    assert in_database(scenario) == ["leased", ("deleted", first, first)]


def test_a_page_that_did_not_end_leaves_a_mark_that_the_next_try_keeps(
    in_database: InDatabase[Any],
) -> None:
    async def scenario(database: Database) -> list[object]:
        batches = await begin(database, PAGE)
        refuse = {"state": {"$ne": Bucket.DELETED.value}}
        await database.command("collMod", "frontier", validator=refuse)
        with pytest.raises(BulkWriteError):
            await batches.write([ending()])
        between = await state(database)
        await database.command("collMod", "frontier", validator={})
        await batches.write([ending(at=LATER)])
        return [between, await state(database)]

    assert in_database(scenario) == [("leased", GONE, GONE), ("deleted", GONE, GONE)]


@pytest.mark.parametrize("bucket", [Bucket.BANNED, Bucket.FAILED, Bucket.REJECTED, Bucket.FILTERED])
def test_no_other_end_says_that_the_article_is_gone(
    in_database: InDatabase[Any], bucket: Bucket
) -> None:
    async def scenario(database: Database) -> object:
        batches = await begin(database, PAGE)
        await batches.write([ending(bucket=bucket)])
        return await state(database)

    assert in_database(scenario) == (bucket.value, None, None)


def test_a_page_that_is_read_again_from_the_quarantine_says_nothing_of_today(
    in_database: InDatabase[Any],
) -> None:
    async def scenario(database: Database) -> object:
        batches = await begin(database, PAGE)
        await batches.write([ending(replace(PAGE, is_kept=True))])
        return await state(database)

    assert in_database(scenario) == ("deleted", None, None)
