"""What the site has deleted is marked, stays, and loses its mark when it is there again."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import BulkWriteError

from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.deletions import mark_deleted
from netease_crawler.storage.reindexing import reindex
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.withdrawal import withdraw
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article
from tests.conftest import InDatabase

GONE = SEEN + timedelta(days=1)
LATER = SEEN + timedelta(days=2)
COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"

Times = dict[str, datetime | None]


async def write(
    database: Database,
    *articles: Article,
    at: datetime = SEEN,
    crawl: str = "c1",
    drop_copies: bool = False,
) -> dict[str, str]:
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    writer = ArticleWriter(database, crawl, drop_copies=drop_copies)
    return (await writer.write(entries, at)).results


async def marks(database: Database) -> Times:
    """Return ``deleted_at`` of every article; its search data must say the same."""
    found: dict[str, Times] = {}
    for name in ("articles", "search"):
        documents = database[name].find({}, {"deleted_at": 1})
        found[name] = {one["_id"]: one.get("deleted_at") async for one in documents}
    assert found["search"] == found["articles"]
    return found["articles"]


def test_an_article_that_is_gone_is_marked_and_nothing_else_of_it_changes(
    in_database: InDatabase[Any],
) -> None:
    async def scenario(database: Database) -> tuple[list[Document], list[Document], Times]:
        await write(database, make_article(EARLY), make_article(MIDDLE))
        before = await database["articles"].find().sort("_id", 1).to_list()
        await mark_deleted(database, {MIDDLE: GONE})
        after = await database["articles"].find().sort("_id", 1).to_list()
        return before, after, await marks(database)

    before, after, times = in_database(scenario)
    assert after == [before[0], before[1] | {"deleted_at": GONE}]
    assert times == {EARLY: None, MIDDLE: GONE}


def test_the_first_time_counts(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> Times:
        await write(database, make_article())
        await mark_deleted(database, {EARLY: GONE})
        await mark_deleted(database, {EARLY: LATER})
        return await marks(database)

    assert in_database(scenario) == {EARLY: GONE}


def test_what_is_not_in_the_archive_is_not_created(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> Times:
        await mark_deleted(database, {EARLY: GONE})
        return await marks(database)

    assert in_database(scenario) == {}


def test_what_was_seen_since_is_not_marked(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> Times:
        await write(database, make_article(), at=LATER)
        await mark_deleted(database, {EARLY: GONE})
        return await marks(database)

    assert in_database(scenario) == {EARLY: None}


def test_a_mark_that_did_not_reach_the_search_data_reaches_them_when_it_is_repeated(
    in_database: InDatabase[Any],
) -> None:
    async def scenario(database: Database) -> Times:
        await write(database, make_article())
        refuse = {"deleted_at": {"$exists": False}}
        await database.command("collMod", "search", validator=refuse)
        with pytest.raises(BulkWriteError):
            await mark_deleted(database, {EARLY: GONE})
        await database.command("collMod", "search", validator={})
        await mark_deleted(database, {EARLY: LATER})
        return await marks(database)

    assert in_database(scenario) == {EARLY: GONE}


def test_without_deleted_pages_nothing_is_asked_of_the_database() -> None:
    async def scenario() -> None:
        client: AsyncMongoClient[Document]
        async with AsyncMongoClient("127.0.0.1:1", serverSelectionTimeoutMS=100) as client:
            await mark_deleted(client["netease"], {})

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("fetched_at", "title", "result", "expected"),
    [
        (LATER, "江畔新城地铁二号线开通", "unchanged", None),
        (LATER, "二号线通车", "updated", None),
        # read from the quarantine, or by a worker that was slow to write
        (SEEN, "江畔新城地铁二号线开通", "unchanged", GONE),
        (SEEN, "二号线通车", "updated", GONE),
        # a saved page
        (None, "江畔新城地铁二号线开通", "unchanged", GONE),
        (None, "二号线通车", "updated", GONE),
    ],
)
def test_the_mark_goes_when_the_article_was_fetched_after_it(
    in_database: InDatabase[Any],
    fetched_at: datetime | None,
    title: str,
    result: str,
    expected: datetime | None,
) -> None:
    again = make_article(title=title, fetched_at=fetched_at)

    async def scenario(database: Database) -> list[object]:
        await write(database, make_article())
        await mark_deleted(database, {EARLY: GONE})
        results = await write(database, again, at=LATER, crawl="c2")
        return [results, await marks(database)]

    assert in_database(scenario) == [{EARLY: result}, {EARLY: expected}]


def test_a_mark_that_is_off_the_article_alone_goes_off_the_search_data_too(
    in_database: InDatabase[Any],
) -> None:
    again = make_article(fetched_at=LATER)

    async def scenario(database: Database) -> Times:
        await write(database, make_article())
        await mark_deleted(database, {EARLY: GONE})
        await database["articles"].update_one({"_id": EARLY}, {"$unset": {"deleted_at": ""}})
        await write(database, again, at=LATER, crawl="c2")  # after a crash between the two
        return await marks(database)

    assert in_database(scenario) == {EARLY: None}


def test_what_is_gone_once_more_is_marked_with_the_later_time(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> Times:
        await write(database, make_article())
        await mark_deleted(database, {EARLY: GONE})
        await write(database, make_article(fetched_at=LATER), at=LATER, crawl="c2")
        await mark_deleted(database, {EARLY: LATER + timedelta(days=1)})
        return await marks(database)

    assert in_database(scenario) == {EARLY: LATER + timedelta(days=1)}


def test_a_copy_without_its_text_keeps_the_mark_when_the_text_comes_back(
    in_database: InDatabase[Any],
) -> None:
    copy = make_article(LATE, COPIED)

    async def scenario(database: Database) -> list[object]:
        await write(database, make_article(EARLY, COPIED), copy, drop_copies=True)
        await mark_deleted(database, {LATE: GONE})
        rewritten = make_article(EARLY, f"改写：{COPIED}")
        await write(database, rewritten, crawl="c2", drop_copies=True)
        await write(database, copy, crawl="saved", drop_copies=True)
        article = await database["articles"].find_one({"_id": LATE})
        assert article is not None
        return [article["text"], await marks(database)]

    assert in_database(scenario) == [COPIED, {EARLY: None, LATE: GONE}]


def test_what_is_taken_back_leaves_the_mark_that_was_there_before(
    in_database: InDatabase[Any],
) -> None:
    async def scenario(database: Database) -> list[Times]:
        await write(database, make_article(title="旧标题"))
        await mark_deleted(database, {EARLY: GONE})
        again = make_article(title="新标题", fetched_at=LATER)
        await write(database, again, at=LATER, crawl="c2")
        between = await marks(database)
        await withdraw(database, "c2", {EARLY: EARLY})
        return [between, await marks(database)]

    assert in_database(scenario) == [{EARLY: None}, {EARLY: GONE}]


def test_new_search_data_have_the_mark(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> Times:
        await write(database, make_article())
        await mark_deleted(database, {EARLY: GONE})
        await database["search"].delete_many({})
        await database["articles"].update_many({}, {"$unset": {"search_version": ""}})
        async for _ in reindex(database):
            pass
        return await marks(database)

    assert in_database(scenario) == {EARLY: GONE}


@pytest.mark.parametrize("is_on_shelf", [False, True])
@pytest.mark.parametrize(
    "words", [{}, {"text": "二号线"}, {"text": "二号线", "source": "江畔观察"}, {"body": "客流"}]
)
@pytest.mark.parametrize(
    ("deleted", "expected"), [(None, [MIDDLE, EARLY]), (True, [MIDDLE]), (False, [EARLY])]
)
def test_a_query_selects_by_the_mark(
    in_database: InDatabase[Any],
    words: dict[str, str],
    deleted: bool | None,
    expected: list[str],
    is_on_shelf: bool,
) -> None:
    query = ArticleQuery(deleted=deleted, **words)  # type: ignore[arg-type]

    async def scenario(database: Database) -> list[object]:
        await write(database, make_article(EARLY), make_article(MIDDLE))
        if is_on_shelf:
            assert await fill_shelf(database, 2)
        await mark_deleted(database, {MIDDLE: GONE})
        archive = Archive(database)
        ask = archive.search if query.phrases else archive.newest
        page = await ask(query, limit=10)
        stored = [one async for one in archive.find(query)]
        return [
            [(one.article.doc_id, one.deleted_at) for one in stored],
            [(hit.doc_id, hit.deleted_at) for hit in page.hits],
            await archive.count(query),
        ]

    shown = [(doc_id, GONE if doc_id == MIDDLE else None) for doc_id in expected]
    assert in_database(scenario) == [shown, shown, len(shown)]


def test_the_deleted_are_read_from_an_index_in_order(in_database: InDatabase[Any]) -> None:
    articles = [
        make_article(f"K0{number:06d}05149ABC", published_at=SEEN + timedelta(hours=number))
        for number in range(60)
    ]
    gone = [article.doc_id for article in articles if article.published_at.hour == 5]  # type: ignore[union-attr]

    async def scenario(database: Database) -> tuple[list[str], dict[str, Any]]:
        await write(database, *articles)
        await mark_deleted(database, dict.fromkeys(gone, GONE))
        await database.command("profile", 2)
        query = ArticleQuery(deleted=True)
        found = [one.article.doc_id async for one in Archive(database).find(query, limit=20)]
        await database.command("profile", 0)
        profile = await database["system.profile"].find_one(
            {"command.find": "articles", "command.limit": 20}
        )
        assert profile is not None
        return found, profile

    found, profile = in_database(scenario)
    assert found == sorted(gone, reverse=True)
    assert (profile["docsExamined"], "hasSortStage" in profile) == (len(gone), False)
