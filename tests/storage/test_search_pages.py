"""Search gives the most relevant or the newest first, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.archive import Archive, Page
from netease_crawler.storage.connection import Database
from netease_crawler.storage.shelves import fill_shelf
from netease_crawler.storage.writer import ArticleWriter, Entry
from tests.articles import SEEN, make_article
from tests.conftest import InDatabase
from tests.storage.searches import fill, numbered, write


def test_titles_come_first_then_frequent_then_new(in_database: InDatabase[Any]) -> None:
    articles = [
        make_article(numbered(1), title="无关", text="地铁。", published_at=SEEN),
        make_article(numbered(2), title="无关", text="地铁，地鐵。", published_at=None),
        make_article(numbered(3), title="地铁", text="无关。", published_at=None),
        make_article(numbered(4), title="无关", text="地铁。", published_at=None),
        make_article(numbered(5), title="地铁", text="地铁。", published_at=None),
    ]

    async def scenario(database: Database) -> list[list[str]]:
        await write(database, *articles)
        in_tail = await Archive(database).search(ArticleQuery(text="地铁"), limit=9)
        assert await fill_shelf(database, 5)
        on_shelf = await Archive(database).search(ArticleQuery(text="地铁"), limit=9)
        return [[hit.doc_id for hit in page.hits] for page in (in_tail, on_shelf)]

    order = [numbered(number) for number in (5, 3, 2, 1, 4)]
    assert in_database(scenario) == [order, order]


@pytest.mark.parametrize("method", ["search", "newest"])
def test_pages_stay_while_articles_are_added(in_database: InDatabase[Any], method: str) -> None:
    def article(number: int, published_at: datetime | None) -> Article:
        title = "地铁开通" if number % 3 == 0 else "城市新闻"
        text = "地铁。" * (1 + number % 5)
        return make_article(numbered(number), title=title, text=text, published_at=published_at)

    async def pages(database: Database, later: int) -> list[str]:
        archive = Archive(database)
        get = getattr(archive, method)
        query = ArticleQuery(text="地铁", with_copies=True)
        doc_ids: list[str] = []
        after = None
        while True:
            page: Page = await get(query, limit=7, after=after)
            doc_ids += [hit.doc_id for hit in page.hits]
            if page.next is None:
                return doc_ids
            after = page.next
            for _ in range(3):
                later += 1
                added = [Entry(article=article(later, None), page="p")]
                added_at = datetime.now(SEEN.tzinfo) + timedelta(minutes=1)
                await ArticleWriter(database, "c2").write(added, added_at)

    async def scenario(database: Database) -> tuple[list[str], list[str]]:
        before = [article(number, SEEN + timedelta(hours=number // 3)) for number in range(40)]
        await write(database, *before)
        await fill(database)
        page = await getattr(Archive(database), method)(
            ArticleQuery(text="地铁", with_copies=True), limit=99
        )
        return [hit.doc_id for hit in page.hits], await pages(database, 100)

    at_once, in_pages = in_database(scenario)
    assert len(at_once) == 40
    assert [doc_id for doc_id in in_pages if doc_id < numbered(100)] == at_once
    assert len(in_pages) == len(set(in_pages))
    if method == "search":
        assert len(in_pages) == 40


@pytest.mark.parametrize("after", ["", "x", "1.2.3", "1.2.3.$ne", "9" * 40])
def test_a_cursor_that_is_none_is_refused(in_database: InDatabase[Any], after: str) -> None:
    async def scenario(database: Database) -> None:
        with pytest.raises(ValueError, match="is not where a page of a search ends"):
            await Archive(database).search(ArticleQuery(text="地铁"), limit=1, after=after)

    in_database(scenario)
