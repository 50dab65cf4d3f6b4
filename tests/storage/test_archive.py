"""What readers get of what a crawl wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive, StoredArticle, UnknownArticleError
from netease_crawler.storage.connection import Database, Document, StorageUnavailableError
from netease_crawler.storage.statistics import Statistics
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import EARLY, LATE, MIDDLE, SEEN, make_article, make_full_article
from tests.conftest import InDatabase

COPIED = "同一篇文字：江畔新城地铁二号线今晨开通，首日客流超过三万人次，市民排队乘车。"
EVERYTHING = ArticleQuery(with_copies=True)


async def write(database: Database, articles: Sequence[Article], **options: Any) -> None:
    entries = [Entry(article=article, page=article.doc_id) for article in articles]
    await ArticleWriter(database, "c1", **options).write(entries, SEEN)


async def doc_ids(archive: Archive, query: ArticleQuery, **options: Any) -> list[str]:
    return [stored.article.doc_id async for stored in archive.find(query, **options)]


def numbered(number: int) -> str:
    return f"K0{number:06d}05149ABC"


def test_an_article_is_read_as_it_was_written(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> list[StoredArticle | None]:
        await write(database, [make_full_article()])
        archive = Archive(database)
        return [await archive.article(EARLY), await archive.article(LATE)]

    assert in_database(scenario) == [
        StoredArticle(
            article=make_full_article(), first_seen_at=SEEN, last_seen_at=SEEN, copy_of=None
        ),
        None,
    ]


def test_a_dropped_copy_names_its_original_and_has_no_text(in_database: InDatabase[Any]) -> None:
    copy = make_article(LATE, text=COPIED)

    async def scenario(database: Database) -> StoredArticle | None:
        await write(database, [make_article(text=COPIED), copy], drop_copies=True)
        return await Archive(database).article(LATE)

    assert in_database(scenario) == StoredArticle(
        article=replace(copy, blocks=()), first_seen_at=SEEN, last_seen_at=SEEN, copy_of=EARLY
    )


NIGHT = datetime(2024, 4, 30, 16, 0, tzinfo=timezone.utc)
"""The first moment of May in Beijing."""


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, [EARLY, MIDDLE]),
        ({"with_copies": True}, [LATE, EARLY, MIDDLE]),
        ({"text": "二号线"}, [EARLY, MIDDLE]),
        ({"text": "c++ (gdp)"}, [MIDDLE]),
        ({"text": ".*"}, []),
        ({"account": "江畔观察"}, [EARLY]),
        ({"account": "T1512041896301"}, [EARLY]),
        ({"account": "江畔"}, []),
        ({"source": "山城晚报"}, [MIDDLE]),
        ({"keyword": "地铁"}, [EARLY]),
        ({"category": "社会"}, [EARLY]),
        ({"category": "社会/民生"}, [EARLY]),
        ({"category": "社会/民"}, []),
        ({"since": NIGHT}, [EARLY, MIDDLE]),
        ({"since": NIGHT + timedelta(seconds=1)}, [EARLY]),
        ({"until": NIGHT}, []),
        ({"until": NIGHT + timedelta(seconds=1)}, [MIDDLE]),
    ],
)
def test_a_query_selects(
    in_database: InDatabase[Any], criteria: dict[str, Any], expected: list[str]
) -> None:
    async def scenario(database: Database) -> tuple[list[str], int]:
        await write(
            database,
            [
                make_full_article(EARLY),
                make_article(
                    MIDDLE,
                    text=COPIED,
                    title="C++ (GDP) 与二号线",
                    source="山城晚报",
                    published_at=NIGHT,
                ),
                make_article(LATE, text=COPIED, published_at=SEEN),
            ],
        )
        query = ArticleQuery(**criteria)
        archive = Archive(database)
        return await doc_ids(archive, query), await archive.count(query)

    assert in_database(scenario) == (expected, len(expected))


def test_pages_follow_one_another_without_gap_or_overlap(in_database: InDatabase[Any]) -> None:
    # several at one moment, several without a time
    times = [None if n % 4 == 0 else SEEN + timedelta(hours=n // 5) for n in range(250)]

    async def scenario(database: Database) -> tuple[list[str], list[str]]:
        await write(
            database,
            [
                make_article(numbered(number), published_at=published_at)
                for number, published_at in enumerate(times)
            ],
        )
        archive = Archive(database)
        pages: list[str] = []
        while page := await doc_ids(archive, EVERYTHING, limit=7, after=(pages or [None])[-1]):
            pages += page
        return await doc_ids(archive, EVERYTHING), pages

    oldest = datetime.min.replace(tzinfo=timezone.utc)
    order = sorted(range(250), key=lambda n: (times[n] or oldest, n), reverse=True)
    expected = [numbered(number) for number in order]
    assert in_database(scenario) == (expected, expected)


def test_what_follows_an_unknown_article_is_an_error(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> None:
        with pytest.raises(UnknownArticleError, match=EARLY):
            await doc_ids(Archive(database), EVERYTHING, after=EARLY)

    in_database(scenario)


@pytest.mark.parametrize(
    "criteria",
    [{}, {"source": "江畔观察"}, {"account": "江畔观察"}, {"account": "T1512041896301"}],
)
def test_a_page_is_read_from_an_index_in_order(
    in_database: InDatabase[Any], criteria: dict[str, Any]
) -> None:
    account = make_full_article().account

    async def scenario(database: Database) -> dict[str, Any]:
        await write(
            database,
            [
                make_article(
                    numbered(number), account=account, published_at=SEEN + timedelta(hours=number)
                )
                for number in range(60)
            ],
        )
        await database.command("profile", 2)
        await doc_ids(Archive(database), ArticleQuery(**criteria), limit=5, after=numbered(30))
        await database.command("profile", 0)
        profile = await database["system.profile"].find_one(
            {"command.find": "articles", "command.limit": 5}
        )
        assert profile is not None
        return profile

    profile = in_database(scenario)
    assert profile["nreturned"] == 5
    assert profile["docsExamined"] <= 6  # and the one that the page follows
    assert "hasSortStage" not in profile


def test_statistics(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> Statistics:
        await write(
            database,
            [
                make_full_article(EARLY),
                make_article(MIDDLE, text=COPIED, published_at=NIGHT),
                make_article(LATE, text=COPIED, published_at=None, source=None, layout="mobile"),
            ],
        )
        await write(database, [make_article(MIDDLE, text="改过的正文", published_at=NIGHT)])
        await database["quarantine"].insert_one({"_id": "c1/x"})
        return await Archive(database).stats()

    statistics = in_database(scenario)
    assert statistics.bytes > 0
    assert replace(statistics, bytes=0) == Statistics(
        articles=3,
        copies=0,  # its original was edited
        accounts=1,
        edges=2,
        revisions=1,
        quarantine=1,
        earliest=NIGHT,
        latest=make_full_article().published_at,
        undated=1,
        by_month={"2024-05": 1, "2025-03": 1},
        top_sources={"江畔观察": 2},
        by_layout={"post2020_dy": 2, "mobile": 1},
        bytes=0,
    )


def test_copies_are_counted_among_the_articles(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> tuple[int, int]:
        await write(database, [make_article(MIDDLE, text=COPIED), make_article(LATE, text=COPIED)])
        statistics = await Archive(database).stats()
        return statistics.articles, statistics.copies

    assert in_database(scenario) == (2, 1)


def test_an_empty_archive_has_statistics(in_database: InDatabase[Any]) -> None:
    async def scenario(database: Database) -> Statistics:
        return await Archive(database).stats()

    statistics = in_database(scenario)
    assert (statistics.articles, statistics.earliest, statistics.by_month) == (0, None, {})


def test_a_server_that_is_away_is_one_clear_error() -> None:
    async def scenario() -> None:
        client: AsyncMongoClient[Document]
        async with AsyncMongoClient("127.0.0.1:1", serverSelectionTimeoutMS=100) as client:
            await Archive(client["netease"]).count(EVERYTHING)

    with pytest.raises(StorageUnavailableError, match="run the command again when it is back"):
        asyncio.run(scenario())
